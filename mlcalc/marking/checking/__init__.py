"""One claimed answer against one `Answer`.

A measure is right when it is the exact value rounded or cut to the digits that were written, at
least two, or within 0.1 % of it; a count must be exact; formulas are right when they are equal.
What cannot be read, or in two ways, is unreadable, never wrong.
"""

# The rules for formulas, words and distributions are loaded by `answers` when there is one.
from mlcalc.marking.checking.answers import MAX_LENGTH, check, check_named, several_claims
from mlcalc.marking.checking.numbers import AS_WRITTEN, USUAL, Rule, within

__all__ = [
    "AS_WRITTEN",
    "MAX_LENGTH",
    "USUAL",
    "Rule",
    "check",
    "check_named",
    "several_claims",
    "within",
]
