"""One step of an optimizer on one matrix, with its numbers: SGD, momentum, Adam.

Conventions are PyTorch's: the velocity is v ← μ v + g and the step η v; Adam corrects both
moments for their start at zero and adds ε after the root (Kingma and Ba 2015); weight decay
puts λ W into the gradient.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.feedforward.network import at_step
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.tree import (
    Add,
    Chain,
    Div,
    Expr,
    Hadamard,
    Indexed,
    Marked,
    Matrix,
    Mul,
    Symbol,
    call,
    substitute,
)
from mlcalc.maths.vectors import Write, added, compact, matrix, worked
from mlcalc.networks import arithmetic
from mlcalc.networks.arithmetic import Rows
from mlcalc.records import Record

ETA, LAMBDA, MU = Symbol("eta"), Symbol("lambda"), Symbol("mu")
BETA_1, BETA_2, EPSILON = Symbol("beta", "1"), Symbol("beta", "2"), Symbol("epsilon")
G, D = Symbol("g"), Symbol("d")
M, V = Symbol("m"), Symbol("v")
M_HAT, V_HAT = Symbol("m", accent="hat"), Symbol("v", accent="hat")


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

    name: Symbol
    value: Matrix
    moments: Moments

    @classmethod
    def fresh(cls, name: Symbol, value: Matrix) -> Parameter:
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
    value, moments = parameter.value, parameter.moments
    name = at_step(parameter.name, moments.count)
    g_name, g = gradient_name, matrix(gradient, optimizer.write)
    if optimizer.decays:
        decayed = at_step(of_parameter(G, parameter.name), moments.count)
        g = line.add(decayed, g_name + LAMBDA * name, {g_name: g, name: value})
        g_name = decayed
    if keeps_column:
        g = Matrix(tuple((as_number(0), *row[1:]) for row in g.rows))
    own = Names(parameter.name, moments.count)
    velocity, second = moments.velocity, moments.second
    match optimizer.word:
        case "sgd":
            direction_name, direction = g_name, g
        case "momentum":
            direction_name, v_before = own.now(V), own.before(V)
            known = {v_before: velocity, g_name: g}
            velocity = direction = line.add(direction_name, MU * v_before + g_name, known)
        case "adam":
            velocity, second, direction = adam(line, own, moments, g_name, g)
            direction_name = own.now(D)
        case word:
            raise LookupError(f"no step is known of the optimizer {word}")
    target = at_step(parameter.name, moments.count + 1)
    known = {name: value, direction_name: direction}
    result = line.add(target, name - ETA * direction_name, known)
    after = Moments(moments.count + 1, velocity, second)
    return Parameter(parameter.name, carried(result, optimizer.write), after), tuple(line.chains)


def of_parameter(letter: Symbol, parameter: Symbol) -> Expr:
    """v_W₁."""
    number = as_number(int(parameter.subscript))
    return Indexed(letter, (Indexed(Symbol(parameter.name), (number,)),))


class Names(Record):
    """What an optimizer remembers of a parameter is called v_W^(t), by the steps it has seen."""

    parameter: Symbol
    count: int

    def before(self, letter: Symbol) -> Expr:
        return Marked(of_parameter(letter, self.parameter), f"({self.count})")

    def now(self, letter: Symbol) -> Expr:
        return Marked(of_parameter(letter, self.parameter), f"({self.count + 1})")


def adam(
    line: Lines, own: Names, moments: Moments, g_name: Expr, g: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    """The two moments, and m̂/(√v̂ + ε)."""
    now = as_number(own.count + 1)
    m_0, m_1, v_0, v_1 = own.before(M), own.now(M), own.before(V), own.now(V)
    m_corrected, v_corrected, step = own.now(M_HAT), own.now(V_HAT), own.now(D)
    known: dict[Expr, Expr] = {m_0: moments.velocity, v_0: moments.second, g_name: g}
    first = line.add(m_1, Mul((BETA_1, m_0)) + Mul((1 - BETA_1, g_name)), known)
    square = g_name**2 if g.shape == (1, 1) else Hadamard((g_name, g_name))
    if g.shape != (1, 1):
        known[square] = line.squares(square, g)
    second = line.add(v_1, Mul((BETA_2, v_0)) + Mul((1 - BETA_2, square)), known)
    m_hat = line.add(m_corrected, Div(m_1, 1 - BETA_1**now), {m_1: first})
    v_hat = line.add(v_corrected, Div(v_1, 1 - BETA_2**now), {v_1: second})
    whole = Div(m_corrected, call("sqrt", v_corrected) + EPSILON)
    return first, second, line.add(step, whole, {m_corrected: m_hat, v_corrected: v_hat})


class Lines:
    """Lines that are worked out one after the other."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.numbers, self.write = optimizer.numbers, optimizer.write
        self.chains: list[Chain] = []

    def add(self, target: Expr, letters: Expr, known: Mapping[Expr, Matrix | Expr]) -> Matrix:
        """target = letters = numbers = value; the value."""
        shown = {name: compact(v) if isinstance(v, Matrix) else v for name, v in known.items()}
        numbers = substitute(letters, {**self.numbers, **shown})
        if isinstance(numbers, Add):
            numbers = added(numbers.terms)
        value = matrix(rows(evaluate(numbers)), self.write)
        self.chains.append(worked(target, letters, numbers, compact(value)))
        return value

    def squares(self, target: Expr, g: Matrix) -> Matrix:
        """target = g ⊙ g, which would be wide beside what it is added to."""
        value = matrix(rows(evaluate(Hadamard((g, g)))), self.write)
        self.chains.append(worked(target, value))
        return value


def carried(value: Matrix, write: Write) -> Matrix:
    """The same, all of it in floats where an exact number has become too long."""
    numbers = rows(evaluate(value))
    if numbers == tuple(tuple(map(arithmetic.carried, row)) for row in numbers):
        return value
    return matrix(tuple(tuple(map(float, row)) for row in numbers), write)
