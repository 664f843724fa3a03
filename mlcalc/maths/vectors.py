"""Matrix times vector as it is worked by hand: every product and every sum is written down.

A 1×1 matrix is written as its number.  A column of sums that is too wide for a page cannot be
broken, so wide products are taken one at a time, and very wide ones entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import chain

from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import columns, one_line
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import (
    Add,
    Chain,
    Decimal,
    Div,
    Expr,
    Indexed,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    decimals,
    walk,
)

Write = Callable[[Scalar], Expr]
"""How a computed number is shown."""

WIDEST_SUM = 60
"""The columns that a sum inside a vector may take; with its name it still fits on 80."""

LONGEST_FRACTION = 10_000
LARGEST_IN_DIGITS = 10**9


def joined(*parts: Sequence[Chain]) -> Later[Chain]:
    """The lines of one part below the other."""
    return Later(lambda: chain.from_iterable(parts))


def writer(givens: Iterable[Matrix]) -> Write:
    """Computed numbers in the manner of the givens: fractions if some were typed, else decimals."""
    entries = (entry for matrix in givens for row in matrix.rows for entry in row)
    has_fractions = any(has_fraction(entry) for entry in entries)

    def write(value: Scalar) -> Expr:
        if isinstance(value, float) or abs(value) >= LARGEST_IN_DIGITS:
            return Decimal(value)
        is_short = value.denominator <= (LONGEST_FRACTION if has_fractions else 1)
        return Number(value) if is_short else Decimal(value)

    return write


def has_fraction(entry: Expr) -> bool:
    return any(isinstance(part, Div) or is_bare_fraction(part) for part in walk(entry))


def is_bare_fraction(part: Expr) -> bool:
    return isinstance(part, Number) and part.value.denominator > 1 and part.written is None


def compact(matrix: Matrix) -> Expr:
    """The matrix; a 1×1 matrix as its number."""
    return matrix.rows[0][0] if matrix.shape == (1, 1) else matrix


def column(values: Sequence[Scalar], write: Write) -> Matrix:
    """Computed numbers as a column vector."""
    return Matrix.column(map(write, values))


def matrix(values: Iterable[Iterable[Scalar]], write: Write) -> Matrix:
    """Computed numbers as a matrix."""
    return Matrix(tuple(tuple(map(write, row)) for row in values))


def worked(first: Expr, *members: Expr) -> Chain:
    """first = member = …, with ≈ before each member that holds a float.

    A float is rounded even where it looks exact: tanh(20) is 1 in floats, and is not 1.
    """
    return Chain(first, tuple(("~=" if has_float(m) else "=", m) for m in members))


def has_float(expression: Expr) -> bool:
    return any(isinstance(number.value, float) for number in decimals(expression))


class NamedVector(Record):
    """A vector that has been worked out, with the name under which it is written: h_2."""

    name: Expr
    values: tuple[Scalar, ...]

    @property
    def is_number(self) -> bool:
        """Whether it has one entry, and so is written as a number."""
        return len(self.values) == 1


class Product(Record):
    """A matrix of m×n entries times a vector of n, and the name of the product: W_xh x_1."""

    name: Expr
    matrix: Matrix
    vector: Matrix

    @property
    def numbers(self) -> Expr:
        return MatMul((compact(self.matrix), compact(self.vector)))

    @property
    def has_one_entry(self) -> bool:
        return self.matrix.shape == (1, 1)

    def terms(self) -> list[tuple[Expr, ...]]:
        """The products that are added up in each of the m rows."""
        entries = [row[0] for row in self.vector.rows]
        return [
            tuple(times(weight, entry) for weight, entry in zip(row, entries, strict=True))
            for row in self.matrix.rows
        ]


def times(weight: Expr, *factors: Expr) -> Expr:
    """weight·entry; the minus of a negative weight stands before the product, to become a −."""
    positive = minus(weight)
    if isinstance(positive, Neg) and not isinstance(weight, Neg):
        return Neg(Mul((positive.operand, *factors)))
    return Mul((weight, *factors))


def added(terms: Sequence[Expr]) -> Expr:
    """The sum as it is written, negative numbers as what is taken away."""
    signed = [terms[0], *(minus(term) for term in terms[1:])]
    return Add(tuple(signed)) if len(signed) > 1 else signed[0]


def minus(term: Expr) -> Expr:
    """−0.5 as a term that is taken away: a − 0.5, not a + (−0.5)."""
    match term:
        case Number(value, written) if value < 0:
            return Neg(Number(-value, None if written is None else written.lstrip("-−")))
        case Decimal(carried) if carried < 0:
            return Neg(Decimal(-carried))
        case _:
            return term


def weighted_sum(
    target: Expr, products: Sequence[Product], bias: tuple[Expr, Matrix] | None, write: Write
) -> tuple[Sequence[Chain], tuple[Scalar, ...]]:
    """The chains that work out target = W x + U h + b, and the m values."""
    rows = [sum(parts, ()) for parts in zip(*(p.terms() for p in products), strict=True)]
    biases = [] if bias is None else [bias]
    for _, vector in biases:
        rows = [(*row, entry[0]) for row, entry in zip(rows, vector.rows, strict=True)]
    sums = [added(row) for row in rows]
    values = tuple(map(scalar, sums))
    return Later(lambda: sum_chains(target, products, biases, sums, values, write)), values


def sum_chains(
    target: Expr,
    products: Sequence[Product],
    biases: Sequence[tuple[Expr, Matrix]],
    sums: Sequence[Expr],
    values: Sequence[Scalar],
    write: Write,
) -> list[Chain]:
    """One line where the sums are narrow, else a product at a time."""
    result = compact(column(values, write))
    name = added([*(p.name for p in products), *(symbol for symbol, _ in biases)])
    if is_narrow(sums):
        numbers = added([*(p.numbers for p in products), *(compact(v) for _, v in biases)])
        members = [numbers, compact(Matrix.column(sums)), result]
        repeats = all(p.has_one_entry for p in products)
        return [worked(target, name, *members[repeats:])]
    if len(products) == 1 and not biases:
        return product_chains(products[0], write, target)[0]
    chains: list[Chain] = []
    parts: list[Expr] = []
    for product in products:
        found, part = product_chains(product, write)
        chains += found
        parts.append(compact(column(part, write)))
    total = added([*parts, *(compact(vector) for _, vector in biases)])
    return [*chains, worked(target, name, total, result)]


def product_chains(
    product: Product, write: Write, target: Expr | None = None
) -> tuple[list[Chain], tuple[Scalar, ...]]:
    """One product by itself: its sums in a column, or one below the other where they are wide."""
    sums = [added(terms) for terms in product.terms()]
    values = tuple(map(scalar, sums))
    result = compact(column(values, write))
    first = product.name if target is None else target
    members = [product.numbers] if target is None else [product.name, product.numbers]
    if is_narrow(sums):
        return [worked(first, *members, compact(Matrix.column(sums)), result)], values
    if len(sums) == 1:
        return [worked(first, *members, sums[0], result)], values
    entries = [
        worked(Indexed(first, (Number(Fraction(number)),)), total, write(value))
        for number, (total, value) in enumerate(zip(sums, values, strict=True), 1)
    ]
    return [worked(first, *members), *entries, worked(first, result)], values


def is_narrow(sums: Sequence[Expr]) -> bool:
    return all(columns(one_line(total)) <= WIDEST_SUM for total in sums)
