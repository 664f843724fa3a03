"""A number as the digits that are shown for it, before any printer decides how they look.

Rounding is done once, by `decimal`'s correctly rounded division of whole numbers, because a
float that is formatted and then shortened is rounded twice.  "Are digits dropped?" is answered
from the same place, so that ≈ is written exactly where it is true.
"""

from __future__ import annotations

import math
import re
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Inexact
from decimal import Decimal as Digits
from fractions import Fraction
from typing import TypeAlias

from mlcalc.maths.numerics.real import Real
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Decimal, Expr, Number, decimals, known

_WRITTEN = re.compile(r"([+\-−]?)(\d+\.?\d*|\.\d+)(?:[eE]([+\-−]?\d+)|(%)|/(\d+))?")

# Below and above these a decimal is written with a power of ten.
_SMALLEST, _LARGEST, _LARGEST_EXACT = Digits("1e-4"), 10**9, 10**21


# Nearer to 1, what is shown is the distance: 1 − 2.06·10⁻⁹.
_NEAR_ONE = Fraction(1, 10**6)

_HALF = Digits("0.5")

_DIGITS_OF_A_FLOAT = 15

_LONGEST_POWER = 4000
"""Powers of ten beyond it are carried with sixty digits, and not as fractions."""

Size: TypeAlias = "Fraction | Digits"


class Numeral(Record):
    """−digits·10^exponent, or digits/divisor, or digits%; `exact` unless digits were dropped.

    A number near ±1 is that and `off`, which has a sign of its own.
    """

    __slots__ = ("_value",)

    digits: str
    negative: bool = False
    exponent: int | None = None
    divisor: str = ""
    percent: bool = False
    exact: bool = True
    off: Numeral | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing but digits and a point is shown, beside a sign."""
        alone = self.exponent is None and not self.divisor and not self.percent and not self.off
        return alone and self.digits.replace(".", "").isdigit()


def numeral(number: Number | Decimal, digits: int | None) -> Numeral:
    """What is shown for a number; `digits` None means all that are needed to read it back."""
    try:
        kept: dict[int | None, Numeral] = number._numerals  # type: ignore[union-attr]  # a slot
    except AttributeError:
        kept = known(number, "_numerals", {})
    key = None if type(number) is Number else digits
    found = kept.get(key)
    if found is None:
        found = kept[key] = _numeral(number, digits)
    return found


def _numeral(number: Number | Decimal, digits: int | None) -> Numeral:
    if isinstance(number, Number):
        return _exact(number.value) if number.written is None else _written(number.written)
    value = number.value
    if isinstance(value, float) and not math.isfinite(value):
        return Numeral("undefined" if math.isnan(value) else "inf", value < 0)
    return _full(value) if digits is None else _rounded(value, digits)


def digits_known(value: Fraction | float) -> int:
    """The significant digits of a number that are no invention."""
    if isinstance(value, float):
        return value.known if isinstance(value, Real) else _DIGITS_OF_A_FLOAT
    return MAX_PREC


def exactly(value: Fraction | float) -> Fraction | Real:
    """The number that is carried, with all its digits."""
    return value if isinstance(value, Real) else Fraction(value)


def drops_digits(expr: Expr, digits: int) -> bool:
    """Whether the printed form of `expr` shows fewer digits of a Decimal than its value has.

    A float has always dropped some: it was rounded when it was computed.
    """
    return any(not numeral(number, digits).exact for number in decimals(expr))


def whole(value: int) -> str:
    """All digits of a whole number, also beyond the length at which `str` gives up."""
    return str(value) if value.bit_length() < 10_000 else format(Digits(value), "f")


def _exact(value: Fraction) -> Numeral:
    divisor = "" if value.denominator == 1 else whole(value.denominator)
    return Numeral(whole(abs(value.numerator)), value.numerator < 0, None, divisor)


def _written(written: str) -> Numeral:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return Numeral(written.lstrip("-−"), written[:1] in "-−")
    sign, digits, exponent, percent, divisor = match.groups()
    power = None if exponent is None else int(exponent.replace("−", "-"))
    return Numeral(digits, sign in {"-", "−"}, power, divisor or "", bool(percent))


def _full(value: Fraction | float) -> Numeral:
    """repr of a float; a fraction as its decimal expansion where that ends soon, else p/q."""
    if isinstance(value, Real) and abs(float(value)) in (0, 1):
        return _rounded(value, 17)
    if isinstance(value, float):
        return _written(repr(float(value) + 0.0))
    if value.denominator == 1:
        return _exact(value)
    shown, exact = _divided(abs(value), 40)
    return Numeral(format(shown, "f"), value < 0) if exact else _exact(value)


def _rounded(value: Fraction | float, digits: int) -> Numeral:
    known, is_float = digits_known(value), isinstance(value, float)
    # As a fraction a real may be too long to write: e^(−10^6).
    signed: Size = value.digits if isinstance(value, Real) else Fraction(value)
    # A minus before decimal digits would round them.
    size: Size = signed.copy_abs() if isinstance(signed, Digits) else abs(signed)
    negative = size != signed
    gap = _beside_one(size)
    if gap and abs(gap) < _NEAR_ONE and (places := known + _magnitude(gap)) > 0:
        off = _positional(abs(gap), min(digits, places))
        exact = off.exact and not is_float
        return Numeral("1", negative, exact=exact, off=replace(off, negative=gap < 0))
    shown = _positional(size, min(digits, known))
    if gap and shown.exponent is None and _figures(shown) == 1:
        # What is not 1 is not shown as 1: 0.999996.
        shown = _positional(size, min(digits_to_tell(gap), known))
    exact = shown.exact and not is_float
    return Numeral(shown.digits, negative, shown.exponent, exact=exact)


def _beside_one(size: Size) -> Fraction | None:
    """What is missing to 1, or too much, of a number between 1/2 and 2; else None."""
    if isinstance(size, Digits):
        return Fraction(size) - 1 if _HALF < size < 2 else None
    above, below = size.as_integer_ratio()
    return Fraction(above - below, below) if below < 2 * above < 4 * below else None


def digits_to_tell(gap: Fraction) -> int:
    """The significant digits at which 1 + gap is not 1 any more."""
    return -_magnitude(gap) + (gap > 0)


def _magnitude(size: Fraction) -> int:
    """The power of ten of the first digit."""
    return _divided(abs(size), 1)[0].adjusted()


def _positional(size: Size, digits: int) -> Numeral:
    """A number that is not negative, with so many significant digits."""
    shown, exact = _divided(size, digits)
    if shown.adjusted() >= digits and 10**digits <= size < _LARGEST:
        return Numeral(whole(round(size)), exact=size % 1 == 0)
    largest = _LARGEST_EXACT if exact else _LARGEST
    if not shown or _SMALLEST <= shown < largest:
        return Numeral(format(shown, "f"), exact=exact)
    _, figures, _ = (shown.normalize(_context(digits)) if exact else shown).as_tuple()
    first, *rest = map(str, figures)
    mantissa = f"{first}.{''.join(rest)}" if rest else first
    return Numeral(mantissa, exponent=shown.adjusted(), exact=exact)


def _context(digits: int) -> Context:
    return Context(digits, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, traps=[])


def _divided(size: Size, digits: int) -> tuple[Digits, bool]:
    """The number rounded half-even to significant digits, and whether that is its value."""
    context = _context(digits)
    if isinstance(size, Digits):
        shown = context.plus(size)
    else:
        shown = context.divide(Digits(size.numerator), Digits(size.denominator))
    return shown, not context.flags[Inexact]


def value_shown(number: Number | Decimal, digits: int) -> Fraction | float:
    """What a reader who has only the digits on the board takes the number for."""
    shown = numeral(number, digits)
    if isinstance(number, Number) or (shown.exact and shown.off is None):
        return number.value
    try:
        return shown._value  # type: ignore[attr-defined, no-any-return]  # a slot
    except AttributeError:
        return known(shown, "_value", _read(shown))


def _read(shown: Numeral) -> Fraction | float:
    """The number that these digits are."""
    size: Fraction | float = _in_units(_figures(shown), shown.exponent or 0)
    if shown.off is not None:
        off = _in_units(_figures(shown.off), shown.off.exponent or 0)
        size = size - off if shown.off.negative else size + off
    return -size if shown.negative else size


def _figures(shown: Numeral) -> Fraction:
    whole, _, after = shown.digits.partition(".")
    return Fraction(int(whole + after), 10 ** len(after))


def last_place(shown: Numeral) -> Fraction | Real:
    """One unit in the last digit that is shown."""
    if shown.off is not None:
        return last_place(shown.off)
    _, _, after = shown.digits.partition(".")
    return _in_units(Fraction(1), (shown.exponent or 0) - len(after))


def _in_units(figures: Fraction, exponent: int) -> Fraction | Real:
    """figures·10^exponent, where that is too small for a fraction with sixty digits of it."""
    if not exponent:
        return figures
    if abs(exponent) < _LONGEST_POWER:
        return figures * Fraction(10) ** exponent
    digits = _context(60).divide(Digits(figures.numerator), Digits(figures.denominator))
    digits = digits.scaleb(exponent, _context(60))
    return Real(digits, digits.scaleb(-60, _context(60)))
