"""What a field of a problem may hold: one small class for each sort of value.

A value arrives as it was typed, from a flag or from YAML, and the same class reads it, describes
it in messages, in `--help` and in the JSON Schema.  Letters may stand where numbers do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from mlcalc.display import visible
from mlcalc.document import Entries, Items, Raw, Text, read_document, written
from mlcalc.errors import Invalid, closest
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import (
    Call,
    Cases,
    Chain,
    Expr,
    Hadamard,
    Listing,
    MatMul,
    Matrix,
    Number,
    Shape,
    Symbol,
    Transpose,
    free_symbols,
    walk,
)
from mlcalc.records import Record

T_co = TypeVar("T_co", covariant=True)
Schema = dict[str, Any]
TreeReader = Callable[[str], Expr]

NOT_SINGLE = (Cases, Chain, Hadamard, Listing, MatMul, Matrix, Shape, Transpose)
NUMBER_OR_TEXT: Schema = {"type": ["number", "string"]}


class FieldType(Record, Generic[T_co]):
    """A sort of value: how it is read, described and checked."""

    metavar = "VALUE"
    expected = "a value"
    is_switch = False
    """Whether the flag stands without a value, as --ceil-mode does."""
    repeats = False
    """Whether the flag may be given several times, each a member of a list."""

    def read(self, raw: Raw) -> T_co:
        """The value; raises `Invalid` with the place and what to write instead."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """The JSON Schema of the value as YAML writes it."""
        return dict(NUMBER_OR_TEXT)

    def words(self) -> tuple[str, ...]:
        """The words that may be typed, for shell completion."""
        return ()

    def refused(self, raw: Raw, expected: str | None = None, hint: str = "") -> Invalid:
        found = written(raw)
        what = f"'{visible(found, most=40)}'" if found else "nothing"
        return Invalid.at(f"expected {expected or self.expected}, not {what}{hint}", raw.place)


def tree(raw: Raw, read: TreeReader = reader.read) -> Expr:
    """The notation that a value spells: a YAML list is read item by item."""
    match raw:
        case Text(value):
            try:
                return read(value)
            except Unreadable as error:
                raise Invalid.at(error.message, raw.at(error.position)) from None
        case Items(items):
            return reader.listed([tree(item, read) for item in items])
        case Entries():
            raise Invalid.at("expected a value or a list here, not keys and values", raw.place)


class Word(FieldType[str]):
    """One of a few words, each with what it means; synonyms are read as the word they mean."""

    meanings: Mapping[str, str]
    synonyms: Mapping[str, str] = MappingProxyType({})
    metavar = "WORD"

    def read(self, raw: Raw) -> str:
        listed = ", ".join(self.meanings)
        if not isinstance(raw, Text):
            raise self.refused(raw, f"one of {listed}")
        word = raw.value.strip().replace("_", "-")
        word = self.synonyms.get(word, word)
        if word not in self.meanings:
            hint = closest(word, (*self.meanings, *self.synonyms))
            raise self.refused(raw, f"one of {listed}", hint)
        return word

    def schema(self) -> Schema:
        return {"enum": [*self.meanings, *self.synonyms]}

    def words(self) -> tuple[str, ...]:
        return tuple(self.meanings)


class Words(FieldType[str]):
    """A text that is taken as it is: a path, the name of a kind."""

    metavar: str = "TEXT"
    expected = "a text"

    def read(self, raw: Raw) -> str:
        if not isinstance(raw, Text) or not raw.value:
            raise self.refused(raw)
        return raw.value


class Several(FieldType[tuple[Text, ...]]):
    """Texts as they are, one or more; the flag is repeated."""

    metavar: str = "TEXT"
    expected = "one text or several"
    repeats = True

    def read(self, raw: Raw) -> tuple[Text, ...]:
        items = raw.items if isinstance(raw, Items) else (raw,)
        if not all(isinstance(item, Text) for item in items):
            raise self.refused(raw)
        return tuple(item for item in items if isinstance(item, Text))


class Switch(FieldType[bool]):
    """Yes or no."""

    metavar = ""
    expected = "true or false"
    is_switch = True

    def read(self, raw: Raw) -> bool:
        spellings = {"true": True, "yes": True, "on": True, "false": False, "no": False}
        spellings["off"] = False
        if isinstance(raw, Text) and raw.value.lower() in spellings:
            return spellings[raw.value.lower()]
        raise self.refused(raw)

    def schema(self) -> Schema:
        return {"enum": [True, False, "yes", "no", "on", "off"]}


class Count(FieldType[int]):
    """A whole number within bounds, where a letter would mean nothing."""

    least: int
    most: int
    metavar = "NUMBER"

    @property
    def expected(self) -> str:  # type: ignore[override]  # it depends on the bounds
        return f"a whole number from {self.least} to {self.most}"

    def read(self, raw: Raw) -> int:
        value = exact(tree(raw))
        if value is None or value.denominator != 1 or not self.least <= value <= self.most:
            raise self.refused(raw)
        return value.numerator

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Quantity(FieldType[Expr]):
    """A number, or a formula in letters; `least` and `whole` bound a number that is given."""

    least: int | None = None
    whole: bool = False
    metavar = "NUMBER"

    @property
    def expected(self) -> str:  # type: ignore[override]  # it depends on the bounds
        kind = "a whole number" if self.whole else "a number"
        bound = "" if self.least is None else f" from {self.least}"
        return f"{kind}{bound} or a letter"

    def read(self, raw: Raw) -> Expr:
        found = tree(raw)
        self.check(raw, found)
        return found

    def check(self, raw: Raw, found: Expr) -> None:
        is_bad = not is_single(found) or has_no_value(found)
        value = exact(found)
        too_small = value is not None and self.least is not None and value < self.least
        is_part = value is not None and self.whole and value.denominator != 1
        if is_bad or too_small or is_part:
            raise self.refused(raw)

    def schema(self) -> Schema:
        number: Schema = {"type": "integer" if self.whole else "number"}
        if self.least is not None:
            number["minimum"] = self.least
        return {"anyOf": [number, {"type": "string"}]}


class Sizes(FieldType[Shape]):
    """One size for every axis, or one an axis: 3, 3x5, [3, 5]."""

    least: int = 1
    metavar = "SIZE"

    @property
    def expected(self) -> str:  # type: ignore[override]  # it depends on the bound
        return f"a whole number from {self.least} such as 3, or one an axis such as 3x5"

    def read(self, raw: Raw) -> Shape:
        found = tree(raw, reader.read_shape_or_value)
        if isinstance(found, Listing):
            found = Shape(found.items)
        if not isinstance(found, Shape):
            found = Shape((found,))
        if found.channels is not None:
            raise self.refused(raw)
        self.check(raw, found.sizes)
        return found

    def check(self, raw: Raw, sizes: tuple[Expr, ...]) -> None:
        for size in sizes:
            value = exact(size)
            is_bad = value is not None and (value.denominator != 1 or value < self.least)
            if is_bad or not is_single(size) or has_no_value(size):
                raise self.refused(raw)

    def schema(self) -> Schema:
        one = {"anyOf": [{"type": "integer", "minimum": self.least}, {"type": "string"}]}
        return {"anyOf": [one, {"type": "array", "items": one}]}


class TensorShape(Sizes):
    """A tensor's size, channels first: 3@128x128, 4x4, [3, 128, 128]."""

    metavar = "SHAPE"
    expected = "a shape such as 3@128x128 or 4x4, each size a whole number from 1"

    def read(self, raw: Raw) -> Shape:
        found = tree(raw, reader.read_shape_or_value)
        if isinstance(found, Listing):
            # A YAML list of three or more sizes begins with the channels.
            items = found.items
            found = Shape(items[1:], items[0]) if len(items) > 2 else Shape(items)
        if not isinstance(found, Shape):
            found = Shape((found,))
        channels = () if found.channels is None else (found.channels,)
        self.check(raw, (*channels, *found.sizes))
        return found


class MatrixOf(FieldType[Matrix]):
    """A matrix by rows: `1 2; 3 4` or [[1, 2], [3, 4]]; a number is a 1×1 matrix."""

    metavar = "MATRIX"
    expected = "a matrix such as '1 2; 3 4'"

    def read(self, raw: Raw) -> Matrix:
        if isinstance(raw, Text):
            found = tree(raw, reader.read_matrix)
            assert isinstance(found, Matrix)
        else:
            refuse_ragged(raw)
            value = tree(raw)
            if isinstance(value, Listing) and not all(map(is_single, value.items)):
                raise self.refused(raw, f"{self.expected}, all rows of one length")
            found = value if isinstance(value, Matrix) else Matrix((reader.items_of(value),))
        if not found.rows or not found.rows[0]:
            raise self.refused(raw)
        return found

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

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array"}, NUMBER_OR_TEXT]}


class Vectors(FieldType[tuple[Matrix, ...]]):
    """A sequence of vectors, a row a step: `1 0; 0 1`; a list `1, 0, 1` is one of 1-vectors."""

    metavar = "ROWS"
    expected = "a sequence such as '1 0; 0 1', a row a step"

    def read(self, raw: Raw) -> tuple[Matrix, ...]:
        if isinstance(raw, Text) and raw.value.strip() in ("", "[]"):
            raise self.refused(raw, f"{self.expected}, with at least one step")
        refuse_ragged(raw)
        is_list = isinstance(raw, Text) and "," in raw.value and ";" not in raw.value
        found = tree(raw) if is_list or not isinstance(raw, Text) else MatrixOf().read(raw)
        if isinstance(found, Matrix):
            return tuple(map(Matrix.column, found.rows))
        items = reader.items_of(found)
        if not items:
            raise self.refused(raw, f"{self.expected}, with at least one step")
        if not all(map(is_single, items)):
            raise self.refused(raw, f"{self.expected}, all rows of one length")
        return tuple(Matrix.column([item]) for item in items)

    def schema(self) -> Schema:
        return MatrixOf().schema()


class Numbers(FieldType[tuple[Expr, ...]]):
    """A list of numbers: 3, 4, 1."""

    metavar = "LIST"
    expected = "a list of numbers such as 3, 4, 1"

    def read(self, raw: Raw) -> tuple[Expr, ...]:
        items = reader.items_of(tree(raw))
        for number, item in enumerate(items):
            if not is_number(item):
                if isinstance(raw, Items):
                    raise self.refused(raw.items[number], "a number")
                raise self.refused(raw)
        if not items:
            raise self.refused(raw)
        return items

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array", "items": NUMBER_OR_TEXT}, NUMBER_OR_TEXT]}


class Name(FieldType[Symbol]):
    """A name for a quantity: theta, lambda, W_xh."""

    metavar = "NAME"
    expected = "a name such as theta"

    def read(self, raw: Raw) -> Symbol:
        found = tree(raw)
        if not isinstance(found, Symbol):
            raise self.refused(raw)
        return found

    def schema(self) -> Schema:
        return {"type": "string"}


class Notation(FieldType[Expr]):
    """Any formula, list or call."""

    expected = "a formula"

    def read(self, raw: Raw) -> Expr:
        return tree(raw)


class Anything(FieldType[Raw]):
    """A value whose meaning other fields decide; it is read when they are known."""

    metavar = "VALUE"

    def read(self, raw: Raw) -> Raw:
        if isinstance(raw, Text) and not raw.value.strip():
            raise self.refused(raw)
        return raw

    def schema(self) -> Schema:
        mapping: Schema = {"type": "object", "not": {"required": ["from"]}}
        return {"anyOf": [NUMBER_OR_TEXT, {"type": "array"}, mapping]}


class Structure(Anything):
    """A value that may be a mapping or a list: on the command line, written as in YAML.

    In a file it stands there as such, and a text that begins with a bracket is a text.
    """

    def read(self, raw: Raw) -> Raw:
        found = super().read(raw)
        if not isinstance(found, Text) or found.place.is_file:
            return found
        is_structure = found.value.lstrip()[:1] in ("{", "[")
        return read_document(found.value, found.place.source) if is_structure else found


class Range(FieldType[tuple[Expr, Expr, bool]]):
    """An interval, and whether its ends are outside: [0, inf], 0 < x < 1."""

    metavar = "RANGE"
    expected = "a range such as [0, inf] or 0 < x < 1"

    def read(self, raw: Raw) -> tuple[Expr, Expr, bool]:
        found = tree(raw)
        if isinstance(found, Chain) and len(found.links) == 2:
            (first, _), (second, high) = found.links
            if {first, second} <= {"<", "<="}:
                return found.first, high, "<" in (first, second)
        if isinstance(found, Chain) and len(found.links) == 1:
            relation, bound = found.links[0]
            if relation in (">", ">="):
                return bound, Symbol("inf"), relation == ">"
        ends = reader.items_of(found)
        if len(ends) != 2 or isinstance(found, Chain):
            raise self.refused(raw)
        return ends[0], ends[1], False

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array", "items": NUMBER_OR_TEXT}, {"type": "string"}]}


class Distribution(FieldType[Call]):
    """A distribution by name, with what is known of it: poisson, normal(sigma2=4)."""

    known: Collection[str] = ()
    metavar = "DISTRIBUTION"
    expected = "a distribution"

    def read(self, raw: Raw) -> Call:
        found = tree(raw)
        if isinstance(found, Symbol):
            found = Call(found.spelled)
        listed = ", ".join(sorted(self.known))
        if not isinstance(found, Call):
            raise self.refused(raw, f"one of {listed}")
        if found.name not in self.known:
            hint = closest(found.name, self.known)
            raise self.refused(raw, None if hint else f"one of {listed}", hint)
        if not all(map(is_single, (*found.arguments, *dict(found.keywords).values()))):
            raise self.refused(raw, f"numbers or letters as parameters of {found.name}")
        return found

    def schema(self) -> Schema:
        return {"type": "string"}

    def words(self) -> tuple[str, ...]:
        return tuple(sorted(self.known))


class Cell(FieldType[tuple[Fraction, ...] | str]):
    """A cell of a matrix: row and column from 1, `2,2`, or a corner in words.

    A list has one number a cell, and one of several matrices has its number first: `1,2,2`.
    """

    CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
    metavar = "CELL"
    expected = "a cell such as 2,2 (row, column, from 1) or a corner such as bottom-right"

    def read(self, raw: Raw) -> tuple[Fraction, ...] | str:
        if isinstance(raw, Text):
            word = raw.value.strip().replace("_", "-").replace(" ", "-")
            if word in self.CORNERS:
                return word
            if word[:1].isalpha():
                raise self.refused(raw, hint=closest(word, self.CORNERS))
        values = [exact(item) for item in reader.items_of(tree(raw))]
        found = tuple(v for v in values if v is not None and v.denominator == 1 and v >= 1)
        if len(found) != len(values) or not found:
            raise self.refused(raw)
        return found

    def schema(self) -> Schema:
        indices = {"type": "array", "items": {"type": "integer", "minimum": 1}}
        return {"anyOf": [{"type": ["integer", "string"]}, {**indices, "minItems": 1}]}

    def words(self) -> tuple[str, ...]:
        return self.CORNERS


def is_number(item: Expr) -> bool:
    """Whether an item is one number: 3, 1/3, but also pi/2 or sqrt(2)."""
    try:
        return is_single(item) and math.isfinite(scalar(item))
    except EvaluationError:
        return False


def refuse_ragged(raw: Raw) -> None:
    """Complains of the first row whose length is not that of the row above it."""
    rows = [row for row in raw.items if isinstance(row, Items)] if isinstance(raw, Items) else []
    for number, row in enumerate(rows, 1):
        first, own = len(rows[0].items), len(row.items)
        if own != first:
            lengths = f"row {number} has {own} and row 1 has {first}"
            raise Invalid.at(f"expected all rows of one length, but {lengths}", row.place)


def is_single(item: Expr) -> bool:
    """Whether an item is one number or a formula for one: no list, and no relation."""
    return not any(isinstance(node, NOT_SINGLE) for node in walk(item))


def has_no_value(item: Expr) -> bool:
    """Whether a formula is neither an exact number nor one in letters: 1/0, inf, sqrt(2)."""
    try:
        return not isinstance(scalar(item), Fraction)
    except EvaluationError:
        return not free_symbols(item)


def whole(size: Expr) -> int | None:
    """The size as a Python integer where it is a number."""
    value = exact(size)
    return None if value is None else value.numerator


def numbers(items: tuple[Expr, ...]) -> tuple[Fraction, ...]:
    """The values of a list that was read as `Numbers`."""
    return tuple(value for item in items if (value := exact(item)) is not None)


def as_number(value: int | Fraction) -> Number:
    return Number(Fraction(value))
