"""All bounds that apply to one question, side by side: which promises most."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mlcalc.derivation import Answer, Derivation, Note, Prose, Step, Table, with_decimal
from mlcalc.errors import Unsolved
from mlcalc.learning.bounds import (
    BOUNDS,
    COUNTS,
    GROWTH_MEANINGS,
    UNKNOWNS,
    Bound,
    bound_named,
    unknown_answer,
)
from mlcalc.learning.bounds_case import case_answers, class_notes, class_steps
from mlcalc.learning.bounds_working import is_vacuous, value_of
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.numerics.intervals import measured
from mlcalc.maths.tree import Decimal, Expr, Listing, Symbol, Words, equals

if TYPE_CHECKING:
    from mlcalc.learning.bounds_question import Question

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
    answers = [
        Answer(
            "bounds",
            {name: result(value) for name, value in found.items()},
            listed(found, unknown),
            is_count=unknown in COUNTS,
        ),
        Answer(
            "tightest",
            tightest,
            named_value(tightest, found[tightest], unknown),
            choices=tuple(found),
        ),
        unknown_answer(unknown, result(found[tightest]), shown(found[tightest])),
    ]
    steps = [
        *class_steps(question, None),
        Step("compare the bounds", (table(found, unknown, question.setting),), note_on(unknown)),
    ]
    return Derivation(
        "Bounds compared",
        tuple(steps),
        (*answers, *case_answers(question, None)),
        (*class_notes(question, None), *notes(question, unknown, found, silent)),
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
    return question.dimension is not None and question.dimension != Symbol("inf")


def table(found: dict[str, Fraction], unknown: str, setting: str | None) -> Table:
    sources = {name: bound_named(name, setting).source.partition(";")[0] for name in found}
    order = sorted(found, key=lambda name: found[name], reverse=unknown == "hypotheses")
    rows = tuple((name, shown(found[name]), sources[name]) for name in order)
    if any(is_vacuous(unknown, value) for value in found.values()):
        marks = ("vacuous" if is_vacuous(unknown, found[name]) else "" for name in order)
        marked = tuple((*row, mark) for row, mark in zip(rows, marks, strict=True))
        return Table(("bound", UNKNOWNS[unknown], "source", "promise"), marked)
    return Table(("bound", UNKNOWNS[unknown], "source"), rows)


def listed(found: dict[str, Fraction], unknown: str) -> Listing:
    return Listing(tuple(named_value(name, value, unknown) for name, value in found.items()))


def named_value(name: str, value: Fraction, unknown: str) -> Expr:
    mark = " (vacuous)" if is_vacuous(unknown, value) else ""
    return equals(Words(f"{name}{mark}"), shown(value))


def shown(value: Fraction) -> Expr:
    return with_decimal(value) if value.denominator == 1 else Decimal(value)


def result(value: Fraction) -> Fraction | float:
    """What is whole exactly; what was cut to fifty digits as a float."""
    return value if value.denominator == 1 else measured(value)


def note_on(unknown: str) -> str:
    what, best = UNITS[unknown]
    return f"what {what} by each, {best} first; all of them are true"


def vacuous_note(found: dict[str, Fraction], unknown: str) -> list[Note]:
    """Of an error or a probability everybody knows that it is at most 1."""
    empty = [name for name, value in found.items() if is_vacuous(unknown, value)]
    if not empty:
        return []
    letter = UNKNOWNS[unknown]
    if len(empty) == len(found):
        text: Prose = (letter, " is not below 1 by any of these bounds: none promises anything")
    else:
        text = (letter, f" is not below 1, which promises nothing, by {', '.join(empty)}")
    return [Note("pac.vacuous", text)]


def notes(
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
    made += vacuous_note(found, unknown)
    return made + [Note("pac.silent", text) for text in silent]
