"""The picture of a layer with values: the window over the padded input."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.convolution.value_steps import Board
from mlcalc.derivation import Picture
from mlcalc.maths.tree import shown
from mlcalc.plots.cells import Cells


def window_picture(board: Board) -> tuple[Picture, ...]:
    """Rows and columns of the first channels, for layers of one and two axes."""
    maps, layer = board.maps, board.layer
    lines = maps.lines
    if len(lines) > 2 or layer.is_transposed or layer.operation == "pad":
        return ()
    two = lines if len(lines) == 2 else (None, lines[0])
    position = board.position if len(lines) == 2 else (0, *board.position)
    spans = []
    for line, place in zip(two, position, strict=True):
        start, size, after = (line.before, line.size, line.after) if line else (0, 1, 0)
        under = {i + start for i in line.covered(place)} if line else {0}
        spans.append((start, size, range(start + size + after), under))
    (top, height, rows, under_rows), (left, width, columns, under_columns) = spans
    outside = "−∞" if layer.operation == "max-pool" else shown(Fraction(0))
    pictures = []
    for channel in range(min(maps.channels, MOST_CHANNELS)):
        image = maps.map(channel)
        cells, margin = [], set()
        for i in rows:
            row = []
            for j in columns:
                is_inside = top <= i < top + height and left <= j < left + width
                margin |= set() if is_inside else {(i, j)}
                index = (i - top) * width + j - left
                row.append(shown(image[index]) if is_inside else outside)
            cells.append(tuple(row))
        marked = frozenset((i, j) for i in under_rows for j in under_columns)
        title = f"channel {channel + 1}" if maps.channels > 1 else ""
        pictures.append(Cells(tuple(cells), marked, frozenset(margin), title))
    caption = f"the window in {board.where}; what lies under it stands in brackets"
    return tuple(
        Picture(drawing, caption if drawing is pictures[-1] else "") for drawing in pictures
    )


MOST_CHANNELS = 3
