"""Polynomials with rational coefficients: read off a tree, integrated, and their sign changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar
from mlcalc.maths.numerics.roots import last_with
from mlcalc.maths.tree import Add, Div, Expr, Mul, Neg, Pow, Symbol, free_symbols

Powers = tuple[Fraction, ...]
"""Coefficients, constant term first."""

HIGHEST_DEGREE = 40


def polynomial_of(expression: Expr, x: Symbol) -> Powers | None:
    """The coefficients, or None where it is no polynomial with rational coefficients."""
    if expression == x:
        return Fraction(0), Fraction(1)
    if x not in free_symbols(expression):
        value = exact(expression)
        return None if value is None else (value,)
    match expression:
        case Neg(operand):
            return scaled(polynomial_of(operand, x), Fraction(-1))
        case Add(terms):
            total: Powers | None = (Fraction(0),)
            for term in terms:
                total = added(total, polynomial_of(term, x))
            return total
        case Mul(factors):
            product: Powers | None = (Fraction(1),)
            for factor in factors:
                product = multiplied(product, polynomial_of(factor, x))
            return product
        case Div(numerator, denominator):
            below = exact(denominator)
            return scaled(polynomial_of(numerator, x), 1 / below) if below else None
        case Pow(base, exponent):
            power = exact(exponent)
            if power is None or power.denominator != 1 or not 0 <= power <= HIGHEST_DEGREE:
                return None
            product = (Fraction(1),)
            for _ in range(int(power)):
                product = multiplied(product, polynomial_of(base, x))
            return product
    return None


def scaled(powers: Powers | None, factor: Fraction) -> Powers | None:
    return None if powers is None else tuple(c * factor for c in powers)


def added(a: Powers | None, b: Powers | None) -> Powers | None:
    if a is None or b is None:
        return None
    size = max(len(a), len(b))
    rows = ([*powers, *[Fraction(0)] * (size - len(powers))] for powers in (a, b))
    return trimmed([one + other for one, other in zip(*rows, strict=True)])


def multiplied(a: Powers | None, b: Powers | None) -> Powers | None:
    if a is None or b is None or len(a) + len(b) > HIGHEST_DEGREE + 2:
        return None
    out = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            out[i + j] += one * other
    return trimmed(out)


def trimmed(powers: list[Fraction]) -> Powers:
    while len(powers) > 1 and not powers[-1]:
        powers.pop()
    return tuple(powers)


def at(powers: Powers, x: Fraction) -> Fraction:
    value = Fraction(0)
    for coefficient in reversed(powers):
        value = value * x + coefficient
    return value


def antiderivative(powers: Powers) -> Powers:
    return Fraction(0), *(c / n for n, c in enumerate(powers, 1))


def sign_changes(powers: Powers) -> Sequence[Scalar]:
    """All places where the polynomial changes its sign, in order.

    Between neighbouring sign changes of the derivative it rises or falls throughout, so it has at
    most one there; that one is halved down exactly.  Rational ones of degree 1 and 2 are exact.
    """
    from mlcalc.maths.functions import exact_root

    if len(powers) < 2:
        return ()
    if len(powers) == 2:
        return (-powers[0] / powers[1],)
    if len(powers) == 3:
        c, b, a = powers
        root = exact_root(b * b - 4 * a * c, 2)
        if root is not None:
            return tuple(sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)})) if root else ()
    turns = sign_changes(tuple(n * c for n, c in enumerate(powers) if n))
    far = 2 + max(abs(c / powers[-1]) for c in powers)
    ends = [-far, *(Fraction(t) for t in turns), far]
    found = []
    for low, high in pairwise(ends):
        left, right = at(powers, low), at(powers, high)
        if right == 0 and high != far and at(powers, nudged(high)) * left < 0:
            found.append(exact_or_float(high, turns))
        elif left * right < 0:
            found.append(halved(powers, low, high))
    return found


def nudged(value: Fraction) -> Fraction:
    return value + Fraction(1, 10**9)


def exact_or_float(value: Fraction, turns: Sequence[Scalar]) -> Scalar:
    return value if any(isinstance(t, Fraction) and t == value for t in turns) else float(value)


def halved(powers: Powers, low: Fraction, high: Fraction) -> Scalar:
    """The zero between two places with different signs, exact where a float is."""
    start = at(powers, low)
    before = last_with(lambda x: at(powers, Fraction(x)) * start > 0, float(low), float(high))
    zero = Fraction(math.nextafter(before, math.inf))
    return zero if at(powers, zero) == 0 else before
