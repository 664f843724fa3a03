"""Boxes, convex polygons, and rectangles in any direction, each decided exactly.

A labeling is realised by a convex polygon just when no point labelled 0 is in the hull of those
labelled 1.  For a rectangle of one direction the smallest one around the points labelled 1 decides.
As it turns by 90°, a point labelled 0 goes in or out only where a side through a point labelled 1
goes through it: those directions are differences of points.  The good directions are an open set,
so one between each two neighbours of them is enough to try.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise

from mlcalc.learning.separation import CommonPoint, Point, lowest, separate
from mlcalc.learning.shattering.model import (
    Decider,
    Decision,
    Labeling,
    Obstacle,
    Witness,
    common,
    form,
    numbered,
    place,
    sentence,
)
from mlcalc.maths.board import line
from mlcalc.maths.functions import in_whole_numbers
from mlcalc.maths.tree import Expr

Direction = tuple[int, int]
Whole = tuple[int, int]

EAST: Direction = (1, 0)
NORTH: Direction = (0, 1)


class Boxes(Decider):
    """low ≤ x ≤ high in every coordinate."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        if not ones:
            beyond = [max(axis) + 1 for axis in zip(*points, strict=True)]
            return self.box(beyond, [edge + 1 for edge in beyond])
        low = [min(axis) for axis in zip(*ones, strict=True)]
        high = [max(axis) for axis in zip(*ones, strict=True)]
        found = self.box(low, high)
        for point, label in zip(points, labels, strict=True):
            if not label and found.holds(point):
                why = " is labelled 0 and is in the smallest box around those labelled 1, "
                return Obstacle(sentence(place(point), why, self.limits(low, high)))
        return found

    def box(self, low: Sequence[Fraction], high: Sequence[Fraction]) -> Witness:
        def holds(point: Sequence[Fraction | float]) -> bool:
            return all(a <= x <= b for a, x, b in zip(low, point, high, strict=True))

        return Witness(self.limits(low, high), holds)

    def limits(self, low: Sequence[Fraction], high: Sequence[Fraction]) -> tuple[str | Expr, ...]:
        """0 ≤ x ≤ 1, 2 ≤ y ≤ 3."""
        found: list[str | Expr] = []
        for a, name, b in zip(low, self.names, high, strict=True):
            found += [", " if found else "", span(a, name, b)]
        return tuple(found)


def span(low: Fraction, quantity: Expr, high: Fraction) -> Expr:
    """0 ≤ x ≤ 1, or x = 1."""
    text = "x = low" if low == high else "low <= x <= high"
    return line(text, low=low, x=quantity, high=high)


class ConvexPolygons(Decider):
    """Convex polygons of the plane with any number of vertices; a thin one may be a segment."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        corners = hull(ones)
        for point, label in zip(points, labels, strict=True):
            if not label and is_inside(point, corners):
                found = in_hull(point, ones, ", so in every convex set that holds them")
                assert found is not None, "the point is in the hull"
                return found
        if not ones:
            return Witness("a polygon beside all the points", lambda point: False)
        names = sorted(self.points.index(corner) for corner in corners)
        shown = f"the hull of {numbered(names)}" if len(names) > 1 else f"around {numbered(names)}"
        return Witness(shown, lambda point: is_inside(point, corners))

    def missing_of_different(self) -> Labeling | None:
        corners = set(hull(self.different))
        within = (n for n, point in enumerate(self.different) if point not in corners)
        number = next(within, None)
        if number is None:
            return None
        return tuple(int(other != number) for other in range(len(self.different)))

    def missing(self) -> Labeling | None:
        repeated = self.repeated()
        return self.missing_of_different() if repeated is None else repeated

    def dichotomies(self) -> int | None:
        if len(hull(self.different)) == len(self.different):
            return int(2 ** len(self.different))
        return super().dichotomies()


def in_hull(point: Point, ones: Sequence[Point], so: str) -> Obstacle | None:
    """The proof that a point labelled 0 is in the hull of others, where it is."""
    found = separate([*ones, point], [1] * len(ones) + [0])
    if not isinstance(found, CommonPoint):
        return None
    why = f" is labelled 0 and is in the hull of the points labelled 1{so}"
    chain = common(found.positive, found.negative, [*ones, point])
    return Obstacle(sentence(place(point), why), (chain,))


def turn(a: Point, b: Point, c: Sequence[Fraction | float]) -> Fraction | float:
    """Positive where a, b, c turn left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def hull(points: Sequence[Point]) -> list[Point]:
    """The corners of the convex hull, counter-clockwise (Andrew 1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    chains: list[list[Point]] = []
    for sweep in (ordered, ordered[::-1]):
        chain: list[Point] = []
        for point in sweep:
            while len(chain) > 1 and turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def is_inside(point: Sequence[Fraction | float], corners: Sequence[Point]) -> bool:
    """Whether the hull with these corners holds the point; its edges belong to it."""
    if len(corners) < 2:
        return list(corners) == [tuple(point)]
    edges = zip(corners, (*corners[1:], corners[0]), strict=True)
    if len(corners) > 2:
        return all(turn(a, b, point) >= 0 for a, b in edges)
    a, b = corners
    return turn(a, b, point) == 0 and all(
        min(p, q) <= x <= max(p, q) for p, x, q in zip(a, point, b, strict=True)
    )


class RotatedRectangles(Decider):
    """Rectangles that are free to turn; their edges belong to them."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        zeros = [point for point, label in zip(points, labels, strict=True) if not label]
        if not ones:
            beyond = tuple(max(axis) + 1 for axis in zip(*points, strict=True))
            return self.rectangle([beyond], EAST)
        scale = math.lcm(*(entry.denominator for point in points for entry in point))
        inner, outer = whole(ones, scale), whole(zeros, scale)
        turning = directions(inner, outer)
        held: list[tuple[Direction, Direction, int]] = []
        for first, last in pairwise(turning):
            direction = (first[0] + last[0], first[1] + last[1])
            number = held_point(direction, inner, outer)
            if number is None:
                return self.rectangle(ones, direction)
            held.append((first, last, number))
        return self.refuted(ones, zeros, held)

    def rectangle(self, ones: Sequence[Point], direction: Direction) -> Witness:
        """The smallest rectangle around the points with a side in that direction."""
        (a, b), _ = in_whole_numbers(lowest(tuple(map(Fraction, direction))))
        sides = ((a, b), (-b, a))
        spans = [
            (min(u * p[0] + v * p[1] for p in ones), max(u * p[0] + v * p[1] for p in ones))
            for u, v in sides
        ]
        pieces: list[str | Expr] = []
        for (u, v), (low, high) in zip(sides, spans, strict=True):
            middle = form((Fraction(u), Fraction(v)), self.names, Fraction(0))
            pieces += [", " if pieces else "", span(low, middle, high)]

        def holds(point: Sequence[Fraction | float]) -> bool:
            return all(
                low <= u * point[0] + v * point[1] <= high
                for (u, v), (low, high) in zip(sides, spans, strict=True)
            )

        return Witness(tuple(pieces), holds)

    @staticmethod
    def refuted(
        ones: Sequence[Point],
        zeros: Sequence[Point],
        held: Sequence[tuple[Direction, Direction, int]],
    ) -> Obstacle:
        """A point in the hull, or one point labelled 0 for each range of directions."""
        for point in zeros:
            inside = in_hull(point, ones, "")
            if inside is not None:
                return inside
        merged: list[tuple[Direction, Direction, int]] = []
        for first, last, number in held:
            if merged and merged[-1][2] == number:
                merged[-1] = (merged[-1][0], last, number)
            else:
                merged.append((first, last, number))
        pieces: list[str | Expr] = ["the smallest rectangle around the points labelled 1 holds "]
        for position, (first, last, number) in enumerate(merged):
            pieces += ["; " if position else "", *place(zeros[number]), " while a side turns from "]
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
