"""Distribution functions and survival functions as data, for censored and grouped observations.

F(x) = P(X ≤ x) and S(x) = P(X > x), each by its own formula: 1 − F would lose every digit in the
upper tail.  They are written in the letters of `families`, as textbooks write them; Φ(z) is
erfc(−z/√2)/2.  Families of whole numbers that are missing here are summed term by term.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol, parts
from mlcalc.probability.model import Model
from mlcalc.probability.terms import renamed
from mlcalc.records import Record


class Tails(Record):
    """The formulas of one parameterisation; `keys` are the parameters that it is written in."""

    below: str
    above: str
    keys: frozenset[str]


def tails(below: str, above: str, *keys: str) -> Tails:
    return Tails(below, above, frozenset(keys))


PHI = "erfc(({0})/{1})/2"
BELOW, ABOVE = "mu - x", "x - mu"
VARIANCE, DEVIATION = "sqrt(2*sigma2)", "(sqrt(2)*sigma)"

TAILS: Mapping[str, tuple[Tails, ...]] = {
    "exponential": (
        tails("1 - exp(-lambda*x)", "exp(-lambda*x)", "lambda"),
        tails("1 - exp(-x/scale)", "exp(-x/scale)", "scale"),
        tails("1 - exp(-x/mean)", "exp(-x/mean)", "mean"),
    ),
    "normal": (
        tails(PHI.format(BELOW, VARIANCE), PHI.format(ABOVE, VARIANCE), "mu", "sigma2"),
        tails(PHI.format(BELOW, DEVIATION), PHI.format(ABOVE, DEVIATION), "mu", "sigma"),
    ),
    "lognormal": (
        tails(
            PHI.format("mu - log(x)", VARIANCE), PHI.format("log(x) - mu", VARIANCE),
            "mu", "sigma2",
        ),
    ),
    "weibull": (tails("1 - exp(-(x/scale)^k)", "exp(-(x/scale)^k)", "scale", "k"),),
    "rayleigh": (tails("1 - exp(-x^2/(2*sigma^2))", "exp(-x^2/(2*sigma^2))", "sigma"),),
    "pareto": (tails("1 - (x_m/x)^alpha", "(x_m/x)^alpha", "alpha", "x_m"),),
    "geometric": (tails("1 - (1 - theta)^x", "(1 - theta)^x", "theta"),),
}  # fmt: skip

SHIFTED = "(1 - theta)^(x + 1)"
"""The survival function of a geometric variable that counts failures, from 0."""


def tails_of(model: Model) -> tuple[Expr, Expr] | None:
    """F(x) and S(x) of the model in its own letters, or None where they are not known."""
    family = model.family
    letters = {*family.parameters, *family.known}
    found = next((t for t in TAILS.get(family.name, ()) if t.keys == letters), None)
    if found is None:
        return None
    below, above = found.below, found.above
    if family.name == "geometric" and family.support.low == "0":
        below, above = f"1 - {SHIFTED}", SHIFTED
    names = replacements(model)
    return renamed(read(below), names), renamed(read(above), names)


def replacements(model: Model) -> dict[str, Expr]:
    """What the density has in place of each letter of its family: another name, or a number.

    Read off by laying the family's formula and the model's density side by side.
    """
    found: dict[str, Expr] = {}
    aligned(model.family.formula, model.density, found)
    return found


def aligned(formula: Expr, written: Expr, found: dict[str, Expr]) -> None:
    """The letters of a formula that stand as something else in the same formula, rewritten."""
    if isinstance(formula, Symbol):
        if formula != written:
            found[formula.spelled] = written
        return
    for inner, outer in zip(parts(formula), parts(written), strict=False):
        aligned(inner, outer, found)
