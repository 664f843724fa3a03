"""Real numbers that remember fifty digits, and how far they may be off.

A float has sixteen digits and does not say how many of them are true: 1 − σ(30) has three.  A
`Real` is a float, so whoever needs no more goes on as before; arithmetic with fractions and other
reals keeps the rest.  A number near a whole one carries as many digits as their distance needs,
and what is only rounding is found out, because the error is carried too.
"""

from __future__ import annotations

import decimal
import math
import sys
from decimal import Context
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

Exact: TypeAlias = "Fraction | Real"
"""A number whose digits are known: all of them, or fifty."""

DIGITS = 50
"""The significant digits that a result keeps."""

GUARD = 5
"""The digits more with which it is computed."""

LONGEST = 2000
"""No number keeps more digits than this, however near to a whole number it is."""

CANCELLED = decimal.Decimal("1e-40")
"""A sum that is nothing beside its terms to so many digits is 0."""

MOST_OF_EXP = 10**9
"""The largest argument of exp that is computed to fifty digits."""

TOO_LARGE = "larger than the largest float"

FINEST = decimal.Decimal("1e-200")
"""A number that is known better than this is near a whole number and not that."""

WHOLE = 10
"""Only whole numbers with fewer digits are looked for."""

ZERO, NOTHING = decimal.Decimal(0), Fraction(0)

NEGLIGIBLE = decimal.Decimal(f"1e-{4 * MOST_OF_EXP // 10}")
"""More than e^(−`MOST_OF_EXP`)."""

ERRORS = Context(4, decimal.ROUND_UP, decimal.MIN_EMIN, decimal.MAX_EMAX, traps=[])


@lru_cache(maxsize=64)
def context(precision: int) -> Context:
    traps: list[Any] = [decimal.InvalidOperation, decimal.DivisionByZero]
    return Context(
        precision, decimal.ROUND_HALF_EVEN, decimal.MIN_EMIN, decimal.MAX_EMAX, traps=traps
    )


EVERY = context(LONGEST)


class Real(float):
    """The float that is nearest to `digits`, which are off by at most `error`.

    `blurred` is one that swallowed a term smaller than its error: what is left of it in a
    difference, or beside a whole number, is not nothing, but is not known.
    """

    __slots__ = ("blurred", "digits", "error")
    digits: decimal.Decimal
    error: decimal.Decimal
    blurred: bool

    def __new__(
        cls, digits: decimal.Decimal, error: decimal.Decimal, blurred: bool = False
    ) -> Real:
        self = float.__new__(cls, digits)
        self.digits, self.error, self.blurred = digits, error, blurred
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Real, (self.digits, self.error, self.blurred)

    @property
    def known(self) -> int:
        """How many significant digits are true."""
        return self.digits.adjusted() - self.error.adjusted() if self.error else LONGEST

    def __neg__(self) -> Real:
        return Real(self.digits.copy_negate(), self.error, self.blurred)

    def __abs__(self) -> Real:
        return Real(self.digits.copy_abs(), self.error, self.blurred)

    def __add__(self, other: Any) -> Any:
        return plus(self, Fraction(other)) if is_rational(other) else sum_of_reals(self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if is_rational(other):
            return times(self, Fraction(other))
        return times(self, other) if isinstance(other, Real) else float(self) * other

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if is_rational(other):
            return over(self, Fraction(other))
        return over(self, other) if isinstance(other, Real) else float(self) / other

    def __rtruediv__(self, other: Any) -> Any:
        return over(Fraction(other), self) if is_rational(other) else other / float(self)

    def __eq__(self, other: object) -> bool:
        return compared(self, other) == 0 if isinstance(other, Numeric) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return compared(self, other) != 0 if isinstance(other, Numeric) else NotImplemented

    def __lt__(self, other: Any) -> bool:
        return compared(self, other) < 0 if isinstance(other, Numeric) else NotImplemented

    def __le__(self, other: Any) -> bool:
        return compared(self, other) <= 0 if isinstance(other, Numeric) else NotImplemented

    def __gt__(self, other: Any) -> bool:
        return compared(self, other) > 0 if isinstance(other, Numeric) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        return compared(self, other) >= 0 if isinstance(other, Numeric) else NotImplemented

    def __bool__(self) -> bool:
        return bool(self.digits)

    __hash__ = float.__hash__


Numeric = Fraction | float | int


def is_rational(value: object) -> bool:
    return isinstance(value, Fraction | int)


def sum_of_reals(one: Real, other: Any) -> Any:
    return plus(one, other) if isinstance(other, Real) else float(one) + other


def compared(one: Real, other: Fraction | float) -> float:
    """Negative, 0 or positive, as their difference; a float is compared as a float."""
    if isinstance(other, Real):
        return float(one.digits.compare(other.digits))
    if isinstance(other, float):
        a, b = float(one), float(other)
        return math.nan if math.isnan(b) else (a > b) - (a < b)
    if not other:
        return 0.0 if one.digits.is_zero() else math.copysign(1.0, one.digits)
    exact = Fraction(other)
    nearest, error = in_digits(exact, max(DIGITS, len(one.digits.as_tuple().digits)) + GUARD)
    found = float(one.digits.compare(nearest))
    return found if found or not error else math.copysign(1.0, -exact)


def is_within_errors(a: Exact, b: Exact) -> bool:
    """Whether two numbers are one as far as their digits are known."""
    precision = max(widest(a, b), DIGITS) + GUARD
    (x, x_error), (y, y_error) = in_digits(a, precision), in_digits(b, precision)
    return context(LONGEST).subtract(x, y).copy_abs() <= ERRORS.add(x_error, y_error)


def in_digits(value: Exact, precision: int) -> tuple[decimal.Decimal, decimal.Decimal]:
    """The number as a decimal, and how far that may be off."""
    if isinstance(value, Real):
        return value.digits, value.error
    # `Decimal` of a whole number is exact; the quotient is exact where it ends soon enough.
    above, below = decimal.Decimal(value.numerator), decimal.Decimal(value.denominator)
    if value.denominator == 1 and value.numerator.bit_length() < 200:
        return above, ZERO
    found = context(precision).divide(above, below)
    return found, found.copy_abs().scaleb(1 - precision, ERRORS)


def settled(
    found: decimal.Decimal,
    error: decimal.Decimal,
    blurred: bool = False,
    scale: decimal.Decimal | None = None,
) -> Exact | float:
    """A result as what is known of it; 0 where the terms, as large as `scale`, cancel.

    What is a whole number to forty digits is that number: e^(ln 3), or the sum of a softmax.
    """
    top = found.adjusted()
    if found.is_infinite() or top > sys.float_info.max_10_exp:
        raise OverflowError(TOO_LARGE)
    # A power of ten tells most numbers from their error.
    is_near = not (found and error) or error.adjusted() + 1 >= top
    if is_near and found.copy_abs() <= ERRORS.multiply(error, 8):
        is_noise = scale is None or error <= ERRORS.multiply(CANCELLED, scale)
        if error >= FINEST and is_noise and not blurred:
            return Fraction(0)
        return float(found) or vanishing(ERRORS.multiply(error, 9))
    kept = DIGITS + GUARD
    if -1 <= top < WHOLE:  # a smaller one is near no whole number but 0
        nearest = found.to_integral_value()
        gap = EVERY.subtract(found, nearest).copy_abs()
        may_be_whole = nearest and not blurred and FINEST < error < CANCELLED
        if may_be_whole and gap <= ERRORS.multiply(error, 8):
            return Fraction(int(nearest))
        if not gap:
            kept = LONGEST
        elif nearest and gap < found.copy_abs():
            kept = min(kept - min(gap.adjusted(), 0) + max(top, 0), LONGEST)
    shorter = context(kept).plus(found)
    if not shorter.same_quantum(found):
        found, error = shorter, ERRORS.add(error, last_place(shorter, kept))
    real = Real(found, error, blurred)
    if math.isinf(real):
        raise OverflowError(TOO_LARGE)
    return real


def vanishing(size: decimal.Decimal) -> Real:
    """A number of which only this is known, that it is no larger: ≈ 0, and never = 0."""
    return Real(ZERO, size, blurred=True)


def plus(a: Exact, b: Exact) -> Exact | float:
    """The sum; 0 where it is nothing but rounding."""
    (top, span), (other_top, other_span) = reach(a), reach(b)
    precision = min(max(DIGITS, max(top, other_top) - min(span, other_span)), LONGEST) + GUARD
    (x, x_error), (y, y_error) = in_digits(a, precision), in_digits(b, precision)
    found = context(precision).add(x, y)
    error = ERRORS.add(ERRORS.add(x_error, y_error), last_place(found, precision))
    small, large = x.copy_abs(), y.copy_abs()
    if large < small:
        small, large = large, small
    total = settled(found, error, is_blurred(a, b) or 0 < small < error, large)
    if isinstance(total, Real) and 0 < small < total.error:
        total = Real(total.digits, total.error, True)  # the digits that were left out held it
    return total


def reach(value: Exact) -> tuple[int, int]:
    """The powers of ten of a number and of its error, far up for one that has none."""
    if isinstance(value, Real):
        return value.digits.adjusted(), value.error.adjusted()
    return magnitude(value), sys.maxsize


def times(a: Exact, b: Exact) -> Exact | float:
    if is_nothing(a) or is_nothing(b):
        return Fraction(0)
    precision = widest(a, b) + GUARD
    (x, x_error), (y, y_error) = in_digits(a, precision), in_digits(b, precision)
    found = context(precision).multiply(x, y)
    error = ERRORS.add(ERRORS.multiply(x.copy_abs(), y_error), last_place(found, precision))
    return settled(found, ERRORS.fma(y.copy_abs(), x_error, error), is_blurred(a, b))


def over(a: Exact, b: Exact) -> Exact | float:
    """The quotient; `b` is not 0."""
    if is_nothing(a):
        return Fraction(0)
    precision = widest(a, b) + GUARD
    (x, x_error), (y, y_error) = in_digits(a, precision), in_digits(b, precision)
    found = context(precision).divide(x, y)
    error = ERRORS.divide(ERRORS.fma(found.copy_abs(), y_error, x_error), y.copy_abs())
    return settled(found, ERRORS.add(error, last_place(found, precision)), is_blurred(a, b))


def is_nothing(value: Exact) -> bool:
    return isinstance(value, Fraction) and not value


def is_blurred(a: Exact, b: Exact = NOTHING) -> bool:
    return (isinstance(a, Real) and a.blurred) or (isinstance(b, Real) and b.blurred)


def magnitude(value: Fraction) -> int:
    """The power of ten of a fraction, to one or so."""
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    return int(bits * 0.30103) if value else -(10**6)


def widest(a: Exact, b: Exact = NOTHING) -> int:
    found = a.known if isinstance(a, Real) else DIGITS
    if isinstance(b, Real):
        found = max(found, b.known)
    return min(max(found, DIGITS), LONGEST)


def last_place(found: decimal.Decimal, precision: int) -> decimal.Decimal:
    return found.copy_abs().scaleb(1 - precision, ERRORS)


def rounded(value: Fraction) -> Exact | float:
    return settled(*in_digits(value, DIGITS + GUARD))


def whole_power(base: Real, exponent: int) -> Exact | float:
    if not base:
        return vanishing(base.error) if exponent else Fraction(1)
    precision = widest(base) + GUARD + len(str(abs(exponent)))
    found = context(precision).power(base.digits, exponent)
    share = ERRORS.divide(base.error, base.digits.copy_abs())
    error = ERRORS.multiply(found.copy_abs(), ERRORS.multiply(share, abs(exponent)))
    return settled(found, ERRORS.add(error, last_place(found, precision)), base.blurred)


def exp(value: Exact) -> Exact | float:
    """e^z; where z is near 0, so many digits that the distance from 1 is known."""
    if not -MOST_OF_EXP <= value <= MOST_OF_EXP:
        if value > 0:
            raise OverflowError(TOO_LARGE)
        return vanishing(NEGLIGIBLE)
    near = value.digits.adjusted() if isinstance(value, Real) else magnitude(value)
    precision = min(DIGITS + abs(near), LONGEST) + GUARD
    z, z_error = in_digits(value, precision)
    found = context(precision).exp(z)
    error = ERRORS.fma(found, z_error, last_place(found, precision))
    return settled(found, error, is_blurred(value))


def log(value: Exact) -> Exact | float:
    """The natural logarithm of a positive number that is not 1."""
    precision = widest(value) + GUARD
    if isinstance(value, Fraction):
        precision = min(precision + max(-magnitude(value - 1), 0), LONGEST)
    z, z_error = in_digits(value, precision)
    found = context(precision).ln(z)
    error = ERRORS.add(ERRORS.divide(z_error, z), last_place(found, precision))
    return settled(found, error, is_blurred(value))


def sqrt(value: Exact) -> Exact | float:
    precision = widest(value) + GUARD
    z, z_error = in_digits(value, precision)
    found = context(precision).sqrt(z)
    error = ERRORS.divide(z_error, found)
    return settled(found, ERRORS.add(error, last_place(found, precision)), is_blurred(value))


def erf(value: Exact) -> Exact | float:
    """2/√π · e^(−z²) Σ 2^k z^(2k + 1)/(1·3·…·(2k + 1)), whose terms have one sign.

    It has enough digits to be told from ±1.
    """
    size = abs(float(value))
    near = value.digits.adjusted() if isinstance(value, Real) else magnitude(value)
    precision = DIGITS + 2 * GUARD + int(size * size / math.log(10)) + abs(near)
    places = context(precision)
    z, z_error = in_digits(value, precision)
    square = places.multiply(places.multiply(z, z), decimal.Decimal(2))
    term = total = z
    odd = 1
    while term and term.adjusted() > total.adjusted() - precision:
        odd += 2
        term = places.divide(places.multiply(term, square), decimal.Decimal(odd))
        total = places.add(total, term)
    root = places.sqrt(pi_to(precision))
    falling = places.exp(places.divide(square, decimal.Decimal(-2)))
    found = places.divide(places.multiply(falling, places.add(total, total)), root)
    slope = ERRORS.multiply(falling, decimal.Decimal("1.2"))
    error = ERRORS.fma(slope, z_error, last_place(found, precision - GUARD))
    return settled(found, error, is_blurred(value))


def erfc_far(value: Exact) -> Exact | float:
    """e^(−z²)/(z√π) · Σ (−1)^k 1·3·…·(2k − 1)/(2z²)^k, whose terms fall for long where z ≥ 40."""
    if value > MOST_OF_EXP // 10**4:
        return vanishing(NEGLIGIBLE)
    precision = DIGITS + 4 * GUARD
    places = context(precision)
    z, z_error = in_digits(value, precision)
    square = places.multiply(z, z)
    term = total = decimal.Decimal(1)
    odd = -1
    while term.adjusted() > -precision:
        odd += 2
        term = places.divide(places.multiply(term, -odd), places.multiply(square, 2))
        total = places.add(total, term)
    below = places.multiply(z, places.sqrt(pi_to(precision)))
    found = places.divide(places.multiply(places.exp(-square), total), below)
    share = ERRORS.multiply(ERRORS.multiply(z, 3), z_error)
    error = ERRORS.fma(found, share, last_place(found, DIGITS + GUARD))
    return settled(found, error, is_blurred(value))


def sine(value: Exact, quarters: int = 0) -> Exact | float:
    """sin(z + quarters·π/2), by its series at the nearest place beside a zero or a top."""
    near = value.digits.adjusted() if isinstance(value, Real) else magnitude(value)
    precision = DIGITS + 2 * GUARD + abs(near)
    places = context(precision)
    z, z_error = in_digits(value, precision)
    quarter = places.divide(pi_to(precision), 2)
    turns = places.divide(z, quarter).to_integral_value()
    rest = places.subtract(z, places.multiply(turns, quarter))
    place = (int(turns) + quarters) % 4
    # sin is rest − rest³/3! + …, and at the tops cos, 1 − rest²/2! + …
    power = 1 - place % 2
    term = total = rest if power else decimal.Decimal(1)
    square = places.multiply(rest, rest).copy_negate()
    while term and term.adjusted() > -precision - abs(near):
        power += 2
        term = places.divide(places.multiply(term, square), power * (power - 1))
        total = places.add(total, term)
    found = total.copy_negate() if place >= 2 else total
    error = ERRORS.add(z_error, decimal.Decimal(1).scaleb(GUARD - precision + max(near, 0)))
    return settled(found, error, is_blurred(value))


@lru_cache(maxsize=8)
def pi_to(precision: int) -> decimal.Decimal:
    """π by Machin's formula, 16 arctan(1/5) − 4 arctan(1/239), in whole numbers."""
    scale = 10 ** (precision + GUARD)

    def arctan_of_inverse(n: int) -> int:
        power: int = scale // n
        total = power
        odd, sign = 1, 1
        while power:
            power //= n * n
            odd, sign = odd + 2, -sign
            total += sign * (power // odd)
        return total

    whole = 16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)
    return context(precision).divide(decimal.Decimal(whole), decimal.Decimal(scale))


def constant(name: str) -> Real:
    """π and e to fifty digits."""
    digits = decimal.Decimal(CONSTANTS[name])
    return Real(digits, last_place(digits, len(CONSTANTS[name]) - 2))


CONSTANTS = {
    "pi": "3.14159265358979323846264338327950288419716939937510582097494",
    "e": "2.71828182845904523536028747135266249775724709369995957496697",
}
