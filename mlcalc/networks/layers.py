"""What layers of neurons have in common: fitting shapes, finite numbers, classes as targets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from mlcalc.files.errors import Complaint
from mlcalc.files.fields import Vector, as_number
from mlcalc.files.problem import Field, Problem
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import evaluate, exact
from mlcalc.maths.functions import EvaluationError, Unbound, to_float
from mlcalc.maths.tree import Expr, Matrix, free_symbols


def entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def misfits(
    given: Problem, field: Field[Any], matrix: Matrix | None, wanted: tuple[int, int], why: str
) -> tuple[Complaint, ...]:
    """The complaint about a matrix or vector that does not have the wanted shape."""
    if matrix is None or matrix.shape == wanted:
        return ()
    name, (rows, columns) = given.typed_name(field), matrix.shape
    if isinstance(field.takes, Vector):
        message = f"{name} has {entries(rows)} and must have {wanted[0]}: {why}"
    else:
        message = f"{name} is {rows}×{columns} and must be {wanted[0]}×{wanted[1]}: {why}"
        if (columns, rows) == wanted:
            message += "; this looks like its transpose"
    return given.fault(message, field).complaints


def classes_in(entries: Iterable[Expr]) -> list[int]:
    """The numbers of classes, counted from 0; none where one is no whole number."""
    numbers = [exact(entry) for entry in entries]
    whole = [int(n) for n in numbers if n is not None and n.denominator == 1 and n >= 0]
    return whole if len(whole) == len(numbers) else []


def class_targets(
    given: Problem, field: Field[Any], classes: Sequence[int], outputs: int
) -> list[Matrix]:
    """A 1 in the place of each class, counted from 0 as PyTorch does, which a note says.

    Raises `Invalid` where there are not so many.
    """
    name, most = given.typed_name(field), max(classes)
    rows = [[int(k == number) for k in range(outputs)] for number in classes]
    if most >= outputs:
        message = f"{name} names class {most}, and there are {outputs} outputs"
        if most > outputs:
            raise given.fault(message, field)
        message += f", whose classes are counted from 0 to {outputs - 1}, as in PyTorch"
        if 0 not in classes:
            rows = [[int(k == number - 1) for k in range(outputs)] for number in classes]
            message += f": counted from 1, write {spelled(rows)}"
        raise given.fault(message, field)
    text = f"{name} is read as classes counted from 0, as in PyTorch: {spelled(rows)}"
    given.remarks += (Note("given.classes", text),)
    return [Matrix.column(map(as_number, row)) for row in rows]


def spelled(rows: Iterable[Iterable[int]]) -> str:
    return "; ".join(" ".join(map(str, row)) for row in rows)


def check_numbers(given: Problem, field: Field[Any], matrix: Matrix) -> None:
    """Refuses letters, and entries that have no finite value."""
    name = given.typed_name(field)
    for entry in (entry for row in matrix.rows for entry in row):
        try:
            value = evaluate(entry)
        except Unbound:
            letter = min(symbol.spelled for symbol in free_symbols(entry))
            message = f"{name} has the letter {letter}: give a number for it"
            raise given.fault(message, field) from None
        except EvaluationError as error:
            raise given.fault(f"{name}: {error}", field) from None
        if isinstance(value, tuple):
            raise given.fault(f"{name} must have one number in each place", field)
        if not math.isfinite(to_float(value)):
            raise given.fault(f"{name} must hold finite numbers, at most 10^308", field)
