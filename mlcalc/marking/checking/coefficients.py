"""Formulas whose coefficients were rounded: 0.43·x² − 1.2·x, coefficient by coefficient.

Each coefficient is a measure, right by the rule for numbers.  What is zero on a curve may be
multiplied by any factor, one and the same for all coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from mlcalc.marking.checking.numbers import Rule, has_decimals, last_place, significant_digits
from mlcalc.marking.checking.reading import letters_of
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError, is_finite
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Div, Expr, Mul, Neg, Number, Pow

MOST_SLACK = Fraction(1, 20)
"""Of a coefficient: what two digits may be off, 0.095 for 0.10."""

MOST_TERMS = 60
MOST_POWER = 6
"""A formula of more is not multiplied out."""


class Coefficient(Record):
    """A number, and by how much what was written may differ from it."""

    value: Fraction
    slack: Fraction = Fraction(0)


Monomial: TypeAlias = "tuple[tuple[Expr, int], ...]"
Terms: TypeAlias = "Mapping[Monomial, Coefficient]"


def has_rounded_form(claimed: Expr, value: Expr, rule: Rule, is_scaled: bool = False) -> bool:
    """Whether a formula with decimals is the value with its coefficients rounded.

    `is_scaled` where it may be a multiple of it.
    """
    if rule.is_count or not has_decimals(claimed):
        return False
    theirs, ours = terms(claimed, rule), terms(value, None)
    if theirs is None or ours is None or not any(theirs) or not any(ours):
        return False
    pairs = [
        (theirs.get(key, Coefficient(Fraction(0))), ours.get(key, Coefficient(Fraction(0))).value)
        for key in {*theirs, *ours}
    ]
    if not is_scaled:
        return all(abs(one.value - own) <= allowed(one, own) for one, own in pairs)
    return has_common_factor(pairs)


def allowed(one: Coefficient, own: Fraction) -> Fraction:
    """How far a coefficient may be off: 0 is not rounded, nor what large numbers leave."""
    return min(one.slack, MOST_SLACK * abs(own))


def has_common_factor(pairs: list[tuple[Coefficient, Fraction]]) -> bool:
    """Whether all coefficients are ours times one factor, up to what was rounded."""
    low, high = None, None
    for one, own in pairs:
        if not own:
            if one.value:
                return False
            continue
        slack = allowed(one, one.value)
        ends = sorted(((one.value - slack) / own, (one.value + slack) / own))
        low = ends[0] if low is None else max(low, ends[0])
        high = ends[1] if high is None else min(high, ends[1])
    return low is not None and high is not None and low <= high and (low > 0 or high < 0)


def terms(formula: Expr, rule: Rule | None) -> Terms | None:
    """The coefficients of a formula by what they stand before; None where it is too long.

    With a rule, each number that was typed may be off by what the rule allows.
    """
    try:
        found = expanded(formula, rule)
    except (EvaluationError, OverflowError, ValueError):
        return None
    return None if found is None else {key: one for key, one in found.items() if one.value}


def expanded(node: Expr, rule: Rule | None) -> dict[Monomial, Coefficient] | None:
    if not letters_of(node):
        return constant(node, rule)
    match node:
        case Neg(operand):
            return times(expanded(operand, rule), {(): Coefficient(Fraction(-1))})
        case Add(summands):
            return added([expanded(one, rule) for one in summands])
        case Mul(factors):
            found: dict[Monomial, Coefficient] | None = {(): Coefficient(Fraction(1))}
            for factor in factors:
                found = times(found, expanded(factor, rule))
            return found
        case Div(top, below) if not letters_of(below):
            one = constant(below, rule)[()]
            part = abs(one.slack / one.value) if one.value else Fraction(0)
            inverse = 1 / one.value
            return times(expanded(top, rule), {(): Coefficient(inverse, abs(inverse) * part)})
        case Pow(base, Number(power)) if power.denominator == 1 and 1 <= power <= MOST_POWER:
            found = base_terms = expanded(base, rule)
            for _ in range(int(power) - 1):
                found = times(found, base_terms)
            return found
    return {((node, 1),): Coefficient(Fraction(1))}


def constant(node: Expr, rule: Rule | None) -> dict[Monomial, Coefficient]:
    value = evaluate(node)
    if isinstance(value, tuple) or not is_finite(value):
        raise ValueError("no number")
    number = Fraction(value)
    return {(): Coefficient(number, slack_of(node, number, rule))}


def slack_of(node: Expr, number: Fraction, rule: Rule | None) -> Fraction:
    """What the rule allows for a number that was typed; nothing for a fraction or a root."""
    if rule is None or not (isinstance(node, Number) or has_decimals(node)):
        return Fraction(0)
    relative = rule.relative * abs(number)
    text = node.written or str(node.value) if isinstance(node, Number) else "/"
    if "/" in text or significant_digits(text) < rule.least_digits:
        return Fraction(0) if "/" in text and not has_decimals(node) else relative
    return max(relative, last_place(text) / 2)


def added(parts: list[dict[Monomial, Coefficient] | None]) -> dict[Monomial, Coefficient] | None:
    found: dict[Monomial, Coefficient] = {}
    for part in parts:
        if part is None:
            return None
        for key, one in part.items():
            old = found.get(key, Coefficient(Fraction(0)))
            found[key] = Coefficient(old.value + one.value, old.slack + one.slack)
    return found if len(found) <= MOST_TERMS else None


def times(
    left: dict[Monomial, Coefficient] | None, right: dict[Monomial, Coefficient] | None
) -> dict[Monomial, Coefficient] | None:
    if left is None or right is None or len(left) * len(right) > MOST_TERMS:
        return None
    found = []
    for key, one in left.items():
        for other, two in right.items():
            slack = abs(one.value) * two.slack + abs(two.value) * one.slack
            found.append({joined(key, other): Coefficient(one.value * two.value, slack)})
    return added([*found])


def joined(left: Monomial, right: Monomial) -> Monomial:
    powers = dict(left)
    for node, power in right:
        powers[node] = powers.get(node, 0) + power
    return tuple(sorted(powers.items(), key=repr))
