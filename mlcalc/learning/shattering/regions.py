"""How many regions planes through the origin cut space into, exactly, whatever their position.

The dichotomies of points by half-spaces are these regions, for the planes v·w = 0 in the space of
the weights.  A plane cuts in two each region that it meets, so it adds as many as the planes
before it cut it into (Winder 1966, Zaslavsky 1975): for n points in the plane that is the number
of lines through each point and those before it, which is n² steps for 2^n labelings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Vector = tuple[int, ...]

MOST_STEPS = 2_000_000


def regions(vectors: Sequence[Vector]) -> int | None:
    """The regions of the planes v·w = 0, the vectors v not zero; None if it would take too long."""
    basis = independent_axes(vectors)
    planes = distinct(tuple(vector[axis] for axis in basis) for vector in vectors)
    if len(planes) == len(basis):
        return 1 << len(planes)
    return None if math.comb(len(planes), max(len(basis) - 1, 0)) > MOST_STEPS else cut(planes)


def cut(planes: Sequence[Vector]) -> int:
    """The regions of planes that differ."""
    if not planes:
        return 1
    if len(planes[0]) <= 2:
        return 2 * len(planes)
    found = 1
    for number, plane in enumerate(planes):
        found += cut(within(plane, planes[:number]))
    return found


def within(plane: Vector, others: Sequence[Vector]) -> list[Vector]:
    """The lines, or planes of one dimension less, in which others meet the plane."""
    axis = next(number for number, entry in enumerate(plane) if entry)
    pivot = plane[axis]
    rest = plane[:axis] + plane[axis + 1 :]
    if len(rest) == 2:
        (a, b), i, j = rest, *(n for n in range(3) if n != axis)
        return distinct((v[i] * pivot - a * v[axis], v[j] * pivot - b * v[axis]) for v in others)
    return distinct(
        tuple(
            entry * pivot - own * v[axis]
            for entry, own in zip(v[:axis] + v[axis + 1 :], rest, strict=True)
        )
        for v in others
    )


def distinct(vectors: Iterable[Vector]) -> list[Vector]:
    """One vector for each plane: without common factors, the first entry that is not 0 positive."""
    found: dict[Vector, None] = {}
    for vector in vectors:
        divisor = math.gcd(*vector)
        if vector < (0,) * len(vector):
            divisor = -divisor
        found[tuple(entry // divisor for entry in vector)] = None
    return list(found)


def independent_axes(vectors: Sequence[Vector]) -> list[int]:
    """Axes, as many as the rank, on which the vectors keep all their dependences."""
    return [axis for axis, _ in eliminated(vectors)]


def eliminated(vectors: Sequence[Vector]) -> list[tuple[int, Vector]]:
    """Independent combinations of the vectors, each with the axis on which those after it are 0."""
    found: list[tuple[int, Vector]] = []
    for vector in vectors:
        rest = vector
        for axis, row in found:
            if rest[axis]:
                rest = tuple(a * row[axis] - b * rest[axis] for a, b in zip(rest, row, strict=True))
        if any(rest):
            divisor = math.gcd(*rest)
            axis = next(number for number, entry in enumerate(rest) if entry)
            found.append((axis, tuple(entry // divisor for entry in rest)))
            if len(found) == len(vector):
                break
    return found


def dependence(vectors: Sequence[Vector]) -> Vector | None:
    """Whole numbers c, not all 0, with Σ c_i v_i = 0, for the first vectors that have such.

    None where the vectors are independent.
    """
    found: list[tuple[int, Vector, Vector]] = []
    for number, vector in enumerate(vectors):
        rest, used = vector, tuple(int(k == number) for k in range(len(vectors)))
        for axis, row, own in found:
            if rest[axis]:
                p, q = row[axis], rest[axis]
                rest = tuple(a * p - b * q for a, b in zip(rest, row, strict=True))
                used = tuple(a * p - b * q for a, b in zip(used, own, strict=True))
                divisor = math.gcd(*rest, *used)
                rest = tuple(a // divisor for a in rest)
                used = tuple(a // divisor for a in used)
        if not any(rest):
            return used
        found.append((next(n for n, entry in enumerate(rest) if entry), rest, used))
    return None
