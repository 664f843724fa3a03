"""The answers that `mle` and `map` give beside the estimates: the log-likelihood at the maximum."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Answer, number_answer
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, TooLarge
from mlcalc.maths.tree import Expr, Given, Listing, call, shown, substitute
from mlcalc.probability.letters import DATA
from mlcalc.probability.quantities import synonyms
from mlcalc.probability.question import Question
from mlcalc.probability.terms import log_density
from mlcalc.probability.working import Working
from mlcalc.records import replace


def likelihood_answers(asked: Question, working: Working) -> tuple[Answer, ...]:
    """The estimates in order, the only one also called `estimate`, and log_likelihood."""
    answers = [
        replace(estimate.answer(), aliases=synonyms(asked.model.family, estimate.unknown.role))
        for estimate in working.estimates
    ]
    if len(answers) == 1:
        answers[0] = replace(answers[0], aliases=("estimate", *answers[0].aliases))
    value = log_likelihood(asked, working)
    if value is not None:
        hats = tuple(estimate.unknown.hat for estimate in working.estimates)
        at = hats[0] if len(hats) == 1 else Listing(hats)
        symbol = call("log", call("p", Given(DATA, at)))
        answers.append(number_answer("log_likelihood", value, symbol))
    return tuple(answers)


def log_likelihood(asked: Question, working: Working) -> Scalar | None:
    """Σ log p(xᵢ) at the estimates, constants included; None where the data are not all known."""
    if working.log_likelihood is not None and not hasattr(working.log_likelihood, "terms"):
        return working.log_likelihood  # type: ignore[return-value]
    estimates = {e.unknown.symbol: e.value for e in working.estimates}
    if not asked.sample.data or None in estimates.values():
        return None
    filled: dict[Expr, Expr] = dict(asked.model.known)
    filled |= {s: shown(value) for s, value in estimates.items() if value is not None}
    density = substitute(asked.model.density, filled)
    try:
        counts = asked.sample.counts().items()
        each = (count * log_density(density, scalar(item)) for item, count in counts)
        return sum(each, Fraction(0))
    except TooLarge:
        return None  # a factorial of millions; the estimate does not need it
