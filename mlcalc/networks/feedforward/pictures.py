"""Pictures of a network that was run: its units, where it says 1, its loss over the epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlcalc.files.fields import as_number
from mlcalc.maths.activations import ACTIVATIONS, function_name, line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import FUNCTIONS, Scalar, to_float
from mlcalc.maths.tree import Chain, Expr, Symbol
from mlcalc.networks.feedforward.network import DenseLayer, LayeredNetwork, Y
from mlcalc.networks.feedforward.runs import Total
from mlcalc.networks.feedforward.tables import inputs_named, units_named
from mlcalc.networks.feedforward.training import Training
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Drawing, Label, Lazy
from mlcalc.showing.graphs import Graph, Node, Wire
from mlcalc.showing.plots import Curve, Plot, Points
from mlcalc.showing.plots import region as shaded
from mlcalc.showing.plots.scale import Point, Range

MOST_UNITS = 4
"""A layer of more units is not drawn unit by unit."""


def pictures_of(
    network: LayeredNetwork, total: Total, training: Training | None
) -> tuple[Picture, ...]:
    """The units and wires; where a network of two inputs says 1; the loss over the epochs."""
    found = [diagram(network, is_trained=training is not None)] if is_drawable(network) else []
    trained = network if training is None else training.network
    if has_decision(trained):
        found.append(decision_picture(trained, total, is_trained=training is not None))
    if training is not None and total.loss is not None and len(training.epochs) > 1:
        found.append(loss_curve(total.loss, training))
    return tuple(found)


def is_drawable(network: LayeredNetwork) -> bool:
    return max(network.inputs, *(layer.units for layer in network.layers)) <= MOST_UNITS


def diagram(network: LayeredNetwork, is_trained: bool) -> Picture:
    """A node a unit, the weights on the wires; a bias comes from a 1 beside the inputs."""
    names = inputs_named(network)
    nodes = [Node(key_of(0, k), name, 0, k, shape="none") for k, name in enumerate(names)]
    wires: list[Wire] = []
    reads = network.inputs
    for level, layer in enumerate(network.layers, 1):
        if layer.biases is not None:
            nodes.append(Node(key_of(level - 1, reads), "1", level - 1, reads, shape="none"))
        for unit, name in enumerate(units_named(network, layer)):
            nodes.append(Node(key_of(level, unit), name, level, unit))
            row = layer.inner_weights.rows[unit]
            bias = () if layer.biases is None else (layer.biases[unit],)
            wires += [
                Wire(key_of(level - 1, k), key_of(level, unit), weight)
                for k, weight in enumerate((*row, *bias))
            ]
        reads = layer.units
    caption = "the units, with their weights on the wires" + (" before the training" * is_trained)
    return Picture(Graph(tuple(nodes), tuple(wires)), caption)


def key_of(level: int, unit: int) -> str:
    return f"{level}.{unit}"


def loss_curve(start: Scalar, training: Training) -> Picture:
    losses = [start, *(epoch.loss for epoch in training.epochs if epoch.loss is not None)]
    curve = Curve("L", tuple((float(k), float(loss)) for k, loss in enumerate(losses)))
    plot = Plot((curve,), x_label="epoch", y_label=Symbol("L"))
    return Picture(plot, "the loss over the epochs")


MARGIN = 0.5
COLUMNS, LINES = 80, 40


class DecisionDrawing(Lazy):
    """The plane, and the examples with what was wanted or said."""

    network: LayeredNetwork
    said: tuple[tuple[Point, bool], ...]

    def plot(self) -> Drawing:
        return decision_plot(self)


def has_decision(network: LayeredNetwork) -> bool:
    """Whether the network divides the plane in two."""
    is_flat = network.inputs == 2 and network.outputs == 1
    records = [ACTIVATIONS[layer.activation] for layer in network.layers]
    return is_flat and records[-1].threshold != "" and all(one.formula for one in records)


def threshold_of(network: LayeredNetwork) -> Expr:
    """From which output on the network says 1."""
    return line(ACTIVATIONS[network.layers[-1].activation].threshold)


def decision_picture(network: LayeredNetwork, total: Total, is_trained: bool) -> Picture:
    """The examples are drawn by their targets, and without targets by what the network says."""
    threshold = scalar(threshold_of(network))
    said = []
    for run in total.runs:
        target = run.example.target
        value = run.output[0] if target is None else scalar(target.rows[0][0])
        x, y = (to_float(scalar(row[0])) for row in run.example.x.rows)
        said.append(((x, y), value >= threshold))
    when = "after the training " if is_trained else ""
    return Picture(
        DecisionDrawing(network, tuple(said)), f"{when}the network says 1 in the shaded part"
    )


def decision_plot(drawing: DecisionDrawing) -> Plot:
    network = drawing.network
    points = [point for point, _ in drawing.said]
    x_range, y_range = (spread([point[axis] for point in points]) for axis in (0, 1))
    threshold = to_float(scalar(threshold_of(network)))
    output = in_floats(network)

    def holds(x: float, y: float) -> bool:
        return output(x, y) >= threshold

    at_least: Expr = Chain(Y, ((">=", threshold_of(network)),))
    x_name, y_name = inputs_named(network)
    return Plot(
        points=tuple(examples(drawing)),
        regions=(shaded(at_least, holds, x_range, y_range, COLUMNS, LINES),),
        x_range=x_range,
        y_range=y_range,
        x_label=x_name,
        y_label=y_name,
    )


def examples(drawing: DecisionDrawing) -> list[Points]:
    found: list[tuple[Label, bool]] = [("1", True), ("0", False)]
    groups = [
        Points(label, tuple(point for point, is_one in drawing.said if is_one is wanted))
        for label, wanted in found
    ]
    return [group for group in groups if group.points]


def spread(values: Sequence[float]) -> Range:
    """From the least to the largest, with a margin."""
    low, high = min(values), max(values)
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def in_floats(network: LayeredNetwork) -> Callable[[float, float], float]:
    """The output of the network, in floats and without working: for thousands of points."""
    layers = [rows_in_floats(layer) for layer in network.layers]
    functions = [FUNCTIONS[function_name(layer.activation)] for layer in network.layers]

    def output(*inputs: float) -> float:
        values: Sequence[Scalar] = inputs
        for rows, function in zip(layers, functions, strict=True):
            sums = [b + sum(map(float.__mul__, row, map(float, values))) for b, row in rows]
            values = [function.compute(total) for total in sums]
        return float(values[0])

    return output


def rows_in_floats(layer: DenseLayer) -> list[tuple[float, list[float]]]:
    """The bias and the weights of each unit."""
    biases = [to_float(scalar(bias)) for bias in layer.biases or [as_number(0)] * layer.units]
    weights = [[to_float(scalar(entry)) for entry in row] for row in layer.inner_weights.rows]
    return list(zip(biases, weights, strict=True))
