"""A table as it comes: CSV in any of the encodings that spreadsheets write, or a workbook."""

from __future__ import annotations

from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import MAX_BYTES, decoded
from mlcalc.files.sheet import Separated
from mlcalc.files.workbook import Workbook

PACKED = b"PK\x03\x04"
MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins."""
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

Table = Separated | Workbook


def read_table(data: bytes, source: str, skipped: list[Complaint], remarks: list[str]) -> Table:
    """The rows of a file, whatever its name ends in; `skipped` gets those that are malformed.

    Raises `Invalid` where there is no table.
    """
    if data.startswith(PACKED) and len(data) <= MAX_BYTES:
        return Workbook.read(data, source, skipped, remarks)
    if data.startswith(OLD_WORKBOOK):
        raise Invalid.at("this is an old .xls workbook: save it as .xlsx or CSV", Place(source))
    return Separated.read(decoded_table(data, source, remarks), source, skipped)


def decoded_table(data: bytes, source: str, remarks: list[str]) -> str:
    """The text of a CSV file: UTF-8, UTF-16, or what Excel writes on Windows.

    Raises `Invalid` for a file that is no text.
    """
    if 0 in data and len(data) <= MAX_BYTES and not data.startswith(MARKS):
        return without_mark(data, source)
    try:
        return decoded(data, source)
    except Invalid as error:
        if len(data) > MAX_BYTES or data.startswith(MARKS):
            raise
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise error from None
    remarks.append(f"{source}: read as Windows-1252, since it is no UTF-8")
    return text


def without_mark(data: bytes, source: str) -> str:
    """UTF-16 whose mark was lost: most of its letters have a zero in one of two bytes."""
    coding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if data[:200].count(0) * 3 >= len(data[:200]):
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            pass
    raise Invalid.at("this is a binary file, not a table: save it as CSV", Place(source))
