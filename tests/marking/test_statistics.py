"""How a class did, against NumPy and by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from mlcalc.marking.classroom import Report
from mlcalc.marking.statistics import Summary, bars, item_rest, summary_of
from mlcalc.marking.told import Wish, summary
from mlcalc.maths.printing import Style
from mlcalc.showing.derivation import Verdict
from tests.conftest import Ran
from tests.marking.asking import key, marked, submission

Run = Callable[..., Ran]
SHAPES = "\n".join(
    f"- {{id: q{n}, kind: conv-shape, given: {{input: {n}x{n}, kernel: 2}}, points: {n % 3 + 1}}}"
    for n in range(4, 14)
)


def a_class(number: int, seed: int) -> Report:
    """Students of different skill, who forget in a wrong size the one that is added."""
    random = Random(seed)
    found = []
    for student in range(number):
        skill = random.random()
        answers = {
            f"q{n}": f"{n - 1}x{n - 1}" if random.random() < skill else f"{n - 2}x{n - 2}"
            for n in range(4, 14)
            if random.random() < 0.95
        }
        found.append(submission(f"s{student}", answers))
    return marked(key(SHAPES), *found)


def test_against_numpy() -> None:
    report = a_class(60, 1)
    found = summary_of(report)
    points = np.array([[float(row.points) for row in s.rows] for s in report.students])
    totals = points.sum(axis=1)
    assert float(found.mean) == pytest.approx(totals.mean())
    assert found.spread == pytest.approx(totals.std(ddof=1))
    assert float(found.median) == pytest.approx(np.median(totals))
    for at, item in enumerate(found.items):
        own = points[:, at]
        assert float(item.difficulty) == pytest.approx(own.mean() / float(item.part.points))
        rest = np.corrcoef(own, totals - own)[0, 1]
        assert item.discrimination == pytest.approx(rest)
        assert item.counts[Verdict.RIGHT] == np.count_nonzero(own)
        assert sum(item.counts.values()) == 60
    assert sum(count for _, count in bars(found)) == 60


@pytest.mark.parametrize(
    ("own", "totals"),
    [
        ([1, 1, 1], [2, 1, 3]),  # all have the same
        ([0, 1, 2], [0, 1, 2]),  # nothing else was asked
        ([1], [3]),
        ([], []),
    ],
)
def test_where_the_correlation_is_undefined(own: list[int], totals: list[int]) -> None:
    assert item_rest(own, totals) is None


def test_the_correlation_with_the_rest_and_not_with_the_total() -> None:
    # The rests are 0, 1, 1, 0: none has to do with the answer, though the totals have.
    assert item_rest([0, 0, 1, 1], [0, 1, 2, 1]) == 0
    assert item_rest([0, 1], [5, 1]) == pytest.approx(-1)
    assert item_rest([10**400, 0, 0], [10**400 + 3, 1, 1]) == pytest.approx(1)


def of(out_of: str, points: str) -> Summary:
    return Summary(Fraction(out_of), tuple(map(Fraction, points.split())), (), ())


def test_the_distribution() -> None:
    assert bars(of("3", "0 3 3 1")) == [("0", 1), ("1", 1), ("2", 0), ("3", 2)]
    tenths = dict(bars(of("20", "0 2 20 19 1.5")))
    assert tenths == {
        "0–10": 2, "10–20": 1, "20–30": 0, "30–40": 0, "40–50": 0, "50–60": 0, "60–70": 0,
        "70–80": 0, "80–90": 0, "90–100": 2,
    }  # fmt: skip
    assert bars(of("0", "0 0"))[0] == ("0–10", 2)


def test_ten_questions_on_one_screen() -> None:
    text = summary(a_class(40, 2), Wish(80, Style(5)))
    assert len(text.splitlines()) <= 24
    assert max(map(len, text.splitlines())) <= 80
    for word in ("on average", "standard deviation", "difficulty", "discr.", "misconceptions: "):
        assert word in text


def test_one_student_has_no_spread() -> None:
    report = marked(key(SHAPES), submission("anna", {"q4": "3x3"}))
    assert summary_of(report).spread is None
    assert "standard deviation" not in summary(report, Wish(80, Style(5)))
    assert {item.discrimination for item in summary_of(report).items} == {None}


def test_the_class_as_json(run: Run) -> None:
    ran = run("check", "--key", "problems/homework.yaml", "problems/homework.csv", "--summary",
              "--json")  # fmt: skip
    found = json.loads(ran.out)
    # 6, 2 and 1 of 6 points; theta is 2, 0, 0 beside 4, 2, 1.
    assert found["mean_points"] == 3
    assert found["standard_deviation"] == pytest.approx(7**0.5)
    theta = found["questions"][0]
    assert theta["difficulty"] == pytest.approx(1 / 3)
    assert theta["discrimination"] == pytest.approx(np.corrcoef([2, 0, 0], [4, 2, 1])[0, 1])
    assert theta["misconceptions"] == {"map.mode_vs_mean": 1, "map.pseudo_counts": 1}


def test_an_item_knows_its_own_misconceptions() -> None:
    found = summary_of(a_class(40, 2))
    for item in found.items:
        assert item.misconceptions[0] == ("conv.plus_one_forgotten", item.counts[Verdict.WRONG])
    all_wrong = sum(item.counts[Verdict.WRONG] for item in found.items)
    assert dict(found.misconceptions)["conv.plus_one_forgotten"] == all_wrong
