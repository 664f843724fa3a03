"""An expression folded into a graph: equal parts are one operation, computed once.

Parts without variables stay as they are within the operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from mlcalc.maths.board import line
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line
from mlcalc.maths.products import OPEN_FUNCTIONS
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
    Number,
    Pow,
    Symbol,
    Transpose,
    call,
    free_symbols,
    substitute,
    walk,
)
from mlcalc.networks.backpropagation.definitions import Body
from mlcalc.networks.backpropagation.functions import FUNCTIONS
from mlcalc.networks.backpropagation.graph import (
    ComputationGraph,
    NotAGraph,
    Operation,
    given_names,
)

KNOWN = (*FUNCTIONS, "dot", "matmul")
"""The last two are products of matrices to the reader."""

MOST_OPERATIONS = 300
MOST_TERMS = 100
"""A sum over an index is written out for at most this many terms."""


@lru_cache(maxsize=128)
def folded(body: Body, constants: frozenset[Symbol]) -> ComputationGraph:
    """The graph of the expression, with the names that it has.  Raises `NotAGraph`.

    `constants` are the letters that have a value of their own, such as pi.
    """
    folder = Folder(constants)
    last = folder.operand(body.expression)
    if not folder.operations or last != folder.operations[-1].name:
        last = folder.operation(last, body.expression)
    used = free_symbols(body.expression)
    graph = ComputationGraph(tuple(folder.variables), tuple(folder.operations))
    return given_names(graph, used, body.name, dict(body.parts))


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
        if name not in FUNCTIONS and name not in OPEN_FUNCTIONS:
            hint = closest(name, KNOWN) or f"; known here: {', '.join(KNOWN)}"
            raise NotAGraph(f"{name} is no function with a gradient here{hint}")
        known, own = FUNCTIONS[name], FUNCTIONS[name].meaning or name
        if known.apart:
            return self.operand(taken_apart(expression))
        if known.by:
            if len(arguments) != len(known.by):
                raise NotAGraph(f"{name} takes two vectors, the outputs p and the targets t")
            return self.operation(Call(own, tuple(map(self.operand, arguments))), expression)
        items = items_of(arguments)
        if known.several is not None and len(items) > 1:
            return self.operand(known.several(items))
        if known.relation:
            return self.extreme(expression, items)
        if known.of_vector or known.flow:
            vector = items[0] if len(items) == 1 else Matrix.column(items)
            return self.operation(Call(own, (self.operand(vector),)), expression)
        if not known.slope:
            raise NotAGraph(f"write a product of values, x*y*z, instead of {one_line(expression)}")
        return self.operation(Call(own, (self.operand(items[0]),)), expression)

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


def items_of(arguments: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The items of one list that was typed as such: max([x, y]) is max(x, y)."""
    match arguments:
        case (Listing(items),):
            return items
        case (Matrix(rows),) if 1 in (len(rows), len(rows[0])):
            return tuple(entry for row in rows for entry in row)
    return arguments


def taken_apart(function: Call) -> Expr:
    """What a lecturer draws as several gates, such as the mean and the variance, in them."""
    vector, *rest = function.arguments
    if len(rest) > 1:
        count = len(function.arguments)
        raise NotAGraph(f"{function.name} takes a vector and epsilon, not {count} values")
    return line(FUNCTIONS[function.name].apart, z=vector, epsilon=rest)


def written_out(operation: BigOp) -> Expr:
    """A sum or product over an index as one over its terms."""
    low = None if operation.low is None else exact(operation.low)
    high = None if operation.high is None else exact(operation.high)
    ends = [int(end) for end in (low, high) if end is not None and end.denominator == 1]
    if len(ends) < 2 or not 0 <= ends[1] - ends[0] < MOST_TERMS:
        raise NotAGraph(
            f"the index of {one_line(operation)} must run over 1 to {MOST_TERMS} whole numbers"
        )
    terms = [
        substitute(operation.body, {operation.index: Number(Fraction(i))})
        for i in range(ends[0], ends[1] + 1)
    ]
    if len(terms) == 1:
        return terms[0]
    return Add(tuple(terms)) if operation.kind == "sum" else Mul(tuple(terms))
