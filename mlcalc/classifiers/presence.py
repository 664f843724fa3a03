"""A query that says of features whether they are there: free, ¬meeting; free and not meeting."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.classifiers.training import listed, spelled_as
from mlcalc.files.display import visible
from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import is_mapping
from mlcalc.files.fields.base import part_of, without_brackets
from mlcalc.maths.board import Note
from mlcalc.maths.records import Record, replace

SIGNS = r"[¬!~∼]|[-−–](?=[^\W\d])|\\(?:neg|lnot|sim)(?![A-Za-z])"
"""What stands for not before a word."""
SIGNED = re.compile(rf"(?:(?<=[\s,;(∧&])|^)(?:{SIGNS})\s*(?=(?P<word>[^\W\d]\w*))")
NOT = rf"{SIGNS}|(?:not|no|without)(?!\w)"
ABSENT = r"absent|missing|false|not\s+present|does\s+not\s+occur|0"
PRESENT = r"present|true|occurs|1"
BEHIND = re.compile(
    rf"(?:\s*[=:]\s*|\s+is\s+)(?:(?P<off>{ABSENT}|no)|(?P<on>{PRESENT}|yes))(?![\w.])|"
    rf"\s+(?:(?P<absent>{ABSENT})|(?P<present>{PRESENT}))(?=\s*(?:[,;∧&.]|and\s|but\s|$))",
    re.IGNORECASE,
)
"""What is said behind a feature; in free missing meeting either may be what is missing."""
BETWEEN = re.compile(r"(?:\s|[,;∧]|&|\\(?:land|wedge)(?!\w)|(?:and|but)(?!\w))+", re.IGNORECASE)


class Said(Record):
    """One feature of a query: 1 or 0, and how that was said."""

    feature: Text
    value: str
    sign: str = ""
    has_value: bool = False
    """Whether the 1 or 0 stands beside it: free = 1."""
    before: str = ""
    """What stands between it and the feature before."""


class Presence(Record):
    """The values of the features that are said to be there or not, and what to say of them."""

    values: Mapping[str, str]
    notes: tuple[Note, ...] = ()


def presence_in(raw: Raw | None, features: Sequence[str]) -> Presence | None:
    """What a query says of each feature; None where it names none, or has other values.

    Raises `Invalid` for what is neither a feature nor a sign, and where it can be read in two ways.
    """
    texts = raw.items if isinstance(raw, Items) else (raw,)
    one = alternatives(features)
    if not all(isinstance(text, Text) and re.search(one, text.value, re.I) for text in texts):
        return None
    try:
        said = [each for text in texts if isinstance(text, Text) for each in said_in(text, one)]
    except Invalid:
        if raw is not None and is_mapping(raw):
            return None
        raise
    refuse_wide(said)
    return presence(said, features)


def alternatives(features: Sequence[str]) -> str:
    """The pattern of a feature's name, the longest first."""
    names = "|".join(re.escape(name) for name in sorted(features, key=len, reverse=True))
    return rf"(?<!\w)(?:{names})(?!\w)"


def said_in(text: Text, one: str) -> list[Said]:
    """Each feature with what stands before and behind it."""
    inside = without_brackets(text.value)
    raw, stop = replace(text, value=inside), len(inside.rstrip(" .\n"))
    item = re.compile(
        rf"(?P<quote>[\"']?)(?P<name>{one})(?P=quote)|(?P<sign>{NOT})\s*(?P<negated>{one})|"
        rf"(?P<bar>\\(?:bar|overline))\s*\{{\s*(?P<barred>{one})\s*\}}",
        re.IGNORECASE,
    )
    found: list[Said] = []
    at = len(inside) - len(inside.lstrip())
    before = ""
    while at < stop:
        match = item.match(inside, at)
        if match is None or (found and not before):
            raise unknown(raw, at, stop, found)
        which = next(name for name in ("name", "negated", "barred") if match[name])
        value = BEHIND.match(inside, match.end())
        sign = match["sign"] or match["bar"] or ""
        is_absent = bool(value and (value["off"] or value["absent"]))
        if sign and value:
            typed = inside[at : value.end()]
            message = f"'{typed}' says it twice: write {match[which]} = 1 or {match[which]} = 0"
            raise Invalid.at(message, part_of(raw, at, value.end()).place)
        feature = part_of(raw, *match.span(which))
        found.append(Said(feature, "0" if sign or is_absent else "1", sign, bool(value), before))
        at = (value or match).end()
        between = BETWEEN.match(inside, at)
        before = between[0] if between else ""
        at += len(before)
    return found


def unknown(raw: Text, at: int, stop: int, found: Sequence[Said]) -> Invalid:
    """What stands there is no feature, and there are no documents to drop a word of."""
    end = re.compile(r"[^\s,;]*").match(raw.value, at)
    typed = visible(raw.value[at : max(end.end() if end else at, at + 1)][: stop - at], most=40)
    before = f" behind '{found[-1].feature.value}'" if found else ""
    message = (
        f"'{typed}'{before} is neither a feature nor a sign such as ¬ or not: leave it out, or "
        "write each feature as in free = 1, meeting = 0"
    )
    return Invalid.at(message, part_of(raw, at, min(stop, at + len(typed))).place)


def refuse_wide(said: Sequence[Said]) -> None:
    """Complains of free without meeting and offer, where the offer may be meant by the sign."""
    for i, each in enumerate(said):
        word = each.sign.casefold()
        behind = said[i + 1 :][: None if word == "without" else 1]
        joined = [b for b in behind if word == "without" or "and" in b.before.casefold()]
        if word not in ("without", "no"):
            continue
        for other in joined:
            if other.sign or other.has_value:
                break
            names = f"{each.feature.value} = 0, {other.feature.value}"
            message = f"'{word}' may be said of both: write {names} = 0 or {names} = 1"
            raise Invalid.at(message, other.feature.place)


def presence(said: Sequence[Said], features: Sequence[str]) -> Presence:
    """The values by feature; those that are not mentioned are 0 beside words alone."""
    values: dict[str, str] = {}
    for each in said:
        name = spelled_as(each.feature.value, features)
        if name is None:
            message = f"'{each.feature.value}' may be any of {listed(tuple(features))}"
            raise Invalid.at(f"{message}: write it as the feature is", each.feature.place)
        if name in values and any(other.has_value for other in said):
            raise Invalid.at(f"'{name}' is given twice: give it once", each.feature.place)
        if values.setdefault(name, each.value) != each.value:
            message = f"'{name}' is said to be 1 and to be 0: say it once"
            raise Invalid.at(message, each.feature.place)
    rest = tuple(name for name in features if name not in values)
    is_named = any(each.has_value for each in said)
    own = [f"{name} = {value}" for name, value in values.items()]
    both = ", ".join([*own, *(f"{name} = 0" for name in rest)])
    if rest and not is_named and any(each.sign for each in said):
        message = (
            f"the query says nothing of {listed(rest)}: write {both} where it is absent, or "
            f"{', '.join(own)} where it is not known"
        )
        raise Invalid.at(message, said[0].feature.place)
    text = f"the query is read as {', '.join(own) if is_named else both}"
    if rest and not is_named:
        one = "is not mentioned and so is 0" if len(rest) == 1 else "are not mentioned and so are 0"
        text += f": {listed(rest)} {one}; write {', '.join(own)} to leave that open"
    values |= {} if is_named else dict.fromkeys(rest, "0")
    is_plain = all(each.has_value for each in said)
    return Presence(values, () if is_plain else (Note("nb.presence", text),))


NEGATED = re.compile(r"(?<![\w'’])(?:not|no|without)\s+(?=(?P<word>[^\W\d]\w*))", re.IGNORECASE)


def refuse_signs(raw: Text, words: Sequence[str], hint: str, is_text: bool) -> None:
    """Complains of a sign for not before a word of a text, which has words and no signs.

    Of likelihoods alone not and no are signs too, where they are no words that have one.
    """
    others = () if is_text or {"not", "no", "without"} & {*words} else (NEGATED,)
    complaints = [
        Complaint(f"'{found[0]}{found['word']}' is no word of a text: {hint}", raw.place)
        for pattern in (SIGNED, *others)
        for found in pattern.finditer(raw.value)
        if found["word"].casefold() in words
    ]
    if complaints:
        raise Invalid(*complaints)
