"""Events and censored items: the likelihood of both, its log, and the sums over both.

An event at x contributes its density f(x), an item that still ran at time c the probability
S(c) = P(X > c) of lasting longer (Klein and Moeschberger, "Survival Analysis", section 3.5).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property

from mlcalc.estimation.letters import N, X
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import OBSERVATION, Sample, Statistics
from mlcalc.estimation.terms import log_of, over_data
from mlcalc.estimation.working import LogLikelihood, Writing, observations, rewritten
from mlcalc.maths.board import line
from mlcalc.maths.tree import (
    BigOp,
    Expr,
    Indexed,
    Neg,
    Number,
    Symbol,
    equals,
    free_symbols,
    shown,
    substitute,
)
from mlcalc.showing.derivation import Step, step

EVENTS, MISSED, J = Symbol("r"), Symbol("m"), Symbol("j")
TIME = Indexed(Symbol("c"), (J,))
SURVIVAL = "S"


class Lifetimes:
    """A model with its events, its censoring times, and what both of them are written with."""

    def __init__(self, model: Model, sample: Sample, late: Sample, survival: Expr) -> None:
        self.model, self.sample, self.late, self.survival = model, sample, late, survival
        self.writing = Writing(model, sample)
        self.symbols = self.writing.symbols
        self.tail_terms = log_of(survival)
        self.ends = Statistics(late, "sum")
        # The sums over censoring times need letters that differ from those over the events.
        self.ends.letters = {X: Symbol("sum", "c")}
        self.events, self.times = observations(sample), observations(late)
        self.writing.known_numbers()

    def survival_step(self) -> Step:
        return step(
            "write the survival function",
            'S(x) = P("X > x") = survival',
            why="the probability to last longer than x",
            survival=self.survival,
        )

    def likelihood_step(self) -> Step:
        return step(
            "write the likelihood",
            "likelihood = events*missed",
            why="$r$ events and $m$ censored items; an event contributes its density, a censored "
            "item the probability of lasting longer",
            likelihood=self.writing.likelihood,
            events="product(f, i, 1, r)" if self.events else None,
            missed="product(survival, j, 1, m)" if self.times else None,
            f=substitute(self.model.density, {X: OBSERVATION}),
            survival=substitute(self.survival, {X: TIME}),
        )

    def shown(self, step: Step) -> Step:
        """The step with sums for their letters, and r for the number of events."""
        return rewritten(self.writing.in_sums(step), self.over_times)

    def over_times(self, expression: Expr) -> Expr:
        sums: dict[Expr, Expr] = {
            letter: sum_over_times(function) for function, letter in self.ends.letters.items()
        }
        return substitute(expression, {**sums, N: EVENTS})

    def end_letter(self, function: Expr) -> Symbol:
        """The letter of Σⱼ function(cⱼ)."""
        if function not in self.ends.letters:
            self.ends.letters[function] = Symbol("C", f"T{len(self.ends.letters)}")
        return self.ends.letters[function]

    def numbers(self) -> dict[Expr, Expr]:
        found = dict(self.model.known)
        found |= {N: Number(Fraction(len(self.events))), MISSED: Number(Fraction(len(self.times)))}
        for statistics, data in ((self.writing.statistics, self.events), (self.ends, self.times)):
            for function, letter in statistics.letters.items():
                sums = statistics.number(function, self.model.known) if data else Fraction(0)
                if sums is not None:
                    found[letter] = shown(sums)
        return found

    def data_step(self) -> Step:
        numbers = self.numbers()
        lines = [line("r = events", events=numbers[N]), line("m = missed", missed=numbers[MISSED])]
        for statistics, data, sums_of in (
            (self.writing.statistics, self.events, self.writing.statistics.sum_of),
            (self.ends, self.times, sum_over_times),
        ):
            for function, letter in statistics.letters.items():
                if data and self.is_used(letter) and letter in numbers:
                    written = statistics.terms(function, self.model.known)
                    lines.append(equals(*filter(None, (sums_of(function), written)),
                                        numbers[letter]))  # fmt: skip
        return step("sum up the data", *lines, why="the estimate depends on no more")

    def is_used(self, letter: Symbol) -> bool:
        late, _ = over_data(self.tail_terms, self.symbols, self.end_letter)
        return any(letter in free_symbols(t) for t in (*self.writing.terms, *late))

    def objective(self, *point: float) -> float:
        """log p(D | θ), constants included; −∞ where it has no value."""
        value = self.unchecked(*point)
        return -math.inf if math.isnan(value) else value

    @cached_property
    def unchecked(self) -> Callable[..., float]:
        return self.summed(log_of(self.model.density), self.tail_terms)

    def summed(self, own: Sequence[Expr], late: Sequence[Expr]) -> Callable[..., float]:
        """Terms over the events and terms over the censoring times, added up."""
        known = dict(self.model.known)
        filled = [[substitute(t, known) for t in part] for part in (own, late)]
        events = LogLikelihood(filled[0], self.symbols, self.events)
        times = LogLikelihood(filled[1], self.symbols, self.times)
        return lambda *point: events.summed(*point) + times.summed(*point)


def sum_over_times(function: Expr) -> Expr:
    """Σⱼ T(cⱼ)."""
    if isinstance(function, Neg):
        return Neg(sum_over_times(function.operand))
    return BigOp("sum", substitute(function, {X: TIME}), J)
