"""What students handed in: YAML, JSON, JSON lines, CSV, folders of these, standard input.

A submission holds answers and nothing else: what a problem is and what it is worth stands in the
key, and a file that brings its own is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text, from_plain
from mlcalc.files.errors import Complaint, Invalid, MlcalcError, Place
from mlcalc.files.faults import FAULTS, told
from mlcalc.files.reading import bytes_of, decoded, read_document, standard_input
from mlcalc.files.sheet import MOST_COMPLAINTS
from mlcalc.marking.claims import Claim, claim_of
from mlcalc.marking.owners import sources
from mlcalc.marking.plain_json import plain_json
from mlcalc.marking.rows import ROW, Row, rows_of_sheet, unexpected
from mlcalc.marking.students import LONGEST_ID, canonical, folded
from mlcalc.maths.records import Record

WHOLE = ("student", "answers")
SHEETS, LINES, YAML = (".csv", ".tsv"), (".jsonl", ".ndjson"), (".yaml", ".yml")
ENDINGS = (*YAML, ".json", *LINES, *SHEETS)


Answers = dict[tuple[str, str], Claim]
"""By the id of the problem and the name of the answer, which is empty for the primary one."""


class Submission(Record):
    """What one student handed in at one time."""

    student: str
    answers: Answers
    source: str


class HandedIn(Record):
    """All that was handed in, in its order, with what could not be read and what is remarkable."""

    submissions: tuple[Submission, ...]
    complaints: tuple[Complaint, ...]
    remarks: tuple[str, ...]
    faults: tuple[str, ...] = ()
    """Where mlcalc itself failed to read a file."""


def read_submissions(paths: Iterable[Text], students: Sequence[str] = ()) -> HandedIn:
    """The submissions of files and folders; what is malformed does not stop the others.

    A file that bears the name of one of the `students` is that student's own.
    """
    found: list[Submission] = []
    complaints: list[Complaint] = []
    remarks: list[str] = []
    faults: list[str] = []
    for path in paths:
        try:
            what = f"submission ({', '.join(ENDINGS)})"
            for each in sources(path, ENDINGS, what, students):
                name = each.path
                try:
                    found += read_file(name, each.owner, complaints, remarks)
                except MlcalcError as error:
                    complaints += error.complaints
                except FAULTS as error:
                    faults.append(f"{name}: {told(error, 'this file')}")
        except Invalid as error:
            complaints += error.complaints
    return HandedIn(tuple(found), tuple(complaints), tuple(remarks), tuple(faults))


def read_file(
    name: str, owner: str, complaints: list[Complaint], remarks: list[str]
) -> list[Submission]:
    """The submissions of one file, which may be its `owner`'s alone.

    Raises `Invalid` where it cannot be read as a whole.
    """
    if name == "-":
        source = "standard input"
        text = decoded(standard_input(), source)
        ending = guessed_ending(text)
    else:
        source, ending = name, Path(name).suffix.lower()
        text = decoded(bytes_of(name), source)
        if ending not in ENDINGS:
            message = f"expected a submission that ends in {', '.join(ENDINGS)}"
            raise Invalid.at(message, Place(name))
    if ending in SHEETS:
        return from_sheet(text, source, owner, complaints, remarks)
    if ending in LINES:
        return from_lines(text, source, owner, complaints, remarks)
    if ending == ".json":
        raw = from_plain(plain_json(text, Place(source)), Place(source))
    else:
        raw = read_document(text, source)
    if name != "-" and not isinstance(raw, Items):
        owner = owner or Path(name).stem
    found = []
    for item in raw.items if isinstance(raw, Items) else (raw,):
        try:
            found.append(from_entries(item, source, owner, remarks))
        except Invalid as error:
            complaints += error.complaints
    return found


def guessed_ending(text: str) -> str:
    """What standard input holds, by its first line."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if first.startswith(("{", "[")):
        is_whole = first.startswith("[") or not first.endswith("}")
        return ".json" if is_whole or text.strip() == first else ".jsonl"
    header = first.replace(";", ",").replace("\t", ",").replace('"', "").split(",")
    return ".csv" if {"student", "answer"} <= {cell.strip().lower() for cell in header} else ".yaml"


# Rows: one answer each.


def from_sheet(
    text: str, source: str, owner: str, complaints: list[Complaint], remarks: list[str]
) -> list[Submission]:
    """The submissions of a CSV file; a row that is malformed is said, counted and left out."""
    rows, bad = Rows(source, owner, remarks), list[Complaint]()
    found = []
    for row in rows_of_sheet(text, source, bad, owner, remarks):
        try:
            begun = rows.add(row)
        except Invalid as error:
            bad += error.complaints
        else:
            if begun is not None:
                found.append(begun)
    say_some(bad, source, "rows", complaints)
    rows.say_refused()
    return found


def say_some(bad: Sequence[Complaint], source: str, what: str, complaints: list[Complaint]) -> None:
    """The first complaints of a file, and how many more there are."""
    complaints += bad[:MOST_COMPLAINTS]
    if len(bad) > MOST_COMPLAINTS:
        message = f"{len(bad) - MOST_COMPLAINTS} more {what} are malformed"
        complaints.append(Complaint(message, Place(source)))


class Rows:
    """The rows of a file by student; of two rows for one answer the last counts."""

    def __init__(self, source: str, owner: str, remarks: list[str]) -> None:
        self.source = source
        self.owner = owner
        self.refused = 0
        self.remarks = remarks
        self.submissions: dict[str, Submission] = {}
        """By the id as it was typed, and by what is left of it."""
        self.shared: dict[Any, Any] = {}
        """What many rows have, kept once."""

    def add(self, row: Row) -> Submission | None:
        """Adds one row; the submission that it begins, if it does."""
        student, id_, name, claim = row
        if self.owner and folded(student) != folded(self.owner):
            self.refused += 1
            return None
        at = self.shared.setdefault((id_, name), (id_, name))
        claim = self.shared.setdefault(claim, claim)
        known = self.submissions.get(student)
        if known is None:
            key = folded(student)
            known = self.submissions.get(key)
            if known is None:
                begun = Submission(named(student, Place(self.source)), {at: claim}, self.source)
                self.submissions[student] = self.submissions[key] = begun
                return begun
            self.submissions[student] = known
        if known.answers.get(at, claim) != claim:
            what = f"{id_}.{name}" if name else id_
            message = f"{self.source}: {known.student} answered {what} twice: the last counts"
            self.remarks.append(message)
        known.answers[at] = claim
        return None

    def say_refused(self) -> None:
        if self.refused:
            rows = "a row is" if self.refused == 1 else f"{self.refused} rows are"
            message = f"{self.source}: {rows} left out: this is of {self.owner}, and they are not"
            self.remarks.append(message)


# JSON lines: an answer a line, or a submission a line.


def from_lines(
    text: str, source: str, owner: str, complaints: list[Complaint], remarks: list[str]
) -> list[Submission]:
    """The submissions of JSON lines; a line that is malformed is said and left out."""
    rows = Rows(source, owner, remarks)
    found: list[Submission] = []
    bad: list[Complaint] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip():
            continue
        place = Place(source, line, number, is_file=True)
        try:
            plain = plain_json(line, place)
            if isinstance(plain, Mapping) and "answers" not in plain:
                begun = rows.add(row_of(plain, place))
                found += [] if begun is None else [begun]
            else:
                found.append(from_entries(from_plain(plain, place), source, owner, remarks))
        except Invalid as error:
            bad += error.complaints
    say_some(bad, source, "lines", complaints)
    rows.say_refused()
    return found


def row_of(plain: Mapping[str, Any], place: Place) -> Row:
    """One answer of a line: {"student", "id", "name", "answer"}."""
    unknown = [key for key in plain if key not in ROW]
    if unknown:
        raise Invalid.at(unexpected(unknown[0], ROW, "key"), place)
    for key in ("student", "id", "answer"):
        if key not in plain:
            message = f"'{key}' is missing: a line has student, id, name, answer"
            raise Invalid.at(message, place)
    texts = [plain[key] for key in ("student", "id")] + [plain.get("name", "")]
    if not all(isinstance(text, str) for text in texts) or not texts[0].strip():
        raise Invalid.at("'student', 'id' and 'name' are one line of text each", place)
    answer = plain["answer"]
    claim = answer if isinstance(answer, str) else claim_of(from_plain(answer, place))
    student, id_, name = texts
    return student, id_.strip(), name.strip(), claim


# A submission as a whole: who, and the answers by problem.


def from_entries(raw: Raw, source: str, owner: str, remarks: list[str]) -> Submission:
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
    if owner and folded(who) != folded(owner):
        claimed = visible(canonical(who), most=40)
        remarks.append(
            f"{source}: says that it is of {claimed}: it is taken as {owner}'s, where it lies"
        )
        who = owner
    found: Answers = {(key.value, ""): claim_of(value) for key, value in pairs}
    return Submission(named(who, raw.place), found, source)


def named(student: str, place: Place) -> str:
    """The id as it is shown.  Raises `Invalid` where nothing of it can be seen."""
    found = canonical(student)
    if not found or len(found) > LONGEST_ID:
        raise Invalid.at(f"a student's id has 1 to {LONGEST_ID} characters that can be seen", place)
    return found
