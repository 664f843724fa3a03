"""Who is in a class: student ids as people type them, and the roster of those who should be there.

The systems that hold a class name the same people by different columns; which column is what is
told by its usual headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

from mlcalc.files.display import visible
from mlcalc.files.document import LINE_BREAK
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import bytes_of, decoded
from mlcalc.files.sheet import MOST_COMPLAINTS, at_line
from mlcalc.files.tables import Table, read_table
from mlcalc.maths.records import Record, kept

LONGEST_ID = 200
TABLES = (".csv", ".tsv", ".xlsx")

HEADERS = {
    "student": ("student",),
    "sid": (
        "sid", "student id", "studentid", "student id number", "student number", "student no",
        "sis id", "sis user id", "id number", "idnumber", "matriculation number",
        "matrikelnummer", "matrikel nr", "registration number", "roll number", "roll no",
    ),
    "email": (
        "email", "e mail", "email address", "e mail address", "emailaddress", "mail",
        "student email", "student email address", "e mail adresse",
    ),
    "login": ("login", "login id", "sis login id", "username", "user name", "netid", "net id"),
    "id": ("id", "user id", "userid", "canvas id", "user"),
    "name": ("name", "full name", "student name", "display name", "full student name"),
    "first": ("first name", "firstname", "first", "given name", "vorname"),
    "last": ("last name", "lastname", "last", "surname", "family name", "nachname"),
    "section": (
        "section", "sections", "section name", "section id", "section sis id", "group", "groups",
    ),
}  # fmt: skip
"""What a column of people holds, by its headers; the first five tell one student from another."""
TELLING = ("student", "sid", "email", "login", "id")
OF_CANVAS = {"sis user id", "sis login id"}
"""Beside these, `Student` is a name."""
ROLES = {header: role for role, headers in HEADERS.items() for header in headers}
FILLERS = frozenset({
    "a", "enter", "is", "my", "of", "please", "school", "the", "uni", "university", "what", "your",
})  # fmt: skip
WORDS = re.compile(r"[^\W_]+")
JOINING = ("student", "sid", "email", "login")
"""What is one student's alone, whichever system says it."""
UNKNOWN = frozenset({"", "-", "anonymous", "n/a", "none"})
"""What stands where nothing is known of a student."""
NOBODY = ("points possible", "overall average", "manual posting")
"""Rows that stand among those of students."""


def canonical(student: str) -> str:
    """The id without what cannot be seen, in one spelling of its letters, with single spaces."""
    if student.isascii() and student.isprintable() and student == student.strip():
        return " ".join(student.split())
    spelled = normalize("NFKC", student.replace("\t", " "))
    return " ".join("".join(c for c in spelled if visible(c) == c).split())


def folded(student: str) -> str:
    """What two spellings of one id have in common: capitals do not count."""
    return canonical(student).casefold()


def words_of(header: str) -> str:
    """The words of a header in small letters: `E-mail address` is `e mail address`."""
    return " ".join(word for word in WORDS.findall(header.casefold()) if word not in FILLERS)


def roles_of(columns: Sequence[str]) -> dict[str, int]:
    """The column that holds each thing that is known of people; the first where there are two."""
    headers = [words_of(column) for column in columns]
    found: dict[str, int] = {}
    for column, header in enumerate(headers):
        role = ROLES.get(header, "")
        if role == "student" and OF_CANVAS & set(headers):
            role = "name"
        if role:
            found.setdefault(role, column)
    return found


class Person(Record):
    """One student: the id under which the marks are shown, and what else is known, by its role.

    The roles are those of `HEADERS`.
    """

    student: str
    known: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        return full_name(self.known)


class Roster(Record):
    """The students of a class in their order."""

    people: tuple[Person, ...] = ()

    @classmethod
    def of(cls, students: Iterable[str]) -> Roster:
        """The roster of people of whom the id alone is known."""
        return cls(tuple(Person(student, {"student": student}) for student in students))

    @property
    def students(self) -> list[str]:
        return [person.student for person in self.people]

    @property
    def known(self) -> dict[str, Mapping[str, str]]:
        """What is known of each student, by its role."""
        return {person.student: person.known for person in self.people}

    @kept
    def by_role(self) -> dict[str, dict[str, set[str]]]:
        """The students by what is known of them."""
        found: dict[str, dict[str, set[str]]] = {}
        for person in self.people:
            spelled = {**person.known, "student": person.student, "name": person.name}
            for role, cell in spelled.items():
                key = in_order(cell) if role == "name" else folded(cell)
                if key:
                    found.setdefault(role, {}).setdefault(key, set()).add(person.student)
        return found

    @kept
    def by_any(self) -> dict[str, set[str]]:
        """The students by whatever tells one from another, their names included."""
        found: dict[str, set[str]] = {}
        for role in (*TELLING, "name"):
            for key, students in self.by_role.get(role, {}).items():
                found.setdefault(key, set()).update(students)
        return found

    def match(self, text: str) -> str:
        """The one student who is called so, if there is one."""
        if not self.people:
            return ""
        found = self.by_any.get(folded(text)) or self.by_any.get(in_order(text)) or ()
        return next(iter(found)) if len(found) == 1 else ""

    def find(self, known: Mapping[str, str], place: Callable[[], Place]) -> str:
        """The student of whom this is known; where no one is, what tells them apart best.

        Raises `Invalid` where it is known of nobody, or of two students.
        """
        if not self.people:
            return best(known) or nobody(place())
        found: set[str] = set()
        for role in TELLING:
            found |= self.by_role.get(role, {}).get(folded(known.get(role, "")), set())
        if not found:
            found = {self.match(known[role]) for role in TELLING if known.get(role)} - {""}
        if not found:
            found = self.by_role.get("name", {}).get(in_order(full_name(known)), set())
        if len(found) > 1:
            both = " and of ".join(sorted(found))
            raise Invalid.at(f"this row is of {both}: correct it", place())
        if found:
            return next(iter(found))
        return best(known) or nobody(place())


def nobody(place: Place) -> str:
    raise Invalid.at("whose this is cannot be seen: no id, email or name is filled in", place)


def best(known: Mapping[str, str]) -> str:
    """What tells a student from the others best; nothing where nothing is known."""
    return next((known[role] for role in TELLING if known.get(role)), "") or full_name(known)


def full_name(known: Mapping[str, str]) -> str:
    name = known.get("name", "")
    return name or f"{known.get('first', '')} {known.get('last', '')}".strip()


def in_order(name: str) -> str:
    """A name as it is compared: `Lovelace, Ada` is `ada lovelace`."""
    last, comma, first = folded(name).partition(",")
    return f"{first.strip()} {last.strip()}" if comma else last


def known_of(row: Sequence[str], roles: Mapping[str, int]) -> dict[str, str]:
    """What a row says of its student."""
    cells = {role: canonical(row[column]) for role, column in roles.items()}
    return {role: cell for role, cell in cells.items() if cell.casefold() not in UNKNOWN}


def is_nobody(known: Mapping[str, str]) -> bool:
    """Whether a row is none of a student: points possible, an average."""
    return any(cell.casefold().startswith(NOBODY) for cell in known.values())


class Seen:
    """Who was met in tables so far: a row with the same number or email is the same student's."""

    def __init__(self) -> None:
        self.students: dict[tuple[str, str], str] = {}
        self.known: dict[str, dict[str, str]] = {}

    def student(self, best: str, known: Mapping[str, str], remarks: list[str]) -> str:
        """Whose a row is of which this is known, `best` by itself.

        Who shares a number with another but has another email is kept apart, and that is said.
        """
        own = {role: folded(known[role]) for role in JOINING if known.get(role)}
        met = dict.fromkeys(self.students[at] for at in own.items() if at in self.students)
        same = [student for student in met if not self.differs(student, own)]
        if len(same) == 1:
            best = same[0]
        elif met:
            free = [known[role] for role, cell in own.items() if (role, cell) not in self.students]
            apart = free[-1] if free else best
            if apart not in self.known:
                message = f"{apart} and {next(iter(met))} share an id: they are kept apart"
                remarks.append(f"{message}, and --roster says who is who")
            best = apart
        for at in own.items():
            self.students.setdefault(at, best)
        self.known.setdefault(best, {}).update(own)
        return best

    def differs(self, student: str, own: Mapping[str, str]) -> bool:
        seen = self.known[student]
        return any(seen.get(role, cell) != cell for role, cell in own.items())


def read_roster(path: str) -> Roster:
    """The people of a list: one id a line, or a table such as the systems that hold a class export.

    In a table without headers that are known the first column is the student's id.
    Raises `Invalid` with the places of ids that stand there twice.
    """
    data = bytes_of(path)
    if Path(path).suffix.lower() in TABLES:
        skipped: list[Complaint] = []
        table = read_table(data, path, skipped, [])
        if skipped:
            raise Invalid(*skipped[:MOST_COMPLAINTS])
        return distinct(people_of(table), path)
    lines = LINE_BREAK.split(decoded(data, path))
    listed = [(line, at_line(path, lines, number)) for number, line in enumerate(lines, 1)]
    found = ((canonical(student), place) for student, place in listed)
    return distinct(((Person(id_, {"student": id_}), place) for id_, place in found if id_), path)


def people_of(table: Table) -> Iterator[tuple[Person, Place]]:
    """The rows of a table that are people."""
    roles = roles_of(table.columns)
    if not roles:
        roles = {"student": 0}
        first = canonical(table.columns[0])
        if any(c.isdigit() or c == "@" for c in first):
            yield Person(first, {"student": first}), Place(table.source)  # there is no header
    for number, row in enumerate(table.rows):
        known = known_of(row, roles)
        if best(known) and not is_nobody(known):
            yield Person(best(known), known), table.place(number, min(roles.values()))


def distinct(found: Iterable[tuple[Person, Place]], path: str) -> Roster:
    """The people as a roster.  Raises `Invalid` for one who stands there twice, and for none."""
    seen: dict[str, Person] = {}
    complaints = []
    for person, place in found:
        student = person.student
        if len(student) > LONGEST_ID:
            complaints.append(Complaint(f"an id has at most {LONGEST_ID} characters", place))
        elif folded(student) in seen:
            complaints.append(Complaint(f"'{student}' stands twice in the list", place))
        else:
            seen[folded(student)] = person
    if complaints:
        raise Invalid(*complaints[:MOST_COMPLAINTS])
    if not seen:
        message = "there is no student in this list: write one id a line"
        raise Invalid.at(message, Place(path))
    return Roster(tuple(seen.values()))
