"""Whether two formulas are equal, by their exact values at points.

Unequal at one point is a proof; equal at all points tried is taken as equal.  The points follow
from the names of the symbols alone, so the same question has the same answer every time.
"""

from __future__ import annotations

import math
from fractions import Fraction
from zlib import crc32

from mlcalc.maths.evaluate import Value, evaluate, flattened
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.tree import Expr, Symbol, free_symbols

POINTS = 8
TRIES = 40


def same(left: Expr, right: Expr) -> bool | None:
    """Whether the two have the same value wherever both have one; None where that is open."""
    symbols = sorted(free_symbols(left) | free_symbols(right), key=lambda s: s.spelled)
    compared = 0
    for attempt in range(TRIES if symbols else 1):
        at = {symbol: coordinate(symbol, attempt) for symbol in symbols}
        try:
            values = evaluate(left, at), evaluate(right, at)
        except EvaluationError:
            continue
        if not close(*values):
            return False
        compared += 1
        if compared == POINTS:
            return True
    return True if compared and not symbols else None


def coordinate(symbol: Symbol, attempt: int) -> Fraction:
    """A rational number between 0 and 1 in even attempts, between 1 and 20 in odd ones."""
    seed = crc32(f"{symbol.spelled}/{attempt}".encode())
    inside = Fraction(seed % 96 + 1, 97)
    return 1 + 19 * inside if attempt % 2 else inside


def close(left: Value, right: Value) -> bool:
    """Equal, exactly for fractions and to 9 digits for floats, entry by entry."""
    if isinstance(left, tuple) != isinstance(right, tuple):
        return False
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(close, left, right))
    a, b = flattened(left)[0], flattened(right)[0]
    return same_number(a, b)


def same_number(a: Scalar, b: Scalar) -> bool:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-300)
