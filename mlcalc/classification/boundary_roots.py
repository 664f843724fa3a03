"""One feature: the thresholds where the polynomial is zero, and who wins between them."""

from __future__ import annotations

import itertools
import math
from decimal import localcontext
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.boundary import Polynomial
from mlcalc.classification.gaussian_model import (
    PRECISION,
    Logged,
    in_digits,
    number,
    summed,
)
from mlcalc.derivation import Block, Step, Table
from mlcalc.maths.functions import exact_root
from mlcalc.maths.tree import (
    Add,
    Chain,
    Decimal,
    Expr,
    Mul,
    Neg,
    Number,
    Symbol,
    Words,
    call,
    equals,
    wrap,
)
from mlcalc.records import Record

Root = Fraction | float
D = Symbol("D")


class Interval(Record):
    """Between two thresholds, or beyond the last: the class, and a place with its log-ratio."""

    low: Root | None
    high: Root | None
    label: str
    place: Fraction
    ratio: Fraction | float


class Thresholds(Record):
    """The roots in order, how they are found, and who is predicted where."""

    roots: tuple[Root, ...]
    steps: tuple[Step, ...]
    intervals: tuple[Interval, ...]


def thresholds(found: Polynomial) -> Thresholds:
    """The real roots of the polynomial of one feature, and the class on each side of them."""
    whole = found.times(found.multiple)
    (a,), (b,), c = whole.squares, whole.lines, whole.constant
    x = found.symbols[0]
    if a:
        roots, steps = quadratic(x, a, b, c)
    elif b:
        roots, steps = linear(x, b, c)
    else:
        return Thresholds((), (), (interval(found, None, None),))
    intervals = regions(found, roots)
    return Thresholds(roots, (*steps, sign_step(found, intervals)), intervals)


def linear(x: Symbol, b: Fraction, c: Logged) -> tuple[tuple[Root, ...], list[Step]]:
    """b·x + c = 0."""
    root = c.times(-1 / b)
    value = root.value
    middle = summed(root.terms())
    tail = [Decimal(value)] if isinstance(value, float) or value.denominator > 1 else []
    right = negative_sum(c) / number(b)
    chain = equals(x, right, middle, *tail) if b != 1 else equals(x, middle, *tail)
    note = "the variances are equal, so the boundary is linear: one threshold"
    return (value,), [Step("solve for the threshold", (chain,), note)]


def negative_sum(c: Logged) -> Expr:
    return summed(c.times(Fraction(-1)).terms())


def quadratic(
    x: Symbol, a: Fraction, b: Fraction, c: Logged
) -> tuple[tuple[Root, ...], list[Step]]:
    """(−b ± √D)/(2a), D = b² − 4ac."""
    square = c.times(-4 * a).plus(b * b)
    shown_c = summed(c.terms())
    head = equals(
        D,
        number(b) ** 2 - Mul((wrap(4), number(a), shown_c)),
        summed(square.terms()),
        *([] if square.is_rational else [Decimal(square.value)]),
    )
    if square.sign < 0:
        note = "a negative discriminant: no real root, so the classes do not change anywhere"
        relation = Chain(D, (("<", wrap(0)),))
        return (), [Step("solve the quadratic equation", (head, relation), note)]
    if square.sign == 0:
        root = -b / (2 * a)
        chain = equals(x, Neg(number(b)) / (2 * number(a)), number(root))
        note = "the discriminant is 0: the polynomial touches zero there and does not change sign"
        return (root,), [Step("solve the quadratic equation", (head, chain), note)]
    blocks: list[Block] = [head]
    roots: list[Root] = []
    for sign in (-1, 1) if a > 0 else (1, -1):
        value = root_value(a, b, square, sign)
        roots.append(value)
        under = call("sqrt", summed(square.terms()))
        top = Add((Neg(number(b)) if b >= 0 else number(-b), under if sign > 0 else Neg(under)))
        name = Symbol(x.spelled, str(len(roots))) if not x.subscript else x
        end = [Number(value)] if isinstance(value, Fraction) else []
        decimal = [Decimal(value)] if not isinstance(value, Fraction) or value % 1 else []
        blocks.append(equals(name, top / (2 * number(a)), *end, *decimal))
    note = "x = (−b ± √D)/(2a) with the discriminant D = b² − 4ac"
    return tuple(roots), [Step("solve the quadratic equation", tuple(blocks), note)]


def root_value(a: Fraction, b: Fraction, square: Logged, sign: int) -> Root:
    """One root, exact where it is rational, computed to many digits where it is not."""
    if square.is_rational:
        root = exact_root(square.rational, 2)
        if root is not None:
            return (-b + sign * root) / (2 * a)
    with localcontext(prec=PRECISION):
        return float((in_digits(-b) + sign * square.digits().sqrt()) / in_digits(2 * a))


def regions(found: Polynomial, roots: tuple[Root, ...]) -> tuple[Interval, ...]:
    """The intervals between the roots; two neighbours with the same class are one."""
    ends = [None, *roots, None]
    pieces = [interval(found, low, high) for low, high in itertools.pairwise(ends)]
    merged: list[Interval] = []
    for piece in pieces:
        if merged and merged[-1].label == piece.label:
            last = merged.pop()
            piece = Interval(last.low, piece.high, last.label, last.place, last.ratio)
        merged.append(piece)
    return tuple(merged)


def interval(found: Polynomial, low: Root | None, high: Root | None) -> Interval:
    place = test_place(low, high)
    ratio = found.at((place,))
    label = "" if ratio.sign == 0 else found.first if ratio.sign > 0 else found.second
    return Interval(low, high, label, place, ratio.value)


def test_place(low: Root | None, high: Root | None) -> Fraction:
    """A short number inside: a whole one where there is one."""
    if low is None or high is None:
        if low is None and high is None:
            return Fraction(0)
        if low is not None:
            return Fraction(math.floor(low) + 1)
        assert high is not None
        return Fraction(math.ceil(high) - 1)
    return between(Fraction(low), Fraction(high))


def between(low: Fraction, high: Fraction) -> Fraction:
    """The shortest decimal near the middle of low and high, strictly inside."""
    middle = (low + high) / 2
    for places in range(400):
        found = Fraction(round(middle * 10**places), 10**places)
        if low < found < high:
            return found
    return middle


def sign_step(found: Polynomial, intervals: tuple[Interval, ...]) -> Step:
    """Which class is predicted where, by the sign of the log-ratio at one place of each part."""
    x = found.symbols[0]
    rows = []
    for part in intervals:
        relation = Chain(Decimal(part.ratio), ((">" if part.ratio > 0 else "<", wrap(0)),))
        rows.append((where(x, part.low, part.high), number(part.place), relation,
                     letters.word(part.label)))  # fmt: skip
    header = ("where", x, "log-ratio there", "class")
    note = f"the log-ratio is positive where class {found.first} is predicted, and continuous"
    return Step("look at the signs", (Table(header, tuple(rows)),), note)


def where(x: Expr, low: Root | None, high: Root | None) -> Expr:
    """low < x < high, without the infinite ends."""
    ends = [None if end is None else threshold_maths(end) for end in (low, high)]
    match ends:
        case [None, None]:
            return Words("everywhere")
        case [None, top]:
            assert top is not None
            return Chain(x, (("<", top),))
        case [bottom, None]:
            assert bottom is not None
            return Chain(x, ((">", bottom),))
        case _:
            assert ends[0] is not None
            assert ends[1] is not None
            return Chain(ends[0], (("<", x), ("<", ends[1])))


def threshold_maths(value: Root) -> Expr:
    return Decimal(value) if isinstance(value, float) else number(value)
