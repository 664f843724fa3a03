"""The evidence p(D) and the predictive probability of a new observation, in closed form.

Where the posterior has a name, p(D) = ∏ c(xᵢ)·Z(posterior)/Z(prior): Z is the integral of a
family's kernel, and c(x) the factors of the density that have no parameter (Murphy 2012, 3.3.4).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.derivation import Answer, Prose, Step, number_answer
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, TooLarge, to_float
from mlcalc.maths.letters import free_letter
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Decimal,
    Expr,
    Given,
    Indexed,
    Listing,
    Mul,
    Number,
    Symbol,
    call,
    equals,
    free_symbols,
    shown,
    substitute,
)
from mlcalc.probability.by_score import ByScore
from mlcalc.probability.letters import DATA, N, X
from mlcalc.probability.maximum import worked_out
from mlcalc.probability.posterior import Named, expanded, member
from mlcalc.probability.rising import rising
from mlcalc.probability.terms import Factors, collected, has, log_density, log_of
from mlcalc.records import Record

MOST_DIFFERENT = 1000
"""Of more different observations each would take its time, and the evidence is 0 in a double."""


def constant_factor(engine: ByScore) -> Expr:
    """c(x): the factors of the density without the unknown parameter."""
    unknown = engine.model.unknown[0].symbol
    return Factors.of(engine.model.density).part(lambda e: not has([unknown])(e))


def prior_in(named: Named, engine: ByScore) -> Named:
    """The prior as a member of the posterior's family, read off its own terms."""
    parameter = engine.model.unknown[0].symbol
    assert engine.prior is not None
    own = log_of(engine.prior.density(parameter))
    spread = expanded(collected(own, parameter), parameter)
    return member(named.family, spread, parameter).settled(engine.known, ())


class Integral(Record):
    """A step that finds p(D) or p(x | D), and its value."""

    step: Step
    answer: Answer


class Names(Record):
    """What the densities of one integral are called: p(θ), p(θ | D), p(D | θ), each given M₁."""

    parameter: Symbol
    seen: Expr
    """What the integral is the probability of: the data, or the new value."""
    known: tuple[Expr, ...]
    """What was seen before that."""
    model: Expr | None

    def given(self, left: Expr, *right: Expr) -> Expr:
        """left | right, and the model where there are several."""
        both = (*right, *([] if self.model is None else [self.model]))
        if not both:
            return left
        return Given(left, both[0] if len(both) == 1 else Listing(both))

    @property
    def event(self) -> Expr:
        return call("p", self.given(self.seen, *self.known))

    @property
    def likelihood(self) -> Expr:
        return call("p", self.given(self.seen, self.parameter))

    @property
    def before(self) -> Expr:
        """θ, or θ | D where the data were seen before."""
        return self.given(self.parameter, *self.known)

    @property
    def after(self) -> Expr:
        return self.given(self.parameter, *self.known, self.seen)


def evidence(
    engine: ByScore, named: Named, event: Expr | None = None, model: Expr | None = None
) -> Integral | None:
    """p(D), or the `event`; None where the data are letters or the prior has no integral."""
    numbers, prior = engine.numbers, prior_in(named, engine)
    if N not in numbers or not prior.is_proper:
        return None
    if X in free_symbols(constant_factor(engine)) and not engine.sample.data:
        return None
    if len(engine.statistics.counts) > MOST_DIFFERENT:
        raise TooLarge(f"{MOST_DIFFERENT} different observations are the most")
    posterior = named.settled(numbers, ())
    rule = "integrate the likelihood over the prior"
    names = Names(engine.model.unknown[0].symbol, DATA, (), model)
    event = event or names.event
    return integral(engine, prior, posterior, engine.sample.data, names, event, "evidence", rule)


def predictive(
    engine: ByScore,
    named: Named,
    new: Expr,
    event: Expr | None = None,
    model: Expr | None = None,
) -> Integral | None:
    """p(x_new | D): the same for one more value, the posterior being the prior now."""
    numbers = engine.numbers
    if N not in numbers:
        return None
    posterior = named.settled(numbers, ())
    after = named.settled(with_one_more(engine, numbers, new), ())
    rule = "predict a new observation: integrate over the posterior"
    names = Names(engine.model.unknown[0].symbol, Symbol("x", "new"), (DATA,), model)
    event = event or names.event
    return integral(engine, posterior, after, (new,), names, event, "predictive", rule)


def integral(
    engine: ByScore,
    before: Named,
    after: Named,
    data: Sequence[Expr],
    names: Names,
    event: Expr,
    name: str,
    rule: str,
) -> Integral | None:
    """∫ p(data | θ)·p(θ) dθ, where `after` is what the data make of the density `before`."""
    if unsettled(before, after):
        return None
    factor = constant_factor(engine)
    values = {x: scalar(substitute(factor, {**engine.known, X: x})) for x in set(data)}
    constants = product([values[x] for x in data])
    ratio = normaliser(after) / normaliser(before)
    whole = ratio if constants == 1 else Mul((shown(constants), ratio))
    first, note = in_kernels(engine, names, constants, after.family.name.replace("_", " "))
    if name == "predictive" and is_too_large(whole):
        value = constants * quotient(before, after)
        line = equals(event, first, whole, *worked_out(shown(value)))
        return Integral(Step(rule, (line,), note), number_answer(name, value, event))
    at = reference(after)
    check = candidate(engine, before, after, data, at)
    if check is not None and math.isclose(to_float(scalar(whole)), check.value, rel_tol=1e-8):
        chain = equals(event, first, *worked_out(whole))
        return Integral(Step(rule, (chain,), note), number_answer(name, scalar(whole), event))
    if check is None:
        return None
    return Integral(
        Step(rule, check.lines(names, event, at), check.note(names)),
        number_answer(name, check.value, event),
    )


def in_kernels(engine: ByScore, names: Names, constants: Scalar, kernel: str) -> tuple[Expr, Prose]:
    """c·Z[θ | D]/Z[θ], and what the letters are."""
    own = {unknown.symbol for unknown in engine.model.unknown}
    taken = {*own, *(engine.prior.letters if engine.prior else ())}
    z = free_letter(taken, "ZI")
    before, after = Indexed(z, (names.before,)), Indexed(z, (names.after,))
    factor = Indexed(free_letter(taken, "cg"), (names.given(names.seen),))
    note = (before, " and ", after, f" are the integrals of the {kernel} kernels of ",
            call("p", names.before), " and ", call("p", names.after))  # fmt: skip
    if constants == 1:
        return after / before, note
    return Mul((factor, after / before)), (
        *note,
        "; ",
        factor,
        " are the factors without the parameter",
    )


def is_too_large(expression: Expr) -> bool:
    try:
        scalar(expression)
    except TooLarge:
        return True
    return False


def quotient(before: Named, after: Named) -> Scalar:
    """Z[after]/Z[before] of beta or gamma kernels whose integrals are too large to be written."""
    one, other = ([scalar(e) for e in m.hyperparameters.values()] for m in (before, after))
    if before.family.name == "beta":
        more = [b - a for a, b in zip(one, other, strict=True)]
        return rising([Fraction(a) for a in one], [int(count) for count in more])
    if before.family.name not in ("gamma", "inverse_gamma"):
        raise TooLarge("the integrals are too large to be written out")
    (shape, rate), (more_shape, more_rate) = one, other
    logs = (
        math.lgamma(to_float(more_shape)) - math.lgamma(to_float(shape)),
        to_float(shape) * math.log1p(to_float(rate / more_rate - 1)),
        to_float(shape - more_shape) * math.log(to_float(more_rate)),
    )
    return math.exp(math.fsum(logs))


class Candidate(Record):
    """The three densities of p(D) = p(D | θ)·p(θ)/p(θ | D) at one θ (Besag 1989)."""

    likelihood: float
    before: float
    after: float

    @property
    def value(self) -> float:
        return self.likelihood * self.before / self.after

    @staticmethod
    def note(names: Names) -> Prose:
        return ("Bayes' rule turned round holds at every ", names.parameter)

    def lines(self, names: Names, event: Expr, at: Fraction) -> tuple[Expr, ...]:
        theta = names.parameter
        prior, posterior = call("p", names.before), call("p", names.after)
        general = Mul((names.likelihood, prior)) / posterior
        numbers = Mul((Decimal(self.likelihood), Decimal(self.before))) / Decimal(self.after)
        return (equals(theta, Number(at)), equals(event, general, numbers, Decimal(self.value)))


def candidate(
    engine: ByScore, before: Named, after: Named, data: Sequence[Expr], at: Fraction
) -> Candidate | None:
    """The densities at θ = `at`; None where one of them underflows."""
    theta = engine.model.unknown[0].symbol
    known: dict[Expr, Expr] = {**engine.known, theta: Number(at)}
    if data:
        density = substitute(engine.model.density, known)
        counts = Counter(data).items()
        each = (count * to_float(log_density(density, scalar(x))) for x, count in counts)
        log_likelihood = math.fsum(each)
    else:
        terms = [substitute(t, {theta: Number(at)}) for t in engine.terms]
        log_likelihood = sum(to_float(scalar(substitute(t, engine.numbers))) for t in terms)
    densities = [named.formula(named.family.density) for named in (before, after)]
    values = [to_float(scalar(substitute(d, {Symbol("t"): Number(at)}))) for d in densities]
    found = Candidate(math.exp(log_likelihood), *values)
    return found if min(found.likelihood, *values) > 0 else None


def reference(named: Named) -> Fraction:
    """A point where the density is not small: near the mean, or the mode where there is none."""
    for text in (named.family.mode, named.family.mean):
        try:
            value = scalar(named.formula(text))
        except EvaluationError:
            continue
        low, high = (scalar(read(end)) for end in named.family.domain)
        if low < value < high:
            short = Fraction(value).limit_denominator(1000)
            return short if low < short < high else Fraction(value)
    return Fraction(1, 2)


def with_one_more(engine: ByScore, numbers: Mapping[Expr, Expr], new: Expr) -> dict[Expr, Expr]:
    """n and the sums with one observation more."""
    more = dict(numbers)
    more[N] = shown(scalar(numbers[N]) + 1)
    for function, letter in engine.statistics.letters.items():
        if letter in numbers:
            added = scalar(substitute(function, {**engine.known, X: new}))
            more[letter] = shown(scalar(numbers[letter]) + added)
    return more


def normaliser(named: Named) -> Expr:
    return named.formula(named.family.normaliser)


def unsettled(*members: Named) -> bool:
    """Whether a hyperparameter is still a letter."""
    return any(free_symbols(e) for m in members for e in m.hyperparameters.values())


def product(values: list[Scalar]) -> Scalar:
    total: Scalar = Fraction(1)
    for value in values:
        total *= value
    return total
