"""The path to a part of an answer: `gradients.W_xh` names what is under W_xh of the gradients."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace
from mlcalc.showing.derivation import Answer, Result, answer_named

DERIVATIVE = re.compile(
    r"\s*(?:"
    r"\\[dt]?frac\s*\{\s*(?:\\partial|∂|d)[^{}]*\}\s*\{\s*(?:\\partial\s*|∂|d)"
    r"((?:[^{}]|\{[^{}]*\})+?)\s*\}|"
    r"(?:\\partial\s*|∂|d)\w*\s*/\s*(?:\\partial\s*|∂|d)(\w+)"
    r")\s*"
)
"""∂f/∂x in LaTeX or as it is printed."""
TEX_WORD = re.compile(r"\\(?:text|textrm|mathrm|textbf|textit|operatorname)\s*\{([^{}]*)\}")
PROBABILITY = re.compile(r"\s*[pP]r?\s*\(([^()|\\]*)(?:(?:\||\\mid)[^()]*)?\)\s*")
"""P(spam | x), P(x, Y = spam)."""


class Part(Record):
    """An answer, or what `keys` lead to in it, the outermost first."""

    whole: Answer
    keys: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer:
        """The part as an answer of its own."""
        if not self.keys:
            return self.whole
        value = value_at(self.whole.value, self.keys)
        assert value is not None
        name = ".".join((self.whole.name, *self.keys))
        return replace(self.whole, name=name, value=value, aliases=(), symbol=None)

    def whole_with(self, part: Result) -> Result:
        """The value of the whole with another value for this part."""
        return with_part(self.whole.value, self.keys, part)


def value_at(value: Result, keys: Sequence[str]) -> Result | None:
    """What the keys lead to; None where they lead nowhere."""
    found: Result | None = value
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def with_part(value: Result, keys: Sequence[str], part: Result) -> Result:
    if not keys:
        return part
    assert isinstance(value, Mapping)
    return {**value, keys[0]: with_part(value[keys[0]], keys[1:], part)}


def part_named(path: str, answers: Sequence[Answer], place: Place | None = None) -> Part | None:
    """The answer of that name or alias, or the part of it; None where there is no such answer.

    Raises `Invalid` where the answer has no such part.
    """
    whole = answer_named(path.replace("-", "_"), answers)
    if whole is not None:
        return Part(whole)
    head, dot, rest = path.partition(".")
    whole = answer_named(head.replace("-", "_"), answers)
    if whole is None or not dot:
        return None
    place = place or Place("answer", path)
    return Part(whole, tuple(keys_of(Text(rest, place), whole)))


def keys_of(path: Text, answer: Answer) -> Iterator[str]:
    """The keys that a path of names leads through; a key may hold a point itself."""
    value, rest, so_far = answer.value, path.value, answer.name
    while rest:
        if not isinstance(value, Mapping):
            raise Invalid.at(f"'{so_far}' has no parts", path.place)
        is_whole = rest in value
        name, _, rest = (rest, "", "") if is_whole else rest.partition(".")
        key = own_name(replace(path, value=name), value)
        yield key
        value, so_far = value[key], f"{so_far}.{key}"


def own_name(key: Text, value: Mapping[str, Result]) -> str:
    """The part of the answer that a key names, whatever its case, dashes and spaces.

    ∂f/∂x names the part x, and P(spam | buy) the part spam.
    """
    folded = {fold(name): name for name in value}
    text = TEX_WORD.sub(r"\1", key.value)
    typed = [key.value, text]
    if match := DERIVATIVE.fullmatch(text):
        typed += [group for group in match.groups() if group]
    if match := PROBABILITY.fullmatch(text):
        typed += re.split("[,=]", match[1])
    named = (name if name in value else folded.get(fold(name)) for name in typed)
    found = next((name for name in named if name is not None), None)
    if found is None:
        hint = closest(key.value, value) or f"; known here: {', '.join(value)}"
        raise Invalid.at(f"'{key.value}' is not a part of this answer{hint}", key.place)
    return found


def fold(name: str) -> str:
    spaced = re.sub(r"[-_{}]", " ", name.strip().casefold())
    return "_".join(spaced.split())
