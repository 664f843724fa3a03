"""Hypothesis strategies for expression trees: every operator, calls, and awkward numbers.

Trees are built node by node, not with Python's operators, so that shapes come up which no
solver would write: a sum within a sum, a negative factor, a power of a power.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Div,
    Expr,
    Hadamard,
    Indexed,
    Listing,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
)

SYMBOLS = (
    Symbol("x"), Symbol("n"), Symbol("theta"), Symbol("theta", accent="hat"), Symbol("W", "xh"),
    Symbol("x", "1"),
)  # fmt: skip
WRITTEN = {
    text: Fraction(value)
    for text, value in {
        "0.05": "1/20", "8%": "2/25", "2e-5": "1/50000", "3.50": "7/2", "-0.5": "-1/2",
    }.items()
}  # fmt: skip
FUNCTIONS = ("log", "exp", "sqrt", "abs", "floor", "ceil", "tanh", "sigmoid")


def symbols() -> st.SearchStrategy[Expr]:
    return st.sampled_from(SYMBOLS)


def numbers() -> st.SearchStrategy[Expr]:
    """Whole, negative, fractional and written numbers."""
    whole = st.integers(-20, 20).map(lambda n: Number(Fraction(n)))
    ratio = st.builds(lambda p, q: Number(Fraction(p, q)), st.integers(-9, 9), st.integers(1, 9))
    written = st.sampled_from([Number(value, text) for text, value in WRITTEN.items()])
    return st.one_of(whole, ratio, written)


def decimals() -> st.SearchStrategy[Expr]:
    fractions = st.fractions(max_denominator=1000)
    floats = st.floats(allow_nan=False, allow_infinity=False)
    return st.one_of(fractions, floats).map(Decimal)


def _larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        parts.map(Neg),
        st.builds(Div, parts, parts),
        st.builds(Pow, parts, parts),
        st.builds(lambda name, part: Call(name, (part,)), st.sampled_from(FUNCTIONS), parts),
        several.map(lambda items: Call("max", items)),
    )


def arithmetic(leaves: int = 12, indexed: bool = False) -> st.SearchStrategy[Expr]:
    """Trees of arithmetic over a few symbols, without notation that has no value."""
    leaf = st.one_of(numbers(), symbols())
    if indexed:
        indices = st.sampled_from([Symbol("i"), Number(Fraction(2))])
        leaf = st.one_of(leaf, decimals(), indices.map(lambda i: Indexed(Symbol("y"), (i,))))
    return st.recursive(leaf, _larger, max_leaves=leaves)


A, B, INDEX = Symbol("A"), Symbol("B"), Symbol("i")
DISTRIBUTIONS = {"beta": (), "gamma": ("shape", "scale"), "normal": ("mu", "sigma2")}


def calculations(leaves: int = 10) -> st.SearchStrategy[Expr]:
    """Numbers by arithmetic, sums and products over i, cases, entries of A and decimals."""
    exact = st.fractions(max_denominator=1000).map(Decimal)
    leaf = st.one_of(numbers(), symbols(), exact, st.just(INDEX), entries())

    def larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        return st.one_of(_larger(parts), sums(parts), cases(parts))

    return st.recursive(leaf, larger, max_leaves=leaves)


def entries() -> st.SearchStrategy[Expr]:
    place = st.integers(1, 2).map(lambda n: Number(Fraction(n)))
    return st.builds(lambda i, j: Indexed(A, (i, j)), place, place)


def sums(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    end = st.one_of(st.integers(-1, 3).map(lambda n: Number(Fraction(n))), st.just(Symbol("n")))
    return st.builds(
        lambda kind, body, low, high: BigOp(kind, body, INDEX, low, high),
        st.sampled_from(["sum", "product"]), parts, end, end,
    )  # fmt: skip


def conditions(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """x > 0, or 0 < x <= 1."""
    relation = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    links = st.lists(st.tuples(relation, parts), min_size=1, max_size=2).map(tuple)
    return st.builds(Chain, parts, links)


def cases(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    branches = st.lists(st.tuples(parts, conditions(parts)), min_size=1, max_size=2)
    return st.one_of(
        branches.map(lambda found: Cases(tuple(found))),
        st.builds(lambda found, last: Cases((*found, (last, None))), branches, parts),
    )


def matrices() -> st.SearchStrategy[Expr]:
    """2×2 matrices: written down, named, transposed, added and multiplied in both ways."""
    row = st.tuples(arithmetic(3), arithmetic(3))
    leaf = st.one_of(st.tuples(row, row).map(Matrix), st.sampled_from([A, B]))

    def larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            several.map(Add),
            several.map(MatMul),
            several.map(Hadamard),
            parts.map(Transpose),
            parts.map(Neg),
            st.builds(lambda number, part: Mul((number, part)), arithmetic(3), parts),
            st.builds(Div, parts, numbers()),
        )

    return st.recursive(leaf, larger, max_leaves=5)


def whole_texts() -> st.SearchStrategy[Expr]:
    """What stands alone: chains, lists, shapes and distributions with named arguments."""
    size = st.one_of(st.integers(0, 300).map(lambda n: Number(Fraction(n))), symbols())
    relation = st.sampled_from(["=", "~=", "<=", ">=", "<", ">", "!=", "~"])
    parts = calculations(4)
    return st.one_of(
        st.builds(
            Chain, parts, st.lists(st.tuples(relation, parts), min_size=1, max_size=3).map(tuple)
        ),
        st.lists(st.one_of(parts, matrices()), max_size=4).map(lambda found: Listing(tuple(found))),
        st.builds(
            Shape, st.lists(size, min_size=2, max_size=3).map(tuple), st.one_of(st.none(), size)
        ),
        st.sampled_from(sorted(DISTRIBUTIONS)).flatmap(distribution),
    )


def distribution(name: str) -> st.SearchStrategy[Expr]:
    keys = DISTRIBUTIONS[name]
    values = st.tuples(*(arithmetic(3) for _ in keys or range(2)))
    if not keys:
        return values.map(lambda found: Call(name, found))
    return values.map(lambda found: Call(name, (), tuple(zip(keys, found, strict=True))))


def plain_arithmetic() -> st.SearchStrategy[Expr]:
    """Numbers alone, in the notation that is read as it is printed for people."""

    def larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        several = st.lists(parts, min_size=2, max_size=4).map(tuple)
        return st.one_of(
            several.map(Add),
            several.map(Mul),
            parts.map(Neg),
            st.builds(Div, parts, parts),
            st.builds(Pow, parts, parts),
            st.builds(
                lambda name, part: Call(name, (part,)), st.sampled_from(["sqrt", "abs"]), parts
            ),
            several.map(lambda items: Call("max", items)),
        )

    return st.recursive(numbers(), larger, max_leaves=10)
