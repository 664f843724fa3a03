"""What is known of a sample: its size and the sum of its values, as numbers or as letters."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, BigOp, Expr, Indexed, Number, Symbol
from mlcalc.records import Record

N, X, INDEX = Symbol("n"), Symbol("x"), Symbol("i")
ONE = Number(Fraction(1))
OBSERVATION = Indexed(X, (INDEX,))
SUM_OF_X = BigOp("sum", OBSERVATION, INDEX)


class Observed(Record):
    """`count` and `total` are None where they stay letters; `data` are the values, if given."""

    count: Expr | None = None
    total: Expr | None = None
    data: tuple[Expr, ...] = ()

    @classmethod
    def from_data(cls, data: Sequence[Expr]) -> Observed:
        values = [exact(item) or Fraction(0) for item in data]
        total = Number(sum(values, Fraction(0)))
        return cls(Number(Fraction(len(data))), total, tuple(data))

    @property
    def is_symbolic(self) -> bool:
        return self.count is None

    def sum_written(self) -> list[Expr]:
        """3 + 4 + 1, then 8; only the sum where there are many data."""
        if not self.data or self.total is None:
            return [] if self.total is None else [self.total]
        if len(self.data) == 1 or len(self.data) > 20:
            return [self.total]
        return [Add(self.data), self.total]
