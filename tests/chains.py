"""Every relation that a derivation prints between two numbers, checked.

Neighbours without free symbols must satisfy what stands between them: "=" exactly for exact
values; where a member carries a float, to the rounding that the printed digits announce.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from mlcalc.maths.evaluate import Value, evaluate, flattened
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.printing import Style, source
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Call,
    Cases,
    Chain,
    Decimal,
    Derivative,
    Expr,
    Indexed,
    Listing,
    Marked,
    Matrix,
    Neg,
    Number,
    Symbol,
    equals,
    free_symbols,
    parts,
    walk,
)
from mlcalc.showing.derivation import Derivation, Step, Table

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
                yield from block.along
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
        for node in said(expression):
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


def said(expression: Expr) -> Iterator[Expr]:
    """The node and everything below it but events and conditions: P(Y = 1), x if y = 1."""
    yield expression
    if not isinstance(expression, Call | Cases):
        for part in parts(expression):
            yield from said(part)


def is_name(expression: Expr) -> bool:
    match expression:
        case Symbol() | Indexed() | Derivative() | Marked():
            return expression not in CONSTANTS
    return False


def twofold(derivation: Derivation) -> list[Expr]:
    """The names that stand for two values."""
    return [
        name
        for name, values in meanings(derivation).items()
        if not all(is_true(values[0], "=", other, is_rounded=True) for other in values[1:])
    ]


NUMBER = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)(?:e(-?\d+))?")
"""A number in the text that the reader of mlcalc reads."""


def unreproduced(derivation: Derivation, style: Style) -> list[str]:
    """The lines whose result is not what the digits that are shown give, to one unit.

    Each member of a chain is spelled as it is shown, read again, and worked out; it must give the
    next member that is a number, or a vector or matrix of numbers, in its last place.
    """
    return [
        f"{left} gives {right}"
        for expression in expressions(derivation)
        for node in claims(expression)
        if isinstance(node, Chain)
        for left, right in rounded_pairs(node, style)
        if not reproduces(left, right, style.digits)
    ]


def rounded_pairs(chain: Chain, style: Style) -> Iterator[tuple[str, str]]:
    """What is shown of a closed member with decimals, and of the next result."""
    members = chain.members
    for i, left in enumerate(members[:-1]):
        if free_symbols(left) - CONSTANTS or not any(isinstance(n, Decimal) for n in walk(left)):
            continue
        for relation, right in chain.links[i:]:
            if relation not in ("=", "~=") or free_symbols(right) - CONSTANTS:
                break
            if is_result(right):
                yield source(left, style), source(right, style)
                break


def is_result(member: Expr) -> bool:
    match member:
        case Decimal() | Number():
            return True
        case Neg() | Matrix() | Listing():
            return all(map(is_result, parts(member)))
    return False


def reproduces(left: str, right: str, least: int) -> bool:
    try:
        found, wanted = flattened(evaluate(read(left))), flattened(evaluate(read(right)))
    except EvaluationError:
        return True  # notation without a value
    numbers = NUMBER.findall(right)
    if len(numbers) != len(wanted):  # 1 - 2.06e-9 is two
        numbers = [numbers[-1]] * len(wanted)
    pairs = zip(found, wanted, numbers, strict=True)
    return all(abs(a - b) <= last_place(digits, power, least) for a, b, (digits, power) in pairs)


def last_place(digits: str, power: str, least: int) -> float:
    """One unit in the last place; of a whole number, as if it were shown with `least` digits."""
    after = len(digits.partition(".")[2]) or least - len(digits.strip("0") and digits)
    return 1.0000001 * 10.0 ** (int(power or 0) - after)


def rounded_numbers(derivation: Derivation, style: Style) -> set[str]:
    """The digits of all numbers that are shown rounded, with three of them at least."""
    shown = {
        source(Decimal(abs(node.value)), style)
        for expression in expressions(derivation)
        for node in walk(expression)
        if isinstance(node, Decimal) and "~=" in source(equals(Symbol("x"), node), style)
    }
    return {digits for digits in shown if len(digits.replace(".", "").strip("0")) > 2}
