"""The value of an expression: exact fractions where the arithmetic is rational, else floats.

A matrix is a tuple of rows, a list of values a tuple.  What has no value raises an
`EvaluationError` that says why; nothing is guessed.
"""

from __future__ import annotations

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from itertools import chain
from typing import Generic, TypeAlias, TypeVar, cast

from mlcalc.maths.functions import (
    FUNCTIONS,
    MAX_BITS,
    VECTOR_FUNCTIONS,
    EvaluationError,
    Function,
    Scalar,
    TooLarge,
    Unbound,
    Undefined,
    cross_entropy,
    normalised,
    over,
    plus,
    power,
    softmax,
    times,
)
from mlcalc.maths.numerics.real import constant
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
)

Value: TypeAlias = "Fraction | float | tuple[Value, ...]"
N = TypeVar("N")
Rows: TypeAlias = tuple[tuple[Scalar, ...], ...]

CONSTANTS: Mapping[str, float] = {
    "pi": constant("pi"), "e": constant("e"), "inf": math.inf,
}  # fmt: skip

TESTS: Mapping[str, Callable[[Scalar, Scalar], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
"""The relations that can be decided."""

Each: TypeAlias = Callable[..., Value]
"""Applies a function of numbers entry by entry."""

MAX_TERMS = 100_000
"""A sum or product over an index is written out for at most this many terms."""

MAX_WORK = 300_000
"""What one evaluation may cost, in operations on small numbers: about a second."""


class TooMuchWork(TooLarge):
    """The value would take too long to compute."""


class Work:
    """Counts what an evaluation costs, so that it ends: the same text has the same verdict."""

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise TooMuchWork("this takes too many operations to compute")

    def spent_on(self, result: Scalar) -> Scalar:
        """The result of one operation, which costs more the more digits it has."""
        cost = 1
        if not isinstance(result, float):
            bits = max(result.numerator.bit_length(), result.denominator.bit_length())
            cost += (bits // 1000) ** 2
        self.spend(cost)
        return result

    def spend_on_list(self, numbers: list[Scalar]) -> None:
        """What adding them up costs at most: fractions grow with each new denominator."""
        exact = [number for number in numbers if isinstance(number, Fraction)]
        bits = sum(d.bit_length() for d in {number.denominator for number in exact})
        bits += max((number.numerator.bit_length() for number in exact), default=0)
        self.spend(len(numbers) * (1 + (min(bits, MAX_BITS) // 1000) ** 2))


class Numbers(ABC, Generic[N]):
    """A sort of numbers: what stands for each node of a tree, so that `value` computes the tree.

    Exact numbers are here; arrays of floats, decimals that enclose a value, and as many digits as
    are asked for in `numerics`.
    """

    def value(self, part: Expr) -> N:
        """The tree in these numbers."""
        if type(part) is Number or type(part) is Decimal:
            return self.number(part.value)
        if type(part) is Symbol:
            return self.symbol(part)
        if type(part) is Add:
            return self.sum([self.value(term) for term in part.terms])
        if type(part) is Neg:
            return self.negative(self.value(part.operand))
        if type(part) is Mul:
            return self.product([self.value(factor) for factor in part.factors])
        if type(part) is Div:
            return self.quotient(self.value(part.numerator), self.value(part.denominator))
        if type(part) is Pow:
            return self.power(part.base, part.exponent)
        if type(part) is Call and not part.keywords:
            return self.call(part.name, part.arguments)
        return self.other(part)

    @abstractmethod
    def number(self, value: Scalar) -> N: ...
    @abstractmethod
    def symbol(self, symbol: Symbol) -> N: ...
    @abstractmethod
    def sum(self, terms: list[N]) -> N: ...
    @abstractmethod
    def negative(self, value: N) -> N: ...
    @abstractmethod
    def product(self, factors: list[N]) -> N: ...
    @abstractmethod
    def quotient(self, above: N, below: N) -> N: ...
    @abstractmethod
    def power(self, base: Expr, exponent: Expr) -> N: ...
    @abstractmethod
    def call(self, name: str, arguments: tuple[Expr, ...]) -> N: ...

    def other(self, part: Expr) -> N:
        raise EvaluationError("this notation does not stand for a number")


class Exact(Numbers[Value]):
    """Fractions, or reals that know their digits; lists and matrices of them, entry by entry."""

    def __init__(self, values: Mapping[Symbol, Value], work: Work) -> None:
        self.values, self.work = values, work

    def value(self, part: Expr) -> Value:
        self.work.spend(1)
        return super().value(part)

    def each(self, function: Callable[..., Scalar], *operands: Value) -> Value:
        if not any(isinstance(operand, tuple) for operand in operands):
            return self.work.spent_on(function(*operands))
        return entrywise(lambda *numbers: self.work.spent_on(function(*numbers)), *operands)

    def fold(self, function: Callable[..., Scalar], operands: Iterable[Value]) -> Value:
        return reduce(lambda a, b: self.each(function, a, b), operands)

    def number(self, value: Scalar) -> Value:
        return value

    def symbol(self, symbol: Symbol) -> Value:
        if symbol in self.values:
            return self.values[symbol]
        if symbol.spelled in CONSTANTS:
            return CONSTANTS[symbol.spelled]
        raise Unbound(f"{symbol.spelled} has no value")

    def sum(self, terms: list[Value]) -> Value:
        return self.fold(plus, terms)

    def negative(self, value: Value) -> Value:
        return self.each(operator.neg, value)

    def product(self, factors: list[Value]) -> Value:
        return self.fold(times, factors)

    def quotient(self, above: Value, below: Value) -> Value:
        return self.each(over, above, below)

    def power(self, base: Expr, exponent: Expr) -> Value:
        if base == Symbol("e") and base not in self.values:
            return self.each(FUNCTIONS["exp"].compute, self.value(exponent))
        found = self.value(base)
        if min(shape_of(found), default=1) > 1 and len(shape_of(found)) == 2:
            raise EvaluationError("write A @ A for the power of a matrix, not A^2")
        return self.each(power, found, self.value(exponent))

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Value:
        if name == "indicator" and len(arguments) == 1:
            return indicator(arguments[0], self.value, self.each)
        return called(name, [self.value(a) for a in arguments], self.each, self.work)

    def other(self, part: Expr) -> Value:
        value = self.value
        match part:
            case Hadamard(factors):
                return self.fold(times, map(value, factors))
            case MatMul(factors):
                matrices = [rows(value(factor)) for factor in factors]
                return collapsed(reduce(lambda a, b: matrix_product(a, b, self.work), matrices))
            case Transpose(operand):
                return collapsed(tuple(zip(*rows(value(operand)), strict=True)))
            case BigOp(kind, body, index):
                places = index_values(part, self.values, self.work)
                terms = (Exact({**self.values, index: i}, self.work).value(body) for i in places)
                if kind == "sum":
                    return self.fold(plus, chain([Fraction(0)], terms))
                return self.fold(times, chain([Fraction(1)], terms))
            case Cases(branches):
                for result, condition in branches:
                    if condition is None or holds(condition, self.values, self.work):
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
        return super().other(part)


def evaluate(
    expression: Expr, values: Mapping[Symbol, Value] | None = None, work: Work | None = None
) -> Value:
    """The value of the expression where the symbols have the given values.

    Raises `Unbound` for a symbol without a value, `Undefined` where there is no such number,
    `TooLarge` where it could not be written out, and `EvaluationError` for sizes that do not fit
    and for notation that stands for no number.
    """
    return Exact(values or {}, work or Work()).value(expression)


def scalar(
    expression: Expr, values: Mapping[Symbol, Value] | None = None, work: Work | None = None
) -> Scalar:
    """The value of an expression that must be a single number."""
    if type(expression) is Number or type(expression) is Decimal:
        return expression.value  # by far the most frequent case
    result = evaluate(expression, values, work)
    while isinstance(result, tuple) and len(result) == 1:
        result = result[0]
    if isinstance(result, tuple):
        raise EvaluationError("a single number is needed here, not a list or a matrix")
    return result


def scalar_or_none(expression: Expr) -> Scalar | None:
    """The value where it is a single number, else None."""
    try:
        return scalar(expression)
    except EvaluationError:
        return None


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


def holds(
    condition: Expr, values: Mapping[Symbol, Value] | None = None, work: Work | None = None
) -> bool:
    """Whether each relation of a chain such as 0 ≤ x < 1 is true."""
    if not isinstance(condition, Chain):
        raise EvaluationError("a condition such as x > 0 is needed here")
    members = [scalar(member, values, work) for member in condition.members]
    for left, (relation, _), right in zip(members, condition.links, members[1:], strict=False):
        if relation not in TESTS:
            raise EvaluationError("only =, ≠, <, ≤, > and ≥ can be decided")
        if not TESTS[relation](left, right):
            return False
    return True


def entrywise(function: Callable[..., Scalar], *operands: Value) -> Value:
    """The function of numbers; on lists and matrices of one shape, entry by entry.

    A single number goes with every entry of the other operand, and a list is a column.
    """
    several = [operand for operand in operands if isinstance(operand, tuple)]
    if not several:
        return function(*operands)
    shapes = {shape_of(operand) for operand in several}
    if len({shape if len(shape) > 1 else (*shape, 1) for shape in shapes}) > 1:
        sizes = " and ".join(map(size_named, sorted(shapes)))
        raise EvaluationError(f"the sizes {sizes} do not fit")
    return tuple(
        entrywise(function, *(o[i] if isinstance(o, tuple) else o for o in operands))
        for i in range(len(several[0]))
    )


def shape_of(value: Value) -> tuple[int, ...]:
    """The sizes of nested tuples along their first entries; () for a number."""
    if not isinstance(value, tuple):
        return ()
    return (len(value), *(shape_of(value[0]) if value else ()))


def size_named(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def rows(value: Value) -> Rows:
    """The value as the rows of a matrix; a number is 1×1 and a plain list a column."""
    if not isinstance(value, tuple):
        return ((value,),)
    found = tuple(row if isinstance(row, tuple) else (row,) for row in value)
    widths = {len(row) for row in found}
    if len(widths) != 1 or 0 in widths or any(isinstance(x, tuple) for r in found for x in r):
        raise EvaluationError("a matrix is needed here, with rows of one length")
    return cast(Rows, found)


def collapsed(matrix: Rows) -> Value:
    """A 1×1 matrix as its number."""
    return matrix[0][0] if len(matrix) == 1 and len(matrix[0]) == 1 else matrix


def matrix_product(left: Rows, right: Rows, work: Work) -> Rows:
    """The product of an m×k and a k×n matrix."""
    if len(left[0]) != len(right):
        raise EvaluationError(
            f"a {size_named(shape_of(left))} matrix cannot be multiplied by a "
            f"{size_named(shape_of(right))} matrix"
        )
    columns = list(zip(*right, strict=True))

    def dot(row: tuple[Scalar, ...], column: tuple[Scalar, ...]) -> Scalar:
        products = (work.spent_on(times(a, b)) for a, b in zip(row, column, strict=True))
        return reduce(lambda a, b: work.spent_on(plus(a, b)), products)

    return tuple(tuple(dot(row, column) for column in columns) for row in left)


def entry(value: Value, indices: list[Value]) -> Value:
    """x[i] with the index counted from 1."""
    for index in indices:
        if not isinstance(value, tuple) or not isinstance(index, Fraction):
            raise EvaluationError("only a list or a matrix has entries")
        if index.denominator != 1 or not 1 <= index <= len(value):
            raise Undefined(f"there is no entry {index}: entries count from 1 to {len(value)}")
        value = value[index.numerator - 1]
    return value


def called(name: str, arguments: list[Value], each: Each, work: Work) -> Value:
    if name in VECTOR_FUNCTIONS:
        return of_vectors(name, arguments, work)
    function: Function | None = FUNCTIONS.get(name)
    if function is None:
        raise EvaluationError(f"{name} is not a function that can be computed")
    if function.over_list and len(arguments) == 1 and isinstance(arguments[0], tuple):
        flat = flattened(arguments[0])
        if not flat:
            raise Undefined(f"{name} of an empty list")
        work.spend_on_list(flat)
        return function.compute(*flat)
    return each(function.compute, *arguments)


def flattened(value: Value) -> list[Scalar]:
    if not isinstance(value, tuple):
        return [value]
    return [number for item in value for number in flattened(item)]


def of_vectors(name: str, arguments: list[Value], work: Work) -> Value:
    """A function of whole vectors; a column vector in gives one out."""
    vector = tuple(arguments) if name == "softmax" and len(arguments) > 1 else arguments[0]
    numbers = flattened(vector)
    work.spend_on_list(numbers)
    if name == "cross_entropy":
        targets = [flattened(argument) for argument in arguments[1:]]
        if [len(numbers)] != list(map(len, targets)):
            raise EvaluationError("cross_entropy takes two vectors of one length, p and t")
        return cross_entropy(numbers, targets[0])
    if name == "softmax":
        found = softmax(numbers)
    else:
        epsilon = arguments[1] if len(arguments) > 1 else Fraction(0)
        if isinstance(epsilon, tuple) or len(arguments) > 2 or not numbers:
            raise EvaluationError(f"{name} takes a vector and one number, epsilon")
        found = normalised(numbers, epsilon)
    is_column = isinstance(vector, tuple) and isinstance(vector[0], tuple) and len(vector[0]) == 1
    return tuple((number,) for number in found) if is_column else tuple(found)


def indicator(condition: Expr, value: Callable[[Expr], Value], each: Each) -> Value:
    """1 where the relation holds and 0 elsewhere, entry by entry."""
    match condition:
        case Chain(left, ((relation, right),)) if relation in TESTS:
            test = TESTS[relation]
            return each(lambda a, b: Fraction(test(a, b)), value(left), value(right))
    raise EvaluationError("an indicator needs one relation, such as x > 0")


def index_values(
    operation: BigOp, values: Mapping[Symbol, Value], work: Work
) -> Iterator[Fraction]:
    """The numbers that the index of a sum or product runs over; the ends must be whole."""
    if operation.low is None or operation.high is None:
        raise Unbound("the data of the sum are not given")
    low, high = scalar(operation.low, values, work), scalar(operation.high, values, work)
    ends = [int(end) for end in (low, high) if isinstance(end, Fraction) and end.denominator == 1]
    if len(ends) < 2:
        raise EvaluationError("an index runs over whole numbers")
    if high - low >= MAX_TERMS:
        raise TooLarge(f"the {operation.kind} has too many terms")
    return map(Fraction, range(ends[0], ends[1] + 1))
