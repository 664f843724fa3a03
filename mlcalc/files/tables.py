"""A table as it comes: CSV in any of the encodings that spreadsheets write, or a workbook."""

from __future__ import annotations

from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import MAX_BYTES, decoded
from mlcalc.files.sheet import Separated
from mlcalc.files.workbook import Workbook

PACKED = b"PK\x03\x04"
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
    """The text of a CSV file: UTF-8, UTF-16, or what Excel writes on Windows."""
    try:
        text = decoded(data, source)
    except Invalid as error:
        if len(data) > MAX_BYTES or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise error from None
        remarks.append(f"{source}: read as Windows-1252, since it is no UTF-8")
    zeros = data[:200].count(0)
    if zeros and zeros >= len(data[:200]) // 3 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # UTF-16 whose mark was lost has a zero in every other byte.
        coding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text = data.decode(coding, "replace")
    if "\0" in text:
        raise Invalid.at("this is a binary file, not a table: save it as CSV", Place(source))
    return text
