"""The models that `map` compares: read one by one, each with the evidence of the same data."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.inference import Inference
from mlcalc.estimation.model_evidence import averaged, known
from mlcalc.estimation.models import Comparison, Contender
from mlcalc.estimation.question import question
from mlcalc.estimation.stated_prior import StatedPrior
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import Quantity, entries_of, is_mapping
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.tree import Expr, Words

KEYS = ("probability", "distribution", "prior")

SHARED = (Estimation.data, Estimation.n, Estimation.k, Estimation.sum, Estimation.categories,
          Inference.new)  # fmt: skip

EXAMPLE = "{probability: 1/2, distribution: bernoulli(theta=1/2)}"


def models_of(given: Inference) -> Comparison:
    """The models with their evidence.

    Raises `Invalid` for models that are no list of them or whose probabilities do not add up to 1,
    `Unsolved` where an evidence has no closed form.
    """
    refuse_others(given)
    entries = typed_models(given)
    probabilities = probabilities_of(given, entries)
    contenders = []
    for place, entry in enumerate(entries):
        one = inner(given, entry)
        asked = question(one, may_be_known=True)
        distribution = typed_name(one)
        is_known = asked.counts is None and not asked.model.unknown
        found = known(one, asked, place) if is_known else averaged(one, asked, place)
        prior = None if is_known else one.read_as(Inference.prior, StatedPrior()).formula
        probability = probabilities[place] if probabilities else Fraction(1, len(entries))
        contenders.append(Contender(probability, distribution, prior, found))
    return Comparison(tuple(contenders), not probabilities, new_of(given), sequence_notes(given))


def typed_name(one: Inference) -> Expr:
    """The distribution as it was typed: a name alone has no brackets."""
    found = one.distribution
    assert found is not None
    is_alone = not found.arguments and not found.keywords
    return Words(found.name.replace("_", " ").capitalize()) if is_alone else found


def refuse_others(given: Inference) -> None:
    for field in Inference.fields.values():
        allowed = {shared.name for shared in (*SHARED, Inference.models)}
        if given.is_given(field) and field.name not in allowed:
            message = f"each of the models says it: leave {field.name} out here"
            raise given.fault(message, field)
    if given.data is None and given.n is None:
        raise given.fault("'data' is missing: the models are compared on the same observations")


def typed_models(given: Inference) -> list[Entries]:
    """The models as they were typed.  Raises `Invalid` with all that is wrong with their keys."""
    raw = given.models
    items = raw.items if isinstance(raw, Items) else ()
    entries = [entries_of(item, EXAMPLE) for item in items if is_mapping(item)]
    if len(entries) < 2 or len(entries) != len(items):
        message = f"expected a list of two models or more, each such as {EXAMPLE}"
        raise given.fault(message, Inference.models)
    complaints = []
    for entry in entries:
        for key, _ in entry.pairs:
            if key.value not in KEYS:
                hint = closest(key.value, KEYS) or f"; a model has {', '.join(KEYS)}"
                complaints.append(Complaint(f"unknown key '{key.value}'{hint}", key.place))
        if entry.get("distribution") is None:
            message = f"'distribution' is missing: a model is such as {EXAMPLE}"
            complaints.append(Complaint(message, entry.place))
    if complaints:
        raise Invalid(*complaints)
    return entries


def probabilities_of(given: Inference, entries: list[Entries]) -> list[Fraction]:
    """The prior probabilities of the models; none where none is given."""
    found: list[Fraction] = []
    typed = [entry.get("probability") for entry in entries]
    if not any(typed):
        return []
    for entry, raw in zip(entries, typed, strict=True):
        if raw is None:
            message = "'probability' is missing: give one to every model, or to none"
            raise Invalid.at(message, entry.place)
        value = exact(Quantity().read(raw))
        if value is None or not 0 <= value <= 1:
            raise Invalid.at("a probability is a number from 0 to 1, such as 1/2", raw.place)
        found.append(value)
    whole = sum(found, Fraction(0))
    if whole != 1:
        hint = f", such as {found[0] / whole} instead of {found[0]}" if whole else ""
        message = f"the probabilities of the models add up to {whole}, not to 1: change them{hint}"
        raise given.fault(message, Inference.models)
    return found


def inner(given: Inference, entry: Entries) -> Inference:
    """One model as a question of its own, about the data of all."""
    pairs = [pair for pair in entry.pairs if pair[0].value != "probability"]
    found = Inference.read(Entries((*pairs, *shared(given)), entry.place))
    assert isinstance(found, Inference)
    return found


def shared(given: Inference) -> Iterator[tuple[Text, Raw]]:
    """The data as they were typed."""
    for field in SHARED:
        if given.is_given(field):
            name = given.typed_name(field)
            yield Text(name, given.place_of(field)), given.given[name]


def new_of(given: Inference) -> Expr | None:
    """The new value as it is printed: a number, or the word of a category."""
    if given.new is None:
        return None
    try:
        return given.read_as(Inference.new, Quantity())
    except Invalid:
        assert isinstance(given.new, Text)
        return Words(given.new.value.strip())


def sequence_notes(given: Inference) -> tuple[Note, ...]:
    """What the evidence is the probability of, where only the number of successes is known."""
    if given.k is None:
        return ()
    text = ("the evidence is that of the successes in one order; the probability of k in any order "
            "has the factor n over k more, under every model")  # fmt: skip
    return (Note("models.sequence", text),)
