"""A layer as PyTorch and Keras call it, Conv2d(3, 64, 7), as the fields of `conv-shape`."""

from __future__ import annotations

import re

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import Arranged, Sizes, TensorShape, arranged, tree, whole
from mlcalc.files.fields.shapes import batch_note
from mlcalc.maths.board import Note
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Shape
from mlcalc.networks.architectures.calls import KERAS, arguments, call_of, known_call, near_call
from mlcalc.networks.architectures.layers import LETTERS
from mlcalc.networks.architectures.notation import without_last_comma
from mlcalc.networks.architectures.question import channels_last
from mlcalc.networks.architectures.words import phrase
from mlcalc.networks.convolution.question import INPUTS

FIELDS = {
    "kernel": "kernel", "stride": "stride", "padding": "padding", "dilation": "dilation",
    "groups": "groups", "channels": "filters", "output-padding": "output_padding",
    "activation": "activation", "ceil": "ceil_mode", "bias": "bias", "in": "in_channels",
    "shape": "input",
}  # fmt: skip
AXES = re.compile(r"[a-z]([13])-?d(?:\b|(?=Transpose))", re.IGNORECASE)
OPERATIONS = {
    "conv": "conv", "maxpool": "max-pool", "avgpool": "avg-pool",
    "transposed-conv": "transposed-conv", "zero-pad": "pad",
}  # fmt: skip


def written_out(given: Entries) -> tuple[Entries, tuple[Note, ...]]:
    """The fields with those that the layer gives in its place, and how its input was read."""
    layer = given.get("layer")
    if not isinstance(layer, Text):
        return given, ()
    kind, options = options_of(layer)
    typed = next((pair for pair in given.pairs if pair[0].value in INPUTS), None)
    notes: tuple[Note, ...] = ()
    if (own := options.pop("input", None)) is not None:
        last = channels_last_of(layer, own)
        if typed is None:
            typed = (Text("input", own.place, exact=False), last)
            given = Entries((*given.pairs, typed), given.place)
        elif TensorShape().read(typed[1]) not in (
            TensorShape().read(own),
            TensorShape().read(last),
        ):
            raise Invalid.at("the layer says the input already: give one", typed[1].place)
    if typed is not None and (digit := AXES.search(layer.value)):
        axes, channels = int(digit[1]), options.get("in_channels")
        count = None if channels is None else tree(channels)
        found = over_axes(typed[1], axes, count, is_keras="D" in digit[0])
        shape = Text(source(found.shape), typed[1].place, exact=False)
        own_key = typed[0]
        arranged_pairs = ((key, shape if key is own_key else value) for key, value in given.pairs)
        given, notes = Entries(tuple(arranged_pairs), given.place), found.notes
    activation = options.pop("activation", None)
    if activation and given.get("image") and activation.value not in ("None", "linear"):
        message = "the values are those before the activation: leave it out"
        raise Invalid.at(message, layer.place)
    operation = OPERATIONS.get(kind.rstrip("123d").rstrip("-") if "conv" in kind else kind)
    operation = operation or OPERATIONS.get(kind.removesuffix("d").rstrip("123"))
    if operation is None:
        message = f"'{layer.value.strip()}' is no convolution and no pooling: params reads networks"
        raise Invalid.at(message, layer.place)
    pairs: dict[str, tuple[Text, Raw]] = {
        key.value: (key, value) for key, value in given.pairs if key.value != "layer"
    }
    options = {"operation": Text(operation, layer.place, exact=False), **options}
    for name, value in options.items():
        if name in pairs:
            message = f"the layer says the {name} already: give one"
            raise Invalid.at(message, pairs[name][0].place)
        if value.value != "None":
            pairs[name] = (Text(name, layer.place, exact=False), value)
    return Entries(tuple(pairs.values()), given.place), notes


def channels_last_of(layer: Text, shape: Text) -> Text:
    """The input that a layer of Keras says that it has, in our order."""
    found = TensorShape().read(without_last_comma(shape))
    axes = int(digit[1]) if (digit := AXES.search(layer.value)) else 2
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
    return Arranged(shape)


def options_of(layer: Text) -> tuple[str, dict[str, Text]]:
    """The kind of a layer, and its options by the names of our fields."""
    call = call_of(layer)
    if call is None:
        return in_words(layer)
    prefix, name, inside = call
    if not known_call(name.value):
        raise Invalid.at(f"there is no layer '{name.value}'{near_call(name.value)}", name.place)
    found = arguments(prefix, name, inside)
    options = {FIELDS[o]: value for o, value in found.given.items() if o in FIELDS}
    is_keras = (found.signature.kind, found.signature.convention) == ("transposed-conv", KERAS)
    if is_keras and "output_padding" not in options and "stride" in options:
        options |= added(options)
    return found.signature.kind, options


def added(options: dict[str, Text]) -> dict[str, Text]:
    """What Keras adds to a transposed convolution whose stride is beyond its kernel."""
    if options.get("padding") is not None and options["padding"].value == "same":
        return {}
    kernel, stride = (Sizes().read(options[name]).sizes for name in ("kernel", "stride"))
    axes = max(len(kernel), len(stride))
    pairs = zip(kernel * (axes // len(kernel)), stride * (axes // len(stride)), strict=True)
    extra = [max((whole(s) or 1) - (whole(k) or 1), 0) for k, s in pairs]
    if not any(extra):
        return {}
    text = "x".join(map(str, extra))
    return {"output_padding": Text(text, options["stride"].place, exact=False)}


def in_words(layer: Text) -> tuple[str, dict[str, Text]]:
    """The same of conv 64 7x7 stride 2."""
    found = phrase(layer)
    options: dict[str, Text] = {}
    plain = ["channels"] if "conv" in found.head.value else ["kernel"]
    for token in found.options:
        name, equals, value = token.value.partition("=")
        if token.value in ("same", "valid"):
            name, value = "padding", token.value
        elif token.value == "nobias":
            name, value = "bias", "false"
        elif not equals and token.value[:1] in LETTERS and token.value[1:].isdigit():
            name, value = LETTERS[token.value[0]], token.value[1:]
        elif not equals:
            name, value = (plain.pop(0) if plain else ""), token.value
        if name not in FIELDS:
            message = f"expected a layer such as Conv2d(3, 64, 7, stride=2), not '{layer.value}'"
            raise Invalid.at(message, layer.place)
        options[FIELDS[name]] = Text(value, token.place, exact=False)
    return found.head.value, options
