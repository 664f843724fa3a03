"""How edges and rules are written: ∂f/∂x = ∂f/∂a · ∂a/∂x, with ⊙ between vectors.

Lines and notes here serve the answer with numbers and the one in letters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from mlcalc.maths.board import Prose, line
from mlcalc.maths.tree import (
    Call,
    Chain,
    Expr,
    Hadamard,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Symbol,
    joined,
    map_parts,
    spread,
    substitute,
)
from mlcalc.maths.vectors import Product, Write, added, compact, has_float, is_narrow
from mlcalc.networks.backpropagation.functions import FUNCTIONS
from mlcalc.networks.backpropagation.graph import ComputationGraph, Operation
from mlcalc.networks.backpropagation.shapes import NUMBER, Dimensions, is_number
from mlcalc.networks.backpropagation.slopes import LOCAL, ONE, UPSTREAM, Edge, ones
from mlcalc.showing.derivation import Block, Step, Table, step

TITLE = "Backpropagation on a computational graph"
NAMED = "each operation is a node of the graph and gets a letter"
MOST_ENTRIES = 6
"""A longer list is not written out."""


def partial(of: Expr, by: Expr) -> Expr:
    """∂f/∂x."""
    return line("partial(f, x)", f=of, x=by)


def dressed(expression: Expr, sizes: Mapping[Symbol, Dimensions]) -> Expr:
    """The same with ⊙ in the products of vectors, numbers before it: 2·(x ⊙ y)."""
    found = map_parts(expression, lambda part: dressed(part, sizes))
    if not isinstance(found, Mul):
        return hadamard(found)
    numbers = [f for f in found.factors if is_number(f, sizes)]
    vectors = [f for f in found.factors if not is_number(f, sizes)]
    if len(vectors) < 2:
        return found
    return joined(Mul, (*numbers, hadamard(Hadamard(tuple(vectors)))))


def hadamard(expression: Expr) -> Expr:
    """δ ⊙ s ⊙ (1 − s), not δ ⊙ (s ⊙ (1 − s))."""
    if isinstance(expression, Hadamard):
        return Hadamard(spread(Hadamard, *expression.factors))
    return expression


def has_derivative(edge: Edge, sizes: Mapping[Symbol, Dimensions]) -> bool:
    """Whether the derivative of the operation is a number, vector or matrix.

    That of a matrix by a matrix has four axes: there what comes back is written.
    """
    size = sizes[edge.operation.name]
    is_flat = 1 in size or sizes[edge.source] == NUMBER
    return edge.local is not None and is_flat


def local_notation(edge: Edge, sizes: Mapping[Symbol, Dimensions]) -> Callable[[Expr], Expr]:
    """How a local gradient is written as a derivative: diag(f′(z)) for an entrywise operation."""
    size = sizes[edge.operation.name]
    if size == NUMBER or edge.local is None:
        return lambda local: local
    is_one_number = is_number(edge.local, sizes)
    if edge.is_sum and not is_one_number:
        return lambda local: local
    unit = ones(size) if edge.is_sum else Symbol("I")
    text = {ONE: "unit", -ONE: "-unit"}.get(edge.local)
    text = text or ("local*unit" if is_one_number else "diag(local)")
    return lambda local: line(text, local=local, unit=unit)


def downstream(edge: Edge, output: Symbol, top: Symbol, sizes: Mapping[Symbol, Dimensions]) -> Expr:
    """What an edge brings back, in letters; on a number's graph by the chain rule alone."""
    name = edge.operation.name
    is_first = name == output == top
    up = ONE if is_first else partial(top, name)
    if edge.local is not None:
        is_plain = NUMBER == sizes[name] == sizes[edge.source] and not is_first
        local_letters = partial(name, edge.source) if is_plain else dressed(edge.local, sizes)
        if is_first and edge.flow == Mul((UPSTREAM, LOCAL)):
            return local_letters
        return hadamard(substitute(edge.flow, {UPSTREAM: up, LOCAL: local_letters}))
    return substitute(edge.flow, {UPSTREAM: up})


# Lines.


def worked_line(first: Expr, *members: Expr) -> Chain:
    """first = member = …, a member that repeats the one before left out."""
    kept = [right for left, right in pairwise((first, *members)) if not is_repeated(left, right)]
    return Chain(first, tuple(("~=" if has_float(m) else "=", m) for m in kept))


def is_repeated(left: Expr, right: Expr) -> bool:
    """Whether two members look alike: −1 as a number, and as a 1 with a sign."""
    match left, right:
        case Neg(Number(value)), Number(same):
            return value == -same
    return left == right


def written_out(numbers: Expr, write: Write) -> list[Expr]:
    """What a function of a list does with its entries: mean([1; 2; 3]) is (1 + 2 + 3)/3.

    A matrix times a column is written with its products and sums.
    """
    match numbers:
        case MatMul((Matrix() as matrix, Matrix() as vector)) if vector.shape[1] == 1:
            sums = [added(terms) for terms in Product(numbers, matrix, vector).terms()]
            is_short = vector.shape[0] <= MOST_ENTRIES and is_narrow(sums)
            return [compact(Matrix.column(sums))] if is_short else []
        case Call(name, arguments) if worked := FUNCTIONS[name].worked:
            lists = [[e for row in m.rows for e in row] for m in arguments if isinstance(m, Matrix)]
            is_short = len(lists) == len(arguments) and len(lists[0]) <= MOST_ENTRIES
            return [worked(lists[0], lists[-1], write)] if is_short else []
    return []


def local_steps(
    lines: Sequence[tuple[Operation, Expr]],
    has_numbers_only: bool,
    carried: Sequence[tuple[Edge, Expr]] = (),
) -> list[Step]:
    """A table on a graph of numbers, each operation named once, else one line an edge.

    `carried` is what comes back of the gradient where there is no derivative to write.
    """
    if not lines and not carried:
        return []
    blocks: tuple[Block, ...] = tuple(written for _, written in lines)
    if carried:
        header = ("back from", "brings back")
        table = [((e.operation.name, " to ", e.source), brought) for e, brought in carried]
        blocks = (*blocks, Table(header, tuple(table)))
    if has_numbers_only:
        last, rows = None, []
        for operation, written in lines:
            own = line("a = rule", a=operation.name, rule=operation.rule)
            rows.append((own if operation.name != last else "", written))
            last = operation.name
        blocks = (Table(("operation", "local gradient"), tuple(rows)),)
    why = "the derivative of each operation by each of the nodes that it reads"
    if carried:
        why += ", or of matrices and their products what comes back of the gradient"
    return [step("find the local gradients", *blocks, why=why)]


# Words.


def listed(names: Sequence[Symbol]) -> list[str | Expr]:
    """x, y and z."""
    pieces: list[str | Expr] = []
    for number, name in enumerate(names):
        if number:
            pieces.append(" and " if number == len(names) - 1 else ", ")
        pieces.append(name)
    return pieces


def shared_factors(graph: ComputationGraph, top: Symbol, has_sums: bool) -> Prose:
    """How gradients are passed on, and which are computed once and used by several."""
    note = "downstream = upstream × local"
    if has_sums:
        note += "; at a node with several readers what comes back is added up"
    several = [o for o in graph.operations[:-1] if len(o.inputs) > 1]
    pieces: list[str | Expr] = [note]
    for number, operation in enumerate(several):
        start = ", " if number else "; computed once: "
        pieces += [start, partial(top, operation.name), " for ", *listed(operation.inputs)]
    return tuple(pieces)
