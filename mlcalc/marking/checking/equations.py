"""A threshold claimed as an equation for the feature: 4x = 8 + ln 4, x - 2 = 0.3466."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import tree
from mlcalc.marking.checking.findings import RIGHT, Finding, decided, united
from mlcalc.marking.checking.numbers import Rule, is_right
from mlcalc.marking.checking.reading import letters_of
from mlcalc.marking.checking.statements import BETWEEN, divided
from mlcalc.maths.evaluate import Value, evaluate
from mlcalc.maths.functions import EvaluationError, is_finite
from mlcalc.maths.tree import Chain, Div, Expr, Number, Symbol, substitute
from mlcalc.showing.derivation import Answer

PROBES = (Fraction(-7, 3), Fraction(2), Fraction(9, 2), Fraction(11))
"""Where a side is tried: what lies on one line there is linear."""
ROUNDING = Fraction(1, 10**9)
"""What floats may be off."""
NO_LINE = "write the feature alone on one side of the equation, as in x = 1/3"


def compare_threshold(
    claimed: Text, answer: Answer, rule: Rule, judged: Callable[[Text], Finding]
) -> Finding | None:
    """The verdict on statements of which one is an equation to be solved; None of any other text.

    What else is stated is `judged` as ever.  Raises `EvaluationError` for one not linear.
    """
    value, feature = answer.value, answer.symbol
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if not isinstance(value, Fraction | float) or not isinstance(feature, Symbol):
        return None
    parts = [one for one in divided(claimed, BETWEEN) if one.value]
    equations = [equation_of(one, feature) for one in parts]
    if not any(equations):
        return None
    return united(
        [
            judged(one) if equation is None else solved(equation, value, feature, rule)
            for one, equation in zip(parts, equations, strict=True)
        ]
    )


def solved(
    equation: tuple[Expr, Expr], value: Fraction | float, feature: Symbol, rule: Rule
) -> Finding:
    """Whether an equation that is linear in the feature has that solution, or is that rounded."""
    difference = equation[0] - equation[1]

    def at(place: Fraction | float) -> Expr:
        return substitute(difference, {feature: Number(Fraction(place))})

    zero, slope = at(0), at(1) - at(0)
    start, step = number(evaluate(zero)), number(evaluate(slope))
    for place in PROBES:
        found = number(evaluate(at(place)))
        if not is_near(found, start + step * place):
            raise EvaluationError(NO_LINE)
    if is_near(step, Fraction(0)):
        raise EvaluationError(NO_LINE)
    if is_right(Div(-zero, slope), value, rule):
        return RIGHT
    # 4x = 9.39 is rounded as it stands, and not after the division.
    there: dict[Expr, Expr] = {feature: Number(Fraction(value))}
    sides = (equation, equation[::-1])
    return decided(
        any(
            isinstance(one, Number)
            and one.value
            and is_right(one, number(evaluate(substitute(other, there))), rule)
            for one, other in sides
        )
    )


def equation_of(claimed: Text, feature: Symbol) -> tuple[Expr, Expr] | None:
    """The sides of an equation in the feature and no other letter, where it stands not alone."""
    try:
        found = tree(claimed)
    except Invalid:
        return None
    match found:
        case Chain(left, (("=", right),)):
            is_alone = isinstance(left, Symbol) or isinstance(right, Symbol)
            is_in_it = letters_of(left) | letters_of(right) == {feature}
            return (left, right) if is_in_it and not is_alone else None
    return None


def is_near(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= ROUNDING * (1 + abs(one))


def number(found: Value) -> Fraction:
    """Raises `EvaluationError` for what is no finite number."""
    if isinstance(found, tuple) or not is_finite(found):
        raise EvaluationError(NO_LINE)
    return Fraction(found)
