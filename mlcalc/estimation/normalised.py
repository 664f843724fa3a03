"""Whether a density that was typed is one: what it integrates, or sums up, to over its support.

That is found in numbers, at a few values of the parameters.  A constant factor is no fault, since
it does not move the maximum; what cannot be told surely is not held against the density.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from mlcalc.estimation.family import COUNTS, NUMBERS, Family, Support, fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, X
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.own_density import TypedDensity
from mlcalc.estimation.question import Question
from mlcalc.estimation.terms import log_of, natural_range
from mlcalc.files.errors import Invalid, Place
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, to_float
from mlcalc.maths.numerics.arrays import compiled
from mlcalc.maths.numerics.quadrature import Integral, integral
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Expr,
    Listing,
    Number,
    Symbol,
    free_symbols,
    substitute,
    walk,
)

EXACT = 1e-6
"""A total is told to this at best."""

UNSURE = 0.01
"""A total that is known less well is not held against the density."""

MOST_SUMMED = 4000
"""Of infinitely many whole numbers that many are summed up."""

MOST_BENDS = 20
"""A density may bend at an observation; with many of them the pieces are small anyway."""

BEYOND = (0.7, 1.6, 2.3)
"""Values tried for a parameter with one end to its range: that far from it."""

SHARES = (0.3, 0.6, 0.8)
"""And where the range has two ends: at these shares of it."""

WHOLE = (3.0, 5.0, 4.0)
"""And for a letter in C(m, x) or m!."""

SUPPORTS = (
    NUMBERS,
    Support("", "0", ends="()"),
    Support("", "0", "1", ends="()"),
    COUNTS,
    Support("", "1", whole=True),
    Support("", "0", "1", whole=True),
)
"""Tried in this order where none was typed."""

Point = Mapping[Symbol, float]


class Mass(Record):
    """The total over one support at each of the points: an integral, or a sum."""

    support: Support
    totals: Sequence[tuple[Point, Integral]]

    @property
    def told(self) -> list[tuple[Point, Integral]]:
        finite = [(at, t) for at, t in self.totals if EXACT < t.value < math.inf]
        return [(at, total) for at, total in finite if slack(total) < UNSURE]

    @property
    def is_one(self) -> bool:
        told = self.told
        return bool(told) and all(abs(t.value - 1) <= slack(t) for _, t in told)

    @property
    def is_constant(self) -> bool:
        """Whether it does not depend on the parameters."""
        values = [t for _, t in self.told]
        return len(values) > 1 and all(
            abs(t.value - values[0].value) <= slack(t) + slack(values[0]) for t in values
        )

    @property
    def settled(self) -> list[tuple[Point, Integral]]:
        """The totals that are told, infinite ones among them."""
        told = self.told
        return [pair for pair in self.totals if pair in told or pair[1].value == math.inf]

    @property
    def is_wrong(self) -> bool:
        """Whether it is finite somewhere, and is surely no constant."""
        return bool(self.told) and len(self.settled) > 1 and not self.is_constant

    @property
    def is_endless(self) -> bool:
        return all(t.value == math.inf for _, t in self.totals)

    @property
    def is_sum(self) -> bool:
        return self.support.whole or bool(self.support.values)

    @property
    def verb(self) -> str:
        return "sums up" if self.is_sum else "integrates"

    @property
    def noun(self) -> str:
        return "sum" if self.is_sum else "integral"

    @property
    def range(self) -> Expr:
        if self.support.values:
            return Listing(tuple(map(fact, self.support.values)))
        relation = "<=" if self.support.whole else "<"
        low, high = fact(self.support.low), fact(self.support.high)
        if self.support.whole and high == Symbol("inf"):
            return Chain(X, ((">=", low),))
        return Chain(low, ((relation, X), (relation, high)))


def slack(total: Integral) -> float:
    return max(EXACT, 10 * total.error)


def checked(asked: Question) -> list[Note]:
    """Notes on the density that was typed.  Raises `Invalid` where it is none."""
    typed = asked.typed_density
    if asked.model.family.is_likelihood:
        return []
    assert typed is not None
    hint = "correct the support" if typed.has_support else "write its support"
    masses: list[Mass] = []
    for support in supports(asked):
        mass = Mass(support, list(totals(asked, support)))
        if mass.is_one:
            return [] if support == asked.model.family.support else [support_note(mass)]
        if mass.totals:
            masses.append(mass)
    constant = next((mass for mass in masses if mass.is_constant), None)
    if constant is not None:
        return [constant_note(constant, asked)]
    varying = next((mass for mass in masses if mass.is_wrong), None)
    if varying is not None:
        raise Invalid.at(f"{varying_message(varying)}, or {hint}", typed.place)
    endless = [mass for mass in masses if mass.is_endless]
    if endless and not any(mass.told for mass in masses):
        where, noun = one_line(endless[0].range), endless[0].noun
        message = f"this is no density: its {noun} over {where} is infinite; {hint}"
        raise Invalid.at(message, typed.place)
    return []


def is_density_of(formula: Expr, letter: Symbol, parameter: Symbol) -> bool:
    """Whether a formula in letters is a density of one of them, over a usual support."""
    density = substitute(formula, {letter: X})
    unknown = Unknown(parameter.spelled, parameter, natural_range(density, parameter))
    return is_density(Model(Family(name="own density"), density, (unknown,), {}))


def is_density(model: Model, limits: tuple[Expr, Expr] | None = None) -> bool:
    """Whether a formula integrates, or sums up, to 1 over its support, or over a usual one."""
    has_support = model.family.support != NUMBERS
    asked = Question(model, limits=limits, typed_density=TypedDensity(Place(""), has_support, 1))
    return any(Mass(s, list(totals(asked, s))).is_one for s in supports(asked))


def supports(asked: Question) -> Iterator[Support]:
    """What the density may be meant over: all that was typed, or the whole numbers in it."""
    own = asked.model.family.support
    typed = asked.typed_density
    if own.values:
        yield own
        return
    found = [own, replace(own, whole=True)] if typed and typed.has_support else SUPPORTS
    if counted(asked.model.density) & {X}:
        found = [support for support in found if support.whole]
    for support in found:
        if not support.whole or all(is_whole(end) for end in (support.low, support.high)):
            data = [value for item in asked.sample.data if (value := exact(item)) is not None]
            with suppress(EvaluationError):  # an end may be a letter
                if not all(map(support.allowing({}), data)):
                    continue
            yield support


def is_whole(end: str) -> bool:
    value = exact(fact(end))
    return value is None or value.denominator == 1


# The totals.


def totals(asked: Question, support: Support) -> Iterator[tuple[Point, Integral]]:
    """The total at each point where the ends of the support have values in order."""
    density = asked.model.density
    terms, whole = [compiled(term) for term in log_of(density)], compiled(density)
    numbers = {to_float(node.value) for node in walk(density) if isinstance(node, Number)}
    data = {to_float(scalar(x)) for x in asked.sample.data[:MOST_BENDS] if not free_symbols(x)}
    for at in points(asked):
        try:
            low, high = (to_float(scalar(fact(e), at)) for e in (support.low, support.high))
        except EvaluationError:
            continue

        def function(x: Any, at: Point = at) -> Any:
            import numpy as np

            with np.errstate(all="ignore"):
                found = np.exp(sum(term({**at, X: x}) for term in terms)) + 0 * x
                # A factor may have no logarithm where another one is 0: (θ − x)·𝟙(x ≤ θ).
                return np.where(np.isnan(found) & (whole({**at, X: x}) == 0), 0.0, found)

        if support.values:
            values = [to_float(scalar(fact(value), at)) for value in support.values]
            yield at, sum_over(function, values)
        elif support.whole and -math.inf < low < high:
            most = min(high, low + MOST_SUMMED)
            steps = [low + step for step in range(int(most - low) + 1)]
            yield at, sum_over(function, steps, high > most)
        elif low < high and not support.whole:
            pairs = [
                (a, side * b) for a in at.values() for b in {1.0, *numbers} for side in (-1, 1)
            ]
            moved = {end for a, b in pairs for end in (a + b, a * b)}
            yield at, integral(function, low, high, {0.0, *numbers, *data, *at.values(), *moved})


def sum_over(
    function: Callable[[Any], Any], values: Sequence[float], goes_on: bool = False
) -> Integral:
    """The sum; what is left out is about n times the last of n terms, where they go on."""
    import numpy as np

    found = [float(term) for term in function(np.array(values))]
    if any(map(math.isnan, found)):
        return Integral(math.nan)
    total = math.fsum(found) if max(found) < math.inf else math.inf
    rest = len(found) * found[-1] if goes_on else 0.0
    return Integral(total, rest) if rest <= UNSURE * total < math.inf else Integral(math.inf)


def points(asked: Question) -> list[Point]:
    """A few values of all letters, inside the ranges that the logarithms in the density leave."""
    density = asked.model.density
    letters = sorted(free_symbols(density) - {X} - CONSTANT_LETTERS, key=lambda s: s.spelled)
    columns = [tried(asked, letter) for letter in letters]
    return [
        {s: column[(row + place) % len(column)]
         for place, (s, column) in enumerate(zip(letters, columns, strict=True))}
        for row in range(len(SHARES))
    ]  # fmt: skip


def tried(asked: Question, letter: Symbol) -> Sequence[float]:
    density, unknown = asked.model.density, asked.model.unknown[0].symbol
    moves = asked.model.family.support.whole and letter in indicated(density)
    if moves or letter in counted(density):
        return WHOLE
    ends: Sequence[Expr] = [fact(end) for end in natural_range(density, letter)]
    if letter == unknown and asked.choices:
        return [to_float(scalar(value)) for value in asked.choices]
    if letter == unknown and asked.limits is not None:
        ends = asked.limits
    low, high = (to_float(scalar(end)) for end in ends)
    if math.isfinite(low) and math.isfinite(high):
        return [low + share * (high - low) for share in SHARES]
    if math.isfinite(high):
        return [high - far for far in BEYOND]
    # Of any number, one between 0 and 1 first: it is in more ranges than others are.
    return [low + far for far in BEYOND] if math.isfinite(low) else [0.7, -0.4, 0.3]


def counted(density: Expr) -> set[Symbol]:
    """The letters of which C(m, x) and x! are taken."""
    calls = [node for node in walk(density) if isinstance(node, Call)]
    counts = [node for node in calls if node.name in ("binomial", "factorial")]
    return {letter for node in counts for letter in free_symbols(node)}


def indicated(density: Expr) -> frozenset[Symbol]:
    """The letters of x ≤ θ and the like."""
    calls = [node for node in walk(density) if isinstance(node, Call) and node.name == "indicator"]
    return frozenset().union(*map(free_symbols, calls))


# What is said.


def support_note(mass: Mass) -> Note:
    words = "a whole number with " if mass.support.whole else ""
    text = (f"x is taken to be {words}", mass.range, f", where the density {mass.verb} to 1")
    return Note("density.support", text)


def constant_note(mass: Mass, asked: Question) -> Note:
    value, theta = Decimal(mass.told[0][1].value), asked.model.unknown[0].symbol
    text = (
        "over ", mass.range, f" the density {mass.verb} to ", value, ", not to 1, whatever ", theta,
        " is: this constant does not move the maximum, but log-likelihoods are those of the "
        "formula as it was typed",
    )  # fmt: skip
    return Note("density.constant", text)


def varying_message(mass: Mass) -> str:
    wrong = [(at, t) for at, t in mass.settled if abs(t.value - 1) > slack(t)]
    wrong = sorted(wrong, key=lambda pair: math.isinf(pair[1].value))[:2]
    said = " and to ".join(f"{valued(total)} where {named(at)}" for at, total in wrong)
    return (
        f"this is no density: over {one_line(mass.range)} it {mass.verb} to {said}, not to 1; "
        f"divide the formula by its {mass.noun}"
    )


def valued(total: Integral) -> str:
    return "∞" if total.value == math.inf else f"{total.value:.5g}"


def named(at: Point) -> str:
    return " and ".join(f"{s.spelled} = {value:g}" for s, value in at.items())
