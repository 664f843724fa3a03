"""The scores of the classes for one query: products of fractions, normalised and compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from mlcalc.classification import letters
from mlcalc.classification.estimates import short
from mlcalc.classification.model import Asked, Factor, Model, Multinomial
from mlcalc.derivation import Step, both_forms
from mlcalc.maths.functions import Scalar, times
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Dots,
    Expr,
    Mul,
    Neg,
    Number,
    Symbol,
    equals,
)
from mlcalc.maths.vectors import added
from mlcalc.records import Record

MOST_FACTORS = 9
"""A longer product is written with its first factors and its last."""
SMALL = Fraction(1, 10**6)
"""A score below this is also written as a sum of logarithms."""


class Scores(Record):
    """The joint probabilities P(x, Y = c), and the factors that they are products of."""

    model: Model
    factors: Mapping[str, Sequence[Factor]]
    joint: Mapping[str, Fraction]

    @property
    def evidence(self) -> Fraction:
        """P(x), the sum over the classes."""
        return sum(self.joint.values(), Fraction(0))

    @property
    def posterior(self) -> dict[str, Fraction]:
        """P(Y = c | x); there is none where every score is 0."""
        return {label: value / self.evidence for label, value in self.joint.items()}

    @property
    def best(self) -> tuple[str, ...]:
        """The classes of the highest score: more than one at a tie."""
        highest = max(self.joint.values())
        return tuple(label for label, value in self.joint.items() if value == highest)

    @property
    def prediction(self) -> str:
        return " or ".join(self.best)

    def zeros(self, label: str) -> list[Factor]:
        """The factors that make the score of a class 0."""
        return [factor for factor in self.factors[label] if not factor.value]

    @property
    def is_small(self) -> bool:
        long = any(len(factors) > MOST_FACTORS for factors in self.factors.values())
        return long or any(0 < value < SMALL for value in self.joint.values())


def scored(model: Model, asked: Asked) -> Scores:
    """The product for each class.  Raises `TooLarge` where it could not be written out."""
    factors = {label: model.factors(label, asked) for label in model.classes}
    joint = {}
    for label, own in factors.items():
        values: list[Scalar] = [factor.value for factor in own]
        joint[label] = Fraction(reduce(times, values))
    return Scores(model, factors, joint)


def query_steps(scores: Scores) -> list[Step]:
    """The products, their logarithms where they get small, the posterior and the prediction."""
    logs = [log_step(scores)] if scores.is_small else []
    return [score_step(scores), *logs, normalise_step(scores), predict_step(scores)]


def elided(items: Sequence[Expr]) -> tuple[Expr, ...]:
    """The first items, …, and the last where there are many."""
    if len(items) <= MOST_FACTORS:
        return tuple(items)
    return *items[:3], Dots(), items[-1]


def product(items: Sequence[Expr]) -> Expr:
    shown = elided(items)
    return Mul(shown) if len(shown) > 1 else shown[0]


def score_chain(scores: Scores, label: str) -> Chain:
    """P(x, Y = c) = the names = the numbers = the product."""
    factors = scores.factors[label]
    members = [product([factor.name for factor in factors])]
    worked = product([factor.worked for factor in factors])
    members.append(worked)
    if any(not isinstance(factor.worked, Number | Decimal) for factor in factors):
        members.append(product([short(factor.value) for factor in factors]))
    tail = both_forms(scores.joint[label])
    if members[-1] == tail[0]:
        members.pop()
    return equals(letters.joint(label), *members, *tail)


def score_step(scores: Scores) -> Step:
    chains = tuple(score_chain(scores, label) for label in scores.joint)
    note = "its prior times the likelihood of each feature"
    if isinstance(scores.model, Multinomial):
        note = "its prior times the likelihood of each word, once for each time it occurs"
    return Step("score each class", chains, (f"{note}; ", letters.X, " is the query"))


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
    total, value = Call("log", (letters.joint(label),)), scores.joint[label]
    if not value:
        limit = ("->", Neg(Symbol("inf")))
        return Chain(total, (("=", Call("log", (Number(Fraction(0)),))), limit))
    factors = scores.factors[label]
    logs = elided([Call("log", (short(factor.value),)) for factor in factors])
    return equals(total, added(logs), Decimal(log_of(value)))


def log_of(value: Fraction) -> float:
    """log of a positive fraction that may be too small for a float."""
    return math.log(value.numerator) - math.log(value.denominator)


def normalise_step(scores: Scores) -> Step:
    """P(x) is the sum of the scores, and each posterior is its share of it."""
    values = {label: short(value) for label, value in scores.joint.items()}
    evidence = scores.evidence
    chains = [equals(Call("P", (letters.X,)), added(tuple(values.values())), *both_forms(evidence))]
    for label, value in scores.posterior.items():
        quotient = values[label] / short(evidence)
        chains.append(equals(letters.posterior(label), quotient, *both_forms(value)))
    return Step(
        "normalise",
        tuple(chains),
        "one of the classes is the true one, so the scores add up to P(x)",
    )


def predict_step(scores: Scores) -> Step:
    """The class of the largest posterior, or the classes that share it."""
    ranked = sorted(scores.posterior.items(), key=lambda pair: -pair[1])
    first, _ = ranked[0]
    links = []
    for (_, above), (label, value) in pairwise(ranked):
        links.append(("=" if above == value else ">", letters.posterior(label)))
    comparison = Chain(letters.posterior(first), tuple(links))
    if len(scores.best) > 1:
        note = f"a tie: {' and '.join(scores.best)} are equally probable"
    else:
        note = f"the class with the largest posterior: {first}"
    return Step("predict", (comparison,) if links else (), note)
