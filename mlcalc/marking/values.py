"""A value that somebody wrote in the place of mlcalc's own: a published answer, or a student's.

It becomes an `Answer` like the one it stands for, against which others are compared and which
later problems may use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import cast

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.answers import as_shape
from mlcalc.marking.checking.collections import members
from mlcalc.marking.checking.distributions import TYPED_NAME, full_name, is_distribution
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.marking.checking.parts import own_name
from mlcalc.marking.checking.reading import read_value, read_values
from mlcalc.marking.checking.shapes import read_shapes
from mlcalc.marking.checking.truth import YES
from mlcalc.maths import reader
from mlcalc.maths.evaluate import Value, as_tree, evaluate, flattened, shape_of
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import source
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Chain, Expr, Number, Shape, Words, free_symbols, walk
from mlcalc.showing.derivation import Answer, Result, with_decimal

LONGEST = 200
"""Characters of a student's answer that goes into a later problem."""

LARGEST = 1000
"""How many times the key's own value a number of a student may be, where the next problem is
solved with it: a problem of a thousand times the size may take a million times as long."""

MOST_BITS = 100
"""Of a numerator or a denominator."""


def standing_in(answer: Answer, raw: Raw) -> Answer:
    """The answer with the value that was written.  Raises `Invalid` where it cannot be read."""
    value = first_read(answer, raw)
    found = replace(answer, value=value, interval=None, accepts=None)
    shape = as_shape(found)
    return replace(found, maths=shape if isinstance(shape, Shape) else maths_of(value))


def first_read(answer: Answer, raw: Raw) -> Result:
    """The value of the first reading that has one: as it stands, or with its wrapping off."""
    refusal: Invalid | None = None
    for reading in readings(raw, answer):
        try:
            return value_like(answer.value, reading)
        except Invalid as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def readings(raw: Raw, answer: Answer) -> Iterator[Raw]:
    """A claim as it stands, then what else it says with the words around it taken off."""
    if not isinstance(raw, Text):
        yield raw
        return
    from mlcalc.marking.checking.wrapping import as_it_stands, unwrapped

    raw = as_it_stands(raw)
    yield raw
    yield from unwrapped(raw, answer)


def maths_of(value: Result) -> Expr:
    match value:
        case Expr():
            return value
        case bool() | str() | Mapping():
            return Words(str(value))
        case tuple() if any(isinstance(part, Mapping) for part in value):
            return Words("as listed")
        case Fraction() | float():
            return with_decimal(value)
        case _:
            return as_tree(cast("Value", value))


def value_like(own: Result, raw: Raw) -> Result:
    """What was written, as the sort of value that `own` is."""
    match own:
        case bool():
            word = written(raw).strip().lower()
            if word not in YES:
                raise Invalid.at("yes or no is expected", raw.place)
            return YES[word]
        case str():
            return source(distribution(raw)) if is_distribution(read(own)) else written(raw).strip()
        case Mapping():
            entries = raw if isinstance(raw, Entries) else entries_of(raw)
            if entries is None:
                raise Invalid.at(f"names and values are expected: {', '.join(own)}", raw.place)
            typed = {own_name(key, own): part for key, part in entries.pairs}
            return {k: value_like(v, typed[k]) if k in typed else v for k, v in own.items()}
        case tuple() if any(isinstance(part, Mapping) for part in own):
            if not isinstance(raw, Items) or len(raw.items) != len(own):
                raise Invalid.at(f"a list of {len(own)} mappings is expected", raw.place)
            pairs = zip(own, raw.items, strict=True)
            return cast("Result", tuple(value_like(part, item) for part, item in pairs))
        case Shape():
            return read_shapes(raw)[0]
        case Call() if is_distribution(own):
            return distribution(raw)
        case Expr():
            return read_value(raw)
    number = cast("Value", own)
    found = read_values(raw) if isinstance(own, tuple) else read_value(raw)
    return alike(value_of(found, raw), number)


def read(text: str) -> Expr:
    """A word as notation; the word itself where it is none."""
    try:
        return reader.read(text)
    except Unreadable:
        return Words(text)


def distribution(raw: Raw) -> Expr:
    """A distribution as it is typed or printed: Beta(17, 185), θ | D ∼ Beta(17, 185)."""
    _, _, text = written(raw).replace("∼", "~").replace("\\sim", "~").rpartition("~")
    found = read(TYPED_NAME.sub(lambda match: full_name(match[0]), text))
    claims = found.members if isinstance(found, Chain) else (found,)
    found = next(filter(is_distribution, claims), found)
    if not is_distribution(found):
        raise Invalid.at("a distribution is expected, such as beta(2, 3)", raw.place)
    return found


def value_of(found: Expr, raw: Raw) -> Value | Expr:
    """A number, an array of them, or a formula where it has letters."""
    if free_symbols(found):
        return found
    parts = members(found)
    if parts is not None:
        return cast("Value", tuple(value_of(part, raw) for part in parts))
    try:
        return evaluate(found)
    except EvaluationError as error:
        raise Invalid.at(str(error), raw.place) from None


def alike(value: Value | Expr, own: Value) -> Value | Expr:
    """A list as the row, the column or the number that it stands for."""
    while isinstance(value, tuple) and len(value) == 1 and not isinstance(own, tuple):
        value = value[0]
    if isinstance(value, Expr) or not isinstance(own, tuple):
        return value
    flat = flattened(value)
    is_line = min(shape_of(own)) == 1 and len(flat) == len(flattened(own))
    if not is_line or len(shape_of(own)) != 2:
        return value
    return (tuple(flat),) if len(own) == 1 else tuple((number,) for number in flat)


def guessed(raw: Raw) -> Result:
    """A value of which nothing is known but its text."""
    if isinstance(raw, Entries):
        return {key.value: guessed(part) for key, part in raw.pairs}
    try:
        return value_of(read_value(raw), raw)
    except Invalid:
        return written(raw).strip()


def is_modest(value: Result, own: Result) -> bool:
    """Whether a problem can be solved with a student's value about as soon as with the key's."""
    if isinstance(own, Mapping) or isinstance(value, Mapping) or sort_of(value) != sort_of(own):
        return False
    ours = [abs(number) for number in numbers(own)]
    bound = LARGEST * max([Fraction(1), *ours])
    theirs = list(numbers(value))
    return len(theirs) <= max(1, len(ours)) and all(
        abs(number) <= bound and number.denominator.bit_length() <= MOST_BITS for number in theirs
    )


def sort_of(value: Result) -> object:
    """What is alike between values that can stand for each other."""
    match value:
        case bool():
            return bool
        case str():
            return sort_of(read(value))
        case Call() if is_distribution(value):
            return value.name
        case Shape(sizes, channels):
            return len(sizes), channels is None
        case Expr():
            return type(value) if isinstance(value, Words) else Expr
        case _:
            return shape_of(cast("Value", value))


def numbers(value: Result) -> Iterator[Fraction]:
    """All numbers that stand in a value."""
    match value:
        case bool() | Mapping():
            return
        case str():
            yield from numbers(read(value))
        case Expr():
            yield from (node.value for node in walk(value) if isinstance(node, Number))
        case _:
            for number in flattened(cast("Value", value)):
                if number == number and abs(number) != float("inf"):
                    yield Fraction(number)
