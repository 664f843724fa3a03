"""A network whose activations are all linear is one linear map: its matrices are multiplied out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import matmul

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr, Matrix, Symbol, equals
from mlcalc.maths.vectors import Write, added, compact, matrix, worked
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.feedforward.network import THETA, B, LayeredNetwork, W, X, Y
from mlcalc.networks.feedforward.question import NetworkQuestion, refuse_others
from mlcalc.showing.derivation import Answer, Derivation, Step

LINEAR_LAYERS = Note(
    "mlp.linear_layers",
    "with g(z) = z several layers can do no more than one: it is the bend of g that makes depth",
)
ONE = as_number(1)

Term = Sequence[tuple[Expr, Matrix]]
"""The matrices of a product, from left to right, each with its name."""


class Collapsed(Record):
    """The one layer that does the same, and how it is found; `biases` as a column."""

    weights: Rows
    biases: Rows | None
    chains: tuple[Chain, ...]
    note: Prose = "g(z) = z changes nothing, so that each layer can be put into the next"

    @property
    def step(self) -> Step:
        return Step("multiply the layers out", self.chains, self.note)


def is_linear(network: LayeredNetwork) -> bool:
    """Whether there are several layers, and none of them bends its sums."""
    words = {layer.activation for layer in network.layers}
    return len(network.layers) > 1 and words == {"identity"}


def collapsed_derivation(given: NetworkQuestion, network: LayeredNetwork) -> Derivation:
    """The weights of the one layer, for a network that is not run."""
    field = NetworkQuestion
    beside = (field.biases, field.bias_column, field.activation, field.output_activation)
    refuse_others(given, field.weights, beside, "without x")
    found = collapsed(network)
    name = THETA if network.has_column else W
    weights = compact(matrix(found.weights, network.write))
    answers = [Answer("weights", (found.weights,), weights, name)]
    if found.biases is not None:
        column = tuple(value for (value,) in found.biases)
        answers.append(Answer("biases", (column,), compact(matrix(found.biases, network.write)), B))
    notes = (LINEAR_LAYERS,)
    return Derivation("A network of linear layers", (found.step,), tuple(answers), notes)


def collapsed(network: LayeredNetwork, x: Matrix | None = None) -> Collapsed:
    """W = W_2 W_1 with b = W_2 b_1 + b_2, or Θ = Θ_2 Θ̄_1 where the matrices hold the biases.

    An input x, as a column, is put into the one layer that was found.
    """
    return with_column(network, x) if network.has_column else with_biases(network, x)


def with_biases(network: LayeredNetwork, x: Matrix | None) -> Collapsed:
    """y = W_2 (W_1 x + b_1) + b_2 = W_2 W_1 x + W_2 b_1 + b_2."""
    layers, write = network.layers, network.write
    weights: Term = [(layer.weights_name, layer.weights) for layer in reversed(layers)]
    offsets = [
        [*weights[: len(layers) - layer.number], (layer.bias_name, Matrix.column(layer.biases))]
        for layer in layers
        if layer.biases is not None
    ]
    nested: Expr = X
    for layer in layers:
        bias = None if layer.bias is None else layer.bias_name
        nested = line("W @ (inner) + b", W=layer.weights_name, inner=nested, b=bias)
    chain, product = multiplied(W, [weights], write)
    out = line("W @ x + b", W=in_letters(weights), b=map(in_letters, offsets))
    chains, biases = [equals(Y, nested, out), chain], None
    if offsets:
        chain, biases = multiplied(B, offsets, write)
        chains.append(chain)
    letters = line("W @ x + b", b=None if biases is None else B)
    chains.append(put_in(letters, product, x, biases, write))
    return Collapsed(product, biases, tuple(chains))


def put_in(
    letters: Expr, weights: Rows, x: Matrix | None, biases: Rows | None, write: Write
) -> Chain:
    """y = W x + b, with the numbers where there is an input."""
    if x is None:
        return equals(Y, letters)
    bias = None if biases is None else compact(matrix(biases, write))
    numbers = line("W @ x + b", W=compact(matrix(weights, write)), x=compact(x), b=bias)
    value = compact(matrix(rows(evaluate(numbers)), write))
    return worked(Y, letters, numbers, value)


def with_column(network: LayeredNetwork, x: Matrix | None) -> Collapsed:
    """y = Θ_2 Θ̄_1 a_1, where Θ̄_1 is Θ_1 below a row that passes the leading 1 on."""
    *hidden, last = network.layers
    barred = [(Symbol("Theta", str(one.number), "bar"), below_one(one.weights)) for one in hidden]
    product: Term = [(last.weights_name, last.weights), *reversed(barred)]
    chain, weights = multiplied(THETA, [product], network.write)
    out = line("y = W @ a_1", W=in_letters(product))
    assert isinstance(out, Chain)
    chains = [*(equals(name, numbers) for name, numbers in barred), out, chain]
    below = None if x is None else Matrix(((ONE,), *x.rows))
    chains.append(put_in(line("Theta @ a_1"), weights, below, None, network.write))
    note = f"{Collapsed.note}; the bar is a row above the matrix that passes the leading 1 on"
    return Collapsed(weights, None, tuple(chains), note)


def below_one(weights: Matrix) -> Matrix:
    """The matrix below the row 1 0 … 0."""
    first = (ONE, *(as_number(0),) * (weights.shape[1] - 1))
    return Matrix((first, *weights.rows))


def in_letters(term: Term) -> Expr:
    return reduce(matmul, [name for name, _ in term])


def multiplied(target: Expr, terms: Sequence[Term], write: Write) -> tuple[Chain, Rows]:
    """The chain target = a sum of products, in letters, in numbers, and its value."""
    numbers = added([reduce(matmul, [compact(m) for _, m in term]) for term in terms])
    value = rows(evaluate(added([reduce(matmul, [m for _, m in term]) for term in terms])))
    letters = added([in_letters(term) for term in terms])
    return worked(target, letters, numbers, compact(matrix(value, write))), value
