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

NUMBER = r"[-−+]?\s*[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?"
AT_MOST = r"(?:<=?|≤|⩽|\\le(?:q|qslant)?(?![A-Za-z]))"
WORDED = re.compile(
    rf"between\s+\$?(?P<low>{NUMBER})\$?\s+and\s+\$?(?P<high>{NUMBER})|"
    rf"(?P<opening>[\[(]?)\s*(?P<from>{NUMBER})\s*(?:,|;|\.\.+|…|\bto\b)\s*(?P<to>{NUMBER})\s*[\])]?|"
    rf"(?P<least>{NUMBER})\s*{AT_MOST}\s*\\?[^\W\d_]+\s*{AT_MOST}\s*(?P<most>{NUMBER})"
)
"""between 2 and 4, [2, 4], 2 to 4, 2..4, 2 ≤ μ ≤ 4."""
NOT_UNIQUE = re.compile(r"\b(?:not|non|no|isn't)[\s-]+(?:a\s+)?uniquel?y?\b", re.IGNORECASE)
PART = re.compile(r"\\?[^\W\d_]+|[^\s]")
SAYS_NOTHING = frozenset(
    [
        *("a", "all", "an", "any", "anything", "anywhere", "are", "as", "at", "be", "by", "each"),
        *("every", "everything", "from", "here", "i", "in", "is", "it", "lie", "lies", "of", "on"),
        *("one", "so", "such", "that", "the", "there", "therefore", "this", "we", "whole", "with"),
        *("within", "works", "will", "do", "does", "closed", "inclusive", "interval", "range"),
        *("set", "point", "points", "possible", "real", "number", "numbers", "value", "values"),
        *("satisfying", "maximise", "maximises", "maximiser", "maximisers", "maximize"),
        *("maximizes", "maximizer", "maximizers", "maximum", "attained", "likelihood", "ml", "mle"),
        *("estimate", "estimates", "estimator", "solution", "med", "median", "medians", "m", "u"),
        *("mu", "theta", "lambda", "x", "b", "hat", "μ", "θ", "\\mu", "\\theta", "\\hat", "\u0302"),
        *("∈", "\\in", "∀", "\\forall", "\\text", "\\mathrm", "\\left", "\\right", "\\"),
        *":,.=(){}$_^;!",
    ]
)
"""What may stand around an interval: any value in …, not unique: …."""

Ends = tuple[Fraction | float, Fraction | float]

RANGE = re.compile(r"\s*([0-9.]+)\s*[-–—]\s*([0-9.]+)\s*")
"""2-4, an interval or a difference."""

HALF_OPEN = re.compile(r"\s*(?:[A-Za-z_]+\s*(?:∈|in|\\in)\s*)?([\[(\]])([^\[\]()]*)([\])\[])\s*")


def compare_interval(claimed: Raw, ends: Ends, rule: Rule) -> Finding:
    """[2, 4], (2, 4), 2 < x < 4, or a number between."""
    if isinstance(claimed, Text) and ";" in claimed.value:
        claimed = replace(claimed, value=claimed.value.replace(";", ","))
    found = worded_ends(claimed) or claimed_ends(claimed)
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


def worded_ends(claimed: Raw) -> tuple[Expr, Expr] | None:
    """The ends of an interval among words that say no more than that any value in it will do."""
    if not isinstance(claimed, Text) or (match := WORDED.search(claimed.value)) is None:
        return None
    around = claimed.value[: match.start()] + " " + claimed.value[match.end() :]
    said = [word.casefold() for word in PART.findall(NOT_UNIQUE.sub(" ", around))]
    if not set(said) <= SAYS_NOTHING:
        return None
    ends = [text for name, text in match.groupdict().items() if text and name != "opening"]
    return reader.read(ends[0]), reader.read(ends[1])


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
