"""The only exceptions that a user sees, without a traceback.

`Invalid` is a question that is malformed (exit 2); `Unsolved` is one that is well-formed
but has no answer, or none that mlcalc can decide (exit 3).  Both say where, what was
expected, what came, and what to type instead.
"""

from __future__ import annotations

from mlcalc.maths.records import Record, replace


class Place(Record):
    """Where a piece of text stands: a flag or a file, and a position in it.

    `line` and `column` count from 1; `text` is the whole line, so that a caret can be drawn.
    """

    source: str
    text: str = ""
    line: int = 1
    column: int = 1
    is_file: bool = False

    def moved(self, columns: int) -> Place:
        """The place that many columns further to the right."""
        return replace(self, column=self.column + columns)

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.is_file else self.source


class Complaint(Record):
    """One thing that is wrong with a question, and where."""

    message: str
    place: Place | None = None


class MlcalcError(Exception):
    """Something to tell the user: one complaint or several."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__("\n".join(c.message for c in complaints))
        self.complaints = complaints


class Invalid(MlcalcError):
    """The question is malformed: usage, file or value."""

    @classmethod
    def at(cls, message: str, place: Place | None = None) -> Invalid:
        return cls(Complaint(message, place))


class Unsolved(MlcalcError):
    """The question is well-formed but has no answer, or none that mlcalc can decide."""

    @classmethod
    def because(cls, message: str, place: Place | None = None) -> Unsolved:
        return cls(Complaint(message, place))
