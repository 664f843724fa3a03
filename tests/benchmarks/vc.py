"""Shattering decided exactly beside one linear program for each labeling.

Run with SciPy installed: python tests/benchmarks/vc.py.  Bounds: at least 1000 times as fast for
ten points in the plane; a few seconds for the dichotomies of a thousand.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import product

from scipy.optimize import linprog

from mlcalc.learning.shattering.halfspaces import HalfSpaces
from mlcalc.learning.shattering.model import Obstacle


def seconds(work: Callable[[], object], times: int = 1) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def random_points(count: int) -> list[tuple[Fraction, ...]]:
    chance = random.Random(1)
    return [tuple(Fraction(chance.randint(0, 10**6)) for _ in range(2)) for _ in range(count)]


def programs(points: list[tuple[Fraction, ...]]) -> int:
    """How many labelings a linear program separates."""
    vectors = [(float(x), float(y), 1.0) for x, y in points]
    return sum(
        linprog(
            [0.0] * 3,
            [[-a if label else a for a in v] for v, label in zip(vectors, labels, strict=True)],
            [-1.0] * len(points),
            bounds=(None, None),
        ).status
        == 0
        for labels in product((0, 1), repeat=len(points))
    )


def decided(points: list[tuple[Fraction, ...]]) -> None:
    """The verdict with its certificate: a labeling that fails, and why."""
    space = HalfSpaces(points)
    missing = space.missing()
    assert missing is not None
    assert isinstance(space.decide(missing), Obstacle)


ten, thousand = random_points(10), random_points(1000)
found: list[int | None] = []
exact = seconds(lambda: decided(ten), 100)
lp = seconds(lambda: found.append(programs(ten)))
counted = seconds(lambda: found.append(HalfSpaces(thousand).dichotomies()))
assert found[0] == HalfSpaces(ten).dichotomies()
print(
    f"{lp / exact:7.0f}  (bound 1000)  2^10 linear programs / verdict with certificate, 10 points"
)
print(f"{counted:7.2f}  (bound 5)     seconds for the {found[1]} dichotomies of 1000 points")
