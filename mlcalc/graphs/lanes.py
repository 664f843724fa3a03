"""A graph from top to bottom, a node a line, with its wires as lanes on the left.

So `git log --graph` draws; the width grows with the values alive at once, not with the depth.
A node stands in its own lane, which its readers join from below and leave when they are the last.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.drawing import Line, label_text
from mlcalc.graphs.canvas import Canvas
from mlcalc.graphs.layering import in_order, inputs_of, parted
from mlcalc.graphs.model import Graph, Node, Wire
from mlcalc.maths.printing import Style, columns

DISC = {False: "○", True: "o"}
GAP = 2


def lane_lines(graph: Graph, style: Style) -> list[Line]:
    """The lines, as wide as they are."""
    forward = parted(graph)[0]
    order = in_order(graph, forward)
    canvas = Canvas(style)
    count = draw_lanes(canvas, order, forward)
    nodes = {node.key: node for node in graph.nodes}
    rows = [texts_of(nodes[key], graph, style) for key in order]
    widths = [max(map(columns, column), default=0) for column in zip(*rows, strict=True)]
    for row, texts in enumerate(rows):
        at = 2 * count + 1
        for text, wide, role in zip(texts, widths, ROLES, strict=True):
            canvas.put(row, at, text, role)
            at += wide + GAP if wide else 0
    return canvas.lines()


ROLES = ("picture", "mark", "curve-6", "label")


def texts_of(node: Node, graph: Graph, style: Style) -> tuple[str, str, str, str]:
    """What a line says: the node, its value, its gradient, and what its wires in carry."""
    own = [label_text(label, style) for label in (node.label, node.above, node.below)]
    notes = [note_of(wire, graph, style) for wire in graph.wires if wire.target == node.key]
    return own[0], own[1], own[2], ", ".join(filter(None, notes))


def note_of(wire: Wire, graph: Graph, style: Style) -> str:
    texts = [label_text(label, style) for label in (wire.label, wire.above, wire.below)]
    source = next(node for node in graph.nodes if node.key == wire.source)
    said = " ".join(filter(None, texts))
    return f"{label_text(source.label, style)}: {said}" if said else ""


def draw_lanes(canvas: Canvas, order: Sequence[str], forward: Sequence[Wire]) -> int:
    """Draws wires and nodes, row by row; the number of lanes."""
    inputs = inputs_of(forward)
    last = {source: row for row, key in enumerate(order) for source in inputs.get(key, ())}
    lanes: list[str | None] = []
    count = 0
    for row, key in enumerate(order):
        joined = [n for n, lane in enumerate(lanes) if lane in inputs.get(key, ())]
        ended = [n for n in joined if last[lanes[n] or ""] == row]
        free = [n for n, lane in enumerate(lanes) if lane is None]
        own = min([*ended, *free, len(lanes)], key=lambda n: near(n, joined, ended))
        for lane, owner in enumerate(lanes):
            if owner is not None:
                canvas.upright(2 * lane, row - 1, row)
        for lane in joined:
            canvas.join(row, 2 * lane)
        reach = [*joined, own]
        canvas.level(row, 2 * min(reach), 2 * max(reach))
        for lane in ended:
            lanes[lane] = None
        if own == len(lanes):
            lanes.append(None)
        lanes[own] = key if key in last else None
        canvas.put(row, 2 * own, DISC[canvas.ascii], "picture")
        count = max(count, len(lanes))
    return count


def near(lane: int, joined: Sequence[int], ended: Sequence[int]) -> tuple[bool, int, int]:
    """The best lane for a node: that of an input which ends, or else the nearest to its inputs."""
    return lane not in ended, min((abs(lane - n) for n in joined), default=0), lane
