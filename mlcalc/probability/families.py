"""Distributions as data: a density as a formula, its parameters, and what is known of it.

A new family is one more entry.  Densities are written as textbooks write them, in x and their
parameters, and read by the one reader; the engine takes their logarithm and its maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mlcalc.maths.evaluate import Value, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.records import Record

Range = tuple[str, str]

POSITIVE: Range = ("0", "inf")
REAL: Range = ("-inf", "inf")
UNIT: Range = ("0", "1")


class Support(Record):
    """Which observations are possible: from `low` to `high`, whole numbers or all between.

    `words` says it in a message.  The ends may name parameters that are known.
    """

    words: str
    low: str = "-inf"
    high: str = "inf"
    whole: bool = False
    strict: bool = False
    """Whether the ends themselves are impossible."""
    values: tuple[str, ...] = ()
    """All that is possible, where it is a few values."""

    def allows(self, observation: Scalar, known: Mapping[Symbol, Value]) -> bool:
        return self.allowing(known)(observation)

    def allowing(self, known: Mapping[Symbol, Value]) -> Callable[[Scalar], bool]:
        """The test of an observation, its ends read once: there may be many observations."""
        if self.values:
            values = [scalar(read(value), known) for value in self.values]
            return lambda observation: observation in values
        low, high = (scalar(read(end), known) for end in (self.low, self.high))

        def allowed(observation: Scalar) -> bool:
            inside = low < observation < high if self.strict else low <= observation <= high
            return inside and not (self.whole and observation % 1 != 0)

        return allowed


COUNTS = Support("whole numbers from 0", low="0", whole=True)
ABOVE_ZERO = Support("numbers above 0", low="0", strict=True)
FROM_ZERO = Support("numbers from 0", low="0")
NUMBERS = Support("numbers")


class Family(Record):
    """What one observation follows, in one parameterisation.

    `parameters` are estimated in their order, each with the closed range that it may lie in;
    `known` ones must be given, and stand in formulas as the letters they map to.
    """

    name: str
    density: str
    parameters: Mapping[str, Range]
    support: Support
    known: Mapping[str, str] = MappingProxyType({})
    total: str = "sum"
    """The letter for Σ xᵢ: k where it counts successes."""
    method: str = "score"
    """Which file of this folder finds the maximum."""
    note: str = ""
    """How the parameterisation is to be understood, where books differ."""
    fill_in: tuple[str, ...] = ()
    """Known parameters whose number is put in at once: exponents, which steer the algebra."""
    word: str = ""
    """The quantity that a parameter was exchanged for, its letter in this version, ..."""
    letter: str = ""
    inverse: Mapping[str, str] = MappingProxyType({})
    """... and that parameter by it."""
    variant: str = ""
    """What is written in brackets to choose it, where the name alone means another."""

    @property
    def key(self) -> str:
        return f"{self.name}({self.variant})" if self.variant else self.name

    @property
    def formula(self) -> Expr:
        return read(self.density)

    @property
    def title(self) -> str:
        return self.name.replace("_", " ")


NORMAL = "exp(-(x - mu)^2/(2*sigma2))/sqrt(2*pi*sigma2)"

FAMILIES = {
    family.name: family
    for family in (
        Family(
            "bernoulli", "theta^x*(1 - theta)^(1 - x)", {"theta": UNIT},
            Support("0 and 1", "0", "1", whole=True), total="k",
        ),
        Family(
            "binomial", "binomial(m, x)*theta^x*(1 - theta)^(m - x)", {"theta": UNIT},
            Support("whole numbers from 0 to the number of trials", "0", "m", whole=True),
            known={"n": "m"}, note="m is the number of trials of one observation",
        ),
        Family(
            "geometric", "theta*(1 - theta)^(x - 1)", {"theta": UNIT},
            Support("whole numbers from 1", low="1", whole=True),
            note="x counts the trials up to the first success, so it begins at 1",
        ),
        Family(
            "negative_binomial", "binomial(x + r - 1, x)*theta^r*(1 - theta)^x", {"theta": UNIT},
            COUNTS, known={"r": "r"}, note="x counts the failures before success number r",
        ),
        Family("poisson", "lambda^x*exp(-lambda)/factorial(x)", {"lambda": POSITIVE}, COUNTS),
        Family(
            "exponential", "lambda*exp(-lambda*x)", {"lambda": POSITIVE}, FROM_ZERO,
            note="λ is a rate: the mean is 1/λ",
        ),
        Family("normal", NORMAL, {"mu": REAL, "sigma2": POSITIVE}, NUMBERS),
        Family(
            "lognormal", "exp(-(log(x) - mu)^2/(2*sigma2))/(x*sqrt(2*pi*sigma2))",
            {"mu": REAL, "sigma2": POSITIVE}, ABOVE_ZERO,
            note="μ and σ² are the mean and the variance of log x",
        ),
        Family("laplace", "exp(-abs(x - mu)/b)/(2*b)", {"mu": REAL, "b": POSITIVE}, NUMBERS,
               method="median"),
        Family(
            "gamma", "rate^shape*x^(shape - 1)*exp(-rate*x)/gamma_function(shape)",
            {"shape": POSITIVE, "rate": POSITIVE}, ABOVE_ZERO, method="gamma_shape",
        ),
        Family(
            "beta", "x^(alpha - 1)*(1 - x)^(beta - 1)/beta_function(alpha, beta)",
            {"alpha": POSITIVE, "beta": POSITIVE},
            Support("numbers between 0 and 1", "0", "1", strict=True), method="beta_both",
        ),
        Family(
            "pareto", "alpha*x_m^alpha/x^(alpha + 1)", {"x_m": POSITIVE, "alpha": POSITIVE},
            Support("numbers from x_m", low="x_m"), method="pareto",
            note="xₘ, the smallest value, is also called the scale, and α the shape",
        ),
        Family(
            "rayleigh", "x/sigma^2*exp(-x^2/(2*sigma^2))", {"sigma": POSITIVE}, ABOVE_ZERO,
        ),
        Family(
            "weibull", "k/scale*(x/scale)^(k - 1)*exp(-(x/scale)^k)", {"scale": POSITIVE},
            ABOVE_ZERO, known={"k": "k"}, fill_in=("k",),
        ),
        Family(
            "inverse_gamma",
            "scale^shape/gamma_function(shape)*x^(-shape - 1)*exp(-scale/x)",
            {"scale": POSITIVE}, ABOVE_ZERO, known={"shape": "shape"},
        ),
        Family("uniform", "1/theta", {"theta": POSITIVE}, FROM_ZERO, method="uniform"),
        Family("cauchy", "1/(pi*(1 + (x - mu)^2))", {"mu": REAL}, NUMBERS, method="search"),
        Family(
            "von_mises", "exp(kappa*cos(x - mu))/(2*pi*bessel_i0(kappa))",
            {"mu": REAL}, NUMBERS, known={"kappa": "kappa"}, method="circle",
        ),
        Family("categorical", "", {}, NUMBERS, method="categories"),
        Family("multinomial", "", {}, NUMBERS, known={"n": "m"}, method="categories"),
        Family("multivariate_normal", "", {}, NUMBERS, method="vectors"),
    )
}  # fmt: skip

VARIANTS = {
    family.key: family
    for family in (
        Family(
            "geometric", "theta*(1 - theta)^x", {"theta": UNIT}, COUNTS,
            note="x counts the failures before the first success, so it begins at 0",
            variant="support=failures",
        ),
        Family(
            "uniform", "1/(b - a)", {"a": REAL, "b": REAL}, NUMBERS, method="uniform",
            variant="a, b",
        ),
    )
}  # fmt: skip
"""Other families of the same name, by what chooses them."""
