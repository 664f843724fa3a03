"""What goes wrong with estimates under a prior."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeGuard

from mlcalc.estimation.inference import Inference, belief_of
from mlcalc.estimation.priors import VARIABLE, Belief, priors
from mlcalc.estimation.question import question
from mlcalc.estimation.stated_prior import StatedPrior, TypedPrior
from mlcalc.files.errors import Invalid
from mlcalc.marking.misconceptions import mle
from mlcalc.marking.misconceptions.case import Case, Misconception, Results, present
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.reader import read
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Expr, substitute
from mlcalc.showing.derivation import Result


def parameter(case: Case) -> str:
    """The name under which the estimate is answered: the first answer."""
    return mle.primary_name(case)


def posterior_of(case: Case) -> Call | None:
    """The posterior as it is answered: beta(17, 185)."""
    return distribution(case.value("posterior"))


def prior_of(case: Case) -> Call | None:
    """The prior by the words of its family; none where there are models to compare."""
    given = case.given
    assert isinstance(given, Inference)
    if given.prior is None:
        return None
    found = distribution(given.read_as(Inference.prior, StatedPrior()).formula)
    if found is None or found.name not in priors():
        return found
    return belief_of(given, question(given, may_be_known=True)).as_call


def with_keywords(found: Call, keywords: Mapping[str, Expr]) -> Call:
    return Call(found.name, found.arguments, tuple(keywords.items()))


def distribution(value: Result | None) -> Call | None:
    if isinstance(value, str):
        try:
            value = read(value)
        except Unreadable:
            return None
    is_one = isinstance(value, Call) and value.name in DISTRIBUTIONS
    return value if isinstance(value, Call) and is_one else None


def prior_forgotten(case: Case) -> Results:
    return present(**dict.fromkeys((parameter(case), "posterior_mean"), case.value("mle")))


def mean_for_mode(case: Case) -> Results:
    return present(**{parameter(case): case.value("posterior_mean")})


def mode_for_mean(case: Case) -> Results:
    return present(posterior_mean=case.value(parameter(case)))


def data_forgotten(case: Case) -> Results:
    """The mode of the prior, and the prior as its own posterior."""
    prior = prior_of(case)
    if prior is None:
        return {}
    found: dict[str, Result] = {"posterior": prior} if "posterior" in case.answers else {}
    mode = mode_of(prior)
    return found if mode is None else {**found, parameter(case): mode}


def mode_of(prior: Call) -> Expr | Fraction | None:
    family = priors().get(prior.name)
    if family is None or not family.mode:
        return None
    belief = Belief.read(prior, Invalid.at)
    mode = substitute(belief.formula(family.mode, VARIABLE), belief.numbers())
    return exact(mode) or mode


def rate_for_scale(case: Case) -> Results:
    """scale=2 taken as a rate of 2, or the other way round."""
    prior = prior_of(case)
    if prior is None:
        return {}
    swapped = {OTHER.get(name, name): value for name, value in prior.keywords}
    changed = with_keywords(prior, swapped)
    return {} if changed == prior else case.again(prior=TypedPrior(changed))


OTHER = {"rate": "scale", "scale": "rate"}


def variance_for_deviation(case: Case) -> Results:
    """sigma2=4 taken as a standard deviation of 4."""
    prior = prior_of(case)
    known = {} if prior is None else dict(prior.keywords)
    if prior is None or "sigma2" not in known:
        return {}
    changed = with_keywords(prior, known | {"sigma2": known["sigma2"] ** 2})
    return case.again(prior=TypedPrior(changed))


def is_beta(found: Call | None) -> TypeGuard[Call]:
    """Whether it is a beta distribution with its two parameters in their order."""
    return found is not None and found.name == "beta" and len(found.arguments) == 2


def pseudo_counts_added_whole(case: Case) -> Results:
    """(k + α)/(n + α + β), without the −1 of the exponents, for a beta prior."""
    posterior = posterior_of(case)
    if not is_beta(posterior):
        return {}
    a, b = posterior.arguments
    return {parameter(case): exact(a / (a + b)) or a / (a + b)}


def numerator_only(case: Case) -> Results:
    """(k + α − 1)/n: the prior's trials are not counted."""
    posterior, count = posterior_of(case), mle.size(case)
    if not is_beta(posterior) or count is None:
        return {}
    value = (posterior.arguments[0] - 1) / count
    return {parameter(case): exact(value) or value}


def likelihood_for_posterior(case: Case) -> Results:
    """The parameters that the data alone would give, without the prior's: Beta(k, n − k)."""
    prior, posterior = prior_of(case), posterior_of(case)
    if prior is None or posterior is None or prior.name != posterior.name:
        return {}
    if posterior.name == "gamma":
        before, after = dict(prior.keywords), dict(posterior.keywords)
        if "scale" in before:
            before["rate"] = 1 / before.pop("scale")
        if not before.keys() == after.keys() == {"shape", "rate"}:
            return {}
        keywords = {name: after[name] - before[name] for name in after}
        return {"posterior": with_keywords(posterior, keywords)}
    if posterior.name not in ("beta", "dirichlet"):
        return {}
    alone = [b - a for a, b in zip(prior.arguments, posterior.arguments, strict=True)]
    return {"posterior": Call(posterior.name, tuple(alone))}


def exponents_for_parameters(case: Case) -> Results:
    """Beta(k + α − 1, n − k + β − 1): the exponents of the density for its parameters."""
    posterior = posterior_of(case)
    if posterior is None or posterior.name not in ("beta", "dirichlet", "gamma"):
        return {}
    keywords = dict(posterior.keywords)
    if "shape" in keywords:
        return {"posterior": with_keywords(posterior, keywords | {"shape": keywords["shape"] - 1})}
    return {"posterior": Call(posterior.name, tuple(one - 1 for one in posterior.arguments))}


MISCONCEPTIONS = (
    Misconception(
        "map.mode_vs_mean",
        "this is the mean of the posterior; the MAP estimate is its mode, where the density is "
        "highest",
        mean_for_mode,
    ),
    Misconception(
        "map.mean_vs_mode",
        "this is the mode of the posterior, and its mean is asked for",
        mode_for_mean,
    ),
    Misconception(
        "map.prior_forgotten",
        "this is the maximum-likelihood estimate: the prior has been left out",
        prior_forgotten,
    ),
    Misconception(
        "map.data_forgotten",
        "this comes from the prior alone: the data have been left out",
        data_forgotten,
    ),
    Misconception(
        "map.rate_for_scale",
        "this takes the prior's scale for a rate, or its rate for a scale; one is one over the "
        "other",
        rate_for_scale,
    ),
    Misconception(
        "map.deviation_for_variance",
        "this takes the prior's variance for a standard deviation",
        variance_for_deviation,
    ),
    Misconception(
        "map.pseudo_counts",
        "this adds the prior's parameters whole; its density has them less one in the exponents",
        pseudo_counts_added_whole,
    ),
    Misconception(
        "map.numerator_only",
        "this adds the prior's successes above and forgets its trials below",
        numerator_only,
    ),
    Misconception(
        "map.likelihood_for_posterior",
        "these are the parameters of the likelihood alone: the prior's have to be added",
        likelihood_for_posterior,
    ),
    Misconception(
        "map.exponents_for_parameters",
        "these are the exponents of the density; the parameters are one larger",
        exponents_for_parameters,
    ),
    *mle.MISCONCEPTIONS,
)
