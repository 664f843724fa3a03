"""A graph as characters, layer by layer: nodes in frames, wires that run and turn between them.

Along the direction each layer has its nodes, a zone for what is written at their outgoing wires,
tracks on which wires turn, and a zone for what is written at the wires that enter the next layer.
A node has a port for each wire that enters it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.drawing import Line, label_text
from mlcalc.graphs.canvas import EAST, NORTH, SOUTH, WEST, Canvas
from mlcalc.graphs.channels import Net, Turn, turns
from mlcalc.graphs.coordinates import coordinates
from mlcalc.graphs.grain import HEADS, Grain, Tag, beside, tag_of
from mlcalc.graphs.model import Graph, Node
from mlcalc.graphs.ordering import Layers, Link, Slot, layers_of
from mlcalc.maths.printing import Style, columns

ORDERED = ("-", "−", "/", "÷", "@", "^", "**", "pow")
"""Operations whose inputs are not exchanged for the sake of fewer crossings."""


def layered_lines(graph: Graph, style: Style) -> list[Line] | None:
    """The lines, as wide as they are; None where a wire goes back or around a neighbour."""
    if not graph.nodes:
        return []
    layers = layers_of(graph)
    drawing = Layered(graph, layers, style)
    if layers.back or not drawing.level_wires_are_free():
        return None
    return drawing.lines()


class Layered:
    """A layout in the making: ports, then places across, then places along."""

    def __init__(self, graph: Graph, layers: Layers, style: Style) -> None:
        self.graph, self.layers, self.style = graph, layers, style
        self.grain = Grain(graph.direction)
        self.nodes = {node.key: node for node in graph.nodes}
        self.texts = {node.key: label_text(node.label, style) for node in graph.nodes}
        self.node_tags = {node.key: tag_of(node, style) for node in graph.nodes}
        self.wire_tags = [tag_of(wire, style) for wire in graph.wires]
        self.senders = {link.source for link in layers.links}
        self.loops = {graph.wires[n].source: self.wire_tags[n] for n in layers.loops}
        self.neighbours = {
            (graph.wires[n].source, graph.wires[n].target): n for n in layers.level
        }
        self.ports: dict[int, int] = {}
        for node in graph.nodes:
            self.set_ports(node)

    # Across the direction.

    def set_ports(self, node: Node) -> None:
        """How far from the middle of its node each wire arrives."""
        arriving = [link for link in self.layers.links if link.wire is not None
                    and self.graph.wires[link.wire].target == node.key]  # fmt: skip
        if self.texts[node.key] not in ORDERED:
            rank = {slot: n for row in self.layers.slots for n, slot in enumerate(row)}
            arriving.sort(key=lambda link: rank[link.source])
        wires = [link.wire for link in arriving if link.wire is not None]
        at, before = 0, 0
        found = []
        for wire in wires:
            back, forth = self.grain.tag_reach(self.wire_tags[wire])
            at += max(2, before + back + 1) if found else 0
            found.append(at)
            before = forth + (0 if self.grain.is_right else 1)
        middle = next((port for link, port in zip(arriving, found, strict=True)
                       if self.is_straight(link)), (at + 1) // 2)  # fmt: skip
        for wire, port in zip(wires, found, strict=True):
            self.ports[wire] = port - middle

    def is_straight(self, link: Link) -> bool:
        """Whether the caller put both ends into the same lane."""
        lanes = self.layers.lanes
        return bool(lanes) and lanes[link.source] == lanes[link.target]

    def ports_of(self, key: str) -> list[int]:
        return [port for wire, port in self.ports.items() if self.graph.wires[wire].target == key]

    def offset(self, link: Link) -> int:
        return 0 if link.wire is None else self.ports[link.wire]

    def body(self, key: str) -> tuple[int, int, int]:
        """The thickness along, and the cells before and after the middle across."""
        shape = self.nodes[key].shape
        along, across = self.grain.body(self.texts[key], shape)
        # Between a bare text and its wire is a space.
        along += int(shape == "none" and self.grain.is_right)
        ports = self.ports_of(key)
        frame = int(shape != "none")
        before = max([across // 2, *(frame - port for port in ports)])
        after = max([(across - 1) // 2, *(port + frame for port in ports)])
        if key in self.loops:
            along = max(along, self.loop_length(key))
        return along, before, after

    def loop_length(self, key: str) -> int:
        text = " ".join(filter(None, self.loops[key]))
        return columns(text) + 8 if self.grain.is_right else 5

    def reach(self, slot: Slot) -> tuple[int, int]:
        """All cells that a slot takes before and after its middle, with what is written there."""
        if not self.layers.is_node(slot):
            return 0, 0
        key = slot[0]
        _, before, after = self.body(key)
        for wire, port in [(n, p) for n, p in self.ports.items()
                           if self.graph.wires[n].target == key]:  # fmt: skip
            back, forth = self.grain.tag_reach(self.wire_tags[wire])
            before, after = max(before, back - port), max(after, port + forth)
        back, forth = self.grain.tag_reach(self.node_tags[key])
        before, after = max(before, back), max(after, forth)
        if key in self.loops:
            text = " ".join(filter(None, self.loops[key]))
            if self.grain.is_right:
                before += 3
            else:
                after += columns(text) + 5
        return before, after

    def distance(self, first: Slot, second: Slot) -> int:
        """With a cell between; two lines side by side need one more, level wires their text."""
        after, before = self.reach(first)[1], self.reach(second)[0]
        gap = 2 if self.grain.is_right else 3
        tag = self.level_tag(first, second)
        if tag is not None:
            gap = max(map(columns, beside(tag))) + 5 if not self.grain.is_right else 4
        return after + before + gap

    def level_tag(self, first: Slot, second: Slot) -> Tag | None:
        """What is written at a wire that leaves this slot within its layer, towards the next."""
        for (source, target), number in self.neighbours.items():
            ends = {source, target}
            if self.layers.is_node(first) and first[0] in ends:
                row = self.layers.slots[first[1]]
                later = {s[0] for s in row[row.index(first) + 1 :] if self.layers.is_node(s)}
                if ends - {first[0]} <= later:
                    return self.wire_tags[number]
        return None

    def level_wires_are_free(self) -> bool:
        """Whether no node stands between the ends of a wire within a layer, nor another wire."""
        pairs = [frozenset(pair) for pair in self.neighbours]
        if len(set(pairs)) < len(self.layers.level):
            return False
        together = set()
        for depth, row in enumerate(self.layers.slots):
            keys = [slot[0] for slot in row if self.layers.depth[slot[0]] == depth]
            together |= {frozenset(pair) for pair in zip(keys, keys[1:], strict=False)}
        return set(pairs) <= together

    # Along the direction.

    def lines(self) -> list[Line]:
        at = coordinates(self.layers, self.distance, self.offset)
        first = min(at[slot] - self.reach(slot)[0] for slot in at)
        at = {slot: place - first for slot, place in at.items()}
        canvas = Canvas(self.style)
        plans = [self.channel(depth, at) for depth in range(len(self.layers.slots))]
        pitch = 2 if self.grain.is_right else 1
        starts, along = [], 0
        for depth, (_, tracks) in enumerate(plans):
            starts.append(along)
            along += self.thickness(depth) + self.out_length(depth)
            along += max((turn.track + 1 for turn in tracks), default=0) * pitch
            along += self.in_length(depth + 1)
        self.grain = Grain(self.graph.direction, along)
        for depth, (nets, tracks) in enumerate(plans):
            begin = starts[depth] + self.thickness(depth)
            first_track = begin + self.out_length(depth)
            end = (starts[depth + 1] if depth + 1 < len(starts) else along) - 1
            self.draw_channel(canvas, nets, tracks, (begin, first_track, end), pitch)
            for slot in self.layers.slots[depth]:
                self.draw_slot(canvas, slot, at, starts[depth], first_track)
            self.draw_arrivals(canvas, depth, at, starts)
        self.draw_level_wires(canvas, at, starts)
        return canvas.lines()

    def channel(self, depth: int, at: dict[Slot, int]) -> tuple[list[Net], list[Turn]]:
        nets = []
        for slot in self.layers.slots[depth]:
            leaving = [link for link in self.layers.links if link.source == slot]
            if leaving:
                ends = tuple(at[link.target] + self.offset(link) for link in leaving)
                nets.append(Net(at[slot], ends))
        return nets, turns(nets)

    def keys(self, depth: int) -> Iterator[str]:
        yield from (key for key, found in self.layers.depth.items() if found == depth)

    def thickness(self, depth: int) -> int:
        return max(self.body(key)[0] for key in self.keys(depth))

    def out_length(self, depth: int) -> int:
        least = 2 if self.grain.is_right else 0
        return max([least, *(self.grain.tag_length(self.node_tags[key]) for key in self.keys(depth))])

    def in_length(self, depth: int) -> int:
        """Room for what is written at arriving wires, and for the tips of arrows."""
        arriving = [n for n, wire in enumerate(self.graph.wires) if n in self.ports
                    and self.layers.depth[wire.target] == depth]  # fmt: skip
        longest = max((self.grain.tag_length(self.wire_tags[n]) for n in arriving), default=0)
        return longest + 1 if arriving else 0

    # Drawing.

    def draw_channel(
        self, canvas: Canvas, nets: Sequence[Net], tracks: Sequence[Turn],
        places: tuple[int, int, int], pitch: int,
    ) -> None:  # fmt: skip
        """The wires from the edge of one layer to the edge of the next."""
        begin, first_track, end = places
        for net in nets:
            if net.is_straight:
                self.grain.run(canvas, net.enters, begin, end)
        for turn in tracks:
            along = first_track + turn.track * pitch
            start = begin if turn.begins is None else first_track + turn.begins * pitch
            self.grain.run(canvas, turn.net.enters, start, along)
            self.grain.turn(canvas, along, *turn.net.span)
            if turn.is_open:
                for place in turn.net.leaves:
                    self.grain.run(canvas, place, along, end)
            canvas.join(*self.grain.cell(along, turn.net.enters))

    def draw_slot(
        self, canvas: Canvas, slot: Slot, at: dict[Slot, int], start: int, end: int
    ) -> None:
        """A node with its text and what leaves it, or the wire that passes through its layer."""
        thick = self.thickness(slot[1])
        if not self.layers.is_node(slot):
            self.grain.run(canvas, at[slot], start - 1, start + thick)
            return
        key, tag = slot[0], self.node_tags[slot[0]]
        begin, finish = self.edges(key, start)
        middle = at[slot]
        if slot in self.senders or any(tag):
            last = start + thick if slot in self.senders else end - 1
            bare = self.grain.is_right and self.nodes[key].shape == "none"
            self.grain.run(canvas, middle, finish + bare, last)
        if any(tag):
            self.grain.write(canvas, tag, start + thick, middle)
        self.draw_body(canvas, key, middle, begin, finish)
        if key in self.loops:
            self.draw_loop(canvas, key, middle, begin, finish)

    def edges(self, key: str, start: int) -> tuple[int, int]:
        """The first and last place of a node along the direction; inputs end with their layer."""
        room, own = self.thickness(self.layers.depth[key]), self.body(key)[0]
        spare = room - own
        in_level = any(key in ends for ends in self.neighbours)
        begin = start + (spare // 2 if self.ports_of(key) or in_level else spare)
        return begin, begin + own - 1

    def draw_body(self, canvas: Canvas, key: str, middle: int, begin: int, finish: int) -> None:
        node, text = self.nodes[key], self.texts[key]
        _, before, after = self.body(key)
        corners = self.grain.cell(begin, middle - before), self.grain.cell(finish, middle + after)
        (top, left), (bottom, right) = sorted(corners)
        left, right = min(left, right), max(left, right)
        if node.shape != "none":
            for row in (top, bottom):
                canvas.level(row, left, right)
            for column in (left, right):
                canvas.upright(column, top, bottom)
            if node.shape == "box":
                canvas.square(top, left, bottom, right)
        row, column = self.grain.cell((begin + finish) // 2, middle)
        start = column - columns(text) // 2 if not self.grain.is_right else (
            left + (right - left + 1 - columns(text)) // 2
        )
        canvas.put(row, start, text, "picture")

    def draw_arrivals(
        self, canvas: Canvas, depth: int, at: dict[Slot, int], starts: Sequence[int]
    ) -> None:
        """The ends of wires: what is written at them, and the tips of their arrows."""
        for number, port in self.ports.items():
            key = self.graph.wires[number].target
            if self.layers.depth[key] != depth:
                continue
            place = at[key, depth] + port
            zone = starts[depth] - self.in_length(depth)
            begin = self.edges(key, starts[depth])[0]
            self.grain.run(canvas, place, starts[depth] - 1, begin - 1)
            self.grain.write(canvas, self.wire_tags[number], zone, place)
            self.grain.head(canvas, begin - 1, place)

    def draw_level_wires(
        self, canvas: Canvas, at: dict[Slot, int], starts: Sequence[int]
    ) -> None:
        for (source, target), number in self.neighbours.items():
            depth = self.layers.depth[source]
            start, end = at[source, depth], at[target, depth]
            forth = 1 if end > start else -1
            _, before, after = self.body(source)
            start += after if forth > 0 else -before
            start += 2 * forth if self.nodes[source].shape == "none" else 0
            _, before, after = self.body(target)
            end -= before + 1 if forth > 0 else -after - 1
            begin, finish = self.edges(target, starts[depth])
            along = (begin + finish) // 2
            self.grain.turn(canvas, along, start, end)
            tips = (0, 2) if not self.grain.is_right else (3, 1)
            tip = HEADS[self.style.ascii][tips[0] if forth > 0 else tips[1]]
            canvas.put(*self.grain.cell(along, end), tip, "axis")
            tag = self.wire_tags[number]
            row, column = self.grain.cell(along, min(start, end))
            if self.grain.is_right:
                canvas.put(row + 2, column + 2, " ".join(filter(None, tag)), "label")
            else:
                upper, lower = beside(tag)
                canvas.put(row - 1, column + 2, upper, "label")
                canvas.put(row + 1, column + 2, lower, "curve-6")

    def draw_loop(self, canvas: Canvas, key: str, middle: int, begin: int, finish: int) -> None:
        """A wire from a node around its edge and back, with its text beside it."""
        _, before, after = self.body(key)
        text = " ".join(filter(None, self.loops[key]))
        if self.grain.is_right:
            top = middle - before
            canvas.level(top - 2, begin + 1, finish - 1)
            canvas.upright(begin + 1, top - 2, top - 1)
            canvas.upright(finish - 1, top - 2, top)
            canvas.put(top - 1, begin + 1, HEADS[self.style.ascii][3], "axis")
            canvas.put(top - 1, begin + 3, text, "label")
            return
        top, right = self.grain.cell(finish, middle + after)
        canvas.level(top + 1, right, right + 2)
        canvas.upright(right + 2, top + 1, top + 3)
        canvas.level(top + 3, right + 1, right + 2)
        canvas.put(top + 3, right + 1, HEADS[self.style.ascii][2], "axis")
        canvas.put(top + 2, right + 4, text, "label")
