"""A line of layers cut into its pieces, each of which knows where it stands.

Separators within brackets belong to what is in the brackets: `residual(conv 64 k3 > relu)`.
"""

from __future__ import annotations

import re
from functools import cache

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of

OPENING, CLOSING = "([{", ")]}"
MOST_NESTED = 20
"""Brackets within brackets: no network of a paper has more than four."""


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
    """The pieces between > and commas, and lines, of which empty ones count for nothing."""
    found: list[Text] = []
    for piece in cut(text, ">,"):
        # A piece between separators has no bracket open.
        is_one = "\n" not in piece.value
        lines = [part_of(piece, 0, len(piece.value))] if is_one else cut(piece, "\n")
        found += [line for line in lines if line.value] or [piece]
    return found


def tokens(text: Text) -> list[Text]:
    """The words between spaces."""
    return [piece for piece in cut(text, " \t\n") if piece.value]


def bracketed(text: Text) -> tuple[Text, Text | None]:
    """What stands before the first bracket, and what stands within it, if there is one."""
    start = text.value.find("(")
    if start < 0:
        return text, None
    end = next(i for i, c, depth in depths(text) if i > start and c == ")" and depth == 0)
    rest = part_of(text, end + 1, len(text.value))
    if rest.value:
        message = f"expected a comma or > between two layers, not '{rest.value}'"
        raise Invalid.at(message, rest.place)
    return part_of(text, 0, start), part_of(text, start + 1, end)


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
