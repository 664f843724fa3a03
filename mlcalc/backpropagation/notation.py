"""How edges and rules are written: ∂f/∂x = ∂f/∂a · ∂a/∂x, with ⊙ between vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from mlcalc.backpropagation.edges import LOCAL, UPSTREAM, Edge, ones
from mlcalc.backpropagation.shapes import NUMBER, Dimensions, is_number
from mlcalc.backpropagation.slopes import ONE
from mlcalc.maths.tree import (
    Derivative,
    Expr,
    Hadamard,
    Mul,
    Neg,
    Number,
    Symbol,
    call,
    map_parts,
    substitute,
)

IDENTITY = Symbol("I")


def partial(of: Expr, by: Expr) -> Expr:
    """∂f/∂x."""
    return Derivative(of, by, partial=True)


def dressed(expression: Expr, sizes: Mapping[Symbol, Dimensions]) -> Expr:
    """The same with ⊙ in the products of vectors, numbers before it: 2·(x ⊙ y)."""
    found = map_parts(expression, lambda part: dressed(part, sizes))
    if isinstance(found, Hadamard):
        return hadamard(found.factors)
    if not isinstance(found, Mul):
        return found
    numbers = [f for f in found.factors if is_number(f, sizes)]
    vectors = [f for f in found.factors if not is_number(f, sizes)]
    if len(vectors) < 2:
        return found
    product = hadamard(vectors)
    return Mul((*numbers, product)) if numbers else product


def hadamard(factors: Sequence[Expr]) -> Hadamard:
    """The product entry by entry, without brackets around one within."""
    flat = [f.factors if isinstance(f, Hadamard) else (f,) for f in factors]
    return Hadamard(tuple(factor for group in flat for factor in group))


def flattened(expression: Expr) -> Expr:
    """δ ⊙ s ⊙ (1 − s), not δ ⊙ (s ⊙ (1 − s))."""
    return hadamard(expression.factors) if isinstance(expression, Hadamard) else expression


def local_notation(edge: Edge, sizes: Mapping[Symbol, Dimensions]) -> Callable[[Expr], Expr]:
    """How a local gradient is written as a derivative: diag(f′(z)) for an entrywise operation."""
    size = sizes[edge.operation.name]
    if size == NUMBER or edge.local is None:
        return lambda local: local
    is_one_number = is_number(edge.local, sizes)
    if edge.is_sum and not is_one_number:
        return lambda local: local
    unit = ones(size) if edge.is_sum else IDENTITY
    if edge.local == ONE:
        return lambda _: unit
    if edge.local == Neg(ONE):
        return lambda _: Neg(unit)
    if is_one_number:
        return lambda local: Mul((local, unit))
    return lambda local: call("diag", local)


def downstream(edge: Edge, output: Symbol, top: Symbol, sizes: Mapping[Symbol, Dimensions]) -> Expr:
    """What an edge brings back, in letters; on a number's graph by the chain rule alone."""
    name = edge.operation.name
    is_first = name == output == top
    up = Number(Fraction(1)) if is_first else partial(top, name)
    if edge.local is not None:
        is_plain = NUMBER == sizes[name] == sizes[edge.source] and not is_first
        local_letters = partial(name, edge.source) if is_plain else dressed(edge.local, sizes)
        if is_first and edge.flow == Mul((UPSTREAM, LOCAL)):
            return local_letters
        return flattened(substitute(edge.flow, {UPSTREAM: up, LOCAL: local_letters}))
    return substitute(edge.flow, {UPSTREAM: up})
