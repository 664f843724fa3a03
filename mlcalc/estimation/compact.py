"""A formula of an estimate brought on one bar, the sums over the data left as they are."""

from __future__ import annotations

from mlcalc.estimation.terms import neat
from mlcalc.maths.calculus import simplified
from mlcalc.maths.tree import BigOp, Call, Expr, Number, Pow, Symbol, map_parts, substitute, walk


def compact(formula: Expr) -> Expr:
    """n/Σ xᵢ turned over is Σ xᵢ/n: quotients on one bar, the sums over the data as they are."""
    names: dict[Expr, Symbol] = {}

    def hidden(part: Expr) -> Expr:
        if isinstance(part, BigOp) or (isinstance(part, Call) and part.name in OVER_DATA):
            return names.setdefault(part, Symbol("S", f"T{len(names)}"))
        return map_parts(part, hidden)

    there = hidden(formula)
    back: dict[Expr, Expr] = {symbol: part for part, symbol in names.items()}
    return substitute(reduced(there, (*names.values(),)), back)


OVER_DATA = ("sum", "max", "min", "median", "mean")


def reduced(formula: Expr, first: tuple[Symbol, ...]) -> Expr:
    if is_rational(formula):
        return simplified(formula, first)
    return neat(map_parts(formula, lambda part: reduced(part, first)))


def is_rational(formula: Expr) -> bool:
    """Whether only letters, numbers and whole powers are in it."""
    for node in walk(formula):
        if isinstance(node, Call):
            return False
        if isinstance(node, Pow) and not (
            isinstance(node.exponent, Number) and node.exponent.value.denominator == 1
        ):
            return False
    return True
