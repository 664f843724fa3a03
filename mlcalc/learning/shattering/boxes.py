"""Boxes with sides along the axes, in any dimension."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.model import Decider, Decision, Labeling, Obstacle, Witness
from mlcalc.learning.shattering.writing import axes, place, sentence
from mlcalc.maths.tree import Chain, Expr, Number


class Boxes(Decider):
    """low ≤ x ≤ high in every coordinate."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        if not ones:
            beyond = [max(axis) + 1 for axis in zip(*points, strict=True)]
            return box(beyond, [edge + 1 for edge in beyond])
        low = [min(axis) for axis in zip(*ones, strict=True)]
        high = [max(axis) for axis in zip(*ones, strict=True)]
        found = box(low, high)
        for point, label in zip(points, labels, strict=True):
            if not label and found.holds(point):
                why = " is labelled 0 and is in the smallest box around those labelled 1, "
                return Obstacle(sentence(place(point), why, limits(low, high)))
        return found


def box(low: Sequence[Fraction], high: Sequence[Fraction]) -> Witness:
    def holds(point: Sequence[Fraction | float]) -> bool:
        return all(a <= x <= b for a, x, b in zip(low, point, high, strict=True))

    return Witness(limits(low, high), holds)


def limits(low: Sequence[Fraction], high: Sequence[Fraction]) -> tuple[str | Expr, ...]:
    """0 ≤ x ≤ 1, 2 ≤ y ≤ 3."""
    found: list[str | Expr] = []
    for a, name, b in zip(low, axes(len(low)), high, strict=True):
        sides = (("=", Number(a)),) if a == b else None
        between = Chain(Number(a), (("<=", name), ("<=", Number(b))))
        found += [", " if found else "", between if sides is None else Chain(name, sides)]
    return tuple(found)
