"""The largest singular value of a small matrix, without NumPy."""

from __future__ import annotations

import math
import operator
from fractions import Fraction

from mlcalc.maths.functions import Scalar, to_float
from mlcalc.networks.arithmetic import Rows


def largest_stretch(rows: Rows) -> Scalar:
    """The largest singular value: exact of a single number, else by Jacobi's rotations of MᵀM."""
    if len(rows) == len(rows[0]) == 1:
        only: float | Fraction = rows[0][0]
        return -only if only < 0 else only
    scale: float = max(abs(to_float(value)) for row in rows for value in row)
    if scale == 0:
        return Fraction(0)
    floats = [[to_float(value) / scale for value in row] for row in rows]
    columns = list(zip(*floats, strict=True))
    gram = [[sum(map(operator.mul, a, b)) for b in columns] for a in columns]
    return scale * math.sqrt(max(0.0, largest_eigenvalue(gram)))


def largest_eigenvalue(symmetric: list[list[float]]) -> float:
    """By Jacobi's method: rotations that make one entry beside the diagonal zero at a time."""
    a, size = symmetric, len(symmetric)
    for _ in range(60):
        beside = max((abs(a[i][j]) for i in range(size) for j in range(i)), default=0.0)
        if beside < 1e-15:
            break
        for p in range(size):
            for q in range(p + 1, size):
                rotate(a, p, q)
    return max(a[i][i] for i in range(size))


def rotate(a: list[list[float]], p: int, q: int) -> None:
    """Turns rows and columns p and q so that a_pq becomes 0."""
    if a[p][q] == 0:
        return
    angle = math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2
    c, s = math.cos(angle), math.sin(angle)
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * x - s * y for x, y in zip(a[p], a[q], strict=True)],
        [s * x + c * y for x, y in zip(a[p], a[q], strict=True)],
    )
