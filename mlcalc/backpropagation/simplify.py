"""A gradient as short as it gets: with SymPy, or as the chain rule leaves it if that is shorter."""

from __future__ import annotations

import math
from collections.abc import Iterable

from mlcalc.backpropagation.tidy import tidied
from mlcalc.maths.compare import same
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import columns, one_line
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
    map_parts,
    substitute,
    walk,
)

MOST_MONOMIALS = 1000
"""SymPy multiplies everything out; what becomes longer than this takes seconds."""


def simplest(expression: Expr) -> Expr:
    """The same value in fewer signs."""
    plain = tidied(expression)
    if monomials(plain) > MOST_MONOMIALS:
        return plain
    from mlcalc.calculus import SYMPY_FUNCTIONS, simplified

    opaque: dict[Expr, Expr] = {}

    def covered(part: Expr) -> Expr:
        """The part with a letter for each function that SymPy is not told of."""
        if isinstance(part, Call) and part.name not in SYMPY_FUNCTIONS:
            return opaque.setdefault(part, Symbol("opaque", str(len(opaque))))
        return map_parts(part, covered)

    inside = covered(plain)
    try:
        found = simplified(inside)
    except (EvaluationError, TypeError):
        return plain
    shorter = substitute(found, {letter: part for part, letter in opaque.items()})
    is_shorter = columns(one_line(shorter)) < columns(one_line(plain))
    return shorter if is_shorter and same(shorter, plain) is not False else plain


def monomials(expression: Expr) -> int:
    """How many terms the expression may have as one fraction, multiplied out."""
    letters = {part for part in walk(expression) if isinstance(part, Symbol | Call)}
    degree = max(degrees(expression))
    return math.comb(degree + len(letters), len(letters))


def degrees(expression: Expr) -> tuple[int, int]:
    """At most the degrees of numerator and denominator; a function counts as a letter."""
    match expression:
        case Number():
            return 0, 0
        case Neg(operand):
            return degrees(operand)
        case Add(terms):
            parts = [degrees(term) for term in terms]
            below = sum(denominator for _, denominator in parts)
            return max(above + below - own for above, own in parts), below
        case Mul(factors):
            return added_up(map(degrees, factors))
        case Div(numerator, denominator):
            (top, under_top), (bottom, under_bottom) = degrees(numerator), degrees(denominator)
            return top + under_bottom, under_top + bottom
        case Pow(base, Number(exponent)) if exponent.denominator == 1:
            size = abs(exponent.numerator)
            up, down = (size * degree for degree in degrees(base))
            return (up, down) if exponent > 0 else (down, up)
    return 1, 0


def added_up(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    above, below = zip(*pairs, strict=True)
    return sum(above), sum(below)
