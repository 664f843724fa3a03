"""What each sort of layer makes of a shape, how many parameters it has, and how often it
multiplies; one function a sort.

A parameter count keeps its formula, 3·12·17·17 + 12.  Multiplications are those by weights, and
those of attention's products; pooling, norms and activations count none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd

from mlcalc.architectures.counted import Counted, Settings, has_bias
from mlcalc.architectures.kinds import KINDS, LETTERS
from mlcalc.architectures.moving import maps, outputs, per_axis, reaches, windows
from mlcalc.architectures.nodes import Layer
from mlcalc.architectures.sequences import attention, embedding, recurrent
from mlcalc.architectures.shapes import entry_count, in_words, nearest_divisor, product, vector
from mlcalc.convolution.windows import MULTIPLICATIONS, ONE, WEIGHTS, divisor
from mlcalc.errors import Invalid
from mlcalc.fields import as_number, whole
from mlcalc.maths.board import Fill, line
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Mul, Shape

Count = Callable[[Layer, str, Shape, Settings], Counted]


def counted(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """The layer over an input of that shape; `name` is what messages call it.

    Raises `Invalid` where the shape does not fit.
    """
    return FAMILIES[KINDS[layer.kind].family](layer, name, shape, settings)


def convolution(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    channels, axes = maps(layer, name, shape)
    filters, groups = layer.options["channels"].sizes[0], layer.size("groups") or ONE
    check_groups(layer, name, channels, filters, groups)
    moved = windows(layer, name, axes)
    kernel = [window.kernel for window in moved]
    sizes = outputs(moved)
    # A transposed window is used once at each entry of its input.
    positions = axes if layer.kind == "transposed-conv" else sizes
    names: dict[str, Fill] = {"C": channels, "F": filters, "K": kernel, "G": divisor(groups)}
    return Counted(
        Shape(sizes, filters),
        line(f"{WEIGHTS} + B", **names, B=filters if has_bias(layer, settings) else None),
        line(MULTIPLICATIONS, **names, N=positions),
        moved,
        reaches(moved),
    )


def check_groups(layer: Layer, name: str, channels: Expr, filters: Expr, groups: Expr) -> None:
    group, inside, outside = whole(groups), whole(channels), whole(filters)
    if group is None:
        return
    for count, what in ((inside, "channels of its input"), (outside, "filters")):
        if count is not None and count % group:
            common = gcd(inside or count, outside or count)
            near = nearest_divisor(common, group)
            message = f"{name}: {group} groups do not divide the {count} {what}"
            raise Invalid.at(f"{message}: g{near} fits", layer.place)


def pooling(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    channels, axes = maps(layer, name, shape)
    moved = windows(layer, name, axes)
    sizes = outputs(moved)
    kept = None if shape.channels is None else channels
    return Counted(Shape(sizes, kept), windows=moved, reaches=reaches(moved))


def global_pooling(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """The mean of each map; of each entry of a sequence's vectors."""
    if shape.channels is not None:
        return Counted(vector(shape.channels), reaches=None)
    if len(shape.sizes) == 2:
        return Counted(vector(shape.sizes[1]), reaches=None)
    message = f"{name} averages maps, and its input is {in_words(shape)}: leave it out"
    raise Invalid.at(message, layer.place)


def adaptive_pooling(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    channels, axes = maps(layer, name, shape)
    sizes = per_axis(layer, name, "size", len(axes), ONE)
    found = Shape(sizes, None if shape.channels is None else channels)
    return Counted(found, reaches=() if sizes == axes else None)


def flattened(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    return Counted(vector(entry_count(shape)), reaches=None)


def fully_connected(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """A weight for each pair of an input and an output; over a sequence, the same at each step."""
    if shape.channels is not None or len(shape.sizes) > 2:
        message = f"{name} takes a vector, and its input is {in_words(shape)}"
        raise Invalid.at(
            f"{message}: write flatten before it, which gives {one_line(entry_count(shape))}",
            layer.place,
        )
    units = layer.options["units"].sizes[0]
    *steps, size = shape.sizes
    weights = product(size, units)
    return Counted(
        Shape((*steps, units)),
        weights + units if has_bias(layer, settings) else weights,
        product(*steps, size, units),
        reaches=None,
    )


def elementwise(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    return Counted(shape)


BATCH_NORM = {"textbook": 2, "pytorch": 2, "keras": 4}
"""The numbers a channel: Keras counts the running mean and variance too."""


def norm(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """A scale and a shift: for each channel, or in a layer norm for each entry of one example."""
    each = BATCH_NORM[settings.convention] if layer.kind == "batchnorm" else 2
    normed = shape.sizes[-1] if shape.channels is None else shape.channels
    if layer.kind == "layernorm" and shape.channels is not None:
        normed = entry_count(shape)
    return Counted(shape, Mul((as_number(each), normed)))


FAMILIES: Mapping[str, Count] = {
    "conv": convolution,
    "transposed-conv": convolution,
    "pool": pooling,
    "global": global_pooling,
    "adaptive": adaptive_pooling,
    "flatten": flattened,
    "fc": fully_connected,
    "embedding": embedding,
    "recurrent": recurrent,
    "attention": attention,
    "norm": norm,
    "elementwise": elementwise,
}

USUAL = {"stride": "1", "padding": "0", "dilation": "1", "groups": "1"}


def arguments(layer: Layer) -> str:
    """What stands after the layer's word, without what goes without saying: 12 k17 s2."""
    kind = KINDS[layer.kind]
    letters = {option: letter for letter, option in LETTERS.items()}
    shown: list[str] = []
    for option, sizes in layer.options.items():
        text = "x".join(one_line(size) for size in sizes.sizes)
        if kind.family == "conv" and text == USUAL.get(option):
            continue
        if option in kind.sizes:
            shown.insert(kind.sizes.index(option), text)
        elif option in letters:
            shown.append(letters[option] + (text if text.isalnum() or "x" in text else f"({text})"))
        else:
            shown.append(f"{option}={text}")
    return " ".join([*shown, *layer.words])
