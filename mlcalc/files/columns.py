"""Values that stand in a column of a file: heights.csv:height, or the numbers of a bare file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from mlcalc.files.document import LINE_BREAK, Items, Raw, Text
from mlcalc.files.errors import Invalid

COLUMN = re.compile(
    r"\s*(?P<path>-|[^\r\n:]*(?::[\\/][^\r\n:]*)?\.(?:csv|tsv|tab|txt|dat))"
    r"(?:\s*:\s*(?P<columns>[^\r\n]+))?\s*",
    re.IGNORECASE,
)
"""A file, and one or more of its columns: heights.csv:height, -:height."""
CELLS = re.compile(r"[^\s,;|]+")
MAYBE_NUMBERS = re.compile(r"[-+−0-9.,;|eE/%\s]*")


def column_of(
    raw: Raw, is_table: bool = False, known: Callable[[Sequence[str]], bool] = lambda cells: False
) -> Raw:
    """The cells of a file's column, heights.csv:height; any other value as it is.

    `is_table` a row may have several cells; `known` says which words can be cells and no names.
    Raises `Invalid` with the columns that there are.
    """
    found = COLUMN.fullmatch(raw.value) if isinstance(raw, Text) else None
    if found is None or not isinstance(raw, Text):
        return raw
    # Few values stand in a file, and a sheet has much to read.
    from mlcalc.files.sheet import Separated, check_filled, content_of

    text, source = content_of(found["path"].strip(), raw)
    if found["columns"] is None and (
        MAYBE_NUMBERS.fullmatch(text) or is_nameless(text, found["path"].strip(), raw, known)
    ):
        return bare_cells(text, source, raw)
    sheet = Separated.read(text, source)
    if all(MAYBE_NUMBERS.fullmatch(name) for name in sheet.columns):
        message = f"the first line of '{source}' has no names of columns, but numbers"
        raise Invalid.at(message, raw.place)
    chosen = columns_of(found["columns"], sheet.columns, found["path"], raw, is_table)
    check_filled(sheet, chosen)
    rows = [
        tuple(Text(row[column], sheet.place(number, column)) for column in chosen)
        for number, row in enumerate(sheet.rows)
    ]
    cells = [row[0] if len(row) == 1 else Items(row, row[0].place) for row in rows]
    return Items(tuple(cells), raw.place)


def is_nameless(text: str, path: str, raw: Text, known: Callable[[Sequence[str]], bool]) -> bool:
    """Whether a file of one word a line begins with a value, and not with the column's name."""
    lines = [line.strip() for line in LINE_BREAK.split(text) if line.strip()]
    if not lines or any(len(CELLS.findall(line)) > 1 for line in lines):
        return False
    name, *cells = lines
    if all(map(MAYBE_NUMBERS.fullmatch, cells)) or (known(cells) and not known(lines)):
        return False
    if name not in cells and not known(lines):
        message = f"is '{name}' the name of the column, or a value? Write {path}:{name} if it is"
        raise Invalid.at(f"{message} the name, else a name above it", raw.place)
    return True


def bare_cells(text: str, source: str, raw: Text) -> Raw:
    """The numbers of a file without names, a row a line."""
    from mlcalc.files.sheet import at_line

    rows: list[Raw] = []
    lines = LINE_BREAK.split(text)
    for number, line in enumerate(lines, 1):
        cells = tuple(
            Text(found[0], at_line(source, lines, number, found.start() + 1))
            for found in CELLS.finditer(line)
        )
        if cells:
            rows.append(cells[0] if len(cells) == 1 else Items(cells, cells[0].place))
    if not rows:
        raise Invalid.at(f"'{source}' is empty", raw.place)
    return rows[0] if len(rows) == 1 and isinstance(rows[0], Items) else Items(rows, raw.place)


def columns_of(
    typed: str | None, columns: tuple[str, ...], path: str, raw: Text, is_table: bool
) -> tuple[int, ...]:
    """The numbers of the columns that were named, or of the only one."""
    listed = ", ".join(columns)
    if typed is None:
        if is_table or len(columns) == 1:
            return tuple(range(len(columns)))
        message = f"which column is it? Write {path}:{columns[0]} or {path}:{columns[1]}"
        message += f"; the columns are {listed}" if len(columns) > 2 else ""
        raise Invalid.at(message, raw.place)
    names = [typed.strip()]
    if names[0] not in columns and is_table:
        names = [name.strip() for name in typed.split(",")]
    for name in names:
        if name not in columns:
            raise Invalid.at(f"there is no column '{name}'; the columns are {listed}", raw.place)
    return tuple(map(columns.index, names))
