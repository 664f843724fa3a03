"""How many terminal columns a text takes.

A combining accent takes none and an East Asian wide letter takes two, so `len` would misplace
every bracket to the right of a θ̂.  All alignment in mlcalc counts with `columns`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache


def columns(text: str) -> int:
    """The display width of one line of text."""
    return len(text) if text.isascii() else sum(map(_letter_columns, text))


@lru_cache(maxsize=1024)
def _letter_columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces, within a word if need be."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        needed = columns(word)
        if line and used + 1 + needed <= width:
            line, used = f"{line} {word}", used + 1 + needed
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines += full
        used = columns(line)
    return [*lines, line]


def _pieces(word: str, width: int) -> Iterator[str]:
    """The word cut into pieces that fit; an accent stays with its letter."""
    piece, used = "", 0
    for letter in word:
        needed = _letter_columns(letter)
        if piece and used + needed > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + letter, used + needed
    yield piece
