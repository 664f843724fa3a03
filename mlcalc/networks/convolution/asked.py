"""What stands first in `conv-shape`, as the fields that it gives.

    input 32x32x3, kernel 5, stride 1, pad 2         W=227, F=11, S=4, P=0, K=96
    32x32x3; 10 5x5 filters with stride 1, pad 2     nn.Conv2d(3, 64, 7, 2, 3) 3x224x224

The letters are those of CS231n (W, F, S, P, K), Ng (n, f, p, s) and Dumoulin (i, k, p, s).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType, TensorShape
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import entries_of
from mlcalc.maths.board import Note
from mlcalc.maths.near import plain_name
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Shape
from mlcalc.networks.convolution.question import INPUTS
from mlcalc.networks.convolution.tensors import Tensor, Values

Pair = tuple[Text, Raw]

EXAMPLE = "input=32x32, kernel=5, stride=1"
LAYER = re.compile(r"(?:[A-Za-z_]\w*\.)*([A-Za-z]\w*)\(")
SHAPES = frozenset({
    "Size", "TensorShape", "shape", "tensor", "Tensor", "array", "asarray", "matrix", "tuple",
    "list", "c",
})  # fmt: skip
"""What stands before brackets and is no layer: torch.Size([1, 3, 32, 32])."""
BETWEEN = re.compile(r"\s(?:with|and|by|using)\s(?=.*\d|(?:no|same|valid)\b)")
NAMED = re.compile(
    r"(?:an?\s+|the\s+)?(?P<name>[A-Za-z][A-Za-z _-]*?)"
    r"\s*(?:=|:|\s(?:is|of)\s+(?:size\s+)?|\s|(?<=[A-Za-z])(?=[\[(]))\s*(?P<value>same|valid|"
    r"(?<=[=:\s])(?:max|avg|average|transposed|conv)[\w -]*|[\d(\[].*)",
    re.DOTALL | re.IGNORECASE,
)
BEHIND = re.compile(r"(?:an?\s+)?(?P<value>\d[\dx×* ]*?)\s*(?P<name>[A-Za-z][A-Za-z ]*)")
"""7x7 input, 96 filters."""
FILTERS = re.compile(
    r"(?:an?\s+)?(?:(?P<count>\d+)\s+)?(?P<size>\d+\s*[x×*]\s*\d+)?\s*"
    r"(?:conv(?:olution(?:al)?)?\s+)?(?:filter|kernel)s?"
    r"(?:\s+of(?:\s+size)?\s+(?P<of>\d+(?:\s*[x×*]\s*\d+)?))?",
    re.IGNORECASE,
)
"""10 5x5 filters, 96 filters, 10 filters of 5x5, a 3x3 kernel."""
PADDED = re.compile(r"(?:no|without)\s+(?:zero[- ]?)?padd?(?:ing)?|(same|valid)[- ]padding", re.I)
UNBIASED = re.compile(r"(?:no|without)\s+(?:a\s+)?bias(?:es)?", re.IGNORECASE)
SIZE_BEFORE = re.compile(r"\s*\d[\d@x× ]*(?=\s[A-Za-z_]+\s*[=:])")
"""32x32 kernel=3: the space behind the size is as good as a comma."""
SAYS_NOTHING = frozenset({"of", "the", "size", "number", "volume", "a", "image"})


def in_fields(given: Entries, spellings: Iterable[str]) -> tuple[Entries, tuple[Note, ...]]:
    """The fields with those that what stands first gives, and letters as what they mean."""
    names = {plain_name(name): name for name in spellings}
    pairs: list[Pair] = []
    for key, value in given.pairs:
        if names.get(plain_name(key.value)) in INPUTS and isinstance(value, Text):
            pairs += apart(value, key, names)
        else:
            pairs.append((key, value))
    layers = [value for key, value in pairs if key.value == "layer"]
    if len(layers) > 1:
        raise Invalid.at("several layers are a network: params reads those", layers[1].place)
    pairs, notes = with_side(settled(pairs))
    return Entries(tuple(pairs), given.place), notes


KERNELS = ("kernel", "kernelsize", "filtersize", "poolsize", "window", "f")
COUNTS = ("filters", "outchannels", "numfilters", "k")


def apart(text: Text, key: Text, names: dict[str, str]) -> list[Pair]:
    """The fields of a text; the text itself where it is a size, or cannot be parted."""
    if (found := layer_in(text)) is not None:
        start, end = found
        layer = part_of(text, start, end)
        before = part_of(text, 0, len(text.value[:start].rstrip(" >,;-=→\n")))
        behind = text.value[end:]
        after = part_of(text, end + len(behind) - len(behind.lstrip(" >,;:→\n")), len(text.value))
        rest = [pair for one in (before, after) if one.value for pair in apart(one, key, names)]
        return [*rest, (Text("layer", layer.place, exact=False), layer)]
    if is_read(TensorShape(), text):
        return [(key, text)]
    try:
        return named_in(text, names) or [(key, text)]
    except Invalid:  # of brackets that are not closed, which the field says better
        return [(key, text)]


ARROW = re.compile(r"(?:->|=>|→|>)\s*(?=[A-Za-z\d])")
"""Before a layer in our words or a course's: 3@32x32 > conv 16 k5."""


def layer_in(text: Text) -> tuple[int, int] | None:
    """Where a layer as PyTorch and Keras call it begins and ends."""
    for found in LAYER.finditer(text.value):
        if found[1] in SHAPES:
            continue
        from mlcalc.networks.architectures.pieces import inside_of

        within = inside_of(text, found.end() - 1)
        assert within is not None
        return found.start(), within[1]
    arrow = ARROW.search(text.value)
    if arrow is None:
        return None
    from mlcalc.networks.architectures.words import has_layer

    is_layer = has_layer(part_of(text, arrow.end(), len(text.value)))
    return (arrow.end(), len(text.value)) if is_layer else None


def named_in(text: Text, names: dict[str, str]) -> list[Pair]:
    """The fields of input 7x7, kernel 3, stride 2; none where a piece has no name."""
    from mlcalc.networks.architectures.pieces import cut

    with_commas = BETWEEN.sub(lambda found: ",".ljust(len(found[0])), text.value)
    if size := SIZE_BEFORE.match(with_commas):
        with_commas = f"{size[0]},{with_commas[size.end() + 1 :]}"
    pieces = [
        piece
        for line in cut(replace(text, value=with_commas), "\n;")
        for piece in cut(line, ",")
        if piece.value.strip()
    ]
    pairs: list[Pair] = []
    unknown: list[Pair] = []
    for number, piece in enumerate(pieces):
        found = pairs_of(piece, names)
        if not found and not number and is_read(TensorShape(), piece):
            found = [(Text("input", piece.place, exact=False), piece)]
        if not found and (named := NAMED.fullmatch(piece.value)):
            name, value = (part_of(piece, *named.span(part)) for part in ("name", "value"))
            unknown.append((name, value))
        elif not found:
            return []
        pairs += found
    return [*pairs, *unknown] if pairs else []


def pairs_of(piece: Text, names: dict[str, str]) -> list[Pair]:
    """The fields of one piece: kernel 5, W=227 F=11, 10 5x5 filters, no padding."""
    text = piece.value.strip()
    if text.count("=") > 1:
        try:
            return [(key, value) for key, value in entries_of(piece, EXAMPLE).pairs]
        except Invalid:
            return []
    if found := PADDED.fullmatch(text):
        return [made("padding", (found[1] or "0").lower(), piece)]
    if UNBIASED.fullmatch(text):
        return [made("bias", "false", piece)]
    if found := FILTERS.fullmatch(text):
        parts = {"filters": found["count"], "kernel": found["size"] or found["of"]}
        return [made(name, part, piece) for name, part in parts.items() if part]
    if (found := BEHIND.fullmatch(text)) and (name := known(found["name"], names)):
        return [made(name, found["value"], piece)]
    found = NAMED.fullmatch(piece.value)
    if found is None or not (name := known(found["name"], names)):
        return []
    start, end = found.span("name")
    key = replace(part_of(piece, start, end), value=name, exact=False)
    return [(key, part_of(piece, *found.span("value")))]


def made(name: str, value: str, piece: Text) -> Pair:
    return (Text(name, piece.place, exact=False), Text(value, piece.place, exact=False))


def known(name: str, names: dict[str, str]) -> str:
    """The name of a field, without the words that say nothing: the size of the kernel."""
    bare = " ".join(word for word in name.split() if word.lower() not in SAYS_NOTHING)
    return names.get(plain_name(name)) or names.get(plain_name(bare)) or ""


# K, which is the kernel in one book and the number of filters in another.


def settled(pairs: Sequence[Pair]) -> list[Pair]:
    """The fields with K as what it means beside the others.

    Raises `Invalid` where it may be the kernel or the number of filters.
    """
    names = {plain_name(key.value) for key, _ in pairs}
    own = next((key for key, _ in pairs if plain_name(key.value) == "k"), None)
    if own is None:
        return list(pairs)
    is_count, is_size = bool(names & set(KERNELS)), bool(names & set(COUNTS[:3])) or "i" in names
    if is_count == is_size:
        value = next(written(value) for key, value in pairs if key is own)
        message = f"{own.value} may be the kernel or the number of filters: write kernel={value} "
        raise Invalid.at(f"{message}or filters={value}", own.place)
    meant = replace(own, value="filters" if is_count else "kernel", exact=False)
    return [(meant if key is own else key, value) for key, value in pairs]


SIDES = ("w", "i", "n")
"""Letters that are the side of a square picture."""


def with_side(pairs: Sequence[Pair]) -> tuple[list[Pair], tuple[Note, ...]]:
    """The fields with W and C as one size: C@W×W, where channels or filters say it is a picture.

    Without them only a size along each axis is asked.
    """
    own = next((pair for pair in pairs if plain_name(pair[0].value) in SIDES), None)
    depth = next((pair for pair in pairs if plain_name(pair[0].value) == "c"), None)
    has_filters = any(plain_name(key.value) in COUNTS for key, _ in pairs)
    if own is None or not isinstance(own[1], Text) or not (depth or has_filters):
        return list(pairs), ()
    key, value = own
    shape = read_or_none(TensorShape(), value)
    if not isinstance(shape, Shape) or shape.channels is not None or len(shape.sizes) > 2:
        return list(pairs), ()
    sides = one_line(shape) if len(shape.sizes) == 2 else f"{one_line(shape)}x{one_line(shape)}"
    lead = "" if depth is None else f"{written(depth[1])}@"
    text = replace(value, value=f"{lead}{sides}", exact=False)
    said = f"{key.value} is the side of a square picture: {sides.replace('x', '×')}"
    notes = (Note("given.side", said),) if len(shape.sizes) == 1 else ()
    return [(key, text) if pair is own else pair for pair in pairs if pair is not depth], notes


# Values where sizes are expected.


def with_values(given: Entries) -> tuple[Entries, tuple[Note, ...]]:
    """The fields with matrices of numbers, given as sizes, as the image and the weights."""
    by_name = {plain_name(key.value): (key, value) for key, value in given.pairs}
    inputs = [by_name[plain_name(name)] for name in INPUTS if plain_name(name) in by_name]
    kernels = [by_name[name] for name in KERNELS if name in by_name]
    matrices = [value for _, value in (*inputs, *kernels) if is_matrix(value)]
    if not matrices:
        return given, ()
    if matrices == [value for _, value in inputs] and "weights" in by_name:
        kernels = [by_name["weights"]]
    elif len(matrices) != 2:
        message = "these are values and no size: give the input's as image, the kernel's as weights"
        raise Invalid.at(message, matrices[0].place)
    fields = {id(inputs[0][1]): "image", id(kernels[0][1]): "weights"}
    pairs = [
        (replace(key, value=fields.get(id(value), key.value)), value) for key, value in given.pairs
    ]
    text = "matrices given as sizes are read as values: those of the image and the weights"
    return Entries(tuple(pairs), given.place), (Note("given.values", text),)


def is_matrix(raw: Raw) -> bool:
    """Whether a value is a matrix of several rows, and no size."""
    if isinstance(raw, Entries) or is_read(TensorShape(), raw):
        return False
    if isinstance(raw, Text) and not re.search(r"[;\[\n\\]", raw.value):
        return False
    found = read_or_none(Values(), raw)
    return isinstance(found, Tensor) and found.depth > 1 and found.sizes[-2] > 1


def is_read(takes: FieldType[object], raw: Raw) -> bool:
    return read_or_none(takes, raw) is not None


def read_or_none(takes: FieldType[object], raw: Raw) -> object | None:
    try:
        return takes.read(raw)
    except Invalid:
        return None
