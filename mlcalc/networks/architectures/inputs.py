"""What a layer reads off its input: the letters of its lines, and the windows that it moves.

A function for each way of reading; each raises `Invalid` where the shape does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import gcd

from mlcalc.files.errors import Invalid
from mlcalc.files.fields import as_number, whole
from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Mul, Shape, spread
from mlcalc.networks.architectures.nodes import Layer
from mlcalc.networks.convolution.sizes import (
    ONE,
    ZERO,
    divisor,
    entry_count,
    in_words,
    nearest_divisor,
    settled,
)
from mlcalc.networks.convolution.windows import (
    Margin,
    TransposedWindow,
    Window,
    as_keras,
    same_padding,
)

Reach = tuple[Fraction, Fraction]
"""Along one axis: over how many entries a window reaches, and how far apart windows begin."""


class Taken(Record):
    """The letters of the lines; windows and reaches as in `Counted`."""

    names: Mapping[str, Fill]
    windows: tuple[Window, ...] = ()
    reaches: tuple[Reach, ...] | None = None


Takes = Callable[[Layer, str, Shape], Taken]


def refused(layer: Layer, message: str) -> Invalid:
    return Invalid.at(message, layer.place)


# Maps, over which a window moves.


def convolution(
    wanted: int, layer: Layer, name: str, shape: Shape, window: type[Window] = Window
) -> Taken:
    channels, axes = maps(layer, name, shape, wanted)
    filters, groups = layer.options["channels"].sizes[0], layer.size("groups") or ONE
    check_groups(layer, name, channels, filters, groups)
    moved = windows(layer, name, axes, window)
    names: dict[str, Fill] = {
        "C": channels, "F": filters, "K": [w.kernel for w in moved], "G": divisor(groups),
        "N": outputs(moved), "X": axes,
    }  # fmt: skip
    return Taken(names, moved, reaches(moved))


def depthwise(layer: Layer, name: str, shape: Shape) -> Taken:
    """M windows for each of C channels; E channels then, or F behind windows of 1 over them."""
    channels, axes = maps(layer, name, shape)
    many = divisor(layer.size("multiplier") or ONE)
    every = channels if many is None else line("M*C", M=many, C=channels)
    moved = windows(layer, name, axes)
    names: dict[str, Fill] = {
        "C": channels, "F": layer.size("channels"), "K": [w.kernel for w in moved], "M": many,
        "E": settled(every),
        "N": outputs(moved), "X": axes,
    }  # fmt: skip
    return Taken(names, moved, reaches(moved))


def padding(layer: Layer, name: str, shape: Shape) -> Taken:
    """One number for all ends, one an axis, or those before and after each axis."""
    _, axes = maps(layer, name, shape)
    ends = layer.options["padding"].sizes
    if len(ends) != 2 * len(axes):
        ends = tuple(n for n in per_axis(layer, name, "padding", len(axes), ZERO) for _ in "12")
    moved = tuple(
        Margin(size, ONE, before=before, after=after)
        for size, before, after in zip(axes, ends[::2], ends[1::2], strict=True)
    )
    return Taken({"C": shape.channels, "N": outputs(moved)}, moved, reaches(moved))


def upsampling(layer: Layer, name: str, shape: Shape) -> Taken:
    """Each entry several times, or what lies between two neighbours."""
    _, axes = maps(layer, name, shape)
    if "size" in layer.options:
        sizes = per_axis(layer, name, "size", len(axes), ONE)
        return Taken({"C": shape.channels, "N": sizes})
    if "scale" not in layer.options:
        raise refused(layer, f"{name} needs how many times larger: write upsample 2")
    scales = per_axis(layer, name, "scale", len(axes), ONE)
    sizes = tuple(settled(line("s*n", s=s, n=n)) for s, n in zip(scales, axes, strict=True))
    seen = Fraction(2 if "bilinear" in layer.words else 1)
    known = [exact(scale) for scale in scales]
    steps = None if None in known else tuple((seen, 1 / scale) for scale in known if scale)
    return Taken({"C": shape.channels, "N": sizes}, (), steps)


def reshaped(layer: Layer, name: str, shape: Shape) -> Taken:
    """The same entries in another shape; Keras writes the channels last."""
    sizes = layer.options["size"].sizes
    channels: Expr | None = None
    if len(sizes) > 2:
        *sizes_before, last = sizes
        first, *sizes_after = sizes
        is_last = layer.convention == "keras"
        channels, sizes = (last, tuple(sizes_before)) if is_last else (first, tuple(sizes_after))
    own, wanted = entry_count(shape), entry_count(Shape(sizes, channels))
    if exact(own) is not None and exact(wanted) is not None and exact(own) != exact(wanted):
        message = f"{name} makes {one_line(wanted)} entries, and its input {in_words(shape)} has "
        raise refused(layer, f"{message}{one_line(own)}")
    return Taken({"C": channels, "N": sizes})


def pooling(layer: Layer, name: str, shape: Shape) -> Taken:
    channels, axes = maps(layer, name, shape)
    moved = windows(layer, name, axes, is_tiled=True)
    kept = None if shape.channels is None else channels
    return Taken({"C": kept, "N": outputs(moved)}, moved, reaches(moved))


def adaptive_pooling(layer: Layer, name: str, shape: Shape) -> Taken:
    _, axes = maps(layer, name, shape)
    sizes = per_axis(layer, name, "size", len(axes), ONE)
    return Taken({"C": shape.channels, "N": sizes}, reaches=() if sizes == axes else None)


def global_pooling(layer: Layer, name: str, shape: Shape) -> Taken:
    """The mean of each map; of each entry of a sequence's vectors."""
    if shape.channels is not None:
        return Taken({"d": shape.channels})
    if len(shape.sizes) == 2:
        return Taken({"d": shape.sizes[1]})
    message = f"{name} averages maps, and its input is {in_words(shape)}: leave it out"
    raise refused(layer, message)


def unchanged(layer: Layer, name: str, shape: Shape) -> Taken:
    """A channel is one of the maps or an entry of a vector; d are all entries of one example."""
    last = shape.sizes[-1]
    is_flat = shape.channels is None
    return Taken(
        {"C": shape.channels or last, "d": last if is_flat else entry_count(shape)}, (), ()
    )


def sloped(layer: Layer, name: str, shape: Shape) -> Taken:
    """P slopes that are learned: one, or one a channel."""
    taken = unchanged(layer, name, shape)
    slopes, channels = layer.size("slopes") or ONE, taken.names["C"]
    assert isinstance(channels, Expr)
    known = exact(channels)
    if known is not None and exact(slopes) not in (None, 1, known):
        message = f"{name} has {one_line(slopes)} slopes, and its input {in_words(shape)}: write 1 "
        raise refused(layer, f"{message}or {one_line(channels)}")
    entries = channels if "shared" in layer.words else taken.names["d"]
    return Taken({"C": channels, "d": entries, "P": slopes}, (), ())


def flattened(layer: Layer, name: str, shape: Shape) -> Taken:
    return Taken({"d": entry_count(shape)})


# Vectors and sequences.


def fully_connected(layer: Layer, name: str, shape: Shape) -> Taken:
    """A weight for each pair of an input and an output; over a sequence, the same at each step."""
    if shape.channels is not None or len(shape.sizes) > 2:
        entries = entry_count(shape)
        if layer.call:
            message = f"{name} takes a vector, and its input is {in_words(shape)}: write flatten "
            raise refused(layer, f"{message}before it, which gives {one_line(entries)}")
        shape = Shape((entries,))  # What is connected fully to maps reads all of their numbers.
    *steps, size = shape.sizes
    return Taken({"n": steps, "d": spread(Mul, size), "h": layer.options["units"].sizes[0]})


def embedding(layer: Layer, name: str, shape: Shape) -> Taken:
    """A row of a matrix for each word: looked up, not multiplied."""
    if shape.channels is not None or len(shape.sizes) != 1:
        message = f"{name} takes the numbers of some words, and its input is {in_words(shape)}: "
        raise refused(layer, f"{message}begin with how many words, as in 20, embedding 9 4")
    words, units = (layer.options[option].sizes[0] for option in ("words", "units"))
    return Taken({"n": shape.sizes, "w": words, "h": units})


def sequence(layer: Layer, name: str, shape: Shape) -> tuple[Expr, Expr]:
    """The steps and the size of each; maps over one axis are a sequence of their channels."""
    if shape.channels is not None and len(shape.sizes) == 1:
        return shape.sizes[0], shape.channels
    if shape.channels is None and len(shape.sizes) == 2:
        return shape.sizes[0], shape.sizes[1]
    message = f"{name} takes a sequence such as 10x512, and its input is {in_words(shape)}"
    raise refused(layer, f"{message}: give steps × entries")


def recurrent(layer: Layer, name: str, shape: Shape) -> Taken:
    """H units are given on at each step, those of both ways where the layer is bidirectional.

    A vector is one step.
    """
    is_step = shape.channels is None and len(shape.sizes) == 1
    steps, size = (ONE, shape.sizes[0]) if is_step else sequence(layer, name, shape)
    units, ways = layer.options["units"].sizes[0], 2 if "bidirectional" in layer.words else None
    both = line("ways*h", ways=ways, h=units)
    value = exact(both)
    names: dict[str, Fill] = {
        "d": size, "h": units, "ways": ways, "H": both if value is None else value,
        "T": steps, "n": None if is_step or "last" in layer.words else steps,
    }  # fmt: skip
    return Taken(names)


def attention(layer: Layer, name: str, shape: Shape) -> Taken:
    """Queries, keys, values and output: four d×d matrices, however many heads share them.

    Multiplied are those, the scores and the weighted values (Vaswani et al. 2017).
    """
    steps, size = sequence(layer, name, shape)
    heads, entries = whole(layer.size("heads") or ONE), whole(size)
    if heads is not None and entries is not None and entries % heads:
        message = f"{name}: {heads} heads do not divide the {entries} entries of a step"
        raise refused(layer, f"{message}: {nearest_divisor(entries, heads)} fits")
    return Taken({"n": steps, "d": size})


# The windows.


def maps(layer: Layer, name: str, shape: Shape, wanted: int = 0) -> tuple[Expr, tuple[Expr, ...]]:
    """The channels and the axes over which a window moves, `wanted` of them where that is fixed."""
    channels, axes = shape.channels, shape.sizes
    if wanted == 1 and channels is None and len(axes) <= 2:
        channels, axes = (axes[1], axes[:1]) if len(axes) == 2 else (ONE, axes)
    if channels is None:
        if len(axes) == 1:
            what = f"{name} moves a window over maps, and its input is {in_words(shape)}"
            raise refused(layer, f"{what}: put it before flatten, or begin with 3@32x32")
        channels = ONE
    if wanted and len(axes) != wanted:
        over = "one axis" if wanted == 1 else f"{wanted} axes"
        message = f"{name}: {layer.kind} moves over {over}, and its input {in_words(shape)} has "
        raise refused(layer, f"{message}{len(axes)}: write conv, which takes any")
    return channels, axes


def check_groups(layer: Layer, name: str, channels: Expr, filters: Expr, groups: Expr) -> None:
    group, inside, outside = whole(groups), whole(channels), whole(filters)
    for count, what in ((inside, "channels of its input"), (outside, "filters")):
        if group is not None and count is not None and count % group:
            near = nearest_divisor(gcd(inside or count, outside or count), group)
            message = f"{name}: {group} groups do not divide the {count} {what}"
            raise refused(layer, f"{message}: g{near} fits")


def per_axis(layer: Layer, name: str, option: str, count: int, default: Expr) -> tuple[Expr, ...]:
    found = layer.options.get(option)
    sizes = (default,) if found is None else found.sizes
    if len(sizes) == 1:
        return sizes * count
    if len(sizes) != count:
        message = f"{name}: its {option} has {len(sizes)} sizes, and its input {count}"
        raise refused(layer, f"{message}: give one for all axes, or {count}")
    return sizes


def windows(
    layer: Layer,
    name: str,
    axes: tuple[Expr, ...],
    kind: type[Window] = Window,
    is_tiled: bool = False,
) -> tuple[Window, ...]:
    """The window along each axis, checked to fit; the kernel is the stride where it tiles."""
    count = len(axes)
    kernel = per_axis(layer, name, "kernel", count, ONE)
    strides = kernel
    if not is_tiled or "stride" in layer.options:
        strides = per_axis(layer, name, "stride", count, ONE)
    padding = per_axis(layer, name, "padding", count, ZERO)
    dilation = per_axis(layer, name, "dilation", count, ONE)
    also: list[dict[str, Expr]] = [{}] * count
    if kind is TransposedWindow:
        extra = per_axis(layer, name, "output-padding", count, ZERO)
        also = [{"output_padding": one} for one in extra]
    sizes = zip(axes, kernel, strides, padding, dilation, also, strict=True)
    make: Callable[..., Window] = kind
    found = [make(n, k, s, p, p, d, "ceil" in layer.words, **more) for n, k, s, p, d, more in sizes]
    is_same = "same" in layer.words
    if kind is TransposedWindow and (is_same or layer.convention == "keras"):
        found = [padded_as_keras(window, is_same, layer, name) for window in found]
    elif is_same:
        found = [padded_to_same(window, layer, name) for window in found]
    for number, window in enumerate(found):
        if not number or window != found[0]:
            check_fit(window, layer, name)
    return tuple(found)


def outputs(moved: tuple[Window, ...]) -> tuple[Expr, ...]:
    """The output size along each axis; axes are mostly alike, and then it is found once."""
    first = moved[0].output
    return tuple(first if window == moved[0] else window.output for window in moved)


def padded_as_keras(window: Window, is_same: bool, layer: Layer, name: str) -> Window:
    """The stamps of Keras's transposed convolution."""
    assert isinstance(window, TransposedWindow)
    found = as_keras(window, is_same, "output-padding" in layer.options)
    if found is None:
        message = f"{name}: Keras's padding needs numbers for its kernel and stride"
        raise refused(layer, f"{message}: write transposed-conv with a padding, such as p1")
    return found


def padded_to_same(window: Window, layer: Layer, name: str) -> Window:
    """The window with the padding of TensorFlow's `same`."""
    if "padding" in layer.options:
        message = f"{name}: same and padding={one_line(layer.options['padding'])} are two paddings"
        raise refused(layer, f"{message}: give one")
    sizes = [whole(s) for s in (window.size, window.kernel, window.stride, window.dilation)]
    size, kernel, stride, dilation = sizes
    if kernel is None or stride is None or dilation is None or (size is None and stride != 1):
        message = f"{name}: same needs numbers for its kernel and stride"
        raise refused(layer, f"{message}: give the padding, such as p1")
    # With stride 1 the padding does not depend on the size.
    sides = same_padding(size or kernel * dilation, kernel, stride, dilation)
    before, after = map(as_number, sides)
    return replace(window, before=before, after=after, ceil_mode=False)


def check_fit(window: Window, layer: Layer, name: str) -> None:
    """Refuses a window that has no place to stand."""
    if isinstance(window, TransposedWindow):
        size = exact(window.output)
        if size is not None and size < 1:
            message = f"{name} cuts {one_line(window.before)} off each end and leaves nothing"
            raise refused(layer, f"{message}: write a smaller padding")
    elif message := window.misfit(f"{name}: its kernel", "its padded input of"):
        raise refused(layer, message)


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
