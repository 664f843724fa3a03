"""Posteriors without a name: their mean, variance and evidence, against SciPy's quadrature."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import exp

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.showing.derivation import Derivation

quad = pytest.importorskip("scipy.integrate").quad

SUCCESSES = {"distribution": "bernoulli", "n": "9", "k": "5"}
COUNTS = {"distribution": "poisson", "data": "3, 4, 1"}
NUMBERS = {"distribution": "N(mu, 1)", "data": "3, 4, 1"}

Real = Callable[[float], float]


def solved(kind: str, **given: str) -> Derivation:
    raw = from_plain(given, Place("test"))
    assert isinstance(raw, Entries)
    return solve(kind, raw)


def of_successes(theta: float) -> float:
    return theta**5 * (1 - theta) ** 4


def of_counts(rate: float) -> float:
    return rate**8 * exp(-3 * rate)


def of_numbers(mu: float) -> float:
    return exp(-((3 - mu) ** 2 + (4 - mu) ** 2 + (1 - mu) ** 2) / 2)


CASES: list[tuple[dict[str, str], str, Real, tuple[float, float], Real]] = [
    (SUCCESSES, "1 + theta", lambda t: 1 + t, (0, 1), of_successes),
    (SUCCESSES, "abs(theta - 1/2)", lambda t: abs(t - 0.5), (0, 1), of_successes),
    (SUCCESSES, "N(1/2, sigma=0.1)", lambda t: exp(-50 * (t - 0.5) ** 2), (0, 1), of_successes),
    (SUCCESSES, "uniform(0, 1/2)", lambda t: 1, (0, 0.5), of_successes),
    (COUNTS, "N(0, 1)", lambda t: exp(-t * t / 2), (0, 40), of_counts),
    (COUNTS, "uniform(2, 10)", lambda t: 1, (2, 10), of_counts),
    (NUMBERS, "laplace(mu=0, b=1)", lambda t: exp(-abs(t)), (-15, 15), of_numbers),
    (NUMBERS, "exp(-mu^4)", lambda t: exp(-(t**4)), (-15, 15), of_numbers),
    (NUMBERS, "uniform(0, 10)", lambda t: 1, (0, 10), of_numbers),
]


@pytest.mark.parametrize(("asked", "prior", "before", "ends", "likelihood"), CASES)
def test_the_moments_are_integrals(
    asked: dict[str, str], prior: str, before: Real, ends: tuple[float, float], likelihood: Real
) -> None:
    def over(weight: Real) -> float:
        kinks = [place for place in (0.0, 0.5) if ends[0] < place < ends[1]] or None
        return float(quad(lambda t: weight(t) * before(t) * likelihood(t), *ends,
                          points=kinks, limit=500, epsabs=0)[0])  # fmt: skip

    found = {one.name: one.value for one in solved("map", prior=prior, **asked).answers}
    whole = over(lambda t: 1)
    mean = over(lambda t: t) / whole
    assert found["posterior_mean"] == pytest.approx(mean, rel=1e-8)
    variance = over(lambda t: (t - mean) ** 2) / whole
    assert found["posterior_variance"] == pytest.approx(variance, rel=1e-8)


def test_a_polynomial_prior_has_exact_moments_and_evidence() -> None:
    """∫θ⁵(1 − θ)⁴(1 + θ) = 5!4!/10! + 6!4!/11!, and the prior has the area 3/2."""
    found = {a.name: a.value for a in solved("map", prior="1 + theta", **SUCCESSES).answers}
    whole = Fraction(120 * 24, 3628800) + Fraction(720 * 24, 39916800)
    assert found["evidence"] == whole / Fraction(3, 2)
    first = Fraction(720 * 24, 39916800) + Fraction(5040 * 24, 479001600)
    assert found["posterior_mean"] == first / whole


def test_the_coefficient_is_in_the_evidence_of_a_binomial() -> None:
    asked = {"prior": "1 + theta", "n": "9", "k": "5"}
    one, many = (
        solved("map", distribution=name, **asked).answer("evidence")
        for name in ("bernoulli", "binomial")
    )
    assert one is not None
    assert many is not None
    assert many.value == 126 * one.value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("prior", "posterior"),
    [("2 - 2theta", "beta(6, 6)"), ("12theta^2 - 12theta^3", "beta(8, 6)"),
     ("theta*(2 - 2*theta)", "beta(7, 6)"), ("1 - 2theta + theta^2", "beta(6, 7)")],
)  # fmt: skip
def test_a_sum_that_is_a_named_density_is_recognised(prior: str, posterior: str) -> None:
    a, b = (int(part) for part in posterior[5:-1].split(", "))
    found = {one.name: one.value for one in solved("map", prior=prior, **SUCCESSES).answers}
    assert found["posterior_mean"] == Fraction(a, a + b)


def test_a_variance_that_is_infinite_is_no_answer() -> None:
    """An inverse gamma of shape 3/2 has a mean, and no variance."""
    found = solved("map", distribution="normal(mu=0)", data="3, 4, 1", prior="1/sigma2")
    names = [answer.name for answer in found.answers]
    assert "posterior_mean" in names
    assert "posterior_variance" not in names


@pytest.mark.parametrize(
    ("asked", "value"),
    [({"distribution": "bernoulli", "n": "100", "k": "10"}, -32.50829733914482),
     ({"distribution": "binomial", "n": "100", "k": "10"}, -2.0259739768661),
     ({"distribution": "exponential", "n": "10", "sum": "25"}, -19.16290731874155),
     ({"distribution": "poisson", "n": "10", "sum": "25"}, None),
     ({"distribution": "normal(sigma2=1)", "n": "10", "sum": "25"}, None)],
)  # fmt: skip
def test_the_log_likelihood_needs_no_more_than_the_sums(
    asked: dict[str, str], value: float | None
) -> None:
    """100 log-probabilities, that of 10 in 100 trials; x! and Σ x² are not known by the sum."""
    found = solved("mle", **asked).answer("log_likelihood")
    assert (None if found is None else found.value) == (value and pytest.approx(value))
