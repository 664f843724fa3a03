"""A recurrent network as it is drawn: folded up, with its loops, and unrolled over the steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.derivation import Picture
from mlcalc.drawing import Label
from mlcalc.fields import as_number
from mlcalc.graphs import Graph, Node, Wire
from mlcalc.maths.tree import Indexed, Symbol
from mlcalc.records import Record

MOST_COLUMNS = 4
"""Of a longer sequence the first steps are drawn and the last."""

T = Symbol("t")


class Unit(Record):
    """A vector that every step has: an input, a state or an output; `level` 0 is the lowest."""

    name: Symbol
    level: int
    is_input: bool = False


class Link(Record):
    """`target` reads `source` through the matrix `label`, of `lag` steps before.

    A negative lag reads a later step, as the backward half of a bidirectional network does.
    """

    source: Symbol
    target: Symbol
    label: Label = ""
    lag: int = 0


def diagrams(units: Sequence[Unit], links: Sequence[Link], steps: int) -> tuple[Picture, ...]:
    """The folded and the unrolled diagram."""
    return (
        Picture(folded(units, links), "the network folded up: a loop carries a value one step on"),
        Picture(unrolled(units, links, steps), "unrolled: every step has the same weights"),
    )


def folded(units: Sequence[Unit], links: Sequence[Link]) -> Graph:
    """One node a vector, with the wires from earlier steps as loops."""
    top = max(unit.level for unit in units)
    nodes = [node(unit, unit.name.spelled, Indexed(unit.name, (T,)), top) for unit in units]
    wires = [Wire(k.source.spelled, k.target.spelled, k.label) for k in links]
    return Graph(tuple(nodes), tuple(wires), direction="up")


def node(unit: Unit, key: str, label: Label, top: int, column: int | None = None) -> Node:
    return Node(key, label, column, top - unit.level, shape="none" if unit.is_input else "box")


def unrolled(units: Sequence[Unit], links: Sequence[Link], steps: int) -> Graph:
    """A column a step; what the first step reads of the one before has a column of its own."""
    top = max(unit.level for unit in units)
    times = drawn_times(steps)
    columns = {time: column for column, time in enumerate(times, 1)}
    nodes = [
        node(unit, key(unit.name, time), Indexed(unit.name, (as_number(time),)), top, column)
        for time, column in columns.items()
        for unit in units
    ]
    wires: list[Wire] = []
    for time, before in zip(times, (0, *times), strict=False):
        for link in links:
            wires += joined(link, time, before, steps, columns)
    read = {wire.source for wire in wires} - {n.key for n in nodes}
    for unit in units:
        for time, column in ((0, 0), (steps + 1, len(times) + 1)):
            if key(unit.name, time) in read:
                label = Indexed(unit.name, (as_number(time),))
                edge = Node(key(unit.name, time), label, column, top - unit.level, shape="none")
                nodes.append(edge)
    return Graph(tuple(nodes), tuple(wires), direction="up")


def drawn_times(steps: int) -> list[int]:
    if steps <= MOST_COLUMNS:
        return list(range(1, steps + 1))
    return [*range(1, MOST_COLUMNS), steps]


def key(name: Symbol, time: int) -> str:
    return f"{name.spelled}@{time}"


def joined(
    link: Link, time: int, before: int, steps: int, columns: dict[int, int]
) -> Iterator[Wire]:
    """The wire of a link into one step; over steps that are left out it is dotted."""
    source = time - link.lag
    label = link.label
    if link.lag and before != time - 1:
        yield Wire(key(link.source, before), key(link.target, time), "…")
        return
    if source in columns or source in (0, steps + 1):
        yield Wire(key(link.source, source), key(link.target, time), label)
