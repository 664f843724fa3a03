"""Real numbers between two decimals, at any precision: so that a ceiling is never one off.

`Intervals` gives decimals below and above the value of a formula, and `Enclosed` asks it once.
What is rational is exact; the rest is worked out again with more digits until both ends tell the
same.  The logarithm of a power is taken without the power: |H| = 2^(2^20) costs nothing.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal as Digits
from fractions import Fraction
from functools import cached_property, reduce
from typing import TypeVar

from mlcalc.maths.evaluate import Numbers, Work, exact, index_values, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, TooLarge, Undefined, fits_float
from mlcalc.maths.tree import Add, BigOp, Call, Div, Expr, Mul, Neg, Number, Pow, Symbol, substitute

T = TypeVar("T")
Interval = tuple[Digits, Digits]

FIRST_DIGITS, MOST_DIGITS = 50, 12_800
LARGEST_POWER = 10**9
LONGEST_WHOLE = 10_000
"""A whole number of more digits is not written out."""


class Intervals(Numbers[Interval]):
    """Arithmetic with so many digits, each end rounded outwards."""

    def __init__(self, digits: int) -> None:
        self.down, self.up = (
            decimal.Context(digits, rounding, decimal.MIN_EMIN, decimal.MAX_EMAX)
            for rounding in (decimal.ROUND_FLOOR, decimal.ROUND_CEILING)
        )

    def number(self, value: Scalar) -> Interval:
        above, below = map(Digits, value.as_integer_ratio())
        return self.down.divide(above, below), self.up.divide(above, below)

    def symbol(self, symbol: Symbol) -> Interval:
        return self.other(symbol)

    def sum(self, terms: list[Interval]) -> Interval:
        return reduce(lambda a, b: (self.down.add(a[0], b[0]), self.up.add(a[1], b[1])), terms)

    def negative(self, value: Interval) -> Interval:
        """With all its digits: a plain minus would round to the 28 `decimal` has by itself."""
        return value[1].copy_negate(), value[0].copy_negate()

    def product(self, factors: list[Interval]) -> Interval:
        def times(a: Interval, b: Interval) -> Interval:
            if a[0] >= 0 and b[0] >= 0:
                return self.down.multiply(a[0], b[0]), self.up.multiply(a[1], b[1])
            ends = [(x, y) for x in a for y in b]
            low = min(self.down.multiply(x, y) for x, y in ends)
            return low, max(self.up.multiply(x, y) for x, y in ends)

        return reduce(times, factors)

    def quotient(self, above: Interval, below: Interval) -> Interval:
        if below[0] <= 0 <= below[1]:
            raise Undefined("division by zero")
        one = Digits(1)
        inverse = self.down.divide(one, below[1]), self.up.divide(one, below[0])
        return self.product([above, inverse])

    def power(self, base: Expr, exponent: Expr) -> Interval:
        whole = exact(exponent)
        if whole is None or whole.denominator != 1:
            return self.other(Pow(base, exponent))
        if abs(whole) > LARGEST_POWER:
            raise TooLarge("the power is too large to be written out")
        factor, result = self.value(base), self.number(Fraction(1))
        for bit in f"{abs(whole.numerator):b}":
            result = self.product([result, result, factor] if bit == "1" else [result, result])
        return self.quotient(self.number(Fraction(1)), result) if whole < 0 else result

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Interval:
        match name, arguments:
            case "ln" | "log", (argument,):
                return self.logarithm(argument)
            case "log2", (argument,):
                two = self.rising("ln", self.number(Fraction(2)))
                return self.quotient(self.logarithm(argument), two)
            case "exp" | "sqrt", (argument,):
                inside = self.value(argument)
                if name == "sqrt" and inside[0] < 0:
                    raise Undefined("the root of a negative number")
                return self.rising(name, inside)
            case "max", _:
                lows, highs = zip(*map(self.value, arguments), strict=True)
                return max(lows), max(highs)
        return self.other(Call(name, arguments))

    def other(self, part: Expr) -> Interval:
        """What is rational as a whole: to ask it of each part above would take too long."""
        known = exact(part)
        if known is not None:
            return self.number(known)
        scalar(part)  # says what is wrong with it
        raise EvaluationError("this has no decimal value")

    def rising(self, name: str, a: Interval) -> Interval:
        """ln, exp or sqrt, which `decimal` rounds to the nearest: so one step further outwards."""
        function = getattr(self.down, name)
        low = function(a[0])
        high = low if a[0] == a[1] else function(a[1])
        return low.next_minus(self.down), high.next_plus(self.up)

    def logarithm(self, argument: Expr) -> Interval:
        """The natural logarithm, that of a product or power as a sum or multiple."""
        known = exact(argument)
        if known is not None:
            if known <= 0:
                raise Undefined(f"the logarithm of {known}")
            above = self.rising("ln", self.number(Fraction(known.numerator)))
            if known.denominator == 1:
                return above
            below = self.rising("ln", self.number(Fraction(known.denominator)))
            return self.sum([above, self.negative(below)])
        match argument:
            case Pow(base, exponent):
                return self.product([self.value(exponent), self.logarithm(base)])
            case Mul(factors):
                return self.sum([self.logarithm(factor) for factor in factors])
            case BigOp("product", body, index):
                places = index_values(argument, {}, Work())
                factors = tuple(substitute(body, {index: Number(place)}) for place in places)
                return self.sum([self.number(Fraction(0)), *map(self.logarithm, factors)])
            case Div(numerator, denominator):
                below = self.logarithm(denominator)
                return self.sum([self.logarithm(numerator), self.negative(below)])
        inside = self.value(argument)
        if inside[0] <= 0:
            raise Undefined("the logarithm of a number that is not positive")
        return self.rising("ln", inside)


class Enclosed:
    """The value of a formula, worked out once for all that is asked of it."""

    def __init__(self, expression: Expr) -> None:
        self.expression = expression

    @cached_property
    def exact(self) -> Fraction | None:
        """The value where it is rational."""
        return exact(self.expression)

    @cached_property
    def ends(self) -> Interval:
        """Decimals below and above the value."""
        return Intervals(FIRST_DIGITS).value(self.expression)

    @cached_property
    def value(self) -> Fraction:
        """The value, exact where it is rational, else to fifty digits."""
        if self.exact is not None:
            return self.exact
        low, _ = self.ends
        if abs(low.adjusted()) > LONGEST_WHOLE:
            raise TooLarge("the number is too large or too small to be written out")
        return Fraction(low)

    def rounded_up(self) -> int:
        """The smallest whole number that is at least the value."""
        return self.to_whole(decimal.ROUND_CEILING)

    def rounded_down(self) -> int:
        """The largest whole number that is at most the value."""
        return self.to_whole(decimal.ROUND_FLOOR)

    def to_whole(self, rounding: str) -> int:
        if self.exact is not None:
            is_up = rounding == decimal.ROUND_CEILING
            return math.ceil(self.exact) if is_up else math.floor(self.exact)

        def decide(low: Digits, high: Digits) -> int | None:
            if high.adjusted() > LONGEST_WHOLE:
                raise TooLarge("the number is too large to be written out")
            ends = {int(end.to_integral_value(rounding)) for end in (low, high)}
            return ends.pop() if len(ends) == 1 else None

        return self.decided(decide)

    def is_negative(self) -> bool:
        if self.exact is not None:
            return self.exact < 0
        return self.decided(lambda low, high: False if low >= 0 else True if high < 0 else None)

    def decided(self, decide: Callable[[Digits, Digits], T | None]) -> T:
        """What both ends of the enclosure tell, once there are digits enough."""
        digits = FIRST_DIGITS
        while digits <= MOST_DIGITS:
            try:
                is_first = digits == FIRST_DIGITS
                ends = self.ends if is_first else Intervals(digits).value(self.expression)
                found = decide(*ends)
            except decimal.DecimalException:
                raise TooLarge("the number is too large to be written out") from None
            if found is not None:
                return found
            digits *= 2
        raise TooLarge("the number is too large or too close to a whole one to be rounded")


def at_most(left: Expr, right: Expr) -> bool:
    """Whether left ≤ right, decided exactly."""
    return not Enclosed(Add((right, Neg(left)))).is_negative()


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
    return Enclosed(expression).value


def measured(value: Fraction) -> Fraction | float:
    """What was cut to fifty digits, as the float that it is no more than, if one can hold it."""
    return float(value) if fits_float(value) else value
