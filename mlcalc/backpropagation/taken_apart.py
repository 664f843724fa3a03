"""What a lecturer draws as several gates, written in them.

Batch normalisation becomes its mean, its variance and a quotient, a sum over an index its terms.
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.backpropagation.graph import NotAGraph
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Div,
    Expr,
    Listing,
    Matrix,
    Mul,
    Number,
    Pow,
    call,
    substitute,
)

MOST_TERMS = 100
"""A sum over an index is written out for at most this many terms."""


def taken_apart(function: Call, items: tuple[Expr, ...]) -> Expr | None:
    """The function of these items in other operations; None where it is one itself.

    The sum and the mean of several values are gates; those of one vector add its entries up.
    """
    match function.name:
        case "sum" if len(items) > 1:
            return Add(items)
        case "mean" if len(items) > 1:
            return Div(Add(items), Number(Fraction(len(items))))
        case "product":
            if len(items) == 1:
                shown = one_line(function)
                raise NotAGraph(f"write a product of values, x*y*z, instead of {shown}")
            return Mul(items)
        case "batchnorm" | "layernorm":
            return normalised(function)
    return None


def items_of(arguments: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The items of one list that was typed as such: max([x, y]) is max(x, y)."""
    match arguments:
        case (Listing(items),):
            return items
        case (Matrix(rows),) if 1 in (len(rows), len(rows[0])):
            return tuple(entry for row in rows for entry in row)
    return arguments


def normalised(function: Call) -> Expr:
    """(z − m)/√(mean (z − m)² + ε), gate by gate (Ioffe and Szegedy 2015; Ba et al. 2016)."""
    vector, *rest = function.arguments
    if len(rest) > 1:
        count = len(function.arguments)
        raise NotAGraph(f"{function.name} takes a vector and epsilon, not {count} values")
    centred = vector - call("mean", vector)
    variance = call("mean", Pow(centred, Number(Fraction(2))))
    return centred / call("sqrt", Add((variance, *rest)) if rest else variance)


def written_out(operation: BigOp) -> Expr:
    """A sum or product over an index as one over its terms."""
    low = None if operation.low is None else exact(operation.low)
    high = None if operation.high is None else exact(operation.high)
    ends = [int(end) for end in (low, high) if end is not None and end.denominator == 1]
    if len(ends) < 2 or not 0 <= ends[1] - ends[0] < MOST_TERMS:
        raise NotAGraph(
            f"the index of {one_line(operation)} must run over 1 to {MOST_TERMS} whole numbers"
        )
    terms = [
        substitute(operation.body, {operation.index: Number(Fraction(i))})
        for i in range(ends[0], ends[1] + 1)
    ]
    if len(terms) == 1:
        return terms[0]
    return Add(tuple(terms)) if operation.kind == "sum" else Mul(tuple(terms))
