"""Answers with names, as P(spam | x) and P(ham | x) or the gradients: part by part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import entries_of as names_and_values
from mlcalc.files.fields import is_mapping
from mlcalc.marking.checking.findings import Finding, all_right, bound, wrong
from mlcalc.marking.checking.numbers import Rule
from mlcalc.marking.checking.parts import own_name
from mlcalc.showing.derivation import Result

LONGEST_VECTOR = 300
VECTOR = re.compile(
    r"\s*(?:(?:∇|\\nabla|grad)\s*[A-Za-z]?\s*=)?\s*[(\[](?P<values>[^()\[\]=;]+)[)\]]\s*"
)
"""∇f = (2, 5, 0)"""

Compare: TypeAlias = "Callable[[Raw, Result, Rule], Finding]"


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
    entries = entries_in(claimed, value)
    if entries is None:
        raise Invalid.at(f"names and values are expected: {', '.join(value)}", claimed.place)
    parts = [(own_name(key, value), raw) for key, raw in entries.pairs]
    if len({name for name, _ in parts}) < len(parts):
        raise Invalid.at("a name is given twice: give it once", claimed.place)
    return all_right((name, bound(compare, raw, value[name], rule)) for name, raw in parts)


def parts_left(claimed: Raw, value: Result) -> list[str]:
    """The names of a mapping that were not claimed."""
    entries = entries_in(claimed, value) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or entries is None:
        return []
    named = {own_name(key, value): raw for key, raw in entries.pairs}
    inner = (
        f"{name}.{part}" for name, raw in named.items() for part in parts_left(raw, value[name])
    )
    return [*(name for name in value if name not in named), *inner]


def entries_in(claimed: Raw, names: Mapping[str, Result]) -> Entries | None:
    """The names and values of a claim, also in words; None where it has none."""
    if isinstance(claimed, Entries):
        return claimed
    from mlcalc.marking.checking.named import in_words, with_each

    claimed = with_each(claimed, names)
    return in_words(claimed, names) or in_order_of_names(claimed, names) or entries_of(claimed)


def in_order_of_names(claimed: Raw, names: Mapping[str, Result]) -> Entries | None:
    """(2, 5, 0), also behind ∇f =, for names of one letter in the order of the alphabet."""
    if not isinstance(claimed, Text) or len(claimed.value) > LONGEST_VECTOR:
        return None
    match = VECTOR.fullmatch(claimed.value.replace("$", " "))
    if match is None or not all(map(is_letter, names)) or list(names) != sorted(names):
        return None
    values = match["values"].split(",")
    if len(values) != len(names):
        return None
    place = claimed.place
    pairs = zip(names, values, strict=True)
    return Entries(
        tuple((Text(n, place, exact=False), Text(v.strip(), place, exact=False)) for n, v in pairs),
        place,
    )


def is_letter(name: str) -> bool:
    return len(name) == 1 and name.isalpha()


def entries_of(claimed: Raw) -> Entries | None:
    """The names and values of a claim; None where it is not written so.

    A space ends no value here: a claim may be worked out, as in red = k / n = 1/3.
    """
    if not is_mapping(claimed):
        return None
    try:
        return names_and_values(claimed, "x=1, y=2", by_space=False)
    except Invalid:
        return None
