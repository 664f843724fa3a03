"""The rows of a CSV file of answers, each of which holds one answer of one student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.files.display import visible
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.sheet import Separated, in_line
from mlcalc.marking.claims import Claim
from mlcalc.maths.near import closest
from mlcalc.maths.records import replace

ROW = ("student", "id", "name", "answer")
OF_THE_KEY = frozenset({
    "credit", "expect", "given", "key", "kind", "max_score", "points", "problems", "score",
    "tolerance", "verdict",
})  # fmt: skip

Row = tuple[str, str, str, Claim]
"""Student, id, name and answer."""


def rows_of_sheet(
    text: str, source: str, skipped: list[Complaint], owner: str, remarks: list[str]
) -> Iterator[Row]:
    """The rows of a CSV file; `skipped` gets the places of those that are no answers.

    Of a file that has an `owner` the student may be left out.
    Raises `Invalid` where the columns are not those of answers.
    """
    sheet = Separated.read(text, source, skipped)
    columns = check_header(sheet, owner, remarks)
    if "student" not in columns:
        sheet = replace(sheet, rows=tuple((*row, owner) for row in sheet.rows))
        columns["student"] = len(sheet.columns)
    named = columns.get("name")
    student, id_, answer = (columns[name] for name in ("student", "id", "answer"))
    skipped += [
        Complaint(f"'{what}' is empty here", sheet.place(number, column))
        for number, row in enumerate(sheet.rows)
        if "" in row
        for what, column in (("student", student), ("id", id_))
        if not row[column]
    ]
    return (
        (row[student], row[id_], "" if named is None else row[named], row[answer])
        for row in sheet.rows
        if row[student] and row[id_]
    )


def check_header(sheet: Separated, owner: str, remarks: list[str]) -> dict[str, int]:
    """Where each column stands; others beside those of a row are left out and said.

    Raises `Invalid` where one is missing, or belongs in the key.
    """
    line = next(number for number, text in enumerate(sheet.lines, 1) if text.strip())
    columns = {name.lower(): column for column, name in enumerate(sheet.columns)}

    lacking = [name for name in ROW if name not in columns]

    def complaint(message: str, column: int) -> Complaint:
        return Complaint(message, in_line(sheet.source, sheet.lines, line, sheet.separator, column))

    complaints = [
        complaint(unexpected(name, ROW, "column"), column)
        for name, column in columns.items()
        if name in OF_THE_KEY or (name not in ROW and closest(name, lacking))
    ]
    optional = ("name", "student") if owner else ("name",)
    missing = [name for name in ROW if name not in columns and name not in optional]
    if missing and not complaints:
        message = f"there is no column '{missing[0]}': the columns are {', '.join(ROW)}"
        complaints.append(complaint(message, 0))
    if complaints:
        raise Invalid(*complaints)
    others = [name for name in sheet.columns if name.lower() not in ROW]
    if others:
        named = ", ".join(f"'{visible(name, most=40)}'" for name in others)
        remarks.append(f"{sheet.source}: left out beside {', '.join(ROW)}: {named}")
    return columns


def unexpected(key: str, known: Sequence[str], what: str) -> str:
    if key in OF_THE_KEY:
        return f"'{key}' belongs in the key, not in a submission: leave it out"
    hint = closest(key, known) or f"; a submission has {', '.join(known)}"
    return f"unknown {what} '{key}'{hint}"
