"""Rays and intervals on the line, and rings, which are intervals of the distance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.model import (
    Decider,
    Decision,
    Labeling,
    Obstacle,
    Witness,
    sentence,
)
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Expr, Number, joined

if TYPE_CHECKING:
    from mlcalc.learning.hypothesis_class import HypothesisClass

Pieces = tuple[str | Expr, ...]
HALF = Fraction(1, 2)


class Run(Record):
    """Neighbouring values that share a label."""

    label: int
    low: Fraction
    high: Fraction


def runs(values: Sequence[Fraction], labels: Labeling) -> list[Run]:
    """The values from left to right, in runs of one label."""
    pairs = sorted(zip(values, labels, strict=True))
    grouped = (list(group) for _, group in groupby(pairs, key=lambda pair: pair[1]))
    return [Run(group[0][1], group[0][0], group[-1][0]) for group in grouped]


def alternating(found: Sequence[Run], count: int) -> Pieces:
    """The first so many runs by a value of each: 1, 2, 3 are labelled 1, 0, 1."""
    shown: list[str | Expr] = []
    for run in found[:count]:
        shown += [", " if shown else "", Number(run.low)]
    return (*shown, f" are labelled {', '.join(str(run.label) for run in found[:count])}")


def cut(left: Run, right: Run) -> Fraction:
    """A place between two runs."""
    return (left.high + right.low) / 2


def widened(number: int, found: Sequence[Run]) -> tuple[Fraction, Fraction]:
    """The run of that number, halfway out to its neighbours."""
    run = found[number]
    low = cut(found[number - 1], run) if number else run.low - HALF
    return low, run.high + HALF if run is found[-1] else cut(run, found[number + 1])


def inside(low: Fraction, high: Fraction, quantity: Expr) -> Expr:
    return line("low <= x <= high", low=low, x=quantity, high=high)


class OnTheLine(Decider):
    """Points on the line, decided by the runs of their labels from left to right."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        return self.separate_runs(runs([point[0] for point in points], labels))

    def separate_runs(self, found: list[Run]) -> Decision:
        raise NotImplementedError

    def refused(self, found: Sequence[Run], count: int, why: str) -> Obstacle:
        """The first runs, whose labels the class does not have one after another."""
        return Obstacle(sentence(f"{one_line(self.names[0])} = ", alternating(found, count), why))

    def right_ray(self, found: list[Run]) -> Witness:
        first = found[0]
        alone = first.low if first.label else first.high + 1
        edge = cut(*found) if len(found) == 2 else alone
        shown = line("x >= edge", x=self.names[0], edge=edge)
        return Witness(shown, lambda point: point[0] >= edge)

    def between(self, low: Fraction, high: Fraction) -> Witness:
        return Witness(inside(low, high, self.names[0]), lambda point: low <= point[0] <= high)


class Thresholds(OnTheLine):
    """x ≥ a."""

    def separate_runs(self, found: list[Run]) -> Decision:
        if len(found) > 2 or [run.label for run in found] == [1, 0]:
            start = next(i for i, run in enumerate(found) if run.label)
            why = "; a ray to the right that holds the first holds the second"
            return self.refused(found[start:], 2, why)
        return self.right_ray(found)

    def dichotomies(self) -> int:
        return len(self.different) + 1


class BothRays(OnTheLine):
    """x ≥ a and x ≤ a."""

    symmetric = True

    def separate_runs(self, found: list[Run]) -> Decision:
        if len(found) > 2:
            why = "; a ray that holds two points holds all between them, and so does the other side"
            return self.refused(found, 3, why)
        if [run.label for run in found] == [1, 0]:
            edge = cut(*found)
            shown = line("x <= edge", x=self.names[0], edge=edge)
            return Witness(shown, lambda point: point[0] <= edge)
        return self.right_ray(found)

    def dichotomies(self) -> int:
        return 2 * len(self.different)


class Intervals(OnTheLine):
    """Unions of at most `count` closed intervals."""

    def __init__(self, points: Sequence[Point], count: int) -> None:
        super().__init__(points)
        self.count = count

    @classmethod
    def of(cls, named: HypothesisClass, points: Sequence[Point]) -> Decider | None:
        count, length = named.number("count"), named.size("length")
        if length is None:
            return None if count is None else cls(points, count)
        value = exact(length)
        return FixedLength(points, value) if value is not None and count == 1 else None

    def separate_runs(self, found: list[Run]) -> Decision:
        ones = [run for run in found if run.label]
        if len(ones) > self.count:
            start = found.index(ones[0])
            needed = len(found[start:]) - (not found[-1].label)
            parts = "one interval" if self.count == 1 else f"{self.count} intervals"
            why = f"; that takes {len(ones)} intervals, since one that holds two points holds all "
            return self.refused(
                found[start:], needed, f"{why}between them, and the class has {parts}"
            )
        if not ones:
            return self.between(found[0].high + 1, found[0].high + 2)
        spans = [widened(number, found) for number, run in enumerate(found) if run.label]
        if len(spans) == 1:
            return self.between(*spans[0])
        pieces: list[str | Expr] = []
        for low, high in spans:
            pieces += [" or " if pieces else "", inside(low, high, self.names[0])]
        return Witness(tuple(pieces), lambda p: any(low <= p[0] <= high for low, high in spans))

    def dichotomies(self) -> int:
        return sum(math.comb(len(self.different), size) for size in range(2 * self.count + 1))


class FixedLength(OnTheLine):
    """Closed intervals [a, a + length]."""

    def __init__(self, points: Sequence[Point], length: Fraction) -> None:
        super().__init__(points)
        self.length = length

    def separate_runs(self, found: list[Run]) -> Decision:
        ones = [run for run in found if run.label]
        if not ones:
            return self.between(found[0].high + 1, found[0].high + 1 + self.length)
        if len(ones) > 1:
            why = "; an interval that holds two points holds all between them"
            return self.refused(found[found.index(ones[0]) :], 3, why)
        run, length = ones[0], self.length
        zeros = [other for other in found if not other.label]
        left = max((zero.high for zero in zeros if zero.high < run.low), default=None)
        right = min((zero.low for zero in zeros if zero.low > run.high), default=None)
        if run.high - run.low > length:
            far = sentence(Number(run.low), " and ", Number(run.high), " are labelled 1 and are ")
            return Obstacle(sentence(far, "more than ", Number(length), " apart"))
        if left is not None and right is not None and right - left <= length:
            near = sentence(Number(left), " and ", Number(right), " are labelled 0 and are only ")
            why = " apart: an interval of length "
            end = " that holds a point between them holds one of them"
            return Obstacle(sentence(near, Number(right - left), why, Number(length), end))
        lowest = run.high - length if left is None else max(run.high - length, left)
        highest = run.low if right is None else min(run.low, right - length)
        start = (lowest + highest) / 2
        return self.between(start, start + length)


class AroundOrigin(Decider):
    """Sets of points that their squared distance from the origin decides."""

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        squares = [sum((x * x for x in point), Fraction(0)) for point in points]
        seen: dict[Fraction, int] = {}
        for square, label in zip(squares, labels, strict=True):
            if seen.setdefault(square, label) != label:
                same = "two points with other labels have the distance √"
                return Obstacle(sentence(same, Number(square), " from the origin"))
        return self.separate_runs(runs(squares, labels))

    def separate_runs(self, found: list[Run]) -> Decision:
        raise NotImplementedError

    @property
    def distance(self) -> Expr:
        return joined(Add, [line("x^2", x=name) for name in self.names])


class Rings(AroundOrigin):
    """r ≤ |x| ≤ R around the origin: intervals of the squared distance."""

    def separate_runs(self, found: list[Run]) -> Decision:
        ones = [run for run in found if run.label]
        if len(ones) > 1:
            three = alternating(found[found.index(ones[0]) :], 3)
            why = "; a ring that holds two distances holds all between them"
            return Obstacle(sentence("the squared distances ", three, why))
        low, high = found[0].high + 1, found[0].high + 2
        if ones:
            low, high = widened(found.index(ones[0]), found)
            low = max(low, Fraction(0))
        shown = inside(low, high, self.distance)
        return Witness(shown, lambda p: low <= sum(x * x for x in p) <= high)


class OriginBalls(AroundOrigin):
    """|x| ≤ r, which holds the origin always."""

    def separate_runs(self, found: list[Run]) -> Decision:
        farther = next((i for i, run in enumerate(found) if i and run.label), None)
        if farther is not None:
            two = alternating(found[farther - 1 :], 2)
            why = "; a ball around the origin that holds the second holds the first"
            return Obstacle(sentence("the squared distances ", two, why))
        if not found[0].label and not found[0].low:
            return Obstacle(("the origin is in every ball around it",))
        edge = found[0].low / 2
        if found[0].label:
            edge = cut(found[0], found[1]) if found[1:] else found[0].high
        shown = line("x <= edge", x=self.distance, edge=edge)
        return Witness(shown, lambda p: sum(x * x for x in p) <= edge)
