"""A class against a key: who answered what, each distinct answer marked once.

Submissions of one student are merged, and of two answers to one question the last counts;
whoever is in the list and sent nothing has all answers missing.  Nothing is dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.files.errors import Complaint
from mlcalc.files.faults import FAULTS, told
from mlcalc.marking.claims import Claim, said
from mlcalc.marking.crew import Crew
from mlcalc.marking.key import Key, Part, Question
from mlcalc.marking.log import Log
from mlcalc.marking.marker import MISSING, Mark, Marker, Own, Task
from mlcalc.marking.naming import Names, some
from mlcalc.marking.students import folded
from mlcalc.marking.submissions import Answers, Submission
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Verdict

Tasks = dict[tuple[str, str], Task]
"""The answers of a student, by the id of the problem and the name of the answer."""

Watch = Callable[[Iterable[tuple[Task, Mark]], int], Iterable[tuple[Task, Mark]]]

BATCH = 50
"""How many answers are marked by one process at a time."""

EXTRA = Fraction(0)
"""The points of an answer that was not asked for."""


class Row(Record):
    """One answer, which all share who gave it."""

    question: Question
    part: Part
    claim: Claim | None
    mark: Mark
    points: Fraction

    @property
    def is_asked(self) -> bool:
        return self.part in self.question.parts


class Marked(Record):
    """All answers of one student."""

    student: str
    rows: tuple[Row, ...]

    @property
    def points(self) -> Fraction:
        return sum((row.points for row in self.rows if row.points), Fraction(0))


class Report(Record):
    """A marked class: the students in their order, and what is to be said of it."""

    questions: tuple[Question, ...]
    students: tuple[Marked, ...]
    remarks: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """Where mlcalc failed to tell which answer was given."""
    skipped: tuple[Complaint, ...] = ()
    """What is wrong with that which was handed in and could not be read."""
    people: Mapping[str, Mapping[str, str]] = {}
    """What the roster knows of each student, by its role."""

    @property
    def nobody(self) -> Marked:
        """Who answered nothing."""
        return Marked("", tuple(missing(q, part) for q in self.questions for part in q.parts))

    @property
    def out_of(self) -> Fraction:
        return sum((p.points for q in self.questions for p in q.parts), Fraction(0))

    @property
    def verdicts(self) -> Iterator[Verdict]:
        return (row.mark.verdict for student in self.students for row in student.rows)

    @property
    def faults(self) -> tuple[str, ...]:
        """What there is to report of mlcalc itself, each thing once."""
        marks = (row.mark for student in self.students for row in student.rows)
        return tuple(dict.fromkeys([*self.lost, *(mark.fault for mark in marks if mark.fault)]))

    @property
    def misconceptions(self) -> list[tuple[str, int]]:
        """How often each was met, the most frequent first."""
        counts = Counter(
            note.id
            for student in self.students
            for row in student.rows
            for note in row.mark.feedback
        )
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def missing(question: Question, part: Part) -> Row:
    return Row(question, part, None, MISSING, Fraction(0))


def mark_class(
    key: Key,
    submissions: Sequence[Submission],
    students: Sequence[str] | None,
    jobs: int,
    watch: Watch = lambda found, total: found,
    log: Log | None = None,
) -> Report:
    """The marks of all students, those of the list first, in its order.

    What stands in the log is not marked again, and what is marked is written there.
    """
    remarks: list[str] = []
    sheets = answers_by_student(submissions, students, remarks)
    names, marker = Names(key), Marker(key.questions, log)
    lost: list[str] = []
    tasks: dict[Task, Task] = {}
    """Each different one, which all share who wrote it."""
    asked: dict[str, Tasks] = {}
    for student, own in sheets.items():
        answers = merged(names, student, own, remarks, lost)
        found = {at: marker.task(*at, answers) for at in answers}
        asked[student] = {at: tasks.setdefault(task, task) for at, task in found.items()}
    remarks += names.unknown_names()
    with Crew(marker, jobs) as crew:

        def work(tasks: Collection[Task]) -> None:
            tasks = [task for task in tasks if task not in marker.marks]
            batches = in_batches(tasks)
            for _ in watch(crew.done(batches, len(batches)), len(tasks)):
                pass

        work(tasks)
        carried = carried_tasks(key, asked, marker)
        work(dict.fromkeys(carried.values()))
    rows = Rows(key, marker, carried)
    marked = tuple(Marked(student, tuple(rows.of(student, own))) for student, own in asked.items())
    return Report(key.questions, marked, tuple(remarks), tuple(lost))


def named_answers(
    names: Names, student: str, answers: Answers, remarks: list[str], lost: list[str]
) -> Answers:
    """The answers under the key's names; one at which mlcalc fails is taken as it stands."""
    try:
        return names.answers(student, answers, remarks)
    except FAULTS:
        found: Answers = {}  # one of them: which is seen one by one
    for (id_, name), claim in answers.items():
        try:
            found |= names.answers(student, {(id_, name): claim}, remarks)
        except FAULTS as error:
            lost.append(f"{id_}: {told(error, f'the answer {said(claim)}')}")
            if id_ in names.questions:
                found[id_, name or names.questions[id_].parts[0].name] = claim
    return found


def merged(
    names: Names,
    student: str,
    submissions: Sequence[Submission],
    remarks: list[str],
    lost: list[str],
) -> Answers:
    """All answers of one student under the key's names; of two for one question the last counts."""
    found: Answers = {}
    source_of: dict[tuple[str, str], str] = {}
    again: dict[str, list[str]] = {}
    for one in submissions:
        for at, claim in named_answers(names, student, one.answers, remarks, lost).items():
            if found.get(at, claim) != claim:
                same = source_of[at] == one.source
                where = f"in {one.source}" if same else f"in {source_of[at]} and in {one.source}"
                again.setdefault(where, []).append(".".join(at))
            found[at], source_of[at] = claim, one.source
    for where, answers in again.items():
        remarks.append(f"{student} answered {some(answers)} twice, {where}: the last counts")
    return found


def answers_by_student(
    submissions: Sequence[Submission], students: Sequence[str] | None, remarks: list[str]
) -> dict[str, list[Submission]]:
    """What each student handed in, in the order of the list, then in that of the submissions."""
    spelled = {folded(student): student for student in students or ()}
    found: dict[str, list[Submission]] = {}
    for submission in submissions:
        found.setdefault(folded(submission.student), []).append(submission)
    found = {key: by_time(own) for key, own in found.items()}
    for key, own in found.items():
        if students is not None and key not in spelled:
            hint = closest(own[-1].student, spelled.values())
            remarks.append(f"{own[-1].student} is not in the list of students{hint}")
    for key, own in found.items():
        spelled.setdefault(key, own[0].student)
    return {student: found.get(key, []) for key, student in spelled.items()}


def by_time(submissions: list[Submission]) -> list[Submission]:
    """The later ones last, where it is known of each when it was; else as they came."""
    times = [one.time for one in submissions if one.time is not None]
    if len(times) < len(submissions):
        return submissions
    order = sorted(range(len(times)), key=times.__getitem__)
    return [submissions[at] for at in order]


def in_batches(tasks: Iterable[Task]) -> list[list[Task]]:
    """Tasks that are solved alike together: a question is asked anew once, by one process."""
    plain: dict[str, list[Task]] = {}
    carried: dict[tuple[str, Own], list[Task]] = {}
    for task in tasks:
        id_, _, _, own = task
        if own:
            carried.setdefault((id_, own), []).append(task)
        else:
            plain.setdefault(id_, []).append(task)
    batches = [
        alike[i : i + BATCH] for alike in plain.values() for i in range(0, len(alike), BATCH)
    ]
    return batches + list(carried.values())


def carried_tasks(
    key: Key, asked: dict[str, Tasks], marker: Marker
) -> dict[tuple[str, str, str], Task]:
    """The wrong answers to problems in several parts, with what the student had before."""
    before = {question.id: ancestors(question, marker) for question in key.questions}
    found = {}
    for student, tasks in asked.items():
        for (id_, name), task in tasks.items():
            if not before[id_] or marker.mark(task).verdict is not Verdict.WRONG:
                continue
            own = tuple((*at, tasks[at][2]) for at in before[id_] if at in tasks)
            if own:
                found[student, id_, name] = (*task[:3], task[3] + own)
    return found


def ancestors(question: Question, marker: Marker) -> tuple[tuple[str, str], ...]:
    """The answers on which a question depends, at any remove, as id and name."""
    found: dict[tuple[str, str], None] = {}
    open_ = list(question.earlier)
    while open_:
        source, name = open_.pop()
        answer = marker.questions[source].answer(name)
        at = source, answer.name if answer is not None else name
        if at not in found:
            found[at] = None
            open_ += marker.questions[source].earlier
    return tuple(sorted(found))


class Rows:
    """The answers of each student as they are reported; those that are alike are one row."""

    def __init__(self, key: Key, marker: Marker, carried: dict[tuple[str, str, str], Task]) -> None:
        self.marker, self.carried = marker, carried
        self.questions = {question.id: question for question in key.questions}
        self.asked = {(q.id, part.name): part for q in key.questions for part in q.parts}
        self.rows: dict[Task, Row] = {}
        self.missing = {at: missing(self.questions[at[0]], part) for at, part in self.asked.items()}

    def of(self, student: str, tasks: Tasks) -> Iterator[Row]:
        """What was asked for, in the order of the key, with what was answered beyond it."""
        extra = [at for at in tasks if at not in self.asked]
        order: Iterable[tuple[str, str]] = self.asked
        if extra:
            all_ = (*self.asked, *extra)
            order = (at for id_ in self.questions for at in all_ if at[0] == id_)
        for at in order:
            task = tasks.get(at)
            if task is None:
                yield self.missing[at]
                continue
            if self.carried:
                task = self.carried.get((student, *at), task)
            yield self.rows.get(task) or self.row(at, task)

    def row(self, at: tuple[str, str], task: Task) -> Row:
        question, part = self.questions[at[0]], self.asked.get(at) or Part(at[1], EXTRA)
        mark = self.marker.mark(task)
        found = Row(question, part, task[2], mark, mark.share * part.points)
        self.rows[task] = found
        return found
