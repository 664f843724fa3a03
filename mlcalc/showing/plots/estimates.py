"""Likelihood, prior and posterior in one picture.

A likelihood of thirty observations is 10⁻²⁰ where the prior is 3, so each curve is scaled to
height 1: what a student reads is where each has its top and how wide it is, and the posterior
between the other two.  Curves are given by their logarithms, since products underflow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Label
from mlcalc.showing.plots.model import SAMPLES, Curve, Mark, Plot, value_at

# A curve is seen where its logarithm is at most this much below its top: down to 1 % of it.
DEPTH = 4.6

# A curve that is this many times wider than the first does not set the range.
WIDEST = 5

# The part of the range beside a pole whose heights are not looked at.
POLE = 0.03

# The part of the range that is left free beside the curves, and near which an end is the end.
MARGIN, NEAR = 0.08, 0.3

FARTHEST = 1e12

Function = Callable[[float], float]


def estimate_plot(
    curves: Mapping[str, Function],
    low: float,
    high: float,
    marks: Iterable[tuple[Label, float]] = (),
    x_label: Label = "",
) -> Picture:
    """The curves, each scaled to height 1, around the marked estimates.

    `curves` are logarithms by name (of posterior, likelihood, prior, up to constants), the one
    that matters first: it is drawn solid and sets the range.  They may raise, or be nan or −inf,
    where they have no value.  `low` and `high` are the ends of the parameter's domain and may be
    infinite.
    """
    shown = tuple(Mark(label, x) for label, x in marks)
    anchors = [mark.x for mark in shown if math.isfinite(mark.x) and low <= mark.x <= high]
    left, right = window(list(curves.values()), low, high, anchors)
    drawn = tuple(scaled(name, f, left, right, anchors) for name, f in curves.items())
    plot = Plot(drawn, marks=shown, x_range=(left, right), y_range=(0.0, 1.05), x_label=x_label)
    return Picture(plot, caption(drawn))


def caption(drawn: Sequence[Curve]) -> str:
    """What was done to the curves, and which of them are one."""
    text = ("each curve is" if len(drawn) > 1 else "the curve is") + " scaled to height 1"
    for first, second in combinations(drawn, 2):
        if all(is_close(a[1], b[1]) for a, b in zip(first.points, second.points, strict=True)):
            text += f"; {first.label} and {second.label} coincide"
    return text


def is_close(a: float, b: float) -> bool:
    return a == b or abs(a - b) < 1e-6 or (a != a and b != b)


def scaled(name: str, log: Function, left: float, right: float, anchors: Sequence[float]) -> Curve:
    """exp(log f − its maximum); where f has a pole at an end, its height there does not count."""
    span = right - left
    jumps = [x + side * span * 1e-9 for x in (left, *anchors, right) for side in (-1, 0, 1)]
    even = [left + span * number / SAMPLES for number in range(SAMPLES + 1)]
    places = sorted(x for x in (*even, *jumps) if left <= x <= right)
    heights = [(x, value_at(log, x)) for x in places]
    poles = [end for end, side in ((left, 1), (right, -1)) if has_pole(log, end, side * span)]
    inner = [h for x, h in heights if all(abs(x - pole) > POLE * span for pole in poles)]
    top = max((h for h in inner if math.isfinite(h)), default=math.nan)
    return Curve(name, tuple((x, exponential(h - top)) for x, h in heights))


def has_pole(log: Function, end: float, inward: float) -> bool:
    """Whether the curve rises without bound towards an end, as x^(−1/2) does towards 0."""
    if not math.isfinite(end):
        return False
    nearer, near = (value_at(log, end + inward * 10.0**-k) for k in (12, 9))
    return nearer - near > 1e-2


def exponential(power: float) -> float:
    """e to that power; nan stays nan, and what is too large is infinite."""
    if math.isnan(power):
        return math.nan
    return math.exp(power) if power < 700 else math.inf


def window(
    logs: Sequence[Function], low: float, high: float, anchors: Sequence[float]
) -> tuple[float, float]:
    """Where the first curve, those not much wider, and all estimates are seen, in the domain."""
    reaches = [found for log in logs if (found := reach(log, low, high, anchors)) is not None]
    longest = WIDEST * (reaches[0][1] - reaches[0][0]) if reaches else 0.0
    kept = [(left, right) for left, right in reaches if right - left <= longest]
    ends = [end for pair in kept for end in pair if math.isfinite(end)] + list(anchors)
    if not ends:
        return (low, high) if math.isfinite(high - low) and low < high else (-1.0, 1.0)
    left, right = min(ends), max(ends)
    span = right - left
    if span <= 1e-9 * max(abs(left), abs(right)):
        span = abs(left) or 1.0
        left, right = left - span, right + span
    left, right = left - MARGIN * span, right + MARGIN * span
    return (
        low if left - NEAR * span <= low else left,
        high if right + NEAR * span >= high else right,
    )


def reach(
    log: Function, low: float, high: float, anchors: Sequence[float]
) -> tuple[float, float] | None:
    """Around its highest point, as far as the curve is seen; None where it is nowhere defined.

    At a pole the curve times the distance to it is looked at, which is low at both ends of the
    bulk.
    """
    unit = high - low if math.isfinite(high - low) else max([1.0, *map(abs, anchors)])
    poles = [end for end, side in ((low, 1), (high, -1)) if has_pole(log, end, side * unit)]

    def bounded(x: float) -> float:
        return log(x) + sum(math.log(abs(x - pole)) for pole in poles)

    top, height = peak(bounded, low, high, anchors)
    if not math.isfinite(height):
        return None

    def is_seen(x: float) -> bool:
        return value_at(bounded, x) >= height - DEPTH

    return edge(is_seen, top, low, -1), edge(is_seen, top, high, 1)


def peak(
    log: Function, low: float, high: float, anchors: Sequence[float]
) -> tuple[float, float]:  # fmt: skip
    """The highest point that a search around the estimates, then between neighbours, finds."""
    start = [*anchors] or [x for x in (low, high) if math.isfinite(x)] or [0.0]
    away = [2.0**k for k in range(-40, 41)]
    places = {x + side * d for x in start for d in away for side in (-1, 1)} | set(start)
    if math.isfinite(high - low):
        places |= {low + (high - low) * k / 200 for k in range(201)}
    found = sorted(x for x in places if low <= x <= high)
    heights = [value_at(log, x) for x in found]
    finite = [number for number, h in enumerate(heights) if math.isfinite(h)]
    if not finite:
        return math.nan, math.nan
    best = max(finite, key=heights.__getitem__)
    left, right = found[max(best - 1, 0)], found[min(best + 1, len(found) - 1)]
    top = (found[best], heights[best])
    for _ in range(60):
        a, b = left + (right - left) / 3, right - (right - left) / 3
        at_a, at_b = value_at(log, a), value_at(log, b)
        left, right = (left, b) if at_a > at_b else (a, right)
        top = max(
            (top, (a, at_a), (b, at_b)), key=lambda p: p[1] if math.isfinite(p[1]) else -math.inf
        )
    return top


def second(pair: tuple[float, float]) -> float:
    return pair[1]


def edge(is_seen: Callable[[float], bool], top: float, end: float, side: int) -> float:
    """The first place on one side of the top, up to the end, where the curve is not seen."""
    step = max(abs(top), 1.0) * 1e-12
    inside = top
    while abs(inside - end) > 0:
        outside = top + side * step
        if (outside - end) * side >= 0:
            outside = end
        if not is_seen(outside):
            break
        inside, step = outside, 2 * step
        if step > FARTHEST * max(abs(top), 1.0):
            return side * math.inf
    else:
        return end
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if is_seen(middle) else (inside, middle)
    return inside
