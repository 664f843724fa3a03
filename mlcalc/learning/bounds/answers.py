"""The worked answer to a pac problem: its case, its theorem, what was missing; bounds compared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from mlcalc.files.errors import Unsolved
from mlcalc.learning.bounds.picture import bound_picture
from mlcalc.learning.bounds.question import SETTINGS, SampleQuestion
from mlcalc.learning.bounds.reading import INF, Question
from mlcalc.learning.bounds.theorems import (
    BOUNDS,
    CLASS_SIZE,
    COUNTS,
    GROWTH_MEANINGS,
    UNKNOWNS,
    Bound,
    bound_named,
    default_bound,
    unknown_answer,
)
from mlcalc.learning.bounds.working import Asked, convention_notes, is_vacuous, solved, value_of
from mlcalc.maths.board import Note, prose
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.numerics.intervals import at_most, measured
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Decimal, Expr, Listing, Number, Words, equals
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, step, with_decimal


def answered(given: SampleQuestion) -> Derivation:
    """Raises `Invalid` for givens that do not fit, `Unsolved` where the bound gives no number."""
    question = Question(given)
    if given.bound == "all":
        return compared(question)
    if question.unknown is None:
        for field in (SampleQuestion.bound, SampleQuestion.growth):
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
    is_enough = enough_for(question, found.value)

    def notes() -> Iterator[Note]:
        yield from (*class_notes(question, bound), *convention_notes(bound, asked))
        yield from (*found.notes, *choice)
        if is_enough is False:
            yield NOT_NECESSARY

    value: Result = found.value
    if isinstance(found.maths, Decimal) and isinstance(found.value, Fraction):
        value = measured(found.value)
    answer = unknown_answer(found.unknown, value, found.maths)
    asked_for = () if is_enough is None else (enough_answer(bound.name, is_enough),)

    def steps() -> Iterator[Step]:
        yield from (*class_steps(question, bound), *found.steps)
        if is_enough is not None:
            yield enough_step(question, bound.name, found.maths, is_enough)

    return Derivation(
        f"Sample complexity: {bound.title}",
        Later(steps),
        (*asked_for, answer, *case_answers(question, bound), *([taken(bound)] if choice else [])),
        Later(notes),
        Later(lambda: bound_picture(bound, asked, found.value)),
    )


def taken(bound: Bound) -> Answer:
    """The bound that was chosen where none was named."""
    return Answer("bound", bound.name, Words(bound.name))


def chosen(question: Question, unknown: str) -> tuple[Bound, list[Note]]:
    """The bound that was named, or that of the case: of an infinite class the tightest."""
    bound = question.bound()
    if question.given.bound is None and bound.capacity == "vc_dimension":
        found = tightest_theorem(question, unknown) if question.dimension != INF else None
        if found is not None:
            return found[0], [found[1]]
    return bound, []


NOT_NECESSARY = Note(
    "pac.sufficient",
    "the bound is sufficient and not necessary: with fewer examples it promises nothing, which "
    "does not say that learning fails",
)


def enough_for(question: Question, needed: Result) -> bool | None:
    """Whether N is what a bound asks for, where all of N, ε, δ and the class are given."""
    samples = question.given.samples
    if question.unknown or samples is None or exact(samples) is None:
        return None
    return at_most(Number(needed), samples) if isinstance(needed, Fraction) else None


def enough_answer(bound: str, is_enough: bool) -> Answer:
    """`enough`: whether the bound promises what is asked for so many examples."""
    word = "yes" if is_enough else "no"
    return Answer("enough", is_enough, Words(f"{word}, by the bound {bound}"))


def enough_step(question: Question, bound: str, needed: Expr, is_enough: bool) -> Step:
    """N beside what the bound asks for."""
    samples = question.given.samples
    assert samples is not None
    relation = ">=" if is_enough else "<"
    promise = "it promises this" if is_enough else "for fewer it promises nothing"
    why = f"the bound {bound} asks for so many examples: {promise}"
    return step(
        "compare", f"N = samples {relation} needed", samples=samples, needed=needed, why=why
    )


def case_alone(question: Question) -> Derivation:
    """Only the case is asked: which of the four theorems holds."""
    if question.setting is None:
        raise question.setting_is_missing()
    kind = "finite" if question.is_finite else "infinite"
    bound = default_bound("hypotheses" if question.is_finite else "vc_dimension", question.setting)
    theorem = bound.title.partition(":")[0]
    name = Words(f"{question.setting}, {kind}: {theorem}")
    why = f"{SETTINGS[question.setting]}; the class is {kind}"
    steps = [*class_steps(question, None), step("name the case", name, why=why)]
    notes = class_notes(question, None)
    if not question.is_finite or question.size is not None:
        asked = Asked("samples", {}, question.given.growth)
        steps += solved(bound, asked).steps
        notes += convention_notes(bound, asked)
    answers = sorted(case_answers(question, None), key=lambda answer: answer.name != "case")
    title = "Which case of sample complexity"
    return Derivation(title, tuple(steps), tuple(answers), tuple(notes))


# The class and the case.


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
        why = f"of the class {named}{where}; `mlcalc vc` gives the proof"
        steps.append(step("find the VC dimension", "d_VC = top", why=why, top=dimension))
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
        found = counted.size if value is None else value
        answers.append(Answer("hypotheses", found, maths, CLASS_SIZE, is_count=True))
    if question.case is not None:
        answers.append(Answer("case", question.case, Words(question.case), choices=CASES))
    if question.decision is not None and question.decision.hypothesis is not None:
        answers.append(question.decision.hypothesis)
    return answers


# All bounds that apply, side by side.

UNITS = {
    "samples": ("examples are asked for", "the fewest"),
    "epsilon": ("is promised", "the smallest"),
    "delta": ("is promised", "the smallest"),
    "hypotheses": ("are allowed", "the most"),
}


def compared(question: Question) -> Derivation:
    """`bounds` {name: value} and `tightest`: the fewest N, smallest ε or δ, largest |H|."""
    given = question.given
    unknown = question.unknown or "samples"
    if question.unknown is None:
        raise given.fault("to compare bounds, give two of samples, epsilon and delta")
    found, silent = valued_bounds(question, unknown)
    if not found:
        raise Unsolved.because("; ".join(silent) or "no bound applies", given.place)
    tightest = tightest_of(found, unknown)
    values = {name: result(value) for name, value in found.items()}
    named = {name: named_value(name, value, unknown) for name, value in found.items()}
    answers = [
        Answer("bounds", values, Listing(tuple(named.values())), is_count=unknown in COUNTS),
        Answer("tightest", tightest, named[tightest], choices=tuple(found)),
        unknown_answer(unknown, result(found[tightest]), shown(found[tightest])),
    ]
    what, best = UNITS[unknown]
    why = f"what {what} by each, {best} first; all of them are true"
    is_enough = enough_for(question, found[tightest])
    if is_enough is not None:
        answers.insert(0, enough_answer(tightest, is_enough))

    def steps() -> Iterator[Step]:
        yield from class_steps(question, None)
        yield step("compare the bounds", table(found, unknown, question.setting), why=why)
        if is_enough is not None:
            yield enough_step(question, tightest, Number(found[tightest]), is_enough)

    def notes() -> Iterator[Note]:
        yield from class_notes(question, None)
        yield from comparison_notes(question, unknown, found, silent)

    return Derivation(
        "Bounds compared", Later(steps), (*answers, *case_answers(question, None)), Later(notes)
    )


def valued_bounds(question: Question, unknown: str) -> tuple[dict[str, Fraction], list[str]]:
    """What each bound that applies gives, by its name; and why others give nothing."""
    found: dict[str, Fraction] = {}
    silent: list[str] = []
    for bound in BOUNDS:
        if applies(bound, question, unknown):
            try:
                found[bound.name] = value_of(bound, question.asked(unknown))
            except EvaluationError as error:
                silent.append(f"{bound.name}: {error}")
    return found, silent


def tightest_of(found: dict[str, Fraction], unknown: str) -> str:
    """The fewest examples, the smallest ε or δ, the most hypotheses."""
    best = max if unknown == "hypotheses" else min
    return best(found, key=lambda name: found[name])


def tightest_theorem(question: Question, unknown: str) -> tuple[Bound, Note] | None:
    """Of the bounds by VC dimension the one that promises most of what the case asks for.

    In the agnostic setting that is a bound on |R(h) − R̂(h)|, so those of one side are left out.
    None where letters are left, or where no bound gives a number.
    """
    found = {
        name: value
        for name, value in valued_bounds(question, unknown)[0].items()
        if (bound := bound_named(name, question.setting)).capacity == "vc_dimension"
        and not bound.is_one_sided
    }
    if not found:
        return None
    name = tightest_of(found, unknown)
    order = sorted(found, key=lambda name: found[name])
    pieces: list[str | Expr] = ["the tightest theorem here that fits the case is taken: "]
    for number, each in enumerate(order):
        pieces += [", " if number else "", named_value(each, found[each], unknown)]
    if order[1:]:
        other = next(each for each in order if each != name)
        pieces.append(f"; bound: {other} takes that one")
    return bound_named(name, question.setting), Note("pac.tightest", tuple(pieces))


def applies(bound: Bound, question: Question, unknown: str) -> bool:
    """Whether the bound is about this class and setting; without a setting none is assumed."""
    if unknown not in bound.solutions or (bound.setting and bound.setting != question.setting):
        return False
    if bound.name == "finite" and bound != bound_named("finite", question.setting):
        return False  # theorem 1 takes the place of theorem 2
    if bound.capacity == "one":
        return question.size is not None and exact(question.size.size) == 1
    if bound.capacity == "hypotheses":
        return question.size is not None or unknown == "hypotheses"
    return question.dimension is not None and question.dimension != INF


def table(found: dict[str, Fraction], unknown: str, setting: str | None) -> Table:
    sources = {name: bound_named(name, setting).source.partition(";")[0] for name in found}
    order = sorted(found, key=lambda name: found[name], reverse=unknown == "hypotheses")
    rows = tuple((name, shown(found[name]), sources[name]) for name in order)
    if any(is_vacuous(unknown, value) for value in found.values()):
        marks = ("vacuous" if is_vacuous(unknown, found[name]) else "" for name in order)
        marked = tuple((*row, mark) for row, mark in zip(rows, marks, strict=True))
        return Table(("bound", UNKNOWNS[unknown], "source", "promise"), marked)
    return Table(("bound", UNKNOWNS[unknown], "source"), rows)


def named_value(name: str, value: Fraction, unknown: str) -> Expr:
    mark = " (vacuous)" if is_vacuous(unknown, value) else ""
    return equals(Words(f"{name}{mark}"), shown(value))


def shown(value: Fraction) -> Expr:
    return with_decimal(value) if value.denominator == 1 else Decimal(value)


def result(value: Fraction) -> Fraction | float:
    """What is whole exactly; what was cut to fifty digits as a float."""
    return value if value.denominator == 1 else measured(value)


def comparison_notes(
    question: Question, unknown: str, found: dict[str, Fraction], silent: list[str]
) -> list[Note]:
    base = "; base 2 in blumer" if "blumer" in found else ""
    made = [Note("pac.log_base", f"the logarithms are natural{base}")]
    if question.dimension is not None:
        made.append(Note("pac.growth", GROWTH_MEANINGS[question.given.growth]))
    one_sided = [name for name in found if bound_named(name, question.setting).is_one_sided]
    if one_sided:
        names = ", ".join(one_sided)
        text = f"of R(h) − R̂(h) alone, which may be negative, speak: {names}"
        made.append(Note("pac.one_sided", text))
    if question.setting is None:
        text = "without a setting only bounds that hold in both are compared"
        made.append(Note("pac.setting", text))
    # Of an error or a probability everybody knows that it is at most 1.
    empty = [name for name, value in found.items() if is_vacuous(unknown, value)]
    if len(empty) == len(found):
        why = "$x$ is not below 1 by any of these bounds: none promises anything"
        made.append(Note("pac.vacuous", prose(why, x=UNKNOWNS[unknown])))
    elif empty:
        why = f"$x$ is not below 1, which promises nothing, by {', '.join(empty)}"
        made.append(Note("pac.vacuous", prose(why, x=UNKNOWNS[unknown])))
    return made + [Note("pac.silent", text) for text in silent]
