"""Answers of earlier problems as givens of later ones: `{from: earlier-id.theta}`.

The answer is written as text that the reader reads back, so it goes the way of what was typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import cast

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.maths.evaluate import Value, as_tree
from mlcalc.maths.near import closest
from mlcalc.maths.printing import source
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Number, Shape
from mlcalc.showing.derivation import Derivation, Outcome, Result

UNKNOWN = Outcome("", "")
"""A problem whose answers no other one needs."""


class Earlier(dict[str, Outcome]):
    """The problems so far by their ids, with the answers of those that are `needed`."""

    def __init__(self, needed: Collection[str]) -> None:
        super().__init__()
        self.needed = needed

    def add(self, id_: str | None, outcome: Outcome = UNKNOWN) -> None:
        """Puts in one more; where nothing is needed, none is kept."""
        if id_ is None or not self.needed:
            return
        found = outcome.derivation if id_ in self.needed else None
        answers = found and Derivation("", (), found.answers, asides=found.asides)
        self[id_] = replace(UNKNOWN, derivation=answers)


def resolved(raw: Entries, earlier: Mapping[str, Outcome]) -> Entries:
    """The givens with each `{from: earlier-id.name}` replaced by that answer."""
    return Entries(tuple((k, resolved_value(v, earlier)) for k, v in raw.pairs), raw.place)


def references(raw: Raw) -> Iterator[tuple[str, str]]:
    """The id and the answer's name of each reference, in their order."""
    match raw:
        case Entries(((Text("from"), Text(value)),)):
            name, _, answer_name = value.rpartition(".")
            yield name, answer_name
        case Entries(pairs):
            for _, part in pairs:
                yield from references(part)
        case Items(items):
            for item in items:
                yield from references(item)


def resolved_value(raw: Raw, earlier: Mapping[str, Outcome]) -> Raw:
    match raw:
        case Entries(((Text("from"), Text() as reference),)):
            return referenced(reference, earlier)
        case Entries(pairs):
            return Entries(tuple((k, resolved_value(v, earlier)) for k, v in pairs), raw.place)
        case Items(items):
            return Items(tuple(resolved_value(i, earlier) for i in items), raw.place)
        case _:
            return raw


def referenced(reference: Text, earlier: Mapping[str, Outcome]) -> Raw:
    """The earlier answer as text, standing where the reference stands."""
    name, dot, answer_name = reference.value.rpartition(".")
    outcome = earlier.get(name)
    if not dot:
        message = "write {from: id.answer}, the id of a problem above and the name of its answer"
        raise Invalid.at(message, reference.place)
    if outcome is None:
        hint = closest(name, earlier) or "; write {from: id.answer} with the id of a problem above"
        raise Invalid.at(f"there is no earlier problem '{name}'{hint}", reference.place)
    derivation = outcome.derivation
    if derivation is None:
        raise Invalid.at(f"the problem '{name}' has no answer to use", reference.place)
    answer = derivation.answer(answer_name)
    if answer is None:
        known = [a.name for a in derivation.all_answers]
        hint = closest(answer_name, known) or f"; it answers {', '.join(known)}"
        raise Invalid.at(f"'{name}' has no answer '{answer_name}'{hint}", reference.place)
    if isinstance(answer.value, Mapping):
        listed = ", ".join(answer.value)
        raise Invalid.at(f"'{answer_name}' is not one value but {listed}", reference.place)
    if is_listing_of_records(answer.value):
        raise Invalid.at(f"'{answer_name}' is not one value but a list of several", reference.place)
    value: Result = answer.value
    if isinstance(answer.maths, Shape):
        # A list does not say which of its sizes counts the channels, and the shape does.
        is_volume = answer.maths.channels is None and len(answer.maths.sizes) > 2
        value = Shape(answer.maths.sizes, Number(Fraction(1))) if is_volume else answer.maths
    return Text(as_source(value), reference.place, exact=False)


def is_listing_of_records(value: Result) -> bool:
    return isinstance(value, tuple) and any(isinstance(part, Mapping) for part in value)


def as_source(value: Result) -> str:
    """The value as text that the reader reads back."""
    assert not isinstance(value, Mapping)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Expr):
        return source(value)
    return source(as_tree(cast("Value", value)))
