"""Networks as people write them: one line, a YAML list of layers, or a mapping with blocks.

    network   input ">" layer ">" …            3@128x128, maxpool 2, conv 12 k17, relu
              or a comma, an arrow, | or a new line, for ">"
    layer     word size* option*               conv 12 k17 s1 p0, fc 128, batchnorm
              | a call of PyTorch or Keras       Conv2d(1, 6, 5), Dense(10)
              | label ":" layer | layer in a course's words (see `words`)
              | "residual(" layers ["|" shortcut] ")"
              | "parallel" [join] "(" layers ("|" layers)* ")"
              | "repeat" times "(" layers ")"
              | block size*                    a name from `blocks`

In YAML a layer may be a mapping too, {conv: 12, kernel: 17}.  Blocks are written out where they
are used, with their sizes put in, so that what follows sees layers alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.fields import Sizes, Switch, as_number, has_no_value, is_single, is_word, tree
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Shape, Symbol, substitute
from mlcalc.networks.architectures.calls import (
    CALL,
    CONTAINERS,
    IN_ORDER,
    KERAS,
    WRAPPERS,
    Arguments,
    arguments,
    call_of,
    known_call,
    near_call,
)
from mlcalc.networks.architectures.layers import (
    COMBINATIONS,
    KINDS,
    LETTERS,
    MAY_BE_ZERO,
    LayerKind,
    meant,
)
from mlcalc.networks.architectures.named import names_in
from mlcalc.networks.architectures.nodes import Block, Layer, Node, Parallel, Residual
from mlcalc.networks.architectures.pieces import (
    CHAIN,
    bare,
    bracketed,
    cut,
    inside_of,
    separated,
    tokens,
)
from mlcalc.networks.architectures.words import (
    CONTINUED,
    has_layer,
    is_activation,
    is_units,
    phrase,
)
from mlcalc.networks.convolution.sizes import entry_count, settled

MOST_LAYERS = 10_000
LABEL = re.compile(
    r"\(([\w.-]+)\)\s*:\s*|(self\.)?([A-Za-z_]\w*)\s*=(?!=)\s*|([A-Za-z][\w -]*?)\s*:\s*"
)
"""(0):, self.fc =, x =, FC:."""
CLAIM = re.compile(r"(\[[^\[\]]*\])\s*(?=[A-Za-z])")
"""The shape that a lecture writes before a layer: [27x27x96] POOL1."""
PAIR = re.compile(r"\(\s*['\"]([\w-]+)['\"]\s*,\s*(.*)\)", re.DOTALL)
"""('fc1', nn.Linear(784, 10)) of an OrderedDict."""
APPLIED = re.compile(r"(.*\))\s*\((\w+)\)", re.DOTALL)
OUT_PROJECTION = re.compile(r"\(out_proj\).*?in_features=(\d+)")
PRINTED = re.compile(r"\s*\([\w.-]+\)\s*:")
TIMES_BEFORE = re.compile(r"(\d+)\s*[x×*]\s*(?=[A-Za-z(\[])")
TIMES_AFTER = re.compile(r"\s*[x×*]?\s*(\d+)(?:\s*times)?")
SINGLE = ("units", "channels", "groups", "words", "heads")
OPTION = re.compile(r"([kspdg])([0-9].*|\(.*\)|[A-Za-z])", re.DOTALL)
NAMED = re.compile(r"([a-z][a-z_-]*)\s*=\s*(.+)", re.DOTALL)
JOINS = {"concat": "concat", "concatenate": "concat", "add": "add", "sum": "add", "mean": "mean"}
ZERO_PADDED = ("zero-padded", "zero-pad", "zero_padded")


INPUT = re.compile(
    r"(?:the\s+)?(?:inputs?|image)(?:\s+(?:image|layer|shape|size|vector|dim|dimension|features))*"
    r"\s*[:=]?\s*(?:of\s+|with\s+)?(?!\()",
    re.IGNORECASE,
)
INPUT_NOUN = re.compile(
    r"\s*(?:inputs?|input\s+(?:units|neurons|nodes|features)|features|pixels|dimensional|"
    r"(?:rgb|grey|gray|colou?r)?\s*(?:images?|picture))(?:\s+(?:units|neurons|nodes))?",
    re.IGNORECASE,
)


def shape_of(piece: Text) -> Text | None:
    """The shape that a piece says the input has: INPUT: [224x224x3], 784 inputs; else None."""
    begins = INPUT.match(piece.value)
    start = begins.end() if begins else 0
    if CALL.match(piece.value, start) or piece.value[start : start + 1] == "=":
        return None
    end = start
    while end < len(piece.value) and (within := inside_of(piece, end)):
        end = within[1]
    if not end > start:
        end = next((i for i in range(start, len(piece.value)) if piece.value[i] == " "), -1)
        end = len(piece.value) if end < 0 else end
    rest = piece.value[end:]
    noun = INPUT_NOUN.fullmatch(rest) or re.fullmatch(r"\s*(?:units|neurons|nodes)", rest)
    if (rest.strip() and not noun) or not (begins or rest.strip()):
        return None
    inside = in_brackets(found := bare(piece, start, end))
    return inside if inside is not None and re.search("[x×X*@]", inside.value) else found


class Unchecked(Sizes):
    """Sizes with the letters of a block, which have no value yet; e may be one of them."""

    def check(self, raw: Raw, sizes: tuple[Expr, ...]) -> None:
        pass


class Definition(Record):
    """A block: the names of its sizes, and its layers as they were written."""

    sizes: tuple[str, ...]
    layers: Raw
    place: Place


class Reader:
    """Reads the layers of one network, whose blocks it knows."""

    def __init__(self, blocks: Mapping[str, Definition], sizes: Mapping[Expr, Expr]) -> None:
        self.blocks, self.sizes = blocks, sizes
        """What the letters stand for: those of the network, or of the block that is being read."""
        self.opened: list[str] = []
        self.count = 0
        self.is_sizes = False
        """Whether numbers alone are fully connected layers, as in 784, 128, 10."""
        self.is_listed = False
        """Whether parts were listed without how they are joined, as print(module) does."""
        self.input: Text | None = None
        """The shape that a layer says its input has: Dense(10, input_shape=(784,))."""
        self.claim: Text | None = None
        """The shape that is written beside a layer: CONV3-64: [224x224x64]."""
        self.made = ""
        """What the layer before was assigned to: x = Dense(10)(x)."""
        self.notes: list[Note] = []
        self.has_input = False
        """Whether the input is given beside the layers, so that its name there is enough."""

    # Sequences.

    def sequence(self, raw: Raw) -> tuple[Node, ...]:
        """The layers of a line or of a list; all that is wrong with them is told together."""
        items = raw.items if isinstance(raw, Items) else (raw,)
        pieces = [piece for item in items for piece in self.pieces_of(item)]
        outer, self.is_sizes = self.is_sizes, all(map(is_plain, pieces))
        nodes: list[Node] = []
        complaints: list[Complaint] = []
        for piece in pieces:
            try:
                nodes += self.item(piece)
            except Invalid as error:
                # What is wrong in a block is told once; nested blocks would tell it without end.
                if self.opened or self.count > MOST_LAYERS:
                    raise
                complaints += error.complaints
        self.is_sizes = outer
        if complaints:
            raise Invalid(*dict.fromkeys(complaints))
        return tuple(nodes)

    def pieces_of(self, raw: Raw) -> list[Raw]:
        """The pieces of a line; none of an empty one, which is the identity."""
        if not isinstance(raw, Text):
            return [raw]
        found: list[Text] = []
        for piece in separated(raw) if raw.value.strip() else []:
            if found and self.goes_on(found[-1], piece):
                found[-1] = together(found[-1], piece)
            else:
                found.append(piece)
        return [*found]

    def goes_on(self, before: Text, piece: Text) -> bool:
        """Whether what stands behind a comma belongs to the layer before it: conv 3x3, 64."""
        if not piece.value or not has_layer(before) or has_layer(piece):
            return False
        return bool(CONTINUED.match(piece.value)) or (
            piece.value[0].isdigit() and self.lacks(before)
        )

    def lacks(self, text: Text) -> bool:
        """Whether a layer needs more sizes than it has."""
        try:
            found = phrase(text)
            word, kind = self.kind(found.head)
            options, _ = self.options_of(found.options, word, kind)
        except Invalid:
            return False
        return any(option not in options for option in kind.needed)

    def item(self, raw: Raw) -> tuple[Node, ...]:
        match raw:
            case Text():
                return self.piece(raw)
            case Items():
                return self.sequence(raw)
            case Entries():
                return self.mapping(raw)

    def piece(self, text: Text) -> tuple[Node, ...]:
        """The layers that one piece of a line stands for: one, or several where it repeats."""
        if not text.value:
            raise Invalid.at("expected a layer such as fc 128 here, not nothing", text.place)
        text, name = self.unlabelled(text)
        word = meant(re.split(r"[\s(]", text.value, maxsplit=1)[0])
        if word in COMBINATIONS:
            return self.combined(word, text)
        if repeated := times_of(text):
            return self.repeated(*repeated)
        if inside := in_brackets(text):
            return self.sequence(inside)
        if call := call_of(text):
            return self.called(*call, name)
        if self.is_sizes and is_plain(text) and not is_activation(text.value):
            text = replace(text, value=f"fc {text.value}", exact=False)
            said = "numbers alone are fully connected layers of so many units"
            self.notes.append(Note("params.sizes", said))
        head, *rest = tokens(text)
        if head.value in self.blocks:
            return (self.block(head, rest),)
        return self.phrase(text, name)

    def phrase(self, text: Text, name: str) -> tuple[Node, ...]:
        """A layer in words, and the activation that is named with it."""
        found = phrase(text)
        if found.remark and not any(note.id == "params.vgg" for note in self.notes):
            self.notes.append(Note("params.vgg", found.remark))
        claim, options = self.claim, found.options
        if claim and found.head.value == "fc" and not options:
            options = (replace(claim, value=re.findall(r"\d+", claim.value)[-1], exact=False),)
        layer = self.layer(found.head, options, name)
        if claim:
            inside = in_brackets(claim) or claim
            layer = replace(layer, gives=self.size(inside, Sizes()))
        return (layer, *(self.layer(one, ()) for one in found.after))

    def unlabelled(self, text: Text) -> tuple[Text, str]:
        """What stands behind a label, and the label where it is a name: (conv1): Conv2d(…)."""
        self.claim = None
        if claim := CLAIM.match(text.value):
            self.claim = bare(text, *claim.span(1))
            text = bare(text, claim.end(), len(text.value))
        if found := PAIR.fullmatch(text.value):
            return bare(text, *found.span(2)), found[1]
        found = LABEL.match(text.value)
        if found is None:
            return self.unapplied(text), ""
        rest = bare(text, found.end(), len(text.value))
        printed, member, assigned, heading = found.groups()
        if assigned and not CALL.match(rest.value):
            return text, ""
        if member:
            self.is_listed = True
        elif assigned:
            rest, self.made = self.unapplied(rest), assigned
        if heading and not has_layer(rest) and not CALL.match(rest.value):
            if rest.value.startswith("[") and in_brackets(rest):
                self.claim = rest
                return bare(text, 0, found.end(4)), ""
            # The number of a layer is none of its sizes: Conv 1: 32 filters 3x3.
            word = re.sub(r"\s+\d+$", "", heading) if re.search(r"\d", rest.value) else heading
            return replace(text, value=f"{word} {rest.value}", exact=False), ""
        name = printed or assigned or heading or ""
        return rest, "" if name.replace("-", "").isdigit() or name == "x" else name

    def unapplied(self, text: Text) -> Text:
        """The layer of Dense(10)(x), which must follow the one that x was made by."""
        found = APPLIED.fullmatch(text.value)
        if found is None:
            return text
        if self.made not in ("", found[2]):
            message = f"this reads {found[2]}, and {self.made} comes before it: write branches as "
            raise Invalid.at(f"{message}parallel(fc 10 | fc 20)", text.at(found.start(2)))
        return bare(text, 0, found.end(1))

    # Layers as a framework calls them.

    def called(self, prefix: str, name: Text, inside: Text, label: str) -> tuple[Node, ...]:
        """A layer, or several in a container, from NAME(…)."""
        if prefix and name.value in ("add", "append"):
            return self.sequence(inside)
        if name.value in WRAPPERS:
            return self.wrapped(name, inside)
        if name.value in CONTAINERS or not known_call(name.value):
            return self.contained(name, inside)
        if PRINTED.match(inside.value) and (width := OUT_PROJECTION.search(inside.value)):
            # What attention projects to is printed, and the parameters of its inputs are not.
            inside = replace(inside, value=f"embed_dim={width[1]}", exact=False)
        found = arguments(prefix, name, inside)
        if found.signature.kind == "input" or "shape" in found.given:
            self.take_input(found.given.get("shape"), name)
        if found.signature.kind == "input":
            return ()
        if found.signature.kind == "activation":
            return self.activation(found.given.get("activation"))
        return self.from_call(found, name, label)

    def contained(self, name: Text, inside: Text) -> tuple[Node, ...]:
        """The layers of a container, or of a module that is printed with its parts."""
        if name.value not in CONTAINERS and not PRINTED.match(inside.value):
            hint = near_call(name.value) or ": write layers such as Linear(784, 10) or fc 10"
            raise Invalid.at(f"there is no layer '{name.value}'{hint}", name.place)
        if name.value not in IN_ORDER:
            self.is_listed = True
        parts = [part for part in cut(inside, ",") if not part.value.startswith("name=")]
        return self.sequence(parts[0] if len(parts) == 1 else Items(tuple(parts), inside.place))

    def wrapped(self, name: Text, inside: Text) -> tuple[Node, ...]:
        """A recurrent layer in both directions, or a layer that is applied at each step."""
        layer, *others = cut(inside, ",")
        if others:
            raise Invalid.at(f"{name.value} takes a layer alone", others[0].place)
        nodes = self.piece(layer)
        if name.value == "TimeDistributed":
            return nodes
        if not all(isinstance(n, Layer) and "bidirectional" in KINDS[n.kind].words for n in nodes):
            raise Invalid.at(f"{name.value} takes a recurrent layer such as LSTM(64)", layer.place)
        return tuple(
            replace(n, words=(*n.words, "bidirectional")) for n in nodes if isinstance(n, Layer)
        )

    def take_input(self, shape: Text | None, name: Text) -> None:
        if shape is None:
            raise Invalid.at(f"{name.value} needs its shape: write shape=(28, 28, 1)", name.place)
        if self.input is not None or self.count:
            raise Invalid.at("the input is given already, or comes too late", shape.place)
        if names := [*names_in(replace(shape, value=shape.value.replace("None", "    ")))]:
            if self.has_input:
                return
            raise Invalid(*names)
        # Keras leaves the steps of a sequence open, which batch_shape alone has a batch before.
        self.input = replace(shape, value=shape.value.replace("None", "T   "))

    def from_call(self, found: Arguments, name: Text, label: str) -> tuple[Node, ...]:
        """The layer that a call makes, several for num_layers, and its activation."""
        word, kind = found.signature.kind, KINDS[found.signature.kind]
        convention = found.signature.convention
        words = [switch for switch in ("ceil", "bidirectional") if found.is_on(switch)]
        if not found.is_on("bias", True):
            words.append("nobias")
        if word == "instancenorm" and found.is_on("affine"):
            word, kind = "groupnorm", KINDS["groupnorm"]  # the same scale and shift a channel
        elif word != "instancenorm" and not found.is_on("affine", True):
            message = "without its scale and shift it has no parameters: leave it out"
            raise Invalid.at(message, name.place)
        if convention == KERAS and kind.sort == "recurrent" and not found.is_on("sequences"):
            words.append("last")
        if not found.is_on("reset-after", True):
            convention = "textbook"
        options: dict[str, Shape] = {}
        for option, value in found.given.items():
            if option == "padding" and value.value.lower() in ("same", "valid"):
                words.append(value.value.lower())
            elif option == "mode":
                words += interpolation(value)
            elif option == "shared-axes":
                words.append("shared")
            elif word == "zero-pad":
                options[option] = self.ends(value, found)
            elif option in (*kind.sizes, *kind.options) and value.value != "None":
                options[option] = self.option_size(option, value)
            elif option == "first" and value.value != "1":
                message = "only Flatten() of all axes but the batch is read"
                raise Invalid.at(message, value.place)
        if strange := [one for one in words if one not in kind.words]:
            raise Invalid.at(unknown_option(strange[0], word, kind), name.place)
        reads = self.reads(found.given.get("in"))
        if reads is not None and "*" in (product := found.given["in"].value):
            shown = re.sub(r"\s*\*\s*", "·", product.strip("() "))
            said = f"{label or name.value} reads {one_line(reads)} = {shown} numbers"
            self.notes.append(Note("params.reads", said))
        given_name = found.given.get("name")
        label = label if given_name is None else given_name.value
        layer = replace(
            self.finished(word, kind, options, words, name.place, label),
            reads=reads, convention=convention, call=name.value,
        )  # fmt: skip
        after = found.given.get("activation")
        return (*self.stacked(layer, found.given.get("layers")), *self.activation(after))

    def ends(self, value: Text, found: Arguments) -> Shape:
        """What is padded before and after each axis; PyTorch begins with the last axis."""
        flat = re.sub(r"[()\[\]]", " ", value.value)
        sizes = self.option_size("padding", replace(value, value=flat, exact=False)).sizes
        if found.signature.convention == KERAS or len(sizes) < 4:
            return Shape(sizes)
        pairs = list(zip(sizes[::2], sizes[1::2], strict=True))
        return Shape(tuple(size for pair in reversed(pairs) for size in pair))

    def reads(self, typed: Text | None) -> Expr | None:
        """How many numbers a layer says that it reads; of several axes all of them."""
        if typed is None:
            return None
        sizes = self.size(without_last_comma(typed), Sizes()).sizes
        return entry_count(Shape(sizes))

    def stacked(self, layer: Layer, times: Text | None) -> tuple[Node, ...]:
        """The layers of LSTM(10, 20, num_layers=2): the others read what the first gives."""
        if times is None:
            return (layer,)
        number = exact(self.size(times, Sizes()).sizes[0])
        if number is None or number > MOST_LAYERS:
            raise Invalid.at(f"expected how many as a number, not '{times.value}'", times.place)
        self.counted(int(number) - 1, layer.place)
        ways = 2 if "bidirectional" in layer.words else 1
        units = layer.size("units")
        assert units is not None
        other = replace(layer, reads=settled(as_number(ways) * units))
        return (layer, *[other] * (int(number) - 1))

    def activation(self, typed: Text | None) -> tuple[Node, ...]:
        if typed is None or typed.value in ("None", "linear"):
            return ()
        return (self.layer(bare(typed, typed.value.rfind(".") + 1, len(typed.value)), ()),)

    # Combinations.

    def combined(self, word: str, text: Text) -> tuple[Node, ...]:
        head, inside = bracketed(text)
        if inside is None:
            examples = {
                "residual": "residual(conv 64 k3 same, relu)",
                "parallel": "parallel(conv 64 k1 | conv 32 k3 same)",
                "repeat": "repeat 3 (conv 64 k3 same, relu)",
            }
            message = f"'{word}' needs layers in brackets, such as {examples[word]}"
            raise Invalid.at(message, text.place)
        extra = tokens(head)[1:]
        branches = cut(inside, "|")
        if word == "repeat":
            if len(extra) != 1 or len(branches) != 1:
                message = "write how often and then the layers, as in repeat 3 (fc 10, relu)"
                raise Invalid.at(message, text.place)
            return self.repeated(extra[0], branches[0])
        if word == "residual":
            if extra or len(branches) > 2:
                message = "write residual(layers) or residual(layers | layers of the shortcut)"
                raise Invalid.at(message, (extra or branches[2:])[0].place)
            shortcut = branches[1] if len(branches) == 2 else None
            return (self.residual(branches[0], shortcut, text.place, ""),)
        join = extra[0] if extra else None
        return (self.parallel(branches, join, text.place, ""),)

    def repeated(self, times: Text, layers: Raw) -> tuple[Node, ...]:
        number = exact(self.size(times, Sizes(least=0)).sizes[0])
        if number is None:
            raise Invalid.at(f"expected how often as a number, not '{times.value}'", times.place)
        before = self.count
        body = self.sequence(layers)
        self.counted((self.count - before) * max(int(number) - 1, 0), times.place)
        return body * int(number)

    def residual(self, body: Raw, shortcut: Raw | None, place: Place, name: str) -> Residual:
        words = written(shortcut) if isinstance(shortcut, Text) else ""
        is_zero_padded = words in ZERO_PADDED
        layers: tuple[Node, ...] = ()
        if shortcut is not None and not is_zero_padded and words != "identity":
            layers = self.sequence(shortcut)
        return Residual(self.sequence(body), layers, is_zero_padded, place, name)

    def parallel(
        self, branches: Sequence[Raw], join: Text | None, place: Place, name: str
    ) -> Parallel:
        word = "concat" if join is None else join.value
        if word not in JOINS:
            hint = closest(word, JOINS)
            raise Invalid.at(
                f"branches are joined by concat, add or mean, not '{word}'{hint}",
                place if join is None else join.place,
            )
        found = tuple(self.sequence(branch) for branch in branches)
        return Parallel(found, JOINS[word], place, name)

    def block(self, head: Text, values: Sequence[Text], name: str = "") -> Block:
        definition = self.blocks[head.value]
        if head.value in self.opened:
            chain = " > ".join([*self.opened[self.opened.index(head.value) :], head.value])
            message = f"the block '{head.value}' contains itself ({chain}): use repeat, or layers"
            raise Invalid.at(message, head.place)
        if len(values) != len(definition.sizes):
            wanted = " ".join([head.value, *definition.sizes])
            message = f"the block is used as `{wanted}`, with {len(definition.sizes)} sizes"
            raise Invalid.at(f"{message}, not {len(values)}", head.place)
        known: dict[Expr, Expr] = {
            Symbol.named(size): self.size(value, Sizes(least=0)).sizes[0]
            for size, value in zip(definition.sizes, values, strict=True)
        }
        outer, self.sizes = self.sizes, known
        self.opened.append(head.value)
        try:
            body = self.sequence(definition.layers)
        finally:
            self.opened.pop()
            self.sizes = outer
        return Block(" ".join([head.value, *(v.value for v in values)]), body, head.place, name)

    # One layer.

    def kind(self, head: Text) -> tuple[str, LayerKind]:
        word = meant(head.value)
        if head.value.isdigit():
            message = f"expected a layer here, not '{head.value}' alone: write fc {head.value}, or "
            raise Invalid.at(f"{message}leave out the commas within a number", head.place)
        if word not in KINDS:
            known = (*KINDS, *COMBINATIONS, *self.blocks)
            hint = closest(head.value, known) or f"; known are {', '.join(KINDS)}"
            raise Invalid.at(f"there is no layer '{head.value}'{hint}", head.place)
        return word, KINDS[word]

    def layer(self, head: Text, rest: Sequence[Text], name: str = "") -> Layer:
        """A layer from its word and the words after it."""
        word, kind = self.kind(head)
        typed, words = self.options_of(rest, word, kind)
        reads = typed.pop("in", None)
        options = {option: self.option_size(option, value) for option, value in typed.items()}
        layer = self.finished(word, kind, options, words, head.place, name)
        return layer if reads is None else replace(layer, reads=self.reads(reads))

    def options_of(
        self, rest: Sequence[Text], word: str, kind: LayerKind
    ) -> tuple[dict[str, Text], list[str]]:
        """The text of each option that the words after a layer's give, and its switches."""
        options: dict[str, Text] = {}
        words: list[str] = []
        plain = list(kind.sizes)
        for token in rest:
            option, value = self.option(token, word, kind)
            if not option and meant(value.value) in KINDS:
                message = f"expected a comma or > before the layer '{value.value}'"
                raise Invalid.at(message, value.place)
            if option == "words":
                words.append(value.value)
                continue
            if not option and word == "fc" and not plain and "in" not in options:
                # Of two sizes the first is what it reads: fc 784 10.
                options["in"], option = options.pop("units"), "units"
            if not option:
                if not plain:
                    raise Invalid.at(surplus(token, word, kind), token.place)
                option = plain.pop(0)
            self.refuse_other(option, options.get(option), value, word)
            options[option] = value
        return options, words

    def refuse_other(self, option: str, before: Text | None, value: Text, word: str) -> None:
        """Raises `Invalid` where an option has another value already: conv 4 k3 k5."""
        if before is None or before.value == value.value:
            return
        both = [self.option_size(option, one).sizes for one in (before, value)]
        if len({side for sizes in both for side in sizes}) > 1:
            said = f"{before.value} and {value.value}"
            raise Invalid.at(f"the {option} of {word} is given twice, as {said}", value.place)

    def option(self, token: Text, word: str, kind: LayerKind) -> tuple[str, Text]:
        """The name of the option that a token gives, empty for a plain size, and its value."""
        if token.value in kind.words:
            return "words", token
        if token.value == "bias=false" and "nobias" in kind.words:
            return "words", Text("nobias", token.place)
        if named := NAMED.fullmatch(token.value):
            option = LETTERS.get(named[1], named[1].replace("_", "-"))
            if option not in (*kind.options, *kind.sizes, *(("in",) if kind.reads else ())):
                raise Invalid.at(unknown_option(named[1], word, kind), token.place)
            return option, Text(named[2], token.at(named.start(2)), exact=token.exact)
        lettered = OPTION.fullmatch(token.value)
        if lettered and LETTERS[lettered[1]] in kind.options:
            return LETTERS[lettered[1]], Text(lettered[2], token.at(1), exact=token.exact)
        if lettered and lettered[2][0].isdigit():
            raise Invalid.at(unknown_option(LETTERS[lettered[1]], word, kind), token.place)
        return "", token

    def option_size(self, option: str, value: Text) -> Shape:
        if CHAIN.fullmatch(value.value):
            message = "sizes of several layers stand in a line of their own: write fc 128, fc 10"
            raise Invalid.at(message, value.place)
        if option == "rate":
            return Shape((share(value, substitute(tree(value), self.sizes)),))
        found = self.size(value, Sizes(least=0 if option in MAY_BE_ZERO else 1))
        if option in SINGLE and len(found.sizes) > 1 and "*" in value.value:
            return Shape((entry_count(found),))  # Dense(7*7*256)
        if option in SINGLE and len(found.sizes) > 1:
            raise Invalid.at(f"expected one number here, not '{value.value}'", value.place)
        return found

    def size(self, value: Text, takes: Sizes) -> Shape:
        """The size with the letters of the block replaced by their values, and checked again."""
        if not self.sizes and (names := [*names_in(value)]):
            raise Invalid(*names)
        found = (Unchecked() if self.sizes else takes).read(value)
        sizes = tuple(settled(substitute(size, self.sizes)) for size in found.sizes)
        takes.check(value, sizes)
        return Shape(sizes)

    def finished(
        self,
        word: str,
        kind: LayerKind,
        options: Mapping[str, Shape],
        words: Sequence[str],
        place: Place,
        name: str,
    ) -> Layer:
        missing = [option for option in kind.needed if option not in options]
        if missing:
            message = f"{word} needs its {' and '.join(missing)}: write `{kind.example}`"
            raise Invalid.at(message, place)
        padding = options.get("padding", Shape(()))
        if "valid" in words and ("same" in words or any(exact(n) != 0 for n in padding.sizes)):
            other = "same" if "same" in words else f"padding={one_line(padding)}"
            raise Invalid.at(f"valid is no padding, and {other} is one: give one of them", place)
        self.counted(1, place)
        return Layer(word, options, tuple(words), place, name)

    def counted(self, more: int, place: Place) -> None:
        self.count += more
        if self.count > MOST_LAYERS:
            raise Invalid.at(f"a network of at most {MOST_LAYERS:,} layers can be read", place)

    # Layers as mappings.

    def mapping(self, raw: Entries) -> tuple[Node, ...]:
        """{conv: 12 k17, bias: false}, {residual: […], shortcut: …}, {repeat: 3, layers: […]}."""
        known = (*KINDS, *COMBINATIONS, *self.blocks)
        heads = [p for p in raw.pairs if meant(p[0].value) in known or p[0].value in known]
        if not heads:
            key = raw.pairs[0][0] if raw.pairs else Text("", raw.place)
            self.kind(key)
        head, value = heads[0]
        rest = {key.value: (key, v) for key, v in raw.pairs if key is not head}
        label = rest.pop("name", None)
        name = written(label[1]) if label else ""
        word = meant(head.value)
        if word == "repeat":
            layers = self.taken(rest, "layers", head, "the layers that are repeated")
            self.refuse_rest(rest, word, ("layers",))
            if not isinstance(value, Text):
                raise Invalid.at("expected how often, such as repeat: 3", value.place)
            return self.repeated(value, layers)
        if word == "residual":
            shortcut = rest.pop("shortcut", None)
            self.refuse_rest(rest, word, ("shortcut", "name"))
            other = shortcut[1] if shortcut else None
            return (self.residual(value, other, head.place, name),)
        if word == "parallel":
            join = rest.pop("join", None)
            self.refuse_rest(rest, word, ("join", "name"))
            branches = value.items if isinstance(value, Items) else (value,)
            how = Text(written(join[1]), join[1].place) if join else None
            return (self.parallel(branches, how, head.place, name),)
        if not isinstance(value, Text):
            message = f"expected the sizes of {head.value} in one line, such as 64 k3 s2"
            raise Invalid.at(message, value.place)
        written_out = tokens(value)
        if head.value in self.blocks:
            self.refuse_rest(rest, head.value, ("name",))
            return (self.block(head, written_out, name),)
        written_out += [
            token for key, v in rest.values() for token in self.keyed(key, v, *self.kind(head))
        ]
        return (self.layer(head, written_out, name),)

    def keyed(self, key: Text, value: Raw, word: str, kind: LayerKind) -> list[Text]:
        """An option under a key of its own, as the words that stand for it in a line."""
        option = key.value.replace("_", "-")
        if option == "bias" and "nobias" in kind.words:
            return [] if Switch().read(value) else [Text("nobias", value.place)]
        if option == "padding" and written(value) in kind.words:
            return [Text(written(value), value.place)]
        if option in kind.words:
            return [Text(option, value.place)] if Switch().read(value) else []
        if option not in (*kind.options, *kind.sizes):
            raise Invalid.at(unknown_option(key.value, word, kind), key.place)
        sizes = written(value)
        if isinstance(value, Items):
            sizes = "x".join(map(written, value.items))
        return [Text(f"{option}={sizes}", value.place, exact=False)]

    def taken(self, rest: dict[str, tuple[Text, Raw]], key: str, head: Text, what: str) -> Raw:
        if key not in rest:
            raise Invalid.at(f"'{key}' is missing: {what}", head.place)
        return rest.pop(key)[1]

    def refuse_rest(
        self, rest: Mapping[str, tuple[Text, Raw]], word: str, known: Sequence[str]
    ) -> None:
        for key, _ in rest.values():
            hint = closest(key.value, known) or f"; known here: {', '.join(known)}"
            raise Invalid.at(f"{word} has no '{key.value}'{hint}", key.place)


def is_plain(raw: Raw) -> bool:
    """Whether a piece is a number of units, 128 or 10 softmax, or an activation."""
    return isinstance(raw, Text) and (is_activation(raw.value) or is_units(raw))


def together(before: Text, piece: Text) -> Text:
    """Two pieces and the comma between them as one."""
    return replace(before, value=f"{before.value} {piece.value}", exact=False)


def times_of(text: Text) -> tuple[Text, Text] | None:
    """How often, and the layers, of 3 x (fc 10 > relu) and (fc 10 > relu) x3."""
    if found := TIMES_BEFORE.match(text.value):
        return bare(text, *found.span(1)), bare(text, found.end(), len(text.value))
    within = inside_of(text, 0)
    if within is None:
        return None
    found = TIMES_AFTER.fullmatch(text.value, within[1])
    return None if found is None else (bare(text, *found.span(1)), within[0])


def in_brackets(text: Text) -> Text | None:
    """What stands in the brackets around a text."""
    within = inside_of(text, 0)
    if within is None or within[1] != len(text.value) or text.value[0] == "{":
        return None
    return within[0]


def without_last_comma(text: Text) -> Text:
    """(784,) as (784)."""
    return replace(text, value=re.sub(r",(?=\s*[)\]]$)", " ", text.value))


def interpolation(mode: Text) -> tuple[str, ...]:
    """How what is made larger is filled."""
    if mode.value in ("nearest", "nearest-exact"):
        return ()
    if mode.value not in ("linear", "bilinear", "trilinear"):
        message = f"expected nearest or bilinear, not '{mode.value}'"
        raise Invalid.at(message, mode.place)
    return ("bilinear",)


def share(typed: Text, found: Expr) -> Expr:
    """What is dropped of all entries, from 0 up to 1, or a letter for it."""
    value = exact(found)
    is_outside = value is not None and not 0 <= value < 1
    if is_outside or not is_single(found) or has_no_value(found) or is_word(found):
        message = "expected the share that is dropped, from 0 and below 1, such as 0.5"
        raise Invalid.at(f"{message}, not '{typed.value}'", typed.place)
    return found


def surplus(token: Text, word: str, kind: LayerKind) -> str:
    hint = closest(token.value, (*kind.words, *kind.options))
    takes = f"takes {' and '.join(kind.sizes)}" if kind.sizes else "takes no size"
    return f"{word} {takes}, and '{token.value}' is one too many{hint}"


def unknown_option(name: str, word: str, kind: LayerKind) -> str:
    known = (*kind.sizes, *kind.options, *kind.words)
    listed = f"; it has {', '.join(dict.fromkeys(known))}" if known else ""
    return f"{word} has no {name}{closest(name, known) or listed}"
