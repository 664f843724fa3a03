"""The worked answer about one network: its shapes, parameters, multiplications, and their sums.

A network of many layers is shown block by block, equal blocks in a row once, and then the inside
of one block of each sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from mlcalc.architectures.rows import (
    FAMILY_NAMES,
    MOST_TERMS,
    Row,
    Sums,
    count_cell,
    count_chain,
    grouped,
    is_deep,
    rows,
)
from mlcalc.architectures.shapes import ZERO, entry_count
from mlcalc.architectures.tracing import Entry, Trace, named_leaves
from mlcalc.convolution.windows import K, P, S, Window
from mlcalc.derivation import Block, Prose, Step, Table
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Decimal, Expr, Symbol, Words, equals

Cell: TypeAlias = "Prose | Expr"


def steps(trace: Trace, found: Sums) -> list[Step]:
    if is_deep(trace):
        return [blocks_step(trace), *inside_steps(trace), sums_step(trace, found)]
    shown = rows(trace)
    return [
        shapes_step(trace, shown),
        *counts_steps(shown, ""),
        sums_step(trace, found),
    ]


def shapes_step(trace: Trace, shown: Sequence[Row]) -> Step:
    """The lecture's first columns: what each layer gives, and how many numbers that is."""
    sized = any(row.entry.windows for row in shown)
    header = ("layer", *(("size",) if sized else ()), "output", "activations")
    start: list[Cell] = ["input", *([""] if sized else []), trace.network.input]
    table = [(*start, count_cell(entry_count(trace.network.input)))]
    for row in shown:
        size = [size_cell(row.entry)] if sized else []
        entry = row.entry
        table.append((row.label, *size, entry.after, count_cell(entry.activations)))
    note: Prose = "activations are the numbers that a layer gives on, for one example"
    windows = [window for row in shown for window in row.entry.windows]
    if any(type(window) is Window for window in windows):
        plain = Window(Symbol("W"), K, S, P, P).formula
        up = ", rounded up with ceil" if any(window.ceil_mode for window in windows) else ""
        note = ("a window gives ", plain, f" along each axis{up}; {note}")
    return Step("follow the shape through the layers", (Table(header, tuple(table)),), note)


def size_cell(entry: Entry) -> Cell:
    """How the sizes come about, axes with the same numbers once."""
    if not entry.windows:
        return ""
    found: list[tuple[Window, Expr]] = []
    for pair in zip(entry.windows, entry.after.sizes, strict=True):
        found += [pair] if pair not in found else []
    pieces: list[str | Expr] = []
    for window, size in found:
        pieces += [", "] if pieces else []
        pieces.append(size_chain(window, size))
    return tuple(pieces) if len(pieces) > 1 else pieces[0]


def size_chain(window: Window, size: Expr) -> Expr:
    if exact(size) is None:
        return size
    is_dropped = window.ceil_mode and window.is_last_dropped
    return equals(window.formula - 1 if is_dropped else window.formula, size)


def counts_steps(shown: Sequence[Row], inside: str) -> Iterator[Step]:
    """The parameters and the multiplications, layer by layer, each with its formula."""
    has_bias = any(isinstance(row.entry.parameter_formula, Add) for row in shown)
    biases = ", and one for each bias" if has_bias else ""
    parameters = [(row, row.entry.parameter_formula, row.entry.parameters) for row in shown]
    products = [(row, row.entry.multiplication_formula, row.entry.multiplications) for row in shown]
    note = f"one for each weight{biases}; layers that are not listed have none"
    yield from counts_step(f"count the parameters{inside}", parameters, note)
    note = "each weight is used once at each position of the output"
    yield from counts_step(f"count the multiplications{inside}", products, note)


def counts_step(rule: str, counts: Sequence[tuple[Row, Expr, Expr]], note: str) -> Iterator[Step]:
    table = tuple(
        (row.label, count_chain(formula, count))
        for row, formula, count in counts
        if exact(count) != 0
    )
    if table:
        yield Step(rule, (Table(("layer", "count"), table),), note)


def blocks_step(trace: Trace) -> Step:
    """A deep network, block by block."""
    shown = rows(trace)
    header = ("layer", "times", "output", "parameters", "multiplications")
    table = tuple(
        (
            row.label,
            f"×{row.times}" if row.times > 1 else "",
            row.entry.after,
            count_cell(row.entry.parameters, row.times),
            count_cell(row.entry.multiplications, row.times),
        )
        for row in shown
    )
    start = ("input", "", trace.network.input, as_number(0), as_number(0))
    count = len(trace.leaves())
    return Step(
        "follow the shape block by block",
        (Table(header, (start, *table)),),
        f"{count} layers in all; equal blocks in a row are added up in one line",
    )


def inside_steps(trace: Trace) -> Iterator[Step]:
    """The first block of each sort, and the layers outside of all blocks."""
    seen: set[str] = set()
    for entry in trace.entries:
        if not entry.parts or entry.kind in seen:
            continue
        seen.add(entry.kind)
        inner = [Row(name, leaf) for name, leaf in named_leaves(entry.parts, "")]
        weighted = [row for row in inner if exact(row.entry.parameters) != 0]
        if not weighted:
            continue
        table = tuple(
            (r.label, r.entry.after, count_chain(r.entry.parameter_formula, r.entry.parameters))
            for r in weighted
        )
        header = ("layer", "output", "parameters")
        yield Step(
            f"look inside {entry.name}",
            (Table(header, table), counted_sum("parameters", entry.parameters)),
            "the others of its sort are built alike",
        )
    outside = [Row(entry.name, entry) for entry in trace.entries if not entry.parts]
    counts = [(row, row.entry.parameter_formula, row.entry.parameters) for row in outside]
    yield from counts_step("count the parameters of the layers outside", counts, "")


def counted_sum(name: str, count: Expr) -> Expr:
    value = exact(count)
    return equals(Words(name), count if value is None else grouped(value))


def sums_step(trace: Trace, found: Sums) -> Step:
    """Sums by sort of layer, their shares of the total, and the total."""
    families = [f for f, count in found.families.items() if exact(count) != 0]
    whole = exact(found.total)
    blocks: list[Block] = []
    if whole:
        table = []
        for family in families:
            value = exact(found.of(family)) or Fraction(0)
            share: Prose = (Decimal(100 * value / whole), " %")
            table.append((FAMILY_NAMES[family], grouped(value), share))
        header = ("sort", "parameters", "share")
        blocks.append(Table(header, tuple(table)))
    terms = [count_cell(found.of(family)) for family in families] or [ZERO]
    added = Add(tuple(terms)) if 1 < len(terms) <= MOST_TERMS else terms[0]
    if whole is None:
        blocks.append(equals(Words("total"), found.total))
    else:
        blocks.append(equals(Words("total"), added, grouped(whole)))
    blocks.append(counted_sum("multiplications", found.multiplications))
    return Step("add up", tuple(blocks))
