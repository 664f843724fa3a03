"""Polynomials of degree 2 at most whose constant may hold a logarithm: roots, signs and conics.

Where two weighted densities are equal such a polynomial is zero.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from decimal import localcontext
from fractions import Fraction
from math import gcd, lcm

from mlcalc.classifiers.logged import PRECISION, Logged, in_digits, number, scaled, summed
from mlcalc.maths.board import line
from mlcalc.maths.functions import Scalar, exact_root
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Chain, Decimal, Expr, Number, Symbol, Words, joined, wrap
from mlcalc.showing.derivation import Step, step

LARGEST_MULTIPLE = 100_000


class Polynomial(Record):
    """Σ (A_j x_j² + B_j x_j) + C."""

    symbols: tuple[Symbol, ...]
    squares: tuple[Fraction, ...]
    lines: tuple[Fraction, ...]
    constant: Logged

    def at(self, point: Sequence[Fraction]) -> Logged:
        pairs = zip(self.squares, self.lines, point, strict=True)
        return self.constant.plus(sum((a * x * x + b * x for a, b, x in pairs), Fraction(0)))

    def times(self, factor: Fraction) -> Polynomial:
        squares = tuple(a * factor for a in self.squares)
        lines = tuple(b * factor for b in self.lines)
        return Polynomial(self.symbols, squares, lines, self.constant.times(factor))

    @property
    def degree(self) -> int:
        return 2 if any(self.squares) else 1 if any(self.lines) else 0

    @property
    def multiple(self) -> Fraction:
        """What makes its rational coefficients whole and small; 1 where they would be large."""
        logs = () if self.constant.is_rational else (self.constant.factor,)
        parts = [v for v in (*self.squares, *self.lines, self.constant.rational, *logs) if v]
        if not parts:
            return Fraction(1)
        below = lcm(*(value.denominator for value in parts))
        shared = gcd(*(int(value * below) for value in parts))
        return Fraction(below, shared) if below <= LARGEST_MULTIPLE else Fraction(1)

    @property
    def tree(self) -> Expr:
        """The polynomial as it is written, squares first."""
        terms: list[Expr] = []
        for power, values in ((2, self.squares), (1, self.lines)):
            for symbol, value in zip(self.symbols, values, strict=True):
                if value:
                    terms.append(scaled(value, symbol**2 if power == 2 else symbol))
        constant = self.constant.terms()
        if not terms or constant != [wrap(0)]:
            terms += constant
        return joined(Add, terms)


def zero_of(expression: Expr) -> Chain:
    """expression = 0."""
    return Chain(expression, (("=", wrap(0)),))


# One variable: the roots.


def roots_of(found: Polynomial) -> tuple[Scalar, ...]:
    """The real roots of a polynomial of one variable in order."""
    (a,), (b,), c = found.squares, found.lines, found.constant
    if not a:
        return (c.times(-1 / b).value,) if b else ()
    square = discriminant(a, b, c)
    if square.sign < 0:
        return ()
    if square.sign == 0:
        return (-b / (2 * a),)
    return tuple(root_value(a, b, square, sign) for sign in signs_in_order(a))


def discriminant(a: Fraction, b: Fraction, c: Logged) -> Logged:
    """b² − 4ac."""
    return c.times(-4 * a).plus(b * b)


def solving_step(found: Polynomial) -> Step | None:
    """How the roots are found; None where no power of the variable is left."""
    (a,), (b,), c = found.squares, found.lines, found.constant
    if a:
        return quadratic_step(found.symbols[0], a, b, c, roots_of(found))
    return linear_step(found.symbols[0], b, c) if b else None


def linear_step(x: Symbol, b: Fraction, c: Logged) -> Step:
    """b·x + c = 0."""
    root = c.times(-1 / b)
    value = root.value
    is_short = isinstance(value, Fraction) and value.denominator == 1
    return step(
        "solve for the threshold",
        "x = quotient = root = decimal",
        why="the variances are equal, so the boundary is linear: one threshold",
        x=x,
        quotient=None if b == 1 else summed(c.times(Fraction(-1)).terms()) / number(b),
        root=summed(root.terms()),
        decimal=None if is_short else Decimal(value),
    )


def quadratic_step(x: Symbol, a: Fraction, b: Fraction, c: Logged, roots: Sequence[Scalar]) -> Step:
    """(−b ± √D)/(2a), D = b² − 4ac."""
    square = discriminant(a, b, c)
    under = summed(square.terms())
    decimal = None if square.is_rational else Decimal(square.value)
    head = line("D = b^2 - 4*a*c = under = decimal", b=number(b), a=number(a),
                c=summed(c.terms()), under=under, decimal=decimal)  # fmt: skip
    rule = "solve the quadratic equation"
    if square.sign < 0:
        why = "a negative discriminant: no real root, so the classes do not change anywhere"
        return step(rule, head, "D < 0", why=why)
    if square.sign == 0:
        why = "the discriminant is 0: the polynomial touches zero there and does not change sign"
        root = number(-b / (2 * a))
        chain = line("x = (-b) / (2*a) = root", x=x, b=number(b), a=number(a), root=root)
        return step(rule, head, chain, why=why)
    chains = [
        line(
            "x = (minus_b + root) / (2*a) = exact = decimal",
            x=x if x.subscript else Symbol(x.spelled, str(place)),
            minus_b=-number(b) if b >= 0 else number(-b),
            root=line("sqrt(D)" if sign > 0 else "-sqrt(D)", D=under),
            a=number(a),
            exact=Number(root) if isinstance(root, Fraction) else None,
            decimal=None if isinstance(root, Fraction) and root % 1 == 0 else Decimal(root),
        )
        for place, (sign, root) in enumerate(zip(signs_in_order(a), roots, strict=True), 1)
    ]
    why = "x = (−b ± √D)/(2a) with the discriminant D = b² − 4ac"
    return step(rule, head, *chains, why=why)


def signs_in_order(a: Fraction) -> tuple[int, int]:
    """The signs of the root that give the smaller zero first."""
    return (-1, 1) if a > 0 else (1, -1)


def root_value(a: Fraction, b: Fraction, square: Logged, sign: int) -> Scalar:
    """One root, exact where it is rational, computed to many digits where it is not."""
    if square.is_rational:
        root = exact_root(square.rational, 2)
        if root is not None:
            return (-b + sign * root) / (2 * a)
    with localcontext(prec=PRECISION):
        return float((in_digits(-b) + sign * square.digits().sqrt()) / in_digits(2 * a))


# One variable: who wins between the roots.


class Region(Record):
    """An interval in which the same classes are the largest: one, several that tie, or none."""

    low: Scalar
    high: Scalar
    winners: tuple[str, ...]
    place: Fraction
    """One of its places."""

    @property
    def label(self) -> str:
        """The class that is predicted; none where no class is possible."""
        return self.winners[0] if self.winners else ""


def regions(
    ends: Sequence[Scalar], winners: Callable[[Fraction], tuple[str, ...]]
) -> tuple[Region, ...]:
    """The intervals between the ends; two neighbours with the same winners are one."""
    merged: list[Region] = []
    for low, high in itertools.pairwise(ends):
        place = place_between(low, high)
        found = winners(place)
        if merged and merged[-1].winners == found:
            last = merged.pop()
            low, place = last.low, last.place
        merged.append(Region(low, high, found, place))
    return tuple(merged)


def changes(found: Sequence[Region]) -> tuple[Scalar, ...]:
    """Where the predicted class changes; the ends of what is possible are none."""
    return tuple(
        after.low
        for before, after in itertools.pairwise(found)
        if before.label and after.label and before.label != after.label
    )


def place_between(low: Scalar, high: Scalar) -> Fraction:
    """A short number inside: a whole one where there is one, else a decimal near the middle."""
    if math.isinf(low) and math.isinf(high):
        return Fraction(0)
    if math.isinf(high):
        return Fraction(math.floor(low) + 1)
    if math.isinf(low):
        return Fraction(math.ceil(high) - 1)
    middle = (Fraction(low) + Fraction(high)) / 2
    for places in range(400):
        found = Fraction(round(middle * 10**places), 10**places)
        if low < found < high:
            return found
    return middle


def where(x: Expr, low: Scalar, high: Scalar) -> Expr:
    """low < x < high, without the infinite ends."""
    bottom, top = (None if math.isinf(end) else threshold_maths(end) for end in (low, high))
    if bottom is None and top is None:
        return Words("everywhere")
    if bottom is None:
        return line("x < top", x=x, top=top)
    return line("x > bottom" if top is None else "bottom < x < top", x=x, top=top, bottom=bottom)


def threshold_maths(value: Scalar) -> Expr:
    return Decimal(value) if isinstance(value, float) else number(value)


# Two variables: which curve it is.

EVERYWHERE = "everywhere"
NOWHERE = "empty"
POINT = "a single point"


def conic(found: Polynomial) -> str:
    """The name of the set where a polynomial of two variables is zero.

    Without a product of the two, completing the squares tells.
    """
    (a1, a2), (b1, b2) = found.squares, found.lines
    if a1 and a2:
        # A₁(x₁ + …)² + A₂(x₂ + …)² = K
        right = found.constant.times(Fraction(-1)).plus(b1 * b1 / (4 * a1) + b2 * b2 / (4 * a2))
        level = right.sign * (1 if a1 > 0 else -1)
        if a1 * a2 < 0:
            return "a hyperbola" if level else "two crossing lines"
        if level <= 0:
            return POINT if level == 0 else NOWHERE
        return "a circle" if a1 == a2 else "an ellipse"
    if a1 or a2:
        square, own, other = (a1, b1, b2) if a1 else (a2, b2, b1)
        if other:
            return "a parabola"
        discriminant = found.constant.times(-4 * square).plus(own * own)
        return {1: "two parallel lines", 0: "one line", -1: NOWHERE}[discriminant.sign]
    if b1 or b2:
        return "a straight line"
    return NOWHERE if found.constant.sign else EVERYWHERE
