"""A small network with letters in the place of numbers: formulas for its values and gradients.

Its units are numbers with equations of their own.  Each keeps its name in the formulas that use it;
the values of the answers are written out, so that these hold nothing but what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.board import Note, Prose
from mlcalc.maths.tree import Expr, Listing, Matrix, Symbol, equals
from mlcalc.maths.vectors import added, compact
from mlcalc.networks.activations import conventions, slope_factors
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Equation,
    L,
    Moment,
    Network,
    Pass,
    Reading,
)
from mlcalc.networks.feedforward.network import DenseLayer, LayeredNetwork, X, Y, partial
from mlcalc.networks.feedforward.pictures import diagram
from mlcalc.networks.feedforward.question import NetworkQuestion
from mlcalc.networks.feedforward.reading import Example, letters_of
from mlcalc.networks.feedforward.tables import hidden_note, units_named
from mlcalc.networks.feedforward.working import equations_step, shapes_step
from mlcalc.networks.losses import LossWriting
from mlcalc.networks.running import Layout
from mlcalc.networks.symbolic import ONE, Symbolic
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, typed_name

WRITTEN_OUT = Note(
    "mlp.letters",
    "units and deltas keep their names in the formulas; with --json they are written out",
)
LEADING = Symbol("1")
"""The 1 that a bias weighs."""


def letters_derivation(
    given: NetworkQuestion, network: LayeredNetwork, example: Example, loss: LossWriting | None
) -> Derivation:
    """Forward, and with a loss its gradients, in the letters that were typed."""
    units = Units(network, example)
    steps = [equations_step(network), shapes_step(network), units.forward_step()]
    notes = [] if loss is None and len(network.layers) == 1 else [WRITTEN_OUT]
    notes += conventions(layer.activation for layer in network.layers)
    answers: list[Answer] = []
    if loss is not None:
        cost = units.cost(loss)
        steps += [Step("measure the loss", (equals(L, cost),)), *units.backward_steps(loss)]
        answers += [Answer("loss", units.full(cost), cost, L), units.gradients_answer()]
        answers.append(units.answer("deltas", [one.delta_name for one in network.layers]))
        notes += loss.notes()
    formula = units.full(one_or_column(units.layers[-1].names))
    answers.append(Answer("output", formula, formula, Y))
    answers.append(units.answer("z", [one.sum_name for one in network.layers]))
    answers.append(units.answer("a", [one.output_name for one in network.layers]))
    names = units.run.names
    for letter, field in letters_of(given).items():
        if letter in names or letter == L:
            message = f"{letter.spelled} is a name of the working here: take another letter"
            raise given.fault(message, field)
    typed = tuple((typed_name(name), formula) for name, formula in names.items())
    picture = diagram(network, is_trained=False)  # it is small enough to be drawn
    title = "A feed-forward network in letters"
    return Derivation(title, tuple(steps), tuple(answers), tuple(notes), (picture,), names=typed)


class UnitLayer:
    """A layer taken apart: each unit with its sum, its delta and its parameters."""

    def __init__(self, network: LayeredNetwork, layer: DenseLayer, reads: Sequence[Symbol]) -> None:
        self.layer = layer
        self.names = units_named(network, layer)
        numbers = range(1, layer.units + 1)
        self.sums = [Symbol("z", f"{layer.number},{k}") for k in numbers]
        self.deltas = [Symbol("delta", f"{layer.level}{k}") for k in numbers]
        if layer.units == 1:
            self.deltas = [layer.delta_name]
        self.typed: dict[Symbol, Expr] = {}
        self.weights = [
            [self.parameter(f"{k},{j}", weight) for j, weight in enumerate(row, 1)]
            for k, row in enumerate(layer.inner_weights.rows, 1)
        ]
        shared = layer.is_shared
        self.biases = [
            self.parameter("" if shared else f"{k}", bias)
            for k, bias in enumerate(layer.biases or (), 1)
        ]
        self.equations: list[Equation] = []
        for k, (name, z) in enumerate(zip(self.names, self.sums, strict=True)):
            bias = [(self.biases[k], Reading(LEADING))] if self.biases else []
            weights = zip(self.weights[k], map(Reading, reads), strict=True)
            self.equations.append(Affine(z, (*bias, *weights)))
            self.equations.append(Activation(name, layer.activation, z))

    def parameter(self, mark: str, value: Expr) -> Symbol:
        name = Symbol("W" if "," in mark else "b", f"{self.layer.number},{mark}")
        self.typed[name] = value
        return name


class Units:
    """The run of a network in letters, unit by unit."""

    def __init__(self, network: LayeredNetwork, example: Example) -> None:
        self.network, self.example = network, example
        self.layers: list[UnitLayer] = []
        self.inputs = [Symbol("x", f",{k}") for k in range(1, network.inputs + 1)]
        reads = self.inputs
        for layer in network.layers:
            self.layers.append(UnitLayer(network, layer, reads))
            reads = self.layers[-1].names
        equations = tuple(equation for one in self.layers for equation in one.equations)
        sums = [z for one in self.layers for z in one.sums]
        deltas = [delta for one in self.layers for delta in one.deltas]
        typed = {name: Matrix(((v,),)) for one in self.layers for name, v in one.typed.items()}
        inputs: dict[Moment, Expr] = {(LEADING, 1): ONE}
        inputs |= {(x, 1): row[0] for x, row in zip(self.inputs, example.x.rows, strict=True)}
        named = tuple(zip(sums, deltas, strict=True))
        whole = Network((Pass(equations),), X, Y, Y, is_timed=False, deltas=named)
        self.run = Symbolic(Layout(whole, typed, 1, 1), inputs, sums, slope_factors)

    def full(self, formula: Expr) -> Expr:
        """The formula in nothing but what was typed."""
        return self.run.written_out(formula)

    def forward_step(self) -> Step:
        names = [name for one in self.layers for name in one.names]
        chains = tuple(equals(name, self.run.right[name, 1]) for name in names)
        return Step("write out what each unit computes", chains, hidden_note(self.network))

    def answer(self, name: str, vectors: Sequence[Expr]) -> Answer:
        """A list of formulas a layer: of the sums, of what the units give, or of the deltas."""
        run = self.run
        every = [
            [run.right[z, 1] for z in one.sums] if name == "z"
            else [run.right[unit, 1] for unit in one.names] if name == "a"
            else [run.adjoints[z, 1] for z in one.sums]
            for one in self.layers
        ]  # fmt: skip
        value = Listing(tuple(Listing(tuple(map(self.full, formulas))) for formulas in every))
        shown = map(equals, vectors, map(one_or_column, every))
        return Answer(name, value, Listing(tuple(shown)))

    # The loss, and back from it.

    def cost(self, loss: LossWriting) -> Expr:
        terms = [loss.term(y, t) for y, t in self.outputs()]
        return loss.whole(added(terms), len(terms))

    def outputs(self) -> list[tuple[Symbol, Expr]]:
        """Each output with its target."""
        assert self.example.target is not None
        wanted = [row[0] for row in self.example.target.rows]
        return list(zip(self.layers[-1].names, wanted, strict=True))

    def seeds(self, loss: LossWriting) -> dict[Moment, Expr]:
        """∂L/∂y, or y − t at the sum where the loss and the activation go together."""
        last, pairs = self.layers[-1], self.outputs()
        if loss.has_combined_rule(last.layer.activation):
            return {(z, 1): y - t for z, (y, t) in zip(last.sums, pairs, strict=True)}
        return {(y, 1): loss.slope_of(y, t, len(pairs)) for y, t in pairs}

    def backward_steps(self, loss: LossWriting) -> list[Step]:
        """A step a layer, the output first; at last the gradient of the input."""
        self.run.backward(self.seeds(loss))
        steps: list[Step] = []
        for one in reversed(self.layers):
            deltas = zip(one.deltas, one.sums, strict=True)
            chains = [equals(delta, self.run.adjoints[z, 1]) for delta, z in deltas]
            chains += [equals(partial(L, name), value) for name, value in self.gradients(one)]
            why = self.why(one.layer, loss)
            steps.append(Step(f"backpropagate through {one.layer.words}", tuple(chains), why))
        to_x = equals(partial(L, X), one_or_column(self.to_input))
        return [*steps, Step("carry the gradient to the input", (to_x,))]

    @staticmethod
    def why(layer: DenseLayer, loss: LossWriting) -> Prose:
        if not layer.is_last:
            return "the delta above comes back through its weights, times the slope here"
        if loss.has_combined_rule(layer.activation):
            return loss.why_combined()
        return "δ is ∂L/∂z: the slope of the loss times that of the activation"

    def gradients(self, one: UnitLayer) -> list[tuple[Symbol, Expr]]:
        """The gradients of the layer's parameters by their names, each of its shape."""
        layer = one.layer
        rows = [[self.run.parameter(name)[1] for name in row] for row in one.weights]
        biases = [self.run.parameter(name)[1] for name in dict.fromkeys(one.biases)]
        if layer.has_column:
            rows = [[bias, *row] for bias, row in zip(biases, rows, strict=True)]
        found = [(layer.weights_name, compact(Matrix(tuple(map(tuple, rows)))))]
        return found if layer.bias is None else [*found, (layer.bias_name, one_or_column(biases))]

    @property
    def to_input(self) -> list[Expr]:
        return [self.run.adjoints[x, 1] for x in self.inputs]

    def gradients_answer(self) -> Answer:
        """By parameter, each of its shape; and of the input."""
        every = [self.gradients(one) for one in self.layers]
        shown = [equals(partial(L, name), formula) for found in every for name, formula in found]
        shown.append(equals(partial(L, X), one_or_column(self.to_input)))
        weights = [self.full(formula) for (_, formula), *_ in every]
        biases = [self.full(formula) for _, *rest in every for _, formula in rest]
        value: dict[str, Result] = {"weights": Listing(tuple(weights))}
        if biases:
            value["biases"] = Listing(tuple(biases))
        value["x"] = Listing(tuple(map(self.full, self.to_input)))
        return Answer("gradients", value, Listing(tuple(shown)))


def one_or_column(formulas: Sequence[Expr]) -> Expr:
    return compact(Matrix.column(formulas))
