"""A number as the digits that are shown for it, before any printer decides how they look.

Rounding is done once, by `decimal`'s correctly rounded division of whole numbers, because a
float that is formatted and then shortened is rounded twice.  "Are digits dropped?" is answered
from the same place, so that ≈ is written exactly where it is true.
"""

from __future__ import annotations

import math
import re
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Inexact
from decimal import Decimal as Digits
from fractions import Fraction

from mlcalc.maths.tree import Decimal, Expr, Number, walk
from mlcalc.records import Record

_WRITTEN = re.compile(r"([+\-−]?)(\d+\.?\d*|\.\d+)(?:[eE]([+\-−]?\d+)|(%)|/(\d+))?")

# Below and above these a decimal is written with a power of ten.
_SMALLEST, _LARGEST, _LARGEST_EXACT = Digits("1e-4"), 10**9, 10**21


class Numeral(Record):
    """−digits·10^exponent, or digits/divisor, or digits%; `exact` unless digits were dropped."""

    digits: str
    negative: bool = False
    exponent: int | None = None
    divisor: str = ""
    percent: bool = False
    exact: bool = True

    @property
    def plain(self) -> bool:
        """Whether nothing but digits and a point is shown, beside a sign."""
        alone = self.exponent is None and not self.divisor and not self.percent
        return alone and self.digits.replace(".", "").isdigit()


def numeral(number: Number | Decimal, digits: int | None) -> Numeral:
    """What is shown for a number; `digits` None means all that are needed to read it back."""
    if isinstance(number, Number):
        return _exact(number.value) if number.written is None else _written(number.written)
    value = number.value
    if isinstance(value, float) and not math.isfinite(value):
        return Numeral("undefined" if math.isnan(value) else "inf", value < 0)
    return _full(value) if digits is None else _rounded(Fraction(value), digits)


def drops_digits(expr: Expr, digits: int) -> bool:
    """Whether the printed form of `expr` shows fewer digits of a Decimal than its value has."""
    return any(isinstance(e, Decimal) and not numeral(e, digits).exact for e in walk(expr))


def whole(value: int) -> str:
    """All digits of a whole number, also beyond the length at which `str` gives up."""
    return str(value) if value.bit_length() < 10_000 else format(Digits(value), "f")


def _exact(value: Fraction) -> Numeral:
    divisor = "" if value.denominator == 1 else whole(value.denominator)
    return Numeral(whole(abs(value.numerator)), value < 0, divisor=divisor)


def _written(written: str) -> Numeral:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return Numeral(written.lstrip("-−"), written[:1] in "-−")
    sign, digits, exponent, percent, divisor = match.groups()
    power = None if exponent is None else int(exponent.replace("−", "-"))
    return Numeral(digits, sign in {"-", "−"}, power, divisor or "", bool(percent))


def _full(value: Fraction | float) -> Numeral:
    """repr of a float; a fraction as its decimal expansion where that ends soon, else p/q."""
    if isinstance(value, float):
        return _written(repr(value + 0.0))
    if value.denominator == 1:
        return _exact(value)
    shown, exact = _divided(abs(value), 40)
    return Numeral(format(shown, "f"), value < 0) if exact else _exact(value)


def _rounded(value: Fraction, digits: int) -> Numeral:
    size, negative = abs(value), value < 0
    if 10**digits <= size < _LARGEST:
        return Numeral(whole(round(size)), negative, exact=size.denominator == 1)
    shown, exact = _divided(size, digits)
    largest = _LARGEST_EXACT if exact else _LARGEST
    if not size or _SMALLEST <= shown < largest:
        return Numeral(format(shown, "f"), negative, exact=exact)
    _, figures, _ = (shown.normalize(_context(digits)) if exact else shown).as_tuple()
    first, *rest = map(str, figures)
    mantissa = f"{first}.{''.join(rest)}" if rest else first
    return Numeral(mantissa, negative, shown.adjusted(), exact=exact)


def _context(digits: int) -> Context:
    return Context(digits, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, traps=[])


def _divided(size: Fraction, digits: int) -> tuple[Digits, bool]:
    """The fraction rounded half-even to significant digits, and whether that is its value."""
    context = _context(digits)
    shown = context.divide(Digits(size.numerator), Digits(size.denominator))
    return shown, not context.flags[Inexact]
