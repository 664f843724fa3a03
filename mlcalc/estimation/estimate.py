"""What a method of estimation returns: its steps, and each parameter's estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcalc.estimation.model import Unknown
from mlcalc.maths.board import Note
from mlcalc.maths.functions import Scalar
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.showing.derivation import Answer, Result, Step, number_answer


class Estimate(Record):
    """θ̂: a number, or a formula in letters, or a whole interval of maximisers."""

    unknown: Unknown
    value: Scalar | None = None
    claimed: Expr | None = None
    """The formula as an answer gives it, with sum(T(x)) for the sums; None beside a number."""
    shown: Expr | None = None
    """The formula as it is printed."""
    interval: tuple[Scalar, Scalar] | None = None
    compound: Result | None = None
    """A value that is no single number, printed as `shown`: {category: p}, a vector, a matrix."""

    def answer(self, symbol: Symbol | None = None, name: str | None = None) -> Answer:
        """The answer of that name; the only parameter of a model is also called `estimate`."""
        symbol = symbol or self.unknown.hat
        name = name or self.unknown.name
        if self.compound is not None:
            assert self.shown is not None
            alone = isinstance(self.compound, Mapping)
            return Answer(name, self.compound, self.shown, None if alone else symbol)
        if self.value is not None:
            return replace(number_answer(name, self.value, symbol), interval=self.interval)
        assert self.claimed is not None
        return Answer(name, self.claimed, self.shown or self.claimed, symbol)


class Working(Record):
    """The steps of a method, its estimates in order, notes, and the log-likelihood if known."""

    steps: Sequence[Step]
    estimates: tuple[Estimate, ...]
    notes: tuple[Note, ...] = ()
    log_likelihood: Scalar | Expr | None = None
