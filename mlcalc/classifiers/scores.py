"""The scores of the classes for one query: products of factors, normalised and compared.

Where the factors are fractions the products are exact.  Products of normal densities are compared
by their logarithms, which hold one logarithm of a fraction each, so that ties are exact too, and a
product that no float holds has a posterior all the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, reduce
from itertools import pairwise
from typing import TypeVar

from mlcalc.classifiers import letters
from mlcalc.classifiers.logged import Logged
from mlcalc.classifiers.model import Factor, Model, short
from mlcalc.maths.board import Note
from mlcalc.maths.functions import Scalar, exp, over, plus, product, total
from mlcalc.maths.records import replace
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Dots,
    Expr,
    Listing,
    Mul,
    Number,
    Symbol,
    Words,
    call,
    equals,
    joined,
)
from mlcalc.maths.vectors import added
from mlcalc.showing.derivation import Answer, Result, Step, Table, both_forms, step

MOST_FACTORS = 9
"""A longer product is written with its first factors and its last."""
MOST_DENSITIES = 4
"""More densities of a query stand in a table, of which the first and last rows are shown."""
FIRST_ROWS, LAST_ROWS = 5, 2
SMALL = Fraction(1, 10**20)
"""A score below this is also written as a sum of logarithms, unasked."""
NEAR_ONE = 1e-6
"""A posterior that is nearer to 1 is what the others leave."""
LEAST = 1e-290
"""A product of densities below this is kept as its logarithm."""


T = TypeVar("T")


class Scores:
    """The joint probabilities P(x, Y = c), and the factors that they are products of.

    `logs` are those of the products, less what all of them share; none where the products tell.
    """

    def __init__(
        self,
        model: Model,
        factors: Mapping[str, Sequence[Factor]],
        joint: Mapping[str, Scalar],
        logs: Mapping[str, Logged],
    ) -> None:
        self.model, self.factors, self.joint, self.logs = model, factors, joint, logs

    def log_joint(self, label: str) -> Scalar:
        if label in self.logs:
            return plus(self.logs[label].value, total(*(f.shared for f in self.factors[label])))
        value = self.joint[label]
        if isinstance(value, Fraction):  # which may be too small for a float
            return math.log(value.numerator) - math.log(value.denominator)
        return math.log(value)

    @cached_property
    def evidence(self) -> Scalar:
        """P(x), the sum over the classes."""
        return total(*self.joint.values())

    @cached_property
    def posterior(self) -> dict[str, Scalar]:
        """P(Y = c | x); there is none where every score is 0."""
        if self.logs:
            return self.posterior_of_logs()
        return {label: self.share(value) for label, value in self.joint.items()}

    def posterior_of_logs(self) -> dict[str, Scalar]:
        """The largest logarithm is taken off first; exact where all scores are one."""
        if len(set(self.logs.values())) == 1:
            return dict.fromkeys(self.logs, Fraction(1, len(self.logs)))
        values = {label: log.value for label, log in self.logs.items()}
        top = max(values.values())
        weights = {label: exp(plus(value, -top)) for label, value in values.items()}
        whole = total(*weights.values())
        return {label: over(weight, whole) for label, weight in weights.items()}

    def share(self, value: Scalar) -> Scalar:
        """value/Σ joints; of floats by the ratios, since one near 1 would swallow the others."""
        evidence = self.evidence
        if isinstance(value, Fraction) and isinstance(evidence, Fraction):
            return value / evidence
        if value == 0:
            return Fraction(0)
        return over(Fraction(1), total(*(over(joint, value) for joint in self.joint.values())))

    @cached_property
    def best(self) -> tuple[str, ...]:
        """The classes of the highest score: more than one at a tie."""
        if self.logs:
            digits = {label: log.digits() for label, log in self.logs.items()}
            top = self.logs[max(digits, key=digits.__getitem__)]
            return tuple(label for label, log in self.logs.items() if log == top)
        highest = max(self.joint.values())
        return tuple(label for label, value in self.joint.items() if value == highest)

    @property
    def prediction(self) -> str:
        return " or ".join(self.best)

    def zeros(self, label: str) -> list[Factor]:
        """The factors that make the score of a class 0."""
        return [factor for factor in self.factors[label] if not factor.value and not self.logs]

    @property
    def is_lost(self) -> bool:
        """Whether a float loses a product that is not 0."""
        return bool(self.logs) and min(self.joint.values()) < LEAST

    @property
    def has_logs(self) -> bool:
        """Whether the logarithms are shown unasked: of what a float soon loses."""
        is_long = any(len(factors) > MOST_FACTORS for factors in self.factors.values())
        is_small = any(0 < value < SMALL for value in self.joint.values())
        return self.is_lost or is_long or is_small


def scored(model: Model, asked: Mapping[str, object]) -> Scores:
    """The product for each class.  Raises `TooLarge` where it could not be written out."""
    factors = {label: model.factors(label, asked) for label in model.classes}
    logs: dict[str, Logged] = {}
    joint: dict[str, Scalar] = {}
    for label, own in factors.items():
        parts = [factor.log for factor in own[1:] if factor.log is not None]
        if parts and len(parts) == len(own) - 1 and own[0].log is not None:
            logs[label] = reduce(Logged.and_log, parts, own[0].log)
            shared = total(*(factor.shared for factor in own))
            joint[label] = exp(plus(logs[label].value, shared))
        else:
            joint[label] = product(*(factor.value for factor in own))
    return Scores(model, factors, joint, logs)


# The working.


def query_steps(scores: Scores) -> list[Step]:
    """The products, their logarithms where they get small, the posterior and the prediction."""
    has_densities = any(factor.write().working for factor in first_factors(scores))
    found = [density_step(scores)] if has_densities else []
    if not scores.logs or all(scores.joint.values()):
        found.append(score_step(scores))
    logs = log_step(scores)
    found.append(logs if scores.has_logs else replace(logs, of=("log_scores",)))
    normalised = normalise_logs_step(scores) if scores.is_lost else normalise_step(scores)
    return [*found, normalised, predict_step(scores)]


def first_factors(scores: Scores) -> Sequence[Factor]:
    return next(iter(scores.factors.values()))


def density_step(scores: Scores) -> Step:
    """The query in the formulas of the densities; of many their logarithms in a table."""
    own = [factors[1:] for factors in scores.factors.values()]
    if len(own[0]) <= MOST_DENSITIES:
        workings = (factor.write().working for factors in own for factor in factors)
        return Step("put the query into the densities", tuple(w for w in workings if w))
    logs = (call("log", letters.density(letters.X, label)) for label in scores.factors)
    header: tuple[str | Expr, ...] = ("feature", letters.X, *logs)
    rows: list[tuple[str | Expr, ...]] = [
        (
            letters.feature_symbol(beside[0].event),
            beside[0].write().asked,
            *(Decimal(factor.log_value) for factor in beside),
        )
        for beside in zip(*own, strict=True)
    ]
    if len(rows) > FIRST_ROWS + LAST_ROWS:
        dots: tuple[Expr, ...] = (Dots(),) * len(header)
        rows = [*rows[:FIRST_ROWS], dots, *rows[-LAST_ROWS:]]
    note = f"a product of {len(own[0])} densities is small, so their logarithms are added"
    return Step("take the logs of the densities", (Table(header, tuple(rows)),), note)


def elided(items: Sequence[T], write: Callable[[T], Expr]) -> tuple[Expr, ...]:
    """The items as they are written: the first, …, and the last where there are many."""
    if len(items) <= MOST_FACTORS:
        return tuple(map(write, items))
    return *map(write, items[:3]), Dots(), write(items[-1])


def score_step(scores: Scores) -> Step:
    chains = tuple(score_chain(scores, label) for label in scores.joint)
    return step("score each class", *chains, why=scores.model.score_note)


def score_chain(scores: Scores, label: str) -> Chain:
    """P(x, Y = c) = the names = the numbers = the product."""
    factors = scores.factors[label]
    written = [factor.write() for factor in factors]
    members = [
        joined(Mul, elided(written, lambda one: one.name)),
        joined(Mul, elided(written, lambda one: one.worked)),
    ]
    if any(not isinstance(one.worked, Number | Decimal) for one in written):
        members.append(joined(Mul, elided(factors, lambda factor: short(factor.value))))
    tail = both_forms(scores.joint[label])
    if members[-1] == tail[0]:
        members.pop()
    return equals(letters.joint(label, scores.model.p), *members, *tail)


def log_step(scores: Scores) -> Step:
    """The same in logarithms, which do not underflow where the product has a thousand factors."""
    return Step(
        "add up the logarithms",
        tuple(log_chain(scores, label) for label in scores.joint),
        "in floating point a product of many small factors underflows to 0; a sum of logarithms "
        "does not, and the largest sum belongs to the largest score",
    )


def log_chain(scores: Scores, label: str) -> Chain:
    """log P(x, Y = c) = log 1/2 + log 3/4 + …"""
    name, factors = call("log", letters.joint(label, scores.model.p)), scores.factors[label]
    if not scores.joint[label] and not scores.logs:
        return Chain(name, (("=", call("log", 0)), ("->", -Symbol("inf"))))
    result = Decimal(scores.log_joint(label))
    has_values = all(factor.value for factor in factors)

    def log(factor: Factor) -> Expr:
        return call("log", short(factor.value)) if has_values else Decimal(factor.log_value)

    return equals(name, added(elided(factors, log)), result)


def normalise_step(scores: Scores) -> Step:
    """P(x) is the sum of the scores, and each posterior is its share of it."""
    values = {label: short(value) for label, value in scores.joint.items()}
    evidence, p = scores.evidence, scores.model.p
    chains = [equals(Call(p, (letters.X,)), added(tuple(values.values())), *both_forms(evidence))]
    for label, value in scores.posterior.items():
        quotient = left_by_others(scores, label) or values[label] / short(evidence)
        chains.append(equals(letters.posterior(label), quotient, *both_forms(value)))
    note = f"one of the classes is the true one, so the scores add up to {p}(x)"
    return Step("normalise", tuple(chains), note)


def left_by_others(scores: Scores, label: str) -> Expr | None:
    """1 less the other posteriors, for one near 1: a quotient would need all their digits."""
    value, others = scores.posterior[label], [c for c in scores.posterior if c != label]
    if isinstance(value, Fraction) or not others or abs(1 - value) > NEAR_ONE:
        return None
    return 1 - added(tuple(map(letters.posterior, others)))


def normalise_logs_step(scores: Scores) -> Step:
    logs = {label: Decimal(scores.log_joint(label)) for label in scores.joint}
    top = logs[scores.best[0]]
    weights = {label: call("exp", log - top) for label, log in logs.items()}
    chains = tuple(
        equals(letters.posterior(label),
               left_by_others(scores, label) or weights[label] / added(tuple(weights.values())),
               *both_forms(value))
        for label, value in scores.posterior.items()
    )  # fmt: skip
    note = "the largest log score is taken off first, so that no power is too small"
    return Step("normalise", chains, note)


def predict_step(scores: Scores) -> Step:
    """The class of the largest posterior, or the classes that share it."""
    posterior, best = scores.posterior, scores.best
    ranked = [*best, *sorted((c for c in posterior if c not in best), key=lambda c: -posterior[c])]
    relations = tuple(
        "=" if below in best or posterior[above] == posterior[below] else ">"
        for above, below in pairwise(ranked)
    )
    note = f"the class with the largest posterior: {best[0]}"
    if len(best) > 1:
        note = f"a tie: {' and '.join(best)} are equally probable"
    comparison = (letters.ranking(tuple(ranked), relations),) if relations else ()
    return Step("predict", comparison, note)


# The answers.


def score_answers(scores: Scores) -> list[Answer]:
    """The class, the products that decide it, and the posterior."""
    joint: dict[str, Result] = {}
    shown: list[Expr] = []
    for label, value in scores.joint.items():
        power = call("exp", Decimal(scores.log_joint(label))) if scores.logs else None
        is_lost = power is not None and value < LEAST
        joint[label] = power if power is not None and is_lost else value
        tail = (power,) if power is not None and not value else both_forms(value)
        shown.append(equals(letters.joint(label, scores.model.p), *tail))
    posterior = scores.posterior
    lines = [equals(letters.posterior(c), *both_forms(v)) for c, v in posterior.items()]
    return [
        prediction_answer(scores.best, scores.model.classes),
        Answer("joint", joint, Listing(tuple(shown))),
        Answer("posterior", posterior, Listing(tuple(lines))),
    ]


def prediction_answer(best: Sequence[str], classes: Sequence[str]) -> Answer:
    """At an exact tie each of the `best` is right, and so are all of them."""
    value = " or ".join(best)
    shown = letters.word(value) if len(best) == 1 else Words(value)
    return Answer("prediction", value, shown, Symbol("Y", accent="hat"), choices=tuple(classes))


def score_notes(scores: Scores) -> list[Note]:
    if not scores.is_lost:
        return []
    text = "the scores are too small for a floating-point number, so their logarithms are shown"
    return [Note("nb.log_space", text)]
