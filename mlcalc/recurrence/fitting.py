"""Whether the weights of a layer fit each other, and what they read."""

from __future__ import annotations

from mlcalc.errors import Complaint
from mlcalc.maths.tree import Symbol
from mlcalc.networks.layers import entries, misfits
from mlcalc.records import Record
from mlcalc.recurrence.parameters import weights
from mlcalc.recurrence.placing import X
from mlcalc.recurrence.question import RecurrentQuestion, Weights


class Placed(Record):
    """The layers' state, how long it is, and where its length is seen: "W_hh is 2×2"."""

    state: Symbol
    size: int
    because: str


def fitted(
    question: RecurrentQuestion, given: Weights, below: Placed
) -> tuple[int, str, list[Complaint]]:
    """The length of the state, and where it is seen; complaints about all that does not fit.

    Raises `Invalid` where the weights from state to state are not square.
    """
    fields = {field.name: field for field in Weights.fields.values()}
    square = next(w.name for w in weights(question.cell) if w.name.startswith("W_h"))
    name, (rows, columns) = given.typed_name(fields[square]), given.values[square].shape
    if rows != columns:
        raise given.fault(
            f"{name} is {rows}×{columns} and must be square: it takes the state h to the next "
            "state, which has as many entries",
            fields[square],
        )
    because = f"{name} is {rows}×{rows}"
    units = f"one for each entry of h ({because})"
    source = f"the state below, which has {entries(below.size)}"
    if below.state == X:
        source = f"x_t, which has {entries(below.size)}{sequence_hint(question, given)}"
    reads = f"a row {units[4:]}, a column for each entry of {source}"
    complaints: list[Complaint] = []
    for field in fields.values():
        matrix = given.values[field.name]
        if field.name.startswith("W_x"):
            complaints += misfits(given, field, matrix, (rows, below.size), reads)
        elif field.name.startswith("W_h"):
            why = f"it takes the state to the next, as {name} does"
            complaints += misfits(given, field, matrix, (rows, rows), why)
        else:
            complaints += misfits(given, field, matrix, (rows, 1), units)
    return rows, because, complaints


def sequence_hint(question: RecurrentQuestion, given: Weights) -> str:
    """One row that was meant as a sequence of numbers, and the other way round."""
    matrix = given.W_xh
    if matrix is None or question.x is None:
        return ""
    wanted, steps, size = matrix.shape[1], len(question.x), question.x[0].shape[0]
    if wanted == 1 and steps == 1:
        return "; x is one step: for steps of one entry write commas, as in '1, 0, 1'"
    if size == 1 and steps == wanted:
        return f"; x is {steps} steps: for a single one write '1 0 1' or [[1, 0, 1]]"
    return ""
