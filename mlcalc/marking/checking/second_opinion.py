"""SymPy on two formulas that points cannot decide, in a process that is killed at its deadline."""

from __future__ import annotations

from mlcalc.files.errors import MlcalcError
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    free_symbols,
    walk,
)

SECONDS = 3.0
MAX_NODES = 60
MAX_POWER = 1000
"""SymPy writes powers of numbers out when it is handed them, however large they are."""


def second_opinion(left: Expr, right: Expr) -> bool:
    """Whether SymPy finds the two equal; that it does not says nothing."""
    nodes = [*walk(left), *walk(right)]
    if free_symbols(left) != free_symbols(right):
        return False  # letters that cancel are left to the points
    if len(nodes) > MAX_NODES or any(map(is_large, nodes)) or not all(map(is_known, nodes)):
        return False
    from mlcalc.estimation.worker import within

    try:
        return within(SECONDS, "the comparison of two formulas", are_equal, left, right)
    except MlcalcError:
        return False


def is_large(node: Expr) -> bool:
    match node:
        case Number(value):
            return max(map(abs, value.as_integer_ratio())) > MAX_POWER
        case Pow(_, Number()):
            return False
        case Pow(base, _):
            return isinstance(base, Number)
    return False


def is_known(node: Expr) -> bool:
    """Whether SymPy has words for a node: no process is started where it has none."""
    from mlcalc.maths.calculus import SYMPY_FUNCTIONS

    match node:
        case Call(name, _, ()):
            return name in SYMPY_FUNCTIONS
        case Symbol():
            return node.spelled != "inf"
        case Number() | Add() | Neg() | Mul() | Div() | Pow():
            return True
    return False


def are_equal(left: Expr, right: Expr) -> bool:
    """The worker's side.  Formulas that SymPy has no words for are not found equal."""
    import sympy

    from mlcalc.maths.calculus import to_sympy

    try:
        return bool(sympy.simplify(to_sympy(left) - to_sympy(right)) == 0)
    except EvaluationError:
        return False
