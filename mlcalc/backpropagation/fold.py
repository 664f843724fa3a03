"""An expression folded into a graph: equal parts are one operation, computed once.

Parts without variables stay as they are within the operations.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.backpropagation.graph import ComputationGraph, NotAGraph, Operation
from mlcalc.backpropagation.names import given_names
from mlcalc.backpropagation.slopes import SLOPES
from mlcalc.backpropagation.taken_apart import items_of, taken_apart, written_out
from mlcalc.errors import closest
from mlcalc.maths.activations import entrywise
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Div,
    Expr,
    Hadamard,
    Indexed,
    Listing,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Pow,
    Symbol,
    Transpose,
    call,
    free_symbols,
    walk,
)

ENTRYWISE = (*SLOPES, "ln", *entrywise())
OF_LISTS = (
    "sum", "product", "mean", "var", "max", "min", "softmax", "batchnorm", "layernorm",
    "cross_entropy", "dot", "matmul",
)  # fmt: skip

MOST_OPERATIONS = 300


def folded(
    expression: Expr, output: Symbol | None, constants: frozenset[Symbol]
) -> ComputationGraph:
    """The graph of the expression.  Raises `NotAGraph`.

    `output` is the name of its value where one was typed; `constants` are the letters that have
    a value of their own, such as pi.
    """
    folder = Folder(constants)
    last = folder.operand(expression)
    if not folder.operations or last != folder.operations[-1].name:
        last = folder.operation(last, expression)
    used = free_symbols(expression)
    graph = ComputationGraph(tuple(folder.variables), tuple(folder.operations))
    return given_names(graph, used, output)


def constants_within(known: Sequence[Symbol]) -> frozenset[Symbol]:
    """The letters e and pi, where they are not used as variables."""
    return frozenset(Symbol(name) for name in CONSTANTS) - set(known)


class Folder:
    """Walks an expression once, and keeps what it found so far by its rule."""

    def __init__(self, constants: frozenset[Symbol]) -> None:
        self.constants = constants
        self.variables: list[Symbol] = []
        self.operations: list[Operation] = []
        self.found: dict[Expr, Symbol] = {}

    def is_closed(self, expression: Expr) -> bool:
        return free_symbols(expression) <= self.constants

    def operation(self, rule: Expr, origin: Expr) -> Symbol:
        """The name of the operation with that rule, a new one if there is none yet."""
        key = sorted_rule(rule)
        if key not in self.found:
            if len(self.operations) == MOST_OPERATIONS:
                raise NotAGraph(f"the expression has more than {MOST_OPERATIONS} operations")
            name = Symbol("operation", str(len(self.operations)))
            known = {*self.variables, *self.found.values()}
            inputs = tuple(
                dict.fromkeys(p for p in walk(rule) if isinstance(p, Symbol) and p in known)
            )
            self.operations.append(Operation(name, rule, inputs, origin))
            self.found[key] = name
        return self.found[key]

    def operand(self, expression: Expr) -> Expr:
        """What stands for the expression in a rule: a name, or a part without variables."""
        match expression:
            case Listing(items) if items and self.is_closed(expression):
                return Matrix.column(items)
            case _ if self.is_closed(expression):
                return expression
            case Symbol():
                if expression not in self.variables:
                    self.variables.append(expression)
                return expression
            case Add(terms):
                rule: Expr = Add(tuple(map(self.term, terms)))
            case Neg(operand):
                rule = Neg(self.operand(operand))
            case Mul(factors) | Hadamard(factors):
                rule = Mul(tuple(map(self.operand, factors)))
            case Div(numerator, denominator):
                rule = Div(self.operand(numerator), self.operand(denominator))
            case Pow(Symbol("e", "", "") as base, exponent) if base in self.constants:
                rule = call("exp", self.operand(exponent))
            case Pow(base, exponent):
                rule = Pow(self.operand(base), self.operand(exponent))
            case MatMul(factors):
                return self.product(factors)
            case Transpose(Transpose(inner)):
                return self.operand(inner)
            case Transpose(inner):
                rule = Transpose(self.operand(inner))
            case Indexed(base, indices):
                rule = Indexed(self.operand(base), indices)
            case Listing(items):
                return self.operand(Matrix.column(items))
            case Matrix(rows):
                rule = Matrix(tuple(tuple(map(self.operand, row)) for row in rows))
            case Call(name, arguments, ()) as function:
                return self.function(function, name, arguments)
            case BigOp():
                return self.operand(written_out(expression))
            case _:
                raise NotAGraph(f"there is no gradient of {one_line(expression)} here")
        return self.operation(rule, expression)

    def term(self, term: Expr) -> Expr:
        """A term of a sum; what is taken away is no operation of its own."""
        if isinstance(term, Neg) and not self.is_closed(term):
            return Neg(self.operand(term.operand))
        return self.operand(term)

    def product(self, factors: tuple[Expr, ...]) -> Expr:
        """A matrix product, two factors at a time from the left, as it is computed."""
        left, origin = self.factor(factors[0]), factors[0]
        for factor in factors[1:]:
            origin = origin @ factor
            left = self.operation(MatMul((left, self.factor(factor))), origin)
        return left

    def factor(self, factor: Expr) -> Expr:
        """A factor of a matrix product, which may be read transposed: uᵀ h reads u and h."""
        if isinstance(factor, Transpose) and not self.is_closed(factor):
            inner = factor.operand
            return (
                self.factor(inner.operand)
                if isinstance(inner, Transpose)
                else Transpose(self.operand(inner))
            )
        return self.operand(factor)

    def function(self, expression: Call, name: str, arguments: tuple[Expr, ...]) -> Expr:
        if name in ENTRYWISE and len(arguments) == 1:
            known = "log" if name == "ln" else name
            return self.operation(Call(known, (self.operand(arguments[0]),)), expression)
        items = items_of(arguments)
        several = taken_apart(expression, items)
        if several is not None:
            return self.operand(several)
        match name:
            case "sum" | "mean" | "var" | "softmax":
                vector = items[0] if len(items) == 1 else Matrix.column(items)
                return self.operation(Call(name, (self.operand(vector),)), expression)
            case "max" | "min":
                return self.extreme(expression, items)
            case "cross_entropy":
                if len(arguments) != 2:
                    message = "cross_entropy takes two vectors, the outputs p and the targets t"
                    raise NotAGraph(message)
                return self.operation(Call(name, tuple(map(self.operand, arguments))), expression)
        known_names = (*ENTRYWISE, *OF_LISTS)
        hint = closest(name, known_names) or f"; known here: {', '.join(known_names)}"
        raise NotAGraph(f"{name} is no function with a gradient here{hint}")

    def extreme(self, expression: Call, items: tuple[Expr, ...]) -> Expr:
        """The largest of several values, each of which is compared once: max(x, x) is x."""
        operands = tuple(dict.fromkeys(map(self.operand, items)))
        if len(operands) == 1 < len(items):
            return operands[0]
        return self.operation(Call(expression.name, operands), expression)


def sorted_rule(rule: Expr) -> Expr:
    """The rule by which it is found again: y + x is x + y."""
    match rule:
        case Add(parts) | Mul(parts):
            return type(rule)(tuple(sorted(parts, key=one_line)))
    return rule
