"""Real numbers between two decimals, at any precision: so that a ceiling is never one off.

`enclosure` gives decimals below and above the value of a formula.  What is rational is exact; the
rest is worked out again with more digits until both ends tell the same.  The logarithm of a power
is taken without the power: |H| = 2^(2^20) costs nothing.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal as Digits
from fractions import Fraction
from typing import TypeVar

from mlcalc.derivation import LONGEST_FRACTION
from mlcalc.maths.evaluate import Work, exact, index_values, scalar
from mlcalc.maths.functions import EvaluationError, TooLarge, Undefined, fits_float
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Decimal,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    substitute,
)

T = TypeVar("T")
Interval = tuple[Digits, Digits]

FIRST_DIGITS, MOST_DIGITS = 50, 12_800
LARGEST_POWER = 10**9
LONGEST_WHOLE = 10_000
"""A whole number of more digits is not written out."""


class Rounding:
    """Arithmetic with so many digits, each end rounded outwards."""

    def __init__(self, digits: int) -> None:
        self.down, self.up = (
            decimal.Context(digits, rounding, decimal.MIN_EMIN, decimal.MAX_EMAX)
            for rounding in (decimal.ROUND_FLOOR, decimal.ROUND_CEILING)
        )

    def of(self, value: Fraction) -> Interval:
        up, down = Digits(value.numerator), Digits(value.denominator)
        return self.down.divide(up, down), self.up.divide(up, down)

    def plus(self, a: Interval, b: Interval) -> Interval:
        return self.down.add(a[0], b[0]), self.up.add(a[1], b[1])

    def times(self, a: Interval, b: Interval) -> Interval:
        ends = [(x, y) for x in a for y in b]
        return (
            min(self.down.multiply(x, y) for x, y in ends),
            max(self.up.multiply(x, y) for x, y in ends),
        )

    def inverse(self, a: Interval) -> Interval:
        if a[0] <= 0 <= a[1]:
            raise Undefined("division by zero")
        one = Digits(1)
        return self.down.divide(one, a[1]), self.up.divide(one, a[0])

    def rising(self, name: str, a: Interval) -> Interval:
        """ln, exp or sqrt, which `decimal` rounds to the nearest: so one step further outwards."""
        function = getattr(self.down, name)
        low = function(a[0])
        high = low if a[0] == a[1] else function(a[1])
        return low.next_minus(self.down), high.next_plus(self.up)


def negative(a: Interval) -> Interval:
    """−a with all its digits: a plain minus would round to the 28 that `decimal` has by itself."""
    return a[1].copy_negate(), a[0].copy_negate()


def enclosure(expression: Expr, rounding: Rounding) -> Interval:
    """Decimals below and above the value.  Raises `EvaluationError` where there is none.

    What is rational as a whole is found out above: to ask it of each part takes too long.
    """

    def value(part: Expr) -> Interval:
        return enclosure(part, rounding)

    match expression:
        case Number(number):
            return rounding.of(number)
        case Add(terms):
            total = value(terms[0])
            for term in terms[1:]:
                total = rounding.plus(total, value(term))
            return total
        case Neg(operand):
            return negative(value(operand))
        case Mul(factors):
            product = value(factors[0])
            for factor in factors[1:]:
                product = rounding.times(product, value(factor))
            return product
        case Div(numerator, denominator):
            return rounding.times(value(numerator), rounding.inverse(value(denominator)))
        case Pow(base, exponent) if (power := exact(exponent)) is not None and is_whole(power):
            return raised(value(base), power, rounding)
        case Call("ln" | "log", (argument,)):
            return logarithm(argument, rounding)
        case Call("log2", (argument,)):
            two = rounding.rising("ln", rounding.of(Fraction(2)))
            return rounding.times(logarithm(argument, rounding), rounding.inverse(two))
        case Call("exp" | "sqrt" as name, (argument,)):
            inside = value(argument)
            if name == "sqrt" and inside[0] < 0:
                raise Undefined("the root of a negative number")
            return rounding.rising(name, inside)
        case Call("max", arguments):
            ends = [value(argument) for argument in arguments]
            return max(low for low, _ in ends), max(high for _, high in ends)
    known = exact(expression)
    if known is not None:
        return rounding.of(known)
    scalar(expression)  # says what is wrong with it
    raise EvaluationError("this has no decimal value")


def is_whole(value: Fraction) -> bool:
    return value.denominator == 1


def raised(base: Interval, power: Fraction, rounding: Rounding) -> Interval:
    """The power to a whole number, by squaring."""
    if abs(power) > LARGEST_POWER:
        raise TooLarge("the power is too large to be written out")
    if power < 0:
        return rounding.inverse(raised(base, -power, rounding))
    result = rounding.of(Fraction(1))
    for bit in f"{power.numerator:b}":
        result = rounding.times(result, result)
        if bit == "1":
            result = rounding.times(result, base)
    return result


def logarithm(argument: Expr, rounding: Rounding) -> Interval:
    """The natural logarithm, that of a product or power as a sum or multiple."""
    known = exact(argument)
    if known is not None:
        if known <= 0:
            raise Undefined(f"the logarithm of {known}")
        above = rounding.rising("ln", rounding.of(Fraction(known.numerator)))
        if is_whole(known):
            return above
        below = rounding.rising("ln", rounding.of(Fraction(known.denominator)))
        return rounding.plus(above, negative(below))
    match argument:
        case Pow(base, exponent):
            return rounding.times(enclosure(exponent, rounding), logarithm(base, rounding))
        case Mul(factors):
            total = rounding.of(Fraction(0))
            for factor in factors:
                total = rounding.plus(total, logarithm(factor, rounding))
            return total
        case BigOp("product", body, index):
            total = rounding.of(Fraction(0))
            for value in index_values(argument, {}, Work()):
                factor = substitute(body, {index: Number(value)})
                total = rounding.plus(total, logarithm(factor, rounding))
            return total
        case Div(numerator, denominator):
            below = logarithm(denominator, rounding)
            return rounding.plus(logarithm(numerator, rounding), negative(below))
    inside = enclosure(argument, rounding)
    if inside[0] <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return rounding.rising("ln", inside)


def decided(expression: Expr, decide: Callable[[Digits, Digits], T | None]) -> T:
    """What both ends of the value's enclosure tell, once there are digits enough."""
    digits = FIRST_DIGITS
    while digits <= MOST_DIGITS:
        try:
            found = decide(*enclosure(expression, Rounding(digits)))
        except decimal.DecimalException:
            raise TooLarge("the number is too large to be written out") from None
        if found is not None:
            return found
        digits *= 2
    raise TooLarge("the number is too large or too close to a whole one to be rounded")


def rounded_up(expression: Expr) -> int:
    """The smallest whole number that is at least the value."""
    return to_whole(expression, decimal.ROUND_CEILING)


def rounded_down(expression: Expr) -> int:
    """The largest whole number that is at most the value."""
    return to_whole(expression, decimal.ROUND_FLOOR)


def to_whole(expression: Expr, rounding: str) -> int:
    known = exact(expression)
    if known is not None:
        return math.ceil(known) if rounding == decimal.ROUND_CEILING else math.floor(known)

    def decide(low: Digits, high: Digits) -> int | None:
        if high.adjusted() > LONGEST_WHOLE:
            raise TooLarge("the number is too large to be written out")
        ends = {int(end.to_integral_value(rounding)) for end in (low, high)}
        return ends.pop() if len(ends) == 1 else None

    return decided(expression, decide)


def at_most(left: Expr, right: Expr) -> bool:
    """Whether left ≤ right, decided exactly."""
    difference = Add((right, Neg(left)))
    known = exact(difference)
    if known is not None:
        return known >= 0
    return decided(difference, lambda low, high: True if low >= 0 else False if high < 0 else None)


def is_whole_power(expression: Expr) -> bool:
    """Whether a formula without letters is a whole number by its form: 2^(2^20), 3·10^400."""
    match expression:
        case Number(value):
            return value.denominator == 1 and value >= 0
        case Pow(base, exponent):
            return is_whole_power(base) and is_whole_power(exponent)
        case Mul(pieces) | Add(pieces):
            return all(map(is_whole_power, pieces))
    known = exact(expression)
    return known is not None and known.denominator == 1 and known >= 0


def valued(expression: Expr) -> Fraction:
    """The value, exact where it is rational, else to fifty digits."""
    known = exact(expression)
    if known is not None:
        return known
    low, _ = enclosure(expression, Rounding(FIRST_DIGITS))
    if abs(low.adjusted()) > LONGEST_WHOLE:
        raise TooLarge("the number is too large or too small to be written out")
    return Fraction(low)


def measured(value: Fraction) -> Fraction | float:
    """What was cut to fifty digits, as the float that it is no more than, if one can hold it."""
    return float(value) if fits_float(value) else value


def written(expression: Expr) -> Expr:
    """The value as it is printed: exact as a whole number or fraction, else as a decimal."""
    known = exact(expression)
    is_short = known is not None and known.denominator < 10**LONGEST_FRACTION
    return Number(known) if known is not None and is_short else Decimal(valued(expression))
