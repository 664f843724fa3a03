"""What students handed in: YAML, JSON, JSON lines, CSV, folders of these, standard input.

A submission holds answers and nothing else: what a problem is and what it is worth stands in the
key, and a file that brings its own is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text, from_plain
from mlcalc.files.errors import Complaint, Invalid, MlcalcError, Place
from mlcalc.files.faults import FAULTS, told
from mlcalc.files.reading import bytes_of, decoded, read_document, standard_input
from mlcalc.files.sheet import MOST_COMPLAINTS
from mlcalc.files.tables import PACKED, decoded_table, read_table
from mlcalc.marking.claims import Claim, claim_of
from mlcalc.marking.headers import Headers, is_extra
from mlcalc.marking.owners import sources
from mlcalc.marking.plain_json import plain_json
from mlcalc.marking.rows import ROW, Answered, Reading, rows_of, say_left_out, some_of, unexpected
from mlcalc.marking.students import LONGEST_ID, TABLES, Roster, canonical, folded
from mlcalc.marking.when import times_of
from mlcalc.maths.records import Record, replace

WHOLE = ("student", "answers")
SHEETS, LINES, YAML = TABLES, (".jsonl", ".ndjson"), (".yaml", ".yml")
ENDINGS = (*YAML, ".json", *LINES, *SHEETS)
ROWWISE = (*SHEETS, *LINES)
"""Files whose rows say whose they are."""
SHEET_LIKE = re.compile(r"sep=|[^:{}]*[,;\t]")
"""The first line of a table: names, and no key before a colon."""


Answers = dict[tuple[str, str], Claim]
"""By the id of the problem and the name of the answer, which is empty for the primary one."""


class Submission(Record):
    """What one student handed in at one time."""

    student: str
    answers: Answers
    source: str
    time: float | None = None
    """When, where that is said, so that the later one is greater."""


class HandedIn(Record):
    """All that was handed in, in its order, with what could not be read and what is remarkable."""

    submissions: tuple[Submission, ...]
    complaints: tuple[Complaint, ...]
    remarks: tuple[str, ...]
    faults: tuple[str, ...] = ()
    """Where mlcalc itself failed to read a file."""


def read_submissions(
    paths: Iterable[Text], roster: Roster | None = None, headers: Headers | None = None
) -> HandedIn:
    """The submissions of files and folders; what is malformed does not stop the others.

    A file that bears the name of one of the roster is that student's own; `headers` knows which
    columns are answers.
    """
    reading = Reading(roster, headers)
    found: list[Submission] = []
    faults: list[str] = []
    paths = list(paths)
    shared = same_names(paths)
    for path in paths:
        try:
            own = sources(path, ENDINGS, reading.roster, reading.complaints, reading.remarks)
        except Invalid as error:
            reading.complaints += error.complaints
            continue
        for each in own:
            owner = each.owner or shared.get(each.path, "")
            try:
                found += read_file(each.path, owner, reading)
            except MlcalcError as error:
                reading.complaints += error.complaints
            except FAULTS as error:
                faults.append(f"{each.path}: {told(error, 'this file')}")
    unmet = [] if headers is None else headers.unmet()
    if unmet:
        reading.remarks.append(f"--columns: no table has the column {some_of(unmet)}")
    found = [replace(one, student=reading.called(one.student)) for one in found]
    return HandedIn(tuple(found), tuple(reading.complaints), tuple(reading.remarks), tuple(faults))


def same_names(paths: Sequence[Text]) -> dict[str, str]:
    """The owners of files that were named one by one and are all called hw.yaml: their folders."""
    files = {path.value: Path(path.value) for path in paths}
    whole = {name: file for name, file in files.items() if file.suffix.lower() not in ROWWISE}
    folders: dict[str, set[str]] = {}
    for file in whole.values():
        folders.setdefault(file.stem, set()).add(file.parent.name)
    return {
        name: file.parent.name
        for name, file in whole.items()
        if len(folders[file.stem]) > 1 and file.parent.name
    }


def read_file(name: str, owner: str, reading: Reading) -> list[Submission]:
    """The submissions of one file, which may be its `owner`'s alone.

    Raises `Invalid` where it cannot be read as a whole.
    """
    source = "standard input" if name == "-" else name
    data = standard_input() if name == "-" else bytes_of(name)
    ending = guessed_ending(data, source) if name == "-" else Path(name).suffix.lower()
    if ending not in ENDINGS:
        message = f"expected a submission that ends in {', '.join(ENDINGS)}"
        raise Invalid.at(message, Place(name))
    if ending in SHEETS:
        return from_sheet(data, source, owner, reading)
    text = decoded(data, source)
    if ending in LINES:
        return from_lines(text, source, owner, reading)
    if ending == ".json":
        raw = from_plain(plain_json(text, Place(source)), Place(source))
    else:
        raw = read_document(text, source)
    if name != "-" and not isinstance(raw, Items):
        owner = owner or Path(name).stem
    found = []
    for item in raw.items if isinstance(raw, Items) else (raw,):
        try:
            found.append(from_entries(item, source, owner, reading))
        except Invalid as error:
            reading.complaints += error.complaints
    return found


def guessed_ending(data: bytes, source: str) -> str:
    """What standard input holds, by its first line."""
    if data.startswith(PACKED):
        return ".xlsx"
    text = decoded_table(data, source, [])
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if first.startswith(("{", "[")):
        is_whole = first.startswith("[") or not first.endswith("}")
        return ".json" if is_whole or text.strip() == first else ".jsonl"
    return ".csv" if re.match(SHEET_LIKE, first) else ".yaml"


# Rows.


def from_sheet(data: bytes, source: str, owner: str, reading: Reading) -> list[Submission]:
    """The submissions of a table; a row that is malformed is said, counted and left out."""
    rows, bad = Rows(source, owner, reading), list[Complaint]()
    table = read_table(data, source, bad, reading.remarks)
    found = list(rows_of(table, owner, reading, bad))
    named_here = {folded(answered.student) for answered in found} if owner else set()
    if len(named_here) == 1 and folded(owner) not in named_here:
        say_claimed(source, found[0].student, owner, reading)
        found = [replace(answered, student=owner) for answered in found]
    for answered in found:
        try:
            rows.add(answered)
        except Invalid as error:
            bad += error.complaints
    say_some(bad, source, "rows", reading.complaints)
    rows.say_refused()
    return rows.found


def say_some(bad: Sequence[Complaint], source: str, what: str, complaints: list[Complaint]) -> None:
    """The first complaints of a file, and how many more there are."""
    complaints += bad[:MOST_COMPLAINTS]
    if len(bad) > MOST_COMPLAINTS:
        message = f"{len(bad) - MOST_COMPLAINTS} more {what} are malformed"
        complaints.append(Complaint(message, Place(source)))


class Rows:
    """The rows of a file by student and time; those of one time are one submission."""

    def __init__(self, source: str, owner: str, reading: Reading) -> None:
        self.source, self.owner, self.reading = source, owner, reading
        self.refused = 0
        self.found: list[Submission] = []
        self.open: dict[tuple[str, float | None], Submission] = {}
        self.shared: dict[Any, Any] = {}
        """What many rows have, kept once."""

    def add(self, row: Answered) -> None:
        """Adds one row; an answer that was given before at this time begins a new submission."""
        student = row.student
        if self.owner and folded(student) != folded(self.owner):
            self.refused += 1
            return
        answers = {
            self.shared.setdefault(at, at): self.shared.setdefault(claim, claim)
            for at, claim in row.answers.items()
        }
        at = student, row.time
        known = self.open.get(at) or self.open.get((folded(student), row.time))
        if known is None or any(known.answers.get(a, c) != c for a, c in answers.items()):
            known = Submission(named(student, Place(self.source)), answers, self.source, row.time)
            self.open[folded(student), row.time] = known
            self.found.append(known)
        else:
            known.answers.update(answers)
        self.open[at] = known

    def say_refused(self) -> None:
        if self.refused:
            rows = "a row is" if self.refused == 1 else f"{self.refused} rows are"
            message = f"{self.source}: {rows} left out: this is of {self.owner}, and they are not"
            self.reading.remarks.append(message)


# JSON lines: an answer a line, or a submission a line.


def from_lines(text: str, source: str, owner: str, reading: Reading) -> list[Submission]:
    """The submissions of JSON lines; a line that is malformed is said and left out."""
    rows = Rows(source, owner, reading)
    bad: list[Complaint] = []
    others: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip():
            continue
        place = Place(source, line, number, is_file=True)
        try:
            plain = plain_json(line, place)
            if isinstance(plain, Mapping) and "answers" not in plain:
                rows.add(row_of(plain, place, owner, others))
            else:
                whole = from_entries(from_plain(plain, place), source, owner, reading)
                rows.found.append(whole)
        except Invalid as error:
            bad += error.complaints
    say_some(bad, source, "lines", reading.complaints)
    say_left_out(source, list(others), reading)
    rows.say_refused()
    return rows.found


def row_of(plain: Mapping[str, Any], place: Place, owner: str, others: dict[str, None]) -> Answered:
    """One answer: {"student", "id", "name", "answer"}; `others` gets what stands beside it."""
    unknown = [key for key in plain if key not in ROW]
    others |= dict.fromkeys(key for key in unknown if is_extra(key))
    unknown = [key for key in unknown if not is_extra(key)]
    if unknown:
        raise Invalid.at(unexpected(unknown[0], ROW, "key"), place)
    for key in ("student", "id", "answer"):
        if key not in plain and not (owner and key == "student"):
            message = f"'{key}' is missing: a line has student, id, name, answer"
            raise Invalid.at(message, place)
    texts = [plain.get("student", owner), plain["id"], plain.get("name", "")]
    if not all(isinstance(text, str) for text in texts) or not texts[0].strip():
        raise Invalid.at("'student', 'id' and 'name' are one line of text each", place)
    answer = plain["answer"]
    claim = answer if isinstance(answer, str) else claim_of(from_plain(answer, place))
    student, id_, name = texts
    (time,) = times_of([str(plain.get("timestamp", plain.get("time", "")))])
    return Answered(student, {(id_.strip(), name.strip()): claim}, time)


# A submission as a whole: who, and the answers by problem.


def from_entries(raw: Raw, source: str, owner: str, reading: Reading) -> Submission:
    """A mapping with `student` and `answers`; where it has an `owner`, it is of no one else.

    Raises `Invalid` with all that is wrong with it.
    """
    if not isinstance(raw, Entries):
        message = "expected a submission such as {student: anna, answers: {clicks: {theta: 0.08}}}"
        raise Invalid.at(message, raw.place)
    complaints = [
        Complaint(unexpected(key.value, WHOLE, "key"), key.place)
        for key, _ in raw.pairs
        if key.value not in WHOLE
    ]
    student, answers = raw.get("student"), raw.get("answers")
    if student is None and not owner:
        complaints.append(
            Complaint("'student' is missing: write whose answers these are", raw.place)
        )
    elif student is not None and not (isinstance(student, Text) and student.value.strip()):
        complaints.append(Complaint("'student' is one line of text", student.place))
    if answers is None and not complaints:
        message = "'answers' is missing: write {id of the problem: {name of the answer: value}}"
        complaints.append(Complaint(message, raw.place))
    elif answers is not None and not isinstance(answers, Entries):
        message = "'answers' holds problems and values, such as clicks: {theta: 0.08}"
        complaints.append(Complaint(message, answers.place))
    if complaints:
        raise Invalid(*complaints)
    pairs = answers.pairs if isinstance(answers, Entries) else ()
    who = student.value if isinstance(student, Text) else owner
    if owner and folded(reading.called(who)) != folded(reading.called(owner)):
        say_claimed(source, who, owner, reading)
        who = owner
    found: Answers = {(key.value, ""): claim_of(value) for key, value in pairs}
    return Submission(named(who, raw.place), found, source)


def say_claimed(source: str, who: str, owner: str, reading: Reading) -> None:
    claimed = visible(canonical(who), most=40)
    message = f"says that it is of {claimed}: it is taken as {owner}'s, where it lies"
    reading.remarks.append(f"{source}: {message}")


def named(student: str, place: Place) -> str:
    """The id as it is shown.  Raises `Invalid` where nothing of it can be seen."""
    found = canonical(student)
    if not found or len(found) > LONGEST_ID:
        raise Invalid.at(f"a student's id has 1 to {LONGEST_ID} characters that can be seen", place)
    return found
