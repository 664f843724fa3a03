"""What a layer costs: parameters, activations, multiplications, and what an entry sees."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import prod

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Neg, unsigned
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.sizes import ONE, divisor
from mlcalc.networks.convolution.windows import MULTIPLICATIONS, WEIGHTS
from mlcalc.networks.counting import counted, in_numbers, value_of

MOST_PAIRS = 1_000_000


class Costs:
    """The counts of a layer whose channels and filters are known; one where nothing is said."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.channels = layer.channels or ONE
        self.filters = (layer.filters or ONE) if layer.has_weights else self.channels
        self.output = [window.output for window in layer.windows]

    @property
    def lines(self) -> dict[str, str]:
        """What each costs; nothing where a part of what is multiplied was not said."""
        layer = self.layer
        is_bare = layer.channels is None and layer.filters is None
        if not (layer.is_described or is_bare or not layer.has_weights):
            return {}
        products = MULTIPLICATIONS.replace("N", "X") if layer.is_transposed else MULTIPLICATIONS
        return {
            "parameters": self.parameters if layer.has_weights else "0",
            "activations": "F*N",
            "multiplications": products if layer.has_weights else "0",
        }

    @property
    def parameters(self) -> str:
        """Where weights are not shared, a kernel and a bias for each entry of the output."""
        is_shared = self.layer.given.shared
        weights, biases = WEIGHTS, "F" if is_shared else "F*N"
        if not is_shared:
            weights = weights.replace("F", "(F*N)")
        return f"{weights} + {biases}" if self.layer.has_bias else weights

    @cached_property
    def names(self) -> dict[str, Fill]:
        layer = self.layer
        return {
            "C": self.channels, "F": self.filters, "G": divisor(layer.groups), "N": self.output,
            "K": [window.kernel for window in layer.windows],
            "X": [window.size for window in layer.windows],
        }  # fmt: skip

    @property
    def formulas(self) -> dict[str, Expr]:
        """The lines with what is given put in."""
        return {name: line(text, **self.names) for name, text in self.lines.items()}

    @cached_property
    def counts(self) -> dict[str, Fraction | Expr]:
        """Their values; a formula where a letter is left."""
        numbers = in_numbers(self.names)
        found: dict[str, Fraction | Expr] = {}
        for name, text in self.lines.items():
            value = value_of(text, numbers)
            found[name] = line(text, **self.names) if value is None else Fraction(value)
        return found

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
            ends = ((before - dilation * k, size + before - dilation * k) for k in range(kernel))
            places = (
                min(-(-end // stride), int(count)) - max(-(-start // stride), 0)
                for start, end in ends
            )
            pairs = sum(number for number in places if number > 0)
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
        if not self.layer.has_weights or self.layer.is_transposed:
            return None
        axes, groups = self.connections, exact(self.layer.groups)
        if axes is None or groups is None:
            return None
        used, every = (prod(axis) for axis in zip(*axes, strict=True))
        return 1 - Fraction(used, every) / groups


def stamped_on(reach: Expr, stride: Expr) -> Expr:
    """⌈reach/stride⌉: the inputs whose stamps may overlap in one entry of the output."""
    names: dict[str, Fill] = {"R": reach, "S": stride}
    share = counted("ceil(R/S)", names)
    return line("ceil(R/S)", **names) if share is None else as_number(share)


def computed(term: Expr) -> Expr:
    """The term as a number, with its sign."""
    value = as_number(exact(unsigned(term)) or 0)
    return -value if isinstance(term, Neg) else value
