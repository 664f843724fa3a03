"""The picture of an estimate: likelihood, prior and posterior as curves, the estimate marked.

It is drawn only where --plot asks for it, so the picture holds the formulas and the data, and no
points.  The likelihood is the function that was maximised: 0 where an observation is impossible.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, X
from mlcalc.estimation.priors import Belief
from mlcalc.estimation.question import Question
from mlcalc.estimation.terms import in_parameter, log_of
from mlcalc.maths.calculus import NoCalculus, NotPolynomial
from mlcalc.maths.evaluate import scalar, scalar_or_none
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Decimal, Expr, Symbol, equals, free_symbols, shown, substitute
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Drawing, Label, Lazy

CAPTION = "each curve is scaled to height 1"


class Part(Record):
    """Logarithms of densities in x and the parameter, and the observations that they are of.

    Without observations they hold no x, and count once.
    """

    terms: tuple[Expr, ...]
    data: tuple[float, ...] = ()


class Curves(Lazy):
    """The logarithm of the likelihood in parts, and of the prior; drawn when it is asked for."""

    parameter: Symbol
    likelihood: tuple[Part, ...]
    conditions: tuple[Chain, ...]
    """What the data demand of the parameter: where it does not hold the likelihood is 0."""
    prior: tuple[Expr, ...] | None
    low: float
    high: float
    marks: tuple[tuple[Label, float], ...]

    def plot(self) -> Drawing:
        from mlcalc.showing.plots.estimates import estimate_plot

        likelihood = self.log_likelihood()
        curves = {"likelihood": likelihood}
        if self.prior is not None:
            prior = self.of(Part(self.prior))
            both = {"posterior": lambda place: likelihood(place) + prior(place)}
            curves = {**both, **curves, "prior": prior}
        picture = estimate_plot(curves, self.low, self.high, self.marks, self.parameter)
        return picture.drawing

    def log_likelihood(self) -> Callable[[float], float]:
        from mlcalc.maths.numerics.arrays import Arrays

        parts = [self.of(part) for part in self.likelihood]
        tests = [Arrays().tested(condition) for condition in self.conditions]

        def at(place: float) -> float:
            if not all(test({self.parameter: place}) for test in tests):
                return -math.inf
            return math.fsum(part(place) for part in parts)

        return at

    def of(self, part: Part) -> Callable[[float], float]:
        from mlcalc.estimation.working import LogLikelihood

        own, extra = (part.terms, ()) if part.data else ((), part.terms)
        return LogLikelihood(own, [self.parameter], part.data, extra)


def estimate_picture(
    asked: Question,
    estimate: Scalar | None,
    mle: Scalar | None = None,
    belief: Belief | None = None,
) -> tuple[Picture, ...]:
    """The picture of a question in one parameter whose numbers are known; nothing for others."""
    unknown = asked.model.unknown
    if estimate is None or len(unknown) != 1:
        return ()
    symbol = unknown[0].symbol
    parts = likelihood_parts(asked, symbol)
    if parts is None:
        return ()
    low, high = (fact(end) for end in unknown[0].range)
    marks: list[tuple[Label, float]] = [mark(unknown[0].hat, estimate)]
    prior = None
    if belief is not None:
        low, high = belief.narrowed(low, high)
        prior = tuple(substitute(t, belief.numbers()) for t in log_of(belief.density(symbol)))
        if any(free_symbols(term) - {symbol} - CONSTANT_LETTERS for term in prior):
            return ()
        if mle is not None and mle != estimate:
            marks.append(mark(Symbol(symbol.name, "MLE", "hat"), mle))
    if asked.limits is not None:
        low, high = max(low, asked.limits[0], key=scalar), min(high, asked.limits[1], key=scalar)
    ends = to_float(scalar(low)), to_float(scalar(high))
    conditions = conditions_of(asked, symbol)
    curves = Curves(symbol, parts, conditions, prior, *ends, tuple(marks))
    return (Picture(curves, CAPTION),)


def mark(symbol: Symbol, value: Scalar) -> tuple[Label, float]:
    return equals(symbol, Decimal(value)), to_float(value)


def likelihood_parts(asked: Question, symbol: Symbol) -> tuple[Part, ...] | None:
    """The log-likelihood; None where letters are left, or where it is no sum over observations."""
    model, sample = asked.model, asked.sample
    if asked.counts is not None or asked.intervals is not None or asked.choices:
        return None
    if not model.density:
        return None
    if not sample.data and not asked.censored:
        terms = in_sums(asked, symbol)
        return None if terms is None else (Part(terms),)
    parts = [(model.density, sample.data)]
    if asked.censored:
        tails = model.tails
        if tails is None:
            return None
        parts.append((tails[1], asked.censored))
    found: list[Part] = []
    for density, data in parts:
        filled = [substitute(term, dict(model.known)) for term in log_of(density)]
        kept = tuple(term for term in filled if symbol in free_symbols(term))
        numbers = [scalar_or_none(item) for item in data]
        letters = set().union(*map(free_symbols, kept)) - {symbol, X} - CONSTANT_LETTERS
        if letters or None in numbers:
            return None
        if data:
            found.append(Part(kept, tuple(to_float(x) for x in numbers if x is not None)))
    return tuple(found)


def in_sums(asked: Question, symbol: Symbol) -> tuple[Expr, ...] | None:
    """The terms with the parameter where n and the sum are known, and no data."""
    engine = ByScore(asked.model, asked.sample)
    letters = engine.statistics.letters
    try:
        terms = in_parameter(engine.terms, letters, symbol, engine.statistics.letter)
    except (NotPolynomial, NoCalculus):
        return None
    kept = [substitute(t, engine.numbers) for t in terms if symbol in free_symbols(t)]
    is_open = any(free_symbols(term) - {symbol} - CONSTANT_LETTERS for term in kept)
    return None if is_open or not kept else tuple(kept)


def conditions_of(asked: Question, symbol: Symbol) -> tuple[Chain, ...]:
    """Where no observation lies outside of a support that ends at the parameter."""
    if not asked.sample.data:
        return ()
    low, high = asked.model.ends
    values = [scalar(item) for item in asked.sample.data]
    least, most = shown(min(values)), shown(max(values))
    found = [Chain(low, (("<=", least),)), Chain(most, (("<=", high),))]
    known = dict(asked.model.known)
    filled = [Chain(substitute(c.first, known), ((r, substitute(e, known)),))
              for c in found for r, e in c.links]  # fmt: skip
    return tuple(c for c in filled if free_symbols(c) - CONSTANT_LETTERS == {symbol})
