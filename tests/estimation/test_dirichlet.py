"""A Dirichlet prior for categories, against integration over the simplex and an optimiser."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr
from mlcalc.showing.derivation import Derivation
from tests.chains import closed_links, expressions, is_true


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


def test_everything_against_the_sequential_rule() -> None:
    """p(D) is a product of predictive probabilities, each of which is seen before it is counted."""
    chance = random.Random("dirichlet")
    for _ in range(60):
        size = chance.randint(2, 4)
        labels = [f"c{place}" for place in range(size)]
        alphas = [chance.choice([Fraction(1), Fraction(3, 2), Fraction(2), Fraction(5)])
                  for _ in labels]  # fmt: skip
        data = [chance.choice(labels) for _ in range(chance.randint(1, 9))]
        prior = f"dirichlet({', '.join(map(str, alphas))})"
        found = solved(distribution="categorical", data=data, categories=labels, prior=prior,
                       new=labels[0])  # fmt: skip
        probability, seen = Fraction(1), dict(zip(labels, alphas, strict=True))
        for label in data:
            probability *= seen[label] / sum(seen.values())
            seen[label] += 1
        assert value(found, "evidence") == probability
        assert value(found, "predictive") == seen["c0"] / sum(seen.values())
        assert value(found, "posterior_mean")["c0"] == value(found, "predictive")
        mode = value(found, "theta")
        weights = {label: seen[label] - 1 for label in labels}
        assert mode == {label: w / sum(weights.values()) for label, w in weights.items()}
        assert value(found, "mle") == {
            label: Fraction(data.count(label), len(data)) for label in labels
        }
        check_lines(found)


def test_the_moments_against_integration() -> None:
    """Two free probabilities on a grid over the triangle, as the definitions say."""
    alphas, counts = (2.0, 3.0, 2.0), {"a": 3, "b": 0, "c": 1}
    found = solved(distribution="categorical", data=counts, prior="dirichlet(2, 3, 2)")
    pieces = 300
    mass, first, second, prior_mass = 0.0, 0.0, 0.0, 0.0
    for i in range(1, pieces):
        for j in range(1, pieces - i):
            point = (i / pieces, j / pieces, 1 - (i + j) / pieces)
            prior = math.prod(t ** (a - 1) for t, a in zip(point, alphas, strict=True))
            density = prior * math.prod(t**n for t, n in zip(point, counts.values(), strict=True))
            prior_mass += prior
            mass += density
            first += density * point[1]
            second += density * point[1] ** 2
    mean = first / mass
    assert float(value(found, "posterior_mean")["b"]) == pytest.approx(mean, rel=1e-4)
    variance = second / mass - mean**2
    assert float(value(found, "posterior_variance")["b"]) == pytest.approx(variance, rel=1e-3)
    assert float(value(found, "evidence")) == pytest.approx(mass / prior_mass, rel=1e-3)


def test_the_evidence_of_a_draw_against_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    if not hasattr(stats, "dirichlet_multinomial"):
        pytest.skip("this scipy has no dirichlet_multinomial")
    chance = random.Random("draws")
    for _ in range(40):
        counts = [chance.randint(0, 90) for _ in range(3)]
        alphas = [chance.choice([1, 2, 4]) for _ in counts]
        total = sum(counts)
        found = solved(
            distribution=f"multinomial(n={total})",
            data=dict(zip("abc", counts, strict=True)),
            prior=f"dirichlet({', '.join(map(str, alphas))})",
        )
        expected = stats.dirichlet_multinomial(alphas, total).pmf(counts)
        assert float(value(found, "evidence")) == pytest.approx(float(expected), rel=1e-9)
        check_lines(found)


def test_pooled_draws_have_no_evidence() -> None:
    found = solved(distribution="multinomial(n=5)", data={"a": 6, "b": 4}, prior="dirichlet(2, 2)")
    assert found.answer("evidence") is None
    assert "evidence.not_computed" in note_ids(found)
    assert value(found, "theta") == {"a": Fraction(7, 12), "b": Fraction(5, 12)}


def test_a_flat_prior_moves_nothing_and_says_so() -> None:
    found = solved(
        distribution="categorical", data={"a": 3, "b": 1, "c": 0}, prior="dirichlet(1, 1, 1)"
    )
    assert value(found, "theta") == value(found, "mle")
    assert {"map.flat_prior", "estimate.boundary"} <= set(note_ids(found))
    assert value(found, "posterior_mean")["c"] == Fraction(1, 7)


def test_without_data_the_prior_decides() -> None:
    found = solved(distribution="categorical", data={"a": 0, "b": 0}, prior="dirichlet(3, 2)")
    assert value(found, "theta") == {"a": Fraction(2, 3), "b": Fraction(1, 3)}
    assert found.answer("mle") is None
    assert value(found, "evidence") == 1


def test_the_prior_weighs_its_pseudo_counts() -> None:
    found = solved(
        distribution="categorical", data={"a": 3, "b": 1, "c": 0}, prior="dirichlet(2, 2, 2)"
    )
    step = next(step for step in found.steps if step.rule.startswith("weigh"))
    assert "3/7" in one_line(first_expression(step.blocks))


def first_expression(blocks: Sequence[object]) -> Expr:
    return next(block for block in blocks if isinstance(block, Expr))


def test_letters() -> None:
    found = solved(
        distribution="categorical", data={"a": 3, "b": 1}, prior="dirichlet(s, t)", new="a"
    )
    assert one_line(value(found, "predictive")) == "(s + 3)/(s + t + 4)"
    theta = value(found, "theta")
    assert isinstance(theta, Mapping)
    assert one_line(theta["a"]) == "(s + 2)/(s + t + 2)"
    assert found.answer("evidence") is None
    general = solved(distribution="categorical", prior="dirichlet(alpha)")
    assert [answer.name for answer in general.answers] == ["theta"]


def test_a_parameter_below_one_and_no_count_have_no_mode() -> None:
    with pytest.raises(Unsolved, match="grows without bound as θ_c goes to 0"):
        solved(distribution="categorical", data={"a": 3, "c": 0}, prior="dirichlet(2, 1/2)")
    found = solved(distribution="categorical", data={"a": 3, "c": 1}, prior="dirichlet(2, 1/2)")
    assert value(found, "theta") == {"a": Fraction(8, 9), "c": Fraction(1, 9)}


@pytest.mark.parametrize(
    ("prior", "new", "words"),
    [
        ("dirichlet(1, 2)", None, r"2 numbers for 3 categories \(a, b, c\).*dirichlet\(2, 2, 2\)"),
        ("dirichlet(0, 1, 1)", None, "above 0, not 0"),
        ("dirichet(1, 1, 1)", None, "did you mean 'dirichlet'"),
        ("beta(2, 2)", None, r"write dirichlet\(2, 2, 2\)"),
        ("dirichlet(alpha=2)", None, "one number or letter a category"),
        ("dirichlet", None, r"a category: dirichlet\(2, 2, 2\)"),
        ("dirichlet(n, 1, 1)", None, "choose another letter"),
        ("dirichlet(1, 1, 1)", "d", "'d' is no category: one of a, b, c"),
    ],
)
def test_what_does_not_fit(prior: str, new: str | None, words: str) -> None:
    more = {} if new is None else {"new": new}
    with pytest.raises(Invalid, match=words):
        solved(distribution="categorical", data={"a": 3, "b": 1, "c": 0}, prior=prior, **more)


def test_a_dirichlet_prior_is_for_categories() -> None:
    with pytest.raises(Invalid, match="categorical and multinomial data, not for bernoulli"):
        solved(distribution="bernoulli", data=[1, 0], prior="dirichlet(1, 1)")
    with pytest.raises(Invalid, match="did you mean 'dirichlet'"):
        solved(distribution="bernoulli", data=[1, 0], prior="dirichet(1, 1)")
