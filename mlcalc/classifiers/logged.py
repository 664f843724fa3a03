"""Numbers with one logarithm in them, as scores and boundaries of normal densities are."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal as Digits
from decimal import localcontext
from fractions import Fraction

from mlcalc.maths.functions import Scalar, exact_root, log, plus, times
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Decimal, Expr, Mul, Neg, Number, call, joined, wrap
from mlcalc.maths.vectors import minus

HALF = Fraction(1, 2)
PRECISION = 60
"""Digits to which signs and roots are computed, so that no rounding decides a class."""

LONGEST_DENOMINATOR = 1000
HIGHEST_ROOT = 12


class Logged(Record):
    """rational + factor·log(inside), inside > 0: all that a Gaussian score or boundary holds.

    The logarithm of a rational number other than 1 is irrational, so the value is zero only where
    both parts are.
    """

    rational: Fraction
    factor: Fraction = Fraction(0)
    inside: Fraction = Fraction(1)

    @classmethod
    def of(cls, value: Fraction) -> Logged:
        """The logarithm of a number above 0."""
        return cls(Fraction(0), HALF, value**2)

    def and_log(self, other: Logged) -> Logged:
        """The sum with another of the same factor."""
        return Logged(self.rational + other.rational, self.factor, self.inside * other.inside)

    def plus(self, other: Fraction) -> Logged:
        return Logged(self.rational + other, self.factor, self.inside)

    def times(self, other: Fraction) -> Logged:
        return Logged(self.rational * other, self.factor * other, self.inside)

    @property
    def is_rational(self) -> bool:
        return self.factor == 0 or self.inside == 1

    def digits(self) -> Digits:
        """The value to 60 digits."""
        with localcontext(prec=PRECISION):
            top, bottom = self.inside.as_integer_ratio()
            logged = Digits(top).ln() - Digits(bottom).ln()
            return in_digits(self.rational) + in_digits(self.factor) * logged

    @property
    def value(self) -> Scalar:
        return plus(self.rational, times(self.factor, log(self.inside)))

    @property
    def sign(self) -> int:
        if self.is_rational:
            return (self.rational > 0) - (self.rational < 0)
        return 1 if self.digits() > 0 else -1

    def terms(self) -> list[Expr]:
        """The value as terms of a sum, log(4) as 2 log 2, and log(1/2) as −log 2."""
        found: list[Expr] = []
        if not self.is_rational:
            inside, factor = simple_log(self.inside, self.factor)
            found.append(scaled(factor, call("log", inside)))
        return [*found, signed(self.rational)] if self.rational or not found else found


def in_digits(value: Fraction) -> Digits:
    """The fraction as a decimal of the digits that the context asks for."""
    return Digits(value.numerator) / Digits(value.denominator)


def simple_log(inside: Fraction, factor: Fraction) -> tuple[Fraction, Fraction]:
    """c·log(b^n) as (n·c)·log b with b > 1."""
    if inside < 1:
        inside, factor = 1 / inside, -factor
    for degree in range(HIGHEST_ROOT, 1, -1):
        root = exact_root(inside, degree)
        if root is not None:
            return root, factor * degree
    return inside, factor


def number(value: Fraction) -> Expr:
    """A fraction that reads well as such, or its decimal."""
    return Number(value) if value.denominator <= LONGEST_DENOMINATOR else Decimal(value)


def signed(value: Fraction) -> Expr:
    """A number as a term of a sum: what is negative is taken away."""
    return minus(number(value))


def scaled(factor: Fraction, expression: Expr) -> Expr:
    """factor·expression as a term of a sum, −x²/4 for −1/4 times x²."""
    if factor < 0:
        return Neg(scaled(-factor, expression))
    if factor.denominator > LONGEST_DENOMINATOR:
        return Decimal(factor) * expression
    top = expression if factor.numerator == 1 else Mul((wrap(factor.numerator), expression))
    return top if factor.denominator == 1 else top / factor.denominator


def difference(left: Expr, right: Expr) -> Expr:
    """left − right; 2 + 1 for 2 − (−1)."""
    match right:
        case Number(value, written) if value < 0:
            return left + Number(-value, None if written is None else written.lstrip("-−"))
        case Decimal(value) if value < 0:
            return left + Decimal(-value)
    return left - right


def summed(terms: Iterable[Expr]) -> Expr:
    """The terms as one sum, beginning with one that is not taken away if there is one."""
    ordered = sorted(terms, key=lambda term: isinstance(term, Neg))
    return joined(Add, ordered) if ordered else wrap(0)
