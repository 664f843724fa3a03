"""How the weights of a region are found and shown to be right, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise

from mlcalc.files.fields import as_number
from mlcalc.learning.separation import Point
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Decimal, Expr, Listing, Symbol, wrap
from mlcalc.networks.feedforward.half_planes import Side
from mlcalc.networks.feedforward.question import NetworkQuestion, has_bias_column
from mlcalc.networks.feedforward.region import Region, corners_of, inside, mirrored, region_of
from mlcalc.networks.feedforward.region_tried import gives_region
from mlcalc.networks.feedforward.threshold_network import (
    STEP_AT_ZERO,
    ThresholdNetwork,
    Unit,
    numbered,
    weighted,
    weights_answers,
    written,
)
from mlcalc.showing.derivation import Derivation, Picture, Step, Table
from mlcalc.showing.drawing import Drawing, Lazy
from mlcalc.showing.plots import Curve, Plot
from mlcalc.showing.plots import region as shaded
from mlcalc.showing.plots.scale import Range

MOST_CORNERS = 4
MOST_POINTS = 20
LONGEST_FRACTION = 10_000


def region_derivation(given: NetworkQuestion) -> Derivation:
    """Weights of step units for a region or a union of regions."""
    region = region_of(given)
    network = region.network(has_bias_column(given))
    steps = [sides_step(region, network)]
    if len(network.layers) > 1:
        steps.append(conjunction_step(region, network))
    if len(network.layers) > 2:
        steps.append(disjunction_step(network))
    steps.append(points_step(region, network))
    what = "a union of regions" if len(region.pieces) > 1 else "a region"
    answers, asides = weights_answers(network, partial(gives_region, region))
    pictures = region_picture(region)
    return Derivation(f"Weights for {what}", tuple(steps), answers, notes(region), pictures, asides)


def sides_step(region: Region, network: ThresholdNetwork) -> Step:
    """A unit for each side."""
    rows: list[tuple[Expr, ...]] = []
    for number, side in enumerate(region.sides, 1):
        sign = ">" if side.strict else ">="
        rows.append((Symbol("a", f"{number}"), side.typed, Chain(side.sum(), ((sign, wrap(0)),))))
    table = Table(("unit", "side", "as a sum"), tuple(rows))
    rule = "give each side a unit" if len(rows) > 1 else "give the side a unit"
    why = "a step unit with this sum is 1 on the side and 0 beyond it; "
    names = ("a row a unit, the bias first and then the weights of " if network.has_column
             else "a row a unit, with the weights of ")  # fmt: skip
    note = (why, names, Listing(region.inputs))
    return Step(rule, (table, *network.matrices(1)), note)


def conjunction_step(region: Region, network: ThresholdNetwork) -> Step:
    """AND of the sides of each piece, with its margin."""
    names = numbered("a", len(region.sides))
    rows: list[tuple[Expr, ...]] = []
    for number, (piece, unit) in enumerate(zip(region.pieces, network.layers[1], strict=True), 1):
        count = len(region.members(piece))
        margins = (margin(count, unit), margin(count - 1, unit))
        rows.append((Symbol("p", f"{number}"), weighted(unit, names), *margins))
    header = ("unit", "sum", "all sides on", "one side off")
    table = Table(header, tuple(rows))
    rule = "ask for all sides with AND"
    if len(rows) == 1:
        table = Table(header[1:], (rows[0][1:],))
    else:
        rule = "ask for all sides of each piece with AND"
    note = (
        "m sides add up to m where all of them are on, and to m − 1 at most where one is off; "
        "the bias −(m − ½) lies halfway between"
    )
    return Step(rule, (table, *network.matrices(2)), note)


def margin(count: int, unit: Unit) -> Chain:
    """The sum with so many ones: 4 − 3.5 = 0.5 > 0."""
    value = count + unit[0]
    sign = ">" if value > 0 else "<"
    return Chain(written(unit[0]) + count, (("=", written(value)), (sign, wrap(0))))


def disjunction_step(network: ThresholdNetwork) -> Step:
    """OR of the pieces."""
    (unit,) = network.layers[2]
    row = (network.last("p"), margin(1, unit), margin(0, unit))
    table = Table(("sum", "one piece on", "no piece on"), (row,))
    note = "one piece makes up for the bias −½, and more of them only add to it"
    return Step("join the pieces with OR", (table, *network.matrices(3)), note)


def points_step(region: Region, network: ThresholdNetwork) -> Step:
    """The network at points within and beyond each side, beside what the inequalities say."""
    layers = len(network.layers)
    hidden = {1: (), 2: ("sides",), 3: ("sides", "pieces")}[layers]
    rows: list[tuple[Prose | Expr, ...]] = []
    for point in tried(region):
        sums = network.run(point)
        ones = tuple(" ".join(str(int(z >= 0)) for z in layer) for layer in sums[:-1])
        total, output = written(Fraction(sums[-1][0])), as_number(int(sums[-1][0] >= 0))
        rows.append((place(point), *ones, total, output, region.part(point)))
    header = (place(region.inputs), *hidden, "last sum", "output", "the point is")
    note = "the last column goes by the inequalities alone"
    if layers > 1:
        note += "; the margins above hold for every other point as well"
    return Step("try points within and beyond the sides", (Table(header, tuple(rows)),), note)


def place(entries: Iterable[Expr | Fraction]) -> Prose | Expr:
    """(2.5, 1), or a number on the line."""
    shown = tuple(coordinate(e) if isinstance(e, Fraction) else e for e in entries)
    return shown[0] if len(shown) == 1 else ("(", Listing(shown), ")")


def coordinate(value: Fraction) -> Expr:
    """In full, unless it is a long fraction."""
    return written(value) if value.denominator < LONGEST_FRACTION else Decimal(value)


def tried(region: Region) -> Sequence[Point]:
    """Of each piece a point inside, its mirror image in each side, and some corners; and what lies
    halfway between one piece and the next."""
    points: list[Point] = []
    centres: list[Point] = []
    for piece in region.pieces:
        centre = inside(piece, region.inputs)
        if centre is not None:
            centres.append(centre)
            points += [centre, *(mirrored(centre, side, region.inputs) for side in piece)]
        points += corners_of(piece, region.inputs)[:MOST_CORNERS]
    halfway = [
        tuple((x + y) / 2 for x, y in zip(one, other, strict=True))
        for one, other in pairwise(centres)
    ]
    return list(dict.fromkeys([*halfway, *points]))[:MOST_POINTS]


def notes(region: Region) -> tuple[Note, ...]:
    """What the network says on an edge."""
    if not any(side.strict for piece in region.pieces for side in piece):
        return (STEP_AT_ZERO,)
    text = (
        "the step function is 1 at 0, so that the network says 1 on the edges too, which the "
        "strict sides leave out; it is right everywhere else"
    )
    return (Note("design.closed_sides", text),)


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
