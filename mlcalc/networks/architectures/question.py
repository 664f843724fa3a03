"""What is asked: the fields of `params`, and a network from what was typed.

A network is a line, a list of layers, a mapping, or a built-in's name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

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
from mlcalc.files.reading import bytes_of, decoded, read_file, standard_input
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest, is_word_of, plain_name
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Shape, Symbol
from mlcalc.networks.architectures.agreeing import first_read
from mlcalc.networks.architectures.calls import CALL, KERAS, call_of, known_call
from mlcalc.networks.architectures.layers import COMBINATIONS, KINDS, meant
from mlcalc.networks.architectures.named import with_numbers
from mlcalc.networks.architectures.nodes import Block, Layer, Network, Node, Parallel, Residual
from mlcalc.networks.architectures.notation import (
    LABEL,
    Definition,
    Reader,
    in_brackets,
    is_plain,
    shape_of,
    times_of,
    without_last_comma,
)
from mlcalc.networks.architectures.pieces import separated
from mlcalc.networks.architectures.words import has_layer

CONVENTIONS = {
    "textbook": "one bias a gate",
    "pytorch": "two biases a gate, as torch.nn counts them",
    "keras": "two biases a gate in the GRU; batch norm with its running mean and variance",
}
OF_LIBRARY = re.compile(
    r"(?:\w+\.)*(\w+)\((?:(?:pretrained|progress|weights)\s*=\s*[\w.\"']+\s*,?\s*)*\)"
)
"""torchvision.models.resnet18(pretrained=True)."""
FOLDER = os.path.join(os.path.dirname(__file__), "library")
ABOUT = ("source", "convention", "total")
KEYS = ("name", "input", "blocks", "layers", "counts", *ABOUT)


@cache
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

    other_words = dict.fromkeys(
        ("classes", "numclasses"), "the classes are the units of the last layer: write fc 10"
    )

    @classmethod
    def has_own_value(cls, name: str, typed: str) -> bool:
        """Whether it is a letter of the network: nn.Linear(128, num_classes)."""
        return is_word_of(name, typed)

    @classmethod
    def placed(cls, given: Entries) -> Entries:
        """Numbers by the names that stand in the network are written before it."""
        own, rest = cls.own_values(given)
        numbers = "".join(f"{key.value} = {written(raw)}\n" for key, raw in own)
        pairs = ((key, with_letters(raw, numbers)) if is_network_name(key) else (key, raw)
                 for key, raw in rest)  # fmt: skip
        return replace(given, pairs=tuple(pairs)) if own else given

    network = problem.required(
        Networks(),
        "the layers, '784, fc 100, relu, fc 10', or a name such as vgg16; several to compare; "
        "with > between layers keep the quotes, or the shell writes files",
        positional=True,
        aliases=("model", "layers", "architecture"),
    )
    input = problem.optional(
        TensorShape(), "another input size, such as 3@32x32", aliases=("input_shape", "input_size")
    )
    bias = problem.default(Switch(), "true", "whether biases count", aliases=("use_bias",))
    convention = problem.optional(
        Word(CONVENTIONS),
        "whose parameters of recurrent layers and batch norm [as layers are spelled, or textbook]",
    )


def is_network_name(key: Text) -> bool:
    return plain_name(key.value) in ("network", *Question.network.aliases)


def with_letters(raw: Raw, numbers: str) -> Raw:
    """Networks with the numbers before each."""
    if isinstance(raw, Items):
        return replace(raw, items=tuple(with_letters(item, numbers) for item in raw.items))
    return replace(raw, value=numbers + raw.value, exact=False) if isinstance(raw, Text) else raw


def is_built_in(raw: Raw) -> bool:
    return isinstance(raw, Text) and built_in_name(raw) is not None


def built_in_name(raw: Text) -> str | None:
    """The built-in network that a text names, in any case: VGG-16, ResNet50."""
    called = OF_LIBRARY.fullmatch(raw.value.strip())
    folded = re.sub(r"[\s_-]", "", (called[1] if called else raw.value).lower())
    return next((name for name in built_in() if name.replace("-", "") == folded), None)


def is_network(raw: Raw) -> bool:
    """Whether an item is a network, and not a layer or the input of one."""
    match raw:
        case Text():
            call = call_of(raw)
            is_whole = call is not None and not known_call(call[1].value)
            return len(separated(raw)) > 1 or is_whole or is_file(raw)
        case Entries():
            return raw.get("layers") is not None and raw.get("repeat") is None
        case Items(items):
            return any(not isinstance(item, Text) or begins_with_layer(item) for item in items)


def begins_with_layer(text: Text) -> bool:
    if without_batch(text) != text or shape_of(text) is not None:
        return False
    word = meant(re.split(r"[\s(]", text.value.strip(), maxsplit=1)[0])
    return (
        word in COMBINATIONS
        or bool(LABEL.match(text.value) or CALL.match(text.value))
        or has_layer(text)
        or times_of(text) is not None
        or ((inside := in_brackets(text)) is not None and begins_with_layer(separated(inside)[0]))
    )


def whole_line(raw: Text) -> Text | None:
    """What stands in the brackets around an input and its layers: [784, 128, 10]."""
    inside = in_brackets(raw)
    rest = separated(inside)[1:] if inside is not None else []
    return inside if rest and all(is_plain(p) or begins_with_layer(p) for p in rest) else None


# Networks in files.

ENDINGS = (".txt", ".py", ".md", ".log", ".out")
DOCUMENTS = (".yaml", ".yml", ".json")


def is_file(raw: Raw) -> bool:
    """Whether a text names a file: model.txt; - is standard input."""
    text = raw.value.strip() if isinstance(raw, Text) else ""
    is_path = "\n" not in text and text.lower().endswith(ENDINGS + DOCUMENTS)
    return (is_path and "(" not in text and ">" not in text) or text == "-"


def from_file(raw: Text) -> Raw:
    """What stands in a file, whose name is relative to the file that names it."""
    name = raw.value.strip()
    if name == "-":
        text = decoded(standard_input(), "standard input")
    else:
        path = os.path.join(os.path.dirname(raw.place.source), name) if raw.place.is_file else name
        if name.lower().endswith(DOCUMENTS):
            return read_file(path)
        text = decoded(bytes_of(path), path)
    return Text(text.rstrip(), raw.place, exact=False)


class Input(Record):
    """The size of the input in the order in which it was typed, where it stands, and remarks."""

    shape: Shape
    place: Place
    notes: tuple[Note, ...] = ()
    is_sequence: bool = False
    """Whether it says that it is one: 28 steps of 28."""
    is_open: bool = False
    """Whether its first size is None, which is the batch or the steps of a sequence."""
    is_last: bool = False
    """Whether its channels stand last, as in Keras."""


TABLE = re.compile(r"Layer \(type|Param #")


def network(raw: Raw, name: str = "", given_input: Input | None = None) -> Network:
    """The network that was typed; `given_input` takes the place of its own input."""
    match raw:
        case Text() if is_file(raw):
            return network(from_file(raw), name, given_input)
        case Text() if (known := built_in_name(raw)) is not None:
            return from_mapping(from_library(known), known, given_input)
        case Text(value) if len(separated(raw)) == 1 and not begins_with_layer(raw):
            if inside := whole_line(raw):
                return from_line(inside, name, given_input)
            raise Invalid.at(not_a_network(value.strip()), raw.place)
        case Text():
            return from_line(with_numbers(raw), name, given_input)
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
    if TABLE.search(raw.value):
        message = "a summary table does not say the kernels, and has its total below: write the "
        message += "layers, Conv2D(32, 3), Dense(10), or what PyTorch's print(model) gives"
        raise Invalid.at(message, raw.place)
    pieces = Reader({}, {}).pieces_of(raw)
    for piece in pieces:
        if isinstance(piece, Text) and not piece.value:
            message = "expected a layer such as fc 128 here, not nothing"
            raise Invalid.at(message, piece.place)
    return from_list(Items(tuple(pieces), raw.place), name, given_input)


def from_list(raw: Items, name: str, given_input: Input | None) -> Network:
    """The first item is the input, unless it is given otherwise and the first is a layer."""
    first, *rest = raw.items
    if given_input and rest and isinstance(first, Text) and NO_SHAPE.fullmatch(first.value):
        first, *rest = rest  # INPUT -> CONV, whose size stands elsewhere
    own: Input | None = None
    match first:
        case Entries() if first.get("input") is not None:
            own = read_input(first.get("input") or first)
        case Items():
            own = read_input(first)
        case Text() if not begins_with_layer(separated(first)[0]):
            typed, *others = separated(first)
            own = read_input(typed)
            rest = [*others, *rest]
        case _:
            rest = [first, *rest]
    if own is not None and isinstance(first, Text) and rest:
        refuse_twice(own.shape, rest[0])
    return built(name, given_input or own, Items(tuple(rest), raw.place), first.place)


def refuse_twice(shape: Shape, chain: Raw) -> None:
    """Complains of 784 > fc 784-128-10, where the input may be meant twice or once."""
    numbers = separated(chain) if isinstance(chain, Text) else []
    if len(numbers) < 2 or "-" not in written(chain) or len(shape.sizes) > 1:
        return
    if one_line(shape) == numbers[0].value:
        message = f"the input {numbers[0].value} stands twice, or there is a layer of as many: "
        raise Invalid.at(f"{message}write fc {numbers[0].value} for that", chain.place)


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


NO_SHAPE = re.compile(r"\s*inputs?(?:\s+(?:image|layer))?\s*", re.IGNORECASE)
STEPS = re.compile(r"(\w+)\s+(?:time\s*)?(?:steps|words|tokens)\s+(?:of|x|×)\s+(\w+)(?:\s+\w+)?")
"""A sequence that says so: 28 steps of 28."""


def read_input(raw: Raw) -> Input:
    takes = TensorShape()
    steps = STEPS.fullmatch(raw.value) if isinstance(raw, Text) else None
    if steps and isinstance(raw, Text):
        both = replace(raw, value=f"{steps[1]}x{steps[2]}", exact=False)
        return Input(takes.read(both), raw.place, is_sequence=True)
    shape = (shape_of(raw) if isinstance(raw, Text) else None) or raw
    if isinstance(shape, Text) and (inside := in_brackets(shape)):
        shape = inside if re.search("[x×X*@]", inside.value) else shape
    found = takes.read(shape)
    is_open = without_batch(shape) != shape
    return Input(found, raw.place, takes.remarks(shape, found), is_open=is_open)


def built(
    name: str,
    typed: Input | None,
    layers: Raw,
    place: Place,
    reader: Reader | None = None,
    about: Mapping[str, str] | None = None,
) -> Network:
    """The network over that input, whose channels come first as its layers need them."""
    reader = reader or Reader({}, {})
    reader.has_input = typed is not None
    body = reader.sequence(layers)
    refuse_both(body)
    if reader.is_listed:
        body = tuple(layer for layer in leaves(body) if KINDS[layer.kind].parameters)
    if reader.input is not None:
        last = without_last_comma(reader.input)
        own = replace(read_input(last), is_last="," in last.value)
        if typed is not None and own.shape.sizes != typed.shape.sizes:
            message = f"the input is {one_line(typed.shape)} and {one_line(own.shape)}: give one"
            raise Invalid.at(message, own.place)
        typed = own
    if typed is None:
        shape = first_read(leaves(body))
        if shape is None:
            message = "the size of the input is missing: begin with it, as in 3@128x128, conv 12 "
            raise Invalid.at(f"{message}k17", place)
        opened = () if reader.is_listed else open_notes(shape)
        notes = (*reader.notes, *opened)
        return Network(name, shape, body, place, about or {}, notes, reader.is_listed)
    if reader.is_listed:
        message = "how the parts of this module are joined is not known: leave the input out, or "
        raise Invalid.at(f"{message}write the layers in their order", typed.place)
    typed = with_steps(body, typed)
    refuse_square(body, typed)
    found = arranged_for(body, typed)
    notes = (*reader.notes, *typed.notes, *found.notes)
    return Network(name, found.shape, body, place, about or {}, notes)


def refuse_both(body: Sequence[Node]) -> None:
    """Complains of PReLU() beside Keras's layers: its slopes are counted in two ways."""
    layers = list(leaves(body))
    if not any(layer.convention == KERAS for layer in layers):
        return
    for layer in layers:
        if layer.kind == "prelu" and layer.call and not layer.convention and not layer.options:
            message = "PReLU() has one slope in PyTorch and one for each entry in Keras: write "
            raise Invalid.at(f"{message}nn.PReLU() or layers.PReLU()", layer.place)


def with_steps(body: Sequence[Node], typed: Input) -> Input:
    """(None, 100) before a recurrent layer, which is steps × features and no batch."""
    first = next((layer for layer in leaves(body) if KINDS[layer.kind].gives), None)
    is_vector = typed.shape.channels is None and len(typed.shape.sizes) == 1
    if not typed.is_open or not is_vector or first is None or first.call.endswith("Cell"):
        return typed
    if KINDS[first.kind].sort != "recurrent":
        return typed
    size = typed.shape.sizes[0]
    text = f"None is the number of steps T, each of {one_line(size)} features, as {first.kind} "
    text += f"takes them: a batch of vectors is written {one_line(size)}"
    shape = Shape((Symbol("T"), size))
    return replace(typed, shape=shape, notes=(Note("params.steps", text),), is_open=False)


def refuse_square(body: Sequence[Node], typed: Input) -> None:
    """Complains of 28x28 before fully connected layers alone: one picture, or 28 steps of 28."""
    sizes = typed.shape.sizes
    is_square = typed.shape.channels is None and len(sizes) == 2 and sizes[0] == sizes[1]
    kinds = [KINDS[layer.kind] for layer in leaves(body)]
    first = next((kind for kind in kinds if kind.gives), None)
    if typed.is_sequence or not is_square or first is not KINDS["fc"] or any(k.axes for k in kinds):
        return
    rows, columns = map(one_line, sizes)
    message = f"{rows}x{columns} may be one picture or {rows} steps of {columns}: write flatten "
    raise Invalid.at(f"{message}before fc, or {rows} steps of {columns}", typed.place)


def open_notes(shape: Shape) -> tuple[Note, ...]:
    """What the letters of an input are that the layers alone tell."""
    letters = [one_line(size) for size in shape.sizes if exact(size) is None]
    if not letters:
        return ()
    text = f"the size of the input is not given: {' and '.join(letters)} "
    text += f"stand{'' if len(letters) > 1 else 's'} for it, and no parameter depends on it"
    return (Note("params.open_input", text),)


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


def arranged_for(body: Sequence[Node], typed: Input) -> Arranged:
    """The input for the layers.  Raises `Invalid` where it has two readings that differ."""
    shape, place = typed.shape, typed.place
    said = first_word(body)
    axes = 2 if said is None else said[1]
    channels = said[0].reads if said is not None and KINDS[said[0].kind].axes else None
    if typed.is_last and axes > 1 and shape.channels is None and len(shape.sizes) == axes + 1:
        return Arranged(channels_last(shape, axes, place))
    found = arranged(shape, axes, place, channels, is_sequence=axes == 1)
    sizes = found.shape.sizes
    if said is None or said[0].kind != "conv1d" or shape.channels is not None or len(sizes) != 2:
        return found
    # PyTorch writes the channels of a sequence first, so it is said what was taken.
    steps, features = map(one_line, sizes)
    text = f"{steps}×{features} is read as {steps} steps of {features} features ({features} "
    text += f"channels): {steps} channels are written {steps}@{features}"
    return Arranged(found.shape, (*found.notes, Note("shape.order", text)))


def channels_last(shape: Shape, axes: int, place: Place) -> Shape:
    """The shape as Keras reads it.  Raises `Invalid` where that is hardly what was meant."""
    last = Shape(shape.sizes[:-1], shape.sizes[-1])
    try:
        likely = arranged(shape, axes, place).shape
    except Invalid:
        return last
    if likely != last:
        one, other = (one_line(each) for each in (last, likely))
        message = f"Keras has the channels last and reads this as {one}, which looks like {other}"
        raise Invalid.at(f"{message}: begin with the one that is meant", place)
    return last


def first_word(body: Sequence[Node]) -> tuple[Layer, int] | None:
    """The first layer that says over how many axes it moves, and over how many."""
    for layer in leaves(body):
        kind = KINDS[layer.kind]
        if kind.axes:
            return layer, kind.axes
        if layer.kind in ("zero-pad", "reshape"):
            continue  # which may have the two ends of each axis, or another shape
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
