"""The location of a Laplace density: the median, by counting the signs of the slopes.

Σ |xᵢ − μ| has kinks at the data, so no root of a score is sought: between two observations its
slope is the number of data below μ minus the number above, and it turns from falling to rising at
the median.  With n even it is flat between the two middle observations, and every μ there is a
maximiser (Norton, The double exponential distribution, American Statistician 38, 1984).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.certify import all_certified, certified, certified_point, refused
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.letters import X
from mlcalc.estimation.maximum import worked_out
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.sample import MANY, Sample
from mlcalc.estimation.working import Writing
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Symbol, call, shown, wrap
from mlcalc.showing.derivation import Step, Table, step

MEDIAN = call("median", X)
EVEN = (
    "for even n every value between the two observations in the middle is a maximiser; the median "
    "is their midpoint"
)


def working(model: Model, sample: Sample) -> Working:
    """μ by the median; then the scale b, where it is unknown, by its score.

    Raises `Unsolved` where b is unknown and all observations are equal.
    """
    location = model.unknown[0]
    items = sorted(sample.data, key=scalar)
    ordered = [scalar(item) for item in items]
    writing = Writing(model, sample)
    steps = [
        writing.likelihood_step(),
        writing.log_step(),
        *derivation(location),
        *median_steps(location, items),
    ]
    steps = list(writing.finished(steps))
    middle = middle_of(ordered)
    located = Estimate(location, claimed=MEDIAN)
    notes: list[Note] = []
    if middle is not None:
        low, high = middle
        flat = (low, high) if low < high else None
        located = Estimate(location, (low + high) / 2, interval=flat)
        if flat is not None:
            notes.append(interval_note(flat, len(model.unknown) > 1))
    elif (size := None if sample.size is None else exact(sample.size)) is None or size % 2 == 0:
        notes.append(Note("laplace.even", EVEN))
    estimates = [located]
    if len(model.unknown) > 1:
        scale = model.unknown[1]
        if middle is not None and ordered[0] == ordered[-1]:
            at, b = one_line(shown(ordered[0])), one_line(scale.symbol)
            raise Unsolved.because(
                f"there is no maximum: every observation is {at}, and with "
                f"{one_line(location.symbol)} = {at} the likelihood grows without bound as {b} "
                "goes to 0"
            )
        found, more, remarks = scale_of(model, sample, located)
        estimates.append(found)
        steps += more
        notes += remarks
    if middle is not None:
        notes.append(certificate(ordered, middle, estimates))
    return Working(tuple(steps), tuple(estimates), tuple(notes))


def middle_of(ordered: Sequence[Scalar]) -> tuple[Scalar, Scalar] | None:
    """The two middle observations, which are one where n is odd."""
    if not ordered:
        return None
    n = len(ordered)
    return ordered[(n - 1) // 2], ordered[n // 2]


def scale_of(
    model: Model, sample: Sample, located: Estimate
) -> tuple[Estimate, list[Step], list[Note]]:
    """b̂ = Σ |xᵢ − μ̂|/n, by the lines of the score with μ at its estimate."""
    location, scale = model.unknown
    engine = ByScore(model, sample)
    found, more, notes = engine.beside(location, located.value, MEDIAN, scale)
    if sample.data:

        def summed() -> Step:
            sums = engine.sums_step(more)
            return replace(sums, rule="sum up the distances from the median", note="")

        more = [summed, *more]
    return found, list(engine.shown(more)), notes


# The steps.


def derivation(location: Unknown) -> list[Step]:
    """The sum of the distances, and its slope."""
    mu = one_line(location.symbol)
    return [
        step(
            "look at the distances",
            "diff(abs(x[i] - mu), mu) = cases(-1 if mu < x[i], 1 if mu > x[i])",
            why="for every scale the log-likelihood is largest where the sum of the distances "
            "$sum(abs(x[i] - mu), i)$ is smallest; a distance falls with slope −1 up to its "
            "observation, and rises after it",
            mu=location.symbol,
        ),
        step(
            "count the signs",
            f'diff(sum(abs(x[i] - mu), i), mu) = "number of data below {mu}"'
            f' - "number of data above {mu}"',
            why=f"it grows as {mu} passes the data: negative at first, positive at last, and the "
            "sum is smallest where the slope changes its sign, with as many data below as above: "
            "the median",
            mu=location.symbol,
        ),
    ]


def median_steps(location: Unknown, items: Sequence[Expr]) -> list[Step]:
    """The ordered data, the slope between them, and the middle."""
    rule, mu = "take the median", location.symbol
    if not items:
        return [step(rule, "mu_hat = median(x)", mu=mu)]
    n = len(items)
    low, high = items[(n - 1) // 2], items[n // 2]
    ordered = step(
        "put the data in order",
        "n = size",
        "[ranks] = [items]" if n <= MANY else None,
        slopes_table(mu, items) if len(set(map(scalar, items))) <= MANY else None,
        size=n, ranks=[order_statistic(rank) for rank in range(1, n + 1)], items=items,
    )  # fmt: skip
    first, second = order_statistic((n + 1) // 2), order_statistic(n // 2 + 1)
    names: dict[str, Any] = {"mu": mu, "low": low, "high": high, "first": first, "second": second}
    if n % 2:
        text, why = "mu_hat = median(x) = first = low", "n is odd: the observation in the middle"
        return [ordered, step(rule, text, why=why, **names)]
    if scalar(low) == scalar(high):
        why = "n is even, and the two observations in the middle are equal"
        return [ordered, step(rule, "mu_hat = median(x) = low", why=why, **names)]
    last = step(
        rule,
        "first = low <= mu_hat <= high = second",
        "mu_hat = median(x) = found",
        why="n is even: between the two observations in the middle the slope is 0, so every value "
        "there is a maximiser; the midpoint is given",
        found=worked_out((low + high) / 2), **names,
    )  # fmt: skip
    return [ordered, last]


def order_statistic(rank: int) -> Symbol:
    return Symbol("x", f"({rank})")


def slopes_table(mu: Symbol, items: Sequence[Expr]) -> Table:
    """The slope of Σ |xᵢ − μ| before, between and after the distinct observations."""
    distinct = {scalar(item): item for item in reversed(items)}
    kinks = [distinct[value] for value in sorted(distinct)]
    values = [scalar(item) for item in items]
    rows = []
    for left, right in zip([None, *kinks], [*kinks, None], strict=True):
        below = 0 if left is None else sum(value <= scalar(left) for value in values)
        above = len(items) - below
        where = line("left < mu < right", left=left, mu=mu, right=right)
        rows.append((where, *map(wrap, (below, above, below - above))))
    return Table(("where", "below", "above", "slope"), tuple(rows))


# The notes.


def interval_note(flat: tuple[Scalar, Scalar], has_scale: bool) -> Note:
    low, high = (one_line(shown(end)) for end in flat)
    text = f"every value from {low} to {high} is a maximiser"
    if has_scale:
        text += "; the sum of the distances is the same for all of them, and so is the scale"
    return Note("estimate.interval", text)


def certificate(
    ordered: Sequence[Scalar], middle: tuple[Scalar, Scalar], estimates: Sequence[Estimate]
) -> Note:
    """The log-likelihood looked at on both sides; where μ̂ is an interval, outside of it."""
    data = Counter(map(float, ordered))

    def function(mu: float, b: float = 1.0) -> float:
        distance = math.fsum(count * abs(x - mu) for x, count in data.items())
        return -len(ordered) * math.log(2 * b) - distance / b

    low, high = map(float, middle)
    best = [float(e.value) for e in estimates if e.value is not None]
    if low == high and len(best) > 1:
        ranges = [(-math.inf, math.inf), (0.0, math.inf)]
        return certified_point(lambda point: function(*point), best, ranges)
    if low == high:
        return certified(function, low, others=data)
    looks = [certified(function, low, high=low), certified(function, high, low=high)]
    if len(best) > 1:
        looks.append(certified(lambda b: function(best[0], b), best[1], 0.0))
    if not math.isclose(function(low), function(high), rel_tol=1e-12):
        looks.append(refused("the log-likelihood differs along the interval"))
    text = "the log-likelihood is equal at both ends of the interval, and lower on both sides of it"
    return all_certified(looks, text)
