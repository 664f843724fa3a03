"""The picture of a region in the plane: its pieces shaded, its edges as lines."""

from __future__ import annotations

from mlcalc.derivation import Picture
from mlcalc.drawing import Drawing, Lazy
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


class RegionDrawing(Lazy):
    """A region in the plane."""

    region: Region

    def plot(self) -> Drawing:
        return region_plot(self.region)


def region_picture(region: Region) -> tuple[Picture, ...]:
    """Shaded where the inequalities hold; none but in the plane."""
    if len(region.inputs) != 2:
        return ()
    return (Picture(RegionDrawing(region), "the network says 1 in the shaded part"),)


def region_plot(region: Region) -> Plot:
    points = seen(region)
    x_range, y_range = (spread([float(point[axis]) for point in points]) for axis in (0, 1))
    pieces = [[line(region, side) for side in piece] for piece in region.pieces]

    def holds(x: float, y: float) -> bool:
        return any(all(a * x + b * y + c >= 0 for a, b, c in piece) for piece in pieces)

    x_name, y_name = region.inputs
    return Plot(
        curves=tuple(edge(region, side, x_range, y_range) for side in region.sides),
        regions=(shaded("output 1", holds, x_range, y_range, 80, 40),),
        x_range=x_range,
        y_range=y_range,
        x_label=x_name,
        y_label=y_name,
    )


def line(region: Region, side: Side) -> tuple[float, float, float]:
    """a, b, c of a·x + b·y + c, which is 0 on the edge."""
    a, b = side.weights(region.inputs)
    return float(a), float(b), float(side.bias)


def seen(region: Region) -> list[Point]:
    """What has to be in the picture: corners, and a point inside each piece."""
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
    a, b, c = line(region, side)
    if b:
        ends = tuple((x, -(a * x + c) / b) for x in (left, right))
    else:
        ends = tuple((-c / a, y) for y in (bottom, top))
    label = one_line(side.typed) if len(region.sides) <= MOST_LABELS else ""
    return Curve(label, ends)
