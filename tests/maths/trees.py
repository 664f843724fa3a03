"""Hypothesis strategies for expression trees: every operator, calls, and awkward numbers.

Trees are built node by node, not with Python's operators, so that shapes come up which no
solver would write: a sum within a sum, a negative factor, a power of a power.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from mlcalc.maths.tree import Add, Call, Decimal, Div, Expr, Indexed, Mul, Neg, Number, Pow, Symbol

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
