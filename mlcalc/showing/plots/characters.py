"""A plot as lines of characters.

With Unicode a curve is drawn in Braille dots, eight to a cell, and each has its own dashes; in
ASCII each has its own letter.  So curves are told apart without colour, and where two coincide
their cells alternate.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mlcalc.maths.printing import Style, columns
from mlcalc.showing.drawing import Line, Piece, label_text
from mlcalc.showing.plots.character_axes import (
    ASCII,
    UNICODE,
    Glyphs,
    cell_of,
    dot_of,
    framed,
    texts,
    with_y_axis,
    x_axis,
)
from mlcalc.showing.plots.labels import curve_text, flags, legend, lines_at, unplaced
from mlcalc.showing.plots.model import Plot
from mlcalc.showing.plots.scale import Axis, Point, strokes, tick_labels, ticks

LETTERS = "*o+x#%&$"
SIGNS = {False: "●○▲△■□◆◇", True: "OXAVSBDQ"}
SHADES = {False: "·░∴▒", True: ".:',"}
COLOURS = 6
"""Roles go from curve-1 to this number and begin anew."""

# Dots that are drawn and left out, in turn.
DASHES = ((1, 0), (6, 4), (1, 2), (6, 3, 1, 3), (12, 5), (3, 3))
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
BRAILLE = 0x2800

EMPTY: Piece = ("axis", " ")

# An area that is narrower has no room for the labels of the y axis.
NARROWEST = 24


class Area:
    """The cells between the axes, each with a role and a character."""

    def __init__(self, wide: int, high: int) -> None:
        self.wide, self.high = wide, high
        self.cells: list[list[Piece]] = [[EMPTY] * wide for _ in range(high)]

    def put(self, row: int, column: int, role: str, text: str) -> None:
        """Writes into cells; a wide letter takes its neighbour's."""
        for letter in text:
            taken = columns(letter)
            if not taken:
                role_before, before = self.cells[row][column - 1]
                self.cells[row][column - 1] = (role_before, before + letter)
                continue
            self.cells[row][column] = (role, letter)
            if taken == 2:
                self.cells[row][column + 1] = (role, "")
            column += taken

    def is_free(self, row: int, column: int) -> bool:
        return self.cells[row][column] == EMPTY

    def rows(self) -> Iterator[Line]:
        for cells in self.cells:
            yield tuple(
                (role, "".join(text for _, text in run)) for role, run in groupby(cells, key=first)
            )


def first(piece: Piece) -> str:
    return piece[0]


def role_of(number: int) -> str:
    return f"curve-{number % COLOURS + 1}"


def plot_lines(plot: Plot, width: int, style: Style) -> list[Line]:
    """The whole picture, at most `width` columns wide."""
    glyphs = ASCII if style.ascii else UNICODE
    room = width - 2 if width >= 8 and not plot.axes else width
    # The shape is known when the width of the labels is; a gutter of six columns comes near.
    x, y = plot.frame((room - (6 if plot.axes else 0)) / plot.height / 2)
    values = ticks(y, max(plot.height // 4, 2)) if plot.axes and width >= NARROWEST else []
    names = tick_labels(values, style)
    gutter = max(map(columns, names), default=-1) + 1
    if not plot.axes:
        gutter = 0
    elif gutter > width // 2:
        names, values, gutter = [], [], 0
    left = gutter + 1 if plot.axes or room < width else 0
    area = Area(max(width - left - (room < width), 1), max(plot.height, 1))
    flagged, tags = marked(plot, area, x, style, glyphs)
    entries: list[tuple[Piece, str]] = []
    entries += draw(plot, area, x, y, style)
    entries += scatter(plot, area, x, y, style)
    tags += points_marked(plot, area, x, y, style, glyphs)
    shade(plot, area, x, y, style)
    for number, shaded in enumerate(plot.regions):
        sample = SHADES[style.ascii][number % len(SHADES[style.ascii])] * 2
        entries.append(((role_of(number), sample), label_text(shaded.label, style)))
    entries += [(("mark", tag), text) for tag, text in tags]
    entries += [(("mark", "?"), text) for text in unplaced(plot.marks, style)]
    rows = list(area.rows())
    if plot.axes:
        rows = with_y_axis(rows, y, list(zip(values, names, strict=True)), gutter, glyphs)
    elif left:
        rows = framed(rows, area.wide, glyphs)
    margin: Line = (("axis", " " * left),) if left else ()
    head = [((role, text),) for label, role in ((plot.title, "header"), (plot.y_label, "label"))
            for text in texts(label_text(label, style), width)]  # fmt: skip
    below = x_axis(plot, area.wide, left, width, x, style, glyphs) if plot.axes else []
    return [
        *head,
        *((*margin, *line) for line in flagged),
        *rows,
        *below,
        *legend(entries, width, style),
    ]


def marked(
    plot: Plot, area: Area, x: Axis, style: Style, glyphs: Glyphs
) -> tuple[list[Line], list[tuple[str, str]]]:
    """Draws the vertical lines; the rows of labels above the area, and tags for the legend."""
    at = lines_at(plot.marks, x, style)
    for mark in plot.marks:
        if mark.y is None and x.shows(mark.x):
            for row in range(area.high):
                area.put(row, cell_of(x.at(mark.x), area.wide), "mark", glyphs.mark)
    placed, tags = flags([(cell_of(share, area.wide), text) for share, text in at], area.wide)
    above = Area(area.wide, max((flag.row for flag in placed), default=-1) + 1)
    for flag in placed:
        row = above.high - 1 - flag.row
        if tags:
            above.put(row, flag.start, "mark", flag.text)
            continue
        above.put(row, flag.column, "mark", glyphs.flag if flag.is_right else glyphs.left_flag)
        above.put(row, flag.start, "mark", flag.text)
        for under in range(row + 1, above.high):
            above.put(under, flag.column, "mark", glyphs.mark)
    return list(above.rows()), tags


def shade(plot: Plot, area: Area, x: Axis, y: Axis, style: Style) -> None:
    shades = SHADES[style.ascii]
    for row in range(area.high):
        vertical = y.low + (1 - (row + 0.5) / area.high) * y.length
        for column in range(area.wide):
            horizontal = x.low + (column + 0.5) / area.wide * x.length
            for number, shaded in enumerate(plot.regions):
                if area.is_free(row, column) and shaded.holds(horizontal, vertical):
                    area.put(row, column, role_of(number), shades[number % len(shades)])


def draw(plot: Plot, area: Area, x: Axis, y: Axis, style: Style) -> list[tuple[Piece, str]]:
    """Draws the curves; their entries in the legend."""
    wide, high = (1, 1) if style.ascii else (2, 4)
    owners: dict[tuple[int, int], list[int]] = {}
    bits: dict[tuple[int, int], int] = {}
    entries = []
    for number, curve in enumerate(plot.curves):
        dashes = DASHES[0] if style.ascii else DASHES[number % len(DASHES)]
        lines = list(strokes(curve.points, x, y))
        for column, row in dots(lines, area, wide, high, dashes):
            cell = (row // high, column // wide)
            bits[cell] = bits.get(cell, 0) | DOTS[row % high][column % wide]
            if number not in owners.setdefault(cell, []):
                owners[cell].append(number)
        letter = LETTERS[number % len(LETTERS)] if style.ascii else ""
        sample = letter * 3 or sample_of(dashes)
        role = role_of(plot.first_colour + number)
        entries.append(((role, sample), curve_text(curve, bool(lines), style)))
    for (row, column), who in owners.items():
        number = who[column % len(who)]
        letter = LETTERS[number % len(LETTERS)] if style.ascii else chr(BRAILLE + bits[row, column])
        area.put(row, column, role_of(plot.first_colour + number), letter)
    return entries


def dots(
    lines: list[tuple[Point, Point]], area: Area, wide: int, high: int, dashes: tuple[int, ...]
) -> Iterator[tuple[int, int]]:
    """The dots of a curve, column and row from the top; dashes run on from piece to piece."""
    drawn = [is_on for n, length in enumerate(dashes) for is_on in [n % 2 == 0] * length]
    walked, before = -1, None
    for (x0, y0), (x1, y1) in lines:
        # Coarser dots are found by way of the fine ones, so that cells and ticks agree.
        start, end = (
            (dot_of(x, 2 * area.wide) * wide // 2, dot_of(1 - y, 4 * area.high) * high // 4)
            for x, y in ((x0, y0), (x1, y1))
        )
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for step in range(steps + 1):
            dot = tuple(round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            if dot == before:
                continue
            walked, before = walked + 1, dot
            if drawn[walked % len(drawn)]:
                yield dot[0], dot[1]


def sample_of(dashes: tuple[int, ...]) -> str:
    """Four cells of a level line, for the legend."""
    area = Area(4, 1)
    cells = [0] * area.wide
    for column, row in dots([((0.0, 0.4), (1.0, 0.4))], area, 2, 4, dashes):
        cells[column // 2] |= DOTS[row][column % 2]
    return "".join(chr(BRAILLE + bits) if bits else " " for bits in cells)


def scatter(plot: Plot, area: Area, x: Axis, y: Axis, style: Style) -> list[tuple[Piece, str]]:
    """Draws the sets of points; their entries in the legend."""
    signs = SIGNS[style.ascii]
    entries = []
    for number, group in enumerate(plot.points):
        sign, role = signs[number % len(signs)], role_of(number)
        for horizontal, vertical in group.points:
            if x.shows(horizontal) and y.shows(vertical):
                row, column = place(horizontal, vertical, area, x, y)
                area.put(row, column, role, sign)
        entries.append(((role, sign), label_text(group.label, style)))
    return entries


def place(horizontal: float, vertical: float, area: Area, x: Axis, y: Axis) -> tuple[int, int]:
    row = dot_of(1 - y.at(vertical), 4 * area.high) // 4
    return row, cell_of(x.at(horizontal), area.wide)


def points_marked(
    plot: Plot, area: Area, x: Axis, y: Axis, style: Style, glyphs: Glyphs
) -> list[tuple[str, str]]:
    """Draws the labelled points, each with its label where least is hidden by it.

    A point whose label has no room, or that is outside, is a capital that the legend explains.
    """
    tags: list[tuple[str, str]] = []
    taken: set[tuple[int, int]] = set()
    shown = [m for m in plot.marks if m.y is not None and m.x == m.x and m.y == m.y]
    spots = [place(mark.x, mark.y, area, x, y) for mark in shown if mark.y is not None]
    taken.update(spots)
    for mark, (row, column) in zip(shown, spots, strict=True):
        text = label_text(mark.label, style)
        length = columns(text)
        starts = [
            (r, c)
            for r in (row, row - 1, row + 1)
            for c in (column + 2, column - 1 - length)
            if 0 <= r < area.high and c >= 0 and c + length <= area.wide
            if not any((r, k) in taken for k in range(c, c + length))
        ]
        is_inside = mark.y is not None and x.shows(mark.x) and y.shows(mark.y)
        if not starts or not is_inside:
            tag = chr(ord("A") + len(tags) % 26)
            area.put(row, column, "mark", tag)
            tags.append((tag, text if is_inside else f"{text} (outside)"))
            continue

        def hidden(start: tuple[int, int], length: int = length) -> int:
            r, c = start
            return sum(not area.is_free(r, k) for k in range(c, c + length))

        best = min(starts, key=hidden)
        area.put(*best, "mark", text)
        taken |= {(best[0], k) for k in range(best[1] - 1, best[1] + length + 1)}
        area.put(row, column, "mark", glyphs.dot)
    return tags
