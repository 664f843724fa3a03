"""The equations of each cell, by its word."""

from __future__ import annotations

from mlcalc.maths.tree import Symbol
from mlcalc.recurrence.equations import Equation, Reading, unit
from mlcalc.recurrence.gated import Naming, gru, lstm
from mlcalc.recurrence.question import RecurrentQuestion

H, Z = Symbol("h"), Symbol("z")


def recurrent(given: RecurrentQuestion, inputs: Reading, name: Naming) -> tuple[Equation, ...]:
    """The equations that make the state h of one layer."""
    match given.cell:
        case "lstm":
            return lstm(inputs, name, given.activation)
        case "gru":
            return gru(inputs, name, given.activation, given.variant)
        case _:
            before = Reading(H, 1, stops=given.cell == "elman")
            products = [(name("W_xh"), inputs), (name("W_hh"), before)]
            return unit(H, Z, products, name("b_h"), given.activation)
