"""Backpropagation: from ∂L/∂y back through the layers, with the delta δ = ∂L/∂z of each.

δ_l = (W_(l+1)ᵀ δ_(l+1)) ⊙ f′(z_l), ∂L/∂W_l = δ_l a_(l−1)ᵀ, ∂L/∂b_l = δ_l (Rumelhart, Hinton and
Williams 1986).
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.derivation import Prose, Step
from mlcalc.feedforward.examples import Example
from mlcalc.feedforward.forward import Passed
from mlcalc.feedforward.network import Layer, Network, T, partial, vector_of
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Chain, Expr, Hadamard, MatMul, Symbol, Transpose, call, equals
from mlcalc.maths.vectors import NamedVector, Write, added, column, compact, joined, worked
from mlcalc.networks.activations import slope_in_letters
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.gradients import outer, refuse_flat, through, transposed
from mlcalc.networks.losses import LossWriting
from mlcalc.records import Record


class LayerGradient(Record):
    """What came back to one layer: δ, ∂L/∂W, and ∂L/∂b (one number where the bias is shared)."""

    layer: Layer
    delta: Vector
    weights: Rows
    bias: Vector | None
    chains: Sequence[Chain]
    note: Prose = ""


class Back(Record):
    """The gradients of one example, the first layer first, and ∂L/∂x."""

    layers: tuple[LayerGradient, ...]
    x: Vector
    to_x: Sequence[Chain]


def backward(
    network: Network, passed: Sequence[Passed], example: Example, loss: LossWriting | None
) -> Back:
    """Back from the loss, or from the upstream gradient of the example."""
    name = example.loss_name
    found: list[LayerGradient] = []
    above: NamedVector | None = None
    above_layer = passed[-1].layer
    chains: Sequence[Chain] = ()
    for one in reversed(passed):
        layer = one.layer
        note: Prose = ""
        if layer.is_last:
            chains, delta, note = last_delta(one, example, loss, name, network.write)
        else:
            assert above is not None
            more, values = through(
                layer.activation, layer.delta_name, above, one.z, one.a, network.write
            )
            chains, delta, note = joined(chains, more), values, back_note(one, above_layer)
        gradient = of_parameters(one, delta, chains, note, name, network.write)
        found.insert(0, gradient)
        target = partial(name, layer.source_name)
        chains, values = transposed(
            target, layer.inner_name, layer.inner_weights,
            NamedVector(layer.delta_name, delta), network.write,
        )  # fmt: skip
        above, above_layer = NamedVector(target, values), layer
    assert above is not None
    return Back(tuple(found), above.values, chains)


def back_note(one: Passed, above: Layer) -> Prose:
    """δ_l = (W_(l+1)ᵀ δ_(l+1)) ⊙ f′(z_l), by the names of this layer and of the one above."""
    back = MatMul((Transpose(above.inner_name), above.delta_name))
    if one.layer.activation == "softmax":
        return ""
    factors: list[Expr] = [back]
    factors += slope_in_letters(one.layer.activation, one.z.name, one.a.name)
    rule = equals(one.layer.delta_name, Hadamard(tuple(factors)) if factors[1:] else back)
    return ("the delta above comes back through its weights: ", rule)


def last_delta(
    one: Passed, example: Example, loss: LossWriting | None, name: Symbol, write: Write
) -> tuple[list[Chain], Vector, Prose]:
    """δ of the output, where the loss stands, and a because."""
    layer = one.layer
    target = partial(name, layer.output_name)
    if loss is None:
        assert example.upstream is not None
        above = NamedVector(target, vector_of(example.upstream))
        chains, delta = through(layer.activation, layer.delta_name, above, one.z, one.a, write)
        return chains, delta, ""
    wanted = wanted_of(example)
    if loss.has_combined_rule(layer.activation):
        chain, delta = loss.combined_gradient(layer.delta_name, one.a, wanted)
        return [chain], delta, loss.why_combined()
    first, values = loss.gradient(target, one.a, wanted)
    above = NamedVector(target, values)
    chains, delta = through(layer.activation, layer.delta_name, above, one.z, one.a, write)
    return [first, *chains], delta, ""


def wanted_of(example: Example) -> NamedVector:
    assert example.target is not None
    return NamedVector(T, vector_of(example.target))


def of_parameters(
    one: Passed, delta: Vector, chains: Sequence[Chain], note: Prose, loss: Symbol, write: Write
) -> LayerGradient:
    """∂L/∂W = δ aᵀ and ∂L/∂b = δ, which a shared bias adds up."""
    layer = one.layer
    named = NamedVector(layer.delta_name, delta)
    chain, weights = outer(partial(loss, layer.weights_name), named, one.read, write)
    found = [chain]
    bias: Vector | None = None
    if layer.bias is not None:
        target = partial(loss, layer.bias_name)
        bias = delta
        if layer.is_shared:
            total = added(list(map(write, delta)))
            bias = (scalar(total),)
            found.append(worked(target, call("sum", named.name), total, write(bias[0])))
        else:
            found.append(worked(target, named.name, compact(column(delta, write))))
    return LayerGradient(layer, delta, weights, bias, joined(chains, found), note)


def refuse_flat_layers(given: NetworkQuestion, network: Network) -> None:
    """Raises `Unsolved` where no gradient comes through a layer."""
    for layer in network.layers:
        is_named_apart = layer.is_last and given.is_given(NetworkQuestion.output_activation)
        field = NetworkQuestion.output_activation if is_named_apart else NetworkQuestion.activation
        refuse_flat(layer.activation, given.place_of(field))


def gradient_steps(back: Back) -> list[Step]:
    """A step a layer, the output first."""
    return [
        Step(f"backpropagate through {one.layer.words}", tuple(one.chains), one.note)
        for one in reversed(back.layers)
    ]


def input_step(back: Back) -> Step:
    """What comes back to the input."""
    return Step("carry the gradient to the input", tuple(back.to_x))
