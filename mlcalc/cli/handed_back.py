"""What `mlcalc check` writes for other programs and for students: each file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mlcalc.cli.output import ending_of, save
from mlcalc.files.errors import Invalid, MlcalcError, Place
from mlcalc.files.faults import FAULTS, told
from mlcalc.files.reading import reason
from mlcalc.marking import as_json
from mlcalc.marking.classroom import Marked, Report
from mlcalc.marking.file_names import file_names
from mlcalc.marking.gradebook import MARK, Book, gradebook, workbook
from mlcalc.marking.pages import FORMS
from mlcalc.marking.told import Wish

if TYPE_CHECKING:
    from mlcalc.cli.check import Marking

T = TypeVar("T")

INDEX = "index"
"""The name of the page of the class."""


class Faults:
    """Where mlcalc itself failed; each thing is said once."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.said: list[str] = []

    def add(self, *said: str) -> None:
        self.said += (text for text in dict.fromkeys(said) if text not in self.said)

    def kept(self, make: Callable[..., T], *arguments: Any) -> T | None:
        """What is made of the arguments; None where mlcalc fails at it."""
        try:
            return make(*arguments)
        except MlcalcError:
            raise
        except FAULTS as error:
            self.add(told(error, self.command))
            return None


def hand_back(found: Report, wanted: Marking, wish: Wish, faults: Faults) -> None:
    """Writes what --gradebook, --gradescope and --reports name."""
    if wanted.gradescope is not None:
        write_results(found, wanted, wish, faults)
    if not found.students:
        return
    if wanted.gradebook is not None:
        write_gradebook(found, wanted, wish, faults)
    if wanted.reports is not None:
        write_pages(found, wanted, wish, faults)


def write_gradebook(found: Report, wanted: Marking, wish: Wish, faults: Faults) -> None:
    """The points as CSV, or as a workbook where the name says so."""
    name = wanted.gradebook or ""
    book = Book(found, wish, wanted.assignment or Path(wanted.key or "").stem)
    table: str | bytes | None
    if ending_of(name) == ".xlsx":
        if find_spec("openpyxl") is None:
            message = "a workbook is written by openpyxl: install mlcalc[xlsx], or name a .csv"
            raise wanted.fault(message, type(wanted).gradebook)
        table = faults.kept(workbook, book, wanted.layout)
    else:
        text = faults.kept(gradebook, book, wanted.layout)
        table = text if text is None or name == "-" else MARK + text
    if table is not None:
        save(table, name, "--gradebook")


def write_results(found: Report, wanted: Marking, wish: Wish, faults: Faults) -> None:
    """One results.json, or a folder with one for each student.

    It is written where nothing was handed in that can be read too: an autograder waits for it.
    """
    name = wanted.gradescope or ""
    students = found.students or (found.nobody,)

    def results(student: Marked) -> str:
        entries = faults.kept(as_json.results, student, found, wish)
        if entries is None:
            entries = as_json.without_tests(student, faults.said[-1])
        return dumps(entries, indent=2) + "\n"

    if Path(name).is_dir() or name.endswith(("/", os.sep)):
        names = file_names((s.student for s in students), ".json") | {"": "results.json"}
        write_folder(name, ((names[s.student], results(s)) for s in students), "--gradescope")
    elif len(students) == 1:
        save(results(students[0]), name, "--gradescope")
    else:
        message = (
            f"results.json is for one submission, and these are of {len(students)} students: "
            "name a folder, such as results/"
        )
        raise wanted.fault(message, type(wanted).gradescope)


def write_pages(found: Report, wanted: Marking, wish: Wish, faults: Faults) -> None:
    """A page for each student, and one of the class; one at a time, since there may be many."""
    form = FORMS[wanted.format]
    index = INDEX + form.ending
    names = file_names((student.student for student in found.students), form.ending, {index})

    def pages() -> Iterator[tuple[str, str]]:
        for student in found.students:
            text = faults.kept(form.of_student, student, found, wish)
            if text:
                yield names[student.student], text
            else:
                del names[student.student]
        text = faults.kept(form.of_class, found, names)
        if text:
            yield index, text

    write_folder(wanted.reports or "", pages(), "--reports")


def write_folder(name: str, files: Iterable[tuple[str, str]], flag: str) -> None:
    """Writes texts under their names into a folder, which is made where it is not there."""
    path = Path(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise Invalid.at(f"cannot write to '{name}': {reason(error)}", Place(flag)) from None
    for file, text in files:
        save(text, str(path / file), flag)
