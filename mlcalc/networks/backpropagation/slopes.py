"""Local gradients: for what an operation reads, the derivative by it, and how it is passed back.

Everything is written in the names of the graph.  Of an entrywise operation the local gradient
is the vector of the derivatives of its entries; a product of matrices passes δ back as δ Bᵀ and
Aᵀ δ (Petersen and Pedersen, The Matrix Cookbook, 2.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.maths.board import line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Indexed,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
    call,
    joined,
    parts,
    transposed,
    unsigned,
    wrap,
)
from mlcalc.maths.vectors import added
from mlcalc.networks.backpropagation.functions import FUNCTIONS
from mlcalc.networks.backpropagation.graph import Operation
from mlcalc.networks.backpropagation.shapes import NUMBER, Dimensions, is_number

UPSTREAM = Symbol("upstream")
LOCAL = Symbol("local")
ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


class Edge(Record):
    """From an operation back to what it reads.

    `local` is the local gradient in letters, where there is one that is multiplied with; `flow`
    is the downstream gradient, made of UPSTREAM, LOCAL and names of the graph.  `is_sum` says
    that a number went into every entry, whose gradients are added up.
    """

    operation: Operation
    source: Symbol
    flow: Expr
    local: Expr | None = None
    is_sum: bool = False


def edges_of(operation: Operation, sizes: Mapping[Symbol, Dimensions]) -> tuple[Edge, ...]:
    """One edge for each name that is read; a product of a matrix with itself has two, uᵀu one."""
    match operation.rule:
        case MatMul((left, right)):
            return product_edges(operation, left, right, sizes)
        case Transpose(Symbol() as source):
            return (Edge(operation, source, flow("up.T")),)
        case Call(name, (Symbol() as source,)) if text := FUNCTIONS[name].flow:
            return (Edge(operation, source, flow(text, h=operation.name)),)
        case Matrix(rows):
            return entry_edges(operation, rows)
    return tuple(edge_with_local(operation, source, sizes) for source in operation.inputs)


def flow(text: str, **names: Expr) -> Expr:
    return line(text, up=UPSTREAM, local=LOCAL, **names)


def edge_with_local(
    operation: Operation, source: Symbol, sizes: Mapping[Symbol, Dimensions]
) -> Edge:
    local = local_gradient(operation, source, sizes)
    if sizes[operation.name] == NUMBER:
        return Edge(operation, source, flow("up*local"), local)
    text = {ONE: "up", -ONE: "-up"}.get(local)
    text = text or ("local*up" if is_number(local, sizes) else "up .* local")
    is_sum = sizes[source] == NUMBER
    return Edge(operation, source, flow(f"sum({text})" if is_sum else text), local, is_sum)


def local_gradient(
    operation: Operation, source: Symbol, sizes: Mapping[Symbol, Dimensions]
) -> Expr:
    """∂a/∂x for an operation that is no product of matrices; a name read twice adds up."""
    rule, size = operation.rule, sizes[source]
    match rule:
        case Symbol():
            return ONE
        case Neg():
            return Neg(ONE)
        case Call(name, (_,)) if FUNCTIONS[name].of_vector and size != NUMBER:
            return reduction_gradient(name, operation.name, source, size)
        case Call(name, (p, t)) if slopes := FUNCTIONS[name].by:
            pairs = zip((p, t), slopes, strict=True)
            return added([line(slope, p=p, t=t) for own, slope in pairs if own == source])
        case Indexed(_, indices):
            return unit(size, tuple(int(i.value) for i in indices if isinstance(i, Number)))
        case Add(terms):
            return summed([sign_of(term) for term in terms if source in (term, unsigned(term))])
    places = [position for position, operand in enumerate(parts(rule)) if operand == source]
    return summed([entry_gradient(operation, position) for position in places])


def entry_gradient(operation: Operation, position: int) -> Expr:
    """The derivative of each entry of the result by that operand's."""
    match operation.rule:
        case Mul(factors):
            return product([f for i, f in enumerate(factors) if i != position])
        case Div(above, below):
            return line("1/b" if position == 0 else "-(a/b^2)", a=above, b=below)
        case Pow(base, exponent) if position == 0:
            return power_gradient(base, exponent)
        case Pow(base):
            return line("h*log(a)", h=operation.name, a=base)
        case Call(name, (x,)):
            return FUNCTIONS[name].slope_at(x, operation.name)
        case Call(name, arguments) if relation := FUNCTIONS[name].relation:
            others = [a for i, a in enumerate(arguments) if i != position]
            rival = others[0] if len(others) == 1 else call(name, *others)
            return line(f"indicator(own {relation} rival)", own=arguments[position], rival=rival)
    raise AssertionError(f"no local gradient for {operation.rule}")


def product(factors: list[Expr]) -> Expr:
    return joined(Mul, factors or [ONE])


def power_gradient(base: Expr, exponent: Expr) -> Expr:
    """2x for x², k·x^(k − 1) for x^k."""
    if not isinstance(exponent, Number):
        return line("k*x^(k - 1)", k=exponent, x=base)
    lower = exponent.value - 1
    return line("k*x^n", k=exponent, x=base, n=None if lower == 1 else lower) if lower else ONE


def sign_of(term: Expr) -> Expr:
    return Neg(ONE) if isinstance(term, Neg) else ONE


def summed(terms: list[Expr]) -> Expr:
    """x + x; of ones their number."""
    if len(terms) > 1 and all(term in (ONE, Neg(ONE)) for term in terms):
        total = sum(1 if term == ONE else -1 for term in terms)
        return Number(Fraction(total))
    return added(terms)


def reduction_gradient(name: str, result: Symbol, source: Symbol, size: Dimensions) -> Expr:
    """The gradient of one number by the vector that it is made of."""
    match size:
        case (int(height), int(width)):
            count: Expr = wrap(height * width)
        case _:
            count = product([wrap(side) for side in size if side != 1])
    return line(FUNCTIONS[name].of_vector, n=count, ones=ones(size), z=source, h=result)


def ones(size: Dimensions) -> Expr:
    return call("ones", Shape((wrap(size[0]), wrap(size[1]))))


def unit(size: Dimensions, indices: tuple[int, ...]) -> Expr:
    """The vector or matrix whose only entry that is not 0 is a 1."""
    height, width = size
    assert isinstance(height, int) and isinstance(width, int), "entries need values"
    row, column = indices if len(indices) == 2 else (indices[0], 1)
    if len(indices) == 1 and height == 1:
        row, column = column, row
    return Matrix(
        tuple(
            tuple(ONE if (i, j) == (row, column) else ZERO for j in range(1, width + 1))
            for i in range(1, height + 1)
        )
    )


def entry_edges(operation: Operation, rows: tuple[tuple[Expr, ...], ...]) -> tuple[Edge, ...]:
    """A number that was put into a vector gets the gradients of its places."""
    found = []
    for source in operation.inputs:
        places = [
            Indexed(UPSTREAM, (wrap(i), wrap(j)) if len(rows[0]) > 1 else (wrap(i),))
            for i, row in enumerate(rows, 1)
            for j, entry in enumerate(row, 1)
            if entry == source
        ]
        found.append(Edge(operation, source, added(places)))
    return tuple(found)


def product_edges(
    operation: Operation, left: Expr, right: Expr, sizes: Mapping[Symbol, Dimensions]
) -> tuple[Edge, ...]:
    """C = A B: ∂s/∂A = ∂s/∂C Bᵀ and ∂s/∂B = Aᵀ ∂s/∂C, each transposed where it was read so."""
    sources = [part for part in (left, right) if not is_constant(part, sizes)]
    scalars = [sizes[inner_symbol(part)] == NUMBER for part in sources]
    if sizes[operation.name] == NUMBER and all(scalars):
        plain = Operation(operation.name, Mul((untransposed(left), untransposed(right))),
                          operation.inputs, operation.origin)  # fmt: skip
        return tuple(edge_with_local(plain, source, sizes) for source in operation.inputs)
    is_scalar = sizes[operation.name] == NUMBER
    if is_scalar and len(sources) == 2 and inner_symbol(left) == inner_symbol(right):
        source = inner_symbol(left)
        return (Edge(operation, source, flow("up*local"), added([source, source])),)
    found = []
    if left in sources:
        found.append(product_edge(operation, left, right, is_scalar, is_left=True))
    if right in sources:
        found.append(product_edge(operation, right, left, is_scalar, is_left=False))
    return tuple(found)


def product_edge(
    operation: Operation, own: Expr, other: Expr, is_scalar: bool, is_left: bool
) -> Edge:
    source, is_turned = inner_symbol(own), isinstance(own, Transpose)
    if is_scalar:
        return Edge(operation, source, flow("up*local"), other if is_turned else transposed(other))
    if is_left:
        text = "other @ up.T" if is_turned else "up @ turned"
    else:
        text = "up.T @ other" if is_turned else "turned @ up"
    return Edge(operation, source, flow(text, other=other, turned=transposed(other)))


def untransposed(factor: Expr) -> Expr:
    return factor.operand if isinstance(factor, Transpose) else factor


def inner_symbol(factor: Expr) -> Symbol:
    inner = untransposed(factor)
    assert isinstance(inner, Symbol)
    return inner


def is_constant(factor: Expr, sizes: Mapping[Symbol, Dimensions]) -> bool:
    inner = untransposed(factor)
    return not isinstance(inner, Symbol) or inner not in sizes
