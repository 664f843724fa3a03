"""What goes wrong with the sizes and values of convolution and pooling."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod

from mlcalc.derivation import Result
from mlcalc.misconceptions.case import Case, Misconception, Results, sizes_of

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


def axes_of(case: Case) -> list[Fraction]:
    """The sizes of the output along the axes that the window moves over."""
    own = sizes(case)
    return own[1:] if len(own) > 2 or has_channels(case) else own


def has_channels(case: Case) -> bool:
    return "@" in case.text("input") or case.raw("filters") is not None


def once_padded(case: Case) -> Results:
    """P where 2P is right, as if the padding stood on one side."""
    padding = case.given_number("padding")
    axes = axes_of(case)
    if not padding or not axes:
        return {}
    return case.only(SIZES, case.again(padding=[["0", str(padding)]] * len(axes)))


def without(field: str, value: str, names: str) -> Callable[[Case], Results]:
    """The answers where a given has been overlooked."""

    def wrong(case: Case) -> Results:
        return {} if case.raw(field) is None else case.only(names, case.again(**{field: value}))

    return wrong


def one_too_small(case: Case) -> Results:
    axes = axes_of(case)
    return shaped(case, [size - 1 for size in axes]) if axes else {}


def rounded_up(case: Case) -> Results:
    if case.text("ceil_mode") in ("true", "yes", "1"):
        return case.only(SIZES, case.again(ceil_mode="false"))
    return case.only(SIZES, case.again(ceil_mode="true"))


def channels_kept(case: Case) -> Results:
    """The channels of the input in the output."""
    before, own = case.text("input").partition("@")[0], sizes(case)
    if case.raw("filters") is None or not before.isdigit() or len(own) < 2:
        return {}
    return {"shape": (Fraction(before), *own[1:])}


def channels_forgotten(case: Case) -> Results:
    """Filters of one layer, whatever the channels of the input."""
    channels, filters, count = counts(case)
    if count is None or channels is None or filters is None:
        return {}
    biases = bias_count(case, filters)
    return {"parameters": (count - biases) / channels + biases}


def filters_forgotten(case: Case) -> Results:
    """The parameters of one filter."""
    _, filters, count = counts(case)
    return {} if count is None or filters is None else {"parameters": count / filters}


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
    before = case.text("input").partition("@")[0]
    count = case.number("parameters")
    return (
        Fraction(before) if "@" in case.text("input") and before.isdigit() else None,
        case.given_number("filters"),
        count if isinstance(count, Fraction) else None,
    )


def bias_count(case: Case, filters: Fraction) -> Fraction:
    return Fraction(0) if case.text("bias") in ("false", "no", "0") else filters


def kernel_turned(case: Case) -> Results:
    """Mathematics' convolution, or the cross-correlation where that is asked for."""
    if case.raw("weights") is None:
        return {}
    other = "false" if case.text("flip") in ("true", "yes", "1") else "true"
    return case.only(VALUES, case.again(flip=other))


def other_cell(case: Case) -> Results:
    """Row and column exchanged."""
    output, cell = case.value("output"), case.text("at")
    parts = [part.strip() for part in cell.split(",")]
    if not isinstance(output, tuple) or len(parts) != 2 or not all(p.isdigit() for p in parts):
        return {}
    row, column = (int(part) - 1 for part in parts)
    return {"value": entry(entry(output, column), row)}


def entry(value: Result, place: int) -> Result:
    if not isinstance(value, tuple) or not 0 <= place < len(value):
        return Fraction(0)
    return value[place]


MISCONCEPTIONS = (
    Misconception(
        "conv.padding_one_side",
        "the padding stands on both sides, so each axis grows by 2P and not by P",
        once_padded,
    ),
    Misconception(
        "conv.padding_forgotten",
        "the padding has been left out",
        without("padding", "0", f"{SIZES} {VALUES}"),
    ),
    Misconception(
        "conv.stride_forgotten",
        "the window moves by more than one step at a time",
        without("stride", "1", f"{SIZES} {VALUES}"),
    ),
    Misconception(
        "conv.dilation_forgotten",
        "the entries of a dilated kernel are further apart, so it reaches further",
        without("dilation", "1", f"{SIZES} {VALUES}"),
    ),
    Misconception(
        "conv.plus_one_forgotten",
        "the first position counts too: one is added after the division",
        one_too_small,
    ),
    Misconception(
        "conv.ceiling_for_floor",
        "a step that does not fit is rounded the other way",
        rounded_up,
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
        "conv.filters_forgotten", "these are the parameters of one filter", filters_forgotten
    ),
    Misconception(
        "conv.true_convolution",
        "this turns the kernel by 180° where it should stay, or leaves it where it should turn; "
        "networks compute the cross-correlation",
        kernel_turned,
    ),
    Misconception("conv.row_and_column", "the row comes before the column", other_cell),
)
