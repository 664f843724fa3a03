"""One claimed answer against one `Answer`.

A decimal is right when it is the exact value rounded to the digits that were written, at least
two, or within 0.1 % of it; a whole number must be exact; formulas are right when they are equal.
What cannot be read, or in two ways, is unreadable, never wrong.
"""

# The rules for formulas, words and distributions are loaded by `answers` when there is one.
from mlcalc.checking.answers import MAX_LENGTH, check, check_named
from mlcalc.checking.numbers import RELATIVE_TOLERANCE

__all__ = ["MAX_LENGTH", "RELATIVE_TOLERANCE", "check", "check_named"]
