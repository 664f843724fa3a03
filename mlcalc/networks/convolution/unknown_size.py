"""The inverse question: which kernel, stride, padding, dilation or input gives this output.

A size rounded down to n lies from n up to n + 1: two inequalities, which are solved for the
unknown.  Every whole number between their ends is a solution, and is put in to be checked.
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.files.errors import Unsolved
from mlcalc.files.fields import arranged, as_number
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Dots, Expr, Listing, Shape, Symbol, substitute
from mlcalc.networks.convolution.inequalities import AxisInequalities, unknown_letter
from mlcalc.networks.convolution.layer import AXES, Layer, axes_of
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.sizes import ONE
from mlcalc.networks.convolution.tensors import Padding
from mlcalc.networks.convolution.windows import P
from mlcalc.networks.convolution.working import formula_step
from mlcalc.showing.derivation import Answer, Derivation

MOST_LISTED = 12
OF_VALUES = ("image", "weights", "at", "bias", "flip", "shared")


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
        for name in OF_VALUES:
            if given.is_given(given.fields[name]):
                message = f"only sizes are asked with an output_shape: leave {name} out"
                raise given.fault(message, given.fields[name])
        self.output_shape = given.output_shape
        self.name = self.asked()
        self.layer = self.layer_without()
        place = given.place_of(LayerQuestion.output_shape)
        channels = self.layer.output_channels
        self.arranged = arranged(self.output_shape, self.layer.dimensions, place, channels)
        self.wanted = self.arranged.shape
        given.show(LayerQuestion.output_shape, self.wanted)
        self.check_output()

    def asked(self) -> str:
        """The field in `solve_for`; else the one that is missing."""
        given = self.given
        missing = [name for name in ("input", "kernel") if not given.is_given(given.fields[name])]
        if given.solve_for is None:
            if len(missing) != 1:
                message = "say what is asked for, such as solve_for: kernel"
                raise given.fault(message, LayerQuestion.output_shape)
            return missing[0]
        if given.is_given(given.fields[given.solve_for]):
            raise given.fault(
                f"'{given.solve_for}' is asked for and given: leave one of them out",
                LayerQuestion.solve_for,
            )
        return given.solve_for

    def layer_without(self) -> Layer:
        """The layer with a letter for what is asked."""
        layer = Layer(
            self.given.with_values(
                output_shape=None, solve_for=None, **{self.name: self.value_in_letters()}
            )
        )
        given = self.given
        if layer.given.padding.is_same or not layer.does.moves:
            message = "the inverse question is for a layer whose padding is a number"
            raise given.fault(message, LayerQuestion.padding)
        return layer

    def value_in_letters(self) -> Shape | Padding:
        """What is asked, as a letter an axis."""
        if self.name == "padding":
            return Padding(((P, P),))
        if self.name != "input":
            return Shape((unknown_letter(self.name, ""),))
        wanted = self.output_shape
        axes = axes_of(wanted, self.given)
        letters = tuple(map(Symbol, AXES.get(axes, AXES[2])))
        # A volume is one by its channels, which do not matter to the sizes.
        return Shape(letters, (wanted.channels or ONE) if axes == 3 else None)

    def check_output(self) -> None:
        layer, wanted = self.layer, self.wanted
        if len(wanted.sizes) == 1:
            wanted = self.wanted = replace(wanted, sizes=wanted.sizes * layer.dimensions)
        if len(wanted.sizes) != layer.dimensions:
            many = f"{layer.dimensions} size{'s' * (layer.dimensions > 1)}"
            message = f"expected {many}, one for each axis of the input, not {len(wanted.sizes)}"
            raise self.given.fault(message, LayerQuestion.output_shape)
        if wanted.channels is None and self.given.filters is not None:
            message = "the output_shape has no channels: leave filters out, or write both"
            raise self.given.fault(message, LayerQuestion.filters)
        own = layer.output_channels
        if own is not None and wanted.channels is not None and own != wanted.channels:
            raise Unsolved.because(
                f"the output has {one_line(own)} channels and not {one_line(wanted.channels)}",
                self.given.place_of(LayerQuestion.output_shape),
            )
        for axis in range(layer.dimensions):
            put_in: dict[Expr, Expr] = {unknown_letter(self.name, layer.axes[axis]): ONE}
            sizes = [substitute(size, put_in) for size in layer.numbers(axis).values()]
            if None in map(exact, (*sizes, wanted.sizes[axis])):
                message = "the inverse question needs numbers for all that is known"
                raise self.given.fault(message)

    def derivation(self) -> Derivation:
        """One set of inequalities for each axis that differs from those before it."""
        layer, steps, found = self.layer, [formula_step(self.layer)], list[AxisInequalities]()
        for axis in range(layer.dimensions):
            along = AxisInequalities(self.given, layer, self.name, axis, self.wanted.sizes[axis])
            if not any(along.is_like(other) for other in found):
                steps.append(along.inequality_step())
                if not along.solutions:
                    place = self.given.place_of(LayerQuestion.output_shape)
                    raise Unsolved.because(along.reason(), place)
                steps.append(along.check_step())
            found.append(along)
        title = f"Which {self.name} gives an output of {one_line(Shape(self.wanted.sizes))}?"
        own = self.layer.arranged
        notes = [*(own.notes if own and self.name != "input" else ()), *self.arranged.notes]
        if any(along.is_open for along in found):
            text = f"a larger {self.name} gives the same output: what is listed ends somewhere"
            notes.append(Note("conv.unbounded", text))
        answer = replace(self.answer(found), is_count=True)
        return Derivation(title, tuple(steps), (answer,), tuple(notes))

    def answer(self, found: list[AxisInequalities]) -> Answer:
        """One list where all axes have the same numbers, else one for each axis."""
        lists = [tuple(map(Fraction, along.solutions)) for along in found]
        first, symbol = lists[0], found[0].symbol
        is_input = self.name == "input" and len(lists) > 1
        is_mixed = any(values != first for values in lists)
        if (is_input or is_mixed) and all(len(values) == 1 for values in lists):
            sizes = tuple(values[0] for values in lists)
            return Answer(self.name, sizes, Shape(tuple(map(as_number, sizes))))
        if is_mixed:
            return Answer(self.name, tuple(lists), Listing(tuple(map(listed, lists))))
        name = None if is_input else symbol
        if len(first) == 1:
            return Answer(self.name, first[0], as_number(first[0]), name)
        return Answer(self.name, first, listed(first), name, any_order=True)


def listed(values: tuple[Fraction, ...]) -> Expr:
    """The numbers in order, the middle of a long list left out."""
    numbers: list[Expr] = [as_number(value) for value in values]
    if len(numbers) > MOST_LISTED:
        numbers = [*numbers[:3], Dots(), numbers[-1]]
    return Listing(tuple(numbers))
