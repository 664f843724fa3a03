"""Polynomials in one letter with exact coefficients, for which no algebra system is needed."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from itertools import zip_longest

from mlcalc.maths.evaluate import Numbers, exact
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.tree import Expr, Symbol, free_symbols

Powers = tuple[Fraction, ...]
"""The coefficients, the constant term first."""

ZERO = Fraction(0)
HIGHEST_DEGREE = 40
"""Polynomials of a higher degree are left to who computes with them in another way."""


def polynomial(
    expression: Expr, variable: Symbol, values: Mapping[Symbol, Fraction] | None = None
) -> Powers | None:
    """The coefficients, with numbers for other letters; None where it is not seen to be one."""
    try:
        return Polynomials(variable, values or {}).value(expression)
    except EvaluationError:
        return None


class Polynomials(Numbers[Powers]):
    """Trees as polynomials in the variable."""

    def __init__(self, variable: Symbol, values: Mapping[Symbol, Fraction]) -> None:
        self.variable, self.values = variable, values

    def value(self, part: Expr) -> Powers:
        if free_symbols(part):
            return super().value(part)
        found = exact(part)
        if found is None:
            raise EvaluationError("a coefficient is no rational number")
        return (found,)

    def number(self, value: Scalar) -> Powers:
        if not isinstance(value, Fraction):
            raise EvaluationError("a decimal is no exact number")
        return (value,)

    def symbol(self, symbol: Symbol) -> Powers:
        if symbol == self.variable:
            return Fraction(0), Fraction(1)
        if symbol not in self.values:
            raise EvaluationError(f"{symbol.spelled} has no value")
        return (self.values[symbol],)

    def sum(self, terms: list[Powers]) -> Powers:
        places = zip_longest(*terms, fillvalue=ZERO)
        return trimmed([reduce(operator.add, each) for each in places])

    def negative(self, value: Powers) -> Powers:
        return tuple(-each for each in value)

    def product(self, factors: list[Powers]) -> Powers:
        return reduce(multiplied, factors)

    def quotient(self, above: Powers, below: Powers) -> Powers:
        if len(below) > 1 or not below[0]:
            raise EvaluationError("a quotient is no polynomial")
        return tuple(each / below[0] for each in above)

    def power(self, base: Expr, exponent: Expr) -> Powers:
        times = exact(exponent)
        if times is None or times.denominator != 1 or not 0 <= times <= HIGHEST_DEGREE:
            raise EvaluationError("the exponent is no small whole number")
        return reduce(multiplied, [self.value(base)] * int(times), (Fraction(1),))

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Powers:
        raise EvaluationError(f"{name} is no polynomial")


def multiplied(left: Powers, right: Powers) -> Powers:
    found = [Fraction(0)] * (len(left) + len(right) - 1)
    if len(found) > HIGHEST_DEGREE + 1:
        raise EvaluationError("the degree is too high")
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found[i + j] += a * b
    return trimmed(found)


def trimmed(powers: list[Fraction]) -> Powers:
    """Without zeros before the highest power."""
    while len(powers) > 1 and not powers[-1]:
        powers.pop()
    return tuple(powers)
