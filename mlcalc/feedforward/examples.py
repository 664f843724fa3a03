"""The inputs that a network is run on, and the targets or upstream gradients that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from mlcalc.feedforward.network import LayeredNetwork
from mlcalc.feedforward.network_reading import check_each, plural
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.feedforward.training_question import OF_OPTIMIZER
from mlcalc.fields import as_number
from mlcalc.maths.tree import Matrix, Symbol
from mlcalc.networks.equations import L
from mlcalc.networks.layers import entries
from mlcalc.problem import Field
from mlcalc.records import Record

MOST_BITS_OF_TABLE = 8
"""The truth table of more inputs is longer than anyone reads."""

MOST_EXAMPLES = 500


class Example(Record):
    """One input as a column; its target, and ∂L/∂output where that is given instead."""

    number: int
    is_alone: bool
    x: Matrix
    target: Matrix | None
    upstream: Matrix | None

    @property
    def loss_name(self) -> Symbol:
        """L, or L_2 among others."""
        return L if self.is_alone else Symbol("L", str(self.number))


def examples_of(given: NetworkQuestion, network: LayeredNetwork) -> tuple[Example, ...]:
    """The examples in their order.  Raises `Invalid` where lengths do not fit."""
    inputs = inputs_of(given, network)
    check_question(given)
    targets = beside(given, NetworkQuestion.targets, given.targets, network, len(inputs))
    upstream = beside(given, NetworkQuestion.upstream, given.upstream, network, len(inputs))
    is_alone = len(inputs) == 1
    return tuple(
        Example(number, is_alone, *parts)
        for number, parts in enumerate(zip(inputs, targets, upstream, strict=True), 1)
    )


def inputs_of(given: NetworkQuestion, network: LayeredNetwork) -> tuple[Matrix, ...]:
    wanted = network.inputs
    if given.truth_table:
        if given.x is not None:
            raise given.fault("truth_table takes all inputs: leave x out", NetworkQuestion.x)
        if wanted > MOST_BITS_OF_TABLE:
            message = f"a truth table of {wanted} inputs has {2**wanted} rows; give some as x"
            raise given.fault(message, NetworkQuestion.truth_table)
        return tuple(Matrix.column(map(as_number, bits)) for bits in product((0, 1), repeat=wanted))
    if given.x is None:
        message = "'x' is missing: the input, such as '1, 2', or a row an example"
        raise given.fault(f"{message}; or truth_table for all of {{0,1}}^{wanted}")
    check_each(given, NetworkQuestion.x, [given.x])
    rows, columns = given.x.shape
    if columns == 1 and rows == wanted:
        return (given.x,)  # one input, typed as a column
    if columns != wanted:
        raise given.fault(misfit(network, given.x), NetworkQuestion.x)
    if rows > MOST_EXAMPLES:
        message = f"x has {rows} rows, and at most {MOST_EXAMPLES} examples are worked out"
        raise given.fault(message, NetworkQuestion.x)
    return tuple(map(Matrix.column, given.x.rows))


def misfit(network: LayeredNetwork, x: Matrix) -> str:
    """Why an input does not fit the first matrix, both shapes named."""
    wanted, columns, column = network.inputs, x.shape[1], network.has_column
    rows, all_columns = network.layers[0].weights.shape
    what = "x has" if x.shape[0] == 1 else "each row of x has"
    message = f"{what} {entries(columns)}, and the first matrix is {rows}×{all_columns}: it reads "
    message += str(wanted) + (" and a leading 1" if column else "")
    if column and columns == wanted + 1 and x.rows[0][0] == as_number(1):
        return f"{message}; give x without its leading 1, which is put there"
    if not column and columns == wanted - 1:
        return f"{message}; where its first column is the bias, say bias_column"
    if columns == rows:
        return f"{message}; the matrix looks like its transpose"
    return message


def check_question(given: NetworkQuestion) -> None:
    """A loss needs targets, and a step of gradient descent needs a gradient."""
    field = NetworkQuestion
    has_loss = given.loss is not None
    if has_loss and given.targets is None:
        raise given.fault("the loss needs targets, the wanted outputs", field.loss)
    if given.targets is not None and not has_loss:
        message = "targets need a loss, such as squared-error or cross-entropy"
        raise given.fault(message, field.targets)
    if has_loss and given.upstream is not None:
        message = "upstream stands in place of a loss: give one of them"
        raise given.fault(message, field.upstream)
    if given.learning_rate is not None and not has_loss and given.upstream is None:
        message = "a learning_rate needs a loss with its targets: there is no gradient without"
        raise given.fault(message, field.learning_rate)
    if given.upstream is not None and (given.epochs > 1 or given.batch_size is not None):
        message = "upstream is the gradient of one step; more of them need a loss"
        raise given.fault(message, field.upstream)
    if given.learning_rate is None:
        for of_training in TRAINING:
            if given.is_given(of_training):
                raise given.fault(f"{of_training.name} needs a learning_rate", of_training)


TRAINING: Sequence[Field[Any]] = (
    NetworkQuestion.update_biases, NetworkQuestion.optimizer, NetworkQuestion.epochs,
    NetworkQuestion.batch_size, NetworkQuestion.weight_decay, NetworkQuestion.decay,
    NetworkQuestion.decay_every, *(field for field, _ in OF_OPTIMIZER),
)  # fmt: skip


def beside(
    given: NetworkQuestion,
    field: Field[Any],
    matrix: Matrix | None,
    network: LayeredNetwork,
    count: int,
) -> Sequence[Matrix | None]:
    """A column for each example: a row each, or a list with one number each."""
    if matrix is None:
        return [None] * count
    check_each(given, field, [matrix])
    wanted, (rows, columns) = network.outputs, matrix.shape
    if count > 1 and wanted == 1 and (rows, columns) == (1, count):
        return [Matrix((row,)) for row in zip(matrix.rows[0], strict=True)]
    if count == 1 and (rows, columns) == (wanted, 1):
        return [matrix]
    outputs = plural(wanted, "output")
    if count > 1 and wanted == rows == 1:
        message = f"{field.name} has {entries(columns)} and x {count} rows: give one for each"
        raise given.fault(message, field)
    if columns != wanted:
        what = field.name if rows == 1 else f"each row of {field.name}"
        message = f"{what} has {entries(columns)} and the network {outputs}: give one for each "
        message += "output"
        if given.loss == "cross-entropy" and columns == 1:
            message += "; a class is given by a 1 in its place, such as 0, 1, 0"
        raise given.fault(message, field)
    if rows != count:
        examples = plural(count, "input")
        raise given.fault(
            f"{field.name} has {plural(rows, 'row')} and x {examples}: give a row for each", field
        )
    return list(map(Matrix.column, matrix.rows))
