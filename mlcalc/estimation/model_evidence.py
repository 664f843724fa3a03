"""The evidence of a model: its likelihood averaged over a prior, or alone if nothing is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.dirichlet import Dirichlet
from mlcalc.estimation.evidence import Integral, constant_factor, evidence, predictive, product
from mlcalc.estimation.inference import (
    Inference,
    alphas_of,
    belief_of,
    new_category,
    new_value,
    refuse_undecided,
    require_prior,
)
from mlcalc.estimation.letters import CONSTANT_LETTERS, X
from mlcalc.estimation.maximum import worked_out
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.models import Evidence, evidence_of, letter
from mlcalc.estimation.posterior import Named, is_cut_off, recognised
from mlcalc.estimation.question import Question
from mlcalc.estimation.sample import OBSERVATION
from mlcalc.estimation.terms import ONE, collected, in_parameter
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Prose, line
from mlcalc.maths.calculus import NotPolynomial
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Symbol, Words, free_symbols, shown, substitute

UNSOLVED = {
    "letters": "the models are compared in numbers: give every letter a value",
    "data": "the evidence of this model depends on more than n and the sum: give the data",
    "small": "the evidence is too small for a double",
    "form": "the evidence of this model has no closed form here: it has one in numbers for "
    "conjugate priors, such as beta for bernoulli and gamma for poisson, and for all the data",
}


def unsolved(one: Inference, why: str) -> Unsolved:
    return Unsolved.because(UNSOLVED[why], one.place)


def predictive_of(new: Expr, place: int) -> Expr:
    """p(x_new = 1 | D, M₁), the event of a prediction under one model."""
    return line("p(x_new = new | D, M)", new=new, M=letter(place))


# Nothing is unknown.


def known(one: Inference, asked: Question, place: int) -> Evidence:
    """The likelihood is the evidence."""
    if one.prior is not None:
        message = "nothing is unknown in this model: leave the prior out, or the parameter's value"
        raise one.fault(message, Inference.prior)
    if free_symbols(substitute(asked.model.density, asked.model.known)) - {X} - CONSTANT_LETTERS:
        raise unsolved(one, "letters")
    value, members = likelihood_of(one, asked)
    chain = line("p(D | M) = members = value", M=letter(place), members=members,
                 value=worked_out(shown(value)))  # fmt: skip
    note = "nothing is unknown, so the evidence is the likelihood"
    new = new_value(one, asked)
    if new is None:
        return Evidence(value, (chain,), note)
    predicted = scalar(substitute(asked.model.density, {**asked.model.known, X: new}))
    prediction = line(
        "p(x_new = new | D, M) = p(x = new | M) = value",
        new=new, M=letter(place), value=worked_out(shown(predicted)),
    )  # fmt: skip
    return Evidence(value, (chain,), note, predicted, (prediction,))


def likelihood_of(one: Inference, asked: Question) -> tuple[Scalar, list[Expr]]:
    """p(D) under a known density, and how it is written: θ^k (1 − θ)^(n − k), or ∏ f(xᵢ)."""
    model, sample = asked.model, asked.sample
    if len(model.family.parameters) == 1:
        (role, range_), *_ = model.family.parameters.items()
        theta = Symbol.named(role)
        rest = {s: v for s, v in model.known.items() if s != theta}
        unknown = Unknown(role, theta, range_, role)
        engine = ByScore(Model(model.family, model.density, (unknown,), rest), sample)
        kernel, factor = engine.letters.kernel(engine.letters.log_terms), constant_factor(engine)
        if not sample.data and factor != ONE:
            raise unsolved(one, "data")
        if kernel is not None:
            filled = substitute(kernel, {**engine.numbers, theta: model.known[theta]})
            if free_symbols(filled) - CONSTANT_LETTERS:
                raise unsolved(one, "letters")
            constants = product([scalar(substitute(factor, {**rest, X: x})) for x in sample.data])
            members = [engine.statistics.shown(kernel), filled]
            if constants != 1:
                members = [line("c*kernel", c=shown(constants), kernel=each) for each in members]
            return constants * scalar(filled), members
    if not sample.data:
        raise unsolved(one, "data")
    filled = substitute(model.density, model.known)
    factors = [scalar(filled, {X: scalar(x)}) for x in sample.data]
    value = product(factors)
    if value == 0 and all(factors):
        raise unsolved(one, "small")
    return value, [line("product(f, i, 1, n)", f=substitute(filled, {X: OBSERVATION}))]


# The parameter has a prior.


def averaged(one: Inference, asked: Question, place: int) -> Evidence:
    """The likelihood integrated over the prior."""
    require_prior(one)
    if asked.counts is not None:
        label = new_category(one, asked.counts)
        model = Dirichlet(asked.model, asked.counts, alphas_of(one, asked, asked.counts), label)
        found = model.evidence(evidence_of(place))
        next_one = model.predictive(None if label is None else predictive_of(Words(label), place))
        return joined(one, found, next_one, [], label is not None)
    refuse_undecided(one, asked)
    belief = belief_of(one, asked)
    engine = ByScore(asked.model, asked.sample, belief)
    named = name_of(engine)
    if named is None or is_cut_off(named, engine):
        raise unsolved(one, "form")
    new = new_value(one, asked)
    found = evidence(engine, named, evidence_of(place), letter(place))
    next_one = None
    if new is not None:
        next_one = predictive(engine, named, new, predictive_of(new, place), letter(place))
    parameter = asked.model.unknown[0].symbol
    names = {"theta": parameter, "M": letter(place)}
    lines = []
    kernel = engine.letters.kernel(engine.letters.log_terms)
    if kernel is not None:
        relation = "=" if constant_factor(engine) == ONE else "propto"
        shown_kernel = engine.statistics.shown(kernel)
        lines.append(line(f"p(D | theta, M) {relation} kernel", **names, kernel=shown_kernel))
    prior = substitute(belief.density(parameter), belief.numbers())
    after = named.settled(engine.numbers, ()).call
    lines += [
        line("p(theta | M) = prior", **names, prior=prior),
        line("theta | both ~ after", **names, both=line("(D, M)", **names), after=after),
    ]
    return joined(one, found, next_one, lines, new is not None)


def name_of(engine: ByScore) -> Named | None:
    """The family of the posterior; None where it has no name."""
    parameter, statistics = engine.model.unknown[0].symbol, engine.statistics
    terms = (*engine.letters.log_terms, *engine.letters.prior_terms)
    try:
        spread = in_parameter(terms, statistics.letters, parameter, statistics.letter)
    except NotPolynomial:
        return None
    return recognised(tuple(collected(spread, parameter)), parameter, engine.first)


def joined(
    one: Inference,
    found: Integral | None,
    next_one: Integral | None,
    lines: Sequence[Expr],
    asks_new: bool,
) -> Evidence:
    """The evidence of a model with its lines.  Raises `Unsolved` where it has no closed form."""
    if found is None or (asks_new and next_one is None):
        raise unsolved(one, "form")
    said = found.step().note
    note: Prose = (
        "the evidence is the likelihood averaged over the prior; ",
        *([said] if isinstance(said, str) else said),
    )
    whole = Evidence(number(found), (*lines, *formulas(found)), note)
    if next_one is None:
        return whole
    return replace(whole, predictive=number(next_one), prediction=formulas(next_one))


def formulas(found: Integral) -> tuple[Expr, ...]:
    return tuple(block for block in found.step().blocks if isinstance(block, Expr))


def number(found: Integral) -> Scalar:
    value = found.answer.value
    if not isinstance(value, Fraction | float):
        raise Unsolved.because("the models are compared in numbers: give all of them")
    return value
