"""What a teacher looks at again, as a table, and what is written into it, obeyed.

`--review` lists the answers that are unreadable, undecided or wrong, equal ones once; the table
comes back filled in as `--overrides`, and holds for all who wrote the same.  A spreadsheet makes
dates of 1/2 and drops the zeros of 0.080, so the last column says which answer a line is about.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from hashlib import sha256
from io import StringIO
from unicodedata import normalize

from mlcalc.files.display import visible
from mlcalc.files.document import Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import bytes_of
from mlcalc.files.tables import Table, read_table
from mlcalc.marking.checking.parts import fold
from mlcalc.marking.claims import said
from mlcalc.marking.classroom import Marked, Report, Row
from mlcalc.marking.exercise import number
from mlcalc.marking.gradebook import neutral
from mlcalc.marking.marker import Mark
from mlcalc.marking.naming import some
from mlcalc.marking.told import decimal
from mlcalc.marking.understood import understood
from mlcalc.maths.printing import Style
from mlcalc.maths.records import Record, replace
from mlcalc.showing.derivation import Verdict
from mlcalc.showing.layout import feedback_text

COLUMNS = (
    "id", "name", "answer", "count", "read_as", "verdict", "remark", "out_of", "your_verdict",
    "your_points", "line",
)  # fmt: skip
IN_DOUBT = (Verdict.UNREADABLE, Verdict.UNDECIDED, Verdict.MISSING, Verdict.WRONG)
"""What is looked at again, the most urgent first; something was written where parts are missing."""

RIGHT = ("r", "right", "ok", "okay", "y", "yes", "t", "true", "correct", "full", "✓", "✔", "✅")
WRONG = ("w", "wrong", "n", "no", "f", "false", "incorrect", "none", "✗", "✘", "❌")
SHARES = {
    **dict.fromkeys(RIGHT, Fraction(1)),
    **dict.fromkeys(WRONG, Fraction(0)),
    **dict.fromkeys(("half", "½"), Fraction(1, 2)),
}
"""What a verdict leaves of the points."""
BY_HAND = "marked by hand"
LONGEST_SHOWN = 30
CODE = 12
"""Digits of the code of a line."""

At = tuple[str, str, str]
"""An answer by the id of the problem, its name, and what was written."""


class Override(Record):
    """What a teacher wrote beside one answer: the share of its points, or points."""

    at: At
    code: str
    share: Fraction | None
    points: Fraction | None
    place: Place
    typed: tuple[str, str]
    """The cells with the verdict and the points."""


def at_of(row: Row) -> At:
    return row.question.id, row.part.name, same(said(row.claim))


def same(text: str) -> str:
    """What equal answers have in common: spaces and the way that accents are coded do not count."""
    return " ".join(normalize("NFC", text).split())


def code_of(at: At) -> str:
    """The name of a line, which no spreadsheet takes for a number or a date."""
    return "a" + sha256("\0".join(at).encode("utf-8", "replace")).hexdigest()[:CODE]


# What goes out.


def review(found: Report, overrides: Overrides, style: Style) -> str:
    """The table as CSV; what was filled in before stands in it again."""
    rows: dict[At, Row] = {}
    counts: Counter[At] = Counter()
    for row in (row for student in found.students for row in student.rows):
        at = at_of(row)
        if at[2] and (row.mark.verdict in IN_DOUBT or overrides.of(at) is not None):
            rows.setdefault(at, row)
            counts[at] += 1
    order = {question.id: place for place, question in enumerate(found.questions)}

    def urgency(at: At) -> tuple[int, str, int, int]:
        verdict = rows[at].mark.verdict
        place = IN_DOUBT.index(verdict) if verdict in IN_DOUBT else len(IN_DOUBT)
        return order[at[0]], at[1], place, -counts[at]

    lines = [line_of(rows[at], counts[at], overrides, style) for at in sorted(rows, key=urgency)]
    lines += [
        [*override.at, "0", "", "", "", "", *override.typed, override.code]
        for override in overrides.unmet
    ]
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([COLUMNS, *(map(neutral, line) for line in lines)])
    return "\ufeff" + stream.getvalue()


def line_of(row: Row, count: int, overrides: Overrides, style: Style) -> list[str]:
    """One line of the table."""
    assert row.claim is not None
    at, mark = at_of(row), row.mark
    answer = row.question.answer(row.part.name)
    raw = row.question.claimed(row.claim, answer)
    is_read, text = understood(raw, answer, style, row.question.others)
    remark = "; ".join(filter(None, (mark.remark, *map(feedback_text, mark.feedback))))
    typed = ("", "") if (own := overrides.of(at)) is None else own.typed
    out_of = decimal(row.part.points)
    read_as = text if is_read else ""
    return [*at, str(count), read_as, mark.verdict.value, remark, out_of, *typed, code_of(at)]


# What comes back.


class Overrides:
    """The lines that a teacher filled in; those that no answer meets stay `unmet`."""

    def __init__(
        self,
        source: str = "",
        lines: Sequence[Override] = (),
        complaints: Sequence[Complaint] = (),
        remarks: Sequence[str] = (),
    ) -> None:
        self.source = source
        self.complaints = list(complaints)
        """What is wrong with lines, each of which costs no other."""
        self.said = remarks
        self.by_code = {one.code: one for one in lines if one.code}
        self.by_text = {key: one for one in lines if (key := text_key(one.at))[2]}
        self.lines = lines
        self.met: set[int] = set()

    def of(self, at: At) -> Override | None:
        """What holds for an answer, by the code of its line, else by what was written."""
        found = self.by_code.get(code_of(at))
        id_, name, text = text_key(at)
        for key in ((id_, name, text), (id_, name, neutral(text)), (id_, "", text)):
            found = found or self.by_text.get(key)
        return found

    @property
    def unmet(self) -> list[Override]:
        return [one for one in self.lines if id(one) not in self.met]

    def obeyed(self, found: Report) -> Report:
        """The report with the teacher's verdicts in the place of mlcalc's."""
        if not self.lines:
            return replace(found, remarks=(*found.remarks, *self.said))
        rows: dict[int, Row] = {}

        def by_hand(row: Row) -> Row:
            if id(row) not in rows:
                rows[id(row)] = self.ruled(row)
            return rows[id(row)]

        students = tuple(
            Marked(student.student, tuple(by_hand(row) for row in student.rows))
            for student in found.students
        )
        remarks = (*found.remarks, *self.said, *self.remarks())
        return replace(found, students=students, remarks=remarks)

    def ruled(self, row: Row) -> Row:
        own = None if row.claim is None else self.of(at_of(row))
        if own is None:
            return row
        self.met.add(id(own))
        out_of = row.part.points
        if own.points is not None and own.points > out_of:
            what = f"{row.question.id}.{row.part.name}"
            message = f"{what} is worth {decimal(out_of)} points, and not {decimal(own.points)}"
            if Complaint(message, own.place) not in self.complaints:
                self.complaints.append(Complaint(message, own.place))
            return row
        mark = marked(row.mark, own, out_of)
        return replace(row, mark=mark, points=mark.share * out_of)

    def remarks(self) -> Iterator[str]:
        """The lines that no longer fit anything, said once."""
        names = [
            f"line {one.place.line} ({one.at[0]}{'.' * bool(one.at[1])}{one.at[1]}: "
            f"{visible(one.at[2], most=LONGEST_SHOWN)})"
            for one in self.unmet
        ]
        if not names:
            return
        what = "line fits" if len(names) == 1 else "lines fit"
        yield f"{self.source}: {len(names)} {what} no answer of this class: {some(names)}"


def text_key(at: At) -> At:
    id_, name, text = at
    return fold(id_), fold(name), same(text)


def marked(mark: Mark, own: Override, out_of: Fraction) -> Mark:
    """The mark with the teacher's word; an answer that is right with own values stays right."""
    share = own.share
    if own.points is not None and out_of:
        share = own.points / out_of
    assert share is not None
    is_right = share == 1 or own.share == 1
    if mark.carried and share <= mark.share:
        return mark
    if is_right:
        return Mark(Verdict.RIGHT, BY_HAND, (), share)
    remark = mark.remark if mark.verdict is Verdict.WRONG and mark.remark else BY_HAND
    return Mark(Verdict.WRONG, remark, mark.feedback, share)


def read_overrides(path: str) -> Overrides:
    """The lines of a table that `--review` wrote and a teacher filled in.

    What is wrong with a line costs no other.  Raises `Invalid` where it is no such table.
    """
    complaints: list[Complaint] = []
    remarks: list[str] = []
    table = read_table(bytes_of(path), path, complaints, remarks)
    columns = {fold(name): place for place, name in enumerate(table.columns)}
    is_known = {"id", "your_verdict"} <= columns.keys() and {"answer", "line"} & columns.keys()
    if not is_known:
        listed = ", ".join(COLUMNS)
        message = f"expected the table that --review writes, with the columns {listed}"
        raise Invalid.at(message, Place(path))
    found: dict[str, Override] = {}
    for row, cells in enumerate(table.rows):
        try:
            line = line_read(table, row, cells, columns)
        except Invalid as error:
            complaints += error.complaints
        else:
            if line is not None:
                found[line.code or repr(text_key(line.at))] = line  # the last one counts
    return Overrides(path, tuple(found.values()), complaints, remarks)


def line_read(
    table: Table, row: int, cells: Sequence[str], columns: dict[str, int]
) -> Override | None:
    """One line; None where nothing was filled in."""

    def cell(name: str) -> str:
        return cells[columns[name]].strip() if name in columns else ""

    typed = cell("your_verdict"), cell("your_points")
    if not any(text.lstrip("'").strip() for text in typed):
        return None
    verdict, points = (
        Text(text.lstrip("'").strip(), table.place(row, columns.get(name, 0)))
        for text, name in zip(typed, ("your_verdict", "your_points"), strict=True)
    )
    at = cell("id"), cell("name"), same(cell("answer"))
    return Override(
        at,
        cell("line"),
        share_of(verdict) if verdict.value else None,
        points_of(points) if points.value else None,
        table.place(row, 0),
        typed,
    )


def share_of(typed: Text) -> Fraction:
    """The share of the points that a verdict leaves: right, ok, ✓, w, 0.5, 50%."""
    word = typed.value.strip(" .!").casefold()
    if word in SHARES:
        return SHARES[word]
    with suppress(Invalid):
        share = points_of(typed)
        if share <= 1:
            return share
    message = (
        f"'{typed.value}' is no verdict: write right, wrong, or the share of the points, such as "
        "0.5 or 50%; points stand under your_points"
    )
    raise Invalid.at(message, typed.place)


def points_of(typed: Text) -> Fraction:
    """A number from 0, also with a decimal comma."""
    return number(replace(typed, value=typed.value.replace(",", "."), exact=False))
