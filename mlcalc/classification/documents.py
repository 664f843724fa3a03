"""Texts with their classes, and the words in them.

A word is a run of letters and digits; case is folded, so that The and the are one word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from mlcalc.classification.question import Question
from mlcalc.document import Entries, Items, Raw, Text
from mlcalc.errors import Complaint, Invalid, closest
from mlcalc.records import Record

EXAMPLE = "a document such as {label: spam, text: win a prize}"

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Document(Record):
    label: str
    words: tuple[str, ...]


class Documents(Record):
    """The documents, with the classes and words in the order in which they first appear."""

    documents: tuple[Document, ...]
    classes: tuple[str, ...]
    vocabulary: tuple[str, ...]
    sizes: Mapping[str, int]


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, case folded."""
    return tuple(match[0].casefold() for match in _WORD.finditer(text))


def documents_of(given: Question) -> Documents:
    """The documents that were given.  Raises `Invalid` for those without a label or text."""
    assert given.documents is not None
    raw = given.documents
    if not isinstance(raw, Items) or not raw.items:
        raise Invalid.at(f"expected a list of documents, each {EXAMPLE}", raw.place)
    complaints: list[Complaint] = []
    documents: list[Document] = []
    for item in raw.items:
        try:
            documents.append(document_of(item))
        except Invalid as error:
            complaints.extend(error.complaints)
    if complaints:
        raise Invalid(*complaints)
    vocabulary = tuple(dict.fromkeys(word for d in documents for word in d.words))
    if not vocabulary:
        raise Invalid.at("the documents have no words", raw.place)
    sizes = Counter(document.label for document in documents)
    return Documents(tuple(documents), tuple(sizes), vocabulary, sizes)


def document_of(item: Raw) -> Document:
    if not isinstance(item, Entries):
        raise Invalid.at(f"expected {EXAMPLE}", item.place)
    for key, value in item.pairs:
        if key.value not in ("label", "text"):
            hint = closest(key.value, ("label", "text")) or "; known here: label, text"
            raise Invalid.at(f"unknown key '{key.value}'{hint}", key.place)
        if not isinstance(value, Text):
            raise Invalid.at(f"expected one {key.value}, not a list or mapping", value.place)
    label, text = item.get("label"), item.get("text")
    if not isinstance(label, Text) or not label.value or not isinstance(text, Text):
        missing = "label" if not isinstance(label, Text) or not label.value else "text"
        raise Invalid.at(f"this document has no {missing}: expected {EXAMPLE}", item.place)
    return Document(label.value, words_in(text.value))
