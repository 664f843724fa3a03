"""What happens at the ends: a maximum there, none, or many; and one letter for one thing."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Expr, Symbol, free_symbols
from mlcalc.showing.derivation import Derivation, Step

stats = pytest.importorskip("scipy.stats")


def solved(kind: str, **given: str) -> Derivation:
    entries = from_plain(given, Place("test"))
    assert isinstance(entries, Entries)
    return solve(kind, entries)


# λ → 0 and its like: the likelihood of data of which only a lower bound is known keeps growing
# towards 1, which no member of the family attains.
WITHOUT = [
    ("exponential", {"censored": "3,4"}, "growing as lambda goes to 0, .* no exponential"),
    ("exponential(parameter=scale)", {"censored": "3,4"}, "keeps growing as scale goes to ∞"),
    ("weibull(k=2)", {"censored": "3,4"}, "keeps growing as scale goes to ∞"),
    ("rayleigh", {"censored": "3,4"}, "keeps growing as sigma goes to ∞"),
    ("pareto(x_m=1)", {"censored": "3,4"}, "growing as alpha goes to 0, .* no Pareto"),
    ("geometric", {"censored": "3,4"}, "growing as theta goes to 0, .* no geometric"),
    ("geometric(support=failures)", {"censored": "3"}, "as theta goes to 0, .* no geometric"),
    ("normal", {"censored": "3,4"}, "every item was censored"),
    ("exponential", {"intervals": "[3, inf, 4]"}, "as lambda goes to 0, .* no exponential"),
    ("geometric", {"intervals": "[3, inf, 4]"}, "as theta goes to 0, .* no geometric"),
    ("negative_binomial(r=3)", {"intervals": "[5, inf, 4]"}, "as theta goes to 0, .* no negative"),
    ("poisson", {"intervals": "[5, inf, 4]"}, "as lambda goes to ∞"),
    ("exponential", {"intervals": "[0, 1, 4]"}, "as lambda goes to ∞"),
    ("rayleigh", {"intervals": "[0, 1, 4]"}, "as sigma goes to 0, .* no Rayleigh"),
    ("normal(sigma2=1)", {"intervals": "[0, inf, 4]"}, "as mu goes to ∞"),
    ("normal", {"intervals": "[3, inf, 4]"}, "the mean goes off into it"),
    ("normal", {"intervals": "[3, 4, 4]"}, "the variance goes to 0 inside it"),
    ("normal", {"intervals": "[0, 3, 2], [2, 5, 2]"}, "the variance goes to 0 inside it"),
    ("normal", {"intervals": "[2, 3, 2], [3, inf, 4]"}, "at the end that they have in common"),
    ("normal", {"intervals": "[-inf, 3, 2], [3, inf, 4]"}, "no single maximum: one cut"),
    ("normal", {"intervals": "[-inf, 3, 2], [4, inf, 4]"}, "as the variance goes to ∞"),
    ("lognormal", {"intervals": "[0, 3, 2], [3, inf, 4]"}, "no single maximum: one cut"),
    ("exponential", {"intervals": "[0, 1, 0]"}, "every value of lambda is equally likely"),
    ("normal(sigma2=1)", {"intervals": "[-inf, inf, 4]"}, "every value of mu is equally likely"),
    ("exponential", {"data": "0,0"}, "the likelihood grows without bound as lambda goes to ∞"),
    ("normal", {"data": "3"}, "the likelihood grows without bound as sigma2 goes to 0"),
    ("laplace", {"data": "3"}, "grows without bound as b goes to 0"),
    ("gamma", {"data": "3, 3"}, "grows without bound"),
    ("beta", {"data": "0.5, 0.5"}, "grows without bound"),
    ("pareto", {"data": "3, 3"}, "keeps growing as α goes to ∞"),
    ("uniform(a, b)", {"data": "3, 3"}, "grows without bound"),
    ("uniform", {"data": "0, 0"}, "grows without bound"),
]


@pytest.mark.parametrize(("distribution", "data", "says"), WITHOUT)
def test_there_is_no_maximum(distribution: str, data: dict[str, str], says: str) -> None:
    with pytest.raises(Unsolved, match=says):
        solved("mle", distribution=distribution, **data)


def test_all_censored_grows_towards_1() -> None:
    rates = [10.0**-power for power in range(9)]
    heights = [math.exp(2 * stats.expon.logsf(3.5, scale=1 / rate)) for rate in rates]
    assert all(before < after < 1 for before, after in pairwise(heights))
    assert heights[-1] == pytest.approx(1, abs=1e-6)


ATTAINED = [
    ("bernoulli", {"n": "5", "k": "0"}, 0),
    ("bernoulli", {"n": "5", "k": "5"}, 1),
    ("binomial(n=10)", {"data": "10, 10"}, 1),
    ("poisson", {"data": "0, 0"}, 0),
    ("geometric", {"data": "1, 1"}, 1),
    ("negative_binomial(r=3)", {"data": "0"}, 1),
    ("poisson", {"intervals": "[0, 0, 4]"}, 0),
    ("geometric", {"intervals": "[1, 1, 4]"}, 1),
    ("binomial(n=5)", {"intervals": "[5, 5, 4]"}, 1),
]
"""There the distribution has one value, the one that was seen: its probability is 1."""


@pytest.mark.parametrize(("distribution", "data", "end"), ATTAINED)
def test_a_maximum_at_an_end(distribution: str, data: dict[str, str], end: int) -> None:
    found = solved("mle", distribution=distribution, **data)
    assert found.answers[0].value == end
    assert "estimate.boundary" in [note.id for note in found.notes]


def test_two_intervals_with_a_gap_hold_mean_and_variance() -> None:
    found = solved("mle", distribution="normal", intervals="[-inf, 3, 2], [4, 5, 4]")
    answers = {answer.name: answer.value for answer in found.answers}
    mu, sigma2 = (to_float(answers[name]) for name in ("mu", "sigma2"))  # type: ignore[arg-type]

    def height(mean: float, deviation: float) -> float:
        law = stats.norm(mean, deviation)
        inside = law.cdf(5) - law.cdf(4)
        return float(2 * law.logcdf(3) + 4 * math.log(inside)) if inside > 0 else -math.inf

    top = height(mu, math.sqrt(sigma2))
    for step in (1e-3, 0.1, 1.0, 10.0):
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -0.5), (1, 0.5), (-1, 0.5)):
            deviation = math.sqrt(sigma2) + step * dy
            if deviation > 0:
                assert height(mu + step * dx, deviation) < top


# One letter for one thing.


def letters(steps: tuple[Step, ...]) -> set[Symbol]:
    return {s for step in steps for b in step.blocks if isinstance(b, Expr)
            for s in free_symbols(b)}  # fmt: skip


def test_no_count_is_called_as_the_derivative() -> None:
    found = solved("mle", distribution="exponential", data="1, 2", censored="3")
    assert Symbol("d") not in letters(found.steps)


@pytest.mark.parametrize("letter", "rmcjS")
def test_the_letters_of_censored_data_are_taken(letter: str) -> None:
    with pytest.raises(Invalid, match=f"{letter} stands for something else here"):
        solved("mle", distribution="exponential", data="1", censored="3", parameter=letter)


@pytest.mark.parametrize("letter", "abjFP")
def test_the_letters_of_grouped_data_are_taken(letter: str) -> None:
    with pytest.raises(Invalid, match=f"{letter} stands for something else here"):
        solved("mle", distribution="exponential", intervals="[0, 1, 2], [1, inf, 3]",
               parameter=letter)  # fmt: skip


@pytest.mark.parametrize(("letter", "other"), [("w", "v"), ("Z", "I")])
def test_a_parameter_keeps_its_letter(letter: str, other: str) -> None:
    """The weight of the prior and the integral of the kernel give way."""
    asked = {"distribution": "exponential", "data": "1, 2", "prior": "gamma(shape=2, rate=1)"}
    plain, named = solved("map", **asked), solved("map", parameter=letter, **asked)
    extra = {"log_likelihood"}
    assert {a.name for a in plain.answers} - extra - {"lambda"} == (
        {a.name for a in named.answers} - extra - {letter}
    )
    assert any(other == symbol.name for symbol in letters(named.steps))


BROKEN = [
    ("cases(theta, x, 1, 2)", {"data": "1"}, Invalid, "a case has a value and a relation"),
    ("0*theta*x", {"n": "8", "sum": "0.1"}, Unsolved, "the density is 0 for every x"),
    ("theta*x - x*theta", {"n": "8", "sum": "1"}, Unsolved, "the density is 0 for every x"),
]


@pytest.mark.parametrize("kind", ["mle", "map"])
@pytest.mark.parametrize(("density", "data", "error", "says"), BROKEN)
def test_what_is_no_density_is_refused(
    kind: str, density: str, data: dict[str, str], error: type[Exception], says: str
) -> None:
    prior = {"prior": "exponential(rate=1)"} if kind == "map" else {}
    with pytest.raises(error, match=says):
        solved(kind, density=density, parameter="theta", **data, **prior)


def test_a_letter_of_the_prior_is_not_the_parameter() -> None:
    """exp(−t·θ) was read as exp(−θ·θ), since t stands for the parameter inside."""
    asked = {"distribution": "bernoulli", "n": "5", "k": "2"}
    with pytest.raises(Invalid, match="t stands for something else here"):
        solved("map", prior="exp(-t*theta)", **asked)
    found = solved("map", prior="exp(-a*theta)", **asked).answers[0].value
    assert isinstance(found, Expr)
    assert free_symbols(found) == {Symbol("a")}


SHAPES = [
    # θ ≤ x ≤ 2θ, of whole data too: the smallest θ that the data allow, max(x)/2.
    ("indicator(theta <= x)*indicator(x <= 2*theta)/theta", "3,4,5", 2.5),
    ("cases(1/theta, theta <= x <= 2*theta, 0)", "3.5,4,5", 2.5),
    ("indicator(-theta <= x)*indicator(x <= theta)/(2*theta)", "-3,2,1", 3),
    # 2(θ − x)/θ² on 0 ≤ x ≤ θ, of one observation: 2x.
    ("2*(theta-x)/theta^2*indicator(0<=x)*indicator(x<=theta)", "1", 2),
    # A Poisson with mean 2 and more zeros: 3 of 5 are zeros, so θ + (1 − θ)e^−2 = 3/5.
    ("cases(theta + (1-theta)*exp(-2), x = 0, (1-theta)*2^x*exp(-2)/factorial(x))", "0,0,0,1,3",
     (0.6 - math.exp(-2)) / (1 - math.exp(-2))),
    # A half of Exp(1), which is negative for other θ: of one observation the mode of θe^−θ.
    ("1/2*exp(-x) + 1/2*theta*exp(-theta*x)", "1", 1),
    # N(θ, θ) and N(θ, θ²): the positive root of a quadratic equation.
    ("exp(-(x-theta)^2/(2*theta))/sqrt(2*pi*theta)", "1,2,4", (math.sqrt(29) - 1) / 2),
    ("exp(-(x-theta)^2/(2*theta^2))/(theta*sqrt(2*pi))", "1,2,4", (math.sqrt(301) - 7) / 6),
]  # fmt: skip


@pytest.mark.parametrize(("density", "data", "value"), SHAPES)
def test_densities_as_exams_ask_them(density: str, data: str, value: float) -> None:
    given = {"density": density, "data": data, "parameter": "theta", "time_limit": "60"}
    found = solved("mle", **given)
    assert to_float(found.answers[0].value) == pytest.approx(value, rel=1e-6)  # type: ignore[arg-type]


def test_the_other_root_of_a_quadratic_score_is_not_called_a_minimum() -> None:
    """That of N(θ, θ) is negative, where there is no variance."""
    found = solved("mle", density=SHAPES[6][0], parameter="theta", data="1,2,4")
    (step,) = (step for step in found.steps if step.rule == "check that it is a maximum")
    assert "if the other one lies in the range at all" in str(step.note)
    assert len(step.blocks) == 2


@pytest.mark.parametrize(
    ("prior", "named"),
    [("normal(0, 1)", "normal(mu=0, sigma2=1)"), ("normal(3, 1)", "normal(mu=3, sigma=1)"),
     ("normal(a, 1)", "normal(mu=a, sigma2=1)"), ("normal(0, 2)", ""), ("normal(0, s)", "")],
)  # fmt: skip
def test_numbers_without_names_are_read_where_all_readings_agree(prior: str, named: str) -> None:
    asked = {"distribution": "normal(sigma2=1)", "data": "1, 0"}
    if not named:
        with pytest.raises(Invalid, match="books differ on what this means"):
            solved("map", prior=prior, **asked)
        return
    found, same = (solved("map", prior=text, **asked) for text in (prior, named))
    assert [a.value for a in found.answers] == [a.value for a in same.answers]


def test_the_evidence_of_very_many_observations_is_left_out_and_said() -> None:
    data = ", ".join(f"{i}.5" for i in range(1001))
    asked = {"distribution": "normal(sigma2=4)", "prior": "normal(mu=0, sigma2=1)"}
    found = solved("map", data=data, **asked)
    assert found.answers[0].value == Fraction(1001 * 1001, 2) / (1001 + 4)
    assert "evidence.not_computed" in [note.id for note in found.notes]
    assert "evidence" not in [answer.name for answer in found.answers]
    few = solved("map", data="1, 2", **asked)
    assert "evidence" in [answer.name for answer in few.answers]
