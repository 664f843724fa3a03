"""A layer as PyTorch and Keras call it, Conv2d(3, 64, 7), as the fields of `conv-shape`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import Arranged, Sizes, TensorShape, arranged, tree
from mlcalc.files.fields.shapes import batch_note
from mlcalc.maths.board import Note
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Shape
from mlcalc.networks.architectures.calls import KERAS, arguments, call_of, known_call, near_call
from mlcalc.networks.architectures.layers import KINDS
from mlcalc.networks.architectures.notation import Reader, without_last_comma
from mlcalc.networks.architectures.question import channels_last
from mlcalc.networks.architectures.words import phrase
from mlcalc.networks.convolution.question import INPUTS
from mlcalc.networks.convolution.sizes import ONE
from mlcalc.networks.convolution.windows import TransposedWindow, as_keras

FIELDS = {
    "kernel": "kernel", "stride": "stride", "padding": "padding", "dilation": "dilation",
    "groups": "groups", "channels": "filters", "output-padding": "output_padding",
    "activation": "activation", "ceil": "ceil_mode", "bias": "bias", "in": "in_channels",
    "shape": "input",
}  # fmt: skip
SWITCHES = {
    "same": ("padding", "same"), "valid": ("padding", "valid"), "nobias": ("bias", "false"),
    "ceil": ("ceil_mode", "true"),
}  # fmt: skip
"""The words of a layer, as a field and its value."""
VALUES = {"padding_mode": "zeros", "count_include_pad": "True"}
"""What changes the values alone, and how they are computed here."""
OTHER_PADDING = re.compile("(?:Reflection|Replication|Constant|Circular)Pad", re.IGNORECASE)
AXES = re.compile(r"([13])d", re.IGNORECASE)
OPERATIONS = {
    **dict.fromkeys(("conv", "conv1d", "conv2d", "conv3d"), "conv"),
    "maxpool": "max-pool", "avgpool": "avg-pool",
    "transposed-conv": "transposed-conv", "zero-pad": "pad",
}  # fmt: skip


class Called(Record):
    """A layer: its kind, its name as it was typed, whose it is, and what it gives our fields."""

    kind: str
    name: str
    convention: str
    options: dict[str, Text]
    passed: Mapping[str, Text] = {}

    @property
    def axes(self) -> int | None:
        """Over how many axes it moves, where these are not two."""
        found = AXES.search(self.name)
        return None if found is None else int(found[1])


def written_out(given: Entries) -> tuple[Entries, tuple[Note, ...]]:
    """The fields with those that the layer gives in its place, and how its input was read."""
    layer = given.get("layer")
    if not isinstance(layer, Text):
        return given, ()
    found = read_layer(layer)
    options = dict(found.options)
    given, notes = with_input(given, found, options.pop("input", None))
    activation = options.pop("activation", None)
    if given.get("image") is not None:
        refuse_values(found, activation, layer)
    pairs: dict[str, tuple[Text, Raw]] = {
        key.value: (key, value) for key, value in given.pairs if key.value != "layer"
    }
    options = {
        "operation": Text(OPERATIONS[found.kind], layer.place, exact=False), **options
    }  # fmt: skip
    for name, value in options.items():
        if name in pairs and written(pairs[name][1]) != value.value:
            said = f"the layer says the {name} already, {value.value}"
            raise Invalid.at(f"{said}: give one", pairs[name][0].place)
        if value.value != "None":
            pairs[name] = (Text(name, layer.place, exact=False), value)
    return Entries(tuple(pairs.values()), given.place), notes


def refuse_values(found: Called, activation: Text | None, layer: Text) -> None:
    """Complains of what gives an image other values than are computed here."""
    if activation and activation.value not in ("None", "linear"):
        message = "the values are those before the activation: leave it out"
        raise Invalid.at(message, layer.place)
    for name, value in VALUES.items():
        if name in found.passed and found.passed[name].value != value:
            message = f"the values are computed with {name}={value} alone"
            raise Invalid.at(message, found.passed[name].place)
    if OTHER_PADDING.match(found.name):
        raise Invalid.at("the values are padded with zeros alone: write ZeroPad2d", layer.place)


def with_input(given: Entries, found: Called, own: Text | None) -> tuple[Entries, tuple[Note, ...]]:
    """The fields with the input over the axes of the layer, which may say it itself."""
    typed = next((pair for pair in given.pairs if pair[0].value in INPUTS), None)
    if own is not None:
        last = channels_last_of(own, found.axes or 2)
        if typed is None:
            typed = (Text("input", own.place, exact=False), last)
            given = Entries((*given.pairs, typed), given.place)
        elif TensorShape().read(typed[1]) not in (
            TensorShape().read(own),
            TensorShape().read(last),
        ):
            raise Invalid.at("the layer says the input already: give one", typed[1].place)
    if typed is None or found.axes is None:
        return given, ()
    channels = found.options.get("in_channels")
    count = None if channels is None else tree(channels)
    own_key, value = typed
    taken = over_axes(value, found.axes, count, is_keras=found.convention == KERAS)
    shape = Text(source(taken.shape), value.place, exact=False)
    pairs = ((key, shape if key is own_key else value) for key, value in given.pairs)
    return Entries(tuple(pairs), given.place), taken.notes


def channels_last_of(shape: Text, axes: int) -> Text:
    """The input that a layer of Keras says that it has, in our order."""
    found = TensorShape().read(without_last_comma(shape))
    if found.channels is None and len(found.sizes) == axes + 1:
        found = channels_last(found, axes, shape.place)
    return replace(shape, value=source(found), exact=False)


def over_axes(typed: Raw, axes: int, channels: Expr | None, is_keras: bool) -> Arranged:
    """The input of a layer over one axis or three, which must say so."""
    shape = TensorShape().read(typed)
    more = 0 if shape.channels is not None else len(shape.sizes) - axes
    if more in (1, 2) and is_keras:
        batch = (batch_note(f"the first of {one_line(shape)}"),) if more == 2 else ()
        return Arranged(Shape(shape.sizes[more - 1 : -1], shape.sizes[-1]), batch)
    if more in (1, 2):
        return arranged(shape, axes, typed.place, channels)
    if len(shape.sizes) != axes:
        example = "16@100, channels@length" if axes == 1 else "1@16x32x32"
        message = f"the layer moves over {axes} axes: write the input as {example}"
        raise Invalid.at(message.replace("1 axes", "one axis"), typed.place)
    # Three sizes are a volume here, and elsewhere a picture with its channels.
    return Arranged(Shape(shape.sizes, ONE) if shape.channels is None and axes == 3 else shape)


def read_layer(layer: Text) -> Called:
    """The layer that a text is.  Raises `Invalid` for what is no operation of `conv-shape`."""
    call = call_of(layer)
    if call is None:
        return in_words(layer)
    prefix, name, inside = call
    if not known_call(name.value):
        raise Invalid.at(f"there is no layer '{name.value}'{near_call(name.value)}", name.place)
    found = arguments(prefix, name, inside)
    kind, convention = found.signature.kind, found.signature.convention
    refuse_others(kind, layer)
    options = {FIELDS[o]: value for o, value in found.given.items() if o in FIELDS}
    is_same = "padding" in options and options["padding"].value == "same"
    if (kind, convention) == ("transposed-conv", KERAS) and not is_same:
        options = {**added(options, name), **options}
    return Called(kind, name.value, convention, options, found.passed)


def refuse_others(kind: str, layer: Text) -> None:
    if kind not in OPERATIONS:
        message = f"'{layer.value.strip()}' is no convolution and no pooling: params reads networks"
        raise Invalid.at(message, layer.place)


def added(options: dict[str, Text], name: Text) -> dict[str, Text]:
    """What Keras adds to a transposed convolution whose stride is beyond its kernel."""
    if "stride" not in options or "kernel" not in options:
        return {}
    known = [
        Sizes().read(options[option]).sizes if option in options else (ONE,)
        for option in ("kernel", "stride", "dilation")
    ]
    axes = max(map(len, known))
    each = zip(*(along(sizes, axes) for sizes in known), strict=True)
    windows = [as_keras(TransposedWindow(ONE, k, s, dilation=d), False) for k, s, d in each]
    extra = [None if window is None else window.output_padding for window in windows]
    if None in extra:
        message = (
            f"{name.value} needs numbers for its kernel and stride: write ConvTranspose2d for "
        )
        raise Invalid.at(f"{message}PyTorch's, which adds nothing", name.place)
    text = "x".join(one_line(one) for one in extra if one is not None)
    return {"output_padding": Text(text, options["stride"].place, exact=False)}


def along(sizes: Sequence[Expr], axes: int) -> Sequence[Expr]:
    """One size for each axis; what is too few is left for the field to refuse."""
    return (*sizes, *[sizes[-1]] * (axes - len(sizes)))


def in_words(layer: Text) -> Called:
    """The same of conv 64 7x7 stride 2."""
    found = phrase(layer)
    kind = found.head.value
    refuse_others(kind, layer)
    typed, words = Reader({}, {}).options_of(found.options, kind, KINDS[kind])
    options = {FIELDS[option]: value for option, value in typed.items()}
    for field, value in (SWITCHES[word] for word in words):
        if field in options:
            raise Invalid.at(f"the {field} of {kind} is given twice", layer.place)
        options[field] = Text(value, layer.place, exact=False)
    if found.after:
        options["activation"] = found.after[0]
    return Called(kind, kind, "", options)
