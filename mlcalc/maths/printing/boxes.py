"""Blocks of text lines that know which of their lines the neighbours stand on.

A box is to stacked maths what a string is to one-line maths: all of its lines have the same
width, and boxes are set side by side on their baselines or on top of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlcalc.maths.printing.widths import columns
from mlcalc.maths.records import Record


class Box(Record):
    """`lines`, each `width` columns wide; line number `baseline` is the one to align on."""

    lines: tuple[str, ...]
    width: int
    baseline: int = 0

    @classmethod
    def of(cls, text: str) -> Box:
        return cls((text,), columns(text))

    @classmethod
    def column(cls, lines: Sequence[str], baseline: int = 0) -> Box:
        """Lines of any width as a box, padded on the right."""
        width = max(map(columns, lines))
        return cls(tuple(line + " " * (width - columns(line)) for line in lines), width, baseline)

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def tall(self) -> bool:
        return len(self.lines) > 1

    @property
    def below(self) -> int:
        """How many lines hang below the baseline."""
        return len(self.lines) - 1 - self.baseline

    def centred(self, width: int) -> Box:
        left = (width - self.width) // 2
        return self.padded(left, width - self.width - left)

    def padded(self, left: int, right: int) -> Box:
        lines = tuple(" " * left + line + " " * right for line in self.lines)
        return Box(lines, left + self.width + right, self.baseline)

    def on(self, baseline: int) -> Box:
        """The same lines, aligned on another one."""
        return Box(self.lines, self.width, baseline)


def beside(boxes: Iterable[Box]) -> Box:
    """Boxes from left to right on one baseline."""
    row = [box for box in boxes if box.width]
    if not row:
        return Box.of("")
    above = max(box.baseline for box in row)
    height = above + max(box.below for box in row) + 1
    filled = [
        (" " * box.width,) * (above - box.baseline)
        + box.lines
        + (" " * box.width,) * (height - above - 1 - box.below)
        for box in row
    ]
    lines = tuple("".join(parts) for parts in zip(*filled, strict=True))
    return Box(lines, sum(box.width for box in row), above)


def above(boxes: Sequence[Box], baseline: int = 0) -> Box:
    """Boxes from top to bottom, left aligned; `baseline` counts in lines of the whole."""
    width = max(box.width for box in boxes)
    lines = (line for box in boxes for line in box.padded(0, width - box.width).lines)
    return Box(tuple(lines), width, baseline)


def below_bar(numerator: Box, denominator: Box, bar: str) -> Box:
    """A fraction; its bar is longer where a part is tall, to tell it from the inner ones."""
    longer = 2 if numerator.tall or denominator.tall else 0
    width = max(numerator.width, denominator.width) + longer
    lines = (numerator.centred(width), Box((bar * width,), width), denominator.centred(width))
    return above(lines, numerator.height)


# Tall brackets: top, middle, bottom, and the piece between (for braces the middle is the tip).
_SIDES = {
    "(": "⎛⎜⎝⎜", ")": "⎞⎟⎠⎟", "[": "⎡⎢⎣⎢", "]": "⎤⎥⎦⎥", "‖": "‖‖‖‖", "⌊": "⎢⎢⎣⎢", "⌋": "⎥⎥⎦⎥",
    "⌈": "⎡⎢⎢⎢", "⌉": "⎤⎥⎥⎥", "|": "││││", "{": "⎧⎨⎩⎪",
}  # fmt: skip
_ASCII_SIDES = {
    "(": "/|\\|", ")": "\\|/|", "[": "[[[[", "]": "]]]]", "|": "||||", "{": "/<\\|",
}  # fmt: skip


def side(bracket: str, height: int, ascii_only: bool) -> Box:
    """One bracket, as tall as what it holds."""
    if height == 1:
        return Box.of(bracket)
    top, middle, bottom, between = tuple((_ASCII_SIDES if ascii_only else _SIDES)[bracket])
    tip = height // 2 if height > 2 and middle != between else 0
    lines = [middle if tip and i == tip else between for i in range(height)]
    lines[0], lines[-1] = top, bottom
    return Box(tuple(lines), 1)


def fenced(inner: Box, kind: str, ascii_only: bool) -> Box:
    """The box between two brackets; `kind` names them, as in "()"."""
    left = side(kind[0], inner.height, ascii_only).on(inner.baseline)
    right = side(kind[1], inner.height, ascii_only).on(inner.baseline)
    return beside((left, inner, right))


def grid(rows: Sequence[Sequence[Box]], gap: int, right_aligned: bool) -> Box:
    """Boxes in rows and columns, aligned on the middle; tall rows are set apart."""
    widths = [max(box.width for box in column) for column in zip(*rows, strict=True)]
    lines: list[Box] = []
    apart = any(box.tall for row in rows for box in row)
    for row in rows:
        cells: list[Box] = []
        for box, width in zip(row, widths, strict=True):
            room = width - box.width
            cell = box.padded(room, 0) if right_aligned else box.centred(width)
            cells += [Box.of(" " * gap), cell] if cells else [cell]
        lines += [Box.of(" "), beside(cells)] if lines and apart else [beside(cells)]
    whole = above(lines)
    if len(rows) == 1:
        return whole.on(lines[0].baseline)
    return whole.on((whole.height - 1) // 2)
