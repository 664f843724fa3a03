"""A feed-forward network: forward pass, loss, backpropagation, training, and weights by design."""

from __future__ import annotations

from mlcalc.networks.feedforward.question import NetworkQuestion
from mlcalc.showing.derivation import Derivation


class Problem(NetworkQuestion):
    pass


def solve(given: Problem) -> Derivation:
    """The question that the fields ask: weights for a purpose, sizes, or a network that is run."""
    wanted = (Problem.region, Problem.formula, Problem.pieces, Problem.steps)
    if any(given.is_given(field) for field in wanted):
        from mlcalc.networks.feedforward.design import designed

        return designed(given)
    if given.sizes is not None:
        from mlcalc.networks.feedforward.sizes import sized

        return sized(given)
    if given.weights is None and given.loss is not None and given.targets is None:
        from mlcalc.networks.feedforward.likelihood import likelihood_derivation

        return likelihood_derivation(given)
    from mlcalc.networks.feedforward.running import run

    return run(given)
