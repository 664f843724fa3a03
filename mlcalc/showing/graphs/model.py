"""A graph as data: nodes, the wires between them, and what is written on both."""

from __future__ import annotations

from typing import Literal, TypeAlias

from mlcalc.maths.printing import Style
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import Drawing, Label, Line

Direction: TypeAlias = Literal["right", "up"]
Shape: TypeAlias = Literal["circle", "box", "none"]


class Node(Record):
    """An operation ("circle"), a layer or cell ("box") or an input ("none", bare text).

    `column` counts from the left and `row` from the top; without them both are computed.
    `above` and `below` are written at its outgoing wire: a value and its gradient.  Where wires
    are listed a node goes by its `name`, or else its label.
    """

    key: str
    label: Label
    column: int | None = None
    row: int | None = None
    above: Label = ""
    below: Label = ""
    shape: Shape = "circle"
    name: Label = ""


class Wire(Record):
    """From one node to another.  What is written on it belongs to this wire alone.

    A wire to its own source is drawn as a loop, one against the direction as a wire back.
    """

    source: str
    target: str
    label: Label = ""
    above: Label = ""
    below: Label = ""


class Graph(Drawing):
    """Nodes and wires; with "right" the inputs are on the left, with "up" at the bottom.

    Keys are unique, and wires join keys that are there.  Several wires may join the same two.
    In a terminal a graph that is too wide is drawn from top to bottom, a node a line; there
    `above` and `below` are the heads of the columns of what nodes have above and below.
    """

    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    title: Label = ""
    direction: Direction = "right"
    above: Label = "value"
    below: Label = "gradient"

    def fits(self, width: int, style: Style = DEFAULT) -> bool:
        """Whether `pieces` draws it in that many columns; a caller may show a table otherwise."""
        from mlcalc.showing.graphs.characters import drawn

        return drawn(self, width, style) is not None

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        from mlcalc.showing.graphs.characters import graph_lines

        return graph_lines(self, width, style)

    def svg(self, style: Style = DEFAULT) -> str:
        from mlcalc.showing.graphs.svg import graph_svg

        return graph_svg(self, style)
