"""One step along the gradient by a rate that is a letter: each parameter is w − η g."""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Expr, Listing, Matrix, Symbol, equals, free_symbols
from mlcalc.maths.vectors import compact
from mlcalc.networks.feedforward.network import LayeredNetwork, at_step, partial
from mlcalc.networks.feedforward.question import TRAINING, NetworkQuestion
from mlcalc.networks.feedforward.runs import Total
from mlcalc.networks.feedforward.training_working import RULES
from mlcalc.networks.symbolic import product
from mlcalc.networks.symbolic import total as added_up
from mlcalc.showing.derivation import Answer, Result, Step


def open_rate(given: NetworkQuestion) -> Expr | None:
    """The learning rate, where it is a letter.

    Raises `Invalid` for what needs a number: more than one step of plain gradient descent.
    """
    rates = given.learning_rate or ()
    if not any(map(free_symbols, rates)):
        return None
    for field in TRAINING:
        if given.is_given(field) and field is not NetworkQuestion.update_biases:
            message = "with a letter for the learning rate there is one plain step: leave "
            raise given.fault(f"{message}{field.name} out, or give a number for the rate", field)
    return rates[0]


class OpenStep:
    """The parameters after one step, in the letter of the rate."""

    def __init__(
        self, given: NetworkQuestion, network: LayeredNetwork, total: Total, rate: Expr
    ) -> None:
        self.network, self.total, self.rate = network, total, rate
        self.moves_biases = given.update_biases
        self.updated = {name: self.moved(name, old) for name, old in network.parameters.items()}

    def moved(self, name: Symbol, old: Matrix) -> Matrix:
        layer = next(one for one in self.network.layers if name in one.parameters)
        if not self.moves_biases and name == layer.bias_name:
            return old
        kept = int(layer.has_column and not self.moves_biases)
        rows = [
            (*weights[:kept], *map(self.stepped, weights[kept:], slopes[kept:]))
            for weights, slopes in zip(old.rows, self.total.gradients[name], strict=True)
        ]
        return Matrix(tuple(rows))

    def stepped(self, weight: Expr, slope: Scalar) -> Expr:
        """w − g η."""
        size = product(self.network.write(-slope if slope < 0 else slope), self.rate)
        return added_up([weight, size if slope < 0 else -size if slope else size])

    def step(self) -> Step:
        """A line for each parameter that moves."""
        chains = tuple(
            equals(
                at_step(name, 1),
                name - product(self.rate, partial(self.total.name, name)),
                compact(value),
            )
            for name, value in self.updated.items()
            if value != self.network.parameters[name]
        )
        return Step("take a gradient step", chains, RULES["sgd"])

    def answer(self) -> Answer:
        """The matrices of the weights and the vectors of the biases, layer by layer."""
        layers = self.network.layers
        values: Mapping[Symbol, Expr] = {n: compact(m) for n, m in self.updated.items()}
        found: dict[str, Result] = {
            "weights": Listing(tuple(values[one.weights_name] for one in layers))
        }
        biased = [one for one in layers if one.bias is not None]
        if biased:
            found["biases"] = Listing(tuple(values[one.bias_name] for one in biased))
        shown = (equals(at_step(name, 1), value) for name, value in values.items())
        return Answer("updated", found, Listing(tuple(shown)))
