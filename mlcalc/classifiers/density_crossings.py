"""Where two weighted densities cross: by a polynomial, by logarithms, or by a search."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise

from mlcalc.classifiers.density_polynomials import sign_changes
from mlcalc.classifiers.logged import HALF, Logged, scaled, signed, summed
from mlcalc.classifiers.polynomial import (
    Polynomial,
    roots_of,
    solving_step,
    threshold_maths,
    zero_of,
)
from mlcalc.classifiers.typed_density import Density, place_at, shortly
from mlcalc.estimation.terms import log_of
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, times, to_float
from mlcalc.maths.numerics.arrays import compiled
from mlcalc.maths.numerics.polynomials import Powers, polynomial
from mlcalc.maths.numerics.roots import last_with
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import (
    Call,
    Chain,
    Div,
    Expr,
    Listing,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    equals,
    free_symbols,
    spread,
    walk,
    wrap,
)
from mlcalc.showing.derivation import Step, step

SEARCHED = 4000
"""Places at which a crossing that has no closed form is looked for."""

NEAR_A_DECADE = 10


class Weighed(Record):
    """The classes of one feature, their priors and densities."""

    x: Symbol
    classes: tuple[str, ...]
    priors: tuple[Expr, ...]
    densities: tuple[Density, ...]

    def values(self, place: Scalar) -> list[Scalar]:
        """Prior times density of each class."""
        return [
            times(self.number(prior), density.at(place))
            for prior, density in zip(self.priors, self.densities, strict=True)
        ]

    @staticmethod
    def number(prior: Expr) -> Fraction:
        return exact(prior) or Fraction(0)

    def ends(self) -> list[Scalar]:
        """All ends of pieces, infinite ones among them."""
        return sorted({end for density in self.densities for end in density.ends})


class Crossings(Record):
    """The crossings in one interval between ends of pieces."""

    roots: tuple[Scalar, ...]
    steps: Sequence[Step]
    is_searched: bool = False


def crossings(model: Weighed, low: Scalar, high: Scalar) -> Iterator[Crossings]:
    """For each two classes that are both possible there."""
    for one, other in combinations(range(len(model.classes)), 2):
        pieces = [model.densities[n].piece_over(low, high) for n in (one, other)]
        formulas = [
            weighted(model.priors[n], piece.formula)
            for n, piece in zip((one, other), pieces, strict=True)
            if piece is not None
        ]
        if len(formulas) == 2:
            yield crossing(model.x, formulas[0], formulas[1], low, high)


def weighted(prior: Expr, formula: Expr) -> Expr:
    """prior·formula as one product."""
    return Mul((prior, *spread(Mul, formula)))


def crossing(x: Symbol, left: Expr, right: Expr, low: Scalar, high: Scalar) -> Crossings:
    """Where left = right within the interval."""
    equation = Chain(left, (("=", right),))
    powers = polynomial(left - right, x)
    if powers is not None:
        if len(powers) > 3:
            return by_halving(x, powers, equation, low, high)
        return by_formula(x, powers, Logged(Fraction(0)), equation, low, high)
    logs = log_ratio(x, left, right)
    if logs is not None:
        return by_formula(x, *logs, equation, low, high)
    return by_search(x, left, right, equation, low, high)


def inside(roots: Sequence[Scalar], low: Scalar, high: Scalar) -> tuple[Scalar, ...]:
    return tuple(root for root in roots if low < root < high)


def by_halving(x: Symbol, powers: Powers, equation: Chain, low: Scalar, high: Scalar) -> Crossings:
    """Of a polynomial of a higher degree."""
    roots = inside(sign_changes(powers), low, high)
    terms = [
        signed(c) if not n else scaled(c, x if n == 1 else x**n)
        for n, c in reversed(list(enumerate(powers)))
        if c
    ]
    found = [line("x = root", x=x, root=threshold_maths(root)) for root in roots]
    why = "all sign changes of the polynomial are found between those of its derivative"
    return Crossings(
        roots, (step(rule_for(low, high), equation, zero_of(summed(terms)), *found, why=why),)
    )


def by_formula(
    x: Symbol, powers: Powers, constant: Logged, equation: Chain, low: Scalar, high: Scalar
) -> Crossings:
    """The sides, or their logarithms, differ by a polynomial of degree 1 or 2 and a constant."""
    c, b, a = (*powers, Fraction(0), Fraction(0))[:3]
    if not a and not b:
        return Crossings((), ())
    found = Polynomial((x,), (a,), (b,), constant.plus(c))
    whole = found.times(found.multiple)
    roots = roots_of(whole)
    kept = inside(roots, low, high)

    def steps() -> Iterator[Step]:
        solving = solving_step(whole)
        assert solving is not None
        has_log = not whole.constant.is_rational or is_exponential(equation)
        why = "take the log of both sides and collect" if has_log else "collect on one side"
        if len(kept) < len(roots):
            why += "; a root outside of the interval does not count"
        blocks = (equation, zero_of(whole.tree), *solving.blocks)
        yield step(rule_for(low, high), *blocks, why=why)

    return Crossings(kept, Later(steps))


def is_exponential(chain: Chain) -> bool:
    return any(isinstance(node, Call) and node.name == "exp" for node in walk(chain))


def rule_for(low: Scalar, high: Scalar) -> str:
    if math.isinf(low) and math.isinf(high):
        return "set the weighted densities equal"
    if math.isinf(high):
        return f"set the weighted densities equal above {shortly(low)}"
    if math.isinf(low):
        return f"set the weighted densities equal below {shortly(high)}"
    return f"set the weighted densities equal between {shortly(low)} and {shortly(high)}"


def by_search(
    x: Symbol, left: Expr, right: Expr, equation: Chain, low: Scalar, high: Scalar
) -> Crossings:
    """By sign changes at many places, each narrowed by halving."""
    from numpy import errstate

    sides = [compiled(side) for side in (left, right)]

    def difference(place: float) -> int:
        with errstate(all="ignore"):
            one, other = (float(side({x: place})) for side in sides)
        return (one > other) - (one < other)

    def has_sign(sign: int, place: float) -> bool:
        return difference(place) == sign

    roots = []
    tried = [(place, sign) for place in places(low, high) if (sign := difference(place))]
    for (a, before), (b, after) in pairwise(tried):
        if before != after:
            roots.append(last_with(partial(has_sign, before), a, b))
    found = equals(x, Listing(tuple(map(threshold_maths, roots))))
    why = (
        f"there is no closed form: found by the signs of the difference at {SEARCHED:,} places, "
        "and halving where they change"
    )
    written = step(rule_for(low, high), equation, found if roots else None, why=why)
    return Crossings(tuple(roots), (written,), True)


def places(low: Scalar, high: Scalar) -> list[float]:
    """Places within the interval in order, denser where it is not far out and beside its ends."""
    a, b = to_float(low), to_float(high)
    found = [place_at(a, b, n / SEARCHED) for n in range(1, SEARCHED)]
    near = [10.0 ** (-n / NEAR_A_DECADE) for n in range(3 * NEAR_A_DECADE, 15 * NEAR_A_DECADE)]
    if math.isfinite(a) or math.isfinite(b):
        found += [place_at(a, b, t) for t in near]
    if math.isfinite(a) and math.isfinite(b):
        found += [b - (b - a) * t for t in near]
    return sorted({place for place in found if a < place < b})


def log_ratio(x: Symbol, left: Expr, right: Expr) -> tuple[Powers, Logged] | None:
    """log(left/right) as a polynomial of degree 2 at most and a constant; None if it is none."""
    moving: list[Expr] = []
    inner, pi = Fraction(1), Fraction(0)
    for side, sign in ((left, 1), (right, -1)):
        for term in log_of(side):
            if x in free_symbols(term):
                moving.append(term if sign > 0 else -term)
                continue
            found = half_log(term)
            if found is None:
                return None
            inner *= found[0] ** sign
            pi += found[1] * sign
    powers = polynomial(sum(moving, wrap(0)), x)
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
