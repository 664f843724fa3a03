"""The mean of a normal density under a Laplace prior: the soft threshold.

The log-posterior is a parabola and a roof: where the parabola's slope at the kink is smaller than
the roof's, the maximum sits on the kink (Murphy 2012, 13.3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.letters import N, X
from mlcalc.estimation.maximum import worked_out
from mlcalc.estimation.model import Model
from mlcalc.estimation.priors import Belief
from mlcalc.estimation.sample import Sample, Statistics
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Expr, Symbol, free_symbols, shown, substitute
from mlcalc.showing.derivation import Step, step


def applies(model: Model, belief: Belief) -> bool:
    """Whether it is the mean of a normal with known variance under a Laplace prior."""
    names = [unknown.name for unknown in model.unknown]
    is_mean = model.family.name == "normal" and model.unknown[0].range[0] == "-inf"
    return is_mean and len(names) == 1 and belief.family.name == "laplace"


def variance_of(model: Model) -> Symbol:
    """σ², or the letter that was typed for it."""
    if Symbol("sigma2") in model.known:
        return Symbol("sigma2")
    others = free_symbols(model.density) - {X, model.unknown[0].symbol, Symbol("pi")}
    return next(iter(others))


def working(model: Model, sample: Sample, belief: Belief) -> Working:
    """The steps and the estimate, in letters where there are no data."""
    unknown = model.unknown[0]
    names: dict[str, Any] = {
        "mu": unknown.symbol, "s": variance_of(model), "m": belief.symbol("mu"),
        "b": belief.symbol("b"), "target": line("log(p(mu | D))", mu=unknown.symbol),
        "formula": line(SOFT, m=belief.symbol("mu")),
    }  # fmt: skip
    steps = [
        step(
            "take the log of likelihood times prior",
            'target = -(sum((x[i] - mu)^2, i) / (2 * s)) - abs(mu - m) / b + "constant"',
            **names,
        ),
        step(
            "differentiate on both sides of the kink",
            "x_bar = sum(x[i], i) / n",
            "diff(target, mu) = cases("
            "n * (x_bar - mu) / s - 1/b if mu > m, n * (x_bar - mu) / s + 1/b if mu < m)",
            why="the prior's roof has slope −1/b to the right of $m$ and 1/b to the left",
            **names,
        ),
        step(
            "set the score to zero on each side",
            "t = s / (n * b)",
            "mu_hat = formula",
            why="a root counts only on its own side; where neither side has one, the maximum is "
            "the kink",
            **names,
        ),
    ]
    values: dict[Expr, Expr] = {**model.known, **belief.numbers()}
    statistics = Statistics(sample, "sum")
    numbers = {**values, **statistics.numbers(values)}
    if N not in numbers or any(free_symbols(v) for v in numbers.values()):
        width = line("s / (n * b)", **names)
        claimed = line("m + sign(sum/n - m) * max(abs(sum/n - m) - t, 0)", t=width, **names)
        written = line(SOFT, t=width, **names)
        return Working(tuple(steps), (Estimate(unknown, None, claimed, written),), (NOTE,))
    value, last = with_numbers(numbers, statistics.letters[X], names)
    return Working((*steps, last), (Estimate(unknown, value),), (NOTE,))


SOFT = "cases(x_bar - t if x_bar - m > t, x_bar + t if x_bar - m < -t, m)"

NOTE = Note(
    "map.soft_threshold",
    "a Laplace prior pulls by the same amount however far away the data are, and small effects "
    "all the way to its centre",
)


def with_numbers(
    numbers: Mapping[Expr, Expr], total: Symbol, names: Mapping[str, Any]
) -> tuple[Fraction | float, Step]:
    """The numbers put in: x̄, the threshold, and which case applies."""
    mean, width, m = (
        substitute(line(text, total=total, **names), numbers)
        for text in ("total / n", "s / (n * b)", "m")
    )
    x_bar, t, centre = scalar(mean), scalar(width), scalar(m)
    gap = x_bar - centre
    distance = max(gap, -gap)
    sign = 0 if distance <= t else 1 if gap > 0 else -1
    value = x_bar - sign * t if sign else centre
    return value, step(
        "put in the numbers",
        "x_bar = means",
        "t = widths",
        *(
            ("abs(mean - centre) = distance <= t", "mu_hat = found")
            if not sign
            else (f"mu_hat = x_bar {'-' if sign > 0 else '+'} t = moved",)
        ),
        means=worked_out(mean), widths=worked_out(width),
        moved=worked_out(shown(x_bar) - shown(t) if sign > 0 else shown(x_bar) + shown(t)),
        mean=shown(x_bar), centre=shown(centre), distance=shown(distance), found=shown(value),
        mu=names["mu"],
    )  # fmt: skip
