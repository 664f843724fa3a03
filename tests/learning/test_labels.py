"""A labeling of points, asked as a question: every class, every labeling, every line true."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.model import Labeling
from mlcalc.marking.exercise import solve
from tests.chains import closed_links, expressions, is_true
from tests.learning.test_shattering import (
    Points,
    both,
    boxes,
    conics,
    discs,
    intervals,
    lines,
    of_length_two,
    origin_balls,
    parabolas,
    polygons,
    rays,
    rings,
    through_origin,
    two_intervals,
)

ON_THE_LINE = ("3", "1; 2", "2; 1; 1", "5; 5; 5", "1; 2; 3", "-1; 0; 1/2; 4")
IN_THE_PLANE = ("1 0", "1 0; 2 0", "0 0; 0 0", "0 0; 1 1; 2 2", "1 1; 2 2; 1 1", "0 0; 1 0; 0 1")

CASES: tuple[tuple[str, Callable[[Points], set[Labeling]], tuple[str, ...]], ...] = (
    ("thresholds", rays, ON_THE_LINE),
    ("both-rays", both, ON_THE_LINE),
    ("intervals", intervals, ON_THE_LINE),
    ("intervals(2)", two_intervals, ON_THE_LINE),
    ("intervals(length=2)", of_length_two, ON_THE_LINE),
    ("polynomials(2)", parabolas, ON_THE_LINE),
    ("polynomials(2)", conics, IN_THE_PLANE),
    ("rings", rings, (*IN_THE_PLANE, "1; 2")),
    ("origin-balls", origin_balls, (*IN_THE_PLANE, "1; 2")),
    ("rectangles", boxes, IN_THE_PLANE),
    ("linear", lines, (*ON_THE_LINE, *IN_THE_PLANE)),
    ("linear-through-origin", through_origin, IN_THE_PLANE),
    ("circles", discs, IN_THE_PLANE),
    ("convex-polygons", polygons, IN_THE_PLANE),
)
"""A class, its labelings by another method, and point sets: one point, repeated, collinear."""


@pytest.mark.parametrize(
    ("name", "witness", "points"),
    [(name, witness, points) for name, witness, sets in CASES for points in sets],
)
def test_every_labeling(name: str, witness: Callable[[Points], set[Labeling]], points: str) -> None:
    realised = witness([read(point) for point in points.split(";")])
    for labels in product((0, 1), repeat=points.count(";") + 1):
        given = {"hypothesis_class": name, "points": points, "labels": ", ".join(map(str, labels))}
        found = solve("vc", from_plain(given, Place("test")))  # type: ignore[arg-type]
        answer = found.answer("realisable")
        assert answer is not None
        assert answer.value is (labels in realised), given
        for expression in expressions(found):
            for left, relation, right, a, b in closed_links(expression):
                assert is_true(a, relation, b, is_rounded=False), (given, left, relation, right)


def read(point: str) -> Point:
    return tuple(map(Fraction, point.split()))
