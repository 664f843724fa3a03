"""A feed-forward network as it was given: its layers, their names, and shapes that fit.

Weights and biases apart are W_l and b_l, z_l = W_l a_(l−1) + b_l.  Where the first column of a
matrix is the bias, it is Θ_j from layer j to j + 1, and layer 1 is the input (as in Ng's course).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from mlcalc.errors import Complaint, Invalid
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Derivative, Expr, Indexed, Matrix, Number, Symbol
from mlcalc.maths.vectors import Write, writer
from mlcalc.networks.gradients import Rows, Vector
from mlcalc.networks.layers import check_numbers, entries
from mlcalc.problem import Field
from mlcalc.records import Record

A, B, W, X, Y, Z = map(Symbol, "abWxyz")
DELTA, THETA = Symbol("delta"), Symbol("Theta")
ONE = Number(Fraction(1))

MOST_PARAMETERS = 2_000
"""A network with more is not one that is followed by hand."""


class Layer(Record):
    """One matrix with what belongs to it; m units read n numbers.

    `weights` is m×n, or m×(n + 1) where its first column is the bias.  `bias` is a column of m.
    """

    number: int
    is_last: bool
    weights: Matrix
    bias: Matrix | None
    is_shared: bool
    """Whether the bias is one number for all units."""
    has_column: bool
    activation: str

    @property
    def units(self) -> int:
        return self.weights.shape[0]

    @property
    def inputs(self) -> int:
        """How many numbers come in, the leading 1 not counted."""
        return self.weights.shape[1] - self.has_column

    @property
    def words(self) -> str:
        return "the output layer" if self.is_last else f"hidden layer {self.number}"

    # Its names.

    @property
    def level(self) -> Expr:
        """The number under z, a and δ."""
        return as_number(self.number + self.has_column)

    @property
    def weights_name(self) -> Expr:
        return Indexed(THETA if self.has_column else W, (as_number(self.number),))

    @property
    def bias_name(self) -> Expr:
        return Indexed(B, (as_number(self.number),))

    @property
    def inner_name(self) -> Expr:
        """The weights without the bias: Θ̃ is Θ without its first column."""
        if self.has_column:
            return Indexed(Symbol("Theta", accent="tilde"), (as_number(self.number),))
        return self.weights_name

    @property
    def inner_weights(self) -> Matrix:
        return Matrix(tuple(row[self.has_column :] for row in self.weights.rows))

    @property
    def read_name(self) -> Expr:
        """What comes in: x or a."""
        if self.has_column:
            return Indexed(A, (as_number(self.number),))
        return X if self.number == 1 else Indexed(A, (as_number(self.number - 1),))

    @property
    def sum_name(self) -> Expr:
        return Indexed(Z, (self.level,))

    @property
    def output_name(self) -> Expr:
        return Y if self.is_last else Indexed(A, (self.level,))

    @property
    def delta_name(self) -> Expr:
        return Indexed(DELTA, (self.level,))


class Network(Record):
    """Layers whose shapes fit, and how computed numbers are shown."""

    layers: tuple[Layer, ...]
    write: Write

    @property
    def has_column(self) -> bool:
        return self.layers[0].has_column

    @property
    def inputs(self) -> int:
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        return self.layers[-1].units

    @property
    def parameters(self) -> int:
        matrices = [matrix for layer in self.layers for matrix in parameters_of(layer)]
        return sum(matrix.shape[0] * matrix.shape[1] for matrix in matrices)


def parameters_of(layer: Layer) -> list[Matrix]:
    """The weights, and the bias: a shared one as its one number."""
    bias = [] if layer.bias is None else [layer.bias]
    if layer.is_shared:
        bias = [Matrix(matrix.rows[:1]) for matrix in bias]
    return [layer.weights, *bias]


def partial(loss: Expr, of: Expr) -> Expr:
    """∂L/∂W_1."""
    return Derivative(loss, of, partial=True)


def rows_of(matrix: Matrix) -> Rows:
    return tuple(tuple(map(scalar, row)) for row in matrix.rows)


def vector_of(matrix: Matrix) -> Vector:
    return tuple(scalar(entry) for row in matrix.rows for entry in row)


# From what was typed.


def network_of(given: NetworkQuestion) -> Network:
    """The network that was given.  Raises `Invalid` where its parts do not fit."""
    weights = given.weights
    if weights is None:
        raise given.fault(missing_weights(given))
    check_each(given, NetworkQuestion.weights, weights)
    check_chain(given, weights)
    biases = biases_of(given, weights)
    words = activations_of(given, len(weights))
    layers = tuple(
        Layer(
            number, number == len(weights), matrix, bias, is_shared, given.bias_column, word
        )
        for number, (matrix, (bias, is_shared), word) in enumerate(
            zip(weights, biases, words, strict=True), 1
        )
    )  # fmt: skip
    typed = [*weights, *(bias for bias, _ in biases if bias is not None)]
    others = (given.x, given.targets, given.upstream)
    network = Network(layers, writer([*typed, *(matrix for matrix in others if matrix)]))
    if network.parameters > MOST_PARAMETERS:
        message = f"the network has {network.parameters} parameters, and at most {MOST_PARAMETERS}"
        raise given.fault(f"{message} are worked out here", NetworkQuestion.weights)
    return network


def missing_weights(given: NetworkQuestion) -> str:
    known = "a matrix a layer, or sizes for the shapes alone"
    asked = "region, formula, pieces or steps for weights to be found"
    return f"'weights' is missing: {known}, or {asked}"


def check_each(given: NetworkQuestion, field: Field[Any], matrices: Sequence[Matrix]) -> None:
    """Refuses letters and what is no finite number."""
    complaints: list[Complaint] = []
    for matrix in matrices:
        try:
            check_numbers(given, field, matrix)
        except Invalid as error:
            complaints += error.complaints
    if complaints:
        raise Invalid(*complaints)


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
    from mlcalc.document import Items

    raw = given.given.get(given.typed_name(field))
    is_list = isinstance(raw, Items) and item < len(raw.items)
    return given.fault(message, field, item if is_list else None).complaints


def biases_of(
    given: NetworkQuestion, weights: Sequence[Matrix]
) -> list[tuple[Matrix | None, bool]]:
    """The column of each layer's biases, and whether they are one shared number."""
    field = NetworkQuestion.biases
    if given.biases is None:
        return [(None, False)] * len(weights)
    if given.bias_column:
        raise given.fault("with bias_column the weights hold the biases: leave biases out", field)
    typed: Sequence[Expr] = given.biases
    units = [matrix.shape[0] for matrix in weights]
    if len(weights) == 1 and len(typed) == units[0] and not isinstance(typed[0], Matrix):
        typed = [Matrix.column(typed)]  # the list of the only layer
    if len(typed) != len(weights):
        matrices = plural(len(weights), "matrix", "matrices")
        message = f"biases are given for {plural(len(typed), 'layer')}, and weights has {matrices}"
        raise given.fault(message, field)
    found: list[tuple[Matrix | None, bool]] = []
    complaints: list[Complaint] = []
    for number, (bias, count) in enumerate(zip(typed, units, strict=True)):
        is_list = isinstance(bias, Matrix)
        column = bias if isinstance(bias, Matrix) else Matrix.column([bias] * count)
        if column.shape[0] != count:
            message = f"layer {number + 1} has {entries(column.shape[0])} in biases and "
            message += f"{plural(count, 'unit')}: give one for each, or one number for all"
            complaints += fault_of_layer(given, field, message, number)
        found.append((column, not is_list and count > 1))
    if complaints:
        raise Invalid(*complaints)
    check_each(given, field, [bias for bias, _ in found if bias is not None])
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
