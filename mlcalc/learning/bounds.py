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
    before: str = ""
    """What the failure is bounded by first, before its simpler bound."""

    def solution(self, unknown: str) -> Expr:
        return formula(self.solutions[unknown])

    def is_iterated(self, unknown: str) -> bool:
        return UNKNOWNS[unknown] in set(walk(self.solution(unknown)))

    @property
    def uses_growth(self) -> bool:
        return "growth" in self.solutions["samples"]


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


FINITE_REALIZABLE = Bound(
    name="finite",
    title="theorem 1: finite class, realizable",
    source="Blumer et al. 1987; Mitchell 1997, equation 7.2",
    capacity="hypotheses",
    setting="realizable",
    event="some bad hypothesis is consistent",
    reason=(
        "a bad hypothesis, of true error above ε, agrees with one example with probability at "
        "most 1 − ε and with N independent ones with at most (1 − ε)^N; the union bound adds up "
        "to |H| of them, and 1 − ε ≤ e^(−ε)"
    ),
    before="abs(H)*(1 - epsilon)^N",
    failure="abs(H)*exp(-epsilon*N)",
    solutions={
        "samples": "1/epsilon*(ln(abs(H)) + ln(1/delta))",
        "epsilon": "1/N*(ln(abs(H)) + ln(1/delta))",
        "delta": "abs(H)*exp(-epsilon*N)",
        "hypotheses": "delta*exp(epsilon*N)",
    },
    lines={
        "samples": ("ln(abs(H)) - epsilon*N <= ln(delta)",
                    "epsilon*N >= ln(abs(H)) + ln(1/delta)"),
        "epsilon": ("ln(abs(H)) - epsilon*N <= ln(delta)",
                    "epsilon*N >= ln(abs(H)) + ln(1/delta)"),
    },
)  # fmt: skip

FINITE_AGNOSTIC = Bound(
    name="finite",
    title="theorem 2: finite class, agnostic",
    source="Hoeffding 1963; Mohri et al. 2018, theorem 2.13",
    capacity="hypotheses",
    event="some hypothesis misleads",
    reason=(
        "a hypothesis misleads where |R(h) − R̂(h)| > ε: by Hoeffding's inequality with probability "
        "at most 2e^(−2ε²N); the union bound adds up |H| of them"
    ),
    failure="2*abs(H)*exp(-2*epsilon^2*N)",
    solutions={
        "samples": "1/(2*epsilon^2)*(ln(abs(H)) + ln(2/delta))",
        "epsilon": "sqrt(1/(2*N)*(ln(abs(H)) + ln(2/delta)))",
        "delta": "2*abs(H)*exp(-2*epsilon^2*N)",
        "hypotheses": "delta/2*exp(2*epsilon^2*N)",
    },
    lines={
        "samples": ("ln(2*abs(H)) - 2*epsilon^2*N <= ln(delta)",
                    "2*epsilon^2*N >= ln(abs(H)) + ln(2/delta)"),
        "epsilon": ("ln(2*abs(H)) - 2*epsilon^2*N <= ln(delta)",
                    "2*epsilon^2*N >= ln(abs(H)) + ln(2/delta)"),
    },
)  # fmt: skip

HOEFFDING = Bound(
    name="hoeffding",
    title="Hoeffding's inequality for each of |H| hypotheses, with the union bound",
    source="Hoeffding 1963, theorem 2; Abu-Mostafa et al. 2012, equation 1.6",
    capacity="hypotheses",
    event=FINITE_AGNOSTIC.event,
    reason=FINITE_AGNOSTIC.reason,
    failure=FINITE_AGNOSTIC.failure,
    solutions={
        "samples": "1/(2*epsilon^2)*ln(2*abs(H)/delta)",
        "epsilon": "sqrt(1/(2*N)*ln(2*abs(H)/delta))",
        "delta": FINITE_AGNOSTIC.solutions["delta"],
        "hypotheses": FINITE_AGNOSTIC.solutions["hypotheses"],
    },
    lines={
        "samples": ("exp(2*epsilon^2*N) >= 2*abs(H)/delta",),
        "epsilon": ("exp(2*epsilon^2*N) >= 2*abs(H)/delta",),
    },
)

CHEBYSHEV = Bound(
    name="chebyshev",
    title="Chebyshev's inequality for each of |H| hypotheses, with the union bound",
    source="Chebyshev 1867; Wasserman 2004, theorem 4.2 and example 4.3",
    capacity="hypotheses",
    event=FINITE_AGNOSTIC.event,
    reason=(
        "R̂(h) is the mean of N independent errors, each of variance R(1 − R) ≤ 1/4, so its "
        "variance is at most 1/(4N); a hypothesis misleads where |R(h) − R̂(h)| > ε"
    ),
    failure="abs(H)/(4*N*epsilon^2)",
    solutions={
        "samples": "abs(H)/(4*epsilon^2*delta)",
        "epsilon": "sqrt(abs(H)/(4*N*delta))",
        "delta": "abs(H)/(4*N*epsilon^2)",
        "hypotheses": "4*N*epsilon^2*delta",
    },
)

TEST_SET = Bound(
    name="test-set",
    title="test-set bound: one hypothesis, chosen before the test set is seen",
    source="Langford 2005, section 3, in the form of Hoeffding",
    capacity="one",
    event="the test error is too low",
    reason=(
        "on a test set the hypothesis is fixed, so no union bound is paid; its true error exceeds "
        "the test error by more than ε with probability at most e^(−2ε²N), one side of Hoeffding's "
        "inequality"
    ),
    failure="exp(-2*epsilon^2*N)",
    solutions={
        "samples": "1/(2*epsilon^2)*ln(1/delta)",
        "epsilon": "sqrt(1/(2*N)*ln(1/delta))",
        "delta": "exp(-2*epsilon^2*N)",
    },
    lines={
        "samples": ("2*epsilon^2*N >= ln(1/delta)",),
        "epsilon": ("2*epsilon^2*N >= ln(1/delta)",),
    },
)

OCCAM = Bound(
    name="occam",
    title="Occam bound: hypotheses with descriptions of b bits",
    source="Blumer et al. 1987; Langford 2005, section 4.1",
    capacity="hypotheses",
    event="some hypothesis has too low an error",
    reason=(
        "a share 2^(−b) of δ is given to each description of b bits, by Kraft's inequality at most "
        "δ in all; R(h) exceeds R̂(h) by more than ε with probability at most e^(−2ε²N), one side "
        "of Hoeffding's inequality"
    ),
    failure="abs(H)*exp(-2*epsilon^2*N)",
    solutions={
        "samples": "1/(2*epsilon^2)*(ln(abs(H)) + ln(1/delta))",
        "epsilon": "sqrt(1/(2*N)*(ln(abs(H)) + ln(1/delta)))",
        "delta": "abs(H)*exp(-2*epsilon^2*N)",
        "hypotheses": "delta*exp(2*epsilon^2*N)",
    },
    lines={
        "samples": ("2*epsilon^2*N >= ln(abs(H)) + ln(1/delta)",),
        "epsilon": ("2*epsilon^2*N >= ln(abs(H)) + ln(1/delta)",),
    },
)

BLUMER = Bound(
    name="blumer",
    title="theorem 3: infinite class, realizable",
    source="Blumer et al. 1989, theorem 2.1(ii)",
    capacity="vc_dimension",
    setting="realizable",
    event="some bad hypothesis is consistent",
    reason="the O(…) of theorem 3 with constants; a bad hypothesis has R(h) > ε",
    failure="",
    solutions={
        "samples": "max(4/epsilon*log2(2/delta), 8*d_VC/epsilon*log2(13/epsilon))",
        "epsilon": "max(4/N*log2(2/delta), 8*d_VC/N*log2(13/epsilon))",
        "delta": "2*2^(-(epsilon*N/4))",
    },
    is_order_of=True,
    requires={"delta": "8*d_VC/epsilon*log2(13/epsilon) <= N"},
    log="log2",
)

# Tong Zhang, Mathematical Analysis of Machine Learning Algorithms, Cambridge 2023: Dudley's
# integral with Haussler's covering numbers (1995) for the Rademacher complexity, then McDiarmid's
# inequality.
CHAINING = Bound(
    name="zhang",
    title="theorem 4: infinite class, agnostic",
    source="Zhang 2023, example 6.26",
    capacity="vc_dimension",
    event="some hypothesis has too low an error",
    reason=(
        "chaining bounds the Rademacher complexity of a class of VC dimension d by 16·√(d/N), and "
        "McDiarmid's inequality adds the term with δ; a hypothesis has too low an error where "
        "R(h) − R̂(h) > ε"
    ),
    failure="",
    solutions={
        "samples": "1/epsilon^2*(32*sqrt(d_VC) + sqrt(1/2*ln(1/delta)))^2",
        "epsilon": "32*sqrt(d_VC/N) + sqrt(1/(2*N)*ln(1/delta))",
        "delta": "exp(-2*(epsilon*sqrt(N) - 32*sqrt(d_VC))^2)",
    },
    is_order_of=True,
    requires={"delta": "32*sqrt(d_VC) <= epsilon*sqrt(N)"},
)

VAPNIK = Bound(
    name="vc",
    title="Vapnik–Chervonenkis bound",
    source="Vapnik and Chervonenkis 1971; Abu-Mostafa et al. 2012, theorem 2.5",
    capacity="vc_dimension",
    event=FINITE_AGNOSTIC.event,
    reason=(
        "on 2N points the class makes at most m_H(2N) dichotomies; a hypothesis misleads where "
        "|R(h) − R̂(h)| > ε"
    ),
    failure="4*growth[2*N]*exp(-epsilon^2*N/8)",
    solutions={
        "samples": "8/epsilon^2*ln(4*growth[2*N]/delta)",
        "epsilon": "sqrt(8/N*ln(4*growth[2*N]/delta))",
        "delta": "4*growth[2*N]*exp(-epsilon^2*N/8)",
    },
    lines={
        "samples": ("epsilon^2*N/8 >= ln(4*growth[2*N]/delta)",),
        "epsilon": ("epsilon^2*N/8 >= ln(4*growth[2*N]/delta)",),
    },
)

RADEMACHER = Bound(
    name="rademacher",
    title="Rademacher penalty bound",
    source="Bartlett, Boucheron and Lugosi 2002; Abu-Mostafa et al. 2012, problem 2.12",
    capacity="vc_dimension",
    event="some hypothesis has too low an error",
    reason="with probability at least 1 − δ no R(h) exceeds R̂(h) by more than the right side",
    failure="",
    solutions={
        "samples": ("1/epsilon^2*(sqrt(2*ln(2*N*growth[N])) + sqrt(2*ln(1/delta)) + sqrt(1/N))^2"),
        "epsilon": "sqrt(2/N*ln(2*N*growth[N])) + sqrt(2/N*ln(1/delta)) + 1/N",
        "delta": "exp(-N/2*(epsilon - sqrt(2/N*ln(2*N*growth[N])) - 1/N)^2)",
    },
    requires={"delta": "sqrt(2/N*ln(2*N*growth[N])) + 1/N <= epsilon"},
)

PARRONDO = Bound(
    name="parrondo",
    title="Parrondo and Van den Broek's bound",
    source="Parrondo and Van den Broek 1993; Abu-Mostafa et al. 2012, problem 2.12",
    capacity="vc_dimension",
    event=FINITE_AGNOSTIC.event,
    reason="with probability at least 1 − δ this holds for ε = |R(h) − R̂(h)|, whatever h",
    failure="",
    solutions={
        "samples": "1/epsilon^2*(2*epsilon + ln(6*growth[2*N]/delta))",
        "epsilon": "1/N + sqrt(1/N^2 + 1/N*ln(6*growth[2*N]/delta))",
        "delta": "6*growth[2*N]*exp(2*epsilon - epsilon^2*N)",
    },
    lines={
        "epsilon": (
            "epsilon >= sqrt(1/N*(2*epsilon + ln(6*growth[2*N]/delta)))",
            "epsilon^2 - 2/N*epsilon - 1/N*ln(6*growth[2*N]/delta) >= 0",
        ),
        "samples": ("epsilon >= sqrt(1/N*(2*epsilon + ln(6*growth[2*N]/delta)))",),
    },
)

DEVROYE = Bound(
    name="devroye",
    title="Devroye's bound",
    source="Devroye 1982; Abu-Mostafa et al. 2012, problem 2.12",
    capacity="vc_dimension",
    event=FINITE_AGNOSTIC.event,
    reason="with probability at least 1 − δ this holds for ε = |R(h) − R̂(h)|, whatever h",
    failure="",
    solutions={
        "samples": "1/(2*epsilon^2)*(4*epsilon*(1 + epsilon) + ln(4*growth[N^2]/delta))",
        "epsilon": "(2 + sqrt(4 + (2*N - 4)*ln(4*growth[N^2]/delta)))/(2*N - 4)",
        "delta": "4*growth[N^2]*exp(4*epsilon*(1 + epsilon) - 2*epsilon^2*N)",
    },
    lines={
        "epsilon": (
            "epsilon >= sqrt(1/(2*N)*(4*epsilon*(1 + epsilon) + ln(4*growth[N^2]/delta)))",
            "(2*N - 4)*epsilon^2 - 4*epsilon - ln(4*growth[N^2]/delta) >= 0",
        ),
        "samples": (
            "epsilon >= sqrt(1/(2*N)*(4*epsilon*(1 + epsilon) + ln(4*growth[N^2]/delta)))",
        ),
    },
    requires={"epsilon": "3 <= N"},
)

BOUNDS: tuple[Bound, ...] = (
    FINITE_REALIZABLE, FINITE_AGNOSTIC, HOEFFDING, CHEBYSHEV, OCCAM, TEST_SET,
    BLUMER, CHAINING, VAPNIK, RADEMACHER, PARRONDO, DEVROYE,
)  # fmt: skip

MEANINGS: Mapping[str, str] = MappingProxyType(
    {bound.name: bound.title for bound in BOUNDS} | {"all": "all that apply, compared"}
)


def bound_named(name: str, setting: str | None) -> Bound:
    """The bound of that name; `finite` is one of two, by the setting."""
    if name == "finite":
        return FINITE_REALIZABLE if setting == "realizable" else FINITE_AGNOSTIC
    return next(bound for bound in BOUNDS if bound.name == name)


def default_bound(capacity: str, setting: str) -> Bound:
    """The theorem of the case: 1 to 4."""
    if capacity == "hypotheses":
        return bound_named("finite", setting)
    return BLUMER if setting == "realizable" else CHAINING
