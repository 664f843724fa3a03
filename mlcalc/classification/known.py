"""A model whose priors and likelihoods are given, and need not be counted."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.classification.counts import Event
from mlcalc.classification.estimates import Estimate, known
from mlcalc.classification.model import Bernoulli, Categorical, Model, Multinomial
from mlcalc.classification.question import Question
from mlcalc.classification.training import listed
from mlcalc.document import Raw, Text
from mlcalc.errors import Complaint, Invalid, closest
from mlcalc.fields import entries_of, is_mapping, numeric
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Number
from mlcalc.records import Record


def probability(raw: Raw, name: str) -> Estimate:
    """A number from 0 to 1, as it was typed."""
    found = numeric(raw) if isinstance(raw, Text) and raw.value else None
    value = None if found is None else exact(found)
    if found is None or value is None or not 0 <= value <= 1:
        typed = raw.value if isinstance(raw, Text) else "a list or mapping"
        message = f"expected a probability from 0 to 1 for '{name}', not '{typed}'"
        raise Invalid.at(message, raw.place)
    return known(value, as_typed(found, value))


def as_typed(found: Expr, value: Fraction) -> Expr:
    """0.05 and 8% as they were typed; a formula, and a fraction, as its value."""
    return found if isinstance(found, Number) else Number(value)


def priors_of(given: Question, classes: tuple[str, ...] | None = None) -> dict[str, Estimate]:
    """The priors that were given, which add up to 1; in the order of the classes that are known."""
    assert given.priors is not None
    found: dict[str, Estimate] = {}
    complaints: list[Complaint] = []
    for key, raw in given.priors.pairs:
        if classes is not None and key.value not in classes:
            hint = closest(key.value, classes) or f"; the classes are {listed(classes)}"
            message = f"the class '{key.value}' has no rows or documents{hint}"
            complaints.append(Complaint(message, key.place))
        try:
            found[key.value] = probability(raw, key.value)
        except Invalid as error:
            complaints.extend(error.complaints)
    missing = [name for name in classes or () if name not in found]
    if missing:
        message = f"the class '{missing[0]}' has no prior: give one for each class"
        complaints.extend(given.fault(message, Question.priors).complaints)
    if complaints:
        raise Invalid(*complaints)
    total = sum((estimate.value for estimate in found.values()), Fraction(0))
    if total != 1:
        raise given.fault(f"the priors add up to {total}, and must add up to 1", Question.priors)
    return {name: found[name] for name in classes or found}


class Known(Record):
    """What one class was said to have: its estimates by event, and the values by feature."""

    values: dict[str, tuple[str, ...]]
    estimates: dict[Event, Estimate]


def known_model(given: Question, kind: type[Model]) -> Model:
    """The model of the given priors and likelihoods.  Raises `Invalid` where they do not fit."""
    assert given.likelihoods is not None
    if given.priors is None:
        message = "'priors' is missing: the probability of each class, such as spam=1/3, ham=2/3"
        raise given.fault(message)
    raw = given.likelihoods
    prior = priors_of(given)
    own: dict[str, Known] = {}
    complaints: list[Complaint] = []
    for key, entry in raw.pairs:
        if key.value not in prior:
            hint = closest(key.value, prior) or f"; the classes are {listed(tuple(prior))}"
            complaints.append(Complaint(f"the class '{key.value}' has no prior{hint}", key.place))
            continue
        try:
            own[key.value] = known_class(key.value, entry, kind)
        except Invalid as error:
            complaints.extend(error.complaints)
    for name in prior:
        if raw.get(name) is None:
            message = f"the class '{name}' has a prior and no likelihoods"
            complaints.append(Complaint(message, raw.place))
    if complaints:
        raise Invalid(*complaints)
    leader = next(iter(prior))
    for key, entry in raw.pairs:
        refuse_other_features(key.value, entry, own[key.value], leader, own[leader])
    likelihood = {name: own[name].estimates for name in prior}
    return kind(tuple(prior), own[leader].values, prior, likelihood)


def known_class(label: str, entry: Raw, kind: type[Model]) -> Known:
    """The likelihoods of one class; those of a feature's values, or of all words, add up to 1."""
    if not is_mapping(entry):
        raise Invalid.at(f"expected the features of the class '{label}' by name", entry.place)
    features = entries_of(entry, "{offer: 0.6}")
    values: dict[str, tuple[str, ...]] = {}
    estimates: dict[Event, Estimate] = {}
    if kind is not Categorical:
        value = "1" if kind is Bernoulli else ""
        for key, raw in features.pairs:
            values[key.value] = (value,)
            estimates[key.value, value] = probability(raw, key.value)
        total = sum((e.value for e in estimates.values()), Fraction(0))
        if kind is Multinomial and total > 1:
            message = f"the words of the class '{label}' have probabilities that add up to {total}"
            raise Invalid.at(f"{message}, and cannot add up to more than 1", entry.place)
        return Known(values, estimates)
    for key, typed in features.pairs:
        if not is_mapping(typed):
            message = f"expected the values of '{key.value}' with their probabilities, such as "
            raise Invalid.at(message + "{sunny: 2/9, rain: 7/9}", typed.place)
        inner = entries_of(typed, "{sunny: 2/9, rain: 7/9}")
        values[key.value] = inner.keys()
        own = {name.value: probability(raw, name.value) for name, raw in inner.pairs}
        total = sum((estimate.value for estimate in own.values()), Fraction(0))
        if total != 1:
            message = f"the probabilities of '{key.value}' in the class '{label}' add up to {total}"
            raise Invalid.at(f"{message}, and must add up to 1", inner.place)
        estimates |= {(key.value, name): estimate for name, estimate in own.items()}
    return Known(values, estimates)


def refuse_other_features(label: str, entry: Raw, own: Known, first: str, other: Known) -> None:
    """Every class has the same features, with the same values."""
    for feature, value in sorted(other.estimates.keys() ^ own.estimates.keys()):
        lacking = label if (feature, value) in other.estimates else first
        what = f"'{feature}'" if value in ("", "1") else f"the value '{value}' of '{feature}'"
        message = f"the class '{lacking}' says nothing of {what}, and the other classes do"
        raise Invalid.at(message, entry.place)
