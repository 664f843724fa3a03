"""The output size of a layer and what it costs, step by step on the board."""

from __future__ import annotations

from mlcalc.convolution.costs import computed
from mlcalc.convolution.layer import AXIS_NAMES, Layer
from mlcalc.convolution.windows import (
    AFTER,
    BEFORE,
    DILATION,
    OUTPUT_PADDING,
    K,
    P,
    S,
    SameWindow,
)
from mlcalc.derivation import Block, Step
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    Add,
    Call,
    Chain,
    Div,
    Expr,
    Mul,
    Symbol,
    call,
    equals,
    unsigned,
)

Prose = list["str | Expr"]


def size_steps(layer: Layer) -> list[Step]:
    """The formula, then one step an axis; axes with the same numbers share one."""
    steps = [formula_step(layer)]
    done: dict[tuple[Expr, ...], int] = {}
    for axis, name in enumerate(layer.axes):
        numbers = layer.numbers(axis)
        key = tuple(numbers.values())
        if key in done:
            first = AXIS_NAMES[layer.axes[done[key]]]
            size = equals(Symbol(name, "out"), layer.windows[axis].output)
            rule = f"the {AXIS_NAMES[name]} has the same numbers as the {first}"
            steps.append(Step(rule, (size,)))
            continue
        done[key] = axis
        if layer.substituted(axis) != layer.formula(axis):
            steps.append(size_step(layer, axis))
    return steps


def formula_step(layer: Layer) -> Step:
    name = layer.axes[0]
    maths = equals(Symbol(name, "out"), layer.formula(0))
    return Step("write the output-size formula", (maths,), tuple(formula_note(layer)))


def formula_note(layer: Layer) -> Prose:
    """What moves, and what each letter of the formula means."""
    letters = layer.in_letters(layer.axes[0])
    ends: Prose = [P, " the padding on each side"]
    if letters.is_uneven:
        ends = [BEFORE, " and ", AFTER, " the padding at the two ends"]
    dilation: Prose = [", ", DILATION, " the dilation"] if letters.is_dilated else []
    if layer.operation == "pad":
        verb = " are " if letters.is_uneven else " is "
        return ["the padding adds to the size. ", *ends[:-1], verb, str(ends[-1]).lstrip()]
    if layer.given.padding.is_same:
        return [
            "there is one window for each step of ", S, " that begins in the input; the zeros it "
            "takes stand half before and half after it",
        ]  # fmt: skip
    if layer.is_transposed:
        extra: Prose = []
        if OUTPUT_PADDING in layer.formula(0).terms:  # type: ignore[attr-defined]  # a sum
            extra = [", ", OUTPUT_PADDING, " what is added at the end"]
        note: Prose = [
            "each entry stamps the kernel, ", S, " further on than the one before, and the "
            "padding is cut off. ", K, " is the kernel's size, ",
        ]  # fmt: skip
        return [*note, *ends, *dilation, *extra]
    rule = " each time and may not leave the padded input; a step that does not fit is rounded down"
    if layer.given.ceil_mode:
        rule = " each time, and the last one may hang over the edge: the steps are rounded up"
    return ["the window moves by ", S, f"{rule}. ", K, " is the kernel's size, ", *ends, *dilation]


def size_step(layer: Layer, axis: int) -> Step:
    name, formula, window = layer.axes[axis], layer.substituted(axis), layer.windows[axis]
    size, windows = window.output, exact(formula)
    out = Symbol(name, "out")
    if windows is None:
        rule = f"put in what is given for the {AXIS_NAMES[name]}"
        return Step(rule, (equals(out, *dict.fromkeys((formula, size))),))
    rule = f"put in the {AXIS_NAMES[name]}"
    if window.is_last_dropped:
        note = "the last of these windows would begin behind the input, so it is left out"
        first = Chain(formula, tuple(("=", stage) for stage in stages(formula)))
        return Step(rule, (first, equals(out, as_number(windows) - 1, size)), note)
    blocks: list[Block] = [equals(out, formula, *stages(formula))]
    if isinstance(window, SameWindow):
        blocks += zeros_needed(window, size)
    return Step(rule, tuple(blocks), uncovered(layer, axis))


def zeros_needed(window: SameWindow, size: Expr) -> list[Block]:
    """How much padding the windows need, and how it is shared out."""
    if exact(window.reach) is None:
        return []
    needed = (size - 1) * window.stride + window.reach - window.size
    total = as_number((exact(window.before) or 0) + (exact(window.after) or 0))
    both = equals(BEFORE + AFTER, call("max", needed, 0), total)
    return [both, equals(BEFORE, window.before), equals(AFTER, window.after)]


def stages(formula: Expr) -> list[Expr]:
    """⌊(4 + 2·1 − 2)/1⌋ + 1, then ⌊4/1⌋ + 1, then 4 + 1, then 5."""
    total = exact(formula)
    if total is None:
        return []
    match formula:
        case Add((Call(rounding, (Div(numerator, stride),)), one)):
            covered = exact(numerator)
            if covered is None:
                return []
            divided = as_number(covered) / stride
            windows = total - 1
            return [call(rounding, divided) + one, as_number(windows) + one, as_number(total)]
        case Add(terms) if any(isinstance(unsigned(term), Mul) for term in terms):
            return [Add(tuple(map(computed, terms))), as_number(total)]
        case _:
            return [as_number(total)]


def uncovered(layer: Layer, axis: int) -> str:
    """Says which rows or columns no window reaches, where the rounding loses some."""
    window = layer.windows[axis]
    sizes = window.size, window.before, window.reach, window.stride
    length, before, reach, stride = (int(exact(size) or 0) for size in sizes)
    windows = exact(window.output)
    if windows is None or layer.is_transposed or layer.operation == "pad":
        return ""
    reached = (int(windows) - 1) * stride + reach - before
    lost = min(length - reached, length)
    if lost <= 0 or layer.given.ceil_mode:
        return ""
    what = {"H": "row", "W": "column", "D": "slice"}[layer.axes[axis]]
    return f"the last {f'{lost} {what}s are' if lost > 1 else f'{what} is'} never seen by a window"
