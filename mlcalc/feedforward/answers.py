"""The answers of a network that is run: z, a, output, loss, gradients, what training made of it."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence

from mlcalc.derivation import Answer, Result
from mlcalc.feedforward.network import LayeredNetwork, X, Y, at_step, partial
from mlcalc.feedforward.runs import Total
from mlcalc.feedforward.tables import table_rows
from mlcalc.feedforward.training import Training
from mlcalc.maths.evaluate import Value, evaluate, flattened, rows
from mlcalc.maths.tree import Expr, Listing, Symbol
from mlcalc.maths.vectors import Write, column, compact, matrix, worked
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.equations import L


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
    if training is not None and training.steps > 1:
        return found, start
    return [*found, *start], []


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
