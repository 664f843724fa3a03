"""Reads a drawing of characters back into a graph, as an eye does that follows the lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

NORTH, EAST, SOUTH, WEST = (-1, 0), (0, 1), (1, 0), (0, -1)
Cell = tuple[int, int]

ARMS = {
    "│": {NORTH, SOUTH}, "─": {EAST, WEST}, "╭": {EAST, SOUTH}, "╮": {WEST, SOUTH},
    "╰": {EAST, NORTH}, "╯": {WEST, NORTH}, "├": {NORTH, SOUTH, EAST}, "┤": {NORTH, SOUTH, WEST},
    "┬": {EAST, WEST, SOUTH}, "┴": {EAST, WEST, NORTH}, "┼": {NORTH, EAST, SOUTH, WEST},
    "●": {NORTH, EAST, SOUTH, WEST}, "┌": set(), "┐": set(), "└": set(), "┘": set(),
}  # fmt: skip
HEADS = {"▶": EAST, "▲": NORTH, "◀": WEST, "▼": SOUTH}


def opposite(way: Cell) -> Cell:
    return -way[0], -way[1]


class Characters:
    """The cells of a drawing; what lies outside is blank."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.cells = {(r, c): mark for r, line in enumerate(lines) for c, mark in enumerate(line)}

    def __getitem__(self, cell: Cell) -> str:
        return self.cells.get(cell, " ")

    def find(self, word: str) -> Cell:
        """Where a word stands that occurs once, between blanks or frames."""
        whole = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")
        found = [
            (row, match.start())
            for row, line in enumerate(self.lines)
            for match in whole.finditer(line)
        ]
        assert len(found) == 1, (word, found)
        return found[0]

    def frame(self, word: str) -> set[Cell]:
        """The cells of the frame around a word: from each side to the nearest corner."""
        row, column = self.find(word)
        left = next(c for c in range(column, -1, -1) if self[row, c] in "│├┤")
        right = next(c for c in range(column, 999) if self[row, c] in "│├┤")
        top = next(r for r in range(row, -1, -1) if self[r, left] in "╭┌")
        bottom = next(r for r in range(row, 999) if self[r, left] in "╰└")
        edge = {(r, c) for r in (top, bottom) for c in range(left, right + 1)}
        return edge | {(r, c) for c in (left, right) for r in range(top, bottom + 1)}


def wires_of(lines: Sequence[str], words: dict[str, str]) -> Counter[tuple[str, str]]:
    """How many arrows lead from each framed word to each other, by the keys of `words`."""
    drawn = Characters(lines)
    frames = {key: drawn.frame(word) for key, word in words.items()}
    owner = {cell: key for key, cells in frames.items() for cell in cells}
    found: Counter[tuple[str, str]] = Counter()
    for key, cells in frames.items():
        row, right = drawn.find(words[key])[0], max(c for _, c in cells)
        top = min(r for r, _ in cells)
        starts = [(cell, EAST) for cell in cells if cell[1] == right and drawn[cell] == "├"]
        starts += [(cell, NORTH) for cell in cells if cell[0] == top and drawn[cell] == "┴"]
        assert all(cell[0] == row or way == NORTH for cell, way in starts)
        for tip in followed(drawn, starts):
            found[key, owner[tip]] += 1
    return found


def followed(drawn: Characters, starts: Sequence[tuple[Cell, Cell]]) -> list[Cell]:
    """The cells at which the tips of the arrows point that begin here."""
    pending, seen, tips = list(starts), set(starts), []
    while pending:
        (row, column), way = pending.pop()
        cell = row + way[0], column + way[1]
        mark = drawn[cell]
        if mark in HEADS:
            if HEADS[mark] == way:
                tips.append((cell[0] + way[0], cell[1] + way[1]))
            continue
        arms = ARMS.get(mark, set())
        if opposite(way) not in arms:
            continue
        ways = {way} if mark == "┼" else arms - {opposite(way)}
        for onward in ways:
            if (cell, onward) not in seen:
                seen.add((cell, onward))
                pending.append((cell, onward))
    return tips


def lanes_of(lines: Sequence[str], words: dict[str, str]) -> set[tuple[str, str]]:
    """Which node leads to which, in a drawing with a node a line.

    From a lane a line may turn aside to a node; on its way there it passes other lanes.
    """
    drawn = Characters(lines)
    discs = {}
    for key, word in words.items():
        row = drawn.find(word)[0]
        discs[next(c for c in drawn.cells if c[0] == row and drawn[c] == "○")] = key
    found = set()
    for start, key in discs.items():
        pending, seen = [(start, SOUTH)], set()
        while pending:
            (row, column), way = pending.pop()
            cell = row + way[0], column + way[1]
            mark = drawn[cell]
            if mark == "○":
                found.add((key, discs[cell]))
                continue
            arms = ARMS.get(mark, set())
            if opposite(way) not in arms:
                continue
            is_level = way in (EAST, WEST)
            ways = arms & {way} if is_level or mark == "┼" else arms - {opposite(way)}
            for onward in ways - {NORTH}:
                if (cell, onward) not in seen:
                    seen.add((cell, onward))
                    pending.append((cell, onward))
    return found
