"""A parameter with a few values: the largest likelihood is looked up, exactly if it is rational."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.derivation import Note, Prose, Step, Table
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, log, to_float
from mlcalc.maths.numerics.maxima import noise
from mlcalc.maths.tree import (
    Decimal,
    Expr,
    Mul,
    Number,
    Pow,
    Symbol,
    equals,
    shown,
    substitute,
    wrap,
)
from mlcalc.probability.letters import X
from mlcalc.probability.model import Model
from mlcalc.probability.sample import Sample
from mlcalc.probability.terms import log_of
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import Writing, observations

MOST_TRIALS = 10_000

DIGITS_OF_FRACTION = 12
"""An exact likelihood with more digits than this is shown as a decimal."""


def chosen(model: Model, sample: Sample, values: Sequence[Expr]) -> Working:
    """The value, of a few, under which the data have the largest likelihood.

    The likelihoods are fractions where they are rational, else compared by their logarithms.
    Raises `Unsolved` without data, and where the data are impossible under every value.
    """
    writing, unknown = Writing(model, sample), model.unknown[0]
    if len(model.unknown) != 1:
        raise Unsolved.because("only one parameter can be chosen from a list of values")
    known = writing.known_numbers()
    data = observations(sample) if sample.data else trials(model, sample)
    heights = [likelihood(model, known, value, data) for value in values]
    logs = [log_likelihood(model, known, value, data) for value in values]
    if all(height == -math.inf for height in logs):
        raise Unsolved.because("the data are impossible under every one of the values")
    best = largest(heights, logs)
    theta = unknown.symbol
    header = (theta, writing.likelihood, "log-likelihood")
    rows = tuple(
        (value, likelihood_cell(model, value, data, shown_likelihood(one, height)), shown(height))
        for value, one, height in zip(values, heights, logs, strict=True)
    )
    winners = [values[place] for place in best]
    note: Prose = "the largest likelihood wins"
    notes = writing.notes()
    if len(best) > 1:
        pieces: list[str | Expr] = []
        for number, value in enumerate(winners):
            pieces += [", "] * bool(number)
            pieces.append(equals(theta, value))
        note = (f"{len(best)} values are equally good: ", *pieces, "; the first is given")
        notes.append(Note("estimate.several_maxima", note))
    steps = [
        writing.likelihood_step(),
        Step("compare the values", (Table(header, rows), equals(unknown.hat, winners[0])), note),
    ]
    estimate = Estimate(unknown, scalar(winners[0]))
    return Working(writing.finished(steps), (estimate,), tuple(notes), logs[best[0]])


def trials(model: Model, sample: Sample) -> list[Scalar]:
    """k ones and n − k zeros, in whatever order they came; no other data are known by their sum."""
    count, total = (exact(e) if e is not None else None for e in (sample.count, sample.total))
    if model.family.total != "k" or count is None or total is None:
        raise Unsolved.because("give data: which value is the most likely one depends on them")
    if count > MOST_TRIALS:
        raise Unsolved.because(f"more than {MOST_TRIALS:,} trials are too many to multiply out")
    ones, zeros = int(total), int(count - total)
    return [*[Fraction(1)] * ones, *[Fraction(0)] * zeros]


def likelihood(
    model: Model, known: Mapping[Expr, Expr], value: Expr, data: Sequence[Scalar]
) -> Scalar | None:
    """∏ f(xᵢ) where it is rational, else None."""
    filled = substitute(model.density, {**known, model.unknown[0].symbol: value})
    product = Fraction(1)
    for x in data:
        try:
            factor = scalar(filled, {X: x})
        except EvaluationError:
            return None
        if not isinstance(factor, Fraction):
            return None
        product *= factor
    return product


def log_likelihood(
    model: Model, known: Mapping[Expr, Expr], value: Expr, data: Sequence[Scalar]
) -> Scalar:
    """Σ log f(xᵢ), −∞ where an observation is impossible."""
    one = likelihood(model, known, value, data)
    if isinstance(one, Fraction):
        return log(one) if one > 0 else -math.inf
    at: dict[Expr, Expr] = {**known, model.unknown[0].symbol: value}
    terms = [substitute(term, at) for term in log_of(model.density)]
    return math.fsum(sum_of_logs(terms, {X: x}) for x in data)


def sum_of_logs(terms: Sequence[Expr], at: Mapping[Symbol, Scalar]) -> float:
    try:
        return math.fsum(to_float(scalar(term, dict(at))) for term in terms)
    except EvaluationError:
        return -math.inf


def largest(heights: Sequence[Scalar | None], logs: Sequence[Scalar]) -> list[int]:
    """The places of the largest likelihood: exactly where all are exact, else but for rounding."""
    if all(isinstance(one, Fraction) for one in heights):
        top = max(one for one in heights if one is not None)
        return [place for place, one in enumerate(heights) if one == top]
    highest = max(map(to_float, logs))
    slack = 10 * noise(highest)
    return [place for place, height in enumerate(logs) if to_float(height) >= highest - slack]


def likelihood_cell(model: Model, value: Expr, data: Sequence[Scalar], result: Expr) -> Expr:
    """0.2⁴·(1 − 0.2)⁶ = 4096/9765625 for successes and failures, else the result alone."""
    if model.family.total != "k":
        return result
    ones = sum(x == 1 for x in data)
    powers = Mul((Pow(value, wrap(ones)), Pow(1 - value, wrap(len(data) - ones))))
    return equals(powers, result)


def shown_likelihood(one: Scalar | None, height: Scalar) -> Expr:
    """The likelihood as a fraction where it is a short one, else as a decimal."""
    if isinstance(one, Fraction):
        short = max(one.numerator, one.denominator) < 10**DIGITS_OF_FRACTION
        return Number(one) if short else Decimal(one)
    return Decimal(math.exp(to_float(height)))
