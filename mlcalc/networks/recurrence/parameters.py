"""What each recurrent cell learns: the name, the shape in letters and the purpose of each weight.

Sizes are trees, so one table serves shapes in numbers and in letters.  A cell has one bias vector
a gate, as the equations have; how a library holds more of them is a matter of counting.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.files.errors import Complaint
from mlcalc.files.fields import as_number
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Expr, Mul, Symbol
from mlcalc.networks.layers import entries, misfits
from mlcalc.networks.recurrence.cells import X
from mlcalc.networks.recurrence.question import RecurrentQuestion, Weights

ONE = as_number(1)
D_X, D_H, D_Y = Symbol("d", "x"), Symbol("d", "h"), Symbol("d", "y")
INPUT_TAPS, OUTPUT_TAPS = Symbol("L"), Symbol("K")


class Weight(Record):
    """A matrix or a vector that is learned; a vector has one column."""

    name: str
    rows: Expr
    columns: Expr
    purpose: str

    @property
    def entries(self) -> Expr:
        return self.rows if self.columns == ONE else Mul((self.rows, self.columns))


GATES: Mapping[str, Mapping[str, str]] = {
    "lstm": {
        "i": "the input gate",
        "f": "the forget gate",
        "g": "the candidate",
        "o": "the output gate",
    },
    "gru": {"r": "the reset gate", "z": "the update gate", "n": "the candidate"},
}

STATE = (D_H, "takes the state before to the state")
READ = {
    "rnn": STATE,
    "elman": STATE,
    "jordan": (D_Y, "takes the memory of outputs to the hidden units"),
    "narx": (Mul((OUTPUT_TAPS, D_Y)), "takes the outputs before to the hidden units"),
}
"""What W_hh reads, in cells without gates."""


def weights(cell: str, has_bias: bool = True) -> tuple[Weight, ...]:
    """The weights of one layer of the cell."""
    if cell in GATES:
        return tuple(
            weight for gate, what in GATES[cell].items() for weight in of_gate(gate, what, has_bias)
        )
    inputs: Expr = D_X
    if cell in ("narx", "tdnn"):
        inputs = Mul((Add((INPUT_TAPS, ONE)), D_X))
    hidden = "hidden units" if cell in ("jordan", "narx", "tdnn") else "state"
    found = [Weight("W_xh", D_H, inputs, f"takes the input to the {hidden}")]
    if cell != "tdnn":
        columns, purpose = READ[cell]
        found.append(Weight("W_hh", D_H, columns, purpose))
    return (*found, Weight("b_h", D_H, ONE, "one bias for each unit")) if has_bias else (*found,)


def known_names(cell: str, variant: str) -> tuple[str, ...]:
    """What may be given of a layer of the cell: weights, biases, and where it starts from."""
    inner = ("b_hn",) if (cell, variant) == ("gru", "pytorch") else ()
    start = () if cell == "tdnn" else ("h0", "c0") if cell == "lstm" else ("h0",)
    return (*(weight.name for weight in weights(cell)), *inner, *start)


def of_gate(gate: str, what: str, has_bias: bool) -> list[Weight]:
    found = [
        Weight(f"W_x{gate}", D_H, D_X, f"takes the input to {what}"),
        Weight(f"W_h{gate}", D_H, D_H, f"takes the state before to {what}"),
    ]
    return [*found, Weight(f"b_{gate}", D_H, ONE, f"bias of {what}")] if has_bias else found


def output_weights(has_bias: bool = True) -> tuple[Weight, ...]:
    """The weights of the output layer."""
    found = (Weight("W_hy", D_Y, D_H, "takes the state to the output"),)
    return (*found, Weight("b_y", D_Y, ONE, "one bias for each output")) if has_bias else found


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
