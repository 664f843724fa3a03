"""The worked answer to a pac problem: its case, its theorem, and what was missing."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Derivation, Note, Result, Step
from mlcalc.errors import Unsolved
from mlcalc.learning.bounds import Bound, N, default_bound, unknown_answer
from mlcalc.learning.bounds_case import case_answers, class_notes, class_steps
from mlcalc.learning.bounds_picture import bound_picture
from mlcalc.learning.bounds_question import INF, Question
from mlcalc.learning.bounds_working import Asked, Solved, convention_notes, solved
from mlcalc.learning.sample_question import SETTINGS, SampleQuestion
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.numerics.intervals import at_most, measured
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Decimal, Number, Words, equals

THEOREMS = {
    ("realizable", "finite"): "theorem 1", ("agnostic", "finite"): "theorem 2",
    ("realizable", "infinite"): "theorem 3", ("agnostic", "infinite"): "theorem 4",
}  # fmt: skip


def answered(given: SampleQuestion) -> Derivation:
    """Raises `Invalid` for givens that do not fit, `Unsolved` where the bound gives no number."""
    question = Question(given)
    if given.bound == "all":
        from mlcalc.learning.bounds_compared import compared

        return compared(question)
    if question.unknown is None:
        for field in (type(given).bound, type(given).growth):
            if given.is_given(field):
                message = f"the case alone is asked: {field.name} has a use with two of samples, "
                raise given.fault(f"{message}epsilon and delta", field)
        return case_alone(question)
    return one_bound(question, question.unknown or "samples")


def one_bound(question: Question, unknown: str) -> Derivation:
    bound, choice = chosen(question, unknown)
    place = question.given.place
    if bound.capacity == "vc_dimension" and question.dimension == INF:
        message = "the VC dimension is infinite: no number of examples is enough"
        raise Unsolved.because(message, place)
    asked = question.asked(unknown)
    try:
        found = solved(bound, asked)
    except EvaluationError as error:
        raise Unsolved.because(f"{bound.name}: {error}", place) from None
    notes = [*class_notes(question, bound), *convention_notes(bound, asked), *found.notes, *choice]
    if not question.unknown:
        notes.insert(0, verified(question, found))
    value: Result = found.value
    if isinstance(found.maths, Decimal) and isinstance(found.value, Fraction):
        value = measured(found.value)
    answer = unknown_answer(found.unknown, value, found.maths)
    return Derivation(
        f"Sample complexity: {bound.title}",
        (*class_steps(question, bound), *found.steps),
        (answer, *case_answers(question, bound)),
        tuple(notes),
        bound_picture(bound, asked, found.value),
    )


def chosen(question: Question, unknown: str) -> tuple[Bound, list[Note]]:
    """The bound that was named, or that of the case: of an infinite class the tightest."""
    bound = question.bound()
    if question.given.bound is None and bound.capacity == "vc_dimension":
        from mlcalc.learning.bounds_compared import tightest_theorem

        found = tightest_theorem(question, unknown) if question.dimension != INF else None
        if found is not None:
            return found[0], [found[1]]
    return bound, []


def verified(question: Question, found: Solved) -> Note:
    """All four are given: N must be enough."""
    given = question.given
    assert given.samples is not None
    if not isinstance(found.value, Fraction) or exact(given.samples) is None:
        return Note("pac.verified", "all of N, ε, δ and the class are given; N is worked out")
    needed = Number(found.value)
    if not at_most(needed, given.samples):
        raise given.fault(
            f"the bound promises this from {one_line(needed)} examples on, and "
            f"{one_line(given.samples)} are given; leave one of samples, epsilon, delta and the "
            "class out to solve for it",
            type(given).samples,
        )
    text = ("all four are given, and they agree: ", equals(N, given.samples), " is enough")
    return Note("pac.verified", text)


def case_alone(question: Question) -> Derivation:
    """Only the case is asked: which of the four theorems holds."""
    if question.setting is None:
        raise question.setting_is_missing()
    kind = "finite" if question.is_finite else "infinite"
    bound = default_bound("hypotheses" if question.is_finite else "vc_dimension", question.setting)
    steps = [*class_steps(question, None), case_step(question.setting, kind)]
    notes = class_notes(question, None)
    if not question.is_finite or question.size is not None:
        asked = Asked("samples", {}, question.given.growth)
        steps += solved(bound, asked).steps
        notes += convention_notes(bound, asked)
    answers = sorted(case_answers(question, None), key=lambda answer: answer.name != "case")
    title = "Which case of sample complexity"
    return Derivation(title, tuple(steps), tuple(answers), tuple(notes))


def case_step(setting: str, kind: str) -> Step:
    name = Words(f"{setting}, {kind}: {THEOREMS[setting, kind]}")
    return Step("name the case", (name,), f"{SETTINGS[setting]}; the class is {kind}")
