"""YAML and JSON as plain text values with marks: every scalar is what the person typed, and where.

YAML's own types would turn `1:30` into 90 and `no` into false, and its aliases can make a small
file enormous; so types are left to the schema, and what no problem file needs is refused.
Files are opened and read by `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mlcalc.files.errors import Place
from mlcalc.files.yaml_writer import typed
from mlcalc.maths.records import Record

LINE_BREAK = re.compile(r"\r\n|\r|\n")
"""What ends a line of a file, whichever system wrote it."""


class Text(Record):
    """A scalar as it was typed.

    Where `exact`, character i of `value` stands in column `place.column + i` of the source.
    """

    value: str
    place: Place
    quoted: bool = False
    exact: bool = True

    def at(self, index: int) -> Place:
        """The place of character `index`, or of the scalar where escapes or folds shift it."""
        return self.place.moved(index) if self.exact else self.place


class Items(Record):
    """A list; the members of a long one are made where they are read."""

    items: Sequence[Raw]
    place: Place


class Entries(Record):
    """A mapping in the order of the source; no two keys are equal."""

    pairs: tuple[tuple[Text, Raw], ...]
    place: Place

    def get(self, key: str) -> Raw | None:
        """The value of that key, if there is one."""
        for name, value in self.pairs:
            if name.value == key:
                return value
        return None

    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the source."""
        return tuple(name.value for name, _ in self.pairs)


Raw = Text | Items | Entries


def plain(raw: Raw) -> Any:
    """The same as nested dicts, lists and texts."""
    match raw:
        case Text(value):
            return value
        case Items(items):
            return [plain(item) for item in items]
        case Entries(pairs):
            return {key.value: plain(value) for key, value in pairs}


def written(raw: Raw) -> str:
    """The same on one line, as a message or a verdict names it: [[1, 2], [3]]."""
    match raw:
        case Text(value):
            return value
        case Items(items):
            return f"[{', '.join(map(written, items))}]"
        case Entries(pairs):
            return f"{{{', '.join(f'{key.value}: {written(value)}' for key, value in pairs)}}}"


def from_plain(value: object, place: Place) -> Raw:
    """Nested dicts, lists, texts and numbers as nodes that all stand at one place."""
    if isinstance(value, Mapping):
        pairs = ((_at(key, place), from_plain(item, place)) for key, item in value.items())
        return Entries(tuple(pairs), place)
    if isinstance(value, list | tuple):
        return Items(tuple(from_plain(item, place) for item in value), place)
    return _at(value, place)


def _at(value: object, place: Place) -> Text:
    # `exact` only if the place was made from this very text, as that of a flag is.
    text = typed(value)
    return Text(text, place, exact=place.text[place.column - 1 :].startswith(text))
