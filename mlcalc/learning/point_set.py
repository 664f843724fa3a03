"""A point set as it is typed: `0 0; 1 0; 0 1`, (0, 0), (1, 0), (0, 1), or a list of numbers."""

from __future__ import annotations

from mlcalc.document import Raw, Text
from mlcalc.errors import Invalid
from mlcalc.fields import Vectors, is_single, tree
from mlcalc.maths import reader
from mlcalc.maths.tree import Matrix


class PointSet(Vectors):
    """Points of one dimension, each kept as a column."""

    metavar = "POINTS"
    expected = "points such as '0 0; 1 0; 0 1', a row a point"

    def read(self, raw: Raw) -> tuple[Matrix, ...]:
        if not isinstance(raw, Text):
            return super().read(raw)
        if raw.value.strip() in ("", "[]"):
            raise self.refused(raw)
        if not raw.value.lstrip().startswith("("):
            return super().read(raw)
        rows = [reader.items_of(item) for item in reader.items_of(tree(raw))]
        for number, row in enumerate(rows, 1):
            if not all(map(is_single, row)):
                raise self.refused(raw)
            if len(row) != len(rows[0]):
                lengths = (
                    f"point {number} has {len(row)} coordinates and point 1 has {len(rows[0])}"
                )
                raise Invalid.at(f"expected points of one dimension, but {lengths}", raw.place)
        return tuple(map(Matrix.column, rows))
