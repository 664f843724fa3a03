"""A computational graph as data: variables, and operations in the order of computing."""

from __future__ import annotations

from mlcalc.maths.tree import Expr, Symbol, substitute
from mlcalc.records import Record


class Operation(Record):
    """One node: its name, and what it does to the names that it reads, `a = x + y`.

    `inputs` are the names that are read, each once; `origin` is the part of the expression that
    the node stands for, in the variables.
    """

    name: Symbol
    rule: Expr
    inputs: tuple[Symbol, ...]
    origin: Expr


class NotAGraph(Exception):
    """Part of the expression is no operation with a gradient; the message says which."""


class ComputationGraph(Record):
    """Operations that read variables and each other; the last one is the output."""

    variables: tuple[Symbol, ...]
    operations: tuple[Operation, ...]

    @property
    def output(self) -> Symbol:
        return self.operations[-1].name

    def readers(self, name: Symbol) -> tuple[Operation, ...]:
        return tuple(o for o in self.operations if name in o.inputs)

    def expanded(self, expression: Expr) -> Expr:
        """An expression in the names of operations, written in the variables."""
        return substitute(expression, {o.name: o.origin for o in self.operations})
