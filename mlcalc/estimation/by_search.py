"""The maximum of a likelihood whose score has no root in letters: Cauchy, or any user's density.

The score may have many roots.  For a Cauchy location that of n observations is a polynomial of
degree 2n − 1 over a positive one, so there are at most n local maxima, all between the smallest
and the largest observation (Ferguson, 1978, "Maximum likelihood estimates of the parameters of
the Cauchy distribution for samples of size 3 and 4").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlcalc.estimation.estimate import Working
from mlcalc.estimation.family import REAL, fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, X
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.sample import Sample
from mlcalc.estimation.searching import Found, Search
from mlcalc.estimation.terms import addends, log_of, neat, scaled, total
from mlcalc.estimation.working import LogLikelihood, Writing, observations, refuse_letters, slope_of
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import prose
from mlcalc.maths.calculus import NoCalculus
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.numerics.arrays import compiled
from mlcalc.maths.numerics.digits import careful
from mlcalc.maths.tree import Expr, Symbol, equals, free_symbols, shown, substitute
from mlcalc.showing.derivation import Step, step


def working(model: Model, sample: Sample, prior: Sequence[Expr] = ()) -> Working:
    """The estimate of the one unknown parameter; `prior` are the terms of a log-prior.

    Raises `Unsolved` without data, where there are several parameters, and where the function
    grows towards an end of its range.
    """
    if len(model.unknown) != 1:
        raise Unsolved.because("a maximum can be searched for in one parameter, not in several")
    writing, unknown = Writing(model, sample), model.unknown[0]
    slopes = slopes_of(log_of(model.density), unknown.symbol), slopes_of(prior, unknown.symbol)
    steps = [writing.likelihood_step(), writing.log_step()]
    if prior:
        steps.append(prior_step(writing, prior))
    if slopes[0] is not None and slopes[1] is not None:
        steps.append(score_step(writing, slopes[1]))
    if not sample.data:
        if slopes[0] is None:
            raise Unsolved.because("the maximum can only be found in numbers here: give data")
        raise writing.no_closed_form(equals(writing.score(unknown.symbol), 0))
    writing.known_numbers()
    refuse_letters(set().union(*map(free_symbols, prior)) - {unknown.symbol} - CONSTANT_LETTERS)
    data = observations(sample)
    score = None
    if slopes[0] is not None and slopes[1] is not None:
        score = over(model, data, slopes[0], slopes[1]).summed
    low, high = (to_float(scalar(fact(end))) for end in unknown.range)
    name = "log-posterior" if prior else "log-likelihood"
    search = Search(
        unknown, within(model, data, over(model, data, log_of(model.density), prior)), score, data,
        low, high, name, careful=without_rounding(model, data, prior),
    )  # fmt: skip
    is_anywhere = unknown.range == REAL
    if model.family.name == "cauchy" and is_anywhere and not prior:
        search = between_data(search)
    found = search.found()
    height = None if prior else found.height
    notes = (*writing.notes(), *found.notes)
    return Working(writing.finished([*steps, *found.steps]), (found.estimate,), notes, height)


def searched(
    unknown: Unknown,
    pairs: Sequence[tuple[Scalar, Expr]],
    centre: Scalar | None,
    limits: tuple[Expr, Expr],
    name: str,
) -> Found:
    """The maximum of Σ c·g(θ), where the data are known by their number and sum alone.

    The grid is fine around their mean.  Raises `Unsolved` where there is none.
    """
    symbols = [unknown.symbol]
    terms = [scaled(shown(value), function) for value, function in pairs]
    slopes = slopes_of(terms, unknown.symbol)
    score = None if slopes is None else LogLikelihood((), symbols, (), slopes).summed
    low, high = (to_float(scalar(end)) for end in limits)
    data = [] if centre is None or not low < centre < high else [centre]
    return Search(
        unknown, LogLikelihood((), symbols, (), terms), score, data, low, high, name
    ).found()


def slopes_of(terms: Sequence[Expr], parameter: Symbol) -> list[Expr] | None:
    """The derivatives of the terms; None where one has no derivative in our notation."""
    try:
        return [slope_of(term, parameter) for term in terms]
    except NoCalculus:
        return None


def prior_step(writing: Writing, prior: Sequence[Expr]) -> Step:
    return step(
        "add the log of the prior",
        'log(p(theta | D)) = target + terms + "constant"',
        why="Bayes' rule: the posterior is the likelihood times the prior, up to a constant",
        theta=writing.parameters, target=writing.log_likelihood,
        terms=[addend for term in prior for addend in addends(neat(term))],
    )  # fmt: skip


def score_step(writing: Writing, prior: Sequence[Expr]) -> Step:
    parameter = writing.symbols[0]
    return step(
        writing.rule(parameter),
        "diff(log(p(theta | D)), theta) = score" if prior else "operator = score",
        why="mlcalc does not solve this in letters: its root is found in numbers",
        theta=parameter, operator=writing.operator(parameter),
        score=total([writing.score(parameter), *prior]),
    )  # fmt: skip


def over(
    model: Model, data: Sequence[Scalar], own: Sequence[Expr], extra: Sequence[Expr]
) -> LogLikelihood:
    """Σ of the terms over the data, with those of the prior, the known parameters as numbers."""
    known = dict(model.known)
    symbols = [unknown.symbol for unknown in model.unknown]
    filled = ([substitute(t, known) for t in part] for part in (own, extra))
    return LogLikelihood(next(filled), symbols, data, next(filled))


def within(
    model: Model, data: Sequence[Scalar], function: Callable[[float], float]
) -> Callable[[float], float]:
    """The function, −∞ where an observation falls outside a support that moves with θ."""
    support, parameter = model.family.support, model.unknown[0].symbol
    low, high = (substitute(fact(e), dict(model.known)) for e in (support.low, support.high))
    if parameter not in free_symbols(low) | free_symbols(high):
        return function
    ends, least, most = (compiled(low), compiled(high)), min(data), max(data)

    def inside(theta: float) -> float:
        lowest, highest = (end({parameter: theta}) for end in ends)
        return function(theta) if lowest <= least and most <= highest else -math.inf

    return inside


def without_rounding(
    model: Model, data: Sequence[Scalar], prior: Sequence[Expr]
) -> Callable[[float], float] | None:
    known, parameter = dict(model.known), model.unknown[0].symbol
    own, extra = (
        [substitute(t, known) for t in part] for part in (log_of(model.density), prior)
    )  # fmt: skip
    found = careful(own, parameter, X, data, extra)
    return None if found is None else within(model, data, found)


def between_data(search: Search) -> Search:
    """The search for a Cauchy location, which lies between the observations."""
    low, high = min(search.data), max(search.data)
    why = prose(
        "outside the data all terms of the score have one sign, so its roots lie between the "
        "smallest and the largest observation, $low$ and $high$",
        low=low, high=high,
    )  # fmt: skip
    return search.__replace__(
        low=to_float(low), high=to_float(high), beyond=(search.low, search.high), why=tuple(why)
    )
