"""Bounds that measure a class by its size |H|: theorems 1 and 2, and what they are made of."""

from __future__ import annotations

from mlcalc.learning.bounds import Bound

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
    is_one_sided=True,
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
    is_one_sided=True,
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
