"""A parameter with a few values: the largest likelihood is looked up, exactly if it is rational."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.letters import X
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import Sample
from mlcalc.estimation.terms import log_density
from mlcalc.estimation.working import Writing, observations
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line, prose
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, log, to_float
from mlcalc.maths.numerics.maxima import noise
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Decimal, Expr, Number, shown, substitute
from mlcalc.showing.derivation import Table, step

MOST_TRIALS = 10_000

DIGITS_OF_FRACTION = 12
"""An exact likelihood with more digits than this is shown as a decimal."""


class Choice(Record):
    """A value of the parameter, and the likelihood of it: as a fraction where it is rational."""

    value: Expr
    likelihood: Fraction | None
    height: Scalar
    """The logarithm; −∞ where an observation is impossible."""

    @property
    def shown(self) -> Expr:
        """The likelihood as a fraction where it is a short one, else as a decimal."""
        if self.likelihood is None:
            return Decimal(math.exp(to_float(self.height)))
        is_short = max(self.likelihood.as_integer_ratio()) < 10**DIGITS_OF_FRACTION
        return Number(self.likelihood) if is_short else Decimal(self.likelihood)


def chosen(model: Model, sample: Sample, values: Sequence[Expr]) -> Working:
    """The value, of a few, under which the data have the largest likelihood.

    Raises `Unsolved` without data, and where the data are impossible under every value.
    """
    writing, unknown = Writing(model, sample), model.unknown[0]
    if len(model.unknown) != 1:
        raise Unsolved.because("only one parameter can be chosen from a list of values")
    known = writing.known_numbers()
    if model.family.is_likelihood:
        data: list[Scalar] = [Fraction(1)]  # of all the data at once
    else:
        data = observations(sample) if sample.data else trials(model, sample)
    choices = [choice(model, known, value, data) for value in values]
    if all(one.height == -math.inf for one in choices):
        raise Unsolved.because("the data are impossible under every one of the values")
    best = largest(choices)
    rows = []
    for one in choices:
        cell = one.shown
        if model.family.total == "k":  # 0.2⁴·(1 − 0.2)⁶ = 4096/9765625
            ones = sum(x == 1 for x in data)
            cell = line("v^k*(1 - v)^z = cell", v=one.value, k=ones, z=len(data) - ones, cell=cell)
        rows.append((one.value, cell, shown(one.height)))
    table = Table((unknown.symbol, writing.likelihood, "log-likelihood"), tuple(rows))
    why, notes = prose("the largest likelihood wins"), writing.notes()
    if len(best) > 1:
        listed = ", ".join(f"$theta = v{place}$" for place, _ in enumerate(best))
        names = {f"v{place}": one.value for place, one in enumerate(best)}
        text = f"{len(best)} values are equally good: {listed}; the first is given"
        why = prose(text, theta=unknown.symbol, **names)
        notes.append(Note("estimate.several_maxima", why))
    winner = best[0]
    steps = [
        writing.likelihood_step(),
        step("compare the values", table, "hat = winner", why=why, hat=unknown.hat,
             winner=winner.value),
    ]  # fmt: skip
    estimate = Estimate(unknown, scalar(winner.value))
    return Working(writing.finished(steps), (estimate,), tuple(notes), winner.height)


def trials(model: Model, sample: Sample) -> list[Scalar]:
    """k ones and n − k zeros, in whatever order they came; no other data are known by their sum."""
    count, total = (exact(e) if e is not None else None for e in (sample.count, sample.total))
    if model.family.total != "k" or count is None or total is None:
        raise Unsolved.because("give data: which value is the most likely one depends on them")
    if count > MOST_TRIALS:
        raise Unsolved.because(f"more than {MOST_TRIALS:,} trials are too many to multiply out")
    return [*[Fraction(1)] * int(total), *[Fraction(0)] * int(count - total)]


def choice(model: Model, known: Mapping[Expr, Expr], value: Expr, data: Sequence[Scalar]) -> Choice:
    filled = substitute(model.density, {**known, model.unknown[0].symbol: value})
    counts = Counter(data).items()
    try:
        factors = [(scalar(filled, {X: x}), count) for x, count in counts]
    except EvaluationError:
        factors = [(math.nan, 1)]
    if all(isinstance(factor, Fraction) for factor, _ in factors):
        whole = math.prod((Fraction(f) ** count for f, count in factors), start=Fraction(1))
        return Choice(value, whole, log(whole) if whole > 0 else -math.inf)
    try:
        height = math.fsum(count * to_float(log_density(filled, x)) for x, count in counts)
    except EvaluationError:
        height = -math.inf
    return Choice(value, None, height)


def largest(choices: Sequence[Choice]) -> list[Choice]:
    """Those of the largest likelihood: exactly where all are exact, else but for rounding."""
    if all(one.likelihood is not None for one in choices):
        top = max(one.likelihood for one in choices if one.likelihood is not None)
        return [one for one in choices if one.likelihood == top]
    highest = max(to_float(one.height) for one in choices)
    slack = 10 * noise(highest)
    return [one for one in choices if to_float(one.height) >= highest - slack]
