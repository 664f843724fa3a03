"""The fields of a convolution, pooling, transposed convolution or padding layer, and what each of
these operations is: one record, which is all that a new one needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from mlcalc.files import problem
from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import Amount, Cell, Sizes, Switch, TensorShape, Word, Words
from mlcalc.maths.board import Note
from mlcalc.maths.near import plain_name
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Shape, Symbol
from mlcalc.networks.called import CalledWord
from mlcalc.networks.convolution.entries import Entry, largest, mean
from mlcalc.networks.convolution.tensors import Bias, PaddingOf, Values
from mlcalc.networks.convolution.windows import Margin, TransposedWindow, Window


class Operation(Record):
    """What a layer does: how its window moves, whether it has weights, or how it pools."""

    meaning: str
    title: str
    synonyms: tuple[str, ...] = ()
    window: type[Window] = Window
    has_weights: bool = False
    pool: Callable[[Sequence[Entry], int], Entry] | None = None
    """The value of a window, from its entries in the input and the number that is averaged."""
    pooled: str = ""
    """The same as a line, of the entries x, their sum s and the number n."""
    cell: str = ""
    """How one entry comes about, in words."""
    is_average: bool = False
    """Whether the padding counts as zeros, unless it is `same`."""
    outside: str = ""
    """What stands in the padding where it is not 0."""
    padding: Note | None = None
    """What is said of the padding, where there is some."""

    @property
    def is_transposed(self) -> bool:
        return self.window is TransposedWindow

    @property
    def moves(self) -> bool:
        return self.window is not Margin


OPERATIONS: Mapping[str, Operation] = {
    "conv": Operation(
        "convolution", "Output of a convolution layer",
        ("convolution", "conv2d", "cross-correlation", "convolutional"), has_weights=True,
        cell="multiply each entry under the window by the weight above it, and add up",
    ),
    "max-pool": Operation(
        "max pooling: the largest entry of each window", "Output of max pooling",
        ("max-pooling", "maximum-pooling", "max-pool-2d", "max-pooling-2d", "max", "maximum"),
        pool=largest, pooled="max(x)", cell="the largest entry of the window",
        outside="−∞",
        padding=Note("pool.padding_ignored", "the padding never wins a maximum: it counts as −∞"),
    ),
    "avg-pool": Operation(
        "average pooling: the mean of each window", "Output of average pooling",
        ("average-pool", "average-pooling", "avg-pooling", "mean-pool", "mean-pooling",
         "avg-pool-2d", "average-pooling-2d", "avg", "average", "mean"),
        pool=mean, pooled="s/n",
        cell="the mean of the window", is_average=True,
    ),
    "transposed-conv": Operation(
        "transposed convolution: each entry stamps the kernel",
        "Output of a transposed convolution",
        ("transposed-convolution", "transpose-conv", "transpose-convolution", "conv-transpose",
         "conv-transpose-2d", "conv-2d-transpose", "deconvolution", "deconv",
         "fractionally-strided-conv", "transposed"),
        TransposedWindow, has_weights=True,
        cell="each stamp that reaches the cell adds its entry times the weight that lies there",
    ),
    "pad": Operation("padding alone", "Output of padding", ("padding",), Margin),
}  # fmt: skip
INPUTS = ("input", "input_shape", "input_size", "image_size", "W", "i", "n")
UNKNOWNS = {
    "kernel": "its size", "stride": "the step", "padding": "the same on both sides",
    "dilation": "the distance of the kernel's entries", "input": "its size",
}  # fmt: skip
DEPTHWISE = Symbol("depthwise")


class FirstWords(TensorShape):
    """A tensor's size, with what else stands first beside it: a layer, or names with values."""

    def read(self, raw: Raw) -> Shape:
        try:
            return super().read(raw)
        except Invalid:
            if not isinstance(raw, Text):
                raise
        from mlcalc.networks.convolution.asked import in_fields

        pairs = ((Text("input", raw.place), raw),)
        parted, _ = in_fields(Entries(pairs, raw.place), LayerQuestion.plain_names)
        return super().read(parted.get("input") or raw)


def by_filter(key: Text, raw: Raw) -> Text:
    """The kernel as the name of a filter whose size is typed, 5x5; 5 may be how many there are."""
    is_size = isinstance(raw, Text) and re.fullmatch(r"\(?\s*\d+\s*[x×*,]\s*\d+\s*\)?", raw.value)
    return replace(key, value="kernel") if is_size and plain_name(key.value) == "filter" else key


class LayerQuestion(problem.Problem):
    """The fields of `conv-shape`."""

    quoted: tuple[str, ...] = ()
    """The fields that stand within the text of `quotes`: of a layer, or of what stands first."""
    quotes: str = ""
    other_words: ClassVar[Mapping[str, str]] = {
        "d": "d may be the depth or the dilation: write C or dilation",
        "filter": "filter may be the size or how many there are: write kernel or filters",
    }

    input = problem.optional(
        FirstWords(), "input size, such as 3@128x128", positional=True, aliases=INPUTS[1:]
    )
    layer = problem.optional(
        Words("LAYER"), "or a layer as PyTorch and Keras write it, 'Conv2d(3, 64, 7, stride=2)'",
    )  # fmt: skip
    operation = problem.default(
        CalledWord(
            {word: one.meaning for word, one in OPERATIONS.items()},
            {synonym: word for word, one in OPERATIONS.items() for synonym in one.synonyms},
        ),
        "conv",
        "what the layer does",
        aliases=("pool", "pooling"),
    )
    kernel = problem.optional(
        Sizes(),
        "kernel size, such as 3 or 3x5",
        aliases=("kernel_size", "filter_size", "pool_size", "window", "F"),
    )
    stride = problem.optional(
        Sizes(), "step of the window [1; the kernel for pooling]", aliases=("strides", "S")
    )
    padding = problem.default(
        PaddingOf(),
        "0",
        "zeros added on every side, such as 1, or '0 1; 0 1' for before and after",
        aliases=("pad", "zero_padding", "P"),
    )
    dilation = problem.default(
        Sizes(), "1", "distance between the kernel's entries", aliases=("dilation_rate",)
    )
    groups = problem.default(Amount(), "1", "parts of the channels that do not mix, or depthwise")
    filters = problem.optional(
        Amount(), "number of filters: output channels", aliases=("out_channels", "num_filters", "K")
    )
    bias = problem.optional(
        Bias(), "a bias for each filter: false, or their values", aliases=("use_bias",)
    )
    shared = problem.default(
        Switch(), "true", "the same weights at every position; not so if locally connected"
    )
    ceil_mode = problem.default(Switch(), "false", "round the size up instead of down")
    output_padding = problem.default(
        Sizes(least=0), "0", "added to the end of a transposed convolution's output"
    )
    image = problem.optional(Values(), "the input's values: '1 2; 3 4', once a channel")
    weights = problem.optional(Values(), "the kernel's values: '1 0; 0 1', once a filter")
    flip = problem.default(
        Switch(), "false", "turn the kernel by 180° first, as mathematics' convolution does"
    )
    at = problem.optional(Cell(), "the output cell whose sum is shown, such as 2,2 or bottom-right")
    output_shape = problem.optional(
        TensorShape(), "the output size, where something else is asked", aliases=("output_size",)
    )
    solve_for = problem.optional(Word(UNKNOWNS), "what is asked for, with output_shape")

    in_channels = problem.optional(
        Amount(), "channels of the input, as a layer says them", aliases=("C",)
    )

    @classmethod
    def has_own_value(cls, name: str, typed: str) -> bool:
        """Whether it is a filter of some size: --filter 5x5."""
        return plain_name(name) == "filter"

    @classmethod
    def read(
        cls, given: Entries, elsewhere: Callable[[str], str] = lambda name: ""
    ) -> problem.Problem:
        """The fields, with those that `layer` gives."""
        from mlcalc.networks.convolution.asked import in_fields, with_values

        pairs = tuple((by_filter(key, raw), raw) for key, raw in given.pairs)
        given = replace(given, pairs=pairs)
        typed = {key.value: value for key, value in given.pairs}
        given, notes = in_fields(given, cls.plain_names)
        given, values = with_values(given)
        if given.get("layer") is not None:
            from mlcalc.networks.convolution.called import written_out

            given, said = written_out(given)
            notes = (*notes, *said)
        found = super().read(given, elsewhere)
        assert isinstance(found, LayerQuestion)
        found.remarks = (*notes, *values, *found.remarks)
        first = next((name for name in typed if name in INPUTS), "")
        found.quotes = "layer" if "layer" in typed else first
        own = [name for name in found.given if name not in typed or name == first == found.quotes]
        if found.operation == "conv" and "operation" in own:
            own.remove("operation")
        is_parted = any(name not in typed for name in found.given)
        found.quoted = tuple(sorted(own, key=lambda name: name not in INPUTS)) if is_parted else ()
        return found

    def as_read(self) -> dict[str, Expr | str]:
        """The values as they were read; fields that stand in the text of one show beside it."""
        found = super().as_read()
        texts = []
        for name in self.quoted:
            value = found.pop(name, written(self.given[name]))
            text = value if isinstance(value, str) else one_line(value)
            texts.append(text if name in INPUTS else f"{name} {text}")
        return found | ({self.quotes: ", ".join(texts)} if texts else {})

    @property
    def does(self) -> Operation:
        """The record of the operation."""
        return OPERATIONS[self.operation]

    def check_operation(self) -> None:
        """What was given must mean something for the operation."""
        does = self.does
        if does.pool is not None:
            if self.weights is not None:
                raise self.fault("pooling has no weights: leave them out", LayerQuestion.weights)
            if self.filters is not None:
                message = "pooling keeps the channels: leave filters out"
                raise self.fault(message, LayerQuestion.filters)
        has, moves, is_transposed = does.has_weights, does.moves, does.is_transposed
        takes = {
            "groups": has, "bias": has, "shared": has and not is_transposed, "flip": has,
            "filters": has, "weights": has, "ceil_mode": moves and not is_transposed,
            "output_padding": is_transposed, "kernel": moves, "stride": moves, "dilation": moves,
        }  # fmt: skip
        for name, is_taken in takes.items():
            field = self.fields[name]
            if not is_taken and self.is_given(field):
                operation = does.meaning.partition(":")[0]
                raise self.fault(f"{operation} takes no '{name}': leave it out", field)
