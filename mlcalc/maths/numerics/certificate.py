"""A second route to a numeric maximum, at run time: the function itself, not its derivative.

The estimate came from the score.  Here only the function is asked.  It must be lower on both
sides, near and far, at the ends of the range, at kinks, and at every other place that is tried;
and its slope, by differences of its values, must vanish there to the digits that are claimed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from mlcalc.maths.numerics.maxima import noise, safe, spread
from mlcalc.maths.records import Record

DIGITS = 5
"""Digits that are printed unless more are asked for; a maximum is certified to these at least."""

MOST_DIGITS = 8
"""No more digits are claimed."""

NEAR = (1e-3, 1e-2, 0.1, 0.3)
FAR = (1.0, 3.0, 10.0, 100.0, 1e4)
"""Distances tried, relative to the estimate."""

NO_VALUE = "has no value there"

Real = Callable[[float], float]


class Certificate(Record):
    """To how many digits the values of a function tell its maximum, or what speaks against it."""

    digits: int
    doubt: str = ""


def checked(
    objective: Real,
    at: float,
    low: float = -math.inf,
    high: float = math.inf,
    others: Iterable[float] = (),
) -> Certificate:
    """Whether the objective has its maximum over low ≤ θ ≤ high at this θ.

    `others` are kinks and further places to look at.
    """
    value = safe(objective, at)
    if not math.isfinite(value):
        return Certificate(0, NO_VALUE)
    for place in (*others, *places(at, low, high)):
        if low <= place <= high and safe(objective, place) > value + noise(value):
            return Certificate(0, f"comes out larger at {place:.{DIGITS}g}")
    return enough(digits_told(objective, at, low, high))


def checked_point(
    objective: Callable[[tuple[float, ...]], float],
    at: Sequence[float],
    ranges: Sequence[tuple[float, float]],
) -> Certificate:
    """The same for two parameters: lower on both sides in eight directions, near and far."""
    point = tuple(at)
    value = safe(objective, point)
    if not math.isfinite(value):
        return Certificate(0, NO_VALUE)
    digits = MOST_DIGITS
    for number in range(8):
        angle = math.pi * number / 8
        along = (math.cos(angle) * spread(point[0], 1), math.sin(angle) * spread(point[1], 1))

        def moved(distance: float, along: tuple[float, float] = along) -> float:
            there = tuple(p + distance * a for p, a in zip(point, along, strict=True))
            inside = all(low < t < high for t, (low, high) in zip(there, ranges, strict=True))
            return safe(objective, there) if inside else -math.inf

        for distance in (*NEAR, *FAR):
            if max(moved(-distance), moved(distance)) > value + noise(value):
                return Certificate(0, f"comes out larger at a distance of {distance:g} from it")
        digits = min(digits, digits_told(moved, 0.0))
    return enough(digits)


def enough(digits: int) -> Certificate:
    return Certificate(digits, "" if digits >= DIGITS else f"does not tell {DIGITS} digits of it")


def places(at: float, low: float, high: float) -> Iterator[float]:
    """Points at many distances on both sides, and the ends of the range with points near them."""
    for distance in (*NEAR, *FAR):
        for scale in {spread(at, 1), 1.0}:
            yield at - scale * distance
            yield at + scale * distance
    for end, side in ((low, 1), (high, -1)):
        if math.isfinite(end):
            width = abs(at - end) or spread(end, 1)
            yield end
            yield from (end + side * share * width for share in (1e-9, 1e-6, 1e-3, 0.1, 0.5))
    if math.isfinite(low) and math.isfinite(high):
        yield from (low + (high - low) * i / 200 for i in range(201))


def digits_told(objective: Real, at: float, low: float = -math.inf, high: float = math.inf) -> int:
    """To how many digits the values of the function say that this is its maximum.

    A kink, or the end of the range, shows at once: the function is lower close by.  Around a
    smooth maximum it is flat, and the slope is taken from points further off.
    """
    digits = lower_beside(objective, at, low, high)
    if digits == MOST_DIGITS or not low < at < high:
        return digits
    return max(digits, slope_digits(objective, at, low, high))


def lower_beside(objective: Real, at: float, low: float, high: float) -> int:
    """To how many digits the function is lower on each side that is in the range."""
    value = safe(objective, at)
    for digits in range(MOST_DIGITS, 0, -1):
        distance = spread(at, 0.5 * 10.0**-digits)
        sides = [p for p in (at - distance, at + distance) if low <= p <= high and p != at]
        if sides and all(safe(objective, p) < value - noise(value) / 10 for p in sides):
            return digits
    return 0


def slope_digits(objective: Real, at: float, low: float, high: float) -> int:
    """To how many digits the slope by differences vanishes, where the function bends down.

    −f′/f″ is how far off the maximum is.  f′ comes from four points whose errors in the third
    derivative cancel (Abramowitz and Stegun 25.3.6), at two distances, which must agree.
    """
    value, wide = safe(objective, at), 0.0
    for power in range(-32, 25):
        wide = spread(at, 10 ** (power / 4))
        if not (low < at - 2 * wide and at + 2 * wide < high):
            return 0
        beside = (safe(objective, at - wide) + safe(objective, at + wide)) / 2
        if beside <= value - 1e-5 * max(abs(value), 1.0) ** 0.5:
            break
    else:
        return 0
    shifts = [shift(objective, at, value, distance) for distance in (wide, wide / 2)]
    off = max(abs(shifts[0]), abs(shifts[1])) / spread(at, 1)
    if math.isnan(off):
        return 0
    return max(min(math.floor(-math.log10(2 * off)) if off else MOST_DIGITS, MOST_DIGITS), 0)


def shift(objective: Real, at: float, value: float, distance: float) -> float:
    """−f′/f″ by differences; nan where it does not bend down, or θ is too small for floats."""
    if distance**2 == 0:
        return math.nan
    far = [safe(objective, at + k * distance) for k in (-2, -1, 1, 2)]
    slope = (8 * (far[2] - far[1]) - (far[3] - far[0])) / (12 * distance)
    bend = (far[1] + far[2] - 2 * value) / distance / distance
    return -slope / bend if bend < 0 else math.nan
