"""The rule for one number: exact, rounded as it was written, or within the rule."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.maths.compare import RELATIVE_TOLERANCE, same_number
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import is_finite
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import MAX_DIGITS
from mlcalc.maths.tree import Decimal, Expr, Mul, Neg, Number, Pow, walk

LEAST_DIGITS = 2
"""So many significant digits must be written for a number to count as rounded."""

LEAST_CUT = 3
"""And so many for one that was cut: 0.42 for 3/7 is off by 2 %, and no marker lets it pass."""

NEAR_ZERO = Fraction(1, 10**9)
"""What may stand for 0, of which nothing is a share."""


class Rule(Record):
    """How near a claim must be, and what else decides about all parts of an answer."""

    relative: Fraction = RELATIVE_TOLERANCE
    least_digits: int = LEAST_DIGITS
    is_count: bool = False
    """Whether only the exact number will do."""
    may_cut: bool = True
    """Whether the digits may be cut where rounding would raise the last one."""
    choices: tuple[str, ...] = ()
    """The words of which a textual answer is one."""
    of_ones: bool = False
    """Whether the data are 0 or 1, and k the number of those that are 1."""


USUAL = Rule()
AS_WRITTEN = Rule(Fraction(0), least_digits=1, may_cut=False)
"""For published answers: right in all digits that are written, however few."""


def within(tolerance: Fraction | None, rule: Rule = USUAL) -> Rule:
    """The rule with the tolerance that a problem sets."""
    return rule if tolerance is None else replace(rule, relative=tolerance)


def is_right(claimed: Expr, value: Fraction | float, rule: Rule) -> bool:
    """Whether a number is claimed that is the value.

    Raises `EvaluationError` where what is claimed has no value.
    """
    claimed = as_decimal(claimed)
    found = evaluate(claimed)
    if isinstance(found, tuple):
        return False
    if same_number(found, value):
        return True
    if rule.is_count or not is_finite(value) or not is_finite(found):
        return False
    if not isinstance(claimed, Number | Decimal) and not has_decimals(claimed):
        return False  # 257/100 and √6.6 claim to be exact
    there, target = Fraction(found), Fraction(value)
    if abs(there - target) <= (rule.relative * abs(target) if target else NEAR_ZERO):
        return True
    if not isinstance(claimed, Number | Decimal):
        return False
    text = claimed.written if isinstance(claimed, Number) and claimed.written else str(found)
    if "/" in text or significant_digits(text) < rule.least_digits:
        return False
    unit = last_place(text)
    is_cut = rule.may_cut and significant_digits(text) >= LEAST_CUT
    is_cut = is_cut and 0 <= abs(target) - abs(there) < unit and there * target >= 0
    return is_cut or abs(there - target) <= unit / 2


def is_on_the_way(claimed: Expr, count: Fraction | float) -> bool:
    """Whether a count is the number claimed, rounded up or down: 1399 follows on 1398.2."""
    found = evaluate(claimed)
    if isinstance(found, tuple) or not is_finite(found) or not is_finite(count):
        return False
    return abs(Fraction(found) - Fraction(count)) < 1


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


def is_between(claimed: Expr, ends: tuple[Fraction | float, Fraction | float], rule: Rule) -> bool:
    """Whether a number is claimed that lies between the ends, or is one of them, rounded."""
    found = evaluate(claimed)
    if isinstance(found, tuple) or found != found:  # not a number
        return False
    low, high = ends
    return low <= found <= high or any(is_right(claimed, end, rule) for end in ends)
