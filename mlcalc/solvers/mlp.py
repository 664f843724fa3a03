"""A feed-forward network: forward pass, loss, backpropagation, training, and weights by design."""

from __future__ import annotations

from mlcalc.derivation import Derivation
from mlcalc.feedforward.question import NetworkQuestion


class Problem(NetworkQuestion):
    pass


def solve(given: Problem) -> Derivation:
    """The question that the fields ask: weights for a purpose, sizes, or a network that is run."""
    wanted = (Problem.region, Problem.formula, Problem.pieces, Problem.steps)
    if any(given.is_given(field) for field in wanted):
        from mlcalc.feedforward.design import designed

        return designed(given)
    if given.sizes is not None:
        from mlcalc.feedforward.sizes import sized

        return sized(given)
    if given.weights is None and given.loss is not None and given.targets is None:
        from mlcalc.feedforward.likelihood import likelihood_derivation

        return likelihood_derivation(given)
    from mlcalc.feedforward.running import run

    return run(given)
