"""The probabilities of a classifier as they are written: P(red = 1 | Y = 0), p(x, Y = 0)."""

from __future__ import annotations

import re

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.fields import tree
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.tree import Call, Chain, Expr, Given, Neg, Number, Symbol, Words

Y, X = Symbol("Y"), Symbol("x")


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


def is_class(name: str) -> Chain:
    """Y = 1."""
    return Chain(Y, (("=", word(name)),))


def prior(name: str) -> Expr:
    """P(Y = 1)."""
    return Call("P", (is_class(name),))


def likelihood(event: Expr, name: str, p: str = "P") -> Expr:
    """P(red = 1 | Y = 1)."""
    return Call(p, (Given(event, is_class(name)),))


def density(feature: Expr, name: str) -> Expr:
    """p(x | Y = 1)."""
    return likelihood(feature, name, "p")


def joint(name: str, p: str = "P") -> Expr:
    """P(x, Y = 1)."""
    return Call(p, (X, is_class(name)))


def posterior(name: str) -> Expr:
    """P(Y = 1 | x)."""
    return Call("P", (Given(is_class(name), X),))
