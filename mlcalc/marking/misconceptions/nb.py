"""What goes wrong with naive Bayes classifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

from mlcalc.classifiers.answers import COUNTED, model_of
from mlcalc.classifiers.choice import model_name
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.training import training_of
from mlcalc.marking.misconceptions.case import Case, Misconception, Results, structure
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.printing import source
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Call, Expr, Number
from mlcalc.showing.derivation import Result

ASKED = "prediction joint posterior"


def mapping(case: Case, name: str) -> dict[str, Result]:
    value = case.value(name)
    return dict(value) if isinstance(value, Mapping) else {}


def number(value: Result) -> Scalar | None:
    is_number = isinstance(value, Fraction | float) and not isinstance(value, bool)
    return value if is_number else None  # type: ignore[return-value]  # by the line above


def numbers(case: Case, name: str) -> dict[str, Scalar]:
    """{class: number}; nothing where there are formulas."""
    found = {key: number(value) for key, value in mapping(case, name).items()}
    return {key: value for key, value in found.items() if value is not None}


def scored(joint: dict[str, Scalar]) -> Results:
    """The joint, the posterior and the prediction that come of these products."""
    total = sum(map(to_float, joint.values()))
    if not joint or total <= 0:
        return {}
    posterior = {key: to_float(value) / total for key, value in joint.items()}
    best = max(joint, key=lambda key: to_float(joint[key]))
    return {"joint": joint, "posterior": posterior, "prediction": best}


def prior_forgotten(case: Case) -> Sequence[Results]:
    prior, joint = numbers(case, "prior"), numbers(case, "joint")
    alone: dict[str, Scalar] = {
        key: to_float(joint[key]) / to_float(prior[key]) for key in joint if prior.get(key)
    }
    wrong: Results = {**scored(alone), **boundary_by_likelihoods(case)}
    return (wrong, {"posterior": alone}) if alone else (wrong,)


def boundary_by_likelihoods(case: Case) -> Results:
    """Where the likelihoods alone are equal: the boundary of classes with equal priors."""
    classes = mapping(case, "prior")
    if "boundary" not in case.answers or not classes:
        return {}
    equal = {name: f"1/{len(classes)}" for name in classes}
    results = stated_again(case, equal) if case.is_given("data") else None
    return case.only("boundary", results or case.tried(priors=structure(equal)))


def stated_again(case: Case, priors: Mapping[str, str]) -> Results:
    """The answers by the densities that were fitted to the data, and other priors."""
    fitted = {
        name: {feature: typed(each) for feature, each in densities.items()}
        for name, densities in mapping(case, "likelihood").items()
        if isinstance(densities, Mapping)
    }
    return case.tried(model="gaussian", data=None, label=None, features=None,
                      likelihoods=structure(fitted), priors=structure(priors))  # fmt: skip


def joint_for_posterior(case: Case) -> Results:
    joint = mapping(case, "joint")
    return {"posterior": joint} if joint else {}


def posterior_for_joint(case: Case) -> Results:
    posterior = mapping(case, "posterior")
    return {"joint": posterior} if posterior else {}


def smoothing_forgotten(case: Case) -> Results:
    if not exact(question(case).smoothing):
        return {}
    # The counts may be zero in every class, and then the query has no answer.
    counted = case.only("likelihood", case.again(smoothing=None, query=None))
    return {**counted, **case.only(ASKED, case.tried(smoothing=None))}


def question(case: Case) -> Question:
    assert isinstance(case.given, Question)
    return case.given


def model(case: Case) -> str:
    return model_name(question(case))


def query(case: Case) -> dict[str, str]:
    """The query as a model of words or of features that are 0 or 1 takes it."""
    given = question(case)
    if given.query is None or model(case) not in COUNTED:
        return {}
    return dict(model_of(given, model(case)).query(given).values)


def vocabulary_forgotten(case: Case) -> Results:
    """(count + α)/N where (count + α)/(N + αV) is right, for V words or values."""
    alpha = exact(question(case).smoothing)
    if not alpha:
        return {}
    plain = case.again(smoothing=None, query=None).get("likelihood")
    found: dict[str, dict[str, Result]] = {}
    for name, smoothed in mapping(case, "likelihood").items():
        before = plain.get(name) if isinstance(plain, Mapping) else None
        if not isinstance(smoothed, Mapping) or not isinstance(before, Mapping):
            return {}
        found[name] = without_outcomes(dict(before), dict(smoothed), alpha)
    return {"likelihood": found, **multinomial_scores(case, found)}


def multinomial_scores(case: Case, likelihood: dict[str, dict[str, Result]]) -> Results:
    """The prior times the probability of each word of a text, as often as it stands there."""
    if model(case) != "multinomial" or question(case).query is None:
        return {}
    words, joint = query(case), numbers(case, "prior")
    for name, shares in likelihood.items():
        for word, often in words.items():
            share = number(shares.get(word, Fraction(1)))
            if name not in joint or share is None:
                return {}
            joint[name] = joint[name] * share ** int(often)
    return scored(joint)


def typed(value: Result) -> str:
    return source(value) if isinstance(value, Expr) else str(value)


def without_outcomes(
    before: dict[str, Result], smoothed: dict[str, Result], alpha: Fraction
) -> dict[str, Result]:
    """The shares of the words, or of the values of each feature."""
    if not any(isinstance(part, Mapping) for part in smoothed.values()):
        return without_vocabulary(before, smoothed, alpha)
    return {
        feature: without_vocabulary(dict(plain), dict(part), alpha)
        for feature, part in smoothed.items()
        for plain in (before.get(feature),)
        if isinstance(part, Mapping) and isinstance(plain, Mapping)
    }


def without_vocabulary(
    before: dict[str, Result], smoothed: dict[str, Result], alpha: Fraction
) -> dict[str, Result]:
    """N from p = c/N and q = (c + α)/(N + αV): qN + qαV = pN + α, for the V words of a class."""
    outcomes = len(smoothed)
    pairs = [(before[key], smoothed[key]) for key in smoothed]
    whole = next(
        (
            alpha * (1 - q * outcomes) / (q - p)
            for p, q in pairs
            if isinstance(p, Fraction) and isinstance(q, Fraction) and p != q
        ),
        None,
    )
    if not whole:
        return smoothed
    return {
        key: p + alpha / whole
        for key, p in before.items()
        if isinstance(p, Fraction)
    }  # fmt: skip


def other_event_model(case: Case) -> Results:
    """Word counts as absences and presences, or the other way round."""
    other = {"bernoulli": "multinomial", "multinomial": "bernoulli"}.get(model(case))
    if other is None or not case.is_given("documents"):
        return {}
    return case.only(f"{ASKED} likelihood parameter_count", case.again(model=other))


def absent_features_ignored(case: Case) -> Results:
    """The product over the features that are there alone."""
    if model(case) != "bernoulli":
        return {}
    present = [name for name, value in query(case).items() if value == "1"]
    prior, joint = numbers(case, "prior"), {}
    for name, likelihood in mapping(case, "likelihood").items():
        if not isinstance(likelihood, Mapping) or name not in prior:
            return {}
        factors = [number(likelihood[feature]) for feature in present if feature in likelihood]
        if any(factor is None for factor in factors):
            return {}
        joint[name] = prior[name] * prod(factor for factor in factors if factor is not None)
    return scored(joint)


def prior_not_counted(case: Case) -> Results:
    """The parameters of the features alone; the prior has one less than there are classes."""
    count, classes = case.number("parameter_count"), len(mapping(case, "prior"))
    return {"parameter_count": count - (classes - 1)} if count and classes > 1 else {}


def last_share_counted(case: Case) -> Results:
    """One for each class, although the last is what is left of 1."""
    count = case.number("parameter_count")
    return {"parameter_count": count + 1} if count else {}


def variance_over_n_minus_one(case: Case) -> Results:
    """The variances within the classes, divided by one less than their rows."""
    if model(case) != "gaussian" or not case.is_given("data"):
        return {}
    rows = training_of(question(case))
    found: dict[str, dict[str, str]] = {}
    for name, densities in mapping(case, "likelihood").items():
        count = rows.count(name)
        if not isinstance(densities, Mapping) or count <= 1:
            return {}
        factor = Fraction(count, count - 1)
        wider = {feature: with_variance(each, factor) for feature, each in densities.items()}
        found[name] = {key: typed(each) for key, each in wider.items() if each is not None}
        if None in wider.values():
            return {}
    priors = {name: typed(value) for name, value in mapping(case, "prior").items()}
    results = case.again(model="gaussian", data=None, label=None, features=None,
                         likelihoods=structure(found), priors=structure(priors))  # fmt: skip
    return case.only(f"{ASKED} likelihood boundary", results)


def with_variance(density: Result, factor: Fraction) -> Call | None:
    """normal(mu=…, sigma2=…) with its variance times a factor."""
    found = read(density) if isinstance(density, str) else density
    known = dict(found.keywords) if isinstance(found, Call) else {}
    variance = exact(known["sigma2"]) if "sigma2" in known else None
    if not isinstance(found, Call) or variance is None:
        return None
    keywords = known | {"sigma2": Number(variance * factor)}
    return Call(found.name, found.arguments, tuple(keywords.items()))


MISCONCEPTIONS = (
    Misconception(
        "nb.prior_forgotten",
        "this multiplies the likelihoods alone: the prior of the class is a factor too",
        prior_forgotten,
    ),
    Misconception(
        "nb.joint_for_posterior",
        "these are the products P(x, class); divided by their sum they are posteriors",
        joint_for_posterior,
    ),
    Misconception(
        "nb.posterior_for_joint",
        "this has been divided by the sum over the classes already; the joint has not",
        posterior_for_joint,
    ),
    Misconception(
        "nb.smoothing_forgotten", "nothing has been added to the counts here", smoothing_forgotten
    ),
    Misconception(
        "nb.vocabulary_forgotten",
        "what is added to every count has to be added to the denominator too, once a word or value",
        vocabulary_forgotten,
    ),
    Misconception(
        "nb.other_event_model",
        "this counts words where only their presence matters, or presence where counts matter",
        other_event_model,
    ),
    Misconception(
        "nb.absent_features_ignored",
        "a feature that is absent is evidence too: its factor is one minus the probability",
        absent_features_ignored,
    ),
    Misconception("nb.prior_not_counted", "the prior has parameters of its own", prior_not_counted),
    Misconception(
        "nb.last_share_counted",
        "probabilities that add up to 1 have one free parameter less than there are of them",
        last_share_counted,
    ),
    Misconception(
        "nb.n_minus_one",
        "this divides the squares of a class by one less than its rows; maximum likelihood "
        "divides by their number",
        variance_over_n_minus_one,
    ),
)
