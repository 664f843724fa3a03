"""Half-spaces, with and without a bias, and what becomes one after the points are lifted:
polynomials by their monomials and discs by |x|² (a disc is a half-space below a paraboloid)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from mlcalc.learning.separation import Cloud, CommonPoint, Plane, Point, lowest
from mlcalc.learning.shattering.model import (
    Decider,
    Decision,
    Labeling,
    Obstacle,
    Witness,
    at_least_zero,
    common,
    form,
    place,
    sentence,
)
from mlcalc.learning.shattering.regions import Vector, dependence, regions
from mlcalc.maths.board import Prose, line
from mlcalc.maths.functions import in_whole_numbers
from mlcalc.maths.tree import Add, Expr, Mul, Pow, Symbol, joined, wrap

if TYPE_CHECKING:
    from mlcalc.learning.hypothesis_class import HypothesisClass

Exponents = tuple[int, ...]


class HalfSpaces(Decider):
    """w·x + b ≥ 0, or w·x ≥ 0; a subclass lifts the points first."""

    symmetric = True
    bias = True
    refutation = "w·x + b would be positive for one side of the equation and negative for the other"

    def __init__(self, points: Sequence[Point]) -> None:
        super().__init__(points)
        self.dimension = len(points[0])
        self.lifted: tuple[Sequence[Point], Cloud] | None = None

    def cloud(self, points: Sequence[Point]) -> Cloud:
        """The lifted points, which one labeling after another is asked of."""
        if self.lifted is None or self.lifted[0] is not points:
            lifted = [self.lift(point) for point in points]
            self.lifted = points, Cloud(lifted, self.bias, self.directions())
        return self.lifted[1]

    def directions(self) -> tuple[Point, ...]:
        """Those on whose positive side the weights are."""
        return ()

    def lift(self, point: Sequence[Fraction]) -> Point:
        return tuple(point)

    def terms(self) -> tuple[Expr, ...]:
        """The coordinates of a lifted point."""
        return self.names

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        cloud = self.cloud(points)
        found = cloud.separate(labels)
        if isinstance(found, CommonPoint):
            chain = common(found.positive, found.negative, cloud.points)
            return Obstacle(self.reason(found), (chain,) if chain.links else ())
        if self.bias and len(set(labels)) == 1:
            found = beside(cloud.points, labels[0])
        return self.witness(found)

    def witness(self, plane: Plane) -> Witness:
        shown = at_least_zero(form(plane.weights, self.terms(), plane.bias))
        return Witness(shown, lambda point: plane.holds(self.lift(point)))  # type: ignore[arg-type]  # floats in pictures

    def reason(self, found: CommonPoint) -> Prose:
        return sentence(place(found.point), " is in the hulls of both labels")

    def vectors(self) -> list[Vector]:
        """The lifted points as whole numbers, with a 1 for the bias."""
        own = (Fraction(1),) if self.bias else ()
        lifted = ((*self.lift(point), *own) for point in self.different)
        return [tuple(in_whole_numbers(point)[0]) for point in lifted]

    def dichotomies(self) -> int | None:
        vectors = self.vectors()
        return regions(vectors) if all(map(any, vectors)) else 0

    def missing_of_different(self) -> Labeling | None:
        signs = dependence(self.vectors())
        return None if signs is None else tuple(int(sign > 0) for sign in signs)


class ThroughOrigin(HalfSpaces):
    """w·x ≥ 0."""

    bias = False
    refutation = "w·x would be positive for one side of the equation and negative for the other"

    def reason(self, found: CommonPoint) -> Prose:
        if not any(found.point) and len(found.positive + found.negative) == 1:
            return sentence(place(found.point), " is on every plane through the origin")
        if not (found.positive and found.negative):
            return "a sum of points with one label, times positive numbers, is the origin"
        return "sums of points of either label, times positive numbers, are equal"


def beside(points: Sequence[Point], label: int) -> Plane:
    """A plane across the first axis with all the points on one side."""
    first = [point[0] for point in points]
    edge = min(first) - 1 if label else max(first) + 1
    weights = (Fraction(1), *(Fraction(0),) * (len(points[0]) - 1))
    *whole, bias = lowest((*weights, -edge))
    return Plane(tuple(whole), bias)


class Polynomials(HalfSpaces):
    """p(x) ≥ 0 for the polynomials of at most one degree."""

    def __init__(self, points: Sequence[Point], degree: int) -> None:
        super().__init__(points)
        # m points have a polynomial of degree m − 1 through any values: more is not needed.
        self.exponents = list(monomials(self.dimension, min(degree, max(len(points) - 1, 1))))

    @classmethod
    def of(cls, named: HypothesisClass, points: Sequence[Point]) -> Decider | None:
        degree = named.number("degree")
        return None if degree is None else cls(points, degree)

    def lift(self, point: Sequence[Fraction]) -> Point:
        return tuple(power(point, exponents) for exponents in self.exponents)

    def terms(self) -> tuple[Expr, ...]:
        return tuple(written_power(self.names, exponents) for exponents in self.exponents)

    refutation = (
        "a polynomial is a half-space of its monomials; the points below have their monomials as "
        "coordinates, and no half-space has both sides of the equation on either side"
    )

    def reason(self, found: CommonPoint) -> Prose:
        return "the hulls of both labels meet, each point taken with its monomials"


def monomials(dimension: int, degree: int) -> Iterator[Exponents]:
    """The exponents of each monomial but 1, by degree."""
    for size in range(1, degree + 1):
        for chosen in combinations_with_replacement(range(dimension), size):
            yield tuple(chosen.count(axis) for axis in range(dimension))


def power(point: Sequence[Fraction], exponents: Exponents) -> Fraction:
    value = Fraction(1)
    for entry, exponent in zip(point, exponents, strict=True):
        value *= entry**exponent
    return value


def written_power(names: Sequence[Symbol], exponents: Exponents) -> Expr:
    factors = [
        name if exponent == 1 else Pow(name, wrap(exponent))
        for name, exponent in zip(names, exponents, strict=True)
        if exponent
    ]
    return joined(Mul, factors)


class Discs(HalfSpaces):
    """|x − c|² ≤ r²: half-spaces of (x, |x|²) in which |x|² has no positive weight."""

    symmetric = False
    refutation = (
        "|x|² averages at least as much over the points labelled 1, so r² − |x − c|² averages no "
        "more over them than over those labelled 0; in a disc it would be 0 or more over the "
        "former, and negative over the latter"
    )

    def lift(self, point: Sequence[Fraction]) -> Point:
        return (*point, square(point))

    def directions(self) -> tuple[Point, ...]:
        return ((*(Fraction(0),) * self.dimension, Fraction(-1)),)

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        ones = [point for point, label in zip(points, labels, strict=True) if label]
        zeros = [point for point, label in zip(points, labels, strict=True) if not label]
        simple = around_the_mean(ones, zeros)
        if simple is not None:
            return self.disc(*simple)
        cloud = self.cloud(points)
        found = cloud.separate(labels)
        if isinstance(found, CommonPoint):
            return self.refuted(found, points)
        *weights, bent = found.weights
        if not bent:
            nearest = min(abs(found.value(point)) for point in cloud.points)
            bent = -nearest / (2 * max(point[-1] for point in cloud.points))
        centre = tuple(weight / (-2 * bent) for weight in weights)
        return self.disc(centre, found.bias / -bent + square(centre))

    def disc(self, centre: Point, radius: Fraction) -> Witness:
        """The disc of that centre and squared radius."""
        names = zip(self.names, centre, strict=True)
        terms = [line("z^2", z=form((Fraction(1),), (name,), -c)) for name, c in names]
        return Witness(
            line("square <= radius", square=joined(Add, terms), radius=radius),
            lambda point: distance(point, centre) <= radius,  # type: ignore[arg-type]  # floats in pictures
        )

    def refuted(self, found: CommonPoint, points: Sequence[Point]) -> Obstacle:
        squares = [square(point) for point in points]

        def mean(shares: Sequence[tuple[int, Fraction]]) -> Expr:
            return joined(Add, [wrap(share) * squares[number] for number, share in shares])

        value = [
            sum((share * squares[number] for number, share in side), Fraction(0))
            for side in (found.positive, found.negative)
        ]
        text = "ones = a = zeros" if value[0] == value[1] else "ones = a > b = zeros"
        spread = line(text, ones=mean(found.positive), a=value[0], b=value[1],
                      zeros=mean(found.negative))  # fmt: skip
        why = sentence(place(found.point[:-1]), " is in the hulls of both labels, and the ones ")
        why = sentence(why, "are as spread out as the zeros")
        return Obstacle(why, (common(found.positive, found.negative, points), spread))

    def dichotomies(self) -> int | None:
        """Those of the lifted points for which the weight of |x|² is negative: half of all."""
        up = (*(0,) * self.dimension, 1, 0)
        found = regions([*self.vectors(), up])
        return None if found is None else found // 2

    def missing_of_different(self) -> Labeling | None:
        flat = [tuple(in_whole_numbers((*point, Fraction(1)))[0]) for point in self.different]
        signs = dependence(flat)
        if signs is None:
            return None
        labels = tuple(int(sign > 0) for sign in signs)
        return tuple(int(sign < 0) for sign in signs) if self.realises(labels) else labels


def square(point: Sequence[Fraction]) -> Fraction:
    """|x|²."""
    return sum((entry * entry for entry in point), Fraction(0))


def distance(point: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    """|x − y|²."""
    return square([a - b for a, b in zip(point, other, strict=True)])


def around_the_mean(ones: Sequence[Point], zeros: Sequence[Point]) -> tuple[Point, Fraction] | None:
    """A disc around the mean of the points labelled 1, or beside all points; None if it fails."""
    if not ones:
        beyond = [max(point[axis] for point in zeros) + 2 for axis in range(len(zeros[0]))]
        return tuple(beyond), Fraction(1)
    mean = tuple(sum(axis, Fraction(0)) / len(ones) for axis in zip(*ones, strict=True))
    inner = max(distance(point, mean) for point in ones)
    outer = min((distance(point, mean) for point in zeros), default=inner + 1)
    return (mean, (inner + outer) / 2) if inner < outer else None
