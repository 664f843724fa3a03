"""Bernoulli naive Bayes: each feature is 0 or 1, and only P(feature = 1 | class) is kept.

A feature that is 0 contributes 1 minus that probability, so a word that is missing counts too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mlcalc.classification import counts, letters
from mlcalc.classification.counted import Counted
from mlcalc.classification.counts import BINARY, Event, Tally
from mlcalc.classification.documents import Documents
from mlcalc.classification.model import Factor, Query
from mlcalc.classification.question import Question
from mlcalc.classification.training import Training
from mlcalc.document import Text
from mlcalc.errors import Invalid
from mlcalc.maths.tree import Expr, wrap

MOST_IN_DIGITS = 20
"""2 to the power of more features is not written out."""


class Bernoulli(Counted):
    """Binary features, or the presence of words."""

    title = "Bernoulli naive Bayes"
    kept = "1"
    smoothed = "the 2 values of a feature"

    @property
    def free(self) -> int:
        return len(self.values)

    @staticmethod
    def outcomes(values: Mapping[str, tuple[str, ...]], feature: str) -> int:
        return 2

    @staticmethod
    def tally_of_rows(training: Training) -> Tally:
        return counts.of_ones(training)

    @staticmethod
    def tally_of_documents(documents: Documents) -> Tally:
        return counts.of_presence(documents)

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        if value == self.kept:
            return super().factor(label, feature, value)
        estimate = self.likelihood[label][feature, self.kept]
        name = letters.likelihood(self.event((feature, value)), label)
        return Factor(name, 1 - estimate.result, 1 - estimate.value, feature)

    def query(self, given: Question) -> Query:
        return self.query_of_text(given) or super().query(given)

    def query_of_words(self, words: tuple[str, ...]) -> dict[str, str]:
        return {name: "1" if name in words else "0" for name in self.features}

    def value(self, feature: str, typed: Text) -> str:
        if (found := BINARY.get(typed.value.lower())) is None:
            message = f"expected 0 or 1 for '{feature}', not '{typed.value}'"
            raise Invalid.at(message, typed.place)
        return found

    def needed(self, values: Mapping[str, str]) -> Collection[Event]:
        return super().needed({name: value for name, value in values.items() if value == "1"})

    def parameters(self) -> tuple[Expr, str]:
        return wrap(self.free), "one probability for each class and feature"

    def cells(self) -> tuple[Expr, int | None]:
        power = wrap(2) ** wrap(self.free)
        return power, 2**self.free if self.free <= MOST_IN_DIGITS else None
