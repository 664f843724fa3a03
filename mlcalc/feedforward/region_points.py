"""Points of a region, exactly: whether it has any, one inside, its corners, and points beyond."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import comb

from mlcalc.feedforward.half_planes import Piece, Side
from mlcalc.learning.separation import Coefficients, CommonPoint, Point, separate
from mlcalc.maths.tree import Symbol

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
