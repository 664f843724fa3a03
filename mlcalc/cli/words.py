"""The words of a command line, told apart into flags and their values however they are spelled.

Flags are read without regard to case, hyphens and underscores; a value may begin with a minus, or
be several words that no other flag takes; a switch may be followed by yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from shlex import quote
from typing import Any, TypeAlias

from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.files.fields.words import ON_OR_OFF
from mlcalc.files.problem import Field
from mlcalc.maths.near import plain_name

Value: TypeAlias = "str | bool | list[str]"

DASH = re.compile(r"[—–]-?(?=[A-Za-z])")
"""What word processors make of two hyphens."""
MINUS = re.compile(r"[-−–]\s*[\d.(∞]")
PART_OF_LIST = re.compile(r"[-+−]?[\d.,/%_]+|[\[(]?[-+−\d.,/]*[\])]?,?")
OWN = "own_"
"""What the parameter of a name that no field has begins with."""
OwnField: TypeAlias = "Callable[[str, str], Field[Any] | None]"
BITS = {"1": True, "0": False}


class WordFault(Exception):
    """What is wrong with the words, and what to write instead."""


class Group:
    """A flag with the words behind it; the first group has none."""

    def __init__(self, flag: Any = None, typed: str = "", value: Value | None = None) -> None:
        self.flag, self.typed, self.value = flag, typed, value
        self.more: list[str] = []

    @property
    def waits(self) -> bool:
        return self.flag is not None and self.value is None


class OwnName:
    """A flag for what has a name of its own: a parameter as Typer has them."""

    param_type_name, is_eager, multiple, nargs = "option", False, False, 1

    def __init__(self, typed: str, is_flag: bool) -> None:
        self.name = OWN + typed.lstrip("-").replace("-", "_")
        self.opts, self.is_flag = [typed], is_flag


class Words:
    """The words behind a command, by the parameters that they are for.

    `own_field` says what takes a name that no parameter has, beside all that was typed.
    """

    def __init__(
        self, parameters: Sequence[Any], fields: Mapping[str, Field[Any]],
        own_field: OwnField = lambda name, typed: None,
        second: str = "",
    ) -> None:  # fmt: skip
        self.fields, self.own_field, self.typed = dict(fields), own_field, ""
        self.second = next((p for p in parameters if p.name == f"field_{second}"), None)
        self.flags: dict[str, tuple[Any, bool]] = {}
        self.letters: dict[str, tuple[Any, bool]] = {}
        self.first: Any = None
        for parameter in parameters:
            if parameter.param_type_name == "argument":
                self.first = parameter
            else:
                self.add(parameter)
        self.groups = [Group()]
        self.unknown: list[str] = []
        self.values: dict[str, Value] = {}
        self.order: list[Any] = []

    def add(self, parameter: Any) -> None:
        """A flag by all of its spellings."""
        names = [(name, True) for name in parameter.opts]
        if parameter.is_flag and not parameter.is_eager:
            names += [
                ("--no-" + name.removeprefix("--"), False) for name, _ in names if "--" in name
            ]
        for name, is_on in names:
            if name.startswith("--"):
                self.flags.setdefault(plain_name(name), (parameter, is_on))
            else:
                self.letters[name[1:]] = parameter, is_on

    # Flags.

    def read(self, words: Sequence[str]) -> None:
        """Raises `WordFault`."""
        left, self.typed = list(words), "\n".join(words)
        while left:
            word = left.pop(0)
            if word == "--":
                self.groups[0].more += left
                break
            found = self.flag(word)
            if found:
                self.close()
                self.groups += found
            else:
                self.take(word, left)
        self.close()
        if not self.unknown:
            self.settle()

    def flag(self, word: str) -> list[Group]:
        """The flag that a word is, or the letters of several; nothing where it is a value."""
        word = DASH.sub("--", word)
        name, equals, value = word.partition("=")
        if not name.startswith("-") or word == "-" or MINUS.match(word):
            return []
        known = self.flags.get(plain_name(name)) if len(name) > 2 else None
        known = known or self.letter(name[1:])
        if known is None:
            found = self.switched_off(name) if "--" in name else self.run_together(name[1:])
            known = None if found else self.own(name)
            if known is None:
                return found
        group = Group(known[0], name)
        if not known[0].is_flag:
            group.value = value if equals else None
        elif not equals:
            group.value = known[1]
        elif (said := (ON_OR_OFF | BITS).get(value.casefold())) is not None:
            group.value = said == known[1]
        else:
            raise WordFault(f"{name} is on or off: write it alone, or {name}=no, not '{value}'")
        return [group]

    def own(self, name: str) -> tuple[Any, bool] | None:
        """The parameter for a name that no field has, where the kind has a use for it."""
        field = self.own_field(name.lstrip("-").replace("-", "_"), self.typed)
        if field is None or not name.startswith("--"):
            return None
        parameter = OwnName(name, field.takes.is_switch)
        self.fields[parameter.name] = field
        self.flags[plain_name(name)] = parameter, True
        return parameter, True

    def switched_off(self, name: str) -> list[Group]:
        """--no-bias, where the bias may have values too."""
        known = self.flags.get(plain_name(name).removeprefix("no"))
        if known is None or not name.casefold().startswith("--no"):
            return []
        group = Group(known[0], name, "false")
        return [group] if not known[0].is_flag and self.stands_alone(group) else []

    def letter(self, name: str) -> tuple[Any, bool] | None:
        spellings = (name, name.casefold(), name.upper())
        return next((self.letters[each] for each in spellings if each in self.letters), None)

    def run_together(self, letters: str) -> list[Group]:
        """Letters behind one hyphen, the last with its value: -qf json, -n10."""
        known = self.letter(letters[:1])
        if known is None:
            return []
        if not known[0].is_flag:
            return [Group(known[0], f"-{letters[0]}", letters[1:])]
        rest = self.flag("-" + letters[1:]) if letters[1:] else []
        return [Group(known[0], f"-{letters[0]}", known[1]), *rest] if rest else []

    def take(self, word: str, left: Sequence[str]) -> None:
        """A word that is no flag: the value of the one before it, or one more."""
        group = self.groups[-1]
        is_flag = word.startswith("-") and word != "-" and not MINUS.match(word)
        if is_flag and group is self.groups[0] and self.is_formula(word, left):
            group.more.append(word)
        elif is_flag and (word.startswith("--") or not group.waits):
            self.close()
            self.unknown.append(word.partition("=")[0])
            self.groups.append(Group(None, word, "" if "=" in word else None))
        elif group.waits and self.stands_alone(group) and not self.is_value(group, word):
            group.value = "true"
            group.more.append(word)
        elif group.waits:
            group.value = word
        elif group is not self.groups[0] and group.flag is None and group.value is None:
            group.value = word  # of an unknown flag
        elif is_switch(group) and word.casefold() in ON_OR_OFF and not group.more:
            group.value = ON_OR_OFF[word.casefold()] == group.value
        else:
            group.more.append(word)

    def is_formula(self, word: str, left: Sequence[str]) -> bool:
        """Whether a word begins what stands first with a minus: -x + y."""
        behind = takewhile(lambda other: not other.startswith("--"), left)
        text = " ".join([word, *behind])
        if self.first is None or not any(sign in text[1:] for sign in "+*/^("):
            return False
        first = self.fields[self.first.name]
        return first.takes.metavar != "PATH" and is_read(first, [text])

    def close(self) -> None:
        """Raises `WordFault` where a flag has no value."""
        group = self.groups[-1]
        if group.waits and not self.stands_alone(group):
            raise WordFault(f"{group.typed} needs a value")
        if group.waits:
            group.value = "true"

    def stands_alone(self, group: Group) -> bool:
        """Whether a flag with values may be a switch too, as the bias of a convolution."""
        field = self.fields.get(group.flag.name)
        return field is not None and field.takes.stands_alone

    def is_value(self, group: Group, word: str) -> bool:
        return is_read(self.fields[group.flag.name], [word])

    # Values of several words.

    def settle(self) -> None:
        """Gives each word that stands alone to the flag before it, or to what stands first."""
        flagged = self.groups[1:]
        lead = self.groups[0].more
        for group in flagged if lead or self.first is None else ():
            if is_switch(group) and len(group.more) == 1 and group.more[0] in BITS:
                group.value = BITS[group.more.pop()] == group.value
        if self.first is not None and takes_several(self.first):
            lead = [*lead, *(word for group in flagged for word in group.more)]
            for group in flagged:
                group.more = []
        elif self.first is not None and not lead and not self.is_named(flagged):
            lead = self.first_among(flagged)
        for group in flagged:
            self.join(group)
            self.keep(group)
        if lead and self.first is None:
            raise unexpected(lead)
        if self.second is not None and self.second not in self.order and self.has_second(lead):
            self.values[self.second.name] = " ".join(lead[1:])
            self.order.append(self.second)
            lead = lead[:1]
        if lead:
            self.values[self.first.name] = lead if takes_several(self.first) else self.joined(lead)
            self.order.append(self.first)

    def has_second(self, lead: Sequence[str]) -> bool:
        """Whether what stands first is its first word alone, and the rest another value."""
        if not lead[1:] or "=" in " ".join(lead[1:]):  # mu=0 is no value of a sample
            return False
        field = self.fields[self.first.name]
        return is_read(field, lead[:1]) and not is_read(field, lead)

    def joined(self, lead: Sequence[str]) -> str:
        """What stands first, of one word or several.  Raises `WordFault`."""
        field = self.fields[self.first.name]
        if lead[1:] and is_read(field, lead[:1]) and not is_read(field, lead):
            raise WordFault(
                f"unexpected argument '{' '.join(lead[1:])}': name its flag before it, or put a "
                "value that holds spaces in quotes"
            )
        return " ".join(lead)

    def is_named(self, groups: Sequence[Group]) -> bool:
        """Whether what stands first is given by its flag."""
        own = self.fields[self.first.name].name
        named = (self.fields.get(group.flag.name) for group in groups)
        return any(field is not None and field.name == own for field in named)

    def first_among(self, groups: Sequence[Group]) -> list[str]:
        """What stands first elsewhere, taken from the words behind a flag.

        Raises `WordFault` where that can be seen in several ways.
        """
        found = [(group, start) for group in groups for start in self.starts(group)]
        if len(found) > 1:
            group, start = found[-1]
            value = " ".join(map(str, [group.value, *group.more[:start]]))
            before = "" if is_switch(group) else f" {quote(value)}"
            raise WordFault(
                f"'{' '.join(group.more)}' can be read in several ways: put each value in quotes, "
                f"such as {group.typed}{before} {quote(' '.join(group.more[start:]))}"
            )
        if not found:
            return []
        group, start = found[0]
        lead, group.more = group.more[start:], group.more[:start]
        return lead

    def starts(self, group: Group) -> list[int]:
        """Where in the words behind a flag that which stands first may begin."""
        if is_switch(group):
            return [0] if group.more else []
        parts = range(len(group.more))
        return [at for at in parts if is_read(self.fields[self.first.name], group.more[at:])]

    def join(self, group: Group) -> None:
        """The words behind a flag as its value.  Raises `WordFault`."""
        if not group.more:
            return
        if is_switch(group):
            raise unexpected(group.more, group.typed)
        field = self.fields[group.flag.name]
        words = [str(group.value), *group.more]
        joined = " ".join(words)
        whole = value_of(field, Text(joined, Place("", joined)))
        if field.takes.repeats:
            items = tuple(Text(word, Place("", word)) for word in words)
            apart = value_of(field, Items(items, Place("")))
            if apart is not None and whole in (None, apart):
                group.value = words
                return
            if apart is not None:
                each = " ".join(f"{group.typed} {quote(word)}" for word in words)
                message = f"'{joined}' can be one value or {len(words)}"
                raise WordFault(f"{message}: write {group.typed} {quote(joined)}, or {each}")
        if whole is None and not all(PART_OF_LIST.fullmatch(word) for word in words):
            raise unexpected(group.more, group.typed)
        group.value = joined

    def keep(self, group: Group) -> None:
        """The value of a flag, beside earlier ones where it may be repeated."""
        name = group.flag.name
        self.order.append(group.flag)
        assert group.value is not None
        if takes_several(group.flag):
            more = group.value if isinstance(group.value, list) else [str(group.value)]
            before = self.values.get(name)
            self.values[name] = [*(before if isinstance(before, list) else []), *more]
        else:
            self.values[name] = group.value


def is_switch(group: Group) -> bool:
    return isinstance(group.value, bool)


def takes_several(parameter: Any) -> bool:
    return bool(getattr(parameter, "multiple", False)) or parameter.nargs == -1


def is_read(field: Field[Any], words: Sequence[str]) -> bool:
    text = " ".join(words)
    return value_of(field, Text(text, Place("", text))) is not None


def value_of(field: Field[Any], raw: Raw) -> Any:
    """What the field reads of it; None where it is refused."""
    try:
        return field.takes.read(raw)
    except MlcalcError:
        return None


def unexpected(words: Sequence[str], flag: str = "") -> WordFault:
    typed = " ".join(words)
    behind = f" behind {flag}" if flag else ""
    is_quoted = any(" " in word for word in words)
    how = "name its flag before it" if is_quoted else "put a value that holds spaces in quotes"
    return WordFault(f"unexpected argument '{typed}'{behind}: {how}")
