"""The value of an expression: exact fractions where the arithmetic is rational, else floats.

A matrix is a tuple of rows, a list of values a tuple.  What has no value raises an
`EvaluationError` that says why; nothing is guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias, cast

from mlcalc.maths.functions import (
    FUNCTIONS,
    MAX_BITS,
    EvaluationError,
    Function,
    Scalar,
    TooLarge,
    Unbound,
    Undefined,
    power,
    softmax,
)
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Div,
    Expr,
    Hadamard,
    Indexed,
    Listing,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
    shown,
    substitute,
)

Value: TypeAlias = "Fraction | float | tuple[Value, ...]"
Rows: TypeAlias = tuple[tuple[Scalar, ...], ...]

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf}

MAX_TERMS = 100_000
"""A sum or product over an index is written out for at most this many terms."""


def evaluate(expression: Expr, values: Mapping[Symbol, Value] | None = None) -> Value:
    """The value of the expression where the symbols have the given values.

    Raises `Unbound` for a symbol without a value, `Undefined` where there is no such number,
    `TooLarge` where it could not be written out, and `EvaluationError` for sizes that do not fit
    and for notation that stands for no number.
    """
    known = values or {}

    def value(part: Expr) -> Value:
        return evaluate(part, known)

    match expression:
        case Number(exact):
            return exact
        case Decimal(carried):
            return carried
        case Symbol():
            if expression in known:
                return known[expression]
            if expression.spelled in CONSTANTS:
                return CONSTANTS[expression.spelled]
            raise Unbound(f"{expression.spelled} has no value")
        case Add(terms):
            return fold(lambda a, b: a + b, [value(t) for t in terms])
        case Neg(operand):
            return entrywise(lambda a: -a, value(operand))
        case Mul(factors):
            return fold(multiplied, [value(f) for f in factors])
        case Hadamard(factors):
            return fold(multiplied, [value(f) for f in factors])
        case Div(numerator, denominator):
            return entrywise(divided, value(numerator), value(denominator))
        case Pow(base, exponent):
            if base == Symbol("e") and base not in known:
                return entrywise(FUNCTIONS["exp"].compute, value(exponent))
            return entrywise(power, value(base), value(exponent))
        case MatMul(factors):
            product = rows(value(factors[0]))
            for factor in factors[1:]:
                product = matrix_product(product, rows(value(factor)))
            return collapsed(product)
        case Transpose(operand):
            return collapsed(tuple(zip(*rows(value(operand)), strict=True)))
        case Call(name, arguments, ()):
            return called(name, [value(a) for a in arguments])
        case BigOp():
            return expanded(expression, known)
        case Cases(branches):
            for result, condition in branches:
                if condition is None or holds(condition, known):
                    return value(result)
            raise Undefined("none of the cases applies")
        case Matrix(entries):
            return tuple(tuple(value(entry) for entry in row) for row in entries)
        case Listing(items):
            return tuple(value(item) for item in items)
        case Shape(sizes, channels):
            return tuple(value(size) for size in ((channels, *sizes) if channels else sizes))
        case Indexed(base, indices):
            return entry(value(base), [value(index) for index in indices])
        case Chain(_, links) if all(relation in ("=", "~=") for relation, _ in links):
            return value(links[-1][1])
        case _:
            raise EvaluationError("this notation does not stand for a number")


def scalar(expression: Expr, values: Mapping[Symbol, Value] | None = None) -> Scalar:
    """The value of an expression that must be a single number."""
    result = evaluate(expression, values)
    while isinstance(result, tuple) and len(result) == 1:
        result = result[0]
    if isinstance(result, tuple):
        raise EvaluationError("a single number is needed here, not a list or a matrix")
    return result


def exact(expression: Expr) -> Fraction | None:
    """The value where it is a rational number and needs no symbol, else None."""
    try:
        value = scalar(expression)
    except EvaluationError:
        return None
    return value if isinstance(value, Fraction) else None


def as_tree(value: Value) -> Expr:
    """A computed value as notation: a tuple of rows as Matrix, a tuple of numbers as Listing."""
    if not isinstance(value, tuple):
        return shown(value)
    if value and all(isinstance(row, tuple) for row in value):
        widths = {len(cast(tuple[Value, ...], row)) for row in value}
        flat = all(not isinstance(x, tuple) for row in value for x in cast(tuple[Value, ...], row))
        if len(widths) == 1 and flat:
            return Matrix(tuple(tuple(shown(x) for x in row) for row in cast(Rows, value)))
    return Listing(tuple(as_tree(item) for item in value))


def holds(condition: Expr, values: Mapping[Symbol, Value] | None = None) -> bool:
    """Whether each relation of a chain such as 0 ≤ x < 1 is true."""
    if not isinstance(condition, Chain):
        raise EvaluationError("a condition such as x > 0 is needed here")
    members = [scalar(member, values) for member in condition.members]
    tests: dict[str, Callable[[Scalar, Scalar], bool]] = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    for left, (relation, _), right in zip(members, condition.links, members[1:], strict=False):
        if relation not in tests:
            raise EvaluationError("only =, ≠, <, ≤, > and ≥ can be decided")
        if not tests[relation](left, right):
            return False
    return True


def divided(a: Scalar, b: Scalar) -> Scalar:
    if b == 0:
        raise Undefined("division by zero")
    return a / b


def multiplied(a: Scalar, b: Scalar) -> Scalar:
    # An exact zero stays exact: 0·tanh(1) is 0, and is printed with "=".
    for zero, other in ((a, b), (b, a)):
        is_finite = isinstance(other, Fraction) or math.isfinite(other)
        if isinstance(zero, Fraction) and zero == 0 and is_finite:
            return zero
    return a * b


def fold(combine: Callable[[Scalar, Scalar], Scalar], operands: list[Value]) -> Value:
    total = operands[0]
    for operand in operands[1:]:
        total = entrywise(combine, total, operand)
    if isinstance(total, Fraction) and total.numerator.bit_length() > MAX_BITS:
        raise TooLarge("the number is too large to be written out")
    return total


def entrywise(function: Callable[..., Scalar], *operands: Value) -> Value:
    """The function of numbers; on lists and matrices of one shape, entry by entry.

    A single number goes with every entry of the other operand.
    """
    sizes = {len(operand) for operand in operands if isinstance(operand, tuple)}
    if not sizes:
        try:
            return function(*operands)
        except OverflowError:
            return math.inf
    if len(sizes) > 1:
        raise EvaluationError(f"the sizes {' and '.join(map(str, sorted(sizes)))} do not fit")
    return tuple(
        entrywise(function, *(o[i] if isinstance(o, tuple) else o for o in operands))
        for i in range(sizes.pop())
    )


def rows(value: Value) -> Rows:
    """The value as the rows of a matrix; a number is 1×1 and a plain list a column."""
    if not isinstance(value, tuple):
        return ((value,),)
    if value and not any(isinstance(item, tuple) for item in value):
        return tuple((cast(Scalar, item),) for item in value)
    return cast(Rows, value)


def collapsed(matrix: Rows) -> Value:
    """A 1×1 matrix as its number."""
    return matrix[0][0] if len(matrix) == 1 and len(matrix[0]) == 1 else matrix


def matrix_product(left: Rows, right: Rows) -> Rows:
    """The product of an m×k and a k×n matrix."""
    if len(left[0]) != len(right):
        raise EvaluationError(
            f"a {len(left)}×{len(left[0])} matrix cannot be multiplied by a "
            f"{len(right)}×{len(right[0])} matrix"
        )
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(
            sum((multiplied(a, b) for a, b in zip(row, column, strict=True)), Fraction(0))
            for column in columns
        )
        for row in left
    )


def entry(value: Value, indices: list[Value]) -> Value:
    """x[i] with the index counted from 1."""
    for index in indices:
        if not isinstance(value, tuple) or not isinstance(index, Fraction):
            raise EvaluationError("only a list or a matrix has entries")
        if index.denominator != 1 or not 1 <= index <= len(value):
            raise Undefined(f"there is no entry {index}: entries count from 1 to {len(value)}")
        value = value[index.numerator - 1]
    return value


def called(name: str, arguments: list[Value]) -> Value:
    if name == "softmax":
        return soft(arguments)
    function: Function | None = FUNCTIONS.get(name)
    if function is None:
        raise EvaluationError(f"{name} is not a function that can be computed")
    if function.over_list and len(arguments) == 1 and isinstance(arguments[0], tuple):
        flat = flattened(arguments[0])
        if not flat:
            raise Undefined(f"{name} of an empty list")
        return function.compute(*flat)
    return entrywise(function.compute, *arguments)


def flattened(value: Value) -> list[Scalar]:
    if not isinstance(value, tuple):
        return [value]
    return [number for item in value for number in flattened(item)]


def soft(arguments: list[Value]) -> Value:
    """softmax of a list, or of a column vector as a column vector."""
    vector = arguments[0] if len(arguments) == 1 else tuple(arguments)
    numbers = softmax(flattened(vector))
    is_column = isinstance(vector, tuple) and isinstance(vector[0], tuple) and len(vector[0]) == 1
    return tuple((number,) for number in numbers) if is_column else tuple(numbers)


def terms(operation: BigOp, values: Mapping[Symbol, Value] | None = None) -> list[Expr]:
    """The terms of a sum or product, the index replaced by its numbers; the ends must be whole."""
    if operation.low is None or operation.high is None:
        raise Unbound("the data of the sum are not given")
    low, high = scalar(operation.low, values), scalar(operation.high, values)
    if not all(isinstance(end, Fraction) and end.denominator == 1 for end in (low, high)):
        raise EvaluationError("an index runs over whole numbers")
    if high - low >= MAX_TERMS:
        raise TooLarge("the sum has too many terms")
    return [
        substitute(operation.body, {operation.index: Number(Fraction(i))})
        for i in range(int(low), int(high) + 1)
    ]


def expanded(operation: BigOp, values: Mapping[Symbol, Value]) -> Value:
    computed = [evaluate(term, values) for term in terms(operation, values)]
    if operation.kind == "sum":
        return fold(lambda a, b: a + b, [Fraction(0), *computed])
    return fold(multiplied, [Fraction(1), *computed])
