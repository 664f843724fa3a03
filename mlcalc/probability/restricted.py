"""A parameter that may not go everywhere: clipped to a closed range, or chosen from a few values.

A function with one peak, restricted to a range without it, is largest at the end that is nearest
to the peak.  From a finite set the largest likelihood is simply looked up, exactly where it is
rational.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from mlcalc.derivation import Note, Prose, Step, Table
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, log, to_float
from mlcalc.maths.tree import Chain, Decimal, Expr, Number, Symbol, equals, shown, substitute
from mlcalc.probability.certify import noise, safe
from mlcalc.probability.letters import X
from mlcalc.probability.model import Model, Unknown
from mlcalc.probability.sample import Sample
from mlcalc.probability.terms import log_of
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import Writing, observations
from mlcalc.records import Record

LOOKS = 200
"""Points at which a function is looked at, to see that it goes one way only."""

DIGITS_OF_FRACTION = 12
"""An exact likelihood with more digits than this is shown as a decimal."""


class Clipped(Record):
    """Where the maximum over the range lies, the step that says why, and a note if it is an end."""

    value: Scalar
    step: Step
    note: Note | None = None


def clipped(
    objective: Callable[[float], float],
    peak: Scalar | None,
    low: Expr,
    high: Expr,
    unknown: Unknown,
) -> Clipped:
    """The maximum over low ≤ θ ≤ high of a function that rises up to its peak and falls after it.

    `peak` is None where there is none: the function goes one way only.  Raises `Unsolved` where
    the function is not of that kind on the range, so that an end need not be the maximum.
    """
    ends = scalar(low), scalar(high)
    theta = unknown.symbol
    within = Chain(low, (("<=", theta), ("<=", high)))
    if peak is not None and ends[0] <= peak <= ends[1]:
        inside = Chain(low, (("<=", shown(peak)), ("<=", high)))
        return Clipped(
            peak, Step("compare with the range", (inside,), "the maximum is in the range")
        )
    if peak is None:
        left, right = (safe(objective, to_float(end)) for end in ends)
        rises = right > left
    else:
        rises = peak > ends[1]
    end, where = (high, ends[1]) if rises else (low, ends[0])
    if math.isinf(where):
        raise Unsolved.because(
            f"there is no maximum: the function keeps growing as {unknown.name} goes to its end"
        )
    if not is_monotone(objective, to_float(ends[0]), to_float(ends[1]), rises):
        raise Unsolved.because(
            f"on the range of {unknown.name} the function rises and falls more than once, so that "
            "neither its end nor its peak is sure to be the maximum"
        )
    verb = "rises" if rises else "falls"
    way = ("up to its maximum at ", "falls only after it") if rises else (
        "after its maximum at ", "rises only before it")  # fmt: skip
    note: Prose = (
        f"the function {verb} on the whole range, so the largest value is at the end ",
        equals(theta, end),
    )
    if peak is not None:
        at = equals(theta, shown(peak))
        note = (f"the function {verb} ", way[0], at, f", outside the range, and {way[1]}: on the "
                "range the largest value is at the end ", equals(theta, end))  # fmt: skip
    step = Step("compare with the range", (within, equals(unknown.hat, end)), note)
    text: Prose = ("the maximum lies at the end of the range, ", equals(theta, end))
    return Clipped(where, step, Note("estimate.boundary", text))


def is_monotone(objective: Callable[[float], float], low: float, high: float, rises: bool) -> bool:
    """Whether the function goes one way at every point that is looked at."""
    low = low if math.isfinite(low) else high - max(1.0, abs(high)) * 1e3
    high = high if math.isfinite(high) else low + max(1.0, abs(low)) * 1e3
    values = [safe(objective, low + (high - low) * i / LOOKS) for i in range(LOOKS + 1)]
    values = values if rises else values[::-1]
    return all(
        after >= before - noise(before)
        for before, after in pairwise(values)
        if math.isfinite(before)
    )


def chosen(model: Model, sample: Sample, values: Sequence[Expr]) -> Working:
    """The value, of a few, under which the data have the largest likelihood.

    The likelihoods are fractions where they are rational, else compared by their logarithms.
    Raises `Unsolved` without data, and where the data are impossible under every value.
    """
    writing, unknown = Writing(model, sample), model.unknown[0]
    if len(model.unknown) != 1:
        raise Unsolved.because("only one parameter can be chosen from a list of values")
    if not sample.data:
        raise Unsolved.because("give data: which value is the most likely one depends on them")
    known = writing.known_numbers()
    data = observations(sample)
    exact = [likelihood(model, known, value, data) for value in values]
    logs = [log_likelihood(model, known, value, data) for value in values]
    if all(height == -math.inf for height in logs):
        raise Unsolved.because("the data are impossible under every one of the values")
    best = largest(exact, logs)
    theta = unknown.symbol
    header = (theta, writing.likelihood, "log-likelihood")
    rows = tuple(
        (value, shown_likelihood(one, height), shown(height))
        for value, one, height in zip(values, exact, logs, strict=True)
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


def largest(exact: Sequence[Scalar | None], logs: Sequence[Scalar]) -> list[int]:
    """The places of the largest likelihood: exactly where all are exact, else but for rounding."""
    if all(isinstance(one, Fraction) for one in exact):
        top = max(one for one in exact if one is not None)
        return [place for place, one in enumerate(exact) if one == top]
    highest = max(map(to_float, logs))
    slack = 10 * noise(highest)
    return [place for place, height in enumerate(logs) if to_float(height) >= highest - slack]


def shown_likelihood(one: Scalar | None, height: Scalar) -> Expr:
    """The likelihood as a fraction where it is a short one, else as a decimal."""
    if isinstance(one, Fraction):
        short = max(one.numerator, one.denominator) < 10**DIGITS_OF_FRACTION
        return Number(one) if short else Decimal(one)
    return Decimal(math.exp(to_float(height)))
