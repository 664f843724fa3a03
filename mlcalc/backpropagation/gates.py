"""What is written into the nodes of a graph: an operation as a gate, a: +, k: + 1, h: relu."""

from __future__ import annotations

from mlcalc.backpropagation.graph import Operation
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
    Transpose,
    unsigned,
)

LONGEST_SIGN = 12
LONGEST_CONSTANT = 28
"""A longer constant, a matrix perhaps, is not drawn."""


def constants_of(operation: Operation) -> list[Expr]:
    """The numbers that an operation reads and that are no part of its sign."""
    if with_constant(operation):
        return []
    match operation.rule:
        case Add(terms) | Mul(terms) | MatMul(terms):
            operands = [t.operand if isinstance(t, Neg | Transpose) else t for t in terms]
        case Div(above, below):
            operands = [above, below]
        case Call("max" | "min" | "cross_entropy", arguments):
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
        case Add((x, y)) | Mul((x, y)) | Div(x, y) | Call("max" | "min", (x, y)):
            operands = (x, y)
        case _:
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
            return {"sigmoid": "σ"}.get(name, name)
    return "="
