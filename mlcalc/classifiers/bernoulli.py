"""Bernoulli naive Bayes: each feature is 0 or 1, and only P(feature = 1 | class) is kept.

A feature that is 0 contributes 1 minus that probability, so a word that is missing counts too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from mlcalc.classifiers import letters
from mlcalc.classifiers.counting_model import Counted, left_out
from mlcalc.classifiers.model import Estimate, Factor, Query, Written, probability
from mlcalc.classifiers.presence import presence_in
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.tally import Event
from mlcalc.classifiers.training import number_in
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import entries_of, is_mapping
from mlcalc.maths.tree import Expr, Number, wrap

BINARY = {"1": "1", "yes": "1", "true": "1", "0": "0", "no": "0", "false": "0"}

MOST_IN_DIGITS = 20
"""2 to the power of more features is not written out."""


class Bernoulli(Counted):
    """Binary features, or the presence of words."""

    title = "Bernoulli naive Bayes"
    kept = "1"
    counted_words = set
    smoothed = "the 2 values of a feature"
    absent_hint = "a word that is not in the text counts as 0 already"

    @property
    def free(self) -> int:
        return len(self.values)

    @staticmethod
    def outcomes(values: Mapping[str, tuple[str, ...]], feature: str) -> int:
        return 2

    @staticmethod
    def read(cell: Text, feature: str) -> tuple[str, int]:
        """0 or 1, also in another spelling, such as 1.0."""
        value = BINARY.get(cell.value.lower())
        if value is None:
            with suppress(Invalid):
                value = BINARY.get(str(number_in(cell, feature)))
        if value is None:
            message = f"expected 0 or 1 (or yes, no, true, false) for '{feature}', not "
            hint = "; a feature of several values needs the model categorical"
            raise Invalid.at(f"{message}'{cell.value}'{hint}", cell.place)
        return value, 1

    @classmethod
    def known_feature(cls, label: str, name: str, raw: Raw) -> dict[str, Estimate]:
        """P(feature = 1 | class), which may be stated as {1: 0.6}, {0: 0.4}, or both."""
        if not is_mapping(raw):
            return super().known_feature(label, name, raw)
        stated: dict[str, Estimate] = {}
        for key, each in entries_of(raw, "{1: 0.6, 0: 0.4}").pairs:
            value = BINARY.get(key.value.casefold())
            if value is None:
                message = f"'{name}' is 0 or 1 in the model bernoulli, not '{key.value}'"
                hint = "; a feature of several values needs the model categorical"
                raise Invalid.at(message + hint, key.place)
            stated[value] = probability(each, name)
        if len(stated) == 2 and sum(estimate.value for estimate in stated.values()) != 1:
            message = f"the probabilities of '{name}' in the class '{label}' add up to "
            total = sum(estimate.value for estimate in stated.values())
            raise Invalid.at(f"{message}{total}, and must add up to 1", raw.place)
        rest = stated.get("0")
        if "1" not in stated and rest is not None:
            stated["1"] = Estimate((1 - rest.result, Number(1 - rest.value)))
        return {"1": stated["1"]}

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        if value == self.kept:
            return super().factor(label, feature, value)
        estimate = self.likelihood[label][feature, self.kept]

        def write() -> Written:
            name = letters.likelihood(self.event((feature, value)), label)
            return Written(name, 1 - estimate.result)

        return Factor(1 - estimate.value, write, feature)

    def query(self, given: Question) -> Query:
        said = None if given.documents is not None else presence_in(given.query, self.features)
        if said is None:
            return self.query_of_text(given) or super().query(given)
        values = {name: said.values[name] for name in self.features if name in said.values}
        rest = [name for name in self.features if name not in values]
        return Query(values, (*said.notes, *left_out(rest)))

    def query_of_words(self, words: tuple[str, ...]) -> dict[str, str]:
        return {name: "1" if name in words else "0" for name in self.features}

    def value(self, feature: str, typed: Text) -> str:
        return self.read(typed, feature)[0]

    def needed(self, values: Mapping[str, str]) -> Collection[Event]:
        return super().needed({name: value for name, value in values.items() if value == "1"})

    def parameters(self) -> tuple[Expr, str]:
        return wrap(self.free), "one probability for each class and feature"

    def cells(self) -> tuple[Expr, int | None]:
        power = wrap(2) ** wrap(self.free)
        return power, 2**self.free if self.free <= MOST_IN_DIGITS else None
