"""The numeric methods against SciPy, on random data; what they refuse; the worker's deadline."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from mlcalc.estimation import (
    beta_both,
    by_search,
    censored,
    gamma_shape,
    grouped,
    restricted,
    worker,
)
from mlcalc.estimation.certify import certified, certified_point
from mlcalc.estimation.estimate import Working
from mlcalc.estimation.family import Family, Support
from mlcalc.estimation.iterations import SHOWN, table
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.sample import Sample
from mlcalc.estimation.worker import within
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.maths.calculus import derivative
from mlcalc.maths.functions import to_float
from mlcalc.maths.numerics import special
from mlcalc.maths.numerics.roots import bracketed, newton
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Call, Dots, Expr, Symbol
from mlcalc.showing.derivation import Derivation, Table
from tests.chains import carries_floats, closed_links, expressions, is_true

SETS = 40
X = Symbol("x")


def model(text: str) -> Model:
    typed = read(text)
    if isinstance(typed, Symbol):
        typed = Call(typed.spelled)
    assert isinstance(typed, Call)
    return Model.read(typed, Invalid.at)


def sample(values: Sequence[float]) -> Sample:
    """The values as they would be typed, six digits each."""
    return Sample(tuple(number(v) for v in values))


def number(value: float) -> Expr:
    return read(("-" if value < 0 else "") + format(abs(value), ".6f"))


def typed(values: Sequence[float]) -> list[float]:
    return [float(format(v, ".6f")) for v in values]


def inside(values: Sequence[float]) -> list[float]:
    """The values as typed, none of them 0 or 1."""
    return [min(max(x, 1e-6), 1 - 1e-6) for x in typed(values)]


def estimates(working: Working) -> list[float]:
    return [to_float(e.value) for e in working.estimates if e.value is not None]


def notes(working: Working) -> set[str]:
    return {note.id for note in working.notes}


def check(working: Working, objective: Callable[..., float], expected: Sequence[float]) -> None:
    """The estimate is the optimiser's, is no lower, is certified, and its chains hold."""
    found = estimates(working)
    assert found == pytest.approx(list(expected), rel=2e-5, abs=1e-6)
    best = objective(*found)
    assert best >= objective(*expected) - 1e-9 * max(abs(best), 1)
    assert working.log_likelihood == pytest.approx(best, rel=1e-9, abs=1e-9)
    assert "estimate.certified" in notes(working)
    check_chains(working)


def check_chains(working: Working) -> None:
    shown = Derivation(
        "", working.steps, tuple(e.answer() for e in working.estimates), working.notes
    )
    for tree in expressions(shown):
        for left, relation, right, a, b in closed_links(tree):
            rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, rounded), (left, relation, right)


@pytest.fixture
def stats() -> Any:
    return pytest.importorskip("scipy.stats")


@pytest.fixture
def optimize() -> Any:
    return pytest.importorskip("scipy.optimize")


def random(seed: int) -> Any:
    return pytest.importorskip("numpy").random.default_rng(seed)


def highest(optimize: Any, objective: Callable[..., float], low: float, high: float) -> float:
    """The maximum of a function with one peak between two points."""
    found = optimize.minimize_scalar(
        lambda t: -objective(t), bounds=(low, high), method="bounded", options={"xatol": 1e-12}
    )
    return float(found.x)


def highest_of_two(
    optimize: Any, objective: Callable[..., float], start: Sequence[float]
) -> list[float]:
    found = optimize.minimize(
        lambda p: -objective(*p), start, method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000, "maxfev": 8000},
    )  # fmt: skip
    return [float(v) for v in found.x]


# ψ and ψ′.


def test_digamma_and_trigamma_are_accurate() -> None:
    witness = pytest.importorskip("scipy.special")
    rng = random(1)
    points = [
        *rng.uniform(0.001, 30, 500),
        *10 ** rng.uniform(-8, 12, 500),
        *rng.uniform(-9, 0, 200),
    ]
    for x in map(float, points):
        if min(x % 1, 1 - x % 1) < 1e-3 and x < 0:
            continue  # beside a pole the argument itself decides
        assert special.digamma(x) == pytest.approx(float(witness.digamma(x)), rel=1e-12, abs=1e-12)
        assert special.trigamma(x) == pytest.approx(float(witness.polygamma(1, x)), rel=1e-12)


def test_log_minus_digamma_keeps_its_digits() -> None:
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(50):
        for x in (0.01, 0.7, 3.0, 9.99, 10.0, 1e3, 1e9):
            exact = float(mpmath.log(x) - mpmath.digamma(x))
            assert special.log_minus_digamma(x) == pytest.approx(exact, rel=1e-13)
            slope = float(1 / mpmath.mpf(x) - mpmath.psi(1, x))
            assert special.log_minus_digamma_slope(x) == pytest.approx(slope, rel=1e-13)


def test_poles() -> None:
    for x in (0.0, -1.0, -7.0):
        with pytest.raises(ValueError, match="pole"):
            special.digamma(x)
        with pytest.raises(ValueError, match="pole"):
            special.trigamma(x)


# The methods.


def test_gamma_shape_and_rate(stats: Any) -> None:
    rng = random(2)
    for _ in range(SETS):
        size, scale = 10 ** rng.uniform(-1, 2), 10 ** rng.uniform(-1, 2)
        data = typed(rng.gamma(size, scale, int(rng.integers(2, 30))) + 1e-6)
        shape, _, fitted = stats.gamma.fit(data, floc=0)
        working = gamma_shape.working(model("gamma"), sample(data))
        objective = lambda a, b, d=data: float(stats.gamma.logpdf(d, a, scale=1 / b).sum())  # noqa: E731
        assert estimates(working)[0] == pytest.approx(float(shape), rel=1e-6)
        check(working, objective, [float(shape), 1 / float(fitted)])


@pytest.mark.parametrize("text", ["gamma(rate=2)", "gamma(scale=3)"])
def test_gamma_shape_alone(text: str, stats: Any, optimize: Any) -> None:
    rng = random(3)
    scale = 1 / 2 if "rate" in text else 3
    for _ in range(SETS):
        data = typed(
            rng.gamma(10 ** rng.uniform(-0.5, 1.5), scale, int(rng.integers(1, 20))) + 1e-6
        )
        objective = lambda a, d=data: float(stats.gamma.logpdf(d, a, scale=scale).sum())  # noqa: E731
        best = highest(optimize, objective, 1e-3, 1e3)
        check(gamma_shape.working(model(text), sample(data)), objective, [best])


def test_gamma_with_a_scale() -> None:
    data = sample([1, 2, 4.5])
    by_rate = estimates(gamma_shape.working(model("gamma"), data))
    by_scale = estimates(gamma_shape.working(model("gamma(parameter=scale)"), data))
    assert by_scale == pytest.approx([by_rate[0], 1 / by_rate[1]])


def test_gamma_without_a_maximum_or_data() -> None:
    with pytest.raises(Unsolved, match="all observations are equal"):
        gamma_shape.working(model("gamma"), sample([2, 2, 2]))
    with pytest.raises(Unsolved, match="without bound"):
        gamma_shape.working(model("gamma"), sample([2]))
    with pytest.raises(Unsolved, match="log shape − ψ"):
        gamma_shape.working(model("gamma"), Sample())


def test_nearly_equal_data_keep_the_digits_of_the_shape() -> None:
    data = Sample(tuple(read(t) for t in ("1000000", "1000001", "1000002")))
    s = 1e-12 / 3  # half the relative variance, 2/3 · 1e-12
    assert estimates(gamma_shape.working(model("gamma"), data))[0] == pytest.approx(
        1 / (2 * s), rel=1e-5
    )


def test_beta_both(stats: Any, optimize: Any) -> None:
    rng = random(4)
    for _ in range(SETS):
        a, b = 10 ** rng.uniform(-0.5, 1.5, 2)
        data = [
            min(max(x, 1e-6), 1 - 1e-6) for x in typed(rng.beta(a, b, int(rng.integers(3, 30))))
        ]
        working = beta_both.working(model("beta"), sample(data))
        objective = lambda a, b, d=data: (  # noqa: E731
            float(stats.beta.logpdf(d, a, b).sum()) if min(a, b) > 0 else -math.inf
        )
        found = estimates(working)
        best = highest_of_two(optimize, objective, [v * 1.1 for v in found])
        check(working, objective, best)


@pytest.mark.parametrize("text", ["beta(beta=2)", "beta(alpha=3)"])
def test_beta_one(text: str, stats: Any, optimize: Any) -> None:
    rng = random(5)
    for _ in range(SETS):
        data = [
            min(max(x, 1e-6), 1 - 1e-6) for x in typed(rng.beta(2, 3, int(rng.integers(1, 20))))
        ]
        both = (lambda t: (t, 2)) if "beta=" in text else (lambda t: (3, t))
        objective = lambda t, d=data, both=both: float(stats.beta.logpdf(d, *both(t)).sum())  # noqa: E731
        best = highest(optimize, objective, 1e-3, 1e3)
        check(beta_both.working(model(text), sample(data)), objective, [best])


def test_beta_without_a_maximum_or_data() -> None:
    with pytest.raises(Unsolved, match="without bound"):
        beta_both.working(model("beta"), sample([0.5, 0.5]))
    with pytest.raises(Unsolved, match="does not solve"):
        beta_both.working(model("beta"), Sample())


def test_cauchy(stats: Any, optimize: Any) -> None:
    rng = random(6)
    for _ in range(SETS):
        data = typed(3 * rng.standard_cauchy(int(rng.integers(1, 15))))
        objective = lambda t, d=data: float(stats.cauchy.logpdf(d, t).sum())  # noqa: E731
        starts = [(x, highest(optimize, objective, x - 1.5, x + 1.5)) for x in data]
        best = max((point for _, point in starts), key=objective)
        working = by_search.working(model("cauchy"), sample(data))
        if "estimate.several_maxima" in notes(working):
            assert objective(estimates(working)[0]) == pytest.approx(objective(best))
        else:
            check(working, objective, [best])


def test_cauchy_finds_every_root_of_the_score() -> None:
    sympy = pytest.importorskip("sympy")
    rng = random(7)
    t = sympy.Symbol("t")
    for _ in range(20):
        data = [sympy.Integer(int(v)) for v in rng.integers(-12, 13, int(rng.integers(2, 7)))]
        above = sum(
            (x - t) * sympy.prod([1 + (y - t) ** 2 for j, y in enumerate(data) if j != i])
            for i, x in enumerate(data)
        )
        polynomial = sympy.Poly(sympy.expand(above), t)
        if not sympy.Poly(polynomial).is_sqf:
            continue
        maxima = (polynomial.count_roots() + 1) // 2
        listed = next(
            (block for step in by_search.working(model("cauchy"), sample(data)).steps
             for block in step.blocks
             if isinstance(block, Table) and step.rule == "look for all local maxima"),
        )  # fmt: skip
        assert len(listed.rows) == maxima, data


def test_cauchy_with_several_maxima_says_so() -> None:
    working = by_search.working(model("cauchy"), sample([-5, 5]))
    assert "estimate.several_maxima" in notes(working)
    assert estimates(working) == pytest.approx([-math.sqrt(24)])
    with pytest.raises(Unsolved, match="does not solve"):
        by_search.working(model("cauchy"), Sample())


def own(density: str, parameter: str, low: str, high: str, support: tuple[str, str]) -> Model:
    family = Family(name="own density", support=Support("numbers in its support", *support))
    unknown = Unknown(parameter, Symbol.named(parameter), (low, high))
    return Model(family, read(density), (unknown,), {})


def test_own_densities() -> None:
    everywhere = ("-inf", "inf")
    logistic = own("exp(-(x - t))/(1 + exp(-(x - t)))^2", "t", "-inf", "inf", everywhere)
    working = by_search.working(logistic, sample([1, 2, 4]))
    (t,) = estimates(working)
    assert sum(math.tanh((x - t) / 2) for x in (1, 2, 4)) == pytest.approx(0, abs=1e-14)
    check_chains(working)
    median = own("exp(-abs(x - t))/2", "t", "-inf", "inf", everywhere)
    assert estimates(by_search.working(median, sample([1, 2, 4]))) == [2]
    even = by_search.working(median, sample([1, 2, 4, 7]))
    assert even.estimates[0].interval == (2, 4)
    uniform = own("1/t", "t", "0", "inf", ("0", "t"))
    assert estimates(by_search.working(uniform, sample([1, 2, 4]))) == [4]


@pytest.mark.parametrize(
    ("density", "parameter", "data", "towards"),
    [
        ("t*exp(-t*x)", "t", [0, 0], "∞"),
        ("exp(-(x - 1)^2/(2*v))/sqrt(2*pi*v)", "v", [1], "0"),
        ("(exp(-x^2/2)/2 + exp(-x^2/(2*v))/(2*sqrt(v)))/sqrt(2*pi)", "v", [0, 1, 2], "0"),
    ],
)
def test_growth_without_end_is_no_maximum(
    density: str, parameter: str, data: list[float], towards: str
) -> None:
    for low in ("0", "-inf"):
        asked = own(density, parameter, low, "inf", ("-inf", "inf"))
        with pytest.raises(Unsolved, match=f"keeps growing as {parameter} goes to {towards}"):
            by_search.working(asked, sample(data))


def test_a_prior_is_added() -> None:
    prior = (read("-(mu - 10)^2/2"),)
    working = by_search.working(model("cauchy"), sample([0]), prior)
    m = estimates(working)[0]
    assert 2 * (0 - m) / (1 + m * m) - (m - 10) == pytest.approx(0, abs=1e-9)
    assert m > 9


Densities = tuple[Callable[[Any, float], Any], Callable[[Any, float], Any]]


def lifetimes(text: str) -> tuple[Densities, Callable[[Any, float], Any], float]:
    """log f(x; t) and log S(x; t) by hand, a draw at t = 1.5, and the least t to look at."""
    np, special_of = pytest.importorskip("numpy"), pytest.importorskip("scipy.special")

    def normal(mean: float, variance: float) -> tuple[Callable[..., Any], Callable[..., Any]]:
        return (
            lambda x: -((x - mean) ** 2) / (2 * variance) - 0.5 * np.log(2 * np.pi * variance),
            lambda x: special_of.log_ndtr((mean - x) / np.sqrt(variance)),
        )

    match text:
        case "exponential":
            return (
                (lambda x, t: np.log(t) - t * x, lambda x, t: -t * x),
                lambda rng, n: rng.exponential(1 / 1.5, n), 1e-3,
            )  # fmt: skip
        case "exponential(parameter=scale)":
            return (
                (lambda x, t: -np.log(t) - x / t, lambda x, t: -x / t),
                lambda rng, n: rng.exponential(1.5, n), 1e-3,
            )  # fmt: skip
        case "weibull(k=2)":
            return (
                (lambda x, t: np.log(2 * x / t**2) - (x / t) ** 2, lambda x, t: -((x / t) ** 2)),
                lambda rng, n: 1.5 * rng.weibull(2, n), 1e-3,
            )  # fmt: skip
        case "rayleigh":
            return (
                (
                    lambda x, t: np.log(x / t**2) - (x / t) ** 2 / 2,
                    lambda x, t: -((x / t) ** 2) / 2,
                ),
                lambda rng, n: rng.rayleigh(1.5, n), 1e-3,
            )  # fmt: skip
        case "normal(sigma2=4)":
            return (
                (lambda x, t: normal(t, 4)[0](x), lambda x, t: normal(t, 4)[1](x)),
                lambda rng, n: rng.normal(1.5, 2, n), -8,
            )  # fmt: skip
        case "normal(mu=1)":
            return (
                (lambda x, t: normal(1, t)[0](x), lambda x, t: normal(1, t)[1](x)),
                lambda rng, n: rng.normal(1, 1.5**0.5, n), 1e-3,
            )  # fmt: skip
        case _:
            return (
                (
                    lambda x, t: normal(t, 0.25)[0](np.log(x)) - np.log(x),
                    lambda x, t: normal(t, 0.25)[1](np.log(x)),
                ),
                lambda rng, n: rng.lognormal(1.5, 0.5, n), -8,
            )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["exponential", "exponential(parameter=scale)", "weibull(k=2)", "rayleigh", "normal(sigma2=4)",
     "normal(mu=1)", "lognormal(sigma2=1/4)"],
)  # fmt: skip
def test_censored(text: str, optimize: Any) -> None:
    np, rng = pytest.importorskip("numpy"), random(8)
    (density, survival), draw, low = lifetimes(text)
    done = 0
    while done < SETS:
        times = typed(draw(rng, int(rng.integers(3, 15))) + 1e-6)
        limit = sorted(times)[int(rng.integers(2, len(times)))]
        events, late = [t for t in times if t <= limit], [limit for t in times if t > limit]

        arrays = np.array(events), np.array(late)

        def objective(t: float, both: tuple[Any, Any] = arrays) -> float:
            e, c = both
            return float(density(e, t).sum() + survival(c, t).sum())

        best = highest(optimize, objective, low, 60)
        check(censored.working(model(text), sample(events), sample(late).data), objective, [best])
        done += 1


def test_censored_normal_in_both_parameters(optimize: Any) -> None:
    np, special_of = pytest.importorskip("numpy"), pytest.importorskip("scipy.special")
    rng = random(9)
    for _ in range(SETS):
        times = typed(rng.normal(1, 2, int(rng.integers(5, 20))))
        limit = sorted(times)[len(times) * 3 // 4]
        events, late = [t for t in times if t <= limit], [limit for t in times if t > limit]

        arrays = np.array(events), np.array(late)

        def objective(m: float, v: float, both: tuple[Any, Any] = arrays) -> float:
            e, c = both
            if v <= 0:
                return -math.inf
            densities = -((e - m) ** 2) / (2 * v) - 0.5 * np.log(2 * np.pi * v)
            return float(densities.sum() + special_of.log_ndtr((m - c) / np.sqrt(v)).sum())

        working = censored.working(model("normal"), sample(events), sample(late).data)
        best = highest_of_two(optimize, objective, [1.05 * v for v in estimates(working)])
        check(working, objective, best)


def test_censored_exponential_is_events_over_time() -> None:
    working = censored.working(model("exponential"), sample([1, 2]), sample([3]).data)
    assert working.estimates[0].value == read_fraction("1/3")
    none = censored.working(model("exponential"), Sample(), sample([3]).data)
    assert estimates(none) == [0]
    assert "estimate.boundary" in notes(none)
    with pytest.raises(Unsolved, match="goes to ∞"):
        censored.working(model("exponential(parameter=scale)"), Sample(), sample([3]).data)
    with pytest.raises(Unsolved, match="they can for exponential"):
        censored.working(model("poisson"), sample([3]), sample([3]).data)


def read_fraction(text: str) -> Any:
    from mlcalc.maths.evaluate import exact

    return exact(read(text))


def distribution(text: str) -> Callable[[float, float], float]:
    """F(x; t) of SciPy's special functions, or by hand."""
    special_of = pytest.importorskip("scipy.special")
    functions: dict[str, Callable[[float, float], float]] = {
        "exponential": lambda x, t: -math.expm1(-t * x),
        "normal(sigma2=4)": lambda x, t: float(special_of.ndtr((x - t) / 2)),
        "weibull(k=2)": lambda x, t: -math.expm1(-((x / t) ** 2)),
        "poisson": lambda x, t: float(special_of.pdtr(x, t)) if x >= 0 else 0.0,
        "binomial(n=6)": lambda x, t: float(special_of.bdtr(min(x, 6), 6, t)) if x >= 0 else 0.0,
        "geometric": lambda x, t: 1 - (1 - t) ** x if x >= 0 else 0.0,
    }
    return functions[text]


def check_grouped(
    text: str, ends: Sequence[tuple[str, str]], counts: Sequence[int],
    optimize: Any, low: float, high: float,
) -> None:  # fmt: skip
    below = distribution(text)
    step = 1 if text in ("poisson", "binomial(n=6)", "geometric") else 0
    groups = [(float(a) - step, float(b), int(c)) for (a, b), c in zip(ends, counts, strict=True)]

    def objective(t: float) -> float:
        shares = [(below(b, t) if b < math.inf else 1.0) - below(a, t) for a, b, _ in groups]
        return sum(c * math.log(p) for p, (_, _, c) in zip(shares, groups, strict=True) if c)

    rows = [(read(a), read(b), read(str(c))) for (a, b), c in zip(ends, counts, strict=True)]
    best = highest(optimize, objective, low, high)
    check(grouped.working(model(text), rows), objective, [best])


@pytest.mark.parametrize(
    ("text", "edges", "low", "high"),
    [
        ("exponential", "0 0.5 1 2 inf", 1e-3, 12),
        ("normal(sigma2=4)", "-inf 0 1 3 inf", -9, 12),
        ("weibull(k=2)", "0 1 2 inf", 0.05, 12),
    ],
)
def test_grouped(text: str, edges: str, low: float, high: float, optimize: Any) -> None:
    rng = random(10)
    ends = list(pairwise(edges.split()))
    for _ in range(SETS):
        counts = rng.multinomial(20, [1 / len(ends)] * len(ends))
        check_grouped(text, ends, counts, optimize, low, high)


@pytest.mark.parametrize(
    ("text", "high"), [("poisson", 30), ("binomial(n=6)", 0.9999), ("geometric", 0.9999)]
)
def test_grouped_counts(text: str, high: float, optimize: Any) -> None:
    rng = random(11)
    ends = [("0", "1"), ("2", "3"), ("4", "inf")]
    for _ in range(SETS):
        counts = rng.multinomial(15, [0.3, 0.4, 0.3])
        check_grouped(text, ends, counts, optimize, 1e-4, high)


def test_grouped_normal_in_both_parameters() -> None:
    rows = [tuple(map(read, row.split())) for row in ("-inf 0 3", "0 1 4", "1 inf 8")]
    working = grouped.working(model("normal"), rows)  # type: ignore[arg-type]
    mean, variance = estimates(working)
    shares = [math.erfc((mean - x) / math.sqrt(2 * variance)) / 2 for x in (0, 1)]
    assert shares == pytest.approx([3 / 15, 7 / 15])


def test_grouped_data_without_a_maximum() -> None:
    with pytest.raises(Unsolved, match="goes to ∞"):
        grouped.working(model("exponential"), [(read("0"), read("3"), read("4"))])
    at_end = grouped.working(model("exponential"), [(read("3"), read("inf"), read("4"))])
    assert estimates(at_end) == [0]
    assert "estimate.boundary" in notes(at_end)


# Restricted parameters.


def test_chosen_from_values() -> None:
    values = tuple(map(read, ("0.2", "0.5", "0.8")))
    found = restricted.chosen(model("bernoulli"), sample([1, 1, 0]), values)
    assert found.estimates[0].value == read_fraction("4/5")
    tie = restricted.chosen(model("bernoulli"), sample([1, 0]), values[::2])
    assert "estimate.several_maxima" in notes(tie)
    rate = restricted.chosen(model("exponential"), sample([1, 2]), (read("1"), read("2")))
    assert estimates(rate) == [1]
    counted = Sample((), read("10"), read("4"))
    half = restricted.chosen(model("bernoulli"), counted, (read("0.2"), read("0.5")))
    assert estimates(half) == [0.5]
    assert half.log_likelihood == pytest.approx(10 * math.log(0.5))
    with pytest.raises(Unsolved, match="give data"):
        restricted.chosen(model("poisson"), counted, (read("1"), read("2")))
    with pytest.raises(Unsolved, match="impossible"):
        restricted.chosen(model("bernoulli"), sample([1, 0]), (read("0"), read("1")))


# The certificate, and the iterations.


def test_a_false_maximum_is_not_certified() -> None:
    normal = lambda t: -((t - 2) ** 2)  # noqa: E731
    assert certified(normal, 2.0).id == "estimate.certified"
    assert certified(normal, 2.0001).id == "estimate.not_certified"
    assert certified(lambda t: (t - 2) ** 2, 2.0).id == "estimate.not_certified"
    assert certified(lambda t: t**3, 0.0).id == "estimate.not_certified"
    assert certified(lambda t: 0.0, 2.0).id == "estimate.not_certified"
    assert certified(lambda t: math.log(t), 2.0, 0.0).id == "estimate.not_certified"
    two_peaks = lambda t: max(-abs(t), 1 - 9 * abs(t - 7))  # noqa: E731
    assert certified(two_peaks, 0.0, others=(7.0,)).id == "estimate.not_certified"
    assert certified(two_peaks, 7.0).id == "estimate.certified"


def test_a_maximum_at_an_end_is_certified_on_its_side() -> None:
    falling = certified(lambda t: -t, 0.0, 0.0, 1.0)
    assert falling.id == "estimate.certified"
    assert "on the side" in str(falling.text)
    assert certified(lambda t: t, 0.0, 0.0, 1.0).id == "estimate.not_certified"


def test_a_false_maximum_in_the_plane_is_not_certified() -> None:
    ranges = [(0.0, math.inf)] * 2
    hill = lambda p: -((p[0] - 1) ** 2) - (p[0] * p[1] - 2) ** 2  # noqa: E731
    saddle = lambda p: -((p[0] - 1) ** 2) + (p[1] - 2) ** 2  # noqa: E731
    assert certified_point(hill, (1.0, 2.0), ranges).id == "estimate.certified"
    assert certified_point(hill, (1.0, 2.001), ranges).id == "estimate.not_certified"
    assert certified_point(saddle, (1.0, 2.0), ranges).id == "estimate.not_certified"


def test_iterations_reach_full_precision() -> None:
    trail = newton(lambda t: t * t - 2, lambda t: 2 * t, 1.0, low=0.0)
    assert trail.settled
    assert trail.root == pytest.approx(math.sqrt(2), rel=4e-16)
    for low, high in ((0.0, 2.0), (1.0, 1e6), (-0.5, 1.5)):
        trail = bracketed(lambda t: t**3 - 2, low, high)
        assert trail.settled
        assert trail.root == pytest.approx(2 ** (1 / 3), rel=4e-16)
        assert len(trail.iterates) <= 60
    with pytest.raises(ValueError, match="same sign"):
        bracketed(lambda t: t * t + 1, 0.0, 1.0)


def test_a_long_table_says_what_it_leaves_out() -> None:
    trail = newton(lambda t: t**5, lambda t: 5 * t**4, 1.0)
    shown = table(trail, Symbol("t"), "score")
    assert len(shown.rows) == SHOWN
    assert sum(isinstance(row[0], Dots) for row in shown.rows) == 1
    assert "left out" in str(shown.caption)


# The worker.


def test_worker_gives_back_values_and_errors() -> None:
    assert within(30, "it", math.factorial, 20) == math.factorial(20)
    assert within(30, "it", derivative, read("x^2"), X) == derivative(read("x^2"), X)
    with pytest.raises(Unsolved, match="does not solve"):
        within(30, "it", gamma_shape.working, model("gamma"), Sample())
    with pytest.raises(RuntimeError, match="invalid literal"):
        within(30, "it", int, "not a number")


def test_worker_is_killed_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def spy(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", spy)
    with pytest.raises(Unsolved, match=r"did not finish within 0\.5 s"):
        within(0.5, "your density", sum, itertools.count())
    # One that computes nothing is ended by the clock.
    monkeypatch.setattr(worker, "PATIENCE", 1)
    with pytest.raises(Unsolved, match=r"did not finish within 0\.5 s"):
        within(0.5, "your density", time.sleep, 60)
    assert all(process.returncode is not None for process in started)


def test_worker_loads_nothing_heavy_in_the_parent() -> None:
    code = (
        "import math, sys\n"
        "from mlcalc.estimation.worker import within\n"
        "assert within(30, 'it', math.factorial, 5) == 120\n"
        "print([m for m in ('sympy', 'numpy', 'multiprocessing') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
