"""The rows that a classifier learns from: classes, features, and cells as they were typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from fractions import Fraction
from functools import lru_cache

from mlcalc.classifiers.question import Question
from mlcalc.files.document import Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.fields import entries_of, is_mapping, numeric, words_of
from mlcalc.files.sheet import MOST_COMPLAINTS, Sheet, check_filled, sheet_of
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace


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


@lru_cache(maxsize=2)
def training_of(given: Question) -> Training:
    """The rows of `data`.  Raises `Invalid` with what is wrong with them, and where."""
    if given.data is None:
        message = "'data' is missing: rows as mappings, or the path of a CSV file"
        raise given.fault(f"{message}; or give priors and likelihoods")
    sheet = sheet_of(given.data)
    columns = sheet.columns
    class_column = label_of(given, sheet)
    features = features_of(given, columns, class_column)
    label, chosen = columns.index(class_column), [columns.index(name) for name in features]
    check_filled(sheet, (label, *chosen))
    rows = tuple(
        Row(cells[label], tuple(cells[column] for column in chosen), number)
        for number, cells in enumerate(sheet.rows)
    )
    classes = tuple(dict.fromkeys(row.label for row in rows))
    found = Training(class_column, features, classes, rows, sheet)
    if given.features is None:
        found = without_numbers(given, found)
        point_out_numbering(given, found)
    return found


def without_numbers(given: Question, training: Training) -> Training:
    """The rows without a column that counts them, where the class has been named."""
    names = [name for name in numberings(training) if counts_rows(training, name)]
    rest = tuple(name for name in training.features if name not in names)
    if given.label is None or not names or not rest:
        return training
    kept = [training.features.index(name) for name in rest]
    rows = tuple(
        Row(row.label, tuple(row.values[at] for at in kept), row.number) for row in training.rows
    )
    text = f"{listed(tuple(names))} numbers the rows and is left out; the features are "
    given.note("nb.numbering", f"{text}{listed(rest)}")
    return replace(training, features=rest, rows=rows)


def counts_rows(training: Training, feature: str) -> bool:
    """Whether a column is called so and counts on from row to row: 1, 2, 3 or D1, D2, D3."""
    if feature.casefold().strip(" .") not in NUMBERING:
        return False
    cells = [re.fullmatch(r"[A-Za-z]?([0-9]{1,9})", cell) for _, cell in training.column(feature)]
    numbers = [int(cell[1]) for cell in cells if cell]
    first = numbers[0] if numbers else 0
    return numbers == list(range(first, first + len(training.rows)))


LABELS = ("class", "label", "target")
"""What the column of the class is called where nothing else is said."""


def label_of(given: Question, sheet: Sheet) -> str:
    """The column of the class: the one that was named, or the one that is called so."""
    columns = sheet.columns
    if given.label is None:
        called = [name for name in columns if name.casefold() in LABELS]
        if len(called) == 1:
            given.note("given.label", f"the class is the column {called[0]}")
            return called[0]
        left = beside_query(given, columns) or beside_values(given, sheet)
        if left is not None:
            given.note("given.label", f"the class is the column {left}, which the query leaves out")
            return left
        which = f"which column is the class, {listed(columns)}?"
        raise given.fault(f"'label' is missing: {which} Such as label: {columns[-1]}")
    found = spelled_as(given.label, columns)
    if found is None:
        hint = closest(given.label, columns) or f"; the columns are {listed(columns)}"
        raise given.fault(f"there is no column '{given.label}'{hint}", Question.label)
    return found


def beside_query(given: Question, columns: tuple[str, ...]) -> str | None:
    """The only column that a query by names leaves out."""
    if given.query is None or not is_mapping(given.query) or given.features is not None:
        return None
    typed = [key.value for key, _ in entries_of(given.query, "windy=yes").pairs]
    named = {spelled_as(name, columns) for name in typed}
    left = [column for column in columns if column not in named]
    return left[0] if None not in named and len(left) == 1 else None


def beside_values(given: Question, sheet: Sheet) -> str | None:
    """The only column that values in the order of the others leave out, each being one of its."""
    if given.query is None or is_mapping(given.query) or given.features is not None:
        return None
    typed = [word.value for word in words_of(given.query, "sunny, hot")]
    known = [{row[place] for row in sheet.rows} for place in range(len(sheet.columns))]
    if len(typed) != len(known) - 1 or len(typed) < 2:
        return None
    left = [
        name
        for place, name in enumerate(sheet.columns)
        if all(map(is_like, typed, (*known[:place], *known[place + 1 :])))
    ]
    return left[0] if len(left) == 1 else None


def is_like(typed: str, cells: set[str]) -> bool:
    """Whether a column has that value, or is of numbers as the value is."""
    return typed in cells or all(map(DECIMAL.fullmatch, (typed, *cells)))


DECIMAL = re.compile(r"\s*[+−-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s*")


def spelled_as(typed: str, known: Collection[str]) -> str | None:
    """The name that was typed, or the only one that differs from it in case alone."""
    if typed in known:
        return typed
    alike = [name for name in known if name.casefold() == typed.strip().casefold()]
    return alike[0] if len(alike) == 1 else None


NUMBERING = ("id", "no", "nr", "index", "#", "row", "day", "number", "example", "instance")
"""What a column that numbers the rows is called."""


def numberings(training: Training) -> tuple[str, ...]:
    """The features that are different in every row, and so tell nothing of another row."""
    if len(training.rows) < MANY_ROWS:
        return ()
    found = []
    for feature in training.features:
        cells = [cell for _, cell in training.column(feature)]
        is_word = not any(cell[:1] in "+-−.0123456789" for cell in cells)
        is_named = feature.casefold().strip(" .") in NUMBERING
        if len(set(cells)) == len(cells) and (is_word or is_named):
            found.append(feature)
    return tuple(found)


MANY_ROWS = 3


def point_out_numbering(given: Question, training: Training) -> None:
    """Notes the columns that only number the rows, and how to leave them out."""
    names = numberings(training)
    rest = [name for name in training.features if name not in names]
    if names and rest:
        what = "is" if len(names) == 1 else "are"
        text = f"{listed(names)} {what} different in every row and tells nothing of others; "
        given.note("nb.numbering", f"{text}leave it out with features: {', '.join(rest)}")


def features_of(given: Question, columns: tuple[str, ...], label: str) -> tuple[str, ...]:
    """The columns that were chosen, or all but the class."""
    if given.features is None:
        others = tuple(name for name in columns if name != label)
        if not others:
            raise given.fault("there is no column beside the class: a feature is needed")
        return others
    chosen = words_of(given.features, "red, affordable", columns)
    complaints = []
    found: list[str] = []
    for name in chosen:
        column = spelled_as(name.value, columns)
        if column is None:
            hint = closest(name.value, columns) or f"; the columns are {listed(columns)}"
            complaints.append(Complaint(f"there is no column '{name.value}'{hint}", name.place))
        elif column == label:
            complaints.append(Complaint(f"'{name.value}' is the class, no feature", name.place))
        else:
            found.append(column)
    if complaints:
        raise Invalid(*complaints)
    return tuple(dict.fromkeys(found))


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
    for name, value in query_pairs(given, features):
        feature = spelled_as(name.value, features)
        if feature is None and given.likelihoods is not None:  # outlook=sunny for P(sunny | yes)
            feature = spelled_as(written(value), features)
            if feature is not None:
                given.note("nb.query_value", f"{name.value}={feature} is read as {feature}=1")
                value = replace(name, value="1")
        if feature is None:
            hint = closest(name.value, features) or f"; the features are {listed(features)}"
            what = "the class, no feature" if name.value == given.label else "no feature"
            complaints.append(Complaint(f"'{name.value}' is {what}{hint}", name.place))
        elif feature in found:
            complaints.append(Complaint(f"'{feature}' is given twice: give it once", name.place))
        elif not isinstance(value, Text) or not value.value:
            message = f"expected one value for '{name.value}'"
            complaints.append(Complaint(message, value.place))
        else:
            found[feature] = value
    if complaints:
        raise Invalid(*complaints)
    return {name: found[name] for name in features if name in found}


def query_pairs(given: Question, features: tuple[str, ...]) -> tuple[tuple[Text, Raw], ...]:
    """Names with values, or the values alone in the order of the features."""
    raw = given.query
    assert raw is not None
    if is_mapping(raw):
        return entries_of(raw, f"{features[0]}=1").pairs
    values = words_of(raw, f"{features[0]}=1")
    if len(values) != len(features):
        names = listed(features)
        message = f"expected names and values such as {features[0]}={values[0].value}, or a value"
        amount = f"{len(values)} value{'s' if len(values) > 1 else ''}"
        is_all = given.features is None and given.data is not None
        hint = "; columns that do not count are left out with features" if is_all else ""
        raise Invalid.at(f"{message} for each of {names}, not {amount}{hint}", raw.place)
    if len(features) > 1:
        pairs = ", ".join(f"{f} = {v.value}" for f, v in zip(features, values, strict=True))
        given.note("nb.query_order", f"the query is read in the order of the features: {pairs}")
    return tuple(
        (replace(value, value=f), value) for f, value in zip(features, values, strict=True)
    )
