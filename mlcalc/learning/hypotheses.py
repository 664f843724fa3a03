"""Hypotheses and points as they are typed: a size, a table, a set of points."""

from __future__ import annotations

import re

from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.fields import MatrixOf, Notation, Vectors, list_notes, number_notes, numeric
from mlcalc.maths.board import Note
from mlcalc.maths.digit_groups import written_in_groups
from mlcalc.maths.tree import Expr, Matrix

SEPARATORS = re.compile(r"[,;()\[\]{}\\]|\S\s*[\r\n]+\s*\S")


class Size(Notation):
    """A number or formula, such as 3^10 or 1,000,000; or a list of the hypotheses."""

    expected = "how many hypotheses there are, such as 3^10, or a list of them"

    def read(self, raw: Raw) -> Expr:
        return numeric(raw, expected=self.expected, most=None)

    def remarks(self, raw: Raw, value: Expr) -> tuple[Note, ...]:
        return number_notes(raw)


class TableOrSize(MatrixOf):
    """A row of labels a hypothesis, or one number, which is how many there are."""

    def read(self, raw: Raw) -> Matrix:
        return Matrix(((numeric(raw, most=None),),)) if is_size(raw) else super().read(raw)

    def remarks(self, raw: Raw, value: Matrix) -> tuple[Note, ...]:
        return number_notes(raw) if is_size(raw) else list_notes(raw)


def is_size(raw: Raw) -> bool:
    """Whether a text is one number in groups, which no row of labels is written like."""
    if not isinstance(raw, Text):
        return False
    return [typed for typed, _ in written_in_groups(raw.value)] == [raw.value.strip()]


def is_table(raw: Raw) -> bool:
    """Whether the rows are in brackets of their own, so that one number is a label: [[0]]."""
    if isinstance(raw, Text):
        return raw.value.replace(" ", "").startswith("[[")
    return isinstance(raw, Items) and any(isinstance(row, Items) for row in raw.items)


class PointSet(Vectors):
    """Points of one dimension, each kept as a column."""

    metavar = "POINTS"
    expected = "points such as '0 0; 1 0; 0 1', a row a point"


def is_one_line(raw: Raw) -> bool:
    """Whether nothing but spaces separates the numbers, which may be one point or several."""
    return isinstance(raw, Text) and not SEPARATORS.search(raw.value)
