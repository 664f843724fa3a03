"""A network as others write it: W1, b1, W2, a name a matrix, and equations that join them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.maths.board import Note
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import Record, replace
from mlcalc.networks.feedforward.boolean_reader import BooleanFormula
from mlcalc.networks.feedforward.chain import is_chain, read_chain
from mlcalc.networks.feedforward.fields import are_layers
from mlcalc.networks.written import Whole, turned

if TYPE_CHECKING:
    from mlcalc.networks.units import Unit

MOST_NAMED = 9


class SizesOrWhole(Whole):
    """The units of each layer, 2-3-1, or names with values and equations."""

    def read(self, raw: Raw) -> Entries:
        if isinstance(raw, Text) and is_chain(raw.value):
            return read_chain(raw)
        if isinstance(raw, Text) and is_boolean(raw):
            return Entries(((Text("formula", raw.place), raw),), raw.place)
        if isinstance(raw, Text) and are_layers(raw.value):
            return Entries(((Text("sizes", raw.place), raw),), raw.place)
        return super().read(raw)


def is_boolean(raw: Text) -> bool:
    """Whether a text is a Boolean formula: XOR, x1 AND NOT x2."""
    if not re.search(r"\b(?:x?n?or|n?and|not)\b|[∧∨¬⊕]", raw.value, re.IGNORECASE):
        return False
    with suppress(Invalid):
        BooleanFormula().read(raw)
        return True
    return False


NETWORK = SizesOrWhole("x = 1, 2; W1 = 1 2; 3 4; W2 = 1 1")
NUMBERED = re.compile(r"([wb])\W*([1-9])\W*")
"""W1, and W^{[1]}, W^(1) of lectures."""
WEIGHTS = re.compile(r"weights|w\W*[1-9]?\W*")
OWN = {"weights": "w", "biases": "b"}


class Typed(Record):
    """A value with its name as it was typed."""

    key: Text
    value: Raw


class Layer(Record):
    """The names of a layer's matrix and bias in an equation, and what it says of them."""

    matrix: str
    bias: str
    is_turned: bool
    word: str


Reading = tuple[Entries, tuple[Note, ...]]


def by_layers(given: Entries, fields: Collection[str]) -> Reading:
    """The same with `weights`, `biases` and `activation` for what has a name a layer.

    `fields` are the plain names of all fields; what is not plain is noted.  Raises `Invalid`
    where the names leave a layer out, two are one, or an equation is none of the network.
    """
    network = [pair for pair in given.pairs if plain_name(pair[0].value) == "network"]
    lines = [pair for _, value in network for pair in NETWORK.read(value).pairs]
    if not any(WEIGHTS.fullmatch(plain_name(key.value)) for key, _ in (*given.pairs, *lines)):
        # The sizes of layers need no activations.
        lines = [pair for pair in lines if not pair[0].value.endswith("activation")]
    found = Equations(fields)
    values = [pair for pair in lines if not found.takes(*pair)]
    pairs = [*(pair for pair in given.pairs if pair not in network), *values]
    known = by_name(pairs)
    named = {name: typed for name, typed in known.items() if NUMBERED.fullmatch(name)}
    if not named and not found.layers:
        return replace(given, pairs=tuple(pairs)), ()
    layers = found.layers or numbered(named, given)
    used = {name for layer in layers for name in (layer.matrix, layer.bias)}
    left = [(one.key, one.value) for name, one in known.items() if name not in {*named, *used}]
    refuse_left_out(left, named, layers)
    return Entries((*left, *made(layers, known, given)), given.place), turned_notes(layers, known)


def by_name(pairs: list[tuple[Text, Raw]]) -> dict[str, Typed]:
    """The values by the names that equations have for them.  Raises `Invalid` for one of two."""
    found: dict[str, Typed] = {}
    for key, value in pairs:
        name = layer_name(key) or plain_name(key.value)
        if name in found:
            before = found[name].key.value
            both = f"'{before}' and '{key.value}' are the same name"
            what = f"'{before}' is given twice" if before == key.value else both
            raise Invalid.at(f"{what}: give one", key.place)
        found[name] = Typed(key, value)
    return found


def turned_notes(layers: list[Layer], known: dict[str, Typed]) -> tuple[Note, ...]:
    names = [known[layer.matrix].key.value for layer in layers if layer.is_turned]
    if not names:
        return ()
    text = f"the equations have x W: the columns of {', '.join(names)} are read as the rows here"
    return (Note("given.turned", f"{text}, one for each unit"),)


class Equations:
    """The layers that equations tell, from the input on: z1 = W1 x + b1; a1 = relu(z1)."""

    def __init__(self, fields: Collection[str]) -> None:
        self.fields = fields
        self.layers: list[Layer] = []
        self.vectors: tuple[str, ...] = ("x", "input", "inputs", "a0", "h0")
        self.sum = ""

    def takes(self, key: Text, value: Raw) -> bool:
        """Whether a line is an equation.  Raises `Invalid` where it is none, and no value."""
        from mlcalc.networks.units import is_values, unit_of

        name = plain_name(key.value)
        is_field = name in self.fields and name not in OUTPUTS
        unit = unit_of(value.value) if isinstance(value, Text) and not is_field else None
        if unit is not None and self.is_next(name, unit):
            return True
        if name not in self.fields and not layer_name(key) and not is_values(value):
            typed = visible(f"{key.value} = {written(value)}", most=60)
            message = f"'{typed}' is not read as an equation of the network, such as "
            message += "a1 = relu(W1 x + b1): leave it out, and write activation and "
            raise Invalid.at(message + "output_activation", key.place)
        return False

    def is_next(self, name: str, unit: Unit) -> bool:
        """Whether the unit is the next layer, which it is taken for, or what is made of its sum."""
        if unit.name:
            if unit.name != self.sum:
                return False
            self.layers[-1] = replace(self.layers[-1], word=unit.word or "identity")
            self.vectors = (name,)
            return True
        products = unit.products(self.vectors)
        if products is None or len(products) != 1 or len(unit.biases) > 1:
            return False
        (product,) = products
        bias = "".join(unit.biases)
        self.layers.append(Layer(product.matrix, bias, product.is_turned, unit.word or "identity"))
        self.vectors, self.sum = (name,), "" if unit.word else name
        return True


OUTPUTS = ("y", "output")


def layer_name(key: Text) -> str:
    """w1 of W1, W_1, W^{[1]}; empty for another name."""
    found = NUMBERED.fullmatch(plain_name(key.value))
    return found[1] + found[2] if found else ""


def numbered(named: dict[str, Typed], given: Entries) -> list[Layer]:
    """W1, W2, … in their order.  Raises `Invalid` where one is missing."""
    count = max(int(name[1:]) for name in named)
    for number in range(1, count + 1):
        if f"w{number}" not in named:
            first = next(iter(named.values())).key
            message = f"'W{number}' is missing: the weights of layer {number}, beside "
            raise Invalid.at(f"{message}{first.value}", given.place)
    return [
        Layer(f"w{n}", f"b{n}" if f"b{n}" in named else "", False, "") for n in range(1, count + 1)
    ]


def refuse_left_out(
    left: list[tuple[Text, Raw]], named: dict[str, Typed], layers: list[Layer]
) -> None:
    """Raises `Invalid` for a matrix that two names give, and for one that no equation has."""
    for key, _ in left:
        letter = OWN.get(plain_name(key.value))
        twice = next((typed.key for name, typed in named.items() if name[0] == letter), None)
        if twice is not None:
            message = f"'{twice.value}' and '{key.value}' are the same: give one"
            raise Invalid.at(message, key.place)
    for name, typed in named.items():
        if not any(name in (layer.matrix, layer.bias) for layer in layers):
            message = f"no equation has {typed.key.value}, or its layer has no weights"
            raise Invalid.at(f"{message}: leave it out, or write one", typed.key.place)


def made(
    layers: list[Layer], known: dict[str, Typed], given: Entries
) -> Iterator[tuple[Text, Raw]]:
    """The entries `weights` and `biases`, and the activations that equations tell."""
    for layer in layers:
        for name in (layer.matrix, layer.bias):
            if name and name not in known:
                raise Invalid.at(f"'{name}' has no value: an equation names it", given.place)
    matrices = [known[layer.matrix] for layer in layers]
    place = matrices[0].key.place
    pairs = zip(layers, matrices, strict=True)
    raws = tuple(turned(m.value) if layer.is_turned else m.value for layer, m in pairs)
    yield Text("weights", place), Items(raws, place)
    if any(layer.bias for layer in layers):
        biases = [known[layer.bias].value if layer.bias else Text("", place) for layer in layers]
        yield Text("biases", place), Items(tuple(biases), place)
    *hidden, output = (Text(layer.word, place) for layer in layers)
    if output.value and hidden:
        yield Text("activation", place), Items(tuple(hidden), place)
    if output.value:
        yield Text("output_activation", place), output
