"""Rows and columns for the two directions in which a graph can run.

A layout counts along the direction (layer after layer) and across it.  To the right, along is the
column and across the row; upwards, along is the row from the bottom and across the column.  Texts
are always written to the right, so that they take room along or across.
"""

from __future__ import annotations

from typing import TypeAlias

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import label_text
from mlcalc.showing.graphs.canvas import Canvas
from mlcalc.showing.graphs.model import Direction, Node, Wire

Tag: TypeAlias = tuple[str, str, str]
"""What is written at a wire: its label, the value above and the gradient below."""

ROLES = ("label", "curve-4", "curve-6")


def tag_of(item: Node | Wire, style: Style) -> Tag:
    label = item.label if isinstance(item, Wire) else ""
    return label_text(label, style), label_text(item.above, style), label_text(item.below, style)


class Grain(Record):
    """`length` is the extent along the direction, which upwards is needed to find the row."""

    direction: Direction
    length: int = 0

    @property
    def is_right(self) -> bool:
        return self.direction == "right"

    def cell(self, along: int, across: int) -> tuple[int, int]:
        return (across, along) if self.is_right else (self.length - 1 - along, across)

    # Room.

    def body(self, text: str, shape: str) -> tuple[int, int]:
        """The extents of a node along and across; a frame has its middle in a cell."""
        wide, high = columns(text), 1
        if shape != "none":
            wide, high = max(wide, 1) + 4, 3
            wide += 0 if self.is_right else 1 - wide % 2
        return (wide, high) if self.is_right else (high, wide)

    def tag_length(self, tag: Tag) -> int:
        """The room along the wire, with a space at both ends of a text beside it."""
        if not any(tag):
            return 0
        return max(map(columns, beside(tag))) + 2 if self.is_right else sum(map(bool, tag))

    def tag_reach(self, tag: Tag) -> tuple[int, int]:
        """The room on both sides of the wire."""
        if self.is_right:
            upper, lower = beside(tag)
            return int(bool(upper)), int(bool(lower))
        return 0, max(map(columns, tag)) + 2 if any(tag) else 0

    # Drawing.

    def run(self, canvas: Canvas, across: int, start: int, end: int) -> None:
        """A line along the direction."""
        (row, column), (last_row, last_column) = self.cell(start, across), self.cell(end, across)
        canvas.level(row, column, last_column)
        canvas.upright(column, row, last_row)

    def turn(self, canvas: Canvas, along: int, start: int, end: int) -> None:
        """A line across it."""
        (row, column), (last_row, last_column) = self.cell(along, start), self.cell(along, end)
        canvas.level(row, column, last_column)
        canvas.upright(column, row, last_row)

    def write(self, canvas: Canvas, tag: Tag, along: int, across: int) -> None:
        """Writes beside a wire, from that place on in the direction."""
        if self.is_right:
            at = along + 1
            for text, role in zip(tag[:2], ROLES[:2], strict=True):
                canvas.put(across - 1, at, text, role)
                at += columns(text) + bool(text)
            canvas.put(across + 1, along + 1, tag[2], ROLES[2])
            return
        texts = [(text, role) for text, role in zip(tag, ROLES, strict=True) if text]
        for n, (text, role) in enumerate(texts):
            row, column = self.cell(along + len(texts) - 1 - n, across)
            canvas.put(row, column + 2, text, role)


def beside(tag: Tag) -> tuple[str, str]:
    """The texts above and below a level wire."""
    label, above, below = tag
    return " ".join(filter(None, (label, above))), below
