"""Infinity in words, as a VC dimension may be: infinite, unbounded, not finite, math.inf."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from mlcalc.files.document import Text
from mlcalc.maths.records import replace

INFINITE = re.compile(
    r"(?<![\w-])(?:(?:math|np|numpy|torch)\.inf|float\(\s*['\"]\+?inf['\"]\s*\)|infinit(?:e|y)"
    r"|infinitely\s+(?:many|large|big)|arbitrar(?:y|ily)\s+(?:many|large|big)|unbounded|not\s+finite"
    r"|not\s+bounded|no\s+(?:upper\s+)?(?:bound|limit)|inf|oo)(?:\s+points?)?"
    r"(?P<behind>\s*(?:[.!]|\([^()]*\))?\s*)$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:not|no|never|isn't|nor|un|non)[\s-]+$|\b(?:or|and)\b|[,;/]", re.IGNORECASE
)
FINITE = re.compile(
    r"\s*(?:(?:it|the|vc|d|dimension)[\s-]+)*(?:is\s+)?(?:finite|bounded|not\s+(?:infinite|unbounded))"
    r"\s*[.!]?\s*",
    re.IGNORECASE,
)


def with_infinity(claimed: Text, value: Fraction | float) -> Text:
    """The claim with ∞ for what says it at its end; `finite` is no infinity, and so is wrong."""
    text = claimed.value
    if FINITE.fullmatch(text) and math.isinf(value):
        return replace(claimed, value="-1", exact=False)
    match = INFINITE.search(text)
    if match is None or DENIED.search(text[: match.start()]):
        return claimed
    return replace(claimed, value=f"{text[: match.start()]}∞", exact=False)
