"""Grouped data: only how many observations fell into each interval is known.

The likelihood is ∏ P(interval)^count, where P is F(b) − F(a), or a sum of the mass function for
whole numbers.  Its score has no root in letters; it is found in numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.estimate import Working
from mlcalc.estimation.intervals import Continuous, Interval, Whole
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import Sample
from mlcalc.estimation.searching import ERFC, moments, optimum
from mlcalc.estimation.working import WHY_THE_LOG, Writing
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, prose
from mlcalc.maths.calculus import raw_derivative
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, to_float
from mlcalc.maths.numerics.roots import Point
from mlcalc.maths.tree import Decimal, Expr, Symbol, equals, shown
from mlcalc.showing.derivation import Step, Table, step

Row = tuple[Expr, Expr, Expr]


def working(model: Model, groups: Sequence[Row]) -> Working:
    """The estimates from rows of low, high and count; an end may be ∞.

    Raises `Unsolved` where the distribution function is not known here, and where there is no
    maximum.
    """
    return Grouped(model, groups).working()


def require_two_told(counted: Sequence[tuple[float, float]]) -> None:
    """Raises `Unsolved` where the intervals leave a mean or a variance to run away.

    Three that do not overlap hold both of them, and so do two with a gap of which one is bounded.
    """
    low, high = max(low for low, _ in counted), min(high for _, high in counted)
    if low < high:
        runs_off = math.isinf(low) or math.isinf(high)
        runs = "the mean goes off into it" if runs_off else "the variance goes to 0 inside it"
        raise Unsolved.because(
            "there is no maximum: all observations may lie in one interval, whose probability "
            f"goes to 1 as {runs}"
        )
    if len(set(counted)) > 2:
        return
    ends = min(low for low, _ in counted), max(high for _, high in counted)
    is_open = tuple(map(math.isinf, ends))
    if low == high and all(is_open):
        raise Unsolved.because(
            "there is no single maximum: one cut between two intervals fixes one probability, "
            "which one variance gives for each mean"
        )
    if low == high:
        raise Unsolved.because(
            "there is no maximum: the probabilities of two neighbouring intervals go to the "
            "shares of their counts as the variance goes to 0 at the end that they have in common"
        )
    if all(is_open):
        raise Unsolved.because(
            "there is no maximum: the probability of the gap, into which nothing fell, goes to 0 "
            "as the variance goes to ∞"
        )


class Grouped:
    def __init__(self, model: Model, groups: Sequence[Row]) -> None:
        self.model, self.writing = model, Writing(model, Sample())
        self.symbols = self.writing.symbols
        self.writing.known_numbers()
        try:
            numbers = [tuple(map(scalar, row)) for row in groups]
        except EvaluationError:
            raise Unsolved.because("grouped data must be numbers here") from None
        self.groups = [Interval(low, high, count) for low, high, count in numbers]
        self.formulas = model.tails
        self.is_whole = model.family.support.whole
        self.is_normal = bool(model.family.normal_in)
        if self.is_whole and model.family.density:
            self.source: Continuous | Whole = Whole(model)
        elif self.formulas is not None:
            self.source = Continuous(model, *self.formulas)
        else:
            known = (n for n, one in FAMILIES.items() if one.tails or one.support.whole)
            listed = ", ".join(known)
            raise Unsolved.because(
                f"grouped data of this model cannot be worked out here; they can for {listed}"
            )

    def working(self) -> Working:
        unknown = self.model.unknown
        self.require_told()
        if len(unknown) == 2 and self.is_normal:
            least = self.source.least
            require_two_told([
                (-math.inf if g.low <= least else to_float(g.low), to_float(g.high))
                for g in self.groups if g.count
            ])  # fmt: skip
        steps = [self.probability_step(), self.likelihood_step(), self.log_step()]
        steps += [self.score_step(symbol) for symbol in self.symbols]
        notes = [*self.writing.notes(), self.ends_note()]
        if len(unknown) > 1 and not self.is_normal:
            raise Unsolved.because("from grouped data only one parameter can be found here")
        scores = [self.score(place) for place in range(len(unknown))]
        found = optimum(unknown, self.objective, scores, self.finite_ends(), self.start)
        values = [to_float(e.value) for e in found.estimates if e.value is not None]
        steps += [*found.steps, self.fit_step(values)]
        return Working(tuple(steps), found.estimates, (*notes, *found.notes), found.height)

    def require_told(self) -> None:
        """Raises `Unsolved` where the counted intervals are certain, whatever the parameter is."""
        least, most = self.source.least, self.source.most
        if all(g.low <= least and g.high >= most for g in self.groups if g.count):
            names = " and ".join(symbol.spelled for symbol in self.symbols)
            raise Unsolved.because(
                f"there is no single maximum: every value of {names} is equally likely, for no "
                "observation is known to lie in a part of the range of x"
            )

    # The function.

    def objective(self, *point: float) -> float:
        """Σ count·log P; −∞ where an interval that has observations is impossible."""
        at = dict(zip(self.symbols, point, strict=True))
        logs = []
        for group in self.groups:
            if group.count:
                share = self.probability(group, at)
                if not share > 0:
                    return -math.inf
                logs.append(float(group.count) * math.log(share))
        return math.fsum(logs)

    def probability(self, group: Interval, at: dict[Symbol, float]) -> float:
        import numpy as np

        with np.errstate(all="ignore"):
            return self.source.probability(group, {s: np.float64(v) for s, v in at.items()})

    def score(self, place: int) -> Callable[..., float]:
        """The partial derivative: Σ count·P′/P."""
        import numpy as np

        symbol = self.symbols[place]

        def at(*point: float) -> float:
            where = dict(zip(self.symbols, map(np.float64, point), strict=True))
            with np.errstate(all="ignore"):
                return math.fsum(
                    float(g.count) * self.source.slope(g, where, symbol)
                    / (self.source.probability(g, where) or math.nan)
                    for g in self.groups if g.count
                )  # fmt: skip

        return at

    def finite_ends(self) -> list[Scalar]:
        """Where the grid of the search is fine; on the scale of the parameter of a lognormal."""
        ends = {end for g in self.groups for end in (g.low, g.high) if math.isfinite(end)}
        if self.model.family.normal_in == "log(x)":
            return [math.log(end) for end in sorted(ends) if end > 0]
        return sorted(ends)

    def start(self) -> tuple[Point, str]:
        """The moments of the middles; an open interval counts as wide as the widest closed one."""
        logs = self.model.family.normal_in == "log(x)"
        ends = [(to_float(g.low), to_float(g.high)) for g in self.groups]
        if logs:
            ends = [(math.log(a) if a > 0 else -math.inf, math.log(b)) for a, b in ends]
        width = max((b - a for a, b in ends if math.isfinite(b - a)), default=1.0)
        closed = [
            (b - width if math.isinf(a) else a, a + width if math.isinf(b) else b) for a, b in ends
        ]
        middles = [(a + b) / 2 for a, b in closed]
        mean, variance = moments(middles, [float(g.count) for g in self.groups])
        variance = variance or width**2 / 12
        is_deviation = "sigma" in self.model.family.parameters
        spread = math.sqrt(variance) if is_deviation else variance
        return (mean, spread), "the mean and the variance of the middles of the intervals"

    # The steps.

    def probability_step(self) -> Step:
        rule = "write the probability of an interval"
        if self.formulas is None or self.is_whole:
            return step(
                rule,
                "p(x) = mass",
                "P(a, b) = sum(p(x), x, a, b)",
                why="the whole numbers in it, one by one",
                mass=self.model.density,
            )
        return step(
            rule,
            "F(x) = below",
            "P(a, b) = F(b) - F(a)",
            why="F is the distribution function",
            below=self.formulas[0],
        )

    def likelihood_step(self) -> Step:
        return step(
            "write the likelihood",
            "target = product(P(a[j], b[j])^n[j], j)",
            why="$n[j]$ observations fell between $a[j]$ and $b[j]$",
            target=self.writing.likelihood,
        )

    def log_step(self) -> Step:
        return step(
            "take the log",
            "target = sum(n[j] * log(P(a[j], b[j])), j)",
            why=WHY_THE_LOG,
            target=self.writing.log_likelihood,
        )

    def score_step(self, symbol: Symbol) -> Step:
        is_sum = self.formulas is None or self.is_whole
        slope_of = self.model.density if self.formulas is None or is_sum else self.formulas[0]
        why = "mlcalc does not solve this in letters: its root is found in numbers"
        return step(
            self.writing.rule(symbol),
            "score = sum(n[j] * (partial(P(a[j], b[j]), theta) / P(a[j], b[j])), j)",
            f"partial({'p' if is_sum else 'F'}(x), theta) = slope",
            why=f"{ERFC}; {why}" if self.is_normal else why,
            score=self.writing.operator(symbol), theta=symbol,
            slope=raw_derivative(slope_of, symbol),
        )  # fmt: skip

    def fit_step(self, values: Sequence[float]) -> Step:
        """What the estimate expects in each interval, beside what was observed."""
        at = dict(zip(self.symbols, values, strict=True))
        whole = sum(float(g.count) for g in self.groups)
        rows = []
        expected: list[Expr] = []
        for group in self.groups:
            share = self.probability(group, at)
            rows.append(
                (shown(group.low), shown(group.high), shown(group.count),
                 Decimal(share), Decimal(whole * share))
            )  # fmt: skip
            expected.append(equals(shown(whole) * Decimal(share), Decimal(whole * share)))
        header = ("from", "to", "count", "probability", "expected count")
        return Step("compare with the counts", (Table(header, tuple(rows), "", tuple(expected)),))

    def ends_note(self) -> Note:
        text = "an interval is $a < x <= b$; the ends do not matter here"
        if self.is_whole:
            text = "both ends of an interval belong to it"
        return Note("grouped.ends", prose(text))
