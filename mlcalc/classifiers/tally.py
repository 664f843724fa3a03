"""Documents with their words, and what is counted in the rows or documents of each class.

A word is a run of letters and digits; case is folded, so that The and the are one word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from mlcalc.classifiers.question import MODEL, Question
from mlcalc.classifiers.training import Training, listed
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.files.sheet import MOST_COMPLAINTS, Sheet, sheet_of
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace

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
    raw = listed_documents(given.documents)
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


NAMES = {
    "label": ("label", "class", "target", "category"),
    "text": ("text", "document", "message", "sentence", "words", "email", "doc"),
}
"""What the columns of a table of documents are called."""
LABELLED = re.compile(r"\s*(?P<label>[^\s:=,;]+)\s*[:=\t]\s*(?P<text>\S.*?)\s*", re.DOTALL)
"""spam: win a prize"""
FILE = re.compile(r"\s*[^\r\n]+\.(?:csv|tsv)\s*", re.IGNORECASE)


def listed_documents(raw: Raw) -> Raw:
    """The documents as a list, however they are written.

    They may be the rows of a table or of a CSV file, `spam: win a prize` a line, or texts under
    the name of their class.
    """
    if isinstance(raw, Entries) and set(raw.keys()) != {"label", "text"}:
        pairs = [
            (label, text)
            for label, texts in raw.pairs
            for text in (texts.items if isinstance(texts, Items) else (texts,))
        ]
        return Items(tuple(labelled(*pair) for pair in pairs), raw.place)
    if not isinstance(raw, Text):
        return raw
    breaks = r"[^\r\n]+" if re.search(r"[\r\n]", raw.value.strip()) else r"[^;]+"
    lines = [found.span() for found in re.finditer(breaks, raw.value) if found[0].strip()]
    found = [LABELLED.fullmatch(raw.value, *span) for span in lines]
    parts = [match for match in found if match is not None]
    keys = {match["label"].casefold() for match in parts}
    is_one = keys <= {name for names in NAMES.values() for name in names}
    if parts and len(parts) == len(lines) and not is_one:
        items = (
            labelled(*(part_of(raw, *match.span(name)) for name in ("label", "text")))
            for match in parts
        )
        return Items(tuple(items), raw.place)
    if not FILE.fullmatch(raw.value) and len(lines) < 2:
        return raw
    sheet = sheet_of(raw)
    chosen = [
        [i for i, name in enumerate(sheet.columns) if name.casefold() in names]
        for names in NAMES.values()
    ]
    if any(len(columns) != 1 for columns in chosen):
        names = listed(sheet.columns)
        message = f"documents stand in the columns label and text; the columns are {names}"
        raise Invalid.at(message, raw.place)
    rows = (
        labelled(*(Text(row[column], sheet.place(i, column)) for (column,) in chosen))
        for i, row in enumerate(sheet.rows)
    )
    return Items(tuple(rows), raw.place)


def as_documents(given: Entries) -> Entries:
    """Data whose only columns are texts and their classes, as the documents that they are."""
    raw = given.get("data")
    names = {key.value for key, _ in given.pairs}
    if not isinstance(raw, Text) or names & {"documents", "likelihoods", "features"}:
        return given
    model, label = given.get("model"), given.get("label")
    try:
        name = None if model is None else MODEL.read(model)
        sheet = sheet_of(raw)
    except Invalid:
        return given
    if name in (None, "multinomial", "bernoulli", "all") and (found := told_apart(given, sheet)):
        return found
    columns = [column.casefold() for column in sheet.columns]
    sorts = [sort for column in columns for sort, known in NAMES.items() if column in known]
    if sorted(sorts) != ["label", "text"] or name not in (None, "multinomial", "bernoulli", "all"):
        return given
    texts, classes = (sorts.index(sort) for sort in ("text", "label"))
    is_class = not isinstance(label, Text) or label.value.casefold() == columns[classes]
    if len(columns) != 2 or not is_class or not any(" " in row[texts] for row in sheet.rows):
        return given
    return Entries(
        tuple(
            (replace(key, value="documents") if key.value == "data" else key, value)
            for key, value in given.pairs
            if key.value != "label"
        ),
        given.place,
    )


def told_apart(given: Entries, sheet: Sheet) -> Entries | None:
    """Texts of a table whose class is named, where the query is a text too; numbers left out."""
    label, query = given.get("label"), given.get("query")
    if not isinstance(label, Text) or not isinstance(query, Text) or re.search("[=:]", query.value):
        return None
    names = [column.casefold() for column in sheet.columns]
    if label.value.casefold() not in names:
        return None
    own = names.index(label.value.casefold())
    others = [n for n in range(len(names)) if n != own and not is_numbering(sheet, n)]
    if len(others) != 1 or not all(" " in row[others[0]].strip() for row in sheet.rows):
        return None
    cells = ((row[own], row[others[0]]) for row in sheet.rows)
    texts = (labelled(replace(label, value=a), replace(label, value=b)) for a, b in cells)
    documents = Items(tuple(texts), label.place)
    pairs = ((replace(key, value="documents"), documents) if key.value == "data" else (key, value)
             for key, value in given.pairs if key.value != "label")  # fmt: skip
    return replace(given, pairs=tuple(pairs))


def is_numbering(sheet: Sheet, column: int) -> bool:
    """Whether a column counts the rows: 1, 2, 3 or d1, d2, d3."""
    cells = [re.fullmatch(r"[A-Za-z]{0,4}\s?([0-9]{1,9})", row[column]) for row in sheet.rows]
    numbers = [int(cell[1]) for cell in cells if cell]
    return len(numbers) == len(cells) > 0 and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )


def labelled(label: Text, text: Raw) -> Entries:
    """One document as its mapping."""
    keys = (replace(label, value=name) for name in NAMES)
    return Entries(tuple(zip(keys, (label, text), strict=True)), label.place)


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


Event = tuple[str, str]
"""A feature with one of its values; a word stands with the empty value."""


class Tally(Record):
    """How often each event was seen in each class.

    `totals` is what the counts of a class are shares of: its rows, or for words all its words.
    """

    classes: tuple[str, ...]
    sizes: Mapping[str, int]
    values: Mapping[str, tuple[str, ...]]
    """The values of each feature that are counted."""
    counts: Mapping[str, Mapping[Event, int]]
    totals: Mapping[str, int]
    unit: str = "rows"
    """What the examples are called."""

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple((name, value) for name, values in self.values.items() for value in values)


def words_of(counts: Mapping[str, Mapping[Event, int]]) -> dict[str, int]:
    """How many words each class has in all."""
    return {name: sum(found.values()) for name, found in counts.items()}


def of_rows(
    training: Training,
    read: Callable[[Text, str], tuple[str, int]],
    kept: str | None,
    by_word: bool,
) -> Tally:
    """What the cells of each class say: a value each, as often as it counts.

    Each cell that is written alike is read once.  Where one value is `kept` of each feature the
    others are not among those that are counted.
    """
    counts: dict[str, Counter[Event]] = {name: Counter() for name in training.classes}
    values: dict[str, tuple[str, ...]] = {}
    complaints: list[Complaint] = []
    for feature in training.features:
        known: dict[str, tuple[str, int]] = {}
        for row, cell in training.column(feature):
            if cell not in known:
                try:
                    known[cell] = read(training.text(row, feature), feature)
                except Invalid as error:
                    complaints.extend(error.complaints)
                    known[cell] = cell, 0
            value, times = known[cell]
            counts[row.label][feature, value] += times
        seen = tuple(dict.fromkeys(value for value, _ in known.values()))
        values[feature] = seen if kept is None else (kept,)
    if complaints:
        raise Invalid(*complaints[:MOST_COMPLAINTS])
    sizes = Counter(row.label for row in training.rows)
    return Tally(training.classes, sizes, values, counts, words_of(counts) if by_word else sizes)


def of_documents(
    documents: Documents,
    words: Callable[[tuple[str, ...]], Iterable[str]],
    kept: str,
    by_word: bool,
) -> Tally:
    """The words of each document that count."""
    counts: dict[str, Counter[Event]] = {name: Counter() for name in documents.classes}
    for document in documents.documents:
        counts[document.label].update((word, kept) for word in words(document.words))
    values = dict.fromkeys(documents.vocabulary, (kept,))
    sizes = documents.sizes
    totals = words_of(counts) if by_word else sizes
    return Tally(documents.classes, sizes, values, counts, totals, "documents")
