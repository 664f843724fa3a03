"""A graph as characters, layer by layer: nodes in frames, wires that run and turn between them.

Along the direction each layer has its nodes, a zone for what is written at their outgoing wires,
tracks on which wires turn, and a zone for what is written at the wires that enter the next layer.
"""

from __future__ import annotations

import math

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import Line, line_width
from mlcalc.showing.graphs.canvas import DOWN, LEFT, RIGHT, UP, Canvas
from mlcalc.showing.graphs.channels import Net, Turn, turns
from mlcalc.showing.graphs.coordinates import coordinates
from mlcalc.showing.graphs.grain import Grain, beside
from mlcalc.showing.graphs.model import Graph
from mlcalc.showing.graphs.ordering import Layers, Slot, layers_of
from mlcalc.showing.graphs.sizes import Sizes


class Layer(Record):
    """Where a layer and the zones around it begin along the direction, and what turns behind it."""

    zone: int
    start: int
    out: int
    tracks: int
    end: int
    nets: tuple[Net, ...]
    turns: tuple[Turn, ...]


def layered_lines(graph: Graph, style: Style, width: float = math.inf) -> list[Line] | None:
    """The lines; None where they are too wide, or a wire goes back or around a neighbour."""
    if not graph.nodes:
        return []
    layers = layers_of(graph)
    sizes = Sizes(graph, layers, style)
    if layers.back or not sizes.level_wires_are_free():
        return None
    at = coordinates(layers, sizes.distance, sizes.offset)
    first = min(place - sizes.reaches[slot][0] for slot, place in at.items())
    at = {slot: place - first for slot, place in at.items()}
    layout = Layout(sizes, layers, at, style)
    if layout.least_width > width:
        return None  # before the sheet of a large graph is filled
    lines = layout.lines()
    return lines if all(line_width(line) <= width for line in lines) else None


class Layout:
    """The places of all slots across the direction, and of all layers along it."""

    def __init__(self, sizes: Sizes, layers: Layers, at: dict[Slot, int], style: Style) -> None:
        self.sizes, self.layers, self.at, self.style = sizes, layers, at, style
        self.pitch = 2 if sizes.grain.is_right else 1
        self.spans: list[Layer] = []
        along = 0
        for depth in range(len(layers.slots)):
            self.spans.append(self.span(depth, along))
            along = self.spans[-1].end
        self.grain = Grain(sizes.grain.direction, along)
        self.canvas = Canvas(style)

    @property
    def least_width(self) -> int:
        """The columns of the layers, on which texts may still end later."""
        return self.spans[-1].start if self.grain.is_right else max(self.at.values())

    def lines(self) -> list[Line]:
        for depth, row in enumerate(self.layers.slots):
            self.draw_channel(depth)
            for slot in row:
                self.draw_slot(slot)
        for number in self.layers.level:
            self.draw_level_wire(number)
        return self.canvas.lines()

    # Along the direction.

    def span(self, depth: int, zone: int) -> Layer:
        grain, sizes = self.sizes.grain, self.sizes
        keys = [slot[0] for slot in self.layers.slots[depth] if self.layers.is_node(slot)]
        arriving = [wire for key in keys for wire in sizes.ports[key]]
        # The tip of an arrow takes a cell.
        start = zone + int(bool(arriving))
        start += max((grain.tag_length(sizes.wire_tags[wire]) for wire in arriving), default=0)
        out = start + max((sizes.bodies[key].along for key in keys), default=1)
        tracks = out + max(
            2 if grain.is_right else 0, *(grain.tag_length(sizes.node_tags[key]) for key in keys), 0
        )
        nets = self.nets(depth)
        turned = turns(nets)
        end = tracks + self.pitch * max((turn.track + 1 for turn in turned), default=0)
        return Layer(zone, start, out, tracks, end, tuple(nets), tuple(turned))

    def nets(self, depth: int) -> list[Net]:
        """The wires that leave the slots of a layer, all of one slot as one net."""
        nets = []
        for slot in self.layers.slots[depth]:
            leaving = self.layers.leaving[slot]
            if leaving:
                ends = (self.at[link.target] + self.sizes.offset(link) for link in leaving)
                nets.append(Net(self.at[slot], tuple(ends)))
        return nets

    def edges(self, key: str) -> tuple[int, int]:
        """The first and last place of a node; what has no input ends with its layer."""
        span, own = self.spans[self.layers.depth[key]], self.sizes.bodies[key].along
        spare = span.out - span.start - own
        wires = [self.sizes.graph.wires[number] for number in self.layers.level]
        in_level = any(key in (wire.source, wire.target) for wire in wires)
        begin = span.start + (spare // 2 if self.sizes.ports[key] or in_level else spare)
        return begin, begin + own - 1

    # Drawing.

    def draw_channel(self, depth: int) -> None:
        """The wires from the edge of one layer to the edge of the next."""
        span = self.spans[depth]
        end = (self.spans[depth + 1].start if depth + 1 < len(self.spans) else span.end) - 1
        for net in span.nets:
            if net.is_straight:
                self.grain.run(self.canvas, net.enters, span.out, end)
        for turn in span.turns:
            along = span.tracks + turn.track * self.pitch
            begin = span.out if turn.begins is None else span.tracks + turn.begins * self.pitch
            self.grain.run(self.canvas, turn.net.enters, begin, along)
            self.grain.turn(self.canvas, along, *turn.net.span)
            for place in turn.net.leaves if turn.is_open else ():
                self.grain.run(self.canvas, place, along, end)
            self.canvas.join(*self.grain.cell(along, turn.net.enters))

    def draw_slot(self, slot: Slot) -> None:
        """A node with what enters and leaves it, or the wire that passes through its layer."""
        key, depth = slot
        span, middle = self.spans[depth], self.at[slot]
        if not self.layers.is_node(slot):
            self.grain.run(self.canvas, middle, span.start - 1, span.out)
            return
        begin, finish = self.edges(key)
        tag = self.sizes.node_tags[key]
        is_bare = self.grain.is_right and self.sizes.nodes[key].shape == "none"
        if self.layers.leaving[slot]:
            self.grain.run(self.canvas, middle, finish + is_bare, span.out)
        elif any(tag):
            self.grain.run(self.canvas, middle, finish + is_bare, span.tracks - 1)
        self.grain.write(self.canvas, tag, span.out, middle)
        self.draw_body(key, middle, begin, finish)
        for wire, port in self.sizes.ports[key].items():
            self.grain.run(self.canvas, middle + port, span.start - 1, begin - 1)
            self.grain.write(self.canvas, self.sizes.wire_tags[wire], span.zone, middle + port)
            tip = RIGHT if self.grain.is_right else UP
            self.canvas.tip(*self.grain.cell(begin - 1, middle + port), tip)
        if key in self.sizes.loops:
            self.draw_loop(key, middle, begin, finish)

    def draw_body(self, key: str, middle: int, begin: int, finish: int) -> None:
        text, body, shape = (
            self.sizes.texts[key], self.sizes.bodies[key], self.sizes.nodes[key].shape
        )  # fmt: skip
        top, left = self.grain.cell(begin, middle - body.before)
        bottom, right = self.grain.cell(finish, middle + body.after)
        top, bottom = min(top, bottom), max(top, bottom)
        if shape != "none":
            self.canvas.frame(top, left, bottom, right, is_sharp=shape == "box")
        row = self.grain.cell((begin + finish) // 2, middle)[0]
        self.canvas.put(row, left + (right - left + 1 - columns(text)) // 2, text, "picture")

    def draw_level_wire(self, number: int) -> None:
        """A wire to the neighbour in the layer, with its texts after its upper or left end."""
        wire, tag = self.sizes.graph.wires[number], self.sizes.wire_tags[number]
        start, end = (self.at[key, self.layers.depth[key]] for key in (wire.source, wire.target))
        source, target = self.sizes.bodies[wire.source], self.sizes.bodies[wire.target]
        bare = 2 * (self.sizes.nodes[wire.source].shape == "none")
        is_forth = start < end
        if is_forth:
            start, end = start + source.after + bare, end - target.before - 1
        else:
            start, end = start - source.before - bare, end + target.after + 1
        begin, finish = self.edges(wire.target)
        along = (begin + finish) // 2
        self.grain.turn(self.canvas, along, start, end)
        ways = (DOWN, UP) if self.grain.is_right else (RIGHT, LEFT)
        self.canvas.tip(*self.grain.cell(along, end), ways[not is_forth])
        row, column = self.grain.cell(along, min(start, end))
        if self.grain.is_right:
            self.canvas.put(row + 2, column + 2, " ".join(filter(None, tag)), "label")
            return
        for text, line, role in zip(beside(tag), (row - 1, row + 1), ("label", "curve-6"),
                                    strict=True):  # fmt: skip
            self.canvas.put(line, column + 2, text, role)

    def draw_loop(self, key: str, middle: int, begin: int, finish: int) -> None:
        """A wire from a node around its edge and back, with its text beside it."""
        text, body = self.sizes.loops[key], self.sizes.bodies[key]
        canvas = self.canvas
        if self.grain.is_right:
            top = middle - body.before
            canvas.level(top - 2, begin + 2, finish - 2)
            canvas.upright(begin + 2, top - 2, top - 1)
            canvas.upright(finish - 2, top - 2, top)
            canvas.tip(top - 1, begin + 2, DOWN)
            canvas.put(top - 1, begin + 4, text, "label")
            return
        top, right = self.grain.cell(finish, middle + body.after)
        canvas.level(top + 1, right, right + 2)
        canvas.upright(right + 2, top + 1, top + 3)
        canvas.level(top + 3, right + 1, right + 2)
        canvas.tip(top + 3, right + 1, LEFT)
        canvas.put(top + 2, right + 4, text, "label")
