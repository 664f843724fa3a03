"""Labelled rows as they are typed: mappings in YAML, or a CSV file with a header."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlcalc.document import Entries, Items, Raw, Text, decoded, written
from mlcalc.errors import Invalid, Place, closest
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact
from mlcalc.maths.scanner import Unreadable

if TYPE_CHECKING:
    from mlcalc.solvers.pac import Problem

MOST_ROWS = 10_000
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


def read_rows(given: Problem) -> Rows:
    """The rows of `data`, told apart by `label`.  Raises `Invalid`."""
    fields = type(given)
    raw = given.data
    if raw is None or given.label is None:
        raise given.fault("'label' is missing: the column of the data that is the class")
    header, rows = from_file(raw) if isinstance(raw, Text) else from_items(raw)
    if given.label not in header:
        hint = closest(given.label, header) or f"; its columns are {', '.join(header)}"
        raise given.fault(f"the data have no column '{given.label}'{hint}", fields.label)
    at = header.index(given.label)
    features = [name for name in header if name != given.label]
    if not features:
        raise given.fault("the data have no column beside the label", fields.data)
    labels = [row[at] for row in rows]
    if len(set(labels)) > 2:
        kinds = ", ".join(dict.fromkeys(labels))
        raise given.fault(f"a label has two values, and this has more: {kinds}", fields.label)
    cells = [tuple(cell for i, cell in enumerate(row) if i != at) for row in rows]
    return Rows(features, cells, labels)


def from_items(raw: Raw) -> tuple[list[str], list[list[str]]]:
    """Rows as mappings, all with the keys of the first."""
    items = raw.items if isinstance(raw, Items) else ()
    if not items:
        message = f"expected rows such as [{{x: 1, y: 1}}, …], not '{written(raw)[:40]}'"
        raise Invalid.at(message, raw.place)
    header: list[str] = []
    rows = []
    for item in items:
        if not isinstance(item, Entries):
            message = f"expected a row such as {{x: 1, y: 1}}, not '{written(item)[:40]}'"
            raise Invalid.at(message, item.place)
        header = header or list(item.keys())
        if set(item.keys()) != set(header):
            own, wanted = ", ".join(item.keys()), ", ".join(header)
            message = f"expected the columns of the first row, {wanted}, not {own}"
            raise Invalid.at(message, item.place)
        row = []
        for key in header:
            cell = item.get(key)
            if not isinstance(cell, Text) or not cell.value.strip():
                message = f"expected a value in the column '{key}'"
                raise Invalid.at(message, item.place if cell is None else cell.place)
            row.append(cell.value.strip())
        rows.append(row)
    return header, rows


def from_file(raw: Text) -> tuple[list[str], list[list[str]]]:
    """A CSV file with a header, relative to the file of the problem."""
    import csv

    folder = Path(raw.place.source).parent if raw.place.is_file else Path()
    path = folder / raw.value
    try:
        text = decoded(path.read_bytes(), str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the CSV file '{raw.value}' cannot be read: {reason}"
        raise Invalid.at(message, raw.place) from None
    lines = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines()) if any(row)]
    if len(lines) < 2:
        raise Invalid.at(f"'{raw.value}' has no rows below a header", raw.place)
    header, rows = lines[0], lines[1:]
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            message = f"row {number} has {len(row)} cells, and the header {len(header)}"
            raise Invalid.at(message, Place(str(path), line=number, is_file=True))
    return header, rows
