"""The rows of a workbook, .xlsx, as texts; openpyxl, which reads it, is loaded where there is one.

A workbook is a packed folder, and may unpack to far more than it is: what it says of its own size
is looked at before, and rows are read one by one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.sheet import MOST_CELLS, filled, ragged
from mlcalc.maths.records import Record

MAX_UNPACKED = 100_000_000
LETTERS = 26


class Workbook(Record):
    """The rows of the first sheet that has any; `numbers` are those that a spreadsheet shows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    source: str
    first: int = 1
    """The number of the row with the names."""
    separator: str = ""

    def place(self, row: int, column: int) -> Place:
        return cell_place(self.source, self.numbers[row], column)

    def header_place(self, column: int) -> Place:
        """Where the name of a column stands."""
        return cell_place(self.source, self.first, column)

    @classmethod
    def read(
        cls, data: bytes, source: str, skipped: list[Complaint], remarks: list[str]
    ) -> Workbook:
        """The rows that hold something.  Raises `Invalid` where this is no workbook."""
        book = opened(data, source)
        try:
            sheets = [(sheet.title, list(numbered(sheet, source))) for sheet in book.worksheets]
        except Invalid:
            raise
        except Exception as error:  # whatever a broken file makes of its reader
            raise Invalid.at(f"the workbook cannot be read: {error}", Place(source)) from None
        kept = [(title, rows) for title, rows in sheets if rows]
        if not kept or len(kept[0][1]) < 2:
            what = "has a header and no rows" if kept else "is empty"
            message = (
                f"the workbook {what}: expected names in its first row, and a row in each other"
            )
            raise Invalid.at(message, Place(source))
        if len(kept) > 1:
            others = ", ".join(f"'{title}'" for title, _ in kept[1:])
            remarks.append(f"{source}: the sheet '{kept[0][0]}' is read, and not {others}")
        (first, header), *rows = kept[0][1]
        width = len(header)
        skipped += [
            Complaint(ragged(len(cells), width, ""), cell_place(source, number, 0))
            for number, cells in rows
            if len(cells) > width
        ]
        whole = [(number, cells) for number, cells in rows if len(cells) <= width]
        padded = tuple(cells + ("",) * (width - len(cells)) for _, cells in whole)
        return cls(header, padded, tuple(number for number, _ in whole), source, first)


def opened(data: bytes, source: str) -> Any:
    """The workbook.  Raises `Invalid` where there is none, or nothing to read it with."""
    place = Place(source)
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Invalid.at("this is no .xlsx workbook: save it as one, or as CSV", place) from None
    if size > MAX_UNPACKED:
        message = f"this workbook unpacks to more than {MAX_UNPACKED:,} bytes: save it as CSV"
        raise Invalid.at(message, place)
    try:
        from openpyxl import load_workbook
    except ImportError:
        message = "a workbook is read by openpyxl: install mlcalc[xlsx], or save it as CSV"
        raise Invalid.at(message, place) from None
    try:
        return load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a broken file makes of its reader
        raise Invalid.at(f"the workbook cannot be read: {error}", place) from None


def numbered(sheet: Any, source: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows that hold something, with their numbers, as texts.

    Raises `Invalid` for too many.
    """
    sheet.reset_dimensions()  # what it says of its size may be wrong
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(row) + 1
        if cells > MOST_CELLS:
            message = f"more than {MOST_CELLS:,} cells: split it into several files"
            raise Invalid.at(message, Place(source))
        texts = filled(tuple(map(as_text, row)))
        if texts:
            yield number, texts


def as_text(value: Any) -> str:
    """A cell as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return str(value).strip()


def cell_place(source: str, number: int, column: int) -> Place:
    """The cell as a spreadsheet names it: class.xlsx, cell B3."""
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, LETTERS)
        letters = chr(ord("A") + letter) + letters
    return Place(f"{source}, cell {letters}{number}")
