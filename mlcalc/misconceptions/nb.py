"""What goes wrong with naive Bayes classifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import prod

from mlcalc.derivation import Result
from mlcalc.document import Items, Text
from mlcalc.fields import entries_of, is_mapping
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.printing import source
from mlcalc.maths.tree import Expr
from mlcalc.misconceptions.case import Case, Misconception, Results

ASKED = "prediction joint posterior"
SIGMA2 = re.compile(r"sigma2=([-0-9./]+)")


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


def prior_forgotten(case: Case) -> Results:
    prior, joint = numbers(case, "prior"), numbers(case, "joint")
    return scored({key: to_float(joint[key]) / to_float(prior[key])
                   for key in joint if prior.get(key)})  # fmt: skip


def joint_for_posterior(case: Case) -> Results:
    joint = mapping(case, "joint")
    return {"posterior": joint} if joint else {}


def posterior_for_joint(case: Case) -> Results:
    posterior = mapping(case, "posterior")
    return {"joint": posterior} if posterior else {}


def smoothing_forgotten(case: Case) -> Results:
    if not case.given_number("smoothing"):
        return {}
    # The counts may be zero in every class, and then the query has no answer.
    counted = case.only("likelihood", case.again(smoothing="0", query=None))
    return {**counted, **case.only(ASKED, case.tried(smoothing="0"))}


def vocabulary_forgotten(case: Case) -> Results:
    """(count + α)/N where (count + α)/(N + αV) is right, for V words or values."""
    alpha = case.given_number("smoothing")
    if not alpha:
        return {}
    plain = case.again(smoothing="0", query=None).get("likelihood")
    found: dict[str, dict[str, Result]] = {}
    for name, smoothed in mapping(case, "likelihood").items():
        before = plain.get(name) if isinstance(plain, Mapping) else None
        if not isinstance(smoothed, Mapping) or not isinstance(before, Mapping):
            return {}
        found[name] = without_vocabulary(dict(before), dict(smoothed), alpha)
    return {"likelihood": found, **multinomial_scores(case, found)}


def multinomial_scores(case: Case, likelihood: dict[str, dict[str, Result]]) -> Results:
    """The prior times the probability of each word of a text, as often as it stands there."""
    if case.text("model") != "multinomial" or not isinstance(case.raw("query"), Text):
        return {}
    words, joint = re.findall(r"\w+", case.text("query").casefold()), numbers(case, "prior")
    for name, shares in likelihood.items():
        for word in words:
            share = number(shares.get(word, Fraction(1)))
            if name not in joint or share is None:
                return {}
            joint[name] = joint[name] * share
    return scored(joint)


def text_of(values: Mapping[str, Result]) -> dict[str, object]:
    """Nested answers as they could have been typed."""
    return {
        key: text_of(value) if isinstance(value, Mapping) else typed(value)
        for key, value in values.items()
    }


def typed(value: Result) -> str:
    return source(value) if isinstance(value, Expr) else str(value)


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
    other = {"bernoulli": "multinomial", "multinomial": "bernoulli"}.get(case.text("model"))
    if other is None or case.raw("documents") is None:
        return {}
    return case.only(f"{ASKED} likelihood parameter_count", case.again(model=other))


def absent_features_ignored(case: Case) -> Results:
    """The product over the features that are there alone."""
    if case.text("model") != "bernoulli":
        return {}
    present = present_features(case)
    prior, joint = numbers(case, "prior"), {}
    for name, likelihood in mapping(case, "likelihood").items():
        if not isinstance(likelihood, Mapping) or name not in prior:
            return {}
        factors = [number(likelihood[feature]) for feature in present if feature in likelihood]
        if any(factor is None for factor in factors):
            return {}
        joint[name] = prior[name] * prod(factor for factor in factors if factor is not None)
    return scored(joint)


def present_features(case: Case) -> list[str]:
    """The words of a text, or the features that are 1."""
    query = case.raw("query")
    if query is None or (isinstance(query, Text) and not is_mapping(query)):
        return list(dict.fromkeys(re.findall(r"\w+", case.text("query").casefold())))
    pairs = entries_of(query, "win=1, hi=0").pairs
    return [key.value for key, value in pairs if getattr(value, "value", "") == "1"]


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
    rows, prior = case.raw("data"), numbers(case, "prior")
    if case.text("model") != "gaussian" or not isinstance(rows, Items):
        return {}
    found: dict[str, dict[str, str]] = {}
    for name, densities in mapping(case, "likelihood").items():
        count = prior.get(name, Fraction(0)) * len(rows.items)
        if not isinstance(densities, Mapping) or count <= 1:
            return {}
        factor = Fraction(count) / (Fraction(count) - 1)
        found[name] = {
            feature: SIGMA2.sub(lambda m: f"sigma2={Fraction(m[1]) * factor}", typed(density))  # noqa: B023
            for feature, density in densities.items()
        }
    results = case.again(data=None, label=None, features=None, likelihoods=found,
                         priors=text_of(mapping(case, "prior")))  # fmt: skip
    return case.only(f"{ASKED} likelihood boundary", results)


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
