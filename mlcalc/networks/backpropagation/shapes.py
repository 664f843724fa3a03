"""The shapes of the values on a graph: rows × columns, a number being 1×1 and a list a column."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.tree import (
    Call,
    Expr,
    Indexed,
    Listing,
    MatMul,
    Matrix,
    Neg,
    Number,
    Pow,
    Symbol,
    Transpose,
    substitute,
    transposed,
)
from mlcalc.maths.tree import parts as parts_of
from mlcalc.networks.backpropagation.functions import FUNCTIONS, OF_VECTORS

Dimension: TypeAlias = "int | Symbol"
Dimensions: TypeAlias = tuple[Dimension, Dimension]
"""Rows and columns, letters where no values are given."""

Size: TypeAlias = tuple[int, int]
"""Rows and columns as numbers."""

NUMBER: Size = (1, 1)
POWER = "write A @ A for the power of a matrix, or A*A for the squares of its entries"


class Misfit(Exception):
    """Shapes that do not go together; the message names both."""


class NoValue(Exception):
    """A part of the expression has no value there; the message says which and why."""


def named(size: Size) -> str:
    return f"{size[0]}×{size[1]}"


def is_number(expression: Expr, sizes: Mapping[Symbol, Dimensions]) -> bool:
    """Whether no vector or matrix stands in an expression but to be made one number."""
    match expression:
        case Call(name, (_,)) if name in OF_VECTORS:
            return True
        case MatMul() | Matrix() | Listing():
            return False
        case Symbol():
            return sizes.get(expression, NUMBER) == NUMBER
    return all(is_number(part, sizes) for part in parts_of(expression))


def described(operand: Expr, size: Size, origins: Mapping[Expr, Expr]) -> str:
    """`W x is 2×1`, an operand as it was typed."""
    typed = origins.get(operand, operand) if isinstance(operand, Symbol) else operand
    shown = one_line(typed)
    return f"{shown if len(shown) <= 40 else one_line(operand)} is {named(size)}"


def size_of(rule: Expr, known: Mapping[Symbol, Size], origins: Mapping[Expr, Expr]) -> Size:
    """The shape of what an operation gives.  Raises `Misfit` and `NoValue`."""

    def size(operand: Expr) -> Size:
        match operand:
            case Symbol() if operand in known:
                return known[operand]
            case Transpose(inner):
                found = size(inner)
                return found[1], found[0]
            case Neg(inner):
                return size(inner)
        return constant_size(operand)

    def told(*operands: Expr) -> str:
        return " and ".join(described(o, size(o), origins) for o in operands)

    match rule:
        case Symbol() | Transpose():
            return size(rule)
        case MatMul((left, right)):
            (height, inner), (outer, width) = size(left), size(right)
            if inner != outer:
                typed = (substitute(left, origins), substitute(right, origins))
                hint = product_hint(*typed, (size(left), size(right)))
                raise Misfit(
                    f"the shapes do not chain: {told(left, right)}, and a product needs as many "
                    f"columns on the left as rows on the right{hint}"
                )
            return height, width
        case Call(name, (operand,)) if name in OF_VECTORS:
            return NUMBER
        case Call(name, (operand,)) if FUNCTIONS[name].flow:
            if min(size(operand)) > 1:
                raise Misfit(f"the shapes do not fit: {told(operand)}, and {name} takes a vector")
            return size(operand)
        case Call(name, (p, t)) if FUNCTIONS[name].by:
            if size(p) != size(t):
                raise Misfit(
                    f"the shapes do not fit: {told(p, t)}, and each output needs its target"
                )
            if size(p) == NUMBER:
                what = f"{name}(p, t) takes a vector with an entry a class"
                raise Misfit(f"{what}; for one output write {FUNCTIONS[name].instead}")
            return NUMBER
        case Pow(base, _) if min(size(base)) > 1:
            raise Misfit(f"{POWER}: {told(base)}")
        case Indexed(base, indices):
            check_indices(described(base, size(base), origins), size(base), indices)
            return NUMBER
        case Matrix(entries):
            for entry in (entry for row in entries for entry in row):
                if size(entry) != NUMBER:
                    raise Misfit(
                        f"the shapes do not fit: {told(entry)}, and an entry is one number"
                    )
            return rule.shape
    several = [part for part in parts_of(rule) if size(part) != NUMBER]
    for other in several[1:]:
        if size(other) != size(several[0]):
            raise Misfit(
                f"the shapes do not fit: {told(several[0], other)}, which must agree"
                f"{transpose_hint(size(several[0]), size(other))}"
            )
    return size(several[0]) if several else NUMBER


def constant_size(constant: Expr) -> Size:
    """The shape of a part without variables.  Raises `NoValue`."""
    try:
        found = rows(evaluate(constant))
    except EvaluationError as error:
        raise NoValue(f"in {one_line(constant)}: {error}") from None
    return len(found), len(found[0])


def product_hint(left: Expr, right: Expr, sizes: tuple[Size, Size]) -> str:
    """Which factor might be meant transposed; the factors as they were typed."""
    (height, inner), (outer, width) = sizes
    if height == outer:
        return f"; did you mean {source(transposed(left) @ right)}?"
    if inner == width:
        return f"; did you mean {source(left @ transposed(right))}?"
    return ""


def transpose_hint(first: Size, second: Size) -> str:
    return "; one of them may be meant transposed, .T" if first == second[::-1] else ""


def check_indices(what: str, size: Size, indices: tuple[Expr, ...]) -> None:
    """Entries count from 1; a vector has one index, a matrix two."""
    lengths = size if len(indices) == 2 else (max(size),)
    if len(indices) > 2 or (len(indices) == 1 and min(size) > 1):
        raise Misfit(f"an entry of a matrix has two indices, one of a list has one: {what}")
    for index, length in zip(indices, lengths, strict=True):
        value = index.value if isinstance(index, Number) else Fraction(0)
        if value.denominator != 1 or not 1 <= value <= length:
            raise Misfit(f"there is no entry {one_line(index)}, they count from 1: {what}")
