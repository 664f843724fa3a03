"""Letters of our own that cannot meet those of the person who asks.

A formula for `polynomials(degree=d)` needs a letter for the dimension of space, which is then not
d; and the index of a sum is none of the letters that stand in it.
"""

from __future__ import annotations

from collections.abc import Collection

from mlcalc.maths.tree import Expr, Symbol, free_symbols

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
CONSTANTS = "eim"
"""Letters that are not free to stand for a number: e, i of sums, and m of the growth function."""


def letters_in(*formulas: Expr | None) -> set[Symbol]:
    """The letters of the formulas that are given."""
    return {letter for each in formulas if each is not None for letter in free_symbols(each)}


def free_letter(taken: Collection[Expr], wanted: str) -> Symbol:
    """The first of the wanted letters that is not taken, or the next of the alphabet."""
    others = [letter for letter in ALPHABET if letter not in CONSTANTS]
    alphabet = [*wanted, *others, *(letter.upper() for letter in others)]
    return next(letter for letter in map(Symbol, alphabet) if letter not in taken)
