"""The values of a layer on the board: the window, its products, their sum, and all entries."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from mlcalc.maths.board import Fill, Note, line
from mlcalc.maths.tree import Expr, Listing, Symbol
from mlcalc.networks.convolution.entries import Entry, formula, total
from mlcalc.networks.convolution.entries import product as multiplied
from mlcalc.networks.convolution.feature_maps import Maps
from mlcalc.networks.convolution.sizes import ZERO
from mlcalc.networks.convolution.tensors import Tensor
from mlcalc.showing.derivation import Answer, Picture, Step, step
from mlcalc.showing.plots.cells import Cells

PLACES = {1: ("place",), 2: ("row", "column"), 3: ("slice", "row", "column")}
MOST_SHOWN = 400
"""A padded input of more entries is not written out."""
MOST_PRODUCTS = 49
"""A window of more entries is not multiplied out."""
MOST_CELLS = 3
"""So many filters have their sum at the cell shown, where none was asked for by its number."""
MOST_STAMPS = 9
MOST_CHANNELS = 3
"""So many channels are drawn."""


class ValueWorking:
    """What is written for the maps, with the cell that is shown."""

    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self.layer, self.does = maps.layer, maps.layer.does
        self.channel, self.position = maps.cell()
        self.image_names = numbered("X", maps.channels)
        self.output_names = numbered("Y", maps.filters)
        self.has_bias = isinstance(maps.given.bias, Tensor)

    def steps(self) -> list[Step]:
        results = named(self.output_names, self.maps.output.parts())
        if not self.does.moves:
            return [step("put zeros around the values", *results)]
        found = [*self.turn_step(), *self.pad_step()]
        found += self.stamp_step() if self.layer.is_transposed else []
        channels = range(self.maps.filters) if self.channel is None else [self.channel]
        blocks = [block for c in channels[:MOST_CELLS] for block in self.cell_blocks(c)]
        why = self.does.cell + (" with the bias" * (self.has_bias and not self.layer.is_transposed))
        found.append(step(f"compute the cell in {self.where}", *blocks, why=why))
        rule = "move the window over every position"
        if self.layer.is_transposed:
            rule = "add up the stamps at every position"
        of = () if self.maps.given.at is None else ("output",)
        return [*found, step(rule, *results, why="each entry is found in the same way", of=of)]

    @property
    def where(self) -> str:
        places = zip(PLACES[len(self.position)], self.position, strict=True)
        where = ", ".join(f"{name} {number + 1}" for name, number in places)
        return f"channel {self.channel + 1}, {where}" if self.channel is not None else where

    def entry(self, name: Symbol) -> Expr:
        """Y[2, 3] for the cell (1, 2) counted from 0."""
        return line("Y[i]", Y=name, i=[place + 1 for place in self.position])

    def value(self, channel: int) -> Entry:
        index = channel
        for size, place in zip(self.maps.sizes, self.position, strict=True):
            index = index * size + place
        return self.maps.output.entries[index]

    def result(self, channel: int, text: str, **names: Fill) -> Expr:
        """Y[2, 3] = text = value, with the bias of the filter where the text has one."""
        value, cell = formula(self.value(channel)), self.entry(self.output_names[channel])
        bias = formula(self.maps.bias[channel]) if self.has_bias else None
        return line(f"cell = {text} = value", cell=cell, value=value, bias=bias, **names)

    # Steps before the cell.

    def turn_step(self) -> list[Step]:
        maps = self.maps
        if not maps.given.flip or maps.weights is None:
            return []
        pairs = [(f, s) for f in range(maps.filters) for s in maps.seen(f)]
        names = [Symbol("K", self.kernel_name(f, s) + "turned") for f, s in pairs]
        kernels = [maps.kernel_of(f, s) for f, s in pairs]
        return [step("turn the kernel by 180°", *named(names, kernels))]

    def kernel_name(self, channel: int, source: int) -> str:
        numbers = [str(channel + 1)] if self.maps.filters > 1 else []
        numbers += [str(source + 1)] if len(self.maps.seen(channel)) > 1 else []
        return ",".join(numbers)

    def pad_step(self) -> list[Step]:
        maps, lines = self.maps, self.maps.lines
        ends = [along.before + along.after for along in lines]
        size = prod(along.size + end for along, end in zip(lines, ends, strict=True))
        if not any(ends) or maps.weights is None or self.layer.is_transposed:
            return []
        if size * maps.channels > MOST_SHOWN:
            return []
        subscripts = [f"{name.subscript},padded".lstrip(",") for name in self.image_names]
        names = [Symbol("X", subscript) for subscript in subscripts]
        return [step("pad the image with zeros", *named(names, maps.padded_image.parts()))]

    def stamp_step(self) -> list[Step]:
        maps = self.maps
        size = prod(maps.image.sizes)
        if size > MOST_STAMPS or maps.filters > 1 or maps.channels > 1 or len(maps.lines) > 2:
            return []
        kernel = maps.kernel_of(0, 0)
        stamps = [
            line(
                "x*K = stamp",
                x=formula(x),
                K=kernel.maths(),
                stamp=Tensor(kernel.sizes, tuple(multiplied(x, w) for w in kernel.entries)).maths(),
            )
            for x in maps.image.entries
        ]
        why = "in the order of the rows; each is laid down a stride further on"
        return [step("stamp the kernel with each entry of the input", *stamps, why=why)]

    # The cell.

    def cell_blocks(self, channel: int) -> list[Expr]:
        if self.does.pool is not None:
            return [self.pooled(channel)]
        if self.layer.is_transposed:
            return [self.overlap(channel)]
        maps = self.maps
        sources = maps.seen(channel)
        pairs = [(maps.window(s, self.position), maps.kernel_of(channel, s)) for s in sources]
        is_short = len(pairs[0][1].entries) <= MOST_PRODUCTS
        blocks = [
            line("x .* w", x=window.maths(), w=kernel.maths())
            for window, kernel in pairs
            if kernel.depth < 3 and is_short
        ]
        products = [list(zip(x.entries, w.entries, strict=True)) for x, w in pairs]
        terms = [[line("x*w", x=formula(x), w=formula(w)) for x, w in part] for part in products]
        sums = [formula(total([multiplied(x, w) for x, w in part])) for part in products]
        if is_short and len(sums) == 1:
            return [*blocks, self.result(channel, "terms + bias", terms=terms[0])]
        for source, own, value in zip(sources, terms, sums, strict=True):
            if is_short:
                places = (channel, source) if maps.filters > 1 else (source,)
                index = [place + 1 for place in places]
                text = "s[index] = terms + nothing = value"
                blocks.append(line(text, index=index, terms=own, value=value, nothing=None))
        return [*blocks, self.result(channel, "sums + bias", sums=sums)]

    def pooled(self, channel: int) -> Expr:
        """The line of the pooling, with the padding as zeros where it counts in a mean."""
        seen, count = self.maps.seen_by_pooling(channel, self.position)
        if self.does.is_average:
            seen = self.maps.averaged(channel, self.position)
        entries = list(map(formula, seen))
        total = line("x + nothing", x=entries, nothing=None)
        n = count if count > 1 else None
        return self.result(channel, self.does.pooled, x=entries, s=total, n=n)

    def overlap(self, channel: int) -> Expr:
        maps = self.maps
        products = []
        for source in maps.seen(channel):
            weights, image = maps.kernel(channel, source), maps.map(source)
            for k, i in sorted(maps.connections(self.position), key=lambda pair: pair[1]):
                products.append(line("x*w", x=formula(image[i]), w=formula(weights[k])))
        return self.result(channel, "terms + bias", terms=products or [0])

    # What is answered, and what is said of it.

    def answers(self) -> list[Answer]:
        maps = self.maps
        output = maps.output if self.layer.output_channels is not None else maps.output.parts()[0]
        found = [Answer("output", output.value(), output.maths(), Symbol("Y"))]
        if maps.given.at is None:
            return found
        if self.channel is not None or maps.filters == 1:
            channel = self.channel or 0
            value, symbol = self.value(channel), self.entry(self.output_names[channel])
            return [*found, Answer("value", value, formula(value), symbol)]
        values = Tensor((maps.filters,), tuple(map(self.value, range(maps.filters))))
        maths = Listing(tuple(map(formula, values.entries)))
        every = maths if values.has_letters else values.nested()
        return [*found, Answer("value", every, maths, self.entry(Symbol("Y")))]

    @property
    def notes(self) -> list[Note]:
        maps, does = self.maps, self.does
        is_padded = any(along.before or along.after for along in maps.lines)
        if does.is_transposed:
            is_several = len(maps.weights.parts() if maps.weights else ()) > 1
            return [OF_TRANSPOSED] if is_several else []
        if does.has_weights:
            return [FLIPPED if maps.given.flip else CROSS_CORRELATION]
        if does.is_average:
            counted = COUNTED if maps.counts_padding else NOT_COUNTED
            overhang = [OVERHANG] if maps.given.ceil_mode else []
            return [counted, *overhang] if is_padded else overhang
        return [does.padding] if is_padded and does.padding is not None else []

    def pictures(self) -> tuple[Picture, ...]:
        """Rows and columns of the first channels, for layers of one and two axes."""
        maps, does = self.maps, self.does
        lines = maps.lines
        if len(lines) > 2 or does.is_transposed or not does.moves:
            return ()
        two = lines if len(lines) == 2 else (None, lines[0])
        position = self.position if len(lines) == 2 else (0, *self.position)
        spans = []
        for along, place in zip(two, position, strict=True):
            start, size, after = (along.before, along.size, along.after) if along else (0, 1, 0)
            under = {i + start for i in along.covered(place)} if along else {0}
            spans.append((start, size, range(start + size + after), under))
        (top, height, rows, under_rows), (left, width, columns, under_columns) = spans
        outside = does.outside or ZERO
        marked = frozenset((i, j) for i in under_rows for j in under_columns)
        inside = {(top + i, left + j): i * width + j for i in range(height) for j in range(width)}
        margin = frozenset((i, j) for i in rows for j in columns if (i, j) not in inside)
        pictures = []
        for channel in range(min(maps.channels, MOST_CHANNELS)):
            image = list(map(formula, maps.map(channel)))
            cells = tuple(
                tuple(image[inside[i, j]] if (i, j) in inside else outside for j in columns)
                for i in rows
            )
            title = f"channel {channel + 1}" if maps.channels > 1 else ""
            pictures.append(Cells(cells, marked, margin, title))
        caption = f"the window in {self.where}; what lies under it stands in brackets"
        return tuple(
            Picture(drawing, caption if drawing is pictures[-1] else "") for drawing in pictures
        )


FLIPPED = Note(
    "conv.flipped",
    "the kernel is turned by 180° before it is laid over the image: a convolution in the sense of "
    "mathematics; neural networks leave it as it stands",
)
CROSS_CORRELATION = Note(
    "conv.cross_correlation",
    "the kernel is laid over the image as it stands (cross-correlation), as neural networks do; a "
    "convolution in the sense of mathematics flips it first",
)
OF_TRANSPOSED = Note(
    "conv.transposed_weights",
    "the weights are one list an input channel, then one kernel a filter, as PyTorch's",
)
COUNTED = Note("pool.padding_counted", "the zeros of the padding count in the mean, as in PyTorch")
NOT_COUNTED = Note(
    "pool.padding_not_counted", "the padding does not count in the mean, as in TensorFlow and Keras"
)
OVERHANG = Note(
    "pool.overhang", "of a window that hangs over the edge, only what lies inside is averaged"
)


def numbered(letter: str, count: int) -> list[Symbol]:
    """Y, or Y_1, Y_2, … where there are several."""
    return [Symbol(letter, str(i + 1) if count > 1 else "") for i in range(count)]


def named(names: Iterable[Symbol], parts: Iterable[Tensor]) -> list[Expr]:
    """Y_1 = …, Y_2 = …"""
    pairs = zip(names, parts, strict=True)
    return [line("name = values", name=name, values=part.maths()) for name, part in pairs]
