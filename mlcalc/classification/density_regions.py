"""Where the weighted densities cross, and which class is the largest between these places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from mlcalc.classification.density_crossings import Weighed
from mlcalc.classification.density_model import midpoint
from mlcalc.maths.functions import Scalar
from mlcalc.records import Record


class Region(Record):
    """An interval in which one class is the largest; `tied` are those that share it."""

    low: Scalar
    high: Scalar
    label: str
    place: Scalar
    tied: tuple[str, ...] = ()


def regions_of(model: Weighed, roots: Sequence[Scalar]) -> tuple[Region, ...]:
    """The intervals between ends and crossings; neighbours with the same winner are one."""
    ends = sorted({*model.ends(), *roots})
    merged: list[Region] = []
    for low, high in pairwise(ends):
        place = midpoint(low, high)
        region = winner(model, low, high, place)
        if merged and (merged[-1].label, merged[-1].tied) == (region.label, region.tied):
            region = Region(merged.pop().low, high, region.label, place, region.tied)
        merged.append(region)
    return tuple(merged)


def winner(model: Weighed, low: Scalar, high: Scalar, place: Scalar) -> Region:
    """The class with the largest weighted density at one place of an interval without crossings."""
    values = model.values(place)
    top = max(values)
    if not top > 0:
        return Region(low, high, "", place)
    equal = [
        label
        for label, value in zip(model.classes, values, strict=True)
        if value == top or (isinstance(value + top, float) and math.isclose(value, top,
                                                                           rel_tol=1e-12))
    ]  # fmt: skip
    return Region(low, high, equal[0], place, tuple(equal) if len(equal) > 1 else ())
