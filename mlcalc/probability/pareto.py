"""The Pareto density with its smallest value x_m unknown: the support decides it, the score α.

The likelihood αⁿ x_m^(nα) ∏ xᵢ^(−α − 1) rises in x_m up to the smallest observation, whatever α
is, and is zero beyond it; so x̂_m = min xᵢ, and α̂ = n/Σ log(xᵢ/x̂_m) (Johnson, Kotz and
Balakrishnan, Continuous Univariate Distributions, volume 1, chapter 20).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcalc.calculus import derivative
from mlcalc.errors import Invalid, Unsolved
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Words
from mlcalc.probability.by_score import ByScore
from mlcalc.probability.by_support import (
    SMALLEST,
    Function,
    Range,
    certificate,
    closed_note,
    end_step,
    ends_of,
    likelihood,
    likelihood_step,
    log_step,
    slopes_step,
)
from mlcalc.probability.model import Model
from mlcalc.probability.sample import Sample
from mlcalc.probability.terms import total
from mlcalc.probability.working import Working


def working(model: Model, sample: Sample) -> Working:
    """x_m by the support, and then α, where it is unknown, by the score.

    Raises `Unsolved` where α is unknown and all observations are equal.
    """
    possible = Range(model.unknown[0].symbol, None)
    (end,) = ends_of(model, possible)
    values = [scalar(item) for item in sample.data]
    if any(value <= 0 for value in values):
        raise Invalid.at("pareto data are numbers above 0")
    engine = ByScore(model, sample)
    target = likelihood(model)
    constant = [Words("constant")] if engine.dropped else []
    logarithm = total([*engine.log_terms, *constant])
    steps = [
        likelihood_step(model, target, possible, None),
        log_step(target, logarithm, possible),
        slopes_step(target, [(end, derivative(total(engine.log_terms), end.unknown.symbol))]),
        end_step([end], sample),
    ]
    estimates, notes = [end.estimate(sample)], [*engine.notes(), closed_note(possible)]
    if len(model.unknown) > 1:
        if len(set(values)) == 1:
            name = one_line(model.unknown[1].symbol)
            raise Unsolved.because(
                f"there is no maximum: every observation is {one_line(sample.data[0])}, and with "
                f"x_m there the likelihood keeps growing as {name} goes to ∞"
            )
        value = end.value(sample)
        found, more, remarks = engine.beside(end.unknown, value, SMALLEST, model.unknown[1])
        estimates.append(found)
        steps = engine.with_data([*steps, *more])
        notes += [remark for remark in remarks if remark not in notes]
    steps = [engine.in_sums(step) for step in steps]
    best = [float(e.value) for e in estimates if e.value is not None]
    if len(best) == len(estimates):
        notes.append(certificate(pareto_likelihood(model, values), best, 0.0))
    return Working(tuple(steps), tuple(estimates), tuple(notes))


def pareto_likelihood(model: Model, values: Sequence[Scalar]) -> Function:
    """The log-likelihood as a function of x_m, and of α where it is unknown."""
    known = [float(v) for v in map(exact, model.known.values()) if v is not None]
    logs, n = math.fsum(math.log(value) for value in values), len(values)

    def function(*point: float) -> float:
        x_m, alpha = (*point, *known, 1.0)[:2]
        if not 0 < x_m <= float(min(values)):
            return -math.inf
        return n * math.log(alpha) + n * alpha * math.log(x_m) - (alpha + 1) * logs

    return function
