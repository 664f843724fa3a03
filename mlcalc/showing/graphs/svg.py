"""A graph as an SVG file: circles and boxes, straight wires with arrowheads, values beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mlcalc.maths.printing import Style
from mlcalc.showing.drawing import escaped, label_text, svg_file
from mlcalc.showing.graphs.captions import Caption, place
from mlcalc.showing.graphs.geometry import HIGH, Geometry
from mlcalc.showing.graphs.model import Graph
from mlcalc.showing.graphs.outlines import INDEX, LINE, Box, Route, Spot, segments, text_width

MARGIN, TITLE = 16.0, 28.0
HEAD, HALF_HEAD, BEND = 8.0, 3.6, 22.0
INK, FILL, EDGE = "#222", "#DCE9F5", "#0072B2"
COLOURS = {"label": "#444", "above": "#00734D", "below": "#C0392B"}


def graph_svg(graph: Graph, style: Style) -> str:
    title = label_text(graph.title, style)
    shape = Geometry(graph, style)
    captions = captions_of(shape, style)
    left, top, right, bottom = bounds(shape, captions)
    top -= TITLE if title else 0
    right = max(right, left + 1.15 * text_width(title))
    body = [
        *([words(left, top + 14, title, "start", INK, bold=True)] if title else []),
        *(wire_svg(route) for route in shape.routes),
        *(stub_svg(stub) for stub in shape.stubs.values()),
        *nodes_svg(shape, style),
        *(caption_svg(caption) for caption in captions),
    ]
    shift = f'<g transform="translate({MARGIN - left:.1f} {MARGIN - top:.1f})">'
    size = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    return svg_file(math.ceil(size[0]), math.ceil(size[1]), [shift, *body, "</g>"], title)


def captions_of(shape: Geometry, style: Style) -> list[Caption]:
    """The texts at stubs, which have their places, and then those at wires."""
    found = [caption for key in shape.stubs for caption in at_stub(shape, key, style)]
    lines = [piece for route in shape.routes for piece in segments(route.sampled())]
    lines += shape.stubs.values()
    fixed = list(shape.boxes.values())
    for route in shape.routes:
        wire = shape.graph.wires[route.wire]
        for label, role in ((wire.label, "label"), (wire.above, "above"), (wire.below, "below")):
            text = label_text(label, style)
            if text:
                found.append(place(text, role, route, role != "below", fixed, found, lines))
    return found


def at_stub(shape: Geometry, key: str, style: Style) -> Iterator[Caption]:
    (x, y), (end_x, end_y) = shape.stubs[key]
    node = shape.nodes[key]
    rows = [(label_text(node.above, style), "above"), (label_text(node.below, style), "below")]
    if shape.is_right:
        for (text, role), side in zip(rows, (-1, 1), strict=True):
            if text:
                yield Caption(text, (x + end_x) / 2, y + side * (LINE / 2 + 2), role)
        return
    shown = [(text, role) for text, role in rows if text]
    for n, (text, role) in enumerate(shown):
        yield Caption(text, x + 6 + text_width(text) / 2, end_y + 6 + LINE * (n + 0.5), role)


def bounds(shape: Geometry, captions: Sequence[Caption]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all that is drawn."""
    boxes = [*shape.boxes.values(), *(caption.box for caption in captions)]
    spots = [spot for route in shape.routes for spot in route.sampled()]
    spots += [spot for stub in shape.stubs.values() for spot in stub]
    spots += [
        (box.x + side * box.wide, box.y + side * box.high) for box in boxes for side in (-1, 1)
    ]
    xs, ys = [x for x, _ in spots] or [0.0], [y for _, y in spots] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


def wire_svg(route: Route) -> str:
    """A line and the filled tip of its arrow."""
    points = route.points
    (x, y), (end_x, end_y) = points[-2:]
    far = math.hypot(end_x - x, end_y - y) or 1.0
    dx, dy = (end_x - x) / far, (end_y - y) / far
    neck = end_x - dx * HEAD, end_y - dy * HEAD
    wings = [(neck[0] - dy * s, neck[1] + dx * s) for s in (HALF_HEAD, -HALF_HEAD)]
    start = f"M{spot(points[0])}"
    if route.is_curve:
        line = f"{start}C{spot(points[1])} {spot(points[2])} {spot(neck)}"
    else:
        line = start + "".join(bends([*points[:-1], neck])) + f"L{spot(neck)}"
    tip = f"M{spot((end_x, end_y))}L{spot(wings[0])}L{spot(wings[1])}Z"
    return (
        f'<path d="{line}" fill="none" stroke="{INK}" stroke-width="1.3" '
        f'stroke-linejoin="round"/><path d="{tip}" fill="{INK}"/>'
    )


def bends(points: Sequence[Spot]) -> Iterator[str]:
    """The rounded corners of a wire."""
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        ends = []
        for other in (before, after):
            far = math.dist(corner, other)
            share = min(BEND / far, 0.5) if far else 0.0
            x, y = corner
            ends.append((x + (other[0] - x) * share, y + (other[1] - y) * share))
        yield f"L{spot(ends[0])}Q{spot(corner)} {spot(ends[1])}"


def stub_svg(stub: tuple[Spot, Spot]) -> str:
    return f'<path d="M{spot(stub[0])}L{spot(stub[1])}" stroke="{INK}" stroke-width="1.3"/>'


def spot(point: Spot) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def nodes_svg(shape: Geometry, style: Style) -> Iterator[str]:
    for key, box in shape.boxes.items():
        node = shape.nodes[key]
        if node.shape != "none":
            yield frame_svg(box, HIGH / 2 if node.shape == "circle" else 4)
        yield words(box.x, box.y + 5, label_text(node.label, style), "middle", INK, size=14)


def frame_svg(box: Box, radius: float) -> str:
    return (
        f'<rect x="{box.x - box.wide:.1f}" y="{box.y - box.high:.1f}" '
        f'width="{2 * box.wide:.1f}" height="{2 * box.high:.1f}" rx="{radius:g}" '
        f'fill="{FILL}" stroke="{EDGE}" stroke-width="1.3"/>'
    )


def caption_svg(caption: Caption) -> str:
    return words(caption.x, caption.y + 4.5, caption.text, "middle", COLOURS[caption.role])


def words(
    x: float, y: float, text: str, anchor: str, colour: str, size: int = 13, bold: bool = False
) -> str:
    """A text with a white rim, which keeps it legible on a wire."""
    look = ' font-weight="bold"' if bold else ""
    rim = ' stroke="white" stroke-width="3" paint-order="stroke"' if colour != INK else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="{size}" '
        f'fill="{colour}" text-anchor="{anchor}"{look}{rim}>{lowered(text, size)}</text>'
    )


def lowered(text: str, size: int) -> str:
    """The text as XML, with the index of h_1 below the line and that of h^2 above it."""
    found, height, last = "", 0.0, 0
    for index in INDEX.finditer(text):
        between = escaped(text[last : index.start()])
        if between:
            found += between if not height else f'<tspan dy="{-height:g}">{between}</tspan>'
            height = 0.0
        wanted = size * (0.25 if index[1] == "_" else -0.35)
        found += (
            f'<tspan dy="{wanted - height:g}" font-size="{0.75 * size:g}">'
            f"{escaped(index[2].strip('{}'))}</tspan>"
        )
        height, last = wanted, index.end()
    rest = escaped(text[last:])
    return found + (f'<tspan dy="{-height:g}">{rest}</tspan>' if rest and height else rest)
