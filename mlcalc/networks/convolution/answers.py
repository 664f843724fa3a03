"""The answers about a layer: its shape, what it costs, and the values of its output."""

from __future__ import annotations

from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Shape
from mlcalc.networks.convolution.costs import Costs
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.question import DEPTHWISE
from mlcalc.networks.convolution.sizes import added_up, settled, shape_value
from mlcalc.showing.derivation import Answer, count_answer, number_answer

COUNTS = ("parameters", "activations", "multiplications")
"""What is counted in one step, with one account of the biases."""


def shape_answer(layer: Layer) -> Answer:
    shape = layer.output_shape
    is_one_size = len(shape.sizes) == 1 and shape.channels is None
    maths = shape.sizes[0] if is_one_size else shape
    return Answer("shape", shape_value(shape), maths, is_count=True)


def cost_answers(costs: Costs) -> list[Answer]:
    """The counts, the receptive field, and the share of zeros."""
    found = [count_answer(name, count) for name, count in costs.counts.items()]
    found.append(receptive_answer(costs))
    zeros = costs.zeros
    return found if zeros is None else [*found, number_answer("zeros", zeros)]


def receptive_answer(costs: Costs) -> Answer:
    """One number where all axes agree, else one an axis."""
    sizes = costs.receptive_field
    value = shape_value(Shape(sizes))
    if len(set(map(exact, sizes))) == 1 and isinstance(value, tuple):
        return count_answer("receptive_field", value[0])
    if len(set(sizes)) == 1:
        return count_answer("receptive_field", added_up([sizes[0]]))
    return Answer("receptive_field", value, Shape(tuple(map(settled, sizes))), is_count=True)


def cost_notes(layer: Layer) -> list[Note]:
    notes = []
    if layer.given.weights is None:
        text = "each filter has one bias, which is counted"
        if not layer.given.shared:
            text = "each entry of the output has a bias of its own, which is counted, as in Keras"
        text = text if layer.has_bias else "there are no biases"
        notes.append(Note("conv.bias", text, of=COUNTS))
    if layer.given.groups == DEPTHWISE or (
        layer.channels is not None and layer.groups == layer.channels and exact(layer.groups) != 1
    ):
        notes.append(Note("conv.depthwise", "depthwise: each channel has filters of its own"))
    return notes
