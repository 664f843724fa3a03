"""The picture of a region in the plane: its pieces shaded, its edges as lines."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Picture
from mlcalc.feedforward.half_planes import Side
from mlcalc.feedforward.region import Region
from mlcalc.feedforward.region_points import corners_of, inside
from mlcalc.learning.separation import Point
from mlcalc.maths.printing import one_line
from mlcalc.plots import Curve, Plot
from mlcalc.plots import region as shaded
from mlcalc.plots.scale import Range

MARGIN = 0.3
MOST_LABELS = 6
"""The edges of a region with more sides are not named."""


def region_picture(region: Region) -> tuple[Picture, ...]:
    """Shaded where the inequalities hold; none but in the plane."""
    if len(region.inputs) != 2:
        return ()
    points = seen(region)
    x_range, y_range = (spread([float(point[axis]) for point in points]) for axis in (0, 1))

    def holds(x: float, y: float) -> bool:
        return region.part((Fraction(x), Fraction(y))) != "outside"

    edges = tuple(edge(region, side, x_range, y_range) for side in region.sides)
    x_name, y_name = region.inputs
    plot = Plot(
        curves=edges,
        regions=(shaded("output 1", holds, x_range, y_range, 80, 40),),
        x_range=x_range,
        y_range=y_range,
        x_label=x_name,
        y_label=y_name,
    )
    return (Picture(plot, "the network says 1 in the shaded part"),)


def seen(region: Region) -> list[Point]:
    """Corners, points inside, and the nearest points of edges that have no corner."""
    points: list[Point] = []
    for piece in region.pieces:
        points += corners_of(piece, region.inputs)
        centre = inside(piece, region.inputs)
        points += [] if centre is None else [centre]
    return points


def spread(values: list[float]) -> Range:
    low, high = min(values), max(values)
    room = MARGIN * ((high - low) or 4.0)
    return low - room, high + room


def edge(region: Region, side: Side, x_range: Range, y_range: Range) -> Curve:
    """The line where the side's sum is 0, across the picture."""
    (left, right), (bottom, top) = x_range, y_range
    (a, b), c = map(float, side.weights(region.inputs)), float(side.bias)
    if b:
        ends = tuple((x, -(a * x + c) / b) for x in (left, right))
    else:
        ends = tuple((-c / a, y) for y in (bottom, top))
    label = one_line(side.typed) if len(region.sides) <= MOST_LABELS else ""
    return Curve(label, ends)
