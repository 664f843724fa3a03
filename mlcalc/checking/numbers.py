"""The rule for one number: exact, rounded as it was written, or within the tolerance."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.maths.compare import same_number
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import is_finite
from mlcalc.maths.scanner import MAX_DIGITS
from mlcalc.maths.tree import Decimal, Expr, Mul, Neg, Number, Pow, walk

RELATIVE_TOLERANCE = Fraction(1, 1000)
LEAST_DIGITS = 2
"""So many significant digits must be written for a number to count as rounded."""


def is_right(claimed: Expr, value: Fraction | float, tolerance: Fraction) -> bool:
    """Whether a number is claimed that is the value.

    Raises `EvaluationError` where what is claimed has no value.
    """
    claimed = as_decimal(claimed)
    found = evaluate(claimed)
    if isinstance(found, tuple):
        return False
    if same_number(found, value):
        return True
    is_whole = isinstance(value, Fraction) and value.denominator == 1
    if is_whole or not is_finite(value) or not is_finite(found):
        return False
    if not isinstance(claimed, Number | Decimal) and not has_decimals(claimed):
        return False  # 257/100 and √6.6 claim to be exact
    target = Fraction(value)
    away = abs(Fraction(found) - target)
    if away <= tolerance * abs(target):
        return True
    if not isinstance(claimed, Number | Decimal):
        return False
    text = claimed.written if isinstance(claimed, Number) and claimed.written else str(found)
    if "/" in text or significant_digits(text) < LEAST_DIGITS:
        return False
    return away <= last_place(text) / 2


def is_rounding(claimed: Expr, of: Expr) -> bool:
    """Whether one number stands for the other in a chain: 0.3 for 1/3, 1399 for 1398.2."""
    there, here = evaluate(of), evaluate(claimed)
    if isinstance(there, tuple) or isinstance(here, tuple):
        return False
    if not is_finite(there) or not is_finite(here):
        return False
    away = abs(Fraction(there) - Fraction(here))
    typed = [one.written or str(one.value) for one in (claimed, of) if isinstance(one, Number)]
    return any(away < last_place(text) for text in typed if "/" not in text)


def has_decimals(claimed: Expr) -> bool:
    """Whether something in a formula was typed as a decimal, as in 0.43*0.2."""
    return any(
        isinstance(node, Number) and node.written is not None and "/" not in node.written
        for node in walk(claimed)
    )


def as_decimal(claimed: Expr) -> Expr:
    """1.2·10⁻⁴ as the decimal 1.2e-4 that it is."""
    match claimed:
        case Neg(operand):
            found = as_decimal(operand)
            if isinstance(found, Number) and found is not operand:
                return Number(-found.value, f"-{found.written}")
        case Mul((Number(value) as first, Pow(Number(Fraction(numerator=10)), Number(power)))):
            is_short = power.denominator == 1 and abs(power) <= MAX_DIGITS
            mantissa = first.written or str(value)
            if is_short and not {"%", "/"} & set(mantissa):
                before, _, exponent = mantissa.lower().partition("e")
                places = int(exponent or 0) + int(power)
                return Number(value * Fraction(10) ** int(power), f"{before}e{places}")
    return claimed


def significant_digits(text: str) -> int:
    """How many digits of a decimal were written: 0.080 has two, 2.57 three."""
    digits = "".join(c for c in text.lower().partition("e")[0] if c.isdigit())
    return len(digits.lstrip("0"))


def last_place(text: str) -> Fraction:
    """The value of one unit in the last digit that was written: 1/100 for 2.57."""
    mantissa, _, exponent = text.lower().rstrip("%").partition("e")
    places = len(mantissa.partition(".")[2])
    unit = Fraction(10) ** (int(exponent or 0) - places)
    return unit / 100 if text.endswith("%") else unit


def is_between(
    claimed: Expr, ends: tuple[Fraction | float, Fraction | float], tolerance: Fraction
) -> bool:
    """Whether a number is claimed that lies between the ends, or is one of them, rounded."""
    found = evaluate(claimed)
    if isinstance(found, tuple) or found != found:  # not a number
        return False
    low, high = ends
    return low <= found <= high or any(is_right(claimed, end, tolerance) for end in ends)
