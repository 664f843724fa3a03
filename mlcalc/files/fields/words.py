"""Values that are words: one of a few, a text, several, on or off, a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import FieldType, Schema, is_empty, part_of, tree, without_brackets
from mlcalc.maths.near import closest, plain_name
from mlcalc.maths.records import kept, replace
from mlcalc.maths.tree import Symbol

SIGNS = re.compile(r"[,;\r\n]")
BETWEEN_SIGNS = re.compile(r"[^,;\r\n]+")
BETWEEN_SPACES = re.compile(r"\S+")
BETWEEN_PARTS = re.compile(r"[\s_‐‑–-]+")


class Word(FieldType[str]):
    """One of a few words, each with what it means; synonyms are read as the word they mean.

    The `nouns` may stand behind a word, or before it: cross-entropy loss, PAC agnostic.
    """

    meanings: Mapping[str, str]
    synonyms: Mapping[str, str] = MappingProxyType({})
    nouns: tuple[str, ...] = ()
    metavar = "WORD"

    def read(self, raw: Raw) -> str:
        listed = ", ".join(self.meanings)
        if not isinstance(raw, Text):
            raise self.refused(raw, f"one of {listed}")
        found = self.word_of(raw.value)
        if not found:
            hint = closest(raw.value.strip(), (*self.meanings, *self.synonyms))
            raise self.refused(raw, f"one of {listed}", hint)
        return found

    def word_of(self, typed: str) -> str:
        """The word that a spelling means; empty where it is none."""
        return next(filter(None, map(self.meant.get, self.bare(typed))), "")

    @kept
    def meant(self) -> Mapping[str, str]:
        """The word for each spelling, folded."""
        spellings = {**self.synonyms, **{word: word for word in self.meanings}}
        return {plain_name(spelling): word for spelling, word in spellings.items()}

    def bare(self, typed: str) -> Iterator[str]:
        """What was typed, folded, and the same without a noun."""
        yield plain_name(typed)
        parts = BETWEEN_PARTS.split(typed.strip().casefold())
        for noun in (noun.split() for noun in self.nouns):
            if parts[-len(noun) :] == noun:
                yield "".join(parts[: -len(noun)])
            if parts[: len(noun)] == noun:
                yield "".join(parts[len(noun) :])

    def knows_word(self, name: str) -> bool:
        return plain_name(name) in self.meant

    def schema(self) -> Schema:
        return {"enum": [*dict.fromkeys((*self.meanings, *self.synonyms, *self.meant))]}

    def words(self) -> tuple[str, ...]:
        return tuple(self.meanings)

    def shown(self, value: str) -> str:
        return value


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


def words_of(raw: Raw, example: str, known: Collection[str] = ()) -> list[Text]:
    """The words of a list: red, blue, red; [red, blue]; red blue; a word a line.

    What is `known` as one name is one, spaces and all.  Raises `Invalid` with the example of what
    to write.
    """
    words: list[Text] = []
    match raw:
        case Text(value) if value.strip() in known:
            return [part_of(raw, 0, len(value))]
        case Text():
            opened = replace(raw, value=without_brackets(raw.value))
            separated = BETWEEN_SIGNS if SIGNS.search(opened.value.strip()) else BETWEEN_SPACES
            parts = (part_of(opened, *found.span()) for found in separated.finditer(opened.value))
            words = [part for part in parts if part.value]
        case Items(items):
            words = [item for item in items if isinstance(item, Text) and item.value]
            words = words if len(words) == len(items) else []
        case Entries(pairs):
            words = [key for key, value in pairs if is_empty(value)]
            words = words if len(words) == len(pairs) else []
    if not words:
        raise Invalid.at(f"expected a list of words such as {example}", raw.place)
    return words


NUMERALS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
"""The numbers from 0 as words."""

ON_OR_OFF = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Switch(FieldType[bool]):
    """Yes or no."""

    metavar = ""
    expected = "true or false"
    is_switch = True

    def read(self, raw: Raw) -> bool:
        if isinstance(raw, Text) and raw.value.lower() in ON_OR_OFF:
            return ON_OR_OFF[raw.value.lower()]
        raise self.refused(raw)

    def shown(self, value: bool) -> str:
        return "yes" if value else "no"

    def schema(self) -> Schema:
        return {"enum": [True, False, "yes", "no", "on", "off"]}


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
