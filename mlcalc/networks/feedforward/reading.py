"""The network that was typed: its matrices, biases and activations, and what does not fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise, product
from typing import Any

from mlcalc.files.document import Items, Text, written
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import as_number
from mlcalc.files.problem import Field
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Matrix, Symbol, free_symbols
from mlcalc.maths.vectors import writer
from mlcalc.networks.equations import L
from mlcalc.networks.feedforward.network import LayeredNetwork, layered
from mlcalc.networks.feedforward.question import TRAINING, NetworkQuestion
from mlcalc.networks.layers import check_numbers, class_targets, classes_in, entries
from mlcalc.networks.loss_words import is_mean

MOST_PARAMETERS = 2_000
"""A network with more is not one that is followed by hand."""


MOST_LAYERS_IN_LETTERS = 2
MOST_UNITS_IN_LETTERS = 3
"""A layer; the formulas of a larger network fill pages."""


def network_of(given: NetworkQuestion) -> LayeredNetwork:
    """The network that was given.  Raises `Invalid` where its parts do not fit."""
    weights = given.weights
    if weights is None:
        raise given.fault(missing_weights(given))
    refuse_letters(given)
    check_each(given, NetworkQuestion.weights, weights)
    refuse_turned(given, weights)
    check_chain(given, weights)
    check_sizes(given, weights)
    given.remarks += (*order_note(given, weights), *turned_note(given))
    biases = biases_of(given, weights)
    words = activations_of(given, len(weights))
    show_linear_output(given, words)
    typed = [*weights, *(bias for bias in biases if bias is not None)]
    others = (given.x, given.targets, given.upstream)
    write = writer([*typed, *(matrix for matrix in others if matrix)])
    network = layered(weights, biases, words, given.bias_column, write)
    if network.size > MOST_PARAMETERS:
        message = f"the network has {network.size} parameters, and at most {MOST_PARAMETERS}"
        raise given.fault(f"{message} are worked out here", NetworkQuestion.weights)
    return network


def check_sizes(given: NetworkQuestion, weights: Sequence[Matrix]) -> None:
    """Sizes that stand beside the weights must be theirs."""
    if given.sizes is None:
        return
    own = (weights[0].shape[1] - given.bias_column, *(matrix.shape[0] for matrix in weights))
    if tuple(map(exact, given.sizes)) != own:
        shapes = ", ".join(map(size, weights))
        said = "-".join(map(one_line, given.sizes))
        message = (
            f"the layers are {said}, and the matrices are {shapes}, for {'-'.join(map(str, own))}"
        )
        raise given.fault(message, NetworkQuestion.sizes)


def missing_weights(given: NetworkQuestion) -> str:
    known = "a matrix a layer, or sizes for the shapes alone"
    asked = "region, formula, pieces or steps for weights to be found"
    return f"'weights' is missing: {known}, or {asked}"


def check_each(given: NetworkQuestion, field: Field[Any], matrices: Sequence[Matrix]) -> None:
    """Refuses what is no finite number; what holds letters has been decided on before."""
    closed = [
        Matrix.column(entry for row in matrix.rows for entry in row if not free_symbols(entry))
        for matrix in matrices
    ]
    complaints: list[Complaint] = []
    for matrix in closed:
        try:
            check_numbers(given, field, matrix)
        except Invalid as error:
            complaints += error.complaints
    if complaints:
        raise Invalid(*complaints)


def letters_of(given: NetworkQuestion) -> dict[Symbol, Field[Any]]:
    """The letters that stand in the place of numbers, each with a field that holds it."""
    field = NetworkQuestion
    typed = {
        field.weights: given.weights or (), field.biases: given.biases or (),
        field.x: (given.x,), field.targets: (given.targets,),
    }  # fmt: skip
    return {
        symbol: of
        for of, values in typed.items()
        for value in values
        if value is not None
        for symbol in sorted(free_symbols(value), key=lambda symbol: symbol.spelled)
        if symbol.spelled not in CONSTANTS
    }


def takes_letters(given: NetworkQuestion) -> bool:
    """Whether the question is one that is answered in letters: one input, and a small network."""
    weights, x = given.weights, given.x
    if weights is None or x is None or given.learning_rate or given.upstream is not None:
        return False
    inputs = weights[0].shape[1] - given.bias_column
    is_one = x.shape[0] == 1 or x.shape == (inputs, 1)
    widest = max(inputs, *(matrix.shape[0] for matrix in weights))
    is_small = len(weights) <= MOST_LAYERS_IN_LETTERS and widest <= MOST_UNITS_IN_LETTERS
    words = {*given.activation, given.output_activation}
    return is_one and is_small and "softmax" not in words and bool(letters_of(given))


def refuse_letters(given: NetworkQuestion) -> None:
    """Raises `Invalid` for a letter in a question that is answered in numbers only."""
    for letter, field in () if takes_letters(given) else letters_of(given).items():
        limits = f"{MOST_LAYERS_IN_LETTERS} layers of {MOST_UNITS_IN_LETTERS} units"
        raise given.fault(
            f"{field.name} has the letter {letter.spelled}: give a number for it; letters are "
            f"taken for one input of at most {limits}, without softmax and without training",
            field,
        )


A_ROW = "a row for each unit; behind a matrix .T turns it, as in '[[1, 2], [3, 4]].T'"


def refuse_turned(given: NetworkQuestion, weights: Sequence[Matrix]) -> None:
    """Raises `Invalid` where x and the matrices fit as x W alone, as NumPy and Keras have them."""
    if given.x is None or given.bias_column:
        return
    sizes = {given.x.shape[1]} | ({given.x.shape[0]} if given.x.shape[1] == 1 else set())
    turned = [matrix.turned for matrix in weights]
    if fits_in_order(weights, sizes) or not fits_in_order(turned, sizes):
        return
    sizes_before = [turned[0].shape[1], *(matrix.shape[0] for matrix in turned)]
    number = next(n for n, m in enumerate(weights) if m.shape[1] != sizes_before[n])
    matrix, own = weights[number], name_of_matrix(given, number)
    read = f"x has {entries(sizes_before[0])}" if number == 0 else ""
    read = read or f"layer {number} gives {plural(sizes_before[number], 'number')}"
    every = "it" if len(weights) == 1 else "every matrix"
    message = f"{own} is {size(matrix)}, and {read}: it fits as x W, as NumPy and Keras have it, "
    message += f"and a layer is W x here, a row for each unit: put .T behind {every}, as in "
    message += "'[[1, 2], [3, 4]].T'"
    raise given.fault(message, NetworkQuestion.weights, number if is_items(given) else None)


def name_of_matrix(given: NetworkQuestion, number: int) -> str:
    """The matrix as a message names it: W2, or the matrix of layer 2."""
    name = f"W{number + 1}"
    return name if len(given.weights or ()) > 1 else "the matrix"


def is_items(given: NetworkQuestion) -> bool:
    return isinstance(given.given.get(given.typed_name(NetworkQuestion.weights)), Items)


def fits_in_order(weights: Sequence[Matrix], sizes: Collection[int]) -> bool:
    """Whether each matrix reads what the one before gives, and the first an input so long."""
    return weights[0].shape[1] in sizes and all(
        before.shape[0] == matrix.shape[1] for before, matrix in pairwise(weights)
    )


TURNED = re.compile(r"(?:\.T|\^\{?T\}?|ᵀ|\.transpose\(\))\s*\)?\s*$")


def turned_note(given: NetworkQuestion) -> tuple[Note, ...]:
    """That the gradients are those of the matrices as they stand behind .T."""
    raw = given.given.get(given.typed_name(NetworkQuestion.weights))
    typed = raw.items if isinstance(raw, Items) else [raw]
    places = [n for n, one in enumerate(typed, 1)
              if isinstance(one, Text) and TURNED.search(one.value)]  # fmt: skip
    if not places or (given.loss is None and given.upstream is None):
        return ()
    names = ", ".join(f"W{number}" for number in places)
    text = f"the gradient of {names} is that of what .T gives: "
    text += "turned back, it is that of what stands before .T"
    return (Note("given.gradient_turned", text),)


def order_note(given: NetworkQuestion, weights: Sequence[Matrix]) -> tuple[Note, ...]:
    """How square matrices were read beside an input that NumPy or Keras may have as a row."""
    raw = given.given.get(given.typed_name(NetworkQuestion.x))
    typed = written(raw) if raw is not None else ""
    is_row = re.search(r"\[\s*\[", typed) is not None and given.x is not None
    if not is_row or given.bias_column or given.x is None or len(given.x.rows) != 1:
        return ()
    others = [matrix.turned for matrix in weights]
    if others == list(weights) or not fits_in_order(others, {given.x.shape[1]}):
        return ()
    if any(note.id == "given.turned" for note in given.remarks):
        return ()
    text = "each layer is read as W x, a row of W for each unit; for x W, as NumPy and Keras write "
    return (Note("given.order", f"{text}it, each matrix is turned: '[[1, 2], [3, 4]].T'"),)


def check_chain(given: NetworkQuestion, weights: Sequence[Matrix]) -> None:
    """Each matrix must read what the one before gives, and a leading 1 where it holds the bias."""
    complaints: list[Complaint] = []
    column = int(given.bias_column)
    leading = " and a leading 1 before them" if column else ""
    for number, (before, matrix) in enumerate(pairwise(weights), 1):
        units, (rows, columns) = before.shape[0], matrix.shape
        if columns == units + column:
            continue
        message = (
            f"layer {number} gives {plural(units, 'number')} (its matrix is {size(before)})"
            f"{leading}, so that the matrix of layer {number + 1} must have "
            f"{plural(units + column, 'column')}; it is {size(matrix)}"
            f"{hint(units, column, rows, columns)}"
        )
        complaints += fault_of_layer(given, NetworkQuestion.weights, message, number)
    if column and weights[0].shape[1] < 2:
        message = "a matrix of one column has no weights beside its bias: leave bias_column out"
        complaints += fault_of_layer(given, NetworkQuestion.weights, message, 0)
    if complaints:
        raise Invalid(*complaints)


def hint(units: int, column: int, rows: int, columns: int) -> str:
    """What was probably meant by a matrix that does not fit."""
    if rows == units + column:
        return "; this looks like its transpose"
    if columns == units + 1:
        return "; with bias_column its first column is the bias"
    if columns == units:
        return "; without bias_column no leading 1 is read"
    return ""


def size(matrix: Matrix) -> str:
    return "×".join(map(str, matrix.shape))


def plural(count: int, noun: str, nouns: str = "") -> str:
    return f"1 {noun}" if count == 1 else f"{count} {nouns or noun + 's'}"


def fault_of_layer(
    given: NetworkQuestion, field: Field[Any], message: str, item: int
) -> tuple[Complaint, ...]:
    """The complaint at that item of the field's list, or at the field where it is one text."""
    raw = given.given.get(given.typed_name(field))
    is_list = isinstance(raw, Items) and item < len(raw.items)
    return given.fault(message, field, item if is_list else None).complaints


def biases_of(given: NetworkQuestion, weights: Sequence[Matrix]) -> list[Matrix | None]:
    """The column of each layer's biases; of one number where that is shared."""
    field = NetworkQuestion.biases
    if given.biases is None:
        return [None] * len(weights)
    if given.bias_column:
        raise given.fault("with bias_column the weights hold the biases: leave biases out", field)
    typed: Sequence[Expr | None] = given.biases
    units = [matrix.shape[0] for matrix in weights]
    if len(weights) == 1 and len(typed) == units[0] and not isinstance(typed[0], Matrix):
        typed = [Matrix.column(e for e in typed if e)]  # the list of the only layer
    if len(typed) != len(weights):
        matrices = plural(len(weights), "matrix", "matrices")
        message = f"biases are given for {plural(len(typed), 'layer')}, and weights has {matrices}"
        raise given.fault(message, field)
    found: list[Matrix | None] = []
    complaints: list[Complaint] = []
    for number, (bias, count) in enumerate(zip(typed, units, strict=True)):
        if bias is None:
            found.append(None)
            continue
        is_list = isinstance(bias, Matrix)
        column = bias if isinstance(bias, Matrix) else Matrix.column([bias])
        if is_list and column.shape[0] != count:
            message = f"layer {number + 1} has {entries(column.shape[0])} in biases and "
            message += f"{plural(count, 'unit')}: give one for each, or one number for all"
            complaints += fault_of_layer(given, field, message, number)
        found.append(column)
    if complaints:
        raise Invalid(*complaints)
    check_each(given, field, [bias for bias in found if bias is not None])
    return found


def activations_of(given: NetworkQuestion, count: int) -> tuple[str, ...]:
    """The word of each layer; a list may leave the output's to `output_activation`."""
    words, output = given.activation, given.output_activation
    field = NetworkQuestion.activation
    if len(words) == 1 and (count != 1 or not given.is_given(field)):
        return (*words * (count - 1), output)
    if len(words) == count - 1:
        return (*words, output)
    if len(words) == count and not given.is_given(NetworkQuestion.output_activation):
        return words
    if len(words) == count == 1:
        message = "the network has no hidden layer: give output_activation alone"
        raise given.fault(message, field)
    if len(words) == count:
        message = "activation names the output's too: leave output_activation out"
        raise given.fault(message, NetworkQuestion.output_activation)
    message = f"activation has {plural(len(words), 'word')} and the network "
    message += f"{plural(count - 1, 'hidden layer')}: give one word for all, or one a layer"
    raise given.fault(message, field)


def show_linear_output(given: NetworkQuestion, words: Sequence[str]) -> None:
    """Says beside the activation that the output has none, where nobody said which."""
    *hidden, output = words
    is_said = given.is_given(NetworkQuestion.output_activation) or len(given.activation) > len(
        hidden
    )
    if not is_said and output == "identity" and set(hidden) - {"identity"}:
        text = f"{', '.join(given.activation)}; the output is linear"
        given.show(NetworkQuestion.activation, text)


def names_output(given: NetworkQuestion, network: LayeredNetwork) -> bool:
    """Whether `activation` has the output's too."""
    is_typed = given.is_given(NetworkQuestion.activation)
    return is_typed and len(given.activation) == len(network.layers)


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
        return f"{message}; the matrix looks like its transpose: {A_ROW}"
    return message


def check_question(given: NetworkQuestion) -> None:
    """A loss needs targets, and a step of gradient descent needs a gradient."""
    field = NetworkQuestion
    has_loss = given.loss is not None
    if has_loss and given.targets is None:
        raise given.fault("the loss needs targets, the wanted outputs", field.loss)
    if given.targets is not None and not has_loss:
        name = given.typed_name(field.targets)
        message = "targets need a loss, such as squared-error or cross-entropy: write loss, or "
        message += f"leave {name} out"
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


def classes_of(
    given: NetworkQuestion, matrix: Matrix, network: LayeredNetwork, count: int
) -> list[int]:
    """The number of a class for each input, where targets are that; else none."""
    is_one_row = is_framework(given) and len(matrix.rows) == 1 < count
    has_all = network.outputs == matrix.shape[1] and not is_one_row
    if given.loss != "cross-entropy" or network.outputs == 1 or has_all:
        return []
    found = classes_in(entry for row in matrix.rows for entry in row)
    return found if len(found) == count else []


def is_framework(given: NetworkQuestion) -> bool:
    """Whether the loss has a framework's name, which counts classes from 0."""
    return is_mean(given.given.get(given.typed_name(NetworkQuestion.loss)))


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
    if field is NetworkQuestion.targets and (classes := classes_of(given, matrix, network, count)):
        return class_targets(given, field, classes, wanted)
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
