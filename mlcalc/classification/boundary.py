"""The decision boundary between two Gaussian classes: a polynomial, at most quadratic.

It is where the log-ratio of the two scores is zero.  The ratio has the first class above and the
other below, so the log-ratio is positive where the first is predicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from mlcalc.classification.boundary_letters import (
    HALF,
    A,
    B,
    C,
    Pair,
    coefficients,
    names,
    order,
    zero_of,
)
from mlcalc.classification.gaussian_model import Classifier, Logged, number, scaled, summed
from mlcalc.derivation import Block, Step
from mlcalc.maths.tree import Add, Decimal, Expr, Symbol, equals, wrap
from mlcalc.records import Record

MOST_FEATURES = 10
"""The polynomial of more features is not written out."""

LARGEST_MULTIPLE = 100_000


class Polynomial(Record):
    """Σ (A_j x_j² + B_j x_j) + C, positive where the class `first` is predicted."""

    first: str
    second: str
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
        constant = self.constant.times(factor)
        return Polynomial(self.first, self.second, self.symbols, squares, lines, constant)

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
        if terms and constant == [wrap(0)]:
            constant = []
        terms += constant
        return terms[0] if len(terms) == 1 else Add(tuple(terms))


def polynomial(classifier: Classifier) -> Polynomial:
    """The log-ratio of two classes whose parameters are numbers."""
    above, below = order(classifier.classes)
    constant, inside = Fraction(0), Fraction(1)
    squares, lines = [], []
    pairs = zip(classifier.normals[above], classifier.normals[below], strict=True)
    for one, other in pairs:
        (m1, v1), (m0, v0) = one.numbers, other.numbers
        squares.append(1 / (2 * v0) - 1 / (2 * v1))
        lines.append(m1 / v1 - m0 / v0)
        constant += m0 * m0 / (2 * v0) - m1 * m1 / (2 * v1)
        inside *= v0 / v1
    ratio = classifier.prior_value(above) / classifier.prior_value(below)
    return Polynomial(
        classifier.classes[above],
        classifier.classes[below],
        classifier.symbols,
        tuple(squares),
        tuple(lines),
        Logged(constant, HALF, ratio**2 * inside),
    )


def number_steps(classifier: Classifier, found: Polynomial) -> list[Step]:
    """The numbers put into A, B and C; then whole coefficients."""
    pair = Pair.of(classifier, own_letters=True)
    formulas = coefficients(pair)
    blocks: list[Block] = []
    rows = zip(
        names(pair, A), names(pair, B), formulas.squares, formulas.lines,
        found.squares, found.lines, strict=True,
    )  # fmt: skip
    for a, b, square, line, square_value, line_value in rows:
        blocks.append(equals(a, square, number(square_value)))
        blocks.append(equals(b, line, number(line_value)))
    constant = Add(tuple(formulas.constants))
    middle = summed(found.constant.terms())
    value = found.constant.value
    last = [Decimal(value)] if isinstance(value, float) else []
    blocks.append(equals(C, constant, middle, *last))
    if not found.degree:
        return [Step("put in the numbers", tuple(blocks))]
    steps = [Step("put in the numbers", (*blocks, zero_of(found.tree)))]
    factor = found.multiple
    if factor != 1:
        whole = zero_of(found.times(factor).tree)
        rule = f"multiply by {factor}"
        steps.append(Step(rule, (whole,), "so that the coefficients are whole numbers"))
    return steps
