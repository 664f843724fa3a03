"""What goes wrong with the outputs, the loss and the gradients of any network."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeGuard, cast

from mlcalc.marking.misconceptions.case import Case, Results
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Matrix
from mlcalc.showing.derivation import Result

LOGARITHMS = ("cross-entropy", "binary-cross-entropy")


def softmax_without_exp(case: Case, name: str) -> Results:
    """z/Σz for each output where e^z/Σe^z is right."""
    if case.given.values["output_activation"] != "softmax":
        return {}
    fields = {"targets", "loss", "learning_rate"} & type(case.given).fields.keys()
    left_out = {field: None for field in fields if case.is_given(field)}
    sums = case.again(output_activation="identity", **left_out).get(name)
    found = None if sums is None else shares(sums)
    return {} if found is None else {name: found}


def shares(value: Result) -> Result | None:
    """Each number of a vector, or of each row of a matrix, by the sum of them."""
    if not isinstance(value, tuple) or not value:
        return None
    if all(isinstance(row, tuple) for row in value):
        rows = [shares(row) for row in cast("tuple[Result, ...]", value)]
        return None if None in rows else cast("Result", tuple(rows))
    numbers = [to_float(x) for x in value if isinstance(x, Fraction | float)]
    total = sum(numbers)
    return None if len(numbers) != len(value) or not total else tuple(x / total for x in numbers)


def other_logarithm(case: Case) -> list[Results]:
    """The cross-entropy in digits or in bits."""
    loss = case.number("loss")
    if loss is None or case.given.values["loss"] not in LOGARITHMS:
        return []
    return [{"loss": to_float(loss) / math.log(base)} for base in (10, 2)]


def gradient_transposed(case: Case) -> Results:
    """h δᵀ where δ hᵀ is right, in every matrix that is not a row or a column."""
    gradients = case.value("gradients")
    return {} if not isinstance(gradients, Mapping) else {"gradients": turned(gradients)}


def turned(value: Result) -> Result:
    """Every matrix within a value read by columns; vectors, of whatever lengths, stay."""
    if isinstance(value, Mapping):
        return {key: turned(part) for key, part in value.items()}
    if isinstance(value, Matrix):
        return value.turned if min(value.shape) > 1 else value
    if not isinstance(value, tuple):
        return value
    if is_matrix(value):
        return tuple(zip(*value, strict=True)) if min(len(value), len(value[0])) > 1 else value
    return cast("Result", tuple(turned(part) for part in cast("tuple[Result, ...]", value)))


def is_matrix(value: Sequence[object]) -> TypeGuard[tuple[tuple[Fraction | float, ...], ...]]:
    """Whether a list is one of rows, of numbers and of one length."""
    rows = [row for row in value if isinstance(row, tuple)]
    is_flat = all(not isinstance(entry, tuple) for row in rows for entry in row)
    return len(rows) == len(value) > 0 and is_flat and len({*map(len, rows)}) == 1
