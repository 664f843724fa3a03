"""The layers of a network, one record each: how it is written, what it gives and what it costs.

The lines are in the letters of what a layer reads off its input (see `inputs`): C channels,
F filters, K the kernel, N the output and X the input along each axis, G groups; for vectors and
sequences n steps of d entries each, and h units; b is the bias where it counts.  A parameter count
keeps its formula, 3·12·17·17 + 12.  Multiplications are those by weights, and those of attention's
products; pooling, norms and activations count none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from mlcalc.files.fields import as_number
from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.board import Fill, line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Listing, Shape
from mlcalc.networks.architectures.inputs import (
    Reach,
    Takes,
    adaptive_pooling,
    attention,
    convolution,
    depthwise,
    embedding,
    flattened,
    fully_connected,
    global_pooling,
    padding,
    pooling,
    recurrent,
    reshaped,
    sloped,
    unchanged,
    upsampling,
)
from mlcalc.networks.architectures.nodes import Layer
from mlcalc.networks.convolution.windows import MULTIPLICATIONS, WEIGHTS, TransposedWindow, Window
from mlcalc.networks.counting import Counts, in_numbers, value_of

ByConvention = str | Mapping[str, str]
"""One text, or one for each convention by which networks are counted."""
CONV, FC = "convolution", "fully connected"
"""The sorts whose sums are answers."""


class LayerKind(Record):
    """A layer: `takes` reads its input, checks it, and gives the letters of the lines."""

    takes: Takes
    # How it is written.
    sizes: tuple[str, ...] = ()
    """The plain numbers after the word, in order."""
    needed: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """What may follow by letter (k3) or by name (kernel=3)."""
    words: tuple[str, ...] = ()
    example: str = ""
    synonyms: tuple[str, ...] = ()
    # What it gives and costs.
    channels: str = ""
    gives: str = ""
    """The sizes of the output, behind `channels` where it has some; without it the shape stays,
    and in a drawing the layer stands with the one before it."""
    parameters: ByConvention = ""
    biases: ByConvention = ""
    multiplications: str = ""
    sort: str = ""
    """The sums in which its parameters stand."""
    axes: int = 0
    """Over how many axes it moves, where it says so."""
    reads: str = ""
    """What it may say that it reads: channels, or entries of a vector."""
    is_last: bool = False
    """Whether there are no axes to move over behind it."""
    note: tuple[str, ByConvention] = ("", "")
    """The id and the words of what is said where a network has it."""


WINDOW = ("kernel", "stride", "padding", "dilation")
LETTERS = {"k": "kernel", "s": "stride", "p": "padding", "d": "dilation", "g": "groups"}
MAY_BE_ZERO = ("padding", "output-padding", "rate")
USUAL = {"stride": "1", "padding": "0", "dilation": "1", "groups": "1"}


def convolved(axes: int = 0, synonyms: tuple[str, ...] = ()) -> LayerKind:
    return LayerKind(
        partial(convolution, axes), ("channels",), ("channels", "kernel"), (*WINDOW, "groups"),
        ("same", "valid", "nobias"), "conv 12 k17", synonyms, "F", "[N]",
        f"{WEIGHTS} + b", "F", MULTIPLICATIONS, CONV, axes, "channels",
    )  # fmt: skip


def pooled(word: str, options: tuple[str, ...], *synonyms: str) -> LayerKind:
    return LayerKind(
        pooling, ("kernel",), ("kernel",), options, ("same", "valid", "ceil"), f"{word} 2",
        synonyms, "C", "[N]",
    )  # fmt: skip


def with_gates(gates: str, keras: str = "h") -> LayerKind:
    return LayerKind(
        recurrent, ("units",), ("units",), (), ("nobias", "last", "bidirectional"), "lstm 128",
        gives="[n, H]", parameters=f"ways*{gates}(d*h + h*h + b)",
        biases={"textbook": "h", "pytorch": "2*h", "keras": keras},
        multiplications=f"T*ways*{gates}(d*h + h*h)", sort="recurrent", axes=1,
        reads="entries",
        note=("params.recurrent", {
            "textbook": "recurrent layers: one bias for each unit of each gate",
            "pytorch": "recurrent layers: two biases for each unit of each gate, as torch.nn has "
            "them",
            "keras": "recurrent layers: as Keras has it: two biases for each unit of each gate of "
            "a GRU, one elsewhere",
        }),
    )  # fmt: skip


SCALE_AND_SHIFT = "batch norm has a scale and a shift for each channel"

KINDS: Mapping[str, LayerKind] = {
    "conv": convolved(synonyms=("convolution",)),
    "conv1d": convolved(1, ("conv-1d",)),
    "conv2d": convolved(2, ("conv-2d",)),
    "conv3d": convolved(3, ("conv-3d",)),
    "transposed-conv": LayerKind(
        partial(convolution, 0, window=TransposedWindow), ("channels",), ("channels", "kernel"),
        (*WINDOW, "groups", "output-padding"), ("same", "valid", "nobias"),
        "transposed-conv 12 k4 s2 p1", ("deconv", "conv-transpose"), "F", "[N]",
        f"{WEIGHTS} + b", "F",
        MULTIPLICATIONS.replace("N", "X"), CONV, reads="channels",
        note=(
            "params.transposed",
            "a transposed convolution multiplies at each position of its input",
        ),
    ),
    "separable-conv": LayerKind(
        depthwise, ("channels",), ("channels", "kernel"), (*WINDOW, "multiplier"),
        ("same", "valid", "nobias"), "separable-conv 12 k3",
        ("separable", "depthwise-separable-conv", "depthwise-separable", "separable-convolution"),
        "F", "[N]", "M*C*K + M*C*F + b", "F", "M*N*C*K + M*N*C*F", CONV, reads="channels",
        note=(
            "params.separable",
            "a separable convolution is a window for each channel, and then 1×1 windows over all",
        ),
    ),
    "depthwise-conv": LayerKind(
        depthwise, ("kernel",), ("kernel",), (*WINDOW, "multiplier"), ("same", "valid", "nobias"),
        "depthwise-conv 3", ("depthwise", "dwconv", "depthwise-convolution"), "E", "[N]",
        "M*C*K + b", "E", "M*N*C*K", CONV, reads="channels",
    ),
    "zero-pad": LayerKind(
        padding, ("padding",), ("padding",), example="zero-pad 1", channels="C", gives="[N]",
        synonyms=("zero-padding", "zeropad", "zeropadding"),
    ),
    "upsample": LayerKind(
        upsampling, ("scale",), (), ("size",), ("bilinear",), "upsample 2", channels="C",
        gives="[N]", synonyms=("upsampling", "up-sampling", "unpool", "up-sample"),
    ),
    "reshape": LayerKind(reshaped, ("size",), ("size",), example="reshape 256x7x7",
                         channels="C", gives="[N]"),
    "maxpool": pooled(
        "maxpool", WINDOW, "max-pool", "max-pooling", "maxpooling", "maxpool2d", "maxpooling2d"
    ),
    "avgpool": pooled(
        "avgpool", WINDOW[:3], "avg-pool", "averagepool", "average-pool", "average-pooling",
        "avg-pooling", "mean-pool", "mean-pooling", "avgpool2d",
    ),
    "pool": pooled("pool", WINDOW[:3], "pooling", "subsampling"),
    **{
        f"global-{kind}pool": LayerKind(
            global_pooling, gives="[d]", is_last=True,
            synonyms=tuple(f"global-{word}" for word in words) + extra,
        )
        for kind, words, extra in (
            ("avg", ("avg-pool", "average-pool", "average-pooling", "avg-pooling"), ("gap",)),
            ("max", ("max-pool", "max-pooling"), ()),
        )
    },
    **{
        f"adaptive-{kind}pool": LayerKind(
            adaptive_pooling, ("size",), ("size",), example=f"adaptive-{kind}pool 7",
            synonyms=(f"adaptive-{kind}-pool",), channels="C", gives="[N]",
        )
        for kind in ("avg", "max")
    },
    "flatten": LayerKind(flattened, gives="[d]", is_last=True, synonyms=("flattening",)),
    "fc": LayerKind(
        fully_connected, ("units",), ("units",), (), ("nobias",), "fc 128",
        (
            "dense", "fully-connected", "linear", "full", "hidden-layer", "output-layer",
            "fully-connected-layer", "inner-product",
        ),
        "", "[n, h]", "d*h + b", "h", "n*d*h", FC, reads="entries", is_last=True,
    ),
    "batchnorm": LayerKind(
        unchanged, sort="normalisation", reads="channels",
        synonyms=("bn", "batch-norm", "batch-normalization", "batchnormalization"),
        parameters={"textbook": "2*C", "pytorch": "2*C", "keras": "4*C"},
        note=("params.batch_norm", {
            "textbook": SCALE_AND_SHIFT,
            "pytorch": SCALE_AND_SHIFT,
            "keras": f"{SCALE_AND_SHIFT}, and its running mean and variance count too, as Keras "
            "counts",
        }),
    ),
    "layernorm": LayerKind(
        unchanged, synonyms=("layer-norm", "ln", "layer-normalization"), parameters="2*d",
        sort="normalisation", reads="entries",
    ),
    "groupnorm": LayerKind(
        unchanged, ("groups",), synonyms=("group-norm", "group-normalization"), parameters="2*C",
        sort="normalisation", reads="channels",
    ),
    "instancenorm": LayerKind(
        unchanged, synonyms=("instance-norm", "instance-normalization"), reads="channels"
    ),
    "prelu": LayerKind(
        sloped, ("slopes",), words=("shared",), sort="activation",
        parameters={"textbook": "P", "pytorch": "P", "keras": "d"},
        note=("params.prelu", {
            "textbook": "PReLU learns one slope, or as many as are written behind it",
            "pytorch": "PReLU learns one slope, or as many as are written behind it",
            "keras": "PReLU learns a slope for each entry, as Keras has it",
        }),
    ),
    "lrn": LayerKind(unchanged, ("size",), synonyms=("local-response-norm",)),
    "dropout": LayerKind(unchanged, ("rate",)),
    "embedding": LayerKind(
        embedding, ("words", "units"), ("words", "units"), example="embedding 10000 300",
        gives="[n, h]", parameters="w*h", sort="embedding", axes=1,
    ),
    "rnn": with_gates(""),
    "lstm": with_gates("4*"),
    "gru": with_gates("3*", keras="2*h"),
    "attention": LayerKind(
        attention, ("heads",), (), (), ("nobias",), "attention 8", gives="[n, d]",
        parameters="4*d*d + b", biases="4*d", multiplications="4*n*d*d + 2*n*n*d",
        sort="attention", axes=1, reads="entries",
        note=(
            "params.attention",
            "attention: four matrices, and the products of its scores and weighted values",
        ),
    ),
    **{
        word: LayerKind(unchanged, synonyms=tuple(map(str.lower, one.synonyms)))
        for word, one in ACTIVATIONS.items()
    },
    **dict.fromkeys(("relu6", "gelu"), LayerKind(unchanged)),
    "silu": LayerKind(unchanged, synonyms=("swish",)),
    **dict.fromkeys(
        ("elu", "softplus", "hard-tanh", "mish", "hard-swish", "hard-sigmoid", "log-sigmoid",
         "softsign", "selu", "celu", "softmin", "tanh-shrink"),
        LayerKind(unchanged),
    ),
}  # fmt: skip

COMBINATIONS = {
    "residual": ("skip",), "parallel": ("branches",), "repeat": ()
}  # fmt: skip
"""The ways to combine layers, with their synonyms."""

OWN_SYNONYMS = {word: kind.synonyms for word, kind in KINDS.items()} | COMBINATIONS
SYNONYMS = {synonym: word for word in reversed(OWN_SYNONYMS) for synonym in OWN_SYNONYMS[word]}


def meant(word: str) -> str:
    """The layer's own word for a synonym, in any spelling."""
    plain = word.lower().replace("_", "-")
    return SYNONYMS.get(plain, plain)


class Settings(Record):
    """What is counted: biases or not, and whose recurrent layers and norms."""

    bias: bool = True
    convention: str = ""
    """The one that was asked for; where none was, each layer's spelling tells, or the textbook."""

    def of(self, text: ByConvention) -> str:
        return text if isinstance(text, str) else text[self.convention]

    def for_layer(self, layer: Layer) -> Settings:
        """Those of one layer, whose spelling may tell the convention where none was given."""
        own = layer.convention if not self.convention else self.convention
        return replace(self, convention=own or "textbook")


class Cost(Record):
    """What a layer costs: its line, and what the letters of that stand for."""

    line: str = "0"
    names: Mapping[str, Fill] = MappingProxyType({})

    @property
    def formula(self) -> Expr:
        """3·12·17·17 + 12."""
        return line(self.line, **self.names)

    def count(self, numbers: Mapping[str, Counts]) -> Expr:
        """Its value; the formula where letters are left."""
        found = value_of(self.line, numbers)
        return self.formula if found is None else as_number(found)


class Counted(Record):
    """A layer at work: its output and its costs; `windows` say how the sizes come about.

    `reaches` are None where a layer reads its whole input, and empty where it reads entry by entry.
    """

    shape: Shape
    parameters: Cost
    multiplications: Cost
    numbers: Mapping[str, Counts]
    windows: tuple[Window, ...]
    reaches: tuple[Reach, ...] | None
    convention: str


def counted(layer: Layer, name: str, shape: Shape, settings: Settings) -> Counted:
    """The layer over an input of that shape; `name` is what messages call it.

    Raises `Invalid` where the shape does not fit.
    """
    kind, settings = KINDS[layer.kind], settings.for_layer(layer)
    taken = kind.takes(layer, name, shape)
    has_bias = settings.bias and "nobias" not in layer.words
    bias = settings.of(kind.biases) if has_bias else ""
    names: dict[str, Fill] = {**taken.names, "b": bias or None}
    numbers = in_numbers(names)
    if bias and (biases := value_of(bias, numbers)) is not None:
        numbers["b"] = (biases,)
    if kind.gives:
        sizes = line(kind.gives, **names)
        assert isinstance(sizes, Listing)
        channels = names.get(kind.channels)
        assert channels is None or isinstance(channels, Expr)
        shape = Shape(sizes.items, channels)
    parameters, products = (
        Cost(settings.of(text) or "0", names) for text in (kind.parameters, kind.multiplications)
    )
    return Counted(
        shape, parameters, products, numbers, taken.windows, taken.reaches, settings.convention
    )
