"""The answers of `vc`: dimensions by exhaustion, growth functions by counting, bad questions."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.kinds.vc import Problem, solve
from mlcalc.learning.class_catalogue import CLASSES, HEPTAGON
from mlcalc.learning.finite_class import dimension
from mlcalc.learning.labeling_pictures import Labelings
from mlcalc.maths.evaluate import evaluate, exact
from mlcalc.maths.tree import Symbol
from mlcalc.showing.derivation import Derivation, Step, Table
from mlcalc.showing.plots import Panels
from tests.learning.test_shattering import the_decider

Labels = tuple[int, ...]


def solved(**given: Any) -> Derivation:
    raw = from_plain(given, Place("test"))
    assert isinstance(raw, Entries)
    problem = Problem.read(raw)
    assert isinstance(problem, Problem)
    return solve(problem)


def value(name: str, **given: Any) -> Any:
    answer = solved(**given).answer(name)
    assert answer is not None, f"{given} has no {name}"
    return answer.value


# Boolean classes over n attributes, every function of each listed.


def cells(n: int) -> list[Labels]:
    return list(product((0, 1), repeat=n))


def table(n: int, functions: Iterable[Callable[[Labels], bool]]) -> list[Labels]:
    return sorted({tuple(int(f(x)) for x in cells(n)) for f in functions})


def conjunctions(n: int, signs: Sequence[int | None] = (None, 0, 1)) -> list[Labels]:
    terms = product(signs, repeat=n)
    return table(
        n, [lambda x, t=t: all(a in (None, b) for a, b in zip(t, x, strict=True)) for t in terms]
    )


def disjunctions(n: int) -> list[Labels]:
    return [tuple(1 - label for label in row) for row in conjunctions(n)]


def parities(n: int) -> list[Labels]:
    return table(
        n, [lambda x, c=c: sum(a * b for a, b in zip(c, x, strict=True)) % 2 for c in cells(n)]
    )


def decision_lists(n: int) -> list[Labels]:
    """Grown from the end: a test in front of a list that is there already."""
    known = {(0,) * 2**n, (1,) * 2**n}
    while True:
        longer = {
            tuple(out if x[axis] == sign else rest[i] for i, x in enumerate(cells(n)))
            for rest in known
            for axis in range(n)
            for sign in (0, 1)
            for out in (0, 1)
        }
        if longer <= known:
            return sorted(known)
        known |= longer


@pytest.mark.parametrize(
    ("name", "functions", "most"),
    [
        ("conjunctions", conjunctions, 3),
        ("monotone-conjunctions", lambda n: conjunctions(n, (None, 1)), 3),
        ("disjunctions", disjunctions, 3),
        ("k-cnf(1)", conjunctions, 3),
        ("parities", parities, 3),
        ("decision-lists", decision_lists, 3),
        ("boolean-functions", lambda n: cells(2**n), 2),
        ("decision-trees(depth=2)", lambda n: cells(2**n), 2),
    ],
)
def test_boolean_classes_by_exhaustion(
    name: str, functions: Callable[[int], list[Labels]], most: int
) -> None:
    for n in range(1, most + 1):
        expected = dimension(functions(n))
        assert value("vc_dimension", hypothesis_class=name, dimension=str(n)) == expected


# Growth functions: no set has more labelings, and some random set has as many.


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("thresholds", 1),
        ("both-rays", 1),
        ("intervals", 1),
        ("intervals(2)", 1),
        ("intervals(length=9)", 1),
        ("rings", 2),
        ("linear", 1),
        ("linear", 2),
        ("linear", 3),
        ("linear-through-origin", 2),
        ("linear-through-origin", 3),
        ("polynomials(2)", 1),
        ("polynomials(2)", 2),
        ("circles", 1),
        ("circles", 2),
    ],
)
def test_growth_is_the_most_labelings_of_any_points(name: str, space: int) -> None:
    chance = random.Random(3)
    size = str(space)
    for n in (1, 3, 6):
        most = value("growth", hypothesis_class=name, dimension=size, n=str(n))
        reach = 9 if "length" in name else 10**6
        counts = []
        for _ in range(25):
            scale = chance.choice((reach, reach, 3))
            points = [
                tuple(Fraction(chance.randint(-scale, scale)) for _ in range(space))
                for _ in range(n)
            ]
            counts.append(the_decider(name, points).dichotomies() or 0)
        assert max(counts) == most
        formula = value("growth", hypothesis_class=name, dimension=size)
        assert evaluate(formula, {Symbol("n"): Fraction(n)}) == most


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("thresholds", 1),
        ("both-rays", 1),
        ("intervals(3)", 1),
        ("intervals(length=1/2)", 1),
        *((name, d) for name in ("linear", "circles", "rectangles", "rings") for d in (1, 2, 3)),
        ("linear-through-origin", 3),
        ("polynomials(3)", 1),
        ("polynomials(2)", 2),
        ("rotated-rectangles", 2),
    ],
)
def test_the_shattered_set_has_as_many_points_as_the_dimension(name: str, space: int) -> None:
    """The derivation shows the set, and a table of its labelings in which nothing fails."""
    derivation = solved(hypothesis_class=name, dimension=str(space))
    answer = derivation.answer("vc_dimension")
    assert answer is not None
    number, table, count = derivation.steps[0].substeps
    (points,) = number.blocks
    assert isinstance(points, Table)
    known = len(points.rows) if len(points.rows) > 1 else len(points.header) - 1
    assert known == answer.value
    (found,) = table.blocks
    assert isinstance(found, Table)
    assert {row[1] for row in found.rows} == {"yes"}
    (chain,) = count.blocks
    assert exact(chain.members[1]) == 2**answer.value  # type: ignore[union-attr]


def test_infinite_dimensions() -> None:
    for name in ("sine", "convex-polygons", "nearest-neighbours", "3-nn"):
        assert value("vc_dimension", hypothesis_class=name) == math.inf
        assert value("can_shatter", hypothesis_class=name, n="50") is True
        assert value("growth", hypothesis_class=name, n="50") == 2**50


def test_every_class_is_answered_or_says_why_not() -> None:
    open_questions = {"k-cnf", "k-dnf", "decision-trees"}
    for name in set(CLASSES) - open_questions:
        assert value("vc_dimension", hypothesis_class=name) is not None
    for name in open_questions:
        with pytest.raises(Unsolved, match="no formula is known"):
            solved(hypothesis_class=name)


def test_eight_points_in_convex_position_are_not_shattered_by_turning_rectangles() -> None:
    chance = random.Random(2)
    for _ in range(4):
        angles = sorted(chance.sample(range(360), 8))
        rows = [
            [
                str(round(1000 * math.cos(math.radians(a)))),
                str(round(1000 * math.sin(math.radians(a)))),
            ]
            for a in angles
        ]
        assert value("shattered", hypothesis_class="rotated-rectangles", points=rows) is False
    rows = [[str(x), str(y)] for x, y in HEPTAGON]
    assert value("dichotomies", hypothesis_class="rotated-rectangles", points=rows) == 128


# Point sets.


def test_many_points_are_counted_and_not_listed() -> None:
    chance = random.Random(4)
    rows = [[str(chance.randint(0, 10**6)), str(chance.randint(0, 10**6))] for _ in range(150)]
    derivation = solved(hypothesis_class="linear", points=rows)
    answer = derivation.answer("dichotomies")
    assert answer is not None
    assert answer.value == 150**2 - 150 + 2
    longest = max(len(t.rows) for t in tables(derivation.steps))
    assert longest <= 20


def tables(steps: Sequence[Step]) -> Iterable[Table]:
    for step in steps:
        yield from (block for block in step.blocks if isinstance(block, Table))
        yield from tables(step.substeps)


def test_repeated_points_are_not_shattered() -> None:
    for name in ("linear", "rectangles", "circles", "convex-polygons", "rotated-rectangles"):
        rows = [["1", "2"], ["3", "4"], ["1", "2"]]
        assert value("shattered", hypothesis_class=name, points=rows) is False
        assert value("dichotomies", hypothesis_class=name, points=rows) == 4


def test_a_panel_for_each_labeling_that_is_shown() -> None:
    square = [["0", "0"], ["1", "0"], ["0", "1"], ["1", "1"]]
    (picture,) = solved(hypothesis_class="linear", points=square).pictures
    assert isinstance(picture.drawing, Labelings)
    drawn = picture.drawing.plot()
    assert isinstance(drawn, Panels)
    titles = [plot.title for plot in drawn.plots]
    assert len(titles) == 8
    assert [title for title in titles if "✗" in str(title)] == ["0110 ✗"]
    assert not solved(hypothesis_class="linear", points=[["0", "0", "0"]]).pictures


# Tables of hypotheses.


def test_tables_by_exhaustion() -> None:
    chance = random.Random(6)
    for _ in range(60):
        points = chance.randint(2, 5)
        rows = [
            [str(chance.randint(0, 1)) for _ in range(points)] for _ in range(chance.randint(1, 12))
        ]
        known = {tuple(row) for row in rows}
        best = max(
            size
            for size in range(points + 1)
            for columns in combinations(range(points), size)
            if len({tuple(row[c] for c in columns) for row in known}) == 2**size
        )
        derivation = solved(hypotheses=rows)
        found = {answer.name: answer.value for answer in derivation.answers}
        assert found["vc_dimension"] == best
        assert found["dichotomies"] == len(known)
        assert found["shattered"] is (len(known) == 2**points)
        assert best <= float(found["upper_bound"]) == pytest.approx(math.log2(len(known)))  # type: ignore[arg-type]
        if "missing" in found:
            assert tuple(str(label) for label in found["missing"]) not in known  # type: ignore[union-attr]
        assert value("realisable", hypotheses=rows, labels=rows[0]) is True


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"hypothesis_class": "linear", "points": "1 2; 3 4", "dimension": "3"}, "3 coordinates"),
        ({"hypothesis_class": "linear", "points": ""}, "a row a point"),
        ({"hypothesis_class": "linear", "points": "0 0; 1 x"}, "decided exactly"),
        ({"vc_dimension": "3", "points": "1 2"}, "points need a hypothesis_class"),
        ({"vc_dimension": "3", "dimension": "2"}, "no use"),
        ({"hypotheses": "0 1; 1 1", "n": "2"}, "no use"),
        ({"hypotheses": "0"}, "a whole number from 1"),
        ({"hypotheses": "0 1; 1 1", "labels": "1"}, "a label for each of the 2 points"),
    ],
)
def test_refuses(given: dict[str, str], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        solved(**given)
    assert message in str(caught.value)
