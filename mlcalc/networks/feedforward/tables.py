"""A table of inputs: what each layer and the output say to each of them."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Prose
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Chain, Expr, Indexed, Number, Symbol, equals
from mlcalc.maths.vectors import worked
from mlcalc.networks.activations import applied
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.feedforward.network import DenseLayer, LayeredNetwork, X, Y, vector_of
from mlcalc.networks.feedforward.runs import ExampleRun, Total
from mlcalc.networks.symbolic import weighed
from mlcalc.showing.derivation import Step, Table

MOST_COLUMNS = 9
"""Beyond this the units of the hidden layers are left out of the table."""

MOST_UNITS_IN_LETTERS = 6
HALF = Number(as_number(1).value / 2)


def table_steps(network: LayeredNetwork, total: Total) -> list[Step]:
    """Each unit as a formula in what it reads, where they are few; then the table."""
    first = [units_step(network)] if is_small(network) else []
    return [*first, table_step(network, total)]


def is_small(network: LayeredNetwork) -> bool:
    widest = max(network.inputs, *(layer.units for layer in network.layers))
    units = sum(layer.units for layer in network.layers)
    return units <= MOST_UNITS_IN_LETTERS and widest <= MOST_UNITS_IN_LETTERS


def units_step(network: LayeredNetwork) -> Step:
    """h₁ = σ(−30 + 20·x₁ + 20·x₂), unit by unit."""
    blocks: list[Chain] = []
    reads: Sequence[Expr] = inputs_named(network)
    for layer in network.layers:
        names = units_named(network, layer)
        for name, total in zip(names, sums_of(layer, reads), strict=True):
            is_plain = layer.activation == "softmax"
            blocks.append(equals(name, total if is_plain else applied(layer.activation, total)))
        reads = names
        if layer.activation == "softmax":
            blocks.append(equals(layer.output_name, applied("softmax", layer.sum_name)))
    return Step("write out what each unit computes", tuple(blocks), hidden_note(network))


def hidden_note(network: LayeredNetwork) -> Prose:
    """Which vector the letters of the hidden units belong to."""
    hidden = network.layers[:-1]
    if len(hidden) != 1:
        return "h with the numbers of layer and unit is what a hidden unit gives" * bool(hidden)
    first, *others = units_named(network, hidden[0])
    pieces: list[str | Expr] = [first]
    for name in others:
        pieces += [", ", name]
    entries = " are the entries of " if others else " is the entry of "
    rest = ", below its leading 1" if network.has_column else ""
    return (*pieces, entries, hidden[0].output_name, rest)


def inputs_named(network: LayeredNetwork) -> list[Expr]:
    return [Indexed(X, (as_number(k),)) for k in range(1, network.inputs + 1)]


def units_named(network: LayeredNetwork, layer: DenseLayer) -> list[Symbol]:
    """h₁, h₂, … of the only hidden layer, h₁₂ and the like where there are more; y at last."""
    if layer.is_last and layer.units == 1:
        return [Y]
    letter, level = ("y", "") if layer.is_last else ("h", str(layer.number))
    if len(network.layers) == 2:
        level = ""
    return [Symbol(letter, f"{level}{k}") for k in range(1, layer.units + 1)]


def sums_of(layer: DenseLayer, reads: Sequence[Expr]) -> list[Expr]:
    """The sum of each unit, in the names of what it reads."""
    biases: Sequence[Expr | None] = layer.biases or [None] * layer.units
    rows = zip(layer.inner_weights.rows, biases, strict=True)
    return [weighed(row, bias, reads) for row, bias in rows]


def table_step(network: LayeredNetwork, total: Total) -> Step:
    """A row an input: the inputs, the hidden activations, the output with its sum."""
    hidden = [unit for layer in network.layers[:-1] for unit in units_named(network, layer)]
    last = network.layers[-1]
    outputs = units_named(network, last)
    has_hidden = network.inputs + len(hidden) + len(outputs) <= MOST_COLUMNS
    header: list[Prose | Expr] = [*inputs_named(network), *(hidden if has_hidden else ())]
    header += outputs
    if is_thresholded(network):
        header.append(Chain(Y, ((">=", HALF),)))
    rows = tuple(row_of(network, run, has_hidden) for run in total.runs)
    note: Prose = ""
    if is_thresholded(network):
        note = (
            "the last column is 1 where the sigmoid is at least 1/2, that is where its sum is ≥ 0"
        )
    return Step("run every input", (Table(tuple(header), rows),), note)


def row_of(network: LayeredNetwork, run: ExampleRun, has_hidden: bool) -> tuple[Prose | Expr, ...]:
    write = network.write
    cells: list[Prose | Expr] = [row[0] for row in run.example.x.rows]
    if has_hidden:
        hidden = [layer.output_name for layer in network.layers[:-1]]
        cells += [write(value) for vector in hidden for value in run.values(vector)]
    cells += output_cells(run, network)
    if is_thresholded(network):
        cells.append(as_number(thresholded(run.output[0])))
    return tuple(cells)


def output_cells(run: ExampleRun, network: LayeredNetwork) -> list[Expr]:
    """σ(−30) ≈ 9.4·10⁻¹⁴; a plain value where the activation is none, or is of all together."""
    write, last = network.write, network.layers[-1]
    if last.activation in ("identity", "softmax"):
        return list(map(write, run.output))
    return [
        worked(applied(last.activation, write(z)), write(a))
        for z, a in zip(run.values(last.sum_name), run.output, strict=True)
    ]


def is_thresholded(network: LayeredNetwork) -> bool:
    """Whether the output is the probability of one class, which ½ divides."""
    return network.outputs == 1 and network.layers[-1].activation == "sigmoid"


def thresholded(value: Scalar) -> int:
    return 1 if value >= HALF.value else 0


def table_rows(network: LayeredNetwork, total: Total) -> Rows:
    """The answer `table`: the inputs and then the outputs, a sigmoid's as 0 and 1."""
    rows = []
    for run in total.runs:
        output = run.output
        if is_thresholded(network):
            output = (as_number(thresholded(output[0])).value,)
        rows.append((*vector_of(run.example.x), *output))
    return tuple(rows)
