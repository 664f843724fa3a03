"""Which layer each node is in, where long wires pass through, and the order within a layer.

After Sugiyama, Tagawa and Toda (1981): a wire over several layers has a place in each between,
which all wires of its source share, and barycentres reduce the crossings.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from mlcalc.maths.records import Record
from mlcalc.showing.graphs.layering import depths, in_order, parted
from mlcalc.showing.graphs.model import Graph

Slot: TypeAlias = tuple[str, int]
"""A key and a depth: the node itself, or at a greater depth its passing wire."""

SWEEPS = 12


class Link(Record):
    """A piece of wire from one layer to the next; `wire` is the number of one that ends here."""

    source: Slot
    target: Slot
    wire: int | None = None


class Layers(Record):
    """The slots of each layer in order, and the links between them, also by slot.

    `level` are the numbers of wires within a layer, `loops` of those from a node to itself, and
    `back` of those to an earlier layer.  `lanes` are places that the caller gave, or empty.
    """

    depth: dict[str, int]
    slots: tuple[tuple[Slot, ...], ...]
    links: tuple[Link, ...]
    entering: dict[Slot, list[Link]]
    leaving: dict[Slot, list[Link]]
    level: tuple[int, ...]
    loops: tuple[int, ...]
    back: tuple[int, ...]
    lanes: dict[Slot, float]

    def is_node(self, slot: Slot) -> bool:
        return self.depth[slot[0]] == slot[1]


def layers_of(graph: Graph) -> Layers:
    forward = parted(graph)[0]
    order = in_order(graph, forward)
    depth = depths(order, forward, given_depths(graph))
    level, loops, back, links = [], [], [], []
    for number, wire in enumerate(graph.wires):
        start, end = depth[wire.source], depth[wire.target]
        if wire.source == wire.target:
            loops.append(number)
        elif start == end:
            level.append(number)
        elif start > end:
            back.append(number)
        else:
            passed = [(wire.source, d) for d in range(start, end)]
            links += [Link(a, b) for a, b in pairwise(passed)]
            links.append(Link(passed[-1], (wire.target, end), number))
    links = list(dict.fromkeys(links))
    lanes = given_lanes(graph, depth, links)
    rows: list[list[Slot]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    found = {(key, depth[key]): None for key in order}
    found |= {link.target: None for link in links}
    for slot in sorted(found, key=lambda slot: (lanes.get(slot, 0.0), order.index(slot[0]))):
        rows[slot[1]].append(slot)
    if len(lanes) < len(found):
        rows = fewest_crossings(rows, links)
    entering: dict[Slot, list[Link]] = {slot: [] for slot in found}
    leaving: dict[Slot, list[Link]] = {slot: [] for slot in found}
    for link in links:
        entering[link.target].append(link)
        leaving[link.source].append(link)
    return Layers(
        depth, tuple(map(tuple, rows)), tuple(links), entering, leaving,
        tuple(level), tuple(loops), tuple(back), lanes,
    )  # fmt: skip


def given_depths(graph: Graph) -> dict[str, int]:
    """From 0; rows are counted from the top, but a graph upwards begins at the bottom."""
    if graph.direction == "right":
        found = {node.key: node.column for node in graph.nodes if node.column is not None}
    else:
        found = {node.key: -node.row for node in graph.nodes if node.row is not None}
    first = min(found.values(), default=0)
    return {key: depth - first for key, depth in found.items()}


def given_lanes(graph: Graph, depth: dict[str, int], links: Sequence[Link]) -> dict[Slot, float]:
    """The place of each slot across the direction; none where the caller leaves one open.

    A wire that passes through goes to the right of its node, or below it, one that comes from
    nearer by closer.
    """
    given = {n.key: n.row if graph.direction == "right" else n.column for n in graph.nodes}
    if None in given.values():
        return {}
    lanes = {key: float(lane) for key, lane in given.items() if lane is not None}
    deepest = max(depth.values(), default=0) + 1
    passing = {
        link.target: lanes[link.target[0]] + 0.9 - 0.8 * depth[link.target[0]] / deepest
        for link in links
    }
    return passing | {(key, depth[key]): lane for key, lane in lanes.items()}


def fewest_crossings(rows: list[list[Slot]], links: Sequence[Link]) -> list[list[Slot]]:
    """The best of the orders met while each layer is sorted by its neighbours' barycentres."""
    best, fewest = rows, crossings(rows, links)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        is_down = sweep % 2 == 0
        near: dict[Slot, list[Slot]] = {}
        for link in links:
            ends = (link.target, link.source) if is_down else (link.source, link.target)
            near.setdefault(ends[0], []).append(ends[1])
        rows = [list(row) for row in rows]
        at = places(rows)
        for row in rows if is_down else reversed(rows):
            row.sort(key=lambda slot: barycentre(slot, near.get(slot, ()), at))
            at |= places([row])
        count = crossings(rows, links)
        if count < fewest:
            best, fewest = rows, count
    return best


def barycentre(slot: Slot, near: Sequence[Slot], at: dict[Slot, float]) -> float:
    return sum(at[other] for other in near) / len(near) if near else at[slot]


def places(rows: Sequence[Sequence[Slot]]) -> dict[Slot, float]:
    """How far along its layer each slot is, from 0 to 1."""
    return {slot: (n + 0.5) / len(row) for row in rows for n, slot in enumerate(row)}


def crossings(rows: Sequence[Sequence[Slot]], links: Sequence[Link]) -> int:
    """How many pairs of links cross: of those that start before, the ones that end after."""
    at = places(rows)
    ends: dict[int, list[float]] = {}
    count = 0
    places_of = [(link.source[1], at[link.source], at[link.target]) for link in links]
    for depth, _, end in sorted(places_of):
        before = ends.setdefault(depth, [])
        count += len(before) - bisect_right(before, end)
        insort(before, end)
    return count
