"""The notes on the conventions of a network that was run."""

from __future__ import annotations

from mlcalc.derivation import Note
from mlcalc.feedforward.network import DenseLayer, LayeredNetwork
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.feedforward.runs import ExampleRun, Total
from mlcalc.feedforward.training import Training
from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Symbol
from mlcalc.networks.activations import at_kinks, conventions, is_shifted
from mlcalc.networks.losses import LossWriting

THETA_1 = Symbol("Theta", "1")

LAYERS = Note(
    "mlp.layers", "layers are counted from 1, the first hidden one; the input is no layer"
)
LAYERS_WITH_INPUT = Note(
    "mlp.layers",
    ("layers are counted from 1, the input: ", THETA_1, " leads from layer 1 to layer 2"),
)
INNER = Note(
    "mlp.bias_column",
    "the first column is left out on the way back: the leading 1 does not depend on anything",
)
LEAST_SLOPE = 0.01
SATURATED = Note(
    "mlp.vanishing_gradient",
    "a unit whose sum is far from 0 is saturated: the slope of its activation is nearly 0 there, "
    "so that hardly any gradient comes through",
)
SHARED_BIAS = Note(
    "mlp.shared_bias",
    "a single number among the biases is one parameter that all units of its layer share; "
    "a list has one for each unit",
)
ONE_OUTPUT = Note(
    "loss.one_output",
    "a single sigmoid output is the probability of one class of two, so that the cross-entropy "
    "is the binary one",
)
NO_PROBABILITY = Note(
    "loss.no_probability",
    "an output above 1 is no probability, of which the cross-entropy is meant to be taken: "
    "softmax makes the outputs add up to 1",
)
SUMMED = Note("loss.sum_over_examples", "the loss of several examples is their sum, not their mean")
MEAN = Note(
    "loss.mean_over_examples",
    "the mean squared error is a mean over the n examples too, and the deltas of the answer have "
    "its factor 1/n",
)
OPTIMIZERS = {
    "momentum": Note(
        "optimizer.momentum",
        "the velocity starts at 0 and the learning rate stands outside it, as in PyTorch",
    ),
    "adam": Note(
        "optimizer.adam",
        "the moments start at 0, both are corrected for it, and epsilon is added after the root "
        "(Kingma and Ba 2015; PyTorch)",
    ),
}
DECAY = Note(
    "optimizer.weight_decay",
    "weight decay adds λ times the parameter to its gradient, of biases too, as in PyTorch",
)
BATCH = Note(
    "training.batch", "each step takes the gradient of all examples; batch_size takes fewer"
)
FIXED = Note("training.fixed_biases", "the biases are not updated")


def notes_of(
    given: NetworkQuestion,
    network: LayeredNetwork,
    loss: LossWriting | None,
    total: Total,
    training: Training | None,
) -> list[Note]:
    """The conventions that were used, each once."""
    found = [LAYERS_WITH_INPUT if network.has_column else LAYERS]
    if len(network.layers) == 1 and not network.has_column:
        found = []
    found += conventions(layer.activation for layer in network.layers)
    if any(layer.is_shared for layer in network.layers):
        found.append(SHARED_BIAS)
    if total.gradients:
        found += gradient_notes(network, total, loss)
    if loss is not None:
        found += loss_notes(given, loss, total)
    if training is not None:
        found += training_notes(given, training)
    softmaxes = [layer.sum_name for layer in network.layers if layer.activation == "softmax"]
    if any(is_shifted(run.values(name)) for run in total.runs for name in softmaxes):
        text = "in softmax the largest entry is first taken off from all, which changes nothing"
        found.append(Note("softmax.shifted", text))
    return found


def is_lost(network: LayeredNetwork, run: ExampleRun, loss: LossWriting | None) -> bool:
    """Whether hardly any gradient comes through a unit because it is saturated.

    Where the loss cancels the slope of the output, its size is no matter.
    """
    return any(
        is_stopped(layer, run)
        for layer in network.layers
        if not (layer.is_last and loss and loss.has_combined_rule(layer.activation))
    )


def is_stopped(layer: DenseLayer, run: ExampleRun) -> bool:
    """Whether a unit is so near an end of its activation that its slope and its δ are small."""
    one = ACTIVATIONS[layer.activation]
    z, a = run.values(layer.sum_name), run.values(layer.output_name)
    units = zip(z, a, run.gradient(layer.sum_name), strict=True)
    return one.saturates and any(
        one.slope_at(z, a) < LEAST_SLOPE and abs(to_float(d)) < LEAST_SLOPE for z, a, d in units
    )


def gradient_notes(network: LayeredNetwork, total: Total, loss: LossWriting | None) -> list[Note]:
    found = at_kinks(layer.activation for layer in network.layers)
    if any(is_lost(network, run, loss) for run in total.runs):
        found.append(SATURATED)
    return [*found, *([INNER] if network.has_column else [])]


def loss_notes(given: NetworkQuestion, loss: LossWriting, total: Total) -> list[Note]:
    found = loss.notes()
    if loss.word != given.loss:
        found.append(ONE_OUTPUT)
    if loss.word == "cross-entropy" and any(y > 1 for run in total.runs for y in run.output):
        found.append(NO_PROBABILITY)
    if len(total.runs) > 1:
        found.append(SUMMED if total.share == 1 else MEAN)
    return found


def training_notes(given: NetworkQuestion, training: Training) -> list[Note]:
    found = [OPTIMIZERS[given.optimizer]] if given.optimizer in OPTIMIZERS else []
    if given.is_given(NetworkQuestion.weight_decay):
        found.append(DECAY)
    if training.examples > 1 and given.batch_size is None:
        found.append(BATCH)
    return [*found, *([] if given.update_biases else [FIXED])]
