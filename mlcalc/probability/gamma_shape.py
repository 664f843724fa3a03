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
from typing import Any

from mlcalc.derivation import Step, step
from mlcalc.errors import Unsolved
from mlcalc.maths.board import Fill, line
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
from mlcalc.maths.tree import Expr, Symbol, call, shown, substitute
from mlcalc.probability.certify import certified, certified_point
from mlcalc.probability.iterations import closing, table
from mlcalc.probability.letters import N, X
from mlcalc.probability.maximum import Objective, score_step
from mlcalc.probability.model import Model
from mlcalc.probability.roots import find_root
from mlcalc.probability.sample import Sample
from mlcalc.probability.terms import collected
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import Writing, observations, open_letters

LOG_X = call("log", X)
SERIES_BELOW = 0.01
"""Nearer to 1 than this r − 1 − log r is summed as a series, since the difference would cancel."""


class Lines:
    """What is written where the shape is unknown alone, or with the rate or scale."""

    def __init__(self, has_both: bool, is_scale: bool) -> None:
        self.other = "x_bar/alpha" if is_scale else "alpha/x_bar"
        if has_both:
            self.left, self.slope = "log(alpha) - digamma(alpha)", "1/alpha - trigamma(alpha)"
            self.right = "log(x_bar) - mean"
        else:
            self.left, self.slope = "digamma(alpha)", "trigamma(alpha)"
            self.right = "mean - log(beta)" if is_scale else "log(beta) + mean"


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
        self.lines = Lines(self.other is not None, self.is_scale)
        taken = {*self.writing.symbols, *model.known, *open_letters(model)}
        self.names: dict[str, Any] = {
            "alpha": self.shape.symbol,
            "beta": self.known if self.other is None else self.other.symbol,
            "s": free_letter(taken, "sctq"),
            "mean": self.writing.statistics.letter(LOG_X) / N,
        }

    @property
    def known(self) -> Symbol:
        """The rate or scale that is known: the letter of the density, which may be the user's."""
        own = Symbol.named(list(self.model.family.parameters)[1])
        return own if own in self.model.known else next(iter(open_letters(self.model)), own)

    def step(self, rule: str, *lines: Any, why: Any = "", **more: Fill) -> Step:
        return step(rule, *lines, why=why, **(self.names | more))

    def line(self, text: str, **more: Fill) -> Expr:
        return line(text, **(self.names | more))

    def working(self) -> Working:
        steps = [self.writing.likelihood_step(), self.writing.log_step(), *self.elimination()]
        alpha = self.shape.symbol
        steps.append(
            self.step(
                self.writing.rule(alpha), "slope = score",
                why="ψ, the digamma function, is the derivative of log Γ",
                slope=self.writing.operator(alpha), score=self.writing.score(alpha),
            )
        )  # fmt: skip
        if not self.sample.data:
            raise self.writing.no_closed_form(self.line(f"{self.lines.left} = {self.lines.right}"))
        self.writing.known_numbers()
        data = observations(self.sample)
        c = self.constant(data)
        steps.append(
            self.step(
                "put this in and divide by n" if self.other else "divide by n and rearrange",
                f"{self.lines.left} = s",
                f"s = {self.lines.right} = filled = c",
                why="it is solved in numbers",
                filled=self.filled(), c=c,
            )
        )  # fmt: skip
        start, start_step = self.start(c)
        trail = self.solved(c, start)
        steps += [start_step, self.newton_step(trail), self.reading_step(trail.root, data)]
        steps.append(self.check_step())
        first = self.writing.data_step([X, LOG_X] if self.other else [LOG_X])
        estimates = [Estimate(self.shape, trail.root)]
        if self.other is not None:
            estimates.append(Estimate(self.other, self.other_value(trail.root, data)))
        point = tuple(to_float(e.value) for e in estimates if e.value is not None)
        height = self.log_likelihood(data)
        certificate = (
            certified(lambda a: height((a,)), point[0], 0.0)
            if self.other is None
            else certified_point(height, point, [(0.0, math.inf)] * 2)
        )
        notes = (*self.writing.notes(), certificate)
        shown_steps = self.writing.finished([first, *steps])
        return Working(shown_steps, tuple(estimates), notes, height(point))

    # The equation.

    def elimination(self) -> list[Step]:
        """The rate or scale by the shape, from its own score."""
        if self.other is None:
            return []
        objective = Objective(
            self.writing.log_likelihood,
            self.other.symbol,
            collected(self.writing.terms, self.other.symbol),
            (*self.writing.statistics.letters.values(), N),
            True,
        )
        root = find_root(objective).step
        found = self.step(
            root.rule, *root.blocks, f"beta_hat = {self.lines.other}",
            why="the mean is $x_bar = sums/n$", sums=self.writing.statistics.letter(X),
        )  # fmt: skip
        return [score_step(objective), found]

    def filled(self) -> Expr:
        """The right side with the sums as numbers."""
        size = self.sample.size or N
        sums, logs = (self.writing.statistics.number(f, {}) for f in (X, LOG_X))
        assert sums is not None
        assert logs is not None
        known = substitute(self.known, self.model.known)
        mean, mean_of_logs = shown(sums) / size, shown(logs) / size
        return self.line(self.lines.right, x_bar=mean, mean=mean_of_logs, beta=known)

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
        why = "Minka's approximation of the inverse of ψ"
        if self.other is not None:
            value, formula = (1 + math.sqrt(1 + 4 * c / 3)) / (4 * c), "(1 + sqrt(1 + 4*s/3))/(4*s)"
            why = (
                "Thom's approximation: with $log(alpha) - digamma(alpha) ~= 1/(2*alpha) + "
                "1/(12*alpha^2)$ the equation is a quadratic one"
            )
        elif c >= -2.22:
            value, formula = math.exp(c) + 0.5, "exp(s) + half"
        else:
            value, formula = -1 / (c - digamma(1)), "-(1/(s - digamma(1)))"
        first = f"alpha[0] = {formula} = value"
        half = Fraction(1, 2)
        return value, self.step("choose a start", first, why=why, value=value, half=half)

    def solved(self, c: float, start: float) -> Trail:
        if self.other is not None:
            return newton(
                lambda a: log_minus_digamma(a) - c, log_minus_digamma_slope, start, low=0.0
            )
        return newton(lambda a: digamma(a) - c, trigamma, start, low=0.0)

    def newton_step(self, trail: Trail) -> Step:
        here = self.line("alpha[k]")
        gap = self.line(f"{self.lines.left} - s", alpha=here)
        slope = self.line(self.lines.slope, alpha=here)
        return self.step(
            "iterate by Newton's method", "alpha[k + 1] = alpha[k] - gap/slope",
            table(trail, here, gap), why=closing(trail), gap=gap, slope=slope,
        )  # fmt: skip

    # The result.

    def reading_step(self, root: float, data: Sequence[Scalar]) -> Step:
        if self.other is None:
            return self.step("read off the estimate", "alpha_hat = root", root=root)
        mean = shown(sum(data, Fraction(0)) / len(data))
        return self.step(
            "read off the estimate",
            "alpha_hat = root",
            "beta_hat = formula = filled = value",
            root=root,
            formula=self.line(self.lines.other, alpha=self.shape.hat),
            filled=self.line(self.lines.other, alpha=root, x_bar=mean),
            value=self.other_value(root, data),
        )

    def other_value(self, root: float, data: Sequence[Scalar]) -> float:
        mean = to_float(sum(data, Fraction(0)) / len(data))
        return mean / root if self.is_scale else root / mean

    def check_step(self) -> Step:
        rule = "check that it is a maximum"
        if self.other is None:
            why = "ψ′ is positive, so the score falls everywhere and this is the only maximum"
            second = self.writing.operator(self.shape.symbol, 2)
            return self.step(rule, "second = -(n*trigamma(alpha)) < 0", why=why, second=second)
        why = (
            "the left side of the equation falls from ∞ to 0, so it is $s$ once: the score is "
            "positive before it and negative after it"
        )
        return self.step(rule, f"{self.lines.slope} < 0", why=why)

    def log_likelihood(self, data: Sequence[Scalar]) -> Callable[[tuple[float, ...]], float]:
        """log p(D | α, β) as a function of the unknown parameters, constants included."""
        n, sums = len(data), to_float(sum(data, Fraction(0)))
        logs = math.fsum(to_float(log(x)) for x in data)
        known = substitute(self.known, self.model.known)
        given = None if self.other else to_float(scalar(known))

        def at(point: tuple[float, ...]) -> float:
            shape, other = point[0], point[1] if given is None else given
            rate = 1 / other if self.is_scale else other
            own = (n * shape * math.log(rate), (shape - 1) * logs)
            return math.fsum((*own, -rate * sums, -n * math.lgamma(shape)))

        return at


def above_log(ratio: Scalar) -> float:
    """r − 1 − log r ≥ 0, to full precision for r near 1."""
    d = to_float(ratio - 1)
    if abs(d) >= SERIES_BELOW:
        return d - to_float(log(ratio))
    return math.fsum(d**k * (-1) ** k / k for k in range(2, 10))
