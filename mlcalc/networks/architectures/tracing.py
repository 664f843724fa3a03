"""A shape followed through a network: what each layer and block gives and costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mlcalc.files.errors import Invalid
from mlcalc.files.fields import whole
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Shape
from mlcalc.networks.architectures.agreeing import arriving, check_claim
from mlcalc.networks.architectures.layers import (
    KINDS,
    LETTERS,
    USUAL,
    Cost,
    LayerKind,
    Settings,
    counted,
)
from mlcalc.networks.architectures.nodes import Block, Layer, Network, Node, Parallel, Residual
from mlcalc.networks.convolution.sizes import added_up, entry_count, in_words, same_shape, settled
from mlcalc.networks.convolution.windows import TransposedWindow, Window

Seen = tuple[tuple[Fraction, Fraction], ...]
"""Along each axis: how many inputs an entry sees, and how far apart its neighbours see."""


class Entry(Record):
    """A layer, or a group of them, between the shape before it and the shape after it.

    `kind` is the layer's word, or "residual", "parallel", "branch", "shortcut", or the block's
    name; `seen` is the receptive field, None where it is open.  Counts are numbers, or formulas
    where letters are left; a layer also has the formula of each count, as it is written.
    """

    name: str
    kind: str
    text: str
    before: Shape
    after: Shape
    parameters: Expr
    multiplications: Expr
    seen: Seen | None
    is_local: bool
    """Whether an entry of the output still sees only a part of the input."""
    parameter_cost: Cost = Cost()
    multiplication_cost: Cost = Cost()
    windows: tuple[Window, ...] = ()
    parts: tuple[Entry, ...] = ()
    convention: str = ""

    @property
    def parameter_formula(self) -> Expr:
        return self.parameter_cost.formula

    @property
    def multiplication_formula(self) -> Expr:
        return self.multiplication_cost.formula

    @property
    def layer(self) -> LayerKind | None:
        """What it is, where it is one layer and no group."""
        return None if self.parts else KINDS.get(self.kind)

    @property
    def activations(self) -> Expr:
        return entry_count(self.after)


class Flow(Record):
    """The shape that arrives, what an entry of it sees, and whether that is a part of the input."""

    shape: Shape
    seen: Seen | None
    is_local: bool = True


class Trace(Record):
    """A network with its entries in order."""

    network: Network
    entries: tuple[Entry, ...]
    settings: Settings

    def leaves(self) -> list[tuple[str, Entry]]:
        """Every layer with its whole name, such as basic-2.conv-1."""
        return list(named_leaves(self.entries, ""))

    @property
    def receptive_field(self) -> tuple[Fraction, ...] | None:
        """What an entry of the last maps sees along each axis; None without windows."""
        local = [entry for entry in self.entries if entry.is_local and entry.seen is not None]
        moved = [entry.windows[0] for _, entry in self.leaves() if entry.windows]
        is_seen = any(not isinstance(window, TransposedWindow) for window in moved)
        if not local or not is_seen or local[-1].seen is None:
            return None
        return tuple(seen for seen, _ in local[-1].seen)


def named_leaves(entries: Sequence[Entry], path: str) -> Iterator[tuple[str, Entry]]:
    for entry in entries:
        if entry.parts:
            yield from named_leaves(entry.parts, f"{path}{entry.name}.")
        elif entry.kind in KINDS:
            yield path + entry.name, entry


def traced(network: Network, settings: Settings) -> Trace:
    """Raises `Invalid` at the first layer whose shape does not fit."""
    one = Fraction(1)
    axes = len(network.input.sizes)
    is_image = network.input.channels is not None or axes > 1
    seen: Seen | None = ((one, one),) * axes if is_image else None
    entries, _ = Tracer(settings, network.is_listed).sequence(
        network.body, Flow(network.input, seen)
    )
    return Trace(network, entries, settings)


def word_of(node: Node) -> str:
    match node:
        case Layer(kind):
            return kind
        case Residual():
            return "residual"
        case Parallel():
            return "parallel"
        case Block(block):
            return block.split(" ")[0]


class Tracer:
    def __init__(self, settings: Settings, is_listed: bool = False) -> None:
        self.settings, self.is_listed = settings, is_listed

    def sequence(self, nodes: Sequence[Node], flow: Flow) -> tuple[tuple[Entry, ...], Flow]:
        often = Counter(node.name or word_of(node) for node in nodes)
        met: Counter[str] = Counter()
        entries = []
        for node in nodes:
            word = node.name or word_of(node)
            met[word] += 1
            name = f"{word}-{met[word]}" if often[word] > 1 else word
            entry = self.entry(node, name, flow)
            entries.append(entry)
            flow = Flow(entry.after, entry.seen, entry.is_local)
        return tuple(entries), flow

    def entry(self, node: Node, name: str, flow: Flow) -> Entry:
        match node:
            case Layer():
                return self.layer(node, name, flow)
            case Residual():
                return self.residual(node, name, flow)
            case Parallel():
                return self.parallel(node, name, flow)
            case Block(text, body):
                parts, after = self.sequence(body, flow)
                word, _, sizes = text.partition(" ")
                return group(name, word, sizes, flow, after, parts)

    def layer(self, node: Layer, name: str, flow: Flow) -> Entry:
        shape = arriving(node, name, flow.shape, self.is_listed)
        found = counted(node, name, shape, self.settings)
        check_claim(node, name, found.shape)
        seen, is_local = flow.seen, flow.is_local and found.reaches is not None
        if found.reaches and seen is not None:
            pairs = zip(seen, found.reaches, strict=True) if len(seen) == len(found.reaches) else ()
            seen = tuple((s + (reach - 1) * j, j * step) for (s, j), (reach, step) in pairs) or None
        return Entry(
            name, node.kind, arguments(node), shape, found.shape,
            found.parameters.count(found.numbers), found.multiplications.count(found.numbers),
            seen, is_local,
            found.parameters, found.multiplications, found.windows, convention=found.convention,
        )  # fmt: skip

    def residual(self, node: Residual, name: str, flow: Flow) -> Entry:
        body, after = self.sequence(node.body, flow)
        shortcut, other = self.sequence(node.shortcut, flow)
        if node.is_zero_padded:
            other = Flow(after.shape, flow.seen, flow.is_local)
        if not same_shape(after.shape, other.shape):
            raise Invalid.at(unequal(name, node, after.shape, other.shape), node.place)
        parts = list(body)
        text = ""
        if shortcut:
            parts.append(group("shortcut", "shortcut", "", flow, other, shortcut))
        elif node.is_zero_padded:
            text = "zero-padded"
        joined = Flow(after.shape, widest([after, other]), after.is_local and other.is_local)
        return group(name, "residual", text, flow, joined, parts)

    def parallel(self, node: Parallel, name: str, flow: Flow) -> Entry:
        found = [self.sequence(branch, flow) for branch in node.branches]
        flows = [after for _, after in found]
        shape = (concatenated if node.join == "concat" else added)(node, name, flows)
        parts = tuple(
            group(f"branch-{number}", "branch", "", flow, after, entries)
            for number, (entries, after) in enumerate(found, 1)
        )
        joined = Flow(shape, widest(flows), all(f.is_local for f in flows))
        text = "" if node.join == "concat" else node.join
        return group(name, "parallel", text, flow, joined, parts)


def arguments(layer: Layer) -> str:
    """What stands after the layer's word, without what goes without saying: 12 k17 s2."""
    kind = KINDS[layer.kind]
    letters = {option: letter for letter, option in LETTERS.items()}
    shown: list[str] = []
    for option, sizes in layer.options.items():
        text = "x".join(one_line(size) for size in sizes.sizes)
        if "channels" in kind.sizes and text == USUAL.get(option):
            continue
        if option in kind.sizes:
            shown.insert(kind.sizes.index(option), text)
        elif option in letters:
            shown.append(letters[option] + (text if text.isalnum() or "x" in text else f"({text})"))
        else:
            shown.append(f"{option}={text}")
    return " ".join([*shown, *layer.words])


def group(
    name: str, kind: str, text: str, before: Flow, after: Flow, parts: Sequence[Entry]
) -> Entry:
    """Entries under one name, with the sums of their costs."""
    parameters = added_up([part.parameters for part in parts])
    products = added_up([part.multiplications for part in parts])
    return Entry(
        name, kind, text, before.shape, after.shape, parameters, products,
        after.seen, after.is_local, parts=tuple(parts),
    )  # fmt: skip


def widest(flows: Sequence[Flow]) -> Seen | None:
    """What the branch sees that sees most."""
    known = [flow.seen for flow in flows if flow.seen is not None]
    if len(known) != len(flows):
        return None
    return tuple(max(axis) for axis in zip(*known, strict=True))


def unequal(name: str, node: Residual, body: Shape, shortcut: Shape) -> str:
    """The message where x and F(x) cannot be added, with the shortcut that would fit."""
    what = "its shortcut" if node.shortcut else "its identity shortcut"
    message = f"{name} adds {in_words(body)} from its layers to {in_words(shortcut)} from {what}"
    if body.channels is None or shortcut.channels is None:
        units = one_line(shortcut.sizes[-1])
        return f"{message}: end the layers with fc {units}, or give a shortcut that fits"
    if body.sizes == shortcut.sizes:
        fix = f"the shortcut conv {one_line(body.channels)} k1 fits"
    else:
        ratios = {
            Fraction(a or 0, b or 1)
            for a, b in zip(map(whole, shortcut.sizes), map(whole, body.sizes), strict=False)
        }
        stride = -(-max(ratios).numerator // max(ratios).denominator)
        fix = f"the shortcut conv {one_line(body.channels)} k1 s{stride} fits"
        if len(ratios) != 1 or stride < 2 or max(ratios).denominator != 1:
            fix = "pad its convolutions (same, or p1 for k3) so that both have one size"
    return f"{message}: {fix}"


def concatenated(node: Parallel, name: str, flows: Sequence[Flow]) -> Shape:
    """The maps one upon the other, where all have one size; vectors end to end."""
    shapes = [flow.shape for flow in flows]
    first = shapes[0]
    maps = [s for s in shapes if s.channels is not None]
    if len(maps) == len(shapes):
        for number, shape in enumerate(shapes[1:], 2):
            check_branch(node, name, number, Shape(shape.sizes), Shape(first.sizes))
        return Shape(first.sizes, settled(added_up([s.channels for s in shapes if s.channels])))
    for number, shape in enumerate(shapes[1:], 2):
        expected = Shape((*first.sizes[:-1], shape.sizes[-1]), first.channels)
        check_branch(node, name, number, shape, expected)
    return Shape((*first.sizes[:-1], settled(added_up([s.sizes[-1] for s in shapes]))))


def added(node: Parallel, name: str, flows: Sequence[Flow]) -> Shape:
    for number, flow in enumerate(flows[1:], 2):
        check_branch(node, name, number, flow.shape, flows[0].shape)
    return flows[0].shape


def check_branch(node: Parallel, name: str, number: int, shape: Shape, wanted: Shape) -> None:
    if not same_shape(shape, wanted):
        joins = "stacked" if node.join == "concat" else "added"
        raise Invalid.at(
            f"{name}: branch {number} gives {in_words(shape)} and branch 1 {in_words(wanted)}, "
            f"which cannot be {joins}: pad the larger kernel (same), or use one stride in all",
            node.place,
        )
