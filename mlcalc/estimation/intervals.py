"""The probability of an interval, and how it changes with the parameters, as functions of floats.

For continuous families it is F(b) − F(a), or S(a) − S(b) in the upper half, where F is so near 1
that its digits would cancel; for whole numbers it is a sum of the mass function.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import X
from mlcalc.estimation.model import Model
from mlcalc.estimation.terms import has, log_of
from mlcalc.estimation.working import slope_of
from mlcalc.maths.calculus import raw_derivative
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.arrays import Compiled, Floats, compiled
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Symbol, substitute

MOST_SUMMED = 20_000
"""The most whole numbers in one interval."""

CHUNK = 100
"""An upper tail is summed this many numbers at a time."""

At = Mapping[Symbol, Floats]


class Interval(Record):
    """low < x ≤ high, or low ≤ x ≤ high of whole numbers, and how many observations lie there."""

    low: Scalar
    high: Scalar
    count: Scalar


class Continuous:
    """F(b) − F(a), and its derivatives with respect to each unknown parameter."""

    def __init__(self, model: Model, below: Expr, above: Expr) -> None:
        known = dict(model.known)
        self.below, self.above = (compiled(substitute(f, known)) for f in (below, above))
        self.slopes = {
            u.symbol: compiled(substitute(raw_derivative(below, u.symbol), known))
            for u in model.unknown
        }
        support = model.family.support
        ends = (to_float(scalar(substitute(fact(e), known))) for e in (support.low, support.high))
        self.least, self.most = ends

    def probability(self, interval: Interval, at: At) -> float:
        low, high = to_float(interval.low), to_float(interval.high)
        under = [self.value(self.below, x, at, 0.0, 1.0) for x in (low, high)]
        if under[0] + under[1] <= 1:
            return under[1] - under[0]
        over = [self.value(self.above, x, at, 1.0, 0.0) for x in (low, high)]
        return over[0] - over[1]

    def slope(self, interval: Interval, at: At, parameter: Symbol) -> float:
        function = self.slopes[parameter]
        low, high = to_float(interval.low), to_float(interval.high)
        return self.value(function, high, at, 0.0, 0.0) - self.value(function, low, at, 0.0, 0.0)

    def value(self, function: Compiled, x: float, at: At, start: float, end: float) -> float:
        """The function at x; `start` where x is below all observations, `end` at infinity."""
        if x <= self.least:
            return start
        return end if math.isinf(x) else float(function({**at, X: x}))


class Whole:
    """Σ f(x) over the whole numbers of the interval, its ends included."""

    def __init__(self, model: Model) -> None:
        known = dict(model.known)
        terms = log_of(model.density)
        filled = [substitute(t, known) for t in terms]
        moves = has([u.symbol for u in model.unknown])
        self.logs = [compiled(t) for t in filled if moves(t)]
        self.fixed = [compiled(t) for t in filled if not moves(t)]
        self.density = compiled(substitute(model.density, known))
        self.fixed_sums: dict[tuple[int, int], Any] = {}
        """What does not move with the parameters, such as log x!, by the ends of the range."""
        self.slopes = {
            u.symbol: [compiled(substitute(slope_of(t, u.symbol), known)) for t in terms]
            for u in model.unknown
        }
        support = model.family.support
        ends = (to_float(scalar(substitute(fact(e), known))) for e in (support.low, support.high))
        self.least, self.most = ends

    def probability(self, interval: Interval, at: At) -> float:
        return self.summed(interval, at, None)

    def slope(self, interval: Interval, at: At, parameter: Symbol) -> float:
        return self.summed(interval, at, parameter)

    def summed(self, interval: Interval, at: At, parameter: Symbol | None) -> float:
        low = math.ceil(max(to_float(interval.low), self.least))
        high = min(to_float(interval.high), self.most)
        if math.isfinite(high):
            return self.over(low, math.floor(high), at, parameter)
        if self.over(int(self.least), low - 1, at, None) > 0.5:
            return self.upwards(low, at, parameter)
        rest = self.over(int(self.least), low - 1, at, parameter)
        return (1 if parameter is None else 0) - rest

    def upwards(self, low: int, at: At, parameter: Symbol | None) -> float:
        """The sum from `low` on, until what comes is nothing beside what was added."""
        whole = 0.0
        for start in range(low, low + MOST_SUMMED, CHUNK):
            part = self.over(start, start + CHUNK - 1, at, parameter)
            whole += part
            if abs(part) <= 1e-18 * abs(whole):
                break
        return whole

    def over(self, low: int, high: int, at: At, parameter: Symbol | None) -> float:
        if high < low:
            return 0.0
        import numpy as np

        x = np.arange(low, min(high, low + MOST_SUMMED) + 1, dtype=float)
        values = {**at, X: x}
        if (low, high) not in self.fixed_sums:
            self.fixed_sums[low, high] = sum(term({X: x}) for term in self.fixed) + 0 * x
        masses = np.exp(sum(term(values) for term in self.logs) + self.fixed_sums[low, high])
        if np.isnan(masses).any():  # 0·log 0 at an end of the range, where the mass is 0⁰ = 1
            masses = np.where(np.isnan(masses), self.density(values), masses)
        if parameter is not None:
            masses = masses * sum(term(values) for term in self.slopes[parameter])
        return math.fsum(masses.tolist())
