"""The notes on the conventions of a network that was run."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.derivation import Answer, Note, Step
from mlcalc.feedforward.forward import Passed
from mlcalc.feedforward.network import ONE, THETA, Network
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.feedforward.totals import Total
from mlcalc.feedforward.training import Training
from mlcalc.maths.tree import Expr, Indexed
from mlcalc.networks.activations import conventions, is_shifted
from mlcalc.networks.layers import rounding_notes
from mlcalc.networks.losses import NOTES

THETA_1: Expr = Indexed(THETA, (ONE,))

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
    "a unit whose sum is far from 0 is saturated: the slope there, a(1 − a) of a sigmoid and "
    "1 − a² of tanh, is nearly 0, so that hardly any gradient comes through",
)
NO_DISTRIBUTION = Note(
    "loss.no_distribution",
    "the cross-entropy is meant for outputs that add up to 1, as those of a softmax do; these "
    "need not",
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
    network: Network,
    total: Total,
    training: Training | None,
    steps: Sequence[Step],
    answers: Sequence[Answer],
) -> list[Note]:
    """The conventions that were used, each once."""
    found = [LAYERS_WITH_INPUT if network.has_column else LAYERS]
    if len(network.layers) == 1 and not network.has_column:
        found = []
    found += conventions(layer.activation for layer in network.layers)
    if total.weights:
        found += gradient_notes(given, network, total)
    if training is not None:
        found += training_notes(given, training)
    if any(map(is_shifted_softmax, (one for run in total.runs for one in run.passed))):
        text = "in softmax the largest entry is first taken off from all, which changes nothing"
        found.append(Note("softmax.shifted", text))
    shown = [block for step in every(steps) for block in step.blocks]
    return [*found, *rounding_notes([*shown, *(answer.maths for answer in answers)])]


def every(steps: Sequence[Step]) -> list[Step]:
    return [one for step in steps for one in (step, *every(step.substeps))]


def is_shifted_softmax(passed: Passed) -> bool:
    return passed.layer.activation == "softmax" and is_shifted(passed.z.values)


def is_saturated(passed: Passed) -> bool:
    """Whether a sigmoid or tanh is so near its ends that its slope is below 0.01."""
    match passed.layer.activation:
        case "sigmoid":
            return any(a * (1 - a) < LEAST_SLOPE for a in passed.a.values)
        case "tanh":
            return any(1 - a**2 < LEAST_SLOPE for a in passed.a.values)
        case _:
            return False


def gradient_notes(given: NetworkQuestion, network: Network, total: Total) -> list[Note]:
    found = []
    if any(layer.activation == "relu" for layer in network.layers):
        found.append(Note("activation.relu_at_zero", "the slope of relu at 0 is taken as 0"))
    if any(map(is_saturated, (one for run in total.runs for one in run.passed))):
        found.append(SATURATED)
    if given.loss is not None:
        found.append(NOTES[given.loss])
    if given.loss == "cross-entropy" and network.layers[-1].activation != "softmax":
        found.append(NO_DISTRIBUTION)
    if given.loss is not None and len(total.runs) > 1:
        found.append(SUMMED if total.share == 1 else MEAN)
    return [*found, *([INNER] if network.has_column else [])]


def training_notes(given: NetworkQuestion, training: Training) -> list[Note]:
    found = [OPTIMIZERS[given.optimizer]] if given.optimizer in OPTIMIZERS else []
    if given.is_given(NetworkQuestion.weight_decay):
        found.append(DECAY)
    if training.examples > 1 and given.batch_size is None:
        found.append(BATCH)
    return [*found, *([] if given.update_biases else [FIXED])]
