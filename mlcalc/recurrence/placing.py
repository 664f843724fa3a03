"""The names that a cell's vectors and weights bear in a network of several layers or directions."""

from __future__ import annotations

from mlcalc.maths.tree import Symbol
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    Reading,
    Term,
)
from mlcalc.records import replace

X = Symbol("x")
"""The input of a cell, which is the state of the layer below it where there is one."""


def weight_symbol(typed: str, mark: str) -> Symbol:
    """W_xh, and W_xh,2 of a layer."""
    symbol = Symbol.named(typed)
    if not mark:
        return symbol
    return Symbol(symbol.name, f"{symbol.subscript},{mark}" if symbol.subscript else mark)


def marked(vector: Symbol, mark: str) -> Symbol:
    return Symbol(vector.name, mark, vector.accent) if mark else vector


def placed(equation: Equation, mark: str, inputs: Symbol, is_reversed: bool) -> Equation:
    """The equation of a cell under the names of a layer; a reversed one reads the future."""

    def name(vector: Symbol) -> Symbol:
        return inputs if vector == X else marked(vector, mark)

    def reading(each: Reading) -> Reading:
        lag = -each.lag if is_reversed else each.lag
        return replace(each, vector=name(each.vector), lag=lag)

    def term(each: Term) -> Term:
        found = (replace(factor, reading=reading(factor.reading)) for factor in each.factors)
        return replace(each, factors=tuple(found))

    target = name(equation.target)
    match equation:
        case Affine(_, products, _):
            moved = tuple((weight, reading(each)) for weight, each in products)
            return replace(equation, target=target, products=moved)
        case Activation(_, _, argument):
            return replace(equation, target=target, argument=name(argument))
        case Combination(_, terms):
            return replace(equation, target=target, terms=tuple(map(term, terms)))
        case Concatenation(_, readings):
            return replace(equation, target=target, readings=tuple(map(reading, readings)))
