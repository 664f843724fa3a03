"""Answers of several words, one of each sort: realizable or agnostic, finite or infinite.

They come in any order and with words around: finite and realisable; realizable case, finite H.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.files.document import Raw
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.findings import Finding, decided
from mlcalc.marking.checking.wordings import words as listed_words

OTHER_WORDS = (
    (r"realisab", "realizab"),
    (r"\bnoise[-\s]?free\b|(?<!in)(?<!not\s)\bconsistent\s+(?=learner)", " realizable "),
    (r"\b(?:un|non[-\s]?|not\s+)realizable\b", " agnostic "),
    (r"\bnot\s+agnostic\b", " realizable "),
    (r"\b(?:not\s+finite|unbounded|non[-\s]?finite|vc(?:[-\s]dim(?:ension)?)?)\b", " infinite "),
    (r"\bnot\s+infinite\b", " finite "),
    (r"\bin[-‐‑–]finite\b", " infinite "),
    (r"\bconsistent\b", " "),
)
FILLERS = frozenset(
    listed_words(
        "a an and as of the is are it in with case cases setting set h hypothesis"
        " hypotheses class classes space spaces learner learning bound theorem number"
        " many pac we have this that our since because so for exists dimension learnable"
    )
)
TWICE = re.compile(r"\bnot\s+(?:not|un\w|non)")
WORD = re.compile(r"[a-z]+|[^\sa-z0-9.,;:()|=+/&$-]")


def compare_facets(typed: str, value: str, choices: Sequence[str], claimed: Raw) -> Finding:
    """Each sort by its word.  Raises `Invalid` where one is left out, or has two of them."""
    text = typed.casefold()
    if TWICE.search(text):
        raise Invalid.at("this denies what it denies: write the case that is meant", claimed.place)
    for pattern, usual in OTHER_WORDS:
        text = re.sub(pattern, usual, text)
    sorts = [set(sort) for sort in zip(*(choice.split(", ") for choice in choices), strict=True)]
    words = set(WORD.findall(text))
    listed = ", ".join(f"{choice!r}" for choice in choices)
    if words - FILLERS - set.union(*sorts):
        raise Invalid.at(f"one of these is expected: {listed}", claimed.place)
    said = [words & sort for sort in sorts]
    wanted = value.split(", ")
    if any(len(found) > 1 for found in said):
        raise Invalid.at("this names two cases: write the one that is meant", claimed.place)
    if any(found and own not in found for own, found in zip(wanted, said, strict=True)):
        return decided(False)
    if not all(said):
        raise Invalid.at(f"one of these is expected: {listed}", claimed.place)
    return decided(True)
