"""The letters that every derivation of this folder writes: x, n, D, and the index i."""

from __future__ import annotations

from mlcalc.files.fields import is_single
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.tree import Expr, Symbol, free_symbols

X, N, DATA, INDEX, THETA = map(Symbol, ("x", "n", "D", "i", "theta"))
CONSTANT_LETTERS = frozenset(map(Symbol, CONSTANTS))
RESERVED = CONSTANT_LETTERS | {X, N, INDEX, DATA, Symbol("k"), Symbol("sum"), Symbol("mean")}


def is_number_or_letter(value: Expr) -> bool:
    """Whether a value is an exact number or a formula in letters: not inf, e, sqrt(2) or a list."""
    letters = free_symbols(value)
    in_letters = bool(letters) and not letters & CONSTANT_LETTERS
    return is_single(value) and (exact(value) is not None or in_letters)


def is_letter(word: str) -> bool:
    """Whether a name is a letter of its own, such as p, theta, q_A or sigma2, and not a word."""
    from mlcalc.maths.printing.letters import GREEK

    stem = word.partition("_")[0].rstrip("0123456789")
    return len(stem) <= 1 or stem in GREEK


def taken_letter(letter: Symbol) -> str:
    """The complaint about a letter that would mean two things."""
    return f"{letter.spelled} stands for something else here: choose another letter"
