"""The evidence p(D) and the predictive probability of a new observation, in closed form.

Where the posterior has a name, p(D) = ∏ c(xᵢ)·Z(posterior)/Z(prior): Z is the integral of a
family's kernel, and c(x) the factors of the density that have no parameter (Murphy 2012, 3.3.4).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.derivation import Answer, Step, number_answer
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, TooLarge, to_float
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Decimal,
    Expr,
    Given,
    Indexed,
    Mul,
    Number,
    Symbol,
    Words,
    call,
    equals,
    free_symbols,
    shown,
    substitute,
)
from mlcalc.probability.by_score import ByScore
from mlcalc.probability.letters import DATA, N, X, unused
from mlcalc.probability.maximum import worked_out
from mlcalc.probability.posterior import Named, expanded
from mlcalc.probability.terms import Factors, collected, has, log_density, log_of, renamed
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
    functions = [renamed(read(text), {"t": parameter}) for text in named.family.natural]
    zero = read("0")
    found = {f"c{i}": spread.get(f, zero) for i, f in enumerate(functions, 1)}
    letters = {n: renamed(read(f), found) for n, f in named.family.from_natural.items()}
    return Named(named.family, letters).settled(engine.known, ())


class Integral(Record):
    """A step that finds p(D) or p(x | D), and its value."""

    step: Step
    answer: Answer


def evidence(engine: ByScore, named: Named, event: Expr | None = None) -> Integral | None:
    """p(D), or the `event`; None where the data are letters or the prior has no integral."""
    numbers, prior = engine.numbers, prior_in(named, engine)
    if N not in numbers or not prior.is_proper:
        return None
    if X in free_symbols(constant_factor(engine)) and not engine.sample.data:
        return None
    if len(engine.statistics.counts) > MOST_DIFFERENT:
        raise TooLarge(f"{MOST_DIFFERENT} different observations are the most")
    posterior = named.settled(numbers, ())
    event = event or call("p", DATA)
    rule = "integrate the likelihood over the prior"
    return integral(engine, prior, posterior, engine.sample.data, event, "evidence", rule)


def predictive(
    engine: ByScore, named: Named, new: Expr, event: Expr | None = None
) -> Integral | None:
    """p(x_new | D): the same for one more value, the posterior being the prior now."""
    numbers = engine.numbers
    if N not in numbers:
        return None
    posterior = named.settled(numbers, ())
    after = named.settled(with_one_more(engine, numbers, new), ())
    event = event or call("p", Given(Symbol("x", "new"), DATA))
    rule = "predict a new observation: integrate over the posterior"
    return integral(engine, posterior, after, (new,), event, "predictive", rule)


def integral(
    engine: ByScore,
    before: Named,
    after: Named,
    data: Sequence[Expr],
    event: Expr,
    name: str,
    rule: str,
) -> Integral | None:
    """∫ p(data | θ)·before(θ) dθ, where `after` is what the data make of `before`."""
    if unsettled(before, after):
        return None
    factor = constant_factor(engine)
    values = {x: scalar(substitute(factor, {**engine.known, X: x})) for x in set(data)}
    constants = product([values[x] for x in data])
    ratio = normaliser(after) / normaliser(before)
    whole = ratio if constants == 1 else Mul((shown(constants), ratio))
    at = reference(after)
    check = candidate(engine, before, after, data, at)
    if check is not None and math.isclose(to_float(scalar(whole)), check.value, rel_tol=1e-8):
        own = {unknown.symbol for unknown in engine.model.unknown}
        taken = {*own, *(engine.prior.letters if engine.prior else ())}
        z, c = unused("ZI", taken), unused("cg", taken)
        general = Indexed(z, (Words("after"),)) / Indexed(z, (Words("before"),))
        first = general if constants == 1 else Mul((c, general))
        kernel = after.family.name.replace("_", " ")
        note = f"{z.name} is the integral of the {kernel} kernel, before and after the data"
        note += "" if constants == 1 else f"; {c.name} are the factors without the parameter"
        chain = equals(event, first, *worked_out(whole))
        return Integral(Step(rule, (chain,), note), number_answer(name, scalar(whole), event))
    if check is None:
        return None
    return Integral(
        Step(rule, check.lines(engine, event, at), "Bayes' rule turned round holds at every θ"),
        number_answer(name, check.value, event),
    )


class Candidate(Record):
    """The three densities of p(D) = p(D | θ)·p(θ)/p(θ | D) at one θ (Besag 1989)."""

    likelihood: float
    before: float
    after: float

    @property
    def value(self) -> float:
        return self.likelihood * self.before / self.after

    def lines(self, engine: ByScore, event: Expr, at: Fraction) -> tuple[Expr, ...]:
        theta = engine.model.unknown[0].symbol
        prior, posterior = call("before", theta), call("after", theta)
        general = Mul((call("p", Given(Words("data"), theta)), prior)) / posterior
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
