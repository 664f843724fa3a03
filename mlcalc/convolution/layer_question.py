"""The fields of a convolution, pooling, transposed convolution or padding layer."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.convolution.tensors import Bias, PaddingOf, Values
from mlcalc.fields import Amount, Cell, Sizes, Switch, TensorShape, Word
from mlcalc.maths.tree import Symbol

OPERATIONS = {
    "conv": "convolution",
    "max-pool": "max pooling: the largest entry of each window",
    "avg-pool": "average pooling: the mean of each window",
    "transposed-conv": "transposed convolution: each entry stamps the kernel",
    "pad": "padding alone",
}
SYNONYMS = {
    "convolution": "conv", "maxpool": "max-pool", "avgpool": "avg-pool", "padding": "pad",
    "transposed-convolution": "transposed-conv", "deconvolution": "transposed-conv",
}  # fmt: skip
TITLES = {
    "conv": "Output of a convolution layer",
    "max-pool": "Output of max pooling",
    "avg-pool": "Output of average pooling",
    "transposed-conv": "Output of a transposed convolution",
    "pad": "Output of padding",
}
UNKNOWNS = {
    "kernel": "its size", "stride": "the step", "padding": "the same on both sides",
    "dilation": "the distance of the kernel's entries", "input": "its size",
}  # fmt: skip
DEPTHWISE = Symbol("depthwise")


class LayerQuestion(problem.Problem):
    """The fields of `conv-shape`."""

    input = problem.optional(TensorShape(), "input size, such as 3@128x128", positional=True)
    operation = problem.default(Word(OPERATIONS, SYNONYMS), "conv", "what the layer does")
    kernel = problem.optional(Sizes(), "kernel size, such as 3 or 3x5")
    stride = problem.optional(Sizes(), "step of the window [1; the kernel for pooling]")
    padding = problem.default(
        PaddingOf(), "0", "zeros added on every side, such as 1, or '0 1; 0 1' for before and after"
    )
    dilation = problem.default(Sizes(), "1", "distance between the kernel's entries")
    groups = problem.default(Amount(), "1", "parts of the channels that do not mix, or depthwise")
    filters = problem.optional(Amount(), "number of filters: output channels")
    bias = problem.optional(Bias(), "a bias for each filter: false, or their values")
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
    output_shape = problem.optional(TensorShape(), "the output size, where something else is asked")
    solve_for = problem.optional(Word(UNKNOWNS), "what is asked for, with output_shape")
