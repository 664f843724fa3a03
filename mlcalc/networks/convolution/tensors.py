"""Numbers in rows, matrices, and lists of these, and the fields that read them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import (
    MOST,
    FieldType,
    Schema,
    has_no_value,
    is_single,
    is_word,
    list_notes,
    numeric,
)
from mlcalc.files.fields.words import ON_OR_OFF
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import Value, exact, scalar
from mlcalc.maths.functions import EvaluationError, is_finite
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Listing, Matrix, Shape, Symbol, free_symbols, walk
from mlcalc.networks.convolution.entries import Entry, formula
from mlcalc.networks.convolution.sizes import ZERO
from mlcalc.networks.letters import is_letter

NESTED: Schema = {"anyOf": [{"type": "array"}, {"type": ["number", "string"]}]}
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")
"""A number that has one reading; an image has many."""
NO_WORDS = "numbers or letters and not words"
EULER = Symbol("e")
SHORTEST_WORD = 3
"""A name of fewer letters is a letter for a number, and no misspelled word."""


class Tensor(Record):
    """Numbers or letters in row-major order, such as channels × rows × columns."""

    sizes: tuple[int, ...]
    entries: tuple[Entry, ...]

    @property
    def depth(self) -> int:
        return len(self.sizes)

    def parts(self) -> tuple[Tensor, ...]:
        """Along the first axis: the rows of a matrix, the channels of an image."""
        length = math.prod(self.sizes[1:])
        return tuple(
            Tensor(self.sizes[1:], self.entries[i * length : (i + 1) * length])
            for i in range(self.sizes[0])
        )

    def deepened(self, depth: int) -> Tensor:
        """With axes of size 1 put first, until it has so many axes."""
        return Tensor((1,) * (depth - self.depth) + self.sizes, self.entries)

    def turned(self, axes: int) -> Tensor:
        """With the order along each of the last axes reversed: a kernel turned by 180°."""
        size = math.prod(self.sizes[self.depth - axes :])
        blocks = range(0, len(self.entries), size)
        return Tensor(
            self.sizes,
            tuple(entry for i in blocks for entry in reversed(self.entries[i : i + size])),
        )

    @property
    def has_letters(self) -> bool:
        return any(isinstance(entry, Expr) for entry in self.entries)

    def value(self) -> Value | Expr:
        """Nested tuples of numbers, as answers hold them; the notation where letters are left."""
        return self.maths() if self.has_letters else self.nested()

    def nested(self) -> Value:
        if self.sizes:
            return tuple(part.nested() for part in self.parts())
        (entry,) = self.entries
        assert not isinstance(entry, Expr)
        return entry

    def maths(self) -> Expr:
        """A row as a matrix of one row; what has more than two axes as a list of matrices."""
        if self.depth > 2:
            return Listing(tuple(part.maths() for part in self.parts()))
        rows = self.deepened(2).parts()
        return Matrix(tuple(tuple(map(formula, row.entries)) for row in rows))

    def padded(self, before: tuple[int, ...], after: tuple[int, ...]) -> Tensor:
        """With zeros around the last axes."""
        channels = self.sizes[: self.depth - len(before)]
        inner = self.sizes[self.depth - len(before) :]
        sizes = tuple(b + n + a for b, n, a in zip(before, inner, after, strict=True))
        entries: list[Entry] = []
        known = iter(self.entries)
        for _ in range(math.prod(channels)):
            for position in product(*map(range, sizes)):
                places = zip(position, before, inner, strict=True)
                is_inside = all(0 <= place - start < size for place, start, size in places)
                entries.append(next(known) if is_inside else Fraction(0))
        return Tensor(channels + sizes, tuple(entries))


class Values(FieldType[Tensor]):
    """A row, a matrix, or a list of these, of numbers; the flag is repeated, once a matrix."""

    metavar = "MATRIX"
    expected = "a matrix such as '1 2; 3 4'"
    repeats = True

    def read(self, raw: Raw) -> Tensor:
        if isinstance(raw, Items):
            return self.stacked(raw, [self.read(item) for item in raw.items], raw.items)
        if isinstance(raw, Entries):
            raise self.refused(raw)
        if PLAIN.fullmatch(raw.value):
            return Tensor((), (Fraction(raw.value),))
        is_list = "[" in raw.value
        found = numeric(raw, reader.read_list if is_list else reader.read_matrix, self.expected)
        if isinstance(found, Matrix) and not is_list:
            rows, columns = found.shape
            found = (
                found if rows > 1 else Listing(found.rows[0]) if columns > 1 else found.rows[0][0]
            )
        return self.of_tree(raw, found)

    def of_tree(self, raw: Raw, found: Expr) -> Tensor:
        """The numbers of a text that was read."""
        if isinstance(found, Matrix):
            found = Listing(tuple(Listing(row) for row in found.rows))
        if isinstance(found, Listing):
            parts = [self.of_tree(raw, item) for item in found.items]
            return self.stacked(raw, parts, [raw] * len(parts))
        return Tensor((), (self.number(raw, found),))

    def stacked(self, raw: Raw, parts: Sequence[Tensor], places: Sequence[Raw]) -> Tensor:
        """Parts of one size as a tensor with an axis more."""
        if not parts:
            raise self.refused(raw)
        for number, (part, place) in enumerate(zip(parts, places, strict=True), 1):
            if part.sizes != parts[0].sizes:
                raise self.refused_part(place, number, part, parts[0])
        entries = tuple(entry for part in parts for entry in part.entries)
        return Tensor((len(parts), *parts[0].sizes), entries)

    def number(self, raw: Raw, found: Expr) -> Entry:
        if not is_single(found):
            raise self.refused(raw, "numbers, one in each place")
        if isinstance(found, Symbol) and found == EULER:
            return found  # between a, b, c and d it is one of them
        try:
            value = scalar(found)
        except EvaluationError:
            letters = free_symbols(found)
            if letters and all(map(is_letter, letters)):
                return found
            raise self.refused(raw, NO_WORDS if letters else "numbers") from None
        if not is_finite(value):
            raise self.refused(raw, "finite numbers")
        return value

    def remarks(self, raw: Raw, value: Tensor) -> tuple[Note, ...]:
        return list_notes(raw)

    def shown(self, value: Tensor) -> Expr:
        return value.maths() if value.sizes else formula(value.entries[0])

    def refused_part(self, raw: Raw, number: int, part: Tensor, first: Tensor) -> Exception:
        if part.depth == first.depth == 1:
            lengths = f"row {number} has {part.sizes[0]} and row 1 has {first.sizes[0]}"
            return self.fault(raw, f"expected all rows of one length, but {lengths}")
        sizes = f"the one in place {number} {size_words(part)} and the first {size_words(first)}"
        return self.fault(raw, f"expected parts of one size, but {sizes}")

    @staticmethod
    def fault(raw: Raw, message: str) -> Exception:
        return Invalid.at(message, raw.place)

    def schema(self) -> Schema:
        return dict(NESTED)


def size_words(part: Tensor) -> str:
    if part.depth < 2:
        return f"is a list of {part.sizes[0]}" if part.sizes else "is a number"
    return f"is {'×'.join(map(str, part.sizes))}"


class Bias(FieldType[bool | Tensor]):
    """Whether each filter has a bias, or its values: true, false, 1, or a list."""

    metavar = "BIAS"
    expected = "true, false, or a number for each filter such as 1, -2"
    stands_alone = True

    def read(self, raw: Raw) -> bool | Tensor:
        if isinstance(raw, Text) and raw.value.lower() in ON_OR_OFF:
            return ON_OR_OFF[raw.value.lower()]
        found = Values().read(raw)
        if found.depth > 1:
            raise self.refused(raw)
        return found.deepened(1) if found.depth < 1 else found

    def schema(self) -> Schema:
        return {"anyOf": [{"type": ["boolean", "number", "string"]}, {"type": "array"}]}


class Padding(Record):
    """Zeros before and after each axis, or the word `same`; one pair stands for all axes."""

    sides: tuple[tuple[Expr, Expr], ...]
    is_same: bool = False
    is_even: bool = True
    """Whether the sizes were written for both ends at once: 1x2 and not 1 0; 0 1."""


class PaddingOf(FieldType[Padding]):
    """A number, one an axis, a pair (before, after) an axis, `same` or `valid`."""

    WORDS = ("same", "valid")
    metavar = "PADDING"
    expected = (
        "a whole number from 0 such as 1, one an axis such as 1x2, before and after each axis "
        "such as '0 1; 0 1', same, or valid"
    )

    def read(self, raw: Raw) -> Padding:
        word = raw.value.strip(" '\"").lower() if isinstance(raw, Text) else ""
        word = word.removesuffix(" padding")
        if word in self.WORDS:
            return Padding(((ZERO, ZERO),), word == "same")
        found = numeric(raw, reader.read_shape_or_value, self.expected)
        if isinstance(found, Symbol) and len(found.spelled) > SHORTEST_WORD:
            raise self.refused(raw, hint=closest(found.spelled, self.WORDS))
        if any((exact(part) or 0) > MOST for part in walk(found)):
            raise self.refused(raw, f"sizes up to {MOST:,}")
        if isinstance(found, Matrix) and found.shape[1] == 2:
            if any(self.is_bad(size) for row in found.rows for size in row):
                raise self.refused(raw)
            return Padding(tuple((row[0], row[1]) for row in found.rows), is_even=False)
        if isinstance(found, Listing):
            found = Shape(found.items)
        if not isinstance(found, Shape):
            found = Shape((found,))
        if found.channels is not None or any(map(self.is_bad, found.sizes)):
            raise self.refused(raw)
        return Padding(tuple((size, size) for size in found.sizes))

    @staticmethod
    def is_bad(size: Expr) -> bool:
        value = exact(size)
        is_part = value is not None and (value.denominator != 1 or value < 0)
        return is_part or not is_single(size) or has_no_value(size) or is_word(size)

    def schema(self) -> Schema:
        one: Schema = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]}
        pair = {"type": "array", "items": one}
        return {"anyOf": [one, {"type": "array", "items": {"anyOf": [one, pair]}}]}

    def words(self) -> tuple[str, ...]:
        return self.WORDS
