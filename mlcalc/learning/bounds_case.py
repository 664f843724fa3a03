"""Which case a question is, of which class, and how large that is."""

from __future__ import annotations

from mlcalc.derivation import Answer, Note, Step
from mlcalc.learning.bounds import CLASS_SIZE, DIMENSION, Bound
from mlcalc.learning.bounds_question import Question
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Words, equals


def is_by_size(bound: Bound | None) -> bool:
    return bound is None or bound.capacity == "hypotheses"


def class_steps(question: Question, bound: Bound | None) -> list[Step]:
    """What the data say, |H| counted, the VC dimension."""
    steps = list(question.decision.steps) if question.decision else []
    if question.size is not None and question.size.reason and is_by_size(bound):
        steps.append(question.size.step())
    named, dimension = question.given.hypothesis_class, question.dimension
    is_used = not is_by_size(bound) or not question.is_finite
    if named is not None and dimension is not None and is_used:
        space = question.space_or_letter()
        where = "" if space is None else f" in dimension {one_line(space)}"
        note = f"of the class {named}{where}; `mlcalc vc` gives the proof"
        steps.append(Step("find the VC dimension", (equals(DIMENSION, dimension),), note))
    return steps


def class_notes(question: Question, bound: Bound | None) -> list[Note]:
    notes = list(question.decision.notes) if question.decision else []
    if question.size is not None and is_by_size(bound):
        notes += question.size.notes()
    return notes


CASES = tuple(
    f"{setting}, {size}"
    for setting in ("realizable", "agnostic")
    for size in ("finite", "infinite")
)


def case_answers(question: Question, bound: Bound | None) -> list[Answer]:
    """The size where it was counted, the case, and the hypothesis that was found."""
    answers: list[Answer] = []
    counted = question.size
    if counted is not None and counted.reason and is_by_size(bound):
        value = exact(counted.size)
        maths = equals(counted.size, counted.number) if counted.number else counted.size
        answers.append(
            Answer(
                "hypotheses",
                counted.size if value is None else value,
                maths,
                CLASS_SIZE,
                is_count=True,
            )
        )
    if question.case is not None:
        answers.append(Answer("case", question.case, Words(question.case), choices=CASES))
    if question.decision is not None and question.decision.hypothesis is not None:
        answers.append(question.decision.hypothesis)
    return answers
