"""A hypothesis class as it is typed: `intervals(2)`, `polynomials(degree=2)`, `k-cnf(2)`.

The names hold hyphens, which are a minus everywhere else, so the name is taken off first and only
the arguments are read as maths.  Letters may stand where numbers do: `intervals(m)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType, Schema, as_number, has_no_value, is_single, whole
from mlcalc.files.problem import Field, Problem
from mlcalc.learning.class_catalogue import CLASSES, ClassFacts, Size, synonyms
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.near import closest, plain_name
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Chain, Expr, Symbol

if TYPE_CHECKING:
    from mlcalc.learning.separation import Point
    from mlcalc.learning.shattering.model import Decider

SPELLING = re.compile(
    r"\s*(?:(?P<count>\d{1,18})[-\s]\s*)?(?P<name>[^\W\d_][^()]*?)\s*(?:\((?P<inside>.*)\)\s*)?",
    re.DOTALL,
)
"""A name, with its sizes in brackets, or with a number in front: 2-cnf, 3-nearest-neighbours."""


ALL_CLASSES = f"; the classes are {', '.join(CLASSES)}"


@cache
def singular(word: str) -> str:
    """What singular and plural of a name have in common, hyphens apart: half-spaces, halfspace."""
    found = re.sub(r"(?<=[a-z])(?:ies|y)$", "y", word.casefold())
    return plain_name(re.sub(r"(?<=[a-rt-z])s$", "", found))


def named_singly() -> Mapping[str, str]:
    """The name of each class by all of its names in the singular."""
    names = {**{name: name for name in CLASSES}, **synonyms()}
    return {singular(word): name for word, name in names.items()}


def space_given(given: Problem, of_class: Field[Any], field: Field[Any]) -> Expr | None:
    """The dimension that was given, in its own field or in the words of the class."""
    named, dimension = given.values[of_class.name], given.values[field.name]
    said: Expr | None = None if named is None else named.space
    typed: Expr | None = dimension
    if said is None or typed is None:
        return said if typed is None else typed
    number = exact(said)
    if said != dimension and (number is None or number != exact(dimension)):
        message = f"the class says {one_line(said)}, and this {one_line(dimension)}: give one"
        raise given.fault(message, field)
    return typed


class HypothesisClass(Record):
    """A class by its name, and its sizes by theirs; those left out have their default.

    `unsaid` are the sizes whose letter nobody typed.
    """

    name: str
    sizes: tuple[tuple[str, Expr], ...] = ()
    unsaid: tuple[str, ...] = ()
    space: Expr | None = None
    """The dimension, or number of attributes, that was said with the name: in the plane."""

    def apart_from(self, *typed: Expr | None) -> HypothesisClass:
        """The class with letters for its unsaid sizes that none of the typed formulas has."""
        known = dict(self.sizes)
        taken = letters_in(*typed, *(known[name] for name in known if name not in self.unsaid))
        for name in self.unsaid:
            known[name] = letter = free_letter(taken, "k")
            taken.add(letter)
        return HypothesisClass(self.name, tuple(known.items()), self.unsaid, self.space)

    @property
    def letters(self) -> set[Symbol]:
        return letters_in(self.space, *(value for _, value in self.sizes))

    def size(self, name: str) -> Expr | None:
        """The size as a formula; None where the class has none of that name."""
        return dict(self.sizes).get(name)

    def number(self, name: str) -> int | None:
        """The size where it is a whole number; None where it is a letter or not there."""
        found = self.size(name)
        return None if found is None else whole(found)

    @property
    def sort(self) -> ClassFacts:
        return CLASSES[self.name]

    def decider(
        self, points: Sequence[Point], names: tuple[Symbol, ...] | None = None
    ) -> Decider | None:
        """What decides labelings of the points; None for theory only, or sizes in letters."""
        found = self.of_room(self.sort.decider) if self.sort.decider else None
        decider: Decider | None = None if found is None else found.of(self, points)
        if decider is not None and names is not None:
            decider.names = names
        return decider

    @staticmethod
    def of_room(place: str) -> Any:
        """What stands at that place in this room, such as consistent.neighbours."""
        module, _, name = place.rpartition(".")
        return getattr(import_module(f"{__package__}.{module}"), name)

    @property
    def over_attributes(self) -> bool:
        return self.sort.over_attributes

    @property
    def noun(self) -> str:
        """In a sentence: rotated rectangles, polynomial classifiers (degree=2)."""
        word, sizes = self.sort.noun or self.name.replace("-", " "), self.written_sizes()
        return f"{word} ({sizes})" if sizes else word

    def written_sizes(self) -> str:
        """Those that are not the default: degree=2."""
        sizes = [s for s in self.sort.sizes if self.size(s.name) not in (None, s.default)]
        return ", ".join(f"{s.name}={one_line(dict(self.sizes)[s.name])}" for s in sizes)

    def __str__(self) -> str:
        """As it is typed: intervals(count=2), polynomials(degree=2)."""
        sizes = self.written_sizes()
        return f"{self.name}({sizes})" if sizes else self.name


class NamedClass(FieldType[HypothesisClass]):
    """A hypothesis class by name, with its sizes."""

    metavar = "CLASS"
    expected = "a hypothesis class such as linear, intervals(2) or polynomials(degree=2)"

    def read(self, raw: Raw) -> HypothesisClass:
        if not isinstance(raw, Text):
            raise self.refused(raw)
        plain = SPELLING.fullmatch(raw.value)
        if plain is not None and plain["name"] in CLASSES:
            return self.named(raw, raw)
        from mlcalc.learning.class_words import apart_from_space

        said, space = apart_from_space(raw.value)
        named = self.named(replace(raw, value=said, exact=raw.exact and said in raw.value), raw)
        return replace(named, space=space)

    def named(self, bare: Text, raw: Text) -> HypothesisClass:
        """The class of the words that say nothing of its space."""
        found = SPELLING.fullmatch(bare.value)
        if found is None:
            raise self.refused(raw)
        name = self.canonical(found["name"])
        if name not in CLASSES:
            # What stands in brackets, or many words, is no slip of the pen.
            is_name = "(" not in bare.value and len(bare.value.split()) < 4
            hint = closest(name, (*CLASSES, *synonyms())) if is_name else ""
            raise self.refused(raw, hint=hint or ALL_CLASSES)
        values: list[Expr | tuple[str, Expr]] = []
        if found["count"]:
            values.append(as_number(int(found["count"])))
        if found["inside"] is not None:
            values += self.arguments(bare, found["inside"], found.start("inside"))
        return self.sized(raw, name, values)

    @staticmethod
    def canonical(spelled: str) -> str:
        """The name in our spelling: `Half planes` and `half_planes` are linear."""
        word = re.sub(r"[\s_-]+", "-", spelled.strip().casefold())
        bare = re.sub(r"-(?:classifiers?|functions?|hypothes[ei]s|rules?)$", "", word)
        known = named_singly()
        return known.get(singular(word)) or known.get(singular(bare)) or word

    @staticmethod
    def arguments(raw: Text, inside: str, offset: int) -> list[Expr | tuple[str, Expr]]:
        """What stands in the brackets: values, and values with their names."""
        try:
            items = reader.items_of(reader.read(f"[{inside}]"))
        except Unreadable as error:
            raise Invalid.at(error.message, raw.at(offset + error.position - 1)) from None
        values: list[Expr | tuple[str, Expr]] = []
        for item in items:
            match item:
                case Chain(Symbol() as name, (("=", value),)):
                    values.append((name.spelled, value))
                case _:
                    values.append(item)
        return values

    def sized(self, raw: Raw, name: str, values: list[Expr | tuple[str, Expr]]) -> HypothesisClass:
        """The class with the values by the names of its parameters, each within its bounds."""
        known = {size.name: size for size in CLASSES[name].sizes}
        found: dict[str, Expr] = {}
        for value in values:
            key, value = value if isinstance(value, tuple) else (next(iter(known), ""), value)
            if key not in known:
                takes = f"takes {' or '.join(known)} alone" if known else "takes no size"
                raise Invalid.at(f"{name} {takes}{f', not {key}' if key else ''}", raw.place)
            if key in found:
                raise Invalid.at(f"{key} is given twice", raw.place)
            self.check(raw, name, known[key], value)
            found[key] = value
        filled = {s.name: found.get(s.name, s.default) for s in known.values()}
        sizes = tuple((key, value) for key, value in filled.items() if value is not None)
        unsaid = (key for key, value in sizes if key not in found and isinstance(value, Symbol))
        return HypothesisClass(name, sizes, tuple(unsaid))

    def check(self, raw: Raw, name: str, size: Size, value: Expr) -> None:
        number = exact(value)
        is_bad = not is_single(value) or has_no_value(value)
        if number is not None and size.is_whole:
            is_bad = number.denominator != 1 or number < size.least
        elif number is not None:
            is_bad = number <= Fraction(0)
        if is_bad:
            wanted = f"a whole number from {size.least}" if size.is_whole else "a positive number"
            example = f"{name}({size.name}={max(size.least, 2)})"
            raise self.refused(raw, f"{wanted}, or a letter, as {size.name} of {name}: {example}")

    def remarks(self, raw: Raw, value: HypothesisClass) -> tuple[Note, ...]:
        if value.space is None or not isinstance(raw, Text):
            return ()
        what = "attributes" if value.over_attributes else "dimension"
        text = f"'{' '.join(raw.value.split())}' is read as {value}, {what} {one_line(value.space)}"
        return (Note("given.class", text),)

    def schema(self) -> Schema:
        return {"type": "string"}

    def words(self) -> tuple[str, ...]:
        return tuple(CLASSES)
