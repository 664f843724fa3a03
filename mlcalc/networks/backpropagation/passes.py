"""The two passes with numbers: values from the inputs on, gradients from the output back.

What is shown is what is computed: each line is a tree with the numbers in it, and its value is
that of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.maths.evaluate import Rows, evaluate, rows
from mlcalc.maths.functions import (
    EvaluationError,
    Scalar,
    fits_float,
    is_finite,
    to_float,
    with_fifty_digits,
)
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Call,
    Expr,
    Matrix,
    Number,
    Shape,
    Symbol,
    Transpose,
    map_parts,
    substitute,
)
from mlcalc.maths.vectors import Write, added, compact
from mlcalc.networks.backpropagation.graph import ComputationGraph, Operation
from mlcalc.networks.backpropagation.shapes import NoValue, Size, size_of
from mlcalc.networks.backpropagation.slopes import LOCAL, ONE, UPSTREAM, Edge, edges_of

ROUNDING = 2.0**-51
"""What a sum of floats may be off by, relative to the size of its terms."""

MOST_BITS = 200
"""A value with longer numerators or denominators is carried on with fifty digits."""


class Known(Record):
    """The value of one node: as numbers, and as it is written, a typed one as it was typed."""

    rows: Rows
    written: Expr

    @property
    def size(self) -> Size:
        return len(self.rows), len(self.rows[0])


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

    @property
    def trees(self) -> dict[Expr, Expr]:
        return {name: known.written for name, known in self.values.items()}


class Contribution(Record):
    """What one edge brings back: its product with the numbers in, and the local gradient."""

    edge: Edge
    local: Known | None
    line: Expr
    value: Known


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
    values = dict(inputs)
    origins: dict[Expr, Expr] = {operation.name: operation.origin for operation in graph.operations}
    is_shortened = False
    for operation in graph.operations:
        trees: dict[Expr, Expr] = {name: known.written for name, known in values.items()}
        size_of(operation.rule, {n: k.size for n, k in values.items()}, origins)
        line = literal(substitute(operation.rule, trees))
        found, was_long = computed(line, operation, inputs)
        values[operation.name] = Known(found, tree_of(found, write))
        is_shortened = is_shortened or was_long
    return Forward(values, is_shortened)


def computed(line: Expr, operation: Operation, inputs: Mapping[Symbol, Known]) -> tuple[Rows, bool]:
    """The value of an operation, and whether a fraction became too long in it."""
    try:
        found = value_of(line)
    except EvaluationError as error:
        raise NoValue(f"in {place_of(operation, line)}: {error}") from None
    if any(not is_finite(number) for row in found for number in row):
        raise NoValue(
            f"the value of {place_of(operation, line)} is larger than the largest number (10^308)"
        )
    return shortened(found)


def place_of(operation: Operation, line: Expr) -> str:
    """`log(x − y) = log(0)`, the part as it was typed and with its numbers."""
    typed, numbers = one_line(operation.origin), one_line(line)
    shown = [text for text in dict.fromkeys((typed, numbers)) if len(text) <= 60]
    return " = ".join(shown) or f"the operation {one_line(operation.name)}"


def value_of(line: Expr) -> Rows:
    return rows(evaluate(line))


def shortened(found: Rows) -> tuple[Rows, bool]:
    if not any(is_long(number) for row in found for number in row):
        return found, False
    return tuple(
        tuple(with_fifty_digits(n) if is_long(n) else n for n in row) for row in found
    ), True


def is_long(number: Scalar) -> bool:
    """Whether an exact number has too many digits, and a float can stand for it."""
    if isinstance(number, float) or not fits_float(number):
        return False
    return max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS


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
        case Call("ones", (Shape((Number(height), Number(width))),)):
            return compact(Matrix(((ONE,) * int(width),) * int(height)))
    return found


def backward(
    graph: ComputationGraph, known: Forward, upstream: Known, write: Write
) -> tuple[Gradient, ...]:
    """∂f/∂ of each node that the output depends on, from the output back.

    Raises `NoValue` where a local gradient has no value.
    """
    sizes = known.sizes
    edges = [edge for o in graph.operations for edge in edges_of(o, sizes)]
    found = {graph.output: upstream}
    gradients = []
    for name in graph.backwards():
        parts = tuple(
            contribution(edge, found[edge.operation.name], known, write)
            for edge in edges
            if edge.source == name
        )
        total = parts[0].value
        if len(parts) > 1:
            total = written_sum(parts, name, write)
        found[name] = total
        gradients.append(Gradient(name, parts, total))
    return tuple(gradients)


def written_sum(parts: tuple[Contribution, ...], name: Symbol, write: Write) -> Known:
    """The sum of what several readers bring back."""
    numbers = value_of(added([tree_of(part.value.rows, write) for part in parts]))
    sizes = [[abs(number) for row in part.value.rows for number in row] for part in parts]
    scales = iter([sum(map(to_float, entries)) for entries in zip(*sizes, strict=True)])
    found, _ = shortened(tuple(tuple(cleared(n, next(scales)) for n in row) for row in numbers))
    return Known(found, tree_of(found, write))


def cleared(number: Scalar, scale: float) -> Scalar:
    """A float that is nothing but the rounding of terms of that size, as 0."""
    is_noise = isinstance(number, float) and abs(number) <= ROUNDING * scale
    return Fraction(0) if is_noise else number


def contribution(edge: Edge, upstream: Known, known: Forward, write: Write) -> Contribution:
    """The downstream gradient of one edge: local × upstream."""
    trees = known.trees
    local, line = None, edge.flow
    try:
        if edge.local is not None:
            line = literal(substitute(edge.local, trees))
            found = value_of(line)
            if is_extreme_of_list(edge) and sum(map(sum, found)) != 1:
                found = tuple(tuple(Fraction(0) for _ in row) for row in found)
            found, _ = shortened(found)
            local = Known(found, tree_of(found, write))
        putting = {**trees, UPSTREAM: upstream.written}
        if local is not None:
            putting[LOCAL] = local.written
        line = literal(substitute(edge.flow, putting))
        numbers, _ = shortened(value_of(line))
        if isinstance(line, Call) and line.name == "sum":
            scale = sum(abs(to_float(n)) for row in value_of(line.arguments[0]) for n in row)
            numbers = ((cleared(numbers[0][0], scale),),)
    except EvaluationError as error:
        name, origin = one_line(edge.source), one_line(edge.operation.origin)
        message = f"the slope of {origin} in {name} has no value there"
        raise NoValue(f"{message}, {one_line(line)}: {error}") from None
    return Contribution(edge, local, line, Known(numbers, tree_of(numbers, write)))


def is_extreme_of_list(edge: Edge) -> bool:
    """Whether the edge goes back from the largest or smallest entry of a vector."""
    match edge.operation.rule:
        case Call("max" | "min", (_,)):
            return edge.local != ONE
    return False
