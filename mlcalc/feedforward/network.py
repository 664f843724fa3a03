"""A feed-forward network: its layers, with the names that they are written under.

Weights and biases apart are W_l and b_l, z_l = W_l a_(l−1) + b_l.  Where the first column of a
matrix is the bias, it is Θ_j from layer j to j + 1, and layer 1 is the input (as in Ng's course).
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.fields import as_number
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Derivative, Expr, Indexed, Marked, Matrix, Number, Symbol
from mlcalc.maths.vectors import Write
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.records import Record

A, B, T, W, X, Y, Z = map(Symbol, "abtWxyz")
DELTA, THETA = Symbol("delta"), Symbol("Theta")
ONE = Number(Fraction(1))


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
        """What comes in: x or a, below the 1 that the bias weighs where it is in the matrix."""
        return Matrix.column([ONE, self.source_name]) if self.has_column else self.source_name

    @property
    def source_name(self) -> Expr:
        """x, or a of the layer below."""
        below = as_number(self.number - 1 + self.has_column)
        return X if self.number == 1 else Indexed(A, (below,))

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


def at_step(name: Expr, count: int) -> Expr:
    """The name after so many steps of the training: W_1^(2); before the first it is W_1."""
    return Marked(name, f"({count})") if count else name


def rows_of(matrix: Matrix) -> Rows:
    return tuple(tuple(map(scalar, row)) for row in matrix.rows)


def vector_of(matrix: Matrix) -> Vector:
    return tuple(scalar(entry) for row in matrix.rows for entry in row)
