"""Estimates that the support decides: the ends of a uniform range.

The likelihood is zero as soon as one observation lies outside, and where it is not it only rises
or only falls in the end of the range: its score has no root, and the data stop the end.  So
θ̂ = max xᵢ for the uniform density on [0, θ], and â = min xᵢ, b̂ = max xᵢ on [a, b] (Johnson,
Kotz and Balakrishnan, Continuous Univariate Distributions, volume 2, chapter 26).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlcalc.derivation import Note, Step, step
from mlcalc.errors import Invalid, Unsolved
from mlcalc.maths.board import line, prose
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Neg,
    call,
    equals,
    free_symbols,
    shown,
    substitute,
)
from mlcalc.probability.certify import certified, certified_point
from mlcalc.probability.letters import DATA, X
from mlcalc.probability.maximum import ZERO, worked_out
from mlcalc.probability.model import Model, Unknown
from mlcalc.probability.sample import MANY, OBSERVATION, Sample
from mlcalc.probability.working import Estimate, Working
from mlcalc.records import Record

SMALLEST, LARGEST = call("min", X), call("max", X)


class Range(Record):
    """Where an observation may lie; an end is a parameter, a known letter, 0, or not there."""

    low: Expr
    high: Expr | None

    @classmethod
    def of(cls, density: Expr) -> Range:
        """Read off a uniform density: 1/θ, or 1/(b − a)."""
        match density:
            case Div(_, Add((high, Neg(low)))):
                return cls(low, high)
            case Div(_, high):
                return cls(ZERO, high)
        raise TypeError("no uniform density")

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

    def value(self, sample: Sample) -> Scalar | None:
        if not sample.data:
            return None
        return scalar(Call(self.formula.name, sample.data))

    def estimate(self, sample: Sample) -> Estimate:
        value = self.value(sample)
        return Estimate(self.unknown, value, None if value is not None else self.formula)


def working(model: Model, sample: Sample) -> Working:
    """Uniform on (0, θ), or on (a, b) with one end known or none.

    Raises `Invalid` for data outside a known end, `Unsolved` where the likelihood has no bound.
    """
    possible = Range.of(model.density)
    ends = ends_of(model, possible)
    target, width = likelihood(model), possible.width
    slopes = [(end, line("n / width" if end.is_low else "-n / width", width=width)) for end in ends]
    steps = (
        likelihood_step(model, target, possible, "width^-n"),
        log_step(target, "-(n * log(width))", possible),
        slopes_step(target, slopes),
        end_step(ends, sample),
    )
    notes = [closed_note(possible)]
    filled: dict[Expr, Expr] = dict(model.known)
    filled |= {end.unknown.symbol: shown(v) for end in ends if (v := end.value(sample)) is not None}
    low, high = (substitute(end, filled) for end in (possible.low, possible.high or ZERO))
    if sample.data and not free_symbols(low) | free_symbols(high):
        limits = scalar(low), scalar(high)
        check_bounded(sample, possible, limits, ends)
        best = [float(limits[0] if end.is_low else limits[1]) for end in ends]
        notes.append(certificate(range_likelihood(sample, limits, ends), best))
    return Working(steps, tuple(end.estimate(sample) for end in ends), tuple(notes))


def ends_of(model: Model, possible: Range) -> list[End]:
    return [
        End(unknown, unknown.symbol == possible.low)
        for unknown in model.unknown
        if unknown.symbol in (possible.low, possible.high)
    ]


def likelihood(model: Model) -> Expr:
    return line("p(D | theta)", theta=[unknown.symbol for unknown in model.unknown])


# The steps.


def likelihood_step(model: Model, target: Expr, possible: Range, product: str | None) -> Step:
    """∏ p(xᵢ), and what that is where all observations are possible, if it is short."""
    return step(
        "write the likelihood",
        "target = product(cases(each if inside, 0), i, 1, n) = whole",
        why="the observations are independent; the product is 0 as soon as one of them lies "
        "outside",
        target=target, each=substitute(model.density, {X: OBSERVATION}),
        inside=possible.holds(OBSERVATION, OBSERVATION),
        whole=None if product is None else f"cases({product} if allowed, 0)",
        width=None if product is None else possible.width, allowed=possible.allowed(),
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


Function = Callable[..., float]


def range_likelihood(
    sample: Sample, limits: tuple[Scalar, Scalar], ends: Sequence[End]
) -> Function:
    """The log-likelihood of a uniform range as a function of its unknown ends."""
    values = [float(scalar(item)) for item in sample.data]

    def function(*point: float) -> float:
        low, high = map(float, limits)
        for end, value in zip(ends, point, strict=True):
            low, high = (value, high) if end.is_low else (low, value)
        inside = low < high and all(low <= value <= high for value in values)
        return -len(values) * math.log(high - low) if inside else -math.inf

    return function


def certificate(function: Function, best: Sequence[float], low: float = -math.inf) -> Note:
    if len(best) == 1:
        return certified(function, best[0], low)
    return certified_point(lambda point: function(*point), best, [(low, math.inf)] * len(best))
