"""The query as each model takes it, and what is to be said of what it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlcalc.classification.counts import BINARY
from mlcalc.classification.documents import words_in
from mlcalc.classification.model import Bernoulli, Model, Multinomial
from mlcalc.classification.question import Question
from mlcalc.classification.training import listed, number_in, queried
from mlcalc.derivation import Note
from mlcalc.document import Text
from mlcalc.errors import Complaint, Invalid, closest
from mlcalc.fields import entries_of, is_mapping, numeric
from mlcalc.maths.evaluate import exact
from mlcalc.records import Record

MOST_COUNT = 10**6


class Query(Record):
    """The values by feature in the order of the model, and notes on what is not among them."""

    values: dict[str, str]
    notes: tuple[Note, ...] = ()


def query_of(given: Question, model: Model) -> Query:
    """The query in the terms of the model.  Raises `Invalid` for unknown features and values."""
    raw = given.query
    assert raw is not None
    has_words = isinstance(model, Bernoulli | Multinomial) and given.data is None
    if isinstance(raw, Text) and has_words and not is_counts(raw, given.documents is not None):
        return query_of_words(words_in(raw.value), model)
    typed = queried(given, model.features)
    complaints: list[Complaint] = []
    values: dict[str, str] = {}
    for name, value in typed.items():
        try:
            values[name] = value_of(name, value, model)
        except Invalid as error:
            complaints.extend(error.complaints)
    if complaints:
        raise Invalid(*complaints)
    if isinstance(model, Multinomial):
        return Query({name: value for name, value in values.items() if value != "0"})
    return Query(values, left_out([n for n in model.features if n not in values]))


def is_counts(raw: Text, has_documents: bool) -> bool:
    """Whether a query is win=2, hi=1 and not a text, which may have such signs too."""
    if not is_mapping(raw):
        return False
    try:
        pairs = entries_of(raw, "win=2, hi=1").pairs
        counts = [exact(numeric(value)) for _, value in pairs]
    except Invalid:
        return not has_documents
    return not has_documents or None not in counts


def value_of(name: str, value: Text, model: Model) -> str:
    """The value of one feature as the model counts it."""
    if isinstance(model, Multinomial):
        count = number_in(value, name)
        if count.denominator != 1 or not 0 <= count <= MOST_COUNT:
            message = f"expected a count for '{name}', a whole number from 0, not '{value.value}'"
            raise Invalid.at(message, value.place)
        return str(count)
    if isinstance(model, Bernoulli):
        if (found := BINARY.get(value.value.lower())) is None:
            message = f"expected 0 or 1 for '{name}', not '{value.value}'"
            raise Invalid.at(message, value.place)
        return found
    if value.value not in model.values[name]:
        known = model.values[name]
        hint = closest(value.value, known) or f"; it has the values {listed(known)}"
        raise Invalid.at(f"'{name}' never has the value '{value.value}'{hint}", value.place)
    return value.value


def query_of_words(words: Sequence[str], model: Model) -> Query:
    """A text as counts, or as presence and absence of each word of the vocabulary."""
    counts = Counter(words)
    unknown = [word for word in counts if word not in model.values]
    notes = dropped(unknown)
    if isinstance(model, Bernoulli):
        return Query({name: "1" if counts[name] else "0" for name in model.features}, notes)
    return Query(
        {name: str(count) for name, count in counts.items() if name in model.values}, notes
    )


def dropped(unknown: Sequence[str]) -> tuple[Note, ...]:
    if not unknown:
        return ()
    names = listed(tuple(f"“{word}”" for word in unknown))
    what = "is in no document and is" if len(unknown) == 1 else "are in no document and are"
    return (Note("nb.unknown_words", f"{names} {what} dropped from the query"),)


def left_out(missing: Sequence[str]) -> tuple[Note, ...]:
    """A feature that is not known is summed over, and its probabilities add up to 1."""
    if not missing:
        return ()
    what = "is" if len(missing) == 1 else "are"
    text = f"{listed(tuple(missing))} {what} not in the query: summed over all values, a feature "
    return (Note("nb.marginalised", text + "drops out, since its probabilities add up to 1"),)
