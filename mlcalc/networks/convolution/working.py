"""The output size of a layer and what it costs, step by step on the board."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.files.fields import as_number
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Call, Decimal, Div, Expr, Mul, Symbol, Words, equals, unsigned
from mlcalc.networks.convolution.answers import COUNTS
from mlcalc.networks.convolution.costs import Costs, computed
from mlcalc.networks.convolution.layer import AXIS_NAMES, Layer
from mlcalc.networks.convolution.sizes import settled
from mlcalc.networks.convolution.windows import SameWindow
from mlcalc.showing.derivation import Step, step

# The size.


def size_steps(layer: Layer) -> list[Step]:
    """The formula, then one step an axis; axes with the same numbers share one."""
    steps = [formula_step(layer)]
    done: dict[tuple[Expr, ...], int] = {}
    for axis, name in enumerate(layer.axes):
        key = tuple(layer.numbers(axis).values())
        if key in done:
            first, own = AXIS_NAMES[layer.axes[done[key]]], AXIS_NAMES[name]
            out, size = Symbol(name, "out"), layer.windows[axis].output
            rule = f"the {own} has the same numbers as the {first}"
            steps.append(step(rule, "out = size", out=out, size=size))
            continue
        done[key] = axis
        if layer.substituted[axis] != layer.formulas[axis]:
            steps.append(size_step(layer, axis))
    return steps


def formula_step(layer: Layer) -> Step:
    out, formula = Symbol(layer.axes[0], "out"), layer.formulas[0]
    why = formula_note(layer)
    return step("write the output-size formula", "out = formula", why=why, out=out, formula=formula)


def formula_note(layer: Layer) -> str:
    """What moves, and what each letter of the formula means."""
    window = layer.in_letters(layer.axes[0])
    ends, padding = "$P$", "the padding on each side"
    if window.is_uneven:
        ends, padding = "$P_before$ and $P_after$", "the padding at the two ends"
    if not layer.does.moves:
        verb = "are" if window.is_uneven else "is"
        return f"the padding adds to the size. {ends} {verb} {padding}"
    if layer.given.padding.is_same and not layer.is_transposed:
        return (
            "there is one window for each step of $S$ that begins in the input; the zeros it "
            "takes stand half before and half after it"
        )
    letters = f"$K$ is the kernel's size, {ends} {padding}"
    letters += ", $d$ the dilation" if window.is_dilated else ""
    if layer.is_transposed:
        letters += ", $O$ what is added at the end" if layer.is_extended else ""
        return (
            "each entry stamps the kernel, $S$ further on than the one before, and the padding is "
            f"cut off. {letters}"
        )
    rule = "and may not leave the padded input; a step that does not fit is rounded down"
    if layer.given.ceil_mode:
        rule = "and the last one may hang over the edge: the steps are rounded up"
    comma = "," if layer.given.ceil_mode else ""
    return f"the window moves by $S$ each time{comma} {rule}. {letters}"


def size_step(layer: Layer, axis: int) -> Step:
    name, formula, window = layer.axes[axis], layer.substituted[axis], layer.windows[axis]
    out, size = Symbol(name, "out"), window.output
    windows = window.counted(window.text)
    if windows is None:
        rule = f"put in what is given for the {AXIS_NAMES[name]}"
        return step(rule, "out = formula = size", out=out, formula=formula, size=size)
    rule = f"put in the {AXIS_NAMES[name]}"
    if window.is_last_dropped:
        return step(
            rule,
            "formula = stages",
            "out = windows - 1 = size",
            why="the last of these windows would begin behind the input, so it is left out",
            out=out, formula=formula, stages=stages(formula, Fraction(windows)), windows=windows,
            size=size,
        )  # fmt: skip
    return step(
        rule,
        "out = formula = stages",
        *(SAME_LINES if isinstance(window, SameWindow) and exact(window.reach) is not None else ()),
        why=unseen(layer, axis),
        out=out, formula=formula, stages=stages(formula, Fraction(windows)), size=size,
        total=as_number((exact(window.before) or 0) + (exact(window.after) or 0)),
        S=window.stride, R=window.reach, W=window.size, before=window.before, after=window.after,
    )  # fmt: skip


SAME_LINES = (
    "P_before + P_after = max((size - 1)*S + R - W, 0) = total",
    "P_before = before",
    "P_after = after",
)
"""How much padding the windows need, and how it is shared out."""


def stages(formula: Expr, total: Fraction) -> list[Expr]:
    """⌊(4 + 2·1 − 2)/1⌋ + 1, then ⌊4/1⌋ + 1, then 4 + 1, then 5."""
    match formula:
        case Add((Call(rounded, (Div(numerator, stride),)), _)):
            covered = exact(numerator)
            if covered is None:
                return []
            first = line("rounded(n/S) + 1", rounded=rounded, n=covered, S=stride)
            return [first, line("n + 1", n=total - 1), as_number(total)]
        case Add(terms) if any(isinstance(unsigned(term), Mul) for term in terms):
            return [Add(tuple(map(computed, terms))), as_number(total)]
    return [as_number(total)]


def unseen(layer: Layer, axis: int) -> str:
    """Says which rows or columns no window reaches, where the rounding loses some."""
    window = layer.windows[axis]
    sizes = window.size, window.before, window.reach, window.stride
    length, before, reach, stride = (int(exact(size) or 0) for size in sizes)
    windows = exact(window.output)
    if windows is None or layer.is_transposed or not layer.does.moves or layer.given.ceil_mode:
        return ""
    lost = min(length - ((int(windows) - 1) * stride + reach - before), length)
    if lost <= 0:
        return ""
    what = {"H": "row", "W": "column", "D": "slice"}[layer.axes[axis]]
    return f"the last {f'{lost} {what}s are' if lost > 1 else f'{what} is'} never seen by a window"


# What it costs.


def cost_steps(costs: Costs) -> list[Step]:
    """The counts, the receptive field, and the zeros of the layer as a matrix."""
    layer = costs.layer
    lines = []
    for name, formula in costs.formulas.items():
        count = costs.counts[name]
        members = [count] if isinstance(count, Expr) else [*sums(formula), as_number(count)]
        lines.append(equals(Words(name), formula, *members))
    why = "each filter has one weight for each entry of its window, used once at each position"
    if layer.is_transposed:
        why = "each entry of the input is multiplied by every weight of its channel"
    elif not layer.given.shared:
        why = "the weights are not shared: each entry of the output has its own"
    field = (
        line('"receptive field" = size = n', size=size, n=settled(size))
        for size in dict.fromkeys(costs.receptive_field)
    )
    what = "how many inputs along an axis one entry of the output depends on"
    return [
        step("count the parameters, activations and multiplications", *lines, why=why, of=COUNTS),
        step("say how much one entry sees", *field, why=what, of=("receptive_field",)),
        *zero_step(costs),
    ]


def sums(formula: Expr) -> list[Expr]:
    """3·12·17·17 + 12 as 10404 + 12."""
    if isinstance(formula, Add):
        return [Add(tuple(map(computed, formula.terms)))]
    return []


def zero_step(costs: Costs) -> list[Step]:
    """1 − (pairs of an input and an output that are connected)/(all pairs)."""
    pairs = costs.connected_pairs
    if pairs is None or costs.layer.does.is_transposed:
        return []
    used, every = pairs
    why = (
        "as a matrix from the flattened input to the flattened output, the layer has an entry for "
        "each pair of the two, and a weight only where a window joins them"
    )
    text = '"zeros" = 1 - used/every = share'
    share = Decimal(1 - used / every)
    rule = "count the zeros of the layer as a matrix"
    return [step(rule, text, why=why, of=("zeros",), used=used, every=every, share=share)]
