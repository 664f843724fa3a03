"""What a layer makes of its input, and what that costs."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.architectures.nodes import Layer
from mlcalc.architectures.shapes import ZERO
from mlcalc.convolution.windows import (
    Window,
)
from mlcalc.maths.tree import Expr, Shape
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


def has_bias(layer: Layer, settings: Settings) -> bool:
    return settings.bias and "nobias" not in layer.words
