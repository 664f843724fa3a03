"""A recurrent network in one text: a cell, a layer as frameworks call it, or names and equations.

lstm; nn.RNN(input_size=1, hidden_size=2); W_hh = 0.8; x = 1, 2; h = np.tanh(W_hh h + W_xh x)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import Schema, Word
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import Record
from mlcalc.networks.written import Whole, turned

if TYPE_CHECKING:
    from mlcalc.networks.units import Unit

CALL = re.compile(
    r"\s*(?:[\w.]+\s*=\s*)?(?:[A-Za-z]+\.)*(?P<name>(?:Simple)?RNN|LSTM|GRU)(?:Cell)?"
    r"\s*\((?P<inside>[^()]*)\)\s*"
)
CELL = {"rnn": "rnn", "simplernn": "rnn", "lstm": "lstm", "gru": "gru"}
PLACES = ("input_size", "hidden_size", "num_layers", "nonlinearity")
PASSED_OVER = ("batch_first", "dropout", "return_sequences", "return_state", "device", "dtype")
STATE = ("h", "hprev", "h0", "s")
INPUT = ("x", "input")
OF_STATE = tuple(map(plain_name, ("W_xh", "W_hx", "W_hh", "b_h")))


class Cells(Whole):
    """A cell by its word, a layer as frameworks call it, or names with values and equations."""

    cells: Word

    def read(self, raw: Raw) -> Entries:
        if isinstance(raw, Text) and (word := self.word(raw)):
            return Entries(((Text("cell", raw.place), Text(word, raw.place)),), raw.place)
        try:
            return super().read(raw)
        except Invalid:
            if isinstance(raw, Text) and "=" not in raw.value:
                self.cells.read(raw)  # complains of the word
            raise

    def word(self, raw: Text) -> str:
        """The cell that a word or a layer names; empty for anything else."""
        if call := CALL.fullmatch(raw.value):
            return CELL[call["name"].lower()]
        return self.cells.word_of(raw.value)

    def schema(self) -> Schema:
        return {"anyOf": [self.cells.schema(), {"type": "string"}]}

    def words(self) -> tuple[str, ...]:
        return self.cells.words()


class CalledSizes(Record):
    """The sizes that a call says, where it says them, and where it stands."""

    call: Text
    inputs: int | None
    units: int | None


def opened(
    given: Entries, network: Cells, fields: Collection[str]
) -> tuple[Entries, CalledSizes | None]:
    """The entries, with those of the network in its place, and the sizes that it says.

    `fields` are the plain names of all fields.  Raises `Invalid`.
    """
    pairs: list[tuple[Text, Raw]] = []
    sizes: CalledSizes | None = None
    options: dict[str, str] = {}
    for key, value in given.pairs:
        if plain_name(key.value) != "network":
            pairs.append((key, value))
            continue
        pairs += in_names(network.read(value), fields)
        if isinstance(value, Text) and (call := CALL.fullmatch(value.value)):
            options = dict(options_of(value, call["inside"], "simple" in call["name"].lower()))
            if word := options.get("activation"):
                pairs.append((Text("activation", key.place), Text(word, value.place)))
            lengths = (number(options, name) for name in ("input_size", "hidden_size"))
            sizes = CalledSizes(value, *lengths)
    if sizes is not None and sizes.inputs and sizes.units and not is_run(pairs):
        if options.get("bias") == "False":
            message = "sizes counts biases too: params counts a layer without"
            raise Invalid.at(message, sizes.call.place)
        text = f"{sizes.inputs}, {sizes.units}"
        pairs.append((Text("sizes", sizes.call.place), Text(text, sizes.call.place, exact=False)))
    return Entries(tuple(pairs), given.place), sizes


def is_run(pairs: list[tuple[Text, Raw]]) -> bool:
    """Whether there are values beside the cell."""
    return any(plain_name(key.value) not in ("cell", "activation", "variant") for key, _ in pairs)


def number(options: dict[str, str], name: str) -> int | None:
    return int(options[name]) if name in options else None


def options_of(raw: Text, inside: str, is_keras: bool) -> Iterator[tuple[str, str]]:
    """The options of a call that mean something.  Raises `Invalid` for one that is not done."""
    parts = [part.strip() for part in inside.split(",") if part.strip()]
    plain = [part for part in parts if "=" not in part]
    places = ("hidden_size",) if is_keras or len(plain) == 1 else PLACES
    if len(plain) > len(places):
        raise Invalid.at("expected a layer such as nn.RNN(1, 2), input and state", raw.place)
    named = [(places[n], part) for n, part in enumerate(plain)]
    named += [
        (name.strip(), value.strip())
        for name, _, value in (p.partition("=") for p in parts if "=" in p)
    ]
    for name, typed in named:
        value = typed.strip("'\"")
        if name == "units":
            name = "hidden_size"
        if name in ("input_size", "hidden_size"):
            if not re.fullmatch(r"[1-9]\d{0,5}", value):
                raise Invalid.at(f"expected a number for {name}, not '{visible(value)}'", raw.place)
            yield name, value
        elif name in ("nonlinearity", "activation"):
            yield "activation", value
        elif name in ("bias", "use_bias") and value in ("True", "False"):
            yield "bias", value
        elif (name, value) in (("num_layers", "1"), ("bidirectional", "False")):
            continue
        elif name not in PASSED_OVER:
            message = f"'{visible(name)}={visible(value)}' is not read here: one layer in one "
            message += "direction is; write several as layers, and the other direction as backward"
            raise Invalid.at(message, raw.place)


def in_names(entries: Entries, fields: Collection[str]) -> list[tuple[Text, Raw]]:
    """The entries, with equations taken for the weights and activations that they tell."""
    equations = Equations(fields)
    values = [pair for pair in entries.pairs if not equations.takes(*pair)]
    equations.check_whole(values)
    found: list[tuple[Text, Raw]] = []
    named = {plain_name(key.value) for key, _ in values}
    for name in (*equations.names, *equations.turned):
        if name not in named:
            raise Invalid.at(f"'{name}' has no value: an equation names it", entries.place)
    for key, value in values:
        name = plain_name(key.value)
        raw = turned(value) if name in equations.turned else value
        own = equations.names.get(name, key.value)
        found.append((key if own == key.value else Text(own, key.place), raw))
    return [*found, *equations.words]


class Equations:
    """What h = f(W_hh h + W_xh x + b_h) and y = g(W_hy h + b_y) say of the names in them."""

    def __init__(self, fields: Collection[str]) -> None:
        self.fields = fields
        self.names: dict[str, str] = {}
        """Our names of the weights by the plain names of theirs."""
        self.turned: set[str] = set()
        self.words: list[tuple[Text, Raw]] = []
        self.sums: dict[str, str] = {}
        """Which activation a sum goes into, by its name."""

    def takes(self, key: Text, value: Raw) -> bool:
        """Whether a line is an equation.  Raises `Invalid` where it is none, and no value."""
        from mlcalc.networks.units import is_values, unit_of

        name = plain_name(re.sub(r"_?\{?[\[(]?t[\])]?\}?$", "", key.value))
        unit = unit_of(value.value) if isinstance(value, Text) else None
        if unit is not None and self.fits(name, unit, key):
            return True
        is_field = plain_name(key.value) in self.fields and name not in (*STATE, "y")
        if is_field or is_values(value):
            return False
        if isinstance(value, Text) and not re.search("[(@*+]", value.value) and name in self.fields:
            return False
        typed = visible(f"{key.value} = {value.value if isinstance(value, Text) else ''}", most=60)
        message = f"'{typed}' is not read as an equation of the network, such as "
        message += "'h = tanh(W_hh h + W_xh x + b_h)': leave it out, and write "
        raise Invalid.at(message + "activation and output_activation", key.place)

    def fits(self, name: str, unit: Unit, key: Text) -> bool:
        if unit.name:
            if unit.name not in self.sums:
                return False
            self.put(self.sums[unit.name], unit.word, key)
            return True
        products = unit.products((*STATE, *INPUT))
        if not products:
            return False
        of_input = [p for p in products if p.vector in INPUT]
        of_state = [p for p in products if p.vector in STATE]
        is_state = bool(of_input) or name in STATE
        if len(of_input) > 1 or len(of_state) != 1 or len(unit.biases) > (2 if is_state else 1):
            return False
        for product in products:
            own = "W_xh" if product.vector in INPUT else "W_hh" if is_state else "W_hy"
            self.names[product.matrix] = own
            self.turned |= {product.matrix} if product.is_turned else set()
        biases = ["b_h"] if is_state else ["b_y"]
        biases = ["bias_ih_l0", "bias_hh_l0"] if len(unit.biases) == 2 else biases
        self.names |= dict(zip(unit.biases, biases, strict=False))
        word = "activation" if is_state else "output_activation"
        if unit.word or name in (*STATE, "y"):
            self.put(word, unit.word, key)
        else:
            self.sums[name] = word
        return True

    def check_whole(self, values: Sequence[tuple[Text, Raw]]) -> None:
        """Raises `Invalid` where the equations leave out what is given, or stop at a sum."""
        own = set(self.names.values())
        for key, _ in values:
            name = plain_name(key.value)
            if name in OF_STATE and own & {"W_xh", "W_hh"} and name not in self.names:
                message = f"the equation of the state leaves '{key.value}' out: leave it out too"
                raise Invalid.at(message, key.place)
        done = [field.value for field, _ in self.words]
        if "W_hh" in own and "activation" not in done:
            name = next(name for name, word in self.sums.items() if word == "activation")
            message = f"'{name}' is the sum of the state: write its activation, 'h = tanh({name})'"
            raise Invalid.at(message, values[0][0].place)

    def put(self, field: str, word: str, key: Text) -> None:
        self.words.append((Text(field, key.place), Text(word or "identity", key.place)))
