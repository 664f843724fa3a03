"""A network of threshold units that was made for a purpose: its matrices, its values, its answers.

A unit says 1 where b + w·x ≥ 0.  The bias stands in the first column, beside a leading 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr, Listing, Matrix, Number, Symbol, equals
from mlcalc.networks.activations import conventions
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.feedforward.tried import Design, Rows, Tried, biases_work, sums, weights_work
from mlcalc.networks.symbolic import weighed
from mlcalc.showing.derivation import Answer

MOST_DECIMALS = 6


Unit: TypeAlias = tuple[Fraction, ...]
"""One unit: its bias, and then its weights."""


class ThresholdNetwork(Record):
    """Layers of units, each of which says 1 or 0; `names` are those of the inputs."""

    names: tuple[Symbol, ...]
    layers: tuple[tuple[Unit, ...], ...]
    has_column: bool = True
    """Whether its matrices are shown with the biases in the first column."""

    def run(self, point: Sequence[Fraction], activation: str = "step") -> list[Vector]:
        """The sums of each layer, with units of one sort in all."""
        return sums(self.layers, point, activation)

    def matrices(self, number: int) -> list[Chain]:
        """Θ of a layer; or its W and b."""
        layer = self.layers[number - 1]
        return [rows_of("Theta", number, layer)] if self.has_column else apart(number, layer)

    def last(self, letter: str) -> Expr:
        """The sum of the only unit at the top, in what the numbered units below it say."""
        ((unit,),) = self.layers[-1:]
        return weighted(unit, numbered(letter, len(unit) - 1))


def numbered(letter: str, count: int) -> list[Symbol]:
    """a₁, a₂, …"""
    return [Symbol(letter, str(number)) for number in range(1, count + 1)]


def written(value: Fraction) -> Number:
    """−3.5 as a decimal where it ends soon, 1/3 as a fraction; always in full."""
    for places in range(1, MOST_DECIMALS + 1):
        if value.denominator > 1 and 10**places % value.denominator == 0:
            whole, rest = divmod(abs(int(value * 10**places)), 10**places)
            return Number(value, f"{'-' if value < 0 else ''}{whole}.{rest:0{places}}")
    return Number(value)


def weighted(unit: Unit, names: Sequence[Expr]) -> Expr:
    """The sum in letters, the bias first: −3.5 + a₁ + a₂; what has the weight 0 is left out."""
    bias, *weights = map(written, unit)
    return weighed(weights, bias, names)


def rows_of(letter: str, number: int, rows: Sequence[Unit]) -> Chain:
    """Θ₁ = …"""
    return equals(Symbol(letter, str(number)), Matrix(tuple(tuple(map(written, r)) for r in rows)))


def apart(number: int, layer: Sequence[Unit]) -> list[Chain]:
    weights, biases = [unit[1:] for unit in layer], [unit[:1] for unit in layer]
    return [rows_of("W", number, weights), rows_of("b", number, biases)]


def weights_answers(
    network: ThresholdNetwork, works: Callable[[tuple[Rows, ...]], Tried]
) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """`weights`, a matrix a layer, and `biases`, an aside where they stand in the matrices too.

    `works` tries other weights, where the biases stand in their first columns.
    """
    own, bias_column = network.layers, network.has_column
    every = [network.matrices(n) for n in range(1, len(own) + 1)]
    each = [apart(n, layer)[1] for n, layer in enumerate(own, 1)]
    design = Design(len(network.names), own, not bias_column, works)
    weights = Answer(
        "weights",
        own if bias_column else tuple(tuple(row[1:] for row in rows) for rows in own),
        Listing(tuple(chains[0] for chains in every)),
        aliases=("W", "Theta"),
        accepts=partial(weights_work, design),
        partner="biases",
    )
    biases = Answer(
        "biases",
        tuple(tuple(row[0] for row in rows) for rows in own),
        Listing(tuple(each)),
        aliases=("b",),
        accepts=partial(biases_work, design),
        partner="weights",
    )
    return ((weights,), (biases,)) if bias_column else ((weights, biases), ())


(STEP_AT_ZERO,) = conventions(["step"])
