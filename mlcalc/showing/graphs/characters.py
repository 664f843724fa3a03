"""A graph as lines of characters: layer by layer where that fits, else a node a line."""

from __future__ import annotations

from mlcalc.maths.printing import Style
from mlcalc.maths.printing.widths import wrapped
from mlcalc.showing.drawing import Line, label_text
from mlcalc.showing.graphs.lanes import lane_lines
from mlcalc.showing.graphs.layered import layered_lines
from mlcalc.showing.graphs.model import Graph


def graph_lines(graph: Graph, width: int, style: Style) -> list[Line]:
    """The title and the drawing, or a word that it does not fit."""
    title = label_text(graph.title, style)
    head: list[Line] = [(("header", text),) for text in wrapped(title, width)] if title else []
    body = drawn(graph, width, style)
    if body is None:
        said = f"a graph of {len(graph.nodes)} nodes, too large to draw in {width} columns"
        body = [(("label", text),) for text in wrapped(said, width)]
    return [*head, *body]


def drawn(graph: Graph, width: int, style: Style) -> list[Line] | None:
    """The lines without the title; None where none of the layouts fits the width."""
    lines = layered_lines(graph, style, width)
    return lane_lines(graph, width, style) if lines is None else lines
