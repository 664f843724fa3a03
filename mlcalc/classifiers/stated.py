"""Priors and likelihoods as they are stated: by name, as P(x = 1 | spam) = 0.6, class by class."""

from __future__ import annotations

import re

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import Mapping
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import BREAKS, depths, entries_of, is_mapping

PRIOR = re.compile(r"\s*(?:P|Pr|p)\s*\(\s*(?:\w+\s*=\s*)?(?P<label>[^()|=]+?)\s*\)\s*")
"""P(spam), P(Y = spam)."""
GIVEN = re.compile(
    r"\s*(?:P|Pr|p)\s*\(\s*(?P<feature>[^()|=∣]+?)\s*(?:=\s*(?P<value>[^()|∣]+?)\s*)?"
    r"(?:[|∣]|\\mid\b)\s*(?:\w+\s*=\s*)?(?P<label>[^()|=]+?)\s*\)\s*"
)
"""P(x = 1 | spam), P(x | Y = spam)."""
BESIDE = re.compile(r"\s*(?P<name>[^\W\d_]\w*)\s+(?P<value>[0-9./]+%?)\s*")
"""spam 0.3"""
GROUP = re.compile(
    r"\s*(?P<label>[^\s=:,;{}()][^=:,;{}()]*?)\s*(?::\s*(?=[^\s=:,;{}]+\s*[=:])|(?P<open>\())"
)
"""The class before its features: spam: offer=0.6, or spam(offer=0.6)."""


class Priors(Mapping):
    """The probability of each class: spam=1/3, spam 1/3, P(spam) = 1/3."""

    def read(self, raw: Raw) -> Entries:
        if isinstance(raw, Text) and not is_mapping(raw):
            raw = beside(raw) or raw
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
            raw = by_class(raw) or raw
        found = super().read(raw)
        conditional = [GIVEN.fullmatch(key.value) for key, _ in found.pairs]
        return nested(found, conditional) if all(conditional) else found


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
    for match, (key, probability) in zip(conditional, found.pairs, strict=True):
        assert match is not None
        label, feature = (part_of(key, *match.span(part)) for part in ("label", "feature"))
        own = classes.setdefault(labels.setdefault(label.value, label).value, {})
        names.setdefault(feature.value, feature)
        before = own.get(feature.value)
        if match["value"] is None and before is None:
            own[feature.value] = probability
            continue
        earlier = before.pairs if isinstance(before, Entries) else ()
        if match["value"] is None or (before is not None and not earlier):
            complaints.append(Complaint(f"'{key.value}' is said in another way too", key.place))
            continue
        pair = part_of(key, *match.span("value")), probability
        own[feature.value] = Entries((*earlier, pair), key.place)
    if complaints:
        raise Invalid(*complaints)
    pairs = (
        (labels[c], Entries(tuple((names[f], raw) for f, raw in own.items()), labels[c].place))
        for c, own in classes.items()
    )
    return Entries(tuple(pairs), found.place)
