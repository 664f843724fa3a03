"""The inequalities for an unknown size along one axis, and the whole numbers that satisfy them."""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.files.errors import Unsolved
from mlcalc.files.fields import as_number, whole
from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Symbol, substitute
from mlcalc.networks.convolution.layer import AXIS_NAMES, Layer
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.sizes import added_up
from mlcalc.networks.convolution.windows import DILATION, K, P, S, TransposedWindow, Window
from mlcalc.showing.derivation import Step, step

LEAST = {"kernel": 1, "stride": 1, "padding": 0, "dilation": 1, "input": 1}
MOST_TRIED, MOST_NEAR = 1_000, 200


def unknown_letter(name: str, axis: str) -> Symbol:
    letters = {"kernel": K, "stride": S, "padding": P, "dilation": DILATION}
    return letters.get(name) or Symbol(axis)


class AxisInequalities:
    """The inequalities along one axis, and the whole numbers that satisfy them."""

    def __init__(
        self, given: LayerQuestion, layer: Layer, name: str, axis: int, wanted: Expr
    ) -> None:
        self.layer, self.name, self.axis = layer, name, axis
        self.symbol = unknown_letter(name, layer.axes[axis])
        self.open = layer.windows[axis]
        self.wanted = exact(wanted) or Fraction(0)
        self.steps = self.wanted - 1
        self.is_tiled = name == "kernel" and layer.does.pool is not None
        self.is_tiled = self.is_tiled and layer.given.stride is None
        """Whether the kernel is asked for, and is the stride too."""
        if self.is_tiled and self.open.is_dilated:
            message = "the window is dilated: give its stride too"
            raise given.fault(message, LayerQuestion.dilation)
        low, high = self.ends()
        self.low = max(Fraction(math.ceil(low)), Fraction(LEAST[name]))
        self.is_open = high is None
        self.high = Fraction(math.floor(high)) if high is not None else max(self.low, self.most)
        if self.high - self.low > MOST_TRIED and not self.is_open:
            message = f"more than {MOST_TRIED:,} numbers fit, from {self.low} to {self.high}"
            raise Unsolved.because(message, given.place_of(LayerQuestion.output_shape))
        numbers = range(int(self.low), min(int(self.high), int(self.low) + MOST_TRIED) + 1)
        self.solutions = [n for n in numbers if self.output(n) == self.wanted]

    def window(self, value: int) -> Window:
        """The window with a number for the unknown."""
        number = as_number(value)
        if self.name == "padding":
            return replace(self.open, before=number, after=number)
        if self.is_tiled:
            return replace(self.open, kernel=number, stride=number)
        return replace(self.open, **{"size" if self.name == "input" else self.name: number})

    def output(self, value: int) -> int | None:
        """The output of the layer with this number; None where there is no such layer."""
        window = self.window(value)
        if isinstance(window, TransposedWindow):
            sizes = (window.output_padding, window.stride, window.dilation)
            extra, stride, dilation = map(whole, sizes)
            if extra and extra >= max(stride or 1, dilation or 1):
                return None
        else:
            room = exact(window.room)
            if room is None or room < 0:
                return None
        size = whole(window.output)
        return size if size is not None and size > 0 else None

    def is_like(self, other: AxisInequalities) -> bool:
        """Whether all numbers along the two axes agree."""
        own = self.open if self.name != "input" else replace(self.open, size=other.open.size)
        return self.wanted == other.wanted and own == other.open

    @property
    def most(self) -> Fraction:
        """A stride or dilation beyond the padded input changes nothing."""
        size = exact(self.open.padded)
        return Fraction(1) if size is None else size

    def room_at(self, value: int) -> Fraction:
        """What is divided by the stride, or the whole size of a transposed convolution."""
        window = self.window(value)
        if isinstance(window, TransposedWindow):
            return exact(window.formula) or Fraction(0)
        return exact(window.padded if self.is_tiled else window.room) or Fraction(0)

    def limits(self) -> tuple[Fraction, Fraction]:
        """Between which numbers the room over the stride lies: from n − 1 up to n, say."""
        if self.is_tiled:
            return self.wanted - self.open.ceil_mode, self.wanted + 1
        if self.open.ceil_mode:
            return self.steps - 1, self.steps + 1
        return self.steps, self.steps + 1

    def ends(self) -> tuple[Fraction, Fraction | None]:
        """The least and the largest number that can fit; None where there is no largest."""
        if isinstance(self.open, TransposedWindow):
            low = high = self.wanted
        elif self.is_divisor:
            return self.divisor_ends()
        else:
            stride = exact(self.open.stride) or Fraction(1)
            low, high = (end * stride for end in self.limits())
            low, high = (low + 1, high) if self.open.ceil_mode else (low, high - 1)
        start = self.room_at(0)
        slope = self.room_at(1) - start
        if not slope:
            fits = low <= start <= high
            return Fraction(LEAST[self.name]), None if fits else Fraction(0)
        first, last = (low - start) / slope, (high - start) / slope
        return min(first, last), max(first, last)

    @property
    def is_divisor(self) -> bool:
        return self.name == "stride" or self.is_tiled

    def divisor_ends(self) -> tuple[Fraction, Fraction | None]:
        room = self.room_at(1)
        low, high = self.limits()
        return room / high, room / low if low > 0 else None

    # The board.

    def inequality_step(self) -> Step:
        given, wanted = self.layer.substituted[self.axis], as_number(self.wanted)
        first = line("given = wanted", given=given, wanted=wanted)
        rule = f"put in the {AXIS_NAMES[self.layer.axes[self.axis]]}"
        if isinstance(self.open, TransposedWindow):
            has_slope = self.room_at(1) != self.room_at(0)
            found = line("x = end", x=self.symbol, end=self.ends()[0]) if has_slope else None
            return step(rule, first, found, why="an equation of first degree")
        n = self.steps
        why = f"what is rounded down to {n} lies from {n} up to {n + 1}"
        if self.open.ceil_mode:
            why = (
                f"what is rounded up to {n} lies above {n - 1}; one more where the last window "
                "begins behind the input and is left out"
            )
        if self.is_tiled:
            why = (
                "the stride is the kernel, so the windows tile the input: "
                f"{self.wanted} of them must fit, and no more"
            )
        return step(rule, first, *self.inequalities(), why=why)

    def inequalities(self) -> list[Expr]:
        """The room over the stride between its limits; without the stride; for the unknown."""
        below, above = ("<", "<=") if self.open.ceil_mode else ("<=", "<")
        low, high = self.limits()
        room: Expr = as_number(self.room_at(1)) if self.is_tiled else added_up([self.open.room])
        stride = self.symbol if self.is_tiled else self.open.stride
        names: dict[str, Fill] = {
            "x": self.symbol, "room": room, "S": stride, "low": low, "high": high,
        }  # fmt: skip
        found = [line(f"low {below} room/S {above} high", **names)]
        if self.is_divisor:
            upper = f"{below} room/low" if self.divisor_ends()[1] is not None else ""
            found.append(line(f"room/high {above} x {upper}", **names))
        elif exact(stride) != 1:
            number = exact(stride) or Fraction(1)
            names |= {"low": low * number, "high": high * number}
            found.append(line(f"low {below} room {above} high", **names))
        if self.solutions:
            found.append(self.whole_numbers())
        return found

    def whole_numbers(self) -> Expr:
        """3 ≤ K ≤ 4, or K = 3."""
        text = "low <= x <= high"
        if self.is_open:
            text = "x >= low"
        elif len(self.solutions) == 1:
            text = "x = low"
        return line(text, x=self.symbol, low=self.solutions[0], high=self.solutions[-1])

    def check_step(self) -> Step:
        """The first and the last put into the formula."""
        lines = []
        for number in dict.fromkeys((self.solutions[0], self.solutions[-1])):
            put_in: dict[Expr, Expr] = {self.symbol: as_number(number)}
            formula = substitute(self.layer.substituted[self.axis], put_in)
            dropped = 1 if self.window(number).is_last_dropped else None
            names = {"formula": formula, "dropped": dropped, "wanted": self.wanted}
            lines.append(line("formula - dropped = wanted", **names))
        return step("put it back in to check", *lines)

    def reason(self) -> str:
        """Why nothing fits, with the outputs next to it that can be had."""
        shown = one_line(self.inequality_step().blocks[-1])  # type: ignore[arg-type]  # maths
        least = LEAST[self.name]
        near = self.nearest()
        listed_near = " and ".join(f"{size} ({self.name} {value})" for size, value in near)
        verb = "outputs are" if len(near) > 1 else "output is"
        hint = f"; the nearest {verb} {listed_near}" if near else ""
        wanted = f"no {self.name} gives an output of {self.wanted}"
        return f"{wanted}: {shown} has no solution in whole numbers from {least}{hint}"

    def nearest(self) -> list[tuple[int, int]]:
        """The next smaller and larger outputs, with an unknown that gives each."""
        below: tuple[int, int] | None = None
        above: tuple[int, int] | None = None
        first = max(int(min(self.low, self.high)) - MOST_NEAR, LEAST[self.name])
        for value in range(first, first + 2 * MOST_NEAR):
            size = self.output(value)
            if size is None:
                continue
            if size < self.wanted and (below is None or size > below[0]):
                below = size, value
            if size > self.wanted and (above is None or size < above[0]):
                above = size, value
        return [pair for pair in (below, above) if pair is not None]
