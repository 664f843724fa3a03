"""Estimates that the support decides: the ends of a uniform range, the smallest value of a Pareto.

The likelihood is zero as soon as one observation lies outside, and where it is not it only rises
or only falls in the end of the range: its score has no root, and the data stop the end.  So
θ̂ = max xᵢ for the uniform density on [0, θ], and â = min xᵢ, b̂ = max xᵢ on [a, b]; what else is
unknown is found by its score with the ends in (Johnson, Kotz and Balakrishnan, Continuous
Univariate Distributions, volume 1, chapter 20, and volume 2, chapter 26).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.certify import certified, certified_point
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.family import POSITIVE
from mlcalc.estimation.in_letters import Part
from mlcalc.estimation.letters import DATA, X
from mlcalc.estimation.maximum import ZERO, worked_out
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.sample import MANY, OBSERVATION, Sample
from mlcalc.estimation.terms import log_of, negated, total
from mlcalc.estimation.working import LogLikelihood, open_letters
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.maths.board import Note, line, prose
from mlcalc.maths.calculus import derivative
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Call, Expr, Symbol, Words, equals, free_symbols, shown, substitute
from mlcalc.showing.derivation import Step, step

SMALLEST, LARGEST = Call("min", (X,)), Call("max", (X,))


class Range(Record):
    """Where an observation may lie; an end is a parameter, a known letter, 0, or not there."""

    low: Expr
    high: Expr | None

    @classmethod
    def of(cls, model: Model) -> Range:
        low, high = model.ends
        return cls(low, None if high == Symbol("inf") else high)

    @property
    def width(self) -> Expr:
        assert self.high is not None
        return self.high if self.low == ZERO else self.high - self.low

    def holds(self, smallest: Expr, largest: Expr) -> Expr:
        """low ≤ smallest ≤ largest ≤ high; one of the two where both are the same."""
        last = None if largest == smallest else largest
        return line("low <= x <= last <= high", low=self.low, x=smallest, last=last, high=self.high)

    def allowed(self) -> Expr:
        """What the data demand of the ends: θ ≥ max(x), or a ≤ min(x) ≤ max(x) ≤ b."""
        if self.high is None:
            return line("low <= min(x)", low=self.low)
        if self.low == ZERO:
            return line("high >= max(x)", high=self.high)
        return self.holds(SMALLEST, LARGEST)


class End(Record):
    """An unknown end of the range: the smallest observation if it is the lower one."""

    unknown: Unknown
    is_low: bool

    @property
    def letter(self) -> str:
        return one_line(self.unknown.symbol)

    @property
    def formula(self) -> Call:
        return SMALLEST if self.is_low else LARGEST

    def slope(self, logarithm: Expr) -> Expr:
        """The derivative of the log-likelihood, which falls in an upper end: −n/(b − a)."""
        if self.is_low:
            return derivative(logarithm, self.unknown.symbol)
        return negated(derivative(negated(logarithm), self.unknown.symbol))

    def value(self, sample: Sample) -> Scalar | None:
        if not sample.data:
            return None
        return scalar(Call(self.formula.name, sample.data))

    def estimate(self, sample: Sample) -> Estimate:
        value = self.value(sample)
        return Estimate(self.unknown, value, None if value is not None else self.formula)


def working(model: Model, sample: Sample) -> Working:
    """The ends by the support, and then what else is unknown by its score.

    Raises `Invalid` for data outside a known end, `Unsolved` where the likelihood has no bound.
    """
    possible = Range.of(model)
    ends = ends_of(model, possible)
    engine, target = ByScore(model, sample), likelihood(model)
    logarithm = total(engine.terms)
    steps: list[Part] = [
        likelihood_step(model, target, possible),
        log_step(target, total([logarithm, *[Words("constant")] * engine.dropped]), possible),
        slopes_step(target, [(end, end.slope(logarithm)) for end in ends]),
        end_step(ends, sample),
    ]
    others = [unknown for unknown in model.unknown if unknown not in [e.unknown for e in ends]]
    if sample.data:
        check_data(model, sample, possible, ends, others)
    estimates = [end.estimate(sample) for end in ends]
    notes = [*engine.notes(), closed_note(possible)]
    for end in ends if others else ():
        value = end.value(sample)
        engine.settle(end.unknown, None if value is None else shown(value))
    for unknown in others:
        found, more, remarks = engine.one(unknown)
        if found.claimed is not None:
            swap: dict[Expr, Expr] = {end.unknown.hat: end.formula for end in ends}
            found = replace(found, claimed=substitute(found.claimed, swap))
        estimates.append(found)
        steps = engine.with_data([*steps, *more])
        notes += [remark for remark in remarks if remark not in notes]
    best = [float(e.value) for e in estimates if e.value is not None]
    if len(best) == len(estimates) and not open_letters(model):
        notes.append(certificate(model, sample, ends, others, best))
    return Working(engine.shown(steps), tuple(estimates), tuple(notes))


def ends_of(model: Model, possible: Range) -> list[End]:
    return [
        End(unknown, unknown.symbol == possible.low)
        for unknown in model.unknown
        if unknown.symbol in (possible.low, possible.high)
    ]


def likelihood(model: Model) -> Expr:
    return line("p(D | theta)", theta=[unknown.symbol for unknown in model.unknown])


# The steps.


def likelihood_step(model: Model, target: Expr, possible: Range) -> Step:
    """∏ p(xᵢ), and what that is where all observations are possible, if it is short."""
    is_uniform = X not in free_symbols(model.density)
    return step(
        "write the likelihood",
        "target = product(cases(each if inside, 0), i, 1, n) = whole",
        why="the observations are independent; the product is 0 as soon as one of them lies "
        "outside",
        target=target, each=substitute(model.density, {X: OBSERVATION}),
        inside=possible.holds(OBSERVATION, OBSERVATION),
        whole="cases(width^-n if allowed, 0)" if is_uniform else None,
        width=possible.width if is_uniform else None, allowed=possible.allowed(),
    )  # fmt: skip


def log_step(target: Expr, logarithm: str | Expr, possible: Range) -> Step:
    return step(
        "take the log",
        "log(target) = logarithm",
        why="where the likelihood is not 0: for $allowed$",
        target=target, logarithm=logarithm, width=None if possible.high is None else possible.width,
        allowed=possible.allowed(),
    )  # fmt: skip


def slopes_step(target: Expr, slopes: Sequence[tuple[End, Expr]]) -> Step:
    """The slope in each end has one sign, so that no root of the score is the maximum."""
    partial = "partial" if len(free_symbols(target) - {DATA}) > 1 else "diff"
    lines = [
        line(
            f"{partial}(log(target), end) = slope {'>' if end.is_low else '<'} 0",
            target=target, end=end.unknown.symbol, slope=slope,
        )
        for end, slope in slopes
    ]  # fmt: skip
    ways = [f"it {'rises' if end.is_low else 'falls'} in {end.letter}" for end, _ in slopes]
    why = f"{' and '.join(ways)}: the score has no root, so the data decide"
    return step("differentiate", *lines, why=why)


def end_step(ends: Sequence[End], sample: Sample) -> Step:
    lines = []
    for end in ends:
        listed = worked_out(Call(end.formula.name, sample.data)) if sample.data else []
        is_short = 1 < len(sample.data) <= MANY
        lines.append(equals(end.unknown.hat, end.formula, *listed[0 if is_short else 1 :]))
    wanted = [f"{'largest' if end.is_low else 'smallest'} {end.letter}" for end in ends]
    why = f"the {' and the '.join(wanted)} that the data allow"
    return step("take the end that the data allow", *lines, why=why)


def closed_note(possible: Range) -> Note:
    text = (
        "the ends of the range belong to it, $holds$; without them no maximum is attained, only "
        "come near"
    )
    return Note("support.closed", prose(text, holds=possible.holds(X, X)))


# What can go wrong, and the second look.


def check_data(
    model: Model, sample: Sample, possible: Range, ends: Sequence[End], others: Sequence[Unknown]
) -> None:
    """Raises where an observation is outside a known end, or where the likelihood has no bound."""
    values = [scalar(item) for item in sample.data]
    if any(end.is_low and end.unknown.range == POSITIVE for end in ends) and min(values) <= 0:
        raise Invalid.at(f"{model.family.title} data are numbers above 0")
    if others and len(set(values)) == 1:
        names = " and ".join(end.unknown.name for end in ends)
        raise Unsolved.because(
            f"there is no maximum: every observation is {one_line(sample.data[0])}, and with "
            f"{names} there the likelihood keeps growing as {one_line(others[0].symbol)} goes to ∞"
        )
    filled: dict[Expr, Expr] = dict(model.known)
    filled |= {end.unknown.symbol: shown(v) for end in ends if (v := end.value(sample)) is not None}
    known = [None if e is None else substitute(e, filled) for e in (possible.low, possible.high)]
    numbers = [None if e is None or free_symbols(e) else scalar(e) for e in known]
    if None not in numbers:
        check_bounded(sample, possible, (numbers[0], numbers[1]), ends)  # type: ignore[arg-type]


def check_bounded(
    sample: Sample, possible: Range, limits: tuple[Scalar, Scalar], ends: Sequence[End]
) -> None:
    """Raises where an observation is outside a known end, or where the range shrinks to a point."""
    low, high = limits
    for item in sample.data:
        value = scalar(item)
        if not low <= value <= high:
            side, letter, end = (
                ("below", possible.low, low) if value < low else ("above", possible.high, high)
            )
            assert letter is not None
            known = one_line(equals(letter, shown(end)))
            raise Invalid.at(f"the observation {one_line(item)} lies {side} {known}")
    if low == high:
        letters = " and ".join(end.letter for end in ends)
        verb = "close in on" if len(ends) > 1 else "closes in on"
        raise Unsolved.because(
            f"there is no maximum: every observation is {one_line(shown(low))}, and the likelihood "
            f"grows without bound as {letters} {verb} it"
        )


def certificate(
    model: Model,
    sample: Sample,
    ends: Sequence[End],
    others: Sequence[Unknown],
    best: Sequence[float],
) -> Note:
    """The second look: the log-likelihood is −∞ where an end leaves out an observation."""
    terms = [substitute(term, dict(model.known)) for term in log_of(model.density)]
    symbols = [*(end.unknown.symbol for end in ends), *(unknown.symbol for unknown in others)]
    values = [scalar(item) for item in sample.data]
    inside = LogLikelihood(terms, symbols, values)
    least, most = float(min(values)), float(max(values))

    def function(*point: float) -> float:
        placed = zip(ends, point, strict=False)
        is_possible = all(at <= least if end.is_low else at >= most for end, at in placed)
        return inside(*point) if is_possible else -math.inf

    low = 0.0 if ends[0].unknown.range == POSITIVE else -math.inf
    if len(best) == 1:
        return certified(function, best[0], low)
    return certified_point(lambda point: function(*point), best, [(low, math.inf)] * len(best))
