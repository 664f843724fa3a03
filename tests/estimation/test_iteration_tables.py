"""The scores that a table of iterations shows, against the same scores in fifty digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Expr
from mlcalc.showing.derivation import Table

HIGH = mpmath.mp.clone()
HIGH.dps = 50


def rows(distribution: str, data: str) -> list[list[float]]:
    """The numbers of the table whose first column counts the iterations."""
    given: Any = {"distribution": distribution, "data": data}
    found = solve("mle", from_plain(given, Place("test")))
    blocks = [block for step in found.steps for block in step.blocks]
    (table,) = [b for b in blocks if isinstance(b, Table) and b.header[0] == "k"]
    return [[float(scalar(cell)) for cell in row if isinstance(cell, Expr)] for row in table.rows]


def logs(data: str) -> Any:
    return sum(HIGH.log(HIGH.mpf(x)) for x in data.split(","))


def gamma(data: str, a: float) -> list[Any]:
    numbers = [HIGH.mpf(x) for x in data.split(",")]
    mean = sum(numbers) / len(numbers)
    s = HIGH.log(mean) - logs(data) / len(numbers)
    return [HIGH.log(HIGH.mpf(a)) - HIGH.psi(0, a) - s]


def cauchy(data: str, centre: float) -> list[Any]:
    gaps = [HIGH.mpf(x) - HIGH.mpf(centre) for x in data.split(",")]
    return [sum(2 * gap / (1 + gap**2) for gap in gaps)]


def beta(data: str, a: float, b: float) -> list[Any]:
    n = len(data.split(","))
    rest = sum(HIGH.log(1 - HIGH.mpf(x)) for x in data.split(","))
    both = HIGH.psi(0, HIGH.mpf(a) + HIGH.mpf(b))
    return [n * (both - HIGH.psi(0, HIGH.mpf(a))) + logs(data),
            n * (both - HIGH.psi(0, HIGH.mpf(b))) + rest]  # fmt: skip


@pytest.mark.parametrize(
    ("distribution", "data", "score"),
    [
        ("gamma", "1.7, 0.43, 2.91", gamma),
        ("gamma", "170, 43, 291, 5, 88", gamma),
        ("cauchy", "1.7, 0.43, 2.91", cauchy),
        ("cauchy", "1, 2, 4", cauchy),
        ("beta", "0.7, 0.43, 0.91", beta),
        ("beta", "0.01, 0.02, 0.013", beta),
    ],
)
def test_no_digit_of_a_score_is_rounding(
    distribution: str, data: str, score: Callable[..., list[Any]]
) -> None:
    unknown = 2 if distribution == "beta" else 1
    found = rows(distribution, data)
    assert len(found) > 1
    for row in found:
        point, shown = row[1 : 1 + unknown], row[1 + unknown : 1 + 2 * unknown]
        for cell, true in zip(shown, score(data, *point), strict=True):
            if cell == 0:
                assert abs(true) < 1e-8
            else:
                assert cell == pytest.approx(float(true), rel=1e-4)
    assert not any(found[-1][1 + unknown : 1 + 2 * unknown])
