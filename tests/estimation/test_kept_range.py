"""What follows from a posterior: nothing of the whole one where a range cuts it, names, notes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr
from mlcalc.showing.derivation import Derivation


def solved(kind: str, **given: Any) -> Derivation:
    return solve(kind, from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(found: Derivation, name: str) -> Any:
    answer = found.answer(name)
    assert answer is not None, name
    return answer.value


def page(found: Derivation) -> str:
    """All lines of maths and all notes as one text."""
    lines = [one_line(b) for step in found.steps for b in step.blocks if isinstance(b, Expr)]
    notes = [step.note for step in found.steps]
    said = ["".join(p if isinstance(p, str) else one_line(p) for p in note) for note in notes]
    return "\n".join([*lines, *said])


THREE = "1.7, 0.43, 2.91"
BERNOULLI = {"distribution": "bernoulli", "n": "17", "k": "7", "prior": "beta(2, 2)"}
MEAN = {"distribution": "normal(sigma2=2)", "data": THREE}
RATE = {"distribution": "exponential", "data": THREE, "prior": "gamma(shape=2, rate=1)"}


def ranged(name: str, low: str, high: str) -> dict[str, Any]:
    return {"parameter": {"name": name, "range": [low, high]}}


@pytest.mark.parametrize(
    "given",
    [
        BERNOULLI | ranged("theta", "0", "0.3"),
        BERNOULLI | ranged("theta", "0.2", "0.9") | {"new": "1"},
        RATE | ranged("lambda", "0", "0.3"),
        MEAN | ranged("mu", "2", "5") | {"prior": "normal(mu=0, sigma2=1)", "new": "2"},
    ],
)
def test_a_range_gives_nothing_of_the_whole_posterior(given: dict[str, Any]) -> None:
    found = solved("map", **given)
    names = {answer.name for answer in found.answers}
    followed = {"posterior", "posterior_mean", "posterior_variance", "evidence", "predictive"}
    assert not names & followed
    ids = [note.id for note in found.notes]
    assert "posterior.cut_off" in ids
    assert ("predictive.not_computed" in ids) == ("new" in given)
    assert "weigh the prior against the data" not in [step.rule for step in found.steps]


def test_a_range_that_is_the_whole_one_cuts_nothing() -> None:
    found = solved("map", **BERNOULLI, **ranged("theta", "0", "1"))
    assert value(found, "posterior_mean") == Fraction(9, 21)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (BERNOULLI | ranged("theta", "0.5", "0.9") | {"prior": "beta(a, b)"}, "prior's numbers"),
        (BERNOULLI | ranged("theta", "0.5", "0.9") | {"k": "s"}, "give data"),
        (
            MEAN
            | ranged("mu", "2", "5")
            | {"distribution": "normal"}
            | {"prior": "normal_inverse_gamma(mu=0, kappa=1, shape=2, scale=1)"},
            "one unknown parameter",
        ),
    ],
)
def test_a_range_that_is_not_decided_is_refused(given: dict[str, Any], outcome: str) -> None:
    with pytest.raises(Unsolved, match=outcome):
        solved("map", **given)


def test_a_laplace_prior_keeps_to_the_range() -> None:
    """Without the range the soft threshold gives 76/75; the log-posterior falls after it."""
    given = MEAN | ranged("mu", "2", "5") | {"prior": "laplace(mu=0, b=1)"}
    assert value(solved("map", **given), "estimate") == 2


@pytest.mark.parametrize("word", ["scale", "mean", "sd"])
def test_a_range_is_not_that_of_another_parameter(word: str) -> None:
    """The scale of a rate from 2 to 5 is not a scale from 2 to 5."""
    with pytest.raises(Unsolved, match="own parameter"):
        solved("mle", distribution="exponential", data=THREE, **ranged(word, "2", "5"))


# A given counts, is refused, or is said to be left out.


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (BERNOULLI | {"n": "1000000", "k": "123457", "prior": "beta(7, 95)", "new": "1"},
         Fraction(7 + 123457, 1000000 + 7 + 95)),
        (BERNOULLI | {"n": "1000000", "k": "123457", "prior": "beta(7, 95)", "new": "0"},
         Fraction(1000000 - 123457 + 95, 1000000 + 7 + 95)),
        # Negative binomial: C(a, 1)·(b/(b + 1))^a/(b + 1).
        ({"distribution": "poisson", "n": "1000000", "sum": "123457", "new": "1",
          "prior": "gamma(shape=7, rate=2)"},
         123464 / 1000003 * math.exp(-123464 * math.log1p(1 / 1000002))),
        # Lomax: a·b^a/(b + x)^(a + 1).
        ({"distribution": "exponential", "n": "1000000", "sum": "2000000", "new": "2",
          "prior": "gamma(shape=3, rate=1)"},
         1000003 / 2000003 * math.exp(-1000003 * math.log1p(2 / 2000001))),
    ],
)  # fmt: skip
def test_a_new_value_after_many(given: dict[str, Any], expected: Any) -> None:
    found = value(solved("map", **given), "predictive")
    assert found == expected if isinstance(expected, Fraction) else math.isclose(found, expected)


@pytest.mark.parametrize(
    "given",
    [
        MEAN | {"prior": "laplace(mu=0, b=1)"},
        MEAN
        | {"distribution": "normal"}
        | {"prior": "normal_inverse_gamma(mu=0, kappa=1, shape=2, scale=1)"},
        BERNOULLI | {"prior": "beta(a, b)"},
        BERNOULLI | {"prior": "theta*(1 - theta) + theta^2"},
    ],
)
def test_a_new_value_that_is_left_out_is_said(given: dict[str, Any]) -> None:
    found = solved("map", **given, new="1")
    assert "predictive.not_computed" in [note.id for note in found.notes]


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("map", BERNOULLI | {"new": "3"}, "not possible"),
        ("map", RATE | {"new": "-1"}, "not possible"),
        ("mle", RATE | {"support": "0 < x < 5"}, "support"),
        ("map", RATE | {"support": "0 < x < 5"}, "support"),
        ("mle", BERNOULLI | {"categories": "red, blue"}, "categories"),
        ("mle", {"distribution": "categorical", "data": "red, blue", "censored": "3"}, "censored"),
        ("mle", {"distribution": "categorical", "data": "red, blue", "intervals": "0 1 2"},
         "intervals"),
        ("mle", {"distribution": "multivariate_normal", "data": "1 2; 3 4; 5 1", "censored": "3"},
         "censored"),
    ],
)  # fmt: skip
def test_a_given_without_use_is_refused(kind: str, given: dict[str, Any], field: str) -> None:
    given = {k: v for k, v in given.items() if kind == "map" or k != "prior"}
    with pytest.raises(Invalid, match=field):
        solved(kind, **given)


# Names and notes.


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (MEAN | {"prior": "normal(mu=0.7, sigma2=1.9)", "new": "2"},
         ["at every μ", "p(D) = p(D | μ)·p(μ)/p(μ | D)",
          "p(x_new | D) = p(x_new | μ)·p(μ | D)/p(μ | D, x_new)"]),
        (BERNOULLI | {"new": "1"},
         ["Z[θ | D]/Z_θ", "Z[θ | D, x_new]/Z[θ | D]", "kernels of p(θ) and p(θ | D)"]),
    ],
)  # fmt: skip
def test_the_densities_have_one_name_each(given: dict[str, Any], shown: list[str]) -> None:
    text = page(solved("map", **given))
    assert all(one in text for one in shown)
    assert "before(" not in text and "[after]" not in text


def test_a_prior_that_ends_early_has_moments_of_its_own() -> None:
    quad = pytest.importorskip("scipy.integrate").quad
    found = solved("map", **BERNOULLI | {"prior": "uniform(0, 1/2)"})
    total = quad(lambda t: t**7 * (1 - t) ** 10, 0, 0.5)[0]
    mean = quad(lambda t: t**8 * (1 - t) ** 10, 0, 0.5)[0] / total
    assert float(value(found, "posterior_mean")) == pytest.approx(mean, rel=1e-6)
    assert found.answer("posterior") is None


def test_models_have_densities_of_their_own() -> None:
    models = [{"distribution": "poisson", "prior": "gamma(shape=2, rate=1)"},
              {"distribution": "geometric", "prior": "beta(1, 1)"}]  # fmt: skip
    text = page(solved("map", models=models, data="3, 4, 1", new="2"))
    for one in ("Z[λ | D, M₁]/Z[λ | M₁]", "Z[θ | D, M₂]/Z[θ | M₂]", "c[D | M₁]", "c[x_new | M₁]"):
        assert one in text


@pytest.mark.parametrize(
    ("distribution", "name"), [("exponential", "log(p(D | λ̂))"), ("normal", "log(p(D | μ̂, σ̂²))")]
)
def test_the_log_likelihood_is_that_of_the_estimate(distribution: str, name: str) -> None:
    answer = solved("mle", distribution=distribution, data=THREE).answer("log_likelihood")
    assert answer is not None and answer.symbol is not None
    assert one_line(answer.symbol) == name


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (MEAN | {"prior": "normal(mu=0.7, sigma2=1.9)"}, None),
        (MEAN | {"prior": "normal(mu=m, sigma2=s)"}, None),
        (BERNOULLI, "not its mean"),
        (BERNOULLI | {"n": "4", "k": "2"}, None),
        (BERNOULLI | {"prior": "uniform(0, 1/2)"}, "not its mean"),
        ({"distribution": "categorical", "data": "red, blue", "prior": "dirichlet(2, 2)"}, None),
    ],
)
def test_the_mode_is_told_from_the_mean_where_they_differ(
    given: dict[str, Any], note: str | None
) -> None:
    notes = [str(n.text) for n in solved("map", **given).notes if n.id == "map.mode"]
    assert [note in one for one in notes] == [True] if note is not None else not notes


@pytest.mark.parametrize(
    ("given", "is_smaller", "has_bias"),
    [
        ({"distribution": "poisson", "n": "4", "sum": "0", "prior": "gamma(shape=1, rate=2)"},
         False, False),
        (BERNOULLI | {"n": "4", "k": "2"}, True, False),
        (BERNOULLI, True, True),
    ],
)  # fmt: skip
def test_the_prior_is_praised_only_for_what_it_does(
    given: dict[str, Any], is_smaller: bool, has_bias: bool
) -> None:
    text = page(solved("map", **given))
    assert "over samples of the same size" in text
    assert ("variance smaller" in text) == is_smaller
    assert ("brings in a bias" in text) == has_bias


def test_no_prior_mode_where_the_density_has_none() -> None:
    """gamma(shape=1/2) is highest at 0, not at (1/2 − 1)/rate."""
    found = solved("map", distribution="poisson", data="3, 4, 1", prior="gamma(shape=1/2, rate=2)")
    assert "weigh the prior against the data" not in [step.rule for step in found.steps]
