"""Small plots side by side: each labeling of a point set, each step of an iteration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlcalc.maths.printing import Style
from mlcalc.showing.drawing import Line, label_text, line_width, svg_file

if TYPE_CHECKING:
    from mlcalc.showing.plots.model import Plot

GAP = 2
SVG_WIDTH = 800


def panel_lines(plots: Sequence[Plot], width: int, style: Style) -> list[Line]:
    """The plots row by row, each row as high as its highest."""
    drawn = [plot.pieces(width, style) for plot in plots]
    wide = max((line_width(line) for lines in drawn for line in lines), default=0)
    a_row = max((width + GAP) // (wide + GAP), 1)
    found: list[Line] = []
    for start in range(0, len(drawn), a_row):
        row = drawn[start : start + a_row]
        found += [()] if found else []
        for number in range(max(map(len, row))):
            line: Line = ()
            for lines in row:
                piece = lines[number] if number < len(lines) else ()
                blank = (wide - line_width(piece)) + (GAP if lines is not row[-1] else 0)
                line = (*line, *piece, ("axis", " " * blank))
            found.append(line)
    return found


def panels_svg(plots: Sequence[Plot], style: Style) -> str:
    """One file, each plot moved to its place in it."""
    from mlcalc.showing.plots.svg import elements

    drawn = [elements(plot, style) for plot in plots]
    wide = max((width for width, _, _ in drawn), default=0.0)
    high = max((height for _, height, _ in drawn), default=0.0)
    a_row = max(int(SVG_WIDTH // wide), 1) if wide else 1
    body = []
    for number, (_, _, parts) in enumerate(drawn):
        row, column = divmod(number, a_row)
        inside = "\n".join(parts)
        body.append(f'<g transform="translate({column * wide:g} {row * high:g})">\n{inside}\n</g>')
    rows = -(-len(drawn) // a_row)
    titles = ", ".join(filter(None, (label_text(plot.title, style) for plot in plots)))
    return svg_file(min(a_row, len(drawn)) * wide, rows * high, body, titles)
