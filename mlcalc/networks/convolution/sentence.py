"""What stands first in `conv-shape` where it is more than a size: input 7x7, kernel 3, stride 2.

It is read where such a text was typed, and so are its expressions compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import TensorShape
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import entries_of
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import replace
from mlcalc.networks.architectures.pieces import cut
from mlcalc.networks.convolution.asked import Pair, is_read

EXAMPLE = "input=32x32, kernel=5, stride=1"
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


def named_in(text: Text, names: Mapping[str, str]) -> list[Pair]:
    """The fields of input 7x7, kernel 3, stride 2; none where a piece has no name."""
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


def pairs_of(piece: Text, names: Mapping[str, str]) -> list[Pair]:
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


def known(name: str, names: Mapping[str, str]) -> str:
    """The name of a field, without the words that say nothing: the size of the kernel."""
    bare = " ".join(word for word in name.split() if word.lower() not in SAYS_NOTHING)
    return names.get(plain_name(name)) or names.get(plain_name(bare)) or ""
