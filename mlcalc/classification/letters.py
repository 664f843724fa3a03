"""The probabilities of a classifier as they are written: P(red = 1 | Y = 0), P(x, Y = 0)."""

from __future__ import annotations

from mlcalc.document import Text
from mlcalc.errors import Invalid, Place
from mlcalc.fields import tree
from mlcalc.maths.tree import Call, Chain, Expr, Given, Neg, Number, Symbol, Words

Y, X, P = Symbol("Y"), Symbol("x"), "P"
Y_HAT = Symbol("Y", accent="hat")


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


def is_class(name: str) -> Chain:
    """Y = 1."""
    return Chain(Y, (("=", word(name)),))


def has_value(feature: str, value: str) -> Chain:
    """red = 1."""
    return Chain(Words(feature), (("=", word(value)),))


def prior(name: str) -> Expr:
    """P(Y = 1)."""
    return Call(P, (is_class(name),))


def likelihood(event: Expr, name: str) -> Expr:
    """P(red = 1 | Y = 1)."""
    return Call(P, (Given(event, is_class(name)),))


def joint(name: str) -> Expr:
    """P(x, Y = 1)."""
    return Call(P, (X, is_class(name)))


def posterior(name: str) -> Expr:
    """P(Y = 1 | x)."""
    return Call(P, (Given(is_class(name), X),))


def density(feature: Expr, name: str) -> Expr:
    """p(x | Y = 1)."""
    return Call("p", (Given(feature, is_class(name)),))


def joint_density(name: str) -> Expr:
    """p(x, Y = 1)."""
    return Call("p", (X, is_class(name)))
