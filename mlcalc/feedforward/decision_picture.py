"""Where in the plane of its two inputs a network says 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlcalc.derivation import Picture
from mlcalc.drawing import Drawing, Label, Lazy
from mlcalc.feedforward.network import DenseLayer, LayeredNetwork, Y
from mlcalc.feedforward.runs import Total
from mlcalc.feedforward.tables import inputs_named
from mlcalc.fields import as_number
from mlcalc.maths.activations import ACTIVATIONS, function_name, line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import FUNCTIONS, Scalar, to_float
from mlcalc.maths.tree import Chain, Expr
from mlcalc.plots import Plot, Points
from mlcalc.plots import region as shaded
from mlcalc.plots.scale import Point, Range

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
