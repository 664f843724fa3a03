"""The values that a layer computes from those of its input, exactly.

An entry of the output is computed from what lies under its window: `connections` lists, for each
position, the pairs (entry of the kernel, entry of the input) along all axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TypeVar

from mlcalc.files.fields import whole
from mlcalc.maths.functions import in_whole_numbers
from mlcalc.maths.records import Record
from mlcalc.networks.convolution.entries import Entry, total
from mlcalc.networks.convolution.entries import product as multiplied
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.sizes import ONE
from mlcalc.networks.convolution.tensors import Tensor
from mlcalc.networks.convolution.windows import Window

Position = tuple[int, ...]
N = TypeVar("N")
MAX_PRODUCTS = 1_000_000
MAX_PRODUCTS_OF_LETTERS = 5_000


class AxisWindow(Record):
    """A window along one axis in whole numbers."""

    size: int
    kernel: int
    stride: int
    before: int
    after: int
    dilation: int
    count: int
    """How long the output is."""

    def start(self, place: int) -> int:
        """Where the window at that place begins, counted from the input's first entry."""
        return place * self.stride - self.before

    def covered(self, place: int) -> list[int]:
        """The entries of the input under the window, those outside of it too."""
        return [self.start(place) + self.dilation * k for k in range(self.kernel)]

    def stamped(self, place: int) -> list[tuple[int, int]]:
        """Which input's stamp reaches that place of the output, with which entry of the kernel."""
        found = []
        for k in range(self.kernel):
            source, rest = divmod(place + self.before - self.dilation * k, self.stride)
            if not rest and 0 <= source < self.size:
                found.append((k, source))
        return found


def whole_numbers(entries: Sequence[Entry]) -> tuple[list[int], int] | None:
    """Exact numbers as whole ones over one denominator; None where some are none."""
    exact = [entry for entry in entries if isinstance(entry, Fraction)]
    return None if len(exact) < len(entries) else in_whole_numbers(exact)


class Maps:
    """The input's channels, the kernels, and the output of a layer with values."""

    def __init__(self, layer: Layer, image: Tensor) -> None:
        self.layer, self.given, self.image = layer, layer.given, image
        given = self.given
        if layer.has_weights and layer.weights is None:
            raise given.fault("'weights' is missing: the kernel's values, such as '1 0; 0 1'")
        if not given.shared:
            message = "values are computed for shared weights: leave shared or the image out"
            raise given.fault(message, LayerQuestion.shared)
        self.lines = tuple(map(self.line, layer.windows))
        self.sizes = tuple(line.count for line in self.lines)
        self.channels = image.sizes[0]
        self.groups = whole(layer.groups) or 1
        self.weights = layer.weights
        if self.weights is not None and given.flip:
            self.weights = self.weights.turned(layer.dimensions)
        self.filters = self.channels
        if self.weights is not None:
            self.filters = whole(layer.filters or ONE) or 1
        self.bias = self.biases()
        kernel = math.prod(line.kernel for line in self.lines)
        seen = self.channels // self.groups if layer.has_weights else 1
        most = MAX_PRODUCTS_OF_LETTERS if self.has_letters else MAX_PRODUCTS
        if self.filters * seen * math.prod(self.sizes) * kernel > most:
            message = f"more than {most:,} products: give a smaller image"
            raise given.fault(message, LayerQuestion.image)
        self.output = self.computed()

    def line(self, window: Window) -> AxisWindow:
        numbers, count = window.numbers, whole(window.output)
        if numbers is None or count is None:
            raise self.given.fault("values need numbers for the kernel, stride and padding")
        return AxisWindow(*numbers, count)

    def biases(self) -> tuple[Entry, ...]:
        bias = self.given.bias
        if bias is True:
            message = "give the values of the biases, a number for each filter, or leave bias out"
            raise self.given.fault(message, LayerQuestion.bias)
        if not isinstance(bias, Tensor):
            return (Fraction(0),) * self.filters
        if len(bias.entries) != self.filters:
            what = f"{self.filters} biases, one a" if self.filters > 1 else "one bias, for the one"
            message = f"expected {what} filter, not {len(bias.entries)}"
            raise self.given.fault(message, LayerQuestion.bias)
        return bias.entries

    @property
    def has_letters(self) -> bool:
        tensors = (self.image, self.weights, self.given.bias)
        return any(isinstance(one, Tensor) and one.has_letters for one in tensors)

    @property
    def positions(self) -> list[Position]:
        return list(product(*map(range, self.sizes)))

    def computed(self) -> Tensor:
        positions = self.positions
        if not self.layer.does.moves:
            return self.padded_image
        links = [self.connections(position) for position in positions]
        entries = [
            self.entry(channel, position, pairs)
            for channel in range(self.filters)
            for position, pairs in zip(positions, links, strict=True)
        ]
        return Tensor((self.filters, *self.sizes), tuple(entries))

    @property
    def padded_image(self) -> Tensor:
        before = tuple(line.before for line in self.lines)
        return self.image.padded(before, tuple(line.after for line in self.lines))

    # One entry of the output.

    def connections(self, position: Position) -> list[tuple[int, int]]:
        """(entry of the kernel, entry of the image), counted through; padding is left out."""
        if self.layer.is_transposed:
            along = [line.stamped(place) for line, place in zip(self.lines, position, strict=True)]
        else:
            along = [
                [(k, i) for k, i in enumerate(line.covered(place)) if 0 <= i < line.size]
                for line, place in zip(self.lines, position, strict=True)
            ]
        found = []
        for pairs in product(*along):
            kernel = image = 0
            for line, (k, i) in zip(self.lines, pairs, strict=True):
                kernel, image = kernel * line.kernel + k, image * line.size + i
            found.append((kernel, image))
        return found

    def seen(self, channel: int) -> range:
        """The input channels that a filter sees."""
        a_group = self.channels // self.groups
        group = channel // (self.filters // self.groups)
        return range(group * a_group, (group + 1) * a_group)

    def kernel(self, channel: int, source: int) -> Sequence[Entry]:
        """The weights of a filter for one input channel, as they are laid over the image."""
        assert self.weights is not None
        return self.weights.entries[self.kernel_span(channel, source)]

    def kernel_span(self, channel: int, source: int) -> slice:
        """Where they stand among all weights."""
        assert self.weights is not None
        size = math.prod(line.kernel for line in self.lines)
        a_group = self.channels // self.groups
        row = (channel, source % a_group)
        if self.layer.is_transposed:
            row = (source, channel % (self.filters // self.groups))
        start = (row[0] * self.weights.sizes[1] + row[1]) * size
        return slice(start, start + size)

    def kernel_of(self, channel: int, source: int) -> Tensor:
        """The same as a tensor."""
        sizes = tuple(line.kernel for line in self.lines)
        return Tensor(sizes, tuple(self.kernel(channel, source)))

    def window(self, source: int, position: Position) -> Tensor:
        """What lies under the window, with zeros where it lies in the padding."""
        known, image = dict(self.connections(position)), self.map(source)
        sizes = tuple(line.kernel for line in self.lines)
        entries = range(math.prod(sizes))
        return Tensor(sizes, tuple(image[known[k]] if k in known else Fraction(0) for k in entries))

    def map(self, channel: int) -> Sequence[Entry]:
        return self.of_channels[channel]

    @cached_property
    def of_channels(self) -> list[Sequence[Entry]]:
        return self.parted(self.image.entries)

    def parted(self, entries: Sequence[N]) -> list[Sequence[N]]:
        """The entries of an image, channel by channel."""
        size = math.prod(self.image.sizes[1:])
        return [entries[start : start + size] for start in range(0, len(entries), size)]

    @cached_property
    def in_whole(self) -> tuple[Sequence[int], list[Sequence[int]], int] | None:
        """Weights and channels in whole numbers, and what their products are divided by."""
        weights = None if self.weights is None else whole_numbers(self.weights.entries)
        image = whole_numbers(self.image.entries)
        if weights is None or image is None:
            return None
        return weights[0], self.parted(image[0]), weights[1] * image[1]

    def entry(self, channel: int, position: Position, pairs: list[tuple[int, int]]) -> Entry:
        pool = self.layer.does.pool
        if pool is not None:
            return pool(*self.seen_by_pooling(channel, position, pairs))
        found = [self.bias[channel]]
        for source in self.seen(channel):
            if self.in_whole is None:
                weights, image = self.kernel(channel, source), self.map(source)
                found += [multiplied(image[i], weights[k]) for k, i in pairs]
            else:
                own, channels, scale = self.in_whole
                w, x = own[self.kernel_span(channel, source)], channels[source]
                found.append(Fraction(sum(w[k] * x[i] for k, i in pairs), scale))
        return total(found)

    def seen_by_pooling(
        self, channel: int, position: Position, pairs: list[tuple[int, int]] | None = None
    ) -> tuple[list[Entry], int]:
        """The entries of the input under the window, and what a mean divides by."""
        pairs = self.connections(position) if pairs is None else pairs
        if not pairs:
            message = "a window lies in the padding alone: write a smaller padding"
            raise self.given.fault(message, LayerQuestion.padding)
        image = self.map(channel)
        is_average = self.layer.does.is_average
        count = self.averaged_count(position) if is_average else len(pairs)
        return [image[i] for _, i in pairs], count

    def averaged(self, channel: int, position: Position) -> list[Entry]:
        """The window in its order, with a zero for each place in the padding that counts."""
        known, image = dict(self.connections(position)), self.map(channel)
        places = range(math.prod(line.kernel for line in self.lines))
        spare = len(places) - self.averaged_count(position)
        kept: list[Entry] = []
        for k in reversed(places):
            if k not in known and spare > 0:
                spare -= 1
            else:
                kept.append(image[known[k]] if k in known else Fraction(0))
        return kept[::-1]

    @property
    def counts_padding(self) -> bool:
        """Whether an average counts the padding: not with `same`, as in TensorFlow."""
        return not self.given.padding.is_same

    def averaged_count(self, position: Position) -> int:
        """What the mean divides by: without what hangs over the padded image's edge."""
        count = 1
        for line, place in zip(self.lines, position, strict=True):
            low, high = -line.before, line.size + line.after
            if not self.counts_padding:
                low, high = 0, line.size
            count *= sum(low <= i < high for i in line.covered(place))
        return count

    def is_inside(self, position: Position) -> bool:
        """Whether the whole window lies in the image."""
        pairs = zip(self.lines, position, strict=True)
        return all(0 <= i < line.size for line, place in pairs for i in line.covered(place))

    def cell(self) -> tuple[int | None, Position]:
        """Channel and position asked for, from 0; else the first whose window lies inside.

        Of a transposed convolution it is the one that most stamps reach.
        """
        at, positions = self.given.at, self.positions
        if at is None:
            if self.layer.is_transposed:
                return None, max(reversed(positions), key=lambda p: len(self.connections(p)))
            inside = (position for position in positions if self.is_inside(position))
            return None, next(inside, positions[len(positions) // 2])
        if isinstance(at, str):
            vertical, _, horizontal = at.partition("-")
            ends = {"top": 0, "left": 0, "bottom": -1, "right": -1}
            last = [ends[vertical], ends[horizontal]][-min(len(self.sizes), 2) :]
            corner = [0] * (len(self.sizes) - len(last)) + last
            return None, tuple(n % size for n, size in zip(corner, self.sizes, strict=True))
        wanted = tuple(int(n) - 1 for n in at)
        channel, position = None, wanted
        if len(wanted) == len(self.sizes) + 1:
            channel, position = wanted[0], wanted[1:]
        bounds = (*([self.filters] if channel is not None else []), *self.sizes)
        if len(wanted) != len(bounds) or any(
            n >= most for n, most in zip(wanted, bounds, strict=True)
        ):
            raise self.outside()
        return channel, position

    def outside(self) -> Exception:
        size = "×".join(map(str, self.sizes))
        what = {1: "a place", 2: "a row and a column", 3: "a slice, a row and a column"}
        wanted = f"give {what[len(self.sizes)]} in it"
        if self.filters > 1:
            size = f"{self.filters}@{size}"
            wanted += f", with the channel from 1 to {self.filters} before it or without"
        return self.given.fault(f"the output is {size}: {wanted}", LayerQuestion.at)
