"""Values that are sizes, shapes and cells."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.document import Raw, Text
from mlcalc.errors import closest
from mlcalc.fields.base import FieldType, Schema, tree
from mlcalc.fields.numbers import has_no_value, is_single
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    Expr,
    Listing,
    Shape,
)


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
