"""Maximum a posteriori estimate of a parameter under a prior, derived line by line.

mlcalc map bernoulli --data HHTHT --prior 'Beta(2, 2)'
mlcalc map poisson --data '3, 4, 1' --prior 'gamma(shape=2, scale=2)'
mlcalc map bernoulli -n 9 -k 5 --prior 'p(θ) = 6θ(1−θ)'
"""

from __future__ import annotations

from mlcalc.estimation.bayes import Bayes
from mlcalc.estimation.inference import (
    Inference,
    alphas_of,
    belief_of,
    new_category,
    new_value,
    prior_values,
    refuse_undecided,
    require_prior,
)
from mlcalc.estimation.methods import bounded
from mlcalc.estimation.priors import Belief, priors
from mlcalc.estimation.question import Question, question
from mlcalc.estimation.stated_prior import StatedPrior
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.maths.board import Note
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Call, Expr
from mlcalc.showing.derivation import Derivation


class Problem(Inference):
    pass


def solve(given: Problem) -> Derivation:
    """The posterior is the likelihood times the prior, up to a constant; its mode is the answer."""
    if given.models is not None:
        from mlcalc.estimation.contenders import models_of
        from mlcalc.estimation.models import compared

        return compared(models_of(given))
    require_prior(given)
    if values := prior_values(given):
        from mlcalc.estimation.few_values import among

        return among(given, values)
    try:
        asked = question(given)
    except Invalid as error:
        raise Invalid(*error.complaints, *unclear_prior(given)) from None
    if asked.counts is not None:
        from mlcalc.estimation.dirichlet import Dirichlet

        alphas = alphas_of(given, asked, asked.counts)
        category = new_category(given, asked.counts)
        return Dirichlet(asked.model, asked.counts, alphas, category).derivation().apart(*BESIDE)
    refuse_undecided(given, asked)
    new = new_value(given, asked)
    found = estimated(given, asked, new).apart(*BESIDE)
    if new is None or found.answer("predictive") is not None:
        return found
    return replace(found, notes=(*found.notes, NEW_LEFT_OUT))


def unclear_prior(given: Problem) -> tuple[Complaint, ...]:
    """What is wrong with the prior whatever the model is, to be said with what is wrong there."""
    try:
        typed = given.read_as(Inference.prior, StatedPrior()).formula
        if isinstance(typed, Call) and typed.name in priors():
            Belief.read(typed, lambda message: given.fault(message, Inference.prior))
    except Invalid as error:
        return error.complaints
    return ()


BESIDE = ("mle", "posterior_mean", "posterior_variance", "evidence", "log_likelihood")
"""What is asked beside the estimate and the posterior."""

NEW_LEFT_OUT = Note(
    "predictive.not_computed",
    "the probability of the new value is left out: it is worked out where the posterior has a name "
    "and all of its numbers are known",
)


def estimated(given: Problem, asked: Question, new: Expr | None) -> Derivation:
    if not asked.model.wanted:
        return bounded(asked, derived, belief_of(given, asked), new)
    from mlcalc.estimation.exchanged import as_asked, exchanged, is_quantity

    if not is_quantity(asked):
        return as_asked(derived(asked, belief_of(given, asked), new), asked)
    other = exchanged(given, asked)
    return other.named(derived(other.asked, other.belief, new))


def derived(asked: Question, belief: Belief, new: Expr | None) -> Derivation:
    return Bayes(asked, belief, new).derivation()
