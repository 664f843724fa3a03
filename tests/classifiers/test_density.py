"""Thresholds and Bayes errors of given densities, against SciPy's quadrature and root finder."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.classifiers.density_polynomials import sign_changes
from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.kinds import nb
from mlcalc.maths.functions import to_float
from mlcalc.showing.derivation import Derivation
from tests.chains import carries_floats, closed_links, expressions, is_true


def solved(**given: object) -> Derivation:
    raw = from_plain({"model": "density", **given}, Place("test"))
    assert isinstance(raw, Entries)
    problem = nb.Problem.read(raw)
    assert isinstance(problem, nb.Problem)
    return nb.solve(problem)


def of_x(priors: dict[str, object], densities: dict[str, str], **more: object) -> Derivation:
    likelihoods = {label: {"x": density} for label, density in densities.items()}
    return solved(priors=priors, likelihoods=likelihoods, **more)


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


def named(rng: random.Random) -> tuple[str, str, dict[str, float], tuple[float, ...]]:
    """A distribution as typed, its name in SciPy, that one's arguments, and where it may jump."""
    a, b = rng.randint(-3, 3), Fraction(rng.randint(1, 12), 4)
    match rng.randrange(5):
        case 0:
            scale = math.sqrt(b)
            return f"normal(mu={a}, sigma2={b})", "norm", {"loc": a, "scale": scale}, ()
        case 1:
            return f"exponential(rate={b})", "expon", {"scale": 1 / float(b)}, (0.0,)
        case 2:
            ends = (float(a), float(a + b))
            return f"uniform({a}, {a + b})", "uniform", {"loc": a, "scale": float(b)}, ends
        case 3:
            return f"laplace(mu={a}, b={b})", "laplace", {"loc": a, "scale": float(b)}, (float(a),)
        case _:
            return f"rayleigh(sigma={b})", "rayleigh", {"scale": float(b)}, (0.0,)


def weight_of(distribution: Any, prior: float) -> Callable[[float], float]:
    """Prior times density, by SciPy."""
    return lambda x: prior * float(distribution.pdf(x))


def bayes_error(weighted: list[Callable[[float], float]], cuts: list[float]) -> float:
    """∫ (sum − largest) dx by SciPy, between all the places where something may happen."""
    integrate = pytest.importorskip("scipy.integrate")

    def loss(x: float) -> float:
        values = [f(x) for f in weighted]
        return sum(values) - max(values)

    ends = sorted({-60.0, *cuts, 60.0})
    pairs = itertools.pairwise(ends)
    return math.fsum(integrate.quad(loss, a, b, limit=200)[0] for a, b in pairs)


def test_errors_and_thresholds_agree_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = random.Random(7)
    for _ in range(10):
        chosen = [named(rng) for _ in range(rng.choice([2, 2, 3]))]
        shares = [rng.randint(1, 5) for _ in chosen]
        priors = {c: Fraction(s, sum(shares)) for c, s in zip("abc", shares, strict=False)}
        typed = {c: one[0] for c, one in zip("abc", chosen, strict=False)}
        found = of_x({c: str(p) for c, p in priors.items()}, typed)
        weighted = [
            weight_of(getattr(stats, name)(**arguments), float(prior))
            for (_, name, arguments, _), prior in zip(chosen, priors.values(), strict=True)
        ]
        roots = value(found, "boundary")
        roots = [] if roots == "empty" else list(map(to_float, roots))
        cuts = [end for one in chosen for end in one[3]]
        error = to_float(value(found, "error"))
        assert error == pytest.approx(bayes_error(weighted, [*cuts, *roots]), abs=1e-7), typed

        def best(x: float, weighted: Any = weighted) -> int:
            values = [f(x) for f in weighted]
            return values.index(max(values))

        for root in roots:
            assert best(root - 1e-6) != best(root + 1e-6), (typed, root)


def test_a_threshold_is_that_of_brentq() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    stats = pytest.importorskip("scipy.stats")
    found = of_x(
        {"a": "1/2", "b": "1/2"}, {"a": "gamma(shape=2, rate=1)", "b": "normal(mu=3, sigma2=1)"}
    )

    def difference(x: float) -> float:
        return float(stats.gamma(2).pdf(x) - stats.norm(3).pdf(x))

    wanted = [optimize.brentq(difference, *ends) for ends in ((1e-6, 1), (1, 3), (4, 7))]
    assert list(map(to_float, value(found, "boundary"))) == pytest.approx(wanted, rel=1e-9)


def test_polynomials_are_exact() -> None:
    found = of_x({"a": "1/3", "b": "2/3"}, {"a": "3*x^2", "b": "2*(1 - x)"}, support="[0, 1]")
    # x² = 4/3 (1 − x): x = 2/3; error ∫₀^(2/3) x² + ∫_(2/3)^1 4/3 (1 − x) = 8/81 + 2/27
    assert value(found, "boundary") == (Fraction(2, 3),)
    assert value(found, "error") == Fraction(8, 81) + Fraction(2, 27)


def test_each_class_may_have_its_own_support() -> None:
    support = {"a": "[0, 2]", "b": "[1, 3]"}
    found = of_x({"a": "1/2", "b": "1/2"}, {"a": "x/2", "b": "(3 - x)/2"}, support=support)
    # b sets in at 1 above a, a is above it from 3/2 on, and ends at 2; twice 5/32 are lost.
    assert value(found, "boundary") == (1, Fraction(3, 2), 2)
    assert value(found, "error") == Fraction(5, 16)


def test_three_classes_share_the_line() -> None:
    densities = {c: f"normal(mu={m}, sigma2=1)" for c, m in zip("abc", (0, 2, 6), strict=True)}
    found = of_x(dict.fromkeys("abc", "1/3"), densities)
    assert value(found, "boundary") == (1, 4)


def test_a_query_is_exact_where_the_density_is() -> None:
    densities = {"a": "1 - abs(x)", "b": "uniform(-1, 1)"}
    found = of_x({"a": "1/4", "b": "3/4"}, densities, support="[-1, 1]", query={"x": "-1/3"})
    assert value(found, "joint") == {"a": Fraction(1, 6), "b": Fraction(3, 8)}
    assert value(found, "posterior") == {"a": Fraction(4, 13), "b": Fraction(9, 13)}
    assert value(found, "prediction") == "b"


def test_several_features_are_multiplied() -> None:
    likelihoods = {
        "a": {"u": "2*u", "v": "uniform(0, 1)"}, "b": {"u": "2 - 2*u", "v": "2*v"}
    }  # fmt: skip
    found = solved(
        priors={"a": "1/2", "b": "1/2"}, likelihoods=likelihoods, support="[0, 1]",
        query={"u": "1/4", "v": "1/2"},
    )  # fmt: skip
    assert value(found, "posterior") == {"a": Fraction(1, 4), "b": Fraction(3, 4)}


def test_every_line_is_true() -> None:
    own = {"a": "1 - abs(x)", "b": "uniform(0, 2)", "c": "exponential(rate=1)"}
    named = {
        "a": "normal(mu=0, sigma2=1)",
        "b": "normal(mu=1, sigma2=3)",
        "c": "laplace(mu=0, b=2)",
    }
    for densities, more in ((own, {"support": "[-1, 1]"}), (named, {})):
        found = of_x(dict.fromkeys("abc", "1/3"), densities, query={"x": "1/2"}, **more)
        links = [link for e in expressions(found) for link in closed_links(e)]
        assert len(links) > 5
        for left, relation, right, a, b in links:
            assert is_true(a, relation, b, carries_floats(left) or carries_floats(right)), left


@pytest.mark.parametrize(
    ("density", "more", "message"),
    [
        ("2*x", {}, "no finite integral"),
        ("x", {"support": "[0, 1]"}, "integrates to 1/2"),
        ("3*x^2 - x", {"support": "[0, 1]"}, "is negative"),
        ("c*x", {"support": "[0, 1]"}, "the letter c has no value"),
        ("gama(shape=2, rate=1)", {}, "gamma"),
        ("gamma(shape=2)", {}, "write gamma"),
        ("poisson(lambda=2)", {}, "no density of one real number"),
        ("exponential(rate=-1)", {}, "above 0"),
        ("2*x", {"support": "[1, 0]"}, "lower end"),
    ],
)
def test_what_is_no_density_is_refused(density: str, more: dict[str, object], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        of_x({"a": "1/2", "b": "1/2"}, {"a": density, "b": "uniform(0, 1)"}, **more)


def test_where_no_class_is_possible_there_is_no_answer() -> None:
    with pytest.raises(Unsolved, match="no class is possible"):
        of_x({"a": "1/2", "b": "1/2"}, {"a": "uniform(0, 1)", "b": "uniform(0, 2)"}, query={"x": 5})


def test_all_sign_changes_of_a_polynomial_are_found() -> None:
    rng = random.Random(3)
    for _ in range(20):
        roots = sorted({Fraction(rng.randint(-20, 20), 3) for _ in range(rng.randint(1, 6))})
        powers: tuple[Fraction, ...] = (Fraction(rng.choice([-2, 1, 3])),)
        for root in roots:
            shifted = (Fraction(0), *powers)
            powers = tuple(a - root * b for a, b in zip(shifted, (*powers, Fraction(0)),
                                                        strict=True))  # fmt: skip
        assert [float(x) for x in sign_changes(powers)] == pytest.approx(
            [float(x) for x in roots], abs=1e-9
        )


def test_a_double_root_is_no_sign_change() -> None:
    assert list(sign_changes((Fraction(1), Fraction(-2), Fraction(1)))) == []
