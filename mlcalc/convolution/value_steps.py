"""The values of a layer on the board: the window, its products, their sum, and all entries."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod

from mlcalc.convolution.feature_maps import Maps, Position
from mlcalc.convolution.tensors import Tensor
from mlcalc.derivation import Answer, Block, Note, Step
from mlcalc.fields import as_number
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Hadamard,
    Indexed,
    Listing,
    Mul,
    Symbol,
    equals,
    shown,
)

PLACES = {1: ("place",), 2: ("row", "column"), 3: ("slice", "row", "column")}
MOST_SHOWN = 400
"""A padded input of more entries is not written out."""
MOST_PRODUCTS = 49
"""A window of more entries is not multiplied out."""
MOST_CELLS = 3
"""So many filters have their sum at the cell shown, where none was asked for by its number."""
MOST_STAMPS = 9


class Board:
    """What is written for the maps, with the cell that is shown."""

    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self.layer = maps.layer
        self.channel, self.position = maps.cell()
        self.has_channels = self.layer.output_channels is not None
        self.image_names = names("X", maps.channels)
        self.output_names = names("Y", maps.filters)

    def steps(self) -> list[Step]:
        if self.layer.operation == "pad":
            what = "put zeros around the values"
            return [Step(what, tuple(self.results()))]
        found = [*self.turn_step(), *self.pad_step()]
        found += self.stamp_step() if self.layer.is_transposed else []
        shown_channels = [self.channel] if self.channel is not None else range(self.maps.filters)
        blocks = [b for c in list(shown_channels)[:MOST_CELLS] for b in self.cell_blocks(c or 0)]
        found.append(Step(f"compute the cell in {self.where}", tuple(blocks), self.cell_note()))
        rule = "move the window over every position"
        if self.layer.is_transposed:
            rule = "add up the stamps at every position"
        note = "each entry is found in the same way"
        return [*found, Step(rule, tuple(self.results()), note)]

    @property
    def where(self) -> str:
        places = zip(PLACES[len(self.position)], self.position, strict=True)
        where = ", ".join(f"{name} {number + 1}" for name, number in places)
        return f"channel {self.channel + 1}, {where}" if self.channel is not None else where

    def entry(self, channel: int) -> Expr:
        """Y[2, 3] for the cell (1, 2) counted from 0."""
        return cell_of(self.output_names[channel], self.position)

    def value(self, channel: int) -> Scalar:
        index = channel
        for size, place in zip(self.maps.sizes, self.position, strict=True):
            index = index * size + place
        return self.maps.output.entries[index]

    # Steps before the cell.

    def turn_step(self) -> list[Step]:
        if not self.maps.given.flip or self.maps.weights is None:
            return []
        blocks = [equals(name, self.kernel(c, s).maths()) for c, s, name in self.kernels("turned")]
        return [Step("turn the kernel by 180°", tuple(blocks))]

    def kernels(self, word: str = "") -> list[tuple[int, int, Expr]]:
        """Filter, input channel and name of each kernel."""
        maps = self.maps
        pairs = [(f, s) for f in range(maps.filters) for s in maps.seen(f)]
        return [(f, s, Symbol("K", self.kernel_name(f, s) + word)) for f, s in pairs]

    def kernel_name(self, channel: int, source: int) -> str:
        several = [self.maps.filters > 1, len(self.maps.seen(channel)) > 1]
        numbers = [
            str(n + 1) for n, is_many in zip((channel, source), several, strict=True) if is_many
        ]
        return ",".join(numbers)

    def kernel(self, channel: int, source: int) -> Tensor:
        sizes = tuple(line.kernel for line in self.maps.lines)
        return Tensor(sizes, tuple(self.maps.kernel(channel, source)))

    def pad_step(self) -> list[Step]:
        maps, lines = self.maps, self.maps.lines
        ends = [line.before + line.after for line in lines]
        size = prod(line.size + end for line, end in zip(lines, ends, strict=True))
        if not any(ends) or maps.weights is None or self.layer.is_transposed:
            return []
        if size * maps.channels > MOST_SHOWN:
            return []
        before, after = tuple(l.before for l in lines), tuple(l.after for l in lines)  # noqa: E741
        padded = maps.image.padded(before, after).parts()
        blocks = [
            equals(
                Symbol("X", f"{name.subscript},padded" if name.subscript else "padded"),
                part.maths(),
            )
            for name, part in zip(self.image_names, padded, strict=True)
        ]
        return [Step("pad the image with zeros", tuple(blocks))]

    def stamp_step(self) -> list[Step]:
        maps = self.maps
        size = prod(maps.image.sizes)
        if size > MOST_STAMPS or maps.filters > 1 or maps.channels > 1 or len(maps.lines) > 2:
            return []
        kernel = self.kernel(0, 0).maths()
        blocks = []
        for entry in maps.image.entries:
            stamp = Tensor(
                self.kernel(0, 0).sizes, tuple(entry * w for w in self.kernel(0, 0).entries)
            )
            blocks.append(equals(Mul((shown(entry), kernel)), stamp.maths()))
        note = "in the order of the rows; each is laid down a stride further on"
        return [Step("stamp the kernel with each entry of the input", tuple(blocks), note)]

    # The cell.

    def cell_blocks(self, channel: int) -> list[Block]:
        if self.layer.is_pooling:
            return [self.pooled(channel)]
        if self.layer.is_transposed:
            return [self.overlap(channel)]
        maps = self.maps
        blocks: list[Block] = []
        sums: list[Expr] = []
        totals: list[Scalar] = []
        for source in maps.seen(channel):
            window, kernel = self.window(source), self.kernel(channel, source)
            if kernel.depth < 3 and len(kernel.entries) <= MOST_PRODUCTS:
                blocks.append(Hadamard((window.maths(), kernel.maths())))
            pairs = list(zip(window.entries, kernel.entries, strict=True))
            sums.append(total(Mul((shown(x), shown(w))) for x, w in pairs))
            totals.append(sum((x * w for x, w in pairs), Fraction(0)))
        bias = maps.bias[channel]
        has_bias = isinstance(maps.given.bias, Tensor)
        if (
            len(sums) == 1
            and len(self.kernel(channel, maps.seen(channel)[0]).entries) <= MOST_PRODUCTS
        ):
            terms = sums[0] + shown(bias) if has_bias else sums[0]
            return [*blocks, equals(self.entry(channel), terms, shown(self.value(channel)))]
        if (
            len(sums) > 1
            and len(self.kernel(channel, maps.seen(channel)[0]).entries) <= MOST_PRODUCTS
        ):
            for source, terms, part in zip(maps.seen(channel), sums, totals, strict=True):
                places = (channel, source) if len(maps.bias) > 1 else (source,)
                name = Indexed(Symbol("s"), tuple(as_number(place + 1) for place in places))
                blocks.append(equals(name, terms, shown(part)))
        added = total([*map(shown, totals), *([shown(bias)] if has_bias else [])])
        return [*blocks, equals(self.entry(channel), added, shown(self.value(channel)))]

    def window(self, source: int) -> Tensor:
        """What lies under the window, with zeros where it lies in the padding."""
        maps = self.maps
        known = dict(maps.connections(self.position))
        image = maps.map(source)
        sizes = tuple(line.kernel for line in maps.lines)
        entries = (image[known[k]] if k in known else Fraction(0) for k in range(prod(sizes)))
        return Tensor(sizes, tuple(entries))

    def pooled(self, channel: int) -> Expr:
        maps = self.maps
        image, pairs = maps.map(channel), maps.connections(self.position)
        seen = [image[i] for _, i in pairs]
        result = shown(self.value(channel))
        if self.layer.operation == "max-pool":
            return equals(self.entry(channel), Call("max", tuple(map(shown, seen))), result)
        count = maps.averaged_count(self.position)
        averaged = self.averaged(seen, pairs, count)
        mean = total(map(shown, averaged))
        return equals(self.entry(channel), mean / count if count > 1 else mean, result)

    def averaged(
        self, seen: list[Scalar], pairs: list[tuple[int, int]], count: int
    ) -> list[Scalar]:
        """The window in its order, with a zero for each place in the padding that counts."""
        known = dict(zip((k for k, _ in pairs), seen, strict=True))
        inside = [known.get(k) for k in range(prod(line.kernel for line in self.maps.lines))]
        spare = len(inside) - count
        kept: list[Scalar] = []
        for value in reversed(inside):
            if value is None and spare > 0:
                spare -= 1
            else:
                kept.append(Fraction(0) if value is None else value)
        return kept[::-1]

    def overlap(self, channel: int) -> Expr:
        maps = self.maps
        products = []
        for source in maps.seen(channel):
            weights, image = maps.kernel(channel, source), maps.map(source)
            for k, i in sorted(maps.connections(self.position), key=lambda pair: pair[1]):
                products.append(Mul((shown(image[i]), shown(weights[k]))))
        terms = total(products) if products else as_number(0)
        if isinstance(maps.given.bias, Tensor):
            terms = terms + shown(maps.bias[channel])
        return equals(self.entry(channel), terms, shown(self.value(channel)))

    def cell_note(self) -> str:
        if self.layer.is_transposed:
            return (
                "each stamp that reaches the cell adds its entry times the weight that lies there"
            )
        if self.layer.has_weights:
            note = "multiply each entry under the window by the weight above it, and add up"
            return note + (" with the bias" if isinstance(self.maps.given.bias, Tensor) else "")
        pooled = {"avg-pool": "the mean", "max-pool": "the largest entry"}
        return f"{pooled[self.layer.operation]} of the window"

    # Results.

    def results(self) -> list[Expr]:
        parts = self.maps.output.parts()
        return [equals(n, p.maths()) for n, p in zip(self.output_names, parts, strict=True)]

    def answers(self) -> list[Answer]:
        output = self.maps.output
        if not self.has_channels:
            output = output.parts()[0]
        found = [Answer("output", output.value(), output.maths(), Symbol("Y"))]
        if self.maps.given.at is not None:
            found.append(self.value_answer())
        return found

    def value_answer(self) -> Answer:
        if self.channel is not None or self.maps.filters == 1:
            channel = self.channel or 0
            value = self.value(channel)
            return Answer("value", value, shown(value), self.entry(channel))
        values = tuple(map(self.value, range(self.maps.filters)))
        symbol = cell_of(Symbol("Y"), self.position)
        return Answer("value", values, Listing(tuple(map(shown, values))), symbol)

    @property
    def notes(self) -> list[Note]:
        maps, operation = self.maps, self.layer.operation
        is_padded = any(line.before or line.after for line in maps.lines)
        if operation == "conv":
            return [flip_note(maps.given.flip)]
        if operation == "transposed-conv" and len(maps.weights.parts() if maps.weights else ()) > 1:
            text = (
                "the weights are one list an input channel, then one kernel a filter, as PyTorch's"
            )
            return [Note("conv.transposed_weights", text)]
        if operation == "max-pool" and is_padded:
            text = "the padding never wins a maximum: it counts as −∞"
            return [Note("pool.padding_ignored", text)]
        return self.average_notes(is_padded) if operation == "avg-pool" else []

    def average_notes(self, is_padded: bool) -> list[Note]:
        found = []
        if is_padded and self.maps.counts_padding:
            text = "the zeros of the padding count in the mean, as in PyTorch"
            found.append(Note("pool.padding_counted", text))
        elif is_padded:
            text = "the padding does not count in the mean, as in TensorFlow and Keras"
            found.append(Note("pool.padding_not_counted", text))
        if self.maps.given.ceil_mode:
            text = "of a window that hangs over the edge, only what lies inside is averaged"
            found.append(Note("pool.overhang", text))
        return found


def flip_note(is_flipped: bool) -> Note:
    if is_flipped:
        text = (
            "the kernel is turned by 180° before it is laid over the image: a convolution in the "
            "sense of mathematics; neural networks leave it as it stands"
        )
        return Note("conv.flipped", text)
    text = (
        "the kernel is laid over the image as it stands (cross-correlation), as neural "
        "networks do; a convolution in the sense of mathematics flips it first"
    )
    return Note("conv.cross_correlation", text)


def names(letter: str, count: int) -> list[Symbol]:
    """Y, or Y_1, Y_2, … where there are several."""
    return [Symbol(letter, str(i + 1) if count > 1 else "") for i in range(count)]


def cell_of(name: Symbol, position: Position) -> Expr:
    return Indexed(name, tuple(as_number(place + 1) for place in position))


def total(terms: Iterable[Expr]) -> Expr:
    """The terms as a sum, one alone as it is."""
    found = tuple(terms)
    return Add(found) if len(found) > 1 else found[0]
