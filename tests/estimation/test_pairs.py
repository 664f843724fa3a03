"""Every family with one unknown under every prior: the mode against an optimiser, or a reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol, substitute
from mlcalc.showing.derivation import Derivation

LogDensity = Callable[[Any, float, Any], Any]

FAMILIES: dict[str, tuple[LogDensity, tuple[float, float], tuple[float, ...]]] = {
    "bernoulli": (lambda s, x, t: s.bernoulli.logpmf(x, t), (0, 1), (1, 0, 0, 1, 0)),
    "binomial(n=4)": (lambda s, x, t: s.binom.logpmf(x, 4, t), (0, 1), (1, 3, 0)),
    "geometric": (lambda s, x, t: s.geom.logpmf(x, t), (0, 1), (1, 3, 2)),
    "geometric(support=failures)": (lambda s, x, t: s.geom.logpmf(x + 1, t), (0, 1), (1, 3, 0)),
    "negative_binomial(r=3)": (lambda s, x, t: s.nbinom.logpmf(x, 3, t), (0, 1), (1, 3, 0)),
    "poisson": (lambda s, x, t: s.poisson.logpmf(x, t), (0, 40), (1, 3, 0)),
    "exponential": (lambda s, x, t: s.expon.logpdf(x, 0, 1 / t), (0, 40), (1, 3, 0.5)),
    "exponential(parameter=scale)": (lambda s, x, t: s.expon.logpdf(x, 0, t), (0, 40), (1, 3, 0.5)),
    "normal(sigma2=4)": (lambda s, x, t: s.norm.logpdf(x, t, 2), (-40, 40), (1, -3, 0.5)),
    "normal(mu=1)": (lambda s, x, t: s.norm.logpdf(x, 1, t**0.5), (0, 40), (1, -3, 0.5)),
    "lognormal(sigma2=1)": (lambda s, x, t: s.norm.logpdf(math.log(x), t, 1), (-40, 40), (1, 3)),
    "lognormal(mu=0)": (
        lambda s, x, t: s.norm.logpdf(math.log(x), 0, t**0.5), (0, 40), (1, 3)),
    "laplace(mu=0)": (lambda s, x, t: s.laplace.logpdf(x, 0, t), (0, 40), (1, -3, 0.5)),
    "laplace(b=2)": (lambda s, x, t: s.laplace.logpdf(x, t, 2), (-40, 40), (1, -3, 0.5)),
    "gamma(shape=2)": (lambda s, x, t: s.gamma.logpdf(x, 2, 0, 1 / t), (0, 40), (1, 3, 0.5)),
    "gamma(rate=2)": (lambda s, x, t: s.gamma.logpdf(x, t, 0, 1 / 2), (0, 40), (1, 3, 0.5)),
    "beta(beta=2)": (lambda s, x, t: s.beta.logpdf(x, t, 2), (0, 40), (0.25, 0.5)),
    "beta(alpha=2)": (lambda s, x, t: s.beta.logpdf(x, 2, t), (0, 40), (0.25, 0.5)),
    "pareto(x_m=1)": (lambda s, x, t: s.pareto.logpdf(x, t), (0, 40), (2, 3)),
    "rayleigh": (lambda s, x, t: s.rayleigh.logpdf(x, 0, t), (0, 40), (2, 3)),
    "weibull(k=2)": (lambda s, x, t: s.weibull_min.logpdf(x, 2, 0, t), (0, 40), (2, 3)),
    "inverse_gamma(shape=3)": (lambda s, x, t: s.invgamma.logpdf(x, 3, 0, t), (0, 40), (2, 3)),
    "cauchy": (lambda s, x, t: s.cauchy.logpdf(x, t), (-40, 40), (2, 3, 0)),
}  # fmt: skip

PRIORS: dict[str, tuple[Callable[[Any, Any], Any], tuple[float, float]]] = {
    "beta(2, 3)": (lambda s, t: s.beta.logpdf(t, 2, 3), (0, 1)),
    "beta(1/2, 1/2)": (lambda s, t: s.beta.logpdf(t, 0.5, 0.5), (0, 1)),
    "gamma(shape=2, rate=1)": (lambda s, t: s.gamma.logpdf(t, 2), (0, math.inf)),
    "gamma(shape=1/2, rate=1)": (lambda s, t: s.gamma.logpdf(t, 0.5), (0, math.inf)),
    "exponential(rate=1)": (lambda s, t: s.expon.logpdf(t), (0, math.inf)),
    "normal(mu=1, sigma2=2)": (
        lambda s, t: s.norm.logpdf(t, 1, math.sqrt(2)), (-math.inf, math.inf)),
    "inverse_gamma(shape=2, scale=3)": (lambda s, t: s.invgamma.logpdf(t, 2, 0, 3), (0, math.inf)),
    "uniform(0, 1)": (lambda s, t: 0 * t, (0, 1)),
    "uniform(1/4, 3/8)": (lambda s, t: 0 * t, (0.25, 0.375)),
    "laplace(mu=0, b=1)": (lambda s, t: s.laplace.logpdf(t), (-math.inf, math.inf)),
}  # fmt: skip

LETTERS = {
    "beta(a_1, b_1)": {"a_1": 2, "b_1": 3},
    "gamma(shape=a_1, rate=b_1)": {"a_1": 2, "b_1": 3},
    "exponential(rate=b_1)": {"b_1": 2},
    "normal(mu=m_1, sigma2=s_1)": {"m_1": 1, "s_1": 2},
    "inverse_gamma(shape=a_1, scale=b_1)": {"a_1": 2, "b_1": 3},
    "uniform(a_1, b_1)": {"a_1": 0.25, "b_1": 0.375},
}
FILLED = {
    "beta(a_1, b_1)": "beta(2, 3)",
    "gamma(shape=a_1, rate=b_1)": "gamma(shape=2, rate=3)",
    "exponential(rate=b_1)": "exponential(rate=2)",
    "normal(mu=m_1, sigma2=s_1)": "normal(mu=1, sigma2=2)",
    "inverse_gamma(shape=a_1, scale=b_1)": "inverse_gamma(shape=2, scale=3)",
    "uniform(a_1, b_1)": "uniform(1/4, 3/8)",
}

NO_ANSWER = (
    "does not fit",  # a prior on other numbers than the parameter's
    "does not solve this score in letters",
    "does not solve the score",
    "without bound",
    "can only be found in numbers",
    "depends on the letters",
)
"""What may be said in the place of an answer."""


def solved(**given: Any) -> Derivation:
    return solve("map", from_plain(given, Place("test")))  # type: ignore[arg-type]


def outcome(**given: Any) -> Derivation | str:
    """The answer, or what is said in its place."""
    try:
        return solved(**given)
    except MlcalcError as error:
        return str(error)


def check_reason(said: str) -> None:
    assert any(words in said for words in NO_ANSWER), said


def highest(function: Callable[[Any], Any], low: float, high: float) -> float:
    """The place of the maximum on a grid, refined around it."""
    optimize = pytest.importorskip("scipy.optimize")
    numpy = pytest.importorskip("numpy")
    inner = numpy.linspace(low, high, 4001)
    near = low + (high - low) * 10.0 ** (-numpy.arange(20, 240) / 20)
    grid = numpy.unique([*inner, *near, high - (high - low) * 1e-9])
    with numpy.errstate(all="ignore"):
        values = numpy.nan_to_num(function(grid), nan=-math.inf, posinf=-math.inf)
    place = int(numpy.argmax(values))
    left, right = grid[max(place - 1, 0)], grid[min(place + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(
        lambda t: -function(t), bounds=(left, right), method="bounded", options={"xatol": 1e-12}
    )
    best = max((values[place], grid[place]), (-found.fun, found.x))
    return float(best[1])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("prior", PRIORS)
def test_the_mode_is_that_of_an_optimiser(family: str, prior: str) -> None:
    stats = pytest.importorskip("scipy.stats")
    density, range_, data = FAMILIES[family]
    own, domain = PRIORS[prior]
    given = {"distribution": family, "data": list(map(str, data)), "prior": prior}
    low, high = max(range_[0], domain[0]), min(range_[1], domain[1])

    def posterior(t: Any) -> Any:
        return sum(density(stats, x, t) for x in data) + own(stats, t)

    found = outcome(**given)
    if isinstance(found, str):
        check_reason(found)
        if "without bound" in found:
            step = (high - low) * 1e-7
            assert posterior(low + step) > posterior(low + 100 * step) + 1 or (
                posterior(high - step) > posterior(high - 100 * step) + 1
            )
        else:
            assert "does not fit" in found
        return
    value = to_float(found.answers[0].value)  # type: ignore[arg-type]
    assert value == pytest.approx(highest(posterior, low, high), rel=1e-5, abs=2e-5)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("prior", PRIORS)
def test_the_number_and_the_sum_say_the_same_as_the_data(family: str, prior: str) -> None:
    data = FAMILIES[family][2]
    given = {"distribution": family, "prior": prior}
    expected = outcome(**given, data=list(map(str, data)))
    found = outcome(**given, n=str(len(data)), sum=str(sum(data)))
    if isinstance(found, str):
        check_reason(found)
        return
    value = found.answers[0].value
    if not isinstance(value, Expr) and not isinstance(expected, str):
        other = to_float(expected.answers[0].value)  # type: ignore[arg-type]
        assert to_float(value) == pytest.approx(other, rel=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("prior", LETTERS)
def test_letters_in_a_prior_give_what_its_numbers_give(family: str, prior: str) -> None:
    """A formula, at the numbers, is the answer with the numbers in."""
    given = {"distribution": family, "data": list(map(str, FAMILIES[family][2]))}
    at = {Symbol.named(name): scalar_of(value) for name, value in LETTERS[prior].items()}
    result = outcome(**given, prior=prior)
    if isinstance(result, str):
        check_reason(result)
        return
    found = result.answers[0].value
    expected = solved(**given, prior=FILLED[prior]).answers[0].value
    value = scalar(substitute(found, at)) if isinstance(found, Expr) else found  # type: ignore[arg-type]
    assert to_float(value) == pytest.approx(to_float(expected), rel=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("prior", [*PRIORS, *LETTERS])
def test_without_data_there_is_a_formula_or_a_reason(family: str, prior: str) -> None:
    found = outcome(distribution=family, prior=prior)
    if isinstance(found, str):
        check_reason(found)
        return
    assert isinstance(found.answers[0].value, Expr)


def scalar_of(value: float) -> Expr:
    return read(str(value))
