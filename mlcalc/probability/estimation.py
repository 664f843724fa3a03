"""The fields of `mle`, which `map` has too."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.fields import Anything, Distribution, MatrixOf, Numbers, Quantity, Structure
from mlcalc.probability.distributions import FAMILIES


class Estimation(problem.Problem):
    """The fields of `mle`, which `map` has too."""

    distribution = problem.optional(
        Distribution(FAMILIES), "what each observation follows, such as normal(sigma2=4)",
        positional=True,
    )  # fmt: skip
    density = problem.optional(Anything(), "a density or mass function of your own, a formula in x")
    parameter = problem.optional(
        Structure(),
        "a letter for it, or a word that asks for another: scale, sigma, odds, mean; or "
        "{name: theta, range: [0, 1]}, {name, values}",
    )
    support = problem.optional(
        Anything(),
        "where the density is not zero: 0 < x < 1, or [0, inf]; in YAML also {values}",
    )
    data = problem.optional(Anything(), "the observations: 3, 4, 1; or counts: red=3, blue=1")
    categories = problem.optional(Anything(), "all categories, those never seen among them")
    n = problem.optional(Quantity(least=1, whole=True), "how many observations, instead of data")
    k = problem.optional(Quantity(least=0, whole=True), "how many of them are 1, beside n")
    sum = problem.optional(Quantity(), "their sum, beside n")
    censored = problem.optional(Numbers(), "times after which an item was still running")
    intervals = problem.optional(MatrixOf(True), "grouped data, a row an interval: low high count")
    time_limit = problem.default(Quantity(least=1), "2", "seconds a density of your own may take")
