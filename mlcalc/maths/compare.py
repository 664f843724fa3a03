"""Whether two formulas are equal, by their values at points.

Unequal at one point is a proof; equal at all points tried is taken as equal.  The points follow
from the names of the symbols alone, so the same question has the same answer every time.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from zlib import crc32

from mlcalc.maths.evaluate import CONSTANTS, TooMuchWork, Value, Work, evaluate, flattened
from mlcalc.maths.functions import (
    FUNCTIONS,
    EvaluationError,
    Scalar,
    is_finite,
    mean,
    to_float,
    total,
)
from mlcalc.maths.tree import Call, Expr, Symbol, free_symbols, walk

POINTS = 10
TRIES = 50
WHOLE = 2  # of the five sorts of points, see `coordinate`
NEGATIVE = 4

DATA = Symbol("x")
"""What a function of the data is written in: sum(log(x)), median(x)."""

SUM, MEAN = Symbol("sum"), Symbol("mean")

COUNTS = frozenset("dhijklmnrstCDHKLMNSTW")
"""Names that are whole numbers as a rule: n data, k successes, a kernel of K."""

LARGE = frozenset("nNmMhHwW")

SIZES = COUNTS | frozenset("cfpwFPW")
"""Names that are whole numbers where something is rounded: a padding of p."""


def same(left: Expr, right: Expr) -> bool | None:
    """Whether the two have the same value wherever both have one; None where that is open.

    A formula does not say what its letters stand for.  So it is open, too, where the two differ
    for negative numbers alone, as √(σ²) and σ do, or for broken sizes alone, as ⌈x⌉ and
    ⌊x⌋ + 1 do.
    """
    compared, needed = 0, POINTS
    has_floor = any(map(is_rounded, (*walk(left), *walk(right))))
    if has_floor:
        needed *= 3  # they may differ at few points
    for at, sort in points(left, right, has_floor):
        try:
            values = evaluate(left, at), evaluate(right, at)
        except TooMuchWork:
            return None
        except EvaluationError:
            continue
        if not all(is_finite(number) for value in values for number in flattened(value)):
            if left != right:
                continue
        elif not close(*values) and not differ_by_rounding(left, right, at):
            is_proof = sort == WHOLE or not (has_floor or sort == NEGATIVE)
            return False if is_proof else None
        compared += 1
        if compared == needed:
            return True
    return True if compared and not symbols_of(left, right) else None


def symbols_of(left: Expr, right: Expr) -> list[Symbol]:
    """The letters of both that stand for a value of their own."""
    found = free_symbols(left) | free_symbols(right)
    return sorted((s for s in found if s.spelled not in CONSTANTS), key=lambda s: s.spelled)


def points(
    left: Expr, right: Expr, has_floor: bool
) -> Iterator[tuple[Mapping[Symbol, Value], int]]:
    """Where the two are compared, and what sort of points these are; whole ones come first."""
    symbols = symbols_of(left, right)
    if not symbols:
        yield {}, WHOLE
        return
    only_sizes = has_floor and all(symbol.name in SIZES for symbol in symbols)
    has_data = bool({SUM, MEAN} & set(symbols))
    has_data = has_data or any(map(is_of_data, (*walk(left), *walk(right))))
    attempts = [5 * n + WHOLE for n in range(TRIES)] if has_floor else []
    for attempt in attempts if only_sizes else (*attempts[:POINTS], *range(TRIES)):
        at: dict[Symbol, Value] = {s: coordinate(s, attempt) for s in symbols}
        if has_data:
            at |= data(attempt, symbols)
        yield at, attempt % 5


def coordinate(symbol: Symbol, attempt: int) -> Fraction:
    """A rational number, the same for the same name and attempt.

    In turn all lie between 0 and 1; all between 1 and 20; all are whole; the counts are whole
    and the others between 0 and 1, as for n data and a probability; all, or some, are negative.
    """
    seed = crc32(f"{symbol.spelled}/{attempt}".encode())
    inside = Fraction(seed % 96 + 1, 97)
    is_count = symbol.name in COUNTS
    match attempt % 5:
        case 1:
            return 1 + 19 * inside
        case sort if sort == WHOLE or (sort == 3 and is_count):
            # C(n, k) needs k ≤ n, and a kernel is no larger than what it runs over.
            return Fraction(8 + seed % 13 if symbol.name in LARGE else 1 + seed % 7)
        case sort if sort == NEGATIVE:
            return 5 * inside * (-1 if attempt % 2 == 0 or seed % 5 < 3 else 1)
    return inside


def is_rounded(node: Expr) -> bool:
    return isinstance(node, Call) and node.name in ("floor", "ceil")


def is_of_data(node: Expr) -> bool:
    """Whether a node is a function of all the data, such as mean(x)."""
    match node:
        case Call(name, (argument,), ()) if name in FUNCTIONS:
            return FUNCTIONS[name].over_list and DATA in free_symbols(argument)
    return False


def data(attempt: int, symbols: Collection[Symbol]) -> dict[Symbol, Value]:
    """Data x, and their number n, sum and mean, where these are written as letters."""
    x = tuple(coordinate(Symbol("x", str(i)), attempt) for i in range(3 + attempt % 4))
    known: dict[Symbol, Value] = {DATA: x, Symbol("n"): Fraction(len(x))}
    known |= {SUM: total(*x), MEAN: mean(*x)}
    return {symbol: value for symbol, value in known.items() if symbol in symbols}


def close(left: Value, right: Value) -> bool:
    """Equal, exactly for fractions and to 9 digits for floats, entry by entry.

    A number stands for a 1×1 matrix, and a list for a column.
    """
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(close, left, right))
    if isinstance(left, tuple):
        return len(left) == 1 and close(left[0], right)
    if isinstance(right, tuple):
        return len(right) == 1 and close(left, right[0])
    return same_number(left, right)


def same_number(a: Scalar, b: Scalar) -> bool:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    x, y = to_float(a), to_float(b)
    if math.isinf(x) or math.isinf(y):
        return a == b  # an exact number that no float holds is close to none
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-300)


def differ_by_rounding(left: Expr, right: Expr, at: Mapping[Symbol, Value]) -> bool:
    """Whether floats cancelled: sin(x)² + cos(x)² − 1 is 1e-17, beside terms of size 1."""
    try:
        a, b = flattened(evaluate(left, at)), flattened(evaluate(right, at))
    except EvaluationError:
        return False
    if len(a) != len(b) or all(isinstance(number, Fraction) for number in (*a, *b)):
        return False
    largest = max(largest_part(side, at) for side in (left, right))
    return all(abs(to_float(x) - to_float(y)) <= 1e-13 * largest for x, y in zip(a, b, strict=True))


def largest_part(expression: Expr, at: Mapping[Symbol, Value]) -> float:
    """The size of the largest number that comes up within."""
    sizes, work = [0.0], Work()
    for part in walk(expression):
        try:
            sizes += [abs(to_float(number)) for number in flattened(evaluate(part, at, work))]
        except EvaluationError:
            continue
    return max(size for size in sizes if math.isfinite(size))
