"""The printed log-likelihood has the parameter in it, and differs between two as SciPy's does."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.estimation.letters import N
from mlcalc.estimation.sample import OBSERVATION
from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Add, BigOp, Chain, Expr, Number, Symbol, Words, map_parts, substitute

stats = pytest.importorskip("scipy.stats")

COUNTS, COINS, REAL = [1, 2, 4], [1, 0, 1, 1], [1.5, 0.25, 2.0]
Log = Callable[[Any, float], Any]
ROWS: list[tuple[str, str, list[Any], tuple[float, float], Log]] = [
    ("bernoulli", "theta", COINS, (0.3, 0.6), lambda x, t: stats.bernoulli.logpmf(x, t)),
    ("binomial(n=5)", "theta", COUNTS, (0.3, 0.6), lambda x, t: stats.binom.logpmf(x, 5, t)),
    ("geometric", "theta", COUNTS, (0.3, 0.6), lambda x, t: stats.geom.logpmf(x, t)),
    ("negative_binomial(r=3)", "theta", COUNTS, (0.3, 0.6),
     lambda x, t: stats.nbinom.logpmf(x, 3, t)),
    ("poisson", "lambda", COUNTS, (0.5, 2), lambda x, t: stats.poisson.logpmf(x, t)),
    ("exponential", "lambda", REAL, (0.5, 2), lambda x, t: stats.expon.logpdf(x, scale=1 / t)),
    ("normal(sigma2=4)", "mu", REAL, (-1, 2), lambda x, t: stats.norm.logpdf(x, t, 2)),
    ("gamma(shape=2)", "rate", REAL, (0.5, 2), lambda x, t: stats.gamma.logpdf(x, 2, scale=1 / t)),
    ("normal(mu=1)", "sigma2", REAL, (1, 4), lambda x, t: stats.norm.logpdf(x, 1, t**0.5)),
    ("lognormal(sigma2=4)", "mu", REAL, (-1, 2),
     lambda x, t: stats.norm.logpdf(math.log(x), t, 2)),
    ("rayleigh", "sigma", REAL, (1, 2), lambda x, t: stats.rayleigh.logpdf(x, scale=t)),
]  # fmt: skip
IN_SUMS = 8
"""Of the first ones the sum is enough."""

WAYS = [(row, way) for place, row in enumerate(ROWS)
        for way in ("data", "sums", "letters") if way == "data" or place < IN_SUMS]  # fmt: skip


def written_out(expression: Expr, data: list[Expr]) -> Expr:
    """Σᵢ and k as the sums that they are, and the constant left out."""
    match expression:
        case BigOp("sum", body, _, None, None):
            return Add(tuple(substitute(body, {OBSERVATION: item}) for item in data))
        case Words():
            return Number(Fraction(0))
        case Symbol("k"):
            return Add(tuple(data))
    return map_parts(expression, lambda part: written_out(part, data))


@pytest.mark.parametrize(("row", "way"), WAYS, ids=lambda v: v if isinstance(v, str) else v[0])
def test_log_line(row: tuple[str, str, list[Any], tuple[float, float], Log], way: str) -> None:
    family, name, values, points, log = row
    typed = [str(value) for value in values]
    given: dict[str, Any] = {"distribution": family}
    if way == "data":
        given["data"] = ", ".join(typed)
    elif way == "sums":
        given |= {"n": str(len(values)), "sum": str(sum(values))}
    entries = from_plain(given, Place("test"))
    assert isinstance(entries, Entries)
    steps = solve("mle", entries).steps
    line = next(step.blocks[0] for step in steps if step.rule == "take the log")
    assert isinstance(line, Chain)
    data = [read(text) for text in typed]
    right = written_out(line.links[-1][1], data)
    parameter = Symbol.named(name)
    known: dict[Expr, Expr] = {N: read(str(len(values)))}
    known |= {Symbol.named(k): read(v) for k, v in (("sigma2", "4"), ("m", "5"), ("r", "3"))}
    known |= {Symbol.named("shape"): read("2")}
    if "mu=" in family:
        known |= {Symbol.named("mu"): read("1")}
    found = [
        to_float(scalar(substitute(right, {**known, parameter: read(f"({point})")})))
        for point in points
    ]
    expected = [sum(log(value, point) for value in values) for point in points]
    assert found[1] - found[0] == pytest.approx(expected[1] - expected[0], rel=1e-9)
