"""Scores that are not linear, priors that cut off a part of the range, and what is said of both."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, MlcalcError, Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Symbol, substitute, wrap
from mlcalc.showing.derivation import Derivation


def solved(kind: str = "map", **given: Any) -> Derivation:
    return solve(kind, from_plain(given, Place("test")))  # type: ignore[arg-type]


SUMS = {"n": 8, "k": 3, "sum": 3}


def at_sums(formula: Any) -> float:
    """A formula where n = 8 and the sum is 3, all data being 0 or 1."""
    from mlcalc.maths.tree import Call, map_parts

    def put_in(part: Expr) -> Expr:
        if isinstance(part, Call) and part.name == "sum":
            return wrap(3)
        return map_parts(part, put_in)

    at: dict[Expr, Expr] = {Symbol(name): wrap(value) for name, value in SUMS.items()}
    return to_float(scalar(substitute(put_in(formula), at)))


VALUES = {"values": [0, 1]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Σx² = Σx = 3 for data of 0 and 1: θ̂ = (√(1 + 4·3/8) − 1)/2
        ({"density": "exp(-(x-theta)^2/(2*theta))/sqrt(2*pi*theta)", "support": "[-inf, inf]"},
         (math.sqrt(2.5) - 1) / 2),
        ({"density": "(1-exp(-theta))^x*exp(-theta)^(1-x)", "support": VALUES},
         -math.log(1 - 3 / 8)),
        ({"density": "(1-(1-p)^2)^x*(1-p)^(2*(1-x))", "parameter": "p", "support": VALUES},
         1 - math.sqrt(5 / 8)),
        ({"density": "(1-p)^(2*x)*(1-(1-p)^2)^(1-x)", "parameter": "p", "support": VALUES},
         1 - math.sqrt(3 / 8)),
        ({"density": "exp(theta*x)/(1+exp(theta))", "support": VALUES}, math.log(3 / 5)),
        ({"distribution": "bernoulli(parameter=log_odds)"}, math.log(3 / 5)),
        ({"distribution": "bernoulli(parameter=odds)"}, 3 / 5),
        ({"distribution": "geometric(support=failures, parameter=mean)"}, 3 / 8),
        ({"distribution": "poisson(parameter=sd)"}, math.sqrt(3 / 8)),
    ],
    ids=lambda v: str(next(iter(v.values()))) if isinstance(v, dict) else "",
)  # fmt: skip
def test_scores_that_are_solved_in_letters(given: dict[str, Any], expected: float) -> None:
    found = solved("mle", **given)
    assert at_sums(found.answers[0].value) == pytest.approx(expected, rel=1e-12)
    data = solved("mle", **given, data=[1, 1, 1, 0, 0, 0, 0, 0])
    assert to_float(data.answers[0].value) == pytest.approx(expected, rel=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("distribution", "prior", "n", "total", "polynomial"),
    [
        ("bernoulli", "normal(mu=0.06, sigma2=0.01)", 100, 10, [100, -106, -94, 10.0]),
        ("bernoulli", "normal(mu=1/2, sigma2=1)", 8, 3, [1, -1.5, -7.5, 3]),
        ("poisson", "normal(mu=2, sigma2=1)", 10, 30, [-1, -8, 30]),
        ("exponential", "normal(mu=1, sigma2=2)", 4, 6, [-0.5, -5.5, 4]),
    ],
)
def test_the_number_and_the_sum_are_enough(
    distribution: str, prior: str, n: int, total: int, polynomial: list[float]
) -> None:
    """The score on one bar is a polynomial, worked out by hand; NumPy finds its roots."""
    numpy = pytest.importorskip("numpy")
    if distribution == "bernoulli" and n == 100:
        # k/θ − (n − k)/(1 − θ) − (θ − m)/v: times θ(1 − θ)v
        polynomial = [1, -1.06, 0.06 - 1.0, 0.1]
    roots = [r.real for r in numpy.roots(polynomial) if abs(r.imag) < 1e-12 and r.real > 0]
    found = solved(distribution=distribution, prior=prior, n=n, sum=total)
    assert to_float(found.answers[0].value) == pytest.approx(min(roots), rel=1e-9)  # type: ignore[arg-type]


def test_the_list_and_the_counts_give_the_same() -> None:
    given = {"distribution": "bernoulli", "prior": "normal(mu=0.06, sigma2=0.01)"}
    counted = solved(**given, n=100, k=10).answers[0].value
    listed = solved(**given, data=[1] * 10 + [0] * 90).answers[0].value
    assert to_float(counted) == pytest.approx(0.096784, abs=5e-7)  # type: ignore[arg-type]
    assert to_float(counted) == pytest.approx(to_float(listed), rel=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("distribution", "prior", "data", "expected"),
    [
        ("normal(sigma2=1)", "exponential(rate=1)", None, "max(0, (Σᵢ xᵢ − 1)/n)"),
        ("normal(sigma2=1)", "exponential(rate=1)", "1, 2", Fraction(1)),
        ("normal(sigma2=1)", "exponential(rate=1)", "-1, -2", 0),
        ("normal(sigma2=4)", "normal(mu=m, sigma2=1)", "1, 2, 4", "(4m + 7)/7"),
        ("normal(sigma2=1)", "uniform(0, 1)", None, "min(1, max(0, (Σᵢ xᵢ)/n))"),
        ("bernoulli", "uniform(0, 1/2)", None, "min(1/2, k/n)"),
        ("bernoulli", "uniform(0, 1/2)", "1, 1, 0", Fraction(1, 2)),
        ("bernoulli", "uniform(a, b)", "1, 0, 0", "min(b, max(a, 1/3))"),
        ("cauchy", "uniform(0, 1)", "5, 6, 7", 1),
        ("pareto(x_m=1)", "gamma(shape=2, rate=1)", None, "(n + 2 − 1)/(Σᵢ log xᵢ + 1)"),
        ("laplace(b=2)", "laplace(mu=0, b=1)", "5, 6, 7", 5),
    ],
)
def test_priors_that_were_refused_or_overstepped(
    distribution: str, prior: str, data: str | None, expected: Any
) -> None:
    given = {"distribution": distribution, "prior": prior} | ({"data": data} if data else {})
    answer = solved(**given).answers[0]
    if isinstance(expected, str):
        assert one_line(answer.maths) == expected
    else:
        assert answer.value == expected


def test_one_name_stands_for_one_estimate() -> None:
    """The joint mode and the estimates without the prior have names of their own."""
    found = solved(distribution="normal", data="1, 2, 3",
                   prior="normal_inverse_gamma(mu=0, kappa=1, shape=2, scale=3)")  # fmt: skip
    mle = found.answer("mle")
    assert mle is not None
    assert one_line(mle.maths) == "μ̂_MLE = 2, σ̂²_MLE = 2/3 ≈ 0.66667"


def claims(prior: str, k: int, n: int) -> tuple[bool, bool]:
    """Whether bias and variance are compared, and whether a smaller variance is promised."""
    found = solved(distribution="bernoulli", prior=prior, n=n, k=k)
    notes = [step.note for step in found.steps if step.rule == "compare bias and variance"]
    return bool(notes), any("variance smaller" in str(note) for note in notes)


def mode(prior: str, k: int, n: int) -> Fraction | None:
    try:
        value = solved(distribution="bernoulli", prior=prior, n=n, k=k).answers[0].value
    except MlcalcError:
        return None
    assert isinstance(value, Fraction)
    return value


@pytest.mark.parametrize(
    "prior",
    ["uniform(0, 1/2)", "uniform(1/4, 1)", "beta(1/2, 1/2)", "beta(1, 1)", "beta(2, 3)",
     "beta(1, 4)", "beta(1/2, 3)", "theta", "1 - theta", "theta^2*(1-theta)", "1/theta"],
)  # fmt: skip
def test_bias_and_variance_are_those_of_all_samples(prior: str) -> None:
    """Every sample of three is enumerated: where a formula is shown it holds, else none is."""
    n, theta = 3, Fraction(2, 7)
    modes = [mode(prior, k, n) for k in range(n + 1)]
    weights = [math.comb(n, k) * theta**k * (1 - theta) ** (n - k) for k in range(n + 1)]
    k = 2
    if modes[k] is None:
        return
    is_compared, is_promised = claims(prior, k, n)
    if not is_compared:
        return
    assert None not in modes
    values = [value for value in modes if value is not None]
    mean = sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))
    spread = sum((w * (v - mean) ** 2 for w, v in zip(weights, values, strict=True)), Fraction(0))
    found = solved(distribution="bernoulli", prior=prior, n=n, k=k)
    (step,) = (step for step in found.steps if step.rule == "compare bias and variance")
    table = step.blocks[0]
    bias, variance = table.rows[1][1:]  # type: ignore[union-attr]
    at: dict[Expr, Expr] = {Symbol("theta"): wrap(theta), Symbol("n"): wrap(n)}
    named = found.steps[0].blocks[1:]
    for line in named:
        at[line.first] = line.links[-1][1]  # type: ignore[union-attr]
    assert scalar(substitute(bias, at)) == mean - theta  # type: ignore[arg-type]
    assert scalar(substitute(variance, at)) == spread  # type: ignore[arg-type]
    assert is_promised == (spread < theta * (1 - theta) / n)


@pytest.mark.parametrize(
    ("prior", "is_compared"),
    [("uniform(0, 1/2)", False), ("beta(1/2, 1/2)", False), ("beta(2, 3)", True),
     ("theta", True), ("beta(1, 1)", True)],
)  # fmt: skip
def test_where_bias_and_variance_are_compared(prior: str, is_compared: bool) -> None:
    assert claims(prior, 2, 3)[0] == is_compared


@pytest.mark.parametrize(
    ("distribution", "prior", "bias", "variance"),
    [
        ("normal(sigma2=s)", "normal(mu=0, sigma2=1)", "0", "s/n"),
        ("binomial(n=t)", "beta(2, 2)", "0", "θ·(1 − θ)/(n·t)"),
        ("exponential(parameter=scale)", "inverse_gamma(shape=2, scale=3)", "0", "scale²/n"),
    ],
)
def test_bias_and_variance_of_the_mle(
    distribution: str, prior: str, bias: str, variance: str
) -> None:
    """In the letters that were typed, which are those of the estimate."""
    found = solved(distribution=distribution, prior=prior, n=3, sum=4)
    (step,) = (step for step in found.steps if step.rule == "compare bias and variance")
    name, *both = step.blocks[0].rows[0]  # type: ignore[union-attr]
    assert (name, *map(one_line, both)) == ("MLE", bias, variance)  # type: ignore[arg-type]


def test_a_prior_is_not_worth_a_negative_number_of_data() -> None:
    for prior, is_said in (("beta(1/2, 1/2)", False), ("beta(2, 3)", True), ("beta(a, b)", True)):
        step = solved(distribution="bernoulli", prior=prior, n=5, k=3).steps[0]
        assert ("worth the data" in str(step.note)) == is_said


@pytest.mark.parametrize(
    ("distribution", "given"),
    [
        ("bernoulli", {"n": 0, "k": 0}),
        ("bernoulli", {"n": -3, "k": 0}),
        ("bernoulli", {"n": 5, "k": 7}),
        ("bernoulli", {"n": 5, "sum": 7}),
        ("bernoulli", {"n": 5, "k": "1/2"}),
        ("bernoulli", {"n": "a - a", "k": 7}),
        ("bernoulli", {"n": "N", "k": "N + 1"}),
        ("binomial(n=10)", {"n": 5, "sum": 51}),
        ("geometric", {"n": 5, "sum": 3}),
        ("geometric(support=failures)", {"n": 5, "sum": -1}),
        ("negative_binomial(r=2)", {"n": 5, "sum": "1/2"}),
        ("poisson", {"n": 5, "sum": "1/2"}),
        ("exponential", {"n": 5, "sum": -1}),
        ("gamma(shape=2)", {"n": 5, "sum": -1}),
        ("beta(alpha=1)", {"n": 5, "sum": 6}),
        ("pareto(x_m=2)", {"n": 5, "sum": 9}),
        ("rayleigh", {"n": 5, "sum": -1}),
        ("weibull(k=2)", {"n": 5, "sum": -1}),
        ("uniform", {"n": 5, "sum": -1}),
        ("normal", {"n": 5, "k": 3}),
        ("poisson", {"n": 5, "k": 3}),
        ("poisson", {"n": 5}),
        ("poisson", {"sum": 5}),
        ("gamma(shape=2)", {"n": 5, "sum": 0}),
        ("categorical", {"n": 5, "k": 3}),
        ("multivariate_normal", {"n": 5, "sum": 3}),
    ],
)
def test_counts_and_sums_that_cannot_be_are_refused(
    distribution: str, given: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        solved("mle", distribution=distribution, **given)
