"""Tables as lines of text: columns of equal width under a ruled header, cells that wrap.

A table that is too wide gives up width where there is most of it; one with more columns than a
line can hold is written row by row, so that nothing is ever cut off.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.printing.widths import wrapped as broken
from mlcalc.showing.derivation import Table
from mlcalc.showing.drawing import Line
from mlcalc.showing.prose import prose_text, wrapped

GAP = 2

# A column that is narrower than this shows no word whole.
NARROWEST_COLUMN = 6


def table_lines(table: Table, style: Style, width: int | None = None) -> list[Line]:
    """The lines of the table, at most `width` columns wide where a width is given."""
    cells = [[prose_text(cell, style) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    fitting = widths if width is None else narrowed(widths, width)
    lines = records(cells, width) if fitting is None else ruled(cells, fitting, style)
    caption = wrapped(table.caption, width or 10**6, style, "because")
    return [*lines, *caption]


def narrowed(widths: Sequence[int], width: int) -> list[int] | None:
    """The widths with the widest cut down until the sum fits, or None where none are left."""
    fitting = list(widths)
    excess = sum(fitting) + GAP * (len(fitting) - 1) - width
    while excess > 0:
        widest = max(range(len(fitting)), key=fitting.__getitem__)
        if fitting[widest] <= NARROWEST_COLUMN:
            return None
        fitting[widest] -= 1
        excess -= 1
    return fitting


def ruled(cells: Sequence[Sequence[str]], widths: Sequence[int], style: Style) -> list[Line]:
    lines: list[Line] = []
    for number, row in enumerate(cells):
        wraps = [broken(cell, room) for cell, room in zip(row, widths, strict=True)]
        role = "header" if number == 0 else "maths"
        for i in range(max(map(len, wraps), default=0)):
            texts = [wrap[i] if i < len(wrap) else "" for wrap in wraps]
            padded = [t + " " * (w - columns(t)) for t, w in zip(texts, widths, strict=True)]
            lines.append(((role, (" " * GAP).join(padded).rstrip()),))
        if number == 0:
            bar = "-" if style.ascii else "─"
            lines.append((("rule-line", (" " * GAP).join(bar * w for w in widths)),))
    return lines


def records(cells: Sequence[Sequence[str]], width: int | None) -> list[Line]:
    """Row by row, "header: cell" separated by semicolons."""
    header, *rows = cells
    lines: list[Line] = []
    for row in rows:
        text = "; ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True))
        lines += [(("maths", line),) for line in broken(text, width or 10**6)]
    return lines
