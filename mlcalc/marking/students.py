"""Who is in a class: student ids as people type them, and the list of those who should be there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from unicodedata import normalize

from mlcalc.files.display import visible
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import bytes_of, decoded
from mlcalc.files.sheet import MOST_COMPLAINTS, Separated, at_line

LONGEST_ID = 200


def canonical(student: str) -> str:
    """The id without what cannot be seen, in one spelling of its letters, with single spaces."""
    if student.isascii() and student.isprintable() and student == student.strip():
        return " ".join(student.split())
    spelled = normalize("NFKC", student.replace("\t", " "))
    return " ".join("".join(c for c in spelled if visible(c) == c).split())


def folded(student: str) -> str:
    """What two spellings of one id have in common: capitals do not count."""
    return canonical(student).casefold()


def read_students(path: str) -> list[str]:
    """The ids of a list: one a line, or the column `student` of a CSV file, its first without one.

    Raises `Invalid` with the places of ids that stand there twice.
    """
    text = decoded(bytes_of(path), path)
    if Path(path).suffix.lower() in (".csv", ".tsv"):
        sheet = Separated.read(text, path)
        names = [name.lower() for name in sheet.columns]
        column = names.index("student") if "student" in names else 0
        found = [(row[column], sheet.place(at, column)) for at, row in enumerate(sheet.rows)]
    else:
        lines = text.splitlines()
        found = [(line, at_line(path, lines, number)) for number, line in enumerate(lines, 1)]
    return distinct((canonical(student), place) for student, place in found)


def distinct(found: Iterable[tuple[str, Place]]) -> list[str]:
    seen: dict[str, str] = {}
    complaints = []
    last = None
    for student, place in found:
        last = place
        if not student:
            continue
        if len(student) > LONGEST_ID:
            complaints.append(Complaint(f"an id has at most {LONGEST_ID} characters", place))
        elif folded(student) in seen:
            complaints.append(Complaint(f"'{student}' stands twice in the list", place))
        else:
            seen[folded(student)] = student
    if complaints:
        raise Invalid(*complaints[:MOST_COMPLAINTS])
    if not seen:
        raise Invalid.at("there is no student in this list: write one id a line", last)
    return list(seen.values())
