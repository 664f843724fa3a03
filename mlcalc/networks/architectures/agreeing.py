"""What a layer says that it reads, as PyTorch's do, beside the shape that comes to it."""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.files.fields import whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Shape, Symbol
from mlcalc.networks.architectures.inputs import refused
from mlcalc.networks.architectures.layers import KINDS
from mlcalc.networks.architectures.nodes import Layer
from mlcalc.networks.convolution.sizes import ONE, entry_count, in_words, sizes_of

H, W, T = map(Symbol, "HWT")
"""The height and width of a picture and the steps of a sequence, where no input is given."""


def reading(layer: Layer) -> Shape | None:
    """What a layer says that it reads, with letters for the axes that it does not tell."""
    kind = KINDS[layer.kind]
    if layer.kind == "embedding":
        return Shape((T,))
    if layer.reads is None:
        return None
    if kind.axes == 1 and kind.reads == "entries":
        return Shape((T, layer.reads))
    if kind.axes or layer.kind in ("conv", "transposed-conv"):
        axes = {1: (T,), 3: (Symbol("D"), H, W)}.get(kind.axes, (H, W))
        return Shape(axes, layer.reads)
    return Shape((layer.reads,))


def arriving(layer: Layer, name: str, shape: Shape, is_listed: bool) -> Shape:
    """The shape that comes to a layer, which must be what it says that it reads.

    Where letters come, its word is taken; of layers that are listed only that is known.
    """
    kind, said = KINDS[layer.kind], layer.reads
    if is_listed:
        known = reading(layer)
        if known is None:
            message = f"{name} does not say what it reads, and how the parts are joined is not "
            raise refused(layer, f"{message}known: write the layers in their order instead")
        return known
    if said is None:
        return shape
    is_maps = shape.channels is not None
    if is_maps and kind.reads == "channels":
        own = shape.channels or ONE
    elif kind.reads == "channels" and len(shape.sizes) == kind.axes:
        own = ONE
    elif is_maps or len(shape.sizes) > 2:
        own = entry_count(shape)
    else:
        own = shape.sizes[-1]
    if exact(own) == exact(said):
        return shape
    if exact(own) is None and exact(said) is not None and not (is_maps and kind.reads == "entries"):
        if is_maps:
            return Shape(shape.sizes, said)
        return Shape((*shape.sizes[:-1], said))
    what = f"{layer.call} is written for {one_line(said)} {kind.reads}"
    if not layer.call:
        what = f"of its two sizes the first is what it reads, {one_line(said)}"
    message = f"{name}: {what}, and its input is {in_words(shape)}: write {one_line(own)} there"
    raise refused(layer, message)


def check_claim(layer: Layer, name: str, shape: Shape) -> None:
    """Raises `Invalid` where another shape is written beside the layer."""
    if layer.gives is None:
        return
    own, said = (sorted(whole(s) or 0 for s in sizes if whole(s) != 1)
                 for sizes in (sizes_of(shape), layer.gives.sizes))  # fmt: skip
    if own != said and 0 not in own:
        message = f"{name} gives {in_words(shape)}, and {one_line(layer.gives)} stands beside it"
        raise refused(layer, f"{message}: one of them is wrong")


def first_read(layers: Iterable[Layer]) -> Shape | None:
    """The input that the first layer with parameters tells; None where it does not."""
    is_flat = False
    for layer in layers:
        found = reading(layer)
        if found is not None:
            return Shape((layer.reads,)) if is_flat and layer.reads is not None else found
        if KINDS[layer.kind].parameters:
            return None
        is_flat = is_flat or KINDS[layer.kind].is_last
    return None
