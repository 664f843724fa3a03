"""Convex polygons: a labeling is realised just when no point labelled 0 is in the hull of those
labelled 1."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.learning.separation import CommonPoint, Point, separate
from mlcalc.learning.shattering.model import (
    Decider,
    Decision,
    Labeling,
    Obstacle,
    Witness,
    numbered,
)
from mlcalc.learning.shattering.writing import common, place, sentence


class ConvexPolygons(Decider):
    """Convex polygons of the plane with any number of vertices; a thin one may be a segment."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        corners = hull(ones)
        for number, (point, label) in enumerate(zip(points, labels, strict=True)):
            if not label and is_inside(point, corners):
                return self.inside(number, ones)
        if not ones:
            return Witness("a polygon beside all the points", lambda point: False)
        names = sorted(self.points.index(corner) for corner in corners)
        shown = f"the hull of {numbered(names)}" if len(names) > 1 else f"around {numbered(names)}"
        return Witness(shown, lambda point: is_inside(point, corners))

    def inside(self, number: int, ones: Sequence[Point]) -> Obstacle:
        """The proof that a different point is in the hull of others."""
        point = self.different[number]
        found = separate([*ones, point], [1] * len(ones) + [0])
        assert isinstance(found, CommonPoint), "the point is in the hull"
        why = " is labelled 0 and is in the hull of the points labelled 1, so in every convex set "
        chains = (common(found.positive, found.negative, [*ones, point]),)
        return Obstacle(sentence(place(point), why, "that holds them"), chains)

    def missing_of_different(self) -> Labeling | None:
        corners = hull(self.different)
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
