"""Priors as data: a density in t, which stands for the parameter, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlcalc.maths.tree import Symbol
from mlcalc.records import Record


class Prior(Record):
    """What the parameter follows, t standing for it.

    `letters` are the hyperparameters with the letters they are written with.  Parameters named
    otherwise (a scale instead of a rate) are turned into these by `spellings`.
    """

    name: str
    density: str
    letters: Mapping[str, str]
    domain: tuple[str, str]
    natural: tuple[str, ...] = ()
    """The log-density is Σ cᵢ·functionᵢ of t and a constant, in this order."""
    from_natural: Mapping[str, str] = MappingProxyType({})
    """Each hyperparameter from the coefficients c1, c2, …"""
    mean: str = ""
    variance: str = ""
    mode: str = ""
    normaliser: str = ""
    """The integral of exp(Σ cᵢ·functionᵢ)."""
    in_order: bool = False
    """Whether the arguments may go without names."""
    spellings: Mapping[tuple[str, ...], Mapping[str, str]] = MappingProxyType({})
    positive: tuple[str, ...] = ()
    joint: bool = False
    """Whether it is a density of two parameters, t and v."""
    inside: tuple[str, ...] = ()
    """What must be from 0 for the mode to be a root of the score whatever the data are."""
    counts: tuple[str, ...] = ()
    """What the prior is worth in data: formulas and words in turn."""

    def letter(self, hyperparameter: str) -> Symbol:
        return Symbol.named(self.letters[hyperparameter])


PRIORS = {
    prior.name: prior
    for prior in (
        Prior(
            "beta",
            "t^(alpha - 1)*(1 - t)^(beta - 1)/beta_function(alpha, beta)",
            letters={"alpha": "alpha", "beta": "beta"},
            domain=("0", "1"),
            natural=("log(t)", "log(1 - t)"),
            from_natural={"alpha": "c1 + 1", "beta": "c2 + 1"},
            mean="alpha/(alpha + beta)",
            variance="alpha*beta/((alpha + beta)^2*(alpha + beta + 1))",
            mode="(alpha - 1)/(alpha + beta - 2)",
            normaliser="beta_function(alpha, beta)",
            in_order=True,
            positive=("alpha", "beta"),
            inside=("alpha - 1", "beta - 1"),
            counts=("alpha - 1", " successes and ", "beta - 1", " failures"),
        ),
        Prior(
            "gamma",
            "beta^alpha*t^(alpha - 1)*exp(-beta*t)/gamma_function(alpha)",
            letters={"shape": "alpha", "rate": "beta"},
            domain=("0", "inf"),
            natural=("log(t)", "t"),
            from_natural={"shape": "c1 + 1", "rate": "-c2"},
            mean="alpha/beta",
            variance="alpha/beta^2",
            mode="(alpha - 1)/beta",
            normaliser="gamma_function(alpha)/beta^alpha",
            inside=("alpha - 1",),
            spellings={
                ("shape", "scale"): {"shape": "shape", "rate": "1/scale"},
                ("mean", "variance"): {"shape": "mean^2/variance", "rate": "mean/variance"},
            },
            positive=("shape", "rate", "scale", "mean", "variance"),
        ),
        Prior(
            "exponential",
            "beta*exp(-beta*t)",
            letters={"rate": "beta"},
            domain=("0", "inf"),
            spellings={("scale",): {"rate": "1/scale"}, ("mean",): {"rate": "1/mean"}},
            positive=("rate", "scale", "mean"),
        ),
        Prior(
            "normal",
            "exp(-(t - mu_0)^2/(2*sigma2_0))/sqrt(2*pi*sigma2_0)",
            letters={"mu": "mu_0", "sigma2": "sigma2_0"},
            domain=("-inf", "inf"),
            natural=("t", "t^2"),
            from_natural={"mu": "-c1/(2*c2)", "sigma2": "-1/(2*c2)"},
            mean="mu_0",
            variance="sigma2_0",
            mode="mu_0",
            normaliser="sqrt(2*pi*sigma2_0)*exp(mu_0^2/(2*sigma2_0))",
            spellings={
                ("mu", "sigma"): {"mu": "mu", "sigma2": "sigma^2"},
                ("mean", "variance"): {"mu": "mean", "sigma2": "variance"},
            },
            positive=("sigma2", "sigma", "variance"),
        ),
        Prior(
            "inverse_gamma",
            "beta^alpha/gamma_function(alpha)*t^(-alpha - 1)*exp(-beta/t)",
            letters={"shape": "alpha", "scale": "beta"},
            domain=("0", "inf"),
            natural=("log(t)", "1/t"),
            from_natural={"shape": "-c1 - 1", "scale": "-c2"},
            mean="beta/(alpha - 1)",
            variance="beta^2/((alpha - 1)^2*(alpha - 2))",
            mode="beta/(alpha + 1)",
            normaliser="gamma_function(alpha)/beta^alpha",
            positive=("shape", "scale"),
        ),
        Prior(
            "uniform",
            "1/(high - low)",
            letters={"low": "low", "high": "high"},
            domain=("low", "high"),
            in_order=True,
        ),
        Prior(
            "normal_inverse_gamma",
            "sqrt(kappa/(2*pi*v))*exp(-kappa*(t - mu_0)^2/(2*v))"
            "*beta^alpha/gamma_function(alpha)*v^(-alpha - 1)*exp(-beta/v)",
            letters={"mu": "mu_0", "kappa": "kappa", "shape": "alpha", "scale": "beta"},
            domain=("-inf", "inf"),
            positive=("kappa", "shape", "scale"),
            joint=True,
        ),
        Prior(
            "laplace",
            "exp(-abs(t - mu_0)/b)/(2*b)",
            letters={"mu": "mu_0", "b": "b"},
            domain=("-inf", "inf"),
            positive=("b",),
        ),
    )
}
