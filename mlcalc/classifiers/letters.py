"""The probabilities of a classifier as they are written: P(red = 1 | Y = 0), p(x, Y = 0)."""

from __future__ import annotations

import re
from functools import lru_cache

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.fields import tree
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.tree import Call, Chain, Expr, Given, Neg, Number, Symbol, Words

Y, X = Symbol("Y"), Symbol("x")

SHARED = 1000
"""So many of each are kept: the classes and values of one problem are those of the next."""


@lru_cache(SHARED)
def word(typed: str) -> Expr:
    """A value or the name of a class as it was typed: a number as a number, others upright."""
    if typed[:1].isdigit() or typed[:1] in ("-", "."):
        try:
            found = tree(Text(typed, Place("")))
        except Invalid:
            return Words(typed)
        match found:
            case Number():
                return found
            case Neg(Number(value, written)):
                return Number(-value, None if written is None else f"-{written}")
    return Words(typed)


def feature_symbol(name: str) -> Symbol:
    """The name of a column as a letter of a formula: x_1, petal_length."""
    found = re.sub(r"\W+", "_", name).strip("_")
    if not found or not found[0].isalpha() or found in CONSTANTS:
        found = f"x_{found}" if found else "x"
    return Symbol.named(found)


@lru_cache(SHARED)
def is_class(name: str) -> Chain:
    """Y = 1."""
    return Chain(Y, (("=", word(name)),))


@lru_cache(SHARED)
def prior(name: str) -> Expr:
    """P(Y = 1)."""
    return Call("P", (is_class(name),))


@lru_cache(SHARED)
def event(feature: str, value: str) -> Expr:
    """red = 1."""
    return Chain(Words(feature), (("=", word(value)),))


@lru_cache(SHARED)
def likelihood(event: Expr, name: str, p: str = "P") -> Expr:
    """P(red = 1 | Y = 1)."""
    return Call(p, (Given(event, is_class(name)),))


def density(feature: Expr, name: str) -> Expr:
    """p(x | Y = 1)."""
    return likelihood(feature, name, "p")


@lru_cache(SHARED)
def joint(name: str, p: str = "P") -> Expr:
    """P(x, Y = 1)."""
    return Call(p, (X, is_class(name)))


@lru_cache(SHARED)
def posterior(name: str) -> Expr:
    """P(Y = 1 | x)."""
    return Call("P", (Given(is_class(name), X),))


@lru_cache(SHARED)
def ranking(names: tuple[str, ...], relations: tuple[str, ...]) -> Chain:
    """P(Y = 1 | x) > P(Y = 0 | x)."""
    first, *others = map(posterior, names)
    return Chain(first, tuple(zip(relations, others, strict=True)))
