"""Integrals of densities: exact for polynomials, in closed form where there is one, else numeric.

Every closed form is compared with a quadrature that knows nothing of it.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from mlcalc.classifiers.density_polynomials import antiderivative, at
from mlcalc.classifiers.logged import scaled, summed
from mlcalc.classifiers.typed_density import Density, Piece, tidied, value_at
from mlcalc.files.errors import MlcalcError
from mlcalc.maths.functions import Scalar, is_finite, plus, to_float
from mlcalc.maths.numerics import quadrature
from mlcalc.maths.numerics.arrays import compiled
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Div, Expr, Mul, Number, Symbol, free_symbols, walk

SECONDS = 4.0
"""How long the search for an antiderivative may take."""

AGREED = 1e-7


class Integral(Record):
    """The integral over one interval: its value, and F where F(high) − F(low) is how it came."""

    value: Scalar
    primitive: Expr | None
    at_ends: tuple[Scalar, Scalar] | None = None


def integral(piece: Piece, x: Symbol, low: Scalar, high: Scalar) -> Integral:
    """Of a piece between two places within it."""
    powers = polynomial(piece.formula, x)
    if powers is not None:
        if math.isinf(low) or math.isinf(high):
            return Integral(math.inf if any(powers) else Fraction(0), None)
        whole = antiderivative(powers)
        terms = [scaled(c, x if n == 1 else x**n) for n, c in enumerate(whole) if c]
        ends = [at(whole, Fraction(end)) for end in (low, high)]
        is_exact = isinstance(low, Fraction) and isinstance(high, Fraction)
        both = tuple(ends) if is_exact else tuple(map(float, ends))
        return Integral(both[1] - both[0], summed(terms), (both[0], both[1]))
    function = compiled(piece.formula)
    bends = {to_float(node.value) for node in walk(piece.formula) if isinstance(node, Number)}
    numeric = quadrature.integral(
        lambda t: function({x: t}), to_float(low), to_float(high), bends, quadrature.FINE
    ).value
    primitive = piece.below or of_exponential(piece.formula, x) or searched(piece.formula, x)
    if primitive is not None:
        start, end = value_at(primitive, x, low), value_at(primitive, x, high)
        value = plus(end, -start) if is_finite(start) and is_finite(end) else math.nan
        if is_finite(value) and abs(value - numeric) <= AGREED * max(1.0, abs(numeric)):
            return Integral(value, primitive, (start, end))
    return Integral(numeric, None)


def of_exponential(formula: Expr, x: Symbol) -> Expr | None:
    """f/a for f = c·e^(ax + b)."""
    match formula:
        case Div(top, bottom) if x not in free_symbols(bottom):
            inner = of_exponential(top, x)
            return None if inner is None else tidied(inner / bottom)
        case Mul(factors):
            moving = [f for f in factors if x in free_symbols(f)]
            inner = of_exponential(moving[0], x) if len(moving) == 1 else None
            rest = tuple(f for f in factors if x not in free_symbols(f))
            return None if inner is None else tidied(Mul((*rest, inner)))
        case Call("exp", (exponent,), ()):
            powers = polynomial(exponent, x)
            if powers is None or len(powers) != 2:
                return None
            return tidied(formula / powers[1])
    return None


@cache
def searched(formula: Expr, x: Symbol) -> Expr | None:
    """An antiderivative of a formula of the user's own, if one is found in time."""
    from mlcalc.estimation.worker import within
    from mlcalc.maths.calculus import antiderivative as of_calculus

    try:
        return within(SECONDS, "the integral of your density", of_calculus, formula, x)
    except MlcalcError:
        return None


def mass(density: Density, low: Scalar, high: Scalar) -> list[tuple[Scalar, Scalar, Integral]]:
    """The integrals over the parts of an interval in which the density is one formula."""
    found = []
    for piece in density.pieces:
        left, right = max(low, piece.low), min(high, piece.high)
        if left < right:
            found.append((left, right, integral(piece, density.x, left, right)))
    return found


def total(parts: list[tuple[Scalar, Scalar, Integral]]) -> Scalar:
    values = [part.value for _, _, part in parts]
    if all(isinstance(value, Fraction) for value in values):
        return sum(values, Fraction(0))
    return math.fsum(map(to_float, values))
