"""Right-censored data: an item that still ran at time c is known to lie above c, no more.

Where log S splits into g(θ)·T(c), as for exponential lifetimes, the score is solved in letters:
events over total time, r/Σt.  Elsewhere (normal, lognormal) its root is found in numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcalc.estimation.certify import certified
from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import N
from mlcalc.estimation.lifetimes import MISSED, Lifetimes, sum_over_times
from mlcalc.estimation.maximum import (
    Objective,
    decide,
    numbers_step,
    score_step,
    second_order_step,
    value_of,
)
from mlcalc.estimation.model import Model
from mlcalc.estimation.roots import find_root
from mlcalc.estimation.sample import Sample
from mlcalc.estimation.searching import ERFC, moments, optimum
from mlcalc.estimation.terms import addends, collected, log_of, neat, over_data, total
from mlcalc.estimation.working import log_step, slope_of
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line
from mlcalc.maths.calculus import raw_derivative
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, to_float
from mlcalc.maths.numerics.roots import Point
from mlcalc.maths.tree import Expr, free_symbols, substitute
from mlcalc.showing.derivation import Step, step


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
        lives.writing.log_likelihood, unknown.symbol, tuple(collected(terms, unknown.symbol)), first
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
    low, high = (fact(end) for end in unknown.range)
    verdict = decide(objective, pairs, value, low, high)
    written = [term.written for term in objective.terms]
    steps = [
        lives.data_step(),
        *steps,
        log_step(lives.writing.log_likelihood, map(neat, written), lives.writing.dropped),
    ]
    notes = lives.writing.notes()
    if verdict.step is not None or root is None:
        assert verdict.step is not None
        steps.append(verdict.step())
        if verdict.note:
            notes.append(Note("estimate.boundary", verdict.note))
    else:
        check = second_order_step(objective, root.formula, bool(pairs))
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
    terms = map(neat, (*lives.writing.terms, *late))
    steps.append(log_step(lives.writing.log_likelihood, terms, is_dropped=True))
    scores = []
    for symbol in lives.symbols:
        own = [slope_of(t, symbol) for t in log_of(lives.model.density)]
        tail = [slope_of(t, symbol) for t in lives.tail_terms]
        scores.append(lives.summed(own, tail))
        late_score = sum_over_times(line("partial(S(x), theta) / S(x)", theta=symbol))
        scored = step(
            lives.writing.rule(symbol),
            "operator = score",
            "partial(S(x), theta) = slope",
            why=ERFC,
            theta=symbol, operator=lives.writing.operator(symbol),
            score=total([lives.writing.score(symbol), late_score]),
            slope=raw_derivative(lives.survival, symbol),
        )  # fmt: skip
        steps.append(scored)
    is_log = lives.model.family.normal_in == "log(x)"
    data = [math.log(v) if is_log else v for v in (*lives.events, *lives.times)]
    found = optimum(lives.model.unknown, lives.objective, scores, data, lambda: start(lives, data))
    notes = (*lives.writing.notes(), *found.notes)
    shown = tuple(map(lives.shown, (*steps, *found.steps)))
    return Working(shown, found.estimates, notes, found.height)


def start(lives: Lifetimes, data: Sequence[Scalar]) -> tuple[Point, str]:
    """The mean and the variance (or deviation) of all times, censored or not."""
    mean, variance = moments(list(map(to_float, data)))
    if min(lives.events) == max(lives.events) and all(t <= min(lives.events) for t in lives.times):
        raise Unsolved.because(
            "there is no maximum: all events are equal, and the likelihood grows without "
            "bound as the variance goes to 0"
        )
    is_deviation = "sigma" in lives.model.family.parameters
    return (mean, math.sqrt(variance) if is_deviation else variance), "as if no item were censored"
