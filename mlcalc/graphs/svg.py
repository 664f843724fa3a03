"""A graph as an SVG file."""

from __future__ import annotations

from mlcalc.drawing import Written
from mlcalc.graphs.model import Graph
from mlcalc.maths.printing import Style


def graph_svg(graph: Graph, style: Style) -> str:
    return Written(tuple(graph.lines(120, style))).svg(style)
