"""A plot as a file of scalable vector graphics that needs nothing beside itself.

Curves differ in colour (Okabe and Ito's, which the colour-blind tell apart) and in dashes, sets
of points in shape, so that a black-and-white print can be read too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.maths.printing import Style, columns
from mlcalc.maths.records import Record
from mlcalc.showing.drawing import escaped, label_text, svg_file
from mlcalc.showing.plots.labels import Flag, curve_text, flags, lines_at, unplaced
from mlcalc.showing.plots.model import Plot
from mlcalc.showing.plots.scale import Axis, strokes, tick_labels, ticks

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A6D00", "#3B8EBF")
DASHES = ("", "8 4", "2 3", "9 3 2 3", "14 5", "5 5")
SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z", "M-4-4H4V4H-4Z", "M0-5L5 4H-5Z", "M0-5L5 0L0 5L-5 0Z",
    "M-4-4L4 4M-4 4L4-4", "M0-5V5M-5 0H5",
)  # fmt: skip
INK, FAINT = "#222", "#E4E4E4"

# Pixels; a letter's width is that of a rather wide font, since the reader's is not known.
WIDTH, HEIGHT, PANEL = 640, 360, 170
LETTER, LINE, PAD = 7.4, 18, 12


class Canvas(Record):
    """The rectangle between the axes in pixels, and what its sides mean."""

    left: float
    top: float
    wide: float
    high: float
    x: Axis
    y: Axis

    def across(self, share: float) -> float:
        return self.left + share * self.wide

    def down(self, share: float) -> float:
        return self.top + (1 - share) * self.high

    @property
    def bottom(self) -> float:
        return self.top + self.high


def plot_svg(plot: Plot, style: Style) -> str:
    """The file."""
    width, height, body = elements(plot, style)
    return svg_file(width, height, body, label_text(plot.title or plot.x_label, style))


def elements(plot: Plot, style: Style) -> tuple[float, float, list[str]]:
    """Width, height and elements of the plot, for a file of its own or a panel of one."""
    wide, high = (WIDTH, HEIGHT) if plot.axes else (PANEL, PANEL)
    x, y = plot.frame(wide / high)
    values = ticks(y, 6) if plot.axes else []
    names = tick_labels(values, style)
    left = PAD + (LETTER * max(map(columns, names), default=0) + 8 if plot.axes else 0)
    at = lines_at(plot.marks, x, style)
    placed, tags = flags([(round(s * wide / LETTER), text) for s, text in at], int(wide / LETTER))
    head = [label_text(label, style) for label in (plot.title, plot.y_label)]
    rows = sum(map(bool, head)) + max((flag.row + 1 for flag in placed), default=0)
    gap = 6 if plot.axes and any(head) else 0
    canvas = Canvas(left, PAD + LINE * rows + gap, wide, high, x, y)
    body: list[str] = []
    for number, text in enumerate(filter(None, head)):
        weight = "bold" if text == head[0] else "normal"
        body.append(letters(PAD, PAD + LINE * (number + 0.75), text, weight=weight))
    for number, shaded in enumerate(plot.regions):
        for box in shaded.boxes:
            body += box_svg(box, canvas, COLOURS[number % len(COLOURS)])
    if plot.axes:
        body += axes_svg(plot, canvas, list(zip(values, names, strict=True)), style)
    body.append(
        f'<rect x="{canvas.left:g}" y="{canvas.top:g}" width="{wide}" height="{high}" '
        f'fill="none" stroke="{INK}"/>'
    )
    paths = []
    for number, curve in enumerate(plot.curves):
        path = path_of([*strokes(curve.points, x, y)], canvas)
        paths.append(path)
        if path:
            body.append(line_svg(path, number, plot.first_colour))
    for (share, _), top in zip(at, tops(at, placed, canvas), strict=True):
        body.append(
            f'<path d="M{canvas.across(share):.2f} {canvas.bottom:g}V{top:g}" '
            f'stroke="{INK}" stroke-dasharray="3 3" fill="none"/>'
        )
    for flag in placed:
        pixel = canvas.across(min(flag.column * LETTER / wide, 1))
        anchor = "start" if flag.is_right else "end"
        shift = (5 if flag.is_right else -5) if not tags else 2 * LETTER
        down = canvas.top - LINE * flag.row - 5
        body.append(letters(pixel + shift, down, flag.text, anchor))
    for number, group in enumerate(plot.points):
        for horizontal, vertical in group.points:
            if x.shows(horizontal) and y.shows(vertical):
                spot = canvas.across(x.at(horizontal)), canvas.down(y.at(vertical))
                body.append(shape_svg(*spot, number))
    body += marked_points(plot, canvas, style)
    keys = [key for key in legend_svg(plot, paths, tags, style) if key[2]]
    below = canvas.bottom + PAD + (2 * LINE if plot.axes else 0)
    width = max(canvas.left + wide + PAD, *(PAD * 2 + 40 + LETTER * n for n, _, _ in keys), 0.0)
    for row, (_, sample, text) in enumerate(keys):
        middle = below + LINE * (row + 0.5)
        body.append(f'<g transform="translate({PAD + 16:g} {middle:g})">{sample}</g>')
        body.append(letters(PAD + 40, middle + 4.5, text))
    return width, below + LINE * len(keys) + (PAD if keys else 0), body


def letters(x: float, y: float, text: str, anchor: str = "start", weight: str = "normal") -> str:
    look = "" if weight == "normal" else f' font-weight="{weight}"'
    look += "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="sans-serif" font-size="13" '
        f'fill="{INK}"{look}>{escaped(text)}</text>'
    )


def axes_svg(
    plot: Plot, canvas: Canvas, y_ticks: Sequence[tuple[float, str]], style: Style
) -> Iterator[str]:
    """Faint lines at the ticks, their numbers, and the label below."""
    for value, name in y_ticks:
        down = canvas.down(canvas.y.at(value))
        yield f'<path d="M{canvas.left:g} {down:.2f}h{canvas.wide:g}" stroke="{FAINT}"/>'
        yield letters(canvas.left - 6, down + 4.5, name, "end")
    for most in (8, 6, 4, 2, 1):
        values = ticks(canvas.x, most)
        names = tick_labels(values, style)
        if sum(columns(name) + 2 for name in names) * LETTER <= canvas.wide:
            break
    for value, name in zip(values, names, strict=True):
        pixel = canvas.across(canvas.x.at(value))
        yield f'<path d="M{pixel:.2f} {canvas.top:g}v{canvas.high:g}" stroke="{FAINT}"/>'
        yield letters(pixel, canvas.bottom + 16, name, "middle")
    label = label_text(plot.x_label, style)
    if label:
        yield letters(canvas.left + canvas.wide, canvas.bottom + 16 + LINE, label, "end")


def path_of(lines: Sequence[tuple[tuple[float, float], tuple[float, float]]], on: Canvas) -> str:
    """The pieces of a curve as one path, in which a new piece is a new M."""
    found, before = [], None
    for start, end in lines:
        if start != before:
            found.append(f"M{on.across(start[0]):.2f} {on.down(start[1]):.2f}")
        found.append(f"L{on.across(end[0]):.2f} {on.down(end[1]):.2f}")
        before = end
    return "".join(found)


def line_svg(path: str, number: int, first_colour: int) -> str:
    colour = COLOURS[(first_colour + number) % len(COLOURS)]
    dashes = DASHES[number % len(DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"{dashed}/>'
    )


def shape_svg(x: float, y: float, number: int) -> str:
    colour = COLOURS[number % len(COLOURS)]
    return (
        f'<path transform="translate({x:.2f} {y:.2f})" d="{SHAPES[number % len(SHAPES)]}" '
        f'fill="{colour}" stroke="{colour}"/>'
    )


def box_svg(box: tuple[float, float, float, float], on: Canvas, colour: str) -> Iterator[str]:
    """The part of a box that is seen; sharp edges keep neighbours from showing a seam."""
    shares = [min(1.0, max(0.0, on.x.at(side))) for side in box[:2]]
    shares += [min(1.0, max(0.0, on.y.at(side))) for side in box[2:]]
    left, right = (on.across(share) for share in shares[:2])
    bottom, top = (on.down(share) for share in shares[2:])
    if right > left and bottom > top:
        yield (
            f'<rect x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" '
            f'height="{bottom - top:.2f}" fill="{colour}" fill-opacity="0.15" '
            f'shape-rendering="crispEdges"/>'
        )


def tops(
    at: Sequence[tuple[float, str]], placed: Sequence[Flag], canvas: Canvas
) -> Iterator[float]:
    """How far up each vertical line goes: to the foot of its label."""
    rows = {flag.column: flag.row for flag in placed}
    for share, _ in at:
        row = rows.get(round(share * canvas.wide / LETTER), 0)
        yield canvas.top - LINE * row - 14


def marked_points(plot: Plot, on: Canvas, style: Style) -> Iterator[str]:
    for mark in plot.marks:
        if mark.y is None or mark.x != mark.x or mark.y != mark.y:
            continue
        text = label_text(mark.label, style)
        is_inside = on.x.shows(mark.x) and on.y.shows(mark.y)
        across = on.across(min(1.0, max(0.0, on.x.at(mark.x))))
        down = on.down(min(1.0, max(0.0, on.y.at(mark.y))))
        is_left = across + 9 + LETTER * columns(text) > on.left + on.wide
        yield f'<circle cx="{across:.2f}" cy="{down:.2f}" r="4" fill="white" stroke="{INK}"/>'
        yield letters(
            across - 9 if is_left else across + 9,
            max(down - 6, on.top + 14),
            text if is_inside else f"{text} (outside)",
            "end" if is_left else "start",
        )


def legend_svg(
    plot: Plot, paths: Sequence[str], tags: Sequence[tuple[str, str]], style: Style
) -> Iterator[tuple[int, str, str]]:
    """The length, the sample around the origin and the text of each line."""
    for number, (curve, path) in enumerate(zip(plot.curves, paths, strict=True)):
        yield entry(
            line_svg("M-16 0H16", number, plot.first_colour), curve_text(curve, bool(path), style)
        )
    for number, group in enumerate(plot.points):
        yield entry(shape_svg(0, 0, number), label_text(group.label, style))
    for number, shaded in enumerate(plot.regions):
        fill = f'fill="{COLOURS[number % len(COLOURS)]}" fill-opacity="0.3"'
        sample = f'<rect x="-16" y="-6" width="32" height="12" {fill}/>'
        yield entry(sample, label_text(shaded.label, style))
    for tag, text in tags:
        yield entry(letters(0, 4.5, tag, "middle"), text)
    for text in unplaced(plot.marks, style):
        yield entry(letters(0, 4.5, "?", "middle"), text)


def entry(sample: str, text: str) -> tuple[int, str, str]:
    return columns(text), sample, text
