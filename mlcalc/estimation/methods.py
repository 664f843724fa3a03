"""Which method finds the maximum, the score or what decides where the score does not, and the
answers that it gives."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from importlib import import_module
from typing import cast

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.estimate import Working
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import CONSTANT_LETTERS
from mlcalc.estimation.maximum import NoClosedForm
from mlcalc.estimation.model import Model
from mlcalc.estimation.quantities import synonyms
from mlcalc.estimation.question import Question
from mlcalc.estimation.sample import LARGE
from mlcalc.estimation.terms import log_densities, log_density, logarithm, numbers_in, of_x
from mlcalc.estimation.working import LogLikelihood
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, TooLarge
from mlcalc.maths.printing import source
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Listing, Symbol, free_symbols
from mlcalc.showing.derivation import Answer, Derivation, number_answer


def bounded(asked: Question, function: Callable[..., Derivation], *arguments: object) -> Derivation:
    """function(asked, …), in a worker with a deadline where the density is the user's own."""
    if asked.typed_density is None:
        return function(asked, *arguments)
    from mlcalc.estimation.worker import within

    seconds = asked.typed_density.seconds
    return within(seconds, "the work on your density", examined, function, asked, *arguments)


def examined(
    function: Callable[..., Derivation], asked: Question, *arguments: object
) -> Derivation:
    """function(asked, …) for a density that is one, with what is to be said of it."""
    from mlcalc.estimation.normalised import checked
    from mlcalc.estimation.possible import require_possible

    notes = checked(asked)
    require_possible(asked)
    derivation = function(asked, *arguments)
    return replace(derivation, notes=(*derivation.notes, *notes))


def within_limits(asked: Question) -> Model:
    """The model, its parameter kept to the range that was typed where a search is to find it.

    Raises `Unsolved` where the maximum over a range is not worked out.
    """
    model = asked.model
    if asked.limits is None:
        return model
    if not asked.has_numbers:
        raise Unsolved.because("give data: whether the estimate lies in the range depends on them")
    is_decided = model.method in ("by_score", "by_search") and not asked.censored
    if not is_decided or asked.intervals is not None or len(model.unknown) != 1:
        raise Unsolved.because(
            f"a range for the parameter of {model.family.title} is not decided here"
        )
    low, high = (fact(end) for end in model.unknown[0].range)
    ends = max(low, asked.limits[0], key=scalar), min(high, asked.limits[1], key=scalar)
    unknown = replace(model.unknown[0], range=(source(ends[0]), source(ends[1])))
    return replace(model, unknown=(unknown,))


def maximised(asked: Question) -> Working:
    """The working of the maximum-likelihood estimate.  Raises `Unsolved` where there is none."""
    from mlcalc.estimation.possible import require_distribution

    found = worked(asked)
    if asked.censored or asked.intervals is not None:
        require_distribution(asked.model, found.estimates)
    return found


def worked(asked: Question) -> Working:
    model, sample = within_limits(asked), asked.sample
    if asked.counts is not None:
        from mlcalc.estimation import by_simplex

        return by_simplex.working(model, asked.counts)
    if model.method == "by_vectors":
        from mlcalc.estimation import by_vectors

        return by_vectors.working(asked.rows)
    if asked.choices:
        from mlcalc.estimation import restricted

        return restricted.chosen(model, sample, asked.choices)
    if asked.intervals is not None:
        from mlcalc.estimation import grouped

        rows = [(low, high, count) for low, high, count in asked.intervals.rows]
        return grouped.working(model, rows)
    if asked.censored:
        from mlcalc.estimation import censored

        return censored.working(model, sample, asked.censored)
    if model.method != "by_score":
        method = import_module(f"{__package__}.{model.method}")
        return cast(Working, method.working(model, sample))
    try:
        return ByScore(model, sample, limits=asked.limits).working()
    except NoClosedForm:
        if not sample.data or len(model.unknown) != 1:
            raise
        from mlcalc.estimation import by_search

        return by_search.working(model, sample)


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
        symbol = line("log(p(D | at))", at=at)
        answers.append(number_answer("log_likelihood", value, symbol))
    return tuple(answers)


def log_likelihood(asked: Question, working: Working) -> Scalar | None:
    """Σ log p(xᵢ) at the estimates, constants included; None where the data are not all known."""
    if working.log_likelihood is not None and not hasattr(working.log_likelihood, "terms"):
        return working.log_likelihood  # type: ignore[return-value]
    estimates = {e.unknown.symbol: e.value for e in working.estimates}
    is_likelihood = asked.model.family.is_likelihood
    if None in estimates.values():
        return None
    if not (asked.sample.data or is_likelihood):
        return by_sums(asked, {letter: v for letter, v in estimates.items() if v is not None})
    at = numbers_in(asked.model.known)
    at |= {letter: value for letter, value in estimates.items() if value is not None}
    if is_likelihood:
        has_letters = free_symbols(asked.model.density) - {*CONSTANT_LETTERS, *at}
        return None if has_letters else log_density(asked.model.density, Fraction(0), at)
    try:
        counts = asked.sample.counts()
        if len(counts) > LARGE:
            terms = [of_x(term, at) for term in logarithm(asked.model.density)]
            return LogLikelihood(terms, (), list(map(scalar, asked.sample.data)))()
        logs = log_densities(asked.model.density, map(scalar, counts), at)
        each: Iterable[Scalar] = map(operator.mul, counts.values(), logs)
        return sum(each, Fraction(0))
    except TooLarge:
        return None  # a factorial of millions; the estimate does not need it


def by_sums(asked: Question, estimates: Mapping[Symbol, Scalar]) -> Scalar | None:
    """The same from n and the sum alone, where they say all: k successes in n trials."""
    if asked.model.method != "by_score" or asked.sample.size is None:
        return None
    engine = ByScore(asked.model, asked.sample)
    if engine.dropped or asked.intervals is not None:
        return None
    try:
        values = {**numbers_in(engine.numbers), **estimates}
        return sum((scalar(term, values) for term in engine.terms), Fraction(0))
    except EvaluationError:
        return None  # a sum that is not given
