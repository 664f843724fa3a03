"""One step of an optimizer on one matrix, with its numbers: SGD, momentum, Adam.

Conventions are PyTorch's: the velocity is v ← μ v + g and the step η v; Adam corrects both
moments for their start at zero and adds ε after the root (Kingma and Ba 2015); weight decay
puts λ W into the gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlcalc.files.fields import as_number
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import Add, Chain, Expr, Hadamard, Indexed, Marked, Matrix, Symbol
from mlcalc.maths.vectors import Write, added, compact, joined, matrix, worked
from mlcalc.networks import arithmetic
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.feedforward.network import at_step

Named = tuple[Expr, Expr]
"""What a letter of a line stands for: a name, and the numbers of that."""


class Optimizer(Record):
    """The word of the optimizer and its numbers, by their letters."""

    word: str
    numbers: Mapping[str, Expr]
    write: Write

    @property
    def decays(self) -> bool:
        return self.numbers["lambda"] != as_number(0)


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

    @property
    def named(self) -> Named:
        return at_step(self.name, self.moments.count), compact(self.value)

    def own(self, letter: str, steps: int = 0) -> Marked:
        """What is remembered of the parameter, or its gradient: v_W^(t) after t steps."""
        number = as_number(int(self.name.subscript))
        index = Indexed(Symbol(self.name.name), (number,))
        return Marked(Indexed(Symbol.named(letter), (index,)), f"({self.moments.count + steps})")


def stepped(
    optimizer: Optimizer,
    parameter: Parameter,
    gradient_name: Expr,
    gradient: Rows,
    keeps_column: bool = False,
) -> tuple[Parameter, Sequence[Chain]]:
    """The parameter after one step, and the lines that work it out.

    With `keeps_column` the first column stays: its gradient is taken as zero.
    """
    lines, moments = Lines(optimizer), parameter.moments
    name, g = gradient_name, matrix(gradient, optimizer.write)
    if optimizer.decays:
        own = parameter.own("g")
        decayed: Expr = own if moments.count else own.name
        g = lines.add(decayed, "g + lambda * W", g=(name, compact(g)), W=parameter.named)
        name = decayed
    if keeps_column:
        g = Matrix(tuple((as_number(0), *row[1:]) for row in g.rows))
    velocity, second = moments.velocity, moments.second
    match optimizer.word:
        case "sgd":
            step = (name, g)
        case "momentum":
            before = (parameter.own("v"), compact(velocity))
            now = parameter.own("v", 1)
            velocity = lines.add(now, "mu * v + g", v=before, g=(name, compact(g)))
            step = (now, velocity)
        case "adam":
            velocity, second, found = adam(lines, parameter, name, g)
            step = (parameter.own("d", 1), found)
        case word:
            raise LookupError(f"no step is known of the optimizer {word}")
    target = at_step(parameter.name, moments.count + 1)
    d = (step[0], compact(step[1]))
    result = lines.add(target, "W - eta * d", W=parameter.named, d=d)
    after = Moments(moments.count + 1, velocity, second)
    value = carried(result, optimizer.write)
    return Parameter(parameter.name, value, after), joined(*lines.chains)


def adam(
    lines: Lines, parameter: Parameter, name: Expr, g: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    """The two moments, and m̂/(√v̂ + ε)."""
    own, moments = parameter.own, parameter.moments
    t = as_number(moments.count + 1)
    square = (name**2, compact(g) ** 2)
    m = (own("m"), compact(moments.velocity))
    first = lines.add(own("m", 1), "beta_1 * m + (1 - beta_1) * g", m=m, g=(name, compact(g)))
    if g.shape != (1, 1):  # which would be wide beside what it is added to
        whole = Hadamard((name, name))
        square = (whole, lines.value(whole, Hadamard((g, g))))
    v = (own("v"), compact(moments.second))
    second = lines.add(own("v", 1), "beta_2 * v + (1 - beta_2) * s", v=v, s=square)
    m_hat = lines.add(
        own("m_hat", 1), "m / (1 - beta_1^t)", m=(own("m", 1), compact(first)), t=(t, t)
    )
    v_hat = lines.add(
        own("v_hat", 1), "v / (1 - beta_2^t)", v=(own("v", 1), compact(second)), t=(t, t)
    )
    found = lines.add(
        own("d", 1),
        "m / (sqrt(v) + epsilon)",
        m=(own("m_hat", 1), compact(m_hat)),
        v=(own("v_hat", 1), compact(v_hat)),
    )
    return first, second, found


class Lines:
    """Lines that are worked out one after the other."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.numbers, self.write = optimizer.numbers, optimizer.write
        self.chains: list[Sequence[Chain]] = []

    def add(self, target: Expr, text: str, **of: Named) -> Matrix:
        """target = the line in letters = the same in numbers = its value, which is given back."""
        numbers = line(text, **self.numbers, **{letter: value for letter, (_, value) in of.items()})
        if isinstance(numbers, Add):
            numbers = added(numbers.terms)
        value = matrix(rows(evaluate(numbers)), self.write)

        def chain() -> Iterator[Chain]:
            letters = line(text, **{letter: name for letter, (name, _) in of.items()})
            yield worked(target, letters, numbers, compact(value))

        self.chains.append(Later(chain))
        return value

    def value(self, target: Expr, numbers: Expr) -> Matrix:
        """target = value."""
        value = matrix(rows(evaluate(numbers)), self.write)
        self.chains.append(Later(lambda: [worked(target, value)]))
        return value


def carried(value: Matrix, write: Write) -> Matrix:
    """The same, all of it in floats where an exact number has become too long."""
    numbers = rows(evaluate(value))
    if numbers == tuple(tuple(map(arithmetic.carried, row)) for row in numbers):
        return value
    return matrix(tuple(tuple(map(float, row)) for row in numbers), write)
