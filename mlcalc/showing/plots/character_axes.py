"""The axes of a plot made of characters: ticks, numbers and labels around the area."""

from __future__ import annotations

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.printing.widths import wrapped
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import Line, Piece, label_text
from mlcalc.showing.plots.model import Plot
from mlcalc.showing.plots.scale import Axis, tick_labels, ticks


class Glyphs(Record):
    """The characters of which axes are made."""

    bar: str = "│"
    dash: str = "─"
    corner: str = "└"
    y_tick: str = "┤"
    x_tick: str = "┬"
    mark: str = "┊"
    crossing: str = "┴"
    flag: str = "╭"
    left_flag: str = "╮"
    dot: str = "◉"
    box: str = "┌┐└┘"


UNICODE = Glyphs()
ASCII = Glyphs("|", "-", "+", "+", "+", "|", "+", "+", "+", "@", "++++")


def texts(text: str, width: int) -> list[str]:
    return wrapped(text, width) if text else []


def dot_of(share: float, dots: int) -> int:
    """The dot, from 0 on, of a place between 0 and 1."""
    return round(max(0.0, min(1.0, share)) * (dots - 1))


def cell_of(share: float, cells: int) -> int:
    return dot_of(share, 2 * cells) // 2


def with_y_axis(
    rows: list[Line], y: Axis, ticked: list[tuple[float, str]], gutter: int, glyphs: Glyphs
) -> list[Line]:
    names = {dot_of(1 - y.at(value), 4 * len(rows)) // 4: name for value, name in ticked}
    found: list[Line] = []
    for number, row in enumerate(rows):
        name = names.get(number, "")
        lead = " " * (gutter - 1 - columns(name)) + name + " " if gutter else ""
        found.append((("axis", lead + (glyphs.y_tick if name else glyphs.bar)), *row))
    return found


def x_axis(
    plot: Plot, wide: int, left: int, width: int, x: Axis, style: Style, glyphs: Glyphs
) -> list[Line]:
    """The axis, the numbers below its ticks, and its label, beside them where there is room."""
    values, names, starts = x_ticks(x, wide, left, width, style)
    ticked = {cell_of(x.at(value), wide) for value in values}
    crossed = {
        cell_of(x.at(mark.x), wide) for mark in plot.marks if mark.y is None and x.shows(mark.x)
    }
    rule = "".join(
        glyphs.x_tick if c in ticked else glyphs.crossing if c in crossed else glyphs.dash
        for c in range(wide)
    )
    numbers = ""
    for name, start in zip(names, starts, strict=True):
        numbers += " " * (start - columns(numbers)) + name
    lines: list[Line] = [(("axis", " " * (left - 1) + glyphs.corner + rule),)]
    label = label_text(plot.x_label, style)
    gap = width - columns(numbers) - columns(label)
    if label and gap >= 2:
        return [*lines, (("axis", numbers + " " * gap), ("label", label))]
    lines.append((("axis", numbers),))
    for text in texts(label, width):
        lines.append((("label", " " * (width - columns(text)) + text),))
    return lines


def x_ticks(
    x: Axis, wide: int, left: int, width: int, style: Style
) -> tuple[list[float], list[str], list[int]]:
    """As many ticks as have room for their numbers: where they are, and where numbers begin."""
    for most in range(max(wide // 7, 3), 0, -1):
        values = ticks(x, most)
        names = tick_labels(values, style)
        starts, free = [], 0
        for value, name in zip(values, names, strict=True):
            middle = left + cell_of(x.at(value), wide) - (columns(name) - 1) // 2
            starts.append(min(max(middle, 0), width - columns(name)))
        for start, name in zip(starts, names, strict=True):
            if start < free:
                break
            free = start + columns(name) + 2
        else:
            return values, names, starts
    return [], [], []


def framed(rows: list[Line], wide: int, glyphs: Glyphs) -> list[Line]:
    top_left, top_right, low_left, low_right = tuple(glyphs.box)
    side: Piece = ("axis", glyphs.bar)
    edge = glyphs.dash * wide
    return [
        (("axis", top_left + edge + top_right),),
        *((side, *row, side) for row in rows),
        (("axis", low_left + edge + low_right),),
    ]
