"""A convolution, pooling, transposed convolution or padding layer: its fields and its sizes.

The fields are checked against each other here; what a layer computes is in `feature_maps`.
"""

from __future__ import annotations

from functools import cached_property

from mlcalc.files import problem
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import Arranged, arranged, as_number, whole
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Shape, Symbol, substitute
from mlcalc.networks.convolution.channels import Channels
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.sizes import ONE, ZERO
from mlcalc.networks.convolution.tensors import Padding, Tensor
from mlcalc.networks.convolution.windows import (
    AFTER,
    BEFORE,
    DILATION,
    OUTPUT_PADDING,
    K,
    P,
    S,
    SameWindow,
    TransposedWindow,
    Window,
    as_keras,
    same_padding,
)

AXES = {1: ("W",), 2: ("H", "W"), 3: ("D", "H", "W")}
AXIS_NAMES = {"D": "depth", "H": "height", "W": "width"}
AXES_OF_DEPTH = {0: 2, 1: 1, 2: 2, 3: 2, 4: 3}
"""By the depth of an image: a list of matrices is a picture with channels."""


def axes_of(shape: Shape, given: LayerQuestion) -> int:
    """Over how many axes of a shape the window moves.

    More than two sizes without a word of the channels are a picture's, unless the window says so.
    """
    if shape.channels is not None or len(shape.sizes) < 3:
        return len(shape.sizes)
    refuse_deep_kernel(shape, given)
    windows = (given.kernel, given.stride, given.dilation, given.output_padding)
    counts = [len(window.sizes) for window in windows if window is not None]
    if max(counts, default=1) > 1:
        return max(counts)
    if given.image is not None:
        return AXES_OF_DEPTH.get(given.image.depth, given.image.depth)
    is_volume = given.weights is not None and given.weights.depth == 5
    return 3 if is_volume else max(2, len(shape.sizes) - 2)


def refuse_deep_kernel(shape: Shape, given: LayerQuestion) -> None:
    """Complains of 6x6x3 with the kernel 3x3x3: a picture's channels, or a volume's depth."""
    kernel = given.kernel
    if kernel is None or len(kernel.sizes) != 3 or len(shape.sizes) != 3:
        return
    for end in (2, 0):
        if exact(kernel.sizes[end]) is not None and kernel.sizes[end] == shape.sizes[end]:
            others = kernel.sizes[:2] if end else kernel.sizes[1:]
            deep, flat = one_line(Shape(shape.sizes)), one_line(Shape(others))
            message = f"the kernel may go through all {one_line(kernel.sizes[end])} channels: "
            message += f"write {flat}; or over a volume: write the input as 1@{deep}"
            raise given.fault(message, LayerQuestion.kernel)


NO_KERNEL = "'kernel' is missing: its size, such as 3 or 3x5"


class Layer:
    """The sizes of one layer along each axis, numbers or letters, checked against each other."""

    def __init__(self, given: LayerQuestion) -> None:
        self.given = given
        given.check_operation()
        self.does = given.does
        self.has_weights, self.is_transposed = self.does.has_weights, self.does.is_transposed
        self.dimensions = self.dimension_count()
        if self.dimensions not in AXES:
            message = "a layer has one, two or three axes beside the channels"
            raise given.fault(message, LayerQuestion.input)
        self.axes = AXES[self.dimensions]
        self.image = self.image_tensor()
        self.arranged = self.arranged_input()
        self.input = self.input_shape()
        self.check_channels()
        self.windows = self.windows_along_axes()
        own = Channels(given, self.input.channels, self.dimensions)
        self.channels, self.filters, self.groups = own.channels, own.filters, own.groups
        self.weights = own.weights
        for axis in range(self.dimensions):
            self.check_fit(axis)

    # Sizes.

    def dimension_count(self) -> int:
        """The axes beside the channels: of the input, else of the kernel, else of the image."""
        given = self.given
        if given.input is not None:
            return axes_of(given.input, given)
        if given.image is None:
            message = "'input' is missing: the input size, such as 3@128x128"
            lacks_kernel = given.does.moves and given.kernel is None and given.weights is None
            messages = (message, NO_KERNEL) if lacks_kernel else (message,)
            raise Invalid(*(Complaint(text, given.place) for text in messages))
        if given.kernel is not None and len(given.kernel.sizes) > 1:
            return len(given.kernel.sizes)
        return AXES_OF_DEPTH.get(given.image.depth, given.image.depth)

    def image_tensor(self) -> Tensor | None:
        """The image with its channels first, one if it has no axis for them."""
        image, axes = self.given.image, self.dimensions
        if image is None:
            return None
        if image.depth == 1 and axes == 2:
            image = image.deepened(2)
        if image.depth not in (0, axes, axes + 1):
            wanted = {1: "a row of values", 2: "a matrix", 3: "a list of matrices"}[axes]
            message = f"expected {wanted}, or a list of these, one a channel"
            raise self.given.fault(message, LayerQuestion.image)
        return image.deepened(axes + 1)

    def arranged_input(self) -> Arranged | None:
        """The size that was given, channels first."""
        given = self.given
        if given.input is None:
            return None
        channels = given.in_channels
        if self.image is not None:
            channels = as_number(self.image.sizes[0])
        place = given.place_of(LayerQuestion.input)
        found = arranged(given.input, self.dimensions, place, channels)
        given.show(LayerQuestion.input, found.shape)
        return found

    def input_shape(self) -> Shape:
        given = self.given
        own_shape = None if self.arranged is None else self.arranged.shape
        if self.image is None:
            assert own_shape is not None
            return own_shape
        channels, *sizes = map(as_number, self.image.sizes)
        has_channels = given.image is not None and given.image.depth > self.dimensions
        of_image = Shape(tuple(sizes), channels if has_channels else None)
        if own_shape is None:
            return of_image
        own = own_shape.channels
        if own_shape.sizes != of_image.sizes or (own is not None and own != channels):
            found = one_line(Shape(of_image.sizes, channels if own is not None else None))
            raise given.fault(
                f"the image is {found} and not {one_line(own_shape)}: "
                "leave the input out, or give an image of its size",
                LayerQuestion.image,
            )
        return own_shape

    def check_channels(self) -> None:
        """What a layer says of the channels of its input must be so."""
        said, own = self.given.in_channels, self.input.channels or ONE
        if said is not None and exact(own) is not None and exact(said) != exact(own):
            message = f"the layer is written for {one_line(said)} channels, and its input "
            message += f"{one_line(self.input)} has {one_line(own)}"
            raise self.given.fault(message, LayerQuestion.in_channels)

    def kernel_shape(self) -> Shape:
        given = self.given
        if not self.does.moves:
            return Shape((ONE,))
        if given.weights is None:
            if given.kernel is None:
                raise given.fault(NO_KERNEL)
            return given.kernel
        sizes = given.weights.sizes
        if len(sizes) == 1 and self.dimensions == 2:
            sizes = (1, *sizes)
        sizes = sizes or (1,) * self.dimensions
        if not self.dimensions <= len(sizes) <= self.dimensions + 2:
            raise given.fault(
                f"the weights have {len(sizes)} axes and the input {self.dimensions}: "
                "give a kernel of as many, or a list of these, one a filter",
                LayerQuestion.weights,
            )
        of_weights = Shape(tuple(map(as_number, sizes[len(sizes) - self.dimensions :])))
        if given.kernel is not None:
            own = given.kernel.sizes
            if (own * self.dimensions if len(own) == 1 else own) != of_weights.sizes:
                raise given.fault(
                    f"the weights are {one_line(of_weights)} and not {one_line(given.kernel)}: "
                    "leave the kernel out, or give weights of its size",
                    LayerQuestion.weights,
                )
        return of_weights

    def per_axis(self, shape: Shape, field: problem.Field[object]) -> tuple[Expr, ...]:
        if len(shape.sizes) == 1:
            return shape.sizes * self.dimensions
        if len(shape.sizes) != self.dimensions:
            many = "" if self.dimensions == 1 else f" or {self.dimensions}, one an axis"
            raise self.given.fault(f"expected one size{many}, not {len(shape.sizes)}", field)
        return shape.sizes

    def padding_sides(self) -> tuple[tuple[Expr, Expr], ...]:
        padding: Padding = self.given.padding
        sides = padding.sides
        if len(sides) == 1:
            return sides * self.dimensions
        if self.dimensions == 1 and len(sides) == 2 and padding.is_even:
            return ((sides[0][0], sides[1][0]),)
        self.per_axis(Shape(tuple(before for before, _ in sides)), LayerQuestion.padding)
        return sides

    def windows_along_axes(self) -> tuple[Window, ...]:
        given, fields = self.given, LayerQuestion
        kernel = self.per_axis(self.kernel_shape(), fields.kernel)
        stride = kernel if self.does.pool is not None else (ONE,) * self.dimensions
        if given.stride is not None:
            stride = self.per_axis(given.stride, fields.stride)
        dilation = self.per_axis(given.dilation, fields.dilation)
        extra = self.per_axis(given.output_padding, fields.output_padding)
        found: list[Window] = []
        for axis, (before, after) in enumerate(self.padding_sides()):
            also = {"output_padding": extra[axis]} if self.is_transposed else {}
            window = self.does.window(
                self.input.sizes[axis], kernel[axis], stride[axis], before, after, dilation[axis],
                given.ceil_mode, **also,
            )  # fmt: skip
            found.append(self.with_same_padding(window) if given.padding.is_same else window)
        return tuple(found)

    def with_same_padding(self, window: Window) -> Window:
        if not self.does.moves:
            raise self.given.fault(
                "'same' is the padding of convolution and pooling: write a number",
                LayerQuestion.padding,
            )
        if self.given.ceil_mode:
            raise self.given.fault(
                "'same' padding leaves nothing to round: leave ceil_mode out",
                LayerQuestion.ceil_mode,
            )
        if isinstance(window, TransposedWindow):
            found = as_keras(window, True, self.given.is_given(LayerQuestion.output_padding))
            if found is None:
                message = "'same' needs numbers for the kernel and the stride: write the padding"
                raise self.given.fault(message, LayerQuestion.padding)
            return found
        numbers = window.numbers
        before, after = (0, 0) if numbers is None else same_padding(*numbers[:3], numbers[5])
        ends = replace(window, before=as_number(before), after=as_number(after))
        return SameWindow(**vars(ends))

    @property
    def output_channels(self) -> Expr | None:
        return self.filters if self.has_weights else self.input.channels

    @property
    def output_shape(self) -> Shape:
        return Shape(tuple(window.output for window in self.windows), self.output_channels)

    @property
    def is_described(self) -> bool:
        """Whether all that costs something was said: channels and filters."""
        return self.has_weights and self.channels is not None and self.filters is not None

    @property
    def has_bias(self) -> bool:
        """A layer has biases unless said otherwise; one whose weights are given has those given."""
        bias = self.given.bias
        return (self.given.weights is None) if bias is None else bias is not False

    @property
    def is_extended(self) -> bool:
        return any(isinstance(w, TransposedWindow) and w.is_extended for w in self.windows)

    # Checks.

    def check_fit(self, axis: int) -> None:
        """A window that is larger than the padded input has no place to stand."""
        window, name = self.windows[axis], AXIS_NAMES[self.axes[axis]]
        if isinstance(window, TransposedWindow):
            self.check_transposed(window, name)
        elif self.does.moves and not self.given.padding.is_same:
            message = window.misfit(f"the kernel's {name}", "the padded input's")
            own = LayerQuestion.kernel if self.given.kernel is not None else LayerQuestion.weights
            if message:
                raise self.given.fault(message, own)

    def check_transposed(self, window: TransposedWindow, name: str) -> None:
        extra, stride, dilation = map(
            whole, (window.output_padding, window.stride, window.dilation)
        )
        if extra and stride and dilation and extra >= max(stride, dilation):
            raise self.given.fault(
                f"an output padding of {extra} is not below the stride of {stride}: "
                f"up to {max(stride, dilation) - 1} fits",
                LayerQuestion.output_padding,
            )
        size = exact(window.formula)
        if size is not None and size < 1:
            raise self.given.fault(
                f"nothing is left of the {name}: the output would have size {size}, "
                "so write a smaller padding",
                LayerQuestion.padding,
            )

    # Formulas.

    def in_letters(self, name: str) -> Window:
        """The window whose formula is written on the board: as general as some axis needs."""
        window = self.windows[0]
        is_uneven = any(w.is_uneven for w in self.windows)
        is_dilated = any(w.is_dilated for w in self.windows)
        ends = (BEFORE, AFTER) if is_uneven else (P, P)
        found = replace(
            window, size=Symbol(name), kernel=K, stride=S, before=ends[0], after=ends[1],
            dilation=DILATION if is_dilated else ONE,
        )  # fmt: skip
        if isinstance(found, TransposedWindow):
            return replace(found, output_padding=OUTPUT_PADDING if self.is_extended else ZERO)
        return found

    @cached_property
    def formulas(self) -> list[Expr]:
        """The formula of the output's size along each axis, in letters."""
        return [self.in_letters(name).formula for name in self.axes]

    def numbers(self, axis: int) -> dict[Expr, Expr]:
        """What each letter stands for along the axis."""
        window = self.windows[axis]
        values: dict[Expr, Expr] = {
            Symbol(self.axes[axis]): window.size, K: window.kernel, S: window.stride,
            P: window.before, BEFORE: window.before, AFTER: window.after,
            DILATION: window.dilation,
        }  # fmt: skip
        if isinstance(window, TransposedWindow):
            values[OUTPUT_PADDING] = window.output_padding
        return values

    @cached_property
    def substituted(self) -> list[Expr]:
        """The same with what is given put in."""
        return [substitute(text, self.numbers(axis)) for axis, text in enumerate(self.formulas)]

    @property
    def notes(self) -> list[Note]:
        """In letters it stays open whether the last window is one that is left out."""
        is_open = any(exact(window.output) is None for window in self.windows)
        found = [] if self.arranged is None else [*self.arranged.notes]
        if is_open and self.given.ceil_mode:
            text = "one less where the last window would begin behind the input"
            found.append(Note("conv.ceil_mode", text))
        if self.given.padding.is_same and self.is_transposed:
            text = "`same` is Keras's: the output is W·S long, and what stamps have more is cut off"
            if self.given.is_given(LayerQuestion.output_padding):
                text = "`same` is Keras's: with an output padding the output is S(W − 1) + O long, "
                text += "and one more where the kernel is odd"
            found.append(Note("conv.same_padding", text))
        elif self.given.padding.is_same:
            text = (
                "`same` is TensorFlow's and Keras's: the output is ⌈W/S⌉ long, and of an odd "
                "number of zeros one more stands at the end"
            )
            if all(exact(window.stride) == 1 for window in self.windows):
                text += "; PyTorch's, which wants a stride of 1, is the same here"
            found.append(Note("conv.same_padding", text))
        return found
