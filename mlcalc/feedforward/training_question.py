"""How a network is to be trained: rates, optimizer, and what they may not be."""

from __future__ import annotations

from typing import Any

from mlcalc.feedforward.network import LayeredNetwork
from mlcalc.feedforward.network_reading import plural
from mlcalc.feedforward.optimizers import BETA_1, BETA_2, EPSILON, ETA, LAMBDA, MU, Optimizer
from mlcalc.feedforward.question import WORK_OF_EXAMPLE, NetworkQuestion
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.tree import Expr
from mlcalc.problem import Field

MOST_WORK = 100_000
"""Epochs × examples × (parameters + 20) is bounded, so that the answer comes in seconds."""

BELOW_ONE = (NetworkQuestion.momentum, NetworkQuestion.beta1, NetworkQuestion.beta2)
OF_STEP = (*BELOW_ONE, NetworkQuestion.adam_epsilon, NetworkQuestion.weight_decay)
OF_OPTIMIZER = (
    (NetworkQuestion.momentum, "momentum"), (NetworkQuestion.beta1, "adam"),
    (NetworkQuestion.beta2, "adam"), (NetworkQuestion.adam_epsilon, "adam"),
)  # fmt: skip


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
    numbers: dict[Expr, Expr] = {
        ETA: rate, LAMBDA: given.weight_decay, MU: given.momentum, BETA_1: given.beta1,
        BETA_2: given.beta2, EPSILON: given.adam_epsilon,
    }  # fmt: skip
    return Optimizer(given.optimizer, numbers, network.write)
