"""What goes wrong with sample complexity."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from mlcalc.learning.bounds import formula
from mlcalc.learning.bounds_question import Question
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Call, Expr, call, map_parts
from mlcalc.misconceptions.case import Case, Misconception, Results
from mlcalc.solvers.pac import Problem

ASKED = "samples epsilon delta hypotheses"


def changed(case: Case, change: Callable[[str], str | Expr]) -> Results:
    """The unknown by the theorem's formula with a change in it; samples are rounded up."""
    assert isinstance(case.given, Problem)
    question = Question(case.given)
    unknown = question.unknown
    if not unknown or case.number(unknown) is None:
        return {}
    bound = question.bound()
    if bound.is_iterated(unknown):
        return {}
    before = bound.solutions[unknown]
    after = change(before)
    if after == before:
        return {}
    expression = formula(after) if isinstance(after, str) else after
    value = scalar(question.asked(unknown).numbers(expression))
    return {unknown: Fraction(math.ceil(value)) if unknown == "samples" else value}


def in_base(base: int) -> Callable[[str], Expr]:
    """The formula with logarithms of another base."""

    def of(expression: Expr) -> Expr:
        inner = map_parts(expression, of)
        if isinstance(inner, Call) and inner.name in ("ln", "log2"):
            return call("ln", *inner.arguments) / call("ln", base)
        return inner

    return lambda text: of(formula(text))


def natural(text: str) -> str:
    return text.replace("log2(", "ln(")


def other_logarithm(base: int) -> Callable[[Case], Results]:
    return lambda case: changed(case, in_base(base))


def unrounded(case: Case) -> Results:
    """The number before it is rounded up, or rounded down."""
    assert isinstance(case.given, Problem)
    question = Question(case.given)
    bound = question.bound()
    if question.unknown != "samples" or bound.is_iterated("samples"):
        return {}
    exact: Scalar = scalar(question.asked("samples").numbers(bound.solution("samples")))
    return {"samples": exact}


def rounded_down(case: Case) -> Results:
    value = unrounded(case).get("samples")
    return {"samples": Fraction(math.floor(value))} if isinstance(value, Fraction | float) else {}


def replaced(old: str, new: str) -> Callable[[Case], Results]:
    return lambda case: changed(case, lambda text: text.replace(old, new))


def other_setting(case: Case) -> Results:
    """The realizable theorem for the agnostic case, or the other way round."""
    if case.raw("bound") is not None or case.raw("data") is not None:
        return {}
    other = {"realizable": "agnostic", "agnostic": "realizable"}.get(case.text("setting"))
    return {} if other is None else case.only(ASKED, case.again(setting=other))


def complement(field: str) -> Callable[[Case], Results]:
    """The accuracy for the error, or the confidence for the probability of failure."""

    def wrong(case: Case) -> Results:
        value = case.given_number(field)
        if value is None:
            return {}
        return case.only(ASKED, case.again(**{field: str(1 - value)}))

    return wrong


def positive_literals(case: Case) -> Results:
    """2^n conjunctions, as if no attribute could be negated."""
    if case.text("hypothesis_class").strip() != "conjunctions":
        return {}
    return case.only(ASKED, case.again(hypothesis_class="monotone-conjunctions"))


def other_dimension(step: int) -> Callable[[Case], Results]:
    """The break point, or the dimension of the space, for the VC dimension."""

    def wrong(case: Case) -> Results:
        assert isinstance(case.given, Problem)
        dimension = Question(case.given).dimension
        value = None if dimension is None else scalar(dimension)
        if not isinstance(value, Fraction) or value + step < 1:
            return {}
        results = case.again(hypothesis_class=None, dimension=None, vc_dimension=str(value + step))
        return case.only(ASKED, results)

    return wrong


MISCONCEPTIONS = (
    Misconception(
        "pac.log_base",
        "this takes logarithms to base 10; the theorem has another base",
        other_logarithm(10),
    ),
    Misconception(
        "pac.log_base_2",
        "this takes logarithms to base 2 where the theorem has natural ones",
        other_logarithm(2),
    ),
    Misconception(
        "pac.natural_log",
        "this takes natural logarithms where the theorem has base 2",
        lambda case: changed(case, natural),
    ),
    Misconception(
        "pac.not_rounded_up",
        "the number of examples is whole: the smallest that is large enough",
        unrounded,
    ),
    Misconception(
        "pac.rounded_down",
        "this is one example too few: what is not whole has to be rounded up",
        rounded_down,
    ),
    Misconception(
        "pac.delta_for_half_delta",
        "the gap may have either sign, so the theorem has 2/δ where this has 1/δ",
        replaced("2/delta", "1/delta"),
    ),
    Misconception(
        "pac.half_delta_for_delta",
        "this has 2/δ where the theorem has 1/δ: here errors have one sign",
        replaced("1/delta", "2/delta"),
    ),
    Misconception(
        "pac.half_forgotten",
        "Hoeffding's inequality has 2ε² in its exponent, so there is a factor of one half",
        replaced("1/(2*epsilon^2)", "1/epsilon^2"),
    ),
    Misconception(
        "pac.square_forgotten",
        "without a consistent hypothesis the accuracy comes in squared",
        replaced("epsilon^2", "epsilon"),
    ),
    Misconception(
        "pac.other_setting",
        "this is the theorem of the other case: mind whether the target is in the class",
        other_setting,
    ),
    Misconception(
        "pac.accuracy_for_error",
        "ε is the error that is allowed, not the accuracy: 99 % accuracy is ε = 0.01",
        complement("epsilon"),
    ),
    Misconception(
        "pac.confidence_for_delta",
        "δ is the probability of failure, not the confidence: 98 % confidence is δ = 0.02",
        complement("delta"),
    ),
    Misconception(
        "pac.positive_literals",
        "an attribute stands as it is, negated, or not at all: three ways and not two",
        positive_literals,
    ),
    Misconception(
        "pac.break_point",
        "this puts in one more than the VC dimension, which is the largest number that can be "
        "shattered",
        other_dimension(1),
    ),
    Misconception(
        "pac.bias_forgotten",
        "this puts in one less than the VC dimension: a linear classifier has a bias too",
        other_dimension(-1),
    ),
)
