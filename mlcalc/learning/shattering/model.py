"""What decides a labeling, what it answers, and how points and planes are written in an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from mlcalc.learning.separation import Coefficients, Point
from mlcalc.maths.board import Prose
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Chain,
    Expr,
    Listing,
    Matrix,
    Mul,
    Neg,
    Number,
    Symbol,
    equals,
    joined,
    spread,
)

ZERO = Number(Fraction(0))


def axes(dimension: int) -> tuple[Symbol, ...]:
    """x; x, y; x, y, z; x_1, x_2, … in higher dimensions."""
    if dimension <= 3:
        return tuple(map(Symbol, "xyz"[:dimension]))
    return tuple(Symbol("x", str(number)) for number in range(1, dimension + 1))


def place(point: Point) -> tuple[str | Expr, ...]:
    """A point in a sentence: (0, 3), or a number on the line."""
    if len(point) == 1:
        return (Number(point[0]),)
    return "(", Listing(tuple(map(Number, point))), ")"


def vector(point: Point) -> Expr:
    """A point in a formula: a column, or a number on the line."""
    return Number(point[0]) if len(point) == 1 else Matrix.column(map(Number, point))


def form(weights: Sequence[Fraction], terms: Sequence[Expr], bias: Fraction) -> Expr:
    """2x − y + 3: the terms whose weight is not zero, and the bias."""
    shown: list[Expr] = []
    for weight, term in zip(weights, terms, strict=True):
        if weight:
            factors = spread(Mul, term)
            size = term if abs(weight) == 1 else Mul((Number(abs(weight)), *factors))
            shown.append(size if weight > 0 else Neg(size))
    if bias:
        shown.append(Number(bias) if bias > 0 else Neg(Number(-bias)))
    return joined(Add, shown) if shown else ZERO


def at_least_zero(expression: Expr) -> Chain:
    return Chain(expression, ((">=", ZERO),))


def combination(shares: Coefficients, points: Sequence[Point]) -> Expr:
    """1/2·p + 1/2·q, with the points as columns; 0 where there are none."""
    terms: list[Expr] = [
        vector(points[number]) if share == 1 else Mul((Number(share), vector(points[number])))
        for number, share in shares
    ]
    return joined(Add, terms) if terms else vector((Fraction(0),) * len(points[0]))


def common(positive: Coefficients, negative: Coefficients, points: Sequence[Point]) -> Chain:
    """Both combinations, and the point that they make."""
    own = positive or negative
    made = tuple(
        sum((share * points[number][axis] for number, share in own), Fraction(0))
        for axis in range(len(points[0]))
    )
    return equals(combination(positive, points), vector(made), combination(negative, points))


def sentence(*pieces: Prose | Expr) -> tuple[str | Expr, ...]:
    """Pieces of prose, those that are pieces themselves flattened."""
    found: list[str | Expr] = []
    for piece in pieces:
        found += piece if isinstance(piece, tuple) else (piece,)
    return tuple(found)


if TYPE_CHECKING:
    from mlcalc.learning.hypothesis_class import HypothesisClass

Labeling: TypeAlias = tuple[int, ...]
Holds: TypeAlias = Callable[[Sequence[Fraction | float]], bool]

MOST_DECISIONS = 6000
"""More labelings than this are not decided one by one."""


class Witness(Record):
    """A member of the class that gives the labels, as it is written and as it decides."""

    shown: Prose | Expr
    holds: Holds


class Obstacle(Record):
    """Why no member of the class gives the labels; `chains` are the arithmetic of it."""

    because: Prose
    chains: tuple[Expr, ...] = ()


Decision: TypeAlias = Witness | Obstacle


class Decider:
    """A class and a point set: which labelings of the points the class realises.

    A subclass decides points that differ; what a repeated point does is the same for all classes.
    """

    symmetric = False
    """Whether a labeling is realised just when the opposite one is."""

    refutation: str = ""
    """What the arithmetic of an obstacle says about every member of the class."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = tuple(points)
        self.different = tuple(dict.fromkeys(self.points))
        self.names = axes(len(self.points[0]))
        """What the coordinates are called."""

    @classmethod
    def of(cls, named: HypothesisClass, points: Sequence[Point]) -> Decider | None:
        """Of a class with its sizes, which must be numbers: None where they are not."""
        return cls(points)

    def decide(self, labels: Sequence[int]) -> Decision:
        """A member of the class with these labels, one a point, or why there is none."""
        first: dict[Point, int] = {}
        for number, (point, label) in enumerate(zip(self.points, labels, strict=True)):
            before = first.setdefault(point, number)
            if labels[before] != label:
                pair = f"points {before + 1} and {number + 1}"
                return Obstacle(f"{pair} are the same point and cannot have two labels")
        return self.separate(self.different, tuple(labels[first[p]] for p in self.different))

    def separate(self, points: Sequence[Point], labels: Labeling) -> Decision:
        """The decision for points that differ."""
        raise NotImplementedError

    def realises(self, labels: Labeling) -> bool:
        """Whether these labels of the first of the different points are realised."""
        return isinstance(self.separate(self.different[: len(labels)], labels), Witness)

    def dichotomies(self) -> int | None:
        """How many labelings are realised; None where there are too many to be counted."""
        found: list[Labeling] = [()]
        decisions = 0
        for _ in self.different:
            decisions += 2 * len(found)
            if decisions > MOST_DECISIONS:
                return None
            found = [longer for longer in continued(found) if self.realises(longer)]
        return len(found)

    def missing(self) -> Labeling | None:
        """A labeling that is not realised, of the fewest points first; None if all of them are."""
        repeated = self.repeated()
        return repeated if repeated is not None else self.completed(self.missing_of_different())

    def missing_of_different(self) -> Labeling | None:
        """Labels of some of the different points, the first ones, that are not realised."""
        for count in range(1, len(self.different) + 1):
            for labels in product((0, 1), repeat=count):
                if not self.realises(labels):
                    return labels
        return None

    def repeated(self) -> Labeling | None:
        """Two labels for one point."""
        # The first ones are all different up to the first that stands a second time.
        pairs = zip(self.points, (*self.different, None), strict=False)
        number = next((n for n, (point, new) in enumerate(pairs) if point != new), None)
        if number is None:
            return None
        return tuple(int(other == number) for other in range(len(self.points)))

    def completed(self, labels: Labeling | None) -> Labeling | None:
        """Zeros for the points that come after."""
        return None if labels is None else (*labels, *(0,) * (len(self.points) - len(labels)))


def continued(labelings: Sequence[Labeling]) -> Iterator[Labeling]:
    """Each labeling with either label for the next point."""
    for labels in labelings:
        yield (*labels, 0)
        yield (*labels, 1)


def numbered(numbers: Sequence[int]) -> str:
    """Points by their numbers from 1: point 2; points 1 and 3; points 1, 2 and 5."""
    words = [str(number + 1) for number in numbers]
    if len(words) == 1:
        return f"point {words[0]}"
    return f"points {', '.join(words[:-1])} and {words[-1]}"
