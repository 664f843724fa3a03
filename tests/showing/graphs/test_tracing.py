"""Random graphs, drawn in characters and read back: each wire leads where it should."""

from __future__ import annotations

import random
from collections import Counter
from itertools import count

import pytest

from mlcalc.maths.printing import Style, columns
from mlcalc.showing.graphs import Direction, Graph, Node, Wire
from mlcalc.showing.graphs.lanes import lane_lines
from mlcalc.showing.graphs.layered import layered_lines
from mlcalc.showing.graphs.layering import parted
from tests.showing.graphs.tracing import Characters, lanes_of, wires_of

GRAPHS = 150


def random_graph(chance: random.Random, direction: Direction, most: int) -> Graph:
    """Nodes of few inputs; every text of it occurs once."""
    numbers = map(str, count(101))

    def text(share: float) -> str:
        return next(numbers) if chance.random() < share else ""

    written, named = chance.choice((0, 0.7)), chance.choice((0, 0.4))
    size = chance.randint(2, most)
    nodes = tuple(
        Node(f"k{n}", f"n{n}", above=text(written), below=text(written),
             shape=chance.choice(("circle", "box")))
        for n in range(size)
    )  # fmt: skip
    wires = tuple(
        Wire(f"k{source}", f"k{n}", text(named), text(named), text(named))
        for n in range(1, size)
        for source in chance.choices(range(n), k=chance.randint(0, 3))
    )
    return Graph(nodes, wires, direction=direction)


def plain(lines: list[tuple[tuple[str, str], ...]] | None) -> list[str]:
    assert lines is not None
    return ["".join(text for _, text in line) for line in lines]


def texts(graph: Graph) -> list[str]:
    found = [text for node in graph.nodes for text in (node.label, node.above, node.below)]
    found += [text for wire in graph.wires for text in (wire.label, wire.above, wire.below)]
    return [str(text) for text in found if text]


@pytest.mark.parametrize("direction", ["right", "up"])
def test_arrows_lead_from_source_to_target(direction: Direction) -> None:
    chance = random.Random(7)
    for _ in range(GRAPHS):
        graph = random_graph(chance, direction, 12)
        lines = plain(layered_lines(graph, Style()))
        words = {node.key: str(node.label) for node in graph.nodes}
        wanted = Counter((wire.source, wire.target) for wire in graph.wires)
        assert wires_of(lines, words) == wanted, "\n".join(lines)
        for text in texts(graph):
            Characters(lines).find(text)


def test_lanes_lead_from_source_to_target() -> None:
    chance = random.Random(8)
    for _ in range(GRAPHS):
        graph = random_graph(chance, "right", 20)
        lines = plain(lane_lines(graph, 150, Style()))
        # The texts of wires repeat the labels of their sources, so nodes are traced without.
        bare = Graph(graph.nodes, tuple(Wire(w.source, w.target) for w in graph.wires))
        words = {node.key: str(node.label) for node in graph.nodes}
        drawn = plain(lane_lines(bare, 150, Style()))
        assert lanes_of(drawn, words) == {(w.source, w.target) for w in graph.wires}
        together = " ".join(lines)
        assert all(text in together for text in texts(graph))
        assert all(columns(line) <= 150 for line in lines)


def test_no_line_is_wider_than_asked() -> None:
    chance = random.Random(9)
    for number in range(GRAPHS):
        graph = random_graph(chance, chance.choice(("right", "up")), 40)
        width = chance.choice((20, 40, 80, 120))
        for style in (Style(), Style(ascii=True)):
            lines = graph.lines(width, style)
            assert all(columns(line) <= width for line in lines), number
            assert not style.ascii or all(line.isascii() for line in lines)


def test_forty_nodes_fit_in_eighty_columns() -> None:
    chance = random.Random(10)
    for _ in range(20):
        graph = random_graph(chance, "right", 40)
        few = Graph(graph.nodes, tuple(wire for n, wire in enumerate(graph.wires) if n % 2))
        assert few.fits(80)


def test_wires_without_a_cycle_are_all_forward() -> None:
    graph = random_graph(random.Random(11), "right", 20)
    assert parted(graph) == (list(graph.wires), [])
    back = Wire("k2", "k0")
    path = (Wire("k0", "k1"), Wire("k1", "k2"))
    assert parted(Graph(graph.nodes[:3], (*path, back)))[1] == [back]
