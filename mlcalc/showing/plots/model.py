"""A plot as data: curves, sets of points, marks and regions over two axes.

Coordinates are floats and may be anything: what is infinite, undefined or outside is left out
or said at the edge, never an exception.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from mlcalc.maths.printing import Style
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import Drawing, Label, Line
from mlcalc.showing.plots.scale import Axis, Point, Range, axis

Box = tuple[float, float, float, float]
"""Left, right, bottom, top; an infinite side is the edge of the picture."""

SAMPLES = 240
FAULTS = (ArithmeticError, ValueError, TypeError)
"""What a function may raise where it has no value."""


class Curve(Record):
    """A line from point to point, in the order given: a graph, a straight line, a circle."""

    label: Label
    points: tuple[Point, ...]


class Points(Record):
    """Points that share a sign, such as the examples of a class."""

    label: Label
    points: tuple[Point, ...]


class Mark(Record):
    """A labelled vertical line at x, or a labelled point at (x, y)."""

    label: Label
    x: float
    y: float | None = None


class Region(Record):
    """A shaded part of the picture, as boxes side by side."""

    label: Label
    boxes: tuple[Box, ...]

    def holds(self, x: float, y: float) -> bool:
        return any(l <= x <= r and b <= y <= t for l, r, b, t in self.boxes)  # noqa: E741


class Plot(Drawing):
    """Curves, points, marks and regions over two axes.

    A range that is not given is chosen so that all is seen.  `width` is that of the whole picture
    in columns, `height` that of the area between the axes in lines.  With `equal` a circle is
    round; without `axes` there is a frame alone.
    """

    curves: tuple[Curve, ...] = ()
    points: tuple[Points, ...] = ()
    marks: tuple[Mark, ...] = ()
    regions: tuple[Region, ...] = ()
    x_range: Range | None = None
    y_range: Range | None = None
    x_label: Label = ""
    y_label: Label = ""
    title: Label = ""
    width: int = 60
    height: int = 16
    axes: bool = True
    equal: bool = False

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        from mlcalc.showing.plots.characters import plot_lines

        return plot_lines(self, min(width, self.width), style)

    def svg(self, style: Style = DEFAULT) -> str:
        from mlcalc.showing.plots.svg import plot_svg

        return plot_svg(self, style)

    @property
    def first_colour(self) -> int:
        """Of the curves: a boundary is not in the colour of one of the classes."""
        return max(len(self.points), len(self.regions))

    def frame(self, shape: float) -> tuple[Axis, Axis]:
        """The two axes; `shape` is the width of the picture over its height."""
        x = axis(self.x_range, (p[0] for p in self.spots()))
        # Where the x axis is chosen, it is not what is outside of it that sets the y axis.
        y = axis(self.y_range, (p[1] for p in self.spots() if x.shows(p[0])))
        if self.equal:
            ratio = x.length / y.length / shape
            return (x, y.widened(ratio)) if ratio > 1 else (x.widened(1 / ratio), y)
        return x, y

    def spots(self) -> Iterator[Point]:
        """Every point that wants to be seen."""
        for curve in self.curves:
            yield from curve.points
        for group in self.points:
            yield from group.points
        for mark in self.marks:
            yield mark.x, math.nan if mark.y is None else mark.y
        for shaded in self.regions:
            for left, right, bottom, top in shaded.boxes:
                yield left, bottom
                yield right, top


class Panels(Drawing):
    """Small plots side by side, in as many columns as there is room for."""

    plots: tuple[Plot, ...]

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        from mlcalc.showing.plots.panels import panel_lines

        return panel_lines(self.plots, width, style)

    def svg(self, style: Style = DEFAULT) -> str:
        from mlcalc.showing.plots.panels import panels_svg

        return panels_svg(self.plots, style)


def value_at(function: Callable[[float], float], x: float) -> float:
    """The function's value, or nan where it has none."""
    try:
        return float(function(x))
    except FAULTS:
        return math.nan


def sampled(
    label: Label,
    function: Callable[[float], float],
    low: float,
    high: float,
    also: Iterable[float] = (),
) -> Curve:
    """The graph of a function from low to high; `also` are places that must not be missed."""
    step = (high - low) / SAMPLES
    even = [low + number * step for number in range(SAMPLES)]
    places = sorted({*even, high, *(x for x in also if low <= x <= high)})
    return Curve(label, tuple((x, value_at(function, x)) for x in places))


def region(
    label: Label,
    inside: Callable[[float, float], bool],
    x_range: Range,
    y_range: Range,
    columns: int = 120,
    rows: int = 60,
) -> Region:
    """The part of a rectangle where a condition holds, found on a grid of that fineness."""
    (left, right), (bottom, top) = x_range, y_range
    wide, high = (right - left) / columns, (top - bottom) / rows
    boxes: list[Box] = []
    for row in range(rows):
        low = bottom + row * high
        began: float | None = None
        for column in range(columns + 1):
            x = left + column * wide
            is_inside = column < columns and inside(x + wide / 2, low + high / 2)
            if is_inside and began is None:
                began = x
            elif not is_inside and began is not None:
                boxes.append((began, x, low, low + high))
                began = None
    return Region(label, tuple(boxes))
