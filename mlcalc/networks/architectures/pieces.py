"""A line of layers cut into its pieces, each of which knows where it stands.

Separators within brackets belong to what is in the brackets: `residual(conv 64 k3 > relu)`.
Arrows and | are read as >, and lines of a program that make no layer are passed over.
"""

from __future__ import annotations

import re
from functools import cache

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.maths.records import replace

OPENING, CLOSING = "([{", ")]}"
MOST_NESTED = 20
"""Brackets within brackets: no network of a paper has more than four."""
ARROW = re.compile(
    r"(?:-{1,2}|[=–—])>|[→⇒⟶➔➜]|(?<=[\w)\]])(?<!layer \d)[ \t]+[-–—][ \t]+(?=[A-Za-z])",
    re.IGNORECASE,
)
"""Also a hyphen between spaces before a word: 32x32x3 - CONV5-6 - POOL2."""
COMMENT = re.compile(r"(?<![^\s])#[^\n]*")
NO_LAYER = re.compile(
    r"(?:from\s+[\w.]+\s+)?import\s.*|class\s.*|def\s.*|super\(.*|@.*|```.*|pass|print\(.*|"
    r"(?i:(?:batch|batch_size|bs|num_epochs|epochs|seed|learning_rate|lr)\s*=\s*[\d.e-]+)|"
    r"return\s+\w+|[\w.]+\.(?:compile|fit|summary|build|eval|train|to|cuda)\(.*|"
    r"\w+\s*=\s*(?:[\w.]+\.)?(?:Model\([^()]*\)|Sequential\(\s*\))",
    re.DOTALL,
)
"""A line of a program that makes no layer."""
BULLET = re.compile(
    r"(?:>>>\s*|[-*•+]\s+|\(?\d{1,3}[.):]\s+(?=[^\d\s])|layer\s+\d+\s*[.:)-]\s*)", re.IGNORECASE
)
"""What stands before the items of a list."""
COSTS = re.compile(r"\s*(?:memory|weights|params|parameters)\s*:.*", re.IGNORECASE | re.DOTALL)
"""What lectures write behind a layer: memory: 224*224*3=150K weights: 0."""
FORWARD = re.compile(r"def\s+(?:forward|call)\b")
CHAIN = re.compile(r"[1-9]\d*(?:\s*[-–—]\s*[1-9]\d*)+")
"""784-128-10, the sizes of the layers of a network."""
NETWORK = re.compile(
    rf"(?:fc|mlp|dense|fully[- ]connected|feed[- ]?forward)?\s*(?:network|net|layers?)?\s*:?\s*"
    rf"({CHAIN.pattern})(?:\s*(?:network|net|mlp))?",
    re.IGNORECASE,
)


def cut(text: Text, separators: str) -> list[Text]:
    """The pieces between separators that stand in no bracket, without the spaces around them."""
    found: list[Text] = []
    start = 0
    for position, character, depth in depths(text, separators):
        if depth == 0 and character in separators:
            found.append(part_of(text, start, position))
            start = position + 1
    return [*found, part_of(text, start, len(text.value))]


def separated(text: Text) -> list[Text]:
    """The pieces between >, arrows, | and commas, and lines, of which empty ones count nothing."""
    plain = replace(text, value=blanked(text.value))
    found: list[Text] = []
    for line in cut(plain, "\n") if "\n" in plain.value else [bare(plain, 0, len(plain.value))]:
        if found_bullet := BULLET.match(line.value):
            line = bare(line, found_bullet.end(), len(line.value))
        if costs := COSTS.search(line.value):
            line = bare(line, 0, costs.start())
        if FORWARD.match(line.value):
            break  # what it does is not read: see `is_listed`
        if NO_LAYER.fullmatch(line.value):
            continue
        pieces = cut(bare(line, 0, len(line.value.rstrip(" \t;"))), ">,|;")
        if "\n" in plain.value:
            # A line may end with the separator of the next.
            pieces = pieces[not pieces[0].value : len(pieces) - (not pieces[-1].value)]
        for piece in pieces:
            chain = None if found else NETWORK.fullmatch(piece.value)
            found += numbers_of(bare(piece, *chain.span(1))) if chain else [piece]
    return found or [bare(text, 0, len(text.value))]


def blanked(text: str) -> str:
    """The text with > for arrows and spaces for comments; what is left keeps its place."""
    text = ARROW.sub(lambda arrow: ">".rjust(len(arrow[0])), text)
    return COMMENT.sub(lambda comment: " " * len(comment[0]), text) if "#" in text else text


def numbers_of(chain: Text) -> list[Text]:
    found = re.finditer(r"\d+", chain.value)
    return [part_of(chain, *number.span()) for number in found]


def tokens(text: Text) -> list[Text]:
    """The words between spaces."""
    return [piece for piece in cut(text, " \t\n") if piece.value]


def bracketed(text: Text) -> tuple[Text, Text | None]:
    """What stands before the first bracket, and what stands within it, if there is one."""
    start = text.value.find("(")
    if start < 0:
        return text, None
    within = inside_of(text, start)
    assert within is not None
    rest = part_of(text, within[1], len(text.value))
    if rest.value:
        message = f"expected a comma or > between two layers, not '{rest.value}'"
        raise Invalid.at(message, rest.place)
    return part_of(text, 0, start), within[0]


def inside_of(text: Text, start: int) -> tuple[Text, int] | None:
    """What stands within the bracket that opens there, and where it has been closed."""
    if text.value[start : start + 1] not in tuple(OPENING):
        return None
    found = depths(text)
    around = next(depth for i, _, depth in found if i == start)
    end = next(i for i, c, depth in found if i > start and c in CLOSING and depth == around)
    return bare(text, start + 1, end), end + 1


def bare(text: Text, start: int, end: int) -> Text:
    """The part without the spaces around it, and with its quotes."""
    part = text.value[start:end]
    start += len(part) - len(part.lstrip())
    return replace(text, value=part.strip(), place=text.at(start))


def depths(text: Text, separators: str = "") -> list[tuple[int, str, int]]:
    """Brackets and separators with their positions, and how many brackets stand around each."""
    found: list[tuple[int, str, int]] = []
    opened: list[tuple[int, str]] = []
    for match in marks(separators).finditer(text.value):
        position, character = match.start(), match[0]
        if character in OPENING:
            found.append((position, character, len(opened)))
            opened.append((position, CLOSING[OPENING.index(character)]))
            if len(opened) > MOST_NESTED:
                message = f"brackets may stand in one another up to {MOST_NESTED} deep"
                raise Invalid.at(f"{message}: name the inner layers as blocks", text.at(position))
            continue
        if character in CLOSING and (not opened or opened.pop()[1] != character):
            message = f"this '{character}' closes nothing: take it out, or open a bracket"
            raise Invalid.at(message, text.at(position))
        found.append((position, character, len(opened)))
    if opened:
        position, closing = opened[-1]
        message = f"this bracket is never closed: write '{closing}' after its layers"
        raise Invalid.at(message, text.at(position))
    return found


@cache
def marks(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(OPENING + CLOSING + separators)}]")
