"""Where Σ c·g(θ) is largest: the score, its root, the second-order argument, and the ends.

The root is derived in letters; whether it is the maximum is decided with the numbers in, since a
coefficient that is zero or negative moves the maximum to an end of the range or away altogether.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache, partial, reduce
from typing import Any

from mlcalc.estimation.letters import CONSTANT_LETTERS, DATA
from mlcalc.estimation.terms import Factors, Term, addends, neat, scaled, total
from mlcalc.files.errors import Unsolved
from mlcalc.maths.calculus import derivative, limit, simplified
from mlcalc.maths.evaluate import Value, exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, plus, times, to_float
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Call,
    Decimal,
    Derivative,
    Div,
    Expr,
    Given,
    Neg,
    Number,
    Symbol,
    equals,
    free_symbols,
    shown,
    substitute,
    walk,
)
from mlcalc.showing.derivation import LONGEST_FRACTION, Step, step

ZERO = Number(Fraction(0))


class Objective(Record):
    """The log-likelihood or log-posterior as a function of one parameter, up to a constant."""

    name: Expr
    parameter: Symbol
    terms: tuple[Term, ...]
    first: tuple[Symbol, ...]
    """The letters to begin sums with, in this order."""
    partial: bool = False
    """Whether there are other parameters, so that the derivative is a partial one."""
    positive: frozenset[Symbol] = frozenset()
    """The letters that stand for numbers above 0."""

    @property
    def hat(self) -> Symbol:
        return Symbol(self.parameter.name, self.parameter.subscript, "hat")

    @property
    def word(self) -> str:
        match self.name:
            case Call("log", (Call("p", (Given(_, condition),), ()),), ()) if condition == DATA:
                return "posterior"
        return "likelihood"

    @property
    def written(self) -> Expr:
        return total(term.written for term in self.terms)

    def differentiated(self, order: int = 1) -> Expr:
        """The derivative term by term, as it is written."""
        slopes = [derivative(term.function, self.parameter, order) for term in self.terms]
        kept = zip(self.terms, slopes, strict=True)
        return total(
            tidy(scaled(t.coefficient, slope), self) for t, slope in kept if exact(slope) != 0
        )

    def operator(self, order: int = 1) -> Expr:
        return Derivative(self.name, self.parameter, order, self.partial)

    def step(self, rule: str, *lines: str | Expr, why: str = "", **names: Any) -> Step:
        """Of the parameter theta, its estimate theta_hat, the function and its derivatives."""
        names |= {"theta": self.parameter, "function": self.name}
        names |= {"d_function": self.operator(), "dd_function": self.operator(2)}
        return step(rule, *lines, why=why, **names)


def tidy(term: Expr, objective: Objective) -> Expr:
    """A term with numbers cancelled; (k + α − 1)·(1 − θ) stays the product that it is."""
    if any(isinstance(e, Add) for e in walk(term)) and not has_numbers(term):
        return term
    return simplified(term, objective.first)


def has_numbers(term: Expr) -> bool:
    """Whether numbers multiply above and below, as in 2(μ − μ₀)/(2τ²)."""
    inside = term.operand if isinstance(term, Neg) else term
    if not isinstance(inside, Div):
        return False
    above, below = Factors.of(inside.numerator).above, Factors.of(inside.denominator).above
    return all(any(isinstance(f, Number) for f in side) for side in (above, below))


class NoClosedForm(Unsolved):
    """The score is not solved in letters here; a search may find its root in numbers."""


@lru_cache(maxsize=256)
def score_step(objective: Objective) -> Step:
    rule = "differentiate"
    if objective.partial:
        rule = f"differentiate with respect to {one_line(objective.parameter)}"
    return objective.step(rule, "d_function = slope", slope=objective.differentiated())


def value_of(formula: Expr, values: Mapping[Expr, Expr]) -> Scalar | None:
    """The number that a formula is with the values in, None where letters are left."""
    at: dict[Symbol, Value] = {}
    for letter in free_symbols(formula) - CONSTANT_LETTERS:
        value = values.get(letter)
        if value is None or free_symbols(value):
            return None
        at[letter] = scalar(value)
    return scalar(formula, at)


def numbers_step(objective: Objective, formula: Expr, values: Mapping[Expr, Expr]) -> Step:
    """θ̂ = (k + α − 1)/(n + α + β − 2) = (10 + 7 − 1)/(100 + 7 + 95 − 2) = 16/200 = 2/25 = 0.08."""
    members = [formula, *worked_out(substitute(formula, values))]
    return objective.step("put in the numbers", "theta_hat = members", members=members)


def worked_out(formula: Expr, known: Scalar | None = None) -> list[Expr]:
    """A formula with numbers in, its parts computed, its value, and that as a decimal.

    `known` is the value, where it is known already.
    """
    if free_symbols(formula) - CONSTANT_LETTERS:
        return [formula]
    value = scalar(formula) if known is None else known
    if isinstance(value, float):
        return [formula, Decimal(value)]
    members: list[Expr] = [formula]
    if len(str(value.denominator)) > LONGEST_FRACTION:
        return [formula, Decimal(value)]
    if isinstance(formula, Div):
        above, below = exact(formula.numerator), exact(formula.denominator)
        if above is not None and below is not None and is_short(above) and is_short(below):
            members.append(Number(above) / Number(below))
    members += [Number(value)] + ([Decimal(value)] if value.denominator != 1 else [])
    same = Div(Number(Fraction(value.numerator)), Number(Fraction(value.denominator)))
    return [m for m in members if m != same]


def is_short(value: Fraction) -> bool:
    return len(str(value)) <= LONGEST_FRACTION


@lru_cache(maxsize=256)
def second_order_step(objective: Objective, formula: Expr, is_known: bool) -> Step:
    """Why the root is the maximum: the second derivative is negative everywhere, or at the root.

    `is_known` is whether the coefficients are numbers.
    """
    rule, second = "check that it is a maximum", objective.differentiated(2)
    names: dict[str, Any] = {"second": second}
    if all(isinstance(a, Neg) for a in addends(second)):
        # For which letters the coefficients have the signs that a maximum needs.
        open_ones = [
            term.coefficient
            for term in objective.terms
            if len(addends(term.coefficient)) > 1 and not isinstance(term.coefficient, Neg)
        ]
        why = "every term is negative on the whole range, so this is the only maximum"
        if not is_known:
            where = " and ".join(f"$c_{place} > 0$" for place in range(len(open_ones)))
            why = "every term is negative" + f" where {where}" * bool(where)
            names |= {f"c_{place}": each for place, each in enumerate(open_ones)}
        return objective.step(rule, "dd_function = second < 0", why=why, **names)
    return objective.step(
        rule,
        "dd_function = second",
        "at_hat = at_root < 0",
        why="the score has one root in the range, and there the second derivative is negative",
        at_hat=substitute(second, {objective.parameter: objective.hat}),
        at_root=simplified(substitute(second, {objective.parameter: formula}), objective.first),
        **names,
    )


class Verdict(Record):
    """Where the maximum is: a value, or a whole interval, and what writes the step that shows it.

    `step` is None where the root of the score is it.
    """

    value: Scalar
    step: Callable[[], Step] | None = None
    interval: tuple[Scalar, Scalar] | None = None
    note: str = ""


class Filled:
    """Σ c·g(θ) with numbers for c: its slopes and limits are those of g, which need no number."""

    def __init__(self, pairs: Sequence[tuple[Scalar, Expr]], parameter: Symbol) -> None:
        self.pairs = [(value, function) for value, function in pairs if value != 0]
        self.parameter = parameter

    @property
    def written(self) -> Expr:
        return total(scaled(shown(value), function) for value, function in self.pairs)

    def differentiated(self) -> Expr:
        """The slope as it is written: c·g′(θ), and of several terms on one bar."""
        if len(self.pairs) == 1:
            (coefficient, function), *_ = self.pairs
            return neat(scaled(shown(coefficient), derivative(function, self.parameter)))
        return derivative(self.written, self.parameter)

    def slope(self, point: Scalar) -> float:
        """0 where there is none."""
        at = {self.parameter: point}
        try:
            slopes = [times(c, scalar(derivative(g, self.parameter), at)) for c, g in self.pairs]
            return to_float(reduce(plus, slopes))
        except EvaluationError:
            return 0.0

    def limit(self, end: Expr, side: str) -> float:
        """Its limit at an end of the range: of the terms, unless two of these pull apart."""
        found = sum(to_float(c) * limit_of(g, self.parameter, end, side) for c, g in self.pairs)
        return limit(self.written, self.parameter, end, side) if math.isnan(found) else found

    def unbounded_end(self, low: Expr, high: Expr) -> Expr | None:
        """The end towards which it grows without bound, if there is one."""
        for end, side in ((low, "+"), (high, "-")):
            if self.limit(end, side) == math.inf:
                return end
        return None


def limit_of(function: Expr, parameter: Symbol, end: Expr, side: str) -> float:
    """The limit at an end, which is the value there where the function goes on through it."""
    from mlcalc.maths.compare import is_smooth

    at = scalar(end)
    if not math.isinf(at) and all(map(is_smooth, walk(function))):
        with suppress(EvaluationError):
            return to_float(scalar(function, {parameter: at}))
    return limit(function, parameter, end, side)


def decide(
    objective: Objective,
    pairs: Sequence[tuple[Scalar, Expr]],
    root: Scalar | None,
    low: Expr,
    high: Expr,
    restricted: bool = False,
) -> Verdict:
    """Where the maximum over the closed range lies, the numbers being known.

    The function rises before its only root inside the range and falls after it; without a root
    inside it goes one way only.  Raises `Unsolved` where it has no maximum.
    """
    parameter = objective.parameter
    filled = Filled(pairs, parameter)
    if not filled.pairs:
        return flat(parameter, low, high)
    ends = scalar(low), scalar(high)
    if root is not None and ends[0] < root < ends[1]:
        before, after = map(filled.slope, around(root, *ends))
        if before > 0 > after:
            return Verdict(root)
        grows = filled.unbounded_end(low, high)
        way = f"goes to {one_line(grows)}" if grows is not None else "reaches an end of its range"
        raise Unsolved.because(
            f"the root of the score is no maximum: the function grows as {parameter.spelled} {way}"
        )
    rises = filled.slope(middle(*ends)) > 0
    end, where = (high, ends[1]) if rises else (low, ends[0])
    unbounded = filled.unbounded_end(low, high)
    if unbounded is not None or math.isinf(where):
        raise no_maximum(objective, end if unbounded is None else unbounded, unbounded is None)
    found = partial(end_step, objective, filled, end, rises, restricted)
    return Verdict(where, found, note=at_end(parameter, end))


def end_step(
    objective: Objective, filled: Filled, end: Expr, rises: bool, restricted: bool
) -> Step:
    """Why the maximum is at an end of the range: the function goes one way only."""
    verb, sign = ("rises", ">") if rises else ("falls", "<")
    why = "the root is outside the range" if restricted else "the score has no root in the range"
    return objective.step(
        "look at the ends of the range",
        'function = terms + "constant"',
        f"d_function = slope {sign} 0",
        "theta_hat = end",
        why=f"with these numbers it {verb} on the whole range: {why}, and the largest value is at "
        "the end $theta = end$",
        terms=addends(filled.written), slope=filled.differentiated(), end=end,
    )  # fmt: skip


def at_end(parameter: Symbol, end: Expr) -> str:
    return f"the maximum lies at the end of the range, {one_line(equals(parameter, end))}"


def decide_among(
    objective: Objective,
    pairs: Sequence[tuple[Scalar, Expr]],
    roots: Sequence[Scalar],
    low: Expr,
    high: Expr,
) -> Verdict:
    """The highest of several turning points and of the ends of the range.

    Raises `Unsolved` where the function has no maximum.
    """
    parameter = objective.parameter
    filled = Filled(pairs, parameter)
    if not filled.pairs:
        return flat(parameter, low, high)
    function, ends = filled.written, (scalar(low), scalar(high))
    heights = [
        (to_float(scalar(function, {parameter: root})), root)
        for root in roots
        if ends[0] < root < ends[1]
    ]
    best, where = max(heights, default=(-math.inf, None), key=lambda pair: pair[0])
    for end, side in ((low, "+"), (high, "-")):
        height = filled.limit(end, side)
        if height == math.inf or (height > best and math.isinf(scalar(end))):
            raise no_maximum(objective, end, math.isfinite(height))
        if height > best:
            best, where = height, scalar(end)
    if where is None:
        raise Unsolved.because("the density is zero on the whole range")
    if where not in ends:
        return Verdict(where)
    end = low if where == ends[0] else high
    found = partial(
        objective.step,
        "look at the ends of the range",
        'function = terms + "constant"',
        "theta_hat = end",
        why="no root of the score is as high as the end $theta = end$",
        terms=addends(function), end=end,
    )  # fmt: skip
    return Verdict(where, found, note=at_end(parameter, end))


def no_maximum(objective: Objective, towards: Expr, is_bounded: bool) -> Unsolved:
    grows = "keeps growing" if is_bounded else "grows without bound"
    return Unsolved.because(
        f"the {objective.word} {grows} as {objective.parameter.spelled} goes to "
        f"{one_line(towards)}: there is no maximum"
    )


def flat(parameter: Symbol, low: Expr, high: Expr) -> Verdict:
    a, b = scalar(low), scalar(high)
    if math.isinf(a) or math.isinf(b):
        raise Unsolved.because(f"every value of {parameter.spelled} is equally likely")
    found = partial(
        step,
        "look at the whole range",
        "low <= theta <= high",
        why="the function is constant, so every value is a maximiser; the middle is given",
        low=low, theta=parameter, high=high,
    )  # fmt: skip
    return Verdict((a + b) / 2, found, (a, b), "every value in the range is a maximiser")


def middle(low: Scalar, high: Scalar) -> Scalar:
    """A point well inside the range."""
    if math.isinf(low) and math.isinf(high):
        return Fraction(0)
    if math.isinf(high):
        return low + 1
    return high - 1 if math.isinf(low) else (low + high) / 2


def around(root: Scalar, low: Scalar, high: Scalar) -> tuple[Scalar, Scalar]:
    """A point of the range before the root and one after it."""
    reach = 1 + (root if root >= 0 else -root)
    before = root - reach if math.isinf(low) else (low + root) / 2
    after = root + reach if math.isinf(high) else (root + high) / 2
    return before, after
