"""The value of a formula to fifty digits, where floats are too few to tell equal from nearly so.

Rational numbers stay exact; the rest is a `decimal.Decimal`, whose exp, ln and square root are
correctly rounded.  Only formulas of single numbers have a value here.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from decimal import Context
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from mlcalc.maths import functions
from mlcalc.maths.evaluate import Value, Work, holds, index_values
from mlcalc.maths.functions import EvaluationError, TooLarge, Undefined
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
)

Precise: TypeAlias = "Fraction | decimal.Decimal"

DIGITS = 60
CONTEXT = Context(prec=DIGITS, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
SAME_DIGITS = 45
"""Beside the largest number that came up, two values that agree so far are taken as equal."""

MOST_OF_EXP = 10**6
"""Larger arguments of exp lose digits and take time."""

PRECISE_WORK = 20
"""What one operation on long decimals costs beside one on small fractions."""


class NotPrecise(EvaluationError):
    """The formula holds something that is computed with floats alone."""


class Calculation:
    """One evaluation; `largest` is the size of the largest inexact number that came up."""

    def __init__(self, values: Mapping[Symbol, Value], work: Work) -> None:
        self.values = dict(values)
        self.work = work
        self.largest = decimal.Decimal(0)

    def value(self, expression: Expr) -> Precise:
        return self.counted(self.computed(expression))

    def counted(self, found: Precise) -> Precise:
        """A result, with what it cost taken off the work that may be done."""
        if isinstance(found, decimal.Decimal):
            self.work.spend(PRECISE_WORK)
            self.largest = max(self.largest, found.copy_abs())
        else:
            self.work.spent_on(found)
        return found

    def computed(self, expression: Expr) -> Precise:
        match expression:
            case Number(exact):
                return exact
            case Symbol():
                return self.of_symbol(expression)
            case Add(terms):
                return reduce(plus, map(self.value, terms))
            case Neg(operand):
                found = self.value(operand)
                return negative(found)
            case Mul(factors):
                return reduce(times, map(self.value, factors))
            case Div(numerator, denominator):
                return over(self.value(numerator), self.value(denominator))
            case Pow(Symbol("e"), exponent) if Symbol("e") not in self.values:
                return exp(self.value(exponent))
            case Pow(base, exponent):
                return power(self.value(base), self.value(exponent))
            case Call(name, arguments, ()):
                return self.called(name, [self.value(argument) for argument in arguments])
            case BigOp(kind, body, index):
                combine = plus if kind == "sum" else times
                outer = self.values.get(index)
                result: Precise = Fraction(0 if kind == "sum" else 1)
                for number in index_values(expression, self.values, self.work):
                    self.values[index] = number
                    result = self.counted(combine(result, self.value(body)))
                self.values.pop(index, None)
                if outer is not None:
                    self.values[index] = outer
                return result
            case Cases(branches):
                for branch, condition in branches:
                    if condition is None or holds(condition, self.values, self.work):
                        return self.value(branch)
        raise NotPrecise("this has no value to fifty digits")

    def of_symbol(self, symbol: Symbol) -> Precise:
        found = self.values.get(symbol)
        if isinstance(found, Fraction):
            return found
        if found is None and symbol.spelled in ("e", "pi"):
            return exp(Fraction(1)) if symbol.spelled == "e" else PI
        raise NotPrecise("this has no value to fifty digits")

    def called(self, name: str, arguments: list[Precise]) -> Precise:
        if name in OF_ONE and len(arguments) == 1:
            return OF_ONE[name](arguments[0])
        if name in ("max", "min"):
            ordered = sorted(arguments, key=decimal_of)
            return ordered[-1] if name == "max" else ordered[0]
        is_of_numbers = name in functions.FUNCTIONS  # softmax(1, 2) is of a list
        if is_of_numbers and all(isinstance(argument, Fraction) for argument in arguments):
            found = functions.FUNCTIONS[name].compute(*arguments)
            if isinstance(found, Fraction):
                return found
        raise NotPrecise("this has no value to fifty digits")


PI = decimal.Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640629")


def decimal_of(value: Precise) -> decimal.Decimal:
    if isinstance(value, decimal.Decimal):
        return value
    above, below = decimal.Decimal(value.numerator), decimal.Decimal(value.denominator)
    return CONTEXT.divide(above, below)


def combined(
    exactly: Callable[[Fraction, Fraction], Fraction],
    nearly: Callable[[decimal.Decimal, decimal.Decimal], decimal.Decimal],
) -> Callable[[Precise, Precise], Precise]:
    def operation(left: Precise, right: Precise) -> Precise:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            found = functions.bounded(exactly(left, right))
            assert isinstance(found, Fraction)
            return found
        return guarded(lambda: nearly(decimal_of(left), decimal_of(right)))

    return operation


def guarded(compute: Callable[[], decimal.Decimal]) -> decimal.Decimal:
    try:
        return compute()
    except (decimal.Overflow, decimal.Underflow, decimal.Subnormal):
        raise TooLarge("the number is too large to be written out") from None
    except decimal.DecimalException:
        raise Undefined("the function has no value there") from None


plus = combined(lambda a, b: a + b, CONTEXT.add)
product = combined(lambda a, b: a * b, CONTEXT.multiply)
quotient = combined(lambda a, b: a / b, CONTEXT.divide)


def negative(value: Precise) -> Precise:
    # The operators of Decimal round to the digits of a context that is not ours.
    return -value if isinstance(value, Fraction) else value.copy_negate()


def size(value: Precise) -> Precise:
    return abs(value) if isinstance(value, Fraction) else value.copy_abs()


def times(left: Precise, right: Precise) -> Precise:
    if left == 0 or right == 0:
        return Fraction(0)
    return product(left, right)


def over(left: Precise, right: Precise) -> Precise:
    if right == 0:
        raise Undefined("division by zero")
    return quotient(left, right)


def power(base: Precise, exponent: Precise) -> Precise:
    if isinstance(exponent, Fraction) and isinstance(base, Fraction):
        if exponent.denominator == 1:
            found = functions.power(base, exponent)
            assert isinstance(found, Fraction)
            return found
        root = functions.exact_root(base, exponent.denominator)
        if root is not None:
            return power(root, Fraction(exponent.numerator))
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return guarded(lambda: CONTEXT.power(decimal_of(base), exponent.numerator))
    if base < 0:
        raise Undefined("a negative number has no such root")
    if base == 0:
        raise NotPrecise("this has no value to fifty digits")
    return exp(times(exponent, log(base)))


def exp(value: Precise) -> Precise:
    if value == 0:
        return Fraction(1)
    if size(value) > MOST_OF_EXP:
        raise TooLarge("the number is too large to be written out")
    return guarded(lambda: CONTEXT.exp(decimal_of(value)))


def log(value: Precise) -> Precise:
    if value <= 0:
        raise Undefined("log is not defined there")
    return Fraction(0) if value == 1 else guarded(lambda: CONTEXT.ln(decimal_of(value)))


def log2(value: Precise) -> Precise:
    if isinstance(value, Fraction):
        found = functions.log2(value)
        if isinstance(found, Fraction):
            return found
    return over(log(value), log(Fraction(2)))


def sigmoid(value: Precise) -> Precise:
    return over(Fraction(1), plus(Fraction(1), exp(negative(value))))


def tanh(value: Precise) -> Precise:
    squared = exp(times(Fraction(2), value))
    return over(plus(squared, Fraction(-1)), plus(squared, Fraction(1)))


def whole(rounded: Callable[[Fraction], Fraction]) -> Callable[[Precise], Precise]:
    def operation(value: Precise) -> Precise:
        if isinstance(value, decimal.Decimal):
            if value.adjusted() > DIGITS // 2:
                raise NotPrecise("this has more digits than are kept")
            # Digits beyond a whole number may be rounding: 3.000…01 is not decided here.
            near = CONTEXT.to_integral_value(value)
            if CONTEXT.abs(CONTEXT.subtract(value, near)) < decimal.Decimal(10) ** (-SAME_DIGITS):
                raise NotPrecise("this is too near to a whole number")
            value = Fraction(value)
        return rounded(value)

    return operation


OF_ONE: Mapping[str, Callable[[Precise], Precise]] = {
    "exp": exp,
    "log": log,
    "ln": log,
    "log2": log2,
    "sqrt": lambda value: power(value, Fraction(1, 2)),
    "abs": size,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "identity": lambda value: value,
    "relu": lambda value: value if value > 0 else Fraction(0),
    "floor": whole(lambda value: Fraction(value.__floor__())),
    "ceil": whole(lambda value: Fraction(value.__ceil__())),
}


def agree(left: Expr, right: Expr, values: Mapping[Symbol, Value], work: Work) -> bool:
    """Whether two formulas have the same value there, to 45 digits.

    Raises `EvaluationError` where one of them has none, `NotPrecise` where floats must do.
    """
    calculation = Calculation(values, work)
    a, b = calculation.value(left), calculation.value(right)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    difference = CONTEXT.abs(CONTEXT.subtract(decimal_of(a), decimal_of(b)))
    scale = CONTEXT.scaleb(calculation.largest, -SAME_DIGITS)
    return difference <= scale
