"""Yes or no, class labels, and other answers that are a word."""

from __future__ import annotations

import re
from fractions import Fraction

from mlcalc.checking.distributions import compare_distribution, is_distribution
from mlcalc.checking.findings import RIGHT, WRONG, Finding, decided
from mlcalc.document import Raw, written
from mlcalc.errors import Invalid
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Expr

YES = {
    "yes": True, "true": True, "y": True, "1": True, "no": False, "false": False, "n": False,
    "0": False,
}  # fmt: skip
TEX_WORD = re.compile(r"\\(?:text|textrm|mathrm|textbf|textit|operatorname)\s*\{([^{}]*)\}")
SENTENCE = re.compile(
    r"(?:it\s+is|(?:i\s+)?(?:predict(?:ed)?|answer)|(?:the\s+)?(?:predicted\s+)?"
    r"(?:class|label|prediction|answer))\s*(?:is|:)?\s+",
    re.IGNORECASE,
)
"""What may stand before a word: the class is spam."""
NAME_BEFORE = re.compile(r"^[^=]*=\s*(?=\S)")
QUOTES = "\"'`“”‘’«»"


def compare_truth(claimed: Raw, value: bool) -> Finding:
    word = bare(written(claimed)).lower()
    if word not in YES:
        word = re.split(r"[,;:]\s", word)[0]  # yes, it can
    if word not in YES:
        raise Invalid.at("yes or no is expected", claimed.place)
    return decided(YES[word] is value)


def bare(text: str) -> str:
    """A word without LaTeX, quotes and the full stop around it."""
    text = TEX_WORD.sub(r"\1", text).replace("$", "").strip()
    return text.removesuffix(".").strip().strip(QUOTES).strip()


def compare_words(claimed: Raw, value: str, tolerance: Fraction) -> Finding:
    """Words alike but for case and spaces; a named distribution by the values of its arguments."""
    typed = bare(written(claimed))
    for text in (typed, bare(NAME_BEFORE.sub("", typed)), bare(SENTENCE.sub("", typed, 1))):
        if folded(text) == folded(value):
            return RIGHT
    try:
        ours = reader.read(value)
    except Unreadable:
        return WRONG
    if is_distribution(ours):
        return compare_distribution(claimed, ours, tolerance)
    return decided(is_number(ours, NAME_BEFORE.sub("", typed)))


def is_number(label: Expr, text: str) -> bool:
    """Whether a class that is a number is named by that number: 1.0 for the class 1."""
    own = exact(label)
    try:
        return own is not None and exact(reader.read(text)) == own
    except Unreadable:
        return False


def folded(text: str) -> str:
    """Case, spaces and dashes mean nothing, nor does the order of words between commas."""
    spaced = text.casefold().replace("_", " ").replace("-", " ").replace("isable", "izable")
    return ", ".join(sorted(" ".join(part.split()) for part in spaced.split(",")))
