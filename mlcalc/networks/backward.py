"""The backward pass: what each equation gives to the gradient of what it reads.

The equations are taken in reverse order, the last time first.  A vector that is read in several
places has several parts, which are added up; a parameter gets a part at each time that it is
used.  `floor` cuts: nothing is carried to a state before that time; the initial state is no step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr, Symbol
from mlcalc.maths.vectors import NamedVector
from mlcalc.networks import arithmetic
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    L,
    Moment,
    Reading,
)
from mlcalc.networks.losses import LossWriting
from mlcalc.networks.running import Run


class Part(Record):
    """What one reader gives to the gradient of a vector; the loss has no equation.

    `index` counts the readings of the equation: it says which of them this part came through.
    """

    values: Vector
    reader: Equation | None
    time: int
    index: int = 0


class Use(Record):
    """One use of a parameter: ∂L/∂W gets δ xᵀ, and a bias δ alone, where no x is read."""

    time: int
    delta: Moment
    reading: Reading | None


class Seed(Record):
    """Where the gradient of the loss enters: ∂L/∂y_t or, by the combined rule, ∂L/∂z_t."""

    moment: Moment
    chains: Sequence[Chain]
    values: Vector


class Backward:
    """The gradients of a run, from `seeds`: the gradient of the loss in what it reads.

    `loss` is what is differentiated, as it is written: L, or L_3 of one step.
    """

    def __init__(
        self, run: Run, seeds: Mapping[Moment, Vector], floor: int | None = None, loss: Expr = L
    ) -> None:
        self.run, self.floor, self.loss = run, floor, loss
        self.parts: dict[Moment, list[Part]] = {}
        self.totals: dict[Moment, Vector] = {}
        self.uses: dict[Symbol, list[Use]] = {}
        self.gathered: dict[Symbol, Rows] = {}
        for moment, values in seeds.items():
            self.parts[moment] = [Part(values, None, moment[1])]
        self.order: list[tuple[Equation, int]] = []
        """The equations that got a gradient, in the order in which they were taken."""
        for each in reversed(run.network.passes):
            for time in reversed(each.times(run.steps)):
                for equation in reversed(each.at(time)):
                    self.take(equation, time)

    def take(self, equation: Equation, time: int) -> None:
        """Hands the gradient of an equation's target on to what the equation reads."""
        moment = (equation.target, time)
        if moment not in self.parts:
            return
        self.order.append((equation, time))
        gradient = self.total(moment)
        for index, reading in enumerate(equation.readings):
            source = reading.at(time)
            if not reading.stops and not self.is_cut(source):
                values = self.handed_on(equation, index, gradient, time)
                self.parts.setdefault(source, []).append(Part(values, equation, time, index))
        if isinstance(equation, Affine):
            for weight, reading in equation.products:
                use = Use(time, moment, reading)
                self.uses.setdefault(weight, []).append(use)
            if equation.bias is not None and equation.bias in self.run.numbers:
                self.uses.setdefault(equation.bias, []).append(Use(time, moment, None))

    def is_cut(self, source: Moment) -> bool:
        vector, time = source
        if self.floor is None or vector == self.run.network.inputs:
            return False
        return 1 <= time < self.floor

    def total(self, moment: Moment) -> Vector:
        """The gradient of a vector at a time: its parts added up, zeros where there is none."""
        if moment not in self.totals:
            parts = self.sorted_parts(moment)
            if not parts:
                return arithmetic.zeros(self.run.sizes[moment[0]])
            total = arithmetic.added(*(part.values for part in parts))
            self.totals[moment] = tuple(map(arithmetic.carried, total))
        return self.totals[moment]

    def sorted_parts(self, moment: Moment) -> list[Part]:
        """What comes from the same time first, then what comes from the future."""
        return sorted(self.parts.get(moment, []), key=lambda part: abs(part.time - moment[1]))

    def handed_on(self, equation: Equation, index: int, gradient: Vector, time: int) -> Vector:
        """The part of the gradient that goes to the reading of that index."""
        run = self.run
        match equation:
            case Affine(_, products, _):
                weight, reading = products[index]
                rows = arithmetic.transposed(run.numbers[weight])[reading.below_one :]
                return arithmetic.product(rows, gradient)
            case Activation(target, word, argument):
                z, h = run.at((argument, time)), run.at((target, time))
                return through(word, gradient, z, h)
            case Combination():
                return arithmetic.entrywise(gradient, self.beside(equation, index, time))
            case Concatenation(_, readings):
                sizes = [len(run.read(reading, time)) for reading in readings]
                start = sum(sizes[:index])
                return gradient[start : start + sizes[index]]

    def beside(self, equation: Combination, index: int, time: int) -> Vector:
        """What a factor of a combination is multiplied by, with the sign of its complement."""
        term, own = equation.term_of(index)
        scale: Scalar = Fraction(1) if term.coefficient is None else scalar(term.coefficient)
        if term.factors[own].complement:
            scale = -1 * scale
        others = [self.run.factor(f, time) for k, f in enumerate(term.factors) if k != own]
        return arithmetic.entrywise((scale,) * self.run.sizes[equation.target], *others)

    # Gradients of parameters.

    def contribution(self, use: Use) -> Rows:
        """What one use puts into the gradient of its parameter."""
        delta = self.total(use.delta)
        if use.reading is not None:
            return arithmetic.outer(delta, self.run.read(use.reading, use.time))
        return tuple((value,) for value in delta)

    def parameter(self, name: Symbol) -> Rows:
        """The gradient of a weight or a bias, added up over all its uses."""
        if name not in self.gathered:
            self.gathered[name] = self.gather(name)
        return self.gathered[name]

    def gather(self, name: Symbol) -> Rows:
        uses = self.uses.get(name, [])
        if self.run.is_large and uses and uses[0].reading is not None:
            return self.gather_at_once(uses)
        rows, columns = self.run.parameters[name].shape
        none = ((Fraction(0),) * columns,) * rows
        parts = [self.contribution(use) for use in uses]
        if rows == 1:  # a bias that several units share
            parts = [(row,) for part in parts for row in part]
        return arithmetic.added_rows(none, *parts)

    def gather_at_once(self, uses: list[Use]) -> Rows:
        """Σ_t δ_t x_tᵀ as one product of matrices."""
        import numpy

        deltas = numpy.array([self.total(each.delta) for each in uses], float)
        read = [self.run.read(each.reading, each.time) for each in uses if each.reading]
        operands = numpy.array(read, float)
        return tuple(map(tuple, (deltas.T @ operands).tolist()))

    def initial(self, vector: Symbol) -> Vector:
        """The gradient of the value that a vector has before the first step."""
        outside = [m for m in self.parts if m[0] == vector and not 1 <= m[1] <= self.run.steps]
        return arithmetic.added(arithmetic.zeros(self.run.sizes[vector]), *map(self.total, outside))


def through(word: str, gradient: Vector, z: Vector, h: Vector) -> Vector:
    """∂L/∂z where h = f(z)."""
    if word == "softmax":
        return arithmetic.product(arithmetic.softmax_jacobian(h), gradient)
    slopes = map(ACTIVATIONS[word].slope_at, z, h)
    return arithmetic.entrywise(gradient, tuple(slopes))


class LossAt(Record):
    """The loss of the output at a time: the numbers that it is made of, and its value."""

    loss: LossWriting
    run: Run
    time: int
    wanted: NamedVector
    numbers: Expr
    value: Scalar

    def chain(self, name: Expr) -> Chain:
        """name = Σ … = the value."""
        output = self.run.network.output
        assert output is not None
        named = self.run.named((output, self.time))
        return self.loss.worked(name, named, self.wanted, self.numbers, self.value)


def loss_at(loss: LossWriting, run: Run, time: int, wanted: NamedVector) -> LossAt:
    """What the output at that time costs."""
    output = run.network.output
    assert output is not None
    made = run.network.activation_of(output)
    word, logits = ("identity", output) if made is None else (made.word, made.argument)
    at = run.at((output, time)), wanted.values, word, run.at((logits, time))
    numbers = loss.numbers(*at)
    return LossAt(loss, run, time, wanted, numbers, scalar(numbers))


def seed_at(loss: LossWriting, run: Run, time: int, wanted: NamedVector, of: Expr = L) -> Seed:
    """∂L/∂y; or ∂L/∂z where the output's activation goes with the loss."""
    network, output = run.network, run.network.output
    assert output is not None
    made = network.activation_of(output)
    is_combined = made is not None and loss.has_combined_rule(made.word)
    moment = (made.argument if made is not None and is_combined else output, time)
    rule = loss.combined_gradient if is_combined else loss.gradient
    chains, values = rule(network.gradient(*moment, of), run.named((output, time)), wanted)
    return Seed(moment, chains, values)
