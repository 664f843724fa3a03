"""Where Σ c·g(θ) is largest: the score, its root, the second-order argument, and the ends.

The root is derived in letters; whether it is the maximum is decided with the numbers in, since a
coefficient that is zero or negative moves the maximum to an end of the range or away altogether.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.calculus import cleared, coefficients, derivative, limit, simplified
from mlcalc.derivation import Prose, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import one_line
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Add,
    Chain,
    Decimal,
    Derivative,
    Div,
    Expr,
    Neg,
    Number,
    Symbol,
    Words,
    equals,
    substitute,
)
from mlcalc.probability.terms import ONE, Term, addends, negated, scaled, total
from mlcalc.records import Record

ZERO = Number(Fraction(0))


class Objective(Record):
    """The log-likelihood or log-posterior, up to a constant."""

    name: Expr
    parameter: Symbol
    terms: Sequence[Term]
    first: Sequence[Symbol]
    """The letters to begin sums with, in this order."""

    @property
    def hat(self) -> Symbol:
        return Symbol(self.parameter.name, self.parameter.subscript, "hat")

    @property
    def written(self) -> Expr:
        return total(term.written for term in self.terms)

    def differentiated(self, order: int = 1) -> Expr:
        """The derivative term by term, as it is written."""
        slopes = [derivative(term.function, self.parameter, order) for term in self.terms]
        kept = zip(self.terms, slopes, strict=True)
        return total(scaled(t.coefficient, slope) for t, slope in kept if exact(slope) != 0)

    def with_numbers(self, values: Mapping[Expr, Expr]) -> list[tuple[Fraction, Expr]]:
        """The coefficients as numbers, with their functions; empty where letters are left."""
        pairs = []
        for term in self.terms:
            value = exact(substitute(term.coefficient, values))
            if value is None:
                return []
            pairs.append((value, term.function))
        return pairs


def score_step(objective: Objective) -> Step:
    first = Derivative(objective.name, objective.parameter)
    return Step("differentiate", (equals(first, objective.differentiated()),))


def root_step(objective: Objective) -> tuple[Step, Expr]:
    """The steps from score = 0 to θ̂ in letters, and that formula.

    Raises `Unsolved` where the score is not a linear equation in θ once its denominators are gone.
    """
    parameter = objective.parameter
    slopes = [derivative(term.function, parameter) for term in objective.terms]
    denominator, factors = cleared(slopes, parameter)
    cleared_terms = [
        scaled(term.coefficient, factor)
        for term, factor in zip(objective.terms, factors, strict=True)
    ]
    polynomial = total(cleared_terms)
    powers = coefficients(polynomial, parameter)
    if len(powers) != 2:
        raise Unsolved.because("the score is not a linear equation in the parameter")
    # c₀ + c₁θ = 0 is written c₀ = (−c₁)θ: at a maximum the score falls, so −c₁ is positive.
    left, right = (simplified(p, objective.first) for p in (powers[0], negated(powers[1])))
    formula = simplified(left / right, objective.first)
    lines: list[Expr] = [Chain(objective.differentiated(), (("=", ZERO),))]
    if denominator != ONE:
        lines.append(Chain(polynomial, (("=", ZERO),)))
    lines.append(Chain(left, (("=", scaled(right, parameter)),)))
    lines.append(equals(objective.hat, formula))
    note = ("multiply by ", denominator, ", collect ", parameter, " on one side, and divide")
    return Step("set the score to zero and solve", tuple(lines), note), formula


def numbers_chain(objective: Objective, formula: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """θ̂ = (k + α − 1)/(n + α + β − 2) = (10 + 7 − 1)/(100 + 7 + 95 − 2) = 16/200 = 2/25 = 0.08."""
    members = [formula, *worked_out(substitute(formula, values))]
    return equals(objective.hat, *members)


def worked_out(formula: Expr) -> list[Expr]:
    """A formula with numbers in, its parts computed, its value, and that as a decimal."""
    value = exact(formula)
    if value is None:
        return [formula]
    members: list[Expr] = [formula]
    if isinstance(formula, Div):
        above, below = exact(formula.numerator), exact(formula.denominator)
        assert above is not None
        assert below is not None
        members.append(Number(above) / Number(below))
    members += [Number(value)] + ([Decimal(value)] if value.denominator != 1 else [])
    same = Div(Number(Fraction(value.numerator)), Number(Fraction(value.denominator)))
    return [m for m in members if m != same]


def second_order_step(objective: Objective, pairs: Sequence[tuple[Fraction, Expr]]) -> Step:
    """The second derivative and why it is negative."""
    second = Derivative(objective.name, objective.parameter, order=2)
    chain = Chain(second, (("=", objective.differentiated(2)), ("<", ZERO)))
    note: Prose = "every term is negative on the whole range, so this is the only maximum"
    if not pairs:
        note = ("every term is negative", *conditions(objective))
    return Step("check that it is a maximum", (chain,), note)


def conditions(objective: Objective) -> list[str | Expr]:
    """For which letters the coefficients have the signs that a maximum needs."""
    found: list[str | Expr] = []
    for term in objective.terms:
        is_open = len(addends(term.coefficient)) > 1 and not isinstance(term.coefficient, Neg)
        if is_open:
            found += [" and " if found else " where ", Chain(term.coefficient, ((">", ZERO),))]
    return found


class End(Record):
    """The maximum at an end of the range, and the step that shows it."""

    value: Fraction
    step: Step


def at_an_end(
    objective: Objective, pairs: Sequence[tuple[Fraction, Expr]], domain: tuple[str, str]
) -> End | None:
    """The end at which the maximum lies, or None where it lies inside.

    Each g is increasing and concave or decreasing and concave on the range, so a maximum inside
    needs every coefficient to be on its concave side.  Raises `Unsolved` where there is no maximum.
    """
    if all(is_concave(objective, value, function) for value, function in pairs):
        return None
    parameter = objective.parameter
    left = [(v, f) for v, f in pairs if v != 0]
    with_numbers = total(scaled(Number(Fraction(v)), f) for v, f in left)
    if not left:
        raise Unsolved.because(
            f"every value of {parameter.spelled} is equally likely: there is no single maximum"
        )
    low, high = (read(end) for end in domain)
    for end, side in ((low, "+"), (high, "-")):
        if math.isinf(at := limit(with_numbers, parameter, end, side)) and at > 0:
            raise Unsolved.because(
                f"the density grows without bound as {parameter.spelled} goes to "
                f"{one_line(end)}: there is no maximum"
            )
    slope = derivative(with_numbers, parameter)
    middle = substitute(slope, {parameter: Number(Fraction(1, 2))})
    falls = to_float(scalar(middle)) < 0
    end = low if falls else high
    value = exact(end)
    if value is None or len(left) != 1:
        raise Unsolved.because("the maximum is not inside the range, and no end of it is one")
    sign, verb = ("<", "falls") if falls else (">", "rises")
    lines = (
        equals(objective.name, Add((with_numbers, Words("constant")))),
        Chain(Derivative(objective.name, parameter), (("=", slope), (sign, ZERO))),
        equals(objective.hat, end),
    )
    note = (
        f"with these numbers it {verb} on the whole range: the score has no root, and the "
        "largest value is at the end ",
        equals(parameter, end),
    )
    return End(value, Step("look at the ends of the range", lines, note))


def is_concave(objective: Objective, value: Fraction, function: Expr) -> bool:
    """Whether value·g bends downwards strictly, or is a straight line going down."""
    if value == 0:
        return False
    at: dict[Expr, Expr] = {objective.parameter: Number(Fraction(1, 2))}
    bend = exact(substitute(derivative(function, objective.parameter, 2), at))
    assert bend is not None
    if bend == 0:
        slope = exact(substitute(derivative(function, objective.parameter), at))
        return slope is not None and slope * value < 0
    return bend * value < 0
