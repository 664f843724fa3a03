"""Densities of one's own: what is solved, what is refused and how, and brute force beside them."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from mlcalc.estimation.inference import belief_of
from mlcalc.estimation.methods import examined
from mlcalc.estimation.question import question
from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, MlcalcError, Place, Unsolved
from mlcalc.kinds import map as map_kind
from mlcalc.kinds import mle
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Decimal
from mlcalc.showing.derivation import Derivation, Table
from tests.benchmarks.densities import commands


def solved(density: str, data: str = "", **given: str) -> Derivation:
    """The worked answer, in this process; `parameter` is theta unless another is given."""
    given = {"parameter": "theta", **given, "density": density, **({"data": data} if data else {})}
    entries = from_plain(given, Place("test"))
    assert isinstance(entries, Entries)
    if "prior" in given:
        problem = map_kind.Problem.read(entries)
        assert isinstance(problem, map_kind.Problem)
        asked = question(problem)
        return examined(map_kind.derived, asked, belief_of(problem, asked), None)
    return examined(mle.derived, question(mle.Problem.read(entries)))  # type: ignore[arg-type]


class Row(NamedTuple):
    given: dict[str, str]
    expected: float


ESTIMATES = [
    # A factor that is 1 or 0, in the ways in which it is typed; by hand.
    Row({"density": "exp(theta-x)*indicator(x >= theta)", "data": "1,2,3"}, 1),
    Row({"density": "exp(theta-x)*(x >= theta)", "data": "1.5,2,3"}, 1.5),
    Row({"density": "exp(theta-x)*(theta <= x)", "data": "-1.5,2,3"}, -1.5),
    Row({"density": "(0 <= x <= theta)/theta", "data": "2.39,0.14,3.37"}, 3.37),
    Row({"density": "2*x/theta^2*(0 <= x <= theta)", "data": "0.42,0.01,1.04"}, 1.04),
    Row({"density": "2*x/theta^2*(0 <= x <= theta)", "data": "0.42,0.01,1.04",
         "parameter": "{name: theta, range: [1/2, 3]}"}, 1.04),
    Row({"density": "(x == 0)*theta + (x == 1)*(1 - theta)", "data": "0,1,1"}, 1 / 3),
    Row({"density": "theta*(x=1) + (1-theta)*(x=2)", "data": "1,1,1,2"}, 3 / 4),
    # θ/3 for 0, 2θ/3 for 1, 1 − θ for 2: L = c·θ²(1 − θ).
    Row({"density": "cases(theta/3, x = 0, 2*theta/3, x = 1, 1 - theta, x = 2)",
         "data": "0,1,2"}, 2 / 3),
    # (1 − |0.5 − θ|)(1 − |0.6 − θ|)(1 − |1 − θ|): the median, where the slopes balance.
    Row({"density": "max(0, 1-abs(x-theta))", "data": "0.5,0.6,1"}, 0.6),
    # −n/Σ log x − 1
    Row({"density": "(theta+1)*x^theta", "data": "0.5,0.6"}, -2 / math.log(0.3) - 1),
    # What names a formula.
    Row({"density": "f(x) = theta*exp(-theta*x)", "data": "1,2"}, 2 / 3),
    Row({"density": "p(x | theta) = theta*exp(-theta*x)", "data": "1,2"}, 2 / 3),
    Row({"density": "y = theta*exp(-theta*x)", "data": "1,2"}, 2 / 3),
    # A prior on a half line: x̄ − 1/n, and the end 0 where that is below it.
    Row({"density": "exp(-(x-theta)^2/2)/sqrt(2*pi)", "data": "1,2",
         "prior": "exponential(rate=1)"}, 1),
    Row({"density": "exp(-(x-theta)^2/2)/sqrt(2*pi)", "data": "-1,-2",
         "prior": "exponential(rate=1)"}, 0),
    Row({"density": "1/(pi*(1+(x-theta)^2))", "data": "-1", "prior": "exponential(rate=1)"}, 0),
]  # fmt: skip


@pytest.mark.parametrize("row", ESTIMATES, ids=lambda row: str(row.given["density"]))
def test_estimates(row: Row) -> None:
    found = solved(**row.given).answers[0].value
    assert to_float(found) == pytest.approx(row.expected, abs=2e-8)  # type: ignore[arg-type]


RAYLEIGH = "x/theta^2*exp(-x^2/(2*theta^2))"
REFUSED = [
    ({"density": "theta*x = 1", "data": "1,2"}, Invalid, "a relation, not a density"),
    ({"density": "x*theta < 1", "data": "1,2"}, Invalid, "a relation, not a density"),
    ({"density": "[theta, x]", "data": "1,2"}, Invalid, "expected a formula in x"),
    ({"density": "theta*x[1]", "data": "1,2"}, Invalid, "one observation, x"),
    ({"density": "theta*x*(x ~= 1)", "data": "1,2"}, Invalid, "only =, ≠, <, ≤, > and ≥"),
    ({"density": RAYLEIGH, "data": "0,1,2", "support": "[0, inf]"}, Unsolved,
     "the density is 0 at the observation 0, whatever theta is"),
    ({"density": "theta*exp(-theta*x)/(1-exp(-2*theta))*(0 <= x <= 2)", "data": "1,3"}, Unsolved,
     "the density is 0 at the observation 3, whatever theta is"),
    # No interval of length 1 holds both.
    ({"density": "(theta <= x)*(x <= theta + 1)", "data": "1,3"}, Unsolved,
     "no value of theta"),
    # It grows beyond where it is a density.
    ({"density": "(1 + theta*x)/2", "data": "0.5,-0.2,0.9", "support": "[-1, 1]"}, Unsolved,
     "give the range of the parameter"),
    ({"density": "1/(4*sqrt(abs(x-theta)))*(abs(x-theta) <= 1)", "data": "1,2"}, Unsolved,
     "there is no maximum: the log-likelihood grows without bound as theta goes to 1"),
    ({"density": "1/(pi*(1+(x-theta)^2))", "data": "1,2", "prior": "normal(mu=m, sigma2=1)"},
     Unsolved, "give m a value"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error", "words"), REFUSED, ids=lambda v: str(v)[:50])
def test_refusals(given: dict[str, str], error: type[MlcalcError], words: str) -> None:
    with pytest.raises(error, match=re.escape(words)):
        solved(**given)


class Own(NamedTuple):
    """A density as it is typed, and its logarithm without cancellation, for brute force."""

    density: str
    log: Callable[[float, float], float]
    draw: Callable[[Random], float]
    low: float
    high: float
    support: str = ""


NOISY = [
    Own("theta^x/((exp(theta)-1)*factorial(x))",
        lambda t, x: x * math.log(t) - math.log(math.expm1(t)) - math.lgamma(x + 1),
        lambda r: r.randint(1, 4), 1e-12, 30, "x >= 1"),
    Own("theta^x*exp(-theta)/((1-exp(-theta))*factorial(x))",
        lambda t, x: x * math.log(t) - math.log(math.expm1(t)) - math.lgamma(x + 1),
        lambda r: r.randint(1, 2), 1e-12, 30, "x >= 1"),
    Own("-theta^x/(x*log(1-theta))",
        lambda t, x: x * math.log(t) - math.log(-math.log1p(-t)) - math.log(x),
        lambda r: r.randint(1, 5), 1e-12, 1 - 1e-12, "x >= 1"),
    Own("theta*exp(-theta*x)/(1-exp(-theta))",
        lambda t, x: math.log(t) - t * x - math.log(-math.expm1(-t)),
        lambda r: r.randint(1, 60) / 100, 1e-12, 200, "[0, 1]"),
    Own("1/(pi*(1+(x-theta)^2))",
        lambda t, x: -math.log(math.pi * (1 + (x - t) ** 2)),
        lambda r: r.randint(-50, 50) / 10, -20, 20),
    Own("max(0, 1-abs(x-theta))",
        lambda t, x: math.log(1 - abs(x - t)) if abs(x - t) < 1 else -math.inf,
        lambda r: r.randint(0, 90) / 100, -1, 2),
    Own("1/2*exp(-x)+1/2*theta*exp(-theta*x)",
        lambda t, x: math.log(math.exp(-x) / 2 + t * math.exp(-t * x) / 2),
        lambda r: r.randint(1, 300) / 100, 1e-9, 1000, "[0, inf]"),
]  # fmt: skip


def fine_grid(low: float, high: float) -> list[float]:
    """Evenly, and by powers of ten from the lower end where it is near 0."""
    points = {low + (high - low) * i / 2000 for i in range(2001)}
    if 0 < low < 1e-6:
        points |= {10 ** (k / 25) for k in range(-300, int(25 * math.log10(high)))}
    return sorted(p for p in points if low <= p <= high)


@pytest.mark.parametrize("own", NOISY, ids=lambda own: own.density)
def test_against_a_fine_grid(own: Own) -> None:
    """The estimate is as high as any point of a grid, and each listed maximum is one."""
    chance = Random(own.density)
    for size in (1, 2, 4, 7):
        data = [own.draw(chance) for _ in range(size)]

        def height(theta: float, data: Sequence[float] = data) -> float:
            return math.fsum(own.log(theta, x) for x in data)

        grid = fine_grid(own.low, own.high)
        heights = list(map(height, grid))
        top = max(heights)
        given = {"support": own.support} if own.support else {}
        try:
            derivation = solved(own.density, ",".join(map(str, data)), **given)
        except Unsolved as error:
            # It grows to the end: so does the grid.
            says_so = "keeps growing" in str(error)
            assert says_so
            assert top in (heights[0], heights[-1]), data
            continue
        found = to_float(derivation.answers[0].value)  # type: ignore[arg-type]
        assert height(found) >= top - 1e-9, data
        for point in listed_maxima(derivation):
            near = [height(point + side * max(abs(point), 1e-3) * 1e-4) for side in (-1, 1)]
            assert height(point) >= max(near), (data, point)


def listed_maxima(derivation: Derivation) -> list[float]:
    tables = [
        block
        for step in derivation.steps
        if step.rule == "look for all local maxima"
        for block in step.blocks
        if isinstance(block, Table)
    ]
    cells = [row[0] for table in tables for row in table.rows]
    return [to_float(cell.value) for cell in cells if isinstance(cell, Decimal)]


def test_made_questions_are_solved_or_refused(run: Callable[..., Any], tmp_path: Path) -> None:
    """A few from the generator of the fuzzer, as a user would run them, the worker included."""
    for words in itertools.islice(commands(7), 12):
        ran = run(*words)
        assert ran.code in (0, 2, 3), (words, ran)
        assert "Traceback" not in ran.err, words


@pytest.mark.parametrize(
    ("data", "density", "support", "expected"),
    [
        ("1,2,3", "x^(a-1)*exp(-x)/gamma(a)", "x > 0", 2.29487),
        ("0.2,0.5", "x^(a-1)*(1-x)/beta(a, 2)", "0 < x < 1", 1.37081),
    ],
)
def test_gamma_and_beta_are_functions_in_a_density(
    data: str, density: str, support: str, expected: float
) -> None:
    """The roots of ψ(a) = mean log x and of ψ(a) − ψ(a + 2) = mean log x, by SciPy."""
    derivation = solved(density, data, parameter="a", support=support)
    found = derivation.answer("a")
    assert found is not None and isinstance(found.value, float | Fraction)
    assert math.isclose(found.value, expected, rel_tol=1e-5)
