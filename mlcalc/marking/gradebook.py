"""The marks of a class as a table for a spreadsheet, or for the system that holds the class.

Each layout has the header rows that its system's importer looks for, as its own export has them:
Canvas's `lib/gradebook_importer.rb` takes the first column called `Student` and the last before the
grades `Section`, and reads the row of points possible; Moodle's CSV import leaves the columns to
be mapped by hand, and gives a row without an id to the student before it; Gradescope's columns are
those of its export.  Canvas and Moodle get one grade, of the whole: their gradebooks hold one
column an assignment.

A spreadsheet executes a cell that begins like a formula, and ids are written by students; such a
cell gets an apostrophe before it, which a spreadsheet takes for "this is text".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from html import escape
from io import BytesIO, StringIO

from mlcalc.files.display import headline, visible
from mlcalc.marking.classroom import Marked, Report, Row
from mlcalc.marking.students import TELLING
from mlcalc.marking.told import Wish, decimal, points, said_of
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Verdict

MARK = "\ufeff"
"""By it Excel sees that a file is UTF-8; Canvas and Moodle take it too."""

EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

HIDDEN = re.compile(r'([;|\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])')
"""What begins a formula within a cell, in a program that takes another sign for the separator."""

Line = list[str | Fraction]
"""Cells: texts, and points."""


class Book(Record):
    """What a gradebook is made of."""

    report: Report
    wish: Wish
    assignment: str = "points"

    def known(self, student: Marked) -> Mapping[str, str]:
        """What the roster knows of a student; without an id there, what the own one looks like."""
        found, id_ = self.report.people.get(student.student, {}), student.student
        if any(found.get(role) for role in TELLING[1:]):
            return found
        return {**found, "sid": id_, "login": id_, **({"email": id_} if "@" in id_ else {})}

    def named(self, student: Marked) -> tuple[str, str]:
        """First and last name, as far as they are known."""
        known = self.known(student)
        name = known.get("name", "")
        last, comma, first = name.partition(",")
        if not comma:
            first, _, last = name.rpartition(" ")
        return known.get("first", first.strip()), known.get("last", last.strip())


def gradebook(book: Book, layout: str) -> str:
    """The table as CSV."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for line in LAYOUTS[layout](book):
        writer.writerow(neutral(c) if isinstance(c, str) else decimal(c) for c in line)
    return stream.getvalue()


def workbook(book: Book, layout: str) -> bytes:
    """The table as .xlsx, in which a text is no formula, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    found = Workbook(write_only=True)
    sheet = found.create_sheet("Points")
    for line in LAYOUTS[layout](book):
        cells = [
            WriteOnlyCell(sheet, visible(c, lines=True) if isinstance(c, str) else float(c))
            for c in line
        ]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
        sheet.append(cells)
    stream = BytesIO()
    found.save(stream)
    return stream.getvalue()


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet executes, whatever separates its cells."""
    cell = HIDDEN.sub(r"\1'", cell)
    return f"'{cell}" if cell.lstrip(' "').startswith(EXECUTED) else cell


def plain(book: Book) -> Iterator[Line]:
    """The points of each answer, their sum, and what it is out of; then what was left out."""
    report = book.report
    asked = [
        f"{question.id}.{part.name}" for question in report.questions for part in question.parts
    ]
    left_out = ["left_out"] if report.skipped else []
    yield ["student", *asked, "points", "out_of", *left_out]
    for student in report.students:
        earned = [row.points for row in asked_of(student)]
        total = [student.points, report.out_of]
        yield [student.student, *earned, *total, *("" for _ in left_out)]
    for complaint in report.skipped:
        yield ["", *("" for _ in asked), "", "", headline(complaint)]


def canvas(book: Book) -> Iterator[Line]:
    """One assignment, whose id stands behind its name where Canvas exported it."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", book.assignment]
    yield ["    Points Possible", "", "", "", "", book.report.out_of]
    for student in book.report.students:
        known = book.known(student)
        first, last = book.named(student)
        name = f"{last}, {first}" if first and last else first or last or student.student
        number = known.get("id", "")
        ids = number if number.isdecimal() else "", known.get("sid", ""), known.get("login", "")
        yield [name, *ids, known.get("section", ""), student.points]


MOODLE = {"ID number": "sid", "Email address": "email", "Username": "login"}
"""By what Moodle finds a student."""


def moodle(book: Book) -> Iterator[Line]:
    """The grade with its feedback, and those ids that all students have."""
    known = [book.known(student) for student in book.report.students]
    ids = {head: role for head, role in MOODLE.items() if all(each.get(role) for each in known)}
    lacking = [] if ids else ["ID number"]
    grade = (f"{book.assignment} (Real)", f"{book.assignment} (Feedback)")
    yield ["First name", "Last name", *ids, *lacking, *grade]
    for student, each in zip(book.report.students, known, strict=True):
        own = [each[role] for role in ids.values()] or [student.student]
        # Moodle shows feedback as HTML.
        comment = escape("\n".join(comments(student, book.wish)), quote=False)
        yield [*book.named(student), *own, student.points, comment]


def gradescope(book: Book) -> Iterator[Line]:
    """The columns of Gradescope's own export, with a column for each answer."""
    heads = [
        f"{q.number}.{at}: {visible(q.id)}: {visible(part.name)} ({float(part.points)} pts)"
        for q in book.report.questions
        for at, part in enumerate(q.parts, 1)
    ]
    fixed = ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points"]
    yield [*fixed, "Status", *heads]
    for student in book.report.students:
        known = book.known(student)
        rows = list(asked_of(student))
        is_there = any(row.mark.verdict is not Verdict.MISSING for row in student.rows)
        yield [
            *book.named(student),
            *(known.get(role, "") for role in ("sid", "email", "section")),
            student.points if is_there else "",
            book.report.out_of,
            "Graded" if is_there else "Missing",
            *(row.points if is_there else "" for row in rows),
        ]


LAYOUTS: dict[str, Callable[[Book], Iterable[Line]]] = {
    "plain": plain, "canvas": canvas, "moodle": moodle, "gradescope": gradescope,
}  # fmt: skip


def asked_of(student: Marked) -> Iterator[Row]:
    return (row for row in student.rows if row.is_asked)


def comments(student: Marked, wish: Wish) -> Iterator[str]:
    """A line an answer, as a student is told of it."""
    for row in student.rows:
        worth = points(row.points, row.part.points) if row.is_asked else "not asked"
        lead = f"{visible(row.question.id)}.{visible(row.part.name)}: {row.mark.verdict.value}"
        yield "; ".join([f"{lead}, {worth}", *said_of(row, wish)])
