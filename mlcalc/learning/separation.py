"""Whether a plane separates two point sets, decided exactly, with the plane or a proof against it.

By Gordan's theorem (1873) exactly one of two things exists: a plane with the positive points
strictly on one side and the negative ones on the other, or a point that is a convex combination of
positive points and one of negative points too (a Radon partition).  One run of the simplex method
with whole numbers finds whichever it is, and the combination never needs more than d + 2 points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.maths.records import Record

Point = tuple[Fraction, ...]
Coefficients = tuple[tuple[int, Fraction], ...]
"""The numbers of points, from 0, each with its coefficient, which is positive."""

FIRST_POINTS = 8
"""The simplex method begins with so many points and takes in one that is misplaced at a time."""


class Plane(Record):
    """The half-space w·x + b ≥ 0."""

    weights: Point
    bias: Fraction

    def value(self, point: Point) -> Fraction:
        """w·x + b."""
        pairs = zip(self.weights, point, strict=True)
        return sum((w * x for w, x in pairs), self.bias)

    def holds(self, point: Point) -> bool:
        return self.value(point) >= 0


class CommonPoint(Record):
    """A combination of positive points that is one of negative points too: no plane separates.

    With a bias the coefficients of either side add up to 1; without one all of them together do.
    `excess` is how much of each direction has to be added to the positive side to make them equal.
    """

    positive: Coefficients
    negative: Coefficients
    point: Point
    excess: Coefficients = ()


def separate(
    points: Sequence[Point],
    labels: Sequence[int],
    bias: bool = True,
    directions: Sequence[Point] = (),
) -> Plane | CommonPoint:
    """A plane with the points labelled 1 on its positive side and the others on its negative side,
    none of them on it, or the proof that there is none.

    The points have one dimension d ≥ 1.  The weights w are such that w·v ≥ 0 for each of the
    `directions` v.  Without a bias the plane goes through the origin.
    """
    own, far = ([Fraction(1)], [Fraction(0)]) if bias else ([], [])
    scaled = [integer_vector((*point, *own)) for point in points]
    scaled += [integer_vector((*direction, *far)) for direction in directions]
    signs = [1 if label else -1 for label in labels]
    signed = [
        [*(sign * entry for entry in vector), 1]
        for (vector, _), sign in zip(scaled, signs, strict=False)
    ] + [[*vector, 0] for vector, _ in scaled[len(points) :]]
    chosen = list(range(len(points), len(scaled)))
    waiting = first_points(labels)
    while waiting:
        chosen += waiting
        dual, coefficients = cone_or_plane([signed[number] for number in chosen])
        if coefficients:
            pairs = zip(chosen, coefficients, strict=True)
            held = sorted((number, value * scaled[number][1]) for number, value in pairs if value)
            return common_point(points, labels, held, bias)
        worst = max(range(len(points)), key=lambda number: dot(dual, signed[number]))
        waiting = [worst] if dot(dual, signed[worst]) > 0 else []
    weights = lowest(tuple(Fraction(-entry) for entry in dual[:-1]))
    return between(points, labels, weights) if bias else Plane(weights, Fraction(0))


def first_points(labels: Sequence[int]) -> list[int]:
    """Some points of either label."""
    sides = [[n for n, label in enumerate(labels) if bool(label) is side] for side in (True, False)]
    return sorted(n for side in sides for n in side[: FIRST_POINTS // 2])


def integer_vector(vector: Point) -> tuple[list[int], int]:
    """The vector as whole numbers, and the positive number that it was multiplied by."""
    scale = math.lcm(*(entry.denominator for entry in vector))
    return [int(entry * scale) for entry in vector], scale


def lowest(vector: Point) -> Point:
    """The vector in whole numbers without a common factor, which shows the same half-space."""
    whole, _ = integer_vector(vector)
    divisor = math.gcd(*whole) or 1
    return tuple(Fraction(entry, divisor) for entry in whole)


def dot(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))


def between(points: Sequence[Point], labels: Sequence[int], homogeneous: Point) -> Plane:
    """The plane moved halfway between the nearest points of either label."""
    plane = Plane(homogeneous[:-1], homogeneous[-1])
    values = [plane.value(point) for point in points]
    inside = [value for value, label in zip(values, labels, strict=True) if label]
    outside = [value for value, label in zip(values, labels, strict=True) if not label]
    if not (inside and outside):
        return Plane((Fraction(0),) * len(plane.weights), Fraction(1 if inside else -1))
    shift = (min(inside) + max(outside)) / 2
    *weights, moved = lowest((*plane.weights, plane.bias - shift))
    return Plane(tuple(weights), moved)


def common_point(
    points: Sequence[Point], labels: Sequence[int], held: Sequence[tuple[int, Fraction]], bias: bool
) -> CommonPoint:
    """The coefficients of the points and directions that were found, scaled."""
    count = len(points)
    total = sum((c for number, c in held if number < count), Fraction(0)) / (2 if bias else 1)
    shares = [(number, c / total) for number, c in held]
    positive = tuple(share for share in shares if share[0] < count and labels[share[0]])
    negative = tuple(share for share in shares if share[0] < count and not labels[share[0]])
    excess = tuple((number - count, c) for number, c in shares if number >= count)
    axes = range(len(points[0]))
    place = (
        sum((c * points[number][axis] for number, c in negative), Fraction(0)) for axis in axes
    )
    return CommonPoint(positive, negative, tuple(place), excess)


def cone_or_plane(columns: Sequence[Sequence[int]]) -> tuple[list[int], list[Fraction]]:
    """Coefficients λ ≥ 0 with Σ λ_j column_j = (0, …, 0, 1); if there are none, a proof y of it:
    y·column_j ≤ 0 for all j while y's last entry is positive (Farkas 1902).

    The simplex method's first phase with Bland's rule (1977), so that it ends, and with whole
    numbers over one common denominator (Edmonds 1967), so that it is exact and quick.
    """
    height, width = len(columns[0]), len(columns)
    rows = [
        [
            *(column[i] for column in columns),
            *(int(i == k) for k in range(height)),
            int(i == height - 1),
        ]
        for i in range(height)
    ]
    goal = [sum(row[j] for row in rows) for j in range(width)] + [0] * height + [1]
    basis = list(range(width, width + height))
    denominator = 1
    while goal[-1]:
        entering = next((j for j in range(width) if goal[j] > 0), None)
        if entering is None:
            return [goal[width + i] + denominator for i in range(height)], []
        leaving = min(
            (i for i in range(height) if rows[i][entering] > 0),
            key=lambda i: (Fraction(rows[i][-1], rows[i][entering]), basis[i]),
        )
        pivot, pivot_row = rows[leaving][entering], rows[leaving]
        rows = [
            row if row is pivot_row else reduced(row, pivot_row, entering, denominator)
            for row in rows
        ]
        goal = reduced(goal, pivot_row, entering, denominator)
        basis[leaving] = entering
        denominator = pivot
    coefficients = [Fraction(0)] * width
    for row, column in zip(rows, basis, strict=True):
        if column < width:
            coefficients[column] = Fraction(row[-1], denominator)
    return [], coefficients


def reduced(row: list[int], pivot_row: list[int], entering: int, denominator: int) -> list[int]:
    """The row without the entering variable; the division by the old denominator is exact."""
    pivot, factor = pivot_row[entering], row[entering]
    return [(a * pivot - factor * b) // denominator for a, b in zip(row, pivot_row, strict=True)]
