"""Labelled rows as they are typed, and what a search for a hypothesis that fits them came to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from mlcalc.derivation import Block, Note, Prose
from mlcalc.errors import closest
from mlcalc.learning.sample_question import SampleQuestion
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Expr
from mlcalc.records import Record
from mlcalc.sheet import check_filled, sheet_of

POSITIVE = ("1", "+1", "+", "yes", "true", "on", "positive", "pos", "high", "y", "t")
"""The values of a label or attribute that are taken as 1, whichever is there."""


class Rows:
    """m examples: the cells of d feature columns, as text, and labels 0 or 1."""

    def __init__(
        self, features: Sequence[str], cells: Sequence[tuple[str, ...]], typed: Sequence[str]
    ) -> None:
        self.features = tuple(features)
        self.cells = tuple(cells)
        self.typed_labels = tuple(typed)
        self.positive, self.negative = two_values(typed)
        self.labels = tuple(int(label == self.positive) for label in typed)

    @cached_property
    def conflict(self) -> tuple[int, int] | None:
        """Two rows, from 0, with the same features and other labels."""
        first: dict[tuple[str, ...], int] = {}
        for number, cells in enumerate(self.cells):
            other = first.setdefault(cells, number)
            if self.labels[other] != self.labels[number]:
                return other, number
        return None

    def points(self) -> list[tuple[Fraction, ...]] | None:
        """The cells as numbers; None where some are words."""
        found = [tuple(map(number_of, cells)) for cells in self.cells]
        if any(value is None for row in found for value in row):
            return None
        return [tuple(value for value in row if value is not None) for row in found]

    def values(self, column: int) -> tuple[str, str] | None:
        """The two values of an attribute, the one that counts as 1 first; None if it has more."""
        kinds = list(dict.fromkeys(cells[column] for cells in self.cells))
        return two_values(kinds) if len(kinds) <= 2 else None

    def bits(self) -> list[tuple[int, ...]] | None:
        """The cells as 0 and 1; None where a column has more than two values."""
        columns = [self.values(column) for column in range(len(self.features))]
        if any(pair is None for pair in columns):
            return None
        ones = [pair[0] for pair in columns if pair is not None]
        return [
            tuple(int(cell == one) for cell, one in zip(cells, ones, strict=True))
            for cells in self.cells
        ]


class Found(Record):
    """What a search came to: the hypothesis as it is shown and as text, or why there is none."""

    hypothesis: Expr | str | None
    text: str
    blocks: tuple[Block, ...]
    reason: Prose
    notes: tuple[Note, ...] = ()

    @classmethod
    def none(cls, reason: Prose, *blocks: Block, notes: tuple[Note, ...] = ()) -> Found:
        return cls(None, "", blocks, reason, notes)


def two_values(typed: Sequence[str]) -> tuple[str, str]:
    """The value that stands for 1, and the other: "" where there is one value alone."""
    kinds = list(dict.fromkeys(typed))
    one = next((k for p in POSITIVE for k in kinds if k.casefold() == p), None)
    if one is None:
        # A column that is 0 or "no" throughout has no 1.
        is_zero = len(kinds) == 1 and kinds[0].casefold() in ("0", "-1", "no", "false", "off")
        one = "" if is_zero else kinds[0]
    return one, next((kind for kind in kinds if kind != one), "")


def number_of(text: str) -> Fraction | None:
    try:
        return exact(reader.read(text))
    except Unreadable:
        return None


def read_rows(given: SampleQuestion) -> Rows:
    """The rows of `data`, told apart by `label`.  Raises `Invalid`."""
    fields = type(given)
    raw = given.data
    if raw is None or given.label is None:
        raise given.fault("'label' is missing: the column of the data that is the class")
    sheet = sheet_of(raw)
    columns = sheet.columns
    if given.label not in columns:
        hint = closest(given.label, columns) or f"; its columns are {', '.join(columns)}"
        raise given.fault(f"the data have no column '{given.label}'{hint}", fields.label)
    at = columns.index(given.label)
    features = [name for name in columns if name != given.label]
    if not features:
        raise given.fault("the data have no column beside the label", fields.data)
    check_filled(sheet, range(len(columns)))
    labels = [row[at] for row in sheet.rows]
    if len(set(labels)) > 2:
        kinds = ", ".join(dict.fromkeys(labels))
        raise given.fault(f"a label has two values, and this has more: {kinds}", fields.label)
    cells = [tuple(cell for i, cell in enumerate(row) if i != at) for row in sheet.rows]
    return Rows(features, cells, labels)
