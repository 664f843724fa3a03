"""The mean direction of a von Mises density: the direction of the sum of the unit vectors.

On a circle the data are unit vectors (cos xᵢ, sin xᵢ), and the score says that μ̂ has the
direction of their sum: tan μ̂ = Σ sin xᵢ/Σ cos xᵢ, in the quadrant of that sum, which is what
atan2 gives (Bishop, Pattern Recognition and Machine Learning, equation 2.184; Mardia and Jupp,
Directional Statistics, section 5.3).  It does not depend on κ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mlcalc.estimation.certify import certified
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.letters import X
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.sample import Sample, total
from mlcalc.estimation.working import Writing
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line, prose
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.numerics.special import log_bessel_i0
from mlcalc.maths.tree import Call, Div, Expr, Mul, call, shown, substitute
from mlcalc.showing.derivation import Step, step

SINES, COSINES = call("sin", X), call("cos", X)
CLAIMED = line("atan2(sum(sin(x)), sum(cos(x)))")
DIRECTION = "atan2(sum(sin(x[i]), i), sum(cos(x[i]), i))"

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
    notes = [radians(None)]
    estimate, log_likelihood = Estimate(mean, claimed=CLAIMED, shown=line(DIRECTION)), None
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
        notes = [radians(value), certificate(sample, value)]
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


# The steps.


def derivation(writing: Writing, mean: Unknown, kappa: Expr) -> list[Step]:
    names: dict[str, Any] = {"mu": mean.symbol, "kappa": kappa, "target": writing.log_likelihood}
    return [
        step("differentiate", "diff(target, mu) = kappa * sum(sin(x[i] - mu), i)", **names),
        step(
            "set the score to zero and solve",
            "kappa * sum(sin(x[i] - mu), i) = 0",
            "sum(sin(x[i]), i) * cos(mu) - sum(cos(x[i]), i) * sin(mu) = 0",
            "tan(mu) = sum(sin(x[i]), i) / sum(cos(x[i]), i)",
            why="sin(a − b) = sin a cos b − cos a sin b, summed up; then divide by $cos(mu)$",
            **names,
        ),
        step(
            "choose the direction",
            "diff(target, mu, 2) = -(kappa * sum(cos(x[i] - mu), i))",
            "cos(mu_hat) = sum(cos(x[i]), i) / R",
            "sin(mu_hat) = sum(sin(x[i]), i) / R",
            "R = sqrt(sum(sin(x[i]), i)^2 + sum(cos(x[i]), i)^2)",
            "-(kappa * sum(cos(x[i] - mu_hat), i)) = -(kappa * R) < 0",
            f"mu_hat = {DIRECTION}",
            why="two opposite directions have this tangent; the maximum is the one that points as "
            "the sum of the unit vectors does, in the quadrant of its coordinates, which is what "
            "atan2 tells; $R$ is the length of that sum",
            **names,
        ),
    ]


def numbers_step(mean: Unknown, sums: tuple[Scalar, Scalar], value: Scalar) -> Step:
    return step(
        "put in the numbers",
        f"mu_hat = {DIRECTION} = atan2(sines, cosines) = found",
        mu=mean.symbol, sines=sums[0], cosines=sums[1], found=value,
    )  # fmt: skip


# The notes.


def radians(value: Scalar | None) -> Note:
    text = "angles are in radians, the answer from −π to π; a multiple of 2π may be added"
    if value is not None:
        text += "; it is $turned$ degrees"
    turned = None if value is None else math.degrees(value)
    return Note("von_mises.radians", prose(text, turned=turned))


def certificate(sample: Sample, value: Scalar) -> Note:
    data: Sequence[float] = [float(scalar(item)) for item in sample.data]

    def function(mu: float) -> float:
        return math.fsum(math.cos(x - mu) for x in data)

    at = float(value)
    return certified(function, at, at - math.pi, at + math.pi)
