"""A point set as it is typed: `0 0; 1 0; 0 1`, (0, 0), (1, 0), (0, 1), or a list of numbers."""

from __future__ import annotations

import re

from mlcalc.document import Raw, Text
from mlcalc.fields import Vectors

SEPARATORS = re.compile(r"[,;()\[\]{}\\]|\S\s*[\r\n]+\s*\S")


class PointSet(Vectors):
    """Points of one dimension, each kept as a column."""

    metavar = "POINTS"
    expected = "points such as '0 0; 1 0; 0 1', a row a point"


def is_one_line(raw: Raw) -> bool:
    """Whether nothing but spaces separates the numbers, which may be one point or several."""
    return isinstance(raw, Text) and not SEPARATORS.search(raw.value)
