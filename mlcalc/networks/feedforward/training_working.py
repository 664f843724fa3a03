"""Training on the board: the first step with every number, the others and the epochs as tables."""

from __future__ import annotations

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Prose
from mlcalc.maths.tree import Dots, Expr, Symbol, equals
from mlcalc.maths.vectors import Write, column, compact, worked
from mlcalc.networks.equations import L
from mlcalc.networks.feedforward.marks import marked, units
from mlcalc.networks.feedforward.network import LayeredNetwork, T, X, Y, at_step
from mlcalc.networks.feedforward.question import NetworkQuestion
from mlcalc.networks.feedforward.runs import Total
from mlcalc.networks.feedforward.training import Epoch, Training, Update
from mlcalc.networks.feedforward.working import again_steps
from mlcalc.showing.derivation import Step, Table

ETA = Symbol("eta")
MOST_SMALL = 3
"""A network of so few parameters is trained with every step written out."""
MOST_UPDATES_SHOWN = 4
MOST_EPOCHS_SHOWN = 12

RULES = {
    "sgd": "each parameter goes against its gradient, by the learning rate times it",
    "momentum": "the velocity v keeps a part μ of what it was; each parameter goes against it",
    "adam": "m and v are running means of the gradient and of its square; their hats undo the "
    "start at zero, and the step d is their quotient, entry by entry",
}


def training_steps(
    given: NetworkQuestion, network: LayeredNetwork, total: Total, training: Training
) -> list[Step]:
    """The first step in full; the next ones too where the network is small."""
    is_small = network.size <= MOST_SMALL
    count = MOST_UPDATES_SHOWN if is_small else 1
    steps = [update_step(given, network, training, update) for update in training.updates[:count]]
    if len({epoch.rate for epoch in training.epochs}) > 1:
        steps[1:] = [marked(step, {ETA}, f"({t})") for t, step in enumerate(steps[1:], 1)]
    if training.steps == 1:
        return [*steps, *after_step(training)]
    return [*steps, epochs_step(total, training)]


def update_step(
    given: NetworkQuestion, network: LayeredNetwork, training: Training, update: Update
) -> Step:
    """One step of the optimizer, each parameter a substep where there is more than a line."""
    runs = update.total.runs
    is_first = update.number == 1 and len(runs) == training.examples
    count = update.number - 1
    again = () if is_first else again_steps(network, update.total)
    before = tuple(after_steps(step, training, count) for step in again)
    rule = (
        "take a gradient step" if training.steps == 1 else f"step {update.number} of the training"
    )
    note = update_note(given, update)
    if not before and all(len(line.chains) == 1 for line in update.lines):
        return Step(rule, tuple(chain for line in update.lines for chain in line.chains), note)
    parts = [Step(f"update {line.words}", line.chains) for line in update.lines]
    return Step(rule, (), note, (*before, *parts))


def update_note(given: NetworkQuestion, update: Update) -> Prose:
    rule = (
        f"; {RULES[given.optimizer]}; a raised (t) is after t steps"
        if update.number == 1
        else ", in the same way"
    )
    return ("the learning rate is ", equals(ETA, update.rate), rule)


def after_step(training: Training) -> list[Step]:
    """The network after one step, run again."""
    after = training.after
    if after.loss is None:
        return []
    if len(after.runs) > 1:
        return [
            Step(
                "measure the loss again",
                (equals(at_step(L, 1), training.network.write(after.loss)),),
            )
        ]
    run, write = after.runs[0], training.network.write
    names = [layer.output_name for layer in training.network.layers]
    blocks = [worked(name, compact(column(run.values(name), write))) for name in names]
    assert run.loss_chain is not None
    note = "the same input, the new weights"
    again = Step("run the network again", (*blocks, run.loss_chain), note)
    return [after_steps(again, training, 1)]


def epochs_step(total: Total, training: Training) -> Step:
    """Epoch, learning rate and loss; of many epochs the first ones and the last."""
    epochs, write = training.epochs, training.network.write
    rows: list[tuple[Prose | Expr, ...]] = []
    if total.loss is not None:
        rows.append((as_number(0), "", write(total.loss)))
    kept = epochs if len(epochs) <= MOST_EPOCHS_SHOWN else (*epochs[: MOST_EPOCHS_SHOWN - 2],)
    for epoch in kept:
        rows.append(row_of(epoch, write))
    if len(kept) < len(epochs):
        rows += [(Dots(),) * len(rows[-1]), row_of(epochs[-1], write)]
    header: tuple[Prose | Expr, ...] = ("epoch", ETA, L)
    table = Table(header[: len(rows[-1])], tuple(rows))
    note = "the loss is that after the epoch, over all examples"
    return Step("go through the epochs", (table,), note)


def row_of(epoch: Epoch, write: Write) -> tuple[Prose | Expr, ...]:
    loss = () if epoch.loss is None else (write(epoch.loss),)
    return (as_number(epoch.number), epoch.rate, *loss)


def after_steps(step: Step, training: Training, count: int) -> Step:
    """The working after `count` steps; x and t too where each step takes other examples."""
    if not count:
        return step
    names = {Y, L, *units(training.network), *training.moved}
    names |= {layer.inner_name for layer in training.network.layers}
    names |= {X, T} if training.is_in_parts else set()
    return marked(step, names, f"({count})")
