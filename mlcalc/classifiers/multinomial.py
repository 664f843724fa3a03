"""Multinomial naive Bayes: words, or other things that are counted (McCallum and Nigam 1998).

P(word | class) is a factor once for each time that the word occurs; the probabilities of all words
add up to 1 in each class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mlcalc.classifiers.counting_model import Counted
from mlcalc.classifiers.model import Estimate, Factor, Query, Written
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.tally import Event
from mlcalc.classifiers.training import number_in
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.maths.board import Note
from mlcalc.maths.functions import power
from mlcalc.maths.tree import Expr, Words, wrap
from mlcalc.showing.derivation import Step, step

MOST_COUNT = 10**6


class Multinomial(Counted):
    """The words of a text, each drawn from the same distribution."""

    title = "Multinomial naive Bayes"
    kept = ""
    counted_words = tuple
    smoothed = "the {} words of the vocabulary"
    divided_by = "words"
    absent_hint = "a word that is not in the text has no factor here"
    score_note = (
        "its prior times the likelihood of each word, once for each time it occurs; $x$ is the "
        "query"
    )

    @property
    def free(self) -> int:
        return len(self.values) - 1

    @staticmethod
    def outcomes(values: Mapping[str, tuple[str, ...]], feature: str) -> int:
        return len(values)

    @staticmethod
    def read(cell: Text, feature: str) -> tuple[str, int]:
        """How often the word of a feature occurs."""
        count = number_in(cell, feature)
        if count.denominator != 1 or count < 0:
            message = f"expected a count for '{feature}', a whole number from 0, not "
            raise Invalid.at(f"{message}'{cell.value}'", cell.place)
        return "", count.numerator

    def event(self, event: Event) -> Expr:
        return Words(event[0])

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        once, count = super().factor(label, feature, ""), int(value)
        if count == 1:
            return once

        def write() -> Written:
            written = once.write()
            return Written(written.name**count, written.worked**count)

        return Factor(power(once.value, Fraction(count)), write, feature)

    def query(self, given: Question) -> Query:
        found = self.query_of_text(given)
        if found is None:
            values = super().query(given).values
            found = Query({name: value for name, value in values.items() if value != "0"})
        return found

    def query_of_words(self, words: tuple[str, ...]) -> dict[str, str]:
        return {name: str(n) for name, n in Counter(words).items() if name in self.values}

    def value(self, feature: str, typed: Text) -> str:
        count = self.read(typed, feature)[1]
        if count > MOST_COUNT:
            message = f"a query counts '{feature}' at most {MOST_COUNT:,} times"
            raise Invalid.at(message, typed.place)
        return str(count)

    def factorisation_step(self) -> Step:
        return step(
            "factorise",
            "P(Y | x) propto P(Y) * P(x | Y) = P(Y) * product(P(w[i] | Y), i, 1, n)",
            why="the naive assumption: within a class each word is drawn independently of the "
            "others; a text has $n$ of them",
        )

    def count_note(self, unit: str) -> str:
        return f"how often each word occurs in all {unit} of a class"

    def parameters(self) -> tuple[Expr, str]:
        words = len(self.values)
        return wrap(words) - 1, f"the probabilities of the {words} words add up to 1 in each class"

    def notes(self, given: Question) -> list[Note]:
        text = "the multinomial coefficient is left out: it is the same for every class"
        return [Note("nb.coefficient", text), *super().notes(given)]

    @classmethod
    def check_known(cls, label: str, estimates: Mapping[Event, Estimate], entry: Raw) -> None:
        total = sum((estimate.value for estimate in estimates.values()), Fraction(0))
        if total > 1:
            message = f"the words of the class '{label}' have probabilities that add up to {total}"
            raise Invalid.at(f"{message}, and cannot add up to more than 1", entry.place)
