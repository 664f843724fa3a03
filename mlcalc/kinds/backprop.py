"""Gradients of any expression by backpropagation on its computational graph."""

from __future__ import annotations

from mlcalc.networks.backpropagation.question import Question
from mlcalc.showing.derivation import Derivation


class Problem(Question):
    """The fields stand with the room, which reads them."""


def solve(given: Problem) -> Derivation:
    """With values for the variables both passes in numbers, without them the chain in letters."""
    if given.has_values:
        from mlcalc.networks.backpropagation.working import derivation as numeric

        return numeric(given)
    from mlcalc.networks.backpropagation.symbolic import derivation as symbolic

    return symbolic(given)
