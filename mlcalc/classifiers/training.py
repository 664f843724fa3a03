"""The rows that a classifier learns from: classes, features, and cells as they were typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from mlcalc.classifiers.question import Question
from mlcalc.files.document import Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.fields import entries_of, numeric, words_of
from mlcalc.files.sheet import MOST_COMPLAINTS, Sheet, check_filled, sheet_of
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record


class Row(Record):
    """One example: its class, its features' cells as they were typed, its number from 0."""

    label: str
    values: tuple[str, ...]
    number: int


class Training(Record):
    """The examples.  Classes stand in the order in which they first appear, as in the table."""

    label: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: Sheet

    def place(self, row: Row, feature: str) -> Place:
        """Where a cell stands."""
        return self.sheet.place(row.number, self.sheet.columns.index(feature))

    def text(self, row: Row, feature: str) -> Text:
        """A cell with its place."""
        value = row.values[self.features.index(feature)]
        return Text(value, self.place(row, feature))

    def column(self, feature: str, of: str | None = None) -> Iterator[tuple[Row, str]]:
        """The rows of a class, or all, with their cells of that feature."""
        index = self.features.index(feature)
        return ((row, row.values[index]) for row in self.rows if of in (None, row.label))

    def count(self, of: str) -> int:
        """How many rows a class has."""
        return Counter(row.label for row in self.rows)[of]

    def numbers(self, feature: str, of: str | None = None) -> tuple[Fraction, ...]:
        """The feature's values in a class, or in all rows; `Invalid` at cells that are no numbers.

        A number may be written in any way that a field reads: 3, -0.5, 1/3, 2e-5, 8%.
        """
        known: dict[str, Fraction] = {}
        found: list[Fraction] = []
        complaints: list[Complaint] = []
        for row, cell in self.column(feature, of):
            if cell not in known:
                try:
                    known[cell] = number_in(self.text(row, feature), feature)
                except Invalid as error:
                    complaints.extend(error.complaints)
                    continue
            found.append(known[cell])
        if complaints:
            raise Invalid(*complaints[:MOST_COMPLAINTS])
        return tuple(found)


def number_in(cell: Text, name: str) -> Fraction:
    """The exact number that was typed for a feature."""
    try:
        value = exact(numeric(cell)) if cell.value else None
    except Invalid:
        value = None
    if value is None:
        what = f"'{cell.value}'" if cell.value else "nothing"
        before, comma, after = cell.value.partition(",")
        is_decimal = comma and before.lstrip("-").isdigit() and after.isdigit()
        hint = f"; write {before}.{after} with a point" if is_decimal else ""
        raise Invalid.at(f"expected a number for '{name}', not {what}{hint}", cell.place)
    return value


def training_of(given: Question) -> Training:
    """The rows of `data`.  Raises `Invalid` with what is wrong with them, and where."""
    if given.data is None:
        message = "'data' is missing: rows as mappings, or the path of a CSV file"
        raise given.fault(f"{message}; or give priors and likelihoods")
    sheet = sheet_of(given.data)
    columns = sheet.columns
    if given.label is None:
        raise given.fault(f"'label' is missing: which column is the class, {listed(columns)}?")
    if given.label not in columns:
        hint = closest(given.label, columns) or f"; the columns are {listed(columns)}"
        raise given.fault(f"there is no column '{given.label}'{hint}", Question.label)
    features = features_of(given, columns)
    label, chosen = columns.index(given.label), [columns.index(name) for name in features]
    check_filled(sheet, (label, *chosen))
    rows = tuple(
        Row(cells[label], tuple(cells[column] for column in chosen), number)
        for number, cells in enumerate(sheet.rows)
    )
    classes = tuple(dict.fromkeys(row.label for row in rows))
    return Training(given.label, features, classes, rows, sheet)


def features_of(given: Question, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that were chosen, or all but the class."""
    if given.features is None:
        others = tuple(name for name in columns if name != given.label)
        if not others:
            raise given.fault("there is no column beside the class: a feature is needed")
        return others
    chosen = words_of(given.features, "red, affordable", columns)
    complaints = []
    for name in chosen:
        if name.value not in columns:
            hint = closest(name.value, columns) or f"; the columns are {listed(columns)}"
            complaints.append(Complaint(f"there is no column '{name.value}'{hint}", name.place))
        elif name.value == given.label:
            complaints.append(Complaint(f"'{name.value}' is the class, no feature", name.place))
    if complaints:
        raise Invalid(*complaints)
    return tuple(dict.fromkeys(name.value for name in chosen))


def listed(names: tuple[str, ...], most: int = 12) -> str:
    """The names in a message, the first of them where there are many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names)} in all)"


def read_query(given: Question, features: tuple[str, ...]) -> dict[str, Text]:
    """The features of the query with their values, in the order of the features.

    Those that are left out are not among them.  Raises `Invalid` for a name that is no feature.
    """
    assert given.query is not None
    found: dict[str, Text] = {}
    complaints = []
    for name, value in entries_of(given.query, f"{features[0]}=1").pairs:
        if name.value not in features:
            hint = closest(name.value, features) or f"; the features are {listed(features)}"
            what = "the class, no feature" if name.value == given.label else "no feature"
            complaints.append(Complaint(f"'{name.value}' is {what}{hint}", name.place))
        elif not isinstance(value, Text) or not value.value:
            message = f"expected one value for '{name.value}'"
            complaints.append(Complaint(message, value.place))
        else:
            found[name.value] = value
    if complaints:
        raise Invalid(*complaints)
    return {name: found[name] for name in features if name in found}
