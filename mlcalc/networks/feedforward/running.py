"""A network that is given is run: forward, loss, gradients, training."""

from __future__ import annotations

from collections.abc import Iterator

from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.records import Later, replace
from mlcalc.networks.activations import refuse_flat
from mlcalc.networks.feedforward.answers import answers_of, notes_of
from mlcalc.networks.feedforward.collapse import (
    LINEAR_LAYERS,
    collapsed,
    collapsed_derivation,
    is_linear,
)
from mlcalc.networks.feedforward.network import LayeredNetwork
from mlcalc.networks.feedforward.open_rate import OpenStep, open_rate
from mlcalc.networks.feedforward.pictures import pictures_of
from mlcalc.networks.feedforward.question import NetworkQuestion
from mlcalc.networks.feedforward.reading import (
    Example,
    examples_of,
    names_output,
    network_of,
    takes_letters,
)
from mlcalc.networks.feedforward.runs import Total, run_all
from mlcalc.networks.feedforward.tables import table_steps
from mlcalc.networks.feedforward.training import Training, train
from mlcalc.networks.feedforward.training_working import training_steps
from mlcalc.networks.feedforward.working import equations_step, run_steps, shapes_step, start_step
from mlcalc.networks.loss_words import is_mean
from mlcalc.networks.losses import LossWriting, asked_loss
from mlcalc.showing.derivation import Derivation, Step, only_for


def run(given: NetworkQuestion) -> Derivation:
    """Forward; with a loss its value and gradients; with a learning rate the training."""
    network = network_of(given)
    if given.x is None and not given.truth_table and is_linear(network):
        return collapsed_derivation(given, network)
    examples = examples_of(given, network)
    loss = loss_of_question(given, network, examples)
    if loss is not None or given.upstream is not None:
        refuse_flat_layers(given, network)
    if takes_letters(given):
        from mlcalc.networks.feedforward.symbolic import letters_derivation

        return letters_derivation(given, network, examples[0], loss)
    total = run_all(network, examples, loss)
    training, moved, rate = None, None, open_rate(given)
    if rate is not None:
        moved = OpenStep(given, network, total, rate)
    elif given.learning_rate is not None:
        training = train(given, network, examples, loss, total)
    is_collapsed = is_linear(network) and not total.gradients
    flat = (
        collapsed(network, examples[0].x if len(examples) == 1 else None) if is_collapsed else None
    )

    def steps() -> Iterator[Step]:
        yield equations_step(network)
        yield shapes_step(network)
        yield from working(network, total, training)
        if training is not None:
            trained = training_steps(given, network, total, training)
            yield from only_for(("updated", "loss_after"), trained)
        yield from (moved.step(),) if moved else ()
        if flat is not None:
            yield flat.step

    def notes() -> Iterator[Note]:
        yield from notes_of(given, network, loss, total, training)
        if flat is not None:
            yield LINEAR_LAYERS

    answers, asides = answers_of(network, total, training)
    answers = [moved.answer(), *answers] if moved else answers
    pictures = Later(lambda: pictures_of(network, total, training))
    found = Derivation(
        title(given), Later(steps), tuple(answers), Later(notes), pictures, tuple(asides)
    )
    if training is not None or moved is not None:
        return found.apart("gradients", "deltas", "output", "z", "a")
    return found.apart("deltas", "output" if total.gradients else "", "z", "a")


def refuse_flat_layers(given: NetworkQuestion, network: LayeredNetwork) -> None:
    """Raises `Unsolved` where no gradient comes through a layer."""
    for layer in network.layers:
        is_named_apart = layer.is_last and given.is_given(NetworkQuestion.output_activation)
        field = NetworkQuestion.output_activation if is_named_apart else NetworkQuestion.activation
        refuse_flat(layer.activation, given.place_of(field))


def title(given: NetworkQuestion) -> str:
    if given.learning_rate is not None:
        return "Training of a feed-forward network"
    if given.loss is not None or given.upstream is not None:
        return "Backpropagation through a feed-forward network"
    return "Forward pass of a feed-forward network"


def working(network: LayeredNetwork, total: Total, training: Training | None) -> list[Step]:
    """Without a gradient a table of the inputs is enough, where there are several.

    So it is where the training takes them by parts, and the gradient of all is not needed.
    """
    if training is not None and training.is_in_parts:
        return [start_step(network, total)]
    if len(total.runs) > 1 and not total.gradients:
        return table_steps(network, total)
    return run_steps(network, total)


def loss_of_question(
    given: NetworkQuestion, network: LayeredNetwork, examples: tuple[Example, ...]
) -> LossWriting | None:
    """The loss; raises `Invalid` for targets that it cannot take."""
    if given.loss is None:
        return None
    raw = given.given.get(given.typed_name(NetworkQuestion.loss))
    last, is_open = network.layers[-1].activation, not names_output(given, network)
    loss = asked_loss(given, last, network.outputs, network.write, is_open)
    loss, word = replace(loss, is_mean=is_mean(raw)), loss.word
    if takes_letters(given):
        loss.refuse_letters(network.outputs)
    if loss.is_mean and word == "binary-cross-entropy" and network.outputs > 1:
        message = "frameworks take the mean over the outputs too, and here it is their sum: "
        raise given.fault(f"{message}write loss {word} for that", NetworkQuestion.loss)
    targets = [row[0] for e in examples if e.target is not None for row in e.target.rows]
    for target in map(scalar, () if takes_letters(given) else targets):
        if misfit := loss.misfit(target):
            message = f"{misfit}, not {target}"
            raise given.fault(message, NetworkQuestion.targets)
    return loss
