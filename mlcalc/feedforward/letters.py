"""A small network with letters in the place of numbers: formulas for its values and gradients.

Each unit keeps its name in the formulas that use it; the values of the answers are written out,
so that these hold nothing but what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from mlcalc.derivation import Answer, Derivation, Note, Prose, Result, Step, typed_name
from mlcalc.feedforward.network import DenseLayer, LayeredNetwork, X, Y, partial
from mlcalc.feedforward.pictures import diagram
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.feedforward.reading import Example, letters_of
from mlcalc.feedforward.sums import number_first, weighed
from mlcalc.feedforward.tables import hidden_note, sums_of, units_named
from mlcalc.feedforward.working import equations_step, shapes_step
from mlcalc.maths.tree import (
    Div,
    Expr,
    Listing,
    Matrix,
    Mul,
    Symbol,
    equals,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import NamedVector, added, compact
from mlcalc.networks.activations import applied, conventions, slope_factors
from mlcalc.networks.equations import L
from mlcalc.networks.losses import LossWriting

WRITTEN_OUT = Note(
    "mlp.letters",
    "units and deltas keep their names in the formulas; with --json they are written out",
)


def letters_derivation(
    given: NetworkQuestion, network: LayeredNetwork, example: Example, loss: LossWriting | None
) -> Derivation:
    """Forward, and with a loss its gradients, in the letters that were typed."""
    run = Formulas(network, example)
    steps = [equations_step(network), shapes_step(network), run.forward_step()]
    notes = [] if loss is None and len(network.layers) == 1 else [WRITTEN_OUT]
    notes += conventions(layer.activation for layer in network.layers)
    answers: list[Answer] = []
    if loss is not None:
        cost = run.cost(loss)
        steps += [Step("measure the loss", (equals(L, cost),)), *run.backward_steps(loss)]
        answers += [Answer("loss", run.full(cost), cost, L), run.gradients_answer()]
        answers.append(run.answer("deltas", run.deltas, [one.delta_name for one in network.layers]))
        notes += loss.notes()
    answers.append(run.output_answer())
    answers.append(run.answer("z", run.sums, [one.sum_name for one in network.layers]))
    answers.append(run.answer("a", run.values, [one.output_name for one in network.layers]))
    check_names(given, run)
    title = "A feed-forward network in letters"
    picture = diagram(network, is_trained=False)  # it is small enough to be drawn
    names = tuple((typed_name(name), e) for name, e in run.written_out.items())
    return Derivation(title, tuple(steps), tuple(answers), tuple(notes), (picture,), names=names)


def check_names(given: NetworkQuestion, run: Formulas) -> None:
    """Refuses letters that the working uses for something else."""
    for letter, field in letters_of(given).items():
        if letter in run.written_out or letter == L:
            message = f"{letter.spelled} is a name of the working here: take another letter"
            raise given.fault(message, field)


class Formulas:
    """The run of a network in letters, unit by unit; the lists hold one list a layer."""

    def __init__(self, network: LayeredNetwork, example: Example) -> None:
        self.network, self.example = network, example
        self.reads: list[Sequence[Expr]] = [column_of(example.x)]
        """What each layer reads, and at last the output."""
        self.sums: list[list[Expr]] = []
        self.values: list[list[Expr]] = []
        self.deltas: list[list[Expr]] = []
        self.written_out: dict[Expr, Expr] = {}
        """What a name of the working stands for, in nothing but what was typed."""
        for layer in network.layers:
            self.sums.append(sums_of(layer, self.reads[-1]))
            self.values.append([value_of(layer, total) for total in self.sums[-1]])
            self.reads.append(units_named(network, layer))
            self.name(self.reads[-1], self.values[-1])

    def name(self, names: Iterable[Expr], formulas: Iterable[Expr]) -> None:
        self.written_out |= dict(zip(names, map(self.full, formulas), strict=True))

    def full(self, formula: Expr) -> Expr:
        """The formula in nothing but what was typed."""
        return substitute(formula, self.written_out)

    # Forward.

    def forward_step(self) -> Step:
        names = [name for layer in self.reads[1:] for name in layer]
        values = [value for layer in self.values for value in layer]
        chains = tuple(map(equals, names, values))
        return Step("write out what each unit computes", chains, hidden_note(self.network))

    def output_answer(self) -> Answer:
        formula = self.full(one_or_column(self.reads[-1]))
        return Answer("output", formula, formula, Y)

    def answer(self, name: str, layers: Sequence[Sequence[Expr]], names: list[Expr]) -> Answer:
        """A list of formulas a layer."""
        value = Listing(tuple(Listing(tuple(map(self.full, layer))) for layer in layers))
        return Answer(name, value, Listing(tuple(map(equals, names, map(one_or_column, layers)))))

    # The loss, and back from it.

    def cost(self, loss: LossWriting) -> Expr:
        terms = [loss.term(y, t) for y, t in zip(self.reads[-1], self.targets, strict=True)]
        return loss.whole(added(terms), len(terms))

    @property
    def targets(self) -> list[Expr]:
        assert self.example.target is not None
        return column_of(self.example.target)

    def backward_steps(self, loss: LossWriting) -> list[Step]:
        """A step a layer, the output first; at last the gradient of the input."""
        steps: list[Step] = []
        above: list[Expr] = []
        for layer in reversed(self.network.layers):
            formulas = self.last_deltas(loss) if layer.is_last else self.carried(layer, above)
            above = self.delta_names(layer)
            self.deltas.insert(0, formulas)
            self.name(above, formulas)
            chains = [*map(equals, above, formulas)]
            chains += [equals(partial(L, name), value) for name, value in self.gradients(layer)]
            why = self.why(layer, loss)
            steps.append(Step(f"backpropagate through {layer.words}", tuple(chains), why))
        to_x = equals(partial(L, X), one_or_column(self.to_input))
        return [*steps, Step("carry the gradient to the input", (to_x,))]

    @staticmethod
    def why(layer: DenseLayer, loss: LossWriting) -> Prose:
        if not layer.is_last:
            return "the delta above comes back through its weights, times the slope here"
        if loss.has_combined_rule(layer.activation):
            return loss.why_combined()
        return "δ is ∂L/∂z: the slope of the loss times that of the activation"

    def delta_names(self, layer: DenseLayer) -> list[Expr]:
        """δ₂ of a layer of one unit, δ₁₁ and δ₁₂ of two."""
        if layer.units == 1:
            return [layer.delta_name]
        return [Symbol("delta", f"{layer.level}{unit}") for unit in range(1, layer.units + 1)]

    def last_deltas(self, loss: LossWriting) -> list[Expr]:
        """∂L/∂y · f′(z), or y − t where the loss and the activation go together."""
        layer, outputs = self.network.layers[-1], self.reads[-1]
        found: list[Expr] = []
        for y, t, z in zip(outputs, self.targets, self.sums[-1], strict=True):
            slope = y - t
            if not loss.has_combined_rule(layer.activation):
                of_one = loss.slope_in_letters(number_named(y), number_named(t))
                assert of_one is not None  # an output by itself always has a formula
                slope = product([of_one, *slope_factors(layer.activation, z, y)])
                if loss.word == "mean-squared-error" and len(outputs) > 1:
                    slope = product([Div(wrap(1), wrap(len(outputs))), slope])
            found.append(slope)
        return found

    def carried(self, layer: DenseLayer, above: Sequence[Expr]) -> list[Expr]:
        """What comes back through the weights above, times f′(z)."""
        columns = zip(*self.network.layers[layer.number].inner_weights.rows, strict=True)
        units = zip(columns, self.sums[layer.number - 1], self.reads[layer.number], strict=True)
        return [
            product([weighed(column, None, above), *slope_factors(layer.activation, z, h)])
            for column, z, h in units
        ]

    def gradients(self, layer: DenseLayer) -> list[tuple[Expr, Expr]]:
        """δ times what is read, and δ itself for the biases, each with its parameter's name."""
        deltas, reads = self.delta_names(layer), self.reads[layer.number - 1]
        leading = [[delta] if layer.has_column else [] for delta in deltas]
        rows = [
            (*first, *(number_first(delta, read) for read in reads))
            for first, delta in zip(leading, deltas, strict=True)
        ]
        found: list[tuple[Expr, Expr]] = [(layer.weights_name, compact(Matrix(tuple(rows))))]
        if layer.bias is not None:
            bias = added(deltas) if layer.is_shared else one_or_column(deltas)
            found.append((layer.bias_name, bias))
        return found

    @property
    def to_input(self) -> list[Expr]:
        first = self.network.layers[0]
        columns = zip(*first.inner_weights.rows, strict=True)
        return [weighed(column, None, self.delta_names(first)) for column in columns]

    def gradients_answer(self) -> Answer:
        """By parameter, each of its shape; and of the input."""
        value: dict[str, list[Expr]] = {"weights": [], "biases": []}
        shown: list[Expr] = []
        for layer in self.network.layers:
            kinds = zip(value.values(), self.gradients(layer), strict=False)
            for formulas, (name, formula) in kinds:
                formulas.append(self.full(formula))
                shown.append(equals(partial(L, name), formula))
        shown.append(equals(partial(L, X), one_or_column(self.to_input)))
        every: dict[str, Result] = {n: Listing(tuple(f)) for n, f in value.items() if f}
        every["x"] = Listing(tuple(map(self.full, self.to_input)))
        return Answer("gradients", every, Listing(tuple(shown)))


def column_of(matrix: Matrix) -> list[Expr]:
    return [row[0] for row in matrix.rows]


def value_of(layer: DenseLayer, total: Expr) -> Expr:
    return total if layer.activation == "identity" else applied(layer.activation, total)


def one_or_column(formulas: Sequence[Expr]) -> Expr:
    return compact(Matrix.column(formulas))


def number_named(name: Expr) -> NamedVector:
    """A number with a name; its value plays no part."""
    return NamedVector(name, (Fraction(0),))


def product(factors: Sequence[Expr]) -> Expr:
    """The product, one in it taken apart."""
    every: list[Expr] = []
    for factor in factors:
        every += factor.factors if isinstance(factor, Mul) else [factor]
    return Mul(tuple(every)) if len(every) > 1 else every[0]
