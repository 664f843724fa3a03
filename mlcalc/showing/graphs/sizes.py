"""How many cells each node takes, with its ports and with what is written around it.

A node has a port for each wire that enters it, so that each has a line of its own to be written
at.
"""

from __future__ import annotations

from itertools import pairwise

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import label_text
from mlcalc.showing.graphs.grain import Grain, Tag, beside, tag_of
from mlcalc.showing.graphs.model import Graph, Node
from mlcalc.showing.graphs.ordering import Layers, Link, Slot

ORDERED = ("-", "−", "/", "÷", "@", "^", "**", "pow")
"""Operations whose inputs are not exchanged for the sake of fewer crossings."""

LOOP, LOOP_ROWS = 3, 5
"""Cells that a loop takes beside its node, and rows of a node that has one at its right."""


class Body(Record):
    """The extent of a node along the direction, and its cells on both sides of its middle."""

    along: int
    before: int
    after: int


class Sizes:
    """The ports, bodies and texts of the nodes of a graph; the grain tells the direction."""

    def __init__(self, graph: Graph, layers: Layers, style: Style) -> None:
        self.graph, self.layers, self.grain = graph, layers, Grain(graph.direction)
        self.nodes = {node.key: node for node in graph.nodes}
        self.texts = {node.key: label_text(node.label, style) for node in graph.nodes}
        self.node_tags = {node.key: tag_of(node, style) for node in graph.nodes}
        self.wire_tags = [tag_of(wire, style) for wire in graph.wires]
        self.loops = {
            graph.wires[n].source: " ".join(filter(None, self.wire_tags[n])) for n in layers.loops
        }
        self.rank = {slot: n for row in layers.slots for n, slot in enumerate(row)}
        self.ports = {node.key: self.ports_of(node) for node in graph.nodes}
        self.bodies = {node.key: self.body_of(node) for node in graph.nodes}
        self.reaches = {slot: self.reach_of(slot) for slot in self.rank}
        self.level = self.level_tags()

    def ports_of(self, node: Node) -> dict[int, int]:
        """How far from the middle of the node each of its wires arrives, by their numbers."""
        arriving = list(self.layers.entering[node.key, self.layers.depth[node.key]])
        if self.texts[node.key] not in ORDERED:
            arriving.sort(key=lambda link: self.rank[link.source])
        found: dict[int, int] = {}
        at, room, straight = 0, 0, None
        for link in arriving:
            if link.wire is None:
                continue
            back, forth = self.grain.tag_reach(self.wire_tags[link.wire])
            at += max(2, room + back + 1) if found else 0
            room = forth + (0 if self.grain.is_right else 1)
            found[link.wire] = at
            if straight is None and self.is_straight(link):
                straight = at
        middle = (at + 1) // 2 if straight is None else straight
        return {wire: port - middle for wire, port in found.items()}

    def is_straight(self, link: Link) -> bool:
        """Whether the caller put both ends into the same lane."""
        lanes = self.layers.lanes
        return bool(lanes) and lanes[link.source] == lanes[link.target]

    def offset(self, link: Link) -> int:
        return 0 if link.wire is None else self.ports[link.target[0]][link.wire]

    def body_of(self, node: Node) -> Body:
        along, across = self.grain.body(self.texts[node.key], node.shape)
        frame = int(node.shape != "none")
        ports = self.ports[node.key].values()
        before = max([across // 2, *(frame - port for port in ports)])
        after = max([(across - 1) // 2, *(port + frame for port in ports)])
        if self.grain.is_right and not frame:
            # Between a bare text and its wire is a space.
            along += 1
        if node.key in self.loops:
            text = columns(self.loops[node.key])
            along = max(along, text + 8 if self.grain.is_right else LOOP_ROWS)
        return Body(along, before, after)

    def reach_of(self, slot: Slot) -> tuple[int, int]:
        """All cells that a slot takes before and after its middle, with what is written there."""
        if not self.layers.is_node(slot):
            return 0, 0
        key = slot[0]
        back, forth = self.grain.tag_reach(self.node_tags[key])
        before = max(self.bodies[key].before, back)
        after = max(self.bodies[key].after, forth)
        for wire, port in self.ports[key].items():
            back, forth = self.grain.tag_reach(self.wire_tags[wire])
            before, after = max(before, back - port), max(after, port + forth)
        if key in self.loops and self.grain.is_right:
            before = max(before, self.bodies[key].before + LOOP)
        elif key in self.loops:
            after = max(after, self.bodies[key].after + LOOP + 2 + columns(self.loops[key]))
        return before, after

    def distance(self, first: Slot, second: Slot) -> int:
        """Between the middles of neighbours, with at least a blank between what they take."""
        gap = 2 if self.grain.is_right else 3
        tag = self.level.get(first)
        if tag is not None:
            texts = max(map(columns, beside(tag)))
            gap = 4 if self.grain.is_right else texts + 5
        return self.reaches[first][1] + self.reaches[second][0] + gap

    # Wires within a layer.

    def level_tags(self) -> dict[Slot, Tag]:
        """What is written at a wire within a layer, by the slot at its upper or left end."""
        found = {}
        for number in self.layers.level:
            wire = self.graph.wires[number]
            ends = [(key, self.layers.depth[key]) for key in (wire.source, wire.target)]
            found[min(ends, key=lambda slot: self.rank[slot])] = self.wire_tags[number]
        return found

    def level_wires_are_free(self) -> bool:
        """Whether each wire within a layer joins neighbours, and no two wires the same."""
        wires = [self.graph.wires[number] for number in self.layers.level]
        pairs = {frozenset((wire.source, wire.target)) for wire in wires}
        together = set()
        for row in self.layers.slots:
            keys = [slot[0] for slot in row if self.layers.is_node(slot)]
            together |= {frozenset(pair) for pair in pairwise(keys)}
        return len(pairs) == len(wires) and pairs <= together
