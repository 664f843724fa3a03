"""The worked answer about one network: its shapes, parameters, multiplications, and their sums.

A network of many layers is shown block by block, equal blocks in a row once, and then the inside
of one block of each sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from mlcalc.maths.board import Prose, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Decimal, Expr, Symbol
from mlcalc.networks.architectures.rows import (
    MOST_TERMS,
    Row,
    Sums,
    count_cell,
    count_chain,
    grouped,
    is_deep,
    rows,
)
from mlcalc.networks.architectures.tracing import Entry, Trace, named_leaves
from mlcalc.networks.convolution.sizes import ZERO, entry_count
from mlcalc.networks.convolution.windows import K, P, S, TransposedWindow, Window
from mlcalc.showing.derivation import Block, Step, Table, step

Cell: TypeAlias = "Prose | Expr"


PRODUCTS, SEEN = ("multiplications",), ("receptive_field",)
"""What some steps are for, beside the total."""


def steps(trace: Trace, found: Sums) -> list[Step]:
    if trace.network.is_listed:
        listed = [Row(name, entry) for name, entry in trace.leaves()]
        return [*counts_steps(listed, is_listed=True), sums_step(found)]
    if is_deep(trace):
        return [blocks_step(trace), *inside_steps(trace), sums_step(found)]
    shown = rows(trace)
    field = receptive_step(trace)
    return [
        shapes_step(trace, shown),
        *counts_steps(shown),
        sums_step(found),
        *([field] if field else []),
    ]


def shapes_step(trace: Trace, shown: Sequence[Row]) -> Step:
    """The lecture's first columns: what each layer gives, and how many numbers that is."""
    windows = [window for row in shown for window in row.entry.windows]
    header = ("layer", *(("size",) if windows else ()), "output", "activations")
    start: list[Cell] = ["input", *([""] if windows else []), trace.network.input]
    table = [(*start, count_cell(entry_count(trace.network.input)))]
    for row in shown:
        entry = row.entry
        cell = [size_cell(entry)] if windows else []
        table.append((row.label, *cell, entry.after, count_cell(entry_count(entry.after))))
    why = "activations are the numbers that a layer gives on, for one example"
    if any(type(window) is Window for window in windows):
        up = ", rounded up with ceil" if any(window.ceil_mode for window in windows) else ""
        why = f"a window gives $size$ along each axis{up}; {why}"
    size = Window(Symbol("W"), K, S, P, P).formula
    rule = "follow the shape through the layers"
    return step(rule, Table(header, tuple(table)), why=why, size=size)


def size_cell(entry: Entry) -> Cell:
    """How the sizes come about, axes with the same numbers once."""
    pairs = dict.fromkeys(zip(entry.windows, entry.after.sizes, strict=bool(entry.windows)))
    pieces: list[str | Expr] = []
    for window, size in pairs:
        dropped = 1 if window.is_last_dropped else None
        text = "size" if exact(size) is None else "formula - dropped = size"
        found = line(text, size=size, formula=window.formula, dropped=dropped)
        pieces += [", ", found] if pieces else [found]
    return tuple(pieces) if len(pieces) > 1 else pieces[0] if pieces else ""


def counts_steps(shown: Sequence[Row], inside: str = "", is_listed: bool = False) -> Iterator[Step]:
    """The parameters and the multiplications, layer by layer, each with its formula.

    Of layers that are listed it is not known what they read, and so no multiplications are.
    """
    has_bias = any(row.entry.parameter_cost.names.get("b") is not None for row in shown)
    biases = ", and one for each bias" if has_bias else ""
    yield from parameters_step(
        f"count the parameters{inside}",
        shown,
        f"one for each weight{biases}; layers that are not listed have none",
    )
    if is_listed:
        return
    products = [(r.label, r.entry.multiplication_formula, r.entry.multiplications) for r in shown]
    why = "each weight is used once at each position of the output"
    yield from counts_step(f"count the multiplications{inside}", products, why, PRODUCTS)


def parameters_step(rule: str, shown: Sequence[Row], why: str) -> Iterator[Step]:
    counts = [(row.label, row.entry.parameter_formula, row.entry.parameters) for row in shown]
    yield from counts_step(rule, counts, why)


def counts_step(
    rule: str, counts: Sequence[tuple[str, Expr, Expr]], why: str, of: tuple[str, ...] = ()
) -> Iterator[Step]:
    rows = [(label, count_chain(f, count)) for label, f, count in counts if exact(count) != 0]
    if rows:
        yield step(rule, Table(("layer", "count"), tuple(rows)), why=why, of=of)


def blocks_step(trace: Trace) -> Step:
    """A deep network, block by block."""
    header = ("layer", "times", "output", "parameters", "multiplications")
    start = ("input", "", trace.network.input, ZERO, ZERO)
    table = tuple(
        (
            row.label,
            f"×{row.times}" if row.times > 1 else "",
            row.entry.after,
            count_cell(row.entry.parameters, row.times),
            count_cell(row.entry.multiplications, row.times),
        )
        for row in rows(trace)
    )
    why = f"{len(trace.leaves())} layers in all; equal blocks in a row are added up in one line"
    return step("follow the shape block by block", Table(header, (start, *table)), why=why)


def inside_steps(trace: Trace) -> Iterator[Step]:
    """The first block of each sort, and the layers outside of all blocks."""
    blocks = {entry.kind: entry for entry in reversed(trace.entries) if entry.parts}
    for entry in trace.entries:
        if blocks.get(entry.kind) is not entry:
            continue
        inner = [Row(name, leaf) for name, leaf in named_leaves(entry.parts, "")]
        weighted = [row for row in inner if exact(row.entry.parameters) != 0]
        table = tuple(
            (r.label, r.entry.after, count_chain(r.entry.parameter_formula, r.entry.parameters))
            for r in weighted
        )
        if table:
            yield step(
                f"look inside {entry.name}",
                Table(("layer", "output", "parameters"), table),
                '"parameters" = count',
                why="the others of its sort are built alike",
                count=count_cell(entry.parameters),
            )
    outside = [Row(entry.name, entry) for entry in trace.entries if not entry.parts]
    yield from parameters_step("count the parameters of the layers outside", outside, "")


def sums_step(found: Sums) -> Step:
    """Sums by sort of layer, their shares of the total, and the total."""
    sums = {sort: count for sort, count in found.sorts.items() if exact(count) != 0}
    whole = exact(found.total)
    blocks: list[Block] = []
    if whole:
        values = {sort: exact(count) or Fraction(0) for sort, count in sums.items()}
        table = tuple(
            (sort, grouped(value), (Decimal(100 * value / whole), " %"))
            for sort, value in values.items()
        )
        blocks.append(Table(("sort", "parameters", "share"), table))
    terms = [count_cell(count) for count in sums.values()] or [ZERO]
    is_added = whole is not None and len(terms) <= MOST_TERMS
    products = None if found.multiplications is None else count_cell(found.multiplications)
    return step(
        "add up",
        *blocks,
        '"total" = terms + nothing = total' if is_added else '"total" = total',
        '"multiplications" = products' if products is not None else None,
        terms=terms, nothing=None,
        total=count_cell(found.total), products=products,
    )  # fmt: skip


# The receptive field.

FIELD = "an entry of the input sees itself: $r = 1$, $j = 1$; a window adds $(K - 1)*j$ to $r$, "
FIELD += "and its stride $S$ multiplies the distance $j$ of neighbours"


def receptive_step(trace: Trace) -> Step | None:
    """r + (K − 1)·j for each window in a plain sequence; j is the product of the strides so far."""
    field = trace.receptive_field
    if field is None or any(entry.parts for entry in trace.entries):
        return None
    table: list[tuple[Cell, ...]] = []
    before, jump = Fraction(1), Fraction(1)
    for entry in trace.entries:
        if not entry.is_local or entry.seen is None:
            break
        if not entry.windows:
            continue
        (seen, next_jump), window = entry.seen[0], entry.windows[0]
        if isinstance(window, TransposedWindow):
            return None
        wider = line("r + (R - 1)*j = seen", r=before, R=window.reach, j=jump, seen=seen)
        apart = line("j*S = next", j=jump, S=window.stride, next=next_jump)
        table.append((Row(entry.name, entry).label, wider, apart))
        before, jump = seen, next_jump
    axis = "" if len(set(field)) == 1 else ", along the first axis"
    header = ("layer", Symbol("r"), Symbol("j"))
    rule = f"follow the receptive field{axis}"
    return step(rule, Table(header, tuple(table)), why=FIELD, of=SEEN)
