"""Rectangles of the plane in any direction, decided exactly.

For one direction the smallest rectangle around the points labelled 1 decides.  As it turns by 90°,
a point labelled 0 goes in or out only where a side through a point labelled 1 goes through it:
those directions are differences of points.  The good directions are an open set, so one between
each two neighbours of them is enough to try.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise

from mlcalc.learning.separation import CommonPoint, Point, integer_vector, lowest, separate
from mlcalc.learning.shattering.model import Decider, Decision, Labeling, Obstacle, Witness
from mlcalc.learning.shattering.writing import axes, common, form, place, sentence
from mlcalc.maths.tree import Chain, Expr, Number

Direction = tuple[int, int]
Whole = tuple[int, int]

EAST: Direction = (1, 0)
NORTH: Direction = (0, 1)


class RotatedRectangles(Decider):
    """Rectangles that are free to turn; their edges belong to them."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        zeros = [point for point, label in zip(points, labels, strict=True) if not label]
        if not ones:
            beyond = tuple(max(axis) + 1 for axis in zip(*points, strict=True))
            return rectangle([beyond], EAST)
        scale = math.lcm(*(entry.denominator for point in points for entry in point))
        inner, outer = whole(ones, scale), whole(zeros, scale)
        turning = directions(inner, outer)
        held: list[tuple[Direction, Direction, int]] = []
        for first, last in pairwise(turning):
            direction = (first[0] + last[0], first[1] + last[1])
            number = held_point(direction, inner, outer)
            if number is None:
                return rectangle(ones, direction)
            held.append((first, last, number))
        return self.refuted(ones, zeros, held)

    def refuted(
        self,
        ones: Sequence[Point],
        zeros: Sequence[Point],
        held: Sequence[tuple[Direction, Direction, int]],
    ) -> Obstacle:
        """A point in the hull, or one point labelled 0 for each range of directions."""
        for point in zeros:
            found = separate([*ones, point], [1] * len(ones) + [0])
            if isinstance(found, CommonPoint):
                why = " is labelled 0 and is in the hull of the points labelled 1"
                chains = (common(found.positive, found.negative, [*ones, point]),)
                return Obstacle(sentence(place(point), why), chains)
        merged: list[tuple[Direction, Direction, int]] = []
        for first, last, number in held:
            if merged and merged[-1][2] == number:
                merged[-1] = (merged[-1][0], last, number)
            else:
                merged.append((first, last, number))
        pieces: list[str | Expr] = ["the smallest rectangle around the points labelled 1 holds "]
        for position, (first, last, number) in enumerate(merged):
            pieces += [
                "; " if position else "",
                *place(zeros[number]),
                " while a side turns from ",
            ]
            pieces += [*arrow(first), " to ", *arrow(last)]
        return Obstacle(tuple(pieces))


def arrow(direction: Direction) -> tuple[str | Expr, ...]:
    return place(tuple(map(Fraction, direction)))


def whole(points: Sequence[Point], scale: int) -> list[Whole]:
    return [(int(point[0] * scale), int(point[1] * scale)) for point in points]


def directions(inner: Sequence[Whole], outer: Sequence[Whole]) -> list[Direction]:
    """Where something changes in the quarter turn from east to north, both ends included."""
    found = {EAST, NORTH}
    for p in inner:
        for q in outer:
            x, y = q[0] - p[0], q[1] - p[1]
            while not (x > 0 and y >= 0):
                x, y = -y, x
            divisor = math.gcd(x, y)
            found.add((x // divisor, y // divisor))
    return sorted(found, key=cmp_to_key(turned))


def turned(a: Direction, b: Direction) -> int:
    """Positive where a is further to the left than b."""
    return b[0] * a[1] - b[1] * a[0]


def held_point(direction: Direction, inner: Sequence[Whole], outer: Sequence[Whole]) -> int | None:
    """The number of the first outer point in the smallest rectangle around the inner ones."""
    a, b = direction
    along = [a * x + b * y for x, y in inner]
    across = [a * y - b * x for x, y in inner]
    left, right, low, high = min(along), max(along), min(across), max(across)
    for number, (x, y) in enumerate(outer):
        if left <= a * x + b * y <= right and low <= a * y - b * x <= high:
            return number
    return None


def rectangle(ones: Sequence[Point], direction: Direction) -> Witness:
    """The smallest rectangle around the points with a side in that direction."""
    (a, b), _ = integer_vector(lowest(tuple(map(Fraction, direction))))
    sides = ((a, b), (-b, a))
    spans = [
        (min(u * p[0] + v * p[1] for p in ones), max(u * p[0] + v * p[1] for p in ones))
        for u, v in sides
    ]
    pieces: list[str | Expr] = []
    for (u, v), (low, high) in zip(sides, spans, strict=True):
        middle = form((Fraction(u), Fraction(v)), axes(2), Fraction(0))
        between = Chain(Number(low), (("<=", middle), ("<=", Number(high))))
        flat = Chain(middle, (("=", Number(low)),))
        pieces += [", " if pieces else "", flat if low == high else between]

    def holds(point: Sequence[Fraction | float]) -> bool:
        return all(
            low <= u * point[0] + v * point[1] <= high
            for (u, v), (low, high) in zip(sides, spans, strict=True)
        )

    return Witness(tuple(pieces), holds)
