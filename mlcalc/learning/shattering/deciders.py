"""Which class is decided how."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.boxes import Boxes
from mlcalc.learning.shattering.halfspaces import Discs, HalfSpaces, Polynomials
from mlcalc.learning.shattering.hulls import ConvexPolygons
from mlcalc.learning.shattering.line import (
    BothRays,
    FixedLength,
    Intervals,
    Rings,
    Thresholds,
)
from mlcalc.learning.shattering.model import Decider
from mlcalc.learning.shattering.rotated import RotatedRectangles
from mlcalc.maths.evaluate import exact


def decider(named: HypothesisClass, points: Sequence[Point]) -> Decider | None:
    """What decides labelings of the points, which fit the class; None for theory only.

    The sizes of the class must be numbers.
    """
    match named.name:
        case "thresholds":
            return Thresholds(points)
        case "both-rays":
            return BothRays(points)
        case "intervals":
            return interval_decider(named, points)
        case "linear":
            return HalfSpaces(points)
        case "linear-through-origin":
            return HalfSpaces(points, bias=False)
        case "polynomials":
            degree = named.number("degree")
            return None if degree is None else Polynomials(points, degree)
        case "rectangles":
            return Boxes(points)
        case "rotated-rectangles":
            return RotatedRectangles(points)
        case "circles":
            return Discs(points)
        case "rings":
            return Rings(points)
        case "convex-polygons":
            return ConvexPolygons(points)
    return None


def interval_decider(named: HypothesisClass, points: Sequence[Point]) -> Decider | None:
    count, length = named.number("count"), named.size("length")
    if length is None:
        return None if count is None else Intervals(points, count)
    value = exact(length)
    return FixedLength(points, value) if value is not None and count == 1 else None
