"""What each sort of layer makes of a shape, how many parameters it has, and how often it
multiplies; one function a sort.

A parameter count keeps its formula, 3·12·17·17 + 12.  Multiplications are those by weights, and
those of attention's products; pooling, norms and activations count none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import gcd

from mlcalc.architectures.kinds import KINDS, LETTERS
from mlcalc.architectures.nodes import Layer
from mlcalc.architectures.shapes import ZERO, entry_count, in_words, product, vector
from mlcalc.convolution.windows import (
    ONE,
    TransposedWindow,
    Window,
    multiplication_count,
    parameter_count,
    same_padding,
)
from mlcalc.errors import Invalid
from mlcalc.fields import as_number, whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Add, Expr, Mul, Shape
from mlcalc.records import Record

Reach = tuple[Fraction, Fraction]
"""Along one axis: over how many entries a window reaches, and how far apart windows begin."""


class Settings(Record):
    """What is counted: biases or not, and whose recurrent layers and norms."""

    bias: bool = True
    convention: str = "textbook"


class Counted(Record):
    """A layer at work: its output and its costs; `windows` say how the sizes come about.

    `reaches` are None where a layer reads its whole input, and empty where it reads entry by entry.
    """

    shape: Shape
    parameters: Expr = ZERO
    multiplications: Expr = ZERO
    windows: tuple[Window, ...] = ()
    reaches: tuple[Reach, ...] | None = ()


Count = Callable[[Layer, str, Shape, Settings], Counted]


def counted(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """The layer over an input of that shape; `name` is what messages call it.

    Raises `Invalid` where the shape does not fit.
    """
    return FAMILIES[KINDS[layer.kind].family](layer, name, shape, settings)


def has_bias(layer: Layer, settings: Settings) -> bool:
    return settings.bias and "nobias" not in layer.words


# Windows.


def maps(layer: Layer, name: str, shape: Shape) -> tuple[Expr, tuple[Expr, ...]]:
    """The channels and the axes over which a window moves."""
    channels, axes = shape.channels, shape.sizes
    if layer.kind == "conv1d" and channels is None and len(axes) <= 2:
        channels, axes = (axes[1], axes[:1]) if len(axes) == 2 else (ONE, axes)
    if channels is None:
        if len(axes) == 1:
            what = f"{name} moves a window over maps, and its input is {in_words(shape)}"
            raise Invalid.at(f"{what}: put it before flatten, or begin with 3@32x32", layer.place)
        channels = ONE
    wanted = {"conv1d": 1, "conv2d": 2, "conv3d": 3}.get(layer.kind, len(axes))
    if len(axes) != wanted:
        what = f"{layer.kind} moves over {axes_in_words(wanted)}"
        raise Invalid.at(
            f"{name}: {what}, and its input {in_words(shape)} has {len(axes)}: write conv, which "
            "takes any",
            layer.place,
        )
    return channels, axes


def axes_in_words(count: int) -> str:
    return "one axis" if count == 1 else f"{count} axes"


def per_axis(layer: Layer, name: str, option: str, count: int, default: Expr) -> tuple[Expr, ...]:
    found = layer.options.get(option)
    sizes = (default,) if found is None else found.sizes
    if len(sizes) == 1:
        return sizes * count
    if len(sizes) != count:
        message = f"{name}: its {option} has {len(sizes)} sizes, and its input {count}"
        raise Invalid.at(f"{message}: give one for all axes, or {count}", layer.place)
    return sizes


def windows(layer: Layer, name: str, axes: tuple[Expr, ...]) -> tuple[Window, ...]:
    """The window along each axis, checked to fit."""
    count = len(axes)
    is_pool = KINDS[layer.kind].family == "pool"
    kernel = per_axis(layer, name, "kernel", count, ONE)
    strides = [
        per_axis(layer, name, "stride", count, ONE)
        if not is_pool or "stride" in layer.options
        else kernel
    ][0]
    padding = per_axis(layer, name, "padding", count, ZERO)
    dilation = per_axis(layer, name, "dilation", count, ONE)
    extra = per_axis(layer, name, "output-padding", count, ZERO)
    if layer.kind == "transposed-conv":
        found: list[Window] = [
            TransposedWindow(n, k, s, p, p, d, output_padding=o)
            for n, k, s, p, d, o in zip(
                axes, kernel, strides, padding, dilation, extra, strict=True
            )
        ]
    else:
        found = [
            Window(n, k, s, p, p, d, "ceil" in layer.words)
            for n, k, s, p, d in zip(axes, kernel, strides, padding, dilation, strict=True)
        ]
    if "same" in layer.words:
        found = [padded_to_same(window, layer, name) for window in found]
    for number, window in enumerate(found):
        if not number or window != found[0]:
            check_fit(window, layer, name)
    return tuple(found)


def outputs(moved: tuple[Window, ...]) -> tuple[Expr, ...]:
    """The output size along each axis; axes are mostly alike, and then it is found once."""
    first = moved[0].output
    return tuple(first if window == moved[0] else window.output for window in moved)


def padded_to_same(window: Window, layer: Layer, name: str) -> Window:
    """The window with the padding of TensorFlow's `same`."""
    if "padding" in layer.options:
        message = f"{name}: same and padding={one_line(layer.options['padding'])} are two paddings"
        raise Invalid.at(f"{message}: give one", layer.place)
    sizes = [whole(s) for s in (window.size, window.kernel, window.stride, window.dilation)]
    size, kernel, stride, dilation = sizes
    if kernel is None or stride is None or dilation is None or (size is None and stride != 1):
        message = f"{name}: same needs numbers for its kernel and stride"
        raise Invalid.at(f"{message}: give the padding, such as p1", layer.place)
    # With stride 1 the padding does not depend on the size.
    before, after = same_padding(size or kernel * dilation, kernel, stride, dilation)
    return Window(
        window.size, window.kernel, window.stride, as_number(before), as_number(after),
        window.dilation,
    )  # fmt: skip


def check_fit(window: Window, layer: Layer, name: str) -> None:
    """Refuses a window that has no place to stand."""
    if isinstance(window, TransposedWindow):
        size = exact(window.output)
        if size is not None and size < 1:
            message = f"{name} cuts {one_line(window.before)} off each end and leaves nothing"
            raise Invalid.at(f"{message}: write a smaller padding", layer.place)
        return
    room = sum(window.padding, window.size)
    reach, padded = whole(window.reach), whole(room)
    length, dilation = whole(window.size), whole(window.dilation)
    if reach is None or padded is None or reach <= padded or length is None or dilation is None:
        return
    spread = " with its dilation" if dilation > 1 else ""
    raise Invalid.at(
        f"{name}: its kernel of {reach}{spread} is larger than its padded input of {padded}: "
        f"a kernel up to {(padded - 1) // dilation + 1} or a padding from "
        f"{-((length - reach) // 2)} fits",
        layer.place,
    )


def reaches(found: tuple[Window, ...]) -> tuple[Reach, ...] | None:
    known = [
        (reach, stride)
        for window in found
        if (reach := exact(window.reach)) is not None
        and (stride := exact(window.stride)) is not None
    ]
    if len(known) != len(found):
        return None
    if isinstance(found[0], TransposedWindow):
        # Each entry of the output is reached from ⌈K/S⌉ of the input.
        return tuple((Fraction(-(-reach // stride)), 1 / stride) for reach, stride in known)
    return tuple(known)


def convolution(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    channels, axes = maps(layer, name, shape)
    filters, groups = layer.options["channels"].sizes[0], layer.size("groups") or ONE
    check_groups(layer, name, channels, filters, groups)
    moved = windows(layer, name, axes)
    kernel = [window.kernel for window in moved]
    sizes = outputs(moved)
    # A transposed window is used once at each entry of its input.
    positions = axes if layer.kind == "transposed-conv" else sizes
    return Counted(
        Shape(sizes, filters),
        parameter_count(channels, filters, kernel, groups, has_bias(layer, settings)),
        multiplication_count(positions, channels, filters, kernel, groups),
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
            fitting = [n for n in range(1, common + 1) if common % n == 0]
            near = min(fitting, key=lambda n: (abs(n - group), n))
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


# Vectors and sequences.


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


def embedding(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """A row of a matrix for each word: looked up, not multiplied."""
    if shape.channels is not None or len(shape.sizes) != 1:
        message = f"{name} takes the numbers of some words, and its input is {in_words(shape)}"
        raise Invalid.at(f"{message}: begin with how many words, as in 20 > embedding", layer.place)
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


def recurrent(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """gates·(d·h + h·h + h); a second bias where PyTorch has one, or Keras in its GRU."""
    steps, size = sequence(layer, name, shape)
    units = layer.options["units"].sizes[0]
    gates, ways = as_number(GATES[layer.kind]), as_number(2)
    is_double = settings.convention == "pytorch" or (
        settings.convention == "keras" and layer.kind == "gru"
    )
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
        fitting = [n for n in range(1, whole_size + 1) if whole_size % n == 0]
        near = min(fitting, key=lambda n: (abs(n - heads), n))
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


# Entry by entry.


def elementwise(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    return Counted(shape)


def norm(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """A scale and a shift: for each channel, or in a layer norm for each entry of one example."""
    each = 4 if settings.convention == "keras" and layer.kind == "batchnorm" else 2
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
