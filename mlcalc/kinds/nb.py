"""Naive Bayes classifiers with every count, estimate and score on the table."""

from __future__ import annotations

from mlcalc.classifiers.question import Question
from mlcalc.showing.derivation import Derivation


class Problem(Question):
    """The fields stand with the room, whose models read them."""


def solve(given: Problem) -> Derivation:
    """Each model learns from the rows or documents, or from what is known, and answers."""
    from mlcalc.classifiers.answers import derivation

    return derivation(given)
