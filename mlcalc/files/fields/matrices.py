"""Values that are matrices and vectors."""

from __future__ import annotations

import re

from mlcalc.files.columns import column_of
from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import NUMBER_OR_TEXT, FieldType, Schema, numeric
from mlcalc.files.fields.numbers import is_single, list_notes, shown_list
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.tree import Chain, Expr, Listing, Matrix


class MatrixOf(FieldType[Matrix]):
    """A matrix by rows: `1 2; 3 4` or [[1, 2], [3, 4]]; a number is a 1×1 matrix."""

    has_infinity: bool = False
    """Whether an entry may be infinite, as the end of a range is."""
    metavar = "MATRIX"
    expected = "a matrix such as '1 2; 3 4'"

    def read(self, raw: Raw) -> Matrix:
        raw = column_of(raw, is_table=True)
        if isinstance(raw, Text):
            found = numeric(raw, reader.read_matrix, self.expected, self.has_infinity)
            assert isinstance(found, Matrix)
        else:
            refuse_ragged(raw)
            value = numeric(raw, reader.read_list, self.expected, self.has_infinity)
            if isinstance(value, Listing) and not all(map(is_single, value.items)):
                raise self.refused(raw, f"{self.expected}, all rows of one length")
            found = value if isinstance(value, Matrix) else Matrix((reader.items_of(value),))
        if not found.rows or not found.rows[0]:
            raise self.refused(raw)
        if any(isinstance(entry, Chain) for row in found.rows for entry in row):
            raise self.refused(raw, f"{self.expected}, without names before the numbers")
        return found

    def remarks(self, raw: Raw, value: Matrix) -> tuple[Note, ...]:
        return list_notes(raw)

    def shown(self, value: Matrix) -> Expr | str:
        return shown_matrix(value)

    def schema(self) -> Schema:
        row = {"type": "array", "items": NUMBER_OR_TEXT}
        return {"anyOf": [{"type": "array", "items": row}, row, NUMBER_OR_TEXT]}


class Vector(FieldType[Matrix]):
    """A vector, kept as a column: `1, 2`, `1; 2` or [1, 2]; a number is a 1-vector."""

    metavar = "VECTOR"
    expected = "a vector such as '1, 2'"

    def read(self, raw: Raw) -> Matrix:
        found = MatrixOf().read(raw)
        if 1 not in found.shape:
            raise self.refused(raw)
        return Matrix.column(entry for row in found.rows for entry in row)

    def remarks(self, raw: Raw, value: Matrix) -> tuple[Note, ...]:
        return list_notes(raw)

    def shown(self, value: Matrix) -> Expr | str:
        return shown_list([entry for row in value.rows for entry in row])

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array"}, NUMBER_OR_TEXT]}


class Vectors(FieldType[tuple[Matrix, ...]]):
    """A sequence of vectors, a row a step: `1 0; 0 1`; a list `1, 0, 1` is one of 1-vectors."""

    metavar = "ROWS"
    expected = "a sequence such as '1 0; 0 1', a row a step"

    def read(self, raw: Raw) -> tuple[Matrix, ...]:
        if isinstance(raw, Text) and raw.value.strip() in ("", "[]"):
            raise self.refused(raw, f"{self.expected}, with at least one step")
        raw = column_of(raw, is_table=True)
        refuse_ragged(raw)
        is_rows = isinstance(raw, Text) and not is_comma_list(raw.value)
        found = numeric(raw, reader.read_matrix if is_rows else reader.read_list, self.expected)
        if isinstance(found, Matrix):
            return tuple(map(Matrix.column, found.rows))
        items = reader.items_of(found)
        if not items:
            raise self.refused(raw, f"{self.expected}, with at least one step")
        if not all(map(is_single, items)):
            raise self.refused(raw, f"{self.expected}, all rows of one length")
        return tuple(Matrix.column([item]) for item in items)

    def remarks(self, raw: Raw, value: tuple[Matrix, ...]) -> tuple[Note, ...]:
        return list_notes(raw)

    def shown(self, value: tuple[Matrix, ...]) -> Expr | str:
        steps = [tuple(entry for (entry,) in step.rows) for step in value]
        if len(steps[0]) == 1:
            return shown_list([entry for (entry,) in steps])
        return shown_matrix(Matrix(tuple(steps)))

    def schema(self) -> Schema:
        return MatrixOf().schema()


MOST_ENTRIES = 40
"""The largest matrix that a worked answer repeats among its givens."""


def shown_matrix(value: Matrix) -> Expr | str:
    """A matrix as it was read; a 1×1 matrix as its number, and a large one by its size."""
    height, width = value.shape
    if height == width == 1:
        return value.rows[0][0]
    return value if height * width <= MOST_ENTRIES else f"{height} rows of {width} numbers"


def is_comma_list(text: str) -> bool:
    """Whether a text is one line of numbers between commas: 1, 0, 1 or [1, 0, 1]."""
    inside = text.strip()
    inside = inside[1:-1] if inside[:1] + inside[-1:] in ("[]", "{}") else inside
    return "," in inside and not re.search(r"[;(\[{\r\n]", inside)


def refuse_ragged(raw: Raw) -> None:
    """Complains of the first row whose length is not that of the row above it."""
    rows = [row for row in raw.items if isinstance(row, Items)] if isinstance(raw, Items) else []
    for number, row in enumerate(rows, 1):
        first, own = len(rows[0].items), len(row.items)
        if own != first:
            lengths = f"row {number} has {own} and row 1 has {first}"
            raise Invalid.at(f"expected all rows of one length, but {lengths}", row.place)
