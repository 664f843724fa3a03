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

from mlcalc.derivation import Note, Step, step
from mlcalc.errors import Unsolved
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.roots import Point, newton, newton_plane
from mlcalc.maths.numerics.special import digamma, trigamma
from mlcalc.maths.tree import Matrix, Symbol, shown
from mlcalc.probability.certify import certified, certified_point
from mlcalc.probability.iterations import closing, plane_table, table
from mlcalc.probability.model import Model
from mlcalc.probability.sample import Sample
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import Writing, observations
from mlcalc.records import Record

CHECK = "check that it is a maximum"


def working(model: Model, sample: Sample) -> Working:
    """The estimates of both parameters, or of the one that is unknown.

    Raises `Unsolved` without data, and where both are unknown and all observations are equal.
    """
    writing = Writing(model, sample)
    scores = {u.symbol: writing.score(u.symbol) for u in model.unknown}
    steps = [writing.likelihood_step(), writing.log_step()]
    for symbol, score in scores.items():
        why = "ψ, the digamma function, is the derivative of log Γ"
        own = writing.operator(symbol)
        steps.append(step(writing.rule(symbol), "own = score", why=why, own=own, score=score))
    if not sample.data:
        raise writing.no_closed_form(*(line("score = 0", score=s) for s in scores.values()))
    writing.known_numbers()
    data = observations(sample)
    if any(not 0 < x < 1 for x in data):
        raise Unsolved.because("there is no maximum: an observation is 0 or 1")
    found = both_found(writing, data) if len(scores) == 2 else one_found(writing, data)
    functions = [line("log(x)")] if Symbol("alpha") not in model.known else []
    functions += [line("log(1 - x)")] if Symbol("beta") not in model.known else []
    if len(scores) == 1:
        functions = functions[-1:]
    steps = [writing.data_step(functions), *steps, *found.steps]
    notes = (*writing.notes(), found.certificate)
    estimates = tuple(Estimate(u, v) for u, v in zip(model.unknown, found.values, strict=True))
    return Working(writing.finished(steps), estimates, notes, found.log_likelihood)


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


class Found(Record):
    values: Point
    steps: tuple[Step, ...]
    certificate: Note
    log_likelihood: float


def both_found(writing: Writing, data: Sequence[Scalar]) -> Found:
    """Both parameters, by Newton's method in the plane."""
    if min(data) == max(data):
        raise Unsolved.because(
            "there is no maximum: all observations are equal, and the likelihood grows without "
            "bound as both parameters go to ∞"
        )
    sums = Sums(data)
    names: dict[str, Any] = dict(zip(("alpha", "beta"), writing.symbols, strict=True))
    start, first = both_start(data, names)
    trail = newton_plane(sums.scores, sums.slopes, sums.log_likelihood, start, (0.0, 0.0))
    values = trail.root
    here = [line("s[k]", s=symbol) for symbol in writing.symbols]
    rows = plane_table(trail, here, [("∂/∂", symbol) for symbol in writing.symbols])
    (a, b), (_, d) = sums.slopes(values)
    steps = (
        first,
        step(
            "take the second derivatives",
            "H = [n*(trigamma(alpha + beta) - trigamma(alpha)), n*trigamma(alpha + beta); "
            "n*trigamma(alpha + beta), n*(trigamma(alpha + beta) - trigamma(beta))]",
            why="ψ′, the trigamma function, is the derivative of ψ",
            **names,
        ),
        step(
            "iterate by Newton's method",
            "new = old - H^(-1) @ s",
            rows,
            why=f"s is the vector of scores; {closing(trail)}",
            new=Matrix.column(line("s[k + 1]", s=symbol) for symbol in writing.symbols),
            old=Matrix.column(here),
        ),
        read_off(writing, values),
        step(
            CHECK,
            "H_11 = a < 0",
            "det(H) = determinant > 0",
            why="the log-likelihood is concave, as that of every exponential family in its "
            "natural parameters, so this is the only maximum",
            a=a,
            determinant=a * d - b * b,
        ),
    )
    certificate = certified_point(sums.log_likelihood, values, [(0.0, math.inf)] * 2)
    return Found(values, steps, certificate, sums.log_likelihood(values))


def both_start(data: Sequence[Scalar], names: dict[str, Any]) -> tuple[Point, Step]:
    """The method of moments, from the mean m and the variance v."""
    n = len(data)
    m = sum(data, Fraction(0)) / n
    v = sum(((x - m) ** 2 for x in data), Fraction(0)) / n
    weight = m * (1 - m) / v - 1
    values = to_float(m * weight), to_float((1 - m) * weight)
    first = step(
        "choose a start",
        "m = mean",
        "v = variance",
        "alpha[0] = m*(m*(1 - m)/v - 1) = a",
        "beta[0] = (1 - m)*(m*(1 - m)/v - 1) = b",
        why="the method of moments: mean m and variance v",
        mean=shown(m), variance=shown(v), a=values[0], b=values[1], **names,
    )  # fmt: skip
    return values, first


def one_found(writing: Writing, data: Sequence[Scalar]) -> Found:
    """One parameter, the other known, by Newton's method on a line."""
    model, sums = writing.model, Sums(data)
    theta = model.unknown[0].symbol
    known, number = next(iter(model.known.items()))
    place = 1 if Symbol("alpha") in model.known else 0
    other = to_float(scalar(number))

    def point(value: float) -> Point:
        return (value, other) if place == 0 else (other, value)

    mean = sum(data, Fraction(0)) / len(data)
    m = to_float(mean)
    start = other * m / (1 - m) if place == 0 else other * (1 - m) / m
    trail = newton(
        lambda t: sums.scores(point(t))[place], lambda t: sums.slopes(point(t))[place][place],
        start, low=0.0,
    )  # fmt: skip
    second = "n*(trigamma(theta + known) - trigamma(theta))"
    first = "m/(1 - m)*known" if place == 0 else "(1 - m)/m*known"
    steps = (
        step("choose a start", "m = mean", f"theta[0] = {first} = start",
             why="the parameter under which the mean of the distribution is that of the data, m",
             theta=theta, known=known, mean=shown(mean), start=start),
        step("iterate by Newton's method", f"H(theta) = {second}",
             "theta[k + 1] = theta[k] - s(theta[k])/H(theta[k])",
             table(trail, line("theta[k]", theta=theta), "score"),
             why=f"s is the score and H its derivative; {closing(trail)}",
             theta=theta, known=known),
        read_off(writing, (trail.root,)),
        step(CHECK, f"own = {second} < 0",
             why="ψ′ falls, so the score does too, and this is the only maximum",
             own=writing.operator(theta, 2), theta=theta, known=known),
    )  # fmt: skip
    certificate = certified(lambda t: sums.log_likelihood(point(t)), trail.root, 0.0)
    return Found((trail.root,), steps, certificate, sums.log_likelihood(point(trail.root)))


def read_off(writing: Writing, values: Point) -> Step:
    hats = [
        line("hat = value", hat=u.hat, value=v)
        for u, v in zip(writing.model.unknown, values, strict=True)
    ]
    return step("read off the estimate", *hats)
