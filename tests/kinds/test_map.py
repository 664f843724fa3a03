"""MAP estimates against a search over the posterior itself, and its moments against integration.

The witness knows the definitions alone: the density of each observation and that of the prior.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.checking import check_named
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Number, Symbol, free_symbols, substitute
from mlcalc.showing.derivation import Derivation, Verdict
from tests.chains import closed_links, expressions, is_true

HALF = Fraction(1, 2)


def solved(**given: Any) -> Derivation:
    return solve("map", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, name
    return answer.value


class Case(NamedTuple):
    """A data set with a prior: `first` and `second` are α and β, or the shape and the rate."""

    distribution: str
    data: tuple[int, ...]
    first: Fraction
    second: Fraction

    @property
    def prior(self) -> str:
        if self.distribution == "bernoulli":
            return f"beta({self.first}, {self.second})"
        return f"gamma(shape={self.first}, rate={self.second})"

    def solved(self) -> Derivation:
        return solved_once(self)

    def log_posterior(self, log_theta: float, log_rest: float = 0.0) -> float:
        """log Π p(xᵢ | θ) p(θ) without constants, given log θ and (Bernoulli) log(1 − θ).

        Logarithms, so that points next to the ends of the range can be told from the ends.
        """
        a, b = float(self.first), float(self.second)
        if self.distribution == "bernoulli":
            likelihood = sum(log_theta if x == 1 else log_rest for x in self.data)
            return likelihood + (a - 1) * log_theta + (b - 1) * log_rest
        theta = math.exp(log_theta)
        likelihood = sum(x * log_theta - theta - math.lgamma(x + 1) for x in self.data)
        return likelihood + (a - 1) * log_theta - b * theta

    def at(self, theta: float) -> float:
        if self.distribution == "bernoulli":
            return self.log_posterior(math.log(theta), math.log1p(-theta))
        return self.log_posterior(math.log(theta))


@cache
def solved_once(case: Case) -> Derivation:
    return solved(distribution=case.distribution, data=list(case.data), prior=case.prior)


FAR = 300.0  # e^−300 is as good as zero, and still no zero in floating point


def witness(case: Case) -> float | None:
    """The point where the posterior is largest; None where it grows without bound."""
    ends: list[tuple[float, Callable[[float], float]]] = [
        (0.0, lambda far: case.log_posterior(-far, -math.exp(-far)))
    ]
    if case.distribution == "bernoulli":
        ends.append((1.0, lambda far: case.log_posterior(-math.exp(-far), -far)))
    for _, density in ends:
        if density(2 * FAR) > density(FAR) + 1:
            return None
    inside = golden_section(case.at, 1e-12, 1 - 1e-12 if len(ends) == 2 else 50.0)
    at_end = max(ends, key=lambda end: end[1](FAR))
    return inside if case.at(inside) > at_end[1](FAR) + 1e-9 else at_end[0]


def golden_section(density: Callable[[float], float], low: float, high: float) -> float:
    """The maximum of a function that rises and then falls."""
    ratio = (math.sqrt(5) - 1) / 2
    while high - low > 1e-10:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if density(left) < density(right):
            low = left
        else:
            high = right
    return (low + high) / 2


def data_sets(distribution: str, times: int) -> Iterator[Case]:
    """Random data with priors that often lie on the boundary: α, β and shapes up to 1."""
    rng = random.Random(distribution)
    hyperparameters = [Fraction(1, 3), HALF, Fraction(1), Fraction(3, 2), Fraction(2), Fraction(7)]
    for _ in range(times):
        n = rng.randint(1, 6)
        often = rng.choice([0.0, 0.2, 0.5, 1.0])
        if distribution == "bernoulli":
            data = tuple(int(rng.random() < often) for _ in range(n))
        else:
            data = tuple(int(rng.random() < often) * rng.randint(0, 9) for _ in range(n))
        yield Case(distribution, data, rng.choice(hyperparameters), rng.choice(hyperparameters))


CASES = [*data_sets("bernoulli", 50), *data_sets("poisson", 50)]


def test_the_cases_are_many_and_odd() -> None:
    found = [witness(case) for case in CASES]
    assert sum(point is None for point in found) > 7
    assert sum(point in (0.0, 1.0) for point in found) > 5
    assert sum(point not in (None, 0.0, 1.0) for point in found) > 40


@pytest.mark.parametrize("distribution", ["bernoulli", "poisson"])
def test_against_a_search(distribution: str) -> None:
    for case in CASES:
        if case.distribution != distribution:
            continue
        expected = witness(case)
        if expected is None:
            with pytest.raises(Unsolved, match="grows without bound") as caught:
                case.solved()
            assert "no maximum" in str(caught.value)
            continue
        found = case.solved()
        name = "theta" if distribution == "bernoulli" else "lambda"
        estimate, mle = value(found, name), value(found, "mle")
        assert isinstance(estimate, Fraction)
        assert float(estimate) == pytest.approx(expected, abs=1e-5), case
        assert value(found, "estimate") == estimate
        assert mle == Fraction(sum(case.data), len(case.data))
        check_the_words(found, estimate, mle)
        for expression in expressions(found):
            for _, relation, _, left, right in closed_links(expression):
                assert is_true(left, relation, right, False), one_line(expression)


def check_the_words(found: Derivation, estimate: Fraction, mle: Fraction) -> None:
    """The prior pulls up where the estimate is above the MLE; the ends are looked at where due."""
    note = next(step.note for step in found.steps if step.rule.startswith("compare"))
    text = note if isinstance(note, str) else "".join(str(piece) for piece in note)
    assert ("pulls the estimate up" in text) == (estimate > mle)
    assert ("pulls the estimate down" in text) == (estimate < mle)
    rules = [step.rule for step in found.steps]
    assert ("look at the ends of the range" in rules) != (
        "set the score to zero and solve" in rules
    )


def simpson(values: Sequence[float]) -> float:
    """The integral, up to the width of a piece, over an even number of pieces."""
    inner = sum(v * (4 if i % 2 else 2) for i, v in enumerate(values[1:-1], 1))
    return values[0] + inner + values[-1]


def is_smooth(case: Case) -> bool:
    """Whether the posterior density is zero at both ends, and so has no pole to integrate over."""
    at_low = sum(case.data) + case.first - 1
    at_high = len(case.data) - sum(case.data) + case.second - 1
    return at_low >= 1 and (case.distribution == "poisson" or at_high >= 1)


SMOOTH = [case for case in CASES if is_smooth(case)][::3]


def test_the_moments_against_integration() -> None:
    assert len(SMOOTH) > 12
    for case in SMOOTH:
        found = case.solved()
        top = case.at(float(value(found, "estimate")))
        high = 1.0 if case.distribution == "bernoulli" else 2.0
        while case.distribution == "poisson" and case.at(high) > top - 40:
            high *= 1.5

        def density(theta: float, case: Case = case, top: float = top, high: float = high) -> float:
            return math.exp(case.at(theta) - top) if 0 < theta < high else 0.0

        points = [(high * i / 1000, density(high * i / 1000)) for i in range(1001)]
        mass, first, second = (simpson([t**power * d for t, d in points]) for power in range(3))
        mean, variance = first / mass, second / mass - (first / mass) ** 2
        assert float(value(found, "posterior_mean")) == pytest.approx(mean, rel=1e-5), case
        assert float(value(found, "posterior_variance")) == pytest.approx(variance, rel=1e-4), case
        assert isinstance(value(found, "posterior_mean"), Fraction)
        assert isinstance(value(found, "posterior_variance"), Fraction)


# The published cases, and the ends of the range.


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ({"distribution": "bernoulli", "n": 100, "k": 10, "prior": "beta(7, 95)"},
         {"theta": "2/25", "mle": "1/10", "posterior": "beta(17, 185)"}),
        ({"distribution": "poisson", "data": [3, 4, 1], "prior": "gamma(shape=2, scale=2)"},
         {"lambda": "18/7", "posterior": "gamma(shape=10, rate=7/2)", "posterior_mean": "20/7"}),
        ({"distribution": "bernoulli", "data": [0, 0], "prior": "beta(1, 1)"}, {"theta": "0"}),
        ({"distribution": "bernoulli", "data": [1, 1], "prior": "beta(1, 1)"}, {"theta": "1"}),
        ({"distribution": "bernoulli", "data": [1, 0], "prior": "beta(1, 1)"}, {"theta": "1/2"}),
        ({"distribution": "bernoulli", "n": 4, "k": 1, "prior": "beta(0.5, .5)"}, {"theta": "1/6"}),
        ({"distribution": "bernoulli", "n": 3, "k": 3, "prior": "beta(0.1, 1)"}, {"theta": "1"}),
        ({"distribution": "poisson", "data": [0], "prior": "gamma(shape=1, rate=2)"},
         {"lambda": "0", "mle": "0", "posterior_mean": "1/3"}),
        ({"distribution": "poisson", "data": [0, 0], "prior": "gamma(shape=3/2, rate=2)"},
         {"lambda": "1/8"}),
        ({"distribution": "poisson", "data": [1], "prior": "gamma(shape=1/2, rate=1)"},
         {"lambda": "1/4"}),
        ({"distribution": "bernoulli", "n": 10**12, "k": 1, "prior": "beta(2, 2)"},
         {"theta": "2/1000000000002"}),
    ],
)  # fmt: skip
def test_answers_are_exact(given: dict[str, Any], answers: dict[str, str]) -> None:
    found = solved(**given)
    for name, expected in answers.items():
        if name == "posterior":
            checked = check_named(as_entries({name: expected}), found)
            assert [c.verdict for c in checked] == [Verdict.RIGHT]
        else:
            assert value(found, name) == Fraction(expected)
            assert isinstance(value(found, name), Fraction)


def as_entries(claims: dict[str, str]) -> Any:
    return from_plain(claims, Place("test"))


@pytest.mark.parametrize(
    "given",
    [
        {"distribution": "bernoulli", "n": 3, "k": 0, "prior": "beta(1/2, 2)"},
        {"distribution": "bernoulli", "n": 3, "k": 3, "prior": "beta(2, 0.999)"},
        {"distribution": "bernoulli", "n": 1, "k": 0, "prior": "beta(1/2, 1/2)"},
        {"distribution": "bernoulli", "n": 1, "k": 1, "prior": "beta(1/2, 1/2)"},
        {"distribution": "poisson", "data": [0, 0], "prior": "gamma(shape=1/2, rate=1)"},
        {"distribution": "poisson", "n": 5, "sum": 0, "prior": "gamma(mean=1, variance=2)"},
    ],
)
def test_a_posterior_without_a_mode(given: dict[str, Any]) -> None:
    with pytest.raises(Unsolved, match="grows without bound"):
        solved(**given)


def test_what_is_not_decided() -> None:
    with pytest.raises(Unsolved, match="write a gamma or inverse_gamma prior"):
        solved(distribution="poisson", data=[1], prior="beta(2, 2)")
    with pytest.raises(Unsolved, match="no calculus here"):
        solved(distribution="bernoulli", n="sigmoid(a)", k=1, prior="beta(2, 2)")
    with pytest.raises(Unsolved, match="write a beta prior"):
        solved(distribution="bernoulli", data=[1], prior="gamma(shape=1, rate=1)")


# One question, spelled in many ways.


@pytest.mark.parametrize(
    "prior",
    [
        "gamma(shape=2, scale=1/2)", "gamma(shape=2, rate=2)", "gamma(rate=2, shape=2)",
        "gamma(scale=50%, shape=2.0)", "gamma(mean=1, variance=1/2)", "gamma(variance=0.5, mean=1)",
        " gamma( shape = 2 ,rate=2 ) ", "gamma(shape=2^1, rate=4/2)",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "data",
    [
        {"data": [3, 4, 1]}, {"data": "3, 4, 1"}, {"data": "[3, 4, 1]"}, {"n": 3, "sum": 8},
        {"data": ["6/2", "2^2", "1.0"]}, {"n": "6/2", "sum": "8"},
    ],
    ids=str,
)  # fmt: skip
def test_spellings_of_a_gamma_prior(prior: str, data: dict[str, Any]) -> None:
    found = solved(distribution="poisson", prior=prior, **data)
    assert value(found, "lambda") == Fraction(9, 5)
    assert one_line(value(found, "posterior")) == "Gamma(shape = 10, rate = 5)"


@pytest.mark.parametrize(
    "prior", ["beta(7, 95)", "beta(alpha=7, beta=95)", "beta(beta=95, alpha=7)", "beta(7.0,95)"]
)
@pytest.mark.parametrize("data", [{"n": 100, "k": 10}, {"n": 100, "sum": 10}], ids=str)
def test_spellings_of_a_beta_prior(prior: str, data: dict[str, Any]) -> None:
    found = solved(distribution="bernoulli", prior=prior, **data)
    assert value(found, "theta") == Fraction(2, 25)
    assert one_line(value(found, "posterior")) == "Beta(17, 185)"


def test_the_parameter_may_be_renamed() -> None:
    for name, spelled in (("p", "p"), ("θ", "theta"), ("mu_1", "mu_1"), ("q_A", "q_A")):
        found = solved(
            distribution="poisson", data=[2], parameter=name, prior="gamma(shape=2, rate=1)"
        )
        assert found.answers[0].name == spelled
        assert value(found, spelled) == Fraction(3, 2)
        assert found.answer("lambda") is None


@pytest.mark.parametrize("name", ["n", "k", "x", "i", "D", "alpha", "e", "pi", "inf"])
def test_letters_that_are_taken(name: str) -> None:
    with pytest.raises(Invalid, match="stands for something else here"):
        solved(distribution="bernoulli", parameter=name, prior="beta(2, 2)")


@pytest.mark.parametrize(
    "given",
    [
        {"prior": "beta(n, 2)"},
        {"prior": "beta(theta, 2)"},
        {"prior": "beta(2, k + 1)"},
        {"prior": "beta(p, 2)", "parameter": "p"},
        {"prior": "beta(2, 2)", "n": "theta", "k": 3},
    ],
    ids=str,
)
def test_letters_that_would_mean_two_things(given: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="stands for something else here"):
        solved(distribution="bernoulli", **given)


# Letters.

ASKED: Sequence[tuple[str, dict[str, str], dict[str, int]]] = [
    ("bernoulli", {"prior": "beta(a, b)", "n": "N", "k": "K"}, {"N": 10, "K": 4, "a": 3, "b": 2}),
    ("bernoulli", {"prior": "beta(alpha, beta)"}, {"n": 9, "k": 4, "alpha": 3, "beta": 5}),
    ("bernoulli", {"prior": "beta(1, 1)"}, {"n": 9, "k": 4}),
    ("bernoulli", {"prior": "beta(1/2, b)", "n": "8", "k": "k"}, {"k": 4, "b": 3}),
    ("bernoulli", {"prior": "beta(a + 1, 2*b)", "n": "7", "k": "3"}, {"a": 2, "b": 3}),
    (
        "poisson",
        {"prior": "gamma(shape=alpha, rate=beta)"},
        {"n": 3, "sum": 8, "alpha": 2, "beta": 4},
    ),
    ("poisson", {"prior": "gamma(shape=k, scale=t)"}, {"n": 3, "sum": 8, "k": 2, "t": 4}),
    ("poisson", {"prior": "gamma(mean=m, variance=v)"}, {"n": 3, "sum": 8, "m": 2, "v": 3}),
    ("poisson", {"prior": "gamma(shape=2, scale=2)"}, {"n": 3, "sum": 8}),
    ("poisson", {"prior": "gamma(shape=2, scale=s)", "n": "3", "sum": "T"}, {"T": 8, "s": 2}),
]


@pytest.mark.parametrize(("distribution", "given", "letters"), ASKED, ids=str)
def test_answers_in_letters(
    distribution: str, given: dict[str, str], letters: dict[str, int]
) -> None:
    """The formula with numbers put in is the answer to the question with those numbers."""
    put_in: dict[Expr, Expr] = {Symbol(name): Number(Fraction(n)) for name, n in letters.items()}
    given = {"n": "n", "k" if distribution == "bernoulli" else "sum": "k", **given}
    if distribution == "poisson":
        given["sum"] = given["sum"].replace("k", "sum")
    symbolic = solved(distribution=distribution, **given)
    numbers = {name: numbers_for(text, letters) for name, text in given.items()}
    numeric = solved(distribution=distribution, **numbers)
    for name in ("estimate", "mle", "posterior_mean", "posterior_variance"):
        formula = value(symbolic, name)
        if isinstance(formula, Expr):
            assert {s.spelled for s in free_symbols(formula)} <= set(letters)
            formula = evaluate(substitute(formula, put_in))
        assert formula == value(numeric, name), name
    posterior = substitute(value(symbolic, "posterior"), put_in)
    ours = dict(posterior.keywords) or dict(enumerate(posterior.arguments))
    theirs = value(numeric, "posterior")
    for key, expected in (dict(theirs.keywords) or dict(enumerate(theirs.arguments))).items():
        assert evaluate(ours[key]) == evaluate(expected)


def numbers_for(text: str, letters: dict[str, int]) -> str:
    """The text with numbers for its letters; names of functions and arguments stay."""
    return re.sub(r"[A-Za-z]+(?!\s*[(=])", lambda m: str(letters.get(m[0], m[0])), text)


def test_where_the_formula_is_a_maximum_is_said() -> None:
    found = solved(distribution="bernoulli", prior="beta(alpha, beta)")
    (step,) = (step for step in found.steps if step.rule == "check that it is a maximum")
    note = [one_line(p) if isinstance(p, Expr) else p for p in step.note]
    assert "".join(note) == (
        "every term is negative where k + α − 1 > 0 and n − k + β − 1 > 0"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"distribution": "bernoulli", "data": [0, 2]}, "2 is not possible"),
        ({"distribution": "bernoulli", "data": ["1/2"]}, "1/2 is not possible"),
        ({"distribution": "poisson", "data": [-1]}, "-1 is not possible"),
        ({"distribution": "bernoulli", "n": 3, "k": 4}, "at most 3 can be 1, not 4"),
        ({"distribution": "bernoulli", "n": 3, "sum": "1/2"}, "their sum cannot be 1/2"),
        ({"distribution": "bernoulli", "k": 4}, "'n' is missing"),
        ({"distribution": "bernoulli", "n": 4}, "'k' is missing"),
        ({"distribution": "poisson", "n": 4}, "'sum' is missing"),
        ({"distribution": "poisson", "n": 4, "k": 2}, "write sum instead"),
        ({"distribution": "poisson", "n": 4, "sum": -2}, "their sum cannot be -2"),
        ({"distribution": "bernoulli", "data": [1], "n": 1}, "leave n out"),
        ({"distribution": "bernoulli", "data": [1], "k": 1}, "leave k out"),
        ({"distribution": "bernoulli", "n": 2, "k": 1, "sum": 1}, "give one"),
        ({"distribution": "poisson", "data": []}, "expected a list of numbers"),
        ({"distribution": "poisson", "data": [1, "a"]}, "expected a number, not 'a'"),
        ({"distribution": "poisson(lambda=2)", "data": [1]}, "write poisson"),
        ({"distribution": "normal", "data": [1]}, "a prior is for one parameter"),
        ({"distribution": "norml", "data": [1]}, "did you mean 'normal'?"),
        ({"distribution": "poisson", "data": [1], "prior": "gamma(2, 3)"},
         "write gamma(shape=2, rate=3) or gamma(shape=2, scale=3)"),
        ({"distribution": "bernoulli", "data": [1], "prior": "beta(0, 3)"}, "must be positive"),
        ({"distribution": "bernoulli", "data": [1], "prior": "beta([1], 3)"}, "parameters of beta"),
        ({"distribution": "bernoulli", "data": [1], "prior": "beta(inf, 3)"}, "parameters of beta"),
        ({"distribution": "bernoulli", "data": [1], "prior": "beta(2)"}, "or beta(…, …)"),
        ({"distribution": "bernoulli", "n": "a = 3", "k": 1}, "whole number from 1 or a letter"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_malformed_is_said(given: dict[str, Any], words: str) -> None:
    is_poisson = given["distribution"].startswith("poisson")
    prior = {"prior": "gamma(shape=2, rate=1)" if is_poisson else "beta(2, 2)"}
    with pytest.raises(Invalid) as caught:
        solved(**prior | given)
    assert words in str(caught.value)
