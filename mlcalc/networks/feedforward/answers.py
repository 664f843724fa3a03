"""The answers of a network that is run: z, a, output, loss, gradients, what training made of it."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence

from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.board import Note, prose
from mlcalc.maths.evaluate import Value, evaluate, exact, flattened, rows
from mlcalc.maths.functions import to_float
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Expr, Listing, Symbol
from mlcalc.maths.vectors import Write, column, compact, matrix, worked
from mlcalc.networks.activations import at_kinks, conventions, is_shifted
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.equations import L
from mlcalc.networks.feedforward.network import DenseLayer, LayeredNetwork, X, Y, at_step, partial
from mlcalc.networks.feedforward.question import NetworkQuestion
from mlcalc.networks.feedforward.runs import ExampleRun, Total
from mlcalc.networks.feedforward.tables import table_rows
from mlcalc.networks.feedforward.training import Training
from mlcalc.networks.losses import LossWriting
from mlcalc.showing.derivation import Answer, Result


def answers_of(
    network: LayeredNetwork, total: Total, training: Training | None
) -> tuple[list[Answer], list[Answer]]:
    """The answers, the primary one first: what training made, the loss, or else the output.

    Of a long training those about its first moment are asides.
    """
    found: list[Answer] = [] if training is None else training_answers(training)
    if total.loss is not None:
        found.append(Answer("loss", total.loss, network.write(total.loss), L))
    start: list[Answer] = []
    if total.gradients:
        start = [gradients_answer(network, total), deltas_answer(network, total)]
    start.append(output_answer(network, total))
    if len(total.runs) > 1 and not total.gradients:
        rows = table_rows(network, total)
        start.append(Answer("table", rows, matrix(rows, network.write)))
    start += [
        layer_answer("z", network, total, [layer.sum_name for layer in network.layers]),
        layer_answer("a", network, total, [layer.output_name for layer in network.layers]),
    ]
    if training is not None and training.is_in_parts:
        start = list(map(without_names, start))
    if training is not None and training.steps > 1:
        return found, start
    return [*found, *start], []


def without_names(answer: Answer) -> Answer:
    """The values of all examples, where the names stand for those of one at a time."""
    listed = answer.maths.items if isinstance(answer.maths, Listing) else ()
    values = tuple(one.members[-1] if isinstance(one, Chain) else one for one in listed)
    return replace(answer, maths=Listing(values) if values else answer.maths, symbol=None)


def training_answers(training: Training) -> list[Answer]:
    """The parameters after the last step, and the loss with them."""
    network = training.network
    blocks: list[Expr] = [
        worked(at_step(name, training.steps if name in training.moved else 0), compact(value))
        for name, value in network.parameters.items()
    ]
    value = by_parameter(network, {n: rows(evaluate(m)) for n, m in network.parameters.items()})
    found = [Answer("updated", value, Listing(tuple(blocks)))]
    if training.after.loss is not None:
        loss = training.after.loss
        found.append(Answer("loss_after", loss, network.write(loss), at_step(L, training.steps)))
    return found


def by_parameter(network: LayeredNetwork, values: Mapping[Symbol, Rows]) -> dict[str, Result]:
    """Matrices of the weights and vectors of the biases, layer by layer; a shared one a number."""
    found: dict[str, Result] = {
        "weights": tuple(values[one.weights_name] for one in network.layers)
    }
    biased = [layer for layer in network.layers if layer.bias is not None]
    columns = [tuple(row[0] for row in values[layer.bias_name]) for layer in biased]
    if biased:
        found["biases"] = tuple(
            own[0] if layer.is_shared else own for layer, own in zip(biased, columns, strict=True)
        )
    return found


def gradients_answer(network: LayeredNetwork, total: Total) -> Answer:
    """∂L/∂W and ∂L/∂b of each layer, each with its parameter's shape, and ∂L/∂x."""
    x = total.gradients_of(X)
    blocks: list[Expr] = [
        worked(partial(L, name), compact(matrix(rows, network.write)))
        for name, rows in total.gradients.items()
    ]
    blocks.append(worked(partial(L, X), by_example(x, network.write)))
    value = by_parameter(network, total.gradients)
    value["x"] = one_or_rows(x)
    return Answer("gradients", value, Listing(tuple(blocks)))


def deltas_answer(network: LayeredNetwork, total: Total) -> Answer:
    found = [total.gradients_of(layer.sum_name) for layer in network.layers]
    blocks = tuple(
        worked(layer.delta_name, by_example(rows, network.write))
        for layer, rows in zip(network.layers, found, strict=True)
    )
    return Answer("deltas", tuple(map(one_or_rows, found)), Listing(blocks))


def layer_answer(
    name: str, network: LayeredNetwork, total: Total, vectors: Sequence[Symbol]
) -> Answer:
    """`z` or `a`: a vector a layer; of several inputs a matrix a layer, a row an input."""
    every = [tuple(run.values(vector) for run in total.runs) for vector in vectors]
    values = tuple(map(one_or_rows, every))
    blocks = tuple(
        worked(vector, by_example(found, network.write))
        for vector, found in zip(vectors, every, strict=True)
    )
    has_unit = name == "a" and network.has_column and len(total.runs) == 1
    accepts = functools.partial(is_with_bias_unit, values) if has_unit else None
    return Answer(name, values, Listing(blocks), accepts=accepts)


def is_with_bias_unit(layers: Value, claimed: Result) -> bool:
    """Whether a claim is the activations with a leading 1 in each hidden layer, to 0.1 %."""
    if not isinstance(layers, tuple) or not isinstance(claimed, tuple):
        return False
    if len(layers) != len(claimed):
        return False
    for number, (own, theirs) in enumerate(zip(layers, claimed, strict=True), 1):
        mine = flattened(own)
        wanted = mine if number == len(layers) else (1, *mine)
        found = flattened(theirs) if not isinstance(theirs, Mapping | str) else ()
        if len(found) != len(wanted) or not all(
            math.isclose(a, b, rel_tol=1e-3, abs_tol=1e-9)
            for a, b in zip(found, wanted, strict=True)
        ):
            return False
    return True


def output_answer(network: LayeredNetwork, total: Total) -> Answer:
    rows = tuple(run.output for run in total.runs)
    if len(rows) > 1 and network.outputs == 1:
        values = tuple(row[0] for row in rows)
        return Answer("output", values, Listing(tuple(map(network.write, values))), Y)
    value = one_or_rows(rows)
    if network.outputs == 1:
        return Answer("output", rows[0][0], network.write(rows[0][0]), Y)
    return Answer("output", value, by_example(rows, network.write), Y)


def one_or_rows(rows: Rows) -> Value:
    """The vector of a single example, a row each of several."""
    return rows[0] if len(rows) == 1 else rows


def by_example(rows: Rows, write: Write) -> Expr:
    """A column of a single example, a row each of several."""
    return compact(column(rows[0], write) if len(rows) == 1 else matrix(rows, write))


# Notes.

NOTES = {
    "mlp.shared_bias": "a single number among the biases is one parameter that all units of its "
    "layer share; a list has one for each unit",
    "mlp.vanishing_gradient": "a unit whose sum is far from 0 is saturated: the slope of its "
    "activation is nearly 0 there, so that hardly any gradient comes through",
    "mlp.bias_column": "the first column is left out on the way back: the leading 1 does not "
    "depend on anything",
    "mlp.linear_output": "the activation is that of the hidden layers, and the output is linear; "
    "output_activation: sigmoid gives it a sigmoid too",
    "loss.no_probability": "an output above 1 is no probability, of which the cross-entropy is "
    "meant to be taken: softmax makes the outputs add up to 1",
    "loss.sum_over_examples": "the loss of several examples is their sum, not their mean",
    "loss.mean_over_examples": "the loss is a mean over the n examples too, and the "
    "deltas of the answer have its factor 1/n",
    "softmax.shifted": "in softmax the largest entry is first taken off from all, which changes "
    "nothing",
    "optimizer.momentum": "the velocity starts at 0 and the learning rate stands outside it, as "
    "in PyTorch",
    "optimizer.adam": "the moments start at 0, both are corrected for it, and epsilon is added "
    "after the root (Kingma and Ba 2015; PyTorch)",
    "optimizer.weight_decay": "weight decay adds λ times the parameter to its gradient, of biases "
    "too, as in PyTorch",
    "training.batch": "each step takes the gradient of all examples; batch_size takes fewer",
    "training.fixed_biases": "the biases are not updated",
}
LEAST_SLOPE = 0.01


def notes_of(
    given: NetworkQuestion,
    network: LayeredNetwork,
    loss: LossWriting | None,
    total: Total,
    training: Training | None,
) -> list[Note]:
    """The conventions that were used, each once."""
    words = [layer.activation for layer in network.layers]
    found = [*layer_notes(network), *conventions(words)]
    if any(layer.is_shared for layer in network.layers):
        found += noted("mlp.shared_bias")
    if total.gradients:
        found += at_kinks(
            layer.activation
            for layer in network.layers
            if any(0 in run.values(layer.sum_name) for run in total.runs)
        )
        if any(is_lost(network, run, loss) for run in total.runs):
            found += noted("mlp.vanishing_gradient")
        found += noted("mlp.bias_column") if network.has_column else []
    if loss is not None:
        found += [*loss.notes(), *loss_notes(given, words, loss, total)]
    if training is not None:
        found += training_notes(given, training)
    softmaxes = [layer.sum_name for layer in network.layers if layer.activation == "softmax"]
    if any(is_shifted(run.values(name)) for run in total.runs for name in softmaxes):
        found += noted("softmax.shifted")
    return found


def noted(name: str) -> list[Note]:
    return [Note(name, NOTES[name])]


def layer_notes(network: LayeredNetwork) -> list[Note]:
    """How layers are counted, where there are several or the input is one."""
    text = "layers are counted from 1, the first hidden one; the input is no layer"
    if network.has_column:
        text = "layers are counted from 1, the input: $Theta_1$ leads from layer 1 to layer 2"
    several = network.has_column or len(network.layers) > 1
    return [Note("mlp.layers", prose(text))] if several else []


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


def loss_notes(
    given: NetworkQuestion, words: Sequence[str], loss: LossWriting, total: Total
) -> list[Note]:
    found: list[Note] = []
    if is_linear_behind_sigmoids(given, words, total):
        found += noted("mlp.linear_output")
    if loss.word == "cross-entropy" and any(y > 1 for run in total.runs for y in run.output):
        found += noted("loss.no_probability")
    if len(total.runs) > 1:
        found += noted(f"loss.{'sum' if total.share == 1 else 'mean'}_over_examples")
    return found


def is_linear_behind_sigmoids(given: NetworkQuestion, words: Sequence[str], total: Total) -> bool:
    """Whether the hidden layers have a sigmoid and the output none, though its targets suit one."""
    is_open = not given.is_given(NetworkQuestion.output_activation)
    wanted = [run.example.target for run in total.runs]
    targets = [exact(entry) for one in wanted if one is not None for (entry,) in one.rows]
    return (
        is_open
        and list(words[-2:]) == ["sigmoid", "identity"]
        and all(target is not None and 0 <= target <= 1 for target in targets)
    )


def training_notes(given: NetworkQuestion, training: Training) -> list[Note]:
    found = noted(f"optimizer.{given.optimizer}") if given.optimizer != "sgd" else []
    if given.is_given(NetworkQuestion.weight_decay):
        found += noted("optimizer.weight_decay")
    if training.examples > 1 and given.batch_size is None:
        found += noted("training.batch")
    return found if given.update_biases else [*found, *noted("training.fixed_biases")]
