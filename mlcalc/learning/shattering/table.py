"""A finite class given as a table: a row a hypothesis, a column a point, 0 or 1 in each cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from mlcalc.learning.shattering.model import Labeling


def restricted(rows: Sequence[Labeling], columns: Sequence[int]) -> set[Labeling]:
    """The labelings of these points that the rows realise."""
    return {tuple(row[column] for column in columns) for row in rows}


def shattered_sets(rows: Sequence[Labeling], size: int) -> Iterator[tuple[int, ...]]:
    """The sets of that many points that are shattered."""
    if len(set(rows)) >= 2**size:
        for columns in combinations(range(len(rows[0])), size):
            if len(restricted(rows, columns)) == 2**size:
                yield columns


def growth_of(rows: Sequence[Labeling], size: int) -> int:
    """The most labelings of that many of the points."""
    return max(len(restricted(rows, c)) for c in combinations(range(len(rows[0])), size))


def dimension(rows: Sequence[Labeling]) -> int:
    """The size of the largest shattered set; 0 where each column has one value.

    Every part of a shattered set is shattered, so the search goes up and ends at the first size
    without one.
    """
    size = 0
    while size < len(rows[0]) and next(shattered_sets(rows, size + 1), None) is not None:
        size += 1
    return size


def missing_labeling(rows: Sequence[Labeling]) -> Labeling | None:
    """The first labeling, in the order of binary numbers, that is no row."""
    known = set(rows)
    return next((row for row in product((0, 1), repeat=len(rows[0])) if row not in known), None)
