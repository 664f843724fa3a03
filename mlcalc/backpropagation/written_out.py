"""What a function of a list does with its entries: mean([1; 2; 3]) is (1 + 2 + 3)/3.

A matrix times a column is written with its products and sums.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.tree import Call, Div, Expr, MatMul, Matrix, Mul, Neg, Pow, call, wrap
from mlcalc.maths.vectors import Product, Write, added, compact, is_narrow
from mlcalc.networks.activations import exponentials

MOST_ENTRIES = 6
"""A longer list is not written out."""


def written_out(line: Expr, write: Write) -> list[Expr]:
    """The next member of `a = mean(z) = mean([1; 2; 3]) = …`, where there is one to show."""
    match line:
        case MatMul((Matrix() as matrix, Matrix() as vector)) if vector.shape[1] == 1:
            sums = [added(terms) for terms in Product(line, matrix, vector).terms()]
            is_short = vector.shape[0] <= MOST_ENTRIES and is_narrow(sums)
            return [compact(Matrix.column(sums))] if is_short else []
        case Call(name, (Matrix(entries),)):
            numbers = [entry for row in entries for entry in row]
        case Call("cross_entropy" as name, (Matrix(entries), Matrix(targets))):
            numbers = [entry for row in entries for entry in row]
            weights = [entry for row in targets for entry in row]
        case _:
            return []
    if len(numbers) > MOST_ENTRIES:
        return []
    count = wrap(len(numbers))
    match name:
        case "sum":
            return [added(numbers)]
        case "mean":
            return [Div(added(numbers), count)]
        case "var":
            return [Div(added(squares(numbers, write)), count)]
        case "softmax":
            values = [number for row in rows(evaluate(line.arguments[0])) for number in row]
            return [exponentials(values, write)]
        case "cross_entropy":
            logs = [call("log", number) for number in numbers]
            products = [Mul((t, log)) for t, log in zip(weights, logs, strict=True)]
            return [Neg(added(products))]
    return []


def squares(numbers: Sequence[Expr], write: Write) -> list[Expr]:
    """(1 − 2)², (2 − 2)², (3 − 2)²."""
    centre = write(rows(evaluate(Div(added(numbers), wrap(len(numbers)))))[0][0])
    return [Pow(added([number, Neg(centre)]), wrap(2)) for number in numbers]
