"""Graphs as the kinds draw them: computational graphs, networks folded and unrolled, a cell."""

from __future__ import annotations

from mlcalc.showing.graphs import Graph, Node, Shape, Wire

Written = tuple[str, str, str]
"""A label, a value and a gradient."""


def node(key: str, written: Written, shape: Shape = "circle") -> Node:
    return Node(key, written[0], above=written[1], below=written[2], shape=shape)


def wires(*pairs: str) -> tuple[Wire, ...]:
    """Wires in the notation "source target"."""
    return tuple(Wire(*pair.split()) for pair in pairs)


CIRCUIT = Graph(
    (
        node("x", ("x", "1", "2"), "none"),
        node("y", ("y", "2", "5"), "none"),
        node("z", ("z", "0", "0"), "none"),
        node("sum", ("+", "3", "2")),
        node("max", ("max", "2", "3")),
        node("product", ("*", "6", "1")),
    ),
    (
        Wire("x", "sum", below="2"),
        Wire("y", "sum", below="2"),
        Wire("y", "max", below="3"),
        Wire("z", "max", below="0"),
        *wires("sum product", "max product"),
    ),
    "f = (x + y)·max(y, z)",
)
"""The gradients of f at (1, 2, 0); y has one for each of its wires, and 5 in all."""

NEURON = Graph(
    (
        node("w0", ("w0", "2", "-0.19661"), "none"),
        node("x0", ("x0", "-1", "0.39322"), "none"),
        node("w1", ("w1", "-3", "-0.39322"), "none"),
        node("x1", ("x1", "-2", "-0.58984"), "none"),
        node("w2", ("w2", "-3", "0.19661"), "none"),
        node("first", ("*", "-2", "0.19661")),
        node("second", ("*", "6", "0.19661")),
        node("both", ("+", "4", "0.19661")),
        node("all", ("+", "1", "0.19661")),
        node("minus", ("*-1", "-1", "-0.19661")),
        node("exp", ("exp", "0.36788", "-0.53445")),
        node("plus", ("+1", "1.36788", "-0.53445")),
        node("inverse", ("1/x", "0.73106", "1")),
    ),
    wires(
        "w0 first",
        "x0 first",
        "w1 second",
        "x1 second",
        "first both",
        "second both",
        "both all",
        "w2 all",
        "all minus",
        "minus exp",
        "exp plus",
        "plus inverse",
    ),
)

LOOPED = Graph(
    (Node("x", "x", shape="none"), Node("h", "h", shape="box"), Node("y", "y", shape="none")),
    (Wire("x", "h", "W_xh"), Wire("h", "h", "W_hh, t−1"), Wire("h", "y", "W_hy")),
    direction="up",
)


def unrolled(steps: int, layers: int = 1) -> Graph:
    """Inputs, states in so many layers, outputs, losses and their sum."""
    nodes = [Node("total", "Σ", (steps + 1) // 2, 0)]
    arrows: list[Wire] = []
    bottom = layers + 3
    for layer in range(layers):
        nodes.append(Node(f"s{layer}-0", f"h^{layer + 1}_0", 0, bottom - 1 - layer, shape="none"))
    for t in range(1, steps + 1):
        nodes.append(Node(f"x{t}", f"x_{t}", t, bottom, shape="none"))
        below = f"x{t}"
        for layer in range(layers):
            key = f"s{layer}-{t}"
            nodes.append(Node(key, f"h^{layer + 1}_{t}", t, bottom - 1 - layer, shape="box"))
            arrows += [Wire(below, key, "W_in"), Wire(f"s{layer}-{t - 1}", key, "W_hh")]
            below = key
        nodes.append(Node(f"y{t}", f"y_{t}", t, 2, shape="box"))
        nodes.append(Node(f"L{t}", f"L_{t}", t, 1))
        arrows += [
            Wire(below, f"y{t}", "W_hy"), Wire(f"y{t}", f"L{t}"), Wire(f"L{t}", "total"),
        ]  # fmt: skip
    return Graph(tuple(nodes), tuple(arrows), direction="up")


def bidirectional(steps: int) -> Graph:
    """States forwards and above them states backwards, which both lead to the output."""
    nodes = [Node("f0", "f_0", 0, 2, shape="none")]
    nodes.append(Node(f"b{steps + 1}", f"b_{steps + 1}", steps + 1, 1, shape="none"))
    arrows: list[Wire] = []
    for t in range(1, steps + 1):
        nodes += [
            Node(f"x{t}", f"x_{t}", t, 3, shape="none"),
            Node(f"f{t}", f"f_{t}", t, 2, shape="box"),
            Node(f"b{t}", f"b_{t}", t, 1, shape="box"),
            Node(f"y{t}", f"y_{t}", t, 0, shape="none"),
        ]
        arrows += wires(
            f"x{t} f{t}", f"x{t} b{t}", f"f{t - 1} f{t}", f"b{t + 1} b{t}", f"f{t} y{t}",
            f"b{t} y{t}",
        )  # fmt: skip
    return Graph(tuple(nodes), tuple(arrows), direction="up")


CELL = Graph(
    (
        *(Node(key, f"{key}_old" if key != "x" else "x", shape="none") for key in "xhc"),
        *(Node(key, label) for key, label in zip("figo", ("σ f", "σ i", "tanh g", "σ o"),
                                                 strict=True)),
        *(Node(key, "⊙") for key in ("kept", "added", "shown")),
        Node("sum", "+"),
        Node("tanh", "tanh"),
        Node("c_new", "c_new", shape="none"),
        Node("h_new", "h_new", shape="none"),
    ),
    wires(
        *(f"{source} {gate}" for gate in "figo" for source in "xh"),
        "c kept", "f kept", "i added", "g added", "kept sum", "added sum", "sum tanh",
        "tanh shown", "o shown", "sum c_new", "shown h_new",
    ),
)  # fmt: skip

DENSE = Graph(
    (
        *(Node(f"x{n}", f"x_{n}", shape="none") for n in (1, 2)),
        *(Node(f"h{n}", f"h_{n}") for n in (1, 2, 3)),
        *(Node(f"y{n}", f"y_{n}") for n in (1, 2)),
    ),
    (
        *(Wire(f"x{i}", f"h{j}", f"w_{j}{i}") for j in (1, 2, 3) for i in (1, 2)),
        *(Wire(f"h{i}", f"y{j}", f"v_{j}{i}") for j in (1, 2) for i in (1, 2, 3)),
    ),
)

SQUARE = Graph(
    (node("x", ("x", "3", "6"), "none"), node("square", ("*", "9", "1"))),
    (Wire("x", "square", below="3"), Wire("x", "square", below="3")),
)

FEEDBACK = Graph(
    (Node("x", "x", shape="none"), Node("h", "h", shape="box"), Node("y", "y", shape="box")),
    (Wire("x", "h", "W_xh"), Wire("h", "y", "W_hy"), Wire("y", "h", "W_yh, t−1")),
    direction="up",
)

EXAMPLES = {
    "circuit": CIRCUIT, "neuron": NEURON, "looped": LOOPED, "unrolled": unrolled(3),
    "two layers": unrolled(3, 2), "bidirectional": bidirectional(3), "cell": CELL,
    "dense": DENSE, "square": SQUARE, "feedback": FEEDBACK, "one": Graph((Node("a", "a"),), ()),
    "empty": Graph((), ()),
}  # fmt: skip
