"""The modified Bessel function I₀, which normalises the von Mises density.

I₀(κ) = Σ (κ/2)^(2j)/(j!)² (Abramowitz and Stegun 9.6.12), added up in logarithms, since I₀ is
larger than a float from κ = 714 on; beyond a thousand its asymptotic series (9.7.1) is exact to
the last digit.
"""

from __future__ import annotations

import math

FAR = 1000.0


def log_bessel_i0(kappa: float) -> float:
    """log I₀(κ), for κ of either sign."""
    size = abs(kappa)
    if size == 0:
        return 0.0
    if size > FAR:
        u = 1 / (8 * size)
        series = u * (1 + u * (9 / 2 + u * (75 / 2 + u * (11025 / 24))))
        return size - math.log(2 * math.pi * size) / 2 + math.log1p(series)
    half = math.log(size / 2)
    # The largest term stands near j = κ/2, and far beyond κ all of them are negligible.
    terms = [2 * (j * half - math.lgamma(j + 1)) for j in range(int(size) + 40)]
    top = max(terms)
    return top + math.log(math.fsum(math.exp(term - top) for term in terms))


def bessel_i0(kappa: float) -> float:
    """I₀(κ); raises `OverflowError` where it is larger than a float."""
    return math.exp(log_bessel_i0(kappa))
