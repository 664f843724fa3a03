"""The mode of another parameter than the family's own, under a prior for the one or the other.

A mode is not invariant: with λ = g(ψ) the density of ψ is p(g(ψ))·|g′(ψ)|, whose largest value is
elsewhere than that of p.  So a prior is for one parameter, and which one is not guessed.
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.family import Prior, Range, fact
from mlcalc.estimation.inference import Inference, belief_of
from mlcalc.estimation.letters import CONSTANT_LETTERS
from mlcalc.estimation.maximum import middle
from mlcalc.estimation.model import Model, Wanted
from mlcalc.estimation.priors import VARIABLE, Belief, own_prior, priors
from mlcalc.estimation.quantities import tidied
from mlcalc.estimation.question import Question
from mlcalc.estimation.stated_prior import StatedPrior
from mlcalc.estimation.terms import neat
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.maths.board import Note, prose
from mlcalc.maths.calculus import derivative, simplified
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.printing import source
from mlcalc.maths.records import Later, Record, replace
from mlcalc.maths.tree import Call, Expr, Mul, Symbol, free_symbols, substitute
from mlcalc.showing.derivation import Derivation, Step, step


class Exchanged(Record):
    """The question in the parameter that is asked for, its prior, and how that was found."""

    asked: Question
    belief: Belief
    wanted: Wanted
    steps: tuple[Step, ...] = ()

    def named(self, derivation: Derivation) -> Derivation:
        """The derivation with the answer under the word that was asked for."""
        own = self.asked.model.unknown[0].name
        answers = tuple(
            replace(one, name=self.wanted.name) if one.name == own else one
            for one in derivation.answers
        )
        word = self.wanted.name.replace("_", " ")
        text = (
            f"the estimate is the mode of the posterior density of the {word}; that is not "
            "$formula$ at another mode: a mode does not carry over to a function"
        )
        note = Note("map.not_invariant", prose(text, formula=self.wanted.formula))
        steps = Later(lambda: (*self.steps, *derivation.steps))
        return replace(derivation, steps=steps, answers=answers, notes=(*derivation.notes, note))


def exchanged(given: Inference, asked: Question) -> Exchanged:
    """Raises `Invalid` where the prior may be for either parameter."""
    wanted = asked.model.wanted[0]
    if len(asked.model.wanted) > 1 or len(asked.model.unknown) > 1 or wanted.quantity is None:
        message = "under a prior one quantity of one unknown parameter is asked for"
        raise given.fault(message, Estimation.parameter)
    if not wanted.quantity.inverse:
        raise Unsolved.because(
            f"the mode of the {wanted.name} is not worked out here, and that of "
            f"{asked.model.unknown[0].name} does not carry over",
            given.place_of(Estimation.parameter),
        )
    typed = given.distribution
    assert typed is not None

    def fault(message: str) -> Invalid:
        return given.fault(message, Estimation.distribution)

    choice = ("parameter", Symbol.named(wanted.name))
    written = Call(typed.name, typed.arguments, (*typed.keywords, choice))
    model = Model.read(written, fault)
    there = replace(asked, model=model)
    own, new = asked.model.unknown[0], model.unknown[0]
    prior = given.read_as(Inference.prior, StatedPrior())
    name = prior.name
    if name not in priors():
        if own.symbol not in free_symbols(prior.of(own.symbol).formula):
            return Exchanged(there, belief_of(given, there), wanted)
        return changed(there, belief_of(given, asked), own.symbol, wanted)
    fits = [fitting(priors()[name], unknown.range) for unknown in (own, new)]
    if all(fits):
        belief = belief_of(given, asked)
        formula = source(neat(substitute(belief.density(own.symbol), belief.numbers())))
        raise given.fault(
            f"this may be a prior for {own.name} or one for the {wanted.name}, and a mode does not "
            f"carry over: for the {wanted.name} write {source(written)} and leave the parameter "
            f"out, for {own.name} write the prior as a formula, {formula}",
            Inference.prior,
        )
    if fits[1]:
        return Exchanged(there, belief_of(given, there), wanted)
    return changed(there, belief_of(given, asked), own.symbol, wanted)


def fitting(prior: Prior, range_: Range) -> bool:
    """Whether a prior may be one for a parameter with that range."""
    return prior.domain in (range_, ("-inf", "inf"), ("low", "high"))


def changed(asked: Question, belief: Belief, own: Symbol, wanted: Wanted) -> Exchanged:
    """The prior of the own parameter as one of the parameter that is asked for."""
    unknown = asked.model.unknown[0]
    letter = unknown.symbol
    (text,) = asked.model.family.inverse.values()
    inverse = substitute(fact(text), dict(asked.model.known))
    slope = derivative(inverse, letter)
    if is_falling(slope, letter, unknown.range):
        slope = simplified(-slope)
    before = neat(substitute(belief.density(own), belief.numbers()))
    product = Mul((tidied(substitute(before, {own: inverse}), letter), slope))
    other = own_prior(source(substitute(product, {letter: VARIABLE})), unknown.range)
    change = step(
        "change the variable of the prior",
        "p(own) = before",
        "own = inverse",
        "p(new) = p(own)*abs(diff(own, new)) = product",
        why="the prior is one of the usual parameter; a density takes on the slope of the change",
        own=own, new=letter, before=before, inverse=inverse, product=product,
    )  # fmt: skip
    return Exchanged(asked, Belief(other, {}, {}), wanted, (change,))


def is_falling(slope: Expr, letter: Symbol, range_: Range) -> bool:
    """Whether the slope is below 0, letters standing for numbers above 0."""
    low, high = (scalar(fact(end), {s: Fraction(2) for s in free_symbols(fact(end))})
                 for end in range_)  # fmt: skip
    values = {s: Fraction(3, 2) for s in free_symbols(slope) - CONSTANT_LETTERS}
    return scalar(slope, {**values, letter: middle(low, high)}) < 0


def as_asked(derivation: Derivation, asked: Question) -> Derivation:
    """The answers under the words that were asked for, those of other parameters left out."""
    names = {unknown.symbol: unknown.name for unknown in asked.model.unknown}
    found = []
    for wanted in asked.model.wanted:
        answer = derivation.answer(names[wanted.formula])  # type: ignore[index]
        assert answer is not None
        found.append(replace(answer, name=wanted.name))
    rest = [one for one in derivation.answers if one.name not in names.values()]
    return replace(derivation, answers=(*found, *rest))


def is_quantity(asked: Question) -> bool:
    return not all(wanted.is_parameter for wanted in asked.model.wanted)
