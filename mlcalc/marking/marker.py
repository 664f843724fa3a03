"""The verdict on each distinct answer, and on one that follows from the student's own earlier one.

Both depend on the question and on what was written alone, so they are worked out once and in any
order: by one process or by several, the marks are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mlcalc.files.document import Entries, Raw, written
from mlcalc.files.errors import Invalid, MlcalcError
from mlcalc.files.faults import FAULTS, told
from mlcalc.marking.checking import check
from mlcalc.marking.claims import Claim, raw_of, said
from mlcalc.marking.exercise import command, read_problem, work_out
from mlcalc.marking.expected import STATUS, answer_named, with_answer
from mlcalc.marking.key import Question, given_of
from mlcalc.marking.misconceptions import Explainer
from mlcalc.marking.rulings import Ruling
from mlcalc.marking.values import LONGEST, is_modest, standing_in
from mlcalc.maths.board import Note
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.records import Record, replace
from mlcalc.showing.derivation import Answer, Checked, Derivation, Outcome, Verdict

if TYPE_CHECKING:
    from mlcalc.files.problem import Problem
    from mlcalc.marking.log import Log

SYNONYMS = {"unsolved": ("none", "no answer", "no solution", "does not exist")}
"""What students write where a question has no answer."""

Own = tuple[tuple[str, str, Claim], ...]
"""Other answers of a student: id, name, claim."""

Task = tuple[str, str, Claim, Own]
"""An answer to be marked: id, name, claim, and the other answers that matter to it: those of
earlier problems that it may follow from, and of its own problem one with which it is tried."""

Carried = tuple[Derivation | None, tuple[str, ...]]
"""A question solved with a student's own values, and the names of these."""


class Mark(Record):
    """What became of one answer: `share` is the part of its points that it earns.

    `carried` names the student's own earlier answers from which a right one follows; `fault` says
    what to report where mlcalc itself failed at the answer or at explaining it.
    """

    verdict: Verdict
    remark: str = ""
    feedback: tuple[Note, ...] = ()
    share: Fraction = Fraction(0)
    carried: tuple[str, ...] = ()
    fault: str = ""


MISSING = Mark(Verdict.MISSING)
UNMARKED = Mark(Verdict.UNDECIDED, "mlcalc failed at this answer")


class Marker:
    """Marks the answers to some questions, each distinct one once."""

    def __init__(self, questions: Sequence[Question], log: Log | None = None) -> None:
        self.questions = {question.id: bare(question) for question in questions}
        self.outcomes = {id_: question.outcome for id_, question in self.questions.items()}
        self.log = log
        self.marks: dict[Task, Mark] = {} if log is None else dict(log.marks)
        self.partners: dict[tuple[str, str], tuple[str, str]] = {}
        self.problems: dict[str, Problem | None] = {}
        self.explainers: dict[str, Explainer | None] = {}
        self.resolved: dict[tuple[str, Own], Carried] = {}
        self.solved: dict[tuple[str, str], Derivation | None] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process is sent the questions, and marks anew.
        return Marker, (tuple(self.questions.values()),)

    def done(self, task: Task) -> Mark:
        return self.mark(task)

    def noted(self, task: Task, result: Mark) -> None:
        self.marks[task] = result
        if self.log is not None:
            self.log.note(task, result)

    def lost(self, task: Task, error: BaseException) -> Mark:
        return replace(UNMARKED, fault=self.fault(error, task))

    def mark(self, task: Task) -> Mark:
        found = self.marks.get(task)
        if found is None:
            plain = without_earlier(task)
            try:
                found = self.compared(task) if plain == task else self.carried(task, plain)
            except FAULTS as error:
                known = UNMARKED if plain == task else self.mark(plain)
                found = replace(known, fault=self.fault(error, task))
            self.marks[task] = found
        return found

    def fault(self, error: BaseException, task: Task) -> str:
        """What to report where mlcalc fails at an answer: a command without the student."""
        id_, name, claim, _ = task
        question = self.questions[id_]
        return told(error, command(question.kind, question.given, ((name, raw_of(claim)),)))

    def task(self, id_: str, name: str, answers: Mapping[tuple[str, str], Claim]) -> Task:
        """One of a student's answers, to be marked with the one with which it is tried."""
        at = self.partners.get((id_, name))
        if at is None:
            answer = self.questions[id_].answer(name)
            at = self.partners[id_, name] = id_, "" if answer is None else answer.partner
        beside = ((*at, answers[at]),) if at[1] and at in answers else ()
        return id_, name, answers[id_, name], beside

    def compared(self, task: Task) -> Mark:
        """The answer against the key."""
        id_, name, claim, _ = task
        question = self.questions[id_]
        if not said(claim):
            return MISSING
        answer = question.answer(name)
        raw, ruling = question.claimed(claim, answer), question.ruling(name)
        others = question.others
        checked = self.against_key(task, raw, answer, others)
        if checked.verdict is not Verdict.RIGHT:
            if ruling.accepts(raw, others):
                return Mark(Verdict.RIGHT, share=Fraction(1))
            if (mistake := ruling.mistake(raw, others)) is not None:
                remark = checked.remark if checked.verdict is Verdict.WRONG else ""
                share = ruling.share((mistake.note,)) if mistake.credit is None else mistake.credit
                return Mark(Verdict.WRONG, remark, (mistake.note,), share)
        if checked.verdict is Verdict.WRONG:
            try:
                explainer = self.explainer(id_)
                checked = checked if explainer is None else explainer.explained(checked, raw)
            except FAULTS as error:
                fault = self.fault(error, task)
                return replace(mark_of(checked, ruling), fault=fault)
        return mark_of(checked, ruling)

    def against_key(
        self, task: Task, raw: Raw, answer: Answer | None, others: Sequence[Answer]
    ) -> Checked:
        """The verdict on an answer before the teacher's rulings."""
        id_, name, claim, beside = task
        question = self.questions[id_]
        if answer is None and name == STATUS:
            status = question.outcome.status
            is_right = said(claim).casefold() in (status, *SYNONYMS.get(status, ()))
            return Checked(name, said(claim), Verdict.RIGHT if is_right else Verdict.WRONG)
        if answer is None:
            message = "mlcalc has no answer to this problem"
            return Checked(name, said(claim), Verdict.UNDECIDED, message)
        claims = {other: raw_of(theirs) for _, other, theirs in beside}
        rule = question.ruling(name).rule
        if isinstance(answer.value, tuple) and question.conventions is not None:
            # 1,2 may be a list wherever one is asked for.
            typed = raw_of(claim)
            checked = check(typed, answer, rule, name, complete=True, others=others, claims=claims)
            if checked.verdict is Verdict.RIGHT:
                return checked
        return check(raw, answer, rule, name, complete=True, others=others, claims=claims)

    def explainer(self, id_: str) -> Explainer | None:
        """What knows the misconceptions about a problem, whose wrong values are found once."""
        if id_ not in self.explainers:
            problem, derivation = self.problem(id_), self.questions[id_].derivation
            found = None
            if problem is not None and derivation is not None:
                found = Explainer(self.questions[id_].kind, problem, derivation)
            self.explainers[id_] = found
        return self.explainers[id_]

    def problem(self, id_: str) -> Problem | None:
        """The givens as they were read; None where the file's word is taken for the answer."""
        if id_ not in self.problems:
            question = self.questions[id_]
            try:
                found = read_problem(question.kind, given_of(question, self.outcomes))
            except MlcalcError:
                found = None
            self.problems[id_] = found
        return self.problems[id_]

    # Errors carried forward.

    def carried(self, task: Task, plain: Task) -> Mark:
        """The answer against the key, and where it is wrong against the student's own question."""
        id_, name, claim, own = task
        mark = self.mark(plain)
        question = self.questions[id_]
        derivation, used = self.solved_with(question, own)
        answer = answer_named(derivation, name) if derivation is not None else None
        if answer is None or mark.verdict is not Verdict.WRONG:
            return mark
        raw, rule = question.claimed(claim, answer), question.ruling(name).rule
        checked = check(raw, answer, rule, name, complete=True)
        if checked.verdict is not Verdict.RIGHT:
            return mark
        remark = f"right with your own {'values' if len(used) > 1 else 'value'} of "
        return Mark(Verdict.RIGHT, remark + " and ".join(used), (), Fraction(1), used)

    def solved_with(self, question: Question, own: Own) -> Carried:
        """The question solved with the student's values, if they change it, and their names."""
        at = question.id, own
        if at not in self.resolved:
            self.resolved[at] = self.solve_with(question, own)
        return self.resolved[at]

    def solve_with(self, question: Question, own: Own) -> Carried:
        outcomes: dict[str, Outcome] = dict(self.outcomes)
        used: tuple[str, ...] = ()
        for source, name in dict.fromkeys(question.earlier):
            answer, names = self.own_answer(source, name, own)
            derivation = outcomes[source].derivation
            if answer is not None and derivation is not None:
                changed = with_answer(derivation, answer)
                outcomes[source] = replace(outcomes[source], derivation=changed)
                used += names
        if not used:
            return None, ()
        try:
            given = given_of(question, outcomes)
        except MlcalcError:
            return None, ()
        at = question.id, written(given)
        if at not in self.solved:
            # Spellings of one value are one question.
            self.solved[at] = self.solve(question, given)
        derivation = self.solved[at]
        return (None, ()) if derivation is None else (derivation, tuple(dict.fromkeys(used)))

    def solve(self, question: Question, given: Entries) -> Derivation | None:
        """The answers to the question; None where it cannot be asked with a student's value."""
        try:
            return answers_of(work_out(question.kind, read_problem(question.kind, given)))
        except MlcalcError:
            return None

    def own_answer(self, source: str, name: str, own: Own) -> tuple[Answer | None, tuple[str, ...]]:
        """What the student has for an earlier answer, where that is not what the key has.

        It is what was written, also where it is right but rounded; where nothing was, it is what
        follows from still earlier answers.
        """
        question = self.questions[source]
        answer = question.answer(name)
        if answer is None:
            return None, ()
        claim = next((c for id_, n, c in own if (id_, n) == (source, answer.name)), None)
        mark = MISSING if claim is None else self.mark((source, answer.name, claim, ()))
        if claim is not None and mark.verdict in (Verdict.WRONG, Verdict.RIGHT):
            raw = question.claimed(claim, answer)
            return readable(answer, raw), (f"{source}.{answer.name}",)
        if mark.verdict in (Verdict.MISSING, Verdict.UNREADABLE):
            derivation, used = self.solved_with(question, own)
            return (derivation.answer(name), used) if derivation is not None else (None, ())
        return None, ()


def without_earlier(task: Task) -> Task:
    """The answer to be marked against the key alone."""
    id_, name, claim, own = task
    return id_, name, claim, tuple(other for other in own if other[0] == id_)


def readable(answer: Answer, raw: Raw) -> Answer | None:
    """The student's value in the place of the key's, if another problem can be asked with it."""
    if len(written(raw).strip()) > LONGEST:
        return None
    try:
        found = standing_in(answer, raw)
    except (Invalid, EvaluationError):
        return None
    is_other = found.value != answer.value
    return found if is_other and is_modest(found.value, answer.value) else None


def bare(question: Question) -> Question:
    """The question with the answers of its derivation alone, which another process can be sent."""
    derivation = question.derivation
    if derivation is None:
        return question
    outcome = replace(question.outcome, derivation=answers_of(derivation))
    return replace(question, outcome=outcome)


def answers_of(derivation: Derivation) -> Derivation:
    """The derivation without its working."""
    return replace(derivation, steps=(), notes=(), pictures=())


def mark_of(checked: Checked, ruling: Ruling) -> Mark:
    share = Fraction(checked.verdict is Verdict.RIGHT)
    if checked.verdict is Verdict.WRONG:
        share = ruling.share(checked.feedback)
    return Mark(checked.verdict, checked.remark, checked.feedback, share)
