"""A graph in pixels: where each node stands, and along which points each wire runs."""

from __future__ import annotations

import math
from itertools import pairwise

from mlcalc.maths.printing import Style
from mlcalc.showing.drawing import label_text
from mlcalc.showing.graphs.coordinates import coordinates
from mlcalc.showing.graphs.model import Graph, Node
from mlcalc.showing.graphs.ordering import Layers, Link, Slot, layers_of
from mlcalc.showing.graphs.outlines import LINE, Box, Route, Spot, text_width

HIGH, GAP, CHANNEL, STUB_PAD = 36.0, 26.0, 54.0, 12.0
CROWD, BESIDE = 22.0, 14.0
"""Room along the direction for each wire that is written at, and between wires side by side."""

BULGE = 34.0
"""How far a wire that goes back swings out, for each layer or place that it passes."""


class Geometry:
    """The layout of a graph in pixels; stubs are the wires on which a node's value is written."""

    def __init__(self, graph: Graph, style: Style) -> None:
        self.graph, self.style = graph, style
        self.is_right = graph.direction == "right"
        self.layers: Layers = layers_of(graph)
        self.nodes = {node.key: node for node in graph.nodes}
        self.loops = {graph.wires[n].source: n for n in self.layers.loops}
        across = coordinates(self.layers, self.distance, lambda link: 0)
        along = self.middles(across)
        length = max(along.values(), default=0.0)
        self.spots: dict[Slot, Spot] = {
            slot: (along[slot[1]], place) if self.is_right else (place, length - along[slot[1]])
            for slot, place in across.items()
        }
        self.boxes = {key: self.box(key) for key in self.layers.depth}
        self.stubs = {key: self.stub(key) for key in self.layers.depth if self.has_stub(key)}
        self.routes = [*self.forward_routes(), *self.other_routes()]

    # Sizes.

    def size(self, key: str) -> tuple[float, float]:
        """The width and height of a node."""
        node = self.nodes[key]
        wide = text_width(label_text(node.label, self.style))
        if node.shape == "none":
            return wide + 12, LINE + 4
        wide = max(HIGH, wide + (22 if node.shape == "box" else 12))
        return wide, HIGH

    def tag_width(self, node: Node) -> float:
        return max(text_width(label_text(text, self.style)) for text in (node.above, node.below))

    def reach(self, slot: Slot) -> tuple[float, float]:
        """What a slot takes before and after its middle."""
        if not self.layers.is_node(slot):
            return 4, 4
        node = self.nodes[slot[0]]
        wide, high = self.size(slot[0])
        before = after = (high if self.is_right else wide) / 2
        if self.is_right:
            before = max(before, LINE if node.above else 0)
            after = max(after, LINE if node.below else 0)
        else:
            after = max(after, self.tag_width(node) + 10)
        if slot[0] in self.loops:
            before, after = (before + 50, after) if self.is_right else (before, after + 40)
            if not self.is_right:
                after += self.wire_width(self.loops[slot[0]])
        return before, after

    def wire_width(self, number: int) -> float:
        wire = self.graph.wires[number]
        labels = (wire.label, wire.above, wire.below)
        return max(text_width(label_text(text, self.style)) for text in labels)

    def distance(self, first: Slot, second: Slot) -> float:
        gap = GAP
        for number in self.layers.level:
            wire = self.graph.wires[number]
            if not self.is_right and {first[0], second[0]} & {wire.source, wire.target}:
                gap = max(gap, self.wire_width(number) + 26)
        return math.ceil(self.reach(first)[1] + self.reach(second)[0] + gap)

    def middles(self, across: dict[Slot, int]) -> dict[int, float]:
        """The middle of each layer along the direction."""
        found, along = {}, 0.0
        for depth in range(len(self.layers.slots)):
            keys = [key for key, own in self.layers.depth.items() if own == depth]
            sizes = [self.size(key)[0 if self.is_right else 1] for key in keys]
            thick = max(sizes, default=0.0)
            found[depth] = along + thick / 2
            stub = max((self.stub_length(key) for key in keys if self.has_stub(key)), default=0.0)
            links = [link for link in self.layers.links if link.source[1] == depth]
            rise = max((abs(across[k.source] - across[k.target]) for k in links), default=0)
            named = [self.wire_width(k.wire) for k in links if k.wire is not None]
            widest = max(named, default=0.0) + 40 if self.is_right else 0.0
            crowd = CROWD * sum(map(bool, named))
            room = max(CHANNEL, rise * 0.5, widest, crowd)
            along += thick + stub + room
        return found

    # Stubs.

    def has_stub(self, key: str) -> bool:
        return bool(self.nodes[key].above or self.nodes[key].below)

    def stub_length(self, key: str) -> float:
        node = self.nodes[key]
        if self.is_right:
            return self.tag_width(node) + STUB_PAD
        return LINE * (bool(node.above) + bool(node.below)) + 6

    def stub(self, key: str) -> tuple[Spot, Spot]:
        """From the outline of the node straight on, where its value and gradient are written."""
        box = self.boxes[key]
        if self.is_right:
            start = box.x + box.wide
            # Stubs of a layer end together, so that the wires beyond do not cross their texts.
            depth = self.layers.depth[key]
            edges = [(other, own) for other, own in self.layers.depth.items() if own == depth]
            end = max(
                self.spots[slot][0] + self.size(slot[0])[0] / 2 + self.stub_length(slot[0])
                for slot in edges
                if self.has_stub(slot[0])
            )
            return (start, box.y), (end, box.y)
        start = box.y - box.high
        return (box.x, start), (box.x, start - self.stub_length(key))

    # Wires.

    def box(self, key: str) -> Box:
        x, y = self.spots[key, self.layers.depth[key]]
        wide, high = self.size(key)
        is_round = self.nodes[key].shape == "circle" and wide <= HIGH
        return Box(x, y, wide / 2, high / 2, is_round)

    def forward_routes(self) -> list[Route]:
        before: dict[Slot, list[Link]] = {}
        for link in self.layers.links:
            if link.wire is None:
                before.setdefault(link.target, []).append(link)
        routes = []
        for link in self.layers.links:
            if link.wire is None:
                continue
            slots = [link.source]
            while not self.layers.is_node(slots[0]):
                slots.insert(0, before[slots[0]][0].source)
            source, target = self.graph.wires[link.wire].source, self.graph.wires[link.wire].target
            inner = [self.spots[slot] for slot in slots[1:]]
            if not inner:
                inner = self.aside(link.wire)
            end = self.boxes[target]
            following = [*inner, (end.x, end.y)]
            start = (
                self.stubs[source][1] if source in self.stubs
                else self.boxes[source].edge(following[0])
            )  # fmt: skip
            last = end.edge([start, *inner][-1])
            routes.append(Route((start, *inner, last), link.wire))
        return routes

    def aside(self, number: int) -> list[Spot]:
        """Where one of several wires between the same two nodes keeps clear of the others."""
        wire = self.graph.wires[number]
        ends = wire.source, wire.target
        twins = [n for n, w in enumerate(self.graph.wires) if (w.source, w.target) == ends]
        shift = (twins.index(number) - (len(twins) - 1) / 2) * 2 * BESIDE
        if not shift:
            return []
        x, y = self.stubs[wire.source][1] if wire.source in self.stubs else self.middle(wire.source)
        end_x, end_y = self.middle(wire.target)
        x, y = (x + end_x) / 2, (y + end_y) / 2
        return [(x, y + shift) if self.is_right else (x + shift, y)]

    def middle(self, key: str) -> Spot:
        return self.boxes[key].x, self.boxes[key].y

    def other_routes(self) -> list[Route]:
        """Wires within a layer, back to an earlier one, and from a node to itself."""
        routes = []
        taken: set[frozenset[str]] = set()
        for number in (*self.layers.level, *self.layers.back, *self.layers.loops):
            wire = self.graph.wires[number]
            start, end = self.boxes[wire.source], self.boxes[wire.target]
            pair = frozenset((wire.source, wire.target))
            if number in self.layers.loops:
                routes.append(Route(self.loop(start), number, is_curve=True))
            elif number in self.layers.level and pair not in taken and self.is_free(pair):
                taken.add(pair)
                points = start.edge((end.x, end.y)), end.edge((start.x, start.y))
                routes.append(Route(points, number))
            else:
                routes.append(Route(self.swing(start, end), number, is_curve=True))
        return routes

    def is_free(self, pair: frozenset[str]) -> bool:
        """Whether no node stands between these two of one layer."""
        depth = self.layers.depth[next(iter(pair))]
        keys = [slot[0] for slot in self.layers.slots[depth] if self.layers.is_node(slot)]
        return any(set(two) == pair for two in pairwise(keys))

    def loop(self, box: Box) -> tuple[Spot, ...]:
        if self.is_right:
            left, right, top = box.x - 10, box.x + 10, box.y - box.high
            return (right, top), (right + 18, top - 42), (left - 18, top - 42), (left, top)
        edge, top, bottom = box.x + box.wide, box.y - 10, box.y + 10
        return (edge, top), (edge + 42, top - 18), (edge + 42, bottom + 18), (edge, bottom)

    def swing(self, start: Box, end: Box) -> tuple[Spot, ...]:
        """A curve to the right of its direction, so that a way and the way back lie apart."""
        dx, dy = end.x - start.x, end.y - start.y
        far = math.hypot(dx, dy) or 1.0
        out = BULGE + far / 4
        nx, ny = -dy / far * out, dx / far * out
        first = start.x + dx / 4 + nx, start.y + dy / 4 + ny
        second = start.x + dx * 3 / 4 + nx, start.y + dy * 3 / 4 + ny
        return start.edge(first), first, second, end.edge(second)
