"""From a function of one parameter, and its score, to the steps that find where it is largest.

Shared by all that has no closed form in one parameter: Cauchy, a user's density, censored and
grouped data.  All local maxima are looked for; the largest is the estimate, ties are said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from mlcalc.estimation.certify import certified, certified_point
from mlcalc.estimation.estimate import Estimate
from mlcalc.estimation.family import fact
from mlcalc.estimation.iterations import closing, plane_step, read_off, table
from mlcalc.estimation.model import Unknown
from mlcalc.estimation.working import K, indexed
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, prose
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.maxima import Peak, Real, grid_over, noise, peaks, spread
from mlcalc.maths.numerics.roots import Point, newton_plane
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Decimal, Expr, equals
from mlcalc.showing.derivation import Step, Table, step

ERFC = "erfc(z) is 2/√π times the integral of exp(−t²) from z to ∞; its slope is −2/√π·exp(−z²)"

MOST_LISTED = 12
"""Up to that many local maxima are listed."""

DIFFERENCE = 1e-5
"""The step of differences, relative: its square and rounding are small beside it."""

NEARER = (1e-3, 1e-6, 1e-9)
"""Distances from a point towards which a function may grow without bound."""


class Found(Record):
    """The estimate, the steps that led to it, the notes, and the function at the maximum."""

    estimate: Estimate
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    height: float


class Search(Record):
    """What is searched: a function and its score, over low ≤ θ ≤ high.

    The grid is fine around `data`; `beyond` are the ends that the certificate looks up to, where
    the search itself needs not go as far, because of `why`.
    """

    unknown: Unknown
    objective: Real
    score: Real | None
    data: Sequence[Scalar]
    low: float
    high: float
    name: str = "log-likelihood"
    beyond: tuple[float, float] | None = None
    why: tuple[str | Expr, ...] = ()
    one_peak: bool = False
    """Whether the function is known to have one peak, so that a coarse grid finds it."""
    careful: Real | None = None
    """The function without rounding, slowly; nan where it has no value."""

    def found(self) -> Found:
        """Raises `Unsolved` where the function grows towards an end of the range."""
        floats = list(dict.fromkeys(map(to_float, self.data)))
        grid = grid_over(self.low, self.high, floats, not self.one_peak)
        listed = peaks(self.objective, self.score, grid, self.low, self.high)
        if self.careful is not None and not all(peak.is_one(self.careful) for peak in listed):
            return self.without_rounding().found()
        listed = [self.snapped(peak) for peak in listed if not self.is_overflow(peak)]
        best = self.best_of(listed)
        estimate = self.estimate(best[0])
        steps = [self.table_step(listed)] if len(listed) > 1 or self.why else []
        if best[0].trail is not None:
            steps.append(self.root_step(best[0]))
        steps.append(self.choice_step(best, len(listed), estimate))
        if estimate.interval is not None:
            notes = [self.flat_note(estimate)]
        else:
            others = [peak.point for peak in listed] + floats
            low, high = self.beyond or (self.low, self.high)
            notes = [certified(self.objective, best[0].point, low, high, others, self.name)]
        return Found(estimate, tuple(steps), (*self.remarks(best), *notes), best[0].value)

    def without_rounding(self) -> Search:
        """The same search for the function without rounding: a peak was but noise."""
        assert self.careful is not None
        careful = self.careful

        def objective(theta: float) -> float:
            value = careful(theta)
            return -math.inf if math.isnan(value) else value

        return replace(
            self, objective=lru_cache(maxsize=None)(objective), careful=None, one_peak=True
        )

    # The peaks.

    def best_of(self, listed: Sequence[Peak]) -> list[Peak]:
        """The highest of the local maxima, several where they are equally high."""
        top = max((peak.value for peak in listed), default=-math.inf)
        if top == math.inf:
            at = next(peak.point for peak in listed if peak.value == top)
            raise Unsolved.because(
                f"there is no maximum: the {self.name} grows without bound as {self.unknown.name} "
                f"goes to {at:g}"
            )
        if top == -math.inf:
            raise Unsolved.because(f"no value of {self.unknown.name} makes these data possible")
        best = [peak for peak in listed if peak.value >= top - 10 * noise(top)]
        for peak in best:
            end = peak.at_end
            if end is not None and (math.isinf(end) or not math.isfinite(self.objective(end))):
                to = {math.inf: "∞", -math.inf: "−∞"}.get(end, f"{end:g}")
                raise Unsolved.because(
                    f"there is no maximum: the {self.name} keeps growing as {self.unknown.name} "
                    f"goes to {to}"
                )
        return best

    def is_overflow(self, peak: Peak) -> bool:
        """Whether an infinite value is but rounding: the function does not grow towards it."""
        if peak.value != math.inf:
            return False
        sides = [
            [self.objective(peak.point + side * spread(peak.point, share)) for share in NEARER]
            for side in (-1, 1)
        ]
        return not any(far < near < nearest < math.inf for far, near, nearest in sides)

    def snapped(self, peak: Peak) -> Peak:
        """The peak at the end of the range, or at the observation beside which it came to lie."""
        end = peak.at_end
        if end is not None and math.isfinite(end) and math.isfinite(self.objective(end)):
            return replace(peak, point=end, value=self.objective(end))
        if peak.trail is not None or peak.interval is not None or end is not None:
            return peak
        point = to_float(self.beside(peak.point, peak.value))
        return replace(peak, point=point, value=self.objective(point))

    def beside(self, value: float, height: float) -> Scalar:
        """The observation that is the value but for rounding, where the function is as high."""
        for x in self.data:
            if abs(to_float(x) - value) <= 1e-7 * max(abs(value), 1e-3):
                return x if self.objective(to_float(x)) >= height - noise(height) else value
        return value

    def estimate(self, peak: Peak) -> Estimate:
        if peak.trail is not None:
            return Estimate(self.unknown, peak.point)
        if peak.at_end is not None and not any(to_float(x) == peak.point for x in self.data):
            return Estimate(self.unknown, Fraction(peak.at_end))
        if peak.interval is not None:
            low, high = (self.beside(end, peak.value) for end in peak.interval)
            return Estimate(self.unknown, (low + high) / 2, interval=(low, high))
        return Estimate(self.unknown, self.beside(peak.point, peak.value))

    # The steps and notes.

    def table_step(self, listed: Sequence[Peak]) -> Step:
        there = "is one local maximum" if len(listed) == 1 else f"are {len(listed)} local maxima"
        smooth = all(peak.trail is not None for peak in listed)
        turns = ", where the score turns from positive to negative" if smooth else ""
        highest = sorted(listed, key=lambda peak: -peak.value)[:MOST_LISTED]
        rows = [(Decimal(peak.point), Decimal(peak.value))
                for peak in sorted(highest, key=lambda peak: peak.point)]  # fmt: skip
        left_out = f"the {MOST_LISTED} highest" if len(listed) > MOST_LISTED else ""
        found = Table((self.unknown.symbol, self.name), tuple(rows), left_out)
        why = f"there {there}{turns}"
        return step(
            "look for all local maxima", found, why=(*self.why, "; ", why) if self.why else why
        )

    def root_step(self, peak: Peak) -> Step:
        assert peak.trail is not None
        return step(
            "find the root of the score",
            table(peak.trail, indexed(self.unknown.symbol, K), "score"),
            why="false position between two points where the score has different signs, "
            + closing(peak.trail),
        )

    def choice_step(self, best: Sequence[Peak], count: int, estimate: Estimate) -> Step:
        why = "" if count == 1 else f"the one with the largest {self.name}"
        if len(best) > 1:
            why = f"{len(best)} of them have the same {self.name}; the smallest is given"
        return step(
            "take the largest" if count > 1 else "read off the estimate",
            "hat = value",
            why=why,
            hat=self.unknown.hat, value=estimate.value,
        )  # fmt: skip

    def remarks(self, best: Sequence[Peak]) -> list[Note]:
        theta = self.unknown.symbol
        if len(best) > 1:
            equal = ", ".join(f"$theta = x_{place}$" for place in range(len(best)))
            places = {f"x_{place}": peak.point for place, peak in enumerate(best)}
            text = f"several values are equally good: {equal}; the smallest is given"
            return [Note("estimate.several_maxima", prose(text, theta=theta, **places))]
        if best[0].at_end is None or self.why:
            return []
        text = "the maximum lies at the end of the range, $theta = end$"
        return [Note("estimate.boundary", prose(text, theta=theta, end=Fraction(best[0].point)))]

    def flat_note(self, estimate: Estimate) -> Note:
        assert estimate.interval is not None
        low, high = estimate.interval
        text = "every value with $low <= theta <= high$ is a maximiser; the middle is given"
        return Note("estimate.interval", prose(text, low=low, theta=self.unknown.symbol, high=high))


# Of one parameter or two.


class Optimum(Record):
    """The estimates, the steps to them, the notes, and the function at the maximum."""

    estimates: tuple[Estimate, ...]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    height: float


def optimum_of(
    unknown: Sequence[Unknown], values: Point, steps: tuple[Step, ...], note: Note, height: float
) -> Optimum:
    estimates = tuple(Estimate(u, v) for u, v in zip(unknown, values, strict=True))
    return Optimum(estimates, steps, (note,), height)


def optimum(
    unknown: Sequence[Unknown],
    objective: Callable[..., float],
    scores: Sequence[Callable[..., float]],
    data: Sequence[Scalar],
    start: Callable[[], tuple[Point, str]],
) -> Optimum:
    """The maximum of a function with one peak; of two parameters from a start, which is named."""
    if len(unknown) == 1:
        ends = ends_of(unknown[0])
        search = Search(unknown[0], objective, scores[0], data, *ends, one_peak=True)
        found = search.found()
        return Optimum((found.estimate,), found.steps, found.notes, found.height)
    return pair(unknown, objective, scores, *start())


def ends_of(unknown: Unknown) -> tuple[float, float]:
    low, high = (to_float(scalar(fact(end))) for end in unknown.range)
    return low, high


def pair(
    unknown: Sequence[Unknown],
    objective: Callable[..., float],
    scores: Sequence[Callable[..., float]],
    start: Point,
    start_note: str,
) -> Optimum:
    """The maximum of a function of two parameters, by Newton's method in the plane.

    `scores`, its partial derivatives, are exact; their slopes are differences, which cost an
    iteration or two and no digit of the result, since that is where the exact scores are zero.
    """
    ends = [
        (to_float(scalar(fact(u.range[0]))), to_float(scalar(fact(u.range[1])))) for u in unknown
    ]

    def slopes(point: Point) -> tuple[Point, Point]:
        rows = []
        for score in scores:
            row = []
            for place in (0, 1):
                width = DIFFERENCE * (abs(point[place]) or 1.0)
                sides = [list(point), list(point)]
                sides[0][place] -= width
                sides[1][place] += width
                row.append((score(*sides[1]) - score(*sides[0])) / (2 * width))
            rows.append((row[0], row[1]))
        return rows[0], rows[1]

    trail = newton_plane(
        lambda p: tuple(score(*p) for score in scores), slopes, lambda p: objective(*p),
        start, tuple(low for low, _ in ends),
    )  # fmt: skip
    if not trail.settled:
        raise Unsolved.because(
            "the iterations do not settle: the likelihood seems to grow towards an end of the range"
        )
    symbols = [u.symbol for u in unknown]
    starting = [equals(indexed(s, 0), Decimal(v)) for s, v in zip(symbols, start, strict=True)]
    why = "s is the vector of scores and H the matrix of their slopes"
    steps = (
        step("choose a start", *starting, why=start_note),
        plane_step(trail, symbols, why),
        read_off(unknown, trail.root),
    )
    certificate = certified_point(lambda p: objective(*p), trail.root, ends)
    return optimum_of(unknown, trail.root, steps, certificate, objective(*trail.root))


def moments(values: Sequence[float], weights: Sequence[float] | None = None) -> Point:
    """The mean and the 1/n variance."""
    shares = weights or [1.0] * len(values)
    whole = math.fsum(shares)
    mean = math.fsum(v * w for v, w in zip(values, shares, strict=True)) / whole
    return mean, math.fsum(w * (v - mean) ** 2 for v, w in zip(values, shares, strict=True)) / whole
