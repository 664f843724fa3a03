"""Networks as people write them: one line, a YAML list of layers, or a mapping with blocks.

    network   input ">" layer ">" …            3@128x128, maxpool 2, conv 12 k17, relu
              or a comma, or a new line, for ">"
    layer     word size* option*               conv 12 k17 s1 p0, fc 128, batchnorm
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
from mlcalc.files.fields import Sizes, Switch, has_no_value, is_single, is_word, tree
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Number, Shape, Symbol, substitute
from mlcalc.networks.architectures.layers import (
    COMBINATIONS,
    KINDS,
    LETTERS,
    MAY_BE_ZERO,
    LayerKind,
    meant,
)
from mlcalc.networks.architectures.nodes import Block, Layer, Node, Parallel, Residual
from mlcalc.networks.architectures.pieces import bracketed, cut, separated, tokens

MOST_LAYERS = 10_000
OPTION = re.compile(r"([kspdg])([0-9].*|\(.*\)|[A-Za-z])", re.DOTALL)
NAMED = re.compile(r"([a-z][a-z_-]*)\s*=\s*(.+)", re.DOTALL)
JOINS = {"concat": "concat", "concatenate": "concat", "add": "add", "sum": "add", "mean": "mean"}
ZERO_PADDED = ("zero-padded", "zero-pad", "zero_padded")


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

    # Sequences.

    def sequence(self, raw: Raw) -> tuple[Node, ...]:
        """The layers of a line or of a list; all that is wrong with them is told together."""
        items = raw.items if isinstance(raw, Items) else (raw,)
        pieces = [piece for item in items for piece in pieces_of(item)]
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
        if complaints:
            raise Invalid(*dict.fromkeys(complaints))
        return tuple(nodes)

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
        word = meant(re.split(r"[\s(]", text.value, maxsplit=1)[0])
        if word in COMBINATIONS:
            return self.combined(word, text)
        head, *rest = tokens(text)
        if head.value in self.blocks:
            return (self.block(head, rest),)
        return (self.layer(head, rest),)

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

    # Combinations.

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
        if word not in KINDS:
            known = (*KINDS, *COMBINATIONS, *self.blocks)
            hint = closest(head.value, known) or f"; known are {', '.join(KINDS)}"
            raise Invalid.at(f"there is no layer '{head.value}'{hint}", head.place)
        return word, KINDS[word]

    def layer(self, head: Text, rest: Sequence[Text], name: str = "") -> Layer:
        """A layer from its word and the words after it."""
        word, kind = self.kind(head)
        options: dict[str, Shape] = {}
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
            if not option:
                if not plain:
                    raise Invalid.at(surplus(token, word, kind), token.place)
                option = plain.pop(0)
            if option in options:
                raise Invalid.at(f"the {option} of {word} is given twice", token.place)
            options[option] = self.option_size(option, value)
        return self.finished(word, kind, options, words, head.place, name)

    def option(self, token: Text, word: str, kind: LayerKind) -> tuple[str, Text]:
        """The name of the option that a token gives, empty for a plain size, and its value."""
        if token.value in kind.words:
            return "words", token
        if token.value == "bias=false" and "nobias" in kind.words:
            return "words", Text("nobias", token.place)
        if named := NAMED.fullmatch(token.value):
            option = LETTERS.get(named[1], named[1].replace("_", "-"))
            if option not in (*kind.options, *kind.sizes):
                raise Invalid.at(unknown_option(named[1], word, kind), token.place)
            return option, Text(named[2], token.at(named.start(2)), exact=token.exact)
        lettered = OPTION.fullmatch(token.value)
        if lettered and LETTERS[lettered[1]] in kind.options:
            return LETTERS[lettered[1]], Text(lettered[2], token.at(1), exact=token.exact)
        if lettered and lettered[2][0].isdigit():
            raise Invalid.at(unknown_option(LETTERS[lettered[1]], word, kind), token.place)
        return "", token

    def option_size(self, option: str, value: Text) -> Shape:
        if option == "rate":
            return Shape((share(value, substitute(tree(value), self.sizes)),))
        return self.size(value, Sizes(least=0 if option in MAY_BE_ZERO else 1))

    def size(self, value: Text, takes: Sizes) -> Shape:
        """The size with the letters of the block replaced by their values, and checked again."""
        found = (Unchecked() if self.sizes else takes).read(value)
        settled = tuple(with_value(substitute(size, self.sizes)) for size in found.sizes)
        takes.check(value, settled)
        return Shape(settled)

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


def pieces_of(raw: Raw) -> list[Raw]:
    """The pieces of a line; none of an empty one, which is the identity."""
    if not isinstance(raw, Text):
        return [raw]
    return [*separated(raw)] if raw.value.strip() else []


def share(typed: Text, found: Expr) -> Expr:
    """What is dropped of all entries, from 0 up to 1, or a letter for it."""
    value = exact(found)
    is_outside = value is not None and not 0 <= value < 1
    if is_outside or not is_single(found) or has_no_value(found) or is_word(found):
        message = "expected the share that is dropped, from 0 and below 1, such as 0.5"
        raise Invalid.at(f"{message}, not '{typed.value}'", typed.place)
    return found


def with_value(size: Expr) -> Expr:
    """The size as a number where it has a value; in letters otherwise."""
    value = exact(size)
    return size if value is None or isinstance(size, Number) else Number(value)


def surplus(token: Text, word: str, kind: LayerKind) -> str:
    hint = closest(token.value, (*kind.words, *kind.options))
    takes = f"takes {' and '.join(kind.sizes)}" if kind.sizes else "takes no size"
    return f"{word} {takes}, and '{token.value}' is one too many{hint}"


def unknown_option(name: str, word: str, kind: LayerKind) -> str:
    known = (*kind.sizes, *kind.options, *kind.words)
    listed = f"; it has {', '.join(dict.fromkeys(known))}" if known else ""
    return f"{word} has no {name}{closest(name, known) or listed}"
