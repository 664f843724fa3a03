"""The two passes with numbers: values from the inputs on, gradients from the output back.

What is shown is what is computed: each line is a tree with the numbers in it, and its value is
that of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from mlcalc.maths.evaluate import Rows, Value, evaluate, rows
from mlcalc.maths.functions import (
    EvaluationError,
    Scalar,
    fits_float,
    is_finite,
    to_float,
    with_fifty_digits,
)
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, kept
from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Matrix,
    Number,
    Shape,
    Symbol,
    Transpose,
    map_parts,
    shown,
    substitute,
)
from mlcalc.maths.vectors import Write, compact
from mlcalc.networks.backpropagation.graph import ComputationGraph, Operation
from mlcalc.networks.backpropagation.shapes import NUMBER, NoValue, Size, size_of
from mlcalc.networks.backpropagation.slopes import LOCAL, ONE, UPSTREAM, Edge, edges_of

ROUNDING = 2.0**-51
"""What a sum of floats may be off by, relative to the size of its terms."""

MOST_BITS = 200
"""A value with longer numerators or denominators is carried on with fifty digits."""


class Known(Record):
    """The value of one node; `typed` is how it was typed, `write` how a computed one is written."""

    rows: Rows
    typed: Expr | None = None
    write: Write = shown

    @kept
    def written(self) -> Expr:
        return tree_of(self.rows, self.write) if self.typed is None else self.typed

    @property
    def size(self) -> Size:
        return len(self.rows), len(self.rows[0])

    @property
    def value(self) -> Value:
        """A number, or the rows of a matrix."""
        return self.rows[0][0] if self.size == NUMBER else self.rows


class Forward(Record):
    """The values of all nodes, and whether a fraction grew too long."""

    values: Mapping[Symbol, Known]
    is_shortened: bool

    def renamed(self, old: Symbol, new: Symbol) -> Forward:
        values = {new if name == old else name: known for name, known in self.values.items()}
        return Forward(values, self.is_shortened)

    @property
    def sizes(self) -> dict[Symbol, Size]:
        return {name: known.size for name, known in self.values.items()}

    @kept
    def trees(self) -> dict[Expr, Expr]:
        return {name: known.written for name, known in self.values.items()}

    @property
    def numbers(self) -> dict[Symbol, Value]:
        return {name: known.value for name, known in self.values.items()}


class Contribution(Record):
    """What one edge brings back of the upstream gradient, by the local one where there is one."""

    edge: Edge
    forward: Forward
    upstream: Known
    local: Known | None
    value: Known

    @kept
    def line(self) -> Expr:
        """The product with the numbers in it."""
        putting = {**self.forward.trees, UPSTREAM: self.upstream.written}
        if self.local is not None:
            putting[LOCAL] = self.local.written
        return literal(substitute(self.edge.flow, putting))


class Gradient(Record):
    """∂f/∂x as the sum of what the readers of x bring back."""

    name: Symbol
    contributions: tuple[Contribution, ...]
    value: Known


class Passes(Record):
    """Both passes over a graph: the values, and the gradients from the output back.

    `result` is the name of the value; `top` is what is differentiated, L where something follows.
    """

    graph: ComputationGraph
    forward: Forward
    upstream: Known
    gradients: tuple[Gradient, ...]
    result: Symbol
    top: Symbol

    @property
    def slopes(self) -> dict[Symbol, Known]:
        """The gradient by each node."""
        return {self.graph.output: self.upstream} | {g.name: g.value for g in self.gradients}


def forward(graph: ComputationGraph, inputs: Mapping[Symbol, Known], write: Write) -> Forward:
    """Computes each operation.  Raises `Misfit` and `NoValue`."""
    known, numbers = dict(inputs), Forward(inputs, False).numbers
    sizes = {name: one.size for name, one in known.items()}
    origins: dict[Expr, Expr] = {operation.name: operation.origin for operation in graph.operations}
    is_shortened = False
    for operation in graph.operations:
        size_of(operation.rule, sizes, origins)
        found, was_long = computed(operation, known, numbers)
        name, one = operation.name, Known(found, write=write)
        known[name], numbers[name], sizes[name] = one, one.value, one.size
        is_shortened = is_shortened or was_long
    return Forward(known, is_shortened)


def computed(
    operation: Operation, known: Mapping[Symbol, Known], numbers: Mapping[Symbol, Value]
) -> tuple[Rows, bool]:
    """The value of an operation, and whether a fraction became too long in it."""

    def place() -> str:
        return place_of(operation, literal(substitute(operation.rule, Forward(known, False).trees)))

    try:
        found = value_of(operation.rule, numbers)
    except EvaluationError as error:
        raise NoValue(f"in {place()}: {error}") from None
    if any(not is_finite(number) for row in found for number in row):
        raise NoValue(f"the value of {place()} is larger than the largest number (10^308)")
    return shortened(found)


def place_of(operation: Operation, line: Expr) -> str:
    """`log(x − y) = log(0)`, the part as it was typed and with its numbers."""
    typed, numbers = one_line(operation.origin), one_line(line)
    shown = [text for text in dict.fromkeys((typed, numbers)) if len(text) <= 60]
    return " = ".join(shown) or f"the operation {one_line(operation.name)}"


def value_of(expression: Expr, numbers: Mapping[Symbol, Value]) -> Rows:
    return rows(evaluate(expression, numbers))


def shortened(found: Rows) -> tuple[Rows, bool]:
    if not any(is_long(number) for row in found for number in row):
        return found, False
    return tuple(
        tuple(with_fifty_digits(n) if is_long(n) else n for n in row) for row in found
    ), True


def is_long(number: Scalar) -> bool:
    """Whether an exact number has too many digits, and a float can stand for it."""
    if isinstance(number, float):
        return False
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    return bits > MOST_BITS and fits_float(number)


def tree_of(found: Rows, write: Write) -> Expr:
    return compact(Matrix(tuple(tuple(map(write, row)) for row in found)))


def literal(expression: Expr) -> Expr:
    """Transposed matrices and vectors of ones written out; a product of columns as such."""
    found = map_parts(expression, literal)
    match found:
        case Transpose(Matrix(entries)):
            return compact(Matrix(tuple(zip(*entries, strict=True))))
        case Transpose(inner) if not isinstance(inner, Matrix):
            return inner
    return of_ones(found)


def backward(
    graph: ComputationGraph, known: Forward, upstream: Known, write: Write
) -> tuple[Gradient, ...]:
    """∂f/∂ of each node that the output depends on, from the output back.

    Raises `NoValue` where a local gradient has no value.
    """
    edges = edges_within(graph, tuple(known.sizes.items()))
    numbers = known.numbers
    found = {graph.output: upstream}
    gradients = []
    for name in graph.backwards():
        parts = tuple(
            contribution(edge, slope, found[edge.operation.name], known, numbers, write)
            for edge, slope in edges
            if edge.source == name
        )
        total = parts[0].value if len(parts) == 1 else summed(parts, write)
        found[name] = total
        gradients.append(Gradient(name, parts, total))
    return tuple(gradients)


@lru_cache(maxsize=128)
def edges_within(
    graph: ComputationGraph, sizes: tuple[tuple[Symbol, Size], ...]
) -> tuple[tuple[Edge, Expr | None], ...]:
    """The edges of all operations, each with its local gradient as it is computed."""
    known = dict(sizes)
    edges = [edge for operation in graph.operations for edge in edges_of(operation, known)]
    return tuple((edge, edge.local and with_ones(edge.local)) for edge in edges)


def with_ones(expression: Expr) -> Expr:
    """Vectors of ones written out."""
    return of_ones(map_parts(expression, with_ones))


def of_ones(expression: Expr) -> Expr:
    match expression:
        case Call("ones", (Shape((Number(height), Number(width))),)):
            return compact(Matrix(((ONE,) * int(width),) * int(height)))
    return expression


def summed(parts: tuple[Contribution, ...], write: Write) -> Known:
    """The sum of what several readers bring back."""
    names = [Symbol("part", str(number)) for number in range(len(parts))]
    values = dict(zip(names, (part.value.value for part in parts), strict=True))
    numbers = value_of(Add(tuple(names)), values)
    sizes = [[abs(number) for row in part.value.rows for number in row] for part in parts]
    scales = iter([sum(map(to_float, entries)) for entries in zip(*sizes, strict=True)])
    found, _ = shortened(tuple(tuple(cleared(n, next(scales)) for n in row) for row in numbers))
    return Known(found, write=write)


def cleared(number: Scalar, scale: float) -> Scalar:
    """A float that is nothing but the rounding of terms of that size, as 0."""
    is_noise = isinstance(number, float) and abs(number) <= ROUNDING * scale
    return Fraction(0) if is_noise else number


def contribution(
    edge: Edge,
    slope: Expr | None,
    upstream: Known,
    known: Forward,
    numbers: Mapping[Symbol, Value],
    write: Write,
) -> Contribution:
    """The downstream gradient of one edge: local × upstream."""
    local = None
    try:
        if slope is not None:
            value = value_of(slope, numbers)
            if is_extreme_of_list(edge) and sum(map(sum, value)) != 1:
                value = tuple(tuple(Fraction(0) for _ in row) for row in value)
            local = Known(shortened(value)[0], write=write)
        put_in = {**numbers, UPSTREAM: upstream.value}
        if local is not None:
            put_in[LOCAL] = local.value
        found, _ = shortened(value_of(edge.flow, put_in))
        if isinstance(edge.flow, Call) and edge.flow.name == "sum":
            terms = value_of(edge.flow.arguments[0], put_in)
            scale = sum(abs(to_float(number)) for row in terms for number in row)
            found = ((cleared(found[0][0], scale),),)
    except EvaluationError as error:
        name, origin = one_line(edge.source), one_line(edge.operation.origin)
        message = f"the slope of {origin} in {name} has no value there"
        if local is None and edge.local is not None:
            line = literal(substitute(edge.local, known.trees))
        else:
            line = Contribution(edge, known, upstream, local, upstream).line
        raise NoValue(f"{message}, {one_line(line)}: {error}") from None
    return Contribution(edge, known, upstream, local, Known(found, write=write))


def is_extreme_of_list(edge: Edge) -> bool:
    """Whether the edge goes back from the largest or smallest entry of a vector."""
    match edge.operation.rule:
        case Call("max" | "min", (_,)):
            return edge.local != ONE
    return False
