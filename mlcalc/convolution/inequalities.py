"""The inequalities for an unknown size along one axis, and the whole numbers that satisfy them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from mlcalc.convolution.layer import AXIS_NAMES
from mlcalc.convolution.layer_question import LayerQuestion
from mlcalc.convolution.windows import ZERO, TransposedWindow, added_up
from mlcalc.derivation import Block, Step
from mlcalc.errors import Unsolved
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Div, Expr, equals, substitute
from mlcalc.records import replace

if TYPE_CHECKING:
    from mlcalc.convolution.unknown_size import Unknown

LEAST = {"kernel": 1, "stride": 1, "padding": 0, "dilation": 1, "input": 1}
MOST_TRIED, MOST_NEAR = 1_000, 200


class Along:
    """The inequalities along one axis, and the whole numbers that satisfy them."""

    def __init__(self, unknown: Unknown, axis: int) -> None:
        self.unknown, self.axis = unknown, axis
        self.name, self.symbol = unknown.name, unknown.letter(axis)
        self.open = unknown.layer.windows[axis]
        self.wanted = exact(unknown.wanted.sizes[axis]) or Fraction(0)
        self.steps = self.wanted - 1
        self.is_tiled = unknown.is_tiled
        if self.is_tiled and self.open.is_dilated:
            message = "the window is dilated: give its stride too"
            raise unknown.given.fault(message, LayerQuestion.dilation)
        low, high = self.ends()
        self.low = max(Fraction(math.ceil(low)), Fraction(LEAST[self.name]))
        self.is_open = high is None
        self.high = Fraction(math.floor(high)) if high is not None else max(self.low, self.most)
        if self.high - self.low > MOST_TRIED and not self.is_open:
            message = f"more than {MOST_TRIED:,} numbers fit, from {self.low} to {self.high}"
            raise Unsolved.because(message, unknown.given.place_of(LayerQuestion.output_shape))
        numbers = range(int(self.low), min(int(self.high), int(self.low) + MOST_TRIED) + 1)
        self.solutions = [n for n in numbers if unknown.fits(axis, n)]

    def is_like(self, other: Along) -> bool:
        """Whether all numbers along the two axes agree."""
        size = {"size": ZERO} if self.name == "input" else {}
        return self.wanted == other.wanted and (
            replace(self.open, **size) == replace(other.open, **size)
        )

    @property
    def most(self) -> Fraction:
        """A stride or dilation beyond the padded input changes nothing."""
        size = exact(self.open.size + self.open.before + self.open.after)
        return Fraction(1) if size is None else size

    def room_at(self, value: int) -> Fraction:
        """What is divided by the stride, or the whole size of a transposed convolution."""
        window = self.unknown.window(self.axis, value)
        if isinstance(window, TransposedWindow):
            return exact(window.formula) or Fraction(0)
        size = window.size + window.before + window.after
        reach = ZERO if self.is_tiled else window.dilation * (window.kernel - 1) + 1
        return exact(size - reach) or Fraction(0)

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

    @property
    def substituted(self) -> Expr:
        layer = self.unknown.layer
        return layer.substituted(self.axis)

    def inequality_step(self) -> Step:
        name = AXIS_NAMES[self.unknown.layer.axes[self.axis]]
        wanted = as_number(self.wanted)
        blocks: list[Block] = [equals(self.substituted, wanted)]
        if isinstance(self.open, TransposedWindow):
            note = "an equation of first degree"
            blocks += [equals(self.symbol, as_number(self.ends()[0]))] if self.has_slope else []
            return Step(f"put in the {name}", tuple(blocks), note)
        blocks += self.inequalities()
        note = f"what is rounded down to {self.steps} lies from {self.steps} up to {self.steps + 1}"
        if self.open.ceil_mode:
            note = (
                f"what is rounded up to {self.steps} lies above {self.steps - 1}; one more where "
                "the last window begins behind the input and is left out"
            )
        if self.is_tiled:
            note = "the stride is the kernel, so the windows tile the input: " + self.tiled_note()
        return Step(f"put in the {name}", tuple(blocks), note)

    def tiled_note(self) -> str:
        return f"{self.wanted} of them must fit, and no more"

    @property
    def has_slope(self) -> bool:
        return self.room_at(1) != self.room_at(0)

    def inequalities(self) -> list[Chain]:
        """The room over the stride between its limits; without the stride; for the unknown."""
        below, above = ("<", "<=") if self.open.ceil_mode else ("<=", "<")
        low, high = map(as_number, self.limits())
        if self.is_tiled:
            room: Expr = as_number(self.room_at(1))
            stride: Expr = self.symbol
        else:
            room, stride = added_up(self.open.terms), self.open.stride
        found = [Chain(low, ((below, Div(room, stride)), (above, high)))]
        if self.is_divisor:
            ends = self.divisor_ends()
            first, last = Div(room, high), Div(room, low)
            upper = ((below, last),) if ends[1] is not None else ()
            found.append(Chain(first, ((above, self.symbol), *upper)))
        elif exact(stride) != 1:
            number = exact(stride) or Fraction(1)
            ends_of_room = [as_number((exact(end) or 0) * number) for end in (low, high)]
            found.append(Chain(ends_of_room[0], ((below, room), (above, ends_of_room[1]))))
        if self.solutions:
            found.append(self.whole_numbers())
        return found

    def whole_numbers(self) -> Chain:
        """3 ≤ K ≤ 4, or K = 3."""
        first, last = as_number(self.solutions[0]), as_number(self.solutions[-1])
        if self.is_open:
            return Chain(self.symbol, ((">=", first),))
        if len(self.solutions) == 1:
            return equals(self.symbol, first)
        return Chain(first, (("<=", self.symbol), ("<=", last)))

    def check_step(self) -> Step:
        """The first and the last put into the formula."""
        ends = dict.fromkeys((self.solutions[0], self.solutions[-1]))
        blocks = []
        for number in ends:
            window = self.unknown.window(self.axis, number)
            put_in: dict[Expr, Expr] = {self.symbol: as_number(number)}
            formula = substitute(self.substituted, put_in)
            if window.is_last_dropped:
                formula = formula - 1
            blocks.append(equals(formula, as_number(self.wanted)))
        return Step("put it back in to check", tuple(blocks))

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
            size = self.unknown.output(self.axis, value)
            if size is None:
                continue
            if size < self.wanted and (below is None or size > below[0]):
                below = size, value
            if size > self.wanted and (above is None or size < above[0]):
                above = size, value
        return [pair for pair in (below, above) if pair is not None]
