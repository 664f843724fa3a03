"""Bounds that measure a class by its VC dimension: theorems 3 and 4, and the growth function's."""

from __future__ import annotations

from mlcalc.learning.bounds import Bound
from mlcalc.learning.bounds_finite import FINITE_AGNOSTIC

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
    is_one_sided=True,
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
    is_one_sided=True,
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
