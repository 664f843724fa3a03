"""Vectors and matrices of exact numbers or floats, as tuples: small ones need no NumPy.

Exact numbers stay exact; one that grows beyond `MOST_BITS` is carried on as a float.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import TypeAlias

from mlcalc.maths.functions import Scalar, plus, times, to_float

Vector: TypeAlias = tuple[Scalar, ...]
Rows: TypeAlias = tuple[Vector, ...]

MOST_BITS = 200
"""An exact value with longer numerators or denominators is carried on as a float."""


def carried(value: Scalar) -> Scalar:
    """The value as it is carried on."""
    if isinstance(value, float):
        return value
    is_long = max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS
    return to_float(value) if is_long else value


def dot(a: Vector, b: Vector) -> Scalar:
    if all(type(value) is float for value in a) and all(type(value) is float for value in b):
        return sum(map(operator.mul, a, b), 0.0)
    total: Scalar = Fraction(0)
    for x, y in zip(a, b, strict=True):
        total = plus(total, times(x, y))
    return total


def product(matrix: Rows, vector: Vector) -> Vector:
    """W x."""
    return tuple(dot(row, vector) for row in matrix)


def transposed(matrix: Rows) -> Rows:
    return tuple(zip(*matrix, strict=True))


def added(*vectors: Vector) -> Vector:
    """The sum, from left to right."""
    total = vectors[0]
    for vector in vectors[1:]:
        total = tuple(map(plus, total, vector))
    return total


def entrywise(*vectors: Vector) -> Vector:
    """The product entry by entry."""
    result = vectors[0]
    for vector in vectors[1:]:
        result = tuple(map(times, result, vector))
    return result


def outer(column: Vector, row: Vector) -> Rows:
    return tuple(tuple(times(a, b) for b in row) for a in column)


def added_rows(*matrices: Rows) -> Rows:
    total = matrices[0]
    for matrix in matrices[1:]:
        total = tuple(map(added, total, matrix))
    return total


def zeros(size: int) -> Vector:
    return (Fraction(0),) * size


def identity(size: int) -> Rows:
    return tuple(tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size))


def complement(vector: Vector) -> Vector:
    """1 − z, entry by entry."""
    return tuple(1 - value for value in vector)


def softmax_jacobian(y: Vector) -> Rows:
    """∂y_i/∂z_j = y_i(δ_ij − y_j)."""
    return tuple(
        tuple(times(a, (1 if i == j else 0) - b) for j, b in enumerate(y)) for i, a in enumerate(y)
    )
