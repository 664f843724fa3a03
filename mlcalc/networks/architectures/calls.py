"""Layers as PyTorch and Keras call and print them: Conv2d(1, 6, 5), Dense(10, activation="relu").

A call has its numbers by place or by name; `Signature` says which place is what.  What changes
neither shapes nor counts, such as initializers, is passed over by name, and any other name refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.networks.architectures.layers import KINDS, meant
from mlcalc.networks.architectures.pieces import bare, cut, inside_of

TORCH, KERAS = "pytorch", "keras"


class Signature(Record):
    """What a name stands for, and what its arguments are by place; `_` is passed over."""

    kind: str
    order: tuple[str, ...]
    convention: str = ""
    usual: Mapping[str, str] = {}
    """What stands for an argument that is not given."""


class Arguments(Record):
    """A call: the layer, and the text of each of its options."""

    name: str
    signature: Signature
    given: Mapping[str, Text]
    passed: Mapping[str, Text] = {}
    """What changes neither a shape nor a count, by the names that were typed."""

    def is_on(self, option: str, default: bool = False) -> bool:
        """Whether a switch is on.  Raises `Invalid` for what is neither True nor False."""
        raw = self.given.get(option)
        if raw is None:
            return default
        if raw.value.lower() not in ("true", "false"):
            raise Invalid.at(f"expected True or False, not '{raw.value}'", raw.place)
        return raw.value.lower() == "true"


def signature(kind: str, order: str, convention: str = "", **usual: str) -> Signature:
    return Signature(kind, tuple(order.split()), convention, usual)


def of_torch() -> Mapping[str, Signature]:
    found = {
        "Linear": signature("fc", "in units bias", TORCH),
        "NonDynamicallyQuantizableLinear": signature("fc", "in units bias", TORCH),
        "LazyLinear": signature("fc", "units bias", TORCH),
        "LayerNorm": signature("layernorm", "in _ affine bias", TORCH),
        "GroupNorm": signature("groupnorm", "groups in _ affine", TORCH),
        "Embedding": signature("embedding", "words units"),
        "MultiheadAttention": signature("attention", "in heads _ bias", TORCH),
        "Softmax": signature("softmax", "_"),
        "LogSoftmax": signature("softmax", "_"),
        "LeakyReLU": signature("leaky-relu", "_ _"),
        "Hardtanh": signature("hard-tanh", "_ _ _"),
        "Flatten": signature("flatten", "first _"),
        "Identity": signature("identity", "_ _ _ _"),
        "Dropout": signature("dropout", "rate _"),
        "AlphaDropout": signature("dropout", "rate _"),
        "PReLU": signature("prelu", "slopes _"),
        "Upsample": signature("upsample", "size scale mode _"),
        "UpsamplingNearest2d": signature("upsample", "size scale"),
        "UpsamplingBilinear2d": signature("upsample", "size scale", mode="bilinear"),
        "Unflatten": signature("reshape", "_ size", TORCH),
        "LocalResponseNorm": signature("lrn", "size _ _ _"),
        "SyncBatchNorm": signature("batchnorm", "in _ _ affine", TORCH),
        "Softmax2d": signature("softmax", "_"),
        "Softmin": signature("softmin", "_"),
        "RReLU": signature("leaky-relu", "_ _ _"),
        "Hardsigmoid": signature("hard-sigmoid", "_"),
        "Hardswish": signature("hard-swish", "_"),
        "LogSigmoid": signature("log-sigmoid", ""),
        "Tanhshrink": signature("tanh-shrink", ""),
    }
    conv = "in channels kernel stride padding dilation groups bias _"
    transposed = "in channels kernel stride padding output-padding groups bias dilation"
    for axes in "123":
        found |= {
            f"Conv{axes}d": signature(f"conv{axes}d", conv, TORCH),
            f"LazyConv{axes}d": signature(f"conv{axes}d", conv.removeprefix("in "), TORCH),
            f"LazyConvTranspose{axes}d": signature(
                "transposed-conv", transposed.removeprefix("in "), TORCH
            ),
            f"LazyBatchNorm{axes}d": signature("batchnorm", "_ _ affine", TORCH),
            f"ConvTranspose{axes}d": signature("transposed-conv", transposed, TORCH),
            f"MaxPool{axes}d": signature("maxpool", "kernel stride padding dilation _ ceil"),
            f"AvgPool{axes}d": signature("avgpool", "kernel stride padding ceil"),
            f"AdaptiveAvgPool{axes}d": signature("adaptive-avgpool", "size"),
            f"AdaptiveMaxPool{axes}d": signature("adaptive-maxpool", "size"),
            f"BatchNorm{axes}d": signature("batchnorm", "in _ _ affine", TORCH),
            f"InstanceNorm{axes}d": signature("instancenorm", "in _ _ affine", TORCH),
            f"Dropout{axes}d": signature("dropout", "rate _"),
            **{
                f"{how}Pad{axes}d": signature("zero-pad", "padding _", TORCH)
                for how in ("Zero", "Reflection", "Replication", "Constant", "Circular")
            },
        }
    for name in (
        "ReLU",
        "ReLU6",
        "Sigmoid",
        "Tanh",
        "GELU",
        "SiLU",
        "ELU",
        "Softplus",
        "Mish",
        "Softsign",
        "SELU",
        "CELU",
    ):
        found[name] = signature(meant(name), "_ _")
    return found


UNCHANGING = (
    "Rescaling", "Masking", "GaussianNoise", "GaussianDropout", "ActivityRegularization",
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast", "RandomTranslation",
)  # fmt: skip
"""Keras's layers that keep the shape and learn nothing."""


def of_keras() -> Mapping[str, Signature]:
    found = {
        "Dense": signature("fc", "units activation bias", KERAS),
        "BatchNormalization": signature("batchnorm", "_ _ _", KERAS),
        "LayerNormalization": signature("layernorm", "_ _", KERAS),
        "SimpleRNN": signature("rnn", "units activation", KERAS),
        "Activation": signature("activation", "activation"),
        "InputLayer": signature("input", "shape"),
        "Input": signature("input", "shape"),
        **{name: signature("identity", "_ _ _") for name in UNCHANGING},
        "Reshape": signature("reshape", "size", KERAS),
        "GroupNormalization": signature("groupnorm", "groups", KERAS),
    }
    for axes in "123":
        conv = "channels kernel stride padding _ dilation groups activation bias"
        found[f"Conv{axes}D"] = signature(f"conv{axes}d", conv, KERAS)
        for long, short, kind in (("Max", "Max", "max"), ("Average", "Avg", "avg")):
            pool = signature(f"{kind}pool", "kernel stride padding", KERAS, kernel="2")
            of_all = signature(f"global-{kind}pool", "")
            found |= {
                f"{long}Pooling{axes}D": pool, f"{short}Pool{axes}D": pool,
                f"Global{long}Pooling{axes}D": of_all, f"Global{short}Pool{axes}D": of_all,
            }  # fmt: skip
        found[f"SpatialDropout{axes}D"] = signature("dropout", "rate")
        over = "stride padding output-padding _ dilation activation bias"
        depthwise = "stride padding multiplier _ dilation activation bias"
        found |= {
            f"Conv{axes}DTranspose": signature(
                "transposed-conv", f"channels kernel {over}", KERAS
            ),
            f"SeparableConv{axes}D": signature(
                "separable-conv",
                "channels kernel stride padding _ dilation multiplier activation bias", KERAS,
            ),
            f"DepthwiseConv{axes}D": signature("depthwise-conv", f"kernel {depthwise}", KERAS),
            f"ZeroPadding{axes}D": signature("zero-pad", "padding", KERAS, padding="1"),
            f"UpSampling{axes}D": signature("upsample", "scale _ mode", KERAS, scale="2"),
        }  # fmt: skip
    return found


CALLS: Mapping[str, Signature] = {**of_torch(), **of_keras()}
RECURRENT: Mapping[str, tuple[Signature, Signature]] = {
    name: (
        signature(kind, torch, TORCH),
        signature(kind, "units activation", KERAS),
    )
    for name, kind, torch in (
        ("RNN", "rnn", "in units layers _ bias"),
        ("LSTM", "lstm", "in units layers bias _ _ bidirectional"),
        ("GRU", "gru", "in units layers bias _ _ bidirectional"),
        ("RNNCell", "rnn", "in units bias"), ("LSTMCell", "lstm", "in units bias"),
        ("GRUCell", "gru", "in units bias"),
    )
}  # fmt: skip
"""Those whose names both have: PyTorch gives the size of the input first, Keras the units."""
FOLDED = {name.lower(): name for name in reversed((*CALLS, *RECURRENT))}
IN_ORDER = ("Sequential", "OrderedDict")
CONTAINERS = (*IN_ORDER, "ModuleList", "ModuleDict")
WRAPPERS = ("Bidirectional", "TimeDistributed")

KEYWORDS = {
    **dict.fromkeys((
        "in_channels", "in_features", "input_size", "num_features", "normalized_shape",
        "num_channels", "embed_dim",
    ), "in"),
    **dict.fromkeys(("out_channels", "filters", "num_filters", "channels"), "channels"),
    **dict.fromkeys((
        "out_features", "units", "hidden_size", "embedding_dim", "output_dim",
    ), "units"),
    "kernel_size": "kernel", "pool_size": "kernel", "strides": "stride", "pad": "padding",
    "dilation_rate": "dilation", "p": "rate", "num_embeddings": "words", "num_heads": "heads",
    "num_groups": "groups", "use_bias": "bias", "ceil_mode": "ceil", "num_layers": "layers",
    "output_size": "size", "return_sequences": "sequences", "elementwise_affine": "affine",
    "start_dim": "first", "output_padding": "output-padding",
    "input_shape": "shape", "scale_factor": "scale", "interpolation": "mode",
    "depth_multiplier": "multiplier", "num_parameters": "slopes", "target_shape": "size",
    "unflattened_size": "size",
}  # fmt: skip
"""The options by the names that frameworks give them."""
NEUTRAL = re.compile(
    r"\w*_(?:initializer|regularizer|constraint)|inplace|eps|epsilon|momentum|dim|axis|alpha|dtype|"
    r"negative_slope|batch_first|dropout|recurrent_dropout|device|trainable|end_dim|data_format|"
    r"track_running_stats|padding_mode|return_indices|return_state|stateful|unroll|approximate|"
    r"nonlinearity|input_length|mask_zero|padding_idx|count_include_pad|seed|sparse|batch_size|"
    r"recurrent_activation|min_val|max_val|beta|threshold|go_backwards|max_value|noise_shape|"
    r"mask_value|stddev|align_corners|recompute_scale_factor|value|init"
)
"""What changes neither a shape nor a count."""
OF_KERAS = re.compile(r"keras|layers|tf\.")
NUMBER = re.compile(r"[\d(\[-].*", re.DOTALL)
CALL = re.compile(r"((?:[A-Za-z_]\w*\.)*)([A-Za-z_][\w-]*)\s*(?=\()")


def call_of(text: Text) -> tuple[str, Text, Text] | None:
    """The prefix, the name and the arguments of NAME(…), where a text is just that."""
    found = CALL.match(text.value)
    if found is None:
        return None
    within = inside_of(text, found.end())
    if within is None or bare(text, within[1], len(text.value)).value:
        return None
    name = Text(found[2], text.at(found.start(2)), exact=text.exact)
    return found[1].lower(), name, within[0]


def known_call(name: str) -> bool:
    """Whether a name is that of a layer, in our words or in a framework's."""
    return name.lower() in FOLDED or meant(name) in KINDS


def near_call(name: str) -> str:
    """The layer that was probably meant."""
    return closest(name, (*CALLS, *RECURRENT, *KINDS))


def arguments(prefix: str, name: Text, inside: Text) -> Arguments:
    """What a call says.  Raises `Invalid` for what it may not have, or may mean in two ways."""
    by_place: list[Text] = []
    by_name: dict[str, Text] = {}
    passed: dict[str, Text] = {}
    for part in cut(inside, ","):
        key, equals, _ = part.value.partition("=")
        key = key.strip()
        if not equals or not key.isidentifier():
            if part.value:
                by_place.append(part)
        else:
            named = passed if NEUTRAL.fullmatch(key) else by_name
            if key in named:
                raise Invalid.at(f"the {key} of {name.value} is given twice", part.place)
            named[key] = part_of(part, part.value.index("=") + 1, len(part.value))
    found = meaning(prefix, name, by_place, by_name)
    if found.order[:2] == ("units", "activation") and by_place[1:]:
        second = by_place[1]
        if NUMBER.fullmatch(second.value):
            a, b = by_place[0].value, second.value
            message = f"{name.value} takes its units and an activation, and {b} is none: write "
            raise Invalid.at(f"{message}{name.value}({b}), or fc {a} {b} from {a}", second.place)
    if len(by_place) > len(found.order):
        message = f"{name.value} takes at most {len(found.order)} values without a name"
        raise Invalid.at(message, by_place[len(found.order)].place)
    given = {o: value for o, value in zip(found.order, by_place, strict=False) if o != "_"}
    for key, value in by_name.items():
        option = option_of(key, found)
        if option not in allowed(found):
            known = [k for k in (*KEYWORDS, *found.order) if KEYWORDS.get(k, k) in allowed(found)]
            raise Invalid.at(f"{name.value} has no {key}{closest(key, known)}", value.place)
        if option in given:
            raise Invalid.at(f"the {key} of {name.value} is given twice", value.place)
        given[option] = value
    if "shape" in given and passed.get("data_format", name).value == "channels_first":
        message = "with channels_first write the input before the layers, as in 3@32x32, not here"
        raise Invalid.at(message, given["shape"].place)
    padding, stride = given.get("padding"), given.get("stride")
    is_same = found.convention == TORCH and padding is not None and padding.value == "same"
    if is_same and stride is not None and re.search(r"[^\s1,()\[\]]", stride.value):
        message = f"PyTorch refuses padding='same' with a stride of {stride.value}: write the "
        raise Invalid.at(f"{message}padding as a number, such as 1", stride.place)
    for option, text in found.usual.items():
        given.setdefault(option, Text(text, name.place, exact=False))
    return Arguments(name.value, found, given, passed)


def option_of(key: str, found: Signature) -> str:
    if key == "input_dim":
        return "words" if found.kind == "embedding" else "shape"
    if key == "p" and found.kind != "dropout":
        return "padding"
    if key == "channels" and "channels" not in found.order:
        return key
    return KEYWORDS.get(key, key.replace("_", "-"))


def allowed(found: Signature) -> tuple[str, ...]:
    """All options that such a layer may have."""
    kind = KINDS.get(found.kind)
    if kind is None:
        return ("shape", "name", *found.order)
    own = (*kind.sizes, *kind.options, *kind.words, "in", "bias", "name", "shape")
    return (*own, *found.order, "activation", "sequences", "reset-after")


def meaning(
    prefix: str, name: Text, by_place: Sequence[Text], by_name: Mapping[str, Text]
) -> Signature:
    """The signature of a name; where PyTorch and Keras share it, the one that the values fit."""
    word, numbers = name.value, [t for t in by_place if NUMBER.fullmatch(t.value)]
    exact = word if word in CALLS or word in RECURRENT else FOLDED.get(word.lower(), "")
    if exact in RECURRENT:
        is_torch = len(numbers) > 1 or "input_size" in by_name or exact.endswith("Cell")
        torch, keras = RECURRENT[exact]
        # An own word, lstm(20), is counted as the field `convention` says.
        is_own = word != exact and not prefix
        found = torch if is_torch else keras
        return Signature(found.kind, found.order) if is_own and not is_torch else found
    folded = word.lower()
    if exact == "PReLU" and (OF_KERAS.search(prefix) or "shared_axes" in by_name):
        return Signature("prelu", ("shared-axes",), KERAS)
    if re.fullmatch(r"conv[123]d", folded):
        return convolution(prefix, name, by_place, by_name)
    if exact and (word == exact or prefix):
        return CALLS[exact]
    kind = meant(word)
    if kind == "fc":
        order = ("in", "units") if len(numbers) > 1 else ("units", "activation")
        return Signature(kind, order)
    if kind in KINDS:
        sizes = dict.fromkeys((*KINDS[kind].sizes, *KINDS[kind].needed))
        if KINDS[kind].sizes == ("kernel",):
            sizes["stride"] = None  # as both frameworks have it
        return Signature(kind, tuple(sizes) or ("_", "_"))
    return CALLS[exact]


def convolution(
    prefix: str, name: Text, by_place: Sequence[Text], by_name: Mapping[str, Text]
) -> Signature:
    """PyTorch's (in, out, kernel) or Keras's (filters, kernel, stride), by the case of the d."""
    axes, last = name.value[-2], name.value[-1]
    torch, keras = CALLS[f"Conv{axes}d"], CALLS[f"Conv{axes}D"]
    numbers = [t.value for t in by_place if NUMBER.fullmatch(t.value)]
    is_keras = OF_KERAS.search(prefix) or len(numbers) < len(by_place)
    if is_keras or {"filters", "activation"} & by_name.keys():
        return keras
    if "in_channels" in by_name or (last == "d" and name.value[0] == "C" and len(numbers) > 2):
        return torch
    if len(numbers) < 3:
        written = name.value[0] == "C" and last == "d" and len(numbers) == 2
        if written and "kernel_size" in by_name:
            return torch
        if written:
            a, b = numbers
            message = f"{name.value} takes the channels of its input, its own, and the kernel: "
            message += f"write {name.value}(C, {a}, {b}), or Conv{axes}D({a}, {b}) as in Keras"
            raise Invalid.at(message, name.place)
        return keras if name.value[0] == "C" else Signature(keras.kind, keras.order[:2])
    a, b, c = numbers[:3]
    raise Invalid.at(
        f"{name.value}({a}, {b}, {c}) may be PyTorch's, {a} channels to {b} by a kernel of {c}, or "
        f"Keras's, {a} filters, kernel {b}, stride {c}: write Conv{axes}d({a}, {b}, {c}), or "
        f"Conv{axes}D({a}, {b}, strides={c})",
        name.place,
    )
