"""Labelings as small plots side by side: what gives each, and which are impossible."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.learning.shattering.model import Decider, Decision, Labeling, Witness
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Drawing, Lazy
from mlcalc.showing.plots import Panels, Plot, Points, Region, region
from mlcalc.showing.plots.scale import Range

MARGIN = 0.35
WIDTH, HEIGHT = 18, 6
LINE_HEIGHT = 2


class Labelings(Lazy):
    """A panel for each labeling of points on a line or in the plane."""

    decider: Decider
    shown: tuple[tuple[Labeling, Decision], ...]

    def plot(self) -> Drawing:
        points = self.decider.points
        ranges = [spread([float(p[axis]) for p in points]) for axis in range(len(points[0]))]
        x_range, y_range = ranges if len(ranges) == 2 else (ranges[0], (-1.0, 1.0))
        return Panels(tuple(panel(self.decider, *pair, x_range, y_range) for pair in self.shown))


def labelings_picture(
    decider: Decider, shown: Sequence[tuple[Labeling, Decision]]
) -> tuple[Picture, ...]:
    if len(decider.points[0]) > 2 or not shown:
        return ()
    caption = "● is 1 and ○ is 0; the shaded side is labelled 1, and ✗ marks what is impossible"
    return (Picture(Labelings(decider, tuple(shown)), caption),)


def spread(values: Sequence[float]) -> Range:
    low, high = min(values), max(values)
    room = MARGIN * ((high - low) or 2.0)
    return low - room, high + room


def panel(
    decider: Decider, labels: Labeling, decision: Decision, x_range: Range, y_range: Range
) -> Plot:
    on_line = len(decider.points[0]) == 1
    spots = [(float(p[0]), 0.0 if on_line else float(p[1])) for p in decider.points]
    groups = tuple(
        Points("", tuple(s for s, label in zip(spots, labels, strict=True) if label == side))
        for side in (1, 0)
    )
    title = "".join(map(str, labels)) if len(labels) <= WIDTH - 2 else "…"
    regions: tuple[Region, ...] = ()
    if isinstance(decision, Witness):
        holds = decision.holds

        def inside(x: float, y: float) -> bool:
            return holds((x,) if on_line else (x, y))

        regions = (region("", inside, x_range, y_range, 72, 2 if on_line else 36),)
    else:
        title += " ✗"
    return Plot(
        points=groups,
        regions=regions,
        x_range=x_range,
        y_range=y_range,
        title=title,
        width=WIDTH,
        height=LINE_HEIGHT if on_line else HEIGHT,
        axes=False,
    )
