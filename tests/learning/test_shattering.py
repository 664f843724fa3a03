"""Every labeling of a thousand small point sets, decided exactly and by an independent method.

A witness must give the labels.  That there is none is confirmed by a linear program (half-spaces,
polynomials, discs, hulls), by rectangles turned through a fine fan of directions, or by trying
every ray, interval and box whose ends are at points or between them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product

import pytest

from mlcalc.files.document import Text
from mlcalc.files.errors import Place
from mlcalc.learning.hypothesis_class import NamedClass
from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.model import Decider, Labeling, Witness
from mlcalc.learning.shattering.regions import regions

Points = Sequence[Point]
CHANCE = 7


def the_decider(name: str, points: Points) -> Decider:
    found = NamedClass().read(Text(name, Place("", name))).decider(points)
    assert found is not None
    return found


def random_points(chance: random.Random, dimension: int, most: int) -> list[Point]:
    """On a small grid: points repeat, lie on common lines and on common circles."""
    side, below = chance.choice((1, 2, 2, 4, 20)), chance.choice((1, 1, 2))
    return [
        tuple(Fraction(chance.randint(-side, side), below) for _ in range(dimension))
        for _ in range(chance.randint(1, most))
    ]


def realised(found: Decider) -> set[Labeling]:
    """The labelings with a witness, each of which is checked."""
    result = set()
    for labels in product((0, 1), repeat=len(found.points)):
        decision = found.decide(labels)
        if isinstance(decision, Witness):
            assert tuple(int(decision.holds(p)) for p in found.points) == labels, (
                found.points,
                labels,
                decision.shown,
            )
            result.add(labels)
    return result


def check(name: str, points: Points, expected: set[Labeling]) -> None:
    """The labelings, their number, whether all are realised, and one that is missing."""
    found = the_decider(name, points)
    assert realised(found) == expected, (name, points)
    assert found.dichotomies() == len(expected), (name, points)
    missing = found.missing()
    assert (missing is None) == (len(expected) == 2 ** len(points))
    assert missing not in expected
    if found.symmetric:
        assert {tuple(1 - label for label in labels) for labels in expected} == expected


# On the line, and boxes: every member of the class that could matter is tried.


def places(values: Sequence[Fraction]) -> list[Fraction]:
    """The values, and a place between and beside each two."""
    ordered = sorted(set(values))
    middles = [(a + b) / 2 for a, b in pairwise(ordered)]
    return sorted([ordered[0] - 1, *ordered, *middles, ordered[-1] + 1])


def labelings(points: Points, rules: Sequence[Callable[[Point], bool]]) -> set[Labeling]:
    return {tuple(int(rule(point)) for point in points) for rule in rules}


def rays(points: Points) -> set[Labeling]:
    return labelings(points, [lambda p, a=a: p[0] >= a for a in places([p[0] for p in points])])


def both(points: Points) -> set[Labeling]:
    found = rays(points)
    return found | {tuple(1 - label for label in labels) for labels in found}


def intervals(points: Points) -> set[Labeling]:
    ends = places([p[0] for p in points])
    pairs = combinations(ends, 2)
    found = labelings(points, [lambda p, a=a, b=b: a <= p[0] <= b for a, b in pairs])
    return found | labelings(points, [lambda p, a=a: p[0] == a for a in ends])


def two_intervals(points: Points) -> set[Labeling]:
    one = intervals(points)
    return {tuple(map(max, a, b)) for a in one for b in one}


def of_length_two(points: Points) -> set[Labeling]:
    values = [p[0] for p in points]
    starts = places([*values, *(value - 2 for value in values)])
    return labelings(points, [lambda p, a=a: a <= p[0] <= a + 2 for a in starts])


def rings(points: Points) -> set[Labeling]:
    return intervals([(sum((x * x for x in p), Fraction(0)),) for p in points])


def origin_balls(points: Points) -> set[Labeling]:
    squares = [sum((x * x for x in p), Fraction(0)) for p in points]
    found = {tuple(int(square <= edge) for square in squares) for edge in squares}
    return found | {tuple(int(square == 0) for square in squares)}


def boxes(points: Points) -> set[Labeling]:
    sides = [intervals([(point[axis],) for point in points]) for axis in range(len(points[0]))]
    return {tuple(map(min, *chosen, (1,) * len(points))) for chosen in product(*sides)}


@pytest.mark.parametrize(
    ("name", "brute", "dimension", "most"),
    [
        ("thresholds", rays, 1, 6),
        ("both-rays", both, 1, 6),
        ("intervals", intervals, 1, 6),
        ("intervals(2)", two_intervals, 1, 6),
        ("intervals(length=2)", of_length_two, 1, 6),
        ("rings", rings, 2, 5),
        ("origin-balls", origin_balls, 2, 5),
        ("origin-balls", origin_balls, 1, 5),
        ("rectangles", boxes, 2, 5),
        ("rectangles", boxes, 3, 4),
    ],
)
def test_trying_every_member(
    name: str, brute: Callable[[Points], set[Labeling]], dimension: int, most: int
) -> None:
    chance = random.Random(CHANCE)
    for _ in range(25):
        points = random_points(chance, dimension, most)
        check(name, points, brute(points))


# Linear programs.


def by_program(
    rows: Callable[[Labeling], tuple[list[list[float]], list[float]]],
    count: int,
    bounds: Sequence[tuple[float | None, float | None]],
) -> set[Labeling]:
    linprog = pytest.importorskip("scipy.optimize").linprog
    found = set()
    for labels in product((0, 1), repeat=count):
        left, right = rows(labels)
        if linprog([0.0] * len(bounds), left, right, bounds=bounds).status == 0:
            found.add(labels)
    return found


def half_spaces(vectors: Sequence[Sequence[Fraction]], last: float | None = None) -> set[Labeling]:
    """v·w ≥ 1 where the label is 1 and ≤ −1 where it is 0; `last` bounds the last weight."""

    def rows(labels: Labeling) -> tuple[list[list[float]], list[float]]:
        signed = zip(vectors, labels, strict=True)
        left = [[float(-x if label else x) for x in vector] for vector, label in signed]
        return left, [-1.0] * len(labels)

    free: list[tuple[float | None, float | None]] = [(None, None)] * (len(vectors[0]) - 1)
    return by_program(rows, len(vectors), [*free, (None, last)])


def lines(points: Points) -> set[Labeling]:
    return half_spaces([(*p, Fraction(1)) for p in points])


def through_origin(points: Points) -> set[Labeling]:
    return half_spaces(points)


def parabolas(points: Points) -> set[Labeling]:
    return half_spaces([(Fraction(1), p[0], p[0] ** 2) for p in points])


def conics(points: Points) -> set[Labeling]:
    return half_spaces([(1, x, y, x * x, x * y, y * y) for x, y in points])


def discs(points: Points) -> set[Labeling]:
    return half_spaces([(*p, Fraction(1), sum(x * x for x in p)) for p in points], last=0.0)


def polygons(points: Points) -> set[Labeling]:
    """No point labelled 0 is a convex combination of those labelled 1."""
    linprog = pytest.importorskip("scipy.optimize").linprog
    found = set()
    for labels in product((0, 1), repeat=len(points)):
        ones = [p for p, label in zip(points, labels, strict=True) if label]
        columns = [[float(p[0]) for p in ones], [float(p[1]) for p in ones], [1.0] * len(ones)]
        zeros = [p for p, label in zip(points, labels, strict=True) if not label]
        if not ones or not any(
            linprog([0.0] * len(ones), A_eq=columns, b_eq=[float(q[0]), float(q[1]), 1]).status == 0
            for q in zeros
        ):
            found.add(labels)
    return found


@pytest.mark.parametrize(
    ("name", "brute", "dimension", "most", "sets"),
    [
        ("linear", lines, 1, 4, 40),
        ("linear", lines, 2, 5, 60),
        ("linear", lines, 3, 5, 40),
        ("linear-through-origin", through_origin, 2, 4, 60),
        ("linear-through-origin", through_origin, 3, 4, 30),
        ("polynomials(2)", parabolas, 1, 5, 40),
        ("polynomials(2)", conics, 2, 5, 30),
        ("circles", discs, 2, 5, 60),
        ("circles", discs, 1, 4, 30),
        ("circles", discs, 3, 4, 30),
        ("convex-polygons", polygons, 2, 5, 40),
    ],
)
def test_a_linear_program_for_each_labeling(
    name: str, brute: Callable[[Points], set[Labeling]], dimension: int, most: int, sets: int
) -> None:
    chance = random.Random(CHANCE)
    for _ in range(sets):
        points = random_points(chance, dimension, most)
        check(name, points, brute(points))


def test_rectangles_in_a_fan_of_directions() -> None:
    """Nothing that a fine fan finds is missed, and what it does not find is refuted or thin."""
    chance = random.Random(CHANCE)
    fan = [math.pi / 2 * (step + 0.5) / 3000 for step in range(3000)]
    turned = [(math.cos(angle), math.sin(angle)) for angle in fan]
    for _ in range(20):
        points = [p for p in random_points(chance, 2, 6) if abs(p[0]) < 5 and abs(p[1]) < 5]
        if not points:
            continue
        expected = fanned(points, turned)
        check("rotated-rectangles", points, expected)


def fanned(points: Points, turned: Sequence[tuple[float, float]]) -> set[Labeling]:
    found = {(0,) * len(points)}
    waiting = set(product((0, 1), repeat=len(points))) - found
    for a, b in turned:
        along = [a * float(x) + b * float(y) for x, y in points]
        across = [a * float(y) - b * float(x) for x, y in points]
        for labels in list(waiting):
            ones = [number for number, label in enumerate(labels) if label]
            left, right = min(along[n] for n in ones), max(along[n] for n in ones)
            low, high = min(across[n] for n in ones), max(across[n] for n in ones)
            if not any(
                left - 1e-9 <= along[n] <= right + 1e-9 and low - 1e-9 <= across[n] <= high + 1e-9
                for n, label in enumerate(labels)
                if not label
            ):
                found.add(labels)
                waiting.discard(labels)
    return found


# Counting.


def test_half_plane_dichotomies_of_many_points() -> None:
    """n² − n + 2 in general position (Cover 1965); 2n on a line."""
    parabola = [(Fraction(n), Fraction(n * n)) for n in range(200)]
    assert the_decider("linear", parabola).dichotomies() == 200 * 199 + 2
    line = [(Fraction(n), Fraction(2 * n + 1)) for n in range(50)]
    assert the_decider("linear", line).dichotomies() == 100


def test_regions_of_random_planes() -> None:
    """In general position they are 2·Σ_{i<D} C(n − 1, i) (Schläfli 1852)."""
    chance = random.Random(CHANCE)
    for size in (3, 4, 5):
        planes = [tuple(chance.randint(-(10**6), 10**6) for _ in range(size)) for _ in range(9)]
        assert regions(planes) == 2 * sum(math.comb(8, i) for i in range(size))


def test_five_on_a_circle_and_seven_for_turning_rectangles() -> None:
    """A regular heptagon, rounded to 1/1000, is shattered, so the dimension is 7 at least."""
    heptagon = [
        (
            Fraction(round(1000 * math.cos(2 * math.pi * k / 7)), 1000),
            Fraction(round(1000 * math.sin(2 * math.pi * k / 7)), 1000),
        )
        for k in range(7)
    ]
    assert len(realised(the_decider("rotated-rectangles", heptagon))) == 2**7
