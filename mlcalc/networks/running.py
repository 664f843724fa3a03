"""The forward pass: every vector of a network at every time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, TooLarge, to_float
from mlcalc.maths.tree import Expr, Matrix, Symbol, wrap
from mlcalc.maths.vectors import NamedVector, Write, column
from mlcalc.networks import arithmetic
from mlcalc.networks.activations import values_of
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    Factor,
    Moment,
    Network,
    Reading,
    Term,
)

MOST_PRODUCTS = 5000
"""A network that takes more is computed in floating point, and is not written out."""


class Layout:
    """A network with its parameters, which may be letters, and how long each vector is.

    `parameters` are matrices as they were typed; a bias or an initial state is a column.
    """

    def __init__(
        self, network: Network, parameters: Mapping[Symbol, Matrix], inputs: int, steps: int
    ) -> None:
        self.network, self.parameters, self.steps = network, parameters, steps
        self.initial = dict(network.initial)
        self.sizes = self.lengths(inputs)

    def lengths(self, inputs: int) -> dict[Symbol, int]:
        """The length of every vector, from the matrices that make it or that read it."""
        sizes = {self.network.inputs: inputs}
        for equation in self.network.equations:
            if isinstance(equation, Affine):
                for weight, reading in equation.products:
                    rows, columns = self.parameters[weight].shape
                    sizes[equation.target] = rows
                    sizes.setdefault(reading.vector, columns - reading.below_one)
        while self.lengthen(sizes):
            pass
        return sizes

    def lengthen(self, sizes: dict[Symbol, int]) -> bool:
        """Adds the lengths that follow from those that are known; whether there were any."""
        before = len(sizes)
        for equation in self.network.equations:
            vectors = [reading.vector for reading in equation.readings]
            if isinstance(equation, Concatenation):
                if all(vector in sizes for vector in vectors):
                    sizes[equation.target] = sum(sizes[vector] for vector in vectors)
            elif not isinstance(equation, Affine):
                alike = [equation.target, *vectors]
                length = next((sizes[vector] for vector in alike if vector in sizes), None)
                if length is not None:
                    sizes.update(dict.fromkeys(alike, length))
        return len(sizes) > before

    def length_read(self, reading: Reading) -> int:
        """How many numbers an equation reads there, a leading 1 among them."""
        return self.sizes[reading.vector] + reading.below_one

    def start_time(self, vector: Symbol) -> int:
        """When the vector has its initial value: at 0, or at T + 1 where it runs backward."""
        for each in self.network.passes:
            if each.is_reversed and any(e.target == vector for e in each.equations):
                return self.steps + 1
        return 0


class Run(Layout):
    """A network with numbers, and what it computed from the inputs, columns as they were typed.

    The numbers are exact as far as the functions allow; of a network that `is_large` all are
    floats.
    """

    def __init__(
        self,
        network: Network,
        parameters: Mapping[Symbol, Matrix],
        inputs: Sequence[Matrix],
        steps: int,
        write: Write,
    ) -> None:
        super().__init__(network, parameters, len(inputs[0].rows), steps)
        self.write = write
        self.is_large = self.products() > MOST_PRODUCTS
        number: Callable[[Expr], Scalar] = scalar
        if self.is_large:
            number = lambda entry: to_float(scalar(entry))  # noqa: E731  # one of two
        self.numbers: dict[Symbol, Rows] = {
            name: tuple(tuple(map(number, row)) for row in matrix.rows)
            for name, matrix in parameters.items()
        }
        self.typed = {(network.inputs, time): x for time, x in enumerate(inputs, 1)}
        self.values: dict[Moment, Vector] = {
            moment: tuple(number(entry) for (entry,) in x.rows) for moment, x in self.typed.items()
        }
        self.shortened_at: int | None = None
        """The time from which exact values were too long, and went on as floats."""
        self.run()

    def products(self) -> int:
        """How many products of numbers a forward pass takes."""
        return self.steps * sum(math.prod(matrix.shape) for matrix in self.parameters.values())

    # Values.

    def at(self, moment: Moment) -> Vector:
        """The vector at a time; outside of the sequence its initial value, or zeros."""
        found = self.values.get(moment)
        if found is not None:
            return found
        vector, _ = moment
        parameter = self.initial.get(vector)
        if parameter in self.numbers:
            return tuple(row[0] for row in self.numbers[parameter])
        size = self.sizes[vector]
        return (0.0,) * size if self.is_large else arithmetic.zeros(size)

    def read(self, reading: Reading, time: int) -> Vector:
        """What an equation reads, below a leading 1 where its first weights are biases."""
        vector = self.at(reading.at(time))
        return (Fraction(1), *vector) if reading.below_one else vector

    def column(self, name: Symbol | None, size: int) -> Matrix | None:
        """A bias as a column; None where there is none."""
        found = None if name is None else self.parameters.get(name)
        return None if found is None else Matrix(found.rows * (size if len(found.rows) == 1 else 1))

    def factor(self, factor: Factor, time: int) -> Vector:
        vector = self.read(factor.reading, time)
        return arithmetic.complement(vector) if factor.complement else vector

    def shown(self, moment: Moment) -> Matrix:
        """The vector as a column of numbers, an input as it was typed."""
        found = self.typed.get(moment)
        return column(self.at(moment), self.write) if found is None else found

    def written(self, reading: Reading, time: int) -> Matrix:
        """What an equation reads, as a column of numbers."""
        rows = self.shown(reading.at(time)).rows
        return Matrix(((wrap(1),), *rows) if reading.below_one else rows)

    def named(self, moment: Moment) -> NamedVector:
        """The vector with its name: h_2."""
        return NamedVector(self.network.name(*moment), self.at(moment))

    # The pass.

    def run(self) -> None:
        for each in self.network.passes:
            for time in each.times(self.steps):
                for equation in each.at(time):
                    self.values[equation.target, time] = self.settled(equation, time)

    def settled(self, equation: Equation, time: int) -> Vector:
        """The value of the equation as it is carried on."""
        exact = self.compute(equation, time)
        if not all(math.isfinite(to_float(value)) for value in exact):
            where = self.network.place(equation, time)
            raise TooLarge(f"the values grow beyond the largest number (10^308) {where}")
        values = tuple(map(arithmetic.carried, exact))
        if values != exact and self.shortened_at is None:
            self.shortened_at = time
        return values

    def compute(self, equation: Equation, time: int) -> Vector:
        match equation:
            case Affine(_, products, bias):
                parts = [
                    arithmetic.product(self.numbers[w], self.read(r, time)) for w, r in products
                ]
                if bias in self.numbers:
                    entries = tuple(row[0] for row in self.numbers[bias])
                    parts.append(entries * (len(parts[0]) if len(entries) == 1 else 1))
                return arithmetic.added(*parts)
            case Activation(_, word, argument):
                return values_of(word, self.at((argument, time)))
            case Combination(_, terms):
                return arithmetic.added(*(self.term(term, time) for term in terms))
            case Concatenation(_, readings):
                return tuple(value for r in readings for value in self.read(r, time))

    def term(self, term: Term, time: int) -> Vector:
        result = arithmetic.entrywise(*(self.factor(factor, time) for factor in term.factors))
        if term.coefficient is None:
            return result
        return arithmetic.entrywise((scalar(term.coefficient),) * len(result), result)

    def sequence(self, vector: Symbol) -> tuple[Vector, ...]:
        """The vector at t = 1, 2, …"""
        return tuple(self.values[vector, time] for time in range(1, self.steps + 1))
