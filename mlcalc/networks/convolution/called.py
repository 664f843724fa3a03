"""A layer as PyTorch and Keras call it, Conv2d(3, 64, 7), as the fields of `conv-shape`."""

from __future__ import annotations

import re

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import TensorShape
from mlcalc.networks.architectures.calls import arguments, call_of, known_call, near_call
from mlcalc.networks.architectures.layers import LETTERS
from mlcalc.networks.architectures.words import phrase

FIELDS = {
    "kernel": "kernel", "stride": "stride", "padding": "padding", "dilation": "dilation",
    "groups": "groups", "channels": "filters", "output-padding": "output_padding",
    "activation": "activation", "ceil": "ceil_mode", "bias": "bias", "in": "in_channels",
}  # fmt: skip
AXES = re.compile(r"[a-z]([13])-?d\b", re.IGNORECASE)
OPERATIONS = {
    "conv": "conv", "maxpool": "max-pool", "avgpool": "avg-pool",
    "transposed-conv": "transposed-conv",
}  # fmt: skip


def written_out(given: Entries) -> Entries:
    """The fields with those that the layer gives in its place."""
    layer = given.get("layer")
    if not isinstance(layer, Text):
        return given
    kind, options = options_of(layer)
    names = ("input", "input_shape", "input_size", "image_size")
    check_axes(layer, next((v for k, v in given.pairs if k.value in names), None))
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
    return Entries(tuple(pairs.values()), given.place)


def check_axes(layer: Text, given_input: Raw | None) -> None:
    """A layer over one axis or three must have an input that says so."""
    digit = AXES.search(layer.value)
    if digit is None or given_input is None:
        return
    shape = TensorShape().read(given_input)
    if len(shape.sizes) != int(digit[1]):
        example = "16@100, channels@length" if digit[1] == "1" else "1@16x32x32"
        message = f"the layer moves over {digit[1]} axes: write the input as {example}"
        raise Invalid.at(message.replace("1 axes", "one axis"), given_input.place)


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
    return found.signature.kind, options


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
