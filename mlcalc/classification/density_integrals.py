"""Integrals of densities: exact for polynomials, in closed form where there is one, else numeric.

Every closed form is compared with a quadrature that knows nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache

from mlcalc.classification.density_model import Density, Piece, tidied, value_at
from mlcalc.classification.density_polynomials import antiderivative, at, polynomial_of
from mlcalc.classification.gaussian_model import scaled, summed
from mlcalc.errors import MlcalcError
from mlcalc.maths.functions import Scalar, is_finite, plus, to_float
from mlcalc.maths.tree import Call, Div, Expr, Mul, Symbol, free_symbols
from mlcalc.probability.compiled import compiled
from mlcalc.records import Record

SECONDS = 4.0
"""How long the search for an antiderivative may take."""

NODES = (
    (0.9914553711208126, 0.0229353220105292, 0.0),
    (0.9491079123427585, 0.0630920926299786, 0.1294849661688697),
    (0.8648644233597691, 0.1047900103222502, 0.0),
    (0.7415311855993944, 0.1406532597159259, 0.2797053914892767),
    (0.5860872354676911, 0.1690047266392679, 0.0),
    (0.4058451513773972, 0.1903505780647854, 0.3818300505051189),
    (0.2077849550078985, 0.2044329400752989, 0.0),
    (0.0, 0.2094821410847278, 0.4179591836734694),
)
"""Places and weights of the 15-point Kronrod rule and of the 7-point Gauss rule within it."""

DEEPEST = 40
AGREED = 1e-7

Real = Callable[[float], float]


class Integral(Record):
    """The integral over one interval: its value, and F where F(high) − F(low) is how it came."""

    value: Scalar
    primitive: Expr | None
    at_ends: tuple[Scalar, Scalar] | None = None


def integral(piece: Piece, x: Symbol, low: Scalar, high: Scalar) -> Integral:
    """Of a piece between two places within it."""
    from numpy import errstate

    powers = polynomial_of(piece.formula, x)
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
    with errstate(all="ignore"):
        numeric = quadrature(lambda t: float(function({x: t})), low, high)
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
            powers = polynomial_of(exponent, x)
            if powers is None or len(powers) != 2:
                return None
            return tidied(formula / powers[1])
    return None


@cache
def searched(formula: Expr, x: Symbol) -> Expr | None:
    """An antiderivative of a formula of the user's own, if one is found in time."""
    from mlcalc.calculus import antiderivative as of_calculus
    from mlcalc.probability.worker import within

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


def quadrature(function: Real, low: Scalar, high: Scalar) -> float:
    """Adaptive Gauss–Kronrod; an infinite end by x = t/(1 − t²) (Piessens et al. 1983).

    Not finite where the integral does not settle.
    """
    a, b = to_float(low), to_float(high)
    if math.isfinite(a) and math.isfinite(b):
        return halves(function, a, b)
    if math.isfinite(a):
        return halves(lambda t: function(a + t / (1 - t)) / (1 - t) ** 2, 0.0, 1.0)
    if math.isfinite(b):
        return halves(lambda t: function(b - t / (1 - t)) / (1 - t) ** 2, 0.0, 1.0)
    return halves(lambda t: function(t / (1 - t * t)) * (1 + t * t) / (1 - t * t) ** 2, -1.0, 1.0)


def halves(function: Real, low: float, high: float, depth: int = 0) -> float:
    """The integral, halved until both rules agree."""
    middle, half = (low + high) / 2, (high - low) / 2
    fine = coarse = 0.0
    for node, kronrod, gauss in NODES:
        for place in {middle - half * node, middle + half * node}:
            value = function(place)
            value = value if math.isfinite(value) else 0.0
            fine += kronrod * value * half
            coarse += gauss * value * half
    tolerance = 1e-10 * max(1.0, abs(fine)) * max(half, 1e-3)
    if depth > 2 and (abs(fine - coarse) <= tolerance or depth == DEEPEST or half < 1e-13):
        return fine
    if abs(fine) > 1e15:
        return math.inf
    left = halves(function, low, middle, depth + 1)
    return left + halves(function, middle, high, depth + 1)
