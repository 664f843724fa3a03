"""Both parameters of a beta distribution, or one of them: digamma equations and Newton's method.

∂/∂α: n(ψ(α + β) − ψ(α)) + Σ log xᵢ = 0, and ∂/∂β likewise with log(1 − xᵢ).  The log-likelihood
is concave, since log B is convex (an exponential family), so a root is the only maximum.  The
start is the method of moments: m(m(1 − m)/v − 1) and (1 − m)(m(1 − m)/v − 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mlcalc.estimation.certify import certified, certified_point
from mlcalc.estimation.estimate import Working
from mlcalc.estimation.iterations import ITERATE, closing, plane_step, read_off, table
from mlcalc.estimation.letters import X
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import Sample
from mlcalc.estimation.searching import Optimum, optimum_of
from mlcalc.estimation.working import K, Writing, indexed, observations
from mlcalc.files.errors import Unsolved
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.roots import Point, newton, newton_plane
from mlcalc.maths.numerics.special import digamma, trigamma
from mlcalc.maths.tree import Symbol, call, equals
from mlcalc.showing.derivation import Step, step

LOG_X, LOG_REST = call("log", X), call("log", 1 - X)
ALPHA = Symbol("alpha")
PSI = "ψ, the digamma function, is the derivative of log Γ"
CHECK = "check that it is a maximum"


def working(model: Model, sample: Sample) -> Working:
    """The estimates of both parameters, or of the one that is unknown.

    Raises `Unsolved` without data, and where both are unknown and all observations are equal.
    """
    writing = Writing(model, sample)
    scores = [writing.score(u.symbol) for u in model.unknown]
    steps = [writing.likelihood_step(), writing.log_step()]
    for unknown, score in zip(model.unknown, scores, strict=True):
        slope = equals(writing.operator(unknown.symbol), score)
        steps.append(step(writing.rule(unknown.symbol), slope, why=PSI))
    if not sample.data:
        raise writing.no_closed_form(*(equals(score, 0) for score in scores))
    writing.known_numbers()
    data = observations(sample)
    if any(not 0 < x < 1 for x in data):
        raise Unsolved.because("there is no maximum: an observation is 0 or 1")
    two = len(model.unknown) == 2
    found = both_found(writing, data) if two else one_found(writing, data)
    functions = [LOG_X, LOG_REST] if two else [LOG_REST if ALPHA in model.known else LOG_X]
    steps = [writing.data_step(functions), *steps, *found.steps]
    notes = (*writing.notes(), *found.notes)
    return Working(writing.finished(steps), found.estimates, notes, found.height)


class Sums:
    """n, Σ log x and Σ log(1 − x), and the log-likelihood that depends on no more."""

    def __init__(self, data: Sequence[Scalar]) -> None:
        self.n = len(data)
        self.logs = math.fsum(math.log(x) for x in data)
        self.rests = math.fsum(math.log1p(-x) for x in data)

    def log_likelihood(self, point: Point) -> float:
        """(α − 1)Σ log x + (β − 1)Σ log(1 − x) − n log B(α, β)."""
        a, b = point
        gammas = (math.lgamma(a + b), -math.lgamma(a), -math.lgamma(b))
        own = (a - 1) * self.logs, (b - 1) * self.rests
        return math.fsum((*own, *(self.n * g for g in gammas)))

    def scores(self, point: Point) -> Point:
        both = digamma(sum(point))
        a, b = (self.n * (both - digamma(p)) for p in point)
        return a + self.logs, b + self.rests

    def slopes(self, point: Point) -> tuple[Point, Point]:
        """The matrix of second derivatives."""
        both = self.n * trigamma(sum(point))
        a, b = (both - self.n * trigamma(p) for p in point)
        return (a, both), (both, b)


def both_found(writing: Writing, data: Sequence[Scalar]) -> Optimum:
    """Both parameters, by Newton's method in the plane."""
    if min(data) == max(data):
        raise Unsolved.because(
            "there is no maximum: all observations are equal, and the likelihood grows without "
            "bound as both parameters go to ∞"
        )
    sums, (alpha, beta) = Sums(data), writing.symbols
    start, first = both_start(writing, data)
    trail = newton_plane(sums.scores, sums.slopes, sums.log_likelihood, start, (0.0, 0.0))
    values = trail.root
    (a, b), (_, d) = sums.slopes(values)
    corner = "n * (trigamma(alpha + beta) - trigamma({0}))"
    edge = "n * trigamma(alpha + beta)"
    steps = (
        first,
        step(
            "take the second derivatives",
            f"H = [{corner.format('alpha')}, {edge}; {edge}, {corner.format('beta')}]",
            why="ψ′, the trigamma function, is the derivative of ψ",
            alpha=alpha, beta=beta,
        ),
        plane_step(trail, (alpha, beta), "s is the vector of scores"),
        read_off(writing.model.unknown, values),
        step(
            CHECK,
            "H_11 = corner < 0",
            "det(H) = determinant > 0",
            why="the log-likelihood is concave, as that of every exponential family in its natural "
            "parameters, so this is the only maximum",
            corner=a, determinant=a * d - b * b,
        ),
    )  # fmt: skip
    certificate = certified_point(sums.log_likelihood, values, [(0.0, math.inf)] * 2)
    height = sums.log_likelihood(values)
    return optimum_of(writing.model.unknown, values, steps, certificate, height)


def both_start(writing: Writing, data: Sequence[Scalar]) -> tuple[Point, Step]:
    """The method of moments, from the mean m and the variance v."""
    n = len(data)
    m = sum(data, Fraction(0)) / n
    v = sum(((x - m) ** 2 for x in data), Fraction(0)) / n
    weight = m * (1 - m) / v - 1
    values = to_float(m * weight), to_float((1 - m) * weight)
    return values, step(
        "choose a start",
        "m = mean",
        "v = variance",
        "alpha = m * (m * (1 - m) / v - 1) = first",
        "beta = (1 - m) * (m * (1 - m) / v - 1) = second",
        why="the method of moments: mean m and variance v",
        mean=m, variance=v, alpha=indexed(writing.symbols[0], 0),
        beta=indexed(writing.symbols[1], 0), first=values[0], second=values[1],
    )  # fmt: skip


def one_found(writing: Writing, data: Sequence[Scalar]) -> Optimum:
    """One parameter, the other known, by Newton's method on a line."""
    model, sums = writing.model, Sums(data)
    unknown = model.unknown[0]
    place = 1 if ALPHA in model.known else 0
    other = to_float(scalar(next(iter(model.known.values()))))

    def point(value: float) -> Point:
        return (value, other) if place == 0 else (other, value)

    mean = sum(data, Fraction(0)) / len(data)
    m = to_float(mean)
    start = other * m / (1 - m) if place == 0 else other * (1 - m) / m
    trail = newton(
        lambda t: sums.scores(point(t))[place], lambda t: sums.slopes(point(t))[place][place],
        start, low=0.0,
    )  # fmt: skip
    theta = unknown.symbol
    names: dict[str, Any] = {
        "theta": theta, "known": next(iter(model.known)), "k": K, "mean": mean, "start": start,
        "target": writing.log_likelihood,
    }  # fmt: skip
    steps = (
        step(
            "choose a start",
            "m = mean",
            f"theta[0] = {'m / (1 - m)' if place == 0 else '(1 - m) / m'} * known = start",
            why="the parameter under which the mean of the distribution is that of the data, m",
            **names,
        ),
        step(
            ITERATE,
            "H(theta) = n * (trigamma(theta + known) - trigamma(theta))",
            "theta[k + 1] = theta[k] - s(theta[k]) / H(theta[k])",
            table(trail, indexed(theta, K), "score"),
            why=f"s is the score and H its derivative; {closing(trail)}",
            **names,
        ),
        read_off(model.unknown, (trail.root,)),
        step(
            CHECK,
            "diff(target, theta, 2) = n * (trigamma(theta + known) - trigamma(theta)) < 0",
            why="ψ′ falls, so the score does too, and this is the only maximum",
            **names,
        ),
    )
    certificate = certified(lambda t: sums.log_likelihood(point(t)), trail.root, 0.0)
    height = sums.log_likelihood(point(trail.root))
    return optimum_of(model.unknown, (trail.root,), steps, certificate, height)
