"""The steps of one run on the board: equations, shapes, forward, loss, back, sums."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Prose, prose
from mlcalc.maths.tree import (
    BigOp,
    Chain,
    Expr,
    Hadamard,
    Indexed,
    Listing,
    Matrix,
    Mul,
    Shape,
    Symbol,
    Transpose,
    equals,
)
from mlcalc.maths.vectors import added, column, compact, matrix, worked
from mlcalc.networks.activations import slope_in_letters
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.backward_working import ParameterWriting
from mlcalc.networks.equations import L
from mlcalc.networks.feedforward.marks import of_example
from mlcalc.networks.feedforward.network import DenseLayer, LayeredNetwork, T, X, Y, partial
from mlcalc.networks.feedforward.runs import ExampleRun, Total
from mlcalc.networks.running import Layout
from mlcalc.networks.working import equation_in_letters, worked_out
from mlcalc.showing.derivation import Step, Table, only_for, step

MOST_RUNS_IN_FULL = 4
ALIKE = "in the same way"
I = Symbol("i")  # noqa: E741  # the index of the examples
L_I = Indexed(L, (I,))


OF_GRADIENTS = ("gradients", "deltas", "updated", "loss_after")
OF_LOSS = ("loss", *OF_GRADIENTS)


def equations_step(network: LayeredNetwork) -> Step:
    """z = W a + b and a = f(z) of each layer, in letters."""
    layout = Layout(network.equations, network.parameters, network.inputs, 1)
    blocks = tuple(equation_in_letters(e, layout) for e in layout.network.equations)
    note = "each layer weighs what it reads, adds up, and applies its activation"
    return Step("write the equations of the network", blocks, note)


def shapes_step(network: LayeredNetwork) -> Step:
    """A row for each matrix: its shape in numbers and in letters, and why."""
    rows: list[tuple[Prose | Expr, ...]] = []
    for layer in network.layers:
        what = "takes the input to " if layer.number == 1 else "takes the layer before to "
        units = units_of(layer.level)
        reads = units_of(layer.level - 1)
        letters = Shape((units, reads + 1 if layer.has_column else reads))
        rows.append((layer.weights_name, sized(layer.weights), letters, what + layer.words))
        if layer.bias is not None:
            size = sized(layer.bias)
            per = "one bias that all its units share" if layer.is_shared else "one bias a unit"
            own = size if layer.is_shared else Shape((units, as_number(1)))
            rows.append((layer.bias_name, size, own, per))
    table = Table(("name", "shape", "in letters", "what it does"), tuple(rows))
    return Step("check the shapes", (table,), sizes_note(network), of=("shapes",))


def sized(found: Matrix) -> Shape:
    return Shape(tuple(map(as_number, found.shape)))


def units_of(level: int) -> Expr:
    """s_2."""
    return Symbol("s", str(level))


def sizes_note(network: LayeredNetwork) -> Prose:
    pieces: list[str | Expr] = ["units a layer: "]
    pieces.append(equals(units_of(int(network.has_column)), network.inputs))
    for layer in network.layers:
        pieces += [", ", equals(units_of(layer.level), layer.units)]
    reads = "a column for each number that it reads"
    reads += ", the leading 1 among them" if network.has_column else ""
    return (*pieces, f"; a matrix has a row for each unit and {reads}")


# One example.


def run_steps(network: LayeredNetwork, total: Total) -> list[Step]:
    """One example step by step; of several the first few, and the sums over all."""
    runs = total.runs
    if len(runs) == 1:
        return [*one_run(network, runs[0]), *to_input(runs[0])]
    shown = runs if len(runs) <= MOST_RUNS_IN_FULL else runs[:1]
    steps = [of_example(example_step(network, run), network, run.number) for run in shown]
    if len(shown) < len(runs):
        steps.append(Step("run the other examples", (runs_table(network, runs[1:]),), ALIKE))
    return [*steps, sums_step(network, total)]


def example_step(network: LayeredNetwork, run: ExampleRun) -> Step:
    note = "a raised (i) is of example i" if run.number == 1 else ""
    return Step(f"example {run.number}", (), note, tuple(one_run(network, run)))


def again_steps(network: LayeredNetwork, total: Total) -> list[Step]:
    """The same in a later step of the training, where the way is known: one example in full."""
    if len(total.runs) == 1:
        return one_run(network, total.runs[0])
    table = Step("run the examples", (runs_table(network, total.runs),), ALIKE)
    return [table, sums_step(network, total)]


def start_step(network: LayeredNetwork, total: Total) -> Step:
    """What the network says, and its loss, before it is trained."""
    return Step("run the examples", (runs_table(network, total.runs), loss_chain(network, total)))


def one_run(network: LayeredNetwork, run: ExampleRun) -> list[Step]:
    """Forward layer by layer, the loss, and back from the output."""
    steps: list[Step] = []
    if network.has_column:
        below = Matrix(((as_number(1),), *run.example.x.rows))
        why = "the first weight of each unit is its bias"
        steps.append(step("put a 1 before the input", "read = below", why=why,
                          read=Matrix.column((as_number(1), X)), below=below))  # fmt: skip
    for layer in network.layers:
        chains = [chain for e in layer.equations for chain in worked_out(e, run.run, 1)]
        steps.append(Step(f"run {layer.words}", tuple(chains)))
    if run.loss_chain is not None:
        steps.append(Step("measure the loss", (run.loss_chain,), target_note(run), of=OF_LOSS))
    return [*steps, *(only_for(OF_GRADIENTS, gradient_steps(network, run)) if run.back else ())]


def target_note(run: ExampleRun) -> Prose:
    assert run.example.target is not None
    return prose("the output is compared with the target $t = values$",
                 values=listed(run.example.target))  # fmt: skip


def gradient_steps(network: LayeredNetwork, run: ExampleRun) -> list[Step]:
    """A step a layer, the output first: δ, and the gradients of its parameters."""
    assert run.back is not None
    parameters = ParameterWriting(run.run, [run.back.backward])
    steps: list[Step] = []
    above: DenseLayer | None = None
    for layer in reversed(network.layers):
        vectors = (layer.output_name, layer.sum_name)
        chains = [chain for vector in vectors for chain in run.back.chains((vector, 1))]
        for name, use in parameters.learned(layer.equations):
            chains += parameters.chains(name, use)
        note = run.why if above is None else back_note(layer, above)
        steps.append(Step(f"backpropagate through {layer.words}", tuple(chains), note))
        above = layer
    return steps


def back_note(layer: DenseLayer, above: DenseLayer) -> Prose:
    """δ_l = (W_(l+1)ᵀ δ_(l+1)) ⊙ f′(z_l), by the names of this layer and of the one above."""
    if layer.activation == "softmax":
        return ""
    back = Transpose(above.inner_name) @ above.delta_name
    slopes = slope_in_letters(layer.activation, layer.sum_name, layer.output_name)
    rule = equals(layer.delta_name, Hadamard((back, *slopes)) if slopes else back)
    return ("the delta above comes back through its weights: ", rule)


def to_input(run: ExampleRun) -> list[Step]:
    """What comes back to the input."""
    if run.back is None:
        return []
    chains = tuple(run.back.chains((X, 1)))
    return [Step("carry the gradient to the input", chains, of=("gradients",))]


# Several examples.


def runs_table(network: LayeredNetwork, runs: Sequence[ExampleRun]) -> Table:
    """The examples that are not written out: input, output, target and loss."""
    rows: list[tuple[Prose | Expr, ...]] = []
    for run in runs:
        row: list[Prose | Expr] = [as_number(run.number), listed(run.example.x)]
        row.append(listed(column(run.output, network.write)))
        if run.example.target is not None and run.loss is not None:
            row += [listed(run.example.target), network.write(run.loss)]
        rows.append(tuple(row))
    return Table((I, X, Y, T, L_I)[: len(rows[0])], tuple(rows))


def listed(vector: Matrix) -> Expr:
    """A column on one line."""
    return Listing(tuple(row[0] for row in vector.rows))


def sums_step(network: LayeredNetwork, total: Total) -> Step:
    """L = Σ L_i and its gradients, matrix by matrix."""
    blocks = [] if total.loss is None else [loss_chain(network, total)]
    for name, result in total.gradients.items():
        parts = [run.back.backward.parameter(name) for run in total.runs if run.back]
        blocks.append(summed(network, total, name, parts, result))
    what = "sum" if total.share == 1 else "mean"
    why = f"the loss of several examples is the {what} of theirs, and so is its gradient"
    return Step("add up the examples", tuple(blocks), why)


def loss_chain(network: LayeredNetwork, total: Total) -> Chain:
    """L = Σ L_i = …"""
    assert total.loss is not None
    losses = [network.write(run.loss) for run in total.runs if run.loss is not None]
    parts = [added(losses)] if len(losses) <= MOST_RUNS_IN_FULL else []
    members = [shared(total, part) for part in (BigOp("sum", L_I, I), *parts)]
    return worked(L, *members, network.write(total.loss))


def shared(total: Total, sum_of_examples: Expr) -> Expr:
    """The sum, or 1/n of it where the loss is a mean."""
    return sum_of_examples if total.share == 1 else Mul((as_number(total.share), sum_of_examples))


def summed(
    network: LayeredNetwork, total: Total, name: Expr, parts: Sequence[Rows], result: Rows
) -> Chain:
    """∂L/∂W = Σ ∂L_i/∂W = … with the numbers of each example, where they are few."""
    members: list[Expr] = [BigOp("sum", partial(L_I, name), I)]
    if len(parts) <= MOST_RUNS_IN_FULL:
        members.append(added([compact(matrix(part, network.write)) for part in parts]))
    shown = compact(matrix(result, network.write))
    return worked(partial(L, name), *(shared(total, member) for member in members), shown)
