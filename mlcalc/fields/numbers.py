"""Values that are numbers, or letters that stand for them."""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.document import Items, Raw
from mlcalc.fields.base import NUMBER_OR_TEXT, FieldType, Schema, tree
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.tree import (
    Cases,
    Chain,
    Expr,
    Hadamard,
    Listing,
    MatMul,
    Matrix,
    Number,
    Shape,
    Transpose,
    free_symbols,
    walk,
)

NOT_SINGLE = (Cases, Chain, Hadamard, Listing, MatMul, Matrix, Shape, Transpose)


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


def is_number(item: Expr) -> bool:
    """Whether an item is one number: 3, 1/3, but also pi/2 or sqrt(2)."""
    try:
        return is_single(item) and math.isfinite(scalar(item))
    except EvaluationError:
        return False


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
