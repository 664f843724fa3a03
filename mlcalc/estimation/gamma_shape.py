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

from mlcalc.estimation.certify import certified, certified_point
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.iterations import ITERATE, closing, table
from mlcalc.estimation.letters import N, X
from mlcalc.estimation.maximum import Objective, score_step
from mlcalc.estimation.model import Model
from mlcalc.estimation.roots import find_root
from mlcalc.estimation.sample import LARGE, Sample
from mlcalc.estimation.terms import collected
from mlcalc.estimation.working import K, Writing, indexed, observations, open_letters
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, log, to_float
from mlcalc.maths.letters import free_letter
from mlcalc.maths.numerics import special
from mlcalc.maths.numerics.roots import Trail, newton
from mlcalc.maths.tree import Expr, Symbol, call, equals, shown, substitute
from mlcalc.showing.derivation import Block, Step, step

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
        own = Symbol.named(list(model.family.parameters)[1])
        self.known = own if own in model.known else next(iter(open_letters(model)), own)
        """The rate or scale that is known: the letter of the density, which may be the user's."""
        self.names: dict[str, Any] = {
            "alpha": self.shape.symbol, "other": self.other and self.other.symbol,
            "known": self.known, "s": free_letter(taken, "sctq"), "k": K,
            "target": self.writing.log_likelihood, "mean": self.mean_of(X),
            "logs": self.mean_of(LOG_X),
        }  # fmt: skip
        # The equation: the side with the shape in it, its slope, and the other side.
        if self.other is not None:
            self.function, self.slope = "log(alpha) - digamma(alpha)", "1/alpha - trigamma(alpha)"
            self.right = "log(mean) - logs"
        else:
            self.function, self.slope = "digamma(alpha)", "trigamma(alpha)"
            self.right = "logs - log(known)" if self.is_scale else "log(known) + logs"

    def step(self, rule: str, *lines: str | Block, why: str = "", **names: Any) -> Step:
        return step(rule, *lines, why=why, **{**self.names, **names})

    def working(self) -> Working:
        steps = [self.writing.likelihood_step(), self.writing.log_step()]
        if self.other is not None:
            objective = self.objective(self.other.symbol)
            root = find_root(objective)
            solved = self.step(
                root.step.rule,
                *root.step.blocks,
                f"other_hat = {'x_bar / alpha' if self.is_scale else 'alpha / x_bar'}",
                why="the mean is $x_bar = mean$",
            )
            steps += [score_step(objective), solved]
        steps.append(self.shape_score())
        names = {**self.names, "mean": line("x_bar")}
        if not self.sample.data:
            raise self.writing.no_closed_form(line(f"{self.function} = {self.right}", **names))
        self.writing.known_numbers()
        data = observations(self.sample)
        c = self.constant(data)
        put_in = self.step(
            "put this in and divide by n" if self.other else "divide by n and rearrange",
            f"{self.function} = s",
            f"s = {self.right} = filled = value",
            why="it is solved in numbers",
            mean=line("x_bar"), filled=line(self.right, **{**self.names, **self.sums()}), value=c,
        )  # fmt: skip
        steps.append(put_in)
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
        terms = tuple(collected(self.writing.terms, parameter))
        first = (*self.writing.statistics.letters.values(), N)
        return Objective(
            self.writing.log_likelihood, parameter, terms, first, self.other is not None
        )

    def shape_score(self) -> Step:
        alpha = self.shape.symbol
        score = equals(self.writing.operator(alpha), self.writing.score(alpha))
        return step(self.writing.rule(alpha), score, why=PSI)

    def mean_of(self, function: Expr) -> Expr:
        return self.writing.statistics.letter(function) / N

    def sums(self) -> dict[str, Expr]:
        """The means of x and log x as quotients of numbers."""
        size, numbers = self.sample.size or N, self.writing.statistics.number
        found = {"mean": numbers(X, {}), "logs": numbers(LOG_X, {})}
        known = {"known": substitute(self.known, self.model.known)}
        return {**known, **{k: shown(v) / size for k, v in found.items() if v is not None}}

    def constant(self, data: Sequence[Scalar]) -> float:
        """The right side in full precision.  Raises `Unsolved` where the equation has no root."""
        n = len(data)
        if self.other is not None:
            centre = sum(data, Fraction(0)) / n
            own = logarithm_for(n)
            s = math.fsum(above_log(x / centre, own) for x in data) / n
            if s <= 0:
                raise Unsolved.because(
                    "there is no maximum: all observations are equal, or too nearly so for a "
                    f"double, and the likelihood grows without bound as {self.shape.name} goes to ∞"
                )
            return s
        given = to_float(scalar(substitute(self.known, self.model.known)))
        logs = math.fsum(map(logarithm_for(n), data)) / n
        return logs - math.log(given) if self.is_scale else math.log(given) + logs

    # The iterations.

    def start(self, c: float) -> tuple[float, Step]:
        why = "Minka's approximation of the inverse of ψ"
        if self.other is not None:
            value = (1 + math.sqrt(1 + 4 * c / 3)) / (4 * c)
            formula = "(1 + sqrt(1 + 4 * s / 3)) / (4 * s)"
            why = (
                f"Thom's approximation: with ${self.function} ~= 1 / (2 * alpha)"
                " + 1 / (12 * alpha^2)$ the equation is a quadratic one"
            )
        elif c >= -2.22:
            value, formula = math.exp(c) + 0.5, "exp(s) + 1/2"
        else:
            value, formula = -1 / (c - special.digamma(1)), "-(1 / (s - digamma(1)))"
        return value, self.step(
            "choose a start", f"alpha[0] = {formula} = value", why=why, value=value
        )

    def solved(self, c: float, start: float) -> Trail:
        if self.other is not None:
            gap, slope = special.log_minus_digamma, special.log_minus_digamma_slope
            return newton(lambda a: gap(a) - c, slope, start, low=0.0)
        return newton(lambda a: special.digamma(a) - c, special.trigamma, start, low=0.0)

    def newton_step(self, trail: Trail) -> Step:
        here = indexed(self.shape.symbol, K)
        at_here = {**self.names, "alpha": here}
        gap = line(f"{self.function} - s", **at_here)
        return self.step(
            ITERATE,
            "alpha[k + 1] = alpha[k] - gap / slope",
            table(trail, here, gap),
            why=closing(trail),
            gap=gap, slope=line(self.slope, **at_here),
        )  # fmt: skip

    # The result.

    def reading_step(self, root: float, data: Sequence[Scalar]) -> Step:
        if self.other is None:
            return self.step("read off the estimate", "alpha_hat = root", root=root)
        formula = "mean / shape" if self.is_scale else "shape / mean"
        return self.step(
            "read off the estimate",
            "alpha_hat = root",
            "other_hat = formula = filled = value",
            root=root, formula=line(formula, mean=MEAN, shape=self.shape.hat),
            filled=line(formula, mean=sum(data, Fraction(0)) / len(data), shape=root),
            value=self.other_value(root, data),
        )  # fmt: skip

    def other_value(self, root: float, data: Sequence[Scalar]) -> float:
        mean = to_float(sum(data, Fraction(0)) / len(data))
        return mean / root if self.is_scale else root / mean

    def check_step(self) -> Step:
        rule = "check that it is a maximum"
        if self.other is None:
            return self.step(
                rule,
                "diff(target, alpha, 2) = -(n * trigamma(alpha)) < 0",
                why="ψ′ is positive, so the score falls everywhere and this is the only maximum",
            )
        return self.step(
            rule,
            f"{self.slope} < 0",
            why="the left side of the equation falls from ∞ to 0, so it is $s$ once: the score is "
            "positive before it and negative after it",
        )

    def log_likelihood(self, data: Sequence[Scalar]) -> Callable[[tuple[float, ...]], float]:
        """log p(D | α, β) as a function of the unknown parameters, constants included."""
        n, sums = len(data), to_float(sum(data, Fraction(0)))
        logs = math.fsum(map(logarithm_for(n), data))
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


def logarithm_for(number: int) -> Callable[[Scalar], float]:
    """The logarithm as a float, of few observations correct in its last digit."""
    if number > LARGE:
        return lambda x: math.log(to_float(x))
    return lambda x: to_float(log(x))


def above_log(ratio: Scalar, own: Callable[[Scalar], float]) -> float:
    """r − 1 − log r ≥ 0, to full precision for r near 1."""
    d = to_float(ratio - 1)
    if abs(d) >= SERIES_BELOW:
        return d - own(ratio)
    return math.fsum(d**k * (-1) ** k / k for k in range(2, 10))
