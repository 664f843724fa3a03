"""Where labels go so that none hides another: flags above vertical lines, and the legend.

Both pictures use it, of characters and of SVG; lengths are in columns of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.printing.widths import wrapped
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import Label, Line, Piece, label_text
from mlcalc.showing.plots.model import Curve, Mark
from mlcalc.showing.plots.scale import Axis

TAGS = "123456789abcdefghijklmnopqrstuvwxyz"

Entry = tuple[Piece, str]
"""A sample and the text that says what it stands for."""


class Flag(Record):
    """A text beside the top of a line: in which column, how many rows above the picture."""

    column: int
    row: int
    text: str
    is_right: bool = True

    @property
    def start(self) -> int:
        """The first column of the text."""
        return self.column + 2 if self.is_right else self.column - 1 - columns(self.text)


def flags(marks: Sequence[tuple[int, str]], room: int) -> tuple[list[Flag], list[tuple[str, str]]]:
    """The flags of labels at columns 0 to room − 1, and tags with what they stand for.

    Where the texts do not fit beside their lines, each line has a tag of one letter instead.
    """
    merged: dict[int, str] = {}
    for column, text in sorted(marks, key=lambda mark: mark[0]):
        merged[column] = f"{merged[column]}, {text}" if column in merged else text
    items = list(merged.items())
    for order in (list(reversed(items)), items):
        found = beside(order, room)
        if found is not None:
            return found, []
    tags = [TAGS[number % len(TAGS)] for number in range(len(items))]
    placed = [Flag(column - 2, 0, tag) for (column, _), tag in zip(items, tags, strict=True)]
    return placed, [(tag, text) for tag, (_, text) in zip(tags, items, strict=True)]


def beside(items: Sequence[tuple[int, str]], room: int) -> list[Flag] | None:
    """Each text as low as it goes, in that order, with a free stem below it."""
    taken: set[tuple[int, int]] = set()
    placed: list[Flag] = []
    for column, text in items:
        choices = (Flag(column, row, text, r) for row in range(len(items)) for r in (True, False))
        for flag in choices:
            end = flag.start + columns(text)
            stem = {(row, column) for row in range(flag.row + 1)}
            cells = stem | {(flag.row, c) for c in range(flag.start - 1, end + 1)}
            if flag.start >= 0 and end <= room and not cells & taken:
                taken |= cells
                placed.append(flag)
                break
        else:
            return None
    return placed


def lines_at(marks: Iterable[Mark], x: Axis, style: Style) -> list[tuple[float, str]]:
    """The vertical lines and their labels; one that is outside stands at the edge and says so."""
    left, right = ("<- ", " ->") if style.ascii else ("← ", " →")
    found = []
    for mark in marks:
        if mark.y is not None or mark.x != mark.x:
            continue
        text = label_text(mark.label, style)
        if mark.x < x.low:
            found.append((0.0, left + text))
        elif mark.x > x.high:
            found.append((1.0, text + right))
        else:
            found.append((x.at(mark.x), text))
    return found


def unplaced(marks: Iterable[Mark], style: Style) -> list[str]:
    """The labels of marks that stand nowhere, which are read in the legend all the same."""
    return [
        label_text(mark.label, style)
        for mark in marks
        if mark.x != mark.x or (mark.y is not None and mark.y != mark.y)
    ]


def curve_text(curve: Curve, is_seen: bool, style: Style) -> str:
    """What the legend says of a curve."""
    text = label_text(curve.label, style)
    return text if is_seen or not text else f"{text} (outside)"


def legend(entries: Sequence[tuple[Piece, Label]], width: int, style: Style) -> list[Line]:
    """Samples with their labels, as many on a line as fit."""
    lines: list[Line] = []
    line: list[Piece] = []
    used = 0
    for (role, sample), label in entries:
        text = label_text(label, style)
        if not text:
            continue
        lead = columns(sample) + 1
        needed = lead + columns(text)
        if line and used + 3 + needed > width:
            lines.append(tuple(line))
            line, used = [], 0
        if line:
            line.append(("axis", "   "))
            used += 3
        first, *rest = wrapped(text, max(width - lead, 1))
        line += [(role, sample), ("label", f" {first}")]
        used += needed
        for more in rest:
            lines.append(tuple(line))
            line, used = [("label", " " * lead + more)], width
    return [*lines, tuple(line)] if line else lines
