"""Sample complexity: examples, accuracy and confidence of learning from a hypothesis class."""

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
