"""Both parameters of a beta distribution, or one of them: digamma equations and Newton's method.

∂/∂α: n(ψ(α + β) − ψ(α)) + Σ log xᵢ = 0, and ∂/∂β likewise with log(1 − xᵢ).  The log-likelihood
is concave, since log B is convex (an exponential family), so a root is the only maximum.  The
start is the method of moments: m(m(1 − m)/v − 1) and (1 − m)(m(1 − m)/v − 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.derivation import Note, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.roots import Point, newton, newton_plane
from mlcalc.maths.numerics.special import digamma, trigamma
from mlcalc.maths.tree import (
    Chain,
    Decimal,
    Matrix,
    Number,
    Symbol,
    call,
    equals,
    shown,
)
from mlcalc.probability.certify import certified, certified_point
from mlcalc.probability.iterations import closing, plane_table, table
from mlcalc.probability.letters import N, X
from mlcalc.probability.model import Model
from mlcalc.probability.sample import Sample
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import K, Writing, indexed, observations
from mlcalc.records import Record

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))
LOG_X, LOG_REST = call("log", X), call("log", ONE - X)
ALPHA, HESSIAN, SCORE, M, V = map(Symbol, ("alpha", "H", "s", "m", "v"))
PSI = "ψ, the digamma function, is the derivative of log Γ"
TRIGAMMA = "ψ′, the trigamma function, is the derivative of ψ"
CHECK = "check that it is a maximum"


def working(model: Model, sample: Sample) -> Working:
    """The estimates of both parameters, or of the one that is unknown.

    Raises `Unsolved` without data, and where both are unknown and all observations are equal.
    """
    writing = Writing(model, sample)
    scores = [writing.score(u.symbol) for u in model.unknown]
    steps = [writing.likelihood_step(), writing.log_step()]
    for unknown, score in zip(model.unknown, scores, strict=True):
        line = equals(writing.operator(unknown.symbol), score)
        steps.append(Step(writing.rule(unknown.symbol), (line,), PSI))
    if not sample.data:
        raise writing.no_closed_form(*(Chain(score, (("=", ZERO),)) for score in scores))
    writing.known_numbers()
    data = observations(sample)
    if any(not 0 < x < 1 for x in data):
        raise Unsolved.because("there is no maximum: an observation is 0 or 1")
    two = len(model.unknown) == 2
    found = both_found(writing, data) if two else one_found(writing, data)
    functions = [LOG_X, LOG_REST] if two else [LOG_REST if ALPHA in model.known else LOG_X]
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
    sums, (alpha, beta) = Sums(data), writing.symbols
    start, first = both_start(writing, data)
    trail = newton_plane(sums.scores, sums.slopes, sums.log_likelihood, start, (0.0, 0.0))
    values = trail.root
    here, there = (Matrix.column(indexed(s, k) for s in (alpha, beta)) for k in (K, K + 1))
    rule = equals(there, here - HESSIAN**-1 @ SCORE)
    both = call("trigamma", alpha + beta)
    corners = [N * (both - call("trigamma", s)) for s in (alpha, beta)]
    matrix = Matrix(((corners[0], N * both), (N * both, corners[1])))
    heads = [("∂/∂", s) for s in (alpha, beta)]
    rows = plane_table(trail, [indexed(s, K) for s in (alpha, beta)], heads)
    (a, b), (_, d) = sums.slopes(values)
    determinant = a * d - b * b
    steps = (
        first,
        Step("take the second derivatives", (equals(HESSIAN, matrix),), TRIGAMMA),
        Step("iterate by Newton's method", (rule, rows),
             f"s is the vector of scores; {closing(trail)}"),
        read_off(writing, values),
        Step(
            CHECK,
            (Chain(Symbol("H", "11"), (("=", Decimal(a)), ("<", ZERO))),
             Chain(call("det", HESSIAN), (("=", Decimal(determinant)), (">", ZERO)))),
            "the log-likelihood is concave, as that of every exponential family in its natural "
            "parameters, so this is the only maximum",
        ),
    )  # fmt: skip
    certificate = certified_point(sums.log_likelihood, values, [(0.0, math.inf)] * 2)
    return Found(values, steps, certificate, sums.log_likelihood(values))


def both_start(writing: Writing, data: Sequence[Scalar]) -> tuple[Point, Step]:
    """The method of moments, from the mean m and the variance v."""
    n = len(data)
    m = sum(data, Fraction(0)) / n
    v = sum(((x - m) ** 2 for x in data), Fraction(0)) / n
    weight = m * (1 - m) / v - 1
    values = to_float(m * weight), to_float((1 - m) * weight)
    alpha, beta = (indexed(s, 0) for s in writing.symbols)
    factor = M * (1 - M) / V - 1
    lines = (
        equals(M, shown(m)), equals(V, shown(v)),
        equals(alpha, M * factor, Decimal(values[0])),
        equals(beta, (1 - M) * factor, Decimal(values[1])),
    )  # fmt: skip
    return values, Step("choose a start", lines, "the method of moments: mean m and variance v")


def one_found(writing: Writing, data: Sequence[Scalar]) -> Found:
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
    known = next(iter(model.known))
    first = M / (1 - M) * known if place == 0 else (1 - M) / M * known
    second = N * (call("trigamma", theta + known) - call("trigamma", theta))
    here = indexed(theta, K)
    step = call("s", here) / call("H", here)
    steps = (
        Step("choose a start",
             (equals(M, shown(mean)), equals(indexed(theta, 0), first, Decimal(start))),
             "the parameter under which the mean of the distribution is that of the data, m"),
        Step("iterate by Newton's method",
             (equals(call("H", theta), second),
              equals(indexed(theta, K + 1), here - step),
              table(trail, here, "score")),
             ("s is the score and H its derivative; ", closing(trail))),
        read_off(writing, (trail.root,)),
        Step(CHECK, (Chain(writing.operator(theta, 2), (("=", second), ("<", ZERO))),),
             "ψ′ falls, so the score does too, and this is the only maximum"),
    )  # fmt: skip
    certificate = certified(lambda t: sums.log_likelihood(point(t)), trail.root, 0.0)
    return Found((trail.root,), steps, certificate, sums.log_likelihood(point(trail.root)))


def read_off(writing: Writing, values: Point) -> Step:
    lines = (equals(u.hat, Decimal(v)) for u, v in zip(writing.model.unknown, values, strict=True))
    return Step("read off the estimate", tuple(lines))
