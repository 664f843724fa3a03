"""Lines and notes that both the answer with numbers and the one in letters are made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mlcalc.backpropagation.graph import ComputationGraph, Operation
from mlcalc.backpropagation.notation import partial
from mlcalc.derivation import Prose, Table
from mlcalc.maths.tree import Chain, Expr, Neg, Number, Symbol, equals
from mlcalc.maths.vectors import has_float

TITLE = "Backpropagation on a computational graph"
NAMED = "each operation is a node of the graph and gets a letter"
LOCAL_GRADIENTS = "the derivative of each operation by each of the nodes that it reads"


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


def local_table(lines: Sequence[tuple[Operation, Chain]]) -> Table:
    """The local gradients beside their operations, each of which is named once."""
    rows = []
    last = None
    for operation, line in lines:
        is_new = operation.name != last
        rows.append((equals(operation.name, operation.rule) if is_new else "", line))
        last = operation.name
    return Table(("operation", "local gradient"), tuple(rows))


def joined(names: Sequence[Symbol]) -> list[str | Expr]:
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
        start = "; computed once: " if number == 0 else ", "
        pieces += [start, partial(top, operation.name), " for ", *joined(operation.inputs)]
    return tuple(pieces)
