"""What is claimed as the weights of a design, read as layers, in each way in which it can be.

A layer may stand with its biases in the first column or without them, and one layer alone may
stand without the list around it.  Which it is, the number of inputs decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from typing import TypeAlias

from mlcalc.derivation import Result
from mlcalc.records import Record

Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]
Nested: TypeAlias = "Fraction | tuple[Nested, ...]"


class Claimed(Record):
    """Matrices that chain; with `has_column` the first column of each are the biases."""

    layers: tuple[Rows, ...]
    has_column: bool

    @property
    def parameters(self) -> int:
        return sum(len(rows) * (len(rows[0]) + 1) for rows in self.layers)

    def joined(self, biases: Nested) -> tuple[Rows, ...] | None:
        """The layers with these biases in their first columns; None where they do not fit."""
        parts = biases if isinstance(biases, tuple) else (biases,)
        if len(self.layers) == 1 and len(parts) != 1:
            parts = (parts,)
        if len(parts) != len(self.layers):
            return None
        found = []
        for rows, part in zip(self.layers, parts, strict=True):
            own = tuple(flat(part)) if isinstance(part, tuple) else (part,) * len(rows)
            if len(own) != len(rows):
                return None
            found.append(tuple((bias, *row) for bias, row in zip(own, rows, strict=True)))
        return tuple(found)

    def apart(self) -> tuple[Claimed, Nested]:
        """The weights and the biases of layers with a column."""
        weights = tuple(tuple(row[1:] for row in rows) for rows in self.layers)
        biases = tuple(tuple(row[0] for row in rows) for rows in self.layers)
        return Claimed(weights, has_column=False), biases


def numbers(value: Result) -> Nested | None:
    """Lists of numbers, exact; None where there is anything else."""
    if isinstance(value, tuple):
        parts = [numbers(part) for part in value]
        return None if None in parts or not parts else tuple(p for p in parts if p is not None)
    if isinstance(value, bool) or not isinstance(value, Fraction | float):
        return None
    return Fraction(value) if isfinite(value) else None


def flat(value: Nested) -> Iterator[Fraction]:
    if isinstance(value, tuple):
        for part in value:
            yield from flat(part)
    else:
        yield value


def readings(value: Nested | None, inputs: int) -> list[Claimed]:
    """The networks of one output that a claim can stand for."""
    if value is None:
        return []
    lists: list[tuple[Nested, ...]] = [(value,)]
    if isinstance(value, tuple):
        lists.append(value)
    found = [
        Claimed(layers, has_column)
        for items in lists
        for has_column in (True, False)
        for layers in chained(items, inputs, has_column)
        if len(layers[-1]) == 1
    ]
    return list(dict.fromkeys(found))


def chained(items: tuple[Nested, ...], inputs: int, has_column: bool) -> Iterator[tuple[Rows, ...]]:
    """The layers, each of which takes what the one before gives."""
    if not items:
        yield ()
        return
    for rows in matrices(items[0]):
        if all(len(row) == inputs + has_column for row in rows):
            for rest in chained(items[1:], len(rows), has_column):
                yield (rows, *rest)


def matrices(item: Nested) -> list[Rows]:
    """One layer: a matrix; a list is the row of one unit, or of units with one weight each."""
    if not isinstance(item, tuple):
        return [((item,),)]
    rows = [tuple(e for e in row if isinstance(e, Fraction)) for row in item
            if isinstance(row, tuple)]  # fmt: skip
    if len(rows) == len(item):
        is_flat = all(len(own) == len(row) for own, row in zip(rows, item, strict=True)
                      if isinstance(row, tuple))  # fmt: skip
        return [tuple(rows)] if is_flat else []
    entries = tuple(entry for entry in item if isinstance(entry, Fraction))
    if len(entries) != len(item):
        return []
    return [(entries,)] if len(entries) == 1 else [(entries,), tuple((e,) for e in entries)]
