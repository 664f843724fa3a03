"""All local maxima of a function of one number: a grid that is fine where the data are, then roots.

No search can see between its points.  The grid is fine around the observations, where a
likelihood has its peaks, wide enough to see it fall, and looks far out for one that grows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlcalc.maths.numerics.roots import Trail, bracketed, last_with
from mlcalc.maths.records import Record, replace

MOST_POINTS = 6000
EVEN_POINTS = 400
ALMOST = 1e-9
"""Two maxima that are closer than this, relatively, are one."""

GOLDEN = (math.sqrt(5) - 1) / 2

Real = Callable[[float], float]


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


class Peak(Record):
    """A local maximum: θ, the function there, how the root was found, the interval of equals.

    `at_end` is the end of the range towards which the function still rises; `between` are the
    points of the grid beside it, where the function is lower.
    """

    point: float
    value: float
    trail: Trail | None = None
    interval: tuple[float, float] | None = None
    at_end: float | None = None
    between: tuple[float, float] = (-math.inf, math.inf)

    def is_one(self, careful: Real) -> bool:
        """Whether it is higher than both sides for a function without rounding, or not told."""
        sides = [side for side in self.between if side != self.point and math.isfinite(side)]
        top, beside = careful(self.point), [careful(side) for side in sides]
        if math.isnan(top):
            return math.isnan(self.value) or not math.isfinite(self.value) or not beside
        return not any(value >= top for value in beside)


def peaks(
    objective: Real, score: Real | None, grid: Sequence[float], low: float, high: float
) -> list[Peak]:
    """The local maxima from left to right; `low` and `high` end the range, and may be infinite."""
    values = [objective(point) for point in grid]
    found: list[Peak] = []
    first = 0
    while first < len(grid):
        last = first
        while last + 1 < len(grid) and is_level(values[first], values[last + 1]):
            last += 1
        left = values[first - 1] if first else -math.inf
        right = values[last + 1] if last + 1 < len(grid) else -math.inf
        if left < values[first] > right:
            ends = grid[max(first - 1, 0)], grid[min(last + 1, len(grid) - 1)]
            if first == 0:
                peak = Peak(grid[0], values[0], at_end=low)
            elif last == len(grid) - 1:
                peak = Peak(grid[-1], values[-1], at_end=high)
            elif values[first] == math.inf:
                peak = Peak(grid[first], math.inf)
            elif last - first >= 2 and grid[last] - grid[first] > 1e-5 * abs(ends[1] - ends[0]):
                peak = plateau(objective, grid, first, last, values[first])
            else:
                peak = refined(objective, score, ends[0], ends[1], grid[first])
            found.append(replace(peak, between=ends))
        first = last + 1
    return distinct(found)


def is_level(value: float, other: float) -> bool:
    """Whether two values differ by no more than rounding."""
    return value == other or abs(value - other) <= noise(value if math.isfinite(value) else 0.0)


def refined(objective: Real, score: Real | None, low: float, high: float, inside: float) -> Peak:
    """The maximum between two points: the root of the score, or of no score, by golden sections.

    The function is higher `inside` than at both; where it jumps, golden sections may miss that.
    """
    around = max((golden(objective, low, high), inside), key=objective)
    for outside in (low, high):
        if not math.isfinite(objective(outside)):
            edge = last_with(lambda t: math.isfinite(objective(t)), around, outside)
            if abs(edge - around) <= 1e-6 * (high - low):
                return at_edge(objective, edge, around, high - low)
    if score is not None and score(low) > 0 > score(high) and not is_kink(score, around, low, high):
        trail = bracketed(score, low, high)
        if objective(trail.root) >= objective(around) - noise(objective(around)):
            return Peak(trail.root, objective(trail.root), trail)
    return Peak(around, objective(around))


def at_edge(objective: Real, edge: float, around: float, width: float) -> Peak:
    """The end of where the function has values: its maximum, or what it grows towards for ever.

    One that grows without bound gains as much over each further power of ten.
    """
    side = math.copysign(width, around - edge) if around != edge else width
    if not math.isfinite(objective(edge + 1e-3 * side)):
        side = -side
    far, near, next_to = (objective(edge + share * side) for share in (1e-3, 1e-6, 1e-12))
    if next_to - near > 0.1 * (near - far) > 0 or abs(edge) < 1e-300:
        return Peak(edge, objective(edge), at_end=edge if abs(edge) > 1e-300 else 0.0)
    return Peak(edge, objective(edge))


def is_kink(score: Real, at: float, low: float, high: float) -> bool:
    """Whether the score jumps there, instead of passing through 0."""
    near = 1e-6 * (high - low)
    return score(at - near) - score(at + near) > 0.1 * (score(low) - score(high))


def plateau(objective: Real, grid: Sequence[float], first: int, last: int, top: float) -> Peak:
    """A whole interval of equal values, its ends by bisection."""

    def is_top(place: float) -> bool:
        return abs(objective(place) - top) <= noise(top)

    low = last_with(is_top, grid[first], grid[first - 1])
    high = last_with(is_top, grid[last], grid[last + 1])
    return Peak((low + high) / 2, top, interval=(low, high))


def distinct(found: Sequence[Peak]) -> list[Peak]:
    """The peaks without those that are one, found from two sides."""
    kept: list[Peak] = []
    for peak in found:
        if kept and abs(peak.point - kept[-1].point) <= ALMOST * max(abs(peak.point), 1e-300):
            if peak.value > kept[-1].value:
                kept[-1] = peak
        else:
            kept.append(peak)
    return kept


def grid_over(
    low: float, high: float, data: Sequence[float], fine: bool = True, reach: float = 1.0
) -> list[float]:
    """Points of low ≤ θ ≤ high: evenly and by powers of ten, and finely around each observation.

    Where the function is known to have one peak, a coarse grid does, `fine` False.  `reach` is
    the width of a peak where it is known.
    """
    centre = sorted(data)[len(data) // 2] if data else 0.0
    size = max((abs(x) for x in data), default=1.0) or 1.0
    even, per_ten = (EVEN_POINTS, 10) if fine else (EVEN_POINTS // 10, 4)
    points: set[float] = set(data)
    if math.isinf(low) and math.isinf(high):
        width = (max(data) - min(data) if data else 0.0) or reach
        first, last = min(data, default=0.0) - width, max(data, default=0.0) + width
        points |= spaced(first, last, even)
        for scale in (width, reach):
            points |= {centre + s * scale * d for d in powers(-6, 6, per_ten) for s in (-1, 1)}
    elif math.isinf(low) or math.isinf(high):
        end, sign = (low, 1) if math.isinf(high) else (high, -1)
        for scale in (1.0, size):
            points |= {end + sign * d * scale for d in powers(-8, 8, 3 * per_ten)}
        points |= {end + sign * 10.0**k for k in (-300, -200, -100, -50, -20, 20, 50, 100)}
    else:
        width = high - low
        points |= spaced(low, high, even) | {low, high}
        points |= {low + width * d for d in powers(-12, -1, per_ten)}
        points |= {high - width * d for d in powers(-12, -1, per_ten)}
    if fine:
        points |= around_each(sorted(data), MOST_POINTS - len(points), reach)
    inside = sorted(p for p in points if low <= p <= high and math.isfinite(p))
    return apart(inside, {*data, low, high})


def apart(ordered: Sequence[float], kept: set[float]) -> list[float]:
    """The points without neighbours among floats, between which a function is but rounding."""
    found: list[float] = []
    for point in ordered:
        if found and point - found[-1] <= 1e-12 * abs(point) and not {point, found[-1]} <= kept:
            if point in kept:
                found[-1] = point
        else:
            found.append(point)
    return found


def around_each(ordered: Sequence[float], room: int, reach: float) -> set[float]:
    """Points beside each observation, within `reach` and within the gap before it."""
    each = max(2, min(20, room // (3 * max(len(ordered), 1))))
    points: set[float] = set()
    for before, x in zip([ordered[0] if ordered else 0.0, *ordered], ordered, strict=False):
        for i in range(1, each + 1):
            share = i / each
            points |= {x + 2 * reach * share, x - 2 * reach * share, x - (x - before) * share}
    return points


def spaced(low: float, high: float, count: int) -> set[float]:
    return {low + (high - low) * i / count for i in range(count + 1)}


def powers(first: int, last: int, per_ten: int) -> list[float]:
    return [10.0 ** (k / per_ten) for k in range(first * per_ten, last * per_ten + 1)]
