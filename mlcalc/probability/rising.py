"""Ratios of beta functions as products of rising factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Expr, Mul, call, shown


def rising(alphas: Sequence[Fraction], counts: Sequence[int]) -> Fraction:
    """∏_c α_c(α_c + 1)⋯(α_c + n_c − 1) over the same of Σ α and n."""
    above = math.prod(a + i for a, n in zip(alphas, counts, strict=True) for i in range(n))
    below = math.prod(sum(alphas, Fraction(0)) + i for i in range(sum(counts)))
    return Fraction(above) / below


MOST_FACTORS, MOST_GAMMA = 12, 150
"""Up to that many factors are written out, and up to that argument as values of Γ."""


def factors_of(alphas: Sequence[Fraction], counts: Sequence[int]) -> Expr | None:
    """(2·3·4)·(2)/(6·7·8·9): the rising factorials in numbers, where there are few factors."""
    whole = sum(alphas, Fraction(0))
    if not sum(counts) or whole + sum(counts) > MOST_GAMMA:
        return None
    if sum(counts) > MOST_FACTORS:
        gammas = [call("gamma_function", shown(a + n)) / call("gamma_function", shown(a))
                  for a, n in zip(alphas, counts, strict=True) if n]  # fmt: skip
        last = call("gamma_function", shown(whole)) / call(
            "gamma_function", shown(whole + sum(counts))
        )
        return Mul((last, *gammas))
    above = [shown(a + i) for a, n in zip(alphas, counts, strict=True) for i in range(n)]
    below = [shown(whole + i) for i in range(sum(counts))]
    return times(above) / times(below)


def times(factors: Sequence[Expr]) -> Expr:
    return factors[0] if len(factors) == 1 else Mul(tuple(factors))


def log_beta(alphas: Sequence[Fraction]) -> float:
    """log of ∏ Γ(α_c)/Γ(Σ α_c)."""
    total = math.lgamma(to_float(sum(alphas, Fraction(0))))
    return math.fsum(math.lgamma(to_float(alpha)) for alpha in alphas) - total
