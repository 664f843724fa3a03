"""The steps of one run on the board: equations, shapes, forward, loss, back, sums."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.derivation import Prose, Step, Table
from mlcalc.feedforward.backward import gradient_steps, input_step
from mlcalc.feedforward.examples import L
from mlcalc.feedforward.forward import layer_step, leading_one_step
from mlcalc.feedforward.marks import of_example
from mlcalc.feedforward.network import Layer, Network, T, X, Y, partial
from mlcalc.feedforward.totals import Run, Total
from mlcalc.fields import as_number
from mlcalc.maths.tree import (
    BigOp,
    Chain,
    Expr,
    Indexed,
    Listing,
    Matrix,
    Mul,
    Shape,
    Symbol,
    equals,
)
from mlcalc.maths.vectors import Write, added, column, compact, worked
from mlcalc.networks.activations import applied
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.gradients import matrix

MOST_RUNS_IN_FULL = 4
ALIKE = "in the same way"
I, S = Symbol("i"), Symbol("s")  # noqa: E741  # the index of the examples, and the units a layer


def equations_step(network: Network) -> Step:
    """z = W a + b and a = f(z) of each layer, in letters."""
    blocks: list[Chain] = []
    for layer in network.layers:
        terms = [layer.weights_name @ layer.read_name]
        if layer.bias is not None:
            terms.append(layer.bias_name)
        blocks.append(equals(layer.sum_name, added(terms)))
        made: Expr = layer.sum_name
        if layer.activation != "identity":
            made = applied(layer.activation, layer.sum_name)
        blocks.append(equals(layer.output_name, made))
    note = "each layer weighs what it reads, adds up, and applies its activation"
    return Step("write the equations of the network", tuple(blocks), note)


def shapes_step(network: Network) -> Step:
    """A row for each matrix: its shape in numbers and in letters, and why."""
    rows: list[tuple[Prose | Expr, ...]] = []
    for layer in network.layers:
        units, reads = layer.weights.shape
        shape = Shape((as_number(units), as_number(reads)))
        what = "takes the input to " if layer.number == 1 else "takes the layer before to "
        rows.append((layer.weights_name, shape, in_letters(layer), what + layer.words))
        if layer.bias is not None:
            size = Shape((as_number(1 if layer.is_shared else units), as_number(1)))
            letters = size if layer.is_shared else Shape((S_of(layer.level), as_number(1)))
            per = "one bias that all its units share" if layer.is_shared else "one bias a unit"
            rows.append((layer.bias_name, size, letters, per))
    table = Table(("name", "shape", "in letters", "what it does"), tuple(rows))
    return Step("check the shapes", (table,), sizes_note(network))


def in_letters(layer: Layer) -> Expr:
    """s_2×(s_1 + 1) where the first column is the bias, s_1×s_0 where it is not."""
    before = S_of(as_number(layer.number - 1 + layer.has_column))
    return Shape((S_of(layer.level), before + 1 if layer.has_column else before))


def S_of(level: Expr) -> Expr:  # noqa: N802  # the letter
    return Indexed(S, (level,))


def sizes_note(network: Network) -> Prose:
    first = as_number(int(network.has_column))
    pieces: list[str | Expr] = ["units a layer: ", equals(S_of(first), network.inputs)]
    for layer in network.layers:
        pieces += [", ", equals(S_of(layer.level), layer.units)]
    reads = "a column for each number that it reads"
    reads += ", the leading 1 among them" if network.has_column else ""
    return (*pieces, f"; a matrix has a row for each unit and {reads}")


def run_steps(network: Network, total: Total) -> list[Step]:
    """One example step by step; of several the first few, and the sums over all."""
    runs = total.runs
    if len(runs) == 1:
        return [*one_run(network, runs[0]), *to_input(runs[0])]
    shown = runs if len(runs) <= MOST_RUNS_IN_FULL else runs[:1]
    steps = [of_example(example_step(network, run), network, run.number) for run in shown]
    if len(shown) < len(runs):
        steps.append(Step("run the other examples", (runs_table(network, runs[1:]),), ALIKE))
    return [*steps, sums_step(network, total)]


def example_step(network: Network, run: Run) -> Step:
    note = "a raised (i) is of example i" if run.number == 1 else ""
    return Step(f"example {run.number}", (), note, tuple(one_run(network, run)))


def again_steps(network: Network, total: Total) -> list[Step]:
    """The same in a later step of the training, where the way is known: one example in full."""
    if len(total.runs) == 1:
        return one_run(network, total.runs[0])
    table = Step("run the examples", (runs_table(network, total.runs),), ALIKE)
    return [table, sums_step(network, total)]


def start_step(network: Network, total: Total) -> Step:
    """What the network says, and its loss, before it is trained."""
    return Step("run the examples", (runs_table(network, total.runs), loss_chain(network, total)))


def one_run(network: Network, run: Run) -> list[Step]:
    first = leading_one_step(network, run.example.x)
    steps = [] if first is None else [first]
    steps += map(layer_step, run.passed)
    if run.loss_chain is not None:
        steps.append(Step("measure the loss", (run.loss_chain,), target_note(run)))
    return [*steps, *(gradient_steps(run.back) if run.back else ())]


def to_input(run: Run) -> list[Step]:
    return [input_step(run.back)] if run.back else []


def target_note(run: Run) -> Prose:
    assert run.example.target is not None
    values = Listing(tuple(row[0] for row in run.example.target.rows))
    return ("the output is compared with the target ", equals(T, values))


def runs_table(network: Network, runs: Sequence[Run]) -> Table:
    """The examples that are not written out: input, output, target and loss."""
    rows: list[tuple[Prose | Expr, ...]] = []
    for run in runs:
        row: list[Prose | Expr] = [as_number(run.number), listed(run.example.x)]
        row.append(listed(column(run.output, network.write)))
        if run.example.target is not None and run.loss is not None:
            row += [listed(run.example.target), network.write(run.loss)]
        rows.append(tuple(row))
    header = (I, X, Y, T, Indexed(L, (I,)))[: len(rows[0])]
    return Table(header, tuple(rows))


def listed(vector: Matrix) -> Expr:
    """A column on one line."""
    return Listing(tuple(row[0] for row in vector.rows))


def sums_step(network: Network, total: Total) -> Step:
    """L = Σ L_i and its gradients, matrix by matrix."""
    runs, write = total.runs, network.write
    blocks = [] if total.loss is None else [loss_chain(network, total)]
    for layer, weights, bias in zip(network.layers, total.weights, total.biases, strict=True):
        number = layer.number - 1
        backs = [run.back.layers[number] for run in runs if run.back]
        blocks.append(summed(
            total, layer.weights_name, [back.weights for back in backs], weights, write
        ))  # fmt: skip
        if bias is not None:
            each = [tuple((v,) for v in back.bias) for back in backs if back.bias is not None]
            blocks.append(summed(total, layer.bias_name, each, tuple((v,) for v in bias), write))
    why = "the loss of several examples is the sum of theirs, and so is its gradient"
    if total.share != 1:
        why = "the loss of several examples is the mean of theirs, and so is its gradient"
    return Step("add up the examples", tuple(blocks), why)


def loss_chain(network: Network, total: Total) -> Chain:
    """L = Σ L_i = …"""
    assert total.loss is not None
    losses = [network.write(run.loss) for run in total.runs if run.loss is not None]
    parts = [added(losses)] if len(losses) <= MOST_RUNS_IN_FULL else []
    members = [shared(total, part) for part in (BigOp("sum", Indexed(L, (I,)), I), *parts)]
    return worked(L, *members, network.write(total.loss))


def shared(total: Total, sum_of_examples: Expr) -> Expr:
    """The sum, or 1/n of it where the loss is a mean."""
    return sum_of_examples if total.share == 1 else Mul((as_number(total.share), sum_of_examples))


def summed(total: Total, name: Expr, parts: Sequence[Rows], result: Rows, write: Write) -> Chain:
    """∂L/∂W = Σ ∂L_i/∂W = … with the numbers of each example, where they are few."""
    members: list[Expr] = [BigOp("sum", partial(Indexed(L, (I,)), name), I)]
    if len(parts) <= MOST_RUNS_IN_FULL:
        members.append(added([compact(matrix(part, write)) for part in parts]))
    return worked(
        partial(L, name), *(shared(total, member) for member in members),
        compact(matrix(result, write)),
    )  # fmt: skip
