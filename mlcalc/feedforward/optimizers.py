"""One step of an optimizer on one matrix, with its numbers: SGD, momentum, Adam.

Conventions are PyTorch's: the velocity is v ← μ v + g and the step η v; Adam corrects both
moments for their start at zero and adds ε after the root (Kingma and Ba 2015); weight decay
puts λ W into the gradient.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.feedforward.network import rows_of
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import (
    Add,
    Chain,
    Div,
    Expr,
    Hadamard,
    Indexed,
    Matrix,
    Mul,
    Symbol,
    call,
    substitute,
)
from mlcalc.maths.vectors import Write, added, compact, worked
from mlcalc.networks.gradients import Rows, matrix
from mlcalc.records import Record

ETA, LAMBDA, MU = Symbol("eta"), Symbol("lambda"), Symbol("mu")
BETA_1, BETA_2, EPSILON = Symbol("beta", "1"), Symbol("beta", "2"), Symbol("epsilon")
G, D = Symbol("g"), Symbol("d")
M, V = Symbol("m"), Symbol("v")
M_HAT, V_HAT = Symbol("m", accent="hat"), Symbol("v", accent="hat")

MOST_BITS = 200
"""A parameter with a longer numerator or denominator is carried on as a float."""


class Optimizer(Record):
    """The word of the optimizer and its numbers, by their letters."""

    word: str
    numbers: Mapping[Expr, Expr]
    write: Write

    @property
    def decays(self) -> bool:
        return self.numbers[LAMBDA] != as_number(0)


class Moments(Record):
    """What an optimizer remembers of one parameter after `count` steps."""

    count: int
    velocity: Matrix
    """Of momentum; Adam's first moment."""
    second: Matrix


class Parameter(Record):
    """A matrix or a bias, with the name it is written under."""

    name: Expr
    value: Matrix
    moments: Moments

    @classmethod
    def fresh(cls, name: Expr, value: Matrix) -> Parameter:
        zeros = Matrix(tuple((as_number(0),) * len(row) for row in value.rows))
        return cls(name, value, Moments(0, zeros, zeros))


def stepped(
    optimizer: Optimizer,
    parameter: Parameter,
    gradient_name: Expr,
    gradient: Rows,
    keeps_column: bool = False,
) -> tuple[Parameter, tuple[Chain, ...]]:
    """The parameter after one step, and the lines that work it out.

    With `keeps_column` the first column stays: its gradient is taken as zero.
    """
    line = Lines(optimizer)
    name, value, moments = parameter.name, parameter.value, parameter.moments
    g_name, g = gradient_name, matrix(gradient, optimizer.write)
    if optimizer.decays:
        g = line.add(G, g_name + LAMBDA * name, {g_name: g, name: value})
        g_name = G
    if keeps_column:
        g = Matrix(tuple((as_number(0), *row[1:]) for row in g.rows))
    before, now = as_number(moments.count), as_number(moments.count + 1)
    velocity, second = moments.velocity, moments.second
    direction_name, direction = g_name, g
    if optimizer.word == "momentum":
        direction_name = Indexed(V, (now,))
        v_before = Indexed(V, (before,))
        known = {v_before: velocity, g_name: g}
        velocity = direction = line.add(direction_name, MU * v_before + g_name, known)
    elif optimizer.word == "adam":
        velocity, second, direction = adam(line, moments, g_name, g)
        direction_name = D
    result = line.add(
        name, name - ETA * direction_name, {name: value, direction_name: direction}, "->"
    )
    after = Moments(moments.count + 1, velocity, second)
    return Parameter(name, carried(result, optimizer.write), after), tuple(line.chains)


def adam(line: Lines, moments: Moments, g_name: Expr, g: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """The two moments, and m̂/(√v̂ + ε)."""
    before, now = as_number(moments.count), as_number(moments.count + 1)
    m_0, m_1, v_0, v_1 = (Indexed(s, (t,)) for s in (M, V) for t in (before, now))
    known: dict[Expr, Expr] = {m_0: moments.velocity, v_0: moments.second, g_name: g}
    first = line.add(m_1, Mul((BETA_1, m_0)) + Mul((1 - BETA_1, g_name)), known)
    square = g_name**2 if g.shape == (1, 1) else Hadamard((g_name, g_name))
    if g.shape != (1, 1):
        known[square] = line.squares(square, g)
    second = line.add(v_1, Mul((BETA_2, v_0)) + Mul((1 - BETA_2, square)), known)
    m_hat = line.add(M_HAT, Div(m_1, 1 - BETA_1**now), {m_1: first})
    v_hat = line.add(V_HAT, Div(v_1, 1 - BETA_2**now), {v_1: second})
    whole = Div(M_HAT, call("sqrt", V_HAT) + EPSILON)
    return first, second, line.add(D, whole, {M_HAT: m_hat, V_HAT: v_hat})


class Lines:
    """Lines that are worked out one after the other."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.numbers, self.write = optimizer.numbers, optimizer.write
        self.chains: list[Chain] = []

    def add(
        self, target: Expr, letters: Expr, known: Mapping[Expr, Matrix | Expr], sign: str = "="
    ) -> Matrix:
        """target = letters = numbers = value; the value."""
        shown = {name: compact(v) if isinstance(v, Matrix) else v for name, v in known.items()}
        numbers = substitute(letters, {**self.numbers, **shown})
        if isinstance(numbers, Add):
            numbers = added(numbers.terms)
        value = matrix(rows(evaluate(numbers)), self.write)
        chain = worked(target, letters, numbers, compact(value))
        self.chains.append(Chain(target, ((sign, letters), *chain.links[1:])))
        return value

    def squares(self, target: Expr, g: Matrix) -> Matrix:
        """target = g ⊙ g, which would be wide beside what it is added to."""
        value = matrix(rows(evaluate(Hadamard((g, g)))), self.write)
        self.chains.append(worked(target, value))
        return value


def carried(value: Matrix, write: Write) -> Matrix:
    """The same, long fractions as floats."""
    if not any(map(is_long, (entry for row in rows_of(value) for entry in row))):
        return value
    return matrix(tuple(tuple(map(float, row)) for row in rows_of(value)), write)


def is_long(value: Scalar) -> bool:
    if isinstance(value, float):
        return False
    return max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS
