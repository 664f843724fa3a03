"""The picture of a bound: N against ε, with the answer marked; drawn only where it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.learning.bounds.theorems import EPSILON, UNKNOWNS, Bound, N
from mlcalc.learning.bounds.working import Asked
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.numerics.intervals import valued
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Number, equals, free_symbols, substitute
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Drawing, Lazy

POINTS = 40
WIDEST = 3
"""The curve runs from a third of the answer's place to three times it."""

Point = tuple[float, float]


class Formulas(Record):
    """Either N as a formula in ε, or ε as one in N, whichever needs no iteration."""

    right: Expr
    of_samples: bool
    """Whether N is the letter that is put in."""

    def points(self, place: float) -> tuple[Point, ...]:
        steps = [place * WIDEST ** (2 * i / POINTS - 1) for i in range(POINTS + 1)]
        found = []
        for step in steps:
            value = Fraction(round(step)) if self.of_samples else Fraction(step)
            letter = N if self.of_samples else EPSILON
            try:
                result = float(valued(substitute(self.right, {letter: Number(value)})))
            except (EvaluationError, OverflowError):
                continue
            found.append((result, float(value)) if self.of_samples else (float(value), result))
        return tuple(found)


class BoundCurve(Lazy):
    """N against ε for the given δ and class."""

    formulas: Formulas
    epsilon: float
    samples: float

    def plot(self) -> Drawing:
        from mlcalc.showing.plots.model import Curve, Mark, Plot

        points = self.formulas.points(self.samples if self.formulas.of_samples else self.epsilon)
        marked = Mark(equals(N, Number(Fraction(round(self.samples)))), self.epsilon, self.samples)
        return Plot((Curve("bound", points),), (), (marked,), x_label=EPSILON, y_label=N)


def bound_picture(bound: Bound, asked: Asked, answer: Fraction | Expr) -> tuple[Picture, ...]:
    """The picture where all letters have values, else nothing."""
    if not isinstance(answer, Fraction):
        return ()
    values = {**asked.values, UNKNOWNS[asked.unknown]: Number(answer)}
    place = {symbol: exact(values[symbol]) for symbol in (EPSILON, N) if symbol in values}
    if len(place) < 2 or any(value is None or value > 10**15 for value in place.values()):
        return ()
    formulas = explicit(bound, asked, values)
    if formulas is None:
        return ()
    epsilon, samples = (float(place[symbol] or 0) for symbol in (EPSILON, N))
    return (Picture(BoundCurve(formulas, epsilon, samples), "the examples that an accuracy costs"),)


def explicit(bound: Bound, asked: Asked, values: Mapping[Expr, Expr]) -> Formulas | None:
    of_samples = bound.is_iterated("samples")
    unknown, letter = ("epsilon", N) if of_samples else ("samples", EPSILON)
    kept = {symbol: value for symbol, value in values.items() if symbol != letter}
    right = substitute(bound.solution(unknown, asked.growth), kept)
    is_closed = {symbol.spelled for symbol in free_symbols(right)} <= {letter.spelled, "e"}
    return Formulas(right, of_samples) if is_closed else None
