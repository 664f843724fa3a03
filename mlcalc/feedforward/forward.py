"""The forward pass: z = W a + b and a = f(z), layer by layer, with their numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcalc.derivation import Step
from mlcalc.feedforward.network import ONE, Layer, Network, vector_of
from mlcalc.maths.functions import TooLarge, to_float
from mlcalc.maths.tree import Chain, Matrix, equals
from mlcalc.maths.vectors import (
    NamedVector,
    Product,
    Write,
    column,
    compact,
    joined,
    weighted_sum,
    worked,
)
from mlcalc.networks.activations import activated
from mlcalc.networks.arithmetic import Vector
from mlcalc.records import Record


class Passed(Record):
    """What one layer did: what it read (with its leading 1), z, and what it gave (without)."""

    layer: Layer
    read: NamedVector
    z: NamedVector
    a: NamedVector
    chains: Sequence[Chain]


def forward(network: Network, x: Matrix) -> tuple[Passed, ...]:
    """All layers in order.  Raises `TooLarge` where a value grows beyond all floats."""
    passed: list[Passed] = []
    vector = x
    for layer in network.layers:
        found = through(layer, vector, network.write)
        if not all(math.isfinite(to_float(v)) for v in (*found.z.values, *found.a.values)):
            raise TooLarge(
                f"the values grow beyond the largest number (10^308) in layer {layer.number}"
            )
        passed.append(found)
        vector = column(found.a.values, network.write)
    return tuple(passed)


def through(layer: Layer, vector: Matrix, write: Write) -> Passed:
    """One layer; `vector` is what it reads, without a leading 1."""
    if layer.has_column:
        vector = Matrix(((ONE,), *vector.rows))
    product = Product(layer.weights_name @ layer.read_name, layer.weights, vector)
    bias = None if layer.bias is None else (layer.bias_name, layer.bias)
    chains, z = weighted_sum(layer.sum_name, [product], bias, write)
    chain, a = activation(layer, z, write)
    read = NamedVector(layer.read_name, vector_of(vector))
    names = NamedVector(layer.sum_name, z), NamedVector(layer.output_name, a)
    return Passed(layer, read, *names, joined(chains, [chain]))


def activation(layer: Layer, z: Vector, write: Write) -> tuple[Chain, Vector]:
    """a = f(z)."""
    total = layer.sum_name
    if layer.activation == "identity":
        return worked(layer.output_name, total, compact(column(z, write))), z
    return activated(layer.activation, layer.output_name, total, z, write)


def leading_one_step(network: Network, x: Matrix) -> Step | None:
    """The leading 1 put before the input, where the weights hold the bias."""
    if not network.has_column:
        return None
    chain = equals(network.layers[0].read_name, Matrix(((ONE,), *x.rows)))
    return Step("put a 1 before the input", (chain,), "the first weight of each unit is its bias")


def layer_step(passed: Passed) -> Step:
    return Step(f"run {passed.layer.words}", tuple(passed.chains))
