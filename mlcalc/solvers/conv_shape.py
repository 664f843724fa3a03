"""Output size of a convolution or pooling layer, and the values it computes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from mlcalc import problem
from mlcalc.derivation import Answer, Derivation, Note, Step
from mlcalc.fields import (
    Cell,
    MatrixOf,
    Quantity,
    Sizes,
    Switch,
    TensorShape,
    Word,
    as_number,
    is_single,
    whole,
)
from mlcalc.maths.evaluate import Rows, evaluate, exact
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Chain,
    Div,
    Expr,
    Hadamard,
    Indexed,
    Matrix,
    Mul,
    Neg,
    Shape,
    Symbol,
    call,
    equals,
    free_symbols,
    shown,
    substitute,
)

OPERATIONS = {
    "conv": "convolution",
    "max-pool": "max pooling: the largest entry of each window",
    "avg-pool": "average pooling: the mean of each window",
}
AXES = {1: ("W",), 2: ("H", "W"), 3: ("D", "H", "W")}
AXIS_NAMES = {"D": "depth", "H": "height", "W": "width"}
P, K, S, DILATION = Symbol("P"), Symbol("K"), Symbol("S"), Symbol("d")
MAX_PRODUCTS = 1_000_000


class Problem(problem.Problem):
    input = problem.optional(TensorShape(), "input size, such as 3@128x128", positional=True)
    operation = problem.default(
        Word(OPERATIONS, {"convolution": "conv", "maxpool": "max-pool", "avgpool": "avg-pool"}),
        "conv", "what the layer does",
    )  # fmt: skip
    kernel = problem.optional(Sizes(), "kernel size, such as 3 or 3x5")
    stride = problem.optional(Sizes(), "step of the window [1; the kernel for pooling]")
    padding = problem.default(Sizes(least=0), "0", "zeros added on every side")
    dilation = problem.default(Sizes(), "1", "distance between the kernel's entries")
    ceil_mode = problem.default(Switch(), "false", "round the size up instead of down")
    filters = problem.optional(Quantity(least=1, whole=True), "number of filters: output channels")
    image = problem.optional(MatrixOf(), "the input's values, for one channel: '1 2; 3 4'")
    weights = problem.optional(MatrixOf(), "the kernel's values: '1 0; 0 1'")
    at = problem.optional(Cell(), "the output cell whose sum is shown, such as 2,2 or bottom-right")


def solve(given: Problem) -> Derivation:
    """Sizes by ⌊(W − K + 2P)/S⌋ + 1 (Dumoulin and Visin 2016, relationship 6), then the values."""
    layer = Layer(given)
    steps = [formula_step(layer), *size_steps(layer)]
    sizes = tuple(layer.output_size(axis) for axis in range(layer.dimensions))
    shape = Shape(sizes, layer.output_channels)
    is_one_size = len(sizes) == 1 and shape.channels is None
    answers = [Answer("shape", shape_value(shape), sizes[0] if is_one_size else shape)]
    notes = layer.notes
    if given.image is not None:
        grid = Grid(layer, given.image, given.weights)
        at = grid.cell(given)
        steps += grid.steps(at)
        answers.append(Answer("output", grid.output, Matrix(shown_rows(grid.output)), Symbol("Y")))
        if given.at is not None:
            value = grid.output[at[0]][at[1]]
            answers.append(Answer("value", value, shown(value), entry(at)))
        notes += grid.notes
    elif given.at is not None:
        raise given.fault("'image' is missing: without it a cell has no value", Problem.at)
    return Derivation(layer.title, tuple(steps), tuple(answers), tuple(notes))


class Layer:
    """The sizes of one layer along each axis, numbers or letters, checked against each other."""

    def __init__(self, given: Problem) -> None:
        self.given = given
        self.is_pooling = given.operation != "conv"
        self.input = self.input_shape()
        self.dimensions = len(self.input.sizes)
        if self.dimensions not in AXES:
            raise given.fault(
                "a layer has one, two or three axes beside the channels", Problem.input
            )
        self.axes = AXES[self.dimensions]
        self.kernel = self.per_axis(self.kernel_shape(), Problem.kernel)
        stride = given.stride or (given.kernel if self.is_pooling else None)
        self.stride = self.per_axis(stride or Shape((as_number(1),)), Problem.stride)
        if self.is_pooling and given.stride is None:
            self.stride = self.kernel
        self.padding = self.per_axis(self.padding_shape(), Problem.padding)
        self.dilation = self.per_axis(given.dilation, Problem.dilation)
        if self.is_pooling and given.filters is not None:
            raise given.fault("pooling keeps the channels: leave filters out", Problem.filters)
        for axis in range(self.dimensions):
            self.check_fit(axis)

    def input_shape(self) -> Shape:
        given = self.given
        if given.image is None:
            if given.input is None:
                raise given.fault("'input' is missing: the input size, such as 3@128x128")
            return given.input
        rows, columns = given.image.shape
        of_image = Shape((as_number(rows), as_number(columns)))
        if given.input is None:
            return of_image
        if given.input.sizes != of_image.sizes:
            raise given.fault(
                f"the image is {rows}×{columns} and not {one_line(Shape(given.input.sizes))}: "
                "leave the input out, or give an image of its size",
                Problem.image,
            )
        return given.input

    def kernel_shape(self) -> Shape:
        given = self.given
        if given.weights is None:
            if given.kernel is None:
                raise given.fault("'kernel' is missing: its size, such as 3 or 3x5")
            return given.kernel
        if self.is_pooling:
            raise given.fault("pooling has no weights: leave them out", Problem.weights)
        if self.dimensions != 2:
            message = "weights are a matrix, for an input of two axes: give the kernel's size"
            raise given.fault(message, Problem.weights)
        rows, columns = given.weights.shape
        of_weights = Shape((as_number(rows), as_number(columns)))
        if given.kernel is not None:
            sizes = given.kernel.sizes
            if (sizes * 2 if len(sizes) == 1 else sizes) != of_weights.sizes:
                raise given.fault(
                    f"the weights are {rows}×{columns} and not {one_line(given.kernel)}: "
                    "leave the kernel out, or give weights of its size",
                    Problem.weights,
                )
        return of_weights

    def padding_shape(self) -> Shape:
        for size in self.given.padding.sizes:
            if size in (Symbol("same"), Symbol("valid")):
                raise self.given.fault(
                    f"expected the zeros on each side, such as 1, not the word '{one_line(size)}'",
                    Problem.padding,
                )
        return self.given.padding

    def per_axis(self, shape: Shape, field: problem.Field[object]) -> tuple[Expr, ...]:
        if len(shape.sizes) == 1:
            return shape.sizes * self.dimensions
        if len(shape.sizes) != self.dimensions:
            many = "" if self.dimensions == 1 else f" or {self.dimensions}, one an axis"
            raise self.given.fault(f"expected one size{many}, not {len(shape.sizes)}", field)
        return shape.sizes

    def check_fit(self, axis: int) -> None:
        """A window that is larger than the padded input has no place to stand."""
        sizes = self.input.sizes, self.padding, self.kernel, self.dilation
        size, padding, kernel, dilation = (whole(s[axis]) for s in sizes)
        if size is None or padding is None or kernel is None or dilation is None:
            return
        reach, padded = dilation * (kernel - 1) + 1, size + 2 * padding
        if reach > padded:
            name = AXIS_NAMES[self.axes[axis]]
            spread = " with its dilation" if dilation > 1 else ""
            raise self.given.fault(
                f"the kernel's {name} of {reach}{spread} is larger than the padded input's "
                f"{padded}: a kernel up to {(padded - 1) // dilation + 1} or a padding from "
                f"{-((size - reach) // 2)} fits",
                Problem.kernel if self.given.kernel is not None else Problem.weights,
            )

    @property
    def output_channels(self) -> Expr | None:
        if self.given.filters is not None:
            return self.given.filters
        return self.input.channels if self.is_pooling else None

    @property
    def title(self) -> str:
        what = OPERATIONS[self.given.operation].partition(":")[0]
        return f"Output of a {what} layer" if what == "convolution" else f"Output of {what}"

    @property
    def is_dilated(self) -> bool:
        return any(whole(d) != 1 for d in self.dilation)

    @property
    def notes(self) -> list[Note]:
        """In letters it stays open whether the last window is one that is left out."""
        is_open = any(exact(self.output_size(axis)) is None for axis in range(self.dimensions))
        text = "one less where the last window would begin behind the input"
        return [Note("conv.ceil_mode", text)] if is_open and self.given.ceil_mode else []

    def formula(self, size: Expr) -> Expr:
        """⌊(W + 2P − K)/S⌋ + 1, with the reach of a dilated kernel in the place of K."""
        reach = DILATION * (K - 1) if self.is_dilated else K
        covered = size + 2 * P - reach
        covered = covered - 1 if self.is_dilated else covered
        rounding = "ceil" if self.given.ceil_mode else "floor"
        return call(rounding, covered / S) + 1

    def values(self, axis: int) -> dict[Expr, Expr]:
        return {
            Symbol(self.axes[axis]): self.input.sizes[axis],
            P: self.padding[axis],
            K: self.kernel[axis],
            S: self.stride[axis],
            DILATION: self.dilation[axis],
        }

    def substituted(self, axis: int) -> Expr:
        return substitute(self.formula(Symbol(self.axes[axis])), self.values(axis))

    def output_size(self, axis: int) -> Expr:
        """The number of window positions along the axis; a formula where letters are left."""
        size = exact(self.substituted(axis))
        if size is None:
            return self.shortened(axis)
        return as_number(size - (1 if self.last_window_is_empty(axis) else 0))

    def shortened(self, axis: int) -> Expr:
        """The formula with its numbers added up: W − K + 1 for ⌊(W + 2·0 − K)/1⌋ + 1."""
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        terms = [self.input.sizes[axis], 2 * self.padding[axis]]
        is_spread = whole(dilation) != 1
        terms += [-(dilation * (kernel - 1)), as_number(-1)] if is_spread else [-kernel]
        if whole(stride) == 1:
            return added_up([*terms, as_number(1)])
        covered = added_up(terms)
        if exact(covered) == 0:
            return as_number(1)
        return call("ceil" if self.given.ceil_mode else "floor", covered / stride) + 1

    def last_window_is_empty(self, axis: int) -> bool:
        """PyTorch's rule for ceil_mode: a last window beginning in the right padding is dropped."""
        size = exact(self.substituted(axis))
        sizes = self.stride, self.input.sizes, self.padding
        stride, length, padding = (whole(s[axis]) for s in sizes)
        if size is None or stride is None or length is None or padding is None:
            return False
        return self.given.ceil_mode and (size - 1) * stride >= length + padding


def added_up(terms: Sequence[Expr]) -> Expr:
    """The sum with its numbers added into one, which stands last, or first before minus signs."""
    terms = [part for term in terms for part in (term.terms if isinstance(term, Add) else (term,))]
    number = sum((exact(term) or Fraction(0) for term in terms), Fraction(0))
    letters = [term for term in terms if exact(term) is None]
    if number > 0 and all(isinstance(term, Neg) for term in letters):
        letters.insert(0, as_number(number))
    elif number:
        letters.append(as_number(number) if number > 0 else -as_number(-number))
    return Add(tuple(letters)) if len(letters) > 1 else (letters or [as_number(0)])[0]


def shape_value(shape: Shape) -> Expr | tuple[Fraction, ...]:
    """The sizes as numbers, channels first; the shape itself where letters are left."""
    sizes = shape.sizes if shape.channels is None else (shape.channels, *shape.sizes)
    values = [exact(size) for size in sizes]
    numbers = tuple(value for value in values if value is not None)
    return numbers if len(numbers) == len(values) else shape


# The size, step by step.


def formula_step(layer: Layer) -> Step:
    name = layer.axes[0]
    rule = " each time and may not leave the padded input; a step that does not fit is rounded down"
    if layer.given.ceil_mode:
        rule = " each time, and the last one may hang over the edge: the steps are rounded up"
    letters: list[str | Expr] = [
        "the window moves by ", S, f"{rule}. ", K, " is the kernel's size, ", P,
        " the padding on each side",
    ]  # fmt: skip
    letters += [", ", DILATION, " the dilation"] if layer.is_dilated else []
    maths = equals(Symbol(name, "out"), layer.formula(Symbol(name)))
    return Step("write the output-size formula", (maths,), tuple(letters))


def size_steps(layer: Layer) -> list[Step]:
    """One step an axis; axes with the same numbers share one."""
    steps: list[Step] = []
    done: dict[tuple[Expr, ...], int] = {}
    for axis, name in enumerate(layer.axes):
        key = tuple(layer.values(axis)[symbol] for symbol in (Symbol(name), P, K, S, DILATION))
        if key in done:
            first = AXIS_NAMES[layer.axes[done[key]]]
            size = equals(Symbol(name, "out"), layer.output_size(axis))
            steps.append(
                Step(f"the {AXIS_NAMES[name]} has the same numbers as the {first}", (size,))
            )
            continue
        done[key] = axis
        if layer.substituted(axis) != layer.formula(Symbol(name)):
            steps.append(size_step(layer, axis))
    return steps


def size_step(layer: Layer, axis: int) -> Step:
    name, formula = layer.axes[axis], layer.substituted(axis)
    size, windows = layer.output_size(axis), exact(formula)
    out = Symbol(name, "out")
    if windows is None:
        rule = f"put in what is given for the {AXIS_NAMES[name]}"
        return Step(rule, (equals(out, *dict.fromkeys((formula, size))),))
    rule = f"put in the {AXIS_NAMES[name]}"
    if layer.last_window_is_empty(axis):
        note = "the last of these windows would begin behind the input, so it is left out"
        first = Chain(formula, tuple(("=", stage) for stage in stages(formula)))
        return Step(rule, (first, equals(out, as_number(windows) - 1, size)), note)
    return Step(rule, (equals(out, formula, *stages(formula)),), uncovered(layer, axis))


def stages(formula: Expr) -> list[Expr]:
    """⌊(4 + 2·1 − 2)/1⌋ + 1, then ⌊4/1⌋ + 1, then 4 + 1, then 5."""
    match formula:
        case Add((Call(rounding, (Div(numerator, stride),)), one)):
            covered, total = exact(numerator), exact(formula)
            if covered is None or total is None:
                return []
            divided = as_number(covered) / stride
            windows = total - 1
            return [call(rounding, divided) + one, as_number(windows) + one, as_number(total)]
        case _:
            return []


def uncovered(layer: Layer, axis: int) -> str:
    """Says which rows or columns no window reaches, where the rounding loses some."""
    sizes = layer.input.sizes, layer.padding, layer.kernel, layer.dilation, layer.stride
    length, padding, kernel, dilation, stride = (whole(s[axis]) or 0 for s in sizes)
    windows = exact(layer.substituted(axis))
    if windows is None:
        return ""
    reached = (int(windows) - 1) * stride + dilation * (kernel - 1) + 1
    lost = min(length + padding - reached, length)
    if lost <= 0 or layer.given.ceil_mode:
        return ""
    what = {"H": "row", "W": "column", "D": "slice"}[layer.axes[axis]]
    return f"the last {f'{lost} {what}s are' if lost > 1 else f'{what} is'} never seen by a window"


# The values.


class Grid:
    """The padded image of one channel, the windows over it, and what each gives."""

    def __init__(self, layer: Layer, image: Matrix, weights: Matrix | None) -> None:
        self.layer = layer
        self.given = layer.given
        if layer.input.channels is not None and whole(layer.input.channels) != 1:
            raise self.given.fault(
                "values are computed for one channel: leave the channels out", Problem.input
            )
        if self.given.filters is not None and whole(self.given.filters) != 1:
            raise self.given.fault(
                "values are computed for one filter: leave filters out", Problem.filters
            )
        self.is_average = self.given.operation == "avg-pool"
        self.image = self.values(image, Problem.image)
        self.weights = None if weights is None else self.values(weights, Problem.weights)
        if self.weights is None and not layer.is_pooling:
            raise self.given.fault("'weights' is missing: the kernel's values, such as '1 0; 0 1'")
        sizes = [whole(layer.output_size(axis)) for axis in range(2)]
        steps = (*layer.stride, *layer.padding, *layer.dilation, *layer.kernel)
        if None in sizes or any(whole(size) is None for size in steps):
            raise self.given.fault("values need numbers for the kernel, stride and padding")
        self.shape = (sizes[0] or 0, sizes[1] or 0)
        kernel_cells = self.size(layer.kernel, 0) * self.size(layer.kernel, 1)
        if self.shape[0] * self.shape[1] * kernel_cells > MAX_PRODUCTS:
            raise self.given.fault(
                f"more than {MAX_PRODUCTS:,} products: give a smaller image", Problem.image
            )
        self.output: Rows = tuple(
            tuple(self.value((row, column)) for column in range(self.shape[1]))
            for row in range(self.shape[0])
        )

    @staticmethod
    def size(sizes: Sequence[Expr], axis: int) -> int:
        found = whole(sizes[axis])
        assert found is not None
        return found

    def values(self, matrix: Matrix, field: problem.Field[object]) -> Rows:
        if any(free_symbols(entry) for row in matrix.rows for entry in row):
            raise self.given.fault("the values must be numbers, not letters", field)
        if not all(is_single(entry) for row in matrix.rows for entry in row):
            raise self.given.fault("the values must be numbers, one in each place", field)
        found = evaluate(matrix)
        assert isinstance(found, tuple)
        return found  # type: ignore[return-value]  # a Matrix evaluates to its rows

    def pixel(self, row: int, column: int) -> Scalar | None:
        """The entry of the padded image; None where padding stands."""
        row -= self.size(self.layer.padding, 0)
        column -= self.size(self.layer.padding, 1)
        inside = 0 <= row < len(self.image) and 0 <= column < len(self.image[0])
        return self.image[row][column] if inside else None

    def window(self, at: tuple[int, int]) -> list[list[Scalar | None]]:
        layer = self.layer
        corner = [at[axis] * self.size(layer.stride, axis) for axis in range(2)]
        spread = [self.size(layer.dilation, axis) for axis in range(2)]
        return [
            [
                self.pixel(corner[0] + spread[0] * i, corner[1] + spread[1] * j)
                for j in range(self.size(layer.kernel, 1))
            ]
            for i in range(self.size(layer.kernel, 0))
        ]

    def averaged(self, at: tuple[int, int]) -> list[Scalar]:
        """What the mean is taken of: the window without what hangs over the padded image's edge."""
        layer, ends = self.layer, []
        for axis, length in enumerate((len(self.image), len(self.image[0]))):
            room = length + 2 * self.size(layer.padding, axis)
            room -= at[axis] * self.size(layer.stride, axis)
            ends.append(-(-room // self.size(layer.dilation, axis)))
        inside = [pixel for row in self.window(at)[: ends[0]] for pixel in row[: ends[1]]]
        return [pixel if pixel is not None else Fraction(0) for pixel in inside]

    def value(self, at: tuple[int, int]) -> Scalar:
        window = self.window(at)
        if self.weights is not None:
            pairs = product(range(len(window)), range(len(window[0])))
            return sum(((window[i][j] or 0) * self.weights[i][j] for i, j in pairs), Fraction(0))
        seen = [pixel for row in window for pixel in row if pixel is not None]
        if not seen:
            raise self.given.fault(
                "a window lies in the padding alone: write a smaller padding", Problem.padding
            )
        if self.is_average:
            averaged = self.averaged(at)
            return sum(averaged, Fraction(0)) / len(averaged)
        return max(seen)

    def cell(self, given: Problem) -> tuple[int, int]:
        """The cell that was asked for, counted from 0; the first one otherwise."""
        rows, columns = self.shape
        if given.at is None:
            return 0, 0
        if isinstance(given.at, str):
            vertical, _, horizontal = given.at.partition("-")
            return (
                0 if vertical == "top" else rows - 1,
                0 if horizontal == "left" else columns - 1,
            )
        if len(given.at) != 2 or given.at[0] > rows or given.at[1] > columns:
            raise given.fault(
                f"the output is {rows}×{columns}: give a row and a column in it", Problem.at
            )
        return int(given.at[0]) - 1, int(given.at[1]) - 1

    def steps(self, at: tuple[int, int]) -> list[Step]:
        steps = []
        if any(whole(size) for size in self.layer.padding) and self.weights is not None:
            steps.append(Step("pad the image with zeros", (self.padded(),)))
        where = f"row {at[0] + 1}, column {at[1] + 1}"
        steps.append(Step(f"compute the cell in {where}", self.cell_blocks(at), self.cell_note(at)))
        whole_matrix = equals(Symbol("Y"), Matrix(shown_rows(self.output)))
        rule = "move the window over every position"
        steps.append(Step(rule, (whole_matrix,), "each entry is found in the same way"))
        return steps

    def padded(self) -> Expr:
        height = len(self.image) + 2 * self.size(self.layer.padding, 0)
        width = len(self.image[0]) + 2 * self.size(self.layer.padding, 1)
        rows = tuple(
            tuple(self.pixel(i, j) or Fraction(0) for j in range(width)) for i in range(height)
        )
        return equals(Symbol("X", "padded"), Matrix(shown_rows(rows)))

    def cell_blocks(self, at: tuple[int, int]) -> tuple[Expr, ...]:
        window = self.window(at)
        flat = [pixel for row in window for pixel in row]
        seen = [pixel for pixel in flat if pixel is not None]
        zero_filled = Matrix(
            shown_rows([[p if p is not None else Fraction(0) for p in row] for row in window])
        )
        result = shown(self.output[at[0]][at[1]])
        if self.weights is not None:
            weights = [weight for row in self.weights for weight in row]
            terms = tuple(
                Mul((shown(pixel or Fraction(0)), shown(weight)))
                for pixel, weight in zip(flat, weights, strict=True)
            )
            total: Expr = Add(terms) if len(terms) > 1 else terms[0]
            window_and_kernel = Hadamard((zero_filled, Matrix(shown_rows(self.weights))))
            return window_and_kernel, equals(entry(at), total, result)
        if self.is_average:
            pixels = tuple(map(shown, self.averaged(at)))
            mean = Add(pixels) / len(pixels) if len(pixels) > 1 else pixels[0]
            return (equals(entry(at), mean, result),)
        return (equals(entry(at), Call("max", tuple(map(shown, seen))), result),)

    def cell_note(self, at: tuple[int, int]) -> str:
        if self.weights is not None:
            return "multiply each entry under the window by the weight above it, and add up"
        return "the mean of the window" if self.is_average else "the largest entry of the window"

    @property
    def notes(self) -> list[Note]:
        is_padded = any(whole(size) for size in self.layer.padding)
        if self.weights is not None:
            text = (
                "the kernel is laid over the image as it stands (cross-correlation), as neural "
                "networks do; a convolution in the sense of mathematics flips it first"
            )
            return [Note("conv.cross_correlation", text)]
        if not self.is_average:
            text = "the padding never wins a maximum: it counts as −∞"
            return [Note("pool.padding_ignored", text)] if is_padded else []
        found = []
        if is_padded:
            text = "the zeros of the padding count in the mean, as in PyTorch"
            found.append(Note("pool.padding_counted", text))
        if self.given.ceil_mode:
            text = "of a window that hangs over the edge, only what lies inside is averaged"
            found.append(Note("pool.overhang", text))
        return found


def entry(at: tuple[int, int]) -> Expr:
    """Y[2, 3] for the cell (1, 2) counted from 0."""
    return Indexed(Symbol("Y"), (as_number(at[0] + 1), as_number(at[1] + 1)))


def shown_rows(rows: Sequence[Sequence[Scalar]]) -> tuple[tuple[Expr, ...], ...]:
    return tuple(tuple(map(shown, row)) for row in rows)
