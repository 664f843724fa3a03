"""The logarithm of a density as a sum of terms c·g(θ), which is what the data add up in.

log ∏ f = Σ log f, log a^b = b·log a and log e^u = u, read on the tree: nothing is simplified
that a teacher would not simplify.  Terms with the same g are one term, their c added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    call,
    free_symbols,
    substitute,
)
from mlcalc.records import Record

ONE = Number(Fraction(1))


class Term(Record):
    """c·g(θ): `function` depends on the parameter, `coefficient` does not."""

    coefficient: Expr
    function: Expr

    @property
    def written(self) -> Expr:
        return scaled(self.coefficient, self.function)


def log_of(density: Expr) -> list[Expr]:
    """The additive terms of the logarithm of a product."""
    match density:
        case Mul(factors):
            return [term for factor in factors for term in log_of(factor)]
        case Div(numerator, denominator):
            return [*log_of(numerator), *map(negated, log_of(denominator))]
        case Pow(base, exponent):
            return [scaled(exponent, term) for term in log_of(base)]
        case Call("exp", (inside,), ()):
            return addends(inside)
        case Call("sqrt", (inside,), ()):
            return [term / 2 for term in log_of(inside)]
        case Number(value) if value == 1:
            return []
        case _:
            return [call("log", density)]


def addends(expression: Expr) -> list[Expr]:
    """The terms of a sum, signs taken inside."""
    match expression:
        case Add(terms):
            return [addend for term in terms for addend in addends(term)]
        case Neg(operand):
            return list(map(negated, addends(operand)))
        case _:
            return [expression]


def negated(expression: Expr) -> Expr:
    match expression:
        case Neg(operand):
            return operand
        case Number(value) if value < 0:
            return Number(-value)
        case _:
            return Neg(expression)


def scaled(coefficient: Expr, function: Expr) -> Expr:
    """coefficient·function as it is written: 9/θ for 9·(1/θ), −nλ for (−n)·λ, θ for 1·θ."""
    if isinstance(function, Neg):
        return negated(scaled(coefficient, function.operand))
    match coefficient:
        case Neg(operand):
            return negated(scaled(operand, function))
        case Number(value) if value < 0:
            return Neg(scaled(Number(-value), function))
        case Number(value) if value == 1:
            return function
    match function:
        case Number(value) if value == 1:
            return coefficient
        case Number(value) if value < 0:
            return negated(scaled(coefficient, Number(-value)))
        case Div(numerator, denominator):
            return scaled(coefficient, numerator) / denominator
        case Mul(factors):
            left = coefficient.factors if isinstance(coefficient, Mul) else (coefficient,)
            return Mul((*left, *factors))
        case _:
            return coefficient * function


def total(terms: Iterable[Expr]) -> Expr:
    """The sum as it is written; −(a + b) where every term is negative."""
    flat = [addend for term in terms for addend in addends(term)]
    flat = [term for term in flat if exact(term) != 0] or [Number(Fraction(0))]
    if len(flat) == 1:
        return flat[0]
    if all(isinstance(t, Neg) or (isinstance(t, Number) and t.value < 0) for t in flat):
        return Neg(Add(tuple(map(negated, flat))))
    return Add(tuple(signed(term) for term in flat))


def signed(term: Expr) -> Expr:
    if isinstance(term, Number) and term.value < 0:
        return Neg(Number(-term.value))
    return term


def split(term: Expr, parameter: Symbol) -> Term:
    """The factors with the parameter apart from those without."""
    match term:
        case _ if parameter not in free_symbols(term):
            return Term(term, ONE)
        case Neg(operand):
            inner = split(operand, parameter)
            return Term(negated(inner.coefficient), inner.function)
        case Div(numerator, denominator) if parameter not in free_symbols(denominator):
            inner = split(numerator, parameter)
            return Term(inner.coefficient / denominator, inner.function)
        case Mul(factors):
            outside = [f for f in factors if parameter not in free_symbols(f)]
            inside = [f for f in factors if parameter in free_symbols(f)]
            function = inside[0] if len(inside) == 1 else Mul(tuple(inside))
            if not outside:
                return Term(ONE, function)
            return Term(outside[0] if len(outside) == 1 else Mul(tuple(outside)), function)
        case _:
            return Term(ONE, term)


def collected(terms: Iterable[Expr], parameter: Symbol) -> list[Term]:
    """The terms that depend on the parameter, those with the same function added up."""
    found: dict[Expr, list[Expr]] = {}
    for term in terms:
        apart = split(term, parameter)
        if apart.function != ONE:
            found.setdefault(apart.function, []).append(apart.coefficient)
    return [Term(total(coefficients), function) for function, coefficients in found.items()]


def over_data(coefficient: Expr, x: Symbol, count: Expr, sums: Mapping[Expr, Expr]) -> Expr:
    """Σᵢ c(xᵢ) for c linear in the statistics: n·a for what has no x, ΣT(xᵢ) for each T(x)."""

    def one(addend: Expr) -> Expr:
        if x not in free_symbols(addend):
            return scaled(addend, count)
        apart = split(addend, x)
        return scaled(apart.coefficient, sums[apart.function])

    return total(map(one, addends(coefficient)))


def renamed(formula: Expr, names: Mapping[str, Expr]) -> Expr:
    """The formula with its letters replaced."""
    return substitute(formula, {Symbol.named(name): value for name, value in names.items()})
