"""A network as a picture: boxes in a terminal, stacks of feature maps in an SVG file.

What keeps the shape, such as an activation or a norm, stands with the layer before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import Style, columns
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.maths.printing.widths import wrapped
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Shape
from mlcalc.networks.architectures.rows import signature
from mlcalc.networks.architectures.tracing import Entry, Trace
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Drawing, Line, Piece, escaped, label_text, line_width, svg_file

# Pixels of the SVG file.
LETTER, LINE, MARGIN, ROW = 6.6, 15, 16, 1120
TALLEST, SMALLEST, SHEET_GAP, MOST_SHEETS, BAR = 110.0, 10.0, 5, 8, 12
GAP = 34
INK, FILL, EDGE = "#222", "#DCE9F5", "#0072B2"


class Stage(Record):
    """One box: what is done, and the shape that it gives."""

    texts: tuple[str, ...]
    shape: Shape


class NetworkDrawing(Drawing):
    """The stages of a network from left to right, the input first."""

    stages: tuple[Stage, ...]
    title: str = ""

    def pieces(self, width: int, style: Style = DEFAULT) -> list[Line]:
        """Boxes with arrows between them, as many in a row as fit."""
        return list(box_rows(self.stages, width, style))

    def svg(self, style: Style = DEFAULT) -> str:
        return stages_svg(self, style)


def picture(trace: Trace) -> Picture:
    name, caption = trace.network.name, "each box shows the shape that it gives"
    stages = (Stage(("input",), trace.network.input), *stages_of(trace))
    return Picture(NetworkDrawing(stages, name), f"{name}: {caption}" if name else caption)


def stages_of(trace: Trace) -> Iterator[Stage]:
    """Layers and blocks, equal neighbours in one, with what keeps the shape beside them."""
    stage: Stage | None = None
    for _, group in groupby(trace.entries, key=signature):
        entries = list(group)
        entry, times = entries[0], len(entries)
        keeps = entry.layer is not None and not entry.layer.gives
        texts = tuple(
            f"{text} ×{times}" if times > 1 and not i else text
            for i, text in enumerate(texts_of(entry))
        )
        if stage is not None and keeps:
            stage = replace(stage, texts=(*stage.texts, *texts))
            continue
        if stage is not None:
            yield stage
        stage = Stage(texts, entry.after)
    if stage is not None:
        yield stage


def texts_of(entry: Entry) -> tuple[str, ...]:
    """What a box says: the layer, or the block with its branches where they are few."""
    head = " ".join(filter(None, (entry.kind, entry.text)))
    if entry.kind not in ("parallel", "residual"):
        return (head,)
    if entry.kind == "residual":
        body = [part for part in entry.parts if part.kind != "shortcut"]
        shortcut = [part for part in entry.parts if part.kind == "shortcut"]
        around = chained(shortcut[0].parts) if shortcut else entry.text or "identity"
        return "residual", f"F: {chained(body)}", f"+ {around}"
    return head, *(
        f"{number}: {chained(branch.parts)}" for number, branch in enumerate(entry.parts, 1)
    )


def chained(entries: Sequence[Entry]) -> str:
    shown = [" ".join(filter(None, (entry.kind, entry.text))) for entry in entries]
    return ", ".join(shown) or "identity"


# Characters.


def box_rows(stages: Sequence[Stage], width: int, style: Style) -> Iterator[Line]:
    arrow = " -> " if style.ascii else " → "
    boxes = [box(stage, width - len(arrow), style) for stage in stages]
    row: list[list[Line]] = []
    used = 0
    for drawn in boxes:
        wide = line_width(drawn[0])
        if row and used + len(arrow) + wide + len(arrow) > width:
            yield from side_by_side(row, arrow, is_last=False)
            row, used = [], 0
        used += wide + (len(arrow) if row else 0)
        row.append(drawn)
    yield from side_by_side(row, arrow, is_last=True)


def box(stage: Stage, width: int, style: Style) -> list[Line]:
    """The texts and the shape in a frame."""
    texts = [
        line
        for text in stage.texts
        for line in wrapped(label_text(text, style), max(width - 4, 10))
    ]
    shape = label_text(stage.shape, style)
    wide = max(map(columns, [*texts, shape]))
    corners, across, down = ("++++", "-", "|") if style.ascii else ("╭╮╰╯", "─", "│")
    bar = across * (wide + 2)

    def line(text: str, role: str) -> Line:
        padding = " " * (wide - columns(text))
        return (("axis", f"{down} "), (role, text + padding), ("axis", f" {down}"))

    return [
        (("axis", corners[0] + bar + corners[1]),),
        *(line(text, "picture") for text in texts),
        line(shape, "mark"),
        (("axis", corners[2] + bar + corners[3]),),
    ]


def side_by_side(row: Sequence[list[Line]], arrow: str, is_last: bool) -> Iterator[Line]:
    """The boxes of one row, each ending on the lowest line, with arrows at the shapes."""
    high = max(map(len, row), default=0)
    for number in range(high):
        pieces: list[Piece] = []
        for index, drawn in enumerate(row):
            offset = number - (high - len(drawn))
            blank: Line = (("axis", " " * line_width(drawn[0])),)
            pieces += drawn[offset] if offset >= 0 else blank
            if index < len(row) - 1 or not is_last:
                pieces.append(("axis", arrow if number == high - 2 else " " * len(arrow)))
        yield tuple(pieces)


# SVG.


def stages_svg(drawing: NetworkDrawing, style: Style) -> str:
    """Feature maps as stacked sheets, vectors as bars; sizes by their logarithm."""
    largest = max((side for stage in drawing.stages for side in sides(stage.shape)[1]), default=1.0)
    body: list[str] = []
    x, top, widest, lowest = float(MARGIN), float(MARGIN), 0.0, 0.0
    for number, stage in enumerate(drawing.stages):
        texts = [label_text(text, style) for text in stage.texts]
        shape = label_text(stage.shape, style)
        lines = [part for text in texts for part in wrapped(text, 26)]
        wide, drawn = figure(stage.shape, largest)
        room = max(wide, LETTER * max(map(columns, [*lines, shape])))
        if x > MARGIN and x + room > ROW:
            x, top = float(MARGIN), lowest + 2 * LINE
        middle = top + LINE + (TALLEST + MOST_SHEETS * SHEET_GAP) / 2
        body.append(words(x + room / 2, top + LINE * 0.8, shape, bold=True))
        left = x + (room - wide) / 2
        body.append(f'<g transform="translate({left:.1f} {middle:.1f})">{"".join(drawn)}</g>')
        base = top + LINE + TALLEST + MOST_SHEETS * SHEET_GAP + LINE
        for row, text in enumerate(lines):
            body.append(words(x + room / 2, base + LINE * row, text))
        lowest = max(lowest, base + LINE * len(lines))
        if number < len(drawing.stages) - 1:
            body.append(arrow(x + room + 5, middle, GAP - 10))
        x += room + GAP
        widest = max(widest, x - GAP)
    return svg_file(widest + MARGIN, lowest + MARGIN, body, drawing.title)


def sides(shape: Shape) -> tuple[float, list[float]]:
    """The channels and the sizes as numbers; a letter is drawn as 32."""
    sizes = [float(exact(size) or 32) for size in shape.sizes]
    channels = 1.0 if shape.channels is None else float(exact(shape.channels) or 32)
    return channels, sizes


def scaled(size: float, largest: float) -> float:
    share = math.log(size + 1) / math.log(largest + 1)
    return SMALLEST + (TALLEST - SMALLEST) * share


def figure(shape: Shape, largest: float) -> tuple[float, list[str]]:
    """The width and the elements of a stack or a bar, around the height 0."""
    channels, sizes = sides(shape)
    if shape.channels is None and len(sizes) == 1:
        high = scaled(sizes[0], largest)
        return float(BAR), [sheet(0, -high / 2, BAR, high)]
    high = scaled(sizes[-2] if len(sizes) > 1 else 1, largest)
    wide = scaled(sizes[-1], largest)
    count = min(1 + round(math.log2(channels)), MOST_SHEETS)
    spread = SHEET_GAP * (count - 1)
    drawn = [
        sheet(SHEET_GAP * i, -(high + spread) / 2 + SHEET_GAP * i, wide, high) for i in range(count)
    ]
    return wide + spread, drawn


def sheet(x: float, y: float, wide: float, high: float) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f'fill="{FILL}" stroke="{EDGE}"/>'
    )


def arrow(x: float, y: float, length: float) -> str:
    end = x + length
    return (
        f'<path d="M{x:.1f} {y:.1f}H{end:.1f}M{end - 5:.1f} {y - 4:.1f}L{end:.1f} {y:.1f}'
        f'L{end - 5:.1f} {y + 4:.1f}" fill="none" stroke="{INK}"/>'
    )


def words(x: float, y: float, text: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="12" fill="{INK}" '
        f'text-anchor="middle"{weight}>{escaped(text)}</text>'
    )
