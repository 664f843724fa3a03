"""Categorical naive Bayes: each feature has one of a few values, each with its probability."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import prod

from mlcalc.classifiers.counting_model import MOST_NAMES, Counted
from mlcalc.classifiers.model import Estimate, probability
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.tally import Event
from mlcalc.classifiers.training import listed, spelled_as
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import entries_of, is_mapping
from mlcalc.maths.board import Note
from mlcalc.maths.near import closest
from mlcalc.maths.tree import Dots, Expr, Mul, Number, wrap
from mlcalc.maths.vectors import added
from mlcalc.showing.derivation import Result


class Categorical(Counted):
    """Features with a few values each."""

    title = "Categorical naive Bayes"

    @property
    def free(self) -> int:
        return sum(len(values) - 1 for values in self.values.values())

    @staticmethod
    def outcomes(values: Mapping[str, tuple[str, ...]], feature: str) -> int:
        return len(values[feature])

    @staticmethod
    def read(cell: Text, feature: str) -> tuple[str, int]:
        return cell.value, 1

    def value(self, feature: str, typed: Text) -> str:
        known = self.values[feature]
        found = spelled_as(typed.value, known)
        if found is None:
            hint = closest(typed.value, known) or f"; it has the values {listed(known)}"
            message = f"'{feature}' never has the value '{typed.value}'{hint}"
            raise Invalid.at(message, typed.place)
        return found

    def needed(self, values: Mapping[str, str]) -> Collection[Event]:
        return frozenset(values.items())

    def shown_value(self, own: Mapping[Event, Estimate], feature: str) -> Result:
        return {value: own[feature, value].value for value in self.values[feature]}

    def count_note(self, unit: str) -> str:
        return f"how many {unit} of each class have each value"

    def parameters(self) -> tuple[Expr, str]:
        terms = [wrap(len(values)) - 1 for values in self.values.values()]
        inner = added([*terms[:3], Dots(), terms[-1]] if len(terms) > MOST_NAMES else terms)
        return inner, "the probabilities of a feature's values add up to 1 in each class"

    def cells(self) -> tuple[Expr, int | None] | None:
        sizes = [len(values) for values in self.values.values()]
        if len(sizes) > MOST_NAMES:
            return None
        combinations = prod(sizes)
        return Mul(tuple(map(wrap, sizes))), combinations if combinations > 1 else None

    def notes(self, given: Question) -> list[Note]:
        text = "some lectures call a feature with several values multinomial; here that word is "
        note = Note("nb.categorical", text + "kept for counts, as of words")
        return [note, *super().notes(given)]

    @classmethod
    def known_feature(cls, label: str, name: str, raw: Raw) -> dict[str, Estimate]:
        if not is_mapping(raw):
            message = f"expected the values of '{name}' with their probabilities, such as "
            raise Invalid.at(message + "{sunny: 2/9, rain: 7/9}", raw.place)
        inner = entries_of(raw, "{sunny: 2/9, rain: 7/9}")
        own = {value.value: probability(each, value.value) for value, each in inner.pairs}
        total = sum((estimate.value for estimate in own.values()), Fraction(0))
        if len(own) == 1 and total < 1:  # of the others no more is known than what is left
            [(value, estimate)] = own.items()
            own[f"not {value}"] = Estimate((1 - estimate.result, Number(1 - total)))
            total = Fraction(1)
        if total != 1:
            message = f"the probabilities of '{name}' in the class '{label}' add up to {total}"
            raise Invalid.at(f"{message}, and must add up to 1", inner.place)
        return own
