"""The mean and the variance of a posterior that has no name, and the evidence: integrals over it.

Under a polynomial as prior the likelihood of successes and failures is integrated exactly, power by
power; any other posterior of one parameter by quadrature.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from typing import Any

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.evidence import constant_factor, product
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, DATA, X
from mlcalc.estimation.posterior import MOMENTS, expanded
from mlcalc.estimation.terms import collected, logarithm, numbers_in
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, to_float
from mlcalc.maths.letters import free_letter
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Expr, Number, Symbol, call, free_symbols, substitute, walk
from mlcalc.showing.derivation import Answer, Step, number_answer, step

MOST_TRIALS = 2000
"""Of more trials the factorials are left to quadrature."""
MOST_DIFFERENT = 200
"""Of more different observations the sums must be known."""
SURE = 1e-9
"""A share of an integral that it may be wrong by."""


class Moments(Record):
    """Z, ∫θ·kernel/Z, ∫(θ − mean)²·kernel/Z, and the evidence where it is known."""

    whole: Scalar
    mean: Scalar
    variance: Scalar
    evidence: Scalar | None
    is_exact: bool

    def answers(self, event: Expr) -> list[Answer]:
        found = [
            number_answer(name, value, call(operator, event))
            for (name, operator), value in zip(
                MOMENTS.items(), (self.mean, self.variance), strict=True
            )
        ]
        if self.evidence is not None:
            found.append(number_answer("evidence", self.evidence, call("p", DATA)))
        return found

    def step(self, engine: ByScore, event: Expr) -> Step:
        theta = engine.model.unknown[0].symbol
        assert engine.prior is not None
        letter = free_letter({theta, *engine.prior.letters}, "ZI")
        how = (
            "$theta^a*(1 - theta)^b$ integrates to $a! * b!/(a + b + 1)!$, power by power of the "
            "prior"
            if self.is_exact else "the integrals are found by quadrature"
        )  # fmt: skip
        relation = "=" if self.is_exact else "~="
        return step(
            "integrate the posterior",
            f"Z {relation} whole",
            f"mean_of {relation} mean",
            f"variance_of {relation} variance",
            why=f"$Z$ is the integral of the likelihood times the prior over $theta$; {how}",
            Z=letter, whole=self.whole, theta=theta, mean=self.mean, variance=self.variance,
            mean_of=call("E", event), variance_of=call("Var", event),
        )  # fmt: skip


MOST_PIECES = 5000
"""How often the kernel is computed for an array of places, before its integrals are given up."""


def moments(engine: ByScore) -> Moments | None:
    """The integrals; None where letters are left, or they are not told well enough."""
    prior, unknown = engine.prior, engine.model.unknown
    if prior is None or prior.family.joint or len(unknown) != 1 or engine.limits is not None:
        return None
    theta, numbers = unknown[0].symbol, engine.numbers
    before = substitute(prior.density(theta), prior.numbers())
    terms = [substitute(term, numbers) for term in engine.terms]
    if is_open(terms, theta) and engine.sample.data:
        terms = each_by_itself(engine)
    if is_open([before, *terms], theta) or not engine.has_numbers:
        return None
    try:
        low, high = (to_float(scalar(end)) for end in engine.range_of(unknown[0]))
        found = by_powers(engine, before, theta) if (low, high) == (0, 1) else None
        return found or by_quadrature(terms, before, theta, low, high)
    except EvaluationError:
        return None


def is_open(formulas: list[Expr], theta: Symbol) -> bool:
    """Whether letters are left beside the parameter."""
    found = {letter for formula in formulas for letter in free_symbols(formula)}
    return bool(found - CONSTANT_LETTERS - {theta})


def each_by_itself(engine: ByScore) -> list[Expr]:
    """log p(xᵢ) of each observation, where a sum over them has the parameter in it."""
    counts = engine.statistics.counts
    if len(counts) > MOST_DIFFERENT:
        return list(engine.terms)
    return [
        Number(Fraction(count)) * substitute(term, {**engine.known, X: x})
        for x, count in counts.items()
        for term in logarithm(engine.model.density)
    ]


def by_powers(engine: ByScore, before: Expr, theta: Symbol) -> Moments | None:
    """Exactly, where the prior is a polynomial on [0, 1] and the data are successes."""
    powers = polynomial(before, theta)
    spread = expanded(collected(engine.terms, theta), theta)
    logs = [fact("log(t)"), fact("log(1 - t)")]
    functions = [substitute(log, {Symbol("t"): theta}) for log in logs]
    if powers is None or not set(spread) <= set(functions):
        return None
    counts = [
        exact(substitute(spread[f], engine.numbers)) if f in spread else Fraction(0)
        for f in functions
    ]
    if any(c is None or c < 0 or c.denominator != 1 or c > MOST_TRIALS for c in counts):
        return None
    k, rest = (int(c) for c in counts if c is not None)

    def over(more: int) -> Fraction:
        return sum(
            (c * beta(k + place + more, rest) for place, c in enumerate(powers)), Fraction(0)
        )

    whole, area = over(0), sum((c / (i + 1) for i, c in enumerate(powers)), Fraction(0))
    if whole <= 0 or area <= 0:
        return None
    mean = over(1) / whole
    constant = constants_of(engine)
    evidence = None if constant is None else constant * whole / area
    return Moments(whole, mean, over(2) / whole - mean**2, evidence, True)


def beta(a: int, b: int) -> Fraction:
    """∫ θ^a·(1 − θ)^b over [0, 1]."""
    return Fraction(1, (a + b + 1) * math.comb(a + b, a))


def constants_of(engine: ByScore) -> Scalar | None:
    """The factors of the likelihood without the parameter; None where they need data not given."""
    factor, known = constant_factor(engine), numbers_in(engine.known)
    if X not in free_symbols(factor):
        sizes = exact(engine.sample.size) if engine.sample.size is not None else None
        return None if sizes is None else scalar(factor, known) ** int(sizes)
    if not engine.sample.data:
        return None
    return product([scalar(factor, {**known, X: scalar(x)}) for x in engine.sample.data])


def by_quadrature(
    terms: list[Expr], before: Expr, theta: Symbol, low: float, high: float
) -> Moments | None:
    import numpy as np

    from mlcalc.maths.numerics.arrays import compiled
    from mlcalc.maths.numerics.quadrature import integral

    parts = [compiled(part) for part in (*terms, Call("log", (before,)))]

    asked = count()

    def log_kernel(at: Any) -> Any:
        if next(asked) > MOST_PIECES:
            raise EvaluationError("the posterior is not integrated well enough in good time")
        with np.errstate(all="ignore"):
            found = sum(part({theta: at}) for part in parts) + 0 * at
        return np.where(np.isnan(found), -np.inf, found)

    top, peak = highest(log_kernel, low, high)
    if not math.isfinite(top):
        return None

    def over(weight: Callable[[Any], Any]) -> float:
        """∫ of a weight that is nowhere negative times the kernel over its largest value."""
        total = integral(
            lambda at: weight(at) * np.exp(log_kernel(at) - top), low, high, breaks, SURE * 1e-2
        )
        is_told = math.isfinite(total.value) and total.error <= SURE * max(total.value, 1e-300)
        return total.value if is_told else math.nan

    # Between its kinks the kernel is smooth, and the quadrature ends soon.
    breaks = {peak, *(k for part in (*terms, before) for k in kinks_of(part, theta, low, high))}
    whole = over(np.ones_like)
    above = over(lambda at: np.maximum(at - peak, 0)) - over(lambda at: np.maximum(peak - at, 0))
    mean = peak + above / whole
    variance = over(lambda at: (at - mean) ** 2) / whole
    if not (whole > 0 and math.isfinite(mean) and math.isfinite(variance)):
        return None
    return Moments(whole * math.exp(top), mean, variance, None, False)


def kinks_of(formula: Expr, theta: Symbol, low: float, high: float) -> Iterator[float]:
    """Where |a + b·θ| has its kink, within the range."""
    for node in walk(formula):
        if isinstance(node, Call) and node.name == "abs" and free_symbols(node) == {theta}:
            at_0, at_1 = (to_float(scalar(node.arguments[0], {theta: v})) for v in (0, 1))
            kink = at_0 / (at_0 - at_1) if at_0 != at_1 else math.nan
            if low < kink < high:
                yield kink


def highest(log_kernel: Callable[[Any], Any], low: float, high: float) -> tuple[float, float]:
    """The largest value on a grid that is fine everywhere, and where it is."""
    import numpy as np

    shares = np.linspace(0, 1, 4001)[1:-1]
    if math.isfinite(low) and math.isfinite(high):
        grid = low + (high - low) * shares
    elif math.isfinite(low):
        grid = low + shares / (1 - shares)
    elif math.isfinite(high):
        grid = high - shares / (1 - shares)
    else:
        grid = np.tan((shares - 0.5) * math.pi)
    values = log_kernel(grid)
    place = int(np.argmax(values))
    return float(values[place]), float(grid[place])
