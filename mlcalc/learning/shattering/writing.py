"""Points, half-spaces and combinations as they are written in a worked answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.derivation import Prose
from mlcalc.learning.separation import Coefficients, Point
from mlcalc.maths.tree import Add, Chain, Expr, Listing, Matrix, Mul, Neg, Number, Symbol, equals

ZERO = Number(Fraction(0))


def axes(dimension: int) -> tuple[Symbol, ...]:
    """x; x, y; x, y, z; x_1, x_2, … in higher dimensions."""
    if dimension <= 3:
        return tuple(map(Symbol, "xyz"[:dimension]))
    return tuple(Symbol("x", str(number)) for number in range(1, dimension + 1))


def place(point: Point) -> tuple[str | Expr, ...]:
    """A point in a sentence: (0, 3), or a number on the line."""
    if len(point) == 1:
        return (Number(point[0]),)
    return "(", Listing(tuple(map(Number, point))), ")"


def vector(point: Point) -> Expr:
    """A point in a formula: a column, or a number on the line."""
    return Number(point[0]) if len(point) == 1 else Matrix.column(map(Number, point))


def total(terms: Sequence[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else Add(tuple(terms))


def form(weights: Sequence[Fraction], terms: Sequence[Expr], bias: Fraction) -> Expr:
    """2x − y + 3: the terms whose weight is not zero, and the bias."""
    shown: list[Expr] = []
    for weight, term in zip(weights, terms, strict=True):
        if weight:
            factors = term.factors if isinstance(term, Mul) else (term,)
            size = term if abs(weight) == 1 else Mul((Number(abs(weight)), *factors))
            shown.append(size if weight > 0 else Neg(size))
    if bias:
        shown.append(Number(bias) if bias > 0 else Neg(Number(-bias)))
    return total(shown) if shown else ZERO


def at_least_zero(expression: Expr) -> Chain:
    return Chain(expression, ((">=", ZERO),))


def combination(shares: Coefficients, points: Sequence[Point]) -> Expr:
    """1/2·p + 1/2·q, with the points as columns; 0 where there are none."""
    terms: list[Expr] = [
        vector(points[number]) if share == 1 else Mul((Number(share), vector(points[number])))
        for number, share in shares
    ]
    return total(terms) if terms else vector((Fraction(0),) * len(points[0]))


def common(positive: Coefficients, negative: Coefficients, points: Sequence[Point]) -> Chain:
    """Both combinations, and the point that they make."""
    own = positive or negative
    made = tuple(
        sum((share * points[number][axis] for number, share in own), Fraction(0))
        for axis in range(len(points[0]))
    )
    return equals(combination(positive, points), vector(made), combination(negative, points))


def sentence(*pieces: Prose | Expr) -> tuple[str | Expr, ...]:
    """Pieces of prose, those that are pieces themselves flattened."""
    found: list[str | Expr] = []
    for piece in pieces:
        found += piece if isinstance(piece, tuple) else (piece,)
    return tuple(found)
