"""Naive Bayes for features that are counted: Bernoulli, categorical and multinomial."""

from mlcalc.classification.question import Question
from mlcalc.derivation import Derivation


def derivation(given: Question) -> Derivation:
    raise NotImplementedError
