"""What stands first in `conv-shape`, as the fields that it gives.

    input 32x32x3, kernel 5, stride 1, pad 2         W=227, F=11, S=4, P=0, K=96
    32x32x3; 10 5x5 filters with stride 1, pad 2     nn.Conv2d(3, 64, 7, 2, 3) 3x224x224

The letters are those of CS231n (W, F, S, P, K), Ng (n, f, p, s) and Dumoulin (i, k, p, s).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType, TensorShape
from mlcalc.files.fields.base import part_of
from mlcalc.files.problem import Field
from mlcalc.maths.board import Note
from mlcalc.maths.near import plain_name
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Shape
from mlcalc.networks.convolution.question import INPUTS, LayerQuestion
from mlcalc.networks.convolution.tensors import Tensor, Values

Pair = tuple[Text, Raw]

LAYER = re.compile(r"(?:[A-Za-z_]\w*\.)*([A-Za-z]\w*)\(")
SHAPES = frozenset({
    "Size", "TensorShape", "shape", "tensor", "Tensor", "array", "asarray", "matrix", "tuple",
    "list", "c",
})  # fmt: skip
"""What stands before brackets and is no layer: torch.Size([1, 3, 32, 32])."""


def in_fields(given: Entries, names: Mapping[str, str]) -> tuple[Entries, tuple[Note, ...]]:
    """The fields with those that what stands first gives, and letters as what they mean.

    `names` are our spellings of the fields by what all spellings of each have in common.
    """
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


def names_of(field: Field[object]) -> tuple[str, ...]:
    return tuple(map(plain_name, (field.name, *field.aliases)))


KERNELS, COUNTS = names_of(LayerQuestion.kernel), names_of(LayerQuestion.filters)


def apart(text: Text, key: Text, names: Mapping[str, str]) -> list[Pair]:
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
    from mlcalc.networks.convolution.sentence import named_in

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


# K, which is the kernel in one book and the number of filters in another.


def settled(pairs: Sequence[Pair]) -> list[Pair]:
    """The fields with K as what it means beside the others.

    Raises `Invalid` where it may be the kernel or the number of filters.
    """
    names = {plain_name(key.value) for key, _ in pairs}
    own = next((key for key, _ in pairs if plain_name(key.value) == "k"), None)
    if own is None:
        return list(pairs)
    is_count, is_size = bool(names & set(KERNELS)), bool(names & {*COUNTS, "i"} - {"k"})
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
    sorts = {**dict.fromkeys(map(plain_name, INPUTS), "image"), **dict.fromkeys(KERNELS, "weights")}
    pairs = list(given.pairs)
    found = []
    for position, (key, value) in enumerate(pairs):
        sort = sorts.get(plain_name(key.value))
        if sort is not None and is_matrix(value):
            pairs[position] = replace(key, value=sort), value
            found.append(sort)
    if not found:
        return given, ()
    are = "matrices given as sizes are" if len(found) > 1 else "a matrix given as a size is"
    whose = " and ".join(f"the {sort}" for sort in sorted(found))
    text = f"{are} read as values: those of {whose}"
    return Entries(tuple(pairs), given.place), (Note("given.values", text),)


def is_matrix(raw: Raw) -> bool:
    """Whether a value is a matrix of several rows, and no size."""
    if isinstance(raw, Text) and not re.search(r"[;\[\n\\]", raw.value):
        return False
    if isinstance(raw, Entries) or is_read(TensorShape(), raw):
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
