"""Points of a region, exactly: whether it has any, one inside, its corners, and points beyond."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import comb

from mlcalc.files.document import Items
from mlcalc.files.errors import Unsolved
from mlcalc.learning.separation import Coefficients, CommonPoint, Point, lowest, separate
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Number, Symbol
from mlcalc.maths.vectors import added
from mlcalc.networks.feedforward.half_planes import MOST_INPUTS, MOST_SIDES, Piece, Side, inputs_of
from mlcalc.networks.feedforward.question import NetworkQuestion
from mlcalc.networks.feedforward.threshold_network import ThresholdNetwork, Unit

MOST_MEETINGS = 500
"""So many sets of sides are tried for a corner."""


def rows(piece: Piece, inputs: Sequence[Symbol]) -> list[Point]:
    """Each side as (w, b)."""
    return [(*side.weights(inputs), side.bias) for side in piece]


def ahead(dimension: int) -> Point:
    """(0, 1): the last coordinate of (x, t), by which x is divided, is positive."""
    return (*(Fraction(0),) * dimension, Fraction(1))


def contradiction(piece: Piece, inputs: Sequence[Symbol]) -> list[tuple[Side, Fraction]] | None:
    """Sides that no point is on, each with the factor with which they add up to what cannot be.

    None where the region has points (Farkas 1902, Motzkin 1936: one or the other).
    """
    strict = [side for side in piece if side.strict]
    closed = [side for side in piece if not side.strict]
    points = [ahead(len(inputs)), *rows(tuple(strict), inputs)]
    directions = rows(tuple(closed), inputs)
    found = separate(points, [1] * len(points), bias=False, directions=directions)
    if not isinstance(found, CommonPoint):
        return None
    of_strict: Coefficients = tuple((n - 1, share) for n, share in found.positive if n)
    shares = [(strict[n], share) for n, share in of_strict]
    return shares + [(closed[n], share) for n, share in found.excess]


def inside(piece: Piece, inputs: Sequence[Symbol]) -> Point | None:
    """A point strictly within all sides: the mean of the corners if that is one; None if there is
    no such point."""
    corners = corners_of(piece, inputs)
    if corners:
        mean = tuple(sum(axis, Fraction(0)) / len(corners) for axis in zip(*corners, strict=True))
        if all(side.value(inputs, mean) > 0 for side in piece):
            return mean
    points = [ahead(len(inputs)), *rows(piece, inputs)]
    found = separate(points, [1] * len(points), bias=False)
    if isinstance(found, CommonPoint):
        return None
    *entries, scale = found.weights
    return tuple(entry / scale for entry in entries)


def corners_of(piece: Piece, inputs: Sequence[Symbol]) -> list[Point]:
    """Where as many sides as there are coordinates meet, on or within all others."""
    if comb(len(piece), len(inputs)) > MOST_MEETINGS:
        return []
    met = (meeting(sides, inputs) for sides in combinations(piece, len(inputs)))
    return list(
        dict.fromkeys(
            point
            for point in met
            if point and all(side.value(inputs, point) >= 0 for side in piece)
        )
    )


def meeting(sides: Sequence[Side], inputs: Sequence[Symbol]) -> Point | None:
    """The one point on all those edges (Gauss and Jordan), or None."""
    matrix = [[*side.weights(inputs), -side.bias] for side in sides]
    for column in range(len(matrix)):
        pivot = next((row for row in matrix[column:] if row[column]), None)
        if pivot is None:
            return None
        matrix.remove(pivot)
        pivot = [entry / pivot[column] for entry in pivot]
        matrix = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in matrix]
        matrix.insert(column, pivot)
    return tuple(row[-1] for row in matrix)


def mirrored(point: Point, side: Side, inputs: Sequence[Symbol]) -> Point:
    """The mirror image of a point in an edge: as far beyond as the point is within."""
    weights = side.weights(inputs)
    length = sum((weight * weight for weight in weights), Fraction(0))
    factor = 2 * side.value(inputs, point) / length
    return tuple(x - factor * weight for x, weight in zip(point, weights, strict=True))


HALF = Fraction(1, 2)


class Region(Record):
    """The union of convex pieces; `sides` are those of all of them, each once."""

    inputs: tuple[Symbol, ...]
    pieces: tuple[Piece, ...]
    sides: tuple[Side, ...]

    def unit(self, side: Side) -> Unit:
        """The unit that says 1 on that side."""
        return side.bias, *side.weights(self.inputs)

    def members(self, piece: Piece) -> tuple[int, ...]:
        """Which of the `sides` are those of the piece, by their numbers from 0."""
        units = {self.unit(side) for side in piece}
        return tuple(n for n, side in enumerate(self.sides) if self.unit(side) in units)

    def part(self, point: Sequence[Fraction]) -> str:
        """Where a point lies, by the inequalities alone: inside, on the edge, outside."""
        least = [min(side.value(self.inputs, point) for side in piece) for piece in self.pieces]
        if max(least) == 0:
            return "on the edge"
        return "inside" if max(least) > 0 else "outside"

    def network(self, has_column: bool) -> ThresholdNetwork:
        """One unit for a half-plane, two layers for a convex region, three for a union."""
        layers: list[tuple[Unit, ...]] = [tuple(map(self.unit, self.sides))]
        if len(self.sides) > 1 or len(self.pieces) > 1:
            layers.append(tuple(self.conjunction(piece) for piece in self.pieces))
        if len(self.pieces) > 1:
            layers.append(((-HALF, *(Fraction(1),) * len(self.pieces)),))
        return ThresholdNetwork(self.inputs, tuple(layers), has_column)

    def conjunction(self, piece: Piece) -> Unit:
        """AND of m sides: their sum reaches m − ½ only if all of them are 1."""
        members = self.members(piece)
        weights = (Fraction(int(n in members)) for n in range(len(self.sides)))
        return HALF - len(members), *weights


def region_of(given: NetworkQuestion) -> Region:
    """The region that was typed.  Raises `Unsolved` where a piece has no point."""
    pieces = given.pieces or (() if given.region is None else (given.region,))
    field = NetworkQuestion.region if given.pieces is None else NetworkQuestion.pieces
    inputs = inputs_of(pieces)
    if len(inputs) > MOST_INPUTS:
        raise given.fault(f"at most {MOST_INPUTS} coordinates, not {len(inputs)}", field)
    for number, piece in enumerate(pieces, 1):
        name = "the region" if len(pieces) == 1 else f"piece {number}"
        proof = contradiction(piece, inputs)
        if proof is not None:
            item = number - 1 if is_one_each(given, pieces) else None
            raise Unsolved.because(empty(name, proof), given.place_of(field, item))
    found: dict[Unit, Side] = {}
    for side in (side for piece in pieces for side in piece):
        found.setdefault((side.bias, *side.weights(inputs)), side)
    if len(found) > MOST_SIDES:
        raise given.fault(f"at most {MOST_SIDES} different sides, not {len(found)}", field)
    return Region(inputs, pieces, tuple(found.values()))


def is_one_each(given: NetworkQuestion, pieces: Sequence[Piece]) -> bool:
    """Whether the pieces stand in a list, an item each."""
    raw = given.given.get(NetworkQuestion.pieces.name)
    return isinstance(raw, Items) and len(raw.items) == len(pieces)


def empty(name: str, proof: Sequence[tuple[Side, Fraction]]) -> str:
    """Why no point is on all of these sides: what would be positive adds up to 0, or to −3."""
    factors = lowest(tuple(factor for _, factor in proof))
    pairs = [(side, factor) for (side, _), factor in zip(proof, factors, strict=True)]
    sides = " and ".join(one_line(side.typed) for side, _ in pairs)
    sums = [side.sum() if factor == 1 else Number(factor) * side.sum() for side, factor in pairs]
    total = sum((factor * side.bias for side, factor in pairs), Fraction(0))
    sign = "more than 0" if any(side.strict for side, _ in pairs) else "0 or more"
    would = f"{one_line(added(sums))} would be {sign}, and is {one_line(Number(total))}"
    return f"{name} is empty: no point has {sides}, since {would}"
