"""The input of a network with its channels first, as its layers need it.

Over how many axes the layers move is read off the first that says so; without a word they move
over two, height and width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.architectures.kinds import KINDS
from mlcalc.architectures.nodes import Block, Layer, Node, Parallel, Residual
from mlcalc.derivation import Note
from mlcalc.errors import Place
from mlcalc.fields import Arranged, arranged
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Shape

AXES = {"conv1d": 1, "conv2d": 2, "conv3d": 3}
OF_SEQUENCES = ("recurrent", "attention", "embedding")
LAST = ("fc", "flatten", "global")
"""Families after which there are no axes to move over."""


def arranged_for(body: Sequence[Node], shape: Shape, place: Place) -> Arranged:
    """The input for the layers.  Raises `Invalid` where it has two readings that differ."""
    said = first_word(body)
    axes = 2 if said is None else said[1]
    found = arranged(shape, axes, place, is_sequence=axes == 1)
    sizes = found.shape.sizes
    if said is None or said[0].kind != "conv1d" or shape.channels is not None or len(sizes) != 2:
        return found
    # PyTorch writes the channels of a sequence first, so it is said what was taken.
    steps, features = map(one_line, sizes)
    text = f"{steps}×{features} is read as {steps} steps of {features} features ({features} "
    text += f"channels): {steps} channels are written {steps}@{features}"
    return Arranged(found.shape, (*found.notes, Note("shape.order", text)))


def first_word(body: Sequence[Node]) -> tuple[Layer, int] | None:
    """The first layer that says over how many axes it moves, and over how many."""
    for layer in leaves(body):
        family = KINDS[layer.kind].family
        if layer.kind in AXES:
            return layer, AXES[layer.kind]
        if family in OF_SEQUENCES:
            return layer, 1
        counts = [len(sizes.sizes) for sizes in layer.options.values()]
        if max(counts, default=1) > 1:
            return layer, max(counts)
        if family in LAST:
            return None
    return None


def leaves(body: Sequence[Node]) -> Iterator[Layer]:
    for node in body:
        match node:
            case Layer():
                yield node
            case Residual(inside, shortcut):
                yield from leaves((*inside, *shortcut))
            case Parallel(branches):
                for branch in branches:
                    yield from leaves(branch)
            case Block(_, inside):
                yield from leaves(inside)
