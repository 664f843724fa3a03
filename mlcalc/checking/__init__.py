"""One claimed answer against one `Answer`.

A decimal is right when it is the exact value rounded to the digits that were written, at least
two, or within 0.1 % of it; a whole number must be exact; formulas are right when they are equal.
What cannot be read, or in two ways, is unreadable, never wrong.
"""

from mlcalc.checking.answers import MAX_LENGTH, check, check_named, compare
from mlcalc.checking.distributions import is_distribution
from mlcalc.checking.numbers import RELATIVE_TOLERANCE, last_place, significant_digits
from mlcalc.checking.reading import claimed_member
from mlcalc.checking.words import YES

__all__ = [
    "MAX_LENGTH",
    "RELATIVE_TOLERANCE",
    "YES",
    "check",
    "check_named",
    "claimed_member",
    "compare",
    "is_distribution",
    "last_place",
    "significant_digits",
]
