"""Where a window may stand along one axis: the output size of convolution, pooling and transposed
convolution, and what a convolution layer costs.

Every size is a tree, a number or a letter.  A formula is one line, read with letters to write it
down, with numbers to put them in, and counted to have the size, so the three cannot differ.
Sizes after Dumoulin and Visin (2016), relationships 6 and 14; dilation, `ceil_mode` and
`output_padding` as PyTorch defines them.
"""

from __future__ import annotations

from typing import ClassVar

from mlcalc.files.fields import as_number, whole
from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Record, kept, replace
from mlcalc.maths.tree import Add, Expr, Symbol, spread
from mlcalc.networks.convolution.sizes import ONE, ZERO, added_up
from mlcalc.networks.counting import Count, Counts, counting, value_of

P, K, S, DILATION, OUTPUT_PADDING = map(Symbol, ("P", "K", "S", "d", "O"))
BEFORE, AFTER = Symbol("P", "before"), Symbol("P", "after")

WEIGHTS = "C*F*K/G"
"""Each of F filters has a weight for each entry of its window, in each of C channels it sees."""
MULTIPLICATIONS = "F*N*C*K/G"
"""Each weight is used once at each of N positions: the entries of the output, and of the input for
a transposed convolution.  Padding is multiplied like any other entry."""


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
    def names(self) -> dict[str, Fill]:
        """What the letters of a formula stand for; P is the padding of both ends, R the reach."""
        both = [self.before, self.after] if self.is_uneven else line("2*P", P=self.before)
        reach = spread(Add, self.reach)
        return {
            "W": self.size, "K": self.kernel, "S": self.stride, "P": both, "R": reach,
            "d": self.dilation,
        }  # fmt: skip

    @kept
    def numbers(self) -> tuple[int, int, int, int, int, int] | None:
        """Size, kernel, stride, padding before and after, dilation; None where one is a letter."""
        sizes = (self.size, self.kernel, self.stride, self.before, self.after, self.dilation)
        size, kernel, stride, before, after, dilation = map(whole, sizes)
        if size is None or kernel is None or stride is None:
            return None
        if before is None or after is None or dilation is None:
            return None
        return size, kernel, stride, before, after, dilation

    @kept
    def counts(self) -> dict[str, Counts]:
        """The same as `names`, for those that are numbers."""
        sizes = {"W": self.size, "K": self.kernel, "S": self.stride, "d": self.dilation}
        ends = whole(self.before), whole(self.after)
        found: dict[str, Counts] = {
            name: (number,) for name, size in sizes.items() if (number := whole(size)) is not None
        }
        if ends[0] is not None and ends[1] is not None:
            found["P"] = ends[0], ends[1]
        if "K" in found and "d" in found:
            found["R"] = counting(self.reach_text)(found)
        return found

    def counted(self, text: str) -> Count | None:
        """The value of a formula; None where a letter is left."""
        return value_of(text, self.counts)

    @property
    def is_dilated(self) -> bool:
        return self.dilation != ONE and exact(self.dilation) != 1

    @property
    def is_uneven(self) -> bool:
        return self.before != self.after and exact(self.before - self.after) != 0

    PADDED: ClassVar[str] = "W + P"
    """The input with its padding: W + 2P."""

    @property
    def padded(self) -> Expr:
        return line(self.PADDED, **self.names)

    @property
    def reach_text(self) -> str:
        """From the first entry under the window to the last, both counted."""
        return "d*(K - 1) + 1" if self.is_dilated else "K"

    @kept
    def reach(self) -> Expr:
        return line(self.reach_text, K=self.kernel, d=self.dilation)

    @property
    def room_text(self) -> str:
        """How far the window can be moved."""
        return "W + P - d*(K - 1) - 1" if self.is_dilated else "W + P - K"

    @property
    def room(self) -> Expr:
        return line(self.room_text, **self.names)

    @property
    def text(self) -> str:
        """⌊(W + 2P − K)/S⌋ + 1, with the reach d(K − 1) + 1 of a dilated kernel in place of K."""
        return self.steps_of(self.room_text)

    def steps_of(self, room: str) -> str:
        return f"{'ceil' if self.ceil_mode else 'floor'}(({room})/S) + 1"

    @property
    def formula(self) -> Expr:
        return line(self.text, **self.names)

    @kept
    def output(self) -> Expr:
        """The number of positions; a short formula where letters are left."""
        count = self.counted(self.text)
        count = exact(self.formula) if count is None else count
        return self.shortened if count is None else as_number(count - self.is_last_dropped)

    @property
    def is_last_dropped(self) -> bool:
        """PyTorch's rule for ceil_mode: a last window beginning in the padding after is dropped."""
        count = self.counted(self.text) if self.ceil_mode else None
        if count is None or self.numbers is None:
            return False
        size, _, stride, before, _, _ = self.numbers
        return (count - 1) * stride >= size + before

    @property
    def shortened(self) -> Expr:
        """The formula with its numbers added up: W − K + 1 for ⌊(W + 2·0 − K)/1⌋ + 1."""
        if exact(self.stride) == 1:
            return added_up([self.room, ONE])
        room = added_up([self.room])
        return ONE if exact(room) == 0 else line(self.steps_of("room"), room=room, S=self.stride)

    def misfit(self, kernel: str, padded: str) -> str:
        """What is wrong, and what fits, where the window is larger than the padded input."""
        reach, room = self.counted("R"), self.counted(self.PADDED)
        size, dilation = whole(self.size), whole(self.dilation)
        if reach is None or room is None or reach <= room or size is None or dilation is None:
            return ""
        spread = " with its dilation" if dilation > 1 else ""
        return (
            f"{kernel} of {reach}{spread} is larger than {padded} {room}: a kernel up to "
            f"{(room - 1) // dilation + 1} or a padding from {-((size - reach) // 2)} fits"
        )


class TransposedWindow(Window):
    """A window that each entry of the input stamps on the output, `stride` apart.

    `before` and `after` are cut off the ends of the output; `output_padding` is added to its end.
    """

    output_padding: Expr = ZERO

    @property
    def names(self) -> dict[str, Fill]:
        extra = self.output_padding if self.is_extended else None
        return {**super().names, "O": extra}

    @kept
    def counts(self) -> dict[str, Counts]:
        extra = whole(self.output_padding)
        return super().counts if extra is None else {**super().counts, "O": (extra,)}

    @property
    def is_extended(self) -> bool:
        return exact(self.output_padding) != 0

    @property
    def text(self) -> str:
        """S(W − 1) − 2P + K, with d(K − 1) + 1 for a dilated kernel, and the output padding."""
        return "S*(W - 1) - P + R + O"

    @property
    def shortened(self) -> Expr:
        """With S(W − 1) multiplied out for a stride that is a number."""
        stride = exact(self.stride)
        if stride is None:
            return added_up([self.formula])
        spread = self.size if stride == 1 else self.stride * self.size
        return added_up([line("W - S - P + R + O", **{**self.names, "W": spread})])


def as_keras(
    window: TransposedWindow, is_same: bool, has_own: bool = False
) -> TransposedWindow | None:
    """Each entry makes as many as the stride is; with `same` what a stamp has more is cut off.

    With an output padding of its own the output is as long as the stamps are and that, and `same`
    cuts half a kernel off each end.  None where a letter is left.
    """
    reach, stride, own = map(whole, (window.reach, window.stride, window.output_padding))
    if reach is None or stride is None or own is None:
        return None
    if is_same:
        more = 2 * (reach // 2) - own if has_own else reach - stride
        cut, extra = max(more, 0), max(-more, 0)
    else:
        cut, extra = 0, own if has_own else max(stride - reach, 0)
    before, after, extended = map(as_number, (cut // 2, cut - cut // 2, extra))
    return replace(window, before=before, after=after, output_padding=extended)


class SameWindow(Window):
    """A window whose padding was chosen so that there is one window for each stride begun."""

    @property
    def text(self) -> str:
        """⌈W/S⌉."""
        return "ceil(W/S)"

    @property
    def shortened(self) -> Expr:
        return self.size if exact(self.stride) == 1 else self.formula


class Margin(Window):
    """Padding alone: no window is moved."""

    @property
    def text(self) -> str:
        """W + 2P."""
        return self.PADDED

    @property
    def shortened(self) -> Expr:
        return added_up([self.padded])


def same_padding(size: int, kernel: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    """The padding before and after that makes the output ⌈size/stride⌉ long.

    As TensorFlow and Keras define `same`; an odd number leaves the larger half at the end.  With
    stride 1 it is PyTorch's, which has no other.
    """
    windows = -(-size // stride)
    total = max((windows - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2
