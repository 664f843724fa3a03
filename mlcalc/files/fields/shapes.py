"""Values that are sizes, shapes and cells.

A shape is read in the order in which it was typed; which of its sizes counts the channels depends
on how many axes a layer moves over, so `arranged` decides it once that is known, and nobody else.
"""

from __future__ import annotations

import re
from fractions import Fraction

from mlcalc.files.document import Items, Raw, Text, written
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.fields.base import FieldType, Schema, numeric, without_brackets
from mlcalc.files.fields.numbers import Quantity, has_no_value, is_single
from mlcalc.files.fields.volumes import in_words
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import GREEK_NAMES
from mlcalc.maths.tree import Expr, Listing, Mul, Number, Shape, Symbol, free_symbols, walk

MOST = 10**9
"""The largest size of an axis: beyond it no layer was ever meant."""

NO_SIZE = re.compile(r"true|false|yes|no|on|off|null|none|nan|inf|infinity|[x×][0-9].*", re.I)
"""Names that are no letters for a size: words of YAML, and what is left of a cut x3."""

CROSS = re.compile(r"(?<![*])[*](?![*])|(?<=[0-9])X(?=[0-9])")
CROSS_OF_NUMBERS = re.compile(r"(?<=[0-9])\s*[*X]\s*(?=[0-9])")
"""Between the sizes of a kernel, where 4*c is one size."""
BATCH = re.compile(r"(\s*[\[(]?)(\s*(?:None|null|\?|-1)\s*[,x×*])", re.IGNORECASE)

BY = re.compile(r"(?<=[0-9a-zA-Z)}])\s*(?:\\times\b|\\,?\\times\b|\bby\b)\s*(?=[0-9a-zA-Z({])")
"""What LaTeX and sentences write between two sizes."""
PRINTED = re.compile(r"\s*((?:[a-z]+\.)?(?:Size|TensorShape)\()([\[(].*[\])])(\))\s*", re.DOTALL)
"""torch.Size([1, 3, 224, 224]), TensorShape([None, 28, 28, 1])"""
THOUSANDS = re.compile(
    r"\s*[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\s*[x×]\s*[0-9]{1,3}(?:,[0-9]{3})*)+\s*"
)
UNIT = re.compile(
    r"(?<=[0-9])\s*(?:pixels?|px)\b|(?<=[0-9])\s+(?:images?|inputs?)\s*$", re.IGNORECASE
)
MOST_SIZES = 5
"""A batch, channels, depth, height and width."""

FEW_CHANNELS = (1, 3, 4)
"""Grey, colour, and colour with its opacity."""


def is_word(size: Expr) -> bool:
    """Whether a size has a name in it that is no letter for a number."""
    return any(NO_SIZE.fullmatch(letter.spelled) for letter in free_symbols(size))


class Amount(Quantity):
    """How many there are of something in a layer: a whole number from 1, or a letter."""

    least: int | None = 1
    whole: bool = True

    def check(self, raw: Raw, found: Expr) -> None:
        super().check(raw, found)
        value = exact(found)
        if is_word(found):
            raise self.refused(raw)
        if value is not None and value > MOST:
            raise self.refused(raw, f"a whole number up to {MOST:,}")


class Sizes(FieldType[Shape]):
    """One size for every axis, or one an axis: 3, 3x5, [3, 5]."""

    least: int = 1
    metavar = "SIZE"
    cross = CROSS_OF_NUMBERS

    @property
    def expected(self) -> str:  # type: ignore[override]  # it depends on the bound
        return f"a whole number from {self.least} such as 3, or one an axis such as 3x5"

    def read(self, raw: Raw) -> Shape:
        found = self.sizes_of(raw)
        if found.channels is not None:
            raise self.refused(raw)
        return found

    def shown(self, value: Shape) -> Expr:
        return value

    def sizes_of(self, raw: Raw) -> Shape:
        """The sizes in their order; the channels where an @ stands behind them."""
        raw = plainly(raw)
        found = numeric(crossed(raw, self.cross), reader.read_shape_or_value, self.expected)
        if isinstance(found, Listing):
            found = Shape(found.items)
        if not isinstance(found, Shape):
            found = Shape((found,))
        self.check(raw, (*(() if found.channels is None else (found.channels,)), *found.sizes))
        return found

    def check(self, raw: Raw, sizes: tuple[Expr, ...]) -> None:
        if not sizes:
            raise self.refused(raw)
        for size in sizes:
            value = exact(size)
            is_bad = value is not None and (value.denominator != 1 or value < self.least)
            if is_bad or not is_single(size) or has_no_value(size):
                raise self.refused(raw)
            if value is not None and value > MOST:
                raise self.refused(raw, f"sizes up to {MOST:,}")
            if is_word(size) or has_unit(size):
                raise self.refused(raw)

    def schema(self) -> Schema:
        one = {"anyOf": [{"type": "integer", "minimum": self.least}, {"type": "string"}]}
        return {"anyOf": [one, {"type": "array", "items": one}]}


class TensorShape(Sizes):
    """A tensor's size: 3@128x128, 4x4, [3, 128, 128], 128x128x3; `arranged` finds the channels."""

    metavar = "SHAPE"
    cross = CROSS
    expected = "a shape such as 3@128x128 or 4x4, each size a whole number from 1"

    def read(self, raw: Raw) -> Shape:
        found = self.sizes_of(without_batch(worded(raw)))
        if len(found.sizes) > MOST_SIZES:
            message = "a layer has one, two or three axes beside the channels and the batch"
            raise Invalid.at(message, raw.place)
        return found

    def remarks(self, raw: Raw, value: Shape) -> tuple[Note, ...]:
        notes: tuple[Note, ...] = ()
        if (plain := worded(raw)) != plainly(raw):
            text = f"'{written(raw).strip()}' is read as {one_line(value)}"
            notes = (Note("shape.words", text),)
        is_open = without_batch(plain) != plain
        return (*notes, batch_note("the size that is left open")) if is_open else notes


BRACKETED = re.compile(r"\s*[\[(]\s*\d+(?:\s*[x×*]\s*\d+)+\s*[\])]\s*")
"""A volume as course pages write it: [227x227x3]."""


def plainly(raw: Raw) -> Raw:
    """The sizes without what programs and sentences put around and between them."""
    if not isinstance(raw, Text):
        return raw
    text = raw.value
    if BRACKETED.fullmatch(text):
        text = without_brackets(text)
    if found := PRINTED.fullmatch(text):
        text = " " * len(found[1]) + found[2]
    text = BY.sub(lambda found: " × ".center(len(found[0])), text)
    if "×" in text:
        text = text.replace("$", " ")
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    text = UNIT.sub(lambda found: " " * len(found[0]), text)
    return raw if text == raw.value else replace(raw, value=text)


def worded(raw: Raw) -> Raw:
    """The shape as C@HxW where words count its channels or name its axes."""
    raw = plainly(raw)
    if not isinstance(raw, Text):
        return raw
    found = in_words(raw.value)
    return raw if found is None else Text(found, raw.place, exact=False)


def has_unit(size: Expr) -> bool:
    """Whether a size is a number with a word behind it, 28 px, and no formula in letters."""
    return any(
        isinstance(node, Mul)
        and any(isinstance(part, Number) for part in node.factors)
        and any(isinstance(p, Symbol) and len(p.name) > 1 and p.name.isalpha()
                and p.name.casefold() not in GREEK_NAMES for p in node.factors)
        for node in walk(size)
    )  # fmt: skip


def crossed(raw: Raw, cross: re.Pattern[str]) -> Raw:
    """The text with × for each * and X between two sizes that stand in no bracket."""
    if not isinstance(raw, Text) or not cross.search(raw.value):
        return raw
    signs, depth = list(raw.value), 0
    for place, sign in enumerate(signs):
        depth += (sign in "([{") - (sign in ")]}")
        if not depth and (found := cross.match(raw.value, place)):
            signs[place : found.end()] = "×".ljust(len(found[0]))
    return Text("".join(signs), raw.place, raw.quoted, raw.exact)


def without_batch(raw: Raw) -> Raw:
    """The shape without a first size that is None, as Keras prints them: (None, 28, 28, 1)."""
    match raw:
        case Text(value) if found := BATCH.match(value):
            start = len(found[1]) + len(found[2])
            return Text(found[1] + value[start:].lstrip(), raw.at(start), exact=False)
        case Items((Text(word), *rest)) if rest and word.lower() in ("none", "null", "?", "-1"):
            return Items(tuple(rest), raw.place)
    return raw


def batch_note(what: str) -> Note:
    return Note("shape.batch", f"{what} is the batch: one example is followed")


class Arranged(Record):
    """A shape with its channels first, and what there is to say of how it was found."""

    shape: Shape
    notes: tuple[Note, ...] = ()


def arranged(
    shape: Shape, axes: int, place: Place, channels: Expr | None = None, is_sequence: bool = False
) -> Arranged:
    """The shape over so many axes beside the channels, which come first.

    `channels` is their number where something else tells it.  A sequence has its features last.
    Of one size more than axes, the reading whose height and width are equal is taken, else the
    one with 1, 3 or 4 channels; letters alone have the channels first.  Raises `Invalid` with both
    readings where nothing decides.
    """
    sizes = shape.sizes
    if shape.channels is not None or len(sizes) <= axes or len(sizes) > axes + 2:
        return Arranged(shape)
    if is_sequence:
        # Features stand last, and such a shape is a sequence as it is.
        if len(sizes) == axes + 1:
            return Arranged(shape)
        return Arranged(Shape(sizes[1:]), (batch_note(f"the first of {crosses(sizes)}"),))
    if len(sizes) == axes + 2:
        found = arranged(Shape(sizes[1:]), axes, place, channels)
        return Arranged(found.shape, (batch_note(f"the first of {crosses(sizes)}"), *found.notes))
    first, last = Shape(sizes[1:], sizes[0]), Shape(sizes[:-1], sizes[-1])
    taken, reason = plausible(first, last, channels)
    if taken is None:
        readings = " or ".join(source(one).replace(" ", "") for one in (first, last))
        message = f"the channels of {crosses(sizes)} may be its first size or its last"
        raise Invalid.at(f"{message}: write {readings}", place)
    note = f"{crosses(sizes)} is read as {one_line(taken)}: {reason}"
    return Arranged(taken, (Note("shape.order", note),))


def plausible(first: Shape, last: Shape, channels: Expr | None) -> tuple[Shape | None, str]:
    """The likelier of the readings with the channels first and last, and why it is."""
    both = (first, last)
    known = [one for one in both if one.channels == channels]
    if channels is not None and len(known) == 1:
        return known[0], "the layer has so many channels"
    if first == last:
        volume = one_line(Shape(first.sizes[:1] + first.sizes))
        return first, f"all sizes are equal (a volume is written 1@{volume})"
    for count in (len(first.sizes), 2):
        square = [one for one in both if count > 1 and len(set(one.sizes[-count:])) == 1]
        if len(square) == 1:
            return square[0], "the equal neighbours are the picture, the other size the channels"
    few = [one for one in both if one.channels is not None and exact(one.channels) in FEW_CHANNELS]
    if len(few) == 1:
        return few[0], "a single 1, 3 or 4 at an end counts the channels"
    if any(exact(size) is None for size in (*first.sizes, *last.sizes)):
        return first, "letters have the channels first"
    return None, ""


def crosses(sizes: tuple[Expr, ...]) -> str:
    """The sizes as one line: 32×32×16."""
    return one_line(Shape(sizes))


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
        values = [
            exact(item) for item in reader.items_of(numeric(raw, reader.read_list, self.expected))
        ]
        found = tuple(v for v in values if v is not None and v.denominator == 1 and v >= 1)
        if len(found) != len(values) or not found:
            raise self.refused(raw)
        return found

    def schema(self) -> Schema:
        indices = {"type": "array", "items": {"type": "integer", "minimum": 1}}
        return {"anyOf": [{"type": ["integer", "string"]}, {**indices, "minItems": 1}]}

    def words(self) -> tuple[str, ...]:
        return self.CORNERS
