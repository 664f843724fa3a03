"""Maximisers in letters, in the notations that people use: `estimators.txt`.

Each notation stands below what it is worth in NumPy.  Whether that is the maximiser is decided by
the logarithm of the likelihood or posterior, by SciPy, on data drawn at random: it is larger there
than beside it.  So mlcalc has no part in what its verdicts are compared with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from mlcalc.files.document import Text
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check
from mlcalc.showing.derivation import Derivation
from tests.marking.checking.judging import derivation_of

stats = pytest.importorskip("scipy.stats")

TABLE = Path(__file__).with_name("estimators.txt")
MOST_UNREADABLE = 0.05
STEPS = (1 - 1e-2, 1 - 1e-4, 1 + 1e-4, 1 + 1e-2)
DRAWS = 6

Data = dict[str, Any]


class Family(NamedTuple):
    """A question in letters, data for it, and the logarithm of what is maximised."""

    kind: str
    given: dict[str, str]
    draw: Callable[[np.random.Generator], Data]
    log_density: Callable[[float, Data], float]
    answer: str = ""


def data(x: Any, **letters: float) -> Data:
    return {"x": np.asarray(x, float), "n": len(x), "k": float(np.sum(x)), **letters}


def mle(
    distribution: str,
    sample: Callable[[np.random.Generator], Any],
    density: Callable[..., Any],
    answer: str = "",
    **letters: float,
) -> Family:
    """The sum of `density(theta, x)`, a logarithm, is maximised."""
    return Family(
        "mle",
        {"distribution": distribution},
        lambda random: data(sample(random), **letters),
        lambda theta, d: float(np.sum(density(theta, d["x"]))),
        answer,
    )


def categorical(theta: float, d: Data) -> float:
    """The other categories share what is left."""
    return float(d["n_c"] * np.log(theta) + (d["n"] - d["n_c"]) * np.log1p(-theta))


def of_clicks(theta: float, d: Data) -> float:
    likelihood = stats.bernoulli.logpmf(d["x"], theta).sum()
    return float(likelihood + stats.beta.logpdf(theta, d["a"], d["b"]))


def of_counts(theta: float, d: Data) -> float:
    likelihood = stats.poisson.logpmf(d["x"], theta).sum()
    return float(likelihood + stats.gamma.logpdf(theta, d["a"], scale=1 / d["b"]))


def positive(random: np.random.Generator) -> Any:
    return random.gamma(2, 1.5, 7) + 0.05


FAMILIES: dict[str, Family] = {
    "bernoulli": mle(
        "bernoulli",
        lambda random: random.permutation([1, 1, 1, 0, 0, 0, 0, *random.integers(0, 2, 4)]),
        lambda t, x: stats.bernoulli.logpmf(x, t),
    ),
    "binomial": mle(
        "binomial(n=m)",
        lambda random: random.binomial(5, 0.4, 6),
        lambda t, x: stats.binom.logpmf(x, 5, t),
        m=5,
    ),
    "geometric": mle(
        "geometric",
        lambda random: random.geometric(0.3, 6) + 1,
        lambda t, x: stats.geom.logpmf(x, t),
    ),
    "geometric from 0": mle(
        "geometric(support=failures)",
        lambda random: random.geometric(0.3, 6),
        lambda t, x: stats.geom.logpmf(x + 1, t),
    ),
    "negative binomial": mle(
        "negative_binomial(r=r)",
        lambda random: random.negative_binomial(3, 0.4, 6) + 1,
        lambda t, x: stats.nbinom.logpmf(x, 3, t),
        r=3,
    ),
    "poisson": mle(
        "poisson", lambda random: random.poisson(4, 7) + 1, lambda t, x: stats.poisson.logpmf(x, t)
    ),
    "exponential": mle("exponential", positive, lambda t, x: stats.expon.logpdf(x, scale=1 / t)),
    "exponential by scale": mle(
        "exponential(scale)", positive, lambda t, x: stats.expon.logpdf(x, scale=t)
    ),
    "normal mu": mle(
        "normal",
        lambda random: random.normal(2, 3, 7),
        lambda t, x: stats.norm.logpdf(x, t, 2),
        "mu",
    ),
    "normal sigma2": mle(
        "normal",
        lambda random: random.normal(2, 3, 7),
        lambda t, x: stats.norm.logpdf(x, x.mean(), np.sqrt(t)),
        "sigma2",
    ),
    "lognormal": mle(
        "lognormal", positive, lambda t, x: stats.norm.logpdf(np.log(x), t, 1.5), "mu"
    ),
    "uniform": mle("uniform", positive, lambda t, x: stats.uniform.logpdf(x, 0, t)),
    "laplace": mle("laplace", positive, lambda t, x: stats.laplace.logpdf(x, t), "mu"),
    "gamma": mle("gamma(shape=3)", positive, lambda t, x: stats.gamma.logpdf(x, 3, scale=1 / t)),
    "pareto": mle(
        "pareto", positive, lambda t, x: stats.pareto.logpdf(x, t, scale=x.min()), "alpha"
    ),
    "rayleigh": mle("rayleigh", positive, lambda t, x: stats.rayleigh.logpdf(x, scale=t)),
    "weibull": mle(
        "weibull(shape=s)", positive, lambda t, x: stats.weibull_min.logpdf(x, 1.7, scale=t), s=1.7
    ),
    "inverse gamma": mle(
        "inverse_gamma(shape=3)", positive, lambda t, x: stats.invgamma.logpdf(x, 3, scale=t)
    ),
    "categorical": Family(
        "mle",
        {"distribution": "categorical"},
        lambda random: {"n": 20, "n_c": int(random.integers(3, 15))},
        categorical,
    ),
    "beta and bernoulli": Family(
        "map",
        {"distribution": "bernoulli", "prior": "beta(alpha, beta)"},
        lambda random: data(
            random.permutation([1, 1, 0, 0, 0, 0, *random.integers(0, 2, 4)]), a=3.5, b=5.2
        ),
        of_clicks,
    ),
    "gamma and poisson": Family(
        "map",
        {"distribution": "poisson", "prior": "gamma(shape=a, rate=b)"},
        lambda random: data(random.poisson(4, 7) + 1, a=3.5, b=1.7),
        of_counts,
    ),
}


class Row(NamedTuple):
    family: str
    twin: str
    is_right: bool
    typed: str


def rows() -> Iterator[Row]:
    family, twin, is_right = "", "", False
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            family = line[2:]
        elif line.startswith(("+ ", "- ")):
            twin, is_right = line[2:], line[0] == "+"
        elif line and not line.startswith("#"):
            yield Row(family, twin, is_right, line)


ROWS = tuple(rows())
TWINS = tuple(dict.fromkeys(row[:3] for row in ROWS))


@lru_cache
def asked(family: str) -> Derivation:
    one = FAMILIES[family]
    return derivation_of(one.kind, one.given)


def verdict(row: Row) -> str:
    derivation = asked(row.family)
    answer = derivation.answer(FAMILIES[row.family].answer) or derivation.answers[0]
    claimed = Text(row.typed, Place("--check", row.typed))
    return check(claimed, answer, others=derivation.known_by_name).verdict.value


def is_maximiser(family: Family, twin: str, drawn: Data) -> bool:
    """Whether the logarithm is larger at the value of the twin than at all values near it."""
    with np.errstate(all="ignore"):
        theta = float(eval(twin, {"np": np, **drawn}))
        top = family.log_density(theta, drawn)
        near = [family.log_density(theta * step, drawn) for step in STEPS]
    return bool(np.isfinite(top)) and all(top > other or np.isnan(other) for other in near)


@pytest.mark.parametrize(("name", "twin", "is_right"), TWINS)
def test_the_table_says_what_is_a_maximiser(name: str, twin: str, is_right: bool) -> None:
    family = FAMILIES[name]
    draws = [family.draw(np.random.default_rng(seed)) for seed in range(DRAWS)]
    found = [is_maximiser(family, twin, drawn) for drawn in draws]
    assert all(found) if is_right else not all(found)


def test_no_notation_has_a_false_verdict() -> None:
    """Nor are many unreadable, on either side."""
    assert len(ROWS) >= 300 and {row.family for row in ROWS} == FAMILIES.keys()
    found = {row: verdict(row) for row in ROWS}
    false = [row for row, said in found.items() if said == ("wrong" if row.is_right else "right")]
    assert not false
    unread = Counter(row.is_right for row, said in found.items() if said not in ("right", "wrong"))
    for side in (True, False):
        assert unread[side] <= MOST_UNREADABLE * sum(row.is_right is side for row in ROWS)
