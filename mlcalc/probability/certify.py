"""A second route to a numeric maximum, at run time: the function itself, not its derivative.

The estimate came from the score.  Here only the function is asked.  It must be lower on both
sides, near and far, at the ends of the range, at kinks, and at every other place that is tried;
and its slope, by differences of its values, must vanish there to the digits that are claimed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from mlcalc.derivation import Note

DIGITS = 5
"""Digits that are printed unless more are asked for; a maximum is certified to these at least."""

MOST_DIGITS = 8
"""No more digits are claimed."""

NEAR = (1e-3, 1e-2, 0.1, 0.3)
FAR = (1.0, 3.0, 10.0, 100.0, 1e4)
"""Distances tried, relative to the estimate."""

GOLDEN = (math.sqrt(5) - 1) / 2

Real = Callable[[float], float]


def certified(
    objective: Real,
    at: float,
    low: float = -math.inf,
    high: float = math.inf,
    others: Iterable[float] = (),
    name: str = "log-likelihood",
) -> Note:
    """Whether the objective has its maximum over low ≤ θ ≤ high at this θ.

    `others` are kinks and further places to look at.  The note has the id `estimate.certified`,
    and says to how many digits; or `estimate.not_certified`, and says why.
    """
    value = safe(objective, at)
    if not math.isfinite(value):
        return refused(f"the {name} has no value there")
    for place in (*others, *places(at, low, high)):
        if place != at and low <= place <= high:
            there = safe(objective, place)
            if there > value + noise(value):
                return refused(f"the {name} comes out larger at {place:.{DIGITS}g}")
    digits = digits_told(objective, at, low, high)
    if digits < DIGITS:
        return refused(f"the {name} does not tell {DIGITS} digits of it")
    sides = "on both sides" if low < at < high else "on the side that is in its range"
    return Note(
        "estimate.certified",
        f"the {name} is lower {sides}, near and far, and a look at its values alone, without the "
        f"score, gives the same maximum to {digits} digits",
    )


def certified_point(
    objective: Callable[[tuple[float, ...]], float],
    at: Sequence[float],
    ranges: Sequence[tuple[float, float]],
    name: str = "log-likelihood",
) -> Note:
    """The same for two parameters: lower on both sides in eight directions, near and far."""
    point = tuple(at)
    value = safe(objective, point)
    if not math.isfinite(value):
        return refused(f"the {name} has no value there")
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
                return refused(f"the {name} comes out larger at a distance of {distance:g} from it")
        digits = min(digits, digits_told(moved, 0.0))
    if digits < DIGITS:
        return refused(f"the {name} does not tell {DIGITS} digits of it")
    return Note(
        "estimate.certified",
        f"the {name} is lower in every direction, near and far, and a look at its values alone, "
        f"without the scores, gives the same maximum to {digits} digits",
    )


def refused(reason: str) -> Note:
    return Note("estimate.not_certified", f"not certified: {reason}")


def safe(objective: Callable[..., float], *at: object) -> float:
    """The value, −∞ where there is none: the density is zero or out of a double's reach."""
    try:
        value = objective(*at)
    except (ArithmeticError, ValueError):
        return -math.inf
    return -math.inf if math.isnan(value) else float(value)


def noise(value: float) -> float:
    """What rounding may add to the value."""
    return 1e-14 * max(abs(value), 1.0)


def spread(at: float, share: float) -> float:
    """A distance relative to θ; to 1 where θ is 0."""
    return share * (abs(at) or 1.0)


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


def golden(objective: Real, low: float, high: float) -> float:
    """The maximum of a function with one peak between two points, by golden sections."""
    a, b = low, high
    inner = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    at_inner = safe(objective, inner[0]), safe(objective, inner[1])
    for _ in range(200):
        if b - a <= 1e-12 * max(abs(a), abs(b)):
            break
        if at_inner[0] >= at_inner[1]:
            b = inner[1]
            there = b - GOLDEN * (b - a)
            inner, at_inner = (there, inner[0]), (safe(objective, there), at_inner[0])
        else:
            a = inner[0]
            there = a + GOLDEN * (b - a)
            inner, at_inner = (inner[1], there), (at_inner[1], safe(objective, there))
    return (a + b) / 2
