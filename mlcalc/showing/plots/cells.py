"""A grid of values with one window framed: the padded input and what lies under the kernel."""

from __future__ import annotations

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.showing.drawing import Drawing, Label, Line, escaped, label_text, svg_file

FRAME, PADDING = "#D55E00", "#F0F0F0"
SIDE, PAD, TITLE = 40, 12, 24
GAP = 2


class Cells(Drawing):
    """Rows of values; `marked` are the cells of the window, `margin` those of the padding.

    A cell is (row, column) from 0.  What is marked is put in brackets, as [3].
    """

    rows: tuple[tuple[Label, ...], ...]
    marked: frozenset[tuple[int, int]]
    margin: frozenset[tuple[int, int]] = frozenset()
    title: Label = ""

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        texts = [[label_text(cell, style) for cell in row] for row in self.rows]
        wide = max((columns(text) for row in texts for text in row), default=1) + GAP
        shown = max((width - GAP) // wide, 1)
        lines: list[Line] = [(("label", label_text(self.title, style)),)] if self.title else []
        for number, row in enumerate(texts):
            line: list[tuple[str, str]] = []
            for column, text in enumerate(row[:shown]):
                is_marked = (number, column) in self.marked
                body = f"[{text}]" if is_marked else f" {text} "
                role = "axis" if (number, column) in self.margin else "picture"
                line.append(
                    ("answer" if is_marked else role, " " * (wide - len(text) - GAP) + body)
                )
            if len(row) > shown:
                line.append(("axis", " …" if not style.ascii else " .."))
            lines.append(tuple(line))
        return lines

    def svg(self, style: Style = DEFAULT) -> str:
        title = label_text(self.title, style)
        top = PAD + (TITLE if title else 0)
        body = [f'<text x="{PAD}" y="{PAD + 14}" font-family="sans-serif">{escaped(title)}</text>']
        body = body if title else []
        frames = []
        for number, row in enumerate(self.rows):
            for column, cell in enumerate(row):
                x, y = PAD + SIDE * column, top + SIDE * number
                fill = PADDING if (number, column) in self.margin else "white"
                box = f'x="{x}" y="{y}" width="{SIDE}" height="{SIDE}"'
                body.append(f'<rect {box} fill="{fill}" stroke="#BBB"/>')
                if (number, column) in self.marked:
                    frames.append(f'<rect {box} fill="none" stroke="{FRAME}" stroke-width="3"/>')
                body.append(
                    f'<text x="{x + SIDE / 2:g}" y="{y + SIDE / 2 + 5:g}" text-anchor="middle" '
                    f'font-family="sans-serif" font-size="13">'
                    f"{escaped(label_text(cell, style))}</text>"
                )
        wide = max((len(row) for row in self.rows), default=0)
        width = max(2 * PAD + SIDE * wide, 2 * PAD + 8 * len(title))
        return svg_file(width, top + SIDE * len(self.rows) + PAD, [*body, *frames], title)
