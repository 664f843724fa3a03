"""The words of layers: what may follow each, its synonyms, and what it does in a few words."""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.networks.activations import SYNONYMS as ACTIVATION_SYNONYMS
from mlcalc.records import Record


class LayerKind(Record):
    """How a layer is written.

    `sizes` are the plain numbers after the word, in order; those of `needed` must be there.
    `options` may follow by letter (k3) or by name (kernel=3), `words` as they are.
    """

    family: str
    sizes: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    example: str = ""


WINDOW = ("kernel", "stride", "padding", "dilation")
LETTERS = {"k": "kernel", "s": "stride", "p": "padding", "d": "dilation", "g": "groups"}
MAY_BE_ZERO = ("padding", "output-padding", "rate")

CONVOLUTION = LayerKind(
    "conv", ("channels",), ("channels", "kernel"), (*WINDOW, "groups"),
    ("same", "valid", "nobias"), "conv 12 k17",
)  # fmt: skip
TRANSPOSED = LayerKind(
    "transposed-conv", ("channels",), ("channels", "kernel"),
    (*WINDOW, "groups", "output-padding"), ("nobias",), "transposed-conv 12 k4 s2 p1",
)  # fmt: skip
POOL = ("same", "valid", "ceil")
RECURRENT = LayerKind(
    "recurrent", ("units",), ("units",), (), ("nobias", "last", "bidirectional"), "lstm 128"
)
PLAIN = LayerKind("elementwise")

KINDS: Mapping[str, LayerKind] = {
    "conv": CONVOLUTION,
    "conv1d": CONVOLUTION,
    "conv2d": CONVOLUTION,
    "conv3d": CONVOLUTION,
    "transposed-conv": TRANSPOSED,
    "maxpool": LayerKind("pool", ("kernel",), ("kernel",), WINDOW, POOL, "maxpool 2"),
    "avgpool": LayerKind("pool", ("kernel",), ("kernel",), WINDOW[:3], POOL, "avgpool 2"),
    "global-avgpool": LayerKind("global"),
    "adaptive-avgpool": LayerKind("adaptive", ("size",), ("size",), example="adaptive-avgpool 7"),
    "flatten": LayerKind("flatten"),
    "fc": LayerKind("fc", ("units",), ("units",), (), ("nobias",), "fc 128"),
    "batchnorm": LayerKind("norm"),
    "layernorm": LayerKind("norm"),
    "lrn": LayerKind("elementwise", ("size",)),
    "dropout": LayerKind("elementwise", ("rate",)),
    "embedding": LayerKind(
        "embedding", ("words", "units"), ("words", "units"), example="embedding 10000 300"
    ),
    "rnn": RECURRENT,
    "lstm": RECURRENT,
    "gru": RECURRENT,
    "attention": LayerKind("attention", ("heads",), (), (), ("nobias",), "attention 8"),
    **dict.fromkeys(ACTIVATIONS, PLAIN),
    **dict.fromkeys(("relu6", "gelu", "silu", "elu", "softplus", "hard-tanh"), PLAIN),
}

COMBINATIONS = ("residual", "parallel", "repeat")

SYNONYMS: Mapping[str, str] = {
    "convolution": "conv", "conv-1d": "conv1d", "conv-2d": "conv2d", "conv-3d": "conv3d",
    "deconv": "transposed-conv", "conv-transpose": "transposed-conv",
    "max-pool": "maxpool", "avg-pool": "avgpool", "averagepool": "avgpool",
    "average-pool": "avgpool", "gap": "global-avgpool", "global-avg-pool": "global-avgpool",
    "adaptive-avg-pool": "adaptive-avgpool", "dense": "fc", "fully-connected": "fc",
    "bn": "batchnorm", "batch-norm": "batchnorm", "layer-norm": "layernorm", "ln": "layernorm",
    "local-response-norm": "lrn", "swish": "silu", "skip": "residual", "branches": "parallel",
    **{word.lower(): meaning for word, meaning in ACTIVATION_SYNONYMS.items()},
    "linear": "fc",
}  # fmt: skip


def meant(word: str) -> str:
    """The layer's own word for a synonym, in any spelling."""
    plain = word.lower().replace("_", "-")
    return SYNONYMS.get(plain, plain)
