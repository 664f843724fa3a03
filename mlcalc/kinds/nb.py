"""Naive Bayes classifiers with every count, estimate and score on the table.

mlcalc nb weather.csv --label play --query 'outlook=sunny, windy=yes'
mlcalc nb --priors 'a=.3, b=.7' --likelihoods 'a: x=.2; b: x=.5' --query x=1
mlcalc nb --documents 'spam: win a prize; ham: see you' --query 'a prize'
"""

from __future__ import annotations

from mlcalc.classifiers.question import Question
from mlcalc.showing.derivation import Derivation


class Problem(Question):
    """The fields stand with the room, whose models read them."""


def solve(given: Problem) -> Derivation:
    """Each model learns from the rows or documents, or from what is known, and answers."""
    from mlcalc.classifiers.answers import derivation

    return derivation(given)
