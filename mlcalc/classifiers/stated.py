"""Priors and likelihoods as they are stated: by name, as P(x = 1 | spam) = 0.6, class by class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import Mapping, Numbers
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import BREAKS, depths, entries_of, is_mapping
from mlcalc.maths.printing import source
from mlcalc.maths.records import replace

PRIOR = re.compile(r"\s*(?:P|Pr|p)\s*\(\s*(?:\w+\s*=\s*)?(?P<label>[^()|=]+?)\s*\)\s*")
"""P(spam), P(Y = spam)."""
GIVEN = re.compile(
    r"\s*(?P<p>(?:P|Pr|p|f)\s*\()?\s*(?P<feature>[^()|=∣]+?)\s*(?:=\s*(?P<value>[^()|∣]+?)\s*)?"
    r"(?:[|∣]|\\mid\b)\s*(?:\w+\s*=\s*)?(?P<label>[^()|=]+?)\s*(?(p)\))\s*"
)
"""P(x = 1 | spam), P(x | Y = spam), x | spam."""
TILDE = re.compile(
    r"(?P<subject>[^\W\d]\w*\s*(?:[|∣]|\\mid\b)\s*)(?P<name>\w+\s*=\s*)?"
    r"(?P<label>[^\s,;=~∼()|]+\s*\)?\s*)(?P<sign>~|∼|\\sim\b)"
)
"""x | Y = 1 ~"""
CASES = re.compile(r"(?P<name>(?:^|(?<=[\s,;{]))[^\W\d]\w*\s*=\s*)(?=[\w.+-]+\s*:(?!=))")
"""The y of y=1: 0.4."""
NEGATED = re.compile(r"\s*(?:[¬!~∼]|\\(?:neg|lnot|sim)(?![A-Za-z])|not\s)\s*(?=\S)")
BESIDE = re.compile(r"\s*(?P<name>[^\W\d_]\w*)\s+(?P<value>[0-9./]+%?)\s*")
"""spam 0.3"""
GROUP = re.compile(
    r"\s*(?P<label>[^\s=:,;{}()][^=:,;{}()]*?)\s*(?::\s*(?=[^\s=:,;{}]+\s*[=:])|(?P<open>\())"
)
"""The class before its features: spam: offer=0.6, or spam(offer=0.6)."""


class Priors(Mapping):
    """The probability of each class: spam=1/3, spam 1/3, P(spam) = 1/3."""

    def read(self, raw: Raw) -> Entries:
        if isinstance(raw, Text):
            bare = CASES.sub(lambda found: " " * len(found["name"]), raw.value)
            raw = replace(raw, value=bare)
        if isinstance(raw, Text) and not is_mapping(raw):
            raw = beside(raw) or raw
        if not is_mapping(raw) and (nameless := in_order(raw)):
            return nameless
        found = super().read(raw)
        labels = [PRIOR.fullmatch(key.value) for key, _ in found.pairs]
        pairs = tuple(
            (key if label is None else part_of(key, *label.span("label")), value)
            for label, (key, value) in zip(labels, found.pairs, strict=True)
        )
        return entries_of(Entries(pairs, found.place), self.example)


class Likelihoods(Mapping):
    """What is known of each class: {spam: {offer: 0.6}}, spam: offer=0.6; …, P(offer | spam)."""

    def read(self, raw: Raw) -> Entries:
        if isinstance(raw, Text):
            raw = with_equals(raw)
            raw = by_class(raw) or raw
        found = super().read(raw)
        conditional = [GIVEN.fullmatch(key.value) for key, _ in found.pairs]
        return nested(found, conditional) if all(conditional) else found


def apart(given: Entries, first: str) -> Entries:
    """P(spam) = 0.4, P(free | spam) = 0.6 that stand first, as priors and likelihoods."""
    pairs: list[tuple[Text, Raw]] = []
    for key, raw in given.pairs:
        stated = stated_in(raw) if key.value == first else {}
        pairs += [
            (replace(key, value=name), Entries(tuple(own), raw.place))
            for name, own in stated.items()
        ] or [(key, raw)]
    return Entries(tuple(pairs), given.place)


def stated_in(raw: Raw) -> dict[str, list[tuple[Text, Raw]]]:
    """Priors and likelihoods of one text; nothing where anything else is in it."""
    found: dict[str, list[tuple[Text, Raw]]] = {}
    if not isinstance(raw, Text) or not re.match(r"\s*(?:P|Pr|p|f)\s*\(", raw.value):
        return {}
    try:
        pairs = entries_of(with_equals(raw), "P(spam) = 0.4, P(free | spam) = 0.6").pairs
    except Invalid:
        return {}
    for name, value in pairs:
        own = next((n for n, one in STATED.items() if one.fullmatch(name.value)), "")
        if not own:
            return {}
        found.setdefault(own, []).append((name, value))
    return found


STATED = {"likelihoods": GIVEN, "priors": PRIOR}


def in_order(raw: Raw) -> Entries | None:
    """Numbers without names, 0.6, 0.4, which are those of the classes in their order."""
    try:
        items = Numbers().read(raw)
    except Invalid:
        return None
    pairs = ((Text("", raw.place), Text(source(item), raw.place)) for item in items)
    return Entries(tuple(pairs), raw.place)


def with_equals(raw: Text) -> Text:
    """The text with = for ~, and without the Y of x | Y = 1 ~, each sign in its place."""

    def written(found: re.Match[str]) -> str:
        name = " " * len(found["name"] or "")
        return found["subject"] + name + found["label"] + "=".ljust(len(found["sign"]))

    return replace(raw, value=TILDE.sub(written, raw.value))


def beside(raw: Text) -> Entries | None:
    """Names with their values behind a space: spam 0.3, ham 0.7."""
    spans = [found.span() for found in re.finditer(r"[^,;\n]+", raw.value)]
    pairs = tuple(
        (part_of(raw, *found.span("name")), part_of(raw, *found.span("value")))
        for span in spans
        if (found := BESIDE.fullmatch(raw.value, *span))
    )
    return Entries(pairs, raw.place) if pairs and len(pairs) == len(spans) else None


def by_class(raw: Text) -> Entries | None:
    """Each class with the text of its features; None where they stand in braces, or nowhere."""
    text = raw.value
    starts = [0, *(i + 1 for i, depth in depths(text) if not depth and text[i] in BREAKS)]
    heads = [found for start in starts if (found := GROUP.match(text, start))]
    if heads and GIVEN.match(text, heads[0].start()):
        return None
    if not heads or text[: heads[0].start()].strip():
        return None
    pairs: list[tuple[Text, Raw]] = []
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        inside = part_of(raw, head.end(), head.end() + len(text[head.end() : end].rstrip(" ,;\n")))
        if head["open"]:
            if not inside.value.endswith(")"):
                return None
            inside = part_of(inside, 0, len(inside.value) - 1)
        pairs.append((part_of(raw, *head.span("label")), inside))
    return Entries(tuple(pairs), raw.place)


def nested(found: Entries, conditional: list[re.Match[str] | None]) -> Entries:
    """P(x = 1 | spam) = 0.6 as {spam: {x: {1: 0.6}}}, P(x | spam) as {spam: {x: 0.6}}."""
    classes: dict[str, dict[str, Raw]] = {}
    labels: dict[str, Text] = {}
    names: dict[str, Text] = {}
    complaints: list[Complaint] = []
    owners = owners_of(conditional)
    negated = {
        each["feature"][sign.end() :].strip()
        for each in conditional
        if each and (sign := NEGATED.match(each["feature"]))
    }
    for match, (key, probability) in zip(conditional, found.pairs, strict=True):
        assert match is not None
        label, feature = (part_of(key, *match.span(part)) for part in ("label", "feature"))
        value = part_of(key, *match.span("value")) if match["value"] else None
        sign = NEGATED.match(feature.value)
        if sign and value is not None:
            message = f"'{key.value}' says it twice: leave the sign or the value out"
            complaints.append(Complaint(message, key.place))
            continue
        if sign:
            value = replace(feature, value="0")
            feature = part_of(feature, sign.end(), len(feature.value))
        elif value is None and feature.value in negated:
            value = replace(feature, value="1")
        if value is None and feature.value in owners:
            feature, value = replace(feature, value=owners[feature.value]), feature
        own = classes.setdefault(labels.setdefault(label.value, label).value, {})
        names.setdefault(feature.value, feature)
        before = own.get(feature.value)
        if value is None and before is None:
            own[feature.value] = probability
            continue
        earlier = before.pairs if isinstance(before, Entries) else ()
        if value is None or (before is not None and not earlier):
            complaints.append(Complaint(f"'{key.value}' is said in another way too", key.place))
            continue
        own[feature.value] = Entries((*earlier, (value, probability)), key.place)
    if complaints:
        raise Invalid(*complaints)
    pairs = (
        (labels[c], Entries(tuple((names[f], raw) for f, raw in own.items()), labels[c].place))
        for c, own in classes.items()
    )
    return Entries(tuple(pairs), found.place)


def owners_of(conditional: Iterable[re.Match[str] | None]) -> dict[str, str]:
    """The features of the values that only one feature has: the outlook for sunny."""
    pairs = {(each["value"], each["feature"]) for each in conditional if each and each["value"]}
    often = Counter(value for value, _ in pairs)
    features = {feature for _, feature in pairs}
    return {v: f for v, f in pairs if often[v] == 1 and v not in features}
