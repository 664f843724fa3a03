"""Distributions as data: a density as a formula, its parameters, and what is known of it.

A new family is one more entry.  Densities are written as textbooks write them and read by the
one reader; the engine takes their logarithm, their derivative and their maximum.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.records import Record


class Likelihood(Record):
    """What one observation follows: p(x | parameter).

    `total` names Σ xᵢ where the field has a word for it, such as k, the number of successes.
    """

    name: str
    parameter: str
    density: str
    domain: tuple[str, str]
    outcomes: str
    """Which observations are possible, in words for a message."""
    total: str = "sum"
    most: int | None = None
    """The largest possible observation, where there is one."""

    @property
    def formula(self) -> Expr:
        """The density in x and the parameter."""
        return read(self.density)

    def allows(self, observation: Fraction) -> bool:
        """Whether the observation can occur."""
        is_count = observation.denominator == 1 and observation >= 0
        return is_count and (self.most is None or observation <= self.most)


class Prior(Record):
    """What the parameter follows, t standing for it.

    `letters` are the hyperparameters with the Greek letters they are written with.  Parameters
    named otherwise (a scale instead of a rate) are turned into these by `spellings`.
    """

    name: str
    density: str
    letters: Mapping[str, str]
    domain: tuple[str, str]
    natural: Mapping[str, str]
    """The log-density is Σ coefficient·function, plus a constant: function to coefficient."""
    from_natural: Mapping[str, str]
    """Each hyperparameter from the coefficients c1, c2, … in the order of `natural`."""
    mean: str
    variance: str
    in_order: bool = False
    """Whether the arguments may go without names."""
    spellings: Mapping[tuple[str, ...], Mapping[str, str]] = MappingProxyType({})
    positive: tuple[str, ...] = ()

    def letter(self, hyperparameter: str) -> Symbol:
        return Symbol.named(self.letters[hyperparameter])


LIKELIHOODS = {
    family.name: family
    for family in (
        Likelihood(
            "bernoulli", "theta", "theta^x*(1 - theta)^(1 - x)", ("0", "1"), "0 and 1",
            total="k", most=1,
        ),
        Likelihood(
            "poisson", "lambda", "lambda^x*exp(-lambda)/factorial(x)", ("0", "inf"),
            "whole numbers from 0",
        ),
    )
}  # fmt: skip

PRIORS = {
    prior.name: prior
    for prior in (
        Prior(
            "beta",
            "t^(alpha - 1)*(1 - t)^(beta - 1)/beta_function(alpha, beta)",
            letters={"alpha": "alpha", "beta": "beta"},
            domain=("0", "1"),
            natural={"log(t)": "alpha - 1", "log(1 - t)": "beta - 1"},
            from_natural={"alpha": "c1 + 1", "beta": "c2 + 1"},
            mean="alpha/(alpha + beta)",
            variance="alpha*beta/((alpha + beta)^2*(alpha + beta + 1))",
            in_order=True,
            positive=("alpha", "beta"),
        ),
        Prior(
            "gamma",
            "beta^alpha*t^(alpha - 1)*exp(-beta*t)/gamma_function(alpha)",
            letters={"shape": "alpha", "rate": "beta"},
            domain=("0", "inf"),
            natural={"log(t)": "alpha - 1", "t": "-beta"},
            from_natural={"shape": "c1 + 1", "rate": "-c2"},
            mean="alpha/beta",
            variance="alpha/beta^2",
            spellings={
                ("shape", "scale"): {"shape": "shape", "rate": "1/scale"},
                ("mean", "variance"): {"shape": "mean^2/variance", "rate": "mean/variance"},
            },
            positive=("shape", "rate", "scale", "mean", "variance"),
        ),
    )
}
