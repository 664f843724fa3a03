"""What the fields of a feed-forward network hold: a matrix, a bias and an activation a layer."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import (
    NUMBER_OR_TEXT,
    FieldType,
    MatrixOf,
    Numbers,
    Quantity,
    Schema,
    is_single,
    list_notes,
    numeric,
)
from mlcalc.files.fields.base import entries_of_list, is_empty
from mlcalc.files.fields.matrices import shown_matrix
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.printing import source
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Listing, Matrix, Neg, Symbol
from mlcalc.networks.activations import ACTIVATION
from mlcalc.networks.letters import is_letter


class Matrices(FieldType[tuple[Matrix, ...]]):
    """A matrix a layer; the flag is repeated.  A list of rows is the matrix of one layer."""

    metavar = "MATRIX"
    expected = "a matrix a layer, such as '1 2; 3 4' and '1 1'"
    repeats = True

    def read(self, raw: Raw) -> tuple[Matrix, ...]:
        if isinstance(raw, Text) and "[[[" in "".join(raw.value.split()):
            return self.of_text(raw)
        if not isinstance(raw, Items) or is_rows(raw):
            return (MatrixOf().read(raw),)
        if not raw.items:
            raise self.refused(raw)
        return tuple(MatrixOf().read(item) for item in raw.items)

    def of_text(self, raw: Text) -> tuple[Matrix, ...]:
        """[[[1, 2], [3, 4]], [[1, 1]]] in one text."""
        found = tuple(map(as_matrix, reader.items_of(numeric(raw, expected=self.expected))))
        matrices = tuple(matrix for matrix in found if matrix is not None)
        if len(matrices) != len(found):
            raise self.refused(raw, f"{self.expected}, each with rows of one length")
        return matrices

    def remarks(self, raw: Raw, value: tuple[Matrix, ...]) -> tuple[Note, ...]:
        return list_notes(raw)

    def shown(self, value: tuple[Matrix, ...]) -> Expr | str | None:
        return shown_matrix(value[0]) if len(value) == 1 else None

    def schema(self) -> Schema:
        matrix = MatrixOf().schema()
        return {"anyOf": [{"type": "array", "items": matrix}, matrix]}


class Rates(Numbers):
    """Numbers, or one letter: 0.1, or eta."""

    expected = "a list of numbers such as 0.1, 0.05, or a letter such as eta"

    def read(self, raw: Raw) -> tuple[Expr, ...]:
        found = None if isinstance(raw, Items) else numeric(raw, expected=self.expected)
        if isinstance(found, Symbol) and found.spelled not in CONSTANTS and is_letter(found):
            return (found,)
        return super().read(raw)


def is_rows(raw: Items) -> bool:
    """Whether a list holds the rows of one matrix, and not a matrix a layer."""
    return bool(raw.items) and all(
        isinstance(row, Items) and all(isinstance(entry, Text) for entry in row.items)
        for row in raw.items
    )


def as_matrix(value: Expr) -> Matrix | None:
    """A matrix, a list as one row, a number as a 1×1 matrix."""
    if isinstance(value, Matrix):
        return value
    row = value.items if isinstance(value, Listing) else (value,)
    return Matrix((row,)) if row and all(map(is_single, row)) else None


class Biases(FieldType[tuple[Expr | None, ...]]):
    """The biases of each layer as a list, or one number that all units of the layer share.

    A layer among several for which nothing stands has none.
    """

    metavar = "VECTOR"
    expected = "the biases of each layer, such as '1, 2', or one number that a layer shares"
    repeats = True

    def read(self, raw: Raw) -> tuple[Expr | None, ...]:
        items = raw.items if isinstance(raw, Items) else (raw,)
        layers = [None if is_empty(item) else self.listed(item) for item in items]
        if len(layers) == 1 and layers[0] is not None and not is_single(layers[0]):
            layers = list(reader.items_of(layers[0])) or layers
        found = tuple(None if layer is None else self.layer(layer) for layer in layers)
        known = [layer for layer in found if layer is not None]
        if not known or len(known) != sum(layer is not None for layer in layers):
            raise self.refused(raw)
        return found

    def listed(self, raw: Raw) -> Expr:
        """A list, for a matrix of one row or column too, as NumPy has biases."""
        found = numeric(raw, reader.read_list, self.expected)
        is_vector = isinstance(found, Matrix) and 1 in found.shape
        return Listing(tuple(entries_of_list(found))) if is_vector else found

    def remarks(self, raw: Raw, value: tuple[Expr | None, ...]) -> tuple[Note, ...]:
        return list_notes(raw)

    @staticmethod
    def layer(value: Expr) -> Expr | None:
        """A number as it is, a list as a column."""
        if is_single(value):
            return value
        entries = reader.items_of(value)
        return Matrix.column(entries) if entries and all(map(is_single, entries)) else None

    def schema(self) -> Schema:
        one = {"anyOf": [{"type": "array", "items": NUMBER_OR_TEXT}, NUMBER_OR_TEXT]}
        return {"anyOf": [{"type": "array", "items": one}, NUMBER_OR_TEXT]}


class Activations(FieldType[tuple[str, ...]]):
    """One word for all hidden layers, or a list of one a layer."""

    metavar = "WORD"
    repeats = True

    def read(self, raw: Raw) -> tuple[str, ...]:
        if isinstance(raw, Text) and "," in raw.value and not ACTIVATION.word_of(raw.value):
            cut = [word.strip(" '\"") for word in raw.value.strip("[]() ").split(",")]
            return tuple(ACTIVATION.read(Text(word, raw.place)) for word in cut)
        items = raw.items if isinstance(raw, Items) else (raw,)
        if not items:
            raise Invalid.at("expected a word such as sigmoid, or a list of one a layer", raw.place)
        return tuple(map(ACTIVATION.read, items))

    def knows_word(self, name: str) -> bool:
        return ACTIVATION.knows_word(name)

    def schema(self) -> Schema:
        word = ACTIVATION.schema()
        return {"anyOf": [word, {"type": "array", "items": word}]}

    def words(self) -> tuple[str, ...]:
        return ACTIVATION.words()


MOST_LAYERS = 20
UNITS = Quantity(least=1, whole=True)


SEPARATORS = re.compile(r"\s*(?:(?:-{1,2}|[=–—])?>(?!=)|[→⇒⟶|])\s*|(?<=\d)\s*[-–—]\s*(?=\d)")
"""Between the layers of 2 > 3 > 1, 2 -> 3 -> 1 and 2-3-1."""


def are_layers(text: str) -> bool:
    """Whether a text is the numbers of units of several layers, with such signs between them."""
    units = SEPARATORS.split(text)
    return len(units) > 1 and all(one.strip().isdecimal() for one in units)


class LayerSizes(FieldType[tuple[Expr, ...]]):
    """Numbers or formulas, separated by commas, by > or arrows; numbers also by dashes."""

    metavar = "LIST"
    expected = "the units of two layers or more, such as '3, 3, 1' or 'n*d, h, V'"

    def read(self, raw: Raw) -> tuple[Expr, ...]:
        if isinstance(raw, Text) and (separated := SEPARATORS.sub(", ", raw.value)) != raw.value:
            raw = replace(raw, value=separated, exact=False)
        if isinstance(raw, Items):
            sizes = tuple(map(UNITS.read, raw.items))
        else:
            sizes = reader.items_of(numeric(raw, reader.read_list, self.expected))
            for size in sizes:
                UNITS.check(Text(source(size), raw.place), size)
        if not 2 <= len(sizes) <= MOST_LAYERS:
            raise self.refused(raw, f"{self.expected}, at most {MOST_LAYERS}")
        return sizes

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array", "items": UNITS.schema()}, {"type": "string"}]}


MOST_STEPS = 20
EVERYWHERE = Neg(Symbol("inf"))


class Levels(Record):
    """The value `before` the first step, and then (where it begins, value) of each, in order."""

    before: Fraction
    steps: tuple[tuple[Fraction, Fraction], ...]

    def jumps(self) -> tuple[Fraction, ...]:
        """By how much the function rises at each step."""
        values = (self.before, *(value for _, value in self.steps))
        return tuple(after - value for value, after in pairwise(values))


class Staircase(FieldType[Levels]):
    """Rows of a place and the value from there on: 0 2; 1 5; 3 0 is 2 on [0, 1), 5 on [1, 3).

    Before the first place the function is 0, or the value of a row that begins at -inf.
    """

    metavar = "ROWS"
    expected = "rows of a place and the value from there on, such as '0 2; 1 5; 3 0'"

    def read(self, raw: Raw) -> Levels:
        found = MatrixOf(has_infinity=True).read(raw)
        rows = list(found.rows)
        if found.shape[1] != 2 or len(rows) > MOST_STEPS:
            raise self.refused(
                raw, hint=f", {MOST_STEPS} rows at most" if rows[MOST_STEPS:] else ""
            )
        before: Fraction | None = Fraction(0)
        if rows[0][0] == EVERYWHERE:
            before = exact(rows.pop(0)[1])
        pairs = [(exact(place), exact(value)) for place, value in rows]
        steps = tuple((p, v) for p, v in pairs if p is not None and v is not None)
        if before is None or len(steps) != len(pairs) or not steps:
            raise self.refused(raw, f"{self.expected}, all of them numbers")
        if any(place >= after for (place, _), (after, _) in pairwise(steps)):
            raise self.refused(raw, "places that grow from row to row")
        return Levels(before, steps)

    def schema(self) -> Schema:
        return MatrixOf().schema()
