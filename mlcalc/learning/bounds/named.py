"""Quantities with their names, as a question states them: |H| = 1000, m = 500, δ = 0.05."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import entries_of, name_at
from mlcalc.files.problem import Field
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
CLASS = re.compile(r"\s*\\?(?:mathcal)?\{?[Hhℋ]\}?\s*[:=]\s*(?:\\?\{|[A-Za-z-]{3})")
"""A class that has a name, H: conjunctions, and no number."""
FINITE = re.compile(
    r"\s*(?:an?\s+|the\s+)?finite\s+(?:hypothes[ei]s\s+)?(?:class|set|space)?\s*(?:H\s*)?"
    r"(?:of|with)\s+(?:size\s+|cardinality\s+)?(?P<size>\S{1,20}?)(?:\s+(?:hypotheses|functions))?\s*"
    r"|(?P<count>[0-9][0-9,.^]{0,20})\s+hypotheses\s*",
    re.IGNORECASE,
)
"""A class that is told by its size alone: finite class of size 100."""
VALUE = r"(?P<value>[0-9]+(?:[.,^/][0-9]+)*(?:e-?[0-9]+)?(?:\s*%)?)"
QUANTITY = (
    r"(?P<name>\|\s*[Hℋ]\s*\||ε|ϵ|\\?(?:var)?epsilon|eps|δ|\\?delta|confidence|accuracy|error|"
)
QUANTITY += r"VC[\s-]*(?:dimension|dim)|probability)"
SAID = (
    re.compile(rf"{QUANTITY}(?:\s+rate)?(?:\s*[=:≤≥]|\s+is|\s+of)?(?:\s+at\s+(?:least|most))?\s*{VALUE}",
               re.IGNORECASE),
    re.compile(rf"{VALUE}\s*(?P<name>confidence|accuracy|error|hypotheses|examples|samples)\b",
               re.IGNORECASE),
    re.compile(r"\b(?P<value>realizable|realisable|agnostic)\b", re.IGNORECASE),
)  # fmt: skip
"""A quantity with its value in a sentence."""
PLAIN = re.compile(
    r"how|many|much|training|examples?|samples?|data|points?|are|is|do|does|i|we|one|needed|need|"
    r"required?|sufficient|suffices?|enough|for|with|to|and|the|an?|of|in|at|such|that|pac|learn|"
    r"learning|finite|hypothes[ie]s|class|case|setting|size|if|get|have|what|number|complexity",
    re.IGNORECASE,
)
"""The words of a question that say nothing of its values."""
MOST_WORDS = 60
NOISE = re.compile(r"[\s$\\{}]|mathcal|mathrm")


def field_of(name: str) -> str:
    """The field of a letter or word, by a name that it has; none of anything else."""
    return FIELD_OF.get(NOISE.sub("", name).replace("−", "-").casefold(), "")


def spread(given: Entries, first: Field[Any], spellings: Mapping[str, Field[Any]]) -> Entries:
    """The fields of what stands first where that is names with values, and none by its own name.

    `spellings` has the field of each name that a value may be given by.
    """
    names = {name: field.name for name, field in spellings.items()}
    pairs: list[tuple[Text, Raw]] = []
    for key, raw in given.pairs:
        pairs += named_in(key, raw) if key.value == first.name else [unnamed(key, raw, names)]
    return Entries(tuple(pairs), given.place)


def named_in(key: Text, raw: Raw) -> list[tuple[Text, Raw]]:
    """The quantities that stand there, or the value as it is where it is a class."""
    if isinstance(raw, Text) and CLASS.match(raw.value):
        return [(key, raw)]
    if isinstance(raw, Text) and (finite := FINITE.fullmatch(raw.value)):
        size = part_of(raw, *finite.span("size" if finite["size"] else "count"))
        return [(replace(key, value="hypotheses"), size)]
    if isinstance(raw, Text) and (said := sentence(raw)):
        return said
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


def sentence(raw: Text) -> list[tuple[Text, Raw]]:
    """The quantities of a question in words; nothing where it has other words than we know."""
    text = raw.value
    if len(text.split()) > MOST_WORDS or not re.search(r"\b(?:how|what|for|with)\b", text, re.I):
        return []
    found: list[tuple[Text, Raw]] = []
    for pattern in SAID:
        for match in pattern.finditer(text):
            name = match.groupdict().get("name", "setting")
            name = "confidence" if name.lower() == "probability" else name
            field = field_of(re.sub(r"[\s-]", "", name)) or "vc_dimension"
            value = part_of(raw, *match.span("value"))
            found.append((replace(value, value=field, exact=False), value))
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    words = re.findall(r"[^\s,;.?!]+", text)
    is_plain = all(map(PLAIN.fullmatch, words))
    return found if is_plain and len(found) > 1 else []
