"""What goes wrong with sample complexity."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from mlcalc.kinds.pac import Problem
from mlcalc.learning.bounds.reading import Question
from mlcalc.learning.bounds.theorems import Bound
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.marking.misconceptions.case import Case, Misconception, Results
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact, scalar, scalar_or_none
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Call, Expr, Number, call, map_parts

ASKED = "samples epsilon delta hypotheses"


def asked(case: Case) -> Question:
    assert isinstance(case.given, Problem)
    return Question(case.given)


def bound_of(case: Case) -> Bound | None:
    """The theorem that is used; none where all are put beside one another."""
    return bound_in(asked(case))


def bound_in(question: Question) -> Bound | None:
    return None if question.given.bound == "all" else question.bound()


def changed(case: Case, change: Callable[[str], str | Expr]) -> Sequence[Results]:
    """The unknown by the theorem's formula with a change in it; samples rounded up or not."""
    question = asked(case)
    unknown = question.unknown
    bound = bound_of(case)
    if bound is None or not unknown or case.number(unknown) is None or bound.is_iterated(unknown):
        return ()
    before = bound.solutions[unknown]
    after = change(before)
    if after == before:
        return ()
    value = scalar(question.asked(unknown).numbers(after))
    whole: Sequence[Results] = ({unknown: Fraction(math.ceil(value))},)
    return (*(whole if unknown == "samples" else ()), {unknown: value})


def otherwise(case: Case, **values: Any) -> Sequence[Results]:
    """The answers with other givens, and the number of samples before it is rounded up."""
    rounded = case.only(ASKED, case.again(**values))
    other = case.given.with_values(**values)
    assert isinstance(other, Problem)
    return (rounded, samples_unrounded(Question(other)))


def in_base(base: int) -> Callable[[str], Expr]:
    """The formula with logarithms of another base."""

    def of(expression: Expr) -> Expr:
        inner = map_parts(expression, of)
        if isinstance(inner, Call) and inner.name in ("ln", "log2"):
            return call("ln", *inner.arguments) / call("ln", base)
        return inner

    return lambda text: of(line(text))


def natural(text: str) -> str:
    return text.replace("log2(", "ln(")


def other_logarithm(base: int) -> Callable[[Case], Sequence[Results]]:
    return lambda case: changed(case, in_base(base))


def unrounded(case: Case) -> Results:
    """The number before it is rounded up, or rounded down."""
    return samples_unrounded(asked(case))


def samples_unrounded(question: Question) -> Results:
    bound = bound_in(question)
    if bound is None or question.unknown != "samples" or bound.is_iterated("samples"):
        return {}
    exact: Scalar = scalar(question.asked("samples").numbers(bound.solutions["samples"]))
    return {"samples": exact}


def rounded_down(case: Case) -> Results:
    value = unrounded(case).get("samples")
    return {"samples": Fraction(math.floor(value))} if isinstance(value, Fraction | float) else {}


def replaced(old: str, new: str) -> Callable[[Case], Sequence[Results]]:
    return lambda case: changed(case, lambda text: text.replace(old, new))


def other_setting(case: Case) -> Sequence[Results]:
    """The realizable theorem for the agnostic case, or the other way round."""
    if case.is_given("bound", "data"):
        return ()
    setting = asked(case).given.setting or ""
    other = {"realizable": "agnostic", "agnostic": "realizable"}.get(setting)
    return () if other is None else otherwise(case, setting=other)


def complement(field: str) -> Callable[[Case], Sequence[Results]]:
    """The accuracy for the error, or the confidence for the probability of failure."""

    def wrong(case: Case) -> Sequence[Results]:
        found = case.number(field)
        if found is not None and asked(case).unknown == field:
            return ({field: 1 - found},)
        given: Expr | None = case.given.values[field]
        value = None if given is None else exact(given)
        if value is None:
            return ()
        return otherwise(case, **{field: Number(1 - value)})

    return wrong


def positive_literals(case: Case) -> Sequence[Results]:
    """2^n conjunctions, as if no attribute could be negated."""
    named = asked(case).given.hypothesis_class
    if named is None or named.name != "conjunctions" or named.sizes:
        return ()
    changed_class = HypothesisClass("monotone-conjunctions")
    return otherwise(case, hypothesis_class=changed_class)


def other_dimension(step: int) -> Callable[[Case], Sequence[Results]]:
    """The break point, or the dimension of the space, for the VC dimension."""

    def wrong(case: Case) -> Sequence[Results]:
        dimension = asked(case).dimension
        value = None if dimension is None else scalar_or_none(dimension)
        if not isinstance(value, Fraction) or value + step < 1:
            return ()
        other = Number(value + step)
        return otherwise(case, hypothesis_class=None, dimension=None, vc_dimension=other)

    return wrong


def sum_for_larger(case: Case) -> Sequence[Results]:
    """Mitchell's sum of the two terms of which the theorem takes the larger."""
    bound = None if case.is_given("bound") else bound_of(case)
    if bound is None or bound.theorem_of != "realizable" or bound.capacity != "vc_dimension":
        return ()
    return otherwise(case, bound="mitchell")


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
    Misconception(
        "pac.by_mitchell",
        "this is what the bound mitchell gives, a sum where a larger term is taken here: where "
        "that bound is asked for, name it with bound",
        sum_for_larger,
    ),
)
