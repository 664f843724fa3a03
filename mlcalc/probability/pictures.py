"""The picture of an estimate: likelihood, prior and posterior as curves, the estimate marked.

It is drawn only where --plot asks for it, so the picture holds the formulas and no points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mlcalc.derivation import Picture
from mlcalc.drawing import Drawing, Label, Lazy
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Decimal, Expr, Symbol, equals, free_symbols, substitute
from mlcalc.probability.by_score import ByScore
from mlcalc.probability.letters import X
from mlcalc.probability.priors import Belief
from mlcalc.probability.question import Question
from mlcalc.probability.terms import log_of, total

CAPTION = "each curve is scaled to height 1"


class Curves(Lazy):
    """Logarithms of curves by name, as formulas in the parameter; drawn when it is asked for."""

    parameter: Symbol
    formulas: Mapping[str, Sequence[Expr]]
    low: float
    high: float
    marks: tuple[tuple[Label, float], ...]

    def plot(self) -> Drawing:
        from numpy import errstate

        from mlcalc.plots.estimates import estimate_plot
        from mlcalc.probability.compiled import compiled

        def function(terms: Sequence[Expr]) -> Callable[[float], float]:
            made = [compiled(term) for term in terms]

            def at(place: float) -> float:
                with errstate(all="ignore"):  # log 0 is −inf at an end, and is drawn as nothing
                    return float(sum(term({self.parameter: place}) for term in made))

            return at

        curves = {name: function(terms) for name, terms in self.formulas.items()}
        picture = estimate_plot(curves, self.low, self.high, self.marks, self.parameter)
        return picture.drawing


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
    likelihood = likelihood_terms(asked, symbol)
    if likelihood is None:
        return ()
    low, high = (read(end) for end in unknown[0].range)
    marks: list[tuple[Label, float]] = [mark(unknown[0].hat, estimate)]
    formulas: dict[str, Sequence[Expr]] = {"likelihood": likelihood}
    if belief is not None:
        low, high = belief.narrowed(low, high)
        prior = [substitute(t, belief.numbers()) for t in log_of(belief.density(symbol))]
        if any(free_symbols(term) - {symbol, Symbol("pi")} for term in prior):
            return ()
        formulas = {"posterior": [*likelihood, *prior], "likelihood": likelihood, "prior": prior}
        if mle is not None and mle != estimate:
            marks.append(mark(Symbol(symbol.name, "MLE", "hat"), mle))
    ends = to_float(scalar(low)), to_float(scalar(high))
    return (Picture(Curves(symbol, formulas, *ends, tuple(marks)), CAPTION),)


def mark(symbol: Symbol, value: Scalar) -> tuple[Label, float]:
    return equals(symbol, Decimal(value)), to_float(value)


def likelihood_terms(asked: Question, symbol: Symbol) -> list[Expr] | None:
    """The log-likelihood as terms in the parameter; None where letters are left."""
    model, sample = asked.model, asked.sample
    if asked.counts is not None or not model.density:
        return None
    if sample.data:
        density = substitute(model.density, dict(model.known))
        terms = [substitute(t, {X: item}) for item in sample.data for t in log_of(density)]
    else:
        engine = ByScore(model, sample)
        terms = [total([substitute(t, engine.numbers)]) for t in engine.log_terms]
    kept = [term for term in terms if symbol in free_symbols(term)]
    if any(free_symbols(term) - {symbol, Symbol("pi"), Symbol("e")} for term in kept):
        return None
    return kept
