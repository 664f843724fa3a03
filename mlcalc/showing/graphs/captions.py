"""Texts beside the wires of an SVG file, each where it covers least."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mlcalc.maths.records import Record
from mlcalc.showing.graphs.outlines import LINE, Box, Route, Spot, segments, text_width

SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
GAP = 4.0


class Caption(Record):
    """A text by its middle, with a role that gives it its colour."""

    text: str
    x: float
    y: float
    role: str

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, text_width(self.text) / 2, LINE / 2 - 1)


def overlap(a: Box, b: Box) -> bool:
    return abs(a.x - b.x) < a.wide + b.wide and abs(a.y - b.y) < a.high + b.high


def crosses(box: Box, start: Spot, end: Spot) -> bool:
    """Whether a straight line meets the rectangle (Liang and Barsky 1984)."""
    low, high = 0.0, 1.0
    for begin, move, middle, half in (
        (start[0], end[0] - start[0], box.x, box.wide),
        (start[1], end[1] - start[1], box.y, box.high),
    ):
        if not move:
            if abs(begin - middle) >= half:
                return False
            continue
        first, last = sorted(((middle - half - begin) / move, (middle + half - begin) / move))
        low, high = max(low, first), min(high, last)
    return low < high


def place(
    text: str, role: str, route: Route, is_upper: bool,
    fixed: Sequence[Box], captions: Sequence[Caption], lines: Sequence[tuple[Spot, Spot]],
) -> Caption:  # fmt: skip
    """The text at that side of its wire, or the other one if that is covered."""
    return min(
        candidates(text, role, route, is_upper),
        key=lambda found: cost(found, fixed, captions, lines),
    )[1]


def cost(
    found: tuple[float, Caption], fixed: Sequence[Box], captions: Sequence[Caption],
    lines: Sequence[tuple[Spot, Spot]],
) -> float:  # fmt: skip
    penalty, caption = found
    box = caption.box
    covered = sum(overlap(box, other) for other in fixed)
    covered += sum(overlap(box, other.box) for other in captions)
    return penalty + 1000 * covered + 20 * sum(crosses(box, *line) for line in lines)


def candidates(
    text: str, role: str, route: Route, is_upper: bool
) -> Iterator[tuple[float, Caption]]:
    """Places along the wire with a penalty, on the wanted side of it first."""
    half_wide, half_high = text_width(text) / 2, LINE / 2 - 1
    points = route.sampled()
    for share in SHARES:
        (x, y), (dx, dy) = at(points, share)
        nx, ny = -dy, dx
        # Towards the upper side, or to the right of an upright wire.
        if ny > 1e-9 or (abs(ny) <= 1e-9 and nx < 0):
            nx, ny = -nx, -ny
        far = abs(nx) * half_wide + abs(ny) * half_high + GAP
        for side in (1, -1) if is_upper else (-1, 1):
            penalty = abs(share - 0.5) * 10 + (0 if (side > 0) == is_upper else 6)
            yield penalty, Caption(text, x + nx * far * side, y + ny * far * side, role)


def at(points: Sequence[Spot], share: float) -> tuple[Spot, Spot]:
    """The point at that share of the length, and the direction there as a unit vector."""
    lengths = [math.dist(*piece) for piece in segments(points)]
    rest = sum(lengths) * share
    for (start, end), length in zip(segments(points), lengths, strict=True):
        if length and rest <= length + 1e-9:
            dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
            return (start[0] + dx * rest, start[1] + dy * rest), (dx, dy)
        rest -= length
    return points[-1], (1.0, 0.0)
