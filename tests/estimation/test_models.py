"""Several models compared by their evidence, against integration of likelihood times prior."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.printing import one_line
from mlcalc.showing.derivation import Derivation
from tests.chains import closed_links, expressions, is_true

FAIR = {"distribution": "bernoulli(theta=1/2)"}
UNKNOWN = {"distribution": "bernoulli", "prior": "beta(1, 1)"}


def solved(**given: Any) -> Derivation:
    return solve("map", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, name
    return answer.value


def note_ids(derivation: Derivation) -> list[str]:
    return [note.id for note in derivation.notes]


def check_lines(found: Derivation) -> None:
    for expression in expressions(found):
        for _, relation, _, left, right in closed_links(expression):
            assert is_true(left, relation, right, False), one_line(expression)


def test_a_fair_coin_against_an_unknown_one() -> None:
    """By hand: (1/2)^10 against B(9, 3) = 8! 2!/11! = 1/495."""
    found = solved(models=[FAIR, UNKNOWN], n=10, k=8, new=1)
    assert value(found, "evidence") == (Fraction(1, 1024), Fraction(1, 495))
    assert value(found, "model_posterior") == (Fraction(495, 1519), Fraction(1024, 1519))
    assert value(found, "odds") == Fraction(495, 1024)
    averaged = Fraction(495, 1519) * Fraction(1, 2) + Fraction(1024, 1519) * Fraction(9, 12)
    assert value(found, "predictive") == averaged
    assert {"models.equal_prior", "models.sequence", "models.best"} <= set(note_ids(found))
    assert found.answers[0].name == "evidence"
    check_lines(found)
    listed = solved(models=[FAIR, UNKNOWN], data=[1] * 8 + [0] * 2, new=1)
    for name in ("evidence", "model_posterior", "odds", "predictive"):
        assert value(listed, name) == value(found, name)


def test_coins_against_integration() -> None:
    integrate = pytest.importorskip("scipy.integrate")
    stats = pytest.importorskip("scipy.stats")
    chance = random.Random("coins")
    for _ in range(50):
        n = chance.randint(1, 12)
        k = chance.randint(0, n)
        a, b = chance.choice([1, 2, 5]), chance.choice([1, 2.5, 4])
        theta, weight = Fraction(chance.randint(1, 9), 10), Fraction(chance.randint(1, 9), 10)
        found = solved(
            models=[
                {"probability": weight, "distribution": f"bernoulli(theta={theta})"},
                {**UNKNOWN, "probability": 1 - weight, "prior": f"beta({a}, {b})"},
            ],
            n=n, k=k, new=1,
        )  # fmt: skip
        first = float(theta) ** k * (1 - float(theta)) ** (n - k)

        def density(t: float, k: int = k, n: int = n, a: float = a, b: float = b) -> float:
            return float(t**k * (1 - t) ** (n - k) * stats.beta.pdf(t, a, b))

        second = integrate.quad(density, 0, 1, epsabs=0)[0]
        heads = integrate.quad(lambda t, d=density: t * d(t), 0, 1, epsabs=0)[0]
        whole = float(weight) * first + float(1 - weight) * second
        posterior = float(weight) * first / whole
        assert value(found, "evidence") == pytest.approx((first, second), rel=1e-8)
        assert value(found, "model_posterior") == pytest.approx((posterior, 1 - posterior))
        odds = float(weight) * first / (float(1 - weight) * second)
        assert value(found, "odds") == pytest.approx(odds, rel=1e-8)
        averaged = posterior * float(theta) + (1 - posterior) * heads / second
        assert value(found, "predictive") == pytest.approx(averaged, rel=1e-8)
        check_lines(found)


def test_counts_against_integration() -> None:
    """Poisson with a known rate, with a Gamma prior, and geometric with a Beta prior."""
    integrate = pytest.importorskip("scipy.integrate")
    stats = pytest.importorskip("scipy.stats")
    chance = random.Random("counts")
    for _ in range(20):
        data = [chance.randint(1, 6) for _ in range(chance.randint(1, 5))]
        shape, rate = chance.choice([1, 2, 3]), chance.choice([1, 0.5, 2])
        found = solved(
            models=[
                {"distribution": "poisson(lambda=3)"},
                {"distribution": "poisson", "prior": f"gamma(shape={shape}, rate={rate})"},
                {"distribution": "geometric", "prior": "beta(2, 3)"},
            ],
            data=data,
            new=2,
        )

        def poisson(t: float, data: list[int] = data) -> float:
            return float(math.prod(stats.poisson.pmf(data, t)))

        def geometric(t: float, data: list[int] = data) -> float:
            return float(math.prod(stats.geom.pmf(data, t)))

        def over_gamma(t: float, shape: float = shape, rate: float = rate) -> float:
            return float(stats.gamma.pdf(t, shape, scale=1 / rate))

        def over_beta(t: float) -> float:
            return float(stats.beta.pdf(t, 2, 3))

        cases = [(poisson, over_gamma, 60.0), (geometric, over_beta, 1.0)]
        expected, predicted = [poisson(3)], [float(stats.poisson.pmf(2, 3))]
        for likelihood, prior, high in cases:
            mass = integrate.quad(
                lambda t, f=likelihood, p=prior: f(t) * p(t), 0, high, epsabs=0, limit=200
            )[0]
            more = integrate.quad(
                lambda t, f=likelihood, p=prior, d=data: f(t, [*d, 2]) * p(t), 0, high, epsabs=0,
                limit=200,
            )[0]  # fmt: skip
            expected.append(mass)
            predicted.append(more / mass)
        assert list(map(float, value(found, "evidence"))) == pytest.approx(expected, rel=1e-6)
        whole = sum(expected)
        posterior = [e / whole for e in expected]
        assert value(found, "model_posterior") == pytest.approx(posterior, rel=1e-6)
        odds = [expected[0] / e for e in expected[1:]]
        assert value(found, "odds") == pytest.approx(odds, rel=1e-6)
        averaged = sum(p * q for p, q in zip(posterior, predicted, strict=True))
        assert value(found, "predictive") == pytest.approx(averaged, rel=1e-6)
        check_lines(found)


def test_a_known_normal_against_one_with_unknown_mean() -> None:
    """The data are jointly normal with covariance σ² I + τ² 11ᵀ."""
    stats = pytest.importorskip("scipy.stats")
    np = pytest.importorskip("numpy")
    data = [0.5, 1, 3]
    found = solved(
        models=[
            {"distribution": "normal(mu=0, sigma2=1)"},
            {"distribution": "normal(sigma2=1)", "prior": "normal(mu=0, sigma2=4)"},
        ],
        data=data,
        new=2,
    )

    def joint(points: list[float]) -> float:
        covariance = np.eye(len(points)) + 4
        return float(stats.multivariate_normal.pdf(points, np.zeros(len(points)), covariance))

    expected = [math.prod(stats.norm.pdf(data)), joint(data)]
    assert value(found, "evidence") == pytest.approx(expected)
    posterior = [e / sum(expected) for e in expected]
    predicted = [float(stats.norm.pdf(2)), joint([*data, 2]) / joint(data)]
    averaged = sum(p * q for p, q in zip(posterior, predicted, strict=True))
    assert value(found, "predictive") == pytest.approx(averaged)
    check_lines(found)


def test_two_beliefs_about_categories() -> None:
    """2/6 · 3/7 · 4/8 · 2/9 = 1/63 against 1/3 · 2/4 · 3/5 · 1/6 = 1/60, turn by turn."""
    found = solved(
        models=[
            {"distribution": "categorical", "prior": "dirichlet(2, 2, 2)"},
            {"distribution": "categorical", "prior": "dirichlet(1, 1, 1)"},
        ],
        data={"red": 3, "blue": 1, "green": 0},
        new="green",
    )
    assert value(found, "evidence") == (Fraction(1, 63), Fraction(1, 60))
    assert value(found, "odds") == Fraction(60, 63)
    assert value(found, "predictive") == Fraction(60, 123) / 5 + Fraction(63, 123) / 7
    check_lines(found)


def test_a_coin_with_two_heads() -> None:
    two_heads = {"distribution": "bernoulli(theta=1)"}
    found = solved(models=[FAIR, two_heads], data=[1, 1, 1])
    assert value(found, "model_posterior") == (Fraction(1, 9), Fraction(8, 9))
    found = solved(models=[FAIR, two_heads], data=[1, 0])
    assert value(found, "model_posterior") == (1, 0)
    assert value(found, "odds") == math.inf
    with pytest.raises(Unsolved, match="impossible under every one"):
        solved(models=[two_heads, two_heads], data=[1, 0])


def test_a_tie_is_said() -> None:
    found = solved(models=[FAIR, {"distribution": "bernoulli(theta=0.5)"}], data=[1, 0])
    note = next(note for note in found.notes if note.id == "models.best")
    assert "2 models are equally probable" in note.text[0]


@pytest.mark.parametrize(
    ("models", "more", "words"),
    [
        ([{**FAIR, "probability": "1/2"}, {**UNKNOWN, "probability": "1/3"}], {},
         "add up to 5/6, not to 1: change them, such as 3/5 instead of 1/2"),
        ([{**FAIR, "probability": "1/2"}, UNKNOWN], {}, "to every model, or to none"),
        ([{**FAIR, "probability": "-1/2"}, UNKNOWN], {}, "every model|from 0 to 1"),
        ([FAIR], {}, "two models or more"),
        ("bernoulli", {}, "two models or more"),
        ([FAIR, {"prior": "beta(1, 1)"}], {}, "'distribution' is missing"),
        ([FAIR, {**UNKNOWN, "proir": "beta(1, 1)"}], {}, "did you mean 'prior'"),
        ([FAIR, {"distribution": "bernoulli"}], {}, "'prior' is missing"),
        ([{**FAIR, "prior": "beta(1, 1)"}, UNKNOWN], {}, "nothing is unknown in this model"),
        ([{"distribution": "bernoulli(theta=3/2)"}, UNKNOWN], {}, "between 0 and 1, not at 3/2"),
        ([FAIR, UNKNOWN], {"prior": "beta(1, 1)"}, "leave prior out"),
    ],
)  # fmt: skip
def test_malformed_models(models: Any, more: dict[str, str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        solved(models=models, data=[1, 0], **more)


def test_data_are_needed() -> None:
    with pytest.raises(Invalid, match="'data' is missing"):
        solved(models=[FAIR, UNKNOWN])


@pytest.mark.parametrize(
    ("models", "data", "words"),
    [
        ([FAIR, UNKNOWN], {"n": "m", "k": "j"}, "in numbers"),
        ([FAIR, {"distribution": "bernoulli", "prior": "uniform(0, 1/2)"}], {"data": [1, 0]},
         "no closed form"),
        ([{"distribution": "poisson(lambda=1)"}, {"distribution": "poisson(lambda=2)"}],
         {"n": 3, "sum": 5}, "give the data"),
    ],
)  # fmt: skip
def test_what_is_not_decided(models: Any, data: dict[str, Any], words: str) -> None:
    with pytest.raises(Unsolved, match=words):
        solved(models=models, **data)
