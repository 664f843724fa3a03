"""A marked class for other programs: an object a student, and Gradescope's results.json.

The fields of results.json are those of https://gradescope-autograders.readthedocs.io (Autograder
Specifications, output format).  Students read it: it has no answer of the key without `--reveal`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mlcalc.files.display import caret, visible
from mlcalc.marking.claims import said
from mlcalc.marking.classroom import Marked, Report, Row
from mlcalc.marking.statistics import Item, summary_of
from mlcalc.marking.told import Wish, feedback_of, points, said_of
from mlcalc.showing.derivation import Verdict
from mlcalc.showing.formats.json import SCHEMA, note_object


def of_student(student: Marked, report: Report, wish: Wish) -> dict[str, Any]:
    """One student: the points, and each answer with its verdict."""
    return {
        "schema": SCHEMA,
        "student": student.student,
        "points": as_number(student.points),
        "out_of": as_number(report.out_of),
        "answers": [of_row(row, wish) for row in student.rows],
    }


def without_rows(student: Marked, message: str) -> dict[str, Any]:
    """A student whose answers cannot be shown, by a fault of mlcalc."""
    return {
        "schema": SCHEMA,
        "student": student.student,
        "status": "failed",
        "error": {"message": message},
    }


def of_row(row: Row, wish: Wish) -> dict[str, Any]:
    mark = row.mark
    found: dict[str, Any] = {
        "id": row.question.id,
        "name": row.part.name,
        "claimed": said(row.claim),
        "verdict": mark.verdict.value,
        "remark": visible(mark.remark),
        "points": as_number(row.points),
        "out_of": as_number(row.part.points),
        "feedback": [note_object(note, wish.style) for note in feedback_of(row, wish)],
        "carried_from": list(mark.carried),
    }
    if mark.fault:
        found["error"] = {"message": mark.fault}
    if mark.verdict is not Verdict.RIGHT and wish.reveal:
        found["key"] = row.part.shown
    elif mark.verdict is not Verdict.RIGHT and wish.hints:
        found["hint"] = row.part.hint
    return found


def of_class(report: Report) -> dict[str, Any]:
    """The class as a whole: how its points lie, and how each question went."""
    if not report.students:
        return {"schema": SCHEMA, "students": 0, "out_of": as_number(report.out_of)}
    found = summary_of(report)
    return {
        "schema": SCHEMA,
        "students": len(found.points),
        "mean_points": as_number(found.mean),
        "median_points": as_number(found.median),
        "standard_deviation": found.spread,
        "out_of": as_number(found.out_of),
        "questions": [of_item(item) for item in found.items],
        "misconceptions": dict(found.misconceptions),
    }


def of_item(item: Item) -> dict[str, Any]:
    return {
        "id": item.question.id,
        "name": item.part.name,
        **{verdict.value: item.counts[verdict] for verdict in Verdict},
        "difficulty": as_number(item.difficulty),
        "discrimination": item.discrimination,
        "misconceptions": dict(item.misconceptions),
    }


def as_number(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


# Gradescope.


def results(student: Marked, report: Report, wish: Wish) -> dict[str, Any]:
    """The results.json of one submission; a test is one answer.

    What could not be read is said to one who is alone, and not what is others'.
    """
    earned = points(student.points, report.out_of)
    skipped = report.skipped if len(report.students) < 2 else ()
    return {
        "score": as_number(student.points),
        "output": "\n".join([f"{earned} points", *map(caret, skipped)]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"schema": SCHEMA, "student": student.student},
        "tests": [test_of(row, wish) for row in student.rows],
    }


def without_tests(student: Marked, message: str) -> dict[str, Any]:
    """The results.json of a student whose answers cannot be shown, by a fault of mlcalc."""
    more = {"schema": SCHEMA, "student": student.student}
    return {"score": 0, "output": message, "visibility": "visible", "extra_data": more}


def test_of(row: Row, wish: Wish) -> dict[str, Any]:
    mark = row.mark
    claimed = visible(said(row.claim), most=200)
    lines = [f"{claimed or 'no answer'}: {mark.verdict.value}", *said_of(row, wish)]
    place = row.question.parts.index(row.part) + 1 if row.is_asked else 0
    return {
        "score": as_number(row.points),
        "max_score": as_number(row.part.points),
        "status": "passed" if mark.verdict is Verdict.RIGHT else "failed",
        "name": f"{visible(row.question.id)}: {visible(row.part.name)}",
        "name_format": "text",
        "number": f"{row.question.number}.{place}" if place else str(row.question.number),
        "output": "\n".join(lines),
        "output_format": "text",
        "tags": [note.id for note in mark.feedback],
        "visibility": "visible",
        "extra_data": {
            "id": row.question.id,
            "name": row.part.name,
            "verdict": mark.verdict.value,
            "carried_from": list(mark.carried),
        },
    }
