"""What … stands for: x_1 + … + x_n is the sum over the data, and x_1, …, x_n are the data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.maths.scanner import DOTS
from mlcalc.maths.tree import Expr, Symbol, free_symbols, substitute

REST = Symbol(DOTS)
NUMBERED = re.compile(r"([A-Za-z])([0-9]|[nNmM])")
LAST = ("n", "N", "m", "M")
MOST_BEFORE = 3


def filled(parts: Sequence[Expr]) -> tuple[list[Expr], Expr, list[Expr]] | None:
    """What stands before x_1, …, x_n among some parts, the x of which they are, and what behind.

    None where it does not show what is left out.
    """
    at = parts.index(REST)
    if REST in parts[at + 1 :] or not 0 < at < len(parts) - 1:
        return None
    of = without_index(parts[at + 1], LAST)
    for first in range(max(0, at - MOST_BEFORE), at):
        numbers = [str(number) for number in range(1, at - first + 1)]
        before = zip(parts[first:at], numbers, strict=True)
        if of is not None and all(without_index(part, (n,)) == of for part, n in before):
            return list(parts[:first]), of, list(parts[at + 2 :])
    return None


def without_index(part: Expr, indices: Sequence[str]) -> Expr | None:
    """ln x of ln x_1, ln x1; None where nothing has one of the indices."""
    at: dict[Expr, Expr] = {}
    for symbol in free_symbols(part):
        match = NUMBERED.fullmatch(symbol.name)
        if symbol.subscript in indices:
            at[symbol] = Symbol(symbol.name, accent=symbol.accent)
        elif match is not None and match[2] in indices and not symbol.subscript:
            at[symbol] = Symbol(match[1])
    return substitute(part, at) if at else None
