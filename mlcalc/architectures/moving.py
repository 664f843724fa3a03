"""The windows that a layer moves over its input: their sizes, strides, paddings, and what fits."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.architectures.counted import Reach
from mlcalc.architectures.kinds import KINDS
from mlcalc.architectures.nodes import Layer
from mlcalc.architectures.shapes import ZERO, in_words
from mlcalc.convolution.windows import (
    ONE,
    TransposedWindow,
    Window,
    same_padding,
)
from mlcalc.errors import Invalid
from mlcalc.fields import as_number, whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Shape


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
    message = window.misfit(f"{name}: its kernel", "its padded input of")
    if message:
        raise Invalid.at(message, layer.place)


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
