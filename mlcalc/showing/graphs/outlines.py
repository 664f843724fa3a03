"""Points, rectangles and lines in pixels, and how wide a text is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from mlcalc.maths.printing import columns
from mlcalc.maths.records import Record

Spot: TypeAlias = tuple[float, float]

INDEX = re.compile(r"(?<=\w)([_^])(\{[^{}]*\}|[^\W_]+(?:,[^\W_]+)?(?:[-−+]\d+)?)")
"""An index below or above the line, as in h_1 and h^2, which is set without its mark."""

LETTER, LINE = 8.0, 17.0


class Box(Record):
    """A rectangle by its middle and its half sizes; one that is round is met on its circle."""

    x: float
    y: float
    wide: float
    high: float
    is_round: bool = False

    def edge(self, toward: Spot) -> Spot:
        """The point of the outline on the way from the middle to there."""
        dx, dy = toward[0] - self.x, toward[1] - self.y
        if not dx and not dy:
            return self.x, self.y
        if self.is_round:
            share = self.wide / math.hypot(dx, dy)
        else:
            share = min(
                self.wide / abs(dx) if dx else math.inf, self.high / abs(dy) if dy else math.inf
            )
        return self.x + dx * share, self.y + dy * share


class Route(Record):
    """The points of a wire, or the four of a Bézier curve; `wire` is its number in the graph."""

    points: tuple[Spot, ...]
    wire: int
    is_curve: bool = False

    def sampled(self) -> tuple[Spot, ...]:
        if not self.is_curve:
            return self.points
        a, b, c, d = self.points
        return tuple(
            (
                a[0] * u**3 + 3 * b[0] * u * u * t + 3 * c[0] * u * t * t + d[0] * t**3,
                a[1] * u**3 + 3 * b[1] * u * u * t + 3 * c[1] * u * t * t + d[1] * t**3,
            )
            for t, u in ((n / 12, 1 - n / 12) for n in range(13))
        )


def text_width(text: str) -> float:
    return LETTER * columns(INDEX.sub(r"\2", text))


def segments(points: Sequence[Spot]) -> list[tuple[Spot, Spot]]:
    return list(pairwise(points))
