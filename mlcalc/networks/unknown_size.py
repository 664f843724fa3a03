"""The inverse question: which kernel, stride, padding, dilation or input gives this output.

A size rounded down to n lies from n up to n + 1: two inequalities, which are solved for the
unknown.  Every whole number between their ends is a solution, and is put in to be checked.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.derivation import Answer, Block, Derivation, Note, Step
from mlcalc.document import Entries, Text
from mlcalc.errors import Unsolved
from mlcalc.fields import as_number, whole
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Div, Dots, Expr, Listing, Shape, Symbol, equals, substitute
from mlcalc.networks.convolution import AXIS_NAMES, Layer, LayerQuestion
from mlcalc.networks.size_steps import formula_step
from mlcalc.networks.windows import (
    DILATION,
    ONE,
    ZERO,
    K,
    P,
    S,
    TransposedWindow,
    Window,
    added_up,
)
from mlcalc.records import replace

LETTERS = {"kernel": K, "stride": S, "padding": P, "dilation": DILATION}
LEAST = {"kernel": 1, "stride": 1, "padding": 0, "dilation": 1, "input": 1}
MOST_LISTED = 12
MOST_TRIED = 10_000
FIELDS = {
    "kernel": LayerQuestion.kernel, "stride": LayerQuestion.stride,
    "padding": LayerQuestion.padding, "dilation": LayerQuestion.dilation,
    "input": LayerQuestion.input,
}  # fmt: skip


def unknown_derivation(given: LayerQuestion) -> Derivation:
    """The unknown along each axis, under its own name."""
    return Unknown(given).derivation()


class Unknown:
    """What is asked for, and the layer with everything else."""

    def __init__(self, given: LayerQuestion) -> None:
        self.given = given
        if given.output_shape is None:
            raise given.fault(
                "'output_shape' is missing: the output that is wanted, such as 64x64",
                LayerQuestion.solve_for,
            )
        for field in (LayerQuestion.image, LayerQuestion.weights, LayerQuestion.at):
            if given.is_given(field):
                message = "only sizes are known where an output_shape is given: leave values out"
                raise given.fault(message, field)
        self.wanted = given.output_shape
        self.name = self.asked()
        self.layer = self.layer_without()
        self.check_output()

    def asked(self) -> str:
        """The field in `solve_for`; else the one that is missing."""
        given = self.given
        missing = [name for name in ("input", "kernel") if not given.is_given(FIELDS[name])]
        if given.solve_for is None:
            if len(missing) != 1:
                message = "say what is asked for, such as solve_for: kernel"
                raise given.fault(message, LayerQuestion.output_shape)
            return missing[0]
        if given.is_given(FIELDS[given.solve_for]):
            raise given.fault(
                f"'{given.solve_for}' is asked for and given: leave one of them out",
                LayerQuestion.solve_for,
            )
        return given.solve_for

    def layer_without(self) -> Layer:
        """The layer with a letter for what is asked."""
        given, name = self.given, self.name
        place = given.place_of(LayerQuestion.solve_for)
        known = {
            key: raw for key, raw in given.given.items() if key not in ("output_shape", "solve_for")
        }
        axes = len(self.wanted.sizes)
        letter = "x".join("WHD"[:axes][::-1]) if name == "input" else one_line(LETTERS[name])
        known[name] = Text(letter, place)
        pairs = tuple((Text(key, place), raw) for key, raw in known.items())
        layer = Layer(type(given).read(Entries(pairs, given.place)))  # type: ignore[arg-type]
        if layer.given.padding.is_same or layer.operation == "pad":
            message = "the inverse question is for a layer whose padding is a number"
            raise given.fault(message, LayerQuestion.padding)
        return layer

    def check_output(self) -> None:
        layer, wanted = self.layer, self.wanted
        if len(wanted.sizes) == 1:
            wanted = self.wanted = replace(wanted, sizes=wanted.sizes * layer.dimensions)
        if len(wanted.sizes) != layer.dimensions:
            many = f"{layer.dimensions} size{'s' * (layer.dimensions > 1)}"
            message = f"expected {many}, one for each axis of the input, not {len(wanted.sizes)}"
            raise self.given.fault(message, LayerQuestion.output_shape)
        own = layer.output_channels
        if own is not None and wanted.channels is not None and own != wanted.channels:
            raise Unsolved.because(
                f"the output has {one_line(own)} channels and not {one_line(wanted.channels)}",
                self.given.place_of(LayerQuestion.output_shape),
            )
        for axis in range(layer.dimensions):
            put_in: dict[Expr, Expr] = {self.letter(axis): ONE}
            sizes = [substitute(size, put_in) for size in layer.numbers(axis).values()]
            if None in map(exact, (*sizes, wanted.sizes[axis])):
                message = "the inverse question needs numbers for all that is known"
                raise self.given.fault(message)

    def letter(self, axis: int) -> Symbol:
        return LETTERS.get(self.name) or Symbol(self.layer.axes[axis])

    def window(self, axis: int, value: int) -> Window:
        """The window along the axis with a number for the unknown."""
        number = as_number(value)
        changes = {"before": number, "after": number} if self.name == "padding" else {}
        if self.is_tiled:
            changes = {"kernel": number, "stride": number}
        own = "size" if self.name == "input" else self.name
        return replace(self.layer.windows[axis], **(changes or {own: number}))

    @property
    def is_tiled(self) -> bool:
        """Whether the kernel is asked for, and is the stride too."""
        return self.name == "kernel" and self.layer.is_pooling and self.given.stride is None

    def output(self, axis: int, value: int) -> int | None:
        """The output of the layer with this number; None where there is no such layer."""
        window = self.window(axis, value)
        room = exact(window.size + window.before + window.after - window.reach)
        if isinstance(window, TransposedWindow):
            extra, stride, dilation = map(
                whole, (window.output_padding, window.stride, window.dilation)
            )
            if (extra or 0) and (extra or 0) >= max(stride or 1, dilation or 1):
                return None
        elif room is None or room < 0:
            return None
        size = whole(window.output)
        return size if size is not None and size > 0 else None

    def fits(self, axis: int, value: int) -> bool:
        return self.output(axis, value) == exact(self.wanted.sizes[axis])

    def derivation(self) -> Derivation:
        """One set of inequalities for each axis that differs from those before it."""
        layer, steps, found = self.layer, [formula_step(self.layer)], list[Along]()
        for axis in range(layer.dimensions):
            along = Along(self, axis)
            if not any(along.is_like(other) for other in found):
                steps.append(along.inequality_step())
                if not along.solutions:
                    place = self.given.place_of(LayerQuestion.output_shape)
                    raise Unsolved.because(along.reason(), place)
                steps.append(along.check_step())
            found.append(along)
        title = f"Which {self.name} gives an output of {one_line(Shape(self.wanted.sizes))}?"
        notes = []
        if any(along.is_open for along in found):
            text = f"a larger {self.name} gives the same output: what is listed ends somewhere"
            notes.append(Note("conv.unbounded", text))
        return Derivation(title, tuple(steps), (self.answer(found),), tuple(notes))

    def answer(self, found: list[Along]) -> Answer:
        """One list where all axes have the same numbers, else one for each axis."""
        lists = [tuple(map(Fraction, along.solutions)) for along in found]
        if all(len(values) == 1 for values in lists) and self.name == "input" and len(lists) > 1:
            sizes = tuple(values[0] for values in lists)
            return Answer(self.name, sizes, Shape(tuple(map(as_number, sizes))))
        first, symbol = lists[0], self.letter(0)
        if any(values != first for values in lists):
            if all(len(values) == 1 for values in lists):
                sizes = tuple(values[0] for values in lists)
                return Answer(self.name, sizes, Shape(tuple(map(as_number, sizes))))
            return Answer(self.name, tuple(lists), Listing(tuple(map(listed, lists))))
        is_input = self.name == "input" and len(lists) > 1
        name = None if is_input else symbol
        if len(first) == 1:
            return Answer(self.name, first[0], as_number(first[0]), name)
        return Answer(self.name, first, listed(first), name)


def listed(values: tuple[Fraction, ...]) -> Expr:
    """The numbers in order, the middle of a long list left out."""
    numbers: list[Expr] = [as_number(value) for value in values]
    if len(numbers) > MOST_LISTED:
        numbers = [*numbers[:3], Dots(), numbers[-1]]
    return Listing(tuple(numbers))


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
        hint = f"; the nearest outputs are {listed_near}" if listed_near else ""
        wanted = f"no {self.name} gives an output of {self.wanted}"
        return f"{wanted}: {shown} has no solution in whole numbers from {least}{hint}"

    def nearest(self) -> list[tuple[int, int]]:
        """The next smaller and larger outputs, with an unknown that gives each."""
        most = int(self.most) if self.name != "input" else int(self.high) + MOST_TRIED // 10
        below: tuple[int, int] | None = None
        above: tuple[int, int] | None = None
        for value in range(LEAST[self.name], min(most, MOST_TRIED) + 1):
            size = self.unknown.output(self.axis, value)
            if size is None:
                continue
            if size < self.wanted and (below is None or size > below[0]):
                below = size, value
            if size > self.wanted and (above is None or size < above[0]):
                above = size, value
        return [pair for pair in (below, above) if pair is not None]
