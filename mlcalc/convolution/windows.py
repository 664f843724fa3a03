"""Where a window may stand along one axis: the output size of convolution, pooling and transposed
convolution, and what a convolution layer costs.

Every size is a tree, a number or a letter.  A formula is built by one function, given letters to
write it down, numbers to put them in, and evaluated to have the size, so the three cannot differ.
Sizes after Dumoulin and Visin (2016), relationships 6 and 14; dilation, `ceil_mode` and
`output_padding` as PyTorch defines them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from mlcalc.fields import as_number, whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Div, Expr, Mul, Neg, Symbol, call
from mlcalc.records import Record

ZERO, ONE = as_number(0), as_number(1)
P, K, S, DILATION, OUTPUT_PADDING = map(Symbol, ("P", "K", "S", "d", "O"))
BEFORE, AFTER = Symbol("P", "before"), Symbol("P", "after")


class Window(Record):
    """A window that is moved along an axis of `size` entries by `stride` at a time.

    `before` and `after` are the padding at the two ends; `dilation` is the distance between
    neighbouring entries of the window.  With `ceil_mode` the last window may hang over the edge.
    """

    size: Expr
    kernel: Expr
    stride: Expr = ONE
    before: Expr = ZERO
    after: Expr = ZERO
    dilation: Expr = ONE
    ceil_mode: bool = False

    @property
    def is_dilated(self) -> bool:
        return self.dilation != ONE and exact(self.dilation) != 1

    @property
    def is_uneven(self) -> bool:
        return self.before != self.after and exact(self.before - self.after) != 0

    @property
    def padding(self) -> list[Expr]:
        """The padding of both ends as terms of a sum: 2·P, or one term an end."""
        return [self.before, self.after] if self.is_uneven else [2 * self.before]

    @property
    def rounding(self) -> str:
        return "ceil" if self.ceil_mode else "floor"

    @property
    def formula(self) -> Expr:
        """⌊(W + 2P − K)/S⌋ + 1, with the reach d(K − 1) + 1 of a dilated kernel in place of K."""
        room = sum(self.padding, self.size)
        room = (
            room - self.dilation * (self.kernel - 1) - 1 if self.is_dilated else room - self.kernel
        )
        return call(self.rounding, room / self.stride) + 1

    @property
    def output(self) -> Expr:
        """The number of positions; a short formula where letters are left."""
        size = exact(self.formula)
        return self.shortened if size is None else as_number(size - self.is_last_dropped)

    @property
    def is_last_dropped(self) -> bool:
        """PyTorch's rule for ceil_mode: a last window beginning in the padding after is dropped."""
        count, sizes = exact(self.formula), [*map(whole, (self.size, self.before, self.stride))]
        size, before, stride = sizes
        if not self.ceil_mode or count is None or size is None or before is None or stride is None:
            return False
        return (count - 1) * stride >= size + before

    @property
    def reach(self) -> Expr:
        """From the first entry under the window to the last, both counted: d(K − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1 if self.is_dilated else self.kernel

    @property
    def terms(self) -> list[Expr]:
        """What is rounded, as terms: size, padding, and minus the reach."""
        reach = (
            [-(self.dilation * (self.kernel - 1)), as_number(-1)]
            if self.is_dilated
            else [-self.kernel]
        )
        return [self.size, *self.padding, *reach]

    @property
    def shortened(self) -> Expr:
        """The formula with its numbers added up: W − K + 1 for ⌊(W + 2·0 − K)/1⌋ + 1."""
        if exact(self.stride) == 1:
            return added_up([*self.terms, ONE])
        room = added_up(self.terms)
        return ONE if exact(room) == 0 else call(self.rounding, room / self.stride) + 1


class TransposedWindow(Window):
    """A window that each entry of the input stamps on the output, `stride` apart.

    `before` and `after` are cut off the ends of the output; `output_padding` is added to its end.
    """

    output_padding: Expr = ZERO

    @property
    def is_extended(self) -> bool:
        return exact(self.output_padding) != 0

    @property
    def formula(self) -> Expr:
        """S(W − 1) − 2P + K, with d(K − 1) + 1 for a dilated kernel, and the output padding."""
        total = self.stride * (self.size - 1)
        for cut in self.padding:
            total = total - cut
        for added in self.reach.terms if isinstance(self.reach, Add) else (self.reach,):
            total = total + added
        return total + self.output_padding if self.is_extended else total

    @property
    def output(self) -> Expr:
        size = exact(self.formula)
        return self.shortened if size is None else as_number(size)

    @property
    def shortened(self) -> Expr:
        is_open = exact(self.stride) is None
        first = [self.stride * (self.size - 1)] if is_open else self.spread
        return added_up([*first, *(-cut for cut in self.padding), self.reach, self.output_padding])

    @property
    def spread(self) -> list[Expr]:
        """S(W − 1) for a stride that is a number, multiplied out."""
        size = self.size if exact(self.stride) == 1 else self.stride * self.size
        return [size, as_number(-(exact(self.stride) or 0))]


class SameWindow(Window):
    """A window whose padding was chosen so that there is one window for each stride begun."""

    @property
    def formula(self) -> Expr:
        """⌈W/S⌉."""
        return call("ceil", self.size / self.stride)

    @property
    def shortened(self) -> Expr:
        return self.size if exact(self.stride) == 1 else self.formula


class Margin(Window):
    """Padding alone: no window is moved."""

    @property
    def formula(self) -> Expr:
        """W + 2P."""
        return sum(self.padding, self.size)

    @property
    def shortened(self) -> Expr:
        return added_up([self.size, *self.padding])


def same_padding(size: int, kernel: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    """The padding before and after that makes the output ⌈size/stride⌉ long.

    As TensorFlow and Keras define `same`; an odd number leaves the larger half at the end.  With
    stride 1 it is PyTorch's, which has no other.
    """
    windows = -(-size // stride)
    total = max((windows - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


# What a convolution layer costs.


def weight_count(channels: Expr, filters: Expr, kernel: Sequence[Expr], groups: Expr = ONE) -> Expr:
    """C·F·K·K: each filter has a weight for each entry of its window, in each channel it sees."""
    weights = times(channels, filters, *kernel)
    return weights if exact(groups) == 1 else Div(weights, groups)


def parameter_count(
    channels: Expr, filters: Expr, kernel: Sequence[Expr], groups: Expr = ONE, bias: bool = True
) -> Expr:
    """C·F·K·K/G + F: the weights, and a bias for each filter; transposed or not."""
    weights = weight_count(channels, filters, kernel, groups)
    return weights + filters if bias else weights


def multiplication_count(
    positions: Sequence[Expr],
    channels: Expr,
    filters: Expr,
    kernel: Sequence[Expr],
    groups: Expr = ONE,
) -> Expr:
    """F·H·W·C·K·K/G: each weight is used once at each position of its window.

    The positions are the sizes of the output, and of the input for a transposed convolution.
    Padding is multiplied like any other entry.
    """
    products = times(filters, *positions, channels, *kernel)
    return products if exact(groups) == 1 else Div(products, groups)


def times(*factors: Expr) -> Expr:
    """The factors as one product, as it is written."""
    return Mul(factors) if len(factors) > 1 else factors[0]


def size_product(sizes: Sequence[Expr]) -> Expr:
    """The product where all sizes are numbers, else written out."""
    values = [exact(size) for size in sizes]
    numbers = [value for value in values if value is not None]
    return as_number(prod(numbers)) if len(numbers) == len(values) else times(*sizes)


def added_up(terms: Sequence[Expr]) -> Expr:
    """The sum with its numbers added into one, which stands last, or first before minus signs."""
    terms = [part for term in terms for part in (term.terms if isinstance(term, Add) else (term,))]
    number = sum((exact(term) or Fraction(0) for term in terms), Fraction(0))
    letters = [term for term in terms if exact(term) is None]
    if number > 0 and all(isinstance(term, Neg) for term in letters):
        letters.insert(0, as_number(number))
    elif number:
        letters.append(as_number(number) if number > 0 else -as_number(-number))
    return Add(tuple(letters)) if len(letters) > 1 else (letters or [ZERO])[0]
