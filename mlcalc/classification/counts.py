"""What is counted in the rows or documents of each class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from mlcalc.classification.documents import Documents
from mlcalc.classification.training import Row, Training, number_in
from mlcalc.errors import Complaint, Invalid
from mlcalc.records import Record
from mlcalc.sheet import MOST_COMPLAINTS

Event = tuple[str, str]
"""A feature with one of its values; a word stands with the empty value."""

BINARY = {"1": "1", "yes": "1", "true": "1", "0": "0", "no": "0", "false": "0"}


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


def of_values(training: Training) -> Tally:
    """How many rows of each class have each value of each feature."""
    values, counts = counted(training, training.features, lambda row, feature, cell: cell)
    sizes = Counter(row.label for row in training.rows)
    return Tally(training.classes, sizes, values, counts, sizes)


def of_ones(training: Training) -> Tally:
    """How many rows of each class have each binary feature."""

    def read(row: Row, feature: str, cell: str) -> str:
        return BINARY.get(cell.lower()) or as_binary(training, row, feature)

    _, counts = counted(training, training.features, read)
    sizes = Counter(row.label for row in training.rows)
    values = dict.fromkeys(training.features, ("1",))
    return Tally(training.classes, sizes, values, counts, sizes)


def as_binary(training: Training, row: Row, feature: str) -> str:
    """A binary value in another spelling, such as 1.0; `Invalid` for any other."""
    cell = training.text(row, feature)
    try:
        value = str(number_in(cell, feature))
    except Invalid:
        value = ""
    if value not in BINARY:
        message = f"expected 0 or 1 (or yes, no, true, false) for '{feature}', not '{cell.value}'"
        hint = "; a feature of several values needs the model categorical"
        raise Invalid.at(message + hint, cell.place)
    return value


def counted(
    training: Training, features: tuple[str, ...], read: Callable[[Row, str, str], str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Counter[Event]]]:
    """The values of each feature in the order in which they appear, and the counts by class."""
    counts: dict[str, Counter[Event]] = {name: Counter() for name in training.classes}
    values: dict[str, tuple[str, ...]] = {}
    complaints: list[Complaint] = []
    for feature in features:
        cells: Counter[tuple[str, str]] = Counter()
        known: dict[str, str] = {}
        for row, cell in training.column(feature):
            if cell not in known:
                try:
                    known[cell] = read(row, feature, cell)
                except Invalid as error:
                    complaints.extend(error.complaints)
                    known[cell] = cell
            cells[row.label, known[cell]] += 1
        values[feature] = tuple(dict.fromkeys(known.values()))
        for (label, value), count in cells.items():
            counts[label][feature, value] = count
    if complaints:
        raise Invalid(*complaints[:MOST_COMPLAINTS])
    return values, counts


def of_counts(training: Training) -> Tally:
    """How often each word occurs in all rows of each class, where the cells are counts."""
    counts: dict[str, Counter[Event]] = {name: Counter() for name in training.classes}
    complaints: list[Complaint] = []
    for feature in training.features:
        known: dict[str, int] = {}
        for row, cell in training.column(feature):
            if cell not in known:
                try:
                    known[cell] = as_count(training, row, feature)
                except Invalid as error:
                    complaints.extend(error.complaints)
                    known[cell] = 0
            counts[row.label][feature, ""] += known[cell]
    if complaints:
        raise Invalid(*complaints[:MOST_COMPLAINTS])
    sizes = Counter(row.label for row in training.rows)
    totals = {name: sum(found.values()) for name, found in counts.items()}
    values = dict.fromkeys(training.features, ("",))
    return Tally(training.classes, sizes, values, counts, totals)


def as_count(training: Training, row: Row, feature: str) -> int:
    """A whole number from 0; `Invalid` at the cell for any other."""
    cell = training.text(row, feature)
    value = number_in(cell, feature)
    if value < 0 or value.denominator != 1:
        message = f"expected a count for '{feature}', a whole number from 0, not '{cell.value}'"
        raise Invalid.at(message, cell.place)
    return value.numerator


def of_words(documents: Documents) -> Tally:
    """How often each word occurs in all documents of each class."""
    counts: dict[str, Counter[Event]] = {name: Counter() for name in documents.classes}
    for document in documents.documents:
        counts[document.label].update((word, "") for word in document.words)
    totals = {name: sum(found.values()) for name, found in counts.items()}
    values = dict.fromkeys(documents.vocabulary, ("",))
    return Tally(documents.classes, documents.sizes, values, counts, totals, "documents")


def of_presence(documents: Documents) -> Tally:
    """How many documents of each class contain each word, once or more often."""
    counts: dict[str, Counter[Event]] = {name: Counter() for name in documents.classes}
    for document in documents.documents:
        counts[document.label].update((word, "1") for word in set(document.words))
    values = dict.fromkeys(documents.vocabulary, ("1",))
    sizes = documents.sizes
    return Tally(documents.classes, sizes, values, counts, sizes, "documents")
