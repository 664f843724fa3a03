"""What is asked: the fields of `params`, and a network from what was typed.

A network is a line, a list of layers, a mapping, or a built-in's name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from mlcalc.files import problem
from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.fields import (
    Arranged,
    FieldType,
    Schema,
    Switch,
    TensorShape,
    Word,
    arranged,
    tree,
    without_batch,
)
from mlcalc.files.fields.base import part_of
from mlcalc.files.reading import read_file
from mlcalc.maths.board import Note
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Shape, Symbol
from mlcalc.networks.architectures.layers import COMBINATIONS, KINDS, meant
from mlcalc.networks.architectures.nodes import Block, Layer, Network, Node, Parallel, Residual
from mlcalc.networks.architectures.notation import Definition, Reader
from mlcalc.networks.architectures.pieces import separated, tokens

CONVENTIONS = {
    "textbook": "one bias a gate",
    "pytorch": "two biases a gate, as torch.nn counts them",
    "keras": "two biases a gate in the GRU; batch norm with its running mean and variance",
}
FOLDER = os.path.join(os.path.dirname(__file__), "library")
ABOUT = ("source", "convention", "total")
KEYS = ("name", "input", "blocks", "layers", "counts", *ABOUT)


def built_in() -> tuple[str, ...]:
    """The names of the networks that come with the program."""
    files = (name for name in os.listdir(FOLDER) if name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in files))


class Networks(FieldType[tuple[Raw, ...]]):
    """One network or several, each still as it was typed.

    A list is one network by its layers, unless its items are networks of their own.
    """

    metavar = "NETWORK..."
    expected = "a network such as '784, fc 100, relu, fc 10', or the name of one"
    repeats = True

    def read(self, raw: Raw) -> tuple[Raw, ...]:
        if not isinstance(raw, Items):
            if isinstance(raw, Text) and not raw.value.strip():
                raise self.refused(raw)
            return (raw,)
        if not raw.items:
            raise self.refused(raw)
        if any(map(is_built_in, raw.items)) or all(map(is_network, raw.items)):
            return tuple(raw.items)
        return (raw,)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string"}, {"type": "array"}, {"type": "object"}]}

    def words(self) -> tuple[str, ...]:
        return built_in()


class Question(problem.Problem):
    """The fields of `params`."""

    network = problem.required(
        Networks(),
        "the layers, '784, fc 100, relu, fc 10', or a name such as vgg16; several to compare; "
        "with > between layers keep the quotes, or the shell writes files",
        positional=True,
    )
    input = problem.optional(TensorShape(), "another input size, such as 3@32x32")
    bias = problem.default(Switch(), "true", "whether biases count")
    convention = problem.default(
        Word(CONVENTIONS), "textbook", "whose parameters of recurrent layers and batch norm"
    )


def is_built_in(raw: Raw) -> bool:
    return isinstance(raw, Text) and raw.value.strip() in built_in()


def is_network(raw: Raw) -> bool:
    """Whether an item is a network, and not a layer or the input of one."""
    match raw:
        case Text():
            return len(separated(raw)) > 1
        case Entries():
            return raw.get("layers") is not None and raw.get("repeat") is None
        case Items(items):
            return any(not isinstance(item, Text) or begins_with_layer(item) for item in items)


def begins_with_layer(text: Text) -> bool:
    if without_batch(text) != text:
        return False
    words = tokens(text)
    word = meant(words[0].value.partition("(")[0]) if words else ""
    return word in KINDS or word in COMBINATIONS


class Input(Record):
    """The size of the input in the order in which it was typed, where it stands, and remarks."""

    shape: Shape
    place: Place
    notes: tuple[Note, ...] = ()


def network(raw: Raw, name: str = "", given_input: Input | None = None) -> Network:
    """The network that was typed; `given_input` takes the place of its own input."""
    match raw:
        case Text(value) if len(separated(raw)) == 1 and not begins_with_layer(raw):
            if value.strip() not in built_in():
                raise Invalid.at(not_a_network(value.strip()), raw.place)
            return from_mapping(from_library(value.strip()), value.strip(), given_input)
        case Text():
            return from_line(raw, name, given_input)
        case Items():
            return from_list(raw, name, given_input)
        case Entries():
            return from_mapping(raw, name, given_input)


def from_library(name: str) -> Entries:
    """The file of a network; one that is `like` another has the rest from that one."""
    file = read_file(os.path.join(FOLDER, f"{name}.yaml"))
    assert isinstance(file, Entries)
    like = file.get("like")
    if like is None:
        return file
    own = {key.value for key, _ in file.pairs}
    rest = [pair for pair in from_library(written(like)).pairs if pair[0].value not in own]
    pairs = [pair for pair in file.pairs if pair[1] is not like]
    return Entries((*pairs, *rest), file.place)


def not_a_network(word: str) -> str:
    hint = closest(word, built_in())
    if hint:
        return f"there is no network '{word}'{hint}"
    known = ", ".join(built_in())
    return (
        f"there is no network '{word}': write its layers, as in 784, fc 100, relu, fc 10 or "
        f"one of {known}"
    )


def from_line(raw: Text, name: str, given_input: Input | None) -> Network:
    first = separated(raw)[0]
    layers, own = raw, None
    if not begins_with_layer(first):
        own = read_input(first)
        offset = raw.value.index(first.value) + len(first.value)
        rest = part_of(raw, offset, len(raw.value))
        layers = part_of(rest, int(rest.value[:1] in (">", ",")), len(rest.value))
    return built(name, given_input or own, layers, raw.place)


def from_list(raw: Items, name: str, given_input: Input | None) -> Network:
    """The first item is the input, unless it is given otherwise and the first is a layer."""
    first, *rest = raw.items
    own: Input | None = None
    match first:
        case Entries() if first.get("input") is not None:
            own = read_input(first.get("input") or first)
        case Items():
            own = read_input(first)
        case Text() if not begins_with_layer(first):
            pieces = separated(first)
            own = read_input(pieces[0])
            rest = [*pieces[1:], *rest]
        case _:
            rest = [first, *rest]
    return built(name, given_input or own, Items(tuple(rest), raw.place), first.place)


def from_mapping(raw: Entries, name: str, given_input: Input | None) -> Network:
    unknown = [key for key, _ in raw.pairs if key.value not in KEYS]
    if unknown:
        key = unknown[0]
        hint = closest(key.value, KEYS) or f"; known here: {', '.join(KEYS)}"
        raise Invalid.at(f"a network has no '{key.value}'{hint}", key.place)
    layers, typed = raw.get("layers"), raw.get("input")
    if layers is None:
        raise Invalid.at("'layers' is missing: the layers of the network, as a list", raw.place)
    own = None if typed is None else read_input(typed)
    counts = raw.get("counts") or Entries((), raw.place)
    if not isinstance(counts, Entries):
        raise Invalid.at("expected numbers by letter, such as {n_1: 2}", counts.place)
    letters: dict[Expr, Expr] = {Symbol.named(k.value): tree(value) for k, value in counts.pairs}
    reader = Reader(definitions(raw.get("blocks")), letters)
    about = {key: written(value) for key in ABOUT if (value := raw.get(key)) is not None}
    own_name = raw.get("name")
    shown = name if own_name is None else written(own_name)
    return built(shown, given_input or own, layers, raw.place, reader, about)


def read_input(raw: Raw) -> Input:
    takes = TensorShape()
    found = takes.read(raw)
    return Input(found, raw.place, takes.remarks(raw, found))


def built(
    name: str,
    typed: Input | None,
    layers: Raw,
    place: Place,
    reader: Reader | None = None,
    about: Mapping[str, str] | None = None,
) -> Network:
    """The network over that input, whose channels come first as its layers need them."""
    if typed is None:
        message = "the size of the input is missing: begin with it, as in 3@128x128, conv 12 k17"
        raise Invalid.at(message, place)
    body = (reader or Reader({}, {})).sequence(layers)
    found = arranged_for(body, typed.shape, typed.place)
    notes = (*typed.notes, *found.notes)
    return Network(name, found.shape, body, place, about or {}, notes)


def definitions(raw: Raw | None) -> Mapping[str, Definition]:
    """The blocks: `basic c s: [layers]`, with the letters that stand for its sizes."""
    if raw is None:
        return {}
    if not isinstance(raw, Entries):
        raise Invalid.at("expected blocks by name, such as basic: [conv 64 k3, relu]", raw.place)
    found: dict[str, Definition] = {}
    for key, layers in raw.pairs:
        name, *sizes = key.value.split()
        if meant(name) in KINDS or meant(name) in COMBINATIONS:
            message = f"'{name}' is a layer already: choose another name for the block"
            raise Invalid.at(message, key.place)
        found[name] = Definition(tuple(sizes), layers, key.place)
    return found


# The input with its channels first, as the layers need it.


def arranged_for(body: Sequence[Node], shape: Shape, place: Place) -> Arranged:
    """The input for the layers.  Raises `Invalid` where it has two readings that differ."""
    said = first_word(body)
    axes = 2 if said is None else said[1]
    found = arranged(shape, axes, place, is_sequence=axes == 1)
    sizes = found.shape.sizes
    if said is None or said[0].kind != "conv1d" or shape.channels is not None or len(sizes) != 2:
        return found
    # PyTorch writes the channels of a sequence first, so it is said what was taken.
    steps, features = map(one_line, sizes)
    text = f"{steps}×{features} is read as {steps} steps of {features} features ({features} "
    text += f"channels): {steps} channels are written {steps}@{features}"
    return Arranged(found.shape, (*found.notes, Note("shape.order", text)))


def first_word(body: Sequence[Node]) -> tuple[Layer, int] | None:
    """The first layer that says over how many axes it moves, and over how many."""
    for layer in leaves(body):
        kind = KINDS[layer.kind]
        if kind.axes:
            return layer, kind.axes
        counts = [len(sizes.sizes) for sizes in layer.options.values()]
        if max(counts, default=1) > 1:
            return layer, max(counts)
        if kind.is_last:
            return None
    return None


def leaves(body: Sequence[Node]) -> Iterator[Layer]:
    for node in body:
        match node:
            case Layer():
                yield node
            case Residual(inside, shortcut):
                yield from leaves((*inside, *shortcut))
            case Parallel(branches):
                for branch in branches:
                    yield from leaves(branch)
            case Block(_, inside):
                yield from leaves(inside)
