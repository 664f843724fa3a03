"""The evidence p(D) and the predictive probability of a new observation, in closed form.

Where the posterior has a name, p(D) = ∏ c(xᵢ)·Z(posterior)/Z(prior): Z is the integral of a
family's kernel, and c(x) the factors of the density that have no parameter (Murphy 2012, 3.3.4).
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from mlcalc.estimation.by_score import ByScore
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import DATA, N, X
from mlcalc.estimation.maximum import worked_out
from mlcalc.estimation.posterior import Named, expanded, member
from mlcalc.estimation.sample import LARGE
from mlcalc.estimation.terms import Factors, collected, has, log_densities, log_of, numbers_in
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar, TooLarge, to_float
from mlcalc.maths.letters import free_letter
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Number, Symbol, free_symbols, shown, substitute
from mlcalc.showing.derivation import Answer, Step, number_answer, step

MOST_DIFFERENT = 1000
"""Of more different observations each would take its time, and the evidence is 0 in a double."""


def constant_factor(engine: ByScore) -> Expr:
    """c(x): the factors of the density without the unknown parameter."""
    return without(engine.model.density, engine.model.unknown[0].symbol)


@lru_cache(maxsize=256)
def without(density: Expr, unknown: Symbol) -> Expr:
    return Factors.of(density).part(lambda e: not has([unknown])(e))


def prior_in(named: Named, engine: ByScore) -> Named:
    """The prior as a member of the posterior's family, read off its own terms."""
    parameter = engine.model.unknown[0].symbol
    assert engine.prior is not None
    spread = spread_of(engine.prior.density(parameter), parameter)
    return member(named.family, spread, parameter).settled(engine.known, ())


@lru_cache(maxsize=256)
def spread_of(density: Expr, parameter: Symbol) -> Mapping[Expr, Expr]:
    """The coefficients of the functions that the logarithm of a prior has."""
    return expanded(collected(log_of(density), parameter), parameter)


class Integral(Record):
    """p(D) or p(x | D), and what writes the step that finds it."""

    answer: Answer
    step: Callable[[], Step]


EVENT = "p(seen | known, model)"
"""What is integrated, and below the densities in it, given the model where there are several."""

LIKELIHOOD, BEFORE = "p(seen | theta, model)", "p(theta | known, model)"
AFTER = "p(theta | known, seen, model)"
KERNELS = "Z[theta | known, seen, model]", "Z[theta | known, model]"


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
    names = {"seen": DATA, "known": None, "model": model, "event": event}
    return integral(engine, prior, posterior, engine.sample.data, names, "evidence")


def predictive(
    engine: ByScore, named: Named, new: Expr, event: Expr | None = None, model: Expr | None = None
) -> Integral | None:
    """p(x_new | D): the same for one more value, the posterior being the prior now."""
    numbers = engine.numbers
    if N not in numbers:
        return None
    posterior = named.settled(numbers, ())
    after = named.settled(with_one_more(engine, numbers, new), ())
    names = {"seen": Symbol("x", "new"), "known": DATA, "model": model, "event": event}
    return integral(engine, posterior, after, (new,), names, "predictive")


RULES = {
    "evidence": "integrate the likelihood over the prior",
    "predictive": "predict a new observation: integrate over the posterior",
}


def integral(
    engine: ByScore,
    before: Named,
    after: Named,
    data: Sequence[Expr],
    names: dict[str, Any],
    name: str,
) -> Integral | None:
    """∫ p(data | θ)·p(θ) dθ, where `after` is what the data make of the density `before`."""
    if unsettled(before, after):
        return None
    own = {unknown.symbol for unknown in engine.model.unknown}
    taken = {*own, *(engine.prior.letters if engine.prior else ())}
    names["theta"] = engine.model.unknown[0].symbol
    event = names["event"] = names["event"] or line(EVENT, **names)
    ratio = normaliser(after) / normaliser(before)
    if len(data) > LARGE:
        scalar(ratio)  # where it is too large, the constants need not be found
    factor = constant_factor(engine)
    known = numbers_in(engine.known)
    values = {x: scalar(factor, {**known, X: scalar(x)}) for x in set(data)}
    constants = product([values[x] for x in data])
    whole = ratio if constants == 1 else shown(constants) * ratio

    def found(value: Scalar, members: Callable[[], list[Expr]]) -> Integral:
        last, first = KERNELS
        kernel = after.family.name.replace("_", " ")
        why = (
            f"${first}$ and ${last}$ are the integrals of the {kernel} kernels of ${BEFORE}$ and "
            f"${AFTER}$"
        )
        left = f"{last} / {first}"
        if constants != 1:
            left = f"c[seen | model] * ({left})"
            why += "; $c[seen | model]$ are the factors without the parameter"

        def made() -> Step:
            return step(
                RULES[name], f"event = {left} = members", why=why, members=members(),
                Z=free_letter(taken, "ZI"), c=free_letter(taken, "cg"), **names,
            )  # fmt: skip

        return Integral(number_answer(name, value, event), made)

    if name == "predictive" and is_too_large(whole):
        value = constants * quotient(before, after)
        return found(value, lambda: [whole, *worked_out(shown(value))])
    at = reference(after)
    densities = candidate(engine, before, after, data, at)
    if densities is None:
        return None
    likelihood, *others = densities
    height = likelihood * others[0] / others[1]
    value = scalar(whole)
    if math.isclose(to_float(value), height, rel_tol=1e-8):
        return found(value, lambda: worked_out(whole))
    # Bayes' rule at one θ, since the integrals have too many digits (Besag 1989).
    made = partial(
        step,
        RULES[name],
        "theta = at",
        f"event = {LIKELIHOOD} * {BEFORE} / {AFTER} = likelihood * before / after = height",
        why="Bayes' rule turned round holds at every $theta$",
        at=at, likelihood=likelihood, before=others[0], after=others[1], height=height, **names,
    )  # fmt: skip
    return Integral(number_answer(name, height, event), made)


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


def candidate(
    engine: ByScore, prior: Named, posterior: Named, data: Sequence[Expr], at: Fraction
) -> tuple[float, float, float] | None:
    """p(D | θ), p(θ) and p(θ | D) at θ = `at`; None where one of them underflows."""
    theta, density = engine.model.unknown[0].symbol, engine.model.density
    if data:
        known = {**numbers_in(engine.known), theta: at}
        counts = Counter(data)
        logs = log_densities(density, map(scalar, counts), known)
        log_likelihood = math.fsum(map(operator.mul, counts.values(), map(to_float, logs)))
    else:
        known = {**numbers_in(engine.numbers), theta: at}
        log_likelihood = sum(to_float(scalar(term, known)) for term in engine.terms)
    before, after = (
        to_float(named.number(named.family.density, Number(at))) for named in (prior, posterior)
    )
    found = math.exp(log_likelihood), before, after
    return found if min(found) > 0 else None


def reference(named: Named) -> Fraction:
    """A point where the density is not small: near the mean, or the mode where there is none."""
    for text in (named.family.mode, named.family.mean):
        try:
            value = named.number(text)
        except EvaluationError:
            continue
        low, high = (scalar(fact(end)) for end in named.family.domain)
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


def rising(alphas: Sequence[Fraction], counts: Sequence[int]) -> Fraction:
    """∏_c α_c(α_c + 1)⋯(α_c + n_c − 1) over the same of Σ α and n."""
    above = math.prod(a + i for a, n in zip(alphas, counts, strict=True) for i in range(n))
    below = math.prod(sum(alphas, Fraction(0)) + i for i in range(sum(counts)))
    return Fraction(above) / below


def normaliser(named: Named) -> Expr:
    return named.formula(named.family.normaliser)


def unsettled(*members: Named) -> bool:
    """Whether a hyperparameter is still a letter."""
    return any(free_symbols(e) for m in members for e in m.hyperparameters.values())


def product(values: list[Scalar]) -> Scalar:
    if all(isinstance(value, Fraction) for value in values):
        return math.prod((v**n for v, n in Counter(values).items()), start=Fraction(1))
    total: Scalar = Fraction(1)
    for value in values:
        total *= value
    return total
