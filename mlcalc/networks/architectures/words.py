"""One layer in a course's own words, turned into a word and its options.

conv 12 17x17 stride 1, 5x5 conv, 6 filters, conv3-64, POOL2, FC-4096, 128 units relu
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.records import Record, replace
from mlcalc.networks.architectures.calls import KEYWORDS
from mlcalc.networks.architectures.layers import KINDS, LayerKind, meant
from mlcalc.networks.architectures.pieces import cut

NOISE = frozenset({
    "with", "of", "and", "a", "an", "the", "at", "by", "filters", "filter", "kernels", "units",
    "unit", "neurons", "nodes", "channels", "outputs", "maps", "feature", "features", "layer",
    "layers", "size", "+", "&", "hidden", "each", "region", "regions",
})  # fmt: skip
"""Words that say nothing beside the numbers next to them."""
NAMES = {
    "stride": "stride", "strides": "stride", "kernel": "kernel", "kernels": "kernel",
    "pad": "padding", "padding": "padding", "dilation": "dilation", "groups": "groups",
    "filter": "kernel", "filters": "channels", "channels": "channels",
}  # fmt: skip
"""Words behind which the size of an option stands."""
SPACED = re.compile(r"(\d+)(\s*)([x×X*])(\s*)(?=\d)")
ACROSS = re.compile(r"\d+(?:[x×]\d+)+")
HALVED = re.compile(r"(.*?)/(\d+)")
GLUED = re.compile(r"([a-z]+(?:-[a-z]+)*?)[-_]?(\d+)(?:[_.](\d+))?")
VGG = re.compile(r"(conv)-?(\d+)-(\d+)")
PADS = re.compile(r"(?:zero[-_])?pad|p\s*=?\s*\d|same\b|valid\b", re.IGNORECASE)
"""A padding that is typed beside the layer, which then has none by its name."""
CONTINUED = re.compile(
    r"(?:with\s+|at\s+)?(?:strides?|pad|padding|kernels?|dilation|groups|same|valid|no|zero|/\d|"
    r"[kspdg]\s*=?\s*\d)(?![a-z])",
    re.IGNORECASE,
)
"""How the words go on behind a comma: conv 12 k3, stride 2."""


class Phrase(Record):
    """A layer: its word, its options as `name=value`, plain sizes, and what follows it."""

    head: Text
    options: tuple[Text, ...]
    after: tuple[Text, ...] = ()
    """The activation that is named with it: 128 relu."""
    remark: str = ""


def has_layer(text: Text) -> bool:
    """Whether a text names a layer."""
    return head_of(words_of(text)) is not None


def words_of(text: Text) -> list[Text]:
    """The words between spaces and commas; 3 x 3 is one."""
    value = SPACED.sub(r"\1\3", text.value)
    spread = replace(text, value=value, exact=text.exact and value == text.value)
    return [piece for piece in cut(spread, " ,\t\n") if piece.value]


def head_of(words: Sequence[Text]) -> tuple[int, int, str] | None:
    """Where the words for a layer begin and end, and which layer it is."""
    for start in range(len(words)):
        for count in (3, 2, 1):
            some = [w.value for w in words[start : start + count]]
            joined = "-".join(some).lower().strip(":")
            if len(some) == count and all(w[0].isalpha() for w in some) and is_known(joined):
                return start, start + count, joined
        word = words[start].value.lower()
        if word[0].isalpha() and word not in NOISE and word not in NAMES:
            return None  # a word that is no layer, or a letter for a size
    return None


def is_known(word: str) -> bool:
    """Whether a word is a layer's, with digits glued to it or without: conv3-64, fc1000."""
    found = GLUED.fullmatch(word)
    is_glued = found is not None and meant(found[1]) in KINDS
    return meant(word) in KINDS or bool(VGG.fullmatch(word)) or is_glued


def phrase(text: Text) -> Phrase:
    """The layer that a text names; its first word where it names none that is known."""
    words = words_of(text)
    place = head_of(words)
    if place is None:
        return Phrase(words[0], tuple(words[1:]))
    start, end, joined = place
    head, rest = words[start], [*words[:start], *words[end:]]
    word, remark = joined, ""
    glued: list[Text] = []
    if meant(joined) not in KINDS:
        word, glued, remark = unglued(joined, head, rest)
    kind = KINDS[meant(word)]
    options, after = [*glued], list[Text]()
    for token in options_of(rest, kind, meant(word)):
        (after if is_activation(token.value) else options).append(token)
    return Phrase(Text(meant(word), head.place, exact=False), tuple(options), tuple(after), remark)


def is_activation(word: str) -> bool:
    return meant(word) in ACTIVATIONS and meant(word) not in ("step", "sign", "identity")


def is_units(text: Text) -> bool:
    """Whether a text is a number of units, with their activation or without: 10 softmax."""
    words = [word.value.strip("()").lower() for word in words_of(text)]
    others = [w for w in words if w not in NOISE | {"output", "classes"} and not is_activation(w)]
    is_last = bool(words) and is_activation(words[0])  # relu 3 is no layer of 3 units
    return len(others) == 1 and not is_last and bool(re.fullmatch(r"[1-9]\d*", others[0]))


def unglued(joined: str, head: Text, rest: Sequence[Text]) -> tuple[str, list[Text], str]:
    """The word of conv3-64, pool2, fc4096 or conv1_2, and the sizes that its digits are."""
    if found := VGG.fullmatch(joined):
        kernel = int(found[2])
        sizes = [f"channels={found[3]}", f"kernel={kernel}"]
        text = f"{head.value} is read as VGG has it: {found[3]} filters of {found[2]}×{found[2]}"
        if not any(PADS.match(token.value) for token in rest):
            sizes.append(f"padding={kernel // 2}" if kernel % 2 else "same")
            text += ", padded so that the size stays"
        return found[1], [Text(size, head.place, exact=False) for size in sizes], text
    found = GLUED.fullmatch(joined)
    assert found is not None
    word, digits = found[1], found[2]
    needed = KINDS[meant(word)].needed
    has_numbers = any(token.value[0].isdigit() for token in rest)
    if has_numbers or not needed or found[3]:
        return word, [], ""  # the number of the layer, as in conv1_2
    is_size = digits in ("2", "3") if "pool" in word else len(digits) > 1 or "-" in joined
    if not is_size:
        message = f"'{head.value}' may be a name, or {word} with {digits}: write {word} {digits}, "
        raise Invalid.at(f"{message}or its sizes behind it", head.place)
    return word, [Text(digits, head.place, exact=False)], ""


def options_of(rest: Sequence[Text], kind: LayerKind, word: str) -> Iterator[Text]:
    """The words beside the layer's as options; what is none of them goes on as it is."""
    waiting, before = list(rest), ""
    while waiting:
        token = waiting.pop(0)
        is_noun, before = before[:1].isdigit() and not ACROSS.fullmatch(before), token.value
        low = token.value.lower().rstrip(":;.")
        following = waiting[0].value if waiting else ""
        if low in ("no", "without", "zero") and following.lower().startswith(("bias", "pad")):
            what = waiting[0].value.lower()
            if low != "zero":
                waiting.pop(0)
                yield from words_for("nobias" if what.startswith("b") else "valid", token, kind)
            continue
        if token.value[0] in "([" and not re.search(r"\d", token.value):
            inner = replace(token, value=token.value[1:-1].strip(), exact=False)
            yield from (inner,) if is_activation(inner.value) else ()
            continue
        option = None if is_noun and low in NOISE else NAMES.get(low)  # 6 filters, filters 6
        if option in kind.options or option in kind.sizes:
            if option == "channels" and following.lower() in ("of", "size"):
                option = "kernel"
            while following.lower() in ("of", "size", "=", ":"):
                waiting.pop(0)
                following = waiting[0].value if waiting else ""
            if is_size(following):
                value = waiting.pop(0)
                yield from sizes(named(option or "", value), kind)
                continue
            if option == "padding" and following.lower() in ("same", "valid"):
                continue
            if low in ("padding", "pad") and any(t.value.lower() == "same" for t in rest):
                continue
        if low in NOISE or (word == "fc" and low in ("output", "classes")):
            continue
        if low.replace("_", "-") in kind.words:
            yield replace(token, value=low.replace("_", "-"))
            continue
        yield from sizes(renamed(token, word), kind)


def is_size(word: str) -> bool:
    return bool(re.fullmatch(r"[\d(\[].*|[A-Za-z]", word, re.DOTALL))


def named(option: str, value: Text) -> Text:
    return replace(value, value=f"{option}={value.value}", exact=False)


def renamed(token: Text, word: str) -> Text:
    """An option by our name for it: kernel_size=3 is kernel=3."""
    key, equals, value = token.value.partition("=")
    own = KEYWORDS.get(key.strip())
    if not equals or own is None or (key.strip() == "p" and word != "dropout"):
        return token
    return replace(token, value=f"{own}={value.strip()}", exact=False)


def sizes(token: Text, kind: LayerKind) -> Iterator[Text]:
    """7x7/2 as kernel and stride; 17x17 as the kernel of what has channels too."""
    if "stride" in kind.options and (found := HALVED.fullmatch(token.value)):
        if found[1]:
            yield from sizes(replace(token, value=found[1], exact=False), kind)
        yield replace(token, value=f"stride={found[2]}", exact=False)
    elif "channels" in kind.sizes and ACROSS.fullmatch(token.value):
        yield named("kernel", token)
    else:
        yield token


def words_for(word: str, token: Text, kind: LayerKind) -> Iterator[Text]:
    if word in kind.words:
        yield replace(token, value=word, exact=False)
