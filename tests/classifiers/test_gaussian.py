"""Gaussian naive Bayes against scikit-learn, and its boundary against who wins where."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import Entries, Text, from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.kinds import nb
from mlcalc.marking.checking import check
from mlcalc.maths.evaluate import evaluate, scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Call, Chain, Expr, Symbol
from mlcalc.showing.derivation import Derivation, Verdict
from mlcalc.showing.formats.json import as_json
from tests.chains import carries_floats, closed_links, expressions, is_true


def solved(**given: object) -> Derivation:
    raw = from_plain({"model": "gaussian", **given}, Place("test"))
    assert isinstance(raw, Entries)
    problem = nb.Problem.read(raw)
    assert isinstance(problem, nb.Problem)
    return nb.solve(problem)


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, [a.name for a in derivation.answers]
    return answer.value


def known(**classes: tuple[object, Mapping[str, tuple[object, object]]]) -> dict[str, object]:
    """Priors and normal densities as fields: class=(prior, {feature: (mu, sigma2)})."""
    return {
        "priors": {label: str(prior) for label, (prior, _) in classes.items()},
        "likelihoods": {
            label: {name: f"normal(mu={m}, sigma2={v})" for name, (m, v) in own.items()}
            for label, (_, own) in classes.items()
        },
    }


def random_rows(rng: random.Random) -> tuple[list[list[Fraction]], list[str]]:
    """Two to four classes, one to five features, no feature constant within a class."""
    features = rng.randint(1, 5)
    rows: list[list[Fraction]] = []
    labels: list[str] = []
    for label in "abcd"[: rng.randint(2, 4)]:
        count, shift = rng.randint(2, 9), rng.randint(-3, 3)
        own = [
            [
                Fraction(rng.randint(-40, 40), rng.choice([1, 4, 10])) + shift
                for _ in range(features)
            ]
            for _ in range(count)
        ]
        for column in range(features):
            own[0][column] = own[1][column] + Fraction(1, 2)
        rows += own
        labels += [label] * count
    return rows, labels


def as_data(rows: list[list[Fraction]], labels: list[str]) -> list[dict[str, str]]:
    return [
        {**{f"x_{n}": str(v) for n, v in enumerate(row, 1)}, "y": label}
        for row, label in zip(rows, labels, strict=True)
    ]


def test_data_sets_agree_with_scikit_learn() -> None:
    numpy = pytest.importorskip("numpy")
    naive_bayes = pytest.importorskip("sklearn.naive_bayes")
    rng = random.Random(4)
    for _ in range(60):
        rows, labels = random_rows(rng)
        at = [Fraction(rng.randint(-30, 30), 7) for _ in rows[0]]
        query = {f"x_{n}": str(v) for n, v in enumerate(at, 1)}
        found = solved(data=as_data(rows, labels), label="y", query=query)
        model = naive_bayes.GaussianNB(var_smoothing=0)
        model.fit(numpy.array(rows, dtype=float), labels)
        point = numpy.array([at], dtype=float)
        joint = model._joint_log_likelihood(point)[0]
        rows_of = {label: n for n, label in enumerate(model.classes_)}
        assert value(found, "prediction") == model.predict(point)[0]
        for label, n in rows_of.items():
            ours = float(value(found, "posterior")[label])
            assert ours == pytest.approx(model.predict_proba(point)[0][n], rel=1e-9, abs=1e-10)
            own_joint = value(found, "joint")[label]
            small = isinstance(own_joint, Call)
            log_joint = scalar(own_joint.arguments[0]) if small else math.log(own_joint)
            assert log_joint == pytest.approx(joint[n], rel=1e-10)
            for m, own in enumerate(value(found, "likelihood")[label].values()):
                mu, sigma2 = (to_float(scalar(part)) for _, part in own.keywords)
                assert mu == pytest.approx(model.theta_[n][m], rel=1e-10, abs=1e-12)
                assert sigma2 == pytest.approx(model.var_[n][m], rel=1e-9)


def test_unbiased_variances_agree_with_numpy_and_scikit_learn() -> None:
    numpy = pytest.importorskip("numpy")
    naive_bayes = pytest.importorskip("sklearn.naive_bayes")
    rng = random.Random(6)
    for spelled in ({"variance": "unbiased"}, {"ddof": "1"}, {"variance": "n - 1"}) * 8:
        rows, labels = random_rows(rng)
        at = [Fraction(rng.randint(-30, 30), 7) for _ in rows[0]]
        query = {f"x_{n}": str(v) for n, v in enumerate(at, 1)}
        found = solved(data=as_data(rows, labels), label="y", query=query, **spelled)
        table = numpy.array(rows, dtype=float)
        model = naive_bayes.GaussianNB(var_smoothing=0).fit(table, labels)
        model.var_ = numpy.array([
            table[[label == c for label in labels]].var(axis=0, ddof=1) for c in model.classes_
        ])  # fmt: skip
        chances = model.predict_proba(numpy.array([at], dtype=float))[0]
        for n, label in enumerate(model.classes_):
            ours = float(value(found, "posterior")[label])
            assert ours == pytest.approx(chances[n], rel=1e-9, abs=1e-10)
            for m, own in enumerate(value(found, "likelihood")[label].values()):
                assert to_float(scalar(own.keywords[1][1])) == pytest.approx(model.var_[n][m])


def test_sums_of_logarithms_are_shown_where_they_are_needed_or_asked_for() -> None:
    near = known(a=("1/2", {"x": (0, 1)}), b=("1/2", {"x": (1, 1)}))
    far = known(a=("1/2", {"x": (0, 1)}), b=("1/2", {"x": (99, 1)}))

    def rules(derivation: Derivation) -> list[str]:
        return [step.rule for step in derivation.steps]

    usual = solved(**near, query={"x": "1/3"})
    answers = [answer.name for answer in usual.answers]
    assert "add up the logarithms" not in rules(usual.asked(answers))
    assert "add up the logarithms" in rules(usual.asked(["log_scores"]))
    assert "add up the logarithms" in rules(solved(**far, query={"x": "1/3"}).asked(answers))


def side(boundary: object, point: Mapping[str, Fraction]) -> float:
    """The value of the polynomial that is zero on the boundary."""
    assert isinstance(boundary, Chain)
    at = {Symbol.named(name): number for name, number in point.items()}
    return to_float(scalar(boundary.first, at))


def test_the_sign_of_the_polynomial_is_the_prediction_of_scikit_learn() -> None:
    numpy = pytest.importorskip("numpy")
    naive_bayes = pytest.importorskip("sklearn.naive_bayes")
    rng = random.Random(10)
    for _ in range(30):
        rows, labels = random_rows(rng)
        kept = [n for n, label in enumerate(labels) if label in "ab"]
        rows = [[*rows[n], Fraction(rng.randint(-99, 99), 5)] for n in kept]
        labels = [labels[n] for n in kept]
        found = value(solved(data=as_data(rows, labels), label="y"), "boundary")
        model = naive_bayes.GaussianNB(var_smoothing=0)
        model.fit(numpy.array(rows, dtype=float), labels)
        points = [[Fraction(rng.randint(-200, 200), 9) for _ in rows[0]] for _ in range(20)]
        winners = model.predict(numpy.array(points, dtype=float))
        for point, winner in zip(points, winners, strict=True):
            at = {f"x_{n}": v for n, v in enumerate(point, 1)}
            assert (side(found, at) > 0) == (winner == "a")


def test_thresholds_are_where_the_weighted_densities_cross() -> None:
    """The density of the standard library decides who wins on either side."""
    from statistics import NormalDist

    rng = random.Random(11)
    for _ in range(60):
        parts = [(rng.randint(-5, 5), Fraction(rng.randint(1, 30), 4)) for _ in range(2)]
        prior = Fraction(rng.randint(1, 9), 10)
        found = solved(**known(a=(prior, {"x": parts[0]}), b=(1 - prior, {"x": parts[1]})))
        answer = found.answer("boundary")
        roots = answer.value if answer is not None and isinstance(answer.value, tuple) else ()
        dists = [NormalDist(m, math.sqrt(v)) for m, v in parts]

        def ratio(x: float, dists: Any = dists, prior: Fraction = prior) -> float:
            logs = [-(((x - d.mean) / d.stdev) ** 2) / 2 - math.log(d.stdev) for d in dists]
            return logs[0] - logs[1] + math.log(prior / (1 - prior))

        for root in map(to_float, roots):
            step = 1e-6 * max(1.0, abs(root))
            assert ratio(root - step) * ratio(root + step) < 0
        grid = [ratio(n / 7) > 0 for n in range(-700, 701)]
        inside = [root for root in map(to_float, roots) if abs(root) < 100]
        changes = sum(a != b for a, b in itertools.pairwise(grid))
        assert changes <= len(inside)
        assert changes % 2 == len(inside) % 2


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ({"x": (0, 1), "y": (0, 1)}, {"x": (1, 2), "y": (1, 2)}, "a circle"),
        ({"x": (0, 1), "y": (0, 1)}, {"x": (1, 2), "y": (1, 3)}, "an ellipse"),
        ({"x": (0, 1), "y": (0, 3)}, {"x": (1, 2), "y": (1, 1)}, "a hyperbola"),
        ({"x": (0, 1), "y": (0, 1)}, {"x": (1, 2), "y": (1, 1)}, "a parabola"),
        ({"x": (0, 1), "y": (0, 1)}, {"x": (1, 1), "y": (1, 1)}, "a straight line"),
        ({"x": (0, 1), "y": (5, 1)}, {"x": (0, 4), "y": (5, 1)}, "two parallel lines"),
        ({"x": (0, 1), "y": (0, 4)}, {"x": (0, 4), "y": (0, 1)}, "two crossing lines"),
    ],
)
def test_two_features_have_a_conic(one: Any, other: Any, name: str) -> None:
    found = solved(**known(a=("1/2", one), b=("1/2", other)))
    notes = [step.note for step in found.steps if step.rule == "name the curve"]
    assert [str(note).partition(":")[0] for note in notes] == [name]


def test_an_empty_boundary_says_who_wins() -> None:
    found = solved(**known(a=("1/10", {"x": (0, 1)}), b=("9/10", {"x": (0, 4)})))
    assert value(found, "boundary") == "empty"
    assert any("class b is predicted everywhere" in str(note.text) for note in found.notes)


def test_identical_classes_tie_exactly() -> None:
    same = {"x": (0, 3), "y": (1, "1/7")}
    given = known(a=("1/2", same), b=("1/2", same))
    found = solved(**given, query={"x": "0.3", "y": 2})
    assert value(found, "posterior") == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert any("a tie: a and b" in str(step.note) for step in found.steps)


def test_a_threshold_is_a_tie() -> None:
    found = solved(**known(a=("1/2", {"x": (0, 1)}), b=("1/2", {"x": (4, 1)})), query={"x": 2})
    assert value(found, "boundary") == (2,)
    assert value(found, "posterior") == {"a": Fraction(1, 2), "b": Fraction(1, 2)}


def test_a_thousand_features_do_not_underflow() -> None:
    names = [f"f{n}" for n in range(1000)]
    one = dict.fromkeys(names, (0, 1))
    other = dict.fromkeys(names, ("0.1", 1))
    found = solved(**known(a=("1/2", one), b=("1/2", other)), query=dict.fromkeys(names, 1))
    # Σ ((1 − 0)² − (1 − 0.1)²)/2 = 1000 · 0.19/2 = 95
    assert value(found, "posterior")["a"] == pytest.approx(math.exp(-95), rel=1e-12)
    assert value(found, "prediction") == "b"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_line_is_true(count: int) -> None:
    names = [f"x_{n}" for n in range(1, count + 1)]
    one = {name: (n, Fraction(n + 1, 3)) for n, name in enumerate(names)}
    other = {name: (-n, Fraction(n + 2, 5)) for n, name in enumerate(names)}
    found = solved(**known(a=("1/3", one), b=("2/3", other)), query=dict.fromkeys(names, "0.7"))
    links = [link for e in expressions(found) for link in closed_links(e)]
    assert len(links) > 10
    for left, relation, right, a, b in links:
        assert is_true(a, relation, b, carries_floats(left) or carries_floats(right)), left


def test_the_boundary_in_letters_is_that_with_numbers() -> None:
    in_letters = value(solved(features="x_1, x_2"), "boundary").first
    assert isinstance(in_letters, Expr)
    numbers = {"mu_11": 1, "mu_10": -2, "mu_21": 0, "mu_20": 3, "sigma2_11": 2, "sigma2_10": 5,
               "sigma2_21": 1, "sigma2_20": 4, "P_1": "1/3", "P_0": "2/3"}  # fmt: skip
    given = known(**{
        c: (numbers[f"P_{c}"], {f"x_{n}": (numbers[f"mu_{n}{c}"], numbers[f"sigma2_{n}{c}"])
                                for n in (1, 2)})
        for c in "10"
    })  # fmt: skip
    with_numbers = value(solved(**given), "boundary").first
    letters = {Symbol.named(name): Fraction(number) for name, number in numbers.items()}
    ratios = []
    for x_1, x_2 in [(0, 0), (1, 2), (-3, 1), (5, -4)]:
        at = {Symbol("x", "1"): Fraction(x_1), Symbol("x", "2"): Fraction(x_2)}
        ratios.append(
            to_float(scalar(with_numbers, at)) / float(evaluate(in_letters, at | letters))
        )  # type: ignore[arg-type]  # it is one number
    assert ratios == pytest.approx([ratios[0]] * 4, rel=1e-9)
    assert ratios[0] > 0


ROWS = [{"x": 1, "y": "a"}, {"x": 2, "y": "a"}, {"x": 3, "y": "b"}, {"x": 3, "y": "b"}]


def test_a_constant_feature_has_no_density() -> None:
    with pytest.raises(Unsolved, match="'x' is 3 in every row of class b"):
        solved(data=ROWS, label="y")


def test_a_class_with_one_row_has_no_density() -> None:
    with pytest.raises(Unsolved, match="class b has one row"):
        solved(data=ROWS[:3], label="y")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "give rows as 'data'"),
        ({"likelihoods": {"a": {"x": "normal(mu=0, sigma2=1)"}}}, "two classes or more"),
        (known(a=("1/2", {"x": (0, 1)}), b=("1/3", {"x": (0, 1)})), "add up to 5/6"),
        (known(a=("1/2", {"x": (0, 0)}), b=("1/2", {"x": (0, 1)})), "variance must be above 0"),
        (known(a=("1/2", {"x": (0, 1)}), b=("1/2", {"z": (0, 1)})), "'z' is no feature"),
        ({**known(a=("1/2", {"x": (0, 1)}), b=("1/2", {"x": (2, 1)})), "smoothing": "1"},
         "smoothing is for counts"),
        ({"data": ROWS, "label": "y", "priors": {"a": "1/2", "b": "1/2"}}, "one or the other"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        solved(**given)


def test_json_gives_the_equation_of_the_boundary() -> None:
    one, other = {"x": (0, 1), "y": (0, 1)}, {"x": (2, 1), "y": (0, 1)}
    found = solved(**known(a=("1/2", one), b=("1/2", other)))
    assert as_json(value(found, "boundary")) == "-x + 1 = 0"


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [
        ("-x + 1 = 0", Verdict.RIGHT),
        ("x = 1", Verdict.RIGHT),
        ("2*x - 2", Verdict.RIGHT),
        ("x + 1 = 0", Verdict.WRONG),
        ("0 = 0", Verdict.WRONG),
        ("x*y - y = 0", Verdict.WRONG),
    ],
)
def test_a_boundary_is_right_in_any_multiple(claimed: str, verdict: Verdict) -> None:
    one, other = {"x": (0, 1), "y": (0, 1)}, {"x": (2, 1), "y": (0, 1)}
    answer = solved(**known(a=("1/2", one), b=("1/2", other))).answer("boundary")
    assert answer is not None
    assert check(Text(claimed, Place("test")), answer).verdict is verdict
