"""Pictures of a network that was run: its units, where it says 1, its loss over the epochs."""

from __future__ import annotations

from mlcalc.derivation import Picture
from mlcalc.feedforward.decision_picture import decision_picture, has_decision
from mlcalc.feedforward.network import LayeredNetwork
from mlcalc.feedforward.runs import Total
from mlcalc.feedforward.tables import inputs_named, units_named
from mlcalc.feedforward.training import Training
from mlcalc.graphs import Graph, Node, Wire
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Symbol
from mlcalc.plots import Curve, Plot

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
