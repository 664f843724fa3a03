"""The marks of a class as a table for a spreadsheet: a row a student, a column an answer.

A spreadsheet executes a cell that begins like a formula, and ids are written by students; such a
cell gets an apostrophe before it, which a spreadsheet takes for "this is text".
"""

from __future__ import annotations

import csv
from io import StringIO

from mlcalc.marking.classroom import Report
from mlcalc.marking.told import decimal

EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def gradebook(report: Report) -> str:
    """The table as CSV, with the points of each answer, their sum, and what it is out of."""
    asked = [(question.id, part.name) for question in report.questions for part in question.parts]
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    header = ["student", *(f"{id_}.{name}" for id_, name in asked), "points", "out_of"]
    writer.writerow(map(neutral, header))
    out_of = decimal(report.out_of)
    for student in report.students:
        own = {(row.question.id, row.part.name): row.points for row in student.rows}
        earned = [decimal(own[at]) for at in asked]
        writer.writerow([neutral(student.student), *earned, decimal(student.points), out_of])
    return stream.getvalue()


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet executes."""
    return f"'{cell}" if cell.lstrip(" ").startswith(EXECUTED) else cell
