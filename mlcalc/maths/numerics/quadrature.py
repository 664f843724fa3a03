"""Integrals in numbers, by double-exponential quadrature (Takahasi and Mori 1974).

The ends may be infinite, or poles: the nodes crowd towards them and their weights vanish.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from mlcalc.maths.records import Record

NODES = 192
"""On each piece, and one more."""

REACH = 6.0
"""The variable of the quadrature runs from −6 to 6: 10^±137 beside an end at 0 or at infinity."""

LEFT_OVER = 1e-3
"""Where the outermost terms are larger than this share of the sum, the integral has no end."""

FINE = 1e-11
"""A tolerance for an integral that is shown."""

DEEPEST = 30
"""How often a piece is halved."""

NOTHING = 1e-9
"""A piece with less is where rounding lets a density begin a digit too early."""

Function = Callable[[Any], Any]
"""Gives the values at an array of numbers."""


class Integral(Record):
    """Its value, ∞ where there is none and nan where it is not told, and how well it is known."""

    value: float
    error: float = 0.0


def integral(
    function: Function,
    low: float,
    high: float,
    inner: Iterable[float] = (),
    tolerance: float = math.inf,
) -> Integral:
    """∫ of a function that is nowhere negative; `inner` are places where it may bend or peak.

    A piece that is not known to the tolerance is halved.
    """
    if math.isinf(low) and math.isinf(high):
        inner = {0.0, *inner}
    ends = [low, *sorted({place for place in inner if low < place < high}), high]
    pieces = [halved(function, a, b, tolerance, DEEPEST) for a, b in pairwise(ends)]
    return Integral(math.fsum(p.value for p in pieces), math.fsum(p.error for p in pieces))


def halved(function: Function, low: float, high: float, tolerance: float, depth: int) -> Integral:
    whole = piece(function, low, high)
    if not depth or not math.isfinite(whole.value) or whole.error <= tolerance:
        return whole
    step = 2.0 ** (DEEPEST - depth)  # what is infinite is cut ever further out
    middle = (low + high) / 2
    if math.isinf(middle):
        middle = high - step if math.isinf(low) else low + step
    left = halved(function, low, middle, tolerance / 2, depth - 1)
    right = halved(function, middle, high, tolerance / 2, depth - 1)
    return Integral(left.value + right.value, left.error + right.error)


def piece(function: Function, low: float, high: float) -> Integral:
    """Over one piece, with at most one infinite end."""
    import numpy as np

    if math.isinf(low):
        return piece(lambda x: function(-x), -high, -low)
    t = np.linspace(-REACH, REACH, NODES + 1)
    s, slope = math.pi / 2 * np.sinh(t), math.pi / 2 * np.cosh(t)
    with np.errstate(all="ignore"):
        if math.isinf(high):
            x = low + np.exp(s)
            weights = np.exp(s) * slope
        else:
            # From the nearer end, so that nodes beside an end at 0 keep their digits.
            share = 1 / (1 + np.exp(2 * np.abs(s)))
            x = np.where(s < 0, low + (high - low) * share, high - (high - low) * share)
            weights = 2 * (high - low) * slope * share * (1 - share)
        inside = (low < x) & (x < high)
        terms = np.where(inside, function(np.where(inside, x, math.nan)) * weights, 0.0)
    return summed(terms.tolist(), inside.tolist(), 2 * REACH / NODES)


def summed(terms: list[float], inside: list[bool], width: float) -> Integral:
    """The sum over all nodes, beside that over every second one."""
    if any(map(math.isnan, terms)):
        return Integral(math.nan)
    kept = [term for term, is_in in zip(terms, inside, strict=True) if is_in]
    if not kept:  # the ends are neighbours among floats
        return Integral(0.0)
    total = math.fsum(terms) if max(terms) < math.inf else math.inf
    is_endless = width * total > NOTHING and max(kept[0], kept[-1]) > LEFT_OVER * total
    if total == math.inf or is_endless:
        return Integral(math.inf)
    return Integral(width * total, width * abs(total - 2 * math.fsum(terms[::2])))
