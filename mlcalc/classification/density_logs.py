"""The logarithm of a ratio of two densities, where it is a polynomial."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.classification.density_polynomials import Powers, added, polynomial_of
from mlcalc.classification.density_polynomials import scaled as multiplied
from mlcalc.classification.logged import HALF, Logged
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Call, Div, Expr, Mul, Neg, Number, Pow, Symbol, free_symbols
from mlcalc.probability.terms import log_of


def log_ratio(x: Symbol, left: Expr, right: Expr) -> tuple[Powers, Logged] | None:
    """log(left/right) as a polynomial of degree 2 at most and a constant; None if it is none."""
    powers: Powers | None = (Fraction(0),)
    inner, pi = Fraction(1), Fraction(0)
    for side, sign in ((left, 1), (right, -1)):
        for term in log_of(side):
            if x in free_symbols(term):
                powers = added(powers, multiplied(polynomial_of(term, x), Fraction(sign)))
                continue
            found = half_log(term)
            if found is None or powers is None:
                return None
            inner *= found[0] ** sign
            pi += found[1] * sign
    if powers is None or len(powers) > 3 or pi:
        return None
    return powers, Logged(Fraction(0), HALF, inner)


def half_log(term: Expr) -> tuple[Fraction, Fraction] | None:
    """q and k where the term is ½·log(q·π^k)."""
    factor, inner = Fraction(2), term
    while not (isinstance(inner, Call) and inner.name == "log"):
        match inner:
            case Neg(operand):
                factor, inner = -factor, operand
            case Div(top, Number(value)):
                factor, inner = factor / value, top
            case Mul((Number(value), last)):
                factor, inner = factor * value, last
            case _:
                return (Fraction(1), Fraction(0)) if exact(inner) == 0 else None
    found = monomial(inner.arguments[0])
    if found is None or factor.denominator != 1:
        return None
    q, k = found
    return q ** int(factor), k * factor


def monomial(expression: Expr) -> tuple[Fraction, Fraction] | None:
    """q and k where the expression is q·π^k."""
    if expression == Symbol("pi"):
        return Fraction(1), Fraction(1)
    match expression:
        case Mul(factors):
            found = [monomial(factor) for factor in factors]
            q, k = Fraction(1), Fraction(0)
            for part in found:
                if part is None:
                    return None
                q, k = q * part[0], k + part[1]
            return q, k
        case Pow(base, exponent):
            inner, power = monomial(base), exact(exponent)
            if inner is None or power is None or power.denominator != 1:
                return None
            return inner[0] ** int(power), inner[1] * power
    value = exact(expression)
    return None if value is None or value <= 0 else (value, Fraction(0))
