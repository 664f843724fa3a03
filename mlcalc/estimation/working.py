"""The lines that every numeric method begins with: the likelihood, its log, the sums, the score.

They look as they do where the score can be solved; what differs is what becomes of the score.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from mlcalc.estimation.letters import N, X
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import OBSERVATION, Sample, Statistics
from mlcalc.estimation.terms import (
    ONE,
    Factors,
    addends,
    has,
    log_of,
    neat,
    negated,
    over_data,
    scaled,
    sum_of,
    total,
)
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line
from mlcalc.maths.calculus import raw_derivative
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, to_float
from mlcalc.maths.numerics.arrays import compiled
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Derivative,
    Expr,
    Indexed,
    Listing,
    Neg,
    Operand,
    Symbol,
    Words,
    free_symbols,
    substitute,
    wrap,
)
from mlcalc.showing.derivation import Step, step

K = Symbol("k")
"""Counts iterations."""


def names_of_data(model: Model) -> tuple[tuple[str, Expr], ...]:
    """What else the sums of the data are called: the k successes are Σ xᵢ, and k/n is x̄."""
    if model.family.total != "k":
        return ()
    mean = Symbol("k") / Symbol("n")
    return (("sum", Symbol("k")), ("mean", mean), ("x_bar", mean))


WHY_THE_LOG = "the logarithm grows with its argument, so the maximum stays where it is"


def log_step(target: Expr, terms: Iterable[Expr], is_dropped: bool) -> Step:
    """The sum of the terms, and of a constant where some were dropped."""
    return step(
        "take the log",
        "target = terms + dropped",
        why=WHY_THE_LOG,
        target=target, terms=[addend for term in terms for addend in addends(term)],
        dropped=Words("constant") if is_dropped else None,
    )  # fmt: skip


def sum_line(statistics: Statistics, function: Expr, known: Mapping[Expr, Expr]) -> Expr | None:
    """Σ T(xᵢ) in numbers; None where they are not known."""
    value, letter = statistics.number(function, known), statistics.letters.get(function)
    if value is None:
        return None
    return line(
        "k = sums = written = value",
        k=letter if letter == Symbol("k") else None, sums=statistics.sum_of(function),
        written=statistics.terms(function, known), value=value,
    )  # fmt: skip


def data_step(size: Expr, lines: Sequence[Expr | None]) -> Step:
    why = "the estimate depends on no more"
    return step("sum up the data", "n = size", *lines, why=why, size=size)


def rewritten(step: Step, show: Callable[[Expr], Expr]) -> Step:
    """The step with each formula of its lines and of its reason written otherwise."""
    blocks = tuple(show(b) if isinstance(b, Expr) else b for b in step.blocks)
    note = step.note
    if not isinstance(note, str):
        note = tuple(show(p) if isinstance(p, Expr) else p for p in note)
    return Step(step.rule, blocks, note, step.substeps)


class Writing:
    """A model and its sample, and the steps that say what is to be maximised."""

    def __init__(self, model: Model, sample: Sample) -> None:
        self.model, self.sample = model, sample
        self.symbols = [unknown.symbol for unknown in model.unknown]
        self.statistics = Statistics(sample, model.family.total)
        self.terms, self.dropped = over_data(
            log_of(model.density), self.symbols, self.statistics.letter
        )

    @property
    def parameters(self) -> Expr:
        return self.symbols[0] if len(self.symbols) == 1 else Listing(tuple(self.symbols))

    @property
    def likelihood(self) -> Expr:
        return line("p(D | theta)", theta=self.parameters)

    @property
    def log_likelihood(self) -> Expr:
        return line("log(p(D | theta))", theta=self.parameters)

    def operator(self, parameter: Symbol, order: int = 1) -> Expr:
        return Derivative(self.log_likelihood, parameter, order, len(self.symbols) > 1)

    @property
    def product(self) -> Expr:
        """∏ f(xᵢ)."""
        return line("product(f, i, 1, n)", f=substitute(self.model.density, {X: OBSERVATION}))

    def likelihood_step(self) -> Step:
        return step(
            "write the likelihood",
            "target = product",
            why="the observations are independent",
            target=self.likelihood, product=self.product,
        )  # fmt: skip

    def log_step(self) -> Step:
        return log_step(self.log_likelihood, map(neat, self.terms), self.dropped)

    def rule(self, parameter: Symbol) -> str:
        if len(self.symbols) == 1:
            return "differentiate"
        return f"differentiate with respect to {one_line(parameter)}"

    def score(self, parameter: Symbol) -> Expr:
        """∂/∂θ of the log-likelihood, the derivative taken inside the sums."""
        slopes = (slope_of(t, parameter) for t in log_of(self.model.density))
        kept = (slope for slope in slopes if exact(slope) != 0)
        return total(self.over_sample(addend) for slope in kept for addend in addends(slope))

    def over_sample(self, term: Expr) -> Expr:
        """Σᵢ of a term: n times one without x, T(x) summed up apart from what is not in x."""
        factors = Factors.of(term)
        of_x, rest = factors.part(has([X])), factors.part(lambda e: not has([X])(e))
        if of_x == ONE:
            piece = scaled(N, rest)
        elif has(self.symbols)(of_x):
            piece = scaled(self.statistics.sum_of(of_x), rest)
        else:
            piece = scaled(sum_of(of_x, self.statistics.letter), rest)
        return neat(negated(piece) if factors.negative else piece)

    def data_step(self, functions: Sequence[Expr]) -> Step:
        """n and the sums of the given functions of x, in numbers."""
        lines = [sum_line(self.statistics, function, self.model.known) for function in functions]
        return data_step(self.sample.size or N, lines)

    def finished(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """The steps with Σᵢ T(xᵢ) printed for each letter."""
        return tuple(self.in_sums(step) for step in steps)

    def in_sums(self, step: Step) -> Step:
        return rewritten(step, self.statistics.shown)

    def notes(self) -> list[Note]:
        family = self.model.family
        return [Note(f"{family.name}.parameterisation", family.note)] if family.note else []

    def no_closed_form(self, *equations: Expr) -> Unsolved:
        """What is said without data: the equation is all that there is."""
        names = " and ".join(u.name for u in self.model.unknown)
        listed = " and ".join(one_line(self.statistics.shown(e)) for e in equations)
        return Unsolved.because(
            f"mlcalc does not solve the score of {names} in letters: the maximum solves "
            f"{listed}; give data, and it is solved in numbers"
        )

    def known_numbers(self) -> dict[Expr, Expr]:
        """The numbers of the known parameters.  Raises `Unsolved` where one is a letter."""
        refuse_letters(open_letters(self.model))
        return dict(self.model.known)


def slope_of(term: Expr, parameter: Symbol) -> Expr:
    """The derivative of a term of a log-density; (log u)′ is u′/u, however large u is."""
    match term:
        case Neg(Call("log", (Add() as inside,), ())) | Call("log", (Add() as inside,), ()):
            signed = Neg(inside) if isinstance(term, Neg) else inside
            above = raw_derivative(signed, parameter)
            return above if exact(above) == 0 else above / inside
        case _:
            return raw_derivative(term, parameter)


def indexed(symbol: Symbol, index: Operand) -> Expr:
    """θ_k beside θ: the value in step k."""
    return Indexed(symbol, (wrap(index),))


def open_letters(model: Model) -> frozenset[Symbol]:
    """The letters of the density that are neither unknown nor given a number."""
    filled = substitute(model.density, dict(model.known))
    own = {X, Symbol("pi"), Symbol("e"), *(u.symbol for u in model.unknown)}
    return free_symbols(filled) - own


def refuse_letters(letters: Collection[Symbol]) -> None:
    if letters:
        listed = ", ".join(sorted(s.spelled for s in letters))
        raise Unsolved.because(
            f"the maximum can only be found in numbers here: give {listed} a value"
        )


def observations(sample: Sample) -> list[Scalar]:
    """The data as numbers.  Raises `Unsolved` where one is a letter."""
    try:
        return [scalar(item) for item in sample.data]
    except EvaluationError:
        raise Unsolved.because("the maximum can only be found with numbers as data") from None


class LogLikelihood:
    """Σ log f(xᵢ) over the data, as a function of floats; −∞ where it has no value.

    `terms` are the logarithms of one observation, `extra` terms that are added once, a log-prior.
    """

    def __init__(
        self,
        terms: Collection[Expr],
        unknown: Sequence[Symbol],
        data: Sequence[Scalar],
        extra: Collection[Expr] = (),
    ) -> None:
        import numpy as np

        self.unknown = tuple(unknown)
        self.terms, self.extra = [compiled(t) for t in terms], [compiled(t) for t in extra]
        often = Counter(map(to_float, data))  # what was observed twice is computed once
        self.data: Any = np.array(list(often), dtype=float)
        self.counts: Any = np.array(list(often.values()), dtype=float)
        self.size = len(data)

    def __call__(self, *point: float) -> float:
        value = self.summed(*point)
        return -math.inf if math.isnan(value) else value

    def summed(self, *point: float) -> float:
        import numpy as np

        at: dict[Symbol, Any] = dict(zip(self.unknown, map(np.float64, point), strict=True))
        parts: list[float] = []
        with np.errstate(all="ignore"):
            for term in self.terms if len(self.data) else ():
                value = term({**at, X: self.data})
                if np.ndim(value):
                    parts.extend((np.asarray(value) * self.counts).tolist())
                else:
                    parts.append(float(value) * self.size)
            parts += [float(term(at)) for term in self.extra]
        try:
            return math.fsum(parts)
        except (ValueError, OverflowError):  # ∞ − ∞
            return math.nan
