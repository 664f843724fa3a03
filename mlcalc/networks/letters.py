"""Which names are letters for numbers."""

from __future__ import annotations

from mlcalc.maths.scanner import GREEK_NAMES
from mlcalc.maths.tree import Symbol

SHORTEST_WORD = 4


def is_letter(symbol: Symbol) -> bool:
    """Whether a name is a letter, Greek or not, with digits or without, and no longer word."""
    name = symbol.name
    return not name.isalpha() or len(name) < SHORTEST_WORD or name in GREEK_NAMES
