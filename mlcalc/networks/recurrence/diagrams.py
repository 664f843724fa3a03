"""A recurrent network as it is drawn: folded up, with its loops, and unrolled over the steps.

Both are made from its equations.  Sums, gates and windows are left out: what is drawn are the
inputs, the states and the outputs, and the matrices on the way from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Dots, Listing, Symbol
from mlcalc.networks.equations import Affine, Equation, Network, Reading, T, at_time
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Label
from mlcalc.showing.graphs import Graph, Node, Shape, Wire

MOST_COLUMNS = 4
"""Of a longer sequence the first steps are drawn and the last."""

MOST_LABELLED = 5
"""With more links than these, only the folded diagram says which weight is where."""

Weights: TypeAlias = tuple[Symbol, ...]


class Link(Record):
    """`target` reads `source`, through these weights, `lag` steps before (or after, below 0)."""

    source: Symbol
    target: Symbol
    weights: Weights = ()
    lag: int = 0

    @property
    def is_gated(self) -> bool:
        """Whether the link stands for one matrix a gate."""
        return len(self.weights) > 1

    @property
    def label(self) -> Label:
        if self.is_gated:
            return Listing((self.weights[0], Dots(), self.weights[-1]))
        return self.weights[0] if self.weights else ""


class Plan(Record):
    """What is drawn, each vector with its height above the inputs, and the links."""

    heights: tuple[tuple[Symbol, int], ...]
    links: tuple[Link, ...]
    inputs: Symbol

    @property
    def top(self) -> int:
        return max(height for _, height in self.heights)


def diagrams(network: Network, steps: int) -> tuple[Picture, ...]:
    """The folded and the unrolled diagram."""
    plan = planned(network)
    loops = "the network folded up: a loop carries a value to the next step"
    return (
        Picture(folded(plan), loops),
        Picture(unrolled(plan, steps), "the network unrolled: every step has the same weights"),
    )


# What is drawn.


def planned(network: Network) -> Plan:
    equations = {equation.target: equation for equation in network.equations}
    drawn = drawn_vectors(network)
    order = [weight for equation in network.equations for weight in weights_of(equation)]
    links = [
        link
        for target in drawn
        if target in equations
        for link in merged(links_into(target, equations[target], equations, drawn), order)
    ]
    heights = {network.inputs: 0}
    for _ in drawn:
        for link in links:
            if not link.lag:
                height = heights.get(link.source, 0) + 1
                heights[link.target] = max(height, heights.get(link.target, 0))
    return Plan(tuple((v, heights.get(v, 1)) for v in drawn), tuple(links), network.inputs)


def drawn_vectors(network: Network) -> list[Symbol]:
    """Inputs, states and outputs: what another vector reads at another time, and the answers."""
    states = [vector for vector, _ in network.initial if vector.name == "h"]
    kept = {network.inputs, *states, network.state, network.output}
    for equation in network.equations:
        kept |= {r.vector for r in equation.readings if r.lag and r.vector != equation.target}
    computed = dict.fromkeys(equation.target for equation in network.equations)
    return [vector for vector in (network.inputs, *computed) if vector in kept]


def links_into(
    root: Symbol, equation: Equation, equations: dict[Symbol, Equation], drawn: Sequence[Symbol]
) -> Iterator[Link]:
    """The links of a drawn vector, through all that is not drawn between."""
    for weights, reading in weighed_readings(equation):
        if reading.vector in drawn:
            yield Link(reading.vector, root, weights, reading.lag)
        elif reading.lag:
            # The memory of an LSTM, which its own cell alone reads.
            yield Link(root, root, (), reading.lag)
        else:
            for link in links_into(root, equations[reading.vector], equations, drawn):
                yield Link(link.source, root, link.weights or weights, link.lag)


def weighed_readings(equation: Equation) -> list[tuple[Weights, Reading]]:
    if isinstance(equation, Affine):
        return [((weight,), reading) for weight, reading in equation.products]
    return [((), reading) for reading in equation.readings]


def weights_of(equation: Equation) -> Weights:
    return tuple(w for weights, _ in weighed_readings(equation) for w in weights)


def merged(links: Iterator[Link], order: Sequence[Symbol]) -> list[Link]:
    """One link for all that comes from one vector at one time, its weights in that order."""
    found: dict[tuple[Symbol, int], Link] = {}
    for link in links:
        before = found.get((link.source, link.lag), link).weights
        weights = {*before, *link.weights}
        in_order = tuple(sorted(weights, key=order.index))
        found[link.source, link.lag] = Link(link.source, link.target, in_order, link.lag)
    return list(found.values())


# The graphs.


def folded(plan: Plan) -> Graph:
    """One node a vector; what comes from other steps makes loops."""
    nodes = [
        Node(v.spelled, at_time(v, T), None, plan.top - height, shape=shape_of(plan, v))
        for v, height in plan.heights
    ]
    wires = dict.fromkeys(
        Wire(link.source.spelled, link.target.spelled, link.label) for link in plan.links
    )
    return Graph(tuple(nodes), tuple(wires), direction="up")


def shape_of(plan: Plan, vector: Symbol) -> Shape:
    return "none" if vector == plan.inputs else "box"


def unrolled(plan: Plan, steps: int) -> Graph:
    """A column a step; what comes from before the first, or after the last, has its own."""
    times = list(range(1, steps + 1))
    if steps > MOST_COLUMNS:
        times = [*range(1, MOST_COLUMNS), steps]
    wires = [
        wire
        for time in times
        for link in plan.links
        for wire in wires_at(link, time, times, link.source == plan.inputs)
    ]
    if len(plan.links) > MOST_LABELLED:
        wires = [replace(wire, label="" if wire.label != "…" else "…") for wire in wires]
    read = {wire.source for wire in wires}
    place = in_a_row if feeds_back(plan) else in_columns
    nodes = [
        Node(
            key(vector, time), at_time(vector, time), *place(plan, vector, number),
            shape=shape_of(plan, vector) if time in times else "none",
        )
        for number, time in enumerate((0, *times, steps + 1))
        for vector, _ in plan.heights
        if time in times or key(vector, time) in read
    ]  # fmt: skip
    return Graph(tuple(nodes), tuple(wires), direction="up")


def feeds_back(plan: Plan) -> bool:
    """Whether a step reads what stands higher up in the step before, such as its output."""
    heights = dict(plan.heights)
    return any(link.lag and heights[link.source] > heights[link.target] for link in plan.links)


def in_columns(plan: Plan, vector: Symbol, number: int) -> tuple[int, int]:
    """Column and row; no two vectors share a row, along which their loops become wires."""
    upwards = sorted(dict(plan.heights), key=lambda each: dict(plan.heights)[each])
    return number, len(upwards) - 1 - upwards.index(vector)


def in_a_row(plan: Plan, vector: Symbol, number: int) -> tuple[int, int]:
    """The same where the output goes on to the next step: all stand side by side."""
    computed = [each for each, _ in plan.heights if each != plan.inputs]
    first = (number - 1) * len(computed) + 1
    if vector == plan.inputs:
        return first, 1
    return max(first + computed.index(vector), 0), 0


def key(vector: Symbol, time: int) -> str:
    return f"{vector.spelled}@{time}"


def wires_at(link: Link, time: int, times: Sequence[int], is_input: bool) -> Iterator[Wire]:
    """The wire of a link into one step; dotted where it comes over steps that are left out.

    Inputs outside of the sequence are zero and are not drawn.
    """
    source, last = time - link.lag, times[-1]
    if 1 <= source <= last and source not in times:
        nearer = [t for t in times if (t < time) == (link.lag > 0) and t != time]
        near = max(nearer) if link.lag > 0 else min(nearer)
        yield Wire(key(link.source, near), key(link.target, time), "…")
    elif source in times or (source in (0, last + 1) and not is_input):
        label = "" if link.is_gated else link.label
        yield Wire(key(link.source, source), key(link.target, time), label)
