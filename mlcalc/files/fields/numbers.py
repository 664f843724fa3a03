"""Values that are numbers, or letters that stand for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from mlcalc.files.columns import column_of
from mlcalc.files.display import visible
from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import (
    MOST_DIGITS,
    NUMBER_OR_TEXT,
    FieldType,
    Schema,
    numeric,
    texts_of,
)
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.digit_groups import lists_like_groups, written_in_groups
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, TooLarge, is_finite
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import MAX_DIGITS
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

MOST_SHOWN = 6
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
        value = exact(numeric(raw, expected=self.expected))
        if value is None or value.denominator != 1 or not self.least <= value <= self.most:
            raise self.refused(raw, hint=spelling_hint(raw))
        return value.numerator

    def remarks(self, raw: Raw, value: int) -> tuple[Note, ...]:
        return number_notes(raw)

    def shown(self, value: int) -> Expr:
        return as_number(value)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Quantity(FieldType[Expr]):
    """A number, or a formula in letters; `least` and `whole` bound a number that is given."""

    least: int | None = None
    whole: bool = False
    most: int | None = MOST_DIGITS
    """The digits of the largest number; None where it is never made a float."""
    metavar = "NUMBER"

    @property
    def expected(self) -> str:  # type: ignore[override]  # it depends on the bounds
        kind = "a whole number" if self.whole else "a number"
        bound = "" if self.least is None else f" from {self.least}"
        return f"{kind}{bound} or a letter"

    def read(self, raw: Raw) -> Expr:
        found = numeric(raw, expected=self.expected, most=self.most)
        self.check(raw, found)
        return found

    def remarks(self, raw: Raw, value: Expr) -> tuple[Note, ...]:
        return number_notes(raw)

    def shown(self, value: Expr) -> Expr:
        return value

    def check(self, raw: Raw, found: Expr) -> None:
        is_bad = not is_single(found) or has_no_value(found)
        value = exact(found)
        too_small = value is not None and self.least is not None and value < self.least
        is_part = value is not None and self.whole and value.denominator != 1
        if is_bad or too_small or is_part:
            raise self.refused(raw, hint=spelling_hint(raw))

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
        raw = with_points(column_of(raw))
        if isinstance(raw, Items):
            items = tuple(numeric(item, expected="a number") for item in raw.items)
        else:
            items = reader.items_of(numeric(raw, reader.read_list, self.expected))
        for number, item in enumerate(items):
            if not is_number(item):
                if isinstance(raw, Items):
                    raise self.refused(raw.items[number], "a number")
                raise self.refused(raw)
        if not items:
            raise self.refused(raw)
        return items

    def shown(self, value: tuple[Expr, ...]) -> Expr | str:
        return shown_list(value)

    def remarks(self, raw: Raw, value: tuple[Expr, ...]) -> tuple[Note, ...]:
        notes = number_notes(raw) if isinstance(raw, Items) else list_notes(raw)
        if raw is not (pointed := with_points(raw)):
            listed = ", ".join(text.value.strip() for text in texts_of(pointed))
            shown = visible(listed.replace(";", ","), most=60)
            notes = (Note("given.commas", f"the commas are read as decimal: {shown}"), *notes)
        return notes

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array", "items": NUMBER_OR_TEXT}, NUMBER_OR_TEXT]}


DECIMAL = r"\s*[+−–-]?[0-9]+(?:,[0-9]+)?\s*"
"""A number that may have a decimal comma, in a list whose signs are others."""
WITH_COMMAS = re.compile(rf"[\[(]?{DECIMAL}(?:;{DECIMAL})+[\])]?\s*")
LINES_WITH_COMMAS = re.compile(r"\s*[0-9]+,[0-9]+(?:[^\S\n]*\n\s*[0-9]+,[0-9]+)+\s*")
GROUPED = re.compile(r"\s*[+−–-]?[1-9][0-9]{0,2},[0-9]{3}\s*")


def with_points(raw: Raw) -> Raw:
    """The list with points where its commas can be nothing but decimal ones: 0,5; 1,5.

    Raises `Invalid` where they may as well separate, as in a column of 0,5 and 1,5.
    """
    if isinstance(raw, Items):
        texts = [item for item in raw.items if isinstance(item, Text)]
        cells = [text.value for text in texts]
        if len(texts) < len(raw.items) or not are_decimal(cells):
            return raw
        pointed = (replace(text, value=text.value.replace(",", ".")) for text in texts)
        return Items(tuple(pointed), raw.place)
    if not isinstance(raw, Text) or "," not in raw.value:
        return raw
    if LINES_WITH_COMMAS.fullmatch(raw.value):
        cells = raw.value.split()
        decimal = ", ".join(cell.replace(",", ".") for cell in cells[:MOST_SHOWN])
        apart = ", ".join(cell.replace(",", ", ") for cell in cells[:MOST_SHOWN])
        rest = ", …" if len(cells) > MOST_SHOWN else ""
        message = f"this can be read in two ways: write {decimal}{rest} or {apart}{rest}"
        raise Invalid.at(message, raw.place)
    if WITH_COMMAS.fullmatch(raw.value) and are_decimal(raw.value.strip(" []()\n").split(";")):
        return replace(raw, value=raw.value.replace(",", "."))
    return raw


def are_decimal(cells: list[str]) -> bool:
    """Whether each cell is a number, and one has a comma that stands before no thousand."""
    with_comma = [cell for cell in cells if "," in cell]
    is_plain = all(re.fullmatch(DECIMAL, cell) for cell in with_comma)
    return is_plain and not all(map(GROUPED.fullmatch, with_comma))


MOST_VALUES = 12
"""The longest list that a worked answer repeats among its givens as a whole."""


def shown_list(values: Sequence[Expr]) -> Expr | str:
    """A list as it was read; of a long one its ends and how many there are."""
    if len(values) <= MOST_VALUES:
        return Listing(tuple(values))
    first = ", ".join(map(one_line, values[:5]))
    return f"{first}, …, {one_line(values[-1])} ({len(values)} values)"


COMMA = re.compile(r"\s*([+−-]?[0-9]+),([0-9]+)\s*(%?)\s*")
HEXADECIMAL = re.compile(r"\s*(0[xX][0-9]+)\s*")


def spelling_hint(raw: Raw) -> str:
    """What to write for 0,08 or 0x10 where one number is asked for."""
    text = raw.value if isinstance(raw, Text) else ""
    if found := COMMA.fullmatch(text):
        left, right, percent = found.groups()
        both = f"two numbers, {left} and {right}, do not fit here"
        return f": write {left}.{right}{percent} for a decimal comma; {both}"
    if found := HEXADECIMAL.fullmatch(text):
        return f": write {int(found[1], 16)}" if len(found[1]) < MAX_DIGITS else ""
    return ""


def number_notes(raw: Raw) -> tuple[Note, ...]:
    """How single numbers were read whose spelling others may take for something else."""
    return notes_of(raw, written_in_groups, "given.thousands", "{} is read as the number {}")


def list_notes(raw: Raw) -> tuple[Note, ...]:
    """How lists were read that look like single numbers: 1,000."""
    text = "{} is read as the list {}, since a list stands here"
    return notes_of(raw, lists_like_groups, "given.list", text)


def notes_of(
    raw: Raw, found_in: Callable[[str], list[tuple[str, str]]], name: str, text: str
) -> tuple[Note, ...]:
    pairs = [pair for part in texts_of(raw) for pair in found_in(part.value)]
    return tuple(Note(name, text.format(*pair)) for pair in dict.fromkeys(pairs))


def is_number(item: Expr) -> bool:
    """Whether an item is one number: 3, 1/3, but also pi/2 or sqrt(2)."""
    try:
        return is_single(item) and is_finite(scalar(item))
    except EvaluationError:
        return False


def is_single(item: Expr) -> bool:
    """Whether an item is one number or a formula for one: no list, and no relation."""
    is_plain = isinstance(item, Number)
    return is_plain or not any(isinstance(node, NOT_SINGLE) for node in walk(item))


def has_no_value(item: Expr) -> bool:
    """Whether a formula is neither an exact number nor one in letters: 1/0, inf, sqrt(2)."""
    try:
        return not isinstance(scalar(item), Fraction)
    except TooLarge:
        return False
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
