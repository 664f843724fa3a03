"""Polynomials with rational coefficients: their values, integrals and sign changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from mlcalc.maths.functions import Scalar
from mlcalc.maths.numerics.polynomials import Powers
from mlcalc.maths.numerics.roots import last_with


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
