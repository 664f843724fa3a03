"""The graph as a picture: values over the wires, gradients under them."""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.backpropagation.gates import constants_of, gate
from mlcalc.backpropagation.graph import ComputationGraph
from mlcalc.backpropagation.passes import Forward, Gradient, Known
from mlcalc.derivation import Note, Picture
from mlcalc.drawing import Label
from mlcalc.graphs import Graph, Node, Wire
from mlcalc.graphs.model import Shape
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Matrix, Symbol, wrap
from mlcalc.maths.tree import Shape as Size
from mlcalc.records import Record

MOST_NODES = 30
MOST_ON_A_PAGE = 16
MOST_OF_VECTORS_ON_A_PAGE = 10
PAGE = 75
"""The columns that a picture within the answer has on a narrow screen."""

LONGEST_LABEL = 28


class Drawn(Record):
    """The picture, or the note on why there is none; a small one stands within the answer."""

    picture: Picture | None
    note: Note | None = None
    is_small: bool = False


def picture(
    graph: ComputationGraph,
    known: Forward | None = None,
    upstream: Known | None = None,
    gradients: Iterable[Gradient] = (),
) -> Drawn:
    """The graph, with the numbers of both passes where there are some."""
    count = len(graph.variables) + len(graph.operations)
    if count > MOST_NODES:
        text = (
            f"the graph has {count} nodes, too many to draw; all of them stand in the lines above"
        )
        return Drawn(None, Note("backprop.graph_not_drawn", text))
    values = {} if known is None else {name: k.written for name, k in known.values.items()}
    slopes: dict[Symbol, Expr] = {}
    shares: dict[tuple[Symbol, Symbol], Expr] = {}
    for gradient in gradients:
        slopes[gradient.name] = gradient.value.written
        if len(gradient.contributions) > 1:
            # Each wire of a node that fans out has what comes back along it.
            for part in gradient.contributions:
                shares[gradient.name, part.edge.operation.name] = part.value.written
    if upstream is not None:
        slopes[graph.output] = upstream.written

    def node(name: Symbol, label: Label, shape: Shape) -> Node:
        above, below = short(values.get(name)), short(slopes.get(name))
        return Node(name.spelled, label, above=above, below=below, shape=shape, name=name)

    nodes = [node(name, name, "none") for name in graph.variables]
    wires: list[Wire] = []
    for operation in graph.operations:
        key = operation.name.spelled
        for position, constant in enumerate(constants_of(operation)):
            nodes.append(Node(f"{key}/{position}", constant, shape="none"))
            wires.append(Wire(f"{key}/{position}", key))
        nodes.append(node(operation.name, gate(operation), "circle"))
        for source in operation.inputs:
            share = short(shares.get((source, operation.name)))
            wires.append(Wire(source.spelled, key, below=share))
    caption = "values go forward, gradients come back" if values else ""
    if shares:
        caption += "; of what is read more than once each wire has its share"
    has_vectors = any(isinstance(value, Matrix) for value in values.values())
    most = MOST_OF_VECTORS_ON_A_PAGE if has_vectors else MOST_ON_A_PAGE
    drawing = Graph(tuple(nodes), tuple(wires))
    is_small = count <= most and (not has_vectors or drawing.fits(PAGE))
    return Drawn(Picture(drawing, caption), is_small=is_small)


def short(value: Expr | None) -> Label:
    """A value on a wire; of a matrix that is too wide its shape, the lines above have it."""
    if isinstance(value, Matrix) and len(one_line(value)) > LONGEST_LABEL:
        return Size(tuple(map(wrap, value.shape)))
    return "" if value is None else value
