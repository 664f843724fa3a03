"""Two features: which curve the boundary is; without an x₁x₂ term completing squares tells."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.classification.boundary import Polynomial

MINUS = Fraction(-1)
EVERYWHERE = "everywhere"
NOWHERE = "empty"


def conic(found: Polynomial) -> str:
    """The name of the set where the polynomial of two features is zero."""
    (a1, a2), (b1, b2) = found.squares, found.lines
    if a1 and a2:
        # A₁(x₁ + …)² + A₂(x₂ + …)² = K
        level = found.constant.times(MINUS).plus(b1 * b1 / (4 * a1) + b2 * b2 / (4 * a2))
        return central(a1 * a2 > 0, a1 == a2, level.sign * (1 if a1 > 0 else -1))
    if a1 or a2:
        square, line, other = (a1, b1, b2) if a1 else (a2, b2, b1)
        if other:
            return "a parabola"
        discriminant = found.constant.times(-4 * square).plus(line * line)
        return {1: "two parallel lines", 0: "one line", -1: NOWHERE}[discriminant.sign]
    if b1 or b2:
        return "a straight line"
    return NOWHERE if found.constant.sign else EVERYWHERE


def central(is_definite: bool, is_round: bool, level: int) -> str:
    if not is_definite:
        return "a hyperbola" if level else "two crossing lines"
    if level <= 0:
        return "a single point" if level == 0 else NOWHERE
    return "a circle" if is_round else "an ellipse"
