"""Rows of data fit a class just where the class gives points their labels."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

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
