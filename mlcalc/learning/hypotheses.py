"""Hypotheses and points as they are typed: a size, a table, a set of points."""

from __future__ import annotations

import re
from fractions import Fraction

from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.fields import (
    FieldType,
    MatrixOf,
    Notation,
    Schema,
    Vectors,
    list_notes,
    number_notes,
    numeric,
)
from mlcalc.files.fields.base import texts_of
from mlcalc.maths.board import Note
from mlcalc.maths.digit_groups import written_in_groups
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Matrix

SIGNS = re.compile(r"[+−–-](?![0-9.])|[+−–-]?[0-9.]+|[^\W\d_]+|[^\s,;\[\](){}]")
BINARY = re.compile(r"[01]{2,}")
LABEL_WORDS = {
    "+": 1, "-": -1, "pos": 1, "neg": -1, "positive": 1, "negative": -1,
    "true": 1, "false": 0, "yes": 1, "no": 0,
}  # fmt: skip
MOST_LABELS = 10_000

SEPARATORS = re.compile(r"[,;()\[\]{}\\]|\S\s*[\r\n]+\s*\S")


SIZE_OF_CLASS = re.compile(r"\s*(?:abs\(\s*H\s*\)|\\?\|\s*\S{1,14}\s*\\?\||#?\s*H)\s*=(?!=)")
"""What stands before the size where a question is copied: |H| =."""


def without_name(raw: Raw) -> Raw:
    """The size without `|H| =` before it; what is left keeps its place."""
    found = SIZE_OF_CLASS.match(raw.value) if isinstance(raw, Text) else None
    if found is None or not isinstance(raw, Text):
        return raw
    return replace(raw, value=" " * found.end() + raw.value[found.end() :])


class Size(Notation):
    """A number or formula, such as 3^10 or 1,000,000; or a list of the hypotheses."""

    expected = "how many hypotheses there are, such as 3^10, or a list of them"

    def read(self, raw: Raw) -> Expr:
        return numeric(without_name(raw), expected=self.expected, most=None)

    def remarks(self, raw: Raw, value: Expr) -> tuple[Note, ...]:
        return number_notes(raw)


class TableOrSize(MatrixOf):
    """A row of labels a hypothesis, or one number, which is how many there are."""

    def read(self, raw: Raw) -> Matrix:
        raw = without_name(raw)
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


class Labels(FieldType[tuple[int, ...]]):
    """Two labels of points as 0 and 1; −1 and +1, + and −, yes and no are read as these."""

    metavar = "LABELS"
    expected = "labels 0 and 1, or −1 and +1, one for each point"

    def read(self, raw: Raw) -> tuple[int, ...]:
        found = self.signs(raw)
        if not found or not (set(found) <= {0, 1} or set(found) <= {-1, 1}):
            hint = ": 0 and −1 do not go together" if {0, -1} <= set(found) else ""
            raise self.refused(raw, hint=hint)
        return tuple(int(label > 0) for label in found)

    def remarks(self, raw: Raw, value: tuple[int, ...]) -> tuple[Note, ...]:
        notes = []
        if -1 in self.signs(raw):
            notes.append(Note("given.labels", "the labels −1 and +1 are read as 0 and 1"))
        if any(BINARY.fullmatch(text.value.strip()) for text in texts_of(raw)):
            listed = ", ".join(map(str, value))
            notes.append(Note("given.labels", f"the labels are read figure by figure: {listed}"))
        return tuple(notes)

    def signs(self, raw: Raw) -> list[int]:
        """Each label as it was typed, −1, 0 or 1."""
        found: list[int] = []
        for text in texts_of(raw):
            bare = text.value.strip()
            parts = list(bare) if BINARY.fullmatch(bare) else SIGNS.findall(bare)
            for part in parts[:MOST_LABELS]:
                label = self.sign(part)
                if label is None:
                    raise self.refused(text)
                found.append(label)
        return found

    @staticmethod
    def sign(part: str) -> int | None:
        plain = part.casefold().replace("−", "-").replace("–", "-")
        if plain in LABEL_WORDS:
            return LABEL_WORDS[plain]
        try:
            value = Fraction(plain)
        except ValueError:
            return None
        return int(value) if value in (-1, 0, 1) else None

    def schema(self) -> Schema:
        label: Schema = {"type": ["number", "string", "boolean"]}
        return {"anyOf": [{"type": "array", "items": label}, label]}
