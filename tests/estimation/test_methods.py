"""The estimates that the score does not decide, against optimisers and grids that know no method.

The witnesses compute the log-likelihood from SciPy's densities, or by brute force; the symbolic
answers are evaluated at random data and compared with the numeric ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from types import ModuleType

import pytest

from mlcalc.estimation import by_direction, by_median, by_simplex, by_support, by_vectors
from mlcalc.estimation.estimate import Working
from mlcalc.estimation.letters import N, X
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import Counts, Sample
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.maths.evaluate import Value, evaluate
from mlcalc.maths.functions import Undefined
from mlcalc.maths.numerics.special import bessel_i0, log_bessel_i0
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Call, Expr, Matrix, Number, Symbol, free_symbols
from mlcalc.showing.derivation import Derivation
from tests.chains import carries_floats, closed_links, expressions, is_true

SEEDS = range(30)


def model(text: str) -> Model:
    typed = read(text)
    call = typed if isinstance(typed, Call) else Call(text)
    return Model.read(call, Invalid.at)


def sample(*data: object) -> Sample:
    return Sample(tuple(read(str(item)) for item in data))


def row(*items: object) -> tuple[Expr, ...]:
    return tuple(read(str(item)) for item in items)


def matrix(points: Sequence[Sequence[Fraction]]) -> Matrix:
    return Matrix(tuple(tuple(map(Number, point)) for point in points))


def value(working: Working, name: str) -> float:
    (found,) = (e for e in working.estimates if e.unknown.name == name)
    assert found.value is not None
    return float(found.value)


def compound(working: Working, name: str) -> object:
    (found,) = (e for e in working.estimates if e.unknown.name == name)
    return found.compound


def note_ids(working: Working) -> list[str]:
    return [note.id for note in working.notes]


def check_lines(working: Working) -> None:
    """Every relation printed between numbers is true."""
    answers = tuple(estimate.answer() for estimate in working.estimates)
    derivation = Derivation("", working.steps, answers, working.notes)
    for expression in expressions(derivation):
        for left, relation, right, a, b in closed_links(expression):
            rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, rounded), (left, relation, right)


def certified(working: Working) -> Working:
    assert "estimate.certified" in note_ids(working), working.notes
    check_lines(working)
    return working


def at_data(formula: Expr, data: Sequence[Fraction]) -> Value:
    """A symbolic answer at data: x is the list of them, n and sum what they say."""
    values: dict[Symbol, Value] = {
        X: tuple(data), N: Fraction(len(data)), Symbol("sum"): sum(data, Fraction(0)),
    }  # fmt: skip
    assert free_symbols(formula) <= set(values) | {Symbol("e"), Symbol("pi")}
    return evaluate(formula, values)


def claimed(working: Working) -> list[Expr]:
    return [e.claimed for e in working.estimates if e.claimed is not None]


@cache
def in_letters(method: ModuleType, text: str) -> list[Expr]:
    """The symbolic estimators, derived once for all data sets."""
    return claimed(method.working(model(text), Sample()))


def fractions(seed: int, least: int = 2, most: int = 9) -> list[Fraction]:
    """Random data with ties, of odd and even number."""
    chance = random.Random(seed)
    return [
        Fraction(chance.randint(-40, 40), chance.choice((1, 1, 2, 4)))
        for _ in range(chance.randint(least, most))
    ]


def best(function: Callable[[Sequence[float]], float], start: Sequence[float]) -> list[float]:
    """The maximum by Nelder and Mead, which asks for no derivative."""
    optimize = pytest.importorskip("scipy.optimize")
    found = optimize.minimize(
        lambda point: -function(point), start, method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000},
    )  # fmt: skip
    return [float(entry) for entry in found.x]


@pytest.mark.parametrize(
    ("text", "names", "method"),
    [
        ("uniform", (), "by_support"),
        ("uniform", ("N",), "by_support"),
        ("uniform(a=0)", (), "by_support"),
        ("laplace", ("m", "s"), "by_median"),
        ("laplace(mu=0)", (), "by_score"),
        ("pareto(x_m=1)", (), "by_score"),
        ("pareto(alpha=2)", (), "by_support"),
        ("multinomial(n=5)", (), "by_simplex"),
    ],
)
def test_the_method_of_a_model(text: str, names: tuple[str, ...], method: str) -> None:
    typed = read(text)
    call = typed if isinstance(typed, Call) else Call(text)
    assert Model.read(call, Invalid.at, tuple(map(Symbol, names))).method == method


# Uniform and Pareto: the support.


@pytest.mark.parametrize("seed", SEEDS)
def test_uniform_against_a_grid(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    data = sorted({abs(item) for item in fractions(seed)} | {Fraction(3)})
    found = certified(by_support.working(model("uniform"), sample(*data)))
    theta = value(found, "theta")
    grid = [theta * (1 + step / 50) for step in range(-49, 200)]
    heights = stats.uniform.logpdf([[float(x)] for x in data], 0, grid).sum(axis=0)
    assert grid[heights.argmax()] == theta
    assert at_data(*in_letters(by_support, "uniform"), data) == theta


@pytest.mark.parametrize("seed", SEEDS)
def test_uniform_ends_against_a_grid(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    data = [*fractions(seed), Fraction(41)]
    found = certified(by_support.working(model("uniform(a, b)"), sample(*data)))
    ends = value(found, "a"), value(found, "b")
    width = ends[1] - ends[0]
    shifts = [step / 20 * width for step in range(-10, 11)]
    grid = [(ends[0] + u, ends[1] + v) for u, v in product(shifts, shifts) if u < v + width]
    lows, widths = [a for a, _ in grid], [b - a for a, b in grid]
    heights = stats.uniform.logpdf([[float(x)] for x in data], lows, widths).sum(axis=0)
    assert ends == grid[heights.argmax()]
    formulas = in_letters(by_support, "uniform(a, b)")
    assert tuple(at_data(formula, data) for formula in formulas) == ends


def test_uniform_with_one_end_known() -> None:
    found = certified(by_support.working(model("uniform(a=-1)"), sample("2.5", 1)))
    assert [e.unknown.name for e in found.estimates] == ["b"]
    assert found.estimates[0].value == Fraction(5, 2)
    found = certified(by_support.working(model("uniform(b=7)"), sample("2.5", 1)))
    assert found.estimates[0].value == 1
    found = by_support.working(model("uniform(a=c)"), sample("2.5", 1))
    assert found.estimates[0].value == Fraction(5, 2)
    assert "estimate.certified" not in note_ids(found)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("uniform", (0, 0)),
        ("uniform(a, b)", (3, 3)),
        ("uniform(a, b)", (3,)),
        ("uniform(a=3)", (3,)),
    ],
)
def test_a_range_of_no_width_is_unbounded(text: str, data: tuple[int, ...]) -> None:
    with pytest.raises(Unsolved, match="without bound"):
        by_support.working(model(text), sample(*data))


@pytest.mark.parametrize(
    ("text", "data", "words"),
    [("uniform(a=0)", (-1, 2), "below a = 0"), ("uniform(b=0)", (-1, 2), "above b = 0")],
)
def test_data_outside_a_known_end(text: str, data: tuple[int, ...], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        by_support.working(model(text), sample(*data))


@pytest.mark.parametrize("seed", SEEDS)
def test_pareto_against_an_optimiser(seed: int) -> None:
    chance = random.Random(seed)
    data = [1 + Fraction(chance.randint(1, 500), 100) for _ in range(chance.randint(2, 9))]
    data.append(Fraction(1, 2) + data[0])
    found = certified(by_support.working(model("pareto"), sample(*data)))
    x_m, alpha = value(found, "x_m"), value(found, "alpha")
    assert found.estimates[0].value == min(data)

    def log_likelihood(point: Sequence[float]) -> float:
        low, a = point
        if not (0 < low <= float(min(data)) and a > 0):
            return -1e9
        n, logs = len(data), sum(math.log(x) for x in data)
        return n * math.log(a) + n * a * math.log(low) - (a + 1) * logs

    optimum = best(lambda p: log_likelihood((x_m, p[0])), [1.0])
    assert alpha == pytest.approx(optimum[0], rel=1e-6)
    top = log_likelihood((x_m, alpha))
    assert all(
        log_likelihood((x_m * (1 - s), alpha * t)) < top for s in (0.01, 0.2) for t in (0.8, 1, 1.2)
    )
    formulas = in_letters(by_support, "pareto")
    assert [at_data(f, data) for f in formulas] == pytest.approx([x_m, alpha])


def test_pareto_edges() -> None:
    with pytest.raises(Unsolved, match="as α goes to ∞"):
        by_support.working(model("pareto"), sample(2, 2))
    with pytest.raises(Invalid, match="above 0"):
        by_support.working(model("pareto"), sample(0, 2))
    found = certified(by_support.working(model("pareto(alpha=2)"), sample(2, 3)))
    assert value(found, "x_m") == 2
    assert model("pareto(x_m=1)").method == "by_score"


# Laplace: the median.


@pytest.mark.parametrize("seed", SEEDS)
def test_laplace_against_a_grid_and_an_optimiser(seed: int) -> None:
    data = fractions(seed)
    if len(set(data)) == 1:
        data[0] += 1
    found = certified(by_median.working(model("laplace"), sample(*data)))
    mu, b = value(found, "mu"), value(found, "b")
    xs = [float(x) for x in data]

    def distances(at: float) -> float:
        return sum(abs(x - at) for x in xs)

    # A sum of distances is piecewise linear: its minimum is at an observation.
    least = min(map(distances, xs))
    assert distances(mu) == pytest.approx(least)
    ends = [x for x in xs if math.isclose(distances(x), least, abs_tol=1e-9)]
    interval = found.estimates[0].interval
    assert interval == (None if min(ends) == max(ends) else (min(ends), max(ends)))
    assert ("estimate.interval" in note_ids(found)) == (interval is not None)
    optimum = best(lambda p: -len(xs) * p[0] - distances(mu) * math.exp(-p[0]), [0.0])
    assert b == pytest.approx(math.exp(optimum[0]), rel=1e-6)
    formulas = in_letters(by_median, "laplace")
    assert [at_data(f, data) for f in formulas] == [
        found.estimates[0].value,
        found.estimates[1].value,
    ]


def test_laplace_with_an_even_number() -> None:
    found = certified(by_median.working(model("laplace(b=2)"), sample(7, 1, 4, "2.5")))
    (location,) = found.estimates
    assert (location.value, location.interval) == (Fraction(13, 4), (Fraction(5, 2), Fraction(4)))
    assert location.answer().interval == location.interval


def test_laplace_with_equal_middle_observations() -> None:
    found = certified(by_median.working(model("laplace"), sample(1, 2, 2, 7)))
    assert found.estimates[0].interval is None
    assert value(found, "b") == 1.5


def test_laplace_with_equal_data() -> None:
    with pytest.raises(Unsolved, match="goes to 0"):
        by_median.working(model("laplace"), sample(2, 2, 2))
    with pytest.raises(Unsolved, match="goes to 0"):
        by_median.working(model("laplace"), sample(2))
    assert value(certified(by_median.working(model("laplace(b=1)"), sample(2))), "mu") == 2


def test_laplace_in_letters() -> None:
    found = by_median.working(model("laplace(b=s)"), Sample())
    assert claimed(found) == [read("median(x)")]
    assert "laplace.even" in note_ids(found)
    for count, is_noted in ((4, True), (5, False)):
        with_count = by_median.working(model("laplace"), Sample((), Number(Fraction(count))))
        assert ("laplace.even" in note_ids(with_count)) == is_noted


# Categories: the simplex.


def log_posterior(shares: Sequence[float], weights: Sequence[float]) -> float:
    terms = ((w, s) for w, s in zip(weights, shares, strict=True) if w)
    return sum(w * math.log(s) if s > 0 else -math.inf for w, s in terms)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("has_prior", [False, True])
def test_categories_against_an_optimiser(seed: int, has_prior: bool) -> None:
    chance = random.Random(seed)
    size = chance.randint(2, 4)
    counts = [chance.randint(1, 9) for _ in range(size)]
    alphas = [Fraction(chance.randint(2, 9), 2) for _ in range(size)] if has_prior else None
    labels = tuple("abcd"[:size])
    prior = None if alphas is None else tuple(map(Number, alphas))
    found = certified(by_simplex.working(model("categorical"), Counts(labels, row(*counts)), prior))
    answer = compound(found, "theta")
    assert isinstance(answer, dict)
    assert sum(answer.values()) == 1
    weights = [
        float(n + (a - 1)) for n, a in zip(counts, alphas or [Fraction(1)] * size, strict=True)
    ]

    def shares(point: Sequence[float]) -> list[float]:
        raised = [math.exp(p) for p in (*point, 0.0)]
        return [p / sum(raised) for p in raised]

    optimum = shares(best(lambda p: log_posterior(shares(p), weights), [0.0] * (size - 1)))
    assert [float(v) for v in answer.values()] == pytest.approx(optimum, abs=1e-5)

    # The same in letters, the numbers put in afterwards.
    letters = None if alphas is None else tuple(Symbol("alpha", label) for label in labels)
    symbolic = by_simplex.working(model("categorical"), Counts(labels), letters)
    formulas = compound(symbolic, "theta")
    assert isinstance(formulas, dict)
    at: dict[Symbol, Value] = {N: Fraction(sum(counts))}
    at |= {Symbol("n", label): Fraction(n) for label, n in zip(labels, counts, strict=True)}
    at |= {Symbol("alpha", label): a for label, a in zip(labels, alphas or (), strict=False)}
    assert {label: evaluate(f, at) for label, f in formulas.items()} == answer


def test_an_unseen_category_is_on_the_boundary() -> None:
    counts = Counts.of(["red", "blue", "red"], ["blue", "red", "green"])
    found = certified(by_simplex.working(model("categorical"), counts))
    expected = {"blue": Fraction(1, 3), "red": Fraction(2, 3), "green": 0}
    assert compound(found, "theta") == expected
    assert "estimate.boundary" in note_ids(found)
    assert found.log_likelihood == pytest.approx(math.log(4 / 27))


def test_a_dirichlet_prior_at_its_edges() -> None:
    counts = Counts(("a", "b"), row(3, 0))
    with pytest.raises(Unsolved, match="below 1"):
        by_simplex.working(model("categorical"), counts, row(2, "1/2"))
    found = certified(by_simplex.working(model("categorical"), counts, row(2, 1)))
    assert compound(found, "theta") == {"a": 1, "b": 0}
    assert "estimate.boundary" in note_ids(found)
    with pytest.raises(Unsolved, match="equally likely"):
        by_simplex.working(model("categorical"), Counts(("a", "b"), row(0, 0)), row(1, 1))
    with pytest.raises(Unsolved, match="equally likely"):
        by_simplex.working(model("categorical"), Counts(("a", "b"), row(0, 0)))
    with pytest.raises(Unsolved, match="one category"):
        by_simplex.working(model("categorical"), Counts(("a",), row(0)))
    assert by_simplex.posterior(counts, row(2, "a")) == row(5, "a")


@pytest.mark.parametrize(
    ("text", "counts", "prior", "words"),
    [
        ("categorical", (1, -1), None, "whole number"),
        ("categorical", (1, "1/2"), None, "whole number"),
        ("categorical", (1, 1), (1, 2, 3), "one for each"),
        ("categorical", (1, 1), (1, -1), "above 0"),
        ("multinomial(n=5)", (3, 3), None, "no whole number of observations"),
    ],
)
def test_counts_that_do_not_fit(
    text: str, counts: tuple[object, ...], prior: tuple[object, ...] | None, words: str
) -> None:
    known = None if prior is None else row(*prior)
    with pytest.raises(Invalid, match=words):
        by_simplex.working(model(text), Counts(("a", "b"), row(*counts)), known)


def test_a_label_that_is_no_category() -> None:
    with pytest.raises(Invalid, match="'c' is not one"):
        Counts.of(["a", "c"], ["a", "b"])


def test_multinomial_against_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    found = certified(by_simplex.working(model("multinomial(n=5)"), Counts(("a", "b"), row(3, 2))))
    assert found.log_likelihood == pytest.approx(stats.multinomial.logpmf([3, 2], 5, [0.6, 0.4]))
    pooled = by_simplex.working(model("multinomial(n=5)"), Counts(("a", "b"), row(6, 4)))
    assert pooled.log_likelihood is None


def test_categories_in_letters() -> None:
    found = by_simplex.working(model("categorical"), Counts())
    assert claimed(found) == [read("n_c/n")]
    check_lines(found)
    with_prior = by_simplex.working(model("categorical"), Counts(), row("alpha"))
    assert len(claimed(with_prior)) == 1
    numbered = by_simplex.working(model("categorical"), Counts(), row(2, 2, "a"))
    formulas = compound(numbered, "theta")
    assert isinstance(formulas, dict)
    assert list(formulas) == ["1", "2", "3"]


# Von Mises: the direction.


@pytest.mark.parametrize("seed", SEEDS)
def test_von_mises_against_a_grid(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    chance = random.Random(seed)
    data = [Fraction(chance.randint(-400, 400), 100) for _ in range(chance.randint(1, 8))]
    kappa = chance.choice((0.5, 2, 40))
    found = certified(by_direction.working(model(f"von_mises(kappa={kappa})"), sample(*data)))
    mu, xs = value(found, "mu"), [float(x) for x in data]

    def log_likelihood(at: float) -> float:
        return float(stats.vonmises.logpdf(xs, kappa, loc=at).sum())

    grid = [-math.pi + 2 * math.pi * step / 180 for step in range(180)]
    heights = stats.vonmises.logpdf([[x] for x in xs], kappa, loc=grid).sum(axis=0)
    top = grid[heights.argmax()]
    assert math.cos(mu - top) > math.cos(0.04)
    assert log_likelihood(mu) >= log_likelihood(top)
    assert found.log_likelihood == pytest.approx(log_likelihood(mu))
    assert at_data(*in_letters(by_direction, "von_mises(kappa=k2)"), data) == pytest.approx(mu)


@pytest.mark.parametrize("data", [("0", "pi"), ("0", "2*pi/3", "4*pi/3"), ("1", "1 + pi")])
def test_balanced_directions_have_no_mean(data: tuple[str, ...]) -> None:
    with pytest.raises(Unsolved, match="every direction"):
        by_direction.working(model("von_mises(kappa=2)"), sample(*data))


def test_symmetric_directions() -> None:
    found = certified(by_direction.working(model("von_mises(kappa=2)"), sample("0.5", "-0.5")))
    assert found.estimates[0].value == 0


def test_atan2_tells_the_quadrant() -> None:
    assert evaluate(read("atan2(0, 3)")) == 0
    assert evaluate(read("atan2(1, -1)")) == pytest.approx(3 * math.pi / 4)
    assert evaluate(read("atan2(0, -2)")) == pytest.approx(math.pi)
    with pytest.raises(Undefined):
        evaluate(read("atan2(0, 0)"))


def test_bessel_against_scipy() -> None:
    special = pytest.importorskip("scipy.special")
    for kappa in (1e-9, 0.1, 1, 5, 30, 500, 999, 1001, 5000, 1e6):
        expected = math.log(special.ive(0, kappa)) + kappa
        assert log_bessel_i0(kappa) == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert bessel_i0(2.5) == pytest.approx(special.i0(2.5), rel=1e-14)
    assert log_bessel_i0(0) == 0


# Multivariate normal.


def points(seed: int, d: int, n: int) -> list[list[Fraction]]:
    chance = random.Random(seed)
    return [
        [Fraction(chance.randint(-20, 20), chance.choice((1, 2))) for _ in range(d)]
        for _ in range(n)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_multivariate_normal_against_numpy_and_scipy(seed: int) -> None:
    numpy = pytest.importorskip("numpy")
    stats = pytest.importorskip("scipy.stats")
    d = 1 + seed % 3
    data = points(seed, d, d + 2 + seed % 4)
    found = certified(by_vectors.working(matrix(data)))
    xs = numpy.array([[float(x) for x in point] for point in data])
    mu, sigma = compound(found, "mu"), compound(found, "covariance")
    mean = numpy.array(mu, dtype=float)
    spread = numpy.array(sigma, dtype=float)
    assert mean == pytest.approx(xs.mean(axis=0))
    assert spread == pytest.approx(numpy.cov(xs.T, bias=True).reshape(d, d))

    def log_likelihood(at: object, with_spread: object) -> float:
        return float(stats.multivariate_normal.logpdf(xs, at, with_spread).sum())

    top = log_likelihood(mean, spread)
    assert found.log_likelihood == pytest.approx(top)
    chance = numpy.random.default_rng(seed)
    for size in (1e-2, 1e-1, 1):
        for _ in range(5):
            root = numpy.linalg.cholesky(spread)
            moved = root @ (numpy.eye(d) + size * chance.normal(size=(d, d)))
            place = mean + size * root @ chance.normal(size=d)
            other = moved @ moved.T
            if numpy.linalg.cond(other) < 1e10:
                assert log_likelihood(place, other) < top


@pytest.mark.parametrize("seed", range(20))
def test_multivariate_normal_in_letters(seed: int) -> None:
    data = points(seed, 2, 5)
    mean, spread = claimed(by_vectors.working())
    total = tuple((sum(column, Fraction(0)),) for column in zip(*data, strict=True))
    at: dict[Symbol, Value] = {N: Fraction(5), Symbol("sum"): total}
    found = by_vectors.working(matrix(data))
    assert evaluate(mean, at) == tuple((entry,) for entry in compound(found, "mu"))
    # sum(T(x)) over vectors: T at each, added up.
    assert spread.numerator.name == "sum"
    (outer,) = spread.numerator.arguments
    each = [evaluate(outer, {**at, X: tuple((x,) for x in point)}) for point in data]
    expected = tuple(
        tuple(sum((m[i][j] for m in each), Fraction(0)) / 5 for j in range(2)) for i in range(2)
    )
    assert compound(found, "covariance") == expected


@pytest.mark.parametrize("text", ["1 2", "1 2; 3 4", "1 2; 3 4; 5 6", "1 1; 1 2; 1 5; 1 7"])
def test_points_in_a_flat_are_unbounded(text: str) -> None:
    rows = [[Fraction(entry) for entry in line.split()] for line in text.split(";")]
    with pytest.raises(Unsolved, match="singular"):
        by_vectors.working(matrix(rows))


def test_a_known_covariance_leaves_the_mean() -> None:
    data = matrix([[Fraction(1), Fraction(2)]])
    known = matrix([[Fraction(2), Fraction(1)], [Fraction(1), Fraction(2)]])
    found = certified(by_vectors.working(data, known))
    assert [e.unknown.name for e in found.estimates] == ["mu"]
    assert compound(found, "mu") == (1, 2)
    letter = by_vectors.working(data, Symbol("Sigma"))
    assert compound(letter, "mu") == (1, 2)
    for entries, words in (
        ([[1, 2], [2, 1]], "positive definite"),
        ([[1, 2], [0, 1]], "symmetric"),
        ([[1]], "2×2"),
    ):
        wrong = matrix([[Fraction(entry) for entry in line] for line in entries])
        with pytest.raises(Invalid, match=words):
            by_vectors.working(data, wrong)


# What a wrong estimate would meet.


def test_the_second_look_sees_a_wrong_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_median, "middle_of", lambda ordered: (ordered[0], ordered[0]))
    found = by_median.working(model("laplace(b=2)"), sample(1, 2, 4))
    assert "estimate.not_certified" in note_ids(found)
    shifted = by_direction.certificate(sample(1, 2), 1.6)
    assert shifted.id == "estimate.not_certified"
    weights = {"a": Fraction(3), "b": Fraction(2)}
    off = {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert by_simplex.certificate(weights, off, False).id == "estimate.not_certified"
