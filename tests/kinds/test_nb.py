"""Discrete naive Bayes against scikit-learn, and against counts made here in another way."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.kinds.nb import Problem, solve
from mlcalc.maths.printing import one_line
from mlcalc.showing.derivation import Derivation
from mlcalc.showing.formats.json import number_as_json
from tests.chains import carries_floats, closed_links, expressions, is_true
from tests.conftest import ROOT

CASES = 60
SMOOTHINGS = ("1", "1/2", "2", "0.1")


def answered(**given: Any) -> Derivation:
    problem = Problem.read(cast(Any, from_plain(given, Place("test"))))
    assert isinstance(problem, Problem)
    return solve(problem)


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


def message(**given: Any) -> str:
    with pytest.raises(Invalid) as caught:
        answered(**given)
    return str(caught.value)


def written(path: Path, rows: list[dict[str, Any]]) -> str:
    """The rows as a CSV file."""
    lines = [",".join(map(str, row)) for row in ([*rows[0]], *(row.values() for row in rows))]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def tables(seed: int, most: int) -> Iterator[tuple[list[dict[str, int]], dict[str, int], str]]:
    """Random rows of whole numbers below `most` with a class y, a query of seen values, alpha."""
    random_numbers = random.Random(seed)
    for _ in range(CASES):
        features = random_numbers.randint(1, 5)
        labels = list(range(random_numbers.randint(2, 3)))
        rows = [
            {f"x{i}": random_numbers.randrange(most) for i in range(features)} | {"y": label}
            for label in [*labels, *random_numbers.choices(labels, k=random_numbers.randint(2, 9))]
        ]
        query = {f"x{i}": random_numbers.choice(rows)[f"x{i}"] for i in range(features)}
        yield rows, query, random_numbers.choice(SMOOTHINGS)


def cells(rows: list[dict[str, int]]) -> tuple[list[list[int]], list[int]]:
    return [[v for k, v in row.items() if k != "y"] for row in rows], [row["y"] for row in rows]


def agrees(found: Derivation, classifier: Any, query: list[int]) -> None:
    """The joint log-probability, the posterior and the prediction to 1e-10."""
    logs = classifier.predict_joint_log_proba([query])[0]
    posterior = classifier.predict_proba([query])[0]
    joint, ours = value(found, "joint"), value(found, "posterior")
    for label, log, share in zip(classifier.classes_, logs, posterior, strict=True):
        assert math.log(joint[str(label)]) == pytest.approx(log, abs=1e-10)
        assert float(ours[str(label)]) == pytest.approx(share, abs=1e-10)
    best = [label for label, share in ours.items() if share == max(ours.values())]
    assert value(found, "prediction") == " or ".join(best)
    if len(best) == 1:
        assert best == [str(classifier.predict([query])[0])]


# scikit-learn


def test_bernoulli_agrees_with_scikit_learn() -> None:
    naive_bayes = pytest.importorskip("sklearn.naive_bayes")
    for rows, query, alpha in tables(1, 2):
        found = answered(model="bernoulli", data=rows, label="y", query=query, smoothing=alpha)
        classifier = naive_bayes.BernoulliNB(alpha=float(Fraction(alpha))).fit(*cells(rows))
        agrees(found, classifier, list(query.values()))


def test_categorical_agrees_with_scikit_learn() -> None:
    naive_bayes = pytest.importorskip("sklearn.naive_bayes")
    for rows, query, alpha in tables(2, 4):
        found = answered(model="categorical", data=rows, label="y", query=query, smoothing=alpha)
        # scikit-learn takes all codes below the largest as values: here they are those seen.
        names = [name for name in rows[0] if name != "y"]
        codes = {n: sorted({row[n] for row in rows}) for n in names}
        coded = [{n: codes[n].index(row[n]) for n in names} | {"y": row["y"]} for row in rows]
        classifier = naive_bayes.CategoricalNB(alpha=float(Fraction(alpha))).fit(*cells(coded))
        agrees(found, classifier, [codes[n].index(query[n]) for n in names])


def test_multinomial_agrees_with_scikit_learn() -> None:
    naive_bayes = pytest.importorskip("sklearn.naive_bayes")
    for rows, query, alpha in tables(3, 6):
        found = answered(model="multinomial", data=rows, label="y", query=query, smoothing=alpha)
        classifier = naive_bayes.MultinomialNB(alpha=float(Fraction(alpha))).fit(*cells(rows))
        agrees(found, classifier, list(query.values()))


# exact fractions


def share(rows: list[dict[str, int]], label: int, name: str, wanted: int) -> Fraction:
    own = [row for row in rows if row["y"] == label]
    return Fraction(len([row for row in own if row[name] == wanted]), len(own))


def by_hand(rows: list[dict[str, int]], query: Mapping[str, int]) -> dict[str, Fraction]:
    """P(Y = c) times the share of each value in the class, by going through the rows anew."""
    found = {}
    for label in dict.fromkeys(row["y"] for row in rows):
        product = Fraction(len([row for row in rows if row["y"] == label]), len(rows))
        for name, wanted in query.items():
            product *= share(rows, label, name, wanted)
        found[str(label)] = product
    return found


@pytest.mark.parametrize(("model", "most"), [("bernoulli", 2), ("categorical", 3)])
def test_shares_without_smoothing_are_exact(model: str, most: int) -> None:
    unsolved = 0
    for rows, query, _ in tables(4, most):
        expected = by_hand(rows, query)
        if not any(expected.values()):
            with pytest.raises(Unsolved, match="score 0"):
                answered(model=model, data=rows, label="y", query=query)
            unsolved += 1
            continue
        found = answered(model=model, data=rows, label="y", query=query)
        assert value(found, "joint") == expected
        total = sum(expected.values())
        assert value(found, "posterior") == {k: v / total for k, v in expected.items()}
    assert 0 < unsolved < CASES / 2


def test_words_are_counted_exactly() -> None:
    numbers = random.Random(5)
    for _ in range(CASES):
        texts = [
            (label, numbers.choices("abcd", k=numbers.randint(1, 6)))
            for label in ["p", "q", *numbers.choices("pq", k=3)]
        ]
        query = numbers.choices("abcde", k=numbers.randint(1, 5))
        known = {word for _, words in texts for word in words}
        expected = {}
        for label in ("p", "q"):
            own = [word for name, words in texts if name == label for word in words]
            product = Fraction(len([1 for name, _ in texts if name == label]), len(texts))
            for word in query:
                if word in known:
                    product *= Fraction(own.count(word) + 1, len(own) + len(known))
            expected[label] = product
        documents = [{"label": label, "text": " ".join(words)} for label, words in texts]
        found = answered(
            model="multinomial", documents=documents, query=" ".join(query), smoothing=1
        )
        assert value(found, "joint") == expected
        dropped = any(note.id == "nb.unknown_words" for note in found.notes)
        assert dropped == bool(set(query) - known)


def test_every_closed_link_of_random_problems_is_true() -> None:
    checked = 0
    for model, most in (("bernoulli", 2), ("categorical", 3), ("multinomial", 4)):
        for rows, query, alpha in list(tables(6, most))[:25]:
            found = answered(model=model, data=rows, label="y", query=query, smoothing=alpha)
            for expression in expressions(found):
                for left, relation, right, a, b in closed_links(expression):
                    rounded = carries_floats(left) or carries_floats(right)
                    assert is_true(a, relation, b, rounded)
                    checked += 1
    assert checked > 1000


# what a model says beside the numbers


CARS = {"model": "bernoulli", "data": str(ROOT / "problems" / "cars.csv"), "label": "interested"}


def rules(derivation: Derivation) -> list[str]:
    return [step.rule for step in derivation.steps]


def test_a_zero_count_is_pointed_out_and_smoothed() -> None:
    found = answered(**CARS, query="red=1, affordable=0, efficient=1")
    assert rules(found)[-1] == "look at the zero counts"
    (again,) = found.steps[-1].substeps
    assert "prediction stays 1" in str(again.note)
    assert "look at the zero counts" not in rules(answered(**CARS, query="red=1", smoothing="1"))


def test_a_model_without_a_query_answers_its_estimates() -> None:
    found = answered(**CARS)
    assert [a.name for a in found.answers] == ["prior", "likelihood"]
    assert [a.name for a in found.asides] == ["parameter_count"]


def test_a_feature_that_is_left_out_is_summed_over() -> None:
    found = answered(**CARS, query="red=0")
    assert value(found, "joint") == {"1": Fraction(1, 9), "0": Fraction(5, 9)}
    both = [answered(**CARS, query=f"red=0, efficient={v}") for v in (0, 1)]
    for label in ("1", "0"):
        assert value(found, "joint")[label] == sum(value(d, "joint")[label] for d in both)
    assert "nb.marginalised" in [note.id for note in found.notes]


def test_the_prior_is_smoothed_by_a_switch_of_its_own() -> None:
    assert value(answered(**CARS, smoothing=1), "prior")["1"] == Fraction(4, 9)
    found = answered(**CARS, smoothing=1, smooth_prior="true")
    assert value(found, "prior")["1"] == Fraction(5, 11)


def test_priors_may_be_given_beside_rows() -> None:
    found = answered(**CARS, priors="0=1/2, 1=1/2")
    assert value(found, "prior") == {"1": Fraction(1, 2), "0": Fraction(1, 2)}


def test_yes_and_true_are_one() -> None:
    rows = [{"a": "yes", "b": "TRUE", "y": 1}, {"a": "no", "b": "false", "y": 0}]
    likelihood = value(answered(model="bernoulli", data=rows, label="y"), "likelihood")
    assert likelihood == {"1": {"a": 1, "b": 1}, "0": {"a": 0, "b": 0}}


def test_a_thousand_features_neither_underflow_nor_fill_the_page(tmp_path: Path) -> None:
    numbers = random.Random(7)
    rows = [{"y": i % 2} | {f"x{j}": numbers.randrange(2) for j in range(1000)} for i in range(40)]
    query = ", ".join(f"x{j}={numbers.randrange(2)}" for j in range(1000))
    data = written(tmp_path / "wide.csv", rows)
    found = answered(model="bernoulli", data=data, label="y", query=query, smoothing="1/100")
    joint = value(found, "joint")
    assert all(float(v) < 1e-280 for v in joint.values())
    assert sum(value(found, "posterior").values()) == 1
    assert "add up the logarithms" in rules(found)
    for expression in expressions(found):
        assert len(one_line(expression)) < 1500


def test_a_score_that_no_double_holds_is_not_0() -> None:
    documents = [{"label": "a", "text": "x y"}, {"label": "b", "text": "x z"}]
    found = answered(model="multinomial", documents=documents, query="x " * 9000)
    joint = value(found, "joint")
    assert joint == {"a": Fraction(1, 2**9001), "b": Fraction(1, 2**9001)}
    assert value(found, "prediction") == "a or b"
    shown = Decimal(str(number_as_json(joint["a"])))
    assert abs(shown * Decimal(2) ** 9001 - 1) < Decimal("1e-15")


def test_a_field_of_another_model_is_refused() -> None:
    assert "support is for" in message(**CARS, support="0 < x < 1")
    assert "leave smoothing out" in message(
        model="bernoulli", priors="a=1", likelihoods={"a": {"x": 1}}, smoothing=1
    )


def test_both_models_stand_side_by_side() -> None:
    documents = [{"label": "a", "text": "x x y"}, {"label": "b", "text": "y z"}]
    found = answered(model="all", documents=documents, query="x y", smoothing=1)
    alone = [
        answered(model=m, documents=documents, query="x y", smoothing=1)
        for m in ("multinomial", "bernoulli")
    ]
    assert value(found, "posterior") == {
        "multinomial": value(alone[0], "posterior"),
        "bernoulli": value(alone[1], "posterior"),
    }
    assert rules(found)[-1] == "compare"


# files


def test_a_table_with_semicolons_a_mark_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_bytes(b'\xef\xbb\xbfcolour ; y\r\n"dark; blue";1\r\n\r\nred;0\r\n')
    found = answered(model="categorical", data=str(path), label="y")
    assert value(found, "likelihood")["1"] == {"colour": {"dark; blue": 1, "red": 0}}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "is empty"),
        ("a,y\n", "no rows"),
        ("a,y\n1,0,3\n", "3 cells and the header has 2"),
        ("a,a,y\n1,0,1\n", "two columns 'a'"),
        (",a,y\n1,0,1\n", "column 1 has no name"),
        ("a,y\n1,\n", "cell for 'y' is empty"),
        ('a,y\n"1,0\n', "no CSV"),
        ("a,y\n2,1\n", "expected 0 or 1"),
        ("a,z\n1,1\n", "no column 'y'"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, wanted: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert wanted in message(model="bernoulli", data=str(path), label="y")


def test_the_place_in_the_table_is_said(tmp_path: Path, run: Any) -> None:
    path = tmp_path / "t.csv"
    path.write_text('name;red;y\n"a;b"; maybe;1\n', encoding="utf-8")
    ran = run(
        "nb", "--model", "bernoulli", "--data", str(path), "--label", "y", "--features", "red"
    )
    assert ran.code == 2
    first, line, mark = ran.err.splitlines()[:3]
    assert first.startswith(f"{path}:2:8: expected 0 or 1")
    assert line[mark.index("^") :].startswith("maybe")


def test_a_class_without_words_has_no_estimates() -> None:
    documents = [{"label": "a", "text": "x"}, {"label": "b", "text": "..."}]
    with pytest.raises(Unsolved, match="0/0"):
        answered(model="multinomial", documents=documents)
    found = answered(model="multinomial", documents=documents, smoothing=1)
    assert value(found, "likelihood")["b"] == {"x": 1}


def test_a_path_is_relative_to_its_problem_file(tmp_path: Path, run: Any) -> None:
    written(tmp_path / "t.csv", [{"a": 1, "y": 1}, {"a": 0, "y": 0}])
    problem = tmp_path / "p.yaml"
    problem.write_text(
        "kind: nb\ngiven: {model: bernoulli, data: t.csv, label: y, query: {a: 1}}\n"
        "expect: {prediction: 1}\n",
        encoding="utf-8",
    )
    assert run("solve", str(problem)).code == 0
