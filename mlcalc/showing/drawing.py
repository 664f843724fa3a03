"""What a picture can be asked for: lines of characters that are not too wide, or an SVG file.

A plot looks different at 60 and at 120 columns, in ASCII and in colour, so a derivation holds a
`Drawing`, which is data, and the format that shows it asks for what it can show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from mlcalc.files.display import in_ascii, visible
from mlcalc.maths.printing import Style, columns, one_line
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr

Piece: TypeAlias = tuple[str, str]
"""A role, such as "answer" or "axis", and the text that plays it."""

Line: TypeAlias = tuple[Piece, ...]

Label: TypeAlias = "str | Expr"
"""Words in a drawing, or a formula such as θ̂ = 0.08."""

_ACCENTS = str.maketrans({"\u0302": "_hat", "\u0304": "_bar", "\u0303": "_tilde"})
_BOXES = str.maketrans("─━═│┃║┊╎╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝", "--=|||||" + "+" * 17)

_SIZES = re.compile(r'(?:width|height)="([\d.e+]+)"')

# Of the typewriter letters of an SVG file, in its pixels.
LETTER_WIDTH, LINE_HEIGHT, MARGIN = 8.4, 18, 12


class Drawing(Record):
    """A picture as data.  A new sort of drawing says how it looks in these two notations."""

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        """The lines in pieces that know their role; none is wider than `width` columns."""
        raise NotImplementedError

    def svg(self, style: Style = DEFAULT) -> str:
        """A whole SVG file, without anything that it would have to load."""
        raise NotImplementedError

    def lines(self, width: int, style: Style = DEFAULT) -> list[str]:
        """The lines as plain text."""
        return ["".join(text for _, text in line).rstrip() for line in self.pieces(width, style)]


class Lazy(Drawing):
    """A drawing that is made where it is asked for: few pictures are looked at."""

    def plot(self) -> Drawing:
        raise NotImplementedError

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        return self.plot().pieces(width, style)

    def svg(self, style: Style = DEFAULT) -> str:
        return self.plot().svg(style)


class Written(Drawing):
    """Ready-made lines, such as the drawing of a tree; they are as wide as they are."""

    texts: tuple[str, ...]

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        return [(("picture", label_text(text, style)),) for text in self.texts]

    def svg(self, style: Style = DEFAULT) -> str:
        shown = [visible(text) for text in self.texts]
        widest = max(map(columns, shown), default=0)
        body = [
            f'<text x="{MARGIN}" y="{MARGIN + LINE_HEIGHT * (row + 0.75):g}" '
            f'xml:space="preserve" style="font: 14px monospace">{escaped(text)}</text>'
            for row, text in enumerate(shown)
        ]
        height = 2 * MARGIN + LINE_HEIGHT * len(shown)
        return svg_file(2 * MARGIN + LETTER_WIDTH * widest, height, body)


def line_width(line: Line) -> int:
    """The columns that a line of pieces takes."""
    return sum(columns(text) for _, text in line)


def label_text(label: Label, style: Style) -> str:
    """The label in one line, harmless, and in ASCII where the style asks for it: theta_hat."""
    if isinstance(label, Expr):
        return visible(one_line(label, style))
    shown = visible(label)
    return in_ascii(shown.translate(_ACCENTS).translate(_BOXES)) if style.ascii else shown


def svg_file(width: float, height: float, body: Iterable[str], title: str = "") -> str:
    """The elements as a file of that size in pixels, on white, since many viewers show none."""
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            *([f"<title>{escaped(title)}</title>"] if title else []),
            f'<rect width="{width:g}" height="{height:g}" fill="white"/>',
            *body,
            "</svg>",
        ]
    )


def stacked_svg(drawings: Sequence[Drawing], style: Style = DEFAULT) -> str:
    """The drawings in one file, one below the other."""
    files = [drawing.svg(style) for drawing in drawings]
    if len(files) == 1:
        return files[0]
    body, widest, top = [], 0.0, 0.0
    for file in files:
        width, height = (float(size) for size in _SIZES.findall(file)[:2])
        body.append(file.replace("<svg ", f'<svg y="{top:g}" ', 1))
        widest, top = max(widest, width), top + height
    return svg_file(widest, top, body)


def escaped(text: str) -> str:
    """A text that holds no character with a meaning in XML."""
    from html import escape

    return escape(text)
