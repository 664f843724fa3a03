"""From a function of one parameter, and its score, to the steps that find where it is largest.

Shared by all that has no closed form in one parameter: Cauchy, a user's density, censored and
grouped data.  All local maxima are looked for; the largest is the estimate, ties are said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from mlcalc.derivation import Note, Prose, Step, Table
from mlcalc.errors import Unsolved
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.maxima import Peak, Real, grid_over, noise, peaks, spread
from mlcalc.maths.tree import Chain, Decimal, Expr, equals, shown
from mlcalc.probability.certify import certified
from mlcalc.probability.iterations import closing, table
from mlcalc.probability.model import Unknown
from mlcalc.probability.working import Estimate
from mlcalc.probability.writing import K, indexed
from mlcalc.records import Record, replace

MOST_LISTED = 12
"""Up to that many local maxima are listed."""

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
    why: Prose = ""
    one_peak: bool = False
    """Whether the function is known to have one peak, so that a coarse grid finds it."""
    careful: Real | None = None
    """The function without rounding, slowly; nan where it has no value."""

    def found(self) -> Found:
        """Raises `Unsolved` where the function grows towards an end of the range."""
        floats = [to_float(x) for x in self.data]
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
        plural = "is one local maximum" if len(listed) == 1 else f"are {len(listed)} local maxima"
        smooth = all(peak.trail is not None for peak in listed)
        turns = ", where the score turns from positive to negative" if smooth else ""
        said = f"there {plural}{turns}"
        note: Prose = said
        if self.why:
            before = (self.why,) if isinstance(self.why, str) else self.why
            note = (*before, "; ", said)
        highest = sorted(listed, key=lambda peak: -peak.value)[:MOST_LISTED]
        rows = tuple(
            (Decimal(peak.point), Decimal(peak.value))
            for peak in sorted(highest, key=lambda peak: peak.point)
        )
        left_out = f"the {MOST_LISTED} highest" if len(listed) > MOST_LISTED else ""
        header = (self.unknown.symbol, self.name)
        return Step("look for all local maxima", (Table(header, rows, left_out),), note)

    def root_step(self, peak: Peak) -> Step:
        assert peak.trail is not None
        rows = table(peak.trail, indexed(self.unknown.symbol, K), "score")
        signs = "false position between two points where the score has different signs"
        note = f"{signs}, {closing(peak.trail)}"
        return Step("find the root of the score", (rows,), note)

    def choice_step(self, best: Sequence[Peak], count: int, estimate: Estimate) -> Step:
        note: Prose = "" if count == 1 else f"the one with the largest {self.name}"
        if len(best) > 1:
            note = f"{len(best)} of them have the same {self.name}; the smallest is given"
        assert estimate.value is not None
        line = equals(self.unknown.hat, shown(estimate.value))
        return Step("take the largest" if count > 1 else "read off the estimate", (line,), note)

    def remarks(self, best: Sequence[Peak]) -> list[Note]:
        if len(best) == 1:
            end = equals(self.unknown.symbol, shown(Fraction(best[0].point)))
            at_end = ("the maximum lies at the end of the range, ", end)
            is_end = best[0].at_end is not None and self.why == ""
            return [Note("estimate.boundary", at_end)] if is_end else []
        pieces: list[str | Expr] = ["several values are equally good: "]
        for number, peak in enumerate(best):
            pieces += [", "] * bool(number)
            pieces.append(equals(self.unknown.symbol, Decimal(peak.point)))
        pieces.append("; the smallest is given")
        return [Note("estimate.several_maxima", tuple(pieces))]

    def flat_note(self, estimate: Estimate) -> Note:
        assert estimate.interval is not None
        low, high = map(shown, estimate.interval)
        whole = Chain(low, (("<=", self.unknown.symbol), ("<=", high)))
        text = ("every value with ", whole, " is a maximiser; the middle is given")
        return Note("estimate.interval", text)
