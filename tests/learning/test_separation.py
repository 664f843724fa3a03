"""Separation is decided as a linear program decides it, and every plane and proof is checked."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from mlcalc.learning.separation import CommonPoint, Plane, Point, separate


def check(points: list[Point], labels: list[int], bias: bool) -> bool:
    """Whether the points are separated; the witness or the certificate is verified exactly."""
    found = separate(points, labels, bias)
    if isinstance(found, Plane):
        assert [int(found.holds(point)) for point in points] == labels
        assert bias or found.bias == 0
        assert all(found.value(point) != 0 for point in points)
        return True
    for side, own in ((found.positive, 1), (found.negative, 0)):
        assert all(labels[number] == own and value > 0 for number, value in side)
        total = [
            sum((c * points[n][axis] for n, c in side), Fraction(0))
            for axis in range(len(points[0]))
        ]
        assert tuple(total) == found.point
        assert not bias or sum(value for _, value in side) == 1
    assert bias or sum(value for _, value in found.positive + found.negative) == 1
    assert len(found.positive) + len(found.negative) <= len(points[0]) + 1 + bias
    return False


def cases(count: int) -> list[tuple[list[Point], list[int]]]:
    """Small grids, so that points repeat and lie on common lines; fractions now and then."""
    chance = random.Random(5)
    found = []
    for _ in range(count):
        dimension, side = chance.randint(1, 4), chance.choice((1, 2, 3, 10))
        below = chance.choice((1, 1, 3))
        points = [
            tuple(Fraction(chance.randint(-side, side), below) for _ in range(dimension))
            for _ in range(chance.randint(1, 9))
        ]
        found.append((points, [chance.randint(0, 1) for _ in points]))
    return found


def test_agrees_with_a_linear_program() -> None:
    linprog = pytest.importorskip("scipy.optimize").linprog
    verdicts = []
    for number, (points, labels) in enumerate(cases(600)):
        bias = number % 3 > 0
        rows, bounds = [], []
        for point, label in zip(points, labels, strict=True):
            vector = [*map(float, point), *([1.0] if bias else [])]
            rows.append([-x if label else x for x in vector])
            bounds.append(-1.0)
        done = linprog([0.0] * len(rows[0]), rows, bounds, bounds=(None, None))
        verdicts.append(done.status == 0)
        assert check(points, labels, bias) is verdicts[-1], (points, labels, bias)
    assert min(verdicts.count(True), verdicts.count(False)) > 100


def test_many_points_need_no_large_tableau() -> None:
    chance = random.Random(1)
    points = [tuple(Fraction(chance.randint(-999, 999)) for _ in range(5)) for _ in range(2000)]
    labels = [int(3 * p[0] - 2 * p[1] + p[4] > 7) for p in points]
    assert check(points, labels, True)
    assert isinstance(separate([*points, points[0]], [*labels, 1 - labels[0]]), CommonPoint)


def test_exclusive_or_has_a_common_point() -> None:
    corners = [(Fraction(x), Fraction(y)) for x in (0, 1) for y in (0, 1)]
    found = separate(corners, [0, 1, 1, 0])
    assert isinstance(found, CommonPoint)
    assert found.point == (Fraction(1, 2), Fraction(1, 2))
