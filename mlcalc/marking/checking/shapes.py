"""Shapes of tensors: 12@28x28, 12x28x28, [12, 28, 28], and with the channels last.

Where no @ says which number counts the channels, sizes in the order height, width, channels are
read as such; no other order is.
"""

from __future__ import annotations

import re

from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import tree
from mlcalc.files.fields.shapes import plainly
from mlcalc.files.fields.volumes import in_signs, in_words
from mlcalc.marking.checking.collections import members
from mlcalc.marking.checking.findings import Finding, all_right, bound, united, wrong
from mlcalc.marking.checking.formulas import compare_formula
from mlcalc.marking.checking.numbers import Rule
from mlcalc.marking.checking.reading import is_statement
from mlcalc.marking.checking.statements import EQUALS, divided
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Listing, Number, Shape, Symbol
from mlcalc.showing.derivation import Verdict

CHANNELS_LAST = "read as height x width x channels"
WITHOUT_BATCH = "the first of the four sizes is read as the batch"
SIZES_OF_PICTURE = 3
"""Channels, height and width."""
OPEN = re.compile(r"^(\s*[\[(]\s*)[?](?=\s*,)")
"""The size that is left open, of the batch."""
EACH = re.compile(r"\b(?:per|each)\b", re.IGNORECASE)


def compare_shape(claimed: Raw, value: Shape, rule: Rule) -> Finding:
    found = united([compare_sizes(one, value, rule) for one in read_shapes(claimed)])
    return found if value.channels is None else one_channel(claimed, value, rule) or found


def one_channel(claimed: Raw, value: Shape, rule: Rule) -> Finding | None:
    """What 15 x 15 per channel decides, which leaves open how many channels there are.

    Raises `Invalid` where these sizes are right.
    """
    words = claimed.value if isinstance(claimed, Text) else ""
    found = in_words(words) if EACH.search(words) else None
    if found is None or "@" in found:
        return None
    sizes_alone = compare_shape(claimed, Shape(value.sizes), rule)
    if sizes_alone.verdict is Verdict.RIGHT:
        raise Invalid.at("this says how large a channel is: say how many there are too")
    return sizes_alone


def read_shapes(claimed: Raw) -> list[Expr]:
    """The shapes that are claimed to be equal, mostly one, the name before them left out."""
    claimed = plain(claimed)
    if not isinstance(claimed, Text):
        return [tree(claimed, reader.read_shape_or_value)]
    first, *more = divided(claimed, EQUALS)
    members = [first, *more] if not more or is_statement(first.value) else more
    return [tree(plain(one), reader.read_shape_or_value) for one in members]


def plain(claimed: Raw) -> Raw:
    """A shape in words, in signs, or as programs print it, as C@H×W; any other text as it is."""
    if not isinstance(claimed, Text):
        return claimed
    found = in_words(claimed.value) or in_signs(claimed.value)
    if found is not None:
        return replace(claimed, value=found, exact=False)
    return plainly(replace(claimed, value=OPEN.sub(r"\1N", claimed.value)))


def compare_sizes(found: Expr, value: Shape, rule: Rule) -> Finding:
    theirs, ours = members(found) or (found,), members(value) or (value,)
    if (
        value.channels is None
        and len(theirs) == len(ours) + 2
        and any(exact(size) == 1 for size in theirs[1:])
    ):
        theirs = theirs[1:]  # (N, 1, H, W): a batch of one channel
    if len(theirs) == len(ours) + 1 and value.channels is None:
        theirs = without_one_channel(theirs)
    if is_batch(found, theirs, ours):
        return replace(compare_sizes(Listing(theirs[1:]), value, rule), remark=WITHOUT_BATCH)
    if len(theirs) != len(ours):
        return wrong("the number of sizes is not the one that is asked for")
    finding = sizes(theirs, ours, rule)
    is_marked = isinstance(found, Shape) and found.channels is not None
    if finding.verdict is Verdict.WRONG and value.channels is not None and not is_marked:
        turned = sizes((theirs[-1], *theirs[:-1]), ours, rule)
        if turned.verdict is Verdict.RIGHT:
            return replace(turned, remark=CHANNELS_LAST)
    return finding


def is_batch(found: Expr, theirs: tuple[Expr, ...], ours: tuple[Expr, ...]) -> bool:
    """Whether the first of four sizes of a picture is how many there are, a number or None."""
    is_marked = isinstance(found, Shape) and found.channels is not None
    has_one_more = len(ours) == SIZES_OF_PICTURE and len(theirs) == len(ours) + 1
    return has_one_more and not is_marked and isinstance(theirs[0], Number | Symbol)


def without_one_channel(sizes: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """1@3x3 as the 3x3 that it is where channels are not asked for, in either order."""
    first, *rest = sizes
    if exact(first) == 1:
        return tuple(rest)
    return sizes[:-1] if exact(sizes[-1]) == 1 else sizes


def sizes(theirs: tuple[Expr, ...], ours: tuple[Expr, ...], rule: Rule) -> Finding:
    pairs = zip(theirs, ours, strict=True)
    return all_right(
        (f"size {i}", bound(compare_formula, their, our, rule))
        for i, (their, our) in enumerate(pairs, 1)
    )
