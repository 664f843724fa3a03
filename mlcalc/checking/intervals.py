"""Answers that are a whole interval: any value in it is right, and so is the interval itself."""

from __future__ import annotations

import re
from fractions import Fraction

from mlcalc.checking.findings import Finding, decided
from mlcalc.checking.numbers import is_between, is_right
from mlcalc.checking.reading import read_value
from mlcalc.document import Raw, Text
from mlcalc.fields import tree
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.tree import Chain, Expr, Listing, Symbol
from mlcalc.records import replace

Ends = tuple[Fraction | float, Fraction | float]

HALF_OPEN = re.compile(r"\s*(?:[A-Za-z_]+\s*(?:∈|in|\\in)\s*)?([\[(\]])([^\[\]()]*)([\])\[])\s*")


def compare_interval(claimed: Raw, ends: Ends, tolerance: Fraction) -> Finding:
    """[2, 4], (2, 4), 2 < x < 4, or a number between."""
    found = claimed_ends(claimed)
    if found is None:
        return decided(is_between(read_value(claimed), ends, tolerance))
    pairs = zip(found, ends, strict=True)
    return decided(all(is_right(theirs, ours, tolerance) for theirs, ours in pairs))


def claimed_ends(claimed: Raw) -> tuple[Expr, Expr] | None:
    if isinstance(claimed, Text) and (match := HALF_OPEN.fullmatch(claimed.value)):
        start, end = match.span(2)
        inside = replace(claimed, value=" " * start + claimed.value[start:end])
        found = tree(inside)
    else:
        found = tree(claimed)
    match found:
        case Listing((low, high)):
            return low, high
        case Chain(low, ((first, Symbol() as name), (second, high))) if {first, second} <= {
            "<", "<=",
        } and name.spelled not in CONSTANTS:  # fmt: skip
            return low, high
        case Chain(high, ((first, Symbol() as name), (second, low))) if {first, second} <= {
            ">", ">=",
        } and name.spelled not in CONSTANTS:  # fmt: skip
            return low, high
    return None
