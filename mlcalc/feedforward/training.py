"""Gradient descent: steps of an optimizer over batches of the examples, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.errors import Unsolved
from mlcalc.feedforward.examples import Example
from mlcalc.feedforward.network import LayeredNetwork, at_step, partial
from mlcalc.feedforward.optimizers import (
    ETA,
    Optimizer,
    Parameter,
    stepped,
)
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.feedforward.runs import Total, loss_of, run_all
from mlcalc.feedforward.training_question import check_training, optimizer_of, rate_of
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.tree import Chain, Expr
from mlcalc.networks.losses import LossWriting
from mlcalc.records import Record

MOST_UPDATES_KEPT = 12
"""Of more steps only what the epochs come to is remembered."""


class Line(Record):
    """The working of one parameter in one step; its number is that of its layer."""

    parameter: Parameter
    words: str
    chains: tuple[Chain, ...]


class Update(Record):
    """One step of the optimizer: the gradients it took, the working, the network after it."""

    number: int
    rate: Expr
    total: Total
    lines: tuple[Line, ...]


class Epoch(Record):
    """What one pass over the examples came to; the loss is that after it."""

    number: int
    rate: Expr
    loss: Scalar | None


class Training(Record):
    """The first steps in full, what each epoch came to, and the trained network."""

    examples: int
    updates: tuple[Update, ...]
    steps: int
    epochs: tuple[Epoch, ...]
    network: LayeredNetwork
    after: Total
    """All examples run through the trained network."""

    @property
    def is_in_parts(self) -> bool:
        """Whether a step takes a part of the examples."""
        return self.steps > len(self.epochs)

    @property
    def moved(self) -> set[Expr]:
        """The names of what is trained; biases may stay as they are."""
        return {line.parameter.name for line in self.updates[0].lines}


class Trainer:
    """A network on its way: its parameters with what the optimizer remembers, and the record."""

    def __init__(
        self,
        given: NetworkQuestion,
        network: LayeredNetwork,
        examples: Sequence[Example],
        loss: LossWriting | None,
    ) -> None:
        self.given, self.network, self.examples, self.loss = given, network, examples, loss
        self.size = min(given.batch_size or len(examples), len(examples))
        learned = network.parameters.items()
        biases = {layer.bias_name for layer in network.layers}
        self.parameters = {
            name: Parameter.fresh(name, value)
            for name, value in learned
            if given.update_biases or name not in biases
        }
        self.updates: list[Update] = []
        self.rates: list[Expr] = []
        self.losses: list[Scalar | None] = []
        self.steps = 0

    def run(self) -> Training:
        for epoch in range(1, self.given.epochs + 1):
            try:
                self.run_epoch(rate_of(self.given, epoch, self.network))
            except EvaluationError:
                raise Unsolved.because(
                    f"the training diverges: in epoch {epoch} the numbers grow beyond the largest "
                    "one (10^308); a smaller learning_rate may converge",
                    self.given.place_of(NetworkQuestion.learning_rate),
                ) from None
        after = run_all(self.network, self.examples, self.loss)
        if not self.is_in_parts:
            self.losses.append(after.loss)
        epochs = tuple(map(Epoch, range(1, len(self.rates) + 1), self.rates, self.losses))
        updates = tuple(self.updates)
        return Training(len(self.examples), updates, self.steps, epochs, self.network, after)

    @property
    def is_in_parts(self) -> bool:
        return self.size < len(self.examples)

    def run_epoch(self, rate: Expr) -> None:
        optimizer = optimizer_of(self.given, rate, self.network)
        for start in range(0, len(self.examples), self.size):
            total = run_all(self.network, self.examples[start : start + self.size], self.loss)
            if self.steps and not self.is_in_parts:
                self.losses.append(total.loss)  # before this epoch is after the last
            self.update(optimizer, total)
        self.rates.append(rate)
        if self.loss is not None and self.is_in_parts:
            self.losses.append(loss_of(self.network, self.examples, self.loss))

    def update(self, optimizer: Optimizer, total: Total) -> None:
        """One step of the optimizer; the first few are kept to be shown."""
        lines = [self.moved(optimizer, one, total) for one in self.parameters.values()]
        self.parameters = {line.parameter.name: line.parameter for line in lines}
        values = {name: one.value for name, one in self.parameters.items()}
        self.network = self.network.with_parameters({**self.network.parameters, **values})
        self.steps += 1
        if self.steps <= MOST_UPDATES_KEPT:
            self.updates.append(Update(self.steps, optimizer.numbers[ETA], total, tuple(lines)))

    def moved(self, optimizer: Optimizer, parameter: Parameter, total: Total) -> Line:
        """One parameter after one step, and its working."""
        layer = next(one for one in self.network.layers if parameter.name in one.parameters)
        count = parameter.moments.count
        name = partial(at_step(total.name, count), at_step(parameter.name, count))
        kept = layer.has_column and not self.given.update_biases
        gradient = total.gradients[parameter.name]
        after, chains = stepped(optimizer, parameter, name, gradient, keeps_column=kept)
        what = "the weights"
        if parameter.name == layer.bias_name:
            what = "the bias" if layer.is_shared else "the biases"
        return Line(after, f"{what} of layer {layer.number}", chains)


def train(
    given: NetworkQuestion,
    network: LayeredNetwork,
    examples: Sequence[Example],
    loss: LossWriting | None,
) -> Training:
    """All epochs.  Raises `Unsolved` where the numbers grow beyond all bounds."""
    check_training(given, network, len(examples))
    return Trainer(given, network, examples, loss).run()
