"""The bounds of learning theory, a record each: what it promises, and its inequality by unknown.

The letters: N examples, accuracy epsilon, confidence 1 − delta, |H| hypotheses, VC dimension d_VC.
Where the unknown stands on the right side too, the inequality is solved by iteration.  The growth
function m_H is written `growth[2*N]` and stands for the polynomial or Sauer's sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mlcalc.maths.board import line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Expr, Indexed, Symbol, map_parts, walk
from mlcalc.showing.derivation import Answer, Result

N, EPSILON, DELTA = Symbol("N"), Symbol("epsilon"), Symbol("delta")
CLASS_SIZE = line("abs(H)")
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
    solutions: Mapping[str, str]
    failure: str = ""
    lines: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    requires: Mapping[str, str] = MappingProxyType({})
    setting: str = ""
    reason: str = ""
    is_order_of: bool = False
    """Whether the theorem is stated with O(…), and the source gives it constants."""
    is_one_sided: bool = False
    """Whether it speaks of R(h) − R̂(h) alone, which may be negative."""
    before: str = ""
    """What the failure is bounded by first, before its simpler bound."""
    synonyms: tuple[str, ...] = ()
    theorem_of: str = ""
    """The setting whose theorem it is, for classes measured as it measures them."""

    def __hash__(self) -> int:
        return hash((self.name, self.theorem_of))

    def solution(self, unknown: str, growth: str) -> Expr:
        """The formula of the unknown, with that form of the growth function."""
        return formula(self.solutions[unknown], growth)

    def is_iterated(self, unknown: str) -> bool:
        return holds(self.solutions[unknown], UNKNOWNS[unknown])

    def logarithms(self, unknown: str) -> str:
        """What is said of the logarithms of its formula, if it has any."""
        calls = (node for node in walk(formula(self.solutions[unknown], "letters")))
        uses = {node.name for node in calls if isinstance(node, Call)}
        if "log2" in uses:
            return "the logarithms of this bound are to the base 2"
        return "the logarithms are natural (base e)" if uses & {"ln", "exp"} else ""

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


GROWTHS = {
    "letters": "m_H(n)",
    "polynomial": "n^d_VC + 1",
    "sauer": "sum(binomial(n, i), i, 0, d_VC)",
}


def with_growth(expression: Expr, form: str) -> Expr:
    """m_H(n) replaced by its bound in d, or written as a function."""
    if isinstance(expression, Indexed) and expression.base == Symbol("growth"):
        return line(GROWTHS[form], n=expression.indices[0])
    return map_parts(expression, lambda part: with_growth(part, form))


@cache
def formula(text: str, growth: str = "letters") -> Expr:
    """A line of a bound, with that form of the growth function; the bounds have few lines."""
    return with_growth(line(text), growth)


@cache
def holds(text: str, letter: Expr) -> bool:
    """Whether the letter stands in a line of a bound."""
    return letter in set(walk(formula(text)))


def both(*lines: str) -> Mapping[str, tuple[str, ...]]:
    """The same lines whether N or ε is asked for."""
    return {"samples": lines, "epsilon": lines}


MISLEADS = "some hypothesis misleads"
BY_HOEFFDING = (
    "a hypothesis misleads where |R(h) − R̂(h)| > ε: by Hoeffding's inequality with probability "
    "at most 2e^(−2ε²N); the union bound adds up |H| of them"
)

BOUNDS = [
    Bound(
        name="finite",
        title="theorem 1: finite class, realizable",
        source="Blumer et al. 1987; Mitchell 1997, equation 7.2",
        capacity="hypotheses",
        theorem_of="realizable",
        setting="realizable",
        event="some bad hypothesis is consistent",
        reason=(
            "a bad hypothesis, of true error above ε, agrees with one example with probability at "
            "most 1 − ε and with N independent ones with at most (1 − ε)^N; the union bound adds "
            "up to |H| of them, and 1 − ε ≤ e^(−ε)"
        ),
        before="abs(H)*(1 - epsilon)^N",
        failure="abs(H)*exp(-epsilon*N)",
        solutions={
            "samples": "1/epsilon*(ln(abs(H)) + ln(1/delta))",
            "epsilon": "1/N*(ln(abs(H)) + ln(1/delta))",
            "delta": "abs(H)*exp(-epsilon*N)",
            "hypotheses": "delta*exp(epsilon*N)",
        },
        lines=both("ln(abs(H)) - epsilon*N <= ln(delta)", "epsilon*N >= ln(abs(H)) + ln(1/delta)"),
    ),
    Bound(
        name="finite",
        title="theorem 2: finite class, agnostic",
        source="Hoeffding 1963; Mohri et al. 2018, theorem 2.13",
        capacity="hypotheses",
        theorem_of="agnostic",
        event=MISLEADS,
        reason=BY_HOEFFDING,
        failure="2*abs(H)*exp(-2*epsilon^2*N)",
        solutions={
            "samples": "1/(2*epsilon^2)*(ln(abs(H)) + ln(2/delta))",
            "epsilon": "sqrt(1/(2*N)*(ln(abs(H)) + ln(2/delta)))",
            "delta": "2*abs(H)*exp(-2*epsilon^2*N)",
            "hypotheses": "delta/2*exp(2*epsilon^2*N)",
        },
        lines=both(
            "ln(2*abs(H)) - 2*epsilon^2*N <= ln(delta)", "2*epsilon^2*N >= ln(abs(H)) + ln(2/delta)"
        ),
    ),
    Bound(
        name="hoeffding",
        title="Hoeffding's inequality for each of |H| hypotheses, with the union bound",
        source="Hoeffding 1963, theorem 2; Abu-Mostafa et al. 2012, equation 1.6",
        capacity="hypotheses",
        event=MISLEADS,
        reason=BY_HOEFFDING,
        failure="2*abs(H)*exp(-2*epsilon^2*N)",
        solutions={
            "samples": "1/(2*epsilon^2)*ln(2*abs(H)/delta)",
            "epsilon": "sqrt(1/(2*N)*ln(2*abs(H)/delta))",
            "delta": "2*abs(H)*exp(-2*epsilon^2*N)",
            "hypotheses": "delta/2*exp(2*epsilon^2*N)",
        },
        lines=both("exp(2*epsilon^2*N) >= 2*abs(H)/delta"),
    ),
    Bound(
        name="chebyshev",
        title="Chebyshev's inequality for each of |H| hypotheses, with the union bound",
        source="Chebyshev 1867; Wasserman 2004, theorem 4.2 and example 4.3",
        capacity="hypotheses",
        event=MISLEADS,
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
    ),
    Bound(
        name="occam",
        is_one_sided=True,
        title="Occam bound: hypotheses with descriptions of b bits",
        source="Blumer et al. 1987; Mitchell 1997, equation 7.3; Langford 2005, section 4.1",
        capacity="hypotheses",
        event="some hypothesis has too low an error",
        reason=(
            "a share 2^(−b) of δ is given to each description of b bits, by Kraft's inequality at "
            "most δ in all; R(h) exceeds R̂(h) by more than ε with probability at most e^(−2ε²N), "
            "one side of Hoeffding's inequality"
        ),
        failure="abs(H)*exp(-2*epsilon^2*N)",
        solutions={
            "samples": "1/(2*epsilon^2)*(ln(abs(H)) + ln(1/delta))",
            "epsilon": "sqrt(1/(2*N)*(ln(abs(H)) + ln(1/delta)))",
            "delta": "abs(H)*exp(-2*epsilon^2*N)",
            "hypotheses": "delta*exp(2*epsilon^2*N)",
        },
        lines=both("2*epsilon^2*N >= ln(abs(H)) + ln(1/delta)"),
    ),
    Bound(
        name="test-set",
        synonyms=("testset",),
        is_one_sided=True,
        title="test-set bound: one hypothesis, chosen before the test set is seen",
        source="Langford 2005, section 3, in the form of Hoeffding",
        capacity="one",
        event="the test error is too low",
        reason=(
            "on a test set the hypothesis is fixed, so no union bound is paid; its true error "
            "exceeds the test error by more than ε with probability at most e^(−2ε²N), one side of "
            "Hoeffding's inequality"
        ),
        failure="exp(-2*epsilon^2*N)",
        solutions={
            "samples": "1/(2*epsilon^2)*ln(1/delta)",
            "epsilon": "sqrt(1/(2*N)*ln(1/delta))",
            "delta": "exp(-2*epsilon^2*N)",
        },
        lines=both("2*epsilon^2*N >= ln(1/delta)"),
    ),
    Bound(
        name="blumer",
        theorem_of="realizable",
        title="theorem 3: infinite class, realizable",
        source="Blumer et al. 1989, theorem 2.1(ii)",
        capacity="vc_dimension",
        setting="realizable",
        event="some bad hypothesis is consistent",
        reason="the O(…) of theorem 3 with constants; a bad hypothesis has R(h) > ε",
        solutions={
            "samples": "max(4/epsilon*log2(2/delta), 8*d_VC/epsilon*log2(13/epsilon))",
            "epsilon": "max(4/N*log2(2/delta), 8*d_VC/N*log2(13/epsilon))",
            "delta": "2*2^(-(epsilon*N/4))",
        },
        is_order_of=True,
        requires={"delta": "8*d_VC/epsilon*log2(13/epsilon) <= N"},
    ),
    Bound(
        name="mitchell",
        title="Mitchell's sum for an infinite class, realizable",
        source="Blumer et al. 1989; Mitchell 1997, equation 7.7",
        capacity="vc_dimension",
        setting="realizable",
        event="some bad hypothesis is consistent",
        reason="both terms of the bound blumer are added up, which is more than the larger of them",
        solutions={
            "samples": "1/epsilon*(4*log2(2/delta) + 8*d_VC*log2(13/epsilon))",
            "epsilon": "1/N*(4*log2(2/delta) + 8*d_VC*log2(13/epsilon))",
            "delta": "2*(13/epsilon)^(2*d_VC)*2^(-(epsilon*N/4))",
        },
        requires={"delta": "8*d_VC/epsilon*log2(13/epsilon) <= N"},
    ),
    # Tong Zhang, Mathematical Analysis of Machine Learning Algorithms, Cambridge 2023: Dudley's
    # integral with Haussler's covering numbers (1995) for the Rademacher complexity, then
    # McDiarmid's inequality.
    Bound(
        name="zhang",
        synonyms=("theorem-4",),
        theorem_of="agnostic",
        is_one_sided=True,
        title="theorem 4: infinite class, agnostic",
        source="Zhang 2023, example 6.26",
        capacity="vc_dimension",
        event="some hypothesis has too low an error",
        reason=(
            "chaining bounds the Rademacher complexity of a class of VC dimension d by 16·√(d/N), "
            "and McDiarmid's inequality adds the term with δ; a hypothesis has too low an error "
            "where R(h) − R̂(h) > ε"
        ),
        solutions={
            "samples": "1/epsilon^2*(32*sqrt(d_VC) + sqrt(1/2*ln(1/delta)))^2",
            "epsilon": "32*sqrt(d_VC/N) + sqrt(1/(2*N)*ln(1/delta))",
            "delta": "exp(-2*(epsilon*sqrt(N) - 32*sqrt(d_VC))^2)",
        },
        is_order_of=True,
        requires={"delta": "32*sqrt(d_VC) <= epsilon*sqrt(N)"},
    ),
    Bound(
        name="vc",
        title="Vapnik–Chervonenkis bound",
        synonyms=("abu-mostafa",),
        source="Vapnik and Chervonenkis 1971; Abu-Mostafa et al. 2012, theorem 2.5",
        capacity="vc_dimension",
        event=MISLEADS,
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
        lines=both("epsilon^2*N/8 >= ln(4*growth[2*N]/delta)"),
    ),
    Bound(
        name="rademacher",
        is_one_sided=True,
        title="Rademacher penalty bound",
        source="Bartlett, Boucheron and Lugosi 2002; Abu-Mostafa et al. 2012, problem 2.12",
        capacity="vc_dimension",
        event="some hypothesis has too low an error",
        reason="with probability at least 1 − δ no R(h) exceeds R̂(h) by more than the right side",
        solutions={
            "samples": (
                "1/epsilon^2*(sqrt(2*ln(2*N*growth[N])) + sqrt(2*ln(1/delta)) + sqrt(1/N))^2"
            ),
            "epsilon": "sqrt(2/N*ln(2*N*growth[N])) + sqrt(2/N*ln(1/delta)) + 1/N",
            "delta": "exp(-N/2*(epsilon - sqrt(2/N*ln(2*N*growth[N])) - 1/N)^2)",
        },
        requires={"delta": "sqrt(2/N*ln(2*N*growth[N])) + 1/N <= epsilon"},
    ),
    Bound(
        name="parrondo",
        title="Parrondo and Van den Broek's bound",
        source="Parrondo and Van den Broek 1993; Abu-Mostafa et al. 2012, problem 2.12",
        capacity="vc_dimension",
        event=MISLEADS,
        reason="with probability at least 1 − δ this holds for ε = |R(h) − R̂(h)|, whatever h",
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
    ),
    Bound(
        name="devroye",
        title="Devroye's bound",
        source="Devroye 1982; Abu-Mostafa et al. 2012, problem 2.12",
        capacity="vc_dimension",
        event=MISLEADS,
        reason="with probability at least 1 − δ this holds for ε = |R(h) − R̂(h)|, whatever h",
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
    ),
]


def bound_named(name: str, setting: str | None) -> Bound:
    """The bound of that name; without a setting `finite` is that which holds in both."""
    found = [bound for bound in BOUNDS if bound.name == name]
    if len(found) == 1:
        return found[0]
    return {bound.theorem_of: bound for bound in found}[setting or "agnostic"]


def default_bound(capacity: str, setting: str) -> Bound:
    """The theorem of the case: 1 to 4."""
    return {b.theorem_of: b for b in BOUNDS if b.capacity == capacity}[setting]
