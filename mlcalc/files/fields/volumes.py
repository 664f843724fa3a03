"""Shapes in words: 8 feature maps of size 15 x 15, H=15, W=15, C=8, 15 by 15 with depth 8.

What is found is written again as C@H×W.  Each word must be one that is known here: of a text that
says anything else nothing is found.
"""

from __future__ import annotations

import re

from mlcalc.files.fields.words import NUMERALS

LONGEST = 200
"""Characters of a shape in words."""

AXES = {
    **dict.fromkeys(("h", "height", "rows"), "h"),
    **dict.fromkeys(("w", "width", "columns"), "w"),
    **dict.fromkeys(("c", "k", "d", "depth", "channels", "channel", "filters", "maps"), "c"),
    **dict.fromkeys(("n", "b", "batch"), "n"),
}
COLOURS = {"rgb": 3, "colour": 3, "color": 3, "rgba": 4, "greyscale": 1, "grayscale": 1,
           "grey": 1, "gray": 1}  # fmt: skip

SAME = (
    (re.compile(r"\\times(?![a-z])|\\cdot(?![a-z])|\bby\b|[x*·](?=[\s(]*[0-9])"), "×"),
    (re.compile(r"\\[,;: ]|\\text\s*(?=\{)|[{}$~]|\\left|\\right"), " "),
    (re.compile(r"(?<=[0-9])\s*(?:pixels?|px)\b"), ""),
    (re.compile(r"\b([0-9]{1,9})\s*(?:\^\s*2|²)(?![0-9])"), r"\1×\1"),
    (re.compile(r"\b(h|height)\s*=\s*(?:w|width)\s*=\s*([0-9]{1,9})"), r"h = \2, w = \2"),
    (re.compile(r"\(\s*×\s*([0-9]{1,9})\s*\)"), r"×\1"),
    (re.compile(r"[(\[]\s*([0-9]{1,9})\s*[,×]\s*([0-9]{1,9})\s*[)\]]"), r"\1×\2"),
    (re.compile("|".join(rf"\b{word}\b" for word in NUMERALS[1:13])),
     lambda found: str(NUMERALS.index(found[0]))),
    (re.compile(r"\b(?:a\s+)?single\b"), "1"),
    (re.compile("|".join(rf"\b{word}\b" for word in COLOURS)),
     lambda found: f"{COLOURS[found[0]]} channels"),
)  # fmt: skip
"""One spelling of what is written in several."""

LETTERS = r"[nbchwdk]"
NAMED_ORDER = re.compile(
    rf"[(\[]?\s*(?P<order>{LETTERS}(?:\s*[,x×*]\s*{LETTERS}){{1,3}})\s*[)\]]?\s*[=:]\s*"
    r"[(\[]?\s*(?P<sizes>[0-9]{1,9}(?:\s*[,×]\s*[0-9]{1,9}){1,3})\s*[)\]]?\s*"
)
"""(C, H, W) = (6, 16, 16)"""
PICTURE = re.compile(r"(?<![0-9×.])\s*([0-9]{1,9})\s*×\s*([0-9]{1,9})\s*(?:×\s*([0-9]{1,9})\s*)?"
                     r"(?![0-9×.])")  # fmt: skip
NOUN = (
    r"(?:channels?|(?:(?:feature|activation)\s+)?maps?|filters?|kernels?|planes?|"
    r"of\s+(?:them|these|those))"
)
SIZES = re.compile(r"(?:([0-9]{1,9})@)?([0-9]{1,9}(?:×[0-9]{1,9}){0,4})(?:@([0-9]{1,9}))?")
COUNTED = re.compile(
    rf"\b(?P<count>[0-9]{{1,9}})\s+(?:output\s+)?{NOUN}(?!\w)|"
    r"\b(?P<axis>[hwc]|height|width|depth|channels?)\s*(?:=|:|\bof\b|\bis\b)?\s*(?P<size>[0-9]{1,9})"
    r"(?![0-9.])"
)
FILLERS = frozenset(
    [
        *("a", "an", "and", "are", "each", "every", "has", "have", "in", "is", "it", "its", "of"),
        *("per", "so", "the", "there", "which", "with", "channel", "dimension", "dimensions"),
        *("feature", "grid", "image", "images", "map", "matrix", "output", "out", "picture"),
        *("pictures", "shape", "size", "sizes", "sized", "spatial", "tensor", "volume"),
    ]
)
"""Words that may stand around the sizes."""


def in_words(text: str) -> str | None:
    """C@H×W, or H×W of a shape in words; None of any other text."""
    plain = plainly(text)
    if plain is None or not any(map(str.isalpha, plain)):
        return None
    found = NAMED_ORDER.fullmatch(plain.strip())
    return from_words(plain) if found is None else arranged(found)


def in_signs(text: str) -> str | None:
    """The sizes with × between them of (9, 9) x 6, 9^2 × 6 and 9*9*6, and 6@9×9 of 9x9@6."""
    plain = plainly(text)
    found = None if plain is None else SIZES.fullmatch("".join(plain.split()))
    if found is None:
        return None
    before, sizes, behind = found.groups()
    channels = before or behind
    if (before and behind) or (not channels and "×" not in sizes):
        return None
    return f"{channels}@{sizes}" if channels else sizes


def plainly(text: str) -> str | None:
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return None
    plain = text.casefold()
    for spelling, other in SAME:
        plain = spelling.sub(other, plain)
    return plain


def arranged(found: re.Match[str]) -> str | None:
    """The sizes in the order that letters say."""
    axes = [AXES[letter] for letter in re.findall(LETTERS, found["order"])]
    sizes = re.findall("[0-9]+", found["sizes"])
    by_axis = dict(zip(axes, sizes, strict=False))
    return written(by_axis) if len(axes) == len(sizes) == len(by_axis) else None


def from_words(plain: str) -> str | None:
    pictures = list(PICTURE.finditer(plain))
    rest = PICTURE.sub(" ; ", plain)
    sizes: dict[str, str] = {}
    for found in COUNTED.finditer(rest):
        axis = AXES[found["axis"]] if found["axis"] else "c"
        if axis in sizes:
            return None
        sizes[axis] = found["count"] or found["size"]
    if set(re.findall(r"[^\s,;:().\[\]]+", COUNTED.sub(" ", rest))) - FILLERS:
        return None
    if not pictures:
        return written(sizes)
    if len(pictures) > 1 or sizes.keys() & {"h", "w"}:
        return None
    first, second, third = pictures[0].groups()
    if third is None:
        return written({**sizes, "h": first, "w": second})
    if "c" not in sizes:
        return f"{first}×{second}×{third}"
    # 16x16x6, 6 channels: the word says which of them counts the channels.
    if sizes["c"] == third:
        return f"{third}@{first}×{second}"
    return f"{first}@{second}×{third}" if sizes["c"] == first else None


def written(sizes: dict[str, str]) -> str | None:
    if not {"h", "w"} <= sizes.keys():
        return None
    channels = f"{sizes['c']}@" if "c" in sizes else ""
    return f"{channels}{sizes['h']}×{sizes['w']}"
