"""What each recurrent cell learns: the name, the shape in letters and the purpose of each weight.

Sizes are trees, so one table serves shapes in numbers and in letters.  A cell has one bias vector
a gate, as the equations have; how a library holds more of them is a matter of counting.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.fields import as_number
from mlcalc.maths.tree import Add, Expr, Mul, Symbol
from mlcalc.records import Record

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
