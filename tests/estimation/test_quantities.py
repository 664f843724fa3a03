"""Parameters by their words: by invariance without a prior, by the change of variable under one."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.estimation.distributions import FAMILIES, versions
from mlcalc.estimation.family import Family, Quantity
from mlcalc.estimation.quantities import VALUE, meant, version_in
from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import one_line
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol, substitute
from mlcalc.showing.derivation import Derivation, Result
from tests.chains import carries_floats, closed_links, expressions, is_true


def written(family: Family) -> str:
    return f"{family.name}({family.variant})" if family.variant else family.name


BASE = {written(family): family for name in FAMILIES for family in versions(name) if family.density}
POINT = {
    "theta": "2/5", "lambda": "3/2", "mu": "1/2", "sigma2": "4/9", "b": "7/4", "shape": "5/2",
    "rate": "2/3", "scale": "3/2", "alpha": "5/2", "beta": "5/4", "x_m": "6/5", "sigma": "4/3",
    "a": "-1", "m": "4", "r": "3", "k": "2", "kappa": "2",
}  # fmt: skip
EXCHANGED = [
    (family, quantity)
    for family in BASE.values()
    for quantity in family.quantities
    if quantity.inverse
]


def solved(kind: str, **given: Any) -> Derivation:
    found = solve(kind, from_plain(given, Place("test")))  # type: ignore[arg-type]
    for expression in expressions(found):
        for left, relation, right, a, b in closed_links(expression):
            assert is_true(a, relation, b, carries_floats(left) or carries_floats(right)), one_line(
                expression
            )
    return found


def at(text: str) -> dict[Symbol, Any]:
    return {Symbol.named(name): scalar(read(value)) for name, value in POINT.items()}


def value(formula: Expr, **more: Any) -> float:
    return to_float(scalar(formula, {**at(""), **{Symbol.named(n): v for n, v in more.items()}}))


def label(item: Any) -> str:
    if isinstance(item, Family):
        return written(item)
    return item.words[0] if isinstance(item, Quantity) else ""


@pytest.mark.parametrize(("family", "quantity"), EXCHANGED, ids=label)
def test_each_inverse_undoes_its_formula(family: Family, quantity: Quantity) -> None:
    there = scalar(read(quantity.formula), at(""))
    back = scalar(read(quantity.inverse), {**at(""), VALUE: there})
    assert to_float(back) == pytest.approx(value(Symbol.named(quantity.own)))
    low, high = (to_float(scalar(read(end), at(""))) for end in quantity.range)
    assert low <= to_float(there) <= high


@pytest.mark.parametrize(("family", "quantity"), EXCHANGED, ids=label)
def test_each_version_is_the_same_density(family: Family, quantity: Quantity) -> None:
    there = scalar(read(quantity.formula), at(""))
    x = Fraction(1) if family.support.whole else Fraction(9, 10)
    for word in quantity.words:
        version = version_in(family, word, quantity)
        found = value(version.formula, x=x, **{version.letter: there})
        assert found == pytest.approx(value(family.formula, x=x))


def frozen(name: str) -> Any:
    stats = pytest.importorskip("scipy.stats")
    return {
        "bernoulli": lambda: stats.bernoulli(0.4),
        "binomial": lambda: stats.binom(4, 0.4),
        "geometric": lambda: stats.geom(0.4),
        "geometric(support=failures)": lambda: stats.geom(0.4, loc=-1),
        "negative_binomial": lambda: stats.nbinom(3, 0.4),
        "poisson": lambda: stats.poisson(1.5),
        "exponential": lambda: stats.expon(scale=2 / 3),
        "normal": lambda: stats.norm(0.5, 2 / 3),
        "lognormal": lambda: stats.lognorm(2 / 3, scale=math.exp(0.5)),
        "laplace": lambda: stats.laplace(0.5, 1.75),
        "gamma": lambda: stats.gamma(2.5, scale=1.5),
        "beta": lambda: stats.beta(2.5, 1.25),
        "pareto": lambda: stats.pareto(2.5, scale=1.2),
        "rayleigh": lambda: stats.rayleigh(scale=4 / 3),
        "weibull": lambda: stats.weibull_min(2, scale=1.5),
        "inverse_gamma": lambda: stats.invgamma(2.5, scale=1.5),
        "uniform": lambda: stats.uniform(0, 0.4),
        "uniform(a, b)": lambda: stats.uniform(-1, 2.75),
        "cauchy": lambda: stats.cauchy(0.5),
    }[name]()


MOMENTS: dict[str, Callable[[Any], float]] = {
    "mean": lambda d: d.mean(), "median": lambda d: d.median(), "variance": lambda d: d.var(),
    "sd": lambda d: d.std(),
}  # fmt: skip
DISCRETE = ("bernoulli", "binomial", "geometric", "geometric(support=failures)",
            "negative_binomial", "poisson")  # fmt: skip


@pytest.mark.parametrize("key", [key for key in BASE if key != "von_mises"])
def test_moments_are_those_of_scipy(key: str) -> None:
    checked = 0
    for word, moment in MOMENTS.items():
        found = meant(BASE[key], word)
        if found is not None:
            assert value(found[1]) == pytest.approx(moment(frozen(key))), word
            checked += 1
    assert checked


@pytest.mark.parametrize(
    ("distribution", "parameter", "data", "expected"),
    [
        ("exponential", "scale", "1, 2, 3", 2),
        ("exponential", "mean", "1, 2, 3", 2),
        ("exponential", "rate", "1, 2, 3", Fraction(1, 2)),
        ("exponential", "median", "1, 2, 3", 2 * math.log(2)),
        ("exponential", "variance", "1, 2, 3", 4),
        ("exponential", "theta", "1, 2, 3", Fraction(1, 2)),
        ("exponential(parameter=scale)", "rate", "1, 2, 3", Fraction(1, 2)),
        ("exponential(parameter=scale)", "theta", "1, 2, 3", 2),
        ("normal(mu=0)", "sigma", "1, 2, 2", math.sqrt(3)),
        ("normal(mu=0)", "sd", "1, 2, 2", math.sqrt(3)),
        ("normal(mu=0)", "σ²", "1, 2, 2", 3),
        ("normal(mu=0)", "precision", "1, 2, 2", Fraction(1, 3)),
        ("normal(mu=0)", "v", "1, 2, 2", 3),
        ("normal", "sigma", "1, 2, 3", math.sqrt(2 / 3)),
        ("normal", "mean", "1, 2, 3", 2),
        ("normal(parameter=sigma)", "variance", "1, 2, 3", 2 / 3),
        ("gamma(shape=2)", "scale", "1, 2, 4", Fraction(7, 6)),
        ("gamma(shape=2)", "mean", "1, 2, 4", Fraction(7, 3)),
        ("gamma(shape=2)", "lambda", "1, 2, 4", Fraction(6, 7)),
        ("bernoulli", "odds", "1, 1, 0", 2),
        ("bernoulli", "log-odds", "1, 1, 0", math.log(2)),
        ("bernoulli", "logit", "1, 1, 0", math.log(2)),
        ("bernoulli", "mean", "1, 1, 0", Fraction(2, 3)),
        ("bernoulli", "variance", "1, 1, 0", Fraction(2, 9)),
        ("bernoulli", "sd", "1, 1, 0", math.sqrt(2) / 3),
        ("bernoulli", "p", "1, 1, 0", Fraction(2, 3)),
        ("bernoulli", "mu", "1, 1, 0", Fraction(2, 3)),
        ("binomial(n=4)", "mean", "1, 2, 3", 2),
        ("geometric", "mean", "1, 2, 4", Fraction(7, 3)),
        ("geometric(support=failures)", "mean", "1, 2, 4", Fraction(7, 3)),
        ("geometric(support=failures)", "odds", "1, 2, 4", Fraction(3, 7)),
        ("negative_binomial(r=3)", "mean", "1, 2, 4", Fraction(7, 3)),
        ("poisson", "mean", "1, 2, 4", Fraction(7, 3)),
        ("poisson", "mu", "1, 2, 4", Fraction(7, 3)),
        ("poisson", "sd", "1, 2, 4", math.sqrt(7 / 3)),
        ("lognormal(sigma2=1)", "median", "1, 1", 1),
        ("laplace(mu=0)", "variance", "1, 3", 8),
        ("laplace", "b", "1, 3, 8", Fraction(7, 3)),
        ("pareto(x_m=1)", "shape", "2, 2", 1 / math.log(2)),
        ("rayleigh", "sigma2", "1, 3", Fraction(5, 2)),
        ("rayleigh", "mean", "1, 3", math.sqrt(2.5 * math.pi / 2)),
        ("weibull(k=2)", "mean", "1, 3", math.sqrt(5) * math.gamma(1.5)),
        ("inverse_gamma(shape=3)", "mean", "1, 1", Fraction(3, 2)),
        ("uniform", "mean", "1, 3", Fraction(3, 2)),
        ("uniform(a, b)", "width", "1, 3, 8", 7),
        ("uniform(a, b)", "mean", "1, 3, 8", Fraction(9, 2)),
        ("cauchy", "location", "0, 1, 5", None),
    ],
)
def test_a_word_asks_for_that_parameter(
    distribution: str, parameter: str, data: str, expected: float | None
) -> None:
    found = solved("mle", distribution=distribution, parameter=parameter, data=data)
    first = found.answers[0]
    wanted = {"σ²": "sigma2"}.get(parameter, parameter.replace("-", "_"))
    assert (first.name, found.answer("estimate")) == (wanted, first)
    if expected is not None:
        assert first.value == pytest.approx(expected)
    names = [answer.name for answer in found.answers]
    assert names == [wanted, "log_likelihood"]


def test_several_words_are_answered_in_their_order() -> None:
    found = solved("mle", distribution="normal", parameter="sigma, mu", data="1, 2, 3")
    assert [a.name for a in found.answers] == ["sigma", "mu", "log_likelihood"]
    assert found.answers[1].value == 2
    renamed = solved("mle", distribution="normal", parameter="m, sigma", data="1, 2, 3")
    assert [a.name for a in renamed.answers] == ["m", "sigma", "log_likelihood"]
    assert renamed.answers[1].value == pytest.approx(math.sqrt(2 / 3))


@pytest.mark.parametrize(
    ("distribution", "parameter", "expected"),
    [
        ("exponential", "scale", "(Σᵢ xᵢ)/n"),
        ("bernoulli", "odds", "k/(n − k)"),
        ("gamma(shape=2)", "scale", "(Σᵢ xᵢ)/(2n)"),
        ("uniform(a, b)", "width", "max(x) − min(x)"),
        ("normal(mu=0)", "sigma", "√((Σᵢ (xᵢ − μ)²)/n)"),
    ],
)
def test_words_in_letters(distribution: str, parameter: str, expected: str) -> None:
    found = solved("mle", distribution=distribution, parameter=parameter)
    assert one_line(found.answers[0].maths) == expected
    assert "mle.invariance" in {note.id for note in found.notes}


@pytest.mark.parametrize(
    ("distribution", "parameter", "words"),
    [
        *[("exponential", name, "may be read as") for name in ("mu", "tau", "beta")],
        ("gamma(shape=2)", "beta", "the rate or the scale"),
        ("gamma(shape=2)", "theta", "ask for shape, rate, scale"),
        ("normal(mu=0)", "tau", "the precision or the deviation"),
        ("geometric", "mu", "may be read as the mean"),
        ("laplace(mu=0)", "sigma", "the scale or the deviation"),
        ("cauchy", "mean", "does not have"),
        ("exponential", "precision", "is no quantity of exponential"),
        ("bernoulli", "scale", "is no quantity of bernoulli"),
        ("exponential", "scael", "did you mean 'scale'"),
        ("normal(sigma2=4)", "sigma", "the sigma is known, 2"),
        ("normal(sigma=2)", "precision", "the precision is known, 1/4"),
        ("normal", "v", "there are 2 parameters to name"),
        ("normal", "sigma, v", "in their order"),
        ("categorical", "p", "keep their names"),
        ("bernoulli", "theta + 1", "expected a name"),
    ],
)
def test_a_word_that_means_something_else_is_refused(
    distribution: str, parameter: str, words: str
) -> None:
    for kind, more in (("mle", {}), ("map", {"prior": "gamma(shape=2, rate=1)"})):
        with pytest.raises(Invalid, match=words.replace("(", r"\(")):
            solved(kind, distribution=distribution, parameter=parameter, **more)


@pytest.mark.parametrize(
    ("distribution", "parameter", "data"),
    [("bernoulli", "odds", "1, 1"), ("bernoulli", "log_odds", "0, 0"),
     ("inverse_gamma(shape=1)", "mean", "1, 2"), ("pareto(x_m=1)", "mean", "9, 9, 9"),
     ("geometric(support=failures)", "log_odds", "0, 0")],
)  # fmt: skip
def test_a_quantity_without_a_finite_estimate(distribution: str, parameter: str, data: str) -> None:
    with pytest.raises(Unsolved, match="has no finite estimate"):
        solved("mle", distribution=distribution, parameter=parameter, data=data)


@pytest.mark.parametrize(
    ("distribution", "name", "given", "expected"),
    [
        ("bernoulli", "mean", {"n": 5, "k": 3}, Fraction(3, 5)),
        ("exponential", "rate", {"data": "1, 3"}, Fraction(1, 2)),
        ("poisson", "mean", {"data": "1, 3"}, 2),
        ("normal(sigma2=1)", "mean", {"data": "1, 3"}, 2),
    ],
)
def test_an_answer_is_known_by_its_other_words(
    distribution: str, name: str, given: dict[str, Any], expected: float
) -> None:
    answer = solved("mle", distribution=distribution, **given).answer(name)
    assert answer is not None
    assert answer.value == expected


# Under a prior.


def mode(log_density: Callable[[float], float], low: float, high: float) -> float:
    optimize = pytest.importorskip("scipy.optimize")
    found = optimize.minimize_scalar(
        lambda t: -log_density(t), bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    )
    return float(found.x)


X = (1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("given", "log_density", "high"),
    [
        ({"distribution": "exponential", "parameter": "scale", "prior": "lambda*exp(-lambda)"},
         lambda t: -3 * math.log(t) - 6 / t - math.log(t) - 1 / t - 2 * math.log(t), 9),
        ({"distribution": "exponential", "parameter": "scale", "prior": "exp(-2*scale)"},
         lambda t: -3 * math.log(t) - 6 / t - 2 * t, 9),
        ({"distribution": "exponential(parameter=scale)", "prior": "gamma(shape=3, rate=1)"},
         lambda t: -3 * math.log(t) - 6 / t + 2 * math.log(t) - t, 9),
        ({"distribution": "exponential(parameter=scale)",
          "prior": "inverse_gamma(shape=2, scale=3)"},
         lambda t: -3 * math.log(t) - 6 / t - 3 * math.log(t) - 3 / t, 9),
        ({"distribution": "normal(mu=0, parameter=precision)", "prior": "gamma(shape=2, rate=3)"},
         lambda t: 1.5 * math.log(t) - 7 * t + math.log(t) - 3 * t, 9),
        ({"distribution": "normal(mu=0)", "parameter": "sigma",
          "prior": "sigma2^(-3)*exp(-3/sigma2)"},
         lambda t: -3 * math.log(t) - 7 / t**2 - 6 * math.log(t) - 3 / t**2 + math.log(t), 9),
        ({"distribution": "geometric", "parameter": "odds", "prior": "beta(2, 3)"},
         lambda t: 3 * math.log(t) - 6 * math.log(1 + t)
         + math.log(t) - 3 * math.log(1 + t) - 2 * math.log(1 + t), 9),
        ({"distribution": "geometric", "parameter": "log_odds", "prior": "beta(2, 3)"},
         lambda t: 3 * t - 6 * math.log(1 + math.exp(t))
         + 2 * t - 5 * math.log(1 + math.exp(t)), 9),
        ({"distribution": "poisson", "parameter": "sd", "prior": "lambda*exp(-lambda)"},
         lambda t: 12 * math.log(t) - 3 * t**2 + 3 * math.log(t) - t**2, 9),
    ],
    ids=lambda v: str(v.get("parameter", v["distribution"])) if isinstance(v, dict) else "",
)  # fmt: skip
def test_the_mode_of_the_posterior_of_what_is_asked(
    given: dict[str, str], log_density: Callable[[float], float], high: float
) -> None:
    found = solved("map", data="1, 2, 3", **given)
    low = -9.0 if "log_odds" in given.values() else 1e-6
    answer = found.answers[0]
    assert answer.name == given.get("parameter", answer.name)
    assert to_float(answer.value) == pytest.approx(mode(log_density, low, high), rel=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("distribution", "parameter", "prior", "readings"),
    [
        ("exponential", "scale", "gamma(shape=2, rate=1)",
         ["exponential(parameter=scale)", "lambda^(2 - 1)*exp(-lambda)"]),
        ("normal(mu=0)", "sigma", "inverse_gamma(shape=2, scale=3)",
         ["normal(mu=0, parameter=sigma)", "exp(-3/sigma2)"]),
        ("bernoulli", "failure_probability", "beta(2, 3)",
         ["bernoulli(parameter=failure_probability)"]),
    ],
)  # fmt: skip
def test_a_prior_for_either_parameter_is_refused_with_both(
    distribution: str, parameter: str, prior: str, readings: list[str]
) -> None:
    with pytest.raises(Invalid, match="a mode does not carry over") as caught:
        solved("map", distribution=distribution, parameter=parameter, prior=prior)
    assert all(reading in str(caught.value) for reading in readings)


def test_words_for_the_own_parameter_under_a_prior() -> None:
    found = solved(
        "map", distribution="poisson", parameter="rate", data=[2], prior="exponential(rate=1)"
    )
    assert found.answers[0].name == "rate"
    given = {"prior": "normal_inverse_gamma(mu=0, kappa=1, shape=2, scale=3)", "data": "1, 2, 3"}
    joint = solved("map", distribution="normal", parameter="sigma2", **given)
    assert (joint.answers[0].name, joint.answers[0].value) == ("sigma2", Fraction(11, 10))
    assert joint.answer("mu") is None
    with pytest.raises(Invalid, match="one quantity of one unknown"):
        solved("map", distribution="normal", parameter="sigma", **given)


def results(found: Derivation) -> dict[str, Result]:
    return {answer.name: answer.value for answer in found.answers}


def test_a_mean_by_its_word_and_what_is_given_by_another() -> None:
    assert results(solved("mle", distribution="normal(sd=2)", data="1, 3"))["mu"] == 2
    two = [solved("mle", distribution=f"normal({known})", data="1, 3", parameter="mean")
           for known in ("sigma=2", "variance=4", "precision=0.25")]  # fmt: skip
    assert len({one.answer("log_likelihood").value for one in two}) == 1  # type: ignore[union-attr]


def test_the_density_of_a_version_reads_back() -> None:
    version = version_in(FAMILIES["bernoulli"], "odds", FAMILIES["bernoulli"].quantities[1])
    assert one_line(substitute(version.formula, {})) == "(odds/(odds + 1))^x·(1/(odds + 1))^(1 − x)"
