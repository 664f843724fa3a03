"""The graph as a picture: values over the wires, gradients under them."""

from __future__ import annotations

from mlcalc.maths.board import Note
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
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
    Symbol,
    Transpose,
    unsigned,
    wrap,
)
from mlcalc.maths.tree import Shape as Size
from mlcalc.networks.backpropagation.functions import FUNCTIONS
from mlcalc.networks.backpropagation.graph import ComputationGraph, Operation
from mlcalc.networks.backpropagation.passes import Passes
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Label
from mlcalc.showing.graphs import Graph, Node, Wire
from mlcalc.showing.graphs.model import Shape

MOST_NODES = 30
MOST_ON_A_PAGE = 16
MOST_OF_VECTORS_ON_A_PAGE = 10
PAGE = 75
"""The columns that a picture within the answer has on a narrow screen."""

LONGEST_LABEL = 28
LONGEST_SIGN = 12
LONGEST_CONSTANT = 28
"""A longer constant, a matrix perhaps, is not drawn."""


class Drawn(Record):
    """The picture, or the note on why there is none; a small one stands within the answer."""

    picture: Picture | None
    note: Note | None = None
    is_small: bool = False


def picture(graph: ComputationGraph, passes: Passes | None = None) -> Drawn:
    """The graph, with the numbers of both passes where there are some."""
    count = len(graph.names)
    if count > MOST_NODES:
        text = (
            f"the graph has {count} nodes, too many to draw; all of them stand in the lines above"
        )
        return Drawn(None, Note("backprop.graph_not_drawn", text))
    values: dict[Symbol, Expr] = {}
    slopes: dict[Symbol, Expr] = {}
    shares: dict[tuple[Symbol, Symbol], Expr] = {}
    if passes is not None:
        values = {name: known.written for name, known in passes.forward.values.items()}
        slopes = {name: known.written for name, known in passes.slopes.items()}
        for gradient in passes.gradients:
            # Each wire of a node that fans out has what comes back along it.
            if len(gradient.contributions) > 1:
                for part in gradient.contributions:
                    shares[gradient.name, part.edge.operation.name] = part.value.written

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


# What is written into the nodes: an operation as a gate, a: +, k: + 1, h: relu.


def constants_of(operation: Operation) -> list[Expr]:
    """The numbers that an operation reads and that are no part of its sign."""
    if with_constant(operation):
        return []
    match operation.rule:
        case Add(terms) | Mul(terms) | MatMul(terms):
            operands = [t.operand if isinstance(t, Neg | Transpose) else t for t in terms]
        case Div(above, below):
            operands = [above, below]
        case Call(name, arguments) if FUNCTIONS[name].relation or FUNCTIONS[name].by:
            operands = list(arguments)
        case _:
            return []
    return [
        o for o in operands if o not in operation.inputs and len(one_line(o)) <= LONGEST_CONSTANT
    ]


def gate(operation: Operation) -> str:
    """The name of the operation and what it does: a: +, k: + 1, h: max(0, z)."""
    what = with_constant(operation) or sign(operation.rule)
    return f"{one_line(operation.name)}: {what}"


def with_constant(operation: Operation) -> str:
    """What an operation of one value and one constant does to the value; empty for others."""
    match operation.rule:
        case Add((x, y)) | Mul((x, y)) | Div(x, y) | Call(_, (x, y)):
            operands = (x, y)
        case _:
            return ""
    if isinstance(operation.rule, Call) and not FUNCTIONS[operation.rule.name].relation:
        return ""
    if sum(operand in operation.inputs for operand in map(unsigned, operands)) != 1:
        return ""
    constant = next(o for o in operands if unsigned(o) not in operation.inputs)
    value = next(o for o in operands if o is not constant)
    match operation.rule:
        case Add() if isinstance(constant, Neg) and value in operation.inputs:
            what = f"− {one_line(constant.operand)}"
        case Add() if value in operation.inputs:
            what = f"+ {one_line(constant)}"
        case Mul() if not isinstance(constant, Neg):
            what = f"× {one_line(constant)}"
        case Div(numerator, _) if value == numerator:
            what = f"÷ {one_line(constant)}"
        case rule:
            what = one_line(rule)
    return what if len(what) <= LONGEST_SIGN else ""


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
            return FUNCTIONS[name].sign or name
    return "="
