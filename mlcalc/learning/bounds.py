"""The bounds of learning theory as data: what each promises, and its inequality for each unknown.

The letters: N examples, accuracy epsilon, confidence 1 − delta, |H| hypotheses, VC dimension d_VC.
Where the unknown stands on the right side too, the inequality is solved by iteration.  The growth
function m_H is written `growth(2*N)` and stands for the polynomial or Sauer's sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from mlcalc.derivation import Answer, Result
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Expr,
    Indexed,
    Number,
    Pow,
    Symbol,
    call,
    map_parts,
    substitute,
    walk,
)
from mlcalc.records import Record

N, EPSILON, DELTA = Symbol("N"), Symbol("epsilon"), Symbol("delta")
CLASS_SIZE = Call("abs", (Symbol("H"),))
DIMENSION = Symbol("d", "VC")
UNKNOWNS: Mapping[str, Expr] = MappingProxyType(
    {"samples": N, "epsilon": EPSILON, "delta": DELTA, "hypotheses": CLASS_SIZE}
)
COUNTS = ("samples", "hypotheses")
INEQUALITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"samples": (">=",), "epsilon": (">=", "<="), "delta": (">=", "<="), "hypotheses": ("<=",)}
)
"""How people write each: N ≥ the least number; |H| ≤ the largest; ε by either of its roles, as
the error that is promised and as what the bound leaves room for."""

GROWTH = Symbol("m", "H")

GROWTH_MEANINGS = {
    "polynomial": "m_H(n) ≤ n^d + 1 (Abu-Mostafa et al. 2012, section 2.1.3)",
    "sauer": "m_H(n) ≤ C(n, 0) + … + C(n, d) (Sauer 1972)",
}


class Bound(Record):
    """One theorem: a probability of failure that is at most `failure`, demanded to be ≤ δ.

    `capacity` is what it measures a class by: "hypotheses" or "vc_dimension".  `setting` is the
    one that it needs, or nothing where it holds in both.  `solutions` give the smallest N, ε, δ
    and the largest |H|; `lines` lead there.  `requires` must hold for the unknown to exist.
    """

    name: str
    title: str
    source: str
    capacity: str
    event: str
    failure: str
    solutions: Mapping[str, str]
    lines: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    requires: Mapping[str, str] = MappingProxyType({})
    setting: str = ""
    reason: str = ""
    log: str = "ln"
    is_order_of: bool = False
    """Whether the theorem is stated with O(…), and the source gives it constants."""
    is_one_sided: bool = False
    """Whether it speaks of R(h) − R̂(h) alone, which may be negative."""
    before: str = ""
    """What the failure is bounded by first, before its simpler bound."""

    def solution(self, unknown: str) -> Expr:
        return formula(self.solutions[unknown])

    def is_iterated(self, unknown: str) -> bool:
        return UNKNOWNS[unknown] in set(walk(self.solution(unknown)))

    @property
    def criterion(self) -> str:
        """What is promised with probability at least 1 − δ, in words."""
        if self.setting == "realizable":
            what = "every hypothesis without an error on the N examples (R̂(h) = 0) has R(h) ≤ ε"
        elif self.is_one_sided:
            what = "R(h) ≤ R̂(h) + ε for every hypothesis h; how far R(h) lies below is left open"
        else:
            what = "|R(h) − R̂(h)| ≤ ε for every hypothesis h"
        return (
            "R(h) is the probability that h errs on a new example, R̂(h) its share of errors on "
            f"the N examples; promised with probability at least 1 − δ: {what}"
        )

    @property
    def uses_growth(self) -> bool:
        return "growth" in self.solutions["samples"]


def unknown_answer(unknown: str, value: Result, maths: Expr) -> Answer:
    """One of the four quantities, solved for."""
    return Answer(
        unknown,
        value,
        maths,
        UNKNOWNS[unknown],
        is_count=unknown in COUNTS,
        inequalities=INEQUALITIES[unknown],
    )


@cache
def formula(text: str) -> Expr:
    """The notation of a bound: `growth[2*N]` is m_H(2N)."""
    return read(text)


def with_growth(expression: Expr, form: str) -> Expr:
    """m_H(n) replaced by its bound in d: n^d + 1 or Σ C(n, i)."""
    if isinstance(expression, Indexed) and expression.base == Symbol("growth"):
        (points,) = expression.indices
        if form == "letters":
            return Call(GROWTH.spelled, (points,))
        if form == "polynomial":
            return Add((Pow(points, DIMENSION), Number(Fraction(1))))
        index = Symbol("i")
        zero = Number(Fraction(0))
        return BigOp("sum", call("binomial", points, index), index, zero, DIMENSION)
    return map_parts(expression, lambda part: with_growth(part, form))


def put_in(expression: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """The formula with the numbers in the place of the letters."""
    return substitute(expression, values)
