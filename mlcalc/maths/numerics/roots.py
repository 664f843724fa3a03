"""Roots of a score, found step by step, with the steps kept: they are what a solution shows.

Newton's method θ ← θ − s(θ)/s′(θ) where a derivative is at hand, and false position where only a
bracket is (the Illinois variant of Dowell and Jarratt, 1971, with a bisection where the bracket
does not shrink).  Both go on until no digit of a double changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlcalc.maths.records import Record

LIMIT = 60
"""The most iterations."""

EPSILON = 2.0**-52
NOISE = 1e-8
"""Once steps are this small beside θ, one that does not shrink any more is rounding."""

DIGITS_KNOWN = 1e5
"""A score this many times its rounding has the five digits that are shown."""

Real = Callable[[float], float]


class Iterate(Record):
    """θ_k, the score there, and the step to θ_{k+1}; the bracket that held the root, if any."""

    point: float
    score: float
    step: float
    bracket: tuple[float, float] | None = None


class Trail(Record):
    """The iterates and the root they led to; `settled` unless the limit was reached before.

    `told` of the iterates have a score of which digits are known: the others are rounding.
    """

    root: float
    iterates: tuple[Iterate, ...]
    settled: bool
    told: int


def trailed(score: Real, root: float, iterates: Sequence[Iterate], settled: bool) -> Trail:
    """The trail, with the scores at its end that rounding has made told from the others."""
    told = len(iterates)
    while told and is_rounding(iterates[told - 1].score, rounding(score, iterates[told - 1].point)):
        told -= 1
    return Trail(root, tuple(iterates), settled, told)


def rounding(score: Real, point: float) -> float:
    """How far the score may be off by rounding: how far it lies off the line of its neighbours.

    They are so near that the bend of the function is far below a digit of the score.
    """
    here = score(point)
    widths = (abs(point) * 2.0**-power for power in (37, 38, 39, 40, 41))
    gaps = [abs(score(point + h) - 2 * here + score(point - h)) for h in widths]
    return max((gap for gap in gaps if math.isfinite(gap)), default=0.0)


def is_rounding(score: float, error: float) -> bool:
    """Whether fewer digits of the score are known than are shown."""
    return abs(score) <= DIGITS_KNOWN * error


def newton(
    score: Real, slope: Real, start: float, low: float = -math.inf, high: float = math.inf
) -> Trail:
    """The root of `score`, whose derivative is `slope`, strictly between `low` and `high`.

    A step that would leave the range goes half the way to its end instead.
    """
    point, before, iterates = start, math.inf, list[Iterate]()
    for _ in range(LIMIT):
        value = score(point)
        steepness = slope(point)
        step = -value / steepness if steepness else math.nan
        if not math.isfinite(step):
            return trailed(score, point, iterates, value == 0)
        if point + step <= low:
            step = (low - point) / 2
        elif point + step >= high:
            step = (high - point) / 2
        iterates.append(Iterate(point, value, step))
        if is_settled(step, before, point):
            return trailed(score, point + step, iterates, True)
        point, before = point + step, abs(step)
    return trailed(score, point, iterates, False)


def is_settled(step: float, before: float, point: float) -> bool:
    """Whether a step changes no digit, or only those that rounding made."""
    size, scale = abs(step), max(abs(point), 1e-300)
    return size <= 2 * EPSILON * scale or (size <= NOISE * scale and size >= before / 2)


def bracketed(score: Real, low: float, high: float) -> Trail:
    """The root between two points where the score has different signs.

    Raises `ValueError` where it has the same sign at both.
    """
    a, b, at_a, at_b = low, high, score(low), score(high)
    for point, value in ((a, at_a), (b, at_b)):
        if value == 0:
            return Trail(point, (Iterate(point, 0.0, 0.0, (a, b)),), True, 0)
    if math.isnan(at_a + at_b) or (at_a > 0) == (at_b > 0):
        raise ValueError("the score has the same sign at both ends")
    weight_a = weight_b = 1.0  # Illinois: an end that stays counts half, so that it moves next
    iterates: list[Iterate] = []
    point, width, size, stuck = a, math.inf, math.inf, False
    for number in range(LIMIT):
        last, fa, fb = point, at_a * weight_a, at_b * weight_b
        point = b - fb * (b - a) / (fb - fa)
        best = min(abs(at_a), abs(at_b))
        stuck = stuck or (b - a > width / 2 and best > size / 2)
        width, size = b - a, best
        if stuck or not a <= point <= b:
            point, stuck = a + (b - a) / 2, False
        value = score(point)
        step = point - last
        iterates.append(Iterate(point, value, step, (a, b)))
        if value == 0 or b - a <= 4 * EPSILON * abs(point):
            return best_of(score, iterates, True)
        if abs(step) <= NOISE * abs(point):
            # A short step may only mean that an end does not move: the root must be beside it.
            beside = [score(point + k * EPSILON * abs(point)) for k in (-4, 4)]
            if beside[0] == 0 or (beside[0] > 0) != (beside[1] > 0):
                return best_of(score, iterates, True)
            stuck = abs(step) <= 4 * EPSILON * abs(point)
        if (value > 0) == (at_a > 0):
            weight_b = weight_b / 2 if a == last and number else 1.0
            a, at_a, weight_a = point, value, 1.0
        else:
            weight_a = weight_a / 2 if b == last and number else 1.0
            b, at_b, weight_b = point, value, 1.0
    return best_of(score, iterates, False)


def best_of(score: Real, iterates: Sequence[Iterate], settled: bool) -> Trail:
    """The iterates up to the one whose score is nearest to 0: a later one only found rounding."""
    nearest = min(range(len(iterates)), key=lambda k: abs(iterates[k].score))
    return trailed(score, iterates[nearest].point, iterates[: nearest + 1], settled)


# In two unknowns.

Point = tuple[float, ...]


class PlanePoint(Record):
    """One iterate in several unknowns: the point, its scores, the step."""

    point: Point
    scores: Point
    step: Point


class PlaneTrail(Record):
    """The same in several unknowns; `errors` are the roundings of the scores of each iterate."""

    root: Point
    iterates: tuple[PlanePoint, ...]
    settled: bool
    errors: tuple[Point, ...] = ()

    def is_told(self, place: int, axis: int) -> bool:
        """Whether the digits of a score are known."""
        return not is_rounding(self.iterates[place].scores[axis], self.errors[place][axis])

    @property
    def told(self) -> int:
        """How many iterates there are up to the last of which a score is known."""
        known = [any(self.is_told(place, axis) for axis in range(len(point.scores)))
                 for place, point in enumerate(self.iterates)]  # fmt: skip
        return max((place + 1 for place, is_known in enumerate(known) if is_known), default=0)


def plane_errors(scores: Callable[[Point], Point], point: Point) -> Point:
    """The rounding of each score along the line from 0 through the point."""

    def along(axis: int) -> Real:
        return lambda t: scores(tuple(t * p for p in point))[axis]

    return tuple(rounding(along(axis), 1.0) for axis in range(len(point)))


def newton_plane(
    scores: Callable[[Point], Point],
    slopes: Callable[[Point], tuple[Point, Point]],
    objective: Callable[[Point], float],
    start: Point,
    low: Point,
) -> PlaneTrail:
    """The maximum of a function of two unknowns, each above its `low`.

    `slopes` is the matrix of second derivatives.  A step is halved while it leaves the range or
    lowers the function; where the matrix is not negative definite, the step goes up the gradient.
    """
    point, before, iterates = start, math.inf, list[PlanePoint]()
    here = objective(point)
    for _ in range(LIMIT):
        gradient = scores(point)
        step = plane_step(gradient, slopes(point), point)
        for _ in range(LIMIT):
            target = (point[0] + step[0], point[1] + step[1])
            inside = all(t > end for t, end in zip(target, low, strict=True))
            there = objective(target) if inside else -math.inf
            if there >= here - 1e-13 * max(abs(here), 1):
                break
            step = (step[0] / 2, step[1] / 2)
        iterates.append(PlanePoint(point, gradient, step))
        size = max(abs(s) / max(abs(p), 1e-3) for s, p in zip(step, target, strict=True))
        if size <= 2 * EPSILON or (size <= NOISE and size >= before / 2):
            return plane_trail(scores, target, iterates, True)
        point, here, before = target, there, size
    return plane_trail(scores, point, iterates, False)


def plane_trail(
    scores: Callable[[Point], Point], root: Point, iterates: Sequence[PlanePoint], settled: bool
) -> PlaneTrail:
    errors = tuple(plane_errors(scores, each.point) for each in iterates)
    return PlaneTrail(root, tuple(iterates), settled, errors)


def plane_step(gradient: Point, matrix: tuple[Point, Point], point: Point) -> Point:
    """−H⁻¹g by Cramer's rule, or along g, no longer than the point itself."""
    (a, b), (c, d) = matrix
    determinant = a * d - b * c
    if determinant > 0 > a and math.isfinite(determinant):
        g, h = gradient
        return -(d * g - b * h) / determinant, -(a * h - c * g) / determinant
    length = math.hypot(*gradient)
    scale = max(math.hypot(*point), 1.0) / length if length else 0.0
    return gradient[0] * scale, gradient[1] * scale


# Where something changes.


def last_with(test: Callable[[float], bool], inside: float, outside: float) -> float:
    """The last number, on the way from one with a property to one without, that has it."""
    while (middle := inside + (outside - inside) / 2) not in (inside, outside):
        inside, outside = (middle, outside) if test(middle) else (inside, middle)
    return inside
