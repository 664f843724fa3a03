"""A kind of problem, defined once: its fields give flags, help, YAML keys, schema and messages.

A kind is a subclass of `Problem` whose attributes are fields:

    class Problem(problem.Problem):
        kernel = optional(Sizes(), "kernel size, such as 3 or 3x5")
        stride = default(Sizes(), "1", "step from one window to the next")

`Problem.read` turns what was typed, by flag or by YAML, into an instance whose attributes are
the values; all complaints of one problem are raised together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar, overload

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.fields import Anything, FieldType, Schema, Switch
from mlcalc.files.fields.words import ON_OR_OFF
from mlcalc.maths.board import Note
from mlcalc.maths.near import closest, plain_name
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(eq=False)
class Field(Generic[T_co]):
    """One field of a kind; reading the attribute of a problem gives its value."""

    takes: FieldType[Any]
    description: str
    default: str | None = None
    """The text that stands for the field when it is not given."""
    required: bool = False
    positional: bool = False
    aliases: tuple[str, ...] = ()
    """Other names of the field, such as W_hx for W_xh; the one that was typed is printed."""
    short: str = ""
    """A one-letter flag, such as f for --format."""
    hidden: bool = False
    """Whether `--help` and the list of known fields leave it out: another stands for it."""
    name: str = ""
    attribute: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute, self.name = name, name.rstrip("_")

    @overload
    def __get__(self, instance: None, owner: type) -> Field[T_co]: ...
    @overload
    def __get__(self, instance: Problem, owner: type) -> T_co: ...
    def __get__(self, instance: Problem | None, owner: type) -> Field[T_co] | T_co:
        if instance is None:
            return self
        # Nearly always the value stands in the instance, where it is found before its field.
        value: T_co = instance.values[self.name]
        return value

    @cached_property
    def absent(self) -> T_co | None:
        """What stands for the field where it is not given: the text of its default is read once."""
        if self.default is None:
            return None
        found: T_co = self.takes.read(Text(self.default, Place(self.flag, self.default)))
        return found

    @property
    def flag(self) -> str:
        return flag_of(self.name)

    def schema(self) -> Schema:
        """The JSON Schema of the field as a YAML key."""
        out = {"description": self.description, **self.takes.schema()}
        return out if self.default is None else {**out, "default": self.default}


def flag_of(name: str) -> str:
    """The flag of a field's name."""
    return "--" + name.replace("_", "-")


def required(
    takes: FieldType[T], description: str, positional: bool = False, aliases: tuple[str, ...] = ()
) -> Field[T]:
    """A field that a problem cannot do without."""
    return Field(takes, description, required=True, positional=positional, aliases=aliases)


def optional(
    takes: FieldType[T],
    description: str,
    positional: bool = False,
    aliases: tuple[str, ...] = (),
    short: str = "",
    hidden: bool = False,
) -> Field[T | None]:
    """A field whose value is None where it is not given."""
    return Field(
        takes, description, positional=positional, aliases=aliases, short=short, hidden=hidden
    )


def default(
    takes: FieldType[T], text: str, description: str, short: str = "", aliases: tuple[str, ...] = ()
) -> Field[T]:
    """A field that stands for `text` where it is not given."""
    return Field(takes, description, default=text, short=short, aliases=aliases)


Pair: TypeAlias = tuple[Text, Raw]
Pairs: TypeAlias = tuple[Pair, ...]

ALONE, NAMED = default(Switch(), "false", ""), optional(Anything(), "")
"""How a word of a field stands alone, and a value by a name of its own."""

QUOTED = re.compile(r"(?<!\w)('[^']*')(?!\w)")


class Problem:
    """The givens of one problem of a kind."""

    fields: ClassVar[Mapping[str, Field[Any]]] = {}
    spellings: ClassVar[Mapping[str, Field[Any]]] = {}
    """The fields by all of their names."""
    plain_names: ClassVar[Mapping[str, str]] = {}
    """The names as we spell them, by what all spellings of each have in common."""

    second: ClassVar[str] = ""
    """The field that a second value without a name is for."""

    other_words: ClassVar[Mapping[str, str]] = {}
    """What is said of words that are no field here, by what all their spellings have in common."""

    def __init_subclass__(cls) -> None:
        own = {f.name: f for f in vars(cls).values() if isinstance(f, Field)}
        cls.fields = {**cls.fields, **own}
        cls.spellings = {n: f for f in cls.fields.values() for n in (f.name, *f.aliases)}
        cls.plain_names = {plain_name(name): name for name in cls.spellings}

    @classmethod
    def own_field(cls, name: str, typed: str) -> Field[Any] | None:
        """What takes a name that is no field's: --gaussian as a switch, --sigma 2 as a value.

        `typed` is all that was typed beside it.
        """
        if plain_name(name) in cls.plain_names:
            return None
        if cls.has_own_value(name, typed):
            return NAMED
        return None if cls.field_of_word(name) is None else ALONE

    @classmethod
    def has_own_value(cls, name: str, typed: str) -> bool:
        """Whether a name that is no field's has a value here, as x of x*y has."""
        return False

    @classmethod
    def own_values(cls, given: Entries) -> tuple[Pairs, Pairs]:
        """The values by names of their own, and the fields, as well as what is neither."""
        is_field = [plain_name(key.value) in cls.plain_names for key, _ in given.pairs]
        if all(is_field):
            return (), given.pairs
        pairs = list(zip(given.pairs, is_field, strict=True))
        beside = "\n".join(written(raw) for (_, raw), known in pairs if known)
        own, rest = list[Pair](), list[Pair]()
        for pair, known in pairs:
            is_own = not known and cls.has_own_value(pair[0].value, beside)
            (own if is_own else rest).append(pair)
        return tuple(own), tuple(rest)

    @classmethod
    def field_of_word(cls, name: str) -> Field[Any] | None:
        """The only field that has a name among its words: the model, of gaussian."""
        found = [field for field in cls.fields.values() if field.takes.knows_word(name)]
        return found[0] if len(found) == 1 else None

    @classmethod
    def unfolded(cls, given: Entries) -> Entries:
        """The same with the field of each word that stands alone: gaussian as the model."""
        return replace(given, pairs=tuple(cls.unfolded_pair(*pair) for pair in given.pairs))

    @classmethod
    def unfolded_pair(cls, key: Text, raw: Raw) -> tuple[Text, Raw]:
        is_on = isinstance(raw, Text) and ON_OR_OFF.get(raw.value.lower(), False)
        if not is_on or plain_name(key.value) in cls.plain_names:
            return key, raw
        field = cls.field_of_word(key.value)
        return (key, raw) if field is None else (replace(key, value=field.name), key)

    @classmethod
    def placed(cls, given: Entries) -> Entries:
        """The same with each part of what was typed in the field that it is for."""
        return given

    def __init__(
        self,
        values: Mapping[str, Any],
        given: Mapping[str, Raw],
        place: Place,
        changed: frozenset[str] = frozenset(),
    ) -> None:
        fields = type(self).fields
        vars(self).update(
            (name, value) for name, value in values.items() if fields[name].attribute == name
        )
        self.values = values
        self.given = given
        self.place = place
        self.changed = changed
        """The fields whose values were put in as values, whatever was typed."""
        self.shown: dict[str, Expr | str] = {}
        """How values were read whose meaning hangs on others, by the names that were typed."""
        self.remarks: tuple[Note, ...] = ()
        """How values were read, where that is not plain from them; noted beside the answer."""

    @classmethod
    def read(cls, given: Entries, elsewhere: Callable[[str], str] = lambda name: "") -> Problem:
        """The problem that was typed.  Raises `Invalid` with all that is wrong with it.

        `elsewhere` says which other kinds take a field that this one lacks.
        """
        given = cls.placed(cls.unfolded(given))
        complaints: list[Complaint] = []
        typed: dict[str, Raw] = {}
        raws: dict[str, Raw] = {}
        taken: dict[str, str] = {}
        for key, raw in given.pairs:
            name = cls.plain_names.get(plain_name(key.value), "")
            field = cls.spellings.get(name)
            if field is None:
                hint = cls.meant(key.value, elsewhere) or f"; known here: {', '.join(cls.known())}"
                complaints.append(Complaint(f"unknown field '{key.value}'{hint}", key.place))
            elif field.name in taken:
                before = taken[field.name]
                both = f"'{before}' and '{key.value}' are the same field"
                what = f"'{before}' is given twice" if before == key.value else both
                complaints.append(Complaint(f"{what}: give one", key.place))
            else:
                taken[field.name] = key.value
                raws[field.name] = typed[name] = raw
        values: dict[str, Any] = {}
        for name, field in cls.fields.items():
            try:
                values[name] = read_field(field, raws.get(name), given.place)
            except Invalid as error:
                complaints.extend(error.complaints)
        if complaints:
            raise Invalid(*complaints)
        found = cls(values, typed, given.place)
        for name, raw in raws.items():
            found.remark(cls.fields[name].takes, raw, values[name])
        return found

    @classmethod
    def known(cls) -> Iterator[str]:
        """The fields that are told of."""
        return (name for name, field in cls.fields.items() if not field.hidden)

    @classmethod
    def meant(cls, name: str, elsewhere: Callable[[str], str]) -> str:
        """What an unknown field was meant for: one that is near, or one of another kind."""
        if hint := cls.other_words.get(plain_name(name)):
            return f"; {hint}"
        very_near, near = (closest(name, cls.spellings, cutoff) for cutoff in (0.8, 0.6))
        return very_near or elsewhere(name) or near

    @classmethod
    def in_flags(cls, message: str) -> str:
        """A message that names fields as keys of a file, with the flags that they are at a shell.

        What stands in quotes was typed, or is to be, and stays.
        """
        missing = re.match(r"'(\w+)'(?: and '(\w+)')? (?:is|are) ", message)
        names = [name for name in missing.groups() if name] if missing else []
        for name in names:
            if name in cls.spellings:
                message = message.replace(f"'{name}'", flag_of(name), 1)
        long = "|".join(sorted((n for n in cls.spellings if "_" in n), key=len, reverse=True))
        if not long:
            return message
        parts = QUOTED.split(message)
        parts[::2] = [
            re.sub(rf"(?<![\w-])(?:{long})(?!\w)", lambda found: flag_of(found[0]), part)
            for part in parts[::2]
        ]
        return "".join(parts)

    def remark(self, takes: FieldType[T], raw: Raw, value: T) -> T:
        """The value that was read, with what there is to say of its reading kept."""
        new = [note for note in takes.remarks(raw, value) if note not in self.remarks]
        if new:
            self.remarks = (*self.remarks, *new)
        return value

    def show(self, field: Field[Any], value: Expr | str | None) -> None:
        """Keeps how a value was read, for the worked answer."""
        if value is not None and self.is_given(field):
            self.shown[self.typed_name(field)] = value

    def as_read(self) -> dict[str, Expr | str]:
        """The values in standard notation by the names that were typed, where that is known."""
        found: dict[str, Expr | str] = {}
        for field in type(self).fields.values():
            if self.is_given(field) and self.values[field.name] is not None:
                value = field.takes.shown(self.values[field.name])
                found |= {} if value is None else {self.typed_name(field): value}
        return found | self.shown

    def with_values(self, **changes: Any) -> Self:
        """The same question with the values of some fields changed; None leaves a field out.

        A value is what reading the field gives; nothing is typed, and so nothing is read again.
        """
        values, given = dict(self.values), dict(self.given)
        for name, value in changes.items():
            field = type(self).fields[name]
            typed = given.pop(self.typed_name(field), None)
            if value is None:
                values[name] = read_field(field, None, self.place)
                continue
            values[name] = value
            given[name] = Text("", self.place) if typed is None else typed
        return type(self)(values, given, self.place, self.changed.union(changes))

    @property
    def work(self) -> int:
        """How much there is to compute, where that may be long: a second takes 3000 at least."""
        return 0

    def typed_name(self, field: Field[Any]) -> str:
        """The name under which a field was given, which is the one to print."""
        if field.aliases and field.name not in self.given:
            return next((n for n in field.aliases if n in self.given), field.name)
        return field.name

    def called(self, field: Field[Any], name: str = "") -> str:
        """The field as a message names it: by its flag at a shell, by its key in a file."""
        known = name or self.typed_name(field)
        return known if self.place.is_file else flag_of(known)

    def is_given(self, field: Field[Any]) -> bool:
        return self.typed_name(field) in self.given

    def place_of(self, field: Field[Any], item: int | None = None) -> Place:
        """Where the value of a field stands, or that item of a list of its."""
        raw = self.given.get(self.typed_name(field))
        if item is not None and isinstance(raw, Items):
            raw = raw.items[item]
        return self.place if raw is None else raw.place

    def fault(
        self, message: str, field: Field[Any] | None = None, item: int | None = None
    ) -> Invalid:
        """A complaint about the value of a field, or about the problem as a whole."""
        return Invalid.at(message, self.place if field is None else self.place_of(field, item))

    def read_as(self, field: Field[Any], takes: FieldType[T]) -> T:
        """The value of a given field whose sort depends on other fields."""
        if field.name in self.changed:
            value: T = self.values[field.name]
            return value
        raw = self.given[self.typed_name(field)]
        try:
            value = self.remark(takes, raw, takes.read(raw))
            self.show(field, takes.shown(value))
            return value
        except Invalid as error:
            raise Invalid(*(named(complaint, field) for complaint in error.complaints)) from None

    @classmethod
    def schema(cls) -> Schema:
        """The JSON Schema of the fields under `given`."""
        reference: Schema = {"$ref": "#/$defs/reference"}
        properties = {
            name: {"anyOf": [field.schema(), reference], "description": field.description}
            for field in cls.fields.values()
            for name in (field.name, *field.aliases)
        }
        needed = [
            {"anyOf": [{"required": [name]} for name in (field.name, *field.aliases)]}
            for field in cls.fields.values()
            if field.required
        ]
        out: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**out, "allOf": needed} if needed else out


def read_field(field: Field[Any], raw: Raw | None, place: Place) -> Any:
    if raw is None:
        if field.required:
            raise missing(field, place)
        return field.absent
    try:
        return field.takes.read(raw)
    except Invalid as error:
        raise Invalid(*(named(complaint, field) for complaint in error.complaints)) from None


def missing(field: Field[Any], place: Place) -> Invalid:
    words = field.takes.words()
    wanted = field.description + (f" ({', '.join(words)})" if words else "")
    how = ", as the first argument" if field.positional and not place.is_file else ""
    is_path = field.takes.metavar == "PATH"
    name = field.takes.metavar if is_path else field.name
    return Invalid.at(f"'{name}' is missing: {wanted}{how}", place)


def named(complaint: Complaint, field: Field[Any]) -> Complaint:
    """The complaint with its field's name before it, where a file's line does not show it."""
    is_named = complaint.place is not None and not complaint.place.is_file
    message = complaint.message if is_named else f"{field.name}: {complaint.message}"
    return Complaint(message, complaint.place)
