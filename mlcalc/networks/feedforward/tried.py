"""What is claimed as the weights of a design, read as layers, in each way in which it can be.

A layer may stand with its biases in the first column or without them, and one layer alone may
stand without the list around it.  Which it is, the number of inputs decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import TypeAlias

from mlcalc.maths.compare import RELATIVE_TOLERANCE
from mlcalc.maths.functions import FUNCTIONS, Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Number
from mlcalc.networks.arithmetic import Vector, dot
from mlcalc.networks.feedforward.boolean_reader import Bits
from mlcalc.networks.feedforward.fields import Levels
from mlcalc.showing.derivation import Result

Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]
Nested: TypeAlias = "Fraction | tuple[Nested, ...]"


class Claimed(Record):
    """Matrices that chain; with `has_column` the first column of each are the biases."""

    layers: tuple[Rows, ...]
    has_column: bool

    @property
    def parameters(self) -> int:
        return sum(len(rows) * (len(rows[0]) + 1) for rows in self.layers)

    def joined(self, biases: Nested) -> tuple[Rows, ...] | None:
        """The layers with these biases in their first columns; None where they do not fit."""
        parts = biases if isinstance(biases, tuple) else (biases,)
        if len(self.layers) == 1 and len(parts) != 1:
            parts = (parts,)
        if len(parts) != len(self.layers):
            return None
        found = []
        for rows, part in zip(self.layers, parts, strict=True):
            own = tuple(flat(part)) if isinstance(part, tuple) else (part,) * len(rows)
            if len(own) != len(rows):
                return None
            found.append(tuple((bias, *row) for bias, row in zip(own, rows, strict=True)))
        return tuple(found)

    def apart(self) -> tuple[Claimed, Nested]:
        """The weights and the biases of layers with a column."""
        weights = tuple(tuple(row[1:] for row in rows) for rows in self.layers)
        biases = tuple(tuple(row[0] for row in rows) for rows in self.layers)
        return Claimed(weights, has_column=False), biases


def numbers(value: Result) -> Nested | None:
    """Lists of numbers, exact; None where there is anything else."""
    if isinstance(value, tuple):
        parts = [numbers(part) for part in value]
        return None if None in parts or not parts else tuple(p for p in parts if p is not None)
    if isinstance(value, bool) or not isinstance(value, Fraction | float):
        return None
    return Fraction(value) if isfinite(value) else None


def flat(value: Nested) -> Iterator[Fraction]:
    if isinstance(value, tuple):
        for part in value:
            yield from flat(part)
    else:
        yield value


def readings(value: Nested | None, inputs: int) -> list[Claimed]:
    """The networks of one output that a claim can stand for."""
    if value is None:
        return []
    lists: list[tuple[Nested, ...]] = [(value,)]
    if isinstance(value, tuple):
        lists.append(value)
    found = [
        Claimed(layers, has_column)
        for items in lists
        for has_column in (True, False)
        for layers in chained(items, inputs, has_column)
        if len(layers[-1]) == 1
    ]
    return list(dict.fromkeys(found))


def chained(items: tuple[Nested, ...], inputs: int, has_column: bool) -> Iterator[tuple[Rows, ...]]:
    """The layers, each of which takes what the one before gives."""
    if not items:
        yield ()
        return
    for rows in matrices(items[0]):
        if all(len(row) == inputs + has_column for row in rows):
            for rest in chained(items[1:], len(rows), has_column):
                yield (rows, *rest)


def matrices(item: Nested) -> list[Rows]:
    """One layer: a matrix; a list is the row of one unit, or of units with one weight each."""
    if not isinstance(item, tuple):
        return [((item,),)]
    rows = [tuple(e for e in row if isinstance(e, Fraction)) for row in item
            if isinstance(row, tuple)]  # fmt: skip
    if len(rows) == len(item):
        is_flat = all(len(own) == len(row) for own, row in zip(rows, item, strict=True)
                      if isinstance(row, tuple))  # fmt: skip
        return [tuple(rows)] if is_flat else []
    entries = tuple(entry for entry in item if isinstance(entry, Fraction))
    if len(entries) != len(item):
        return []
    return [(entries,)] if len(entries) == 1 else [(entries,), tuple((e,) for e in entries)]


MOST_PARAMETERS = 1000
"""A larger network is not tried."""

LEAST_MARGIN = 1e-9
"""A sum of floats so near to 0 may have either sign."""

Tried: TypeAlias = bool | str | None
"""Whether a network does what was asked; a text says where it does not, None that it is open."""


class Design(Record):
    """What weights are asked for: a network of ours, and how another one is tried."""

    inputs: int
    own: tuple[Rows, ...]
    is_apart: bool
    """Whether the biases are an answer by themselves, and not a column of the weights."""
    works: Callable[[tuple[Rows, ...]], Tried]

    def tried(self, layers: tuple[Rows, ...]) -> Tried:
        if Claimed(layers, has_column=True).parameters > MOST_PARAMETERS:
            return None
        return self.works(layers)


def weights_work(design: Design, value: Result, beside: Result | None = None) -> Tried:
    """Tries claimed weights with the biases that were claimed `beside` them, if there were any."""
    biases = None if beside is None else numbers(beside)
    found: list[Tried] = []
    for one in meant(design, value, has_column=biases is None and not design.is_apart):
        if one.has_column:
            weights, own = one.apart()
            is_one = biases is None or weights.joined(biases) == weights.joined(own)
            found.append(design.tried(one.layers) if is_one else False)
        elif biases is not None:
            layers = one.joined(biases)
            found.append(False if layers is None else design.tried(layers))
        else:
            found.append(without_biases(design, one))
    if not found:
        return False
    return found[0] if len({each is True for each in found}) == 1 else None


def meant(design: Design, value: Result, has_column: bool) -> list[Claimed]:
    """The readings of a claim that are of the sort that was asked for, if there are any."""
    found = readings(numbers(value), design.inputs)
    return [one for one in found if one.has_column is has_column] or found


def biases_work(design: Design, value: Result, beside: Result | None = None) -> Tried:
    """Tries claimed biases with the weights that were claimed `beside` them, else with ours."""
    if beside is not None:
        return weights_work(design, beside, value)
    biases = numbers(value)
    weights, _ = Claimed(design.own, has_column=True).apart()
    layers = None if biases is None else weights.joined(biases)
    return True if layers is not None and design.tried(layers) is True else None


def without_biases(design: Design, claimed: Claimed) -> Tried:
    """Weights alone: with no biases at all, and with ours, where others may still be meant."""
    zeros = tuple(tuple((Fraction(0), *row) for row in rows) for rows in claimed.layers)
    alone = design.tried(zeros)
    if alone is True or not design.is_apart:
        return alone
    _, biases = Claimed(design.own, has_column=True).apart()
    layers = claimed.joined(biases)
    return True if layers is not None and design.tried(layers) is True else None


# What was asked.


def gives_table(
    table: Mapping[Bits, int], activations: Sequence[str], layers: tuple[Rows, ...]
) -> Tried:
    """Whether the network says 1 on just the rows of the table that are 1, with units of one sort.

    A sigmoid says 1 where it is above one half.
    """
    found: Tried = None
    for activation in activations:
        outputs = {bits: says(layers, bits, activation) for bits in table}
        others = (bits for bits, wanted in table.items() if outputs[bits] != wanted)
        bits = next(others, None)
        if bits is None:
            return True
        found = found or at(" ".join(map(str, bits)), outputs[bits])
    return found


def says(layers: tuple[Rows, ...], bits: Bits, activation: str) -> int | None:
    """The output at a row of a table; None where a sigmoid is one half."""
    (total,) = sums(layers, tuple(map(Fraction, bits)), activation)[-1]
    if activation == "step":
        return int(total >= 0)
    is_half = total == 0 if isinstance(total, Fraction) else abs(total) < LEAST_MARGIN
    return None if is_half else int(total > 0)


def at(place: str, output: str | int | None) -> str:
    return f"tried at {place}, this says {'neither 0 nor 1' if output is None else output}"


def gives_levels(levels: Levels, layers: tuple[Rows, ...]) -> Tried:
    """Whether step units and a linear output make the staircase, everywhere on the line.

    Both functions are constant between the places where either jumps.
    """
    if len(layers) == 1 and layers[0][0][1]:
        return False  # a straight line
    wanted = {place for place, _ in levels.steps}
    layers = (tuple(snapped(row, wanted) for row in layers[0]), *layers[1:])
    jumps = {-bias / weight for bias, weight in layers[0] if weight}
    places = sorted(jumps | wanted)
    between = [(left + right) / 2 for left, right in pairwise(places)]
    for point in [places[0] - 1, *places, *between, places[-1] + 1]:
        output = Fraction(sums(layers, (point,))[-1][0])
        if not is_rounded(output, level(levels, point)):
            return at(f"x = {one_line(Number(point))}", one_line(Number(output)))
    return True


def snapped(row: tuple[Fraction, ...], places: Iterable[Fraction]) -> tuple[Fraction, ...]:
    """A unit that jumps at the one of the places of which its own is rounded, if there is one."""
    bias, weight = row
    found = (place for place in places if weight and is_rounded(-bias / weight, place))
    place = next(found, None)
    return row if place is None else (-place * weight, weight)


def is_rounded(claimed: Fraction, exact: Fraction) -> bool:
    """Whether a number is another up to the rounding that any claim may have."""
    return abs(claimed - exact) <= abs(exact) * RELATIVE_TOLERANCE


def level(levels: Levels, point: Fraction) -> Fraction:
    passed = [value for place, value in levels.steps if place <= point]
    return passed[-1] if passed else levels.before


def sums(
    layers: Sequence[Rows], inputs: Sequence[Scalar], activation: str = "step"
) -> list[Vector]:
    """The sums of each layer, with units of that sort between them."""
    found: list[Vector] = []
    values = tuple(inputs)
    for layer in layers:
        found.append(tuple(dot(row, (Fraction(1), *values)) for row in layer))
        values = tuple(map(FUNCTIONS[activation].compute, found[-1]))
    return found
