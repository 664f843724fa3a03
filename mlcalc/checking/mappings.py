"""Answers with names, as P(spam | x) and P(ham | x) or the gradients: part by part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from mlcalc.checking.findings import Finding, all_right, bound, wrong
from mlcalc.checking.numbers import Rule
from mlcalc.checking.reading import outer, pieces, with_points
from mlcalc.derivation import Answer, Result
from mlcalc.document import Entries, Items, Raw, Text
from mlcalc.errors import Invalid, closest
from mlcalc.records import replace

Compare: TypeAlias = "Callable[[Raw, Result, Rule], Finding]"

DERIVATIVE = re.compile(
    r"\s*(?:"
    r"\\[dt]?frac\s*\{\s*(?:\\partial|∂|d)[^{}]*\}\s*\{\s*(?:\\partial\s*|∂|d)([^{}]+?)\s*\}|"
    r"(?:∂|d)\w*\s*/\s*(?:∂|d)(\w+)"
    r")\s*"
)
"""∂f/∂x in LaTeX or as it is printed."""
PROBABILITY = re.compile(r"\s*[pP]r?\s*\(([^()|\\]*)(?:(?:\||\\mid)[^()]*)?\)\s*")
"""P(spam | x), P(x, Y = spam)."""


def compare_records(claimed: Raw, value: Sequence[Result], rule: Rule, compare: Compare) -> Finding:
    """A list of mappings, in its order; each may leave names out."""
    if not isinstance(claimed, Items):
        raise Invalid.at("a list of names and values is expected", claimed.place)
    if len(claimed.items) != len(value):
        return wrong(f"a list of {len(claimed.items)} is not the size that is asked for")
    pairs = zip(claimed.items, value, strict=True)
    return all_right(
        (f"entry {i}", bound(compare, item, part, rule)) for i, (item, part) in enumerate(pairs, 1)
    )


def compare_mapping(
    claimed: Raw, value: Mapping[str, Result], rule: Rule, compare: Compare
) -> Finding:
    """Part by part; what is not claimed is not compared."""
    entries = claimed if isinstance(claimed, Entries) else entries_of(claimed)
    if entries is None:
        if isinstance(claimed, Text) and with_points(claimed) is not None and "=" in claimed.value:
            raise Invalid.at("write decimals with a point, and a comma between two parts")
        raise Invalid.at(f"names and values are expected: {', '.join(value)}", claimed.place)
    parts = [(own_name(key, value), raw) for key, raw in entries.pairs]
    return all_right((name, bound(compare, raw, value[name], rule)) for name, raw in parts)


def parts_left(claimed: Raw, value: Result) -> list[str]:
    """The names of a mapping that were not claimed."""
    entries = claimed if isinstance(claimed, Entries) else entries_of(claimed)
    if not isinstance(value, Mapping) or entries is None:
        return []
    named = {own_name(key, value): raw for key, raw in entries.pairs}
    inner = (
        f"{name}.{part}" for name, raw in named.items() for part in parts_left(raw, value[name])
    )
    return [*(name for name in value if name not in named), *inner]


def own_name(key: Text, value: Mapping[str, Result]) -> str:
    """The part of the answer that a key names, whatever its case, dashes and spaces.

    ∂f/∂x names the part x, and P(spam | buy) the part spam.
    """
    folded = {fold(name): name for name in value}
    typed = [key.value]
    if match := DERIVATIVE.fullmatch(key.value):
        typed += [group for group in match.groups() if group]
    if match := PROBABILITY.fullmatch(key.value):
        typed += re.split("[,=]", match[1])
    named = (name if name in value else folded.get(fold(name)) for name in typed)
    found = next((name for name in named if name is not None), None)
    if found is None:
        hint = closest(key.value, value) or f"; known here: {', '.join(value)}"
        raise Invalid.at(f"'{key.value}' is not a part of this answer{hint}", key.place)
    return found


def answer_at(answer: Answer, path: str, key: Text) -> Answer:
    """The part of an answer under a path of names, as an answer of its own."""
    while path:
        value = answer.value
        if not isinstance(value, Mapping):
            raise Invalid.at(f"'{answer.name}' has no parts", key.place)
        exact = path in value
        part, _, rest = (path, "", "") if exact else path.partition(".")
        name = own_name(replace(key, value=part), value)
        answer = replace(
            answer, name=f"{answer.name}.{name}", value=value[name], aliases=(), symbol=None
        )
        path = rest
    return answer


def fold(name: str) -> str:
    return "_".join(name.strip().casefold().replace("-", " ").replace("_", " ").split())


def named_pieces(text: str, start: int) -> list[tuple[int, int]]:
    """The pieces between commas, and between semicolons and lines where each piece has a name."""
    for signs in (",;\n", ",;", ",\n"):
        found = pieces(text, start, signs)
        if all(next(outer(text[begin:end], "=:≈"), 0) > 0 for begin, end in found):
            return found
    return pieces(text, start)


def entries_of(claimed: Raw) -> Entries | None:
    """spam=1/3, ham=2/3 as it is typed on one line; None where it is not so written."""
    if not isinstance(claimed, Text):
        return None
    text, start = claimed.value, 0
    if text.strip().startswith("{") and text.strip().endswith("}"):
        start = text.index("{") + 1
        text = text[: text.rindex("}")]
    pairs: dict[str, tuple[Text, Raw]] = {}
    for begin, end in named_pieces(text.rstrip(" \n;"), start):
        piece = text[begin:end]
        at = next(outer(piece, "=:≈"), -1)
        name, value = piece[:at].strip(), piece[at + 1 :].strip()
        if at < 0 or not name or not value or name in pairs:
            return None
        offset = begin + piece.index(value, at + 1)
        pairs[name] = (
            Text(name, claimed.at(begin)),
            Text(value, claimed.at(offset), exact=claimed.exact),
        )
    return Entries(tuple(pairs.values()), claimed.place)
