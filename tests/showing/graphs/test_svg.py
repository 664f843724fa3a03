"""SVG files of graphs: whole, legible, with an arrow for each wire."""

from __future__ import annotations

import random
import re
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import pytest

from mlcalc.maths.printing import Style
from mlcalc.showing.graphs import Graph
from mlcalc.showing.graphs.captions import at, crosses
from mlcalc.showing.graphs.geometry import Geometry
from mlcalc.showing.graphs.outlines import Box
from mlcalc.showing.graphs.svg import lowered
from tests.showing.graphs.examples import EXAMPLES
from tests.showing.graphs.test_tracing import random_graph, texts

SVG = "{http://www.w3.org/2000/svg}"
# A sans-serif letter is about this much of the font size wide and high.
WIDE, HIGH = 0.55, 0.75


def bare(text: str) -> str:
    """The text without the marks of indices, which an SVG file sets lower or higher."""
    return re.sub(r"[_^]", "", text)


def written(root: ElementTree.Element) -> list[tuple[str, float, float, float, float]]:
    """Each text with its left, top, right and bottom, about as a browser sets it."""
    group = root.find(f"{SVG}g")
    assert group is not None
    shift = re.findall(r"[-\d.]+", group.attrib["transform"])
    found = []
    for element in group.iter(f"{SVG}text"):
        text, size = "".join(element.itertext()), float(element.attrib["font-size"])
        wide = WIDE * size * len(text)
        x = float(element.attrib["x"]) + float(shift[0])
        y = float(element.attrib["y"]) + float(shift[1])
        left = x - wide / 2 if element.attrib["text-anchor"] == "middle" else x
        found.append((text, left, y - HIGH * size, left + wide, y))
    return found


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_texts_are_all_there_inside_and_apart(name: str, ascii_only: bool) -> None:
    graph = EXAMPLES[name]
    root = ElementTree.fromstring(graph.svg(Style(ascii=ascii_only)))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    found = written(root)
    for text, left, top, right, bottom in found:
        assert left >= 0 and right <= width and top >= 0 and bottom <= height, text
        assert not ascii_only or text.isascii()
    for one, other in combinations(found, 2):
        apart = one[1] >= other[3] or other[1] >= one[3] or one[2] >= other[4] or other[2] >= one[4]
        assert apart, (one, other)
    if not ascii_only:
        wanted = texts(graph) + ([str(graph.title)] if graph.title else [])
        assert Counter(text for text, *_ in found) == Counter(map(bare, wanted))


def outside(box: Box, spot: tuple[float, float]) -> float:
    """How far a point is from the rectangle around a node."""
    return max(abs(spot[0] - box.x) - box.wide, abs(spot[1] - box.y) - box.high)


def check_wires(graph: Graph) -> None:
    """Each wire has a route from the outline of its source, or its stub, to that of its target."""
    shape = Geometry(graph, Style())
    assert sorted(route.wire for route in shape.routes) == list(range(len(graph.wires)))
    for route in shape.routes:
        wire = graph.wires[route.wire]
        start, end = route.points[0], route.points[-1]
        source = shape.boxes[wire.source]
        assert start == shape.stubs.get(wire.source, ((), ()))[1] or outside(source, start) < 1e-6
        assert outside(shape.boxes[wire.target], end) < 1e-6


@pytest.mark.parametrize("name", EXAMPLES)
def test_wires_of_examples_join_their_nodes(name: str) -> None:
    check_wires(EXAMPLES[name])


def test_wires_of_random_graphs_join_their_nodes() -> None:
    chance = random.Random(12)
    for _ in range(40):
        graph = random_graph(chance, chance.choice(("right", "up")), 12)
        check_wires(graph)
        root = ElementTree.fromstring(graph.svg())
        filled = [p for p in root.iter(f"{SVG}path") if p.attrib.get("fill") not in (None, "none")]
        assert len(filled) == len(graph.wires)
        assert {text for text, *_ in written(root)} == set(texts(graph))


def test_nodes_stand_apart() -> None:
    chance = random.Random(13)
    graphs = [random_graph(chance, chance.choice(("right", "up")), 15) for _ in range(30)]
    for graph in [*graphs, *EXAMPLES.values()]:
        boxes = Geometry(graph, Style()).boxes.values()
        for a, b in combinations(boxes, 2):
            assert abs(a.x - b.x) >= a.wide + b.wide or abs(a.y - b.y) >= a.high + b.high


def test_text_is_escaped() -> None:
    graph = Graph(EXAMPLES["one"].nodes, (), "<a> & b")
    assert ElementTree.fromstring(graph.svg()).findtext(f"{SVG}title") == "<a> & b"


def test_indices_stand_below_and_above_the_line() -> None:
    assert lowered("h_1", 12) == 'h<tspan dy="3" font-size="9">1</tspan>'
    assert lowered("h^2_1 < c_{t-1}", 12) == (
        'h<tspan dy="-4.2" font-size="9">2</tspan><tspan dy="7.2" font-size="9">1</tspan>'
        '<tspan dy="-3"> &lt; c</tspan><tspan dy="3" font-size="9">t-1</tspan>'
    )
    assert lowered("W_hh, t−1", 12).endswith('<tspan dy="-3">, t−1</tspan>')


def test_where_a_wire_is_and_what_it_meets() -> None:
    assert at([(0, 0), (4, 0), (4, 4)], 0.75) == ((4, 2), (0, 1))
    box = Box(5, 5, 2, 1)
    assert crosses(box, (0, 5), (10, 5))
    assert crosses(box, (0, 0), (10, 10))
    assert not crosses(box, (0, 7), (10, 7))
    assert not crosses(box, (0, 0), (2, 5))
