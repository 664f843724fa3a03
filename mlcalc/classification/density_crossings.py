"""Where two weighted densities cross: by a polynomial, by logarithms, or by a search."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise

from mlcalc.classification.boundary import Polynomial
from mlcalc.classification.boundary_letters import zero_of
from mlcalc.classification.boundary_roots import linear, quadratic, threshold_maths
from mlcalc.classification.density_logs import log_ratio
from mlcalc.classification.density_model import Density, weight
from mlcalc.classification.density_polynomials import Powers, added, polynomial_of, sign_changes
from mlcalc.classification.density_polynomials import scaled as multiplied
from mlcalc.classification.gaussian_model import Logged, scaled, signed, summed
from mlcalc.derivation import Block, Step
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.arrays import compiled
from mlcalc.maths.numerics.roots import last_with
from mlcalc.maths.tree import Call, Chain, Expr, Listing, Mul, Symbol, equals
from mlcalc.records import Record

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
            weight(exact(prior) or Fraction(0), density.at(place))
            for prior, density in zip(self.priors, self.densities, strict=True)
        ]

    def ends(self) -> list[Scalar]:
        """All ends of pieces, infinite ones among them."""
        return sorted({end for density in self.densities for end in density.ends})


class Crossings(Record):
    """The crossings in one interval between ends of pieces."""

    roots: tuple[Scalar, ...]
    steps: tuple[Step, ...]
    is_searched: bool = False


def crossings(model: Weighed, low: Scalar, high: Scalar) -> Iterator[Crossings]:
    """For each two classes that are both possible there."""
    for one, other in combinations(range(len(model.classes)), 2):
        pieces = [model.densities[n].piece_over(low, high) for n in (one, other)]
        if pieces[0] is None or pieces[1] is None:
            continue
        formulas = [
            times(model.priors[n], p.formula)
            for n, p in zip((one, other), pieces, strict=True)
            if p is not None
        ]
        yield crossing(model.x, formulas[0], formulas[1], low, high)


def times(prior: Expr, formula: Expr) -> Expr:
    """prior·formula as one product."""
    factors = formula.factors if isinstance(formula, Mul) else (formula,)
    return Mul((prior, *factors))


def crossing(x: Symbol, left: Expr, right: Expr, low: Scalar, high: Scalar) -> Crossings:
    """Where left = right within the interval."""
    equation = Chain(left, (("=", right),))
    one, other = polynomial_of(left, x), polynomial_of(right, x)
    if one is not None and other is not None:
        powers = added(one, multiplied(other, Fraction(-1)))
        assert powers is not None
        return by_polynomial(x, powers, equation, low, high)
    logs = log_ratio(x, left, right)
    if logs is not None:
        powers, constant = logs
        return by_logs(x, powers, constant, equation, low, high)
    return by_search(x, left, right, equation, low, high)


def inside(roots: Sequence[Scalar], low: Scalar, high: Scalar) -> tuple[Scalar, ...]:
    return tuple(root for root in roots if low < root < high)


def by_polynomial(
    x: Symbol, powers: Powers, equation: Chain, low: Scalar, high: Scalar
) -> Crossings:
    if len(powers) == 1:
        return Crossings((), ())
    first: list[Block] = [equation]
    if len(powers) <= 3:
        c, b, a = (*powers, Fraction(0))[:3]
        steps, roots = solved(x, a, b, Logged(c), first, low, high)
        return Crossings(roots, tuple(steps))
    roots = inside(sign_changes(powers), low, high)
    terms = [
        signed(c) if not n else scaled(c, x if n == 1 else x**n)
        for n, c in reversed(list(enumerate(powers)))
        if c
    ]
    first.append(zero_of(summed(terms)))
    first += [equals(x, threshold_maths(root)) for root in roots]
    note = "all sign changes of the polynomial are found between those of its derivative"
    return Crossings(roots, (Step(rule_for(low, high), tuple(first), note),))


def by_logs(
    x: Symbol, powers: Powers, constant: Logged, equation: Chain, low: Scalar, high: Scalar
) -> Crossings:
    """The logarithms of both sides differ by a polynomial of degree 1 or 2."""
    c, b, a = (*powers, Fraction(0), Fraction(0))[:3]
    if not a and not b:
        return Crossings((), ())
    steps, roots = solved(x, a, b, constant.plus(c), [equation], low, high)
    return Crossings(roots, tuple(steps))


def solved(
    x: Symbol, a: Fraction, b: Fraction, c: Logged, first: list[Block], low: Scalar, high: Scalar
) -> tuple[list[Step], tuple[Scalar, ...]]:
    """a·x² + b·x + c = 0, with the steps that solve it."""
    found = Polynomial("", "", (x,), (a,), (b,), c)
    whole = found.times(found.multiple)
    first = [*first, zero_of(whole.tree)]
    (a,), (b,), c = whole.squares, whole.lines, whole.constant
    roots, steps = quadratic(x, a, b, c) if a else linear(x, b, c)
    has_log = not c.is_rational or any(isinstance(block, Chain) and is_exponential(block)
                                       for block in first[:1])  # fmt: skip
    how = "take the log of both sides and collect" if has_log else "collect on one side"
    kept = inside(roots, low, high)
    blocks = [*first, *(block for step in steps for block in step.blocks)]
    note = how
    outside = [root for root in roots if root not in kept]
    if outside:
        note += "; a root outside of the interval does not count"
    return [Step(rule_for(low, high), tuple(blocks), note)], kept


def is_exponential(chain: Chain) -> bool:
    from mlcalc.maths.tree import walk

    return any(isinstance(node, Call) and node.name == "exp" for node in walk(chain))


def rule_for(low: Scalar, high: Scalar) -> str:
    if math.isinf(low) and math.isinf(high):
        return "set the weighted densities equal"
    if math.isinf(high):
        return f"set the weighted densities equal above {shortly(low)}"
    if math.isinf(low):
        return f"set the weighted densities equal below {shortly(high)}"
    return f"set the weighted densities equal between {shortly(low)} and {shortly(high)}"


def shortly(value: Scalar) -> str:
    return str(value) if isinstance(value, Fraction) else f"{value:.5g}"


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
    blocks: list[Block] = [equation]
    if roots:
        blocks.append(equals(x, Listing(tuple(threshold_maths(root) for root in roots))))
    note = (
        f"there is no closed form: found by the signs of the difference at {SEARCHED:,} places, "
        "and halving where they change"
    )
    return Crossings(tuple(roots), (Step(rule_for(low, high), tuple(blocks), note),), True)


def places(low: Scalar, high: Scalar) -> list[float]:
    """Places within the interval in order, denser where it is not far out and beside its ends."""
    a, b = to_float(low), to_float(high)
    shares = [n / SEARCHED for n in range(1, SEARCHED)]
    near = [10.0 ** (-n / NEAR_A_DECADE) for n in range(3 * NEAR_A_DECADE, 15 * NEAR_A_DECADE)]
    if math.isfinite(a) and math.isfinite(b):
        inner = [a + (b - a) * t for t in (*shares, *near)]
        found = [*inner, *(b - (b - a) * t for t in near)]
    elif math.isfinite(a):
        found = [a + t / (1 - t) for t in (*shares, *near)]
    elif math.isfinite(b):
        found = [b - t / (1 - t) for t in (*shares, *near)]
    else:
        found = [(2 * t - 1) / (t * (1 - t)) for t in shares]
    return sorted({place for place in found if a < place < b})
