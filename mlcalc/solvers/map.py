"""Maximum a posteriori estimate of a parameter under a prior, derived line by line."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.derivation import Derivation
from mlcalc.fields import Distribution, Name, Numbers, Quantity
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.probability.families import LIKELIHOODS, PRIORS
from mlcalc.probability.observed import Observed
from mlcalc.probability.posterior import Posterior
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
        raise given.fault(f"{family.name} has no other parameter to give", Problem.distribution)
    parameter = given.parameter or Symbol.named(family.parameter)
    belief = Belief.read(given.prior, lambda message: given.fault(message, Problem.prior))
    taken = {Symbol("n"), Symbol("x"), Symbol(family.total), *belief.letters}
    if parameter in taken:
        message = f"{parameter.spelled} stands for something else here: choose another name"
        raise given.fault(message, Problem.parameter)
    return Posterior(family, parameter, belief, observed(given)).derivation()


def observed(given: Problem) -> Observed:
    """What is known of the data: all of them, their number and sum, or nothing yet."""
    family = LIKELIHOODS[given.distribution.name]
    has_k = family.total == "k"
    if given.k is not None and not has_k:
        raise given.fault(f"{family.name} data are summed up by their sum, not by k", Problem.k)
    if given.data is not None:
        for field in (Problem.n, Problem.k, Problem.sum):
            if given.is_given(field):
                raise given.fault(f"the data say it already: leave {field.name} out", field)
        for item in given.data:
            value = exact(item)
            if value is None or not family.allows(value):
                message = f"{family.name} data are {family.outcomes}; {value} is not possible"
                raise given.fault(message, Problem.data)
        return Observed.from_data(given.data)
    if given.k is not None and given.sum is not None:
        raise given.fault("k and sum are the same: give one", Problem.sum)
    total = given.k if given.k is not None else given.sum
    field = Problem.k if given.k is not None else Problem.sum
    if (total is None) != (given.n is None):
        missing, other = ("n", field) if given.n is None else (family.total, Problem.n)
        wanted = "how many observations there are" if missing == "n" else "the sum of them"
        raise given.fault(f"'{missing}' is missing: {wanted}", other)
    if total is not None and given.n is not None:
        check_total(given, total, given.n, field)
    return Observed(given.n, total)


def check_total(given: Problem, total: Expr, count: Expr, field: problem.Field[object]) -> None:
    family = LIKELIHOODS[given.distribution.name]
    value, n = exact(total), exact(count)
    if value is None or n is None:
        return
    if not family.allows(value) and family.most is None:
        raise given.fault(
            f"{family.name} data are {family.outcomes}; their sum cannot be {value}", field
        )
    if family.most is not None and not 0 <= value <= family.most * n:
        raise given.fault(
            f"of {n} observations at most {family.most * n} can be 1, not {value}", field
        )
