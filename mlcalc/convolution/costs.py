"""What a layer costs: parameters, activations, multiplications, and what an entry sees."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from mlcalc.convolution.layer import Layer
from mlcalc.convolution.layer_question import DEPTHWISE
from mlcalc.convolution.windows import ONE, added_up, multiplication_count, times, weight_count
from mlcalc.derivation import Answer, Block, Note, Step, count_answer, number_answer
from mlcalc.fields import as_number, whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Decimal, Expr, Neg, Shape, Words, call, equals, unsigned

COUNTED = ("parameters", "activations", "multiplications")
MOST_PAIRS = 1_000_000


class Costs:
    """The counts of a layer whose channels and filters are known; one where nothing is said."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.channels = layer.channels or ONE
        self.filters = (layer.filters or ONE) if layer.has_weights else self.channels
        self.kernel = [window.kernel for window in layer.windows]
        self.output = [window.output for window in layer.windows]

    @property
    def activations(self) -> Expr:
        return times(self.filters, *self.output)

    @property
    def parameters(self) -> Expr:
        """Where weights are not shared, a kernel and a bias for each entry of the output."""
        layer = self.layer
        if not layer.has_weights:
            return as_number(0)
        places = () if layer.given.shared else tuple(self.output)
        weights = weight_count(self.channels, self.filters, self.kernel, layer.groups)
        if places:
            filters = times(self.filters, *places)
            weights = weight_count(self.channels, filters, self.kernel, layer.groups)
            return weights + filters if layer.has_bias else weights
        return weights + self.filters if layer.has_bias else weights

    @property
    def multiplications(self) -> Expr:
        layer = self.layer
        if not layer.has_weights:
            return as_number(0)
        places = [w.size for w in layer.windows] if layer.is_transposed else self.output
        return multiplication_count(places, self.channels, self.filters, self.kernel, layer.groups)

    @property
    def receptive_field(self) -> tuple[Expr, ...]:
        """How much of the input one entry of the output depends on, along each axis."""
        if self.layer.operation == "pad":
            return (ONE,) * self.layer.dimensions
        if self.layer.is_transposed:
            return tuple(stamped_on(window.reach, window.stride) for window in self.layer.windows)
        return tuple(window.reach for window in self.layer.windows)

    @property
    def connections(self) -> list[tuple[Expr, Expr]] | None:
        """Along each axis: pairs of an output and an input that are connected, and all pairs."""
        found: list[tuple[Expr, Expr]] = []
        for window in self.layer.windows:
            sizes = (window.size, window.kernel, window.stride, window.before, window.dilation)
            numbers = [number for size in sizes if (number := whole(size)) is not None]
            count = whole(window.output)
            if len(numbers) < len(sizes) or count is None or count * numbers[1] > MOST_PAIRS:
                return None
            size, kernel, stride, before, dilation = numbers
            pairs = sum(
                0 <= place * stride - before + dilation * k < size
                for place in range(count)
                for k in range(kernel)
            )
            found.append((as_number(pairs), as_number(size * count)))
        return found


def stamped_on(reach: Expr, stride: Expr) -> Expr:
    """⌈reach/stride⌉: the inputs whose stamps may overlap in one entry of the output."""
    share = exact(reach / stride)
    return call("ceil", reach / stride) if share is None else as_number(-(-share // 1))


def cost_answers(layer: Layer) -> tuple[list[Step], list[Answer], list[Answer], list[Note]]:
    """Steps, answers, asides and notes; answers are printed where the layer is fully known."""
    costs = Costs(layer)
    lines: list[Block] = []
    answers: list[Answer] = []
    is_bare = layer.channels is None and layer.filters is None
    is_counted = layer.is_described or is_bare or not layer.has_weights
    for name in COUNTED if is_counted else ():
        formula: Expr = getattr(costs, name)
        total = exact(formula)
        value = formula if total is None else as_number(total)
        answers.append(Answer(name, formula if total is None else total, value, is_count=True))
        lines.append(equals(Words(name), formula, *sums(formula), value))
    asides = [receptive_answer(costs)]
    share = zero_share(costs)
    if share is not None and layer.operation == "conv":
        asides.append(share)
    if not layer.is_described:
        known = [a for a in (*answers, *asides) if not isinstance(a.value, Expr)]
        return [], [], known, []
    steps = [
        Step(
            "count the parameters, activations and multiplications", tuple(lines), cost_note(layer)
        )
    ]
    steps += [field_step(costs), *zero_step(costs, share)]
    notes = [bias_note(layer)] if layer.given.weights is None else []
    if layer.given.groups == DEPTHWISE or (
        layer.channels is not None and layer.groups == layer.channels and exact(layer.groups) != 1
    ):
        notes.append(Note("conv.depthwise", "depthwise: each channel has filters of its own"))
    return steps, [*answers, *asides], [], notes


def field_step(costs: Costs) -> Step:
    """The receptive field along each axis that differs from those before it."""
    sizes = dict.fromkeys(costs.receptive_field)
    values = [exact(size) for size in sizes]
    blocks = [
        equals(Words("receptive field"), size, *([] if value is None else [as_number(value)]))
        for size, value in zip(sizes, values, strict=True)
    ]
    what = "how many inputs along an axis one entry of the output depends on"
    return Step("say how much one entry sees", tuple(blocks), what)


def zero_step(costs: Costs, share: Answer | None) -> list[Step]:
    """1 − (pairs of an input and an output that are connected)/(all pairs)."""
    if share is None or costs.layer.operation != "conv":
        return []
    axes = costs.connections or []
    channels = times(costs.channels, costs.filters)
    used = times(channels, *(pairs for pairs, _ in axes))
    used = used if exact(costs.layer.groups) == 1 else used / costs.layer.groups
    every = times(channels, *(pairs for _, pairs in axes))
    numbers = [exact(size) for size in (used, every)]
    if None in numbers:
        return []
    fraction = as_number(numbers[0] or 0) / as_number(numbers[1] or 1)
    share_left = Decimal(1 - (exact(fraction) or 0))
    blocks = (equals(Words("zeros"), as_number(1) - fraction, share_left),)
    note = (
        "as a matrix from the flattened input to the flattened output, the layer has an entry for "
        "each pair of the two, and a weight only where a window joins them"
    )
    return [Step("count the zeros of the layer as a matrix", blocks, note)]


def sums(formula: Expr) -> list[Expr]:
    """3·12·17·17 + 12 as 10404 + 12."""
    if isinstance(formula, Add) and exact(formula) is not None:
        return [Add(tuple(map(computed, formula.terms)))]
    return []


def cost_note(layer: Layer) -> str:
    if layer.is_transposed:
        return "each entry of the input is multiplied by every weight of its channel"
    if not layer.given.shared:
        return "the weights are not shared: each entry of the output has its own"
    return "each filter has one weight for each entry of its window, used once at each position"


def bias_note(layer: Layer) -> Note:
    counted = "each filter has one bias, which is counted"
    if not layer.given.shared:
        counted = "each entry of the output has a bias of its own, which is counted, as in Keras"
    return Note("conv.bias", counted if layer.has_bias else "there are no biases")


def receptive_answer(costs: Costs) -> Answer:
    """One number where all axes agree, else one an axis."""
    sizes = costs.receptive_field
    value = shape_value(Shape(sizes))
    if len(set(map(exact, sizes))) == 1 and isinstance(value, tuple):
        return count_answer("receptive_field", value[0])
    if len(set(sizes)) == 1:
        return count_answer("receptive_field", added_up([sizes[0]]))
    numbers = [exact(size) for size in sizes]
    written = (
        size if number is None else as_number(number)
        for size, number in zip(sizes, numbers, strict=True)
    )
    return Answer("receptive_field", value, Shape(tuple(written)), is_count=True)


def zero_share(costs: Costs) -> Answer | None:
    """Of the matrix that takes the flattened input to the flattened output: 1 − used/all."""
    axes = costs.connections
    groups = exact(costs.layer.groups)
    if axes is None or groups is None:
        return None
    used = Fraction(prod(int(exact(pairs) or 0) for pairs, _ in axes))
    everything = prod(int(exact(all_pairs) or 1) for _, all_pairs in axes)
    return number_answer("zeros", 1 - used / everything / groups)


def shape_value(shape: Shape) -> Expr | tuple[Fraction, ...]:
    """The sizes as numbers, channels first; the shape itself where letters are left."""
    sizes = shape.sizes if shape.channels is None else (shape.channels, *shape.sizes)
    values = [exact(size) for size in sizes]
    numbers = tuple(value for value in values if value is not None)
    return numbers if len(numbers) == len(values) else shape


def computed(term: Expr) -> Expr:
    """The term as a number, with its sign."""
    value = as_number(exact(unsigned(term)) or 0)
    return -value if isinstance(term, Neg) else value
