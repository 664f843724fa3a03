"""Right-censored data: an item that still ran at time c is known to lie above c, no more.

Where log S splits into g(θ)·T(c), as for exponential lifetimes, the score is solved in letters:
events over total time, r/Σt.  Elsewhere (normal, lognormal) its root is found in numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcalc.calculus import raw_derivative
from mlcalc.derivation import Note, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, to_float
from mlcalc.maths.numerics.roots import Point
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Derivative,
    Expr,
    call,
    equals,
    free_symbols,
    substitute,
)
from mlcalc.probability.certify import certified
from mlcalc.probability.distributions import FAMILIES
from mlcalc.probability.letters import N, X
from mlcalc.probability.lifetimes import MISSED, SURVIVAL, Lifetimes, sum_over_times
from mlcalc.probability.maximum import (
    Objective,
    decide,
    numbers_step,
    score_step,
    second_order_step,
    value_of,
)
from mlcalc.probability.model import Model
from mlcalc.probability.roots import find_root
from mlcalc.probability.sample import Sample
from mlcalc.probability.searching import Search
from mlcalc.probability.several import found_pair, moments
from mlcalc.probability.terms import (
    addends,
    collected,
    log_of,
    over_data,
    total,
)
from mlcalc.probability.working import Estimate, Working
from mlcalc.probability.writing import slope_of

ERFC = "erfc(z) is 2/√π times the integral of exp(−t²) from z to ∞; its slope is −2/√π·exp(−z²)"


def working(model: Model, sample: Sample, censored: Sequence[Expr]) -> Working:
    """The estimates from the events in `sample` and the censoring times.

    Raises `Unsolved` where the survival function is not known here, where the times are letters,
    and where there is no maximum.
    """
    formulas = model.tails
    normal = bool(model.family.normal_in)
    if formulas is None or (len(model.unknown) > 1 and not normal):
        listed = ", ".join(name for name, one in FAMILIES.items() if one.tails)
        raise Unsolved.because(
            f"censored data of this model cannot be worked out here; they can for {listed}"
        )
    lives = Lifetimes(model, sample, Sample(tuple(censored)), formulas[1])
    steps = [lives.survival_step(), lives.likelihood_step()]
    return numeric(lives, steps) if normal else in_letters(lives, steps)


def in_letters(lives: Lifetimes, steps: list[Step]) -> Working:
    """The score solved in letters, and the numbers put in."""
    unknown = lives.model.unknown[0]
    terms = list(lives.writing.terms) if lives.events else []
    late, _ = over_data(lives.tail_terms, lives.symbols, lives.end_letter)
    terms += [substitute(t, {N: MISSED}) for t in late] if lives.times else []
    first = (N, *lives.writing.statistics.letters.values(), *lives.ends.letters.values())
    objective = Objective(
        lives.writing.log_likelihood, unknown.symbol, collected(terms, unknown.symbol), first
    )
    numbers = lives.numbers()
    root = find_root(objective) if lives.events else None
    pairs: list[tuple[Scalar, Expr]] = [
        (scalar(substitute(term.coefficient, numbers)), term.function) for term in objective.terms
    ]
    try:
        value = None if root is None else value_of(root.formula, numbers)
    except EvaluationError:
        value = None
    low, high = (read(end) for end in unknown.range)
    verdict = decide(objective, pairs, value, low, high)
    written = [term.written for term in objective.terms]
    steps = [lives.data_step(), *steps, lives.log_step(written, lives.writing.dropped)]
    notes = lives.writing.notes()
    if verdict.step is not None or root is None:
        assert verdict.step is not None
        steps.append(verdict.step)
        if verdict.note:
            notes.append(Note("estimate.boundary", verdict.note))
    else:
        check = second_order_step(objective, root.formula, pairs)
        filled = numbers_step(objective, root.formula, numbers)
        steps += [score_step(objective), root.step, check, filled]
    ends = to_float(scalar(low)), to_float(scalar(high))
    notes.append(certified(lives.objective, to_float(verdict.value), *ends))
    estimate = Estimate(unknown, verdict.value, interval=verdict.interval)
    height = lives.objective(to_float(verdict.value))
    return Working(tuple(map(lives.shown, steps)), (estimate,), tuple(notes),
                   height if math.isfinite(height) else None)  # fmt: skip


def numeric(lives: Lifetimes, steps: list[Step]) -> Working:
    """The score's root, or the two scores' common root, in numbers."""
    if not lives.events:
        raise Unsolved.because(
            "there is no maximum: every item was censored, so nothing says how long they last"
        )
    late = [sum_over_times(t) for term in lives.tail_terms for t in addends(term)
            if free_symbols(term) & set(lives.symbols)]  # fmt: skip
    steps.append(lives.log_step([*lives.writing.terms, *late], True))
    scores = []
    for symbol in lives.symbols:
        own = [slope_of(t, symbol) for t in log_of(lives.model.density)]
        tail = [slope_of(t, symbol) for t in lives.tail_terms]
        scores.append(lives.summed(own, tail))
        hazard = Derivative(call(SURVIVAL, X), symbol, 1, True)
        line = equals(
            lives.writing.operator(symbol),
            total([lives.writing.score(symbol), sum_over_times(hazard / call(SURVIVAL, X))]),
        )
        slope = equals(hazard, raw_derivative(lives.survival, symbol))
        steps.append(Step(lives.writing.rule(symbol), (line, slope), ERFC))
    values = [to_float(v) for v in (*lives.events, *lives.times)]
    unknown = lives.model.unknown
    notes = lives.writing.notes()
    if len(unknown) == 1:
        low, high = (to_float(scalar(read(end))) for end in unknown[0].range)
        data = [*lives.events, *lives.times]
        if lives.model.family.normal_in == "log(x)":
            data = [math.log(v) for v in values]
        found = Search(
            unknown[0], lives.objective, scores[0], data, low, high, one_peak=True
        ).found()
        steps += found.steps
        estimates, height = [found.estimate], found.height
        notes += found.notes
    else:
        start = start_of(lives, values)
        pair = found_pair(unknown, lives.objective, scores, start, "as if no item were censored")
        steps += pair.steps
        notes.append(pair.certificate)
        height = pair.height
        estimates = [Estimate(u, v) for u, v in zip(unknown, pair.values, strict=True)]
    return Working(tuple(map(lives.shown, steps)), tuple(estimates), tuple(notes), height)


def start_of(lives: Lifetimes, values: Sequence[float]) -> Point:
    """The mean and the variance (or deviation) of all times, censored or not."""
    logs = lives.model.family.normal_in == "log(x)"
    mean, variance = moments([math.log(v) for v in values] if logs else values)
    if min(lives.events) == max(lives.events) and all(t <= min(lives.events) for t in lives.times):
        raise Unsolved.because(
            "there is no maximum: all events are equal, and the likelihood grows without "
            "bound as the variance goes to 0"
        )
    is_deviation = "sigma" in lives.model.family.parameters
    return mean, math.sqrt(variance) if is_deviation else variance
