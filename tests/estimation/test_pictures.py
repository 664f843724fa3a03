"""The picture of an estimate: the curve that is drawn is highest at the answer, 0 where it is 0."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mlcalc.estimation.pictures import Curves
from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.functions import to_float
from mlcalc.showing.plots.model import Plot

DATA = "1.2, 0.7, 3.1, 2.4"
QUESTIONS = [
    ("mle", {"distribution": "bernoulli", "data": "1,0,1,1"}),
    ("mle", {"distribution": "bernoulli", "n": "10", "k": "3"}),
    ("mle", {"distribution": "binomial(n=10)", "data": "3,4,6"}),
    ("mle", {"distribution": "geometric", "data": "1,2,5"}),
    ("mle", {"distribution": "poisson", "n": "5", "sum": "9"}),
    ("mle", {"distribution": "exponential", "data": DATA}),
    ("mle", {"distribution": "exponential", "data": DATA, "censored": "4, 5"}),
    ("mle", {"distribution": "normal(sigma2=4)", "data": DATA}),
    ("mle", {"distribution": "normal(sigma2=4)", "n": "10", "sum": "35"}),
    ("mle", {"distribution": "normal(mu=0)", "data": DATA}),
    ("mle", {"distribution": "laplace(b=1)", "data": "1.2, 0.7, 3.1"}),
    ("mle", {"distribution": "gamma(shape=2)", "data": DATA}),
    ("mle", {"distribution": "rayleigh", "data": DATA}),
    ("mle", {"distribution": "weibull(k=2)", "data": DATA}),
    ("mle", {"distribution": "uniform", "data": DATA}),
    ("mle", {"distribution": "uniform(a=0)", "data": DATA}),
    ("mle", {"distribution": "pareto(alpha=2)", "data": "2, 3, 5"}),
    ("mle", {"distribution": "pareto(x_m=1)", "data": "2, 3, 5"}),
    ("mle", {"distribution": "cauchy", "data": DATA}),
    ("map", {"distribution": "bernoulli", "n": "10", "k": "3", "prior": "beta(2, 5)"}),
    ("map", {"distribution": "bernoulli", "n": "5", "k": "5", "prior": "uniform(0, 1/2)"}),
    ("map", {"distribution": "poisson", "data": "3,4,1", "prior": "gamma(shape=2, scale=2)"}),
    ("map", {"distribution": "normal(sigma2=4)", "data": DATA, "prior": "normal(mu=0, sigma2=1)"}),
    ("map", {"distribution": "normal(sigma2=4)", "n": "4", "sum": "7",
             "prior": "normal(mu=0, sigma2=1)"}),
    ("map", {"distribution": "normal(sigma2=4)", "data": DATA, "prior": "laplace(mu=0, b=1)"}),
    ("map", {"distribution": "normal(sigma2=1)", "data": "-1, -2", "prior": "exponential(rate=1)"}),
    ("map", {"distribution": "cauchy", "data": DATA, "prior": "normal(mu=0, sigma2=1)"}),
    *(
        ("mle", {"distribution": family, "data": data})
        for family, data in (
            ("geometric(support=failures)", "0,2,5"), ("negative_binomial(r=3)", "1,2,4"),
            ("exponential(parameter=scale)", DATA), ("normal(mu=0, parameter=sigma)", DATA),
            ("lognormal(sigma2=1)", DATA), ("lognormal(mu=0)", DATA), ("laplace(mu=0)", DATA),
            ("gamma(rate=2)", DATA), ("beta(alpha=2)", "0.2,0.7,0.4"),
            ("beta(beta=2)", "0.2,0.7,0.4"), ("weibull(k=0.5)", DATA),
            ("inverse_gamma(shape=2)", DATA), ("uniform(b=4)", DATA), ("von_mises(kappa=2)", DATA),
        )
    ),
    *(
        ("map", {"distribution": family, "data": data, "prior": prior})
        for family, data, prior in (
            ("bernoulli", "1,0,1,1", "beta(1/2, 1/2)"), ("bernoulli", "1,0", "normal(0, 1)"),
            ("geometric", "1,2,5", "uniform(1/4, 1/3)"), ("poisson", "3,4", "uniform(0, 1)"),
            ("poisson", "3,4", "gamma(shape=1/2, rate=1)"), ("rayleigh", DATA, "uniform(0, 1)"),
            ("exponential", DATA, "inverse_gamma(shape=2, scale=3)"),
            ("exponential", DATA, "exp(-lambda^2)"), ("laplace(b=1)", "1,2,4", "uniform(0, 1)"),
        )
    ),
]  # fmt: skip

OWN = [
    ("theta*exp(-theta*x)", DATA),
    ("indicator(0 <= x <= theta)/theta", DATA),
    ("exp(theta-x)*indicator(x >= theta)", DATA),
    ("exp(-abs(x-theta))/2", DATA),
    ("max(0, 1-abs(x-theta))", "0.2,0.5,0.3"),
    ("2*(theta-x)/theta^2*indicator(0<=x)*indicator(x<=theta)", "1,2"),
    ("theta*x^(theta-1)", "0.2,0.5"),
    ("cases(theta, 0 <= x < 1, 1 - theta, 1 <= x <= 2, 0)", "0.2,1.5,0.4"),
    ("indicator(theta <= x)*indicator(x <= 2*theta)/theta", "3,4,5"),
]
QUESTIONS += [("mle", {"density": f, "data": d, "parameter": "theta", "time_limit": "60"})
              for f, d in OWN]  # fmt: skip
QUESTIONS += [
    ("map", {"density": OWN[place][0], "data": OWN[place][1], "parameter": "theta",
             "time_limit": "60", "prior": prior})
    for place, prior in ((0, "uniform(1/4, 1/3)"), (1, "uniform(1, 4)"), (3, "normal(0, 1)"),
                         (5, "exponential(rate=1)"), (6, "exponential(1)"),
                         (7, "uniform(0, 1/2)"))
]  # fmt: skip


def drawn(kind: str, given: dict[str, str]) -> tuple[float, Curves, Plot]:
    entries = from_plain(given, Place("test"))
    assert isinstance(entries, Entries)
    found = solve(kind, entries)
    value: Any = found.answers[0].value
    curves = found.pictures[0].drawing
    assert isinstance(curves, Curves)
    plot = curves.plot()
    assert isinstance(plot, Plot)
    return to_float(value), curves, plot


@pytest.mark.parametrize(("kind", "given"), QUESTIONS, ids=lambda v: str(v)[:90])
def test_the_first_curve_is_highest_at_the_answer(kind: str, given: dict[str, str]) -> None:
    answer, _, plot = drawn(kind, given)
    first = plot.curves[0]
    x_range = plot.x_range
    assert x_range is not None
    width = x_range[1] - x_range[0]
    finite = [(x, y) for x, y in first.points if math.isfinite(y)]
    highest = max(y for _, y in finite)
    assert min(abs(x - answer) for x, y in finite if y >= highest - 1e-9) <= width / 100
    assert plot.marks[0].x == answer
    ends = {x_range[0], x_range[1]}
    for curve in plot.curves:  # a pole, as that of Beta(1/2, 1/2), lies at an end
        poles = [x for x, y in curve.points if not math.isfinite(y)]
        assert all(min(abs(x - end) for end in ends) <= width / 1000 for x in poles)


PRIORS = [
    ("bernoulli", "1,1,0", "uniform(1/4, 1/2)", 0.25, 0.5),
    ("poisson", "3,4", "uniform(0, 1)", 0, 1),
    ("normal(sigma2=1)", "1,2", "exponential(rate=1)", 0, math.inf),
    ("normal(sigma2=1)", "-1,-2", "max(0, 1 - mu)", -math.inf, 1),
    ("laplace(b=1)", "1,2,4", "uniform(0, 1)", 0, 1),
    ("exponential", DATA, "indicator(lambda < 1/4)", 0, 0.25),
]


@pytest.mark.parametrize(("distribution", "data", "prior", "low", "high"), PRIORS)
def test_prior_and_posterior_are_0_where_the_prior_is(
    distribution: str, data: str, prior: str, low: float, high: float
) -> None:
    given = {"distribution": distribution, "data": data, "prior": prior}
    _, _, plot = drawn("map", given)
    for curve in plot.curves:
        if curve.label != "likelihood":
            outside = [y for x, y in curve.points if not low - 1e-9 <= x <= high + 1e-9]
            assert not any(outside)


def test_the_likelihood_is_0_where_an_observation_is_impossible() -> None:
    """1/θ⁴ for θ ≥ 3.1, and 2⁴·x_m⁸/… up to the smallest observation."""
    _, _, plot = drawn("mle", {"distribution": "uniform", "data": DATA})
    for x, y in plot.curves[0].points:
        assert y == pytest.approx((3.1 / x) ** 4 if x >= 3.1 else 0, abs=1e-6)
    _, _, plot = drawn("mle", {"distribution": "pareto(alpha=2)", "data": "2, 3, 5"})
    for x, y in plot.curves[0].points:
        assert y == pytest.approx((x / 2) ** 6 if x <= 2 else 0, abs=1e-6)
