"""Maximum a posteriori estimate of a parameter under a prior, derived line by line."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.derivation import Derivation
from mlcalc.errors import Unsolved
from mlcalc.fields import Distribution, Name, Numbers, Quantity
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.tree import Expr, Symbol, free_symbols
from mlcalc.probability.families import LIKELIHOODS, PRIORS
from mlcalc.probability.observed import INDEX, N, Observed, X
from mlcalc.probability.posterior import DATA, Posterior
from mlcalc.probability.priors import Belief


class Problem(problem.Problem):
    distribution = problem.required(
        Distribution(LIKELIHOODS), "what each observation follows", positional=True
    )
    parameter = problem.optional(Name(), "another name for the parameter, such as theta")
    data = problem.optional(Numbers(), "the observations: 3, 4, 1")
    n = problem.optional(Quantity(least=1, whole=True), "how many observations, instead of data")
    k = problem.optional(Quantity(least=0, whole=True), "how many of them are 1, beside n")
    sum = problem.optional(Quantity(), "their sum, beside n")
    prior = problem.required(
        Distribution(PRIORS), "what is believed before: beta(7, 95), gamma(shape=2, scale=2)"
    )


def solve(given: Problem) -> Derivation:
    """The posterior is the likelihood times the prior, up to a constant; its mode is the answer."""
    family = LIKELIHOODS[given.distribution.name]
    if given.distribution.arguments or given.distribution.keywords:
        message = f"{family.name} has no other parameter to give: write {family.name}"
        raise given.fault(message, Problem.distribution)
    parameter = given.parameter or Symbol.named(family.parameter)
    check_range(given)
    belief = Belief.read(given.prior, lambda message: given.fault(message, Problem.prior))
    check_letters(given, parameter, belief)
    return Posterior(family, parameter, belief, observed(given)).derivation()


def check_letters(given: Problem, parameter: Symbol, belief: Belief) -> None:
    """One letter may not stand for two things; those of the derivation are taken."""
    total = Symbol(LIKELIHOODS[given.distribution.name].total)
    of_prior = {letter for value in belief.typed.values() for letter in free_symbols(value)}

    def refuse(clash: set[Symbol], field: problem.Field[object]) -> None:
        for letter in sorted(clash, key=lambda symbol: symbol.spelled):
            message = f"{letter.spelled} stands for something else here: choose another letter"
            raise given.fault(message, field)

    if parameter.spelled in CONSTANTS:
        refuse({parameter}, Problem.parameter)
    refuse({parameter} & {N, X, INDEX, DATA, total, *belief.letters - of_prior}, Problem.parameter)
    refuse(of_prior & {N, X, INDEX, DATA, total, parameter}, Problem.prior)
    for field in (Problem.n, Problem.k, Problem.sum):
        size = given.values[field.name]
        letters = set() if size is None else free_symbols(size)
        refuse(letters & {X, INDEX, DATA, parameter}, field)


def check_range(given: Problem) -> None:
    """A prior on the wrong numbers is no malformed question, but none that is decided here."""
    family, prior = LIKELIHOODS[given.distribution.name], PRIORS[given.prior.name]
    if prior.domain != family.domain:
        low, high = family.domain
        others = [other.name for other in PRIORS.values() if other.domain == family.domain]
        raise Unsolved.because(
            f"the parameter of {family.name} lies between {low} and {high}, where a {prior.name} "
            f"prior does not fit: write a {' or '.join(others)} prior",
            given.place_of(Problem.prior),
        )


def observed(given: Problem) -> Observed:
    """What is known of the data: all of them, their number and sum, or nothing yet."""
    family = LIKELIHOODS[given.distribution.name]
    has_k = family.total == "k"
    if given.k is not None and not has_k:
        message = f"k counts successes, which {family.name} data do not have: write sum instead"
        raise given.fault(message, Problem.k)
    if given.data is not None:
        for field in (Problem.n, Problem.k, Problem.sum):
            if given.is_given(field):
                raise given.fault(f"the data say it already: leave {field.name} out", field)
        for index, item in enumerate(given.data):
            value = exact(item)
            if value is None or not family.allows(value):
                message = f"{family.name} data are {family.outcomes}; {value} is not possible"
                raise given.fault(message, Problem.data, index)
        return Observed.from_data(given.data)
    if given.k is not None and given.sum is not None:
        raise given.fault("k and sum are the same: give one", Problem.sum)
    total = given.k if given.k is not None else given.sum
    field = Problem.k if given.k is not None else Problem.sum
    if (total is None) != (given.n is None):
        missing, other = ("n", field) if given.n is None else (family.total, Problem.n)
        wanted = {"n": "how many observations there are", "k": "how many of the n are 1"}
        described = wanted.get(missing, "what the observations add up to")
        raise given.fault(f"'{missing}' is missing: {described}", other)
    if total is not None and given.n is not None:
        check_total(given, total, given.n, field)
    return Observed(given.n, total)


def check_total(given: Problem, total: Expr, count: Expr, field: problem.Field[object]) -> None:
    family = LIKELIHOODS[given.distribution.name]
    value, n = exact(total), exact(count)
    if value is None or n is None:
        return
    if value.denominator != 1 or value < 0:
        raise given.fault(
            f"{family.name} data are {family.outcomes}; their sum cannot be {value}", field
        )
    if family.most is not None and value > family.most * n:
        raise given.fault(
            f"of {n} observations at most {family.most * n} can be 1, not {value}", field
        )
