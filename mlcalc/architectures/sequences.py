"""Layers over words and sequences: embeddings, recurrent layers, attention."""

from __future__ import annotations

from mlcalc.architectures.counted import Counted, Settings, has_bias
from mlcalc.architectures.nodes import Layer
from mlcalc.architectures.shapes import in_words, nearest_divisor, product
from mlcalc.convolution.windows import (
    ONE,
)
from mlcalc.errors import Invalid
from mlcalc.fields import as_number, whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Expr, Mul, Shape


def embedding(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """A row of a matrix for each word: looked up, not multiplied."""
    if shape.channels is not None or len(shape.sizes) != 1:
        message = f"{name} takes the numbers of some words, and its input is {in_words(shape)}"
        raise Invalid.at(
            f"{message}: begin with how many words, as in 20, embedding 9 4", layer.place
        )
    words, units = (layer.options[option].sizes[0] for option in ("words", "units"))
    return Counted(Shape((*shape.sizes, units)), product(words, units), reaches=None)


def sequence(layer: Layer, name: str, shape: Shape) -> tuple[Expr, Expr]:
    """The steps and the size of each; maps over one axis are a sequence of their channels."""
    if shape.channels is not None and len(shape.sizes) == 1:
        return shape.sizes[0], shape.channels
    if shape.channels is None and len(shape.sizes) == 2:
        return shape.sizes[0], shape.sizes[1]
    message = f"{name} takes a sequence such as 10x512, and its input is {in_words(shape)}"
    raise Invalid.at(f"{message}: give steps × entries", layer.place)


GATES = {"rnn": 1, "gru": 3, "lstm": 4}
SECOND_BIAS = {"textbook": (), "pytorch": ("rnn", "gru", "lstm"), "keras": ("gru",)}
"""The layers that have two bias vectors a gate, by convention."""


def recurrent(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """gates·(d·h + h·h + h), with a second bias where the convention has one."""
    steps, size = sequence(layer, name, shape)
    units = layer.options["units"].sizes[0]
    gates, ways = as_number(GATES[layer.kind]), as_number(2)
    is_double = layer.kind in SECOND_BIAS[settings.convention]
    weights: tuple[Expr, ...] = (Mul((size, units)), Mul((units, units)))
    biases = Mul((as_number(2), units)) if is_double else units
    terms = (*weights, biases) if has_bias(layer, settings) else weights
    factors = [gates] if layer.kind != "rnn" else []
    output = units
    if "bidirectional" in layer.words:
        factors.insert(0, ways)
        value = exact(units)
        output = Mul((ways, units)) if value is None else as_number(2 * value)
    return Counted(
        Shape((output,)) if "last" in layer.words else Shape((steps, output)),
        Mul((*factors, Add(terms))) if factors else Add(terms),
        Mul((steps, *factors, Add(weights))),
        reaches=None,
    )


def attention(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """Queries, keys, values and output: four d×d matrices, however many heads share them.

    Multiplied are those, the scores and the weighted values (Vaswani et al. 2017).
    """
    steps, size = sequence(layer, name, shape)
    heads, whole_size = whole(layer.size("heads") or ONE), whole(size)
    if heads is not None and whole_size is not None and whole_size % heads:
        near = nearest_divisor(whole_size, heads)
        message = f"{name}: {heads} heads do not divide the {whole_size} entries of a step"
        raise Invalid.at(f"{message}: {near} fits", layer.place)
    four = as_number(4)
    weights = Mul((four, size, size))
    return Counted(
        Shape((steps, size)),
        weights + Mul((four, size)) if has_bias(layer, settings) else weights,
        Mul((four, steps, size, size)) + Mul((as_number(2), steps, steps, size)),
        reaches=None,
    )
