"""Bias and variance of an estimator that is linear in the sum of the data.

θ̂ = (Σ xᵢ + a)/(n·c + b) has E θ̂ = (n·m(θ) + a)/(n·c + b) and Var θ̂ = n·v(θ)/(n·c + b)², where m
and v are the mean and the variance of one observation.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.calculus import NotPolynomial, coefficients, simplified
from mlcalc.derivation import Step, Table
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol, call, equals, free_symbols, shown, substitute
from mlcalc.probability.letters import N
from mlcalc.probability.maximum import worked_out
from mlcalc.probability.terms import neat, renamed

MOMENTS: Mapping[str, tuple[str, str]] = {
    "bernoulli": ("theta", "theta*(1 - theta)"),
    "binomial": ("m*theta", "m*theta*(1 - theta)"),
    "poisson": ("lambda", "lambda"),
    "normal": ("mu", "sigma2"),
}
"""Mean and variance of one observation, in the family's own letters."""


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


def comparison(
    estimators: Mapping[str, Expr],
    family: str,
    own_letter: str,
    parameter: Symbol,
    total: Symbol,
    values: Mapping[Expr, Expr],
) -> Step | None:
    """A table of bias and variance, formulas and, at the data's own estimate, numbers."""
    if family not in MOMENTS:
        return None
    mean, variance = (renamed(read(text), {own_letter: parameter}) for text in MOMENTS[family])
    rows = []
    lines: list[Expr] = []
    guess = substitute(estimators["MLE"], values)
    at = {**values, parameter: shown(scalar(guess))} if not free_symbols(guess) else {}
    for name, formula in estimators.items():
        found = moments(formula, total, mean, variance)
        if found is None:
            return None
        bias = simplified(found[0] - parameter, (N,))
        spread = simplified(found[1], (N,))
        rows.append((name, bias, spread))
        symbol = Symbol(parameter.name, name, "hat")
        if at:
            for operator, expression in (("bias", bias), ("Var", spread)):
                filled = substitute(expression, at)
                if not free_symbols(filled):
                    lines.append(equals(call(operator, symbol), *worked_out(filled)[1:]))
    table = Table(("estimator", "bias", "variance"), tuple(rows))
    note: tuple[str | Expr, ...] = (
        "over samples of the same size; a prior buys a smaller variance with a bias, "
        "which is worth it where the prior is near the truth",
    )
    if at:
        note = (*note, "; the numbers are for a true value of ", equals(parameter, at[parameter]))
    return Step("compare bias and variance", (table, *lines), note)
