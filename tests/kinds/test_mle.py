"""Maximum-likelihood estimates that the score gives, against optimisers over SciPy's densities.

Each estimator is derived in letters once and evaluated at random data; the same questions with
the numbers in must give the same numbers.  The methods that decide without the score have their
own tests in tests/estimation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import pytest

from mlcalc.estimation.question import question
from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Place, Unsolved
from mlcalc.kinds.mle import Problem, derived
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.printing import source
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol, free_symbols
from mlcalc.showing.derivation import Derivation
from tests.chains import carries_floats, closed_links, expressions, is_true

Data = tuple[Fraction, ...]
Draw = Callable[[Random], Fraction]

SETS = 100
SOLVED_IN_FULL = 4
RATIO = (math.sqrt(5) - 1) / 2


def solved(**given: Any) -> Derivation:
    entries = from_plain(given, Place("test"))
    assert isinstance(entries, Entries)
    return derived(question(Problem.read(entries)))


def values(derivation: Derivation) -> dict[str, Any]:
    return {a.name: a.value for a in derivation.answers if a.name != "log_likelihood"}


def note_ids(derivation: Derivation) -> list[str]:
    return [note.id for note in derivation.notes]


def between(low: int, high: int, over: int = 1) -> Draw:
    return lambda chance: Fraction(chance.randint(low, high), over)


COUNTS, POSITIVE, REAL = between(0, 9), between(1, 900, 100), between(-900, 900, 100)


def data_sets(name: str, draw: Draw, sizes: Sequence[int] = (1, 2, 3, 5, 8)) -> list[Data]:
    """Random data, some of them a single observation, some all alike."""
    chance = Random(name)
    return [tuple(draw(chance) for _ in range(chance.choice(sizes))) for _ in range(SETS)]


def at_data(formula: Expr, data: Data) -> Any:
    """A symbolic answer where n, k, the sum and x are what the data say."""
    letters = read(source(formula))
    at: dict[Symbol, Any] = {
        Symbol("n"): Fraction(len(data)), Symbol("k"): sum(data), Symbol("sum"): sum(data),
        Symbol("mean"): sum(data) / len(data), Symbol("x"): data,
    }  # fmt: skip
    assert free_symbols(letters) <= set(at)
    return evaluate(letters, at)


def check_chains(derivation: Derivation) -> None:
    for expression in expressions(derivation):
        for left, relation, right, a, b in closed_links(expression):
            rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, rounded), (left, relation, right)


def check_in_full(given: dict[str, str], sets: Sequence[Data], formulas: dict[str, Expr]) -> None:
    """The question with the numbers in has the value of the formula, exactly where it is exact."""
    for data in sets[:SOLVED_IN_FULL]:
        found = solved(**given, data=list(map(str, data)))
        expected = {name: at_data(formula, data) for name, formula in formulas.items()}
        assert values(found) == pytest.approx(expected, rel=1e-12, abs=0)
        exact = {name: v for name, v in expected.items() if isinstance(v, Fraction)}
        assert {name: values(found)[name] for name in exact} == exact
        check_chains(found)


# One parameter.


class Case(NamedTuple):
    """A question, data for it, and the witness: SciPy's log-density at x and the parameter."""

    given: dict[str, str]
    draw: Draw
    log_density: Callable[[Any, Any, Any], Any]
    range: tuple[float, float]

    @property
    def name(self) -> str:
        return self.given.get("distribution", self.given.get("density", ""))


def named(
    distribution: str,
    draw: Draw,
    log_density: Callable[[Any, Any, Any], Any],
    low: float,
    high: float,
) -> Case:
    return Case({"distribution": distribution}, draw, log_density, (low, high))


CASES = [
    named("bernoulli", between(0, 1), lambda s, x, t: s.bernoulli.logpmf(x, t), 0, 1),
    named("binomial(n=10)", between(0, 10), lambda s, x, t: s.binom.logpmf(x, 10, t), 0, 1),
    named("geometric", between(1, 9), lambda s, x, t: s.geom.logpmf(x, t), 0, 1),
    named("geometric(support=failures)", COUNTS, lambda s, x, t: s.geom.logpmf(x + 1, t), 0, 1),
    named("negative_binomial(r=3)", COUNTS, lambda s, x, t: s.nbinom.logpmf(x, 3, t), 0, 1),
    named("poisson", COUNTS, lambda s, x, t: s.poisson.logpmf(x, t), 0, 20),
    named("exponential", POSITIVE, lambda s, x, t: s.expon.logpdf(x, 0, 1 / t), 0, 101),
    named("exponential(parameter=scale)", POSITIVE, lambda s, x, t: s.expon.logpdf(x, 0, t), 0, 20),
    named("exponential(parameter=mean)", POSITIVE, lambda s, x, t: s.expon.logpdf(x, 0, t), 0, 20),
    named("normal(sigma2=4)", REAL, lambda s, x, t: s.norm.logpdf(x, t, 2), -10, 10),
    named("normal(mu=0)", REAL, lambda s, x, t: s.norm.logpdf(x, 0, t**0.5), 0, 100),
    named("lognormal(sigma2=4)", POSITIVE,
          lambda s, x, t: s.lognorm.logpdf(x, 2, 0, math.e**t), -10, 10),
    named("lognormal(mu=0)", POSITIVE, lambda s, x, t: s.lognorm.logpdf(x, t**0.5), 0, 30),
    named("laplace(mu=0)", REAL, lambda s, x, t: s.laplace.logpdf(x, 0, t), 0, 20),
    named("gamma(shape=2)", POSITIVE, lambda s, x, t: s.gamma.logpdf(x, 2, 0, 1 / t), 0, 201),
    named("gamma(shape=2, parameter=scale)", POSITIVE,
          lambda s, x, t: s.gamma.logpdf(x, 2, 0, t), 0, 20),
    named("pareto(x_m=1)", between(101, 900, 100), lambda s, x, t: s.pareto.logpdf(x, t), 0, 120),
    named("rayleigh", POSITIVE, lambda s, x, t: s.rayleigh.logpdf(x, 0, t), 0, 20),
    named("weibull(k=2)", POSITIVE, lambda s, x, t: s.weibull_min.logpdf(x, 2, 0, t), 0, 20),
    named("inverse_gamma(shape=2)", POSITIVE,
          lambda s, x, t: s.invgamma.logpdf(x, 2, 0, t), 0, 20),
    Case({"density": "theta*x^(theta-1)", "parameter": "theta", "support": "0 < x < 1"},
         between(1, 99, 100), lambda s, x, t: s.beta.logpdf(x, t, 1), (0, 120)),
]  # fmt: skip


def highest(
    log_likelihood: Callable[[Any], Any], low: float, high: float, count: int
) -> Sequence[float]:
    """The maxima of that many functions with one peak each, by golden sections."""
    np = pytest.importorskip("numpy")
    a, b = np.full(count, float(low)), np.full(count, float(high))
    for _ in range(90):
        left, right = b - RATIO * (b - a), a + RATIO * (b - a)
        falls = log_likelihood(left) > log_likelihood(right)
        a, b = np.where(falls, a, left), np.where(falls, right, b)
    found: list[float] = ((a + b) / 2).tolist()
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_parameter_against_an_optimiser(case: Case) -> None:
    np, stats = pytest.importorskip("numpy"), pytest.importorskip("scipy.stats")
    sets = data_sets(case.name, case.draw)
    formulas = values(solved(**case.given))
    assert len(formulas) == 1
    # The data one set a row, filled up with observations that do not count.
    size = max(map(len, sets))
    counts = np.array([[i < len(data) for i in range(size)] for data in sets])
    x = np.array([[*map(float, data), *[float(data[0])] * (size - len(data))] for data in sets])

    def log_likelihood(parameters: Any) -> Any:
        with np.errstate(all="ignore"):
            terms = case.log_density(stats, x, parameters[:, None])
        return terms.sum(axis=1, where=counts)

    expected = highest(log_likelihood, *case.range, len(sets))
    (formula,) = formulas.values()
    assert [float(at_data(formula, data)) for data in sets] == pytest.approx(
        expected, rel=1e-6, abs=1e-6
    )
    check_in_full(case.given, sets, formulas)


# Two parameters.


Pair = Callable[[Any, Any, float, float], Any]

PAIRS: list[tuple[str, Draw, Pair]] = [
    ("normal", REAL, lambda s, x, m, v: s.norm.logpdf(x, m, v**0.5)),
    ("normal(parameter=sigma)", REAL, lambda s, x, m, v: s.norm.logpdf(x, m, v)),
    ("lognormal", POSITIVE, lambda s, x, m, v: s.lognorm.logpdf(x, v**0.5, 0, math.exp(m))),
]


@pytest.mark.parametrize(("distribution", "draw", "log_density"), PAIRS)
def test_two_parameters_against_an_optimiser(
    distribution: str, draw: Draw, log_density: Pair
) -> None:
    optimize, stats = pytest.importorskip("scipy.optimize"), pytest.importorskip("scipy.stats")
    sets = data_sets(distribution, draw, sizes=(3, 5, 8))
    formulas = values(solved(distribution=distribution))
    for data in sets:
        x = [float(item) for item in data]

        def loss(point: Sequence[float], x: Sequence[float] = x) -> float:
            return -float(log_density(stats, x, point[0], math.exp(point[1])).sum())

        found = optimize.minimize(loss, [1.0, 1.0], method="BFGS", options={"gtol": 1e-7})
        mu, spread = (float(at_data(formula, data)) for formula in formulas.values())
        assert mu == pytest.approx(found.x[0], rel=1e-4, abs=1e-4)
        assert spread == pytest.approx(math.exp(found.x[1]), rel=1e-4)
        assert loss([mu, math.log(spread)]) <= found.fun + 1e-9
    check_in_full({"distribution": distribution}, sets, formulas)


# Several categories.


def test_multinomial_against_a_grid() -> None:
    np, stats = pytest.importorskip("numpy"), pytest.importorskip("scipy.stats")
    chance, steps = Random("multinomial"), 40
    shares = [(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]
    grid = np.array(shares) / steps
    for _ in range(SETS):
        counts = np.bincount([chance.randrange(3) for _ in range(5 * chance.randint(1, 6))])
        counts = [int(c) for c in np.resize(np.append(counts, [0, 0]), 3)]
        data = dict(zip("abc", map(str, counts), strict=True))
        theta = values(solved(distribution="multinomial(n=5)", data=data))["theta"]
        heights = stats.multinomial.logpmf(counts, sum(counts), grid)
        best = [float(v) for v in theta.values()]
        at_best = float(stats.multinomial.logpmf(counts, sum(counts), best))
        assert at_best >= heights.max() - 1e-9
        assert best == pytest.approx(list(grid[heights.argmax()]), abs=1.5 / steps)


# The ends of the range, and no maximum.


@pytest.mark.parametrize(
    ("distribution", "data", "expected"),
    [
        ("bernoulli", "0, 0", 0),
        ("bernoulli", "1", 1),
        ("binomial(n=10)", "10, 10", 1),
        ("binomial(n=10)", "0", 0),
        ("geometric", "1, 1, 1", 1),
        ("geometric(support=failures)", "0, 0", 1),
        ("negative_binomial(r=3)", "0", 1),
        ("poisson", "0, 0", 0),
    ],
)
def test_an_estimate_on_the_boundary(distribution: str, data: str, expected: int) -> None:
    found = solved(distribution=distribution, data=data)
    assert list(values(found).values()) == [expected]
    assert "estimate.boundary" in note_ids(found)
    assert "look at the ends of the range" in [step.rule for step in found.steps]
    check_chains(found)


@pytest.mark.parametrize(
    ("distribution", "name", "ends", "expected"),
    [
        ("poisson", "lambda", (5, 6), 5),
        ("poisson", "lambda", (1, 2), 2),
        ("poisson", "lambda", (1, 3), Fraction(7, 3)),
        ("cauchy", "mu", (5, 6), 5),
        ("cauchy", "mu", (-1, 1), 1),
    ],
)
def test_a_restricted_parameter(
    distribution: str, name: str, ends: tuple[int, int], expected: Fraction
) -> None:
    parameter = {"name": name, "range": list(ends)}
    found = solved(distribution=distribution, data="1, 2, 4", parameter=parameter)
    assert values(found) == {name: expected}
    assert ("estimate.boundary" in note_ids(found)) == (expected in ends)
    check_chains(found)


@pytest.mark.parametrize("distribution", ["uniform", "gamma(rate=1)"])
def test_a_range_that_is_not_decided(distribution: str) -> None:
    name = "theta" if distribution == "uniform" else "shape"
    with pytest.raises(Unsolved, match="is not decided"):
        solved(distribution=distribution, data="1, 2", parameter={"name": name, "range": [5, 6]})
    with pytest.raises(Unsolved, match="give data"):
        solved(distribution="poisson", parameter={"name": "lambda", "range": [5, 6]})


@pytest.mark.parametrize(
    ("distribution", "data"),
    [
        ("normal", "3"),
        ("normal", "2, 2, 2"),
        ("normal(mu=0)", "0"),
        ("normal(parameter=sigma)", "3"),
        ("lognormal", "3"),
        ("exponential", "0, 0"),
        ("exponential(parameter=scale)", "0"),
        ("laplace(mu=0)", "0"),
        ("pareto(x_m=1)", "1, 1"),
    ],
)
def test_there_is_no_maximum(distribution: str, data: str) -> None:
    with pytest.raises(Unsolved, match="without bound"):
        solved(distribution=distribution, data=data)
