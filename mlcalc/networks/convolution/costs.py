"""What a layer costs: parameters, activations, multiplications, and what an entry sees."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import prod

from mlcalc.files.fields import as_number
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Neg, unsigned
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.sizes import ONE, divisor
from mlcalc.networks.convolution.windows import MULTIPLICATIONS, WEIGHTS

MOST_PAIRS = 1_000_000


class Costs:
    """The counts of a layer whose channels and filters are known; one where nothing is said."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.channels = layer.channels or ONE
        self.filters = (layer.filters or ONE) if layer.has_weights else self.channels
        self.kernel = [window.kernel for window in layer.windows]
        self.output = [window.output for window in layer.windows]

    @cached_property
    def counts(self) -> dict[str, Expr]:
        """The formulas; nothing where a part of what is multiplied was not said."""
        layer = self.layer
        is_bare = layer.channels is None and layer.filters is None
        if not (layer.is_described or is_bare or not layer.has_weights):
            return {}
        return {
            "parameters": self.parameters,
            "activations": line("F*N", F=self.filters, N=self.output),
            "multiplications": self.multiplications,
        }

    @property
    def parameters(self) -> Expr:
        """Where weights are not shared, a kernel and a bias for each entry of the output."""
        layer, filters = self.layer, self.filters
        if not layer.has_weights:
            return as_number(0)
        if not layer.given.shared:
            filters = line("F*N", F=filters, N=self.output)
        biases = filters if layer.has_bias else None
        return line(f"{WEIGHTS} + B", **self.names, F=filters, B=biases)

    @property
    def multiplications(self) -> Expr:
        layer = self.layer
        if not layer.has_weights:
            return as_number(0)
        places = [w.size for w in layer.windows] if layer.is_transposed else self.output
        return line(MULTIPLICATIONS, **self.names, F=self.filters, N=places)

    @property
    def names(self) -> dict[str, Expr | list[Expr] | None]:
        return {"C": self.channels, "K": self.kernel, "G": divisor(self.layer.groups)}

    @property
    def receptive_field(self) -> tuple[Expr, ...]:
        """How much of the input one entry of the output depends on, along each axis."""
        if not self.layer.does.moves:
            return (ONE,) * self.layer.dimensions
        if self.layer.is_transposed:
            return tuple(stamped_on(window.reach, window.stride) for window in self.layer.windows)
        return tuple(window.reach for window in self.layer.windows)

    @cached_property
    def connections(self) -> list[tuple[int, int]] | None:
        """Along each axis: pairs of an output and an input that are connected, and all pairs."""
        found: list[tuple[int, int]] = []
        for window in self.layer.windows:
            numbers, count = window.numbers, exact(window.output)
            if numbers is None or count is None or count * numbers[1] > MOST_PAIRS:
                return None
            size, kernel, stride, before, _, dilation = numbers
            pairs = sum(
                0 <= place * stride - before + dilation * k < size
                for place in range(int(count))
                for k in range(kernel)
            )
            found.append((pairs, size * int(count)))
        return found

    @property
    def connected_pairs(self) -> tuple[Fraction, Fraction] | None:
        """Of an input and an output: those that are connected, and all."""
        axes, groups = self.connections, exact(self.layer.groups)
        channels = exact(line("C*F", C=self.channels, F=self.filters))
        if axes is None or groups is None or channels is None:
            return None
        used, every = (channels * prod(axis) for axis in zip(*axes, strict=True))
        return used / groups, every

    @property
    def zeros(self) -> Fraction | None:
        """The share of 0 in the matrix from the flattened input to the flattened output."""
        axes, groups = self.connections, exact(self.layer.groups)
        if axes is None or groups is None or not self.layer.has_weights or self.layer.is_transposed:
            return None
        used, every = (prod(axis) for axis in zip(*axes, strict=True))
        return 1 - Fraction(used, every) / groups


def stamped_on(reach: Expr, stride: Expr) -> Expr:
    """⌈reach/stride⌉: the inputs whose stamps may overlap in one entry of the output."""
    share = exact(reach / stride)
    text = "ceil(R/S)" if share is None else "n"
    return line(text, R=reach, S=stride, n=None if share is None else -(-share // 1))


def computed(term: Expr) -> Expr:
    """The term as a number, with its sign."""
    value = as_number(exact(unsigned(term)) or 0)
    return -value if isinstance(term, Neg) else value
