"""From the weights that were given to a network whose memory is not learned.

Jordan's network, NARX and the time-delay network have one layer of units; W_hh need not be
square, since it reads outputs.  Without an output layer the units of a NARX or a time-delay
network are the outputs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mlcalc.files.problem import Field
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Matrix, Number, Symbol
from mlcalc.networks.equations import Equation, Reading, unit
from mlcalc.networks.layers import entries, misfits
from mlcalc.networks.recurrence.building import Builder, Owner
from mlcalc.networks.recurrence.cells import average, window
from mlcalc.networks.recurrence.parameters import Placed, sequence_hint
from mlcalc.networks.recurrence.question import RecurrentQuestion
from mlcalc.networks.recurrence.wording import NOUNS

X, H, Z, O, Y, M, U, V = map(Symbol, "xhzoymuv")  # noqa: E741  # as in the books
HALF = Number(Fraction(1, 2), "0.5")

MEMORY_CELLS = ("jordan", "narx", "tdnn")

Read = tuple[tuple[Reading, ...], tuple[Equation, ...]]
"""What the units read, and the equations that make it."""


def builder_for(given: RecurrentQuestion, input_size: int, takes_letters: bool = False) -> Builder:
    """What puts the network of that cell together."""
    kind = MemoryBuilder if given.cell in MEMORY_CELLS else Builder
    return kind(given, input_size, takes_letters)


class MemoryBuilder(Builder):
    """The same for a cell that reads windows or averages instead of its own state."""

    def layers(self) -> Placed:
        given, fields = self.given, RecurrentQuestion
        for field, value in ((fields.layers, given.layers), (fields.backward, given.backward)):
            if value is not None:
                message = f"{NOUNS[given.cell]} has one layer: leave {field.name} out"
                raise given.fault(message, field)
        if given.cell == "jordan" and given.W_hy is None:
            raise given.fault("a Jordan network reads its outputs: give W_hy (or W_yh, W_out)")
        names = self.take(given, "", ())
        assert given.W_xh is not None
        units = given.W_xh.shape[0]
        because = f"{given.typed_name(fields.W_xh)} has {units} {'row' if units == 1 else 'rows'}"
        own, total = (H, Z) if given.W_hy is not None else (Y, O)
        self.outputs = self.outputs or units
        read, before = self.read_inputs(given.W_xh, units, because)
        remembered, made = self.read_outputs(units, because)
        products = [(names["W_xh"], each) for each in read]
        products += [(names["W_hh"], each) for each in remembered]
        sums = unit(own, total, products, names.get("b_h"), given.activation)
        self.misfit(fields.b_h, given.b_h, (units, 1), f"one for each unit ({because})")
        self.add((*before, *made, *sums))
        return Placed(own, units, because)

    def after_output(self) -> tuple[Equation, ...]:
        """The running average of a Jordan network, which is made of the output."""
        if self.given.cell != "jordan" or exact(self.decay) == 0:
            return ()
        return (average(M, Y, self.decay),)

    @property
    def decay(self) -> Expr:
        """The share of the old memory that stays, from 0 to 1."""
        if self.given.decay is None:
            return HALF
        value = exact(self.given.decay)
        if value is None or value > 1:
            message = "decay must be a number from 0 to 1: the share of the old memory that stays"
            raise self.given.fault(message, RecurrentQuestion.decay)
        return self.given.decay

    def read_inputs(self, weights: Matrix, units: int, because: str) -> Read:
        """x_t, or the window [x_t; …; x_(t−L)]."""
        given, size, columns = self.given, self.input_size, weights.shape[1]
        past = given.input_taps
        if past is None:
            past = 0 if given.cell == "jordan" else max(columns // size - 1, 0)
        reads = f"a column for each entry of x_t, which has {entries(size)}"
        if past:
            reads = f"a column for each entry of x_t and of the {past} inputs before, {size} each"
        elif given.cell != "jordan" and given.input_taps is None:
            reads += ", and as many for each input before"
        why = f"{reads}{sequence_hint(given, given)}"
        self.misfit(RecurrentQuestion.W_xh, weights, (units, size * (past + 1)), why)
        reading, made = window(U, X, range(past + 1))
        return (reading,), made

    def read_outputs(self, units: int, because: str) -> Read:
        """What W_hh reads: the last outputs, or their average."""
        given, fields, size = self.given, RecurrentQuestion, self.outputs
        if given.cell == "tdnn" or given.W_hh is None:
            return (), ()
        taps = given.output_taps
        if taps is None:
            taps = max(given.W_hh.shape[1] // size, 1) if given.cell == "narx" else 1
        what = "the memory" if given.cell == "jordan" else "the output before"
        reads = f"{what}, which has {entries(size)}"
        if taps > 1:
            reads = f"the {taps} outputs before, {size} each"
        why = f"a row for each unit ({because}), a column for each entry of {reads}"
        self.misfit(fields.W_hh, given.W_hh, (units, size * taps), why)
        self.misfit(fields.h0, given.h0, (size, 1), "one for each output")
        is_average = given.cell == "jordan" and exact(self.decay) != 0
        start = Symbol.named(given.typed_name(fields.h0))
        self.owners.setdefault(start, Owner((), "h0"))
        self.initial.append((M if is_average else Y, start))
        if given.cell == "jordan":
            return (Reading(M if is_average else Y, 1, stops=True),), ()
        reading, made = window(V, Y, range(1, taps + 1))
        return (reading,), made

    def misfit(
        self, field: Field[Any], matrix: Matrix | None, wanted: tuple[int, int], why: str
    ) -> None:
        self.complaints += misfits(self.given, field, matrix, wanted, why)
