"""Priors and normal densities that are given instead of rows, as numbers or as letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from mlcalc.classification.gaussian_model import (
    Classifier,
    Normal,
    parameter_letters,
)
from mlcalc.classification.question import Question
from mlcalc.document import Entries, Raw, Text, written
from mlcalc.errors import Invalid, closest
from mlcalc.fields import (
    entries_of,
    formula,
    has_no_value,
    is_mapping,
    is_single,
    numeric,
    words_of,
)
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Call, Expr, Number, Pow, Symbol, wrap

EXAMPLE = "{spam: {x: 'normal(mu=0, sigma2=1)'}, ham: {x: 'normal(mu=2, sigma2=1)'}}"
SPELLINGS = {
    "mu": "mean", "mean": "mean", "sigma2": "variance", "variance": "variance", "sigma": "sigma",
}  # fmt: skip


def known(given: Question) -> Classifier:
    """The classifier of `priors` and `likelihoods`; of `features` alone, in letters.

    Raises `Invalid` with all that does not fit.
    """
    if given.likelihoods is None:
        if given.features is None or given.priors is not None:
            raise given.fault(
                "give rows as 'data' with 'label', or 'priors' and 'likelihoods', or 'features' "
                "alone for the boundary in letters"
            )
        return in_letters(given)
    rows = class_entries(given, given.likelihoods)
    priors = priors_of(given, [label.value for label, _ in rows])
    features = tuple(name.value for name, _ in rows[0][1])
    normals = []
    for label, pairs in rows:
        check_features(label, [name for name, _ in pairs], features)
        by_name = {name.value: normal_of(value) for name, value in pairs}
        normals.append(tuple(by_name[name] for name in features))
    labels = tuple(label.value for label, _ in rows)
    return Classifier(labels, features, priors, tuple(normals))


def in_letters(given: Question) -> Classifier:
    """Two classes, 1 and 0, with μ₁₀ and so on as letters."""
    assert given.features is not None
    features = tuple(name.value for name in words_of(given.features, "x_1, x_2"))
    bare = Classifier(("1", "0"), features, (Symbol("P", "1"), Symbol("P", "0")), ())
    normals = tuple(
        tuple(parameter_letters(bare, label, place) for place in range(len(features)))
        for label in bare.classes
    )
    return Classifier(bare.classes, features, bare.priors, normals)


def class_entries(
    given: Question, likelihoods: Entries
) -> list[tuple[Text, list[tuple[Text, Raw]]]]:
    """{class: {feature: value}} as pairs; at least two classes, each with a feature."""
    found: list[tuple[Text, list[tuple[Text, Raw]]]] = []
    for label, value in likelihoods.pairs:
        if isinstance(value, Text) and value.value and not is_mapping(value):
            # One feature, which is x where it has no name.
            found.append((label, [(Text("x", value.place), value)]))
            continue
        example = f"{{feature: density}} for class {label.value}"
        found.append((label, list(entries_of(value, example).pairs)))
    if len(found) < 2:
        raise given.fault("give the densities of two classes or more", Question.likelihoods)
    return found


def check_features(label: Text, names: Sequence[Text], features: Sequence[str]) -> None:
    """Every class has the features of the first."""
    for name in names:
        if name.value not in features:
            hint = closest(name.value, features) or f"; the first class has {', '.join(features)}"
            raise Invalid.at(f"'{name.value}' is no feature of the first class{hint}", name.place)
    missing = [name for name in features if name not in {n.value for n in names}]
    if missing:
        message = f"class {label.value} has no density for '{missing[0]}', as the first class has"
        raise Invalid.at(message, label.place)


def priors_of(given: Question, labels: Sequence[str]) -> tuple[Expr, ...]:
    """P(Y = c) of each class, numbers that add up to 1 or letters."""
    if given.priors is None:
        share = Fraction(1, len(labels))
        example = ", ".join(f"{label}={share}" for label in labels)
        raise given.fault(f"'priors' is missing: the probability of each class, such as {example}")
    found: dict[str, Expr] = {}
    for name, value in given.priors.pairs:
        if name.value not in labels:
            hint = closest(name.value, labels) or f"; the classes are {', '.join(labels)}"
            raise Invalid.at(f"'{name.value}' is no class of the likelihoods{hint}", name.place)
        found[name.value] = probability(value)
    for label in labels:
        if label not in found:
            raise given.fault(f"class {label} has no prior", Question.priors)
    values = [exact(prior) for prior in found.values()]
    numbers = [value for value in values if value is not None]
    if len(numbers) == len(values) and sum(numbers) != 1:
        raise given.fault(f"the priors add up to {sum(numbers)}, not to 1", Question.priors)
    return tuple(found[label] for label in labels)


def probability(raw: Raw) -> Expr:
    """A prior above 0, at most 1, or a letter."""
    found = single(raw, "a probability")
    value = exact(found)
    if value is not None and not 0 < value <= 1:
        raise Invalid.at(f"expected a probability above 0, not '{written(raw)}'", raw.place)
    return found


def single(raw: Raw, what: str) -> Expr:
    """A number, kept as it was typed, or a formula in letters."""
    found = numeric(raw, expected=what)
    if not is_single(found) or has_no_value(found):
        raise Invalid.at(f"expected {what}, not '{written(raw)}'", raw.place)
    return as_number(found)


def as_number(found: Expr) -> Expr:
    value = exact(found)
    return found if value is None or isinstance(found, Number) else wrap(value)


def normal_of(raw: Raw) -> Normal:
    """normal(mu=0, sigma2=1), also with mean, variance, or sigma, which is squared."""
    found = formula(raw, "a normal density")
    example = "normal(mu=0, sigma2=1)"
    if not isinstance(found, Call) or found.name != "normal":
        message = f"expected a normal density such as {example}, not '{written(raw)}'"
        hint = "; other densities are for 'model: density'"
        raise Invalid.at(message + hint, raw.place)
    return normal_with(found, lambda message: Invalid.at(message, raw.place))


def normal_with(found: Call, fault: Callable[[str], Invalid]) -> Normal:
    """The mean and variance of a normal distribution that was typed."""
    example = "normal(mu=0, sigma2=1)"
    if found.arguments:
        raise fault(f"give the parameters by name, since books differ: {example}")
    named: dict[str, Expr] = {}
    for name, value in found.keywords:
        if name not in SPELLINGS:
            hint = closest(name, SPELLINGS) or f"; write {example}"
            raise fault(f"normal has no parameter '{name}'{hint}")
        if has_no_value(value):
            raise fault(f"{name} must be an exact number or a letter")
        named[SPELLINGS[name]] = as_number(value)
    if "sigma" in named and "variance" not in named:
        deviation = named.pop("sigma")
        number = exact(deviation)
        if number is not None and number <= 0:
            raise fault(f"sigma must be above 0, not {number}")
        named["variance"] = Pow(deviation, wrap(2)) if number is None else wrap(number**2)
    if set(named) != {"mean", "variance"}:
        raise fault(f"normal needs its mean and its variance: {example}")
    variance = exact(named["variance"])
    if variance is not None and variance <= 0:
        raise fault(f"the variance must be above 0, not {variance}")
    return Normal(named["mean"], named["variance"])
