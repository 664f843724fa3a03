"""Answers that are a whole interval: any value in it is right, and so is the interval itself."""

from __future__ import annotations

import re
from fractions import Fraction

from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import tree
from mlcalc.marking.checking.findings import Finding, decided, united
from mlcalc.marking.checking.numbers import Rule, is_between, is_right
from mlcalc.marking.checking.reading import read_chain
from mlcalc.maths import reader
from mlcalc.maths.compare import same
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Expr, Listing, Symbol

Ends = tuple[Fraction | float, Fraction | float]

RANGE = re.compile(r"\s*([0-9.]+)\s*[-–—]\s*([0-9.]+)\s*")
"""2-4, an interval or a difference."""

HALF_OPEN = re.compile(r"\s*(?:[A-Za-z_]+\s*(?:∈|in|\\in)\s*)?([\[(\]])([^\[\]()]*)([\])\[])\s*")


def compare_interval(claimed: Raw, ends: Ends, rule: Rule) -> Finding:
    """[2, 4], (2, 4), 2 < x < 4, or a number between."""
    if isinstance(claimed, Text) and ";" in claimed.value:
        claimed = replace(claimed, value=claimed.value.replace(";", ","))
    found = claimed_ends(claimed)
    if found is not None:
        return compare_ends(found, ends, rule)
    if isinstance(claimed, Text) and (match := RANGE.fullmatch(claimed.value)):
        low, high = map(reader.read, match.groups())
        both = (compare_ends((low, high), ends, rule), decided(is_between(low - high, ends, rule)))
        return united(both)
    chain = read_chain(claimed)
    if any(isinstance(one, Listing) and len(one.items) == 2 for one in chain):
        pairs = [one.items if isinstance(one, Listing) else (one,) * 2 for one in chain]
        return united([compare_ends((pair[0], pair[-1]), ends, rule) for pair in pairs])
    if not all(same(chain[0], one) for one in chain):
        raise Invalid.at("two different values stand here for one: write the one that is meant")
    return decided(is_between(chain[0], ends, rule))


def compare_ends(found: tuple[Expr, Expr], ends: Ends, rule: Rule) -> Finding:
    pairs = zip(found, ends, strict=True)
    return decided(all(is_right(theirs, ours, rule) for theirs, ours in pairs))


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
