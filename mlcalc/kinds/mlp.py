"""A feed-forward network: forward pass, loss, backpropagation, training, and weights by design.

mlcalc mlp --weights '1 -1; 0 2' --weights '1 1' --x '1, 2' --activation relu
mlcalc mlp --W1 '1 -1; 0 2' --W2 '1 1' --x '1, 2' --y 3 --loss mse --lr 0.1
mlcalc mlp --sizes 784-100-10
"""

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
    if given.sizes is not None and given.weights is None:
        from mlcalc.networks.feedforward.sizes import sized

        return sized(given)
    if given.weights is None and given.loss is not None and given.targets is None:
        from mlcalc.networks.feedforward.likelihood import likelihood_derivation

        return likelihood_derivation(given)
    from mlcalc.networks.feedforward.running import run

    return run(given)
