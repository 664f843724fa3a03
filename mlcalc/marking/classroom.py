"""A class against a key: who answered what, each distinct answer marked once.

Submissions of one student are merged, and of two answers to one question the last counts;
whoever is in the list and sent nothing has all answers missing.  Nothing is dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from mlcalc.files.faults import FAULTS, told
from mlcalc.marking.claims import Claim, said
from mlcalc.marking.crew import Crew
from mlcalc.marking.key import Key, Part, Question
from mlcalc.marking.marker import MISSING, Mark, Marker, Own, Task
from mlcalc.marking.naming import Names, some
from mlcalc.marking.students import folded
from mlcalc.marking.submissions import Answers, Submission
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Verdict

Watch = Callable[[Iterable[tuple[Task, Mark]], int], Iterable[tuple[Task, Mark]]]

BATCH = 50
"""How many answers are marked by one process at a time."""

EXTRA = Fraction(0)
"""The points of an answer that was not asked for."""


class Row(Record):
    """One answer of one student."""

    question: Question
    part: Part
    claim: Claim | None
    mark: Mark

    @property
    def is_asked(self) -> bool:
        return self.part in self.question.parts

    @property
    def points(self) -> Fraction:
        return self.mark.share * self.part.points


class Marked(Record):
    """All answers of one student."""

    student: str
    rows: tuple[Row, ...]

    @property
    def points(self) -> Fraction:
        return sum((row.points for row in self.rows), Fraction(0))


class Report(Record):
    """A marked class: the students in their order, and what is to be said of it."""

    questions: tuple[Question, ...]
    students: tuple[Marked, ...]
    remarks: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """Where mlcalc failed to tell which answer was given."""

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


def mark_class(
    key: Key,
    submissions: Sequence[Submission],
    students: Sequence[str] | None,
    jobs: int,
    watch: Watch = lambda found, total: found,
) -> Report:
    """The marks of all students, those of the list first, in its order."""
    remarks: list[str] = []
    sheets = answers_by_student(submissions, students, remarks)
    names = Names(key)
    lost: list[str] = []
    named = {student: merged(names, student, own, remarks, lost) for student, own in sheets.items()}
    remarks += names.unknown_names()
    marker = Marker(key.questions)
    with Crew(marker, jobs) as crew:

        def work(tasks: Iterable[Task]) -> None:
            distinct = list(dict.fromkeys(tasks))
            batches = in_batches(distinct)
            for _ in watch(crew.done(batches, len(batches)), len(distinct)):
                pass

        work(marker.task(*at, answers) for answers in named.values() for at in answers)
        carried = carried_tasks(key, named, marker)
        work(carried.values())
    found = tuple(
        Marked(student, tuple(rows_of(key, student, answers, marker, carried)))
        for student, answers in named.items()
    )
    return Report(key.questions, found, tuple(remarks), tuple(lost))


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
    for key, own in found.items():
        if students is not None and key not in spelled:
            hint = closest(own[-1].student, spelled.values())
            remarks.append(f"{own[-1].student} is not in the list of students{hint}")
    for key, own in found.items():
        spelled.setdefault(key, own[0].student)
    return {student: found.get(key, []) for key, student in spelled.items()}


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
    key: Key, named: dict[str, Answers], marker: Marker
) -> dict[tuple[str, str, str], Task]:
    """The wrong answers to problems in several parts, with what the student had before."""
    before = {question.id: ancestors(question, marker) for question in key.questions}
    found = {}
    for student, answers in named.items():
        for id_, name in answers:
            if not before[id_]:
                continue
            task = marker.task(id_, name, answers)
            if marker.mark(task).verdict is not Verdict.WRONG:
                continue
            own = tuple((*at, answers[at]) for at in before[id_] if at in answers)
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


def rows_of(
    key: Key,
    student: str,
    answers: Answers,
    marker: Marker,
    carried: dict[tuple[str, str, str], Task],
) -> Iterator[Row]:
    """What was asked for, in the order of the key, with what the student answered beyond it."""
    extra: dict[str, list[str]] = {}
    asked = {(question.id, part.name) for question in key.questions for part in question.parts}
    for id_, name in answers:
        if (id_, name) not in asked:
            extra.setdefault(id_, []).append(name)
    for question in key.questions:
        parts = [*question.parts, *(Part(name, EXTRA) for name in extra.get(question.id, ()))]
        for part in parts:
            claim = answers.get((question.id, part.name))
            if claim is None:
                yield Row(question, part, None, MISSING)
                continue
            task = carried.get((student, question.id, part.name))
            mark = marker.mark(task or marker.task(question.id, part.name, answers))
            yield Row(question, part, claim, mark)
