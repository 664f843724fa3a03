"""Gradient descent: steps of an optimizer over batches of the examples, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.errors import Unsolved
from mlcalc.feedforward.examples import Example
from mlcalc.feedforward.network import Layer, Network, at_step, partial
from mlcalc.feedforward.optimizers import (
    ETA,
    Optimizer,
    Parameter,
    stepped,
)
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.feedforward.totals import Total, loss_of, run_all
from mlcalc.feedforward.training_question import check_training, optimizer_of, rate_of
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.tree import Chain, Expr, Matrix
from mlcalc.networks.losses import LossWriting
from mlcalc.records import Record

MOST_UPDATES_KEPT = 12
"""Of more steps only what the epochs come to is remembered."""


class Slot(Record):
    """A parameter that is trained, and where it stands in the network."""

    layer: Layer
    is_bias: bool
    parameter: Parameter

    @property
    def words(self) -> str:
        kind = "the bias" if self.layer.is_shared else "the biases"
        return f"{kind if self.is_bias else 'the weights'} of layer {self.layer.number}"


class Line(Record):
    """The working of one parameter in one step."""

    slot: Slot
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
    network: Network
    after: Total
    """All examples run through the trained network."""

    @property
    def is_in_parts(self) -> bool:
        """Whether a step takes a part of the examples."""
        return self.steps > len(self.epochs)

    @property
    def moved(self) -> set[Expr]:
        """The names of what is trained; biases may stay as they are."""
        return {line.slot.parameter.name for line in self.updates[0].lines}


class Trainer:
    """A network on its way: its parameters with what the optimizer remembers, and the record."""

    def __init__(
        self,
        given: NetworkQuestion,
        network: Network,
        examples: Sequence[Example],
        loss: LossWriting | None,
    ) -> None:
        self.given, self.network, self.examples, self.loss = given, network, examples, loss
        self.size = min(given.batch_size or len(examples), len(examples))
        self.slots = slots_of(given, network)
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
        moved = [moved_slot(self.given, optimizer, slot, total) for slot in self.slots]
        self.slots = [slot for slot, _ in moved]
        self.network = rebuilt(self.network, self.slots)
        self.steps += 1
        if self.steps <= MOST_UPDATES_KEPT:
            lines = tuple(Line(slot, chains) for slot, chains in moved)
            self.updates.append(Update(self.steps, optimizer.numbers[ETA], total, lines))


def train(
    given: NetworkQuestion, network: Network, examples: Sequence[Example], loss: LossWriting | None
) -> Training:
    """All epochs.  Raises `Unsolved` where the numbers grow beyond all bounds."""
    check_training(given, network, len(examples))
    return Trainer(given, network, examples, loss).run()


def slots_of(given: NetworkQuestion, network: Network) -> list[Slot]:
    """What is trained: the weights of each layer, and its biases unless they stay."""
    slots: list[Slot] = []
    for layer in network.layers:
        slots.append(Slot(layer, False, Parameter.fresh(layer.weights_name, layer.weights)))
        if layer.bias is not None and given.update_biases:
            bias = Matrix(layer.bias.rows[:1]) if layer.is_shared else layer.bias
            slots.append(Slot(layer, True, Parameter.fresh(layer.bias_name, bias)))
    return slots


def moved_slot(
    given: NetworkQuestion, optimizer: Optimizer, slot: Slot, total: Total
) -> tuple[Slot, tuple[Chain, ...]]:
    """One parameter after one step, and its working."""
    layer, place = slot.layer, slot.layer.number - 1
    bias = total.biases[place]
    gradient = total.weights[place]
    if slot.is_bias and bias is not None:
        gradient = tuple((value,) for value in bias)
    count = slot.parameter.moments.count
    name = partial(at_step(total.name, count), at_step(slot.parameter.name, count))
    kept = layer.has_column and not given.update_biases
    after, chains = stepped(optimizer, slot.parameter, name, gradient, keeps_column=kept)
    return Slot(layer, slot.is_bias, after), chains


def rebuilt(network: Network, slots: Sequence[Slot]) -> Network:
    """The network with the values of the slots."""
    weights = {slot.layer.number: slot.parameter.value for slot in slots if not slot.is_bias}
    biases = {slot.layer.number: slot.parameter.value for slot in slots if slot.is_bias}

    def layer_after(layer: Layer) -> Layer:
        bias = biases.get(layer.number, layer.bias)
        if bias is not None and layer.is_shared:
            bias = Matrix(bias.rows[:1] * layer.units)
        return Layer(
            layer.number, layer.is_last, weights[layer.number], bias, layer.is_shared,
            layer.has_column, layer.activation,
        )  # fmt: skip

    return Network(tuple(map(layer_after, network.layers)), network.write)
