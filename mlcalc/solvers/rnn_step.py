"""Forward pass of a recurrent layer, step by step, every product with its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mlcalc import problem
from mlcalc.derivation import Answer, Block, Derivation, Note, Prose, Step, Table
from mlcalc.errors import Invalid, Unsolved
from mlcalc.fields import MatrixOf, Vector, Vectors, as_number
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Chain,
    Expr,
    Indexed,
    Listing,
    Matrix,
    Number,
    Shape,
    Symbol,
    equals,
)
from mlcalc.maths.vectors import Product, column, compact, writer
from mlcalc.networks.activations import ACTIVATION, conventions, is_shifted
from mlcalc.networks.layers import (
    check_numbers,
    entries,
    misfits,
    rounding_notes,
    unit,
    unit_equations,
)
from mlcalc.records import Record

MOST_STEPS_IN_FULL = 12
FIRST_STEPS_IN_FULL = 3
MOST_BITS = 200
"""An exact state with longer numerators or denominators is carried on as a float."""

T, X, Z, H, O, Y = map(Symbol, "txzhoy")  # noqa: E741  # O is the output's o, as in the books
D_X, D_H, D_Y = Symbol("d", "x"), Symbol("d", "h"), Symbol("d", "y")


class Problem(problem.Problem):
    x = problem.required(Vectors(), "the inputs, a row a step: '1 0; 0 1'")
    W_xh = problem.required(
        MatrixOf(), "weights from the input to the state", aliases=("W_hx", "W_in")
    )
    W_hh = problem.required(
        MatrixOf(), "weights from the state to the next state", aliases=("W_rec",)
    )
    W_hy = problem.optional(
        MatrixOf(), "weights from the state to the output", aliases=("W_yh", "W_out")
    )
    b_h = problem.optional(Vector(), "bias of the state", aliases=("b_rec",))
    b_y = problem.optional(Vector(), "bias of the output", aliases=("b_out",))
    h0 = problem.optional(Vector(), "state before the first step [zeros]")
    activation = problem.default(ACTIVATION, "tanh", "activation of the state")
    output_activation = problem.default(ACTIVATION, "identity", "activation of the output")


def solve(given: Problem) -> Derivation:
    """h_t = f(W_xh x_t + W_hh h_(t−1) + b_h) (Elman 1990), y_t = g(W_hy h_t + b_y), t = 1, 2, …"""
    layer = Layer(given)
    states = layer.run()
    steps = (equations_step(layer), shapes_step(layer), *working(layer, states))
    rows = [("h", H, tuple(state.h for state in states))]
    if layer.has_output:
        rows.append(("y", Y, tuple(state.y for state in states)))
    answers = [Answer(name, value, layer.sequence(value), symbol) for name, symbol, value in rows]
    sizes = [(symbol, size) for symbol, size, _, _ in layer.sizes()]
    maths = Listing(tuple(equals(symbol, Shape(tuple(map(as_number, n)))) for symbol, n in sizes))
    value = {symbol.spelled: tuple(map(Fraction, size)) for symbol, size in sizes}
    answers.append(Answer("shapes", value, maths))
    shown = [block for step in steps for block in step.blocks]
    return Derivation(
        "Forward pass of a recurrent layer",
        steps,
        tuple(answers),
        tuple(notes(layer, states, [*shown, *(answer.maths for answer in answers)])),
    )


class State(Record):
    """What one step computed: its chains, h of d_h values, y of d_y values, logits of a softmax."""

    time: int
    chains: tuple[Chain, ...]
    h: tuple[Scalar, ...]
    y: tuple[Scalar, ...]
    logits: tuple[tuple[Scalar, ...], ...]
    is_shortened: bool
    """Whether a fraction became too long and is carried on as a float."""


class Layer:
    """The matrices of one layer, checked against each other, under the names that were typed."""

    def __init__(self, given: Problem) -> None:
        self.given = given
        self.has_output = given.W_hy is not None
        self.f, self.g = given.activation, given.output_activation
        self.check_output()
        self.d_x, self.d_h = given.x[0].shape[0], given.W_hh.shape[0]
        self.d_y = 0 if given.W_hy is None else given.W_hy.shape[0]
        self.check_sizes()
        matrices = (
            (Problem.W_xh, given.W_xh), (Problem.W_hh, given.W_hh), (Problem.W_hy, given.W_hy),
            (Problem.b_h, given.b_h), (Problem.b_y, given.b_y), (Problem.h0, given.h0),
            *((Problem.x, row) for row in given.x),
        )  # fmt: skip
        known = [(field, matrix) for field, matrix in matrices if matrix is not None]
        for field, matrix in known:
            check_numbers(given, field, matrix)
        self.write = writer(matrix for _, matrix in known)
        zeros = Matrix.column([Number(Fraction(0))] * self.d_h)
        self.h0 = zeros if given.h0 is None else given.h0
        self.names = {field.name: Symbol.named(given.typed_name(field)) for field, _ in matrices}

    # What is given must fit together.

    def check_output(self) -> None:
        for field in (Problem.b_y, Problem.output_activation):
            if not self.has_output and self.given.is_given(field):
                name = self.given.typed_name(field)
                message = f"{name} needs an output: give W_hy (or W_yh, W_out), or leave {name} out"
                raise self.given.fault(message, field)

    def check_sizes(self) -> None:
        """Every shape that does not fit is told in one go, with the reason for the right one."""
        given, d_x, d_h = self.given, self.d_x, self.d_h
        w_hh = given.typed_name(Problem.W_hh)
        rows, columns = given.W_hh.shape
        if rows != columns:
            raise given.fault(
                f"{w_hh} is {rows}×{columns} and must be square: it takes the state h to the next "
                "state, which has as many entries",
                Problem.W_hh,
            )
        units = f"one for each entry of h ({w_hh} is {d_h}×{d_h})"
        outputs = f"one for each row of {given.typed_name(Problem.W_hy)}"
        inputs = f"a column for each entry of x_t, which has {entries(d_x)}{self.sequence_hint()}"
        checks = (
            (Problem.W_xh, given.W_xh, (d_h, d_x), f"a row {units[4:]}, {inputs}"),
            (Problem.W_hy, given.W_hy, (self.d_y, d_h), f"a column {units[4:]}"),
            (Problem.b_h, given.b_h, (d_h, 1), units),
            (Problem.h0, given.h0, (d_h, 1), units),
            (Problem.b_y, given.b_y, (self.d_y, 1), outputs),
        )
        complaints = [c for check in checks for c in misfits(given, *check)]
        if complaints:
            raise Invalid(*complaints)

    def sequence_hint(self) -> str:
        """One row that was meant as a sequence of numbers, and the other way round."""
        wanted, steps = self.given.W_xh.shape[1], len(self.given.x)
        if wanted == 1 and steps == 1:
            return "; x is one step: for steps of one entry write commas, as in '1, 0, 1'"
        if self.d_x == 1 and steps == wanted:
            return f"; x is {steps} steps: for a single one write '1 0 1' or [[1, 0, 1]]"
        return ""

    # The forward pass.

    def name(self, field: problem.Field[Any]) -> Symbol:
        return self.names[field.name]

    def state_sum(self, now: Expr, before: Expr) -> list[Expr]:
        """W_xh x_t and W_hh h_(t−1), as names."""
        return [
            self.name(Problem.W_xh) @ Indexed(X, (now,)),
            self.name(Problem.W_hh) @ Indexed(H, (before,)),
        ]

    def run(self) -> list[State]:
        states: list[State] = []
        h, is_shortened = self.h0, False
        for time, x in enumerate(self.given.x, 1):
            state = self.step(time, x, h, is_shortened)
            if not all(math.isfinite(to_float(value)) for value in (*state.h, *state.y)):
                raise Unsolved.because(
                    f"the values grow beyond the largest number (10^308) at t = {time}",
                    self.given.place,
                )
            states.append(state)
            h, is_shortened = column(state.h, self.write), state.is_shortened
        return states

    def step(self, time: int, x: Matrix, before: Matrix, was_shortened: bool) -> State:
        given, now = self.given, as_number(time)
        inputs, recurrent = self.state_sum(now, as_number(time - 1))
        products = (Product(inputs, given.W_xh, x), Product(recurrent, given.W_hh, before))
        bias = None if given.b_h is None else (self.name(Problem.b_h), given.b_h)
        chains, h, logits = unit(Z, H, now, products, bias, self.f, self.write)
        carried = tuple(to_float(value) if is_long(value) else value for value in h)
        if any(map(is_long, h)):
            last = chains[-1]
            rounded = compact(column(carried, self.write))
            chains[-1] = Chain(last.first, (*last.links[:-1], ("~=", rounded)))
        y: tuple[Scalar, ...] = ()
        softmaxes = [logits] if self.f == "softmax" else []
        if given.W_hy is not None:
            state = column(carried, self.write)
            name = self.name(Problem.W_hy) @ Indexed(H, (now,))
            bias = None if given.b_y is None else (self.name(Problem.b_y), given.b_y)
            outputs = (Product(name, given.W_hy, state),)
            found, y, logits = unit(O, Y, now, outputs, bias, self.g, self.write)
            chains += found
            softmaxes += [logits] if self.g == "softmax" else []
        shortened = was_shortened or any(map(is_long, h))
        return State(time, tuple(chains), carried, y, tuple(softmaxes), shortened)

    # How it is shown.

    def sequence(self, rows: tuple[tuple[Scalar, ...], ...]) -> Expr:
        """A row a step; a sequence of numbers as a list."""
        shown = tuple(tuple(map(self.write, row)) for row in rows)
        return Listing(tuple(row[0] for row in shown)) if len(rows[0]) == 1 else Matrix(shown)

    def sizes(self) -> list[tuple[Symbol, tuple[int, int], Shape, str]]:
        """Each quantity with its shape, the shape in letters, and what it does."""
        one, given = as_number(1), self.given
        found: list[tuple[Symbol, tuple[Expr, Expr], str]] = [
            (Symbol("x", "t"), (D_X, one), "the input of one step"),
            (self.name(Problem.W_xh), (D_H, D_X), "takes the input to the state"),
            (self.name(Problem.W_hh), (D_H, D_H), "takes the state before to the state"),
        ]
        if given.b_h is not None:
            found.append((self.name(Problem.b_h), (D_H, one), "one bias for each unit"))
        if self.f != "identity":
            found.append((Symbol("z", "t"), (D_H, one), "the sum, before the activation"))
        found.append((Symbol("h", "t"), (D_H, one), "the state, also before the first step"))
        if self.has_output:
            found.append((self.name(Problem.W_hy), (D_Y, D_H), "takes the state to the output"))
            if given.b_y is not None:
                found.append((self.name(Problem.b_y), (D_Y, one), "one bias for each output"))
            if self.g != "identity":
                found.append((Symbol("o", "t"), (D_Y, one), "the sum, before the activation"))
            found.append((Symbol("y", "t"), (D_Y, one), "the output"))
        numbers = {D_X: self.d_x, D_H: self.d_h, D_Y: self.d_y, one: 1}
        return [
            (symbol, (numbers[a], numbers[b]), Shape((a, b)), why) for symbol, (a, b), why in found
        ]


def is_long(value: Scalar) -> bool:
    if isinstance(value, float):
        return False
    return max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS


def equations_step(layer: Layer) -> Step:
    """The equations in letters, for any t."""
    given = layer.given
    bias = [] if given.b_h is None else [layer.name(Problem.b_h)]
    blocks = unit_equations(Z, H, T, [*layer.state_sum(T, T - 1), *bias], layer.f)
    if layer.has_output:
        bias = [] if given.b_y is None else [layer.name(Problem.b_y)]
        state = layer.name(Problem.W_hy) @ Indexed(H, (T,))
        blocks += unit_equations(O, Y, T, [state, *bias], layer.g)
    note = "the new state is made of the input and of the state before, by the same weights always"
    return Step("write the equations of the layer", tuple(blocks), note)


def shapes_step(layer: Layer) -> Step:
    rows: list[tuple[Prose | Expr, ...]] = [
        (symbol, Shape(tuple(map(as_number, size))), letters, why)
        for symbol, size, letters, why in layer.sizes()
    ]
    table = Table(("name", "shape", "in letters", "what it does"), tuple(rows))
    lengths: list[str | Expr] = [equals(D_X, layer.d_x), " is the length of an input, "]
    lengths += [equals(D_H, layer.d_h), " of the state"]
    if layer.has_output:
        lengths += [", ", equals(D_Y, layer.d_y), " of the output"]
    rule = "; a matrix has a row for each entry of its result and a column for each that it reads"
    lengths.append(rule)
    return Step("check the shapes", (table,), tuple(lengths))


def is_in_full(time: int, count: int) -> bool:
    """Whether a step is written out; of a long sequence only the first few and the last are."""
    return count <= MOST_STEPS_IN_FULL or time <= FIRST_STEPS_IN_FULL or time == count


def working(layer: Layer, states: Sequence[State]) -> list[Step]:
    """One step for each time; those that are not written out share a table."""
    steps: list[Step] = []
    brief = [state for state in states if not is_in_full(state.time, len(states))]
    for state in states:
        if is_in_full(state.time, len(states)):
            steps.append(Step(f"step t = {state.time}", state.chains))
        elif state is brief[0]:
            table = Table(
                (T, Indexed(H, (T,)), *((Indexed(Y, (T,)),) if layer.has_output else ())),
                tuple(table_row(layer, state) for state in brief),
            )
            rule = f"steps t = {brief[0].time} to {brief[-1].time}"
            steps.append(Step(rule, (table,), "in the same way; only the results are shown"))
    return steps


def table_row(layer: Layer, state: State) -> tuple[Expr, ...]:
    vectors = (state.h, state.y) if layer.has_output else (state.h,)
    shown = (compact(column(vector, layer.write)) for vector in vectors)
    return as_number(state.time), *shown


def notes(layer: Layer, states: Sequence[State], shown: Sequence[Block]) -> list[Note]:
    """The conventions that were used, and what was rounded or shortened."""
    h_0: Expr = Indexed(H, (as_number(0),))
    found = [
        Note("rnn.time_index", ("steps are counted from t = 1; ", h_0, " is the state before them"))
    ]
    if layer.given.h0 is None:
        found.append(Note("rnn.initial_state", (h_0, " is not given and is taken as zero")))
    if layer.d_h > 1 or layer.d_y > 1:
        found.append(Note("rnn.rows_are_steps", "in the answers each row is one step"))
    found += conventions([layer.f, *([layer.g] if layer.has_output else [])])
    if any(is_shifted(logits) for state in states for logits in state.logits):
        text = "in softmax the largest entry is first taken off from all, which changes nothing"
        found.append(Note("softmax.shifted", text))
    brief = [state.time for state in states if not is_in_full(state.time, len(states))]
    if brief:
        text = f"the steps from {brief[0]} to {brief[-1]} are computed alike and not written out"
        found.append(Note("rnn.shortened", text))
    late = next((state.time for state in states if state.is_shortened), None)
    if late is not None:
        text = f"from t = {late} on the exact numbers grow too long: floating point carries on"
        found.append(Note("rounding.floats", text))
    return [*found, *rounding_notes(shown)]
