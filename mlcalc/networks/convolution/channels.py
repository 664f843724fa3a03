"""How many channels go in, filters stand over them and groups part them, and whose weights."""

from __future__ import annotations

from mlcalc.files.fields import as_number, whole
from mlcalc.maths.tree import Expr
from mlcalc.networks.convolution.question import DEPTHWISE, LayerQuestion
from mlcalc.networks.convolution.sizes import ONE
from mlcalc.networks.convolution.tensors import Tensor

MOST_TRIED = 10_000
"""Numbers of groups that may be proposed."""


class Channels:
    """Input channels, filters and groups: numbers, letters, or None where nothing is said."""

    def __init__(self, given: LayerQuestion, channels: Expr | None, dimensions: int) -> None:
        self.given, self.channels, self.dimensions = given, channels, dimensions
        self.is_transposed = given.does.is_transposed
        is_depthwise = given.groups == DEPTHWISE
        self.groups: Expr = (self.channels or ONE) if is_depthwise else given.groups
        self.filters = given.filters
        if is_depthwise and self.filters is None:
            self.filters = self.channels
        self.check_groups("channels", self.channels)
        self.weights = self.weight_tensor() if given.weights is not None else None
        if self.weights is not None and (self.filters is None or whole(self.filters) is None):
            is_listed = given.weights is not None and given.weights.depth == dimensions + 2
            count = self.filter_count(self.weights)
            self.filters = as_number(count) if count > 1 or is_listed else None
        self.check_groups("filters", self.filters)

    def check_groups(self, name: str, size: Expr | None) -> None:
        """Groups part channels and filters evenly."""
        groups, number = whole(self.groups), None if size is None else whole(size)
        if groups and number and number % groups:
            fitting = (d for d in range(1, min(number, MOST_TRIED) + 1) if number % d == 0)
            nearest = sorted(sorted(fitting, key=lambda d: abs(d - groups))[:3])
            *others, last = map(str, nearest)
            fitting_words = f"{', '.join(others)} or {last}" if others else last
            message = f"the {number} {name} cannot be parted into {groups} groups: write "
            message += fitting_words
            raise self.given.fault(message, LayerQuestion.groups)
        if name == "channels" and groups and groups > 1 and size is None:
            message = "groups divide the channels: give their number too, as in 4@8x8"
            raise self.given.fault(message, LayerQuestion.groups)

    def filter_count(self, weights: Tensor) -> int:
        groups = whole(self.groups) or 1
        return weights.sizes[1] * groups if self.is_transposed else weights.sizes[0]

    def weight_tensor(self) -> Tensor:
        """Filters × channels of a group × kernel; for a transposed convolution channels first."""
        given, weights = self.given, self.given.weights
        assert weights is not None
        axes, groups = self.dimensions, whole(self.groups) or 1
        channels = 1 if self.channels is None else whole(self.channels)
        if channels is None:
            raise given.fault("values need a number of channels", LayerQuestion.input)
        seen = channels if self.is_transposed else channels // groups
        if weights.depth == axes + 1:
            # Either one matrix a filter, or the matrices of one filter, one a channel it sees.
            is_one_filter = not self.is_transposed and weights.sizes[0] == seen > 1
            pair = (1, seen) if is_one_filter else (weights.sizes[0], 1)
            weights = Tensor((*pair, *weights.sizes[1:]), weights.entries)
        weights = weights.deepened(axes + 2)
        own = weights.sizes[0] if self.is_transposed else weights.sizes[1]
        if own != seen:
            what = f"{own} matrix" if own == 1 else f"{own} matrices"
            raise given.fault(
                f"a filter has {what} and sees {seen} channel{'s' * (seen > 1)}: "
                "give a matrix for each channel it sees",
                LayerQuestion.weights,
            )
        filters = None if given.filters is None else whole(given.filters)
        count = self.filter_count(weights)
        if filters is not None and filters != count:
            raise given.fault(
                f"the weights are of {count} filter{'s' * (count > 1)} and not {filters}: "
                "leave filters out, or give weights for each",
                LayerQuestion.filters,
            )
        return weights
