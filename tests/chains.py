"""Every relation that a derivation prints between two numbers, checked.

Neighbours without free symbols must satisfy what stands between them: "=" exactly for exact
values; where a member carries a float, to the rounding that the printed digits announce.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from mlcalc.derivation import Derivation, Step, Table
from mlcalc.maths.evaluate import Value, evaluate, flattened
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Derivative,
    Expr,
    Indexed,
    Symbol,
    free_symbols,
    parts,
    walk,
)

CONSTANTS = {Symbol("e"), Symbol("pi"), Symbol("inf")}


def expressions(derivation: Derivation) -> Iterator[Expr]:
    """Every tree of the derivation: of its steps, tables, notes and answers."""
    yield from (answer.maths for answer in derivation.answers)
    yield from in_steps(derivation.steps)


def in_steps(steps: Iterable[Step]) -> Iterator[Expr]:
    for step in steps:
        for block in step.blocks:
            if isinstance(block, Expr):
                yield block
            elif isinstance(block, Table):
                yield from (c for row in block.rows for c in row if isinstance(c, Expr))
        if not isinstance(step.note, str):
            yield from (piece for piece in step.note if isinstance(piece, Expr))
        yield from in_steps(step.substeps)


def claims(expression: Expr) -> Iterator[Expr]:
    """The node and everything below it but the condition of an indicator, which may be false."""
    yield expression
    if not (isinstance(expression, Call) and expression.name == "indicator"):
        for part in parts(expression):
            yield from claims(part)


def closed_links(expression: Expr) -> Iterator[tuple[Expr, str, Expr, Value, Value]]:
    """The links of all chains within, whose two sides have values."""
    for node in claims(expression):
        if not isinstance(node, Chain):
            continue
        members = node.members
        for left, (relation, right) in zip(members, node.links, strict=False):
            if (free_symbols(left) | free_symbols(right)) - CONSTANTS:
                continue
            try:
                yield left, relation, right, evaluate(left), evaluate(right)
            except EvaluationError:
                continue


def is_true(left: Value, relation: str, right: Value, is_rounded: bool) -> bool:
    """Whether the relation holds, number by number."""
    a, b = flattened(left), flattened(right)
    return len(a) == len(b) and all(
        holds(x, relation, y, is_rounded) for x, y in zip(a, b, strict=True)
    )


def holds(a: Scalar, relation: str, b: Scalar, is_rounded: bool) -> bool:
    match relation:
        case "=" | "~=" if is_rounded or isinstance(a, float) or isinstance(b, float):
            return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
        case "=":
            return a == b
        case "~=":
            return math.isclose(a, b, rel_tol=1e-2)
        case "<=":
            return a <= b
        case ">=":
            return a >= b
        case "<":
            return a < b
        case ">":
            return a > b
        case _:
            return True


def carries_floats(expression: Expr) -> bool:
    return any(isinstance(n, Decimal) and isinstance(n.value, float) for n in walk(expression))


def meanings(derivation: Derivation) -> dict[Expr, list[Value]]:
    """The values that each name is given by chains `name = … = value`, the derivation through.

    A name is a symbol, an entry, a derivative or a function of a name; one with another index or
    at another time is another name.
    """
    found: dict[Expr, list[Value]] = {}
    for expression in expressions(derivation):
        for node in claims(expression):
            if not isinstance(node, Chain) or not is_name(node.first):
                continue
            if any(relation not in ("=", "~=") for relation, _ in node.links):
                continue
            last = node.members[-1]
            try:
                value = None if free_symbols(last) - CONSTANTS else evaluate(last)
            except EvaluationError:
                value = None
            if value is not None:
                found.setdefault(node.first, []).append(value)
    return found


def is_name(expression: Expr) -> bool:
    match expression:
        case Symbol() | Indexed() | Derivative():
            return expression not in CONSTANTS
    return False


def twofold(derivation: Derivation) -> list[Expr]:
    """The names that stand for two values."""
    return [
        name
        for name, values in meanings(derivation).items()
        if not all(is_true(values[0], "=", other, is_rounded=True) for other in values[1:])
    ]
