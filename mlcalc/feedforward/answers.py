"""The answers of a network that is run: z, a, output, loss, gradients, what training made of it."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping

from mlcalc.derivation import Answer, Result
from mlcalc.feedforward.examples import L
from mlcalc.feedforward.network import Network, X, Y, at_step, partial, rows_of, vector_of
from mlcalc.feedforward.tables import table_rows
from mlcalc.feedforward.totals import Total
from mlcalc.feedforward.training import Training
from mlcalc.maths.evaluate import Value, flattened
from mlcalc.maths.tree import Expr, Listing
from mlcalc.maths.vectors import Write, column, compact, worked
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.gradients import matrix


def answers_of(
    network: Network, total: Total, training: Training | None
) -> tuple[list[Answer], list[Answer]]:
    """The answers, the primary one first: what training made, the loss, or else the output.

    Of a long training those about its first moment are asides.
    """
    found: list[Answer] = [] if training is None else training_answers(training)
    if total.loss is not None:
        found.append(Answer("loss", total.loss, network.write(total.loss), L))
    start: list[Answer] = []
    if total.weights:
        start = [gradients_answer(network, total), deltas_answer(network, total)]
    start.append(output_answer(network, total))
    if len(total.runs) > 1 and not total.weights:
        rows = table_rows(network, total)
        start.append(Answer("table", rows, matrix(rows, network.write)))
    start += [layer_answer("z", network, total), layer_answer("a", network, total)]
    if training is not None and training.steps > 1:
        return found, start
    return [*found, *start], []


def training_answers(training: Training) -> list[Answer]:
    """The parameters after the last step, and the loss with them."""
    network = training.network
    value: dict[str, Result] = {"weights": weights_of(network)}
    blocks: list[Expr] = []
    for layer in network.layers:
        weights = at_step(layer.weights_name, training.steps)
        blocks.append(worked(weights, compact(layer.weights)))
        if layer.bias is not None:
            bias = layer.bias.rows[0][0] if layer.is_shared else compact(layer.bias)
            is_moved = layer.bias_name in training.moved
            name = at_step(layer.bias_name, training.steps if is_moved else 0)
            blocks.append(worked(name, bias))
    if any(layer.bias is not None for layer in network.layers):
        value["biases"] = tuple(
            shared_or_all(vector_of(layer.bias), layer.is_shared)
            for layer in network.layers
            if layer.bias is not None
        )
    found = [Answer("updated", value, Listing(tuple(blocks)))]
    if training.after.loss is not None:
        loss = training.after.loss
        found.append(Answer("loss_after", loss, network.write(loss), at_step(L, training.steps)))
    return found


def weights_of(network: Network) -> Value:
    return tuple(rows_of(layer.weights) for layer in network.layers)


def shared_or_all(bias: Vector, is_shared: bool) -> Value:
    """A shared bias is one number."""
    return bias[0] if is_shared else bias


def gradients_answer(network: Network, total: Total) -> Answer:
    """∂L/∂W and ∂L/∂b of each layer, each with its parameter's shape, and ∂L/∂x."""
    write, x = network.write, total.x()
    blocks: list[Expr] = []
    biases: list[Value] = []
    for layer, weights, bias in zip(network.layers, total.weights, total.biases, strict=True):
        shown = compact(matrix(weights, write))
        blocks.append(worked(partial(L, layer.weights_name), shown))
        if bias is not None:
            blocks.append(worked(partial(L, layer.bias_name), compact(column(bias, write))))
            biases.append(shared_or_all(bias, layer.is_shared))
    blocks.append(worked(partial(L, X), by_example(x, write)))
    value: dict[str, Result] = {"weights": total.weights}
    if biases:
        value["biases"] = tuple(biases)
    value["x"] = one_or_rows(x)
    return Answer("gradients", value, Listing(tuple(blocks)))


def deltas_answer(network: Network, total: Total) -> Answer:
    found = [total.deltas(number) for number in range(len(network.layers))]
    blocks = tuple(
        worked(layer.delta_name, by_example(rows, network.write))
        for layer, rows in zip(network.layers, found, strict=True)
    )
    return Answer("deltas", tuple(map(one_or_rows, found)), Listing(blocks))


def layer_answer(name: str, network: Network, total: Total) -> Answer:
    """`z` or `a`: a vector a layer; of several inputs a matrix a layer, a row an input."""
    values: list[Value] = []
    blocks: list[Expr] = []
    for number in range(len(network.layers)):
        vectors = [getattr(run.passed[number], name) for run in total.runs]
        rows = tuple(vector.values for vector in vectors)
        values.append(one_or_rows(rows))
        blocks.append(worked(vectors[0].name, by_example(rows, network.write)))
    has_unit = name == "a" and network.has_column and len(total.runs) == 1
    accepts = functools.partial(is_with_bias_unit, tuple(values)) if has_unit else None
    return Answer(name, tuple(values), Listing(tuple(blocks)), accepts=accepts)


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


def output_answer(network: Network, total: Total) -> Answer:
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
