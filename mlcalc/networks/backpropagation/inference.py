"""Shapes in letters, where no values are given: capital letters are matrices, small ones columns.

What stands in a product of matrices, or in a function of lists, is no number; what is added to a
vector is one; every other letter is a number.  Dimensions that must agree get one letter.
"""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Indexed,
    MatMul,
    Matrix,
    Neg,
    Symbol,
    Transpose,
    parts,
)
from mlcalc.networks.backpropagation.functions import FUNCTIONS
from mlcalc.networks.backpropagation.graph import ComputationGraph, Operation
from mlcalc.networks.backpropagation.shapes import NUMBER, Dimension, Dimensions, Misfit

DIMENSIONS = "mnkdprqlij"


def has_vectors(graph: ComputationGraph) -> bool:
    """Whether anything on the graph cannot be a number."""
    return any(is_of_vectors(operation.rule) for operation in graph.operations)


def is_of_vectors(rule: Expr) -> bool:
    match rule:
        case MatMul() | Transpose() | Indexed() | Matrix():
            return True
        case Call(name, arguments):
            own = FUNCTIONS[name]
            return bool(own.by or own.flow or (own.of_vector and len(arguments) == 1))
    return False


def inferred(graph: ComputationGraph) -> dict[Symbol, Dimensions]:
    """The shape of every node.  Raises `Misfit` where the letters alone do not say it."""
    found = Inference(graph)
    for operation in graph.operations:
        found.sizes[operation.name] = found.size_of(operation)
    for variable in graph.variables:
        found.sizes.setdefault(variable, NUMBER)
    return found.named()


def vectors_of(graph: ComputationGraph) -> set[Symbol]:
    """The names that an operation needs as vectors or matrices, passed on to what they are of."""
    results = {o.name for o in graph.operations if isinstance(o.rule, MatMul | Transpose)}
    found: set[Symbol] = set()
    for operation in reversed(graph.operations):
        if is_of_vectors(operation.rule):
            found.update(operation.inputs)
        elif operation.name in found:
            known = (found | results).intersection(operation.inputs)
            if isinstance(operation.rule, Add) or not known:
                found.update(operation.inputs)
    return found


class Inference:
    """Dimensions are placeholders until all operations have been seen."""

    def __init__(self, graph: ComputationGraph) -> None:
        self.graph = graph
        self.sizes: dict[Symbol, Dimensions] = {}
        self.same: dict[Dimension, Dimension] = {}
        self.count = 0
        self.vectors = vectors_of(graph)

    def fresh(self) -> Symbol:
        self.count += 1
        return Symbol("dimension", str(self.count))

    def size(self, operand: Expr, is_vector: bool = False) -> Dimensions | None:
        """The shape of an operand; None for a letter of which nothing is known yet."""
        match operand:
            case Transpose(inner):
                found = self.size(inner, is_vector)
                return None if found is None else (found[1], found[0])
            case Neg(inner):
                return self.size(inner, is_vector)
            case Symbol() if operand in self.sizes:
                height, width = self.sizes[operand]
                return self.root(height), self.root(width)
            case Symbol() if operand in self.graph.variables:
                if not is_vector and operand not in self.vectors:
                    return None
                is_matrix = operand.name[:1].isupper()
                self.sizes[operand] = (self.fresh(), self.fresh() if is_matrix else 1)
                return self.sizes[operand]
        if isinstance(operand, Matrix):
            return operand.shape
        return NUMBER

    def known(self, operand: Expr) -> Dimensions:
        found = self.size(operand, is_vector=True)
        assert found is not None
        return found

    def size_of(self, operation: Operation) -> Dimensions:
        match operation.rule:
            case MatMul((left, right)):
                (height, inner), (outer, width) = self.known(left), self.known(right)
                self.unify(inner, outer, operation)
                return self.root(height), self.root(width)
            case Transpose():
                return self.known(operation.rule)
            case Call(name, (x,)) if FUNCTIONS[name].of_vector:
                self.known(x)
                return NUMBER
            case Call(name, (x,)) if FUNCTIONS[name].flow:
                return self.known(x)
            case Call(name, (p, t)) if FUNCTIONS[name].by:
                self.fit([self.known(p), self.known(t)], operation)
                return NUMBER
            case Indexed() | Matrix():
                shown = one_line(operation.origin)
                raise Misfit(f"entries such as {shown} need values: give them with at")
        operands = tuple(parts(operation.rule)) or (operation.rule,)
        several = [s for s in map(self.size, operands) if s is not None and s != NUMBER]
        if not several:
            self.settle(operands, NUMBER, is_sum=False)
            return NUMBER
        self.settle(operands, several[0], isinstance(operation.rule, Add))
        self.fit(several, operation)
        height, width = several[0]
        return self.root(height), self.root(width)

    def settle(self, operands: Iterable[Expr], size: Dimensions, is_sum: bool) -> None:
        """What is added to a vector is one; a small letter that it is multiplied by is none."""
        for operand in operands:
            inner = operand.operand if isinstance(operand, Neg) else operand
            if isinstance(inner, Symbol) and self.size(inner) is None:
                self.sizes[inner] = size if is_sum or inner.name[:1].isupper() else NUMBER

    def fit(self, sizes: list[Dimensions], operation: Operation) -> None:
        for height, width in sizes[1:]:
            self.unify(sizes[0][0], height, operation)
            self.unify(sizes[0][1], width, operation)

    def root(self, dimension: Dimension) -> Dimension:
        while dimension in self.same:
            dimension = self.same[dimension]
        return dimension

    def unify(self, a: Dimension, b: Dimension, operation: Operation) -> None:
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if isinstance(a, Symbol) and b != 1:
            self.same[a] = b
        elif isinstance(b, Symbol) and a != 1:
            self.same[b] = a
        else:
            message = (
                f"the shapes of {one_line(operation.origin)} do not chain, where a small letter "
            )
            raise Misfit(
                message + "is a column vector and a capital letter a matrix; .T transposes"
            )

    def named(self) -> dict[Symbol, Dimensions]:
        """The shapes with a letter for each dimension."""
        taken = {symbol.spelled for symbol in self.sizes}
        letters = iter([Symbol(c) for c in DIMENSIONS if c not in taken])
        numbered = (Symbol("n", str(number)) for number in range(1, 2 * self.count + 1))
        names: dict[Dimension, Dimension] = {}

        def name(dimension: Dimension) -> Dimension:
            found = self.root(dimension)
            if isinstance(found, int):
                return found
            if found not in names:
                names[found] = next(letters, None) or next(numbered)
            return names[found]

        return {symbol: (name(h), name(w)) for symbol, (h, w) in self.sizes.items()}
