"""What all sorts of values share: how one is read, described and checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from mlcalc.derivation import Note
from mlcalc.display import visible
from mlcalc.document import Entries, Items, Raw, Text, written
from mlcalc.errors import Invalid
from mlcalc.maths import reader
from mlcalc.maths.listed import listed
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import (
    Expr,
)
from mlcalc.records import Record

T_co = TypeVar("T_co", covariant=True)

Schema = dict[str, Any]

TreeReader = Callable[[str], Expr]

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

    def remarks(self, raw: Raw, value: T_co) -> tuple[Note, ...]:  # type: ignore[misc]
        """What a reader of the answer should know of how `raw` was taken for `value`."""
        return ()

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
            return listed([tree(item, read) for item in items])
        case Entries():
            raise Invalid.at("expected a value or a list here, not keys and values", raw.place)
