"""The mean direction of a von Mises density: the direction of the sum of the unit vectors.

On a circle the data are unit vectors (cos xᵢ, sin xᵢ), and the score says that μ̂ has the
direction of their sum: tan μ̂ = Σ sin xᵢ/Σ cos xᵢ, in the quadrant of that sum, which is what
atan2 gives (Bishop, Pattern Recognition and Machine Learning, equation 2.184; Mardia and Jupp,
Directional Statistics, section 5.3).  It does not depend on κ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcalc.derivation import Note, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.numerics.special import log_bessel_i0
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Chain,
    Decimal,
    Derivative,
    Div,
    Expr,
    Mul,
    Neg,
    Symbol,
    call,
    equals,
    shown,
    substitute,
)
from mlcalc.probability.certify import certified
from mlcalc.probability.letters import INDEX, X
from mlcalc.probability.maximum import ZERO
from mlcalc.probability.model import Model, Unknown
from mlcalc.probability.sample import OBSERVATION, Sample, Statistics, total
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import Writing

SINES, COSINES = call("sin", X), call("cos", X)
LENGTH = Symbol("R")
DIRECTION = call("atan2", call("sum", SINES), call("sum", COSINES))

BALANCED = 1e-12
"""A sum of unit vectors that is shorter than this, an observation, is 0 but for rounding."""


def working(model: Model, sample: Sample) -> Working:
    """μ of a von Mises density with κ known, as an angle from −π to π.

    Raises `Unsolved` where the unit vectors cancel.
    """
    (mean,) = model.unknown
    kappa = kappa_of(model)
    writing = Writing(model, sample)
    steps = [writing.likelihood_step(), writing.log_step(), *derivation(writing, mean, kappa)]
    notes = [Note("von_mises.radians", radians(None))]
    estimate, log_likelihood = Estimate(mean, claimed=DIRECTION, shown=direction()), None
    if sample.data:
        sums = sums_of(sample)
        length = math.hypot(*sums)
        if length <= BALANCED * len(sample.data):
            raise Unsolved.because(
                "every direction is equally likely: the unit vectors of the data add up to 0"
            )
        value = scalar(call("atan2", *map(shown, sums)))
        steps = [writing.data_step([SINES, COSINES]), *steps, numbers_step(mean, sums, value)]
        estimate = Estimate(mean, value)
        number = exact(substitute(kappa, dict(model.known)))
        if number is not None:
            n, k = len(sample.data), float(number)
            log_likelihood = k * length - n * (math.log(2 * math.pi) + log_bessel_i0(k))
        notes = [Note("von_mises.radians", radians(value)), certificate(sample, value)]
    return Working(writing.finished(steps), (estimate,), tuple(notes), log_likelihood)


def kappa_of(model: Model) -> Expr:
    """κ as it stands in the density: the family's letter, or the one that was typed."""
    match model.density:
        case Div(Call("exp", (Mul((kappa, _)),)), _):
            return kappa
    raise TypeError("no von Mises density")


def sums_of(sample: Sample) -> tuple[Scalar, Scalar]:
    """Σ sin xᵢ and Σ cos xᵢ."""
    angles = [scalar(item) for item in sample.data]
    sines, cosines = (total([scalar(f, {X: x}) for x in angles]) for f in (SINES, COSINES))
    return sines, cosines


def over(function: Expr) -> Expr:
    return Statistics.sum_of(function)


def direction() -> Expr:
    return call("atan2", over(SINES), over(COSINES))


# The steps.


def derivation(writing: Writing, mean: Unknown, kappa: Expr) -> list[Step]:
    mu = mean.symbol
    angle = OBSERVATION - mu
    sine = BigOp("sum", call("sin", angle), INDEX)
    cosine = BigOp("sum", call("cos", angle), INDEX)
    slope = Mul((kappa, sine))
    target = writing.log_likelihood
    apart = Mul((over(SINES), call("cos", mu))) - Mul((over(COSINES), call("sin", mu)))
    tangent = equals(call("tan", mu), over(SINES) / over(COSINES))
    second = Derivative(target, mu, 2)
    at_root = Neg(Mul((kappa, substitute(cosine, {mu: mean.hat}))))
    squares = over(SINES) ** 2 + over(COSINES) ** 2
    return [
        Step("differentiate", (equals(Derivative(target, mu), slope),)),
        Step(
            "set the score to zero and solve",
            (Chain(slope, (("=", ZERO),)), Chain(apart, (("=", ZERO),)), tangent),
            ("sin(a − b) = sin a cos b − cos a sin b, summed up; then divide by ", call("cos", mu)),
        ),
        Step(
            "choose the direction",
            (
                Chain(second, (("=", Neg(Mul((kappa, cosine)))),)),
                equals(call("cos", mean.hat), over(COSINES) / LENGTH),
                equals(call("sin", mean.hat), over(SINES) / LENGTH),
                equals(LENGTH, call("sqrt", squares)),
                Chain(at_root, (("=", Neg(Mul((kappa, LENGTH)))), ("<", ZERO))),
                equals(mean.hat, direction()),
            ),
            (
                "two opposite directions have this tangent; the maximum is the one that points as "
                "the sum of the unit vectors does, in the quadrant of its coordinates, which is "
                "what atan2 tells; ", LENGTH, " is the length of that sum",
            ),
        ),
    ]  # fmt: skip


def numbers_step(mean: Unknown, sums: tuple[Scalar, Scalar], value: Scalar) -> Step:
    filled = call("atan2", *map(shown, sums))
    return Step("put in the numbers", (equals(mean.hat, direction(), filled, shown(value)),))


# The notes.


def radians(value: Scalar | None) -> tuple[str | Expr, ...]:
    text = "angles are in radians, the answer from −π to π; a multiple of 2π may be added"
    if value is None:
        return (text,)
    return (f"{text}; it is ", Decimal(math.degrees(value)), " degrees")


def certificate(sample: Sample, value: Scalar) -> Note:
    data: Sequence[float] = [float(scalar(item)) for item in sample.data]

    def function(mu: float) -> float:
        return math.fsum(math.cos(x - mu) for x in data)

    at = float(value)
    return certified(function, at, at - math.pi, at + math.pi)
