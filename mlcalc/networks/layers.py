"""What layers of neurons have in common: fitting shapes and finite numbers."""

from __future__ import annotations

import math
from typing import Any

from mlcalc.files.errors import Complaint
from mlcalc.files.fields import Vector
from mlcalc.files.problem import Field, Problem
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError, Unbound, to_float
from mlcalc.maths.tree import Matrix, free_symbols


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
