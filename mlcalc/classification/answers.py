"""What a model and a query answer, by the names of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.model import Categorical, Model
from mlcalc.classification.predicted import prediction_answer
from mlcalc.classification.scores import Scores
from mlcalc.classification.working import parameter_count
from mlcalc.derivation import Answer, Result, both_forms, count_answer
from mlcalc.maths.tree import Dots, Expr, Listing, equals

MOST_SHOWN = 12
"""More values of one answer are not printed; all of them are in the answer, and in JSON."""


def model_answers(model: Model) -> tuple[Answer, ...]:
    """The prior, the likelihoods, and how many of them are free."""
    prior = {label: estimate.value for label, estimate in model.prior.items()}
    lines = [equals(letters.prior(label), *both_forms(value)) for label, value in prior.items()]
    return (
        Answer("prior", prior, Listing(tuple(lines))),
        Answer("likelihood", likelihood_value(model), Listing(tuple(likelihood_lines(model)))),
        count_answer("parameter_count", Fraction(parameter_count(model))),
    )


def query_answers(scores: Scores) -> tuple[Answer, ...]:
    """The class, the products that decide it, and the posterior."""
    joint = [equals(letters.joint(c), *both_forms(v)) for c, v in scores.joint.items()]
    posterior = [equals(letters.posterior(c), *both_forms(v)) for c, v in scores.posterior.items()]
    return (
        prediction_answer(scores.best, scores.model.classes),
        Answer("joint", scores.joint, Listing(tuple(joint))),
        Answer("posterior", scores.posterior, Listing(tuple(posterior))),
    )


def likelihood_value(model: Model) -> Mapping[str, Result]:
    """By class and feature, as the field of that name; categorical features by value too."""
    found: dict[str, Result] = {}
    for label in model.classes:
        own = model.likelihood[label]
        if isinstance(model, Categorical):
            found[label] = {
                feature: {value: own[feature, value].value for value in values}
                for feature, values in model.values.items()
            }
        else:
            found[label] = {f: own[f, values[0]].value for f, values in model.values.items()}
    return found


def likelihood_lines(model: Model) -> list[Expr]:
    lines: list[Expr] = []
    for event in model.events:
        for label in model.classes:
            if len(lines) == MOST_SHOWN:
                return [*lines, Dots()]
            name = letters.likelihood(model.event(event), label)
            lines.append(equals(name, model.likelihood[label][event].result))
    return lines
