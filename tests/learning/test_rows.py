"""Rows of data fit a class just where the class gives points their labels."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from mlcalc.learning import consistent
from mlcalc.learning.consistent import nearest_rows
from mlcalc.learning.separation import Point
from tests.conftest import Ran

Run = Callable[..., Ran]

CLASSES = {
    "thresholds": 1, "intervals(2)": 1, "intervals(length=2)": 1, "linear": 2,
    "linear-through-origin": 2, "polynomials(degree=2)": 2, "rectangles": 2, "circles": 2,
    "rings": 2, "rotated-rectangles": 2, "convex-polygons": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_rows_fit_where_points_have_their_labels(name: str, run: Run) -> None:
    rng = random.Random(7)
    seen = set()
    for _ in range(8):
        places = [tuple(rng.randint(-2, 2) for _ in range(CLASSES[name])) for _ in range(5)]
        points = [point for point in dict.fromkeys(places) if any(point)]
        labels = [rng.randint(0, 1) for _ in points]
        labels[0] = 1
        typed = "; ".join(" ".join(map(str, point)) for point in points)
        listed = ", ".join(map(str, labels))
        told = run("vc", name, f"--points={typed};", f"--labels={listed}", "--quiet").out
        cells = [
            dict(zip("uv", p, strict=False)) | {"y": y} for p, y in zip(points, labels, strict=True)
        ]
        rows = ", ".join(str(row).replace("'", "") for row in cells)
        found = run("pac", name, f"--data=[{rows}]", "--label=y", "--quiet").out
        fits = "realisable = yes" in told
        assert fits or "realisable = no" in told
        assert ("case = realizable" in found) is fits, (points, labels)
        seen.add(fits)
    assert True in seen


def test_the_nearest_rows_are_those_of_all() -> None:
    rng = random.Random(3)
    for _ in range(200):
        dimension, count = rng.randint(1, 3), rng.randint(1, 20)
        points: list[Point] = [
            tuple(Fraction(rng.randint(-4, 4), rng.choice((1, 1, 3))) for _ in range(dimension))
            for _ in range(count)
        ]
        k = rng.randint(1, count)
        for point, found in zip(points, nearest_rows(points, k), strict=True):
            away = [sum((a - b) ** 2 for a, b in zip(point, p, strict=True)) for p in points]
            assert found == sorted(range(count), key=lambda n: (away[n], n))[:k]


def test_few_rows_are_looked_at_for_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    insort = consistent.insort

    def counted(*arguments: object) -> None:
        nonlocal looked
        looked += 1
        insort(*arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(consistent, "insort", counted)
    count = 2000
    list(nearest_rows([(Fraction(n), Fraction(n % 7)) for n in range(count)], 3))
    assert looked < 20 * count
