"""How a network is to be trained: rates, optimizer, and what they may not be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlcalc.files.errors import Unsolved
from mlcalc.files.fields import as_number
from mlcalc.files.problem import Field
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr
from mlcalc.networks.feedforward.network import LayeredNetwork, at_step, partial
from mlcalc.networks.feedforward.optimizers import Optimizer, Parameter, stepped
from mlcalc.networks.feedforward.question import (
    BELOW_ONE,
    OF_OPTIMIZER,
    OF_STEP,
    WORK_OF_EXAMPLE,
    NetworkQuestion,
)
from mlcalc.networks.feedforward.reading import Example, plural
from mlcalc.networks.feedforward.runs import Total, loss_of, run_all
from mlcalc.networks.losses import LossWriting

MOST_WORK = 100_000
"""Epochs × examples × (parameters + 20) is bounded, so that the answer comes in seconds."""


def check_training(given: NetworkQuestion, network: LayeredNetwork, examples: int) -> None:
    """As many rates as epochs, and no more work than can be waited for."""
    rates, field = given.learning_rate or (), NetworkQuestion
    if len(rates) not in (1, given.epochs):
        message = f"learning_rate has {len(rates)} numbers and epochs is {given.epochs}: "
        raise given.fault(f"{message}give one rate, or one an epoch", field.learning_rate)
    if len(rates) > 1 and given.decay is not None:
        raise given.fault("decay needs one learning_rate, not one an epoch", field.decay)
    if any(scalar(rate) <= 0 for rate in rates):
        raise given.fault("a learning rate is above 0", field.learning_rate)
    for of_step in (*OF_STEP, field.decay):
        check_constant(given, of_step)
    for of_optimizer, word in OF_OPTIMIZER:
        if given.is_given(of_optimizer) and given.optimizer != word:
            message = f"{of_optimizer.name} belongs to the optimizer {word}: say optimizer {word}"
            raise given.fault(message, of_optimizer)
    if given.is_given(field.decay_every) and given.decay is None:
        raise given.fault("decay_every needs decay, the factor", field.decay_every)
    check_work(given, examples, network.size)


def check_work(given: NetworkQuestion, examples: int, parameters: int) -> None:
    """No more work than can be waited for."""
    most = MOST_WORK // (examples * (parameters + WORK_OF_EXAMPLE))
    if given.epochs > most:
        size = f"{examples} examples and {parameters} parameters"
        few = f"at most {plural(most, 'epoch')}" if most else "fewer examples"
        message = f"with {size} this takes too long here: {few}"
        raise given.fault(message, NetworkQuestion.epochs)


def check_constant(given: NetworkQuestion, field: Field[Any]) -> None:
    """Refuses a letter, and what is 1 or more where a part is meant."""
    typed: Expr | None = given.values[field.name]
    value = None if typed is None else exact(typed)
    if typed is not None and value is None:
        raise given.fault(f"{field.name} must be a number here", field)
    if value is not None and value >= 1 and field in BELOW_ONE:
        raise given.fault(f"{field.name} is the part that is kept, and below 1", field)


def rate_of(given: NetworkQuestion, epoch: int, network: LayeredNetwork) -> Expr:
    """The learning rate of that epoch, from 1."""
    rates = given.learning_rate or ()
    if len(rates) > 1:
        return rates[epoch - 1]
    times = (epoch - 1) // given.decay_every
    if given.decay is None or times == 0:
        return rates[0]
    return network.write(scalar(rates[0] * given.decay ** as_number(times)))


def optimizer_of(given: NetworkQuestion, rate: Expr, network: LayeredNetwork) -> Optimizer:
    numbers = {
        "eta": rate, "lambda": given.weight_decay, "mu": given.momentum, "beta_1": given.beta1,
        "beta_2": given.beta2, "epsilon": given.adam_epsilon,
    }  # fmt: skip
    return Optimizer(given.optimizer, numbers, network.write)


MOST_UPDATES_KEPT = 12
"""Of more steps only what the epochs come to is remembered."""


class Line(Record):
    """The working of one parameter in one step; its number is that of its layer."""

    parameter: Parameter
    words: str
    chains: Sequence[Chain]


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
        start: Total,
    ) -> None:
        self.given, self.network, self.examples, self.loss = given, network, examples, loss
        self.start = start
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
        after = run_all(self.network, self.examples, self.loss, goes_back=False)
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
            total = self.start
            if self.steps or self.is_in_parts:
                examples = self.examples[start : start + self.size]
                total = run_all(self.network, examples, self.loss)
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
            self.updates.append(Update(self.steps, optimizer.numbers["eta"], total, tuple(lines)))

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
    start: Total,
) -> Training:
    """All epochs, from what all examples come to before the first.

    Raises `Unsolved` where the numbers grow beyond all bounds.
    """
    check_training(given, network, len(examples))
    return Trainer(given, network, examples, loss, start).run()
