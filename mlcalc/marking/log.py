"""A log of verdicts, by which a run that was interrupted goes on where it was.

It begins with a mark of all that verdicts hang on beside the answers: the key, the files that it
names, and how answers are shown.  Where that is another, all is marked anew.  A line is one answer
with its verdict; what is not a whole line was being written when the run ended.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from json import JSONDecodeError, dumps, loads
from typing import IO, Any, Self

from mlcalc.files.errors import Invalid, Place
from mlcalc.files.reading import reason
from mlcalc.marking.claims import Claim, Structured
from mlcalc.marking.marker import Mark, Task
from mlcalc.maths.board import Note
from mlcalc.showing.derivation import Verdict

TITLE = "mlcalc/1 verdicts"

LONGEST_LINE = 10_000_000


class Log:
    """The file of a log, open to be written on."""

    def __init__(self, path: str, digest: str) -> None:
        """Raises `Invalid` for a file that is none, or that cannot be written."""
        self.path, self.marks = path, dict[Task, Mark]()
        try:
            is_same, is_whole = self.read(digest)
            self.file: IO[str] = open(path, "a" if is_same else "w", encoding="utf-8")  # noqa: SIM115
        except (OSError, ValueError) as error:
            message = f"cannot write '{path}': {reason(error)}"
            raise Invalid.at(message, Place("--resume")) from None
        if not is_same:
            self.write({"log": TITLE, "of": digest})
        elif not is_whole:
            self.file.write("\n")

    def read(self, digest: str) -> tuple[bool, bool]:
        """Whether the log is of the same key, and whether its last line is whole."""
        if not os.path.exists(self.path):
            return False, True
        with open(self.path, encoding="utf-8", errors="replace") as file:
            head = entry_of(file.readline(LONGEST_LINE))
            if head.get("log") != TITLE and os.path.getsize(self.path):
                message = f"'{self.path}' is no log of an earlier run: name another file"
                raise Invalid.at(message, Place("--resume"))
            if head.get("of") != digest:
                return False, True
            line = "\n"
            for line in lines_of(file):
                self.marks.update(marks_of(entry_of(line)))
        return True, line.endswith("\n")

    def note(self, task: Task, mark: Mark) -> None:
        """Adds a verdict, unless it is there or could not be read back as it is."""
        if task in self.marks or mark.fault:
            return
        entry = written(task, mark)
        if dict(marks_of(entry)) == {task: mark}:
            self.write(entry)

    def write(self, entry: dict[str, Any]) -> None:
        try:
            self.file.write(dumps(entry) + "\n")
            self.file.flush()
        except OSError as error:
            message = f"cannot write '{self.path}': {reason(error)}"
            raise Invalid.at(message, Place("--resume")) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def lines_of(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        yield line


def entry_of(line: str) -> dict[str, Any]:
    """What a line holds; nothing where it is no whole line of a log."""
    try:
        found = loads(line)
    except (JSONDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def written(task: Task, mark: Mark) -> dict[str, Any]:
    id_, name, claim, own = task
    return {
        "answer": [id_, name, plain(claim)],
        "with": [[*at, plain(theirs)] for *at, theirs in own],
        "verdict": mark.verdict.value,
        "remark": mark.remark,
        "feedback": [[note.id, note.text] for note in mark.feedback if isinstance(note.text, str)],
        "share": str(mark.share),
        "carried": list(mark.carried),
    }


def marks_of(entry: dict[str, Any]) -> Iterator[tuple[Task, Mark]]:
    """The verdict of a line, if it is one."""
    try:
        id_, name, claim = entry["answer"]
        own = tuple((a, b, claim_of(c)) for a, b, c in entry["with"])
        mark = Mark(
            Verdict(entry["verdict"]),
            entry["remark"],
            tuple(Note(note, text) for note, text in entry["feedback"]),
            Fraction(entry["share"]),
            tuple(entry["carried"]),
        )
    except (KeyError, TypeError, ValueError):
        return
    yield (id_, name, claim_of(claim), own), mark


def plain(claim: Claim) -> str | list[str]:
    return claim if isinstance(claim, str) else [claim.json]


def claim_of(found: str | list[str]) -> Claim:
    return found if isinstance(found, str) else Structured(found[0])
