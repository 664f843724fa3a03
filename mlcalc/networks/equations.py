"""The equations of a network as data: what each vector is at time t, made of which others.

A recurrent cell and a feed-forward network are lists of equations.  From them come the letters,
the forward pass, the backward pass (the equations in reverse, each giving what it reads its part
of the gradient), their working, the shapes and the counts, so that a new cell is a new list and
nothing else.

    h_t = tanh(W_xh x_t + W_hh h_(t−1) + b_h)

is written

    Affine(Z, ((W_xh, Reading(X)), (W_hh, Reading(H, 1))), B_H), Activation(H, "tanh", Z)

A feed-forward network is a recurrence of one step, whose vectors are written without their time.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from mlcalc.files.fields import as_number
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Derivative, Expr, Indexed, Matrix, Number, Symbol

Moment: TypeAlias = tuple[Symbol, int]
"""A vector at a time: (h, 2) is h_2."""

Time: TypeAlias = int | Symbol

L, T = Symbol("L"), Symbol("t")


class Reading(Record):
    """A vector as an equation reads it: `lag` steps ago, or from the future where it is negative.

    No gradient goes back through a reading that `stops` it, as at the context units of Elman.
    One that is `below_one` has a 1 put before it, so that the first weights are biases.
    """

    vector: Symbol
    lag: int = 0
    stops: bool = False
    below_one: bool = False

    def at(self, time: int) -> Moment:
        return self.vector, time - self.lag


def inner(weight: Symbol, reading: Reading) -> Symbol:
    """The weights without their biases: Θ̃ is Θ without its first column."""
    return Symbol(weight.name, weight.subscript, "tilde") if reading.below_one else weight


def at_time(vector: Symbol, time: Time, lag: int = 0) -> Expr:
    """h_(t−1), or h_2 where the time is a number."""
    if isinstance(time, int):
        return Indexed(vector, (as_number(time - lag),))
    return Indexed(vector, (time - lag if lag > 0 else time + -lag if lag else time,))


class Affine(Record):
    """target = W a + U b + … + bias; a bias of one entry is shared by all that are in target."""

    target: Symbol
    products: tuple[tuple[Symbol, Reading], ...]
    bias: Symbol | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(reading for _, reading in self.products)


class Activation(Record):
    """target = f(argument), both at one time; `word` is a word of ACTIVATIONS."""

    target: Symbol
    word: str
    argument: Symbol

    @property
    def readings(self) -> tuple[Reading, ...]:
        return (Reading(self.argument),)


class Factor(Record):
    """A vector in a product entry by entry: z, or 1 − z where it is the `complement`."""

    reading: Reading
    complement: bool = False


class Term(Record):
    """A coefficient times a product of vectors, entry by entry."""

    factors: tuple[Factor, ...]
    coefficient: Expr | None = None


class Combination(Record):
    """target = a sum of products entry by entry: (1 − z) ⊙ n + z ⊙ h_(t−1)."""

    target: Symbol
    terms: tuple[Term, ...]
    since: int = 1
    """The first time at which it holds; before it the vector is given."""

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(factor.reading for term in self.terms for factor in term.factors)

    def term_of(self, index: int) -> tuple[Term, int]:
        """The term that has the reading of that index, and which of its factors that is."""
        for term in self.terms:
            if index < len(term.factors):
                return term, index
            index -= len(term.factors)
        raise IndexError(index)


class Concatenation(Record):
    """target = [a; b; …], one below the other."""

    target: Symbol
    readings: tuple[Reading, ...]


Equation: TypeAlias = Affine | Activation | Combination | Concatenation


class Pass(Record):
    """Equations that are run together, for t = 1 to T, or for t = T down to 1."""

    equations: tuple[Equation, ...]
    is_reversed: bool = False

    def times(self, steps: int) -> range:
        return range(steps, 0, -1) if self.is_reversed else range(1, steps + 1)

    def at(self, time: int) -> list[Equation]:
        """The equations that hold at that time."""
        return [e for e in self.equations if not isinstance(e, Combination) or e.since <= time]


class Network(Record):
    """The passes in their order.

    `initial` says which parameter a vector is before the first step (after the last, for what
    runs backward): {h: h0}.  A vector that is not named there is zero outside of the sequence.
    `state` and `output` are the vectors that are answered; there may be no output.
    `deltas` are the names of gradients that have one of their own: {z: δ}.
    """

    passes: tuple[Pass, ...]
    inputs: Symbol
    state: Symbol
    output: Symbol | None = None
    initial: tuple[tuple[Symbol, Symbol], ...] = ()
    is_timed: bool = True
    deltas: tuple[tuple[Symbol, Symbol], ...] = ()

    @property
    def equations(self) -> tuple[Equation, ...]:
        return tuple(equation for each in self.passes for equation in each.equations)

    def activation_of(self, vector: Symbol | None) -> Activation | None:
        """The equation that makes the vector, where that is an activation."""
        made = (e for e in self.equations if isinstance(e, Activation) and e.target == vector)
        return next(made, None)

    # Names.

    def place(self, equation: Equation, time: int) -> str:
        """Where in the run an equation stands, in words."""
        if self.is_timed:
            return f"at t = {time}"
        affine = [e.target for e in self.equations if isinstance(e, Affine)]
        own = equation.argument if isinstance(equation, Activation) else equation.target
        return f"in layer {affine.index(own) + 1}"

    def name(self, vector: Symbol, time: Time) -> Expr:
        return at_time(vector, time) if self.is_timed else vector

    def read(self, reading: Reading, time: Time) -> Expr:
        """What an equation reads: h_(t−1), or [1; x]."""
        found = at_time(reading.vector, time, reading.lag) if self.is_timed else reading.vector
        return Matrix.column([Number(Fraction(1)), found]) if reading.below_one else found

    def gradient(self, vector: Symbol, time: Time, of: Expr = L) -> Expr:
        """∂L/∂h_t, or its own name δ."""
        own = dict(self.deltas).get(vector)
        return own or Derivative(of, self.name(vector, time), partial=True)


def unit(
    target: Symbol,
    total: Symbol,
    products: Sequence[tuple[Symbol, Reading]],
    bias: Symbol | None,
    word: str,
) -> tuple[Equation, ...]:
    """target = f(W a + … + bias), with the sum under a name of its own unless f is the identity."""
    if word == "identity":
        return (Affine(target, tuple(products), bias),)
    return Affine(total, tuple(products), bias), Activation(target, word, total)


def weighed(*factors: Reading | Factor, coefficient: Expr | None = None) -> Term:
    """A term of a combination."""
    found = tuple(Factor(f) if isinstance(f, Reading) else f for f in factors)
    return Term(found, coefficient)
