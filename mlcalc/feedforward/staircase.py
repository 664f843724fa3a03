"""Functions of one variable in steps: the place where each begins, and its value from there on."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from mlcalc.document import Raw
from mlcalc.fields import FieldType, MatrixOf, Schema
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Neg, Symbol
from mlcalc.records import Record

MOST_STEPS = 20
EVERYWHERE = Neg(Symbol("inf"))


class Levels(Record):
    """The value `before` the first step, and then (where it begins, value) of each, in order."""

    before: Fraction
    steps: tuple[tuple[Fraction, Fraction], ...]

    def jumps(self) -> tuple[Fraction, ...]:
        """By how much the function rises at each step."""
        values = (self.before, *(value for _, value in self.steps))
        return tuple(after - value for value, after in pairwise(values))


class Staircase(FieldType[Levels]):
    """Rows of a place and the value from there on: 0 2; 1 5; 3 0 is 2 on [0, 1), 5 on [1, 3).

    Before the first place the function is 0, or the value of a row that begins at -inf.
    """

    metavar = "ROWS"
    expected = "rows of a place and the value from there on, such as '0 2; 1 5; 3 0'"

    def read(self, raw: Raw) -> Levels:
        found = MatrixOf(has_infinity=True).read(raw)
        rows = list(found.rows)
        if found.shape[1] != 2 or len(rows) > MOST_STEPS:
            raise self.refused(
                raw, hint=f", {MOST_STEPS} rows at most" if rows[MOST_STEPS:] else ""
            )
        before: Fraction | None = Fraction(0)
        if rows[0][0] == EVERYWHERE:
            before = exact(rows.pop(0)[1])
        pairs = [(exact(place), exact(value)) for place, value in rows]
        steps = tuple((p, v) for p, v in pairs if p is not None and v is not None)
        if before is None or len(steps) != len(pairs) or not steps:
            raise self.refused(raw, f"{self.expected}, all of them numbers")
        if any(place >= after for (place, _), (after, _) in pairwise(steps)):
            raise self.refused(raw, "places that grow from row to row")
        return Levels(before, steps)

    def schema(self) -> Schema:
        return MatrixOf().schema()
