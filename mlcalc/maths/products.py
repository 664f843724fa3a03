"""Products that are written without a sign: which names are letters, and which are several.

People write θ(1 − θ), x y and wx.  A letter of the alphabet, Latin or Greek, with a subscript or
without, stands for a number; so does each name that is known to, however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mlcalc.maths.functions import KNOWN_CALLS
from mlcalc.maths.scanner import GREEK_NAMES, Token, TwoReadings, two_ways

LETTER = re.compile(rf"(?:[A-Za-z]|{'|'.join(GREEK_NAMES)})(?:_[A-Za-z0-9_]+|[0-9]+)?")
CONSTANTS = ("e", "pi", "inf")
"""Names that have a value of their own."""
OPEN_FUNCTIONS = frozenset({*"fghPEL", "phi", "psi", "Gamma", "sigma"})
"""Letters that are functions before a bracket: f(x), P(A), L(theta), σ(z)."""


def is_letter(name: str) -> bool:
    """Whether a name is one letter of an alphabet: x, theta, x_1, x1, and no word."""
    return LETTER.fullmatch(name) is not None


def pieces_of(token: Token, known: Collection[str]) -> list[Token]:
    """The known names that a name is made of, wx or thetax; itself where it is none.

    Raises `TwoReadings` where it can be divided in two ways.
    """
    is_word = token.text in known or token.text in KNOWN_CALLS
    if token.kind != "name" or is_word or token.end - token.position != len(token.text):
        return [token]
    found = divisions(token.text, known)
    if not found:
        return [token]
    if len(found) > 1:
        raise TwoReadings(two_ways(*map("*".join, found)), token.position)
    out: list[Token] = []
    position = token.position
    for name in found[0]:
        end = position + len(name)
        out.append(Token("name", name, position, end, token.spaced and not out))
        position = end
    return out


def divisions(name: str, known: Collection[str]) -> list[tuple[str, ...]]:
    """The ways to write a name as a row of known names, two at most.

    A digit belongs to the letter before it, as in w0x0.
    """
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(name) + 1):
        here: list[tuple[str, ...]] = []
        for one in known:
            start = end - len(one)
            if start >= 0 and name[start:end] == one and not name[end : end + 1].isdigit():
                here += [(*before, one) for before in ways[start]]
        ways.append(here[:2])
    return ways[-1]
