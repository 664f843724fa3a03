"""The shape of a gamma distribution: a digamma equation, solved by Newton's method.

Where the rate (or scale) is unknown too, it is eliminated first, and log α − ψ(α) = s remains,
where s = log x̄ − the mean of the log xᵢ is never negative.  Start values: Thom (1958), "A note
on the gamma distribution"; Minka (2000), "Estimating a Dirichlet distribution", appendix C, for
ψ(α) = c.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from mlcalc.derivation import Prose, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, log, to_float
from mlcalc.maths.letters import free_letter
from mlcalc.maths.numerics.roots import Trail, newton
from mlcalc.maths.numerics.special import (
    digamma,
    log_minus_digamma,
    log_minus_digamma_slope,
    trigamma,
)
from mlcalc.maths.tree import (
    Chain,
    Decimal,
    Derivative,
    Expr,
    Number,
    Symbol,
    call,
    equals,
    shown,
    substitute,
)
from mlcalc.probability.certify import certified, certified_point
from mlcalc.probability.iterations import closing, table
from mlcalc.probability.letters import N, X
from mlcalc.probability.maximum import Objective, score_step
from mlcalc.probability.model import Model
from mlcalc.probability.roots import find_root
from mlcalc.probability.sample import Sample
from mlcalc.probability.terms import collected
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import K, Writing, indexed, observations, open_letters

MEAN = Symbol("x", accent="bar")
PSI = "ψ, the digamma function, is the derivative of log Γ"
LOG_X = call("log", X)
SERIES_BELOW = 0.01
"""Nearer to 1 than this r − 1 − log r is summed as a series, since the difference would cancel."""


def working(model: Model, sample: Sample) -> Working:
    """The estimates of the shape, and of the rate or scale where that is unknown.

    Raises `Unsolved` without data (no closed form) and where all observations are equal.
    """
    return GammaShape(model, sample).working()


class GammaShape:
    def __init__(self, model: Model, sample: Sample) -> None:
        self.model, self.sample = model, sample
        self.writing = Writing(model, sample)
        self.shape = model.unknown[0]
        self.other = model.unknown[1] if len(model.unknown) > 1 else None
        self.is_scale = "scale" in model.family.parameters
        taken = {*self.writing.symbols, *model.known, *open_letters(model)}
        self.s = free_letter(taken, "sctq")

    def working(self) -> Working:
        steps = [self.writing.likelihood_step(), self.writing.log_step()]
        alpha = self.shape.symbol
        if self.other is not None:
            objective = self.objective(self.other.symbol)
            root = find_root(objective)
            neat = MEAN / alpha if self.is_scale else alpha / MEAN
            lines = (*root.step.blocks, equals(self.other.hat, neat))
            note = ("the mean is ", equals(MEAN, self.mean_of(X)))
            steps += [score_step(objective), Step(root.step.rule, lines, note)]
        steps.append(self.shape_score())
        equation = Chain(self.function, (("=", self.right_side),))
        if not self.sample.data:
            raise self.writing.no_closed_form(equation)
        self.writing.known_numbers()
        data = observations(self.sample)
        c = self.constant(data)
        divided = "put this in and divide by n" if self.other else "divide by n and rearrange"
        lines = (equals(self.function, self.s),
                 equals(self.s, self.right_side, *self.filled(), Decimal(c)))  # fmt: skip
        steps += [Step(divided, lines, "it is solved in numbers")]
        start, start_step = self.start(c)
        trail = self.solved(c, start)
        steps += [start_step, self.newton_step(trail), self.reading_step(trail.root, data)]
        steps.append(self.check_step())
        first = self.writing.data_step([X, LOG_X] if self.other else [LOG_X])
        estimates = [Estimate(self.shape, trail.root)]
        if self.other is not None:
            estimates.append(Estimate(self.other, self.other_value(trail.root, data)))
        loglik = self.log_likelihood(data)
        point = tuple(to_float(e.value) for e in estimates if e.value is not None)
        certificate = (
            certified(lambda a: loglik((a,)), point[0], 0.0)
            if self.other is None
            else certified_point(loglik, point, [(0.0, math.inf)] * 2)
        )
        notes = (*self.writing.notes(), certificate)
        return Working(
            self.writing.finished([first, *steps]), tuple(estimates), notes, loglik(point)
        )

    # The equation.

    def objective(self, parameter: Symbol) -> Objective:
        terms = collected(self.writing.terms, parameter)
        first = (*self.writing.statistics.letters.values(), N)
        return Objective(
            self.writing.log_likelihood, parameter, terms, first, self.other is not None
        )

    def shape_score(self) -> Step:
        alpha = self.shape.symbol
        score = equals(self.writing.operator(alpha), self.writing.score(alpha))
        return Step(self.writing.rule(alpha), (score,), PSI)

    @property
    def function(self) -> Expr:
        """The side of the equation that has the shape in it."""
        alpha = self.shape.symbol
        psi = call("digamma", alpha)
        return psi if self.other is None else call("log", alpha) - psi

    @property
    def slope(self) -> Expr:
        alpha = self.shape.symbol
        trigamma_of = call("trigamma", alpha)
        return trigamma_of if self.other is None else 1 / alpha - trigamma_of

    @property
    def right_side(self) -> Expr:
        mean = self.mean_of(LOG_X)
        if self.other is not None:
            return call("log", MEAN) - mean
        given = call("log", self.known)
        return mean - given if self.is_scale else given + mean

    @property
    def known(self) -> Expr:
        """The rate or scale that is known: the letter of the density, which may be the user's."""
        own = Symbol.named(list(self.model.family.parameters)[1])
        return own if own in self.model.known else next(iter(open_letters(self.model)), own)

    def mean_of(self, function: Expr) -> Expr:
        return self.writing.statistics.letter(function) / N

    def filled(self) -> list[Expr]:
        """The right side with the sums as numbers."""
        size = self.sample.size or N
        logs = self.writing.statistics.number(LOG_X, {})
        assert logs is not None
        mean = shown(logs) / size
        if self.other is not None:
            sums = self.writing.statistics.number(X, {})
            assert sums is not None
            return [call("log", shown(sums) / size) - mean]
        given = call("log", substitute(self.known, self.model.known))
        return [mean - given if self.is_scale else given + mean]

    def constant(self, data: Sequence[Scalar]) -> float:
        """The right side in full precision.  Raises `Unsolved` where the equation has no root."""
        n = len(data)
        if self.other is not None:
            centre = sum(data, Fraction(0)) / n
            s = math.fsum(above_log(x / centre) for x in data) / n
            if s <= 0:
                raise Unsolved.because(
                    "there is no maximum: all observations are equal, or too nearly so for a "
                    f"double, and the likelihood grows without bound as {self.shape.name} goes to ∞"
                )
            return s
        given = to_float(scalar(substitute(self.known, self.model.known)))
        logs = math.fsum(to_float(log(x)) for x in data) / n
        return logs - math.log(given) if self.is_scale else math.log(given) + logs

    # The iterations.

    def start(self, c: float) -> tuple[float, Step]:
        alpha, s, one = self.shape.symbol, self.s, Number(Fraction(1))
        note: Prose = "Minka's approximation of the inverse of ψ"
        formula: Expr
        if self.other is not None:
            value = (1 + math.sqrt(1 + 4 * c / 3)) / (4 * c)
            formula = (1 + call("sqrt", 1 + 4 * s / 3)) / (4 * s)
            series = Chain(self.function, (("~=", 1 / (2 * alpha) + 1 / (12 * alpha**2)),))
            note = ("Thom's approximation: with ", series, " the equation is a quadratic one")
        elif c >= -2.22:
            value, formula = math.exp(c) + 0.5, call("exp", s) + Fraction(1, 2)
        else:
            value, formula = -1 / (c - digamma(1)), -(1 / (s - call("digamma", one)))
        chain = equals(indexed(alpha, 0), formula, Decimal(value))
        return value, Step("choose a start", (chain,), note)

    def solved(self, c: float, start: float) -> Trail:
        if self.other is not None:
            return newton(
                lambda a: log_minus_digamma(a) - c, log_minus_digamma_slope, start, low=0.0
            )
        return newton(lambda a: digamma(a) - c, trigamma, start, low=0.0)

    def newton_step(self, trail: Trail) -> Step:
        alpha = self.shape.symbol
        here, there = indexed(alpha, K), indexed(alpha, K + 1)
        swap: dict[Expr, Expr] = {alpha: here}
        gap = self.function - self.s
        quotient = substitute(gap, swap) / substitute(self.slope, swap)
        rule = equals(there, here - quotient)
        shown_table = table(trail, here, substitute(gap, swap))
        return Step("iterate by Newton's method", (rule, shown_table), closing(trail))

    # The result.

    def reading_step(self, root: float, data: Sequence[Scalar]) -> Step:
        lines: list[Expr] = [equals(self.shape.hat, Decimal(root))]
        if self.other is not None:
            mean = shown(sum(data, Fraction(0)) / len(data))
            shape = Decimal(root)
            formula, filled = (
                (MEAN / self.shape.hat, mean / shape)
                if self.is_scale
                else (self.shape.hat / MEAN, shape / mean)
            )
            value = Decimal(self.other_value(root, data))
            lines.append(equals(self.other.hat, formula, filled, value))
        return Step("read off the estimate", tuple(lines))

    def other_value(self, root: float, data: Sequence[Scalar]) -> float:
        mean = to_float(sum(data, Fraction(0)) / len(data))
        return mean / root if self.is_scale else root / mean

    def check_step(self) -> Step:
        zero = Number(Fraction(0))
        if self.other is None:
            alpha = self.shape.symbol
            second = -(N * call("trigamma", alpha))
            chain = Chain(
                Derivative(self.writing.log_likelihood, alpha, 2), (("=", second), ("<", zero))
            )
            note = "ψ′ is positive, so the score falls everywhere and this is the only maximum"
            return Step("check that it is a maximum", (chain,), note)
        chain = Chain(self.slope, (("<", zero),))
        why: Prose = ("the left side of the equation falls from ∞ to 0, so it is ", self.s,
                " once: the score is positive before it and negative after it")  # fmt: skip
        return Step("check that it is a maximum", (chain,), why)

    def log_likelihood(self, data: Sequence[Scalar]) -> Callable[[tuple[float, ...]], float]:
        """log p(D | α, β) as a function of the unknown parameters, constants included."""
        n, sums = len(data), to_float(sum(data, Fraction(0)))
        logs = math.fsum(to_float(log(x)) for x in data)
        given = None
        if self.other is None:
            given = to_float(scalar(substitute(self.known, self.model.known)))

        def at(point: tuple[float, ...]) -> float:
            shape, other = point[0], point[1] if given is None else given
            rate = 1 / other if self.is_scale else other
            return math.fsum(
                (n * shape * math.log(rate), (shape - 1) * logs, -rate * sums,
                 -n * math.lgamma(shape))
            )  # fmt: skip

        return at


def above_log(ratio: Scalar) -> float:
    """r − 1 − log r ≥ 0, to full precision for r near 1."""
    d = to_float(ratio - 1)
    if abs(d) >= SERIES_BELOW:
        return d - to_float(log(ratio))
    return math.fsum(d**k * (-1) ** k / k for k in range(2, 10))
