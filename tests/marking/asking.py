"""Keys and submissions of tests, and a class marked without the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from mlcalc.files.document import Text, from_plain
from mlcalc.files.errors import Place
from mlcalc.files.reading import read_document
from mlcalc.marking.claims import claim_of
from mlcalc.marking.classroom import Report, mark_class
from mlcalc.marking.exercise import read_exercises
from mlcalc.marking.key import Key, read_key
from mlcalc.marking.students import canonical
from mlcalc.marking.submissions import HandedIn, Submission, read_submissions
from mlcalc.maths.printing import Style
from mlcalc.showing.derivation import Verdict

RIGHT, WRONG, MISSING = Verdict.RIGHT, Verdict.WRONG, Verdict.MISSING
UNREADABLE, UNDECIDED = Verdict.UNREADABLE, Verdict.UNDECIDED

Found = dict[str, tuple[Verdict, float]]
"""Verdict and points by "id.name"."""


@cache
def key(text: str, trusts_file: bool = False) -> Key:
    exercises = read_exercises(read_document(text, "key.yaml"), "key.yaml")
    return read_key(exercises, trusts_file, Style(5))


def submission(student: str, answers: Mapping[str, object]) -> Submission:
    place = Place("answers")
    claims = {(id_, ""): claim_of(from_plain(value, place)) for id_, value in answers.items()}
    return Submission(canonical(student), claims, "answers")


def marked(
    found: Key, *submissions: Submission, students: Sequence[str] | None = None, jobs: int = 1
) -> Report:
    return mark_class(found, submissions, students, jobs)


def one(found: Key, answers: Mapping[str, object]) -> Found:
    """The marks of one student with these answers by problem."""
    return by_name(marked(found, submission("anna", answers)))["anna"]


def remark(found: Key, answers: Mapping[str, object], at: str) -> str:
    (student,) = marked(found, submission("anna", answers)).students
    return next(r.mark.remark for r in student.rows if f"{r.question.id}.{r.part.name}" == at)


def by_name(report: Report) -> dict[str, Found]:
    return {
        student.student: {
            f"{row.question.id}.{row.part.name}": (row.mark.verdict, float(row.points))
            for row in student.rows
        }
        for student in report.students
    }


def handed_in(*paths: Path) -> HandedIn:
    return read_submissions([Text(str(path), Place(str(path))) for path in paths])
