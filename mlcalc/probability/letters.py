"""The letters that every derivation of this folder writes: x, n, D, and the index i."""

from __future__ import annotations

from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.tree import Symbol

X, N, DATA, INDEX = Symbol("x"), Symbol("n"), Symbol("D"), Symbol("i")
RESERVED = frozenset(
    {X, N, INDEX, DATA, Symbol("k"), Symbol("sum"), Symbol("mean"), *map(Symbol, CONSTANTS)}
)


def taken_letter(letter: Symbol) -> str:
    """The complaint about a letter that would mean two things."""
    return f"{letter.spelled} stands for something else here: choose another letter"
