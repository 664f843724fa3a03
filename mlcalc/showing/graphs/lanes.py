"""A graph from top to bottom, a node a line, with its wires as lanes on the left.

So `git log --graph` draws; the width grows with the values alive at once, not with the depth.
A node stands in its own lane, which its readers join from below and leave when they are the last.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.printing.widths import wrapped
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import Line, label_text
from mlcalc.showing.graphs.canvas import Canvas
from mlcalc.showing.graphs.grain import tag_of
from mlcalc.showing.graphs.layering import in_order, inputs_of, parted
from mlcalc.showing.graphs.model import Graph

DISC = {False: "○", True: "o"}
ROLES = ("picture", "curve-4", "curve-6")
GAP = 2
NARROWEST = 16
"""Columns within which the texts of wires may be broken into lines."""


class Row(Record):
    """A node in its lane, the lanes that it reads, and those that come from above."""

    key: str
    lane: int
    joined: tuple[int, ...]
    passing: tuple[int, ...]


def lane_lines(graph: Graph, width: int, style: Style) -> list[Line] | None:
    """The lines, or None where there is no room for the texts."""
    forward = parted(graph)[0]
    order = in_order(graph, forward)
    rows = lanes_of(order, inputs_of(forward))
    nodes = {node.key: node for node in graph.nodes}
    texts = [(label_text(nodes[key].label, style), *tag_of(nodes[key], style)[1:]) for key in order]
    names = ("", label_text(graph.above, style), label_text(graph.below, style))
    # A column without texts is left out, and so is its head.
    heads = [name if any(own[n] for own in texts) else "" for n, name in enumerate(names)]
    widths = [max(map(columns, column), default=0) for column in zip(heads, *texts, strict=True)]
    left = 2 * max((row.lane + 1 for row in rows), default=0) + 1
    last = left + sum(wide + GAP for wide in widths if wide)
    said = notes_of(graph, style)
    notes = [", ".join(said.get(key, ())) for key in order]
    needed = min(max(map(columns, notes), default=0), NARROWEST)
    if (last + needed if needed else last - GAP) > width:
        return None
    canvas = Canvas(style)
    bottom = top = int(any(heads))
    write_row(canvas, 0, left, heads, widths, ("label",) * 3)
    for row, own, note in zip(rows, texts, notes, strict=True):
        for lane in row.passing:
            canvas.upright(2 * lane, bottom, top)
        draw_row(canvas, row, top)
        write_row(canvas, top, left, own, widths, ROLES)
        lines = wrapped(note, width - last) if note else []
        for n, line in enumerate(lines):
            canvas.put(top + n, last, line, "label")
        bottom, top = top, top + max(len(lines), 1)
    return canvas.lines()


def write_row(
    canvas: Canvas, row: int, at: int, texts: Sequence[str], widths: Sequence[int],
    roles: Sequence[str],
) -> None:  # fmt: skip
    """The texts in columns of these widths."""
    for text, wide, role in zip(texts, widths, roles, strict=True):
        canvas.put(row, at, text, role)
        at += wide + GAP if wide else 0


def notes_of(graph: Graph, style: Style) -> dict[str, list[str]]:
    """What the wires into each node carry, with their sources: x: 2, y: W_xh 3."""
    names = {node.key: label_text(node.name or node.label, style) for node in graph.nodes}
    notes: dict[str, list[str]] = {}
    for wire in graph.wires:
        said = " ".join(filter(None, tag_of(wire, style)))
        if said:
            notes.setdefault(wire.target, []).append(f"{names[wire.source]}: {said}")
    return notes


def lanes_of(order: Sequence[str], inputs: dict[str, list[str]]) -> list[Row]:
    """The lane of each node: that of an input which ends here, or a free one near its inputs."""
    last = {source: n for n, key in enumerate(order) for source in inputs.get(key, ())}
    lanes: list[str | None] = []
    rows: list[Row] = []
    for n, key in enumerate(order):
        passing = [lane for lane, owner in enumerate(lanes) if owner is not None]
        joined = [lane for lane in passing if lanes[lane] in inputs.get(key, ())]
        ended = [lane for lane in joined if last[lanes[lane] or ""] == n]
        # Right below a node that nobody reads, another would seem to read it.
        above = rows[-1].lane if rows else -1
        free = [lane for lane, owner in enumerate(lanes) if owner is None and lane != above]
        free = free or [len(lanes)]
        own = min(ended or free, key=lambda lane: distance(lane, joined))
        rows.append(Row(key, own, tuple(joined), tuple(passing)))
        for lane in ended:
            lanes[lane] = None
        if own == len(lanes):
            lanes.append(None)
        lanes[own] = key if key in last else None
    return rows


def distance(lane: int, joined: Sequence[int]) -> tuple[int, int]:
    return min((abs(lane - other) for other in joined), default=0), lane


def draw_row(canvas: Canvas, row: Row, top: int) -> None:
    """The node, and a line to it from each lane that it reads."""
    for lane in row.joined:
        canvas.join(top, 2 * lane)
    reach = [*row.joined, row.lane]
    canvas.level(top, 2 * min(reach), 2 * max(reach))
    canvas.put(top, 2 * row.lane, DISC[canvas.ascii], "picture")
