"""Quantities with their names, as a question states them: |H| = 1000, m = 500, δ = 0.05."""

from __future__ import annotations

import re

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import entries_of, name_at
from mlcalc.maths.records import replace

SPELLINGS = {
    "epsilon": "ε ϵ epsilon varepsilon eps error",
    "delta": "δ delta",
    "confidence": "1-δ 1-delta confidence",
    "accuracy": "1-ε 1-ϵ 1-epsilon 1-eps accuracy",
    "m": "m samples examples",
    "N": "n",
    "hypotheses": "|h| |ℋ| h hypotheses",
    "d": "d",
    "vc_dimension": "vc vc(h) vcdim vcdim(h) vc-dim vc-dim(h) dvc d_vc vcdimension vc(ℋ)",
    "setting": "setting case",
    "bound": "bound",
}
FIELD_OF = {name: field for field, names in SPELLINGS.items() for name in names.split()}
COMPLEMENT = {"epsilon": "accuracy", "delta": "confidence"}
"""What may be said in the place of each."""
NOISE = re.compile(r"[\s$\\{}]|mathcal|mathrm")


def field_of(name: str) -> str:
    """The field of a letter or word, by a name that it has; none of anything else."""
    return FIELD_OF.get(NOISE.sub("", name).replace("−", "-").casefold(), "")


def spread(given: Entries, positional: str, names: dict[str, str]) -> Entries:
    """The fields of what stands first where that is names with values, and none by its own name.

    `names` has the field of each name that a value may be given by.
    """
    pairs: list[tuple[Text, Raw]] = []
    for key, raw in given.pairs:
        pairs += named_in(key, raw) if key.value == positional else [unnamed(key, raw, names)]
    return Entries(tuple(pairs), given.place)


def named_in(key: Text, raw: Raw) -> list[tuple[Text, Raw]]:
    """The quantities that stand there, or the value as it is where it is a class."""
    plain = replace(raw, value=raw.value.replace("$", " ")) if isinstance(raw, Text) else raw
    first = name_at(plain.value) if isinstance(plain, Text) else None
    if first is None or not field_of(first["name"]):
        return [(key, raw)]
    found = entries_of(plain, "|H| = 1000, ε = 0.1, δ = 0.05")
    unknown = [name for name, _ in found.pairs if not field_of(name.value)]
    if unknown:
        message = f"'{unknown[0].value}' is none of |H|, VC(H), ε, δ, m and setting"
        raise Invalid.at(message, unknown[0].place)
    return [(replace(name, value=field_of(name.value)), value) for name, value in found.pairs]


def unnamed(key: Text, raw: Raw, names: dict[str, str]) -> tuple[Text, Raw]:
    """ε = 0.1 of the field ε as its value, and 1 − δ = 0.95 as the confidence."""
    first = name_at(raw.value) if isinstance(raw, Text) else None
    if first is None or not isinstance(raw, Text):
        return key, raw
    own, said = names.get(key.value, key.value), names.get(field_of(first["name"]), "")
    value = part_of(raw, first.end(), len(raw.value))
    said = said or field_of(first["name"])
    if own == "hypotheses" or not said or said not in (own, COMPLEMENT.get(own)):
        return key, raw
    return (key if said == own else replace(key, value=said)), value
