"""The layers of a network as PyTorch writes them: nn.Sequential(nn.Linear(2, 3), nn.ReLU(), …).

With weights beside them they tell the activations too; alone they are sizes.
"""

from __future__ import annotations

import re
from itertools import pairwise

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.maths.records import Record, replace
from mlcalc.networks.activations import ACTIVATION

SEQUENTIAL = re.compile(
    r"\s*(?:\w+\s*=\s*)?(?:[A-Za-z_]\w*\.)*Sequential\s*\(\s*\[?(.*?)\]?\s*\)\s*", re.DOTALL
)
LABEL = re.compile(r"\(\w+\)\s*:\s*")
CALL = re.compile(r"\s*(?:[A-Za-z_]\w*\.)*(?P<name>[A-Za-z]\w*)\s*\((?P<inside>[^()]*)\)\s*,?")
SIZES = re.compile(
    r"\s*(?:in_features\s*=\s*)?(?P<inputs>[0-9]{1,4})\s*,\s*(?:out_features\s*=\s*)?"
    r"(?P<units>[0-9]{1,4})\s*(?:,\s*bias\s*=\s*(?P<bias>True|False)\s*)?"
)
MOST_LAYERS = 20


class Dense(Record):
    """A linear layer, and the activation behind it."""

    inputs: int
    units: int
    word: str = "identity"


def is_chain(text: str) -> bool:
    return len(text) < 4000 and SEQUENTIAL.fullmatch(text) is not None


def layers_of(raw: Text) -> list[Dense]:
    """Raises `Invalid` for what is no chain of linear layers and activations."""
    found = SEQUENTIAL.fullmatch(raw.value)
    left = LABEL.sub("", found[1] if found else "").strip()
    layers: list[Dense] = []
    while left:
        call = CALL.match(left)
        sizes = SIZES.fullmatch(call["inside"]) if call and call["name"] == "Linear" else None
        word = ACTIVATION.word_of(call[0].strip(" ,\n")) if call and not sizes else ""
        if call is None or not (sizes or (word and layers and layers[-1].word == "identity")):
            typed = call[0].strip(" ,\n") if call else left[:40]
            message = "mlp reads nn.Linear(inputs, units) with an activation behind each, not "
            raise Invalid.at(f"{message}'{typed}': params counts other layers", raw.place)
        if sizes:
            layers.append(Dense(int(sizes["inputs"]), int(sizes["units"])))
        else:
            layers[-1] = replace(layers[-1], word=word)
        left = left[call.end() :].strip()
    for before, layer in pairwise(layers):
        if before.units != layer.inputs:
            message = f"a layer gives {before.units} numbers, and the next reads {layer.inputs}"
            raise Invalid.at(message, raw.place)
    if not layers or len(layers) > MOST_LAYERS:
        raise Invalid.at("a network has from 1 to 20 linear layers", raw.place)
    return layers


def read_chain(raw: Text) -> Entries:
    """The sizes of the layers, and their activations."""
    layers = layers_of(raw)
    sizes = "-".join(map(str, (layers[0].inputs, *(layer.units for layer in layers))))
    *hidden, output = (replace(raw, value=layer.word, exact=False) for layer in layers)
    pairs: list[tuple[Text, Raw]] = [
        (Text("sizes", raw.place), replace(raw, value=sizes, exact=False)),
        (Text("output_activation", raw.place), output),
    ]
    if hidden:
        pairs.append((Text("activation", raw.place), Items(tuple(hidden), raw.place)))
    return Entries(tuple(pairs), raw.place)
