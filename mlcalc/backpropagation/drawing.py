"""The graph as a picture: values over the wires, gradients under them."""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.backpropagation.graph import ComputationGraph, Operation
from mlcalc.backpropagation.passes import Forward, Gradient, Known
from mlcalc.derivation import Note, Picture
from mlcalc.drawing import Label
from mlcalc.graphs import Graph, Node, Wire
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Indexed,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Pow,
    Shape,
    Symbol,
    Transpose,
    wrap,
)
from mlcalc.records import Record

MOST_NODES = 30
MOST_ON_A_PAGE = 16
MOST_OF_VECTORS_ON_A_PAGE = 10
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

    def node(name: Symbol, label: Label, shape: str) -> Node:
        return Node(
            name.spelled,
            label,
            above=short(values.get(name)),
            below=short(slopes.get(name)),
            shape="none" if shape == "none" else "circle",
        )

    nodes = [node(name, name, "none") for name in graph.variables]
    wires: list[Wire] = []
    for operation in graph.operations:
        for position, constant in enumerate(constants_of(operation)):
            key = f"{operation.name.spelled}/{position}"
            nodes.append(Node(key, constant, shape="none"))
            wires.append(Wire(key, operation.name.spelled))
        nodes.append(node(operation.name, gate(operation), "circle"))
        wires += [
            Wire(i.spelled, operation.name.spelled, below=short(shares.get((i, operation.name))))
            for i in operation.inputs
        ]
    caption = "values go forward, gradients come back" if values else ""
    has_vectors = any(isinstance(value, Matrix) for value in values.values())
    most = MOST_OF_VECTORS_ON_A_PAGE if has_vectors else MOST_ON_A_PAGE
    drawing = Picture(Graph(tuple(nodes), tuple(wires)), caption)
    return Drawn(drawing, is_small=count <= most)


def short(value: Expr | None) -> Label:
    """A value on a wire; of a matrix that is too wide its shape, the lines above have it."""
    if isinstance(value, Matrix) and len(one_line(value)) > LONGEST_LABEL:
        return Shape(tuple(map(wrap, value.shape)))
    return "" if value is None else value


def constants_of(operation: Operation) -> list[Expr]:
    """The numbers that an operation reads, an exponent being part of the operation."""
    match operation.rule:
        case Add(terms) | Mul(terms) | MatMul(terms):
            operands = [t.operand if isinstance(t, Neg | Transpose) else t for t in terms]
        case Div(above, below):
            operands = [above, below]
        case Call("max" | "min" | "cross_entropy", arguments):
            operands = list(arguments)
        case _:
            return []
    return [o for o in operands if o not in operation.inputs and len(one_line(o)) <= LONGEST_LABEL]


def gate(operation: Operation) -> Label:
    """The name of the operation and what it does: a: +."""
    return f"{one_line(operation.name)}: {sign(operation.rule)}"


def sign(rule: Expr) -> str:
    match rule:
        case Add(terms):
            has_minus = any(isinstance(term, Neg) for term in terms)
            return ("−" if len(terms) == 2 else "±") if has_minus else "+"
        case Mul():
            return "×"
        case MatMul():
            return "@"
        case Neg():
            return "−"
        case Div():
            return "÷"
        case Pow(_, exponent):
            return f"^{one_line(exponent)}"
        case Transpose():
            return "T"
        case Indexed(_, indices):
            return f"[{', '.join(map(one_line, indices))}]"
        case Matrix():
            return "list"
        case Call(name):
            return {"sigmoid": "σ"}.get(name, name)
    return "="
