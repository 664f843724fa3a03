"""Rows under named columns, as they were typed: in YAML, or in a CSV file.

Cells are texts without the spaces around them; where one stands is found when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from mlcalc.files.document import LINE_BREAK, Entries, Items, Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.fields.base import part_of, spans_between
from mlcalc.files.reading import bytes_of, decoded, standard_input
from mlcalc.maths.records import Record

MOST_COMPLAINTS = 10
MOST_CELLS = 1_000_000
MOST_BROKEN = 100
"""Each quote that is not closed is looked for far down the file."""

SEPARATORS = ",;\t"
QUOTED = re.compile(r'"[^"]*"?')
SAID_SEPARATOR = re.compile(r'"?sep=([,;|\t])"?[,;|\t]*', re.IGNORECASE)
"""The first line by which Excel is told what separates the cells."""


class Sheet(Protocol):
    """What YAML rows and a CSV file have in common; `rows` have one cell for each column."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def rows(self) -> Sequence[tuple[str, ...]]: ...

    def place(self, row: int, column: int) -> Place:
        """Where a cell stands, both counted from 0."""


class Mappings(Record):
    """Rows as mappings from column to cell, in the order of the first row's columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    entries: tuple[Entries, ...]

    def place(self, row: int, column: int) -> Place:
        cell = self.entries[row].get(self.columns[column])
        return self.entries[row].place if cell is None else cell.place

    @classmethod
    def read(cls, items: Items) -> Mappings:
        """The rows of a list.  Raises `Invalid` for rows whose columns are not the first's."""
        example = "a row such as {colour: red, price: 3, class: 1}"
        for item in items.items:
            if not isinstance(item, Entries) or not item.pairs:
                raise Invalid.at(f"expected {example}, not '{written(item)}'", item.place)
        entries = tuple(item for item in items.items if isinstance(item, Entries))
        if not entries:
            raise Invalid.at(f"there are no rows: expected {example}", items.place)
        columns = entries[0].keys()
        known = frozenset(columns)
        complaints: list[Complaint] = []
        rows = []
        for number, entry in enumerate(entries, 1):
            cells = {key.value: value for key, value in entry.pairs}
            complaints += misfits(number, entry, known, cells)
            complaints += not_one_value(entry)
            rows.append(tuple(written(cells[name]).strip() for name in columns if name in cells))
        if complaints:
            raise Invalid(*complaints[:MOST_COMPLAINTS])
        return cls(columns, tuple(rows), entries)


def misfits(
    number: int, entry: Entries, known: frozenset[str], cells: dict[str, Raw]
) -> list[Complaint]:
    """The columns that one row lacks or has beyond those of the first."""
    if cells.keys() == known:
        return []
    missing = ", ".join(f"'{name}'" for name in sorted(known - cells.keys()))
    complaints = []
    if missing:
        complaints.append(Complaint(f"row {number} has no {missing}, as row 1 has", entry.place))
    for key, _ in entry.pairs:
        if key.value not in known:
            message = f"row {number} has '{key.value}', which row 1 has not"
            complaints.append(Complaint(message, key.place))
    return complaints


def not_one_value(entry: Entries) -> list[Complaint]:
    return [
        Complaint(f"expected one value for '{key.value}', not a list or mapping", value.place)
        for key, value in entry.pairs
        if not isinstance(value, Text)
    ]


class Separated(Record):
    """The rows of a CSV file; `numbers` are the lines on which they end, counted from 1."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    lines: tuple[str, ...]
    source: str
    separator: str

    def place(self, row: int, column: int) -> Place:
        return in_line(self.source, self.lines, self.numbers[row], self.separator, column)

    def header_place(self, column: int) -> Place:
        """Where the name of a column stands."""
        line = next(number for number, line in enumerate(self.lines, 1) if line.strip())
        return in_line(self.source, self.lines, line, self.separator, column)

    @classmethod
    def read(cls, text: str, source: str, skipped: list[Complaint] | None = None) -> Separated:
        """The rows of a text.  Raises `Invalid` for ragged rows, and for unclosed quotes.

        Where there is a list for what is `skipped`, these are put into it and left out, and the
        names of columns may be empty or the same: who reads them knows which ones count.
        """
        if text.count("\n") + text.count("\r") + sum(map(text.count, SEPARATORS)) > MOST_CELLS:
            message = f"more than {MOST_CELLS:,} cells: split it into several files"
            raise Invalid.at(message, Place(source))
        lines = tuple(LINE_BREAK.split(text))
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        said = SAID_SEPARATOR.fullmatch(lines[first])
        separator = said[1] if said else separator_of(lines[first])
        if said:
            lines = (*lines[:first], "", *lines[first + 1 :])
        broken: list[Complaint] = []
        found = list(records(lines, separator, source, broken))
        if broken and (skipped is None or len(found) < 2):
            raise Invalid(broken[0])
        if skipped is not None:
            skipped += broken
        if len(found) < 2:
            what = "has a header and no rows" if found else "is empty"
            message = f"the file {what}: expected names in the first line and a row in each other"
            raise Invalid.at(
                message, at_line(source, lines, len(lines)) if found else Place(source)
            )
        (_, columns), *others = found
        complaints = [
            Complaint(message, in_line(source, lines, found[0][0], separator, column))
            for column, message in wrong_names(columns)
            if skipped is None
        ]
        width = len(columns)
        if skipped is not None:
            others = without_ends(others, width)
        whole = [row for row in others if len(row[1]) == width]
        bad = [
            Complaint(ragged(len(cells), width, separator), at_line(source, lines, number))
            for number, cells in others
            if len(cells) != width
        ]
        if complaints or (bad and skipped is None):
            raise Invalid(*[*complaints, *bad][:MOST_COMPLAINTS])
        if skipped is not None:
            skipped += bad
        numbers, rows = tuple(n for n, _ in whole), tuple(cells for _, cells in whole)
        return cls(columns, rows, numbers, lines, source, separator)


Numbered = tuple[int, tuple[str, ...]]
"""The cells of a row, and the number of its last line."""


def records(
    lines: Sequence[str], separator: str, source: str, broken: list[Complaint]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows that hold something, each with the number of its last line.

    Where a quote is not closed, or only lines later, its line is said to be `broken`, and reading
    goes on at the next: the rows that it would swallow are other people's.
    """
    import csv

    start, width, last = 0, 0, 0
    while start < len(lines):
        if len(broken) >= MOST_BROKEN:
            message = "too many quotes are not closed: the rest is not read"
            broken.append(Complaint(message, at_line(source, lines, start + 1)))
            return
        rest = (f"{lines[number]}\n" for number in range(start, len(lines)))
        reader = csv.reader(rest, delimiter=separator, strict=True)
        try:
            for row in reader:
                begun, end = last, start + reader.line_num
                if end > begun + 1 and any(
                    is_row(line, separator, width) for line in lines[begun + 1 : end]
                ):
                    message = f"a quote is opened here and swallows line {begun + 2}: close it"
                    broken.append(Complaint(message, at_line(source, lines, begun + 1)))
                    start = last = begun + 1
                    break
                cells = tuple(map(str.strip, row))
                last = end
                if any(cells):
                    width = width or len(cells)
                    yield end, cells
            else:
                return
        except csv.Error as error:
            message = f"this is no CSV: {error}; write a quote within quotes twice"
            broken.append(Complaint(message, at_line(source, lines, last + 1)))
            start = last = last + 1


def is_row(line: str, separator: str, width: int) -> bool:
    """Whether a line within a cell looks like a row of its own, and not like one of a matrix."""
    cells = line.split(separator)
    return width > 1 and len(cells) == width and any(map(str.isalpha, cells[0]))


def without_ends(rows: list[Numbered], width: int) -> list[Numbered]:
    """The rows without the separators, behind which there is nothing, that Excel ends all with.

    Where some have more than others a cell is torn in two, and each stands for another column.
    """
    if len({len(cells) for _, cells in rows}) > 1:
        return rows
    return [(number, cells[:width] + filled(cells[width:])) for number, cells in rows]


def filled(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells without the empty ones at the end."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def separator_of(header: str) -> str:
    """What separates the names of the header: a comma unless there are more semicolons or tabs."""
    return max(SEPARATORS, key=QUOTED.sub("", header).count)


def wrong_names(columns: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """The columns, from 0, that have no name, and those that have one that is taken."""
    seen: set[str] = set()
    for column, name in enumerate(columns):
        if not name:
            yield column, f"column {column + 1} has no name: write one, or leave the column out"
        elif name in seen:
            yield column, f"there are two columns '{name}': rename one"
        seen.add(name)


def ragged(own: int, expected: int, separator: str) -> str:
    cells = "1 cell" if own == 1 else f"{own} cells"
    message = f"this row has {cells} and the header has {expected}"
    if own > expected and separator:
        message += f"; put a cell that holds '{separator}' in double quotes"
    return message


def at_line(source: str, lines: Sequence[str], number: int, column: int = 1) -> Place:
    """A place in the line of that number, counted from 1."""
    number = min(max(number, 1), len(lines))
    return Place(source, lines[number - 1], number, column, is_file=True)


def in_line(source: str, lines: Sequence[str], number: int, separator: str, column: int) -> Place:
    """The cell of that column, counted from 0; the row's last line where a quote spans lines."""
    is_quoted, seen, start = False, 0, 0
    line = lines[number - 1]
    for position, character in enumerate(line):
        if seen == column:
            break
        is_quoted ^= character == '"'
        if character == separator and not is_quoted:
            seen, start = seen + 1, position + 1
    start += len(line[start:]) - len(line[start:].lstrip())
    return at_line(source, lines, number, start + 1)


class Pasted(Record):
    """A table that was typed or pasted, its names in the first row; `places` are the cells'."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[tuple[Place, ...], ...]

    def place(self, row: int, column: int) -> Place:
        return self.places[row][column]

    @classmethod
    def read(cls, raw: Text) -> Pasted:
        """The cells between commas, tabs, bars or spaces, a row a line."""
        return cls.of(pasted_lines(raw), raw.place)

    @classmethod
    def of(cls, lines: Sequence[Sequence[Text]], place: Place) -> Pasted:
        """The table whose first row has the names.  Raises `Invalid` for ragged rows."""
        if len(lines) < 2:
            message = "expected the names of the columns in the first row, and a row in each other"
            raise Invalid.at(message, place)
        header, *rows = lines
        if all(len(row) == len(header) + 1 for row in rows) and are_counted(rows):
            rows = [row[1:] for row in rows]  # pandas prints the number of a row before it
        columns = tuple(cell.value for cell in header)
        complaints = [Complaint(message, header[i].place) for i, message in wrong_names(columns)]
        complaints += [
            Complaint(ragged(len(row), len(header), ""), row[0].place if row else place)
            for row in rows
            if len(row) != len(header)
        ]
        if complaints:
            raise Invalid(*complaints[:MOST_COMPLAINTS])
        cells = tuple(tuple(cell.value for cell in row) for row in rows)
        return cls(columns, cells, tuple(tuple(cell.place for cell in row) for row in rows))


RULE = re.compile(r"[\s|:+=–—-]+")
"""A line of a Markdown table that only draws."""
GAP = re.compile(r"[^\S\n]{2,}")
SPACES = re.compile(r"\s+")
ONE_LINE = re.compile(r"[^\r\n;]+,[^\r\n;]+(?:;[^\r\n;]+)+;?")
"""Rows between semicolons: x,y,class; 1,0,a."""


def is_pasted(text: str) -> bool:
    """Whether a text is a table, and not the path of one."""
    lines = [line for line in LINE_BREAK.split(text) if line.strip()]
    return len(lines) > 1 or ONE_LINE.fullmatch(text.strip()) is not None


def pasted_lines(raw: Text) -> list[list[Text]]:
    """The cells of each row, without lines that only draw."""
    text = raw.value
    breaks = LINE_BREAK if LINE_BREAK.search(text.strip()) else re.compile(";")
    spans = spans_between(breaks, text)
    found = [(i, j) for i, j in spans if text[i:j].strip() and not RULE.fullmatch(text[i:j])]
    lines = [text[i:j] for i, j in found]
    signs = [sign for sign in ("|", "\t", ",", ";") if all(sign in line for line in lines)]
    if signs:
        sign = re.compile(re.escape(signs[0]))
        return [cells_in(raw, i, j, sign, signs[0] == "|") for i, j in found]
    by_space, by_gap = (
        [cells_in(raw, i, j, sign, False) for i, j in found] for sign in (SPACES, GAP)
    )
    # Cells of several words stand apart by more than one space.
    are_one = len({len(row) for row in by_gap}) == 1 and len(by_gap[0]) > 1
    is_ragged = len({len(row) for row in by_space[1:]}) > 1
    return by_gap if are_one and is_ragged else by_space


def cells_in(raw: Text, start: int, end: int, sign: re.Pattern[str], is_framed: bool) -> list[Text]:
    """The cells of one line; bars may frame it."""
    line = raw.value[start:end]
    inner = line.strip().removeprefix("|").removesuffix("|") if is_framed else line.strip()
    start += line.index(inner)
    return [part_of(raw, start + i, start + j) for i, j in spans_between(sign, inner)]


def are_counted(rows: Sequence[Sequence[Text]]) -> bool:
    """Whether the first cells are 0, 1, 2, … or 1, 2, 3, …"""
    first = [row[0].value for row in rows]
    return any(first == [str(i + begin) for i in range(len(rows))] for begin in (0, 1))


def sheet_of(raw: Raw) -> Sheet:
    """The rows that were given: mappings, lists, a table as text, or the path of a CSV file.

    Raises `Invalid` with the place, in the CSV file where there is one.
    """
    if isinstance(raw, Items):
        rows = [row.items for row in raw.items if isinstance(row, Items)]
        cells = [[cell for cell in row if isinstance(cell, Text)] for row in rows]
        is_listed = rows and len(rows) == len(raw.items)
        return Pasted.of(cells, raw.place) if is_listed else Mappings.read(raw)
    if not isinstance(raw, Text):
        raise Invalid.at("expected a list of rows, or the path of a CSV file", raw.place)
    if is_pasted(raw.value):
        return Pasted.read(raw)
    return Separated.read(*content_of(raw.value.strip(), raw, "; data is the path of a CSV file"))


def content_of(path: str, raw: Text, hint: str = "") -> tuple[str, str]:
    """What a file, or standard input for -, holds, and what it is called.

    A path in a problem file is relative to that file, one on the command line to the folder one
    is in.  Raises `Invalid` with the hint where it cannot be read.
    """
    if path == "-":
        return decoded(standard_input(), "standard input"), "standard input"
    file = Path(path)
    if raw.place.is_file:
        file = Path(raw.place.source).parent / file
    try:
        data = bytes_of(file)
    except Invalid as error:
        message = f"'{file}': {error.complaints[0].message}{hint}"
        raise Invalid.at(message, raw.place) from None
    return decoded(data, str(file)), str(file)


def check_filled(sheet: Sheet, columns: Iterable[int]) -> None:
    """Raises `Invalid` with the places of empty cells in these columns."""
    columns = tuple(columns)
    complaints = [
        Complaint(f"the cell for '{sheet.columns[column]}' is empty", sheet.place(number, column))
        for number, cells in enumerate(sheet.rows)
        if "" in cells
        for column in columns
        if not cells[column]
    ]
    if complaints:
        raise Invalid(*complaints[:MOST_COMPLAINTS])
