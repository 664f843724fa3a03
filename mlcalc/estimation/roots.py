"""The root of a score, in letters where it is linear or quadratic in some function of θ.

A score that is brought on one bar is P(u)/q with u = θ, e^(cθ), log θ or θ^r and q above 0.  At a
maximum it turns from positive to negative, which for a quadratic P is at one of its two roots
whatever the coefficients are: P′ = 2c₂u + c₁ = −√D there.  Polynomials of a higher degree are
solved in numbers, their real roots counted and isolated by Sturm's theorem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

from mlcalc.estimation.maximum import NoClosedForm, Objective, tidy
from mlcalc.estimation.terms import ONE, addends, neat, negated, scaled, total
from mlcalc.maths.calculus import (
    NotPolynomial,
    cleared,
    coefficients,
    common_multiple,
    denominator_of,
    derivative,
    generator_of,
    real_roots,
    simplified,
)
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Call,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    call,
    free_symbols,
    spread,
    substitute,
    wrap,
)
from mlcalc.showing.derivation import Step

NOT_SOLVED = "mlcalc does not solve this score in letters"
SOLVE = "set the score to zero and solve"


class Root(Record):
    """θ̂ in letters, with the lines that lead to it; or as a number, where letters do not do."""

    formula: Expr
    step: Step
    is_only: bool = True
    """Whether the score has no other root, so that the function has no other turning point."""


class Score(Record):
    """The score on one bar: a polynomial in u, which is the parameter or a function of it."""

    denominator: Expr
    polynomial: Expr
    powers: tuple[Expr, ...]
    unit: Expr


def score_of(objective: Objective) -> Score:
    """Raises `NoClosedForm` where it is no polynomial in a function of the parameter."""
    parameter = objective.parameter
    slopes = tuple(derivative(term.function, parameter) for term in objective.terms)
    denominator, factors = cleared(slopes, parameter)
    polynomial = total(
        tidy(scaled(term.coefficient, factor), objective)
        for term, factor in zip(objective.terms, factors, strict=True)
    )
    try:
        return Score(denominator, polynomial, coefficients(polynomial, parameter), parameter)
    except NotPolynomial:
        found = generator_of(polynomial, parameter)
        if found is None:
            raise NoClosedForm.because(NOT_SOLVED) from None
        unit, powers = found
        return Score(denominator, polynomial, powers, unit)


@lru_cache(maxsize=256)
def find_root(objective: Objective, inside: Scalar | None = None) -> Root:
    """The steps from score = 0 to θ̂ in letters; `inside` is a point of the range.

    Raises `NoClosedForm` where the score is neither linear nor quadratic in a function of θ.
    """
    score = score_of(objective)
    powers = score.powers
    degree = len(powers) - 1
    if degree < 1:
        raise NoClosedForm.because(NOT_SOLVED)
    if all(exact(power) == 0 for power in powers[1:-1]):
        return linear(objective, score)
    if degree == 2:
        return quadratic(objective, score, inside)
    raise NoClosedForm.because(NOT_SOLVED)


def linear(objective: Objective, score: Score) -> Root:
    """c₀ + cu^d = 0, written c₀ = (−c)u^d: at a maximum the score falls, so −c is positive."""
    powers, unit = score.powers, score.unit
    degree = len(powers) - 1
    left, right = (simplified(p, objective.first) for p in (powers[0], negated(powers[-1])))
    power = unit if degree == 1 else unit**degree
    quotient = simplified(left / right, objective.first)
    found = quotient if degree == 1 else root_of(quotient, degree)
    why = "collect $power$ on one side, and divide"
    if degree > 1:
        why += f"; of the roots the positive one is in the range of {one_line(unit)}"
    formula, last = turned_over(
        objective,
        score,
        found,
        "left = right",
        why,
        left=left, right=scaled(right, power), power=power,
    )  # fmt: skip
    return Root(formula, last)


def quadratic(objective: Objective, score: Score, inside: Scalar | None) -> Root:
    """The root of c₀ + c₁u + c₂u² at which it falls: (c₁ + √(c₁² − 4c₂c₀))/(−2c₂)."""
    sign = direction(objective, score, inside)
    turned = [power if sign > 0 else negated(power) for power in score.powers]
    c0, c1, c2 = whole_numbers(turned, objective)
    above = neat(total([c1]))
    inner = simplified(c1**2 - 4 * c2 * c0, objective.first)
    below = simplified(negated(2 * c2), objective.first)
    found = reduced_root(above, inner, below, objective.first)
    u = score.unit
    formula, last = turned_over(
        objective,
        score,
        found,
        "whole = 0",
        "a quadratic equation in $u$; of its two roots this is the one where the score turns from "
        "positive to negative",
        whole=total([scaled(c2, u**2), scaled(c1, u), c0]), u=u,
    )  # fmt: skip
    return Root(formula, last, is_only=False)


def whole_numbers(powers: Sequence[Expr], objective: Objective) -> list[Expr]:
    """The coefficients times what they are divided by, as far as that is above 0."""
    below = [denominator_of(power, objective.positive) for power in powers]
    shared = reduce(common_multiple, below)
    return [simplified(power * shared, objective.first) for power in powers]


def direction(objective: Objective, score: Score, inside: Scalar | None) -> int:
    """The sign of dP/dθ beside that of the slope of the score: q and du/dθ may be negative."""
    if inside is None:
        return 1
    sign = 1
    rising = derivative(score.unit, objective.parameter)
    for factor in (score.denominator, rising):
        letters = free_symbols(factor) - {objective.parameter}
        try:
            at = {objective.parameter: inside, **dict.fromkeys(letters, Fraction(1))}
            value = scalar(factor, at)
        except EvaluationError:
            continue
        sign = -sign if value < 0 else sign
    return sign


def reduced_root(above: Expr, inner: Expr, below: Expr, first: tuple[Symbol, ...]) -> Expr:
    """(b + √D)/a, with numbers that all three share cancelled."""
    common = square_in(inner)
    root: Expr
    if common > 1:
        inner = simplified(inner / wrap(common * common), first)
    numbers = [content(above), Fraction(common), content(below)]
    shared = greatest([n for n in numbers if n != 0])
    above, below = (simplified(e / wrap(shared), first) for e in (above, below))
    left = Fraction(common) / shared
    root = call("sqrt", inner)
    value = exact(inner)
    if value is not None:
        root = call("sqrt", Number(value))
    parts = [above, scaled(Number(left), root)]
    whole = total(reversed(parts) if isinstance(above, Neg) else parts)
    if isinstance(below, Neg):
        whole, below = total(map(negated, reversed(addends(whole)))), below.operand
    return over(whole, below)


def content(expression: Expr) -> Fraction:
    """The rational number that all terms of a sum of products share."""
    found = []
    for term in addends(expression):
        inside = term.operand if isinstance(term, Neg) else term
        if isinstance(inside, Div):
            return Fraction(1)
        factors = spread(Mul, inside)
        number = Fraction(1)
        for factor in factors:
            if isinstance(factor, Number):
                number *= abs(factor.value)
        found.append(number)
    return greatest(found) if found else Fraction(1)


def greatest(numbers: Sequence[Fraction]) -> Fraction:
    """The greatest common divisor of whole numbers, 1 where one is a fraction."""
    if not numbers or any(n.denominator != 1 for n in numbers):
        return Fraction(1)
    return Fraction(math.gcd(*(int(n) for n in numbers)) or 1)


def square_in(expression: Expr) -> int:
    """The largest whole number whose square is shared by all terms."""
    shared = int(content(expression)) if content(expression).denominator == 1 else 1
    if exact(expression) is not None or shared > 10**6:
        return 1
    return max(s for s in range(1, math.isqrt(shared) + 1) if shared % (s * s) == 0)


def solved_step(objective: Objective, score: Score, *lines: str, why: str, **names: Any) -> Step:
    """Score = 0, on one bar, and the lines that solve it."""
    is_bar = score.denominator != ONE
    return objective.step(
        SOLVE,
        "slope = 0",
        *(["bar = 0"] if is_bar else []),
        *lines,
        why="multiply by $below$, " * is_bar + why,
        slope=objective.differentiated(), bar=score.polynomial, below=score.denominator, **names,
    )  # fmt: skip


def turned_over(
    objective: Objective, score: Score, found: Expr, text: str, why: str, **names: Any
) -> tuple[Expr, Step]:
    """θ from u = found: log(found)/c for e^(cθ), and the like."""
    lines, formula, at_hat = [text], found, None
    if score.unit != objective.parameter:
        lines.append("at_hat = found")
        at_hat = substitute(score.unit, {objective.parameter: objective.hat})
        formula = inverted(score.unit, found, objective.parameter)
        why += "; then take the inverse function"
    names |= {"at_hat": at_hat, "found": found, "formula": formula}
    return formula, solved_step(objective, score, *lines, "theta_hat = formula", why=why, **names)


def inverted(unit: Expr, value: Expr, parameter: Symbol) -> Expr:
    match unit:
        case Call("exp", (inside,), ()):
            factor = coefficients(inside, parameter)[1]
            if isinstance(factor, Neg) or (exact(factor) or 0) < 0:
                return negated(over(call("log", value), negated(factor)))
            return over(call("log", value), factor)
        case Call("log", _, ()):
            return call("exp", value)
        case Call("sqrt", _, ()):
            return value**2
        case Pow(_, exponent):
            return Pow(value, neat(ONE / exponent))
    raise TypeError(f"no inverse of {one_line(unit)} is known")


def over(above: Expr, below: Expr) -> Expr:
    return above if exact(below) == 1 else above / below


def root_of(quotient: Expr, degree: int) -> Expr:
    return call("sqrt", quotient) if degree == 2 else quotient ** Fraction(1, degree)


# In numbers.


class Numeric(Record):
    """The roots of the score in an open range, as numbers, with the lines that lead to them."""

    roots: tuple[float, ...]
    step: Step


def numeric_roots(
    objective: Objective, values: Mapping[Expr, Expr], low: Scalar, high: Scalar
) -> Numeric | None:
    """All roots of the score in the range; None where it is no polynomial in exact numbers."""
    try:
        score = score_of(objective)
    except NoClosedForm:
        return None
    if score.unit != objective.parameter:
        return None
    numbers = [exact(substitute(power, values)) for power in score.powers]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or not any(known[1:]):
        return None
    while known[-1] == 0:
        known.pop()
    u = score.unit
    found = real_roots(tuple(known), low, high)
    count = f"{len(found)} real root{'s' * (len(found) != 1)}" if found else "no real root"
    last = solved_step(
        objective,
        score,
        "whole = 0",
        *(["u = roots"] if len(found) == 1 else ["u in [roots]"] if found else []),
        why=f"put in the numbers; {NOT_SOLVED}, and in numbers the polynomial has {count} in the "
        "range, counted and isolated by Sturm's theorem",
        whole=total(scaled(Number(c), u**k if k > 1 else u if k else ONE)
                    for k, c in reversed(list(enumerate(known)))),
        u=u, roots=found,
    )  # fmt: skip
    return Numeric(tuple(found), last)
