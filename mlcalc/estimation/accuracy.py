"""Bias and variance of an estimator that is linear in the sum of the data.

θ̂ = (Σ xᵢ + a)/(n·c + b) has E θ̂ = (n·m(θ) + a)/(n·c + b) and Var θ̂ = n·v(θ)/(n·c + b)², where m
and v are the mean and the variance of one observation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.family import REAL, fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, N, X
from mlcalc.estimation.maximum import value_of, worked_out
from mlcalc.estimation.model import Model
from mlcalc.estimation.priors import Belief
from mlcalc.estimation.quantities import meant
from mlcalc.estimation.terms import neat, numbers_in, renamed
from mlcalc.maths.board import line
from mlcalc.maths.calculus import NotPolynomial, coefficients, simplified
from mlcalc.maths.evaluate import exact, scalar, scalar_or_none
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import Add, Expr, Symbol, call, equals, free_symbols, shown, substitute
from mlcalc.showing.derivation import Step, Table, step


def moments(formula: Expr, total: Symbol, mean: Expr, variance: Expr) -> tuple[Expr, Expr] | None:
    """E and Var of a formula that is linear in the sum; None for any other."""
    try:
        powers = coefficients(formula, total)
    except NotPolynomial:
        return None
    if len(powers) != 2:
        return None
    constant, slope = powers
    return neat(constant + slope * N * mean), neat(slope**2 * N * variance)


@lru_cache(maxsize=256)
def bias_and_variance(
    formula: Expr, total: Symbol, parameter: Symbol, mean: Expr, variance: Expr
) -> tuple[Expr, Expr] | None:
    found = moments(formula, total, mean, variance)
    if found is None:
        return None
    return simplified(found[0] - parameter, (N,)), simplified(found[1], (N,))


def comparison(
    estimators: Mapping[str, Expr],
    model: Model,
    total: Symbol,
    values: Mapping[Expr, Expr],
    conditions: Sequence[Expr] = (),
) -> Step | None:
    """A table of bias and variance, formulas and, at the data's own estimate, numbers.

    `conditions` are what the formula of an estimator needs to hold for every sample.
    """
    parameter = model.unknown[0].symbol
    found_moments = [meant(model.family, word) for word in ("mean", "variance")]
    known = [renamed(one[1], model.names) for one in found_moments if one is not None]
    if len(known) < 2:
        return None
    mean, variance = known
    guess = value_of(estimators["MLE"], values)
    at = {} if guess is None else {**values, parameter: shown(guess)}
    rows, lines = [], []
    numbers: dict[str, list[Scalar]] = {"bias": [], "Var": []}
    for name, formula in estimators.items():
        both = bias_and_variance(formula, total, parameter, mean, variance)
        if both is None:
            return None
        rows.append((name, *both))
        for (operator, kept), expression in zip(numbers.items(), both, strict=True):
            value = value_of(expression, at) if at else None
            if value is not None:
                kept.append(value)
                symbol = Symbol(parameter.name, name, "hat")
                filled = worked_out(substitute(expression, at), value)
                lines.append(equals(call(operator, symbol), *filled[1:]))
    why = "over samples of the same size"
    if rows[0][1:] == rows[1][1:]:
        why += "; the prior moves nothing"
    elif is_smaller(estimators, total, values):
        why += gained(numbers["bias"], numbers["Var"])
    where = " and ".join(f"$condition_{place}$" for place in range(len(conditions)))
    why += f"; for {where}" * bool(where)
    names: dict[str, Any] = {f"condition_{k}": each for k, each in enumerate(conditions)}
    names |= {"theta": parameter, "truth": at.get(parameter)}
    why += "; the numbers are for a true value of $theta = truth$" * bool(at)
    table = Table(("estimator", "bias", "variance"), tuple(rows))
    return step("compare bias and variance", table, *lines, why=why, **names)


def gained(biases: Sequence[Scalar], variances: Sequence[Scalar]) -> str:
    """What the prior does, where the numbers of both estimators show it or are not known."""
    if len(variances) == 2 and not variances[1] < variances[0]:
        return ""
    if len(biases) == 2 and biases[1] == 0:
        return "; the prior makes the variance smaller, and has no bias at this value"
    return (
        "; the prior makes the variance smaller and brings in a bias, which is worth it where the "
        "prior is near the truth"
    )


def is_smaller(estimators: Mapping[str, Expr], total: Symbol, values: Mapping[Expr, Expr]) -> bool:
    """Whether the second estimator depends less on the sum than the first, whatever n is.

    The hyperparameters that are letters are numbers above 0, from 1 where that is a condition.
    """
    in_letters = {s: v for s, v in values.items() if free_symbols(v)}
    slopes = [
        substitute(coefficients(formula, total)[1], in_letters) for formula in estimators.values()
    ]
    letters = set().union(*map(free_symbols, slopes)) - CONSTANT_LETTERS
    at: dict[Symbol, Scalar] = {**dict.fromkeys(letters, Fraction(3, 2)), **numbers_in(values)}
    for n in (1, 2, 10, 1000):
        first, second = (to_float(scalar(slope, {**at, N: Fraction(n)})) for slope in slopes)
        if not 0 < second < first:
            return False
    return True


def always_inside(formula: Expr, belief: Belief, engine: ByScore) -> list[Expr] | None:
    """What must hold for the root to be the mode for every sample; None where it is not always.

    With numbers the smallest and the largest sum are tried: the root grows with the sum.
    """
    conditions: list[Expr] = []
    for text in belief.family.inside:
        needed = belief.formula(text, engine.model.unknown[0].symbol)
        value = exact(substitute(needed, belief.numbers()))
        if value is not None and value < 0:
            return None
        if value is None:
            assert isinstance(needed, Add)
            conditions.append(line("first >= 1", first=needed.terms[0]))
    if belief.family.inside or engine.model.unknown[0].range == REAL:
        return conditions
    low, high = map(scalar, engine.range_of(engine.model.unknown[0]))
    support = engine.model.family.support
    sums = (scalar(fact(end), engine.model.known_values()) for end in (support.low, support.high))
    for end in sums:
        n = engine.numbers.get(N)
        count = None if n is None else exact(n)
        if count is None:
            return None
        if math.isinf(end):
            continue
        total = engine.statistics.letters[X]
        root = scalar_or_none(substitute(formula, {**engine.numbers, total: shown(end * count)}))
        if root is None or not low <= root <= high:
            return None
    return conditions
