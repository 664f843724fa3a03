"""The answers in a table: a row an answer, or a row a student and a column an answer.

What a row has wrong costs no other; what stands beside the answers is left out, and said once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from mlcalc.files.display import visible
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.tables import Table
from mlcalc.files.workbook import Workbook
from mlcalc.marking.claims import Claim
from mlcalc.marking.headers import ATTEMPTS, TIMES, Columns, Headers, is_extra
from mlcalc.marking.students import Roster, Seen, folded, is_nobody, known_of, roles_of, words_of
from mlcalc.marking.when import times_of
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record

ROW = ("student", "id", "name", "answer")
OF_THE_KEY = frozenset({
    "credit", "expect", "given", "key", "kind", "max_score", "points", "problems", "score",
    "tolerance", "verdict",
})  # fmt: skip

QUESTIONS = ("problem id", "question id", "problem", "question", "exercise", "item", "task", "id")
PARTS = ("part", "answer name", "quantity", "variable")
ANSWERS = ("answer", "response", "student answer", "student response")
EMPTY = frozenset({"", "-", "–", "—"})
"""What stands in a cell where nothing was answered."""
MOST_NAMED = 12
MOST_COLUMNS = 2_000

BRACKETED = re.compile(r"([(\[{][^()\[\]{}]*[)\]}])")
DATE = re.compile(r"\d{4}-\d\d-\d\d(?: .*)?")
CLOZE = re.compile(r"part (\d{1,2}): ")
"""How Moodle writes the answers to a question in several parts."""


class Answered(Record):
    """The answers of one row, and whose they are."""

    student: str
    answers: dict[tuple[str, str], Claim]
    time: float | None = None


class Reading:
    """What all files of a class share: who is in it, what was asked, and what is to be said."""

    def __init__(self, roster: Roster | None = None, headers: Headers | None = None) -> None:
        self.roster = roster or Roster()
        self.headers = headers
        self.complaints: list[Complaint] = []
        self.remarks: list[str] = []
        self.seen = Seen()
        self.met: dict[tuple[str, tuple[str, ...]], str] = {}
        """The students by the cells that name them in a file."""

    def is_count(self, at: tuple[str, str]) -> bool:
        """Whether an answer of the key, as it was named, is counted and so has no decimals."""
        questions = self.headers.questions if self.headers is not None else {}
        id_, name = at
        if id_ not in questions and self.headers is not None:
            id_, name = self.headers.exact(id_) or at
        answer = questions[id_].answer(name) if id_ in questions else None
        return answer is not None and answer.is_count

    def called(self, student: str) -> str:
        """The id of who is called so in the roster; as it stands where there is none."""
        return self.roster.match(student) or student


def rows_of(table: Table, owner: str, reading: Reading, bad: list[Complaint]) -> Iterator[Answered]:
    """What the rows hold; `bad` gets those that are no answers.

    Of a file that has an `owner` the student may be left out.
    Raises `Invalid` where the columns are not those of answers.
    """
    if len(table.columns) > MOST_COLUMNS:
        message = f"more than {MOST_COLUMNS:,} columns: leave out those that are no answers"
        raise Invalid.at(message, Place(table.source))
    long = long_columns(table.columns)
    if long is None:
        columns = Columns({}, {})
        if reading.headers is not None:
            columns = reading.headers.of(table.columns, table.rows)
        if columns.targets:
            return wide_rows(table, columns, owner, reading, bad)
        check_long(table)
        raise Invalid(said_twice(table, columns) or nothing_asked(table, columns))
    check_long(table)
    return long_rows(table, long, owner, reading, bad)


# A row an answer.


def long_columns(columns: Sequence[str]) -> dict[str, int] | None:
    """Where question, name and answer stand, and by their roles who and when; None without them."""
    headers = [words_of(column) for column in columns]
    exact = [column.strip().casefold() for column in columns]

    def first(wanted: Sequence[str]) -> int | None:
        return next((headers.index(name) for name in wanted if name in headers), None)

    question, answer, part = first(QUESTIONS), first(ANSWERS), first(PARTS)
    if question is None or answer is None:
        return None
    if part is None and headers[question] == "id" and "name" in exact:
        part = exact.index("name")
    found = {"question": question, "answer": answer} | ({} if part is None else {"part": part})
    taken = set(found.values())
    rest = ["" if number in taken else column for number, column in enumerate(columns)]
    return {**roles_of(rest), **found}


def check_long(table: Table) -> None:
    """Raises `Invalid` where a column of such a row is spelled wrongly, or is missing."""
    names = [column.casefold() for column in table.columns]
    lacking = [name for name in ROW if name not in names]
    wrong = [
        Complaint(unexpected(name, ROW, "column"), table.header_place(number))
        for number, name in enumerate(names)
        if name not in ROW and closest(name, lacking) and not is_extra(name)
        and words_of(name) not in (*QUESTIONS, *PARTS, *ANSWERS)
        and not roles_of([name])
    ]  # fmt: skip
    is_long = len(set(ROW) & set(names)) >= 2
    if is_long and wrong:
        raise Invalid(*wrong)
    if is_long and long_columns(table.columns) is None:
        missing = next(name for name in ("id", "answer") if name not in names)
        message = f"there is no column '{missing}': the columns are {', '.join(ROW)}"
        raise Invalid.at(message, table.header_place(0))


def long_rows(
    table: Table, columns: dict[str, int], owner: str, reading: Reading, bad: list[Complaint]
) -> Iterator[Answered]:
    """The rows, each with one answer."""
    own = ("question", "part", "answer")
    people = {role: at for role, at in columns.items() if role not in own}
    if not people and not owner:
        message = f"there is no column 'student': the columns are {', '.join(ROW)}"
        raise Invalid.at(message, table.header_place(0))
    used = {*columns.values()}
    others = [name for number, name in enumerate(table.columns) if number not in used and name]
    say_left_out(table.source, others, reading)
    times = times_in(table, {})
    question, answer = columns["question"], columns["answer"]
    part = columns.get("part")
    texts = claims_of(table, [answer], reading)
    for number, row in enumerate(table.rows):
        if not row[question]:
            message = f"'{table.columns[question]}' is empty here"
            bad.append(Complaint(message, table.place(number, question)))
            continue
        try:
            who = whose(table, number, people, owner, reading)
        except Invalid as error:
            bad += error.complaints
            continue
        target = row[question], "" if part is None else row[part]
        yield Answered(who, {target: texts(row[answer], target)}, times[number])


def whose(
    table: Table, number: int, people: Mapping[str, int], owner: str, reading: Reading
) -> str:
    """The student of a row.  Raises `Invalid` where nobody is named who is needed."""
    row = table.rows[number]
    cells = table.source, tuple(row[at] for at in people.values())
    if cells not in reading.met:
        reading.met[cells] = named_in(table, number, people, owner, reading)
    return reading.met[cells]


def named_in(
    table: Table, number: int, people: Mapping[str, int], owner: str, reading: Reading
) -> str:
    """The student whom a row names, else the owner of the file."""
    known = known_of(table.rows[number], people)
    if not known and owner:
        return owner
    if not known:
        at = min(people.values())
        raise Invalid.at(f"'{table.columns[at]}' is empty here", table.place(number, at))
    student = reading.roster.find(known, lambda: table.place(number, min(people.values())))
    if reading.roster.people:
        return student
    if owner:
        return owner if folded(owner) in map(folded, known.values()) else student
    return reading.seen.student(student, known, reading.remarks)


# A row a student.


def wide_rows(
    table: Table, columns: Columns, owner: str, reading: Reading, bad: list[Complaint]
) -> Iterator[Answered]:
    """The rows, each with the answers of one student."""
    rest = ["" if n in columns.targets else name for n, name in enumerate(table.columns)]
    people = {**roles_of(rest), **{r: at for r, at in columns.roles.items() if r != "time"}}
    if not (set(people) - {"section"}) and not owner:
        listed = some_of(table.columns)
        message = f"no column says whose a row is, as 'student' or 'Email' does: there are {listed}"
        raise Invalid.at(message, table.header_place(0))
    used = {*columns.targets, *people.values()}
    say_left_out(table.source, [name for name in columns.left_out if name], reading)
    if columns.told:
        reading.remarks.append(f"{table.source}: {', '.join(columns.told[:MOST_NAMED])}")
    empty = {n for n in range(len(table.columns)) if not any(row[n] for row in table.rows)}
    unknown = [name for name in columns.unknown if table.columns.index(name) not in empty | used]
    if unknown:
        reading.remarks.append(f"{table.source}: {not_asked(unknown, columns)}")
    if (twice := said_twice(table, columns)) is not None:
        reading.complaints.append(twice)
    times = times_in(table, columns.roles)
    texts = claims_of(table, list(columns.targets), reading)
    for number, row in enumerate(table.rows):
        known = known_of(row, people)
        if is_nobody(known) or not any(row):
            continue
        try:
            who = whose(table, number, people, owner, reading)
        except Invalid as error:
            bad += error.complaints
            continue
        answers: dict[tuple[str, str], Claim] = {}
        for at, target in columns.targets.items():
            if row[at] not in EMPTY:
                answers |= parts_in(target, texts(row[at], target), reading.headers)
        yield Answered(who, answers, times[number])


def parts_in(
    target: tuple[str, str], text: str, headers: Headers | None
) -> dict[tuple[str, str], Claim]:
    """The claim, or those in it where Moodle wrote several: `part 1: 0.08; part 2: 3`."""
    id_, name = target
    parts = headers.questions[id_].parts if headers is not None else ()
    if name or len(parts) < 2 or not CLOZE.match(text):
        return {target: text}
    _, *pieces = CLOZE.split(text)
    numbers = [int(number) for number in pieces[::2]]
    if numbers != list(range(1, len(parts) + 1)):
        return {target: text}
    claims = [piece.strip().removesuffix(";").strip() for piece in pieces[1::2]]
    return {
        (id_, part.name): claim
        for part, claim in zip(parts, claims, strict=True)
        if claim not in EMPTY
    }


def said_twice(table: Table, columns: Columns) -> Complaint | None:
    """Several columns are for one answer, and nothing says which counts."""
    if not columns.twice:
        return None
    message = f"several columns are for one answer, and none is read: {some_of(columns.twice)}"
    hint = "rename all but one, or say which is it with --columns 'HEADER=id.name'"
    return Complaint(f"{message}; {hint}", Place(table.source))


def nothing_asked(table: Table, columns: Columns) -> Complaint:
    """No column is an answer."""
    unknown = [name for name in columns.unknown if name] or list(filter(None, table.columns))
    return Complaint(not_asked(unknown, columns), table.header_place(0))


def not_asked(unknown: Sequence[str], columns: Columns) -> str:
    first = visible(unknown[0], most=40)
    return (
        f"no question of the key is told from {some_of(unknown)}; "
        f"if they are answers, write --columns '{first}=id.name'"
    )


def some_of(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{visible(name, most=40)}'" for name in names[:MOST_NAMED])
    return shown + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


# What both have.


def say_left_out(source: str, names: Sequence[str], reading: Reading) -> None:
    if names:
        reading.remarks.append(f"{source}: left out beside the answers: {some_of(names)}")


def claims_of(
    table: Table, columns: Sequence[int], reading: Reading
) -> Callable[[str, tuple[str, str]], str]:
    """How the cells of these columns are taken: a comma is a decimal one where cells end in `;`."""
    cells = [row[column] for row in table.rows for column in columns]
    if table.separator == ";":
        pairs = ((cell, without_comma(cell, False)) for cell in cells if "," in cell)
        shown = next((pair for pair in pairs if pair[0] != pair[1]), None)
        if shown is not None:
            typed, taken = (visible(text, most=40) for text in shown)
            message = f"its cells end in ';', so a comma is a decimal one: {typed} is {taken}"
            reading.remarks.append(f"{table.source}: {message}")
        return lambda text, at: without_comma(text, reading.is_count(at))
    dates = [cell for cell in cells if DATE.fullmatch(cell)] if isinstance(table, Workbook) else []
    if dates:
        what = "answer is a date" if len(dates) == 1 else "answers are dates"
        message = f"{len(dates)} {what}, such as {dates[0]}; 1/2 becomes one in a cell"
        reading.remarks.append(f"{table.source}: {message} that is not formatted as text")
    return lambda text, at: text


def without_comma(text: str, is_count: bool) -> str:
    """0,08 as 0.08, but not the commas of lists: 3, 4 and 3,4,1 and beta(17,185).

    With semicolons between its arguments, beta(1,5; 2) is beta(1.5, 2).
    """
    from mlcalc.marking.conventions import with_points

    done = ""
    for number, piece in enumerate(BRACKETED.split(text)):
        is_list = number % 2 and ";" not in piece
        plain = piece if is_list else with_points(piece, is_count)
        is_call = number % 2 and piece.startswith("(") and done[-1:].isalpha()
        done += plain.replace(";", ",") if is_call else plain
    return done


def times_in(table: Table, roles: Mapping[str, int]) -> list[float | None]:
    """When each row was handed in; by the number of the attempt where no column has times."""
    headers = [words_of(column) for column in table.columns]
    at = roles.get("time")
    if at is None:
        at = next((headers.index(name) for name in TIMES if name in headers), None)
    found = times_of([row[at] for row in table.rows]) if at is not None else []
    if any(time is not None for time in found):
        return found
    at = next((headers.index(name) for name in ATTEMPTS if name in headers), None)
    if at is None:
        return [None] * len(table.rows)
    return [float(row[at]) if row[at].isdecimal() else None for row in table.rows]


def unexpected(key: str, known: Sequence[str], what: str) -> str:
    if key in OF_THE_KEY:
        return f"'{key}' belongs in the key, not in a submission: leave it out"
    hint = closest(key, known) or f"; a submission has {', '.join(known)}"
    return f"unknown {what} '{key}'{hint}"
