"""What goes wrong with the sizes and values of convolution and pooling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod

from mlcalc.marking.misconceptions.case import (
    Case,
    Misconception,
    Results,
    present,
    scaled,
    sizes_of,
)
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Shape
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.sizes import ONE, ZERO
from mlcalc.networks.convolution.tensors import Padding
from mlcalc.showing.derivation import Result

SIZES = "shape activations"
VALUES = "output value"


def sizes(case: Case) -> list[Fraction]:
    """The sizes of the output, channels first."""
    return sizes_of(case.value("shape"))


def shaped(case: Case, axes: list[Fraction]) -> Results:
    """A shape with other axes, the channels as they are."""
    own = sizes(case)
    if len(own) < len(axes) or any(size < 1 for size in axes):
        return {}
    channels = own[: len(own) - len(axes)]
    return {"shape": (*channels, *axes)}


def layer(case: Case) -> Layer | None:
    """The layer; None where the question is the inverse one."""
    given = question(case)
    return Layer(given) if given.output_shape is None and given.solve_for is None else None


def question(case: Case) -> LayerQuestion:
    assert isinstance(case.given, LayerQuestion)
    return case.given


def axes_of(case: Case) -> list[Fraction]:
    """The sizes of the output along the axes that the window moves over."""
    own, found = sizes(case), layer(case)
    return [] if found is None else own[len(own) - found.dimensions :]


def once_padded(case: Case) -> Results:
    """P where 2P is right, as if the padding stood on one side."""
    padding = question(case).padding
    if padding.is_same or all(exact(side) == 0 for pair in padding.sides for side in pair):
        return {}
    once = tuple((ZERO, after) for _, after in padding.sides)
    return case.only(SIZES, case.again(padding=Padding(once, is_even=padding.is_even)))


def without(field: str, names: str) -> Callable[[Case], Results]:
    """The answers where a given has been overlooked."""

    def wrong(case: Case) -> Results:
        return case.only(names, case.again(**{field: None})) if case.is_given(field) else {}

    return wrong


def stride_forgotten(case: Case) -> Results:
    """A step of one, also where the kernel's size is the step of pooling."""
    return case.only(f"{SIZES} {VALUES}", case.again(stride=Shape((ONE,))))


def one_too_small(case: Case) -> Results:
    axes = axes_of(case)
    return shaped(case, [size - 1 for size in axes]) if axes else {}


def rounded_up(case: Case) -> Results:
    return case.only(SIZES, case.again(ceil_mode=not question(case).ceil_mode))


def channels_kept(case: Case) -> Results:
    """The channels of the input in the output."""
    channels, filters, _ = counts(case)
    own = sizes(case)
    if filters is None or channels is None or len(own) < 2:
        return {}
    return {"shape": (channels, *own[1:])}


def channels_forgotten(case: Case) -> Sequence[Results]:
    """Filters of one layer, whatever the channels of the input; also without their biases."""
    channels, filters, count = counts(case)
    if count is None or channels is None or filters is None:
        return ()
    biases = bias_count(case, filters)
    alone = (count - biases) / channels
    products = scaled(case.value("multiplications"), 1 / channels)
    return (present(parameters=alone + biases, multiplications=products), {"parameters": alone})


def filters_forgotten(case: Case) -> Sequence[Results]:
    """What one filter has; also without its bias."""
    _, filters, count = counts(case)
    if count is None or filters is None:
        return ()
    names = ("parameters", "multiplications", "activations")
    one = {name: scaled(case.value(name), 1 / filters) for name in names}
    return (present(**one), {"parameters": (count - bias_count(case, filters)) / filters})


def bias_forgotten(case: Case) -> Results:
    _, filters, count = counts(case)
    if count is None or filters is None:
        return {}
    return {"parameters": count - bias_count(case, filters)}


def bias_at_each_pixel(case: Case) -> Results:
    """A bias for each entry of the output, where a filter has one."""
    _, filters, count = counts(case)
    axes = axes_of(case)
    if count is None or filters is None or not bias_count(case, filters) or not axes:
        return {}
    return {"parameters": count - filters + filters * prod(axes)}


def counts(case: Case) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """The channels, the filters, and how many parameters there are, where they are numbers."""
    found, count = layer(case), case.number("parameters")
    if found is None:
        return None, None, None
    channels, filters = found.channels, found.filters
    return (
        None if channels is None else exact(channels),
        None if filters is None else exact(filters),
        count if isinstance(count, Fraction) else None,
    )


def bias_count(case: Case, filters: Fraction) -> Fraction:
    found = layer(case)
    return filters if found is not None and found.has_bias else Fraction(0)


def kernel_turned(case: Case) -> Results:
    """Mathematics' convolution, or the cross-correlation where that is asked for."""
    if not case.is_given("weights"):
        return {}
    return case.only(VALUES, case.again(flip=not question(case).flip))


def other_cell(case: Case) -> Results:
    """Row and column exchanged."""
    output, cell = case.value("output"), question(case).at
    if not isinstance(output, tuple) or not isinstance(cell, tuple) or len(cell) != 2:
        return {}
    row, column = (int(number) - 1 for number in cell)
    found = entry(entry(output, column), row)
    return {} if found is None else {"value": found}


def entry(value: Result | None, place: int) -> Result | None:
    """A part of a matrix; None where it has no such place."""
    return value[place] if isinstance(value, tuple) and place < len(value) else None


MISCONCEPTIONS = (
    Misconception(
        "conv.padding_one_side",
        "the padding stands on both sides, so each axis grows by 2P and not by P",
        once_padded,
    ),
    Misconception(
        "conv.padding_forgotten",
        "the padding has been left out",
        without("padding", f"{SIZES} {VALUES}"),
    ),
    Misconception(
        "conv.stride_forgotten",
        "the window moves by more than one step at a time",
        stride_forgotten,
    ),
    Misconception(
        "conv.dilation_forgotten",
        "the entries of a dilated kernel are further apart, so it reaches further",
        without("dilation", f"{SIZES} {VALUES}"),
    ),
    Misconception(
        "conv.plus_one_forgotten",
        "the first position counts too: one is added after the division",
        one_too_small,
    ),
    Misconception(
        "conv.ceiling_for_floor", "a step that does not fit is rounded the other way", rounded_up
    ),
    Misconception(
        "conv.channels_kept",
        "each filter makes one channel of the output, whatever the input has",
        channels_kept,
    ),
    Misconception("conv.bias_forgotten", "each filter has a bias too", bias_forgotten),
    Misconception(
        "conv.bias_per_pixel",
        "a filter has one bias, which all positions share",
        bias_at_each_pixel,
    ),
    Misconception(
        "conv.channels_forgotten",
        "a filter has weights for every channel of the input",
        channels_forgotten,
    ),
    Misconception(
        "conv.filters_forgotten",
        "this is what one filter has, and there are more of them",
        filters_forgotten,
    ),
    Misconception(
        "conv.true_convolution",
        "this turns the kernel by 180° where it should stay, or leaves it where it should turn; "
        "networks compute the cross-correlation",
        kernel_turned,
    ),
    Misconception("conv.row_and_column", "the row comes before the column", other_cell),
)
