"""The sum of a unit as it is written: b + w₁·x₁ + w₂·x₂, without factors of 1 and terms of 0."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr
from mlcalc.maths.vectors import added, times


def weighed(weights: Sequence[Expr], bias: Expr | None, reads: Sequence[Expr]) -> Expr:
    """b + w₁·x₁ + …; what has the weight 0, or is 0, is left out."""
    terms = [] if bias is None or exact(bias) == 0 else [bias]
    for weight, name in zip(weights, reads, strict=True):
        if exact(weight) != 0 and exact(name) != 0:
            terms.append(number_first(weight, name))
    return added(terms or [as_number(0)])


def number_first(weight: Expr, name: Expr) -> Expr:
    """2·w for the letter w as the weight of an input of 2; factors of 1 are not written."""
    value = None if exact(weight) is not None else exact(name)
    number, other = (weight, name) if value is None else (name, weight)
    match exact(number):
        case 0:
            return as_number(0)
        case 1:
            return other
        case -1:
            return -other
        case _:
            return times(number, other)
