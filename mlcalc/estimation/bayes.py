"""The working of a maximum a posteriori estimate around the score: prior, posterior, comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

from mlcalc.estimation import by_threshold
from mlcalc.estimation.accuracy import always_inside, comparison
from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.evidence import Integral, evidence, predictive
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import X
from mlcalc.estimation.maximum import NoClosedForm, worked_out
from mlcalc.estimation.methods import maximised
from mlcalc.estimation.model import Model
from mlcalc.estimation.moments import moments
from mlcalc.estimation.pictures import estimate_picture
from mlcalc.estimation.possible import require_density
from mlcalc.estimation.posterior import (
    Named,
    is_cut_off,
    mode_notes,
    posterior_answers,
    posterior_step,
    recognised,
)
from mlcalc.estimation.priors import Belief, is_open
from mlcalc.estimation.question import Question
from mlcalc.estimation.terms import renamed
from mlcalc.estimation.working import names_of_data
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, TooLarge, Unbound
from mlcalc.maths.letters import free_letter
from mlcalc.maths.printing import source
from mlcalc.maths.records import Later, replace
from mlcalc.maths.tree import Expr, Listing, Symbol, Words, equals, free_symbols, shown, substitute
from mlcalc.showing.derivation import (
    Answer,
    Apart,
    Derivation,
    Picture,
    Step,
    answer_line,
    number_answer,
    step,
)

EVIDENCE_LEFT_OUT = (
    "the evidence is left out: its constant is too large to be written out, or needs all the data, "
    "which are not given or are too many"
)
CUT_OFF = (
    "the posterior is cut off at an end of the range, where it is a part of a named distribution, "
    "not all of it: it has no name, and its mean and variance are integrals over that part"
)


class Bayes:
    """One model, one sample, one prior."""

    def __init__(self, asked: Question, belief: Belief, new: Expr | None = None) -> None:
        self.asked, self.belief, self.new = asked, belief, new
        self.mle_formula: Expr | None = None
        self.remarks: list[Note] = []
        self.unknown = asked.model.unknown[0]
        self.engine = ByScore(asked.model, asked.sample, belief, asked.limits)
        self.symbols = [unknown.symbol for unknown in asked.model.unknown]
        self.event = line("theta | D", theta=self.unknown.symbol)

    def derivation(self) -> Derivation:
        if by_threshold.applies(self.asked.model, self.belief) and self.asked.limits is None:
            working = by_threshold.working(self.asked.model, self.asked.sample, self.belief)
        else:
            working = self.worked()
        require_density(self.asked, working.estimates)
        estimate = working.estimates[0]
        answers = [each.answer() for each in working.estimates]
        if len(answers) == 1:
            answers[0] = replace(answers[0], aliases=("estimate",))
        mle_step, mle = self.comparison(estimate)
        named, settled, more, integrals = self.named(), None, [], []
        if named is not None:
            settled = named.settled(self.engine.numbers, self.engine.first)
            more = posterior_answers(settled, self.event, self.engine)
            integrals = self.integrals(named)
            more += [each.answer for each in integrals]
        unnamed = moments(self.engine) if named is None else None
        if unnamed is not None:
            more = unnamed.answers(self.event)
        if mle is not None:
            answers.append(mle)
        answers += more
        mean = next((one for one in more if one.name == "posterior_mean"), None)
        notes = (*working.notes, *self.remarks, *self.notes(), *mode_notes(answers[0], mean))
        family, belief = self.asked.model.family.proper, self.belief.family.heading
        title = f"MAP estimate: {family} data, {belief} prior"

        def steps() -> Iterator[Step | Apart]:
            yield from (self.prior_step(), *working.steps)
            if named is not None and settled is not None:
                prior = self.belief.family.name
                yield posterior_step(named, settled, self.event, self.engine, prior)
                yield from (Apart((each.answer.name,), each.step) for each in integrals)
            if unnamed is not None:
                yield unnamed.step(self.engine, self.event)
            yield Apart(("mle",), mle_step)
            if mle is not None:
                yield Apart(("prior_weight",), lambda: self.pull(estimate, mle, settled))
                yield Apart(("bias", "variance"), self.accuracy)

        def pictures() -> tuple[Picture, ...]:
            value = mle.value if mle is not None else None
            found = value if isinstance(value, Fraction | float) else None
            return estimate_picture(self.asked, estimate.value, found, self.belief)

        names = names_of_data(self.asked.model)
        return Derivation(title, Later(steps), tuple(answers), notes, Later(pictures), names=names)

    def worked(self) -> Working:
        """The mode by the score, or searched for where the score has no root in letters."""
        try:
            return self.engine.working()
        except NoClosedForm:
            if not self.asked.sample.data or len(self.symbols) != 1:
                raise
            self.engine.objectives.clear()
            terms = [substitute(t, self.belief.numbers()) for t in self.engine.letters.prior_terms]
            if any(map(is_open, self.belief.ends)):
                message = "the maximum can only be found in numbers here: give the prior's ends"
                raise Unsolved.because(message) from None
            from mlcalc.estimation import by_search  # few questions need it

            return by_search.working(self.within_prior(), self.asked.sample, terms)

    def within_prior(self) -> Model:
        """The model with its parameter kept to where the prior is not zero."""
        low, high = map(source, self.engine.range_of(self.unknown))
        unknown = replace(self.unknown, range=(low, high))
        return replace(self.asked.model, unknown=(unknown,))

    def prior_step(self) -> Step:
        """The prior in the letters of the derivation, and their numbers."""
        belief, family = self.belief, self.belief.family
        relation = "=" if self.asked.limits is None else "propto"  # a range cuts it off
        lines = [
            equals(belief.symbol(name), *self.conversion(name), *worked_out(value)[:2])
            for name, value in belief.values.items()
            if belief.symbol(name) != value
        ]
        why = ""
        names: dict[str, Any] = {"theta": self.symbols, "density": belief.density(*self.symbols)}
        if family.counts and not self.is_below_zero(family.counts[::2]):
            pieces = list(family.counts)
            for place in range(0, len(pieces), 2):
                names[f"count_{place}"] = self.counted(pieces[place])
                pieces[place] = f"$count_{place}$"
            why = f"it is worth the data of {''.join(pieces)} seen before"
        return step("write the prior", f"p(theta) {relation} density", *lines, why=why, **names)

    def is_below_zero(self, texts: Sequence[str]) -> bool:
        """Whether one of some formulas, such as pseudo-counts, is a negative number."""
        formulas = (self.belief.formula(text, self.unknown.symbol) for text in texts)
        values = [exact(substitute(formula, self.belief.numbers())) for formula in formulas]
        return any(value is not None and value < 0 for value in values)

    def counted(self, text: str) -> Expr:
        """α − 1 = 6: a pseudo-count with its number."""
        formula = self.belief.formula(text, self.unknown.symbol)
        filled = substitute(formula, self.belief.numbers())
        return equals(formula, *([] if free_symbols(filled) else [shown(scalar(filled))]))

    def conversion(self, name: str) -> list[Expr]:
        """rate = 1/scale, where another spelling was typed."""
        spelling = self.belief.family.spellings.get(tuple(self.belief.typed))
        if spelling is None or name in self.belief.typed:
            return []
        words = {n: Words(n) for n in self.belief.typed}
        return [renamed(fact(spelling[name]), words)]

    def named(self) -> Named | None:
        if not self.engine.objectives or self.belief.family.joint:
            return None
        objective = self.engine.objectives[0]
        found = recognised(objective.terms, objective.parameter, self.engine.first)
        if found is None or not is_cut_off(found, self.engine):
            return found
        self.remarks.append(Note("posterior.cut_off", CUT_OFF))
        return None

    def comparison(self, estimate: Estimate) -> tuple[Callable[[], Step], Answer | None]:
        """The maximum-likelihood estimate beside it: what the data alone say."""
        rule, same = "compare with the maximum-likelihood estimate", "the same without the prior"
        symbol = alone(self.unknown.symbol)
        try:
            estimates = self.alone()
        except Unsolved as error:
            return partial(step, rule, why=f"the data alone give none: {error}"), None
        found = estimates[0]
        if len(estimates) > 1:
            values = {e.unknown.name: e.value for e in estimates if e.value is not None}
            each = tuple(answer_line(e.answer(alone(e.unknown.symbol))) for e in estimates)
            joint = Answer("mle", values, Listing(each)) if len(values) == len(each) else None
            return partial(step, rule, *each, why=same), joint
        if found.value is None:
            formula = found.shown or found.claimed
            assert formula is not None
            line = equals(symbol, formula)
            return partial(step, rule, line, why=same), found.answer(symbol, "mle")
        mle = found.value
        why = f"{same}, which moves nothing here"
        if estimate.value is not None and estimate.value != mle:
            way = "down" if estimate.value < mle else "up"
            why = f"{same}: the prior pulls the estimate {way} from $alone$ to $pulled$"

        def compared() -> Step:
            line = equals(symbol, *worked_out(shown(mle)))
            return step(rule, line, why=why, alone=mle, pulled=estimate.value)

        return compared, number_answer("mle", mle, symbol)

    def alone(self) -> tuple[Estimate, ...]:
        """The maximum-likelihood estimates; a formula of the first is kept if there is one."""
        if self.asked.model.method == "by_score":
            engine = ByScore(self.asked.model, self.asked.sample, limits=self.asked.limits)
            try:
                estimates = engine.working().estimates
            except NoClosedForm:
                pass
            else:
                self.mle_formula = engine.roots[0].formula if engine.roots else None
                return estimates
        return maximised(self.asked).estimates

    def integrals(self, named: Named) -> list[Integral]:
        """The evidence, and the probability of a new value where one is given."""
        found: list[Integral | None] = []
        try:
            found.append(evidence(self.engine, named))
        except (TooLarge, Unbound):
            self.remarks.append(Note("evidence.not_computed", EVIDENCE_LEFT_OUT))
        if self.new is not None:
            with suppress(TooLarge, Unbound):
                found.append(predictive(self.engine, named, self.new))
        return [one for one in found if one is not None]

    def accuracy(self) -> Step | None:
        """Bias and variance of both estimators, where they are linear in the sum."""
        engine = self.engine
        if self.mle_formula is None or not engine.roots or self.asked.model.known:
            return None
        if engine.clip(self.unknown) or engine.limits is not None:
            return None  # the estimate is the root of the score for some samples only
        estimators = {"MLE": self.mle_formula, "MAP": engine.roots[0].formula}
        conditions = always_inside(estimators["MAP"], self.belief, engine)
        if conditions is None:
            return None
        total = engine.statistics.letters[X]
        found = comparison(estimators, self.asked.model, total, engine.numbers, conditions)
        return None if found is None else engine.in_sums(found)

    def pull(self, estimate: Estimate, mle: Answer, posterior: Named | None) -> Step | None:
        """θ̂ between the prior's mode and the MLE, with the weight of each."""
        family = self.belief.family
        if not family.mode or posterior is None or estimate.value is None:
            return None
        if not isinstance(mle.value, Fraction) or not isinstance(estimate.value, Fraction):
            return None
        formula = substitute(self.belief.formula(family.mode, VARIABLE), self.belief.numbers())
        try:
            mode = scalar(formula)
        except EvaluationError:
            return None
        if self.is_below_zero(family.inside):
            return None  # the formula is no mode: the density grows without bound at an end
        weight = weight_of(mode, mle.value, estimate.value)
        if weight is None or not isinstance(mode, Fraction):
            return None
        w = free_letter({self.unknown.symbol, *self.belief.letters}, "wvu")
        return step(
            "weigh the prior against the data",
            "w = weights",
            'w * "prior mode" + (1 - w) * "MLE" = weight * mode + rest * alone = estimate',
            why="the estimate is a mean of the prior's mode and the MLE; w is the prior's weight",
            w=w, weights=worked_out(shown(weight)), weight=weight, mode=mode, rest=1 - weight,
            alone=mle.value, estimate=estimate.value,
        )  # fmt: skip

    def notes(self) -> list[Note]:
        note = self.belief.family.note
        return [] if note is None else [Note(*note)]


VARIABLE = Symbol("t")


def alone(symbol: Symbol) -> Symbol:
    """θ̂_MLE, beside which θ̂ is the mode of the posterior."""
    return Symbol(symbol.name, f"{symbol.subscript},MLE" if symbol.subscript else "MLE", "hat")


def weight_of(mode: Scalar, mle: Fraction, estimate: Fraction) -> Fraction | None:
    """w with estimate = w·mode + (1 − w)·mle, where there is one between 0 and 1."""
    if not isinstance(mode, Fraction) or mode == mle:
        return None
    weight = (mle - estimate) / (mle - mode)
    return weight if 0 <= weight <= 1 else None
