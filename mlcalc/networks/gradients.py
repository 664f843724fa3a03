"""Gradients carried backward through a layer, as they are worked by hand.

For z = W x + b and h = f(z), and with the gradient ∂L/∂h that came from above:
δ = ∂L/∂z = ∂L/∂h ⊙ f′(z), ∂L/∂W = δ xᵀ, ∂L/∂b = δ, ∂L/∂x = Wᵀ δ.
Each function is given the names by the caller and returns chains with their numbers.  A vector
of one entry is written as a number, without transposes.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.errors import Place, Unsolved
from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import (
    Chain,
    Expr,
    Hadamard,
    MatMul,
    Matrix,
    Mul,
    Transpose,
    call,
)
from mlcalc.maths.vectors import (
    NamedVector,
    Product,
    Write,
    added,
    column,
    compact,
    weighted_sum,
    worked,
)
from mlcalc.maths.vectors import times as written_product
from mlcalc.networks.activations import slope, slope_in_letters
from mlcalc.networks.arithmetic import Rows, Vector, added_rows, product, softmax_jacobian
from mlcalc.networks.arithmetic import outer as outer_product


def refuse_flat(word: str, place: Place) -> None:
    """Raises `Unsolved` for an activation through which no gradient comes."""
    if ACTIVATIONS[word].is_flat:
        raise Unsolved.because(
            f"{word} is flat: its derivative is 0 wherever it has one, so no gradient comes "
            "through and there is nothing to learn from; sigmoid or tanh are its smooth forms",
            place,
        )


# Through an activation.


def through(
    word: str,
    target: Expr,
    upstream: NamedVector,
    z: NamedVector,
    h: NamedVector,
    write: Write,
) -> tuple[list[Chain], Vector]:
    """target = ∂L/∂z = ∂L/∂h ⊙ f′(z), where `upstream` is ∂L/∂h and h = f(z).

    The slopes are written with h where the field does: h(1 − h) and 1 − h².
    """
    if word == "softmax":
        return through_softmax(target, upstream, h, write)
    factors = slope_in_letters(word, z.name, h.name)
    if not factors:
        shown = compact(column(upstream.values, write))
        return [worked(target, upstream.name, shown)], upstream.values
    letters: Expr = entrywise([upstream.name, *factors], upstream.is_number)
    entries = [
        written_product(write(g), *slope(word, a, b, write))
        for g, a, b in zip(upstream.values, z.values, h.values, strict=True)
    ]
    values = tuple(map(scalar, entries))
    numbers = compact(Matrix.column(entries))
    return [worked(target, letters, numbers, compact(column(values, write)))], values


def entrywise(factors: Sequence[Expr], is_number: bool) -> Expr:
    """A product of vectors entry by entry; of numbers a plain product."""
    return Mul(tuple(factors)) if is_number else Hadamard(tuple(factors))


def through_softmax(
    target: Expr, upstream: NamedVector, y: NamedVector, write: Write
) -> tuple[list[Chain], Vector]:
    """target = (diag(y) − y yᵀ) ∂L/∂y; the Jacobian has y_i(1 − y_i) and −y_i y_j."""
    name = added([call("diag", y.name), -MatMul((y.name, Transpose(y.name)))])
    jacobian = softmax_jacobian(y.values)
    shown = compact(Matrix(tuple(tuple(map(write, row)) for row in jacobian)))
    vector = compact(column(upstream.values, write))
    values = product(jacobian, upstream.values)
    members = (MatMul((name, upstream.name)), MatMul((shown, vector)))
    return [worked(target, *members, compact(column(values, write)))], values


# To the parameters, and to what the layer reads.


def outer(target: Expr, delta: NamedVector, x: NamedVector, write: Write) -> tuple[Chain, Rows]:
    """target = ∂L/∂W = δ xᵀ, a row for each entry of δ."""
    values = outer_product(delta.values, x.values)
    across = Matrix((tuple(map(write, x.values)),))
    down = compact(column(delta.values, write))
    name: Expr = MatMul((delta.name, x.name if x.is_number else Transpose(x.name)))
    if delta.is_number and x.is_number:
        name = Mul((delta.name, x.name))
    numbers = written_product(down, across.rows[0][0]) if x.is_number and delta.is_number else None
    members = [name, numbers or MatMul((down, compact(across))), compact(matrix(values, write))]
    return worked(target, *members), values


def transposed(
    target: Expr, weight: Expr, weights: Matrix, delta: NamedVector, write: Write
) -> tuple[Sequence[Chain], Vector]:
    """target = Wᵀ δ: the gradient that comes to what was multiplied by W."""
    turned = Matrix(tuple(zip(*weights.rows, strict=True)))
    name = weight if weights.shape == (1, 1) else Transpose(weight)
    product = Product(name @ delta.name, turned, column(delta.values, write))
    return weighted_sum(target, [product], None, write)


def accumulated(
    target: Expr, names: Sequence[Expr], parts: Sequence[Rows], write: Write
) -> tuple[Chain, Rows]:
    """target = A_1 + A_2 + …: what each reader or each time step has put in, added up."""
    shown = [compact(matrix(part, write)) for part in parts]
    total = added(shown)
    values = added_rows(*parts)
    result = compact(matrix(values, write))
    members = [total, result] if len(parts) > 1 else [result]
    return worked(target, added(list(names)), *members), values


def accumulated_vectors(
    target: Expr, parts: Sequence[NamedVector], write: Write
) -> tuple[Chain, Vector]:
    """The same for vectors."""
    columns = [tuple((value,) for value in part.values) for part in parts]
    chain, values = accumulated(target, [part.name for part in parts], columns, write)
    return chain, tuple(row[0] for row in values)


def matrix(values: Rows, write: Write) -> Matrix:
    """Computed numbers as a matrix."""
    return Matrix(tuple(tuple(map(write, row)) for row in values))
