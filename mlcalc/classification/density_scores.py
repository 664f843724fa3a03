"""A query under given densities: the joint of each class, the posterior, the prediction."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.density_classes import Classes
from mlcalc.classification.predicted import predicted, prediction_answer
from mlcalc.classification.question import Question
from mlcalc.classification.training import number_in, queried
from mlcalc.derivation import Answer, Block, Step, both_forms
from mlcalc.errors import Unsolved
from mlcalc.maths.functions import Scalar, over, times, total
from mlcalc.maths.tree import (
    Expr,
    Listing,
    Mul,
    Number,
    equals,
    shown,
    substitute,
    wrap,
)


def queried_steps(given: Question, classes: Classes) -> tuple[list[Step], list[Answer]]:
    """Prior times densities at the query, and the posterior."""
    at = {n: number_in(cell, n) for n, cell in queried(given, classes.features).items()}
    if not at:
        raise given.fault("the query has no feature", Question.query)
    joints: dict[str, Scalar] = {}
    chains: list[Block] = []
    for n, label in enumerate(classes.labels):
        value: Scalar = classes.prior(n)
        factors: list[Expr] = [classes.priors[n]]
        names: list[Expr] = [letters.prior(label)]
        for place, density in enumerate(classes.densities[n]):
            if classes.features[place] not in at:
                continue
            x = at[classes.features[place]]
            here = density.at(x)
            value = times(value, here)
            factors.append(substitute(density.formula_at(x), {density.x: Number(x)}))
            names.append(letters.density(equals(density.x, wrap(x)), label))
        joints[label] = value
        chains.append(
            equals(
                letters.joint(label),
                Mul(tuple(names)),
                Mul(tuple(factors)),
                *both_forms(value),
            )
        )
    whole = total(*joints.values())
    if not whole > 0:
        message = "every class has the density 0 there, so no class is possible"
        raise Unsolved.because(message, given.place_of(Question.query))
    posterior = {label: share(value, joints) for label, value in joints.items()}
    more: list[Block] = [
        equals(letters.posterior(label), shown(joints[label]) / shown(whole), *both_forms(value))
        for label, value in posterior.items()
    ]
    top = max(joints.values())
    winners = [label for label, value in joints.items() if value == top]
    hat = equals(letters.Y_HAT, predicted(winners))
    note = "the class with the largest posterior"
    if len(winners) > 1:
        note = f"a tie: {' and '.join(winners)} have the same posterior"
    steps = [
        Step("multiply prior and density at the query", tuple(chains)),
        Step("normalise", tuple(more), "divided by their sum, the products add up to 1"),
        Step("predict the class", (hat,), note),
    ]
    answers = [
        prediction_answer(winners, classes.labels),
        Answer("joint", joints, listing(letters.joint, joints)),
        Answer("posterior", posterior, listing(letters.posterior, posterior)),
    ]
    return steps, answers


def share(value: Scalar, joints: dict[str, Scalar]) -> Scalar:
    """value/Σ joints; by the ratios, so that a share near 1 does not swallow the others."""
    if value == 0:
        return Fraction(0)
    return over(Fraction(1), total(*(over(joint, value) for joint in joints.values())))


def listing(name: Callable[[str], Expr], values: dict[str, Scalar]) -> Listing:
    return Listing(
        tuple(equals(name(label), *both_forms(value)) for label, value in values.items())
    )
