"""The mean of a normal density under a Laplace prior: the soft threshold.

The log-posterior is a parabola and a roof: where the parabola's slope at the kink is smaller than
the roof's, the maximum sits on the kink (Murphy 2012, 13.3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.derivation import Note, Step
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Cases,
    Chain,
    Derivative,
    Expr,
    Given,
    Neg,
    Number,
    Symbol,
    Words,
    call,
    equals,
    free_symbols,
    shown,
    substitute,
)
from mlcalc.probability.letters import DATA, INDEX, N, X
from mlcalc.probability.maximum import worked_out
from mlcalc.probability.model import Model
from mlcalc.probability.priors import Belief
from mlcalc.probability.sample import OBSERVATION, Sample, Statistics
from mlcalc.probability.working import Estimate, Working

MEAN = Symbol("x", accent="bar")


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
    mu, hat, sigma2 = unknown.symbol, unknown.hat, variance_of(model)
    centre, b = belief.symbol("mu"), belief.symbol("b")
    target = call("log", call("p", Given(mu, DATA)))
    square = BigOp("sum", (OBSERVATION - mu) ** 2, INDEX)
    kernel = Neg(square / (2 * sigma2)) - call("abs", mu - centre) / b
    log_step = Step(
        "take the log of likelihood times prior",
        (equals(target, kernel + Words("constant")),),
    )
    mean = equals(MEAN, BigOp("sum", OBSERVATION, INDEX) / N)
    pull = N * (MEAN - mu) / sigma2
    slopes = Step(
        "differentiate on both sides of the kink",
        (
            mean,
            equals(
                Derivative(target, mu),
                Cases(
                    (
                        (pull - 1 / b, Chain(mu, ((">", centre),))),
                        (pull + 1 / b, Chain(mu, (("<", centre),))),
                    )
                ),
            ),
        ),
        ("the prior's roof has slope −1/b to the right of ", centre, " and 1/b to the left"),
    )
    t, threshold = Symbol("t"), sigma2 / (N * b)
    formula: Expr = Cases(
        (
            (MEAN - t, Chain(MEAN - centre, ((">", t),))),
            (MEAN + t, Chain(MEAN - centre, (("<", Neg(t)),))),
            (centre, None),
        )
    )
    solved = Step(
        "set the score to zero on each side",
        (equals(t, threshold), equals(hat, formula)),
        "a root counts only on its own side; where neither side has one, the maximum is the kink",
    )
    steps = [log_step, slopes, solved]
    values: dict[Expr, Expr] = dict(model.known)
    values |= belief.numbers()
    statistics = Statistics(sample, "sum")
    numbers = {**values, **statistics.numbers(values)}
    if N not in numbers or any(free_symbols(v) for v in numbers.values()):
        claimed = soft_threshold(centre, threshold)
        shown_formula = substitute(formula, {t: threshold})
        return Working(tuple(steps), (Estimate(unknown, None, claimed, shown_formula),), (NOTE,))
    value, step = with_numbers(hat, numbers, statistics, (centre, t, threshold))
    return Working((*steps, step), (Estimate(unknown, value),), (NOTE,))


NOTE = Note(
    "map.soft_threshold",
    "a Laplace prior pulls by the same amount however far away the data are, and small effects "
    "all the way to its centre",
)


def soft_threshold(centre: Expr, threshold: Expr) -> Expr:
    """m + sign(x̄ − m)·max(|x̄ − m| − t, 0), with x̄ as sum/n."""
    distance = Symbol("sum") / N - centre
    return centre + call("sign", distance) * Call(
        "max", (call("abs", distance) - threshold, Number(Fraction(0)))
    )


def with_numbers(
    hat: Symbol,
    numbers: Mapping[Expr, Expr],
    statistics: Statistics,
    letters: tuple[Expr, Expr, Expr],
) -> tuple[Fraction | float, Step]:
    """The numbers put in: x̄, the threshold, and which case applies."""
    centre, t, threshold = letters
    total = statistics.letters[X]
    mean = substitute(total / N, numbers)
    filled = substitute(threshold, numbers)
    x_bar, width = scalar(mean), scalar(filled)
    m = scalar(substitute(centre, numbers))
    gap = x_bar - m
    lines: list[Expr] = [equals(MEAN, *worked_out(mean)), equals(t, *worked_out(filled))]
    distance = gap if gap >= 0 else -gap
    if distance <= width:
        value = m
        between = call("abs", shown(x_bar) - shown(m))
        lines.append(Chain(between, (("=", shown(distance)), ("<=", t))))
        lines.append(equals(hat, shown(value)))
    else:
        sign = 1 if gap > 0 else -1
        value = x_bar - sign * width
        moved = shown(x_bar) - shown(width) if gap > 0 else shown(x_bar) + shown(width)
        lines.append(equals(hat, MEAN - t if gap > 0 else MEAN + t, *worked_out(moved)))
    return value, Step("put in the numbers", tuple(lines))
