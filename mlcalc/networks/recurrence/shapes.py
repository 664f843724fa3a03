"""The shape of every matrix and vector of a network, with its letters and what it does."""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Prose
from mlcalc.maths.tree import Expr, Mul, Shape, Symbol, equals
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Concatenation,
    Equation,
    Reading,
    T,
    at_time,
)
from mlcalc.networks.recurrence.parameters import D_X, D_Y, GATES, ONE
from mlcalc.networks.running import Run
from mlcalc.showing.derivation import Step, Table

GATE_OF: Mapping[str, str] = {
    letter: what for gates in GATES.values() for letter, what in gates.items()
}
CANDIDATE = "the candidate"

MEMORIES: Mapping[str, str] = {
    "c": "the memory cell, also before the first step",
    "m": "the average of the outputs, also before",
}

SUMMANDS = "sq"
"""tanh c of the LSTM, and r ⊙ h of the GRU."""

Row = tuple[Symbol, tuple[int, int], Shape, str]
"""A quantity with its shape, the shape in letters, and what it does."""


class Shapes:
    """The quantities of a run, each once, in the order of the equations."""

    def __init__(self, run: Run) -> None:
        self.run, self.network = run, run.network
        self.made: dict[Symbol, Equation] = {e.target: e for e in self.network.equations}
        self.has_gates = any(e.target.accent == "bar" for e in self.network.equations)
        self.before = {vector for vector, _ in self.network.initial}
        self.rows: dict[Symbol, Row] = {}
        self.add_vector(self.network.inputs, "the input of one step")
        for equation in self.network.equations:
            if isinstance(equation, Affine):
                self.add_weights(equation)
            if not self.is_between(equation.target):
                self.add_vector(equation.target, self.vector_purpose(equation))

    def is_between(self, vector: Symbol) -> bool:
        """Whether a vector is but a line of the working of a gate, as long as the gate itself."""
        is_whole = vector.accent != "bar" and vector.name not in "uv"
        return vector.name in SUMMANDS or bool(self.gate(vector) and not is_whole)

    def add_vector(self, name: Symbol, why: str) -> None:
        symbol = Symbol(name.name, f"{name.subscript},t" if name.subscript else "t", name.accent)
        size = (self.run.sizes[name], 1)
        self.rows.setdefault(name, (symbol, size, Shape((self.letter(name), ONE)), why))

    def add_weights(self, equation: Affine) -> None:
        parameters, rows = self.run.parameters, self.letter(equation.target)
        for weight, reading in equation.products:
            shape = Shape((rows, self.letter(reading.vector)))
            why = self.weight_purpose(equation, reading)
            self.rows.setdefault(weight, (weight, parameters[weight].shape, shape, why))
        bias = equation.bias
        if bias is not None and bias in parameters:
            gate = self.gate(equation.target)
            one = "one bias for each output" if rows == D_Y else "one bias for each unit"
            why = f"bias of {gate}" if gate else one
            self.rows.setdefault(bias, (bias, parameters[bias].shape, Shape((rows, ONE)), why))

    # The lengths of vectors, in letters: d_x, d_h, d_y; of layer 2 it is d_2.

    def letter(self, vector: Symbol) -> Expr:
        made = self.made.get(vector)
        if vector == self.network.inputs:
            return D_X
        if vector in (self.network.output, self.output_sum(), Symbol("m")):
            return D_Y
        if isinstance(made, Concatenation) and len({r.vector for r in made.readings}) == 1:
            return Mul((as_number(len(made.readings)), self.letter(made.readings[0].vector)))
        return Symbol("d", vector.subscript or "h")

    def output_sum(self) -> Symbol | None:
        """The vector whose activation is the output."""
        made = self.made.get(self.network.output) if self.network.output else None
        return made.argument if isinstance(made, Activation) else None

    # What each does.

    def gate(self, vector: Symbol) -> str:
        """The gate that a sum belongs to, in words; nothing where there is none.

        A candidate without an activation is its own sum.
        """
        if vector.accent == "bar" or (self.has_gates and vector.name in "gn"):
            return GATE_OF.get(vector.name, "")
        is_window = isinstance(self.made.get(vector), Concatenation)
        return CANDIDATE if vector.name in "uv" and not is_window else ""

    def weight_purpose(self, equation: Affine, reading: Reading) -> str:
        is_output = self.letter(equation.target) == D_Y
        has_memory = any(vector.name == "h" for vector in self.before)
        other = "the state" if has_memory else "the units"
        to = self.gate(equation.target) or ("the output" if is_output else other)
        return f"takes {self.source(reading, other, is_output)} to {to}"

    def source(self, reading: Reading, state: str, is_output: bool) -> str:
        vector, made = reading.vector, self.made.get(reading.vector)
        if vector == self.network.inputs:
            return "the input"
        if isinstance(made, Concatenation) and len({r.vector for r in made.readings}) == 1:
            is_input = made.readings[0].vector == self.network.inputs
            return "the window of inputs" if is_input else "the outputs before"
        if vector.name in ("m", "q"):
            return "the memory" if vector.name == "m" else "the gated state"
        if vector == self.network.output:
            return "the output before"
        if reading.lag:
            return f"the state {'before' if reading.lag > 0 else 'after'}"
        return state if is_output else "the state below"

    def vector_purpose(self, equation: Equation) -> str:
        target = equation.target
        if target == self.network.output:
            return "the output"
        if isinstance(equation, Concatenation):
            names = {reading.vector for reading in equation.readings}
            window = "this input and those before, one below the other"
            if names == {self.network.inputs}:
                return window
            is_outputs = len(names) == 1
            return ("the outputs before" if is_outputs else "both directions") + (
                ", one below the other"
            )
        if gate := self.gate(getattr(equation, "argument", target)):
            return gate
        if target.name in MEMORIES:
            return MEMORIES[target.name]
        if any(isinstance(e, Activation) and e.argument == target for e in self.made.values()):
            return "the sum, before the activation"
        if target not in self.before:
            return "the units"
        end = "after the last" if self.run.start_time(target) else "before the first"
        return f"the state, also {end} step"


def shapes_step(run: Run) -> Step:
    shapes = Shapes(run)
    rows: list[tuple[Prose | Expr, ...]] = [
        (symbol, Shape(tuple(map(as_number, size))), in_letters, why)
        for symbol, size, in_letters, why in shapes.rows.values()
    ]
    table = Table(("name", "shape", "in letters", "what it does"), tuple(rows))
    lengths: list[str | Expr] = []
    for length, of in lengths_of(shapes):
        lengths += [", " if lengths else "", length, *of]
    rule = "; a matrix has a row for each entry of its result and a column for each that it reads"
    return Step("check the shapes", (table,), (*lengths, rule), of=("shapes",))


def lengths_of(shapes: Shapes) -> list[tuple[Expr, tuple[str | Expr, ...]]]:
    """d_x = 2 is the length of an input, and so on, in words."""
    run, network, letter = shapes.run, shapes.network, shapes.letter
    found: list[tuple[Expr, tuple[str | Expr, ...]]] = [
        (equals(D_X, run.sizes[network.inputs]), (" is the length of an input",))
    ]
    states = [e.target for e in network.equations if e.target.name == "h"]
    own = [state for state in dict.fromkeys(states) if letter(state) != D_Y]
    remembered = dict(network.initial)
    for state in own:
        of: tuple[str | Expr, ...] = (" of the state" if state in remembered else " of the units",)
        if len(own) > 1:
            of = (" of ", at_time(state, T))
        found.append((equals(letter(state), run.sizes[state]), of))
    if network.output is not None:
        found.append((equals(D_Y, run.sizes[network.output]), (" of the output",)))
    return found
