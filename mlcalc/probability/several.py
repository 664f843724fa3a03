"""Two parameters whose scores cannot be solved: Newton's method in the plane, from the moments.

The scores are exact; their slopes are taken by differences of them, which costs an iteration or
two and no digit of the result, since that is where the exact scores are zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlcalc.derivation import Note, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.numerics.roots import Point, newton_plane
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Decimal, Matrix, Symbol, equals
from mlcalc.probability.certify import certified_point
from mlcalc.probability.iterations import closing, plane_table
from mlcalc.probability.model import Unknown
from mlcalc.probability.writing import K, indexed
from mlcalc.records import Record

DIFFERENCE = 1e-5
"""The step of the differences, relative: its square and rounding are small beside it."""

HESSIAN, SCORE = Symbol("H"), Symbol("s")


class Pair(Record):
    """The estimates, the steps to them, the certificate, and the function at the maximum."""

    values: Point
    steps: tuple[Step, ...]
    certificate: Note
    height: float


def found_pair(
    unknown: Sequence[Unknown],
    objective: Callable[..., float],
    scores: Sequence[Callable[..., float]],
    start: Point,
    start_note: str,
) -> Pair:
    """The maximum of a function of two parameters.  `scores` are its partial derivatives."""
    ends = [tuple(to_float(scalar(read(end))) for end in u.range) for u in unknown]

    def slopes(point: Point) -> tuple[Point, Point]:
        rows = []
        for score in scores:
            row = []
            for place in (0, 1):
                step = DIFFERENCE * (abs(point[place]) or 1.0)
                sides = [list(point), list(point)]
                sides[0][place] -= step
                sides[1][place] += step
                row.append((score(*sides[1]) - score(*sides[0])) / (2 * step))
            rows.append((row[0], row[1]))
        return rows[0], rows[1]

    trail = newton_plane(
        lambda p: tuple(score(*p) for score in scores), slopes, lambda p: objective(*p),
        start, tuple(low for low, _ in ends),
    )  # fmt: skip
    if not trail.settled:
        raise Unsolved.because(
            "the iterations do not settle: the likelihood seems to grow towards an end of the range"
        )
    symbols = [u.symbol for u in unknown]
    here, there = (Matrix.column(indexed(s, k) for s in symbols) for k in (K, K + 1))
    starting = tuple(equals(indexed(s, 0), Decimal(v)) for s, v in zip(symbols, start, strict=True))
    rows = plane_table(trail, [indexed(s, K) for s in symbols], [("∂/∂", s) for s in symbols])
    note = f"s is the vector of scores and H the matrix of their slopes; {closing(trail)}"
    steps = (
        Step("choose a start", starting, start_note),
        Step("iterate by Newton's method", (equals(there, here - HESSIAN**-1 @ SCORE), rows), note),
        Step("read off the estimate", tuple(
            equals(u.hat, Decimal(v)) for u, v in zip(unknown, trail.root, strict=True)
        )),
    )  # fmt: skip
    limits = [(low, high) for low, high in ends]
    certificate = certified_point(lambda p: objective(*p), trail.root, limits)
    return Pair(trail.root, steps, certificate, objective(*trail.root))


def moments(values: Sequence[float], weights: Sequence[float] | None = None) -> Point:
    """The mean and the 1/n variance."""
    shares = weights or [1.0] * len(values)
    whole = math.fsum(shares)
    mean = math.fsum(v * w for v, w in zip(values, shares, strict=True)) / whole
    return mean, math.fsum(w * (v - mean) ** 2 for v, w in zip(values, shares, strict=True)) / whole
