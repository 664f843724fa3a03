"""Graphs in characters: small ones checked by hand, and what holds of the examples."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from mlcalc.files.display import in_ascii
from mlcalc.maths.printing import Style, columns
from mlcalc.maths.reader import read
from mlcalc.showing.graphs import Graph, Node, Wire
from mlcalc.showing.graphs.canvas import Canvas
from mlcalc.showing.graphs.channels import Net, turns
from mlcalc.showing.graphs.coordinates import settled
from mlcalc.showing.graphs.ordering import crossings, layers_of
from tests.showing.graphs.examples import (
    CIRCUIT,
    DENSE,
    EXAMPLES,
    FEEDBACK,
    LOOPED,
    NEURON,
    unrolled,
)
from tests.showing.graphs.test_tracing import texts

UNICODE, ASCII = Style(), Style(ascii=True)


# Checked by hand.


def test_a_circuit_with_values_above_and_gradients_below() -> None:
    assert CIRCUIT.lines(80, UNICODE) == [
        "f = (x + y)·max(y, z)",
        "   1        ╭───╮",
        "x ─────────▶│   │  3",
        "   2    2   │ + ├────╮",
        "     ╭─────▶│   │  2 │  ╭───╮",
        "   2 │  2   ╰───╯    ╰─▶│   │ 6",
        "y ───┤                  │ * ├───",
        "   5 │     ╭─────╮   ╭─▶│   │ 1",
        "     ╰────▶│     │ 2 │  ╰───╯",
        "   0    3  │ max ├───╯",
        "z ────────▶│     │ 3",
        "   0    0  ╰─────╯",
    ]


def test_a_circuit_in_ascii() -> None:
    assert CIRCUIT.lines(80, ASCII)[1:8] == [
        "   1        .---.",
        "x --------->|   |  3",
        "   2    2   | + +----.",
        "     .----->|   |  2 |  .---.",
        "   2 |  2   '---'    '->|   | 6",
        "y ---+                  | * +---",
        "   5 |     .-----.   .->|   | 1",
    ]


def test_what_is_too_wide_has_a_node_a_line() -> None:
    assert NEURON.lines(80, UNICODE)[:9] == [
        "            value    gradient",
        "○      w0   2        -0.19661",
        "│ ○    x0   -1       0.39322",
        "○─╯    *    -2       0.19661",
        "│ ○    w1   -3       -0.39322",
        "│ │ ○  x1   -2       -0.58984",
        "│ ○─╯  *    6        0.19661",
        "○─╯    +    4        0.19661",
        "│ ○    w2   -3       0.19661",
    ]


def test_texts_of_wires_are_broken_beside_their_lanes() -> None:
    nodes = *(Node(key, key) for key in "abc"), Node("d", "a long name of a node")
    wires = tuple(Wire(key, "d", f"W_{key}", "0.12", "-3") for key in "abc")
    assert Graph(nodes, (*wires, Wire("a", "b"))).lines(48, UNICODE) == [
        "○      a",
        "├─○    b",
        "│ │ ○  c",
        "○─┴─╯  a long name of a node  a: W_a 0.12 -3, b:",
        "                              W_b 0.12 -3, c:",
        "                              W_c 0.12 -3",
    ]


def test_lanes_cross_join_and_end() -> None:
    wires = (Wire("a", "d"), Wire("c", "d"), Wire("b", "e"), Wire("a", "e"), Wire("d", "e"))
    graph = Graph(tuple(Node(key, key) for key in "abcde"), wires)
    back = Graph(graph.nodes, (*wires, Wire("e", "a", "again")))
    assert back.lines(24, UNICODE)[-5:] == [
        "○      b",
        "│ ○    a  e: again",
        "│ │ ○  c",
        "│ ├─○  d",
        "○─┴─╯  e",
    ]


def test_a_loop_beside_its_box() -> None:
    assert LOOPED.lines(80, UNICODE) == [
        "  y",
        "  ▲",
        "  │ W_hy",
        "┌─┴─┐",
        "│   ├─╮",
        "│ h │ │ W_hh, t−1",
        "│   │◀╯",
        "└───┘",
        "  ▲",
        "  │ W_xh",
        "  x",
    ]


def test_time_runs_to_the_right_and_layers_upwards() -> None:
    assert unrolled(2).lines(80, UNICODE)[-8:] == [
        "                 ▲                  ▲",
        "                 │ W_hy             │ W_hy",
        "        W_hh ┌───┴───┐ W_hh     ┌───┴───┐",
        "h^1_0 ──────▶│ h^1_1 ├─────────▶│ h^1_2 │",
        "             └───────┘          └───────┘",
        "                 ▲                  ▲",
        "                 │ W_in             │ W_in",
        "                x_1                x_2",
    ]


def test_what_cannot_be_drawn_is_said() -> None:
    assert not DENSE.fits(10)
    assert DENSE.fits(80)
    assert not FEEDBACK.fits(3)
    assert NEURON.lines(12) == ["a graph of", "13 nodes,", "too large to", "draw in 12", "columns"]


def test_a_formula_is_a_label() -> None:
    node = Node("h", read("h_1"), above=read("a + 1/2"), shape="box")
    assert Graph((node,), ()).lines(80) == ["┌────┐ a + 1/2", "│ h₁ ├─────────", "└────┘"]


# Parts.


def test_swapped_nets_turn_on_tracks_of_their_own() -> None:
    found = turns([Net(0, (4,)), Net(4, (0,))])
    assert len(found) == 3, "one of the two turns twice"
    assert sorted(turn.track for turn in found) == [0, 1, 2]
    assert turns([Net(3, (3,))]) == []
    assert [turn.track for turn in turns([Net(0, (1,)), Net(5, (6,))])] == [0, 0]


def test_tracks_never_hide_a_wire() -> None:
    """On random permutations no two nets share a cell, other than to cross."""
    chance = random.Random(3)
    for _ in range(200):
        places = [2 * n for n in range(chance.randint(2, 8))]
        ends = chance.sample(places, len(places))
        nets = [Net(a, (b,)) for a, b in zip(places, ends, strict=True)]
        found = turns(nets)
        level, upright = [], []
        for turn in found:
            first = 0 if turn.begins is None else turn.begins + 1
            level += [(turn.net.enters, track) for track in range(first, turn.track + 1)]
            if turn.is_open:
                level += [(turn.net.leaves[0], track) for track in range(turn.track + 1, 99)]
            low, high = turn.net.span
            upright += [(place, turn.track) for place in range(low, high + 1)]
        assert len(set(level)) == len(level), nets
        assert len(set(upright)) == len(upright), nets


def test_settled_keeps_distances_and_moves_least() -> None:
    row = [("a", 0), ("b", 0), ("c", 0)]
    found = settled(row, [0, 0, 9], lambda first, second: 4)
    assert list(found.values()) == [-2, 2, 9]


def test_crossings_are_found_and_removed() -> None:
    wires = (Wire("a", "d"), Wire("b", "c"), Wire("c", "e"), Wire("d", "e"))
    layers = layers_of(Graph(tuple(Node(key, key) for key in "abcde"), wires))
    assert crossings(layers.slots, layers.links) == 0
    swapped = [row[::-1] if n == 0 else row for n, row in enumerate(layers.slots)]
    assert crossings(swapped, layers.links) == 1


def test_lines_that_cross_and_lines_that_join() -> None:
    canvas = Canvas(UNICODE)
    for column in (1, 4):
        canvas.upright(column, 0, 2)
    canvas.level(1, 0, 5)
    canvas.join(1, 4)
    drawn = ["".join(text for _, text in line) for line in canvas.lines()]
    assert drawn == [" │  │", "─┼──●─", " │  │"]


# What holds of all.


@pytest.mark.parametrize("width", [24, 40, 80, 120])
@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_fit_and_show_every_label(name: str, width: int) -> None:
    graph = EXAMPLES[name]
    for style in (UNICODE, ASCII):
        lines = graph.lines(width, style)
        assert all(columns(line) <= width for line in lines)
        assert not style.ascii or all(line.isascii() for line in lines)
        shown = " ".join(lines)
        if graph.fits(width, style) and width >= 80:
            for text in texts(graph):
                assert (in_ascii(text) if style.ascii else text) in shown
    assert width < 80 or graph.fits(width)


def test_texts_stand_apart() -> None:
    """A blank, a wire or a frame is on both sides of every text of the wide examples."""
    for graph in EXAMPLES.values():
        for line in graph.pieces(200, UNICODE):
            for (role, text), (other, following) in pairwise(line):
                is_apart = text.endswith(" ") or following.startswith(" ")
                assert is_apart or "axis" in (role, other), line
