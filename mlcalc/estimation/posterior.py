"""What a prior and data make together: the posterior by name, its moments, the evidence.

A posterior is recognised by its logarithm: if that is Σ cᵢ·functionᵢ with the functions of a
family, it is a member of it, whatever the prior was called, and its hyperparameters are read off
the coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.family import Prior, fact
from mlcalc.estimation.letters import CONSTANT_LETTERS
from mlcalc.estimation.maximum import value_of, worked_out
from mlcalc.estimation.priors import VARIABLE, is_open, priors
from mlcalc.estimation.terms import Term, collected, renamed, scaled
from mlcalc.maths.board import Note
from mlcalc.maths.calculus import NotPolynomial, coefficients, simplified
from mlcalc.maths.compare import same
from mlcalc.maths.evaluate import exact, scalar, scalar_or_none
from mlcalc.maths.functions import EvaluationError, Scalar, Unbound
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Call,
    Decimal,
    Expr,
    Number,
    Symbol,
    call,
    equals,
    free_symbols,
    map_parts,
    substitute,
)
from mlcalc.showing.derivation import Answer, Result, Step, number_answer, step


class Named(Record):
    """A member of a family: its hyperparameters by name."""

    family: Prior
    hyperparameters: Mapping[str, Expr]

    @property
    def call(self) -> Call:
        """beta(17, 185) or gamma(shape=10, rate=7/2), as an answer gives it."""
        if self.family.in_order:
            return Call(self.family.name, tuple(self.hyperparameters.values()))
        return Call(self.family.name, (), tuple(self.hyperparameters.items()))

    def formula(self, text: str) -> Expr:
        """A formula of the family with the hyperparameters in."""
        own = {self.family.letters[name]: value for name, value in self.hyperparameters.items()}
        return renamed(fact(text), own)

    def value(self, text: str, t: Expr | None = None) -> Scalar | None:
        """What a formula of the family comes to, at t; None where letters are left.

        Raises `EvaluationError` where it is no number.
        """
        own: dict[Expr, Expr] = {
            Symbol.named(self.family.letters[name]): value
            for name, value in self.hyperparameters.items()
        }
        return value_of(fact(text), own if t is None else {**own, VARIABLE: t})

    def number(self, text: str, t: Expr | None = None) -> Scalar:
        """The same where no letter is left."""
        found = self.value(text, t)
        if found is None:
            raise Unbound("a hyperparameter has no value")
        return found

    def moment(self, name: str) -> str:
        """The formula of the mean or the variance, in the letters of the family."""
        return self.family.mean if name == "posterior_mean" else self.family.variance

    def has_moment(self, name: str) -> bool:
        """Whether it is finite, as far as the hyperparameters are numbers."""
        text = self.family.finite.get(name.removeprefix("posterior_"))
        value = None if text is None else self.value(text)
        return value is None or value > 0

    def settled(self, values: Mapping[Expr, Expr], first: Sequence[Symbol]) -> Named:
        """With the numbers in, and computed where no letter is left."""
        return Named(
            self.family, {n: reduced(e, values, first) for n, e in self.hyperparameters.items()}
        )

    @property
    def is_proper(self) -> bool:
        """Whether the hyperparameters, as far as they are numbers, are possible."""
        values = {n: exact(e) for n, e in self.hyperparameters.items()}
        return all(v is None or v > 0 for n, v in values.items() if n in self.family.positive)


def reduced(expression: Expr, values: Mapping[Expr, Expr], first: Sequence[Symbol]) -> Expr:
    has_constants = free_symbols(expression) & CONSTANT_LETTERS
    value = None if has_constants else value_of(expression, values)
    if value is None:
        return simplified(substitute(expression, values), tuple(first))
    return Decimal(value) if isinstance(value, float) else Number(value)


@lru_cache(maxsize=256)
def recognised(
    terms: tuple[Term, ...], parameter: Symbol, first: tuple[Symbol, ...]
) -> Named | None:
    """The family whose functions the terms have, with the hyperparameters in letters."""
    spread = expanded(terms, parameter)
    for prior in priors().values():
        functions = natural_of(prior, parameter)
        if functions and set(spread) <= set(functions) and functions[-1] in spread:
            found = member(prior, spread, parameter).hyperparameters
            return Named(prior, {n: simplified(e, first) for n, e in found.items()})
    return None


def is_cut_off(named: Named, engine: ByScore) -> bool:
    """Whether the range of the parameter is a part of the family's domain, or may be."""
    assert engine.prior is not None
    if any(map(is_open, engine.prior.ends)):
        return True
    whole = [scalar(fact(end)) for end in named.family.domain]
    return whole != list(map(scalar, engine.range_of(engine.model.unknown[0])))


def natural_of(prior: Prior, parameter: Symbol) -> list[Expr]:
    return [renamed(fact(text), {VARIABLE.name: parameter}) for text in prior.natural]


def member(prior: Prior, spread: Mapping[Expr, Expr], parameter: Symbol) -> Named:
    """The member of a family whose log-density has these coefficients."""
    zero = Number(Fraction(0))
    functions = enumerate(natural_of(prior, parameter), 1)
    found = {f"c{i}": spread.get(function, zero) for i, function in functions}
    return Named(prior, {n: renamed(fact(f), found) for n, f in prior.from_natural.items()})


def expanded(terms: Sequence[Term], parameter: Symbol) -> dict[Expr, Expr]:
    """The coefficient of each function, (μ − μ₀)² multiplied out into μ and μ²."""
    found: list[Expr] = []
    for term in terms:
        try:
            powers = coefficients(term.function, parameter)
        except NotPolynomial:
            found.append(term.written)
            continue
        for power, coefficient in enumerate(powers):
            if power and exact(coefficient) != 0:
                theta = parameter if power == 1 else parameter**power
                found.append(scaled(scaled(coefficient, term.coefficient), theta))
    return {term.function: term.coefficient for term in collected(found, parameter)}


MOMENTS = {"posterior_mean": "E", "posterior_variance": "Var"}


def posterior_answers(settled: Named, event: Expr, engine: ByScore) -> list[Answer]:
    """The posterior with the numbers in, its mean and its variance."""
    statistics = engine.statistics
    answers = [
        Answer("posterior", statistics.claimed(settled.call), statistics.shown(settled.call))
    ]
    for moment, operator in MOMENTS.items():
        text, symbol = settled.moment(moment), call(operator, event)
        with suppress(EvaluationError):
            if not settled.has_moment(moment):
                continue
            value = settled.value(text)
            if value is not None:
                answers.append(number_answer(moment, value, symbol))
                continue
            short = tidied(settled.formula(text), engine.first)
            claimed = statistics.claimed(short)
            answers.append(Answer(moment, claimed, statistics.shown(short), symbol))
    return answers


def posterior_step(
    named: Named, settled: Named, event: Expr, engine: ByScore, prior_family: str
) -> Step:
    """The posterior named, with its moments worked out."""
    show, family = engine.statistics.shown, named.family
    lines = []
    for moment, operator in MOMENTS.items():
        formula = settled.formula(settled.moment(moment))
        if free_symbols(formula):
            members: list[Expr] = [show(tidied(formula, engine.first))]
        elif scalar_or_none(formula) is None or not settled.has_moment(moment):
            continue
        else:
            is_formula = len(settled.hyperparameters) > 1
            members = [*([formula] if is_formula else []), *worked_out(formula)]
        lines.append(equals(call(operator, event), *members))
    kind = family.name.replace("_", " ")
    is_same = family.name == prior_family
    why = f"its logarithm has the terms of a {kind} density"
    why += ", like the prior's: they are conjugate" * is_same
    moments = step("work out its mean and variance", *lines, of=tuple(MOMENTS))
    return step(
        "name the posterior", "event ~ general", "event ~ numbers" if settled != named else None,
        why=why, event=event, general=show(named.call), numbers=show(settled.call),
        substeps=(moments,) if lines else (),
    )  # fmt: skip


def tidied(formula: Expr, first: Sequence[Symbol]) -> Expr:
    """Each sum in a formula collected on its own, so that its products stay products."""
    if isinstance(formula, Add):
        return simplified(formula, tuple(first))
    return map_parts(formula, lambda part: tidied(part, first))


def mode_notes(estimate: Answer, mean: Answer | None) -> list[Note]:
    """That the mode is not the mean, where it is not: a normal posterior has them in one place."""
    if mean is None:
        text = "the estimate is the mode of the posterior, which need not be its mean"
    elif is_alike(estimate.value, mean.value):
        return []
    else:
        text = "the estimate is the mode of the posterior, not its mean"
    return [Note("map.mode", text)]


def is_alike(one: Result, other: Result) -> bool:
    """Whether two answers are one number, one formula, or the same by category."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return all(is_alike(one[label], other[label]) for label in one)
    if isinstance(one, Expr) and isinstance(other, Expr):
        return same(one, other) is True
    return one == other
