"""ψ, ψ′ and I₀, which the standard library does not have, as functions of a float.

ψ and ψ′ climb by ψ(x) = ψ(x + 1) − 1/x until the asymptotic series is good to the last digit
(Abramowitz and Stegun 6.3.5, 6.3.18, 6.4.6 and 6.4.12).
"""

from __future__ import annotations

import math

FAR = 10.0
"""From here on the first term of the series that is left out is below 1e-17."""

FAR_FOR_BESSEL = 1000.0
"""From here on the asymptotic series of I₀ is exact to the last digit."""

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""B₂, B₄, … of the asymptotic series."""


def digamma(x: float) -> float:
    """ψ(x), the derivative of log Γ(x); 1e-12 in absolute terms near its root, else relative.

    Raises `ValueError` at 0, −1, −2, …, where there is none.
    """
    if x <= 0:
        if x == math.floor(x):
            raise ValueError("ψ has a pole there")
        return digamma(1 - x) - math.pi / math.tan(math.pi * math.remainder(x, 1))
    below, x = climbed(x, 1)
    return math.log(x) - gap(x) - below


def trigamma(x: float) -> float:
    """ψ′(x), the second derivative of log Γ(x).  Raises `ValueError` at 0, −1, −2, …"""
    if x <= 0:
        if x == math.floor(x):
            raise ValueError("ψ′ has a pole there")
        return (math.pi / math.sin(math.pi * math.remainder(x, 1))) ** 2 - trigamma(1 - x)
    below, x = climbed(x, 2)
    return below + 1 / x - gap_slope(x)


def log_minus_digamma(x: float) -> float:
    """log x − ψ(x) for x > 0, to full precision where the two nearly cancel: about 1/(2x)."""
    return gap(x) if x >= FAR else math.log(x) - digamma(x)


def log_minus_digamma_slope(x: float) -> float:
    """The derivative 1/x − ψ′(x) for x > 0, to full precision where the two nearly cancel."""
    return gap_slope(x) if x >= FAR else 1 / x - trigamma(x)


def climbed(x: float, power: int) -> tuple[float, float]:
    """Σ 1/(x + j)^power up to the first x + j that is far, and that point."""
    steps = max(math.ceil(FAR - x), 0)
    return math.fsum((x + j) ** -power for j in range(steps)), x + steps


def gap(x: float) -> float:
    """log x − ψ(x) = 1/(2x) + Σ B₂ₖ/(2k x²ᵏ) for a far x."""
    series = (b / (2 * k * x ** (2 * k)) for k, b in enumerate(BERNOULLI, 1))
    return math.fsum((1 / (2 * x), *series)) if x < 1e16 else 1 / (2 * x)


def gap_slope(x: float) -> float:
    """1/x − ψ′(x) = −1/(2x²) − Σ B₂ₖ/x²ᵏ⁺¹ for a far x."""
    series = (-b / x ** (2 * k + 1) for k, b in enumerate(BERNOULLI, 1))
    return math.fsum((-1 / (2 * x * x), *series)) if x < 1e16 else -1 / (2 * x) / x


def log_bessel_i0(kappa: float) -> float:
    """log I₀(κ) of the von Mises density, for κ of either sign.

    I₀(κ) = Σ (κ/2)^(2j)/(j!)² (Abramowitz and Stegun 9.6.12), added up in logarithms, since I₀ is
    larger than a float from κ = 714 on; far out its asymptotic series (9.7.1).
    """
    size = abs(kappa)
    if size == 0:
        return 0.0
    if size > FAR_FOR_BESSEL:
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
