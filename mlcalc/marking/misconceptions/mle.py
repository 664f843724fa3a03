"""What goes wrong with maximum-likelihood estimates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.family import Quantity
from mlcalc.estimation.question import question
from mlcalc.estimation.sample import Sample
from mlcalc.files.errors import MlcalcError
from mlcalc.marking.misconceptions.case import Case, Misconception, Results, present, scaled
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Call, Expr, Symbol, call
from mlcalc.showing.derivation import Result

N = Symbol("n")
LARGEST_EXPONENT = 700


def estimation(case: Case) -> Estimation:
    assert isinstance(case.given, Estimation)
    return case.given


def family(case: Case) -> str:
    """The name of the distribution; empty where there is a density of one's own."""
    found = estimation(case).distribution
    return "" if found is None else found.name


def quantities(case: Case) -> tuple[Quantity, ...]:
    """What the distribution may be asked for: none for a density of one's own."""
    name = family(case)
    return FAMILIES[name].quantities if name else ()


def size(case: Case) -> Fraction | Expr | None:
    """How many observations there are: a number, or the letter n where the question has letters."""
    found = sample(case).size
    if found is not None:
        return exact(found) or found
    return N if isinstance(primary(case), Expr) else None


def sample(case: Case) -> Sample:
    """The sample as it was read; an empty one where there are categories or rows."""
    try:
        return question(estimation(case), may_be_known=True).sample
    except MlcalcError:
        return Sample()


def observations(case: Case) -> list[Fraction]:
    """The numbers that were observed; none where there are only sums, or letters."""
    found = sample(case)
    return found.values() if len(found.values()) == len(found.data) else []


def primary(case: Case) -> Result | None:
    return next(iter(case.answers.values()), None)


def primary_name(case: Case) -> str:
    return next(iter(case.answers), "")


def variance_over_n_minus_one(case: Case) -> Results:
    count = size(case)
    if count is None or count == 1:
        return {}
    return present(sigma2=scaled(case.value("sigma2"), count / (count - 1)))


def deviation_for_variance(case: Case) -> Sequence[Results]:
    """The root of the variance, or of the one that divides by n − 1."""
    variances = (case.answers, variance_over_n_minus_one(case))
    return [root for found in variances for root in roots(found.get("sigma2"))]


def roots(value: Result | None) -> Iterator[Results]:
    if isinstance(value, Expr):
        yield {"sigma2": call("sqrt", value)}
    elif isinstance(value, Fraction | float) and value >= 0:
        yield {"sigma2": math.sqrt(value)}


def reciprocal(case: Case) -> Results:
    """Of a rate or a scale, which are each other's."""
    if all(quantity.inverse != "1/t" for quantity in quantities(case)):
        return {}
    found: dict[str, Result] = {}
    for name in ("lambda", "rate", "scale", "theta"):
        value = case.value(name)
        if isinstance(value, Expr):
            found[name] = 1 / value
        elif case.number(name):
            found[name] = 1 / value  # type: ignore[operator]  # a number, by the line above
    return found


def is_by_mean(case: Case) -> bool:
    """Whether the mean of the data is the estimate, or what it follows from."""
    means = [quantity for quantity in quantities(case) if "mean" in quantity.words]
    if not means or FAMILIES[family(case)].method != "by_score":
        return False
    return bool(means[0].inverse) or means[0].formula in FAMILIES[family(case)].parameters


def sum_for_mean(case: Case) -> Sequence[Results]:
    """Not divided by n; where the estimate is one over the mean, one over the sum or the sum."""
    count = size(case)
    if count is None or not is_by_mean(case):
        return ()
    # Under a prior the estimate is no mean, and the one without it is an answer of its own.
    known = ("mle",) if case.kind == "map" else ("theta", "lambda", "mu", "sigma2")
    names = [name for name in known if name in case.answers]
    plain = present(**{name: scaled(case.value(name), count) for name in names})
    if all("mean" not in quantity.words or not quantity.inverse for quantity in quantities(case)):
        return (plain,)
    below = present(**{name: scaled(case.value(name), 1 / count) for name in names})
    sums = {name: 1 / one for name, one in below.items() if isinstance(one, Fraction) and one}
    return (plain, below, sums)


def failures_for_successes(case: Case) -> Results:
    value = case.value("theta")
    if all("failure_probability" not in quantity.words for quantity in quantities(case)):
        return {}
    if isinstance(value, Expr):
        return {"theta": 1 - value}
    number = case.number("theta")
    return {} if number is None else {"theta": 1 - number}


def other_support(case: Case) -> Results:
    """Trials counted as failures, or failures as trials."""
    if family(case) != "geometric":
        return {}
    found = estimation(case).distribution
    assert found is not None
    support = dict(found.keywords).get("support")
    is_failures = isinstance(support, Symbol) and support.name == "failures"
    other = () if is_failures else (("support", Symbol("failures")),)
    rest = tuple(pair for pair in found.keywords if pair[0] != "support")
    changed = Call(found.name, found.arguments, (*rest, *other))
    return case.only("theta", case.again(distribution=changed))


def mean_for_median(case: Case) -> Results:
    data = observations(case)
    if family(case) != "laplace" or not data:
        return {}
    return {"mu": sum(data, Fraction(0)) / len(data)}


def mean_for_maximum(case: Case) -> Results:
    """The estimator of moments, 2·mean, for the end of a uniform distribution."""
    data = observations(case)
    if family(case) != "uniform" or "theta" not in case.answers or not data:
        return {}
    return {"theta": 2 * sum(data, Fraction(0)) / len(data)}


def other_logarithm(case: Case) -> Results:
    value = case.number("log_likelihood")
    return {} if value is None else {"log_likelihood": to_float(value) / math.log(10)}


def likelihood_for_its_log(case: Case) -> Results:
    value = case.number("log_likelihood")
    if value is None or value > LARGEST_EXPONENT:
        return {}
    return {"log_likelihood": math.exp(to_float(value))}


MISCONCEPTIONS = (
    Misconception(
        "mle.n_minus_one",
        "this divides by n − 1, which makes the variance unbiased; the likelihood is largest "
        "with n",
        variance_over_n_minus_one,
    ),
    Misconception(
        "mle.deviation_for_variance",
        "this is a standard deviation, and the variance is asked for",
        deviation_for_variance,
    ),
    Misconception(
        "mle.rate_for_scale",
        "a rate is another parameter than a mean, or scale: look at which of them is asked for",
        reciprocal,
    ),
    Misconception("mle.sum_for_mean", "this is a sum that has not been divided by n", sum_for_mean),
    Misconception(
        "mle.failures_for_successes",
        "this is the probability of the other outcome: successes and failures are exchanged",
        failures_for_successes,
    ),
    Misconception(
        "mle.other_support",
        "this counts the trials as if they were failures, or failures as if they were trials",
        other_support,
    ),
    Misconception(
        "mle.mean_for_median",
        "this is the mean, which minimises squares; absolute deviations are least elsewhere",
        mean_for_median,
    ),
    Misconception(
        "mle.mean_for_maximum",
        "this is the estimator of moments, twice the mean; the likelihood looks at the ends",
        mean_for_maximum,
    ),
    Misconception(
        "mle.log_base",
        "this takes the logarithm to base 10; it is the natural one",
        other_logarithm,
    ),
    Misconception(
        "mle.likelihood_for_log",
        "this is the likelihood itself, and its logarithm is asked for",
        likelihood_for_its_log,
    ),
)
