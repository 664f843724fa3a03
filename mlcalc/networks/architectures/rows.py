"""The rows of a table of layers, and what they add up to."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from mlcalc.files.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Number, equals
from mlcalc.networks.architectures.layers import CONV, FC
from mlcalc.networks.architectures.tracing import Entry, Trace
from mlcalc.networks.convolution.sizes import ZERO, added_up

MOST_ROWS = 48

MOST_TERMS = 6


class Row(Record):
    """One line of a table: an entry, or `times` equal ones from the first to the last."""

    name: str
    entry: Entry
    times: int = 1

    @property
    def label(self) -> str:
        """conv-2: 12 k17."""
        return f"{self.name}: {self.entry.text}" if self.entry.text else self.name


class Sums(Record):
    """The counts of a whole network, as numbers or, where letters are left, as formulas."""

    sorts: dict[str, Expr]
    total: Expr
    multiplications: Expr | None
    """None where it is not known how the parts are joined, and so what each reads."""

    def of(self, sort: str) -> Expr:
        return self.sorts.get(sort, ZERO)


def sums(trace: Trace) -> Sums:
    """The parameters by sort of layer; convolutions include the transposed."""
    found: dict[str, list[Expr]] = {CONV: [], FC: []}
    for _, entry in trace.leaves():
        if entry.layer is not None and exact(entry.parameters) != 0:
            found.setdefault(entry.layer.sort, []).append(entry.parameters)
    sorts = {sort: added_up(counts) for sort, counts in found.items()}
    products = None
    if not trace.network.is_listed:
        products = added_up([entry.multiplications for entry in trace.entries])
    return Sums(sorts, added_up(list(sorts.values())), products)


def is_deep(trace: Trace) -> bool:
    return len(trace.leaves()) > MOST_ROWS


def rows(trace: Trace) -> list[Row]:
    """Every layer, or in a deep network every block, equal neighbours in one row."""
    if not is_deep(trace):
        return [Row(name, entry) for name, entry in trace.leaves()]
    found = []
    for _, group in groupby(trace.entries, key=signature):
        entries = list(group)
        first, last = entries[0], entries[-1]
        name = first.name
        if last is not first:
            name = f"{first.name} to {last.name.rpartition('-')[2]}"
        found.append(Row(name, first, len(entries)))
    return found


def signature(entry: Entry) -> tuple[object, ...]:
    return entry.kind, entry.text, entry.before, entry.after, entry.parameters


def grouped(value: Fraction) -> Number:
    """A whole number as people read long ones: 138,357,544."""
    is_long = value.denominator == 1 and value >= 10_000
    return Number(value, f"{value.numerator:,}") if is_long else Number(value)


def count_cell(count: Expr, times: int = 1) -> Expr:
    value = exact(count)
    if value is None:
        return count if times == 1 else as_number(times) * count
    return grouped(value * times)


def count_chain(formula: Expr, count: Expr) -> Expr:
    """3·12·17·17 + 12 = 10,416; a formula in letters alone."""
    value = exact(count)
    return formula if value is None else equals(formula, grouped(value))
