"""Sample complexity: examples, accuracy and confidence of learning from a hypothesis class.

mlcalc pac --hypotheses 1000 --epsilon 0.1 --delta 0.05 --setting realizable
mlcalc pac --accuracy 99% --confidence 98% --H '3^10' --setting realizable
mlcalc pac --vc-dimension 3 --epsilon 0.1 --delta 0.05 --setting agnostic
"""

from __future__ import annotations

from mlcalc.learning.bounds.answers import answered
from mlcalc.learning.bounds.question import SampleQuestion
from mlcalc.showing.derivation import Derivation


class Problem(SampleQuestion):
    pass


def solve(given: Problem) -> Derivation:
    """Solves a bound for what is missing among N, ε, δ and |H|, and names the case.

    Where nothing is missing, `enough` says whether N is, by which bound, and `samples` what it asks
    for.
    """
    return answered(given)
