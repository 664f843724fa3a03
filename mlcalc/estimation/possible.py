"""Whether the data can have come from a density that was typed: it is a number above 0 at each.

A factor that is 0 at an observation, whatever the parameter is, drops out of the score, and a
formula that is negative somewhere is no density there; neither may lead to an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction

from mlcalc.estimation.estimate import Estimate
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, X
from mlcalc.estimation.model import Model
from mlcalc.estimation.question import Question
from mlcalc.estimation.terms import Factors
from mlcalc.files.errors import Unsolved
from mlcalc.maths.calculus import NoCalculus, simplified
from mlcalc.maths.evaluate import exact, scalar, scalar_or_none
from mlcalc.maths.functions import EvaluationError, Scalar, Undefined, to_float
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Symbol, free_symbols, shown, substitute

NEGATIVE = "is negative"
ANYWHERE = Fraction(3, 7), Fraction(-1, 3), Fraction(17, 5)
STEPS = (0, 1, 2)
"""From the first value of the support: where a distribution of the families has some mass."""

SHARES = tuple(Fraction(step, 16) for step in range(1, 16))
"""Where in the support a density is looked at, as shares of its width."""


def require_possible(asked: Question) -> None:
    """Raises `Unsolved` where an observation has density 0, or none, whatever the parameter is."""
    if asked.typed_density is None:
        return
    if is_zero(asked.model.density):
        raise Unsolved.because("the density is 0 for every x, so it is none")
    unknown = {parameter.symbol for parameter in asked.model.unknown}
    names = " and ".join(sorted(symbol.spelled for symbol in unknown))
    of_x = Factors.of(asked.model.density).part(lambda factor: not free_symbols(factor) & unknown)
    for item in dict.fromkeys(asked.sample.data):
        for formula in (of_x, asked.model.density):
            there = substitute(formula, {X: item, **asked.model.known})
            if free_symbols(there) - CONSTANT_LETTERS:
                continue
            fault = fault_of(there)
            if fault and (formula is not of_x or fault != NEGATIVE):
                raise Unsolved.because(
                    f"the density {fault} at the observation {one_line(item)}, whatever {names} "
                    "is: no estimate makes it possible"
                )


def is_zero(density: Expr) -> bool:
    """Whether a formula comes out as 0 whatever its letters are: 0·θ·x, or θ·x − x·θ."""
    letters = free_symbols(density) - CONSTANT_LETTERS
    for place in ANYWHERE:
        with suppress(EvaluationError):
            value = to_float(scalar(density, dict.fromkeys(letters, place)))
            if abs(value) > 1e-6:
                return False
    try:
        return exact(simplified(density)) == 0
    except (NoCalculus, EvaluationError):
        return False


class AtEstimates(Record):
    """A density with the estimates in, and how these are said: θ = 2 and b = 1."""

    density: Expr
    where: str
    towards: str

    @classmethod
    def of(cls, model: Model, estimates: Sequence[Estimate]) -> AtEstimates | None:
        """None where an estimate is a formula, or missing."""
        values: dict[Expr, Expr] = {
            e.unknown.symbol: shown(e.value) for e in estimates if e.value is not None
        }
        if len(values) < len(model.unknown):
            return None
        filled = substitute(substitute(model.density, values), dict(model.known))
        names = (e.unknown.symbol.spelled for e in estimates)
        said = zip(names, map(one_line, values.values()), strict=True)
        where = " and ".join(f"{name} = {value}" for name, value in said)
        return cls(filled, where, where.replace(" = ", " goes to "))


def require_density(asked: Question, estimates: Sequence[Estimate]) -> None:
    """Raises `Unsolved` where the formula is no density with the estimates in."""
    there = None if asked.typed_density is None else AtEstimates.of(asked.model, estimates)
    if there is None or free_symbols(there.density) - CONSTANT_LETTERS - {X}:
        return
    largest = f"the formula is largest where {there.where}, but there it"
    for item in dict.fromkeys(asked.sample.data):
        fault = fault_of(substitute(there.density, {X: item}))
        if fault:
            raise Unsolved.because(
                f"{largest} {fault} at the observation {one_line(item)}: give the range of the "
                "parameter in which it is a density, {name: …, range: [low, high]}"
            )
    for x in places(asked):
        if value_of(there.density, x) < -1e-9:
            raise Unsolved.because(
                f"{largest} is negative at x = {one_line(shown(x))}, so it is no density: give the "
                "range of the parameter in which it is one, {name: …, range: [low, high]}"
            )


def require_distribution(model: Model, estimates: Sequence[Estimate]) -> None:
    """Raises `Unsolved` where the function rises to an end of the range that is no distribution.

    Data of which only a bound is known may pull a rate there: for λ = 0 all lifetimes are infinite,
    and the density is 0 at each x.
    """
    there = AtEstimates.of(model, estimates)
    if not model.family.density or there is None:
        return
    low, high = (
        scalar_or_none(substitute(fact(end), dict(model.known)))
        for end in (model.family.support.low, model.family.support.high)
    )
    first = low if low is not None and is_finite(low) else Fraction(0)
    seen = [*(first + step for step in STEPS), *([high] if high and is_finite(high) else [])]
    if all(fault_of(substitute(there.density, {X: shown(x)})) for x in seen):
        raise Unsolved.because(
            f"there is no maximum: the likelihood keeps growing as {there.towards}, and with "
            f"{there.where} there is no {model.family.proper} distribution"
        )


def fault_of(formula: Expr) -> str:
    """What is wrong with a density's value, in words; nothing where it cannot be told."""
    try:
        value = scalar(formula)
    except Undefined:
        return "has no value"
    except EvaluationError:
        return ""
    return "is 0" if value == 0 else NEGATIVE if value < 0 else ""


def places(asked: Question) -> Iterable[Fraction]:
    """Points of the support: its ends and between them, as far as they are numbers."""
    support = asked.model.family.support
    if support.values:
        yield from (Fraction(scalar(fact(value))) for value in support.values)
        return
    low, high = (scalar_or_none(fact(end)) for end in (support.low, support.high))
    if not is_finite(low) or not is_finite(high):
        return
    low, high = Fraction(low), Fraction(high)  # type: ignore[arg-type]
    if asked.typed_density is not None and asked.typed_density.has_support:
        yield from (low + (high - low) * share for share in SHARES)
        yield from (
            end for end, mark in zip((low, high), support.ends, strict=True) if mark in "[]"
        )


def is_finite(end: Scalar | None) -> bool:
    return end is not None and math.isfinite(to_float(end))


def value_of(formula: Expr, x: Fraction) -> float:
    """The density there, nan where it has no value."""
    values: Mapping[Symbol, Scalar] = {X: x}
    try:
        return to_float(scalar(formula, values))
    except EvaluationError:
        return math.nan
