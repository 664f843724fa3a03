"""How much of the input one entry of a network sees."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.architectures.kinds import KINDS
from mlcalc.architectures.rows import Row, is_deep
from mlcalc.architectures.tracing import Trace
from mlcalc.architectures.working import Cell
from mlcalc.convolution.windows import K, S
from mlcalc.derivation import Prose, Step, Table
from mlcalc.fields import as_number
from mlcalc.maths.tree import Symbol, equals


def receptive_field(trace: Trace) -> tuple[Fraction, ...] | None:
    """What an entry of the last maps sees of the input, along each axis; None without windows."""
    local = [entry for entry in trace.entries if entry.is_local and entry.seen is not None]
    has_window = any(KINDS[entry.kind].family in ("conv", "pool") for _, entry in trace.leaves())
    if not local or not has_window or local[-1].seen is None:
        return None
    return tuple(seen for seen, _ in local[-1].seen)


def receptive_step(trace: Trace) -> Step | None:
    """r + (K − 1)·j for each window in a plain sequence; j is the product of the strides so far."""
    if receptive_field(trace) is None or is_deep(trace):
        return None
    if any(entry.parts for entry in trace.entries):
        return None
    table: list[tuple[Cell, ...]] = []
    before, jump = Fraction(1), Fraction(1)
    for entry in trace.entries:
        if not entry.is_local or entry.seen is None:
            break
        if not entry.windows:
            continue
        (seen, step), window = entry.seen[0], entry.windows[0]
        if KINDS[entry.kind].family == "transposed-conv":
            return None
        formula = as_number(before) + (window.reach - 1) * as_number(jump)
        table.append(
            (
                Row(entry.name, entry).label,
                equals(formula, as_number(seen)),
                equals(as_number(jump) * window.stride, as_number(step)),
            )
        )
        before, jump = seen, step
    r, j = Symbol("r"), Symbol("j")
    note: Prose = (
        "an entry of the input sees itself: ", equals(r, as_number(1)), ", ",
        equals(j, as_number(1)), "; a window adds ", (K - 1) * j, " to ", r, ", and its stride ",
        S, " multiplies the distance ", j, " of neighbours",
    )  # fmt: skip
    axis = "" if len(set(entry_axes(trace))) == 1 else ", along the first axis"
    return Step(f"follow the receptive field{axis}", (Table(("layer", r, j), tuple(table)),), note)


def entry_axes(trace: Trace) -> tuple[Fraction, ...]:
    return receptive_field(trace) or (Fraction(0),)
