"""An axis: which numbers it shows, where a number stands on it, and its ticks.

Whatever comes in, what goes out is finite: an axis has two ends that are apart, so nothing that
draws has to ask again about infinities, single points or constants.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from mlcalc.maths.printing import Style
from mlcalc.maths.printing.letters import raised_integer
from mlcalc.maths.records import Record

Range: TypeAlias = tuple[float, float]
Point: TypeAlias = tuple[float, float]

# Differences of numbers within this are finite, and so is their ratio to the narrowest axis.
LARGEST, NARROWEST, FINEST = 1e150, 1e-150, 1e-9

# Far outside of every picture, in axis lengths, but a slope to it can still be computed.
FAR = 1e6

# Outside of these a tick is written with a power of ten.
MOST_DIGITS, MOST_DECIMALS = 6, 5


class Axis(Record):
    """The numbers from low to high, both finite, low below high."""

    low: float
    high: float

    @property
    def length(self) -> float:
        return self.high - self.low

    def at(self, value: float) -> float:
        """Where a number stands: 0 at the low end, 1 at the high end, infinities far outside."""
        return max(-FAR, min(FAR, (within(value) - self.low) / self.length))

    def shows(self, value: float) -> bool:
        return self.low <= value <= self.high

    def widened(self, factor: float) -> Axis:
        """The axis with the same middle and its length times a factor."""
        middle, half = (self.low + self.high) / 2, self.length / 2 * factor
        return Axis(middle - half, middle + half)


def within(value: float) -> float:
    return max(-LARGEST, min(LARGEST, value))


def axis(given: Range | None, values: Iterable[float]) -> Axis:
    """The axis from given end to end, or over all finite values where an end is not given."""
    ends = given or (math.nan, math.nan)
    finite = [within(value) for value in (*values, *ends) if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    if given is not None and given[0] < given[1]:
        low = within(given[0]) if math.isfinite(given[0]) else low
        high = within(given[1]) if math.isfinite(given[1]) else high
    size = max(abs(low), abs(high))
    if high - low <= max(size * FINEST, NARROWEST):
        half = size / 2 if size > NARROWEST else 1.0
        middle = (low + high) / 2
        low, high = middle - half, middle + half
    return Axis(low, high)


def ticks(shown: Axis, most: int) -> list[float]:
    """At most that many multiples of 1, 2 or 5 times a power of ten; none where there is none."""
    if most < 1:
        return []
    power = 10.0 ** math.floor(math.log10(shown.length / most))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first = math.ceil(shown.low / step - FINEST)
        last = math.floor(shown.high / step + FINEST)
        if last - first < most:
            return [number * step for number in range(first, last + 1)]
    return []


def tick_labels(values: Sequence[float], style: Style) -> list[str]:
    """The numbers with just the digits that tell them apart."""
    if not values:
        return []
    size = max(map(abs, values))
    step = values[1] - values[0] if len(values) > 1 else size
    if not size:
        return ["0"]
    finest = math.floor(math.log10(step) + FINEST)
    largest = math.floor(math.log10(size) + FINEST)
    if largest >= MOST_DIGITS or -finest > MOST_DECIMALS:
        return [power_text(value, max(largest - finest, 0), style) for value in values]
    return [signed(decimal_text(value, max(-finest, 0)), style) for value in values]


def decimal_text(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def power_text(value: float, digits: int, style: Style) -> str:
    if not value:
        return "0"
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    short = decimal_text(float(mantissa), digits)
    if style.ascii:
        return f"{short}e{int(exponent)}"
    return signed(short, style) + f"·10{raised_integer(int(exponent))}"


def signed(text: str, style: Style) -> str:
    return text if style.ascii else text.replace("-", "−")


def strokes(points: Sequence[Point], x: Axis, y: Axis) -> Iterator[tuple[Point, Point]]:
    """The straight pieces of a curve that are seen, from 0 to 1 along both axes.

    A point that is not a number, or infinitely far to the side, breaks the curve; one that is
    infinitely high is far above.  A point alone is a piece without length.
    """
    before: Point | None = None
    is_alone = False
    for horizontal, vertical in points:
        if not math.isfinite(horizontal) or math.isnan(vertical):
            if before is not None and is_alone:
                yield from clipped(before, before)
            before = None
            continue
        here = (x.at(horizontal), y.at(vertical))
        is_alone = before is None
        if before is not None:
            yield from clipped(before, here)
        before = here
    if before is not None and is_alone:
        yield from clipped(before, before)


def clipped(start: Point, end: Point) -> Iterator[tuple[Point, Point]]:
    """The part of a line within the unit square (Liang and Barsky 1984), if there is one."""
    (x, y), across, up = start, end[0] - start[0], end[1] - start[1]
    enters, leaves = 0.0, 1.0
    for speed, room in ((-across, x), (across, 1 - x), (-up, y), (up, 1 - y)):
        if not speed:
            if room < -FINEST:
                return
            continue
        when = room / speed
        if speed < 0:
            enters = max(enters, when)
        else:
            leaves = min(leaves, when)
    if enters <= leaves:
        yield ((x + enters * across, y + enters * up), (x + leaves * across, y + leaves * up))
