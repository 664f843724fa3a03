"""Matrices as they stand in an answer block, over several lines, put back on one line.

weights  Θ₁ = ⎡ 1⎤, Θ₂ = [1  1]      becomes      Θ₁ = [1; −1], Θ₂ = [1  1]
              ⎣−1⎦
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.files.document import Raw, Text
from mlcalc.maths.records import replace

OPENING, CLOSING = "⎡⎢⎣", "⎤⎥⎦"
CELL = re.compile(r"[⎡⎢⎣](?P<row>[^⎡⎢⎣⎤⎥⎦]*)[⎤⎥⎦]")
FRAME = re.compile(r"[╭╮╰╯─]+(?:\s*Answer\s*[╭╮╰╯─]+)?")
MOST_SPACES = 40
BETWEEN_CELLS = re.compile(r"\s{2,}")


def on_one_line(claimed: Raw, name: str) -> Raw:
    """A pasted answer block without its frame and the name of the answer, on one line."""
    if not isinstance(claimed, Text):
        return claimed
    text = claimed.value
    if "⎡" in text or "│" in text:
        lines = FRAME.sub("", text).replace("│", " ").split("\n")
        lines[:1] = [moved(lines[0], lines[1])] if len(lines) > 1 else lines[:1]
        text = " ".join(filter(None, (joined(band).strip() for band in bands(lines))))
    text = re.sub(rf"^\s*{re.escape(name)}(?:\s*:\s*|\s{{2,}})(?=\S)", "", text)
    return claimed if text == claimed.value else replace(claimed, value=text, exact=False)


def moved(first: str, second: str) -> str:
    """The first line with the spaces before it that a shell or an editor took away."""
    above = [match.start() for match in CELL.finditer(first) if match[0][0] != "⎣"]
    below = {match.start() for match in CELL.finditer(second) if match[0][0] != "⎡"}
    for shift in range(MOST_SPACES):
        if below <= {at + shift for at in above}:
            return " " * shift + first
    return first


def bands(lines: Sequence[str]) -> list[list[str]]:
    """The lines that belong together: from the top of a matrix to its bottom."""
    found: list[list[str]] = []
    open_ = 0
    for line in lines:
        if open_:
            found[-1].append(line)
        else:
            found.append([line])
        open_ += line.count("⎡") - line.count("⎣")
    return found


def joined(band: Sequence[str]) -> str:
    """One line for a band, with each of its matrices in brackets."""
    matrices: dict[int, list[str]] = {}
    for line in band:
        for match in CELL.finditer(line):
            matrices.setdefault(match.start(), []).append(match["row"].strip())
    base = max(band, key=lambda line: len(CELL.sub("", line).strip()))
    return CELL.sub(lambda match: f"[{in_cells(matrices[match.start()])}]", base)


def in_cells(rows: Sequence[str]) -> str:
    """The rows with commas between their cells; one space is enough where that makes them even."""
    apart = [BETWEEN_CELLS.split(row) for row in rows]
    if len({*map(len, apart)}) > 1 and len({len(row.split()) for row in rows}) == 1:
        apart = [row.split() for row in rows]
    return "; ".join(map(", ".join, apart))
