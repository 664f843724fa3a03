"""A sheet of character cells on which lines are drawn by their arms.

Each cell knows in which of the four directions a line leaves it, and the character follows from
that: east and south give ╭.  Two lines that cross give ┼, and lines that are joined there ●.
"""

from __future__ import annotations

from itertools import groupby

from mlcalc.maths.printing import Style, columns
from mlcalc.showing.drawing import Line, Piece

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
UNICODE = " │─╰││╭├─╯─┴╮┤┬┼"
ASCII = " |-'||.+-'-'.+.+"
SHARP = {False: "┌┐└┘", True: "++++"}
TIPS = {False: "▶▲◀▼", True: ">^<v"}
RIGHT, UP, LEFT, DOWN = range(4)
CROSSING, JOINT = {False: "┼", True: "|"}, {False: "●", True: "+"}


class Canvas:
    """Cells by row and column; it grows to the right and down as it is written on."""

    def __init__(self, style: Style) -> None:
        self.ascii = style.ascii
        self.arms: dict[tuple[int, int], int] = {}
        self.joints: set[tuple[int, int]] = set()
        self.texts: dict[tuple[int, int], Piece] = {}

    def level(self, row: int, start: int, end: int) -> None:
        """A line from column to column."""
        start, end = sorted((start, end))
        for column in range(start, end):
            self.add(row, column, EAST)
            self.add(row, column + 1, WEST)

    def upright(self, column: int, start: int, end: int) -> None:
        """A line from row to row."""
        start, end = sorted((start, end))
        for row in range(start, end):
            self.add(row, column, SOUTH)
            self.add(row + 1, column, NORTH)

    def add(self, row: int, column: int, arms: int) -> None:
        self.arms[row, column] = self.arms.get((row, column), 0) | arms

    def join(self, row: int, column: int) -> None:
        """The lines that meet here are one; without this four arms are two lines that cross."""
        self.joints.add((row, column))

    def frame(self, top: int, left: int, bottom: int, right: int, *, is_sharp: bool) -> None:
        """A rectangle, whose corners are round if not sharp."""
        for row in (top, bottom):
            self.level(row, left, right)
        for column in (left, right):
            self.upright(column, top, bottom)
        if is_sharp:
            corners = (top, left), (top, right), (bottom, left), (bottom, right)
            for (row, column), corner in zip(corners, SHARP[self.ascii], strict=True):
                self.put(row, column, corner, "axis")

    def tip(self, row: int, column: int, way: int) -> None:
        """The tip of an arrow."""
        self.put(row, column, TIPS[self.ascii][way], "axis")

    def put(self, row: int, column: int, text: str, role: str) -> None:
        """Writes over whatever is there; a wide letter takes its neighbour's cell."""
        for letter in text:
            wide = columns(letter)
            if not wide:
                role, before = self.texts[row, column - 1]
                self.texts[row, column - 1] = role, before + letter
                continue
            self.texts[row, column] = role, letter
            if wide == 2:
                self.texts[row, column + 1] = role, ""
            column += wide

    def glyph(self, row: int, column: int) -> Piece:
        if (row, column) in self.texts:
            return self.texts[row, column]
        arms = self.arms.get((row, column), 0)
        if arms == NORTH + EAST + SOUTH + WEST:
            return "axis", (JOINT if (row, column) in self.joints else CROSSING)[self.ascii]
        return "axis", (ASCII if self.ascii else UNICODE)[arms]

    def lines(self) -> list[Line]:
        """The rows in runs of one role, without blanks at the end of each or empty ones on top."""
        widths: dict[int, int] = {}
        for row, column in [*self.arms, *self.texts]:
            widths[row] = max(widths.get(row, 0), column + 1)
        if not widths:
            return []
        found: list[Line] = []
        for row in range(min(widths), max(widths) + 1):
            pieces = [self.glyph(row, column) for column in range(widths.get(row, 0))]
            found.append(
                tuple(
                    (role, "".join(text for _, text in run))
                    for role, run in groupby(pieces, key=lambda piece: piece[0])
                )
            )
        return found
