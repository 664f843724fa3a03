"""Whether a plane separates two point sets, decided exactly, with the plane or a proof against it.

By Gordan's theorem (1873) exactly one of two things exists: a plane with the positive points
strictly on one side and the negative ones on the other, or a point that is a convex combination of
positive points and one of negative points too (a Radon partition).  One run of the simplex method
with whole numbers finds whichever it is, and the combination never needs more than d + 2 points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.maths.functions import in_whole_numbers
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


class Cloud:
    """Points of one dimension d ≥ 1 in whole numbers, separated by one labeling after another.

    The weights w of a plane are such that w·v ≥ 0 for each of the `directions` v.  Without a bias
    it goes through the origin.
    """

    def __init__(
        self, points: Sequence[Point], bias: bool = True, directions: Sequence[Point] = ()
    ) -> None:
        self.points, self.bias = points, bias
        own, far = ([Fraction(1)], [Fraction(0)]) if bias else ([], [])
        self.scaled = [in_whole_numbers((*point, *own)) for point in points]
        self.directions = [in_whole_numbers((*direction, *far)) for direction in directions]

    def separate(self, labels: Sequence[int]) -> Plane | CommonPoint:
        """A plane with the points labelled 1 on its positive side and the others on its negative
        side, none of them on it, or the proof that there is none.
        """
        signed = [
            [*vector, 1] if label else [*[-entry for entry in vector], 1]
            for (vector, _), label in zip(self.scaled, labels, strict=True)
        ]
        size = len(signed)
        signed += ([*vector, 0] for vector, _ in self.directions)
        chosen = list(range(size, len(signed)))
        waiting = first_points(labels)
        while waiting:
            chosen += waiting
            dual, coefficients = cone_or_plane([signed[number] for number in chosen])
            if coefficients:
                return self.common_point(labels, dict(zip(chosen, coefficients, strict=True)))
            if len(chosen) == len(signed):
                break
            excess = [dot(dual, signed[number]) for number in range(size)]
            worst = max(excess)
            waiting = [excess.index(worst)] if worst > 0 else []
        weights = lowest(tuple(Fraction(-entry) for entry in dual[:-1]))
        return self.between(labels, weights) if self.bias else Plane(weights, Fraction(0))

    def between(self, labels: Sequence[int], homogeneous: Point) -> Plane:
        """The plane moved halfway between the nearest points of either label."""
        *weights, bias = homogeneous
        if all(labels) or not any(labels):
            return Plane((Fraction(0),) * len(weights), Fraction(1 if labels[0] else -1))
        whole = [entry.numerator for entry in homogeneous]
        values = [Fraction(dot(whole, vector), scale) for vector, scale in self.scaled]
        inside = min(value for value, label in zip(values, labels, strict=True) if label)
        outside = max(value for value, label in zip(values, labels, strict=True) if not label)
        *weights, moved = lowest((*weights, bias - (inside + outside) / 2))
        return Plane(tuple(weights), moved)

    def common_point(self, labels: Sequence[int], found: Mapping[int, Fraction]) -> CommonPoint:
        """The coefficients of the points and directions that were found, scaled."""
        points, count = self.points, len(self.points)
        scaled = [*self.scaled, *self.directions]
        held = sorted(
            (number, value * scaled[number][1]) for number, value in found.items() if value
        )
        total = sum((c for number, c in held if number < count), Fraction(0))
        total /= 2 if self.bias else 1
        shares = [(number, c / total) for number, c in held]
        positive = tuple(share for share in shares if share[0] < count and labels[share[0]])
        negative = tuple(share for share in shares if share[0] < count and not labels[share[0]])
        excess = tuple((number - count, c) for number, c in shares if number >= count)
        place = (
            sum((c * points[number][axis] for number, c in negative), Fraction(0))
            for axis in range(len(points[0]))
        )
        return CommonPoint(positive, negative, tuple(place), excess)


def separate(
    points: Sequence[Point],
    labels: Sequence[int],
    bias: bool = True,
    directions: Sequence[Point] = (),
) -> Plane | CommonPoint:
    """The plane, or the proof that there is none, for one labeling; see `Cloud`."""
    return Cloud(points, bias, directions).separate(labels)


def first_points(labels: Sequence[int]) -> list[int]:
    """Some points of either label."""
    sides = [[n for n, label in enumerate(labels) if bool(label) is side] for side in (True, False)]
    return sorted(n for side in sides for n in side[: FIRST_POINTS // 2])


def lowest(vector: Point) -> Point:
    """The vector in whole numbers without a common factor, which shows the same half-space."""
    whole, _ = in_whole_numbers(vector)
    divisor = math.gcd(*whole) or 1
    return tuple(Fraction(entry, divisor) for entry in whole)


def dot(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))


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
        leaving = first_bound(rows, entering, basis)
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


def first_bound(rows: Sequence[list[int]], entering: int, basis: Sequence[int]) -> int:
    """The row that bounds the entering variable by the least ratio, of those its least variable."""
    bounding = [number for number, row in enumerate(rows) if row[entering] > 0]
    least = bounding[0]
    for number in bounding[1:]:
        own = rows[number][-1] * rows[least][entering]
        other = rows[least][-1] * rows[number][entering]
        if (own, basis[number]) < (other, basis[least]):
            least = number
    return least


def reduced(row: list[int], pivot_row: list[int], entering: int, denominator: int) -> list[int]:
    """The row without the entering variable; the division by the old denominator is exact."""
    pivot, factor = pivot_row[entering], row[entering]
    return [(a * pivot - factor * b) // denominator for a, b in zip(row, pivot_row, strict=True)]
