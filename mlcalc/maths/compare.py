"""Whether two formulas are equal, by their values at points.

Unequal at one point is a proof; equal at all points tried is taken as equal.  Rational values are
compared exactly, real ones to all the digits that are known, which are thirty at least.  The
points follow from a hash of both formulas, so the same question has the same answer every time,
and no answer can be made to fit them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from zlib import crc32

from mlcalc.maths.evaluate import CONSTANTS, TooMuchWork, Value, Work, evaluate, flattened
from mlcalc.maths.functions import (
    FUNCTIONS,
    EvaluationError,
    Scalar,
    TooLarge,
    is_finite,
    mean,
    to_float,
    total,
)
from mlcalc.maths.numerics.real import Real, is_within_errors
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Hadamard,
    Indexed,
    MatMul,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    Transpose,
    free_symbols,
    parts,
    walk,
)

RELATIVE_TOLERANCE = Fraction(1, 1000)
"""How far off a measure may be that is right, as a share of it."""

POINTS = 10
POINTS_OF_SMOOTH = 5
"""How many do where no branch can hide between the points."""
KNOWN = 30
"""Digits that must be known of a number that is not rational, to say that it is another."""
TRIES = 50
WHOLE = 2  # of the five sorts of points, see `coordinate`
NEGATIVE = 4

DATA = Symbol("x")
"""What a function of the data is written in: sum(log(x)), median(x)."""

SUM, MEAN, X_BAR = Symbol("sum"), Symbol("mean"), Symbol("x", accent="bar")

COUNTS = frozenset("dhijklmnrstCDHKLMNSTW")
"""Names that are whole numbers as a rule: n data, k successes, a kernel of K."""

LARGE = frozenset("nNmMhHwW")

SIZES = COUNTS | frozenset("cfpwFPW")
"""Names that are whole numbers where something is rounded: a padding of p."""

POSITIVE = frozenset({"sigma", "sigma2", "lambda", "epsilon", "delta", "rate", "scale", "shape"})
"""Names whose numbers are positive wherever they are used."""

SMOOTH = frozenset({"exp", "log", "ln", "log2", "sigmoid", "tanh"})


def same(left: Expr, right: Expr) -> bool | None:
    """Whether the two have the same value wherever both have one; None where that is open.

    A formula does not say what its letters stand for.  So it is open, too, where the two differ
    for negative numbers alone, as √(x²) and x do, or for broken sizes alone, as ⌈x⌉ and
    ⌊x⌋ + 1 do.
    """
    nodes = [*walk(left), *walk(right)]
    has_floor = any(map(is_rounded, nodes))
    needed = POINTS_OF_SMOOTH if all(map(is_smooth, nodes)) else POINTS
    if has_floor:
        needed *= 3  # they may differ at few points
    comparison = Comparison(left, right)
    compared = 0
    for at, is_proof in points(left, right, nodes, has_floor):
        try:
            is_equal = comparison.at(at)
        except TooMuchWork:
            return None
        except EvaluationError:
            continue
        if not is_equal:
            return False if is_proof else None
        compared += 1
        if compared == needed:
            return True
    return True if compared and not symbols_of(left, right) else None


class Comparison:
    """Two formulas, compared at one point after the other within one budget of work."""

    def __init__(self, left: Expr, right: Expr) -> None:
        self.left, self.right = left, right
        self.work = Work()

    def at(self, at: Mapping[Symbol, Value]) -> bool:
        """Whether they are equal there.  Raises `EvaluationError` where that is not known."""
        values = [evaluate(side, at, self.work) for side in (self.left, self.right)]
        numbers = [number for value in values for number in flattened(value)]
        are_infinite = not any(all(map(is_finite, flattened(value))) for value in values)
        if are_infinite and self.left != self.right:
            raise TooLarge("infinite values are not compared")
        left, right = values
        if close(left, right, same_in_all_digits):
            return True
        # Floats that cancelled: sin(x)² + cos(x)² − 1 is 1e-17, beside terms of size 1.
        has_floats = not all(isinstance(number, Fraction | Real) for number in numbers)
        return has_floats and differ_by_rounding(self.left, self.right, at)


def symbols_of(left: Expr, right: Expr) -> list[Symbol]:
    """The letters of both that stand for a value of their own."""
    found = free_symbols(left) | free_symbols(right)
    return sorted((s for s in found if s.spelled not in CONSTANTS), key=lambda s: s.spelled)


def points(
    left: Expr, right: Expr, nodes: Collection[Expr], has_floor: bool
) -> Iterator[tuple[Mapping[Symbol, Value], bool]]:
    """Where the two are compared, and whether a difference there is a proof.

    Whole ones come first where something is rounded.
    """
    symbols = symbols_of(left, right)
    if not symbols:
        yield {}, True
        return
    only_sizes = has_floor and all(symbol.name in SIZES for symbol in symbols)
    has_data = bool({SUM, MEAN, X_BAR} & set(symbols)) or any(map(is_of_data, nodes))
    seed = seed_of(left, right)
    matrices = matrix_letters(nodes)
    attempts = [5 * n + WHOLE for n in range(TRIES)] if has_floor else []
    for attempt in attempts if only_sizes else (*attempts[:POINTS], *range(TRIES)):
        at: dict[Symbol, Value] = {s: coordinate(s, attempt, seed) for s in symbols}
        is_positive = all(isinstance(value, Fraction) and value > 0 for value in at.values())
        if has_data:
            at |= data(attempt, symbols, seed)
        at |= {s: matrix(s, attempt, seed) for s in matrices}
        sort = attempt % 5
        yield at, sort == WHOLE or not (has_floor or (sort == NEGATIVE and not is_positive))


def seed_of(left: Expr, right: Expr) -> str:
    """What the points are drawn from: both formulas, in either order."""
    return "".join(sorted((repr(left), repr(right))))


def coordinate(symbol: Symbol, attempt: int, seed: str = "") -> Fraction:
    """A rational number, the same for the same name, attempt and seed.

    In turn all lie between 0 and 1; all between 1 and 20; all are whole; the counts are whole
    and the others between 0 and 1, as for n data and a probability; all, or some, are negative,
    but for names that stand for positive numbers.
    """
    draw = crc32(f"{symbol.spelled}/{attempt}/{seed}".encode())
    inside = Fraction(draw % 1008 + 1, 1009)
    is_count = symbol.name in COUNTS
    match attempt % 5:
        case 1:
            return 1 + 19 * inside
        case sort if sort == WHOLE or (sort == 3 and is_count):
            # C(n, k) needs k ≤ n, and a kernel is no larger than what it runs over.
            return Fraction(8 + draw % 13 if symbol.name in LARGE else 1 + draw % 7)
        case sort if sort == NEGATIVE:
            is_negative = symbol.name not in POSITIVE and (attempt % 2 == 0 or draw % 5 < 3)
            return 5 * inside * (-1 if is_negative else 1)
    return inside


def matrix_letters(nodes: Collection[Expr]) -> set[Symbol]:
    """The letters that stand for vectors and matrices, as factors of a product of matrices."""
    factors = [
        part
        for node in nodes
        if isinstance(node, MatMul | Transpose | Hadamard)
        for part in parts(node)
    ]
    letters = {letter for factor in factors for letter in free_symbols(factor)}
    return {letter for letter in letters if letter.spelled not in CONSTANTS}


def matrix(symbol: Symbol, attempt: int, seed: str) -> Value:
    """A capital letter as a 2×2 matrix, a small one as a column of 2."""
    width = 2 if symbol.name[:1].isupper() else 1
    return tuple(
        tuple(
            coordinate(Symbol(f"{symbol.spelled}/{row}{column}"), attempt, seed)
            for column in range(width)
        )
        for row in range(2)
    )


def is_rounded(node: Expr) -> bool:
    return isinstance(node, Call) and node.name in ("floor", "ceil")


def is_of_data(node: Expr) -> bool:
    """Whether a node is a function of all the data, such as mean(x)."""
    match node:
        case Call(name, (argument,), ()) if name in FUNCTIONS:
            return FUNCTIONS[name].over_list and DATA in free_symbols(argument)
        case Indexed(base, _):
            return base == DATA
    return False


def is_smooth(node: Expr) -> bool:
    match node:
        case Call(name, _, ()):
            return name in SMOOTH
        case Pow(_, Number(exponent)):
            return exponent.denominator == 1
        case Number() | Symbol() | Add() | Neg() | Mul() | Div():
            return True
    return False


def data(attempt: int, symbols: Collection[Symbol], seed: str) -> dict[Symbol, Value]:
    """Data x, and their number n, sum and mean, where these are written as letters."""
    x = tuple(coordinate(Symbol("x", str(i)), attempt, seed) for i in range(3 + attempt % 4))
    known: dict[Symbol, Value] = {DATA: x, Symbol("n"): Fraction(len(x))}
    known |= {SUM: total(*x), MEAN: mean(*x), X_BAR: mean(*x)}
    return {symbol: value for symbol, value in known.items() if symbol in symbols}


def close(left: Value, right: Value, equal: Callable[[Scalar, Scalar], bool] | None = None) -> bool:
    """Equal entry by entry, by `same_number` unless it is said by what.

    A number stands for a 1×1 matrix, and a list for a column.
    """
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(
            close(a, b, equal) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, tuple):
        return len(left) == 1 and close(left[0], right, equal)
    if isinstance(right, tuple):
        return len(right) == 1 and close(left, right[0], equal)
    return (equal or same_number)(left, right)


def same_in_all_digits(a: Scalar, b: Scalar) -> bool:
    """The same up to the errors of real numbers, so that a difference is a proof.

    Raises `EvaluationError` where too few digits are known to tell.
    """
    if not (isinstance(a, Fraction | Real) and isinstance(b, Fraction | Real)):
        return same_number(a, b)
    if any(isinstance(n, Real) and (n.blurred or n.known < KNOWN) for n in (a, b)):
        raise EvaluationError("too few digits are known to tell the two apart")
    return is_within_errors(a, b) if isinstance(a, Real) or isinstance(b, Real) else a == b


def same_number(a: Scalar, b: Scalar) -> bool:
    """Equal, exactly for fractions and to 9 digits for others."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    x, y = to_float(a), to_float(b)
    if math.isinf(x) or math.isinf(y):
        return a == b  # an exact number that no float holds is close to none
    return math.isclose(x, y, rel_tol=1e-9)


def differ_by_rounding(left: Expr, right: Expr, at: Mapping[Symbol, Value]) -> bool:
    """Whether the difference is nothing beside the largest number that comes up within."""
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
