"""A network of threshold units that was made for a purpose: its matrices, its values, its answers.

A unit says 1 where b + w·x ≥ 0.  The bias stands in the first column, beside a leading 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from mlcalc.derivation import Answer
from mlcalc.feedforward.tried import Design, Rows, Tried, biases_work, weights_work
from mlcalc.maths.tree import Chain, Expr, Listing, Matrix, Number, Symbol, equals
from mlcalc.networks.activations import conventions
from mlcalc.networks.symbolic import weighed
from mlcalc.records import Record

THETA, W, B = Symbol("Theta"), Symbol("W"), Symbol("b")
MOST_DECIMALS = 6


class Unit(Record):
    """One unit: its sum is b + w·x."""

    bias: Fraction
    weights: tuple[Fraction, ...]

    def sum(self, inputs: Sequence[Fraction]) -> Fraction:
        pairs = zip(self.weights, inputs, strict=True)
        return sum((weight * entry for weight, entry in pairs), self.bias)


Layer = tuple[Unit, ...]


def step(z: Fraction) -> Fraction:
    return Fraction(1 if z >= 0 else 0)


class ThresholdNetwork(Record):
    """Layers of units, each of which says 1 or 0; `names` are those of the inputs."""

    names: tuple[Symbol, ...]
    layers: tuple[Layer, ...]

    def run(self, point: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
        """The sums of each layer, step units in all."""
        found = []
        values = tuple(point)
        for layer in self.layers:
            sums = tuple(unit.sum(values) for unit in layer)
            found.append(sums)
            values = tuple(map(step, sums))
        return tuple(found)


def written(value: Fraction) -> Number:
    """−3.5 as a decimal where it ends soon, 1/3 as a fraction; always in full."""
    for places in range(1, MOST_DECIMALS + 1):
        if value.denominator > 1 and 10**places % value.denominator == 0:
            whole, rest = divmod(abs(int(value * 10**places)), 10**places)
            return Number(value, f"{'-' if value < 0 else ''}{whole}.{rest:0{places}}")
    return Number(value)


def weighted(unit: Unit, names: Sequence[Expr]) -> Expr:
    """The sum in letters, the bias first: −3.5 + a₁ + a₂; what has the weight 0 is left out."""
    return weighed(list(map(written, unit.weights)), written(unit.bias), names)


def theta(layer: Layer) -> Matrix:
    """The matrix of a layer, a row a unit, the bias in the first column."""
    rows = ((unit.bias, *unit.weights) for unit in layer)
    return Matrix(tuple(tuple(map(written, row)) for row in rows))


def subscripted(base: Symbol, number: int) -> Symbol:
    return Symbol(base.name, str(number))


def matrices(network: ThresholdNetwork, bias_column: bool, number: int) -> list[Chain]:
    """Θ of a layer; or its W and b."""
    layer = network.layers[number - 1]
    if bias_column:
        return [equals(subscripted(THETA, number), theta(layer))]
    weights = Matrix(tuple(tuple(map(written, unit.weights)) for unit in layer))
    biases = Matrix.column(written(unit.bias) for unit in layer)
    return [equals(subscripted(W, number), weights), equals(subscripted(B, number), biases)]


def weights_answers(
    network: ThresholdNetwork, bias_column: bool, works: Callable[[tuple[Rows, ...]], Tried]
) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """`weights`, a matrix a layer, and `biases`, an aside where they stand in the matrices too.

    `works` tries other weights, where the biases stand in their first columns.
    """
    every = [matrices(network, bias_column, n) for n in range(1, len(network.layers) + 1)]
    apart = [matrices(network, False, n) for n in range(1, len(network.layers) + 1)]
    own = tuple(tuple((unit.bias, *unit.weights) for unit in layer) for layer in network.layers)
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
        Listing(tuple(chains[1] for chains in apart)),
        aliases=("b",),
        accepts=partial(biases_work, design),
        partner="weights",
    )
    return ((weights,), (biases,)) if bias_column else ((weights, biases), ())


def layer_note(inputs: Sequence[Symbol], column: bool) -> tuple[str | Expr, ...]:
    """What the rows and columns of the first matrix stand for."""
    if column:
        return "a row a unit, the bias first and then the weights of ", Listing(tuple(inputs))
    return "a row a unit, with the weights of ", Listing(tuple(inputs))


(STEP_AT_ZERO,) = conventions(["step"])
