"""The evidence of a model of which nothing is unknown: its likelihood."""

from __future__ import annotations

from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import (
    BigOp,
    Expr,
    Given,
    Mul,
    Symbol,
    call,
    equals,
    free_symbols,
    shown,
    substitute,
)
from mlcalc.probability.by_score import ByScore
from mlcalc.probability.evidence import constant_factor, product
from mlcalc.probability.inference import Inference, new_value
from mlcalc.probability.letters import CONSTANT_LETTERS, INDEX, N, X
from mlcalc.probability.maximum import worked_out
from mlcalc.probability.model import Model, Unknown
from mlcalc.probability.models import Evidence, evidence_of, letter, predictive_of
from mlcalc.probability.question import Question
from mlcalc.probability.sample import OBSERVATION
from mlcalc.probability.terms import ONE
from mlcalc.probability.unsolved_models import in_letters, needs_data, too_small


def known(one: Inference, asked: Question, place: int) -> Evidence:
    """The likelihood is the evidence."""
    if one.prior is not None:
        message = "nothing is unknown in this model: leave the prior out, or the parameter's value"
        raise one.fault(message, Inference.prior)
    if free_symbols(substitute(asked.model.density, asked.model.known)) - {X} - CONSTANT_LETTERS:
        raise in_letters(one)
    value, members = likelihood_of(one, asked)
    new = new_value(one, asked)
    predicted, lines = None, []
    if new is not None:
        formula = substitute(asked.model.density, {**asked.model.known, X: new})
        predicted = scalar(formula)
        general = call("p", Given(equals(X, new), letter(place)))
        lines = [equals(predictive_of(new, place), general, *worked_out(shown(predicted)))]
    chain = equals(evidence_of(place), *members, *worked_out(shown(value)))
    note = "nothing is unknown, so the evidence is the likelihood"
    return Evidence(value, (chain,), note, predicted, tuple(lines))


def likelihood_of(one: Inference, asked: Question) -> tuple[Scalar, list[Expr]]:
    """p(D) under a known density, and how it is written: θ^k (1 − θ)^(n − k), or ∏ f(xᵢ)."""
    model, sample = asked.model, asked.sample
    parameters = [Symbol.named(name) for name in model.family.parameters]
    if len(parameters) == 1:
        role = next(iter(model.family.parameters))
        unknown = Unknown(role, parameters[0], model.family.parameters[role], role)
        rest = {s: v for s, v in model.known.items() if s != parameters[0]}
        engine = ByScore(Model(model.family, model.density, (unknown,), rest), sample)
        kernel = engine.kernel(engine.log_terms)
        factor = constant_factor(engine)
        numbers = {**engine.numbers, parameters[0]: model.known[parameters[0]]}
        if not sample.data and factor != ONE:
            raise needs_data(one)
        if kernel is not None:
            filled = substitute(kernel, numbers)
            if free_symbols(filled) - CONSTANT_LETTERS:
                raise in_letters(one)
            constants = product([scalar(substitute(factor, {**rest, X: x})) for x in sample.data])
            value = constants * scalar(filled)
            if constants == 1:
                return value, [engine.statistics.shown(kernel), filled]
            return value, [Mul((shown(constants), engine.statistics.shown(kernel))),
                           Mul((shown(constants), filled))]  # fmt: skip
    if not sample.data:
        raise needs_data(one)
    filled = substitute(model.density, model.known)
    value = product([scalar(filled, {X: scalar(x)}) for x in sample.data])
    if value == 0 and all(scalar(filled, {X: scalar(x)}) for x in sample.data):
        raise too_small(one)
    density = substitute(filled, {X: OBSERVATION})
    return value, [BigOp("product", density, INDEX, ONE, N)]
