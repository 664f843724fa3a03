"""What of a claim is a name, and what only words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.marking.checking.left_sides import FILLERS, about, is_name, left_side
from mlcalc.marking.checking.spellings import TEX_GROUP
from mlcalc.marking.checking.wordings import words
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.functions import KNOWN_CALLS
from mlcalc.maths.scanner import GREEK_NAMES
from mlcalc.showing.derivation import Answer

WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}(?:['’-][A-Za-z]+)*")
LABEL = frozenset({"max", "mean", "median", "mode", "any", "biased", "units", "so"})
SMALL_WORDS = frozenset(
    words(
        "an and are as at be but by for from had has he if in is it its me my no of off on or our"
        " out own so than the to too up us was we who why yes you"
    )
)
NOT_A_LETTER = re.compile(r"[a-z]{3,}")


def as_name(piece: str) -> str:
    """VC-dim as VC dim."""
    return re.sub(r"(?<=[A-Za-z]{2})-(?=[A-Za-z]{2})", " ", piece)


def is_own_name(piece: str, answer: Answer, others: Sequence[Answer]) -> bool:
    """Whether a name is that of the answer; another or an unknown one stays and is believed."""
    if left_side(f"{piece} = 0") != piece.strip():
        return is_label(piece)  # a sign stands in it, or it is no name
    try:
        return about(Text(f"{piece} = 0", Place("answer", piece)), answer, others) is None
    except Invalid:
        return False


def is_a_name(piece: str) -> bool:
    return is_name(piece) or is_label(piece)


def is_label(piece: str) -> bool:
    """Whether words only say that this is the answer: the median, (MLE)."""
    found = re.findall(r"[A-Za-z]+|[^A-Za-z\s]", TEX_GROUP.sub(r"\1", piece))
    return bool(found) and all(word.lower() in FILLERS | LABEL for word in found)


def has_words(piece: str, answer: Answer) -> bool:
    """Whether something is left in a value that is neither notation nor a letter."""
    known = KNOWN_CALLS | CONSTANTS.keys() | set(GREEK_NAMES)
    left = [word for word in WORD.findall(TEX_GROUP.sub(r" \1 ", piece)) if word not in known]
    if isinstance(answer.value, Fraction | float):
        return bool(left)
    if isinstance(answer.value, tuple):
        left = [word for word in left if word != "and"]
    return any(word.lower() in SMALL_WORDS or NOT_A_LETTER.fullmatch(word) for word in left)
