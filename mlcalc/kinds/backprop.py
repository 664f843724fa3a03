"""Gradients of any expression by backpropagation on its computational graph.

mlcalc backprop '(x + y)z' --at 'x=-2, y=5, z=-4'
mlcalc backprop 'σ(w·x + b)' --at 'w=[2, -3], x=[-1, -2], b=-3'
mlcalc backprop 'a = x + y; b = max(y, z); f = ab' --at 'x=1, y=2, z=0'
"""

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
