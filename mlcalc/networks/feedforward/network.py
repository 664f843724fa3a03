"""A feed-forward network: its layers, the names they are written under, and its equations.

Weights and biases apart are W_l and b_l, z_l = W_l a_(l−1) + b_l.  Where the first column of a
matrix is the bias, it is Θ_j from layer j to j + 1, and layer 1 is the input (as in Ng's course).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from mlcalc.maths.evaluate import scalar
from mlcalc.maths.records import Record, kept
from mlcalc.maths.tree import Derivative, Expr, Marked, Matrix, Symbol
from mlcalc.maths.vectors import Write
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.equations import Activation, Affine, Network, Pass, Reading, inner

B, T, W, X, Y = map(Symbol, "btWxy")
THETA = Symbol("Theta")


class DenseLayer(Record):
    """One layer of units: its activation, its names, and its own numbers.

    `weights` is m×n, or m×(n + 1) where its first column is the bias.  `bias` is a column of m, or
    of the one number that all m units share.
    """

    number: int
    is_last: bool
    weights: Matrix
    bias: Matrix | None
    has_column: bool
    activation: str

    @property
    def units(self) -> int:
        return self.weights.shape[0]

    @property
    def is_shared(self) -> bool:
        """Whether the bias is one number for all of several units."""
        return self.bias is not None and self.bias.shape[0] < self.units

    @property
    def words(self) -> str:
        return "the output layer" if self.is_last else f"hidden layer {self.number}"

    @property
    def biases(self) -> list[Expr] | None:
        """The bias of each unit, wherever it stands; None where there is none."""
        if self.has_column:
            return [row[0] for row in self.weights.rows]
        if self.bias is None:
            return None
        entries = [row[0] for row in self.bias.rows]
        return entries * self.units if self.is_shared else entries

    @property
    def inner_weights(self) -> Matrix:
        return Matrix(tuple(row[self.has_column :] for row in self.weights.rows))

    # Its names.

    @property
    def inner_name(self) -> Symbol:
        """The weights without the biases."""
        return inner(self.weights_name, self.reading)

    @property
    def level(self) -> int:
        """The number under z, a and δ."""
        return self.number + self.has_column

    @property
    def weights_name(self) -> Symbol:
        return Symbol("Theta" if self.has_column else "W", str(self.number))

    @property
    def bias_name(self) -> Symbol:
        return Symbol("b", str(self.number))

    @property
    def reading(self) -> Reading:
        """x, or a of the layer below; below a 1 where the matrix holds the bias."""
        below = X if self.number == 1 else Symbol("a", str(self.level - 1))
        return Reading(below, below_one=self.has_column)

    @property
    def sum_name(self) -> Symbol:
        return Symbol("z", str(self.level))

    @property
    def output_name(self) -> Symbol:
        return Y if self.is_last else Symbol("a", str(self.level))

    @property
    def delta_name(self) -> Symbol:
        return Symbol("delta", str(self.level))

    @kept
    def equations(self) -> tuple[Affine, Activation]:
        """z = W a + b and a = f(z)."""
        product = (self.weights_name, self.reading)
        bias = None if self.bias is None else self.bias_name
        return (
            Affine(self.sum_name, (product,), bias),
            Activation(self.output_name, self.activation, self.sum_name),
        )

    @kept
    def parameters(self) -> dict[Symbol, Matrix]:
        bias = {} if self.bias is None else {self.bias_name: self.bias}
        return {self.weights_name: self.weights, **bias}


class LayeredNetwork(Record):
    """Layers whose shapes fit, and how computed numbers are shown."""

    layers: tuple[DenseLayer, ...]
    write: Write

    @property
    def has_column(self) -> bool:
        return self.layers[0].has_column

    @property
    def inputs(self) -> int:
        """How many numbers come in, the leading 1 not counted."""
        return self.layers[0].weights.shape[1] - self.has_column

    @property
    def outputs(self) -> int:
        return self.layers[-1].units

    @kept
    def equations(self) -> Network:
        equations = [equation for layer in self.layers for equation in layer.equations]
        return Network(
            (Pass(tuple(equations)),), X, Y, Y, is_timed=False,
            deltas=tuple((layer.sum_name, layer.delta_name) for layer in self.layers),
        )  # fmt: skip

    @kept
    def parameters(self) -> dict[Symbol, Matrix]:
        return {n: matrix for layer in self.layers for n, matrix in layer.parameters.items()}

    @property
    def size(self) -> int:
        """How many numbers are learned."""
        return sum(prod(matrix.shape) for matrix in self.parameters.values())

    def with_parameters(self, values: Mapping[Symbol, Matrix]) -> LayeredNetwork:
        """The same network with other numbers."""
        layers = tuple(
            DenseLayer(
                one.number, one.is_last, values[one.weights_name], values.get(one.bias_name),
                one.has_column, one.activation,
            )
            for one in self.layers
        )  # fmt: skip
        return LayeredNetwork(layers, self.write)


def partial(loss: Expr, of: Expr) -> Expr:
    """∂L/∂W_1."""
    return Derivative(loss, of, partial=True)


def at_step(name: Expr, count: int) -> Expr:
    """The name after so many steps of the training: W_1^(2); before the first it is W_1."""
    return Marked(name, f"({count})") if count else name


def vector_of(matrix: Matrix) -> Vector:
    return tuple(scalar(entry) for row in matrix.rows for entry in row)


def layered(
    weights: Sequence[Matrix],
    biases: Sequence[Matrix | None],
    words: Sequence[str],
    has_column: bool,
    write: Write,
) -> LayeredNetwork:
    """The network of those matrices, biases and activations."""
    parts = enumerate(zip(weights, biases, words, strict=True), 1)
    layers = tuple(
        DenseLayer(n, n == len(weights), matrix, bias, has_column, word)
        for n, (matrix, bias, word) in parts
    )
    return LayeredNetwork(layers, write)
