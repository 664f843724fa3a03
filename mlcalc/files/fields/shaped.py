"""Lists that programs make of a shape: NumPy's zeros and reshape, R's matrix(c(…), nrow=2).

R fills a matrix by columns, the others by rows.
"""

from __future__ import annotations

import re

SIZES = r"\(?\s*(?P<rows>-?[0-9]+)\s*,\s*(?P<columns>-?[0-9]+)\s*\)?"
R_MATRIX = re.compile(
    r"\s*matrix\(\s*(?:data\s*=\s*)?(?:c\((?P<cells>[^()]*)\)|(?P<cell>[-+.0-9]+))"
    r"(?P<sizes>(?:\s*,[^,();]*)*)\)\s*"
)
"""matrix(c(1, 2, 3, 4), nrow = 2, byrow = TRUE), matrix(0, 2, 2)"""
BY_ROWS = (
    re.compile(
        r"\s*(?:(?:np|numpy|torch)\.)?(?:array|tensor)\(\s*\[(?P<cells>[^\[\]()]*)\]\s*\)"
        rf"\.(?:reshape|view)\({SIZES}\)\s*"
    ),
    re.compile(rf"\s*(?:\w+\.)?Matrix\(\s*{SIZES}\s*,\s*\[(?P<cells>[^\[\]()]*)\]\s*\)\s*"),
)
"""np.array([1, 2, 3, 4]).reshape(2, 2), Matrix(2, 2, [1, 2, 3, 4])"""
MADE = re.compile(
    r"\s*(?:np|numpy|torch|tf|jnp)\.(?P<name>zeros|ones|eye|identity|arange)\(\s*[\[(]?"
    r"\s*(?P<rows>\d{1,3})(?:\.0*)?\s*(?:,\s*(?P<columns>\d{1,3}))?\s*,?\s*[\])]?\s*(?:,\s*dtype\s*=\s*[\w.]+\s*)?\)\s*;?\s*"
)
"""np.zeros(3), np.ones((2, 2)), np.eye(2), np.arange(4)"""
ORDER = ("nrow", "ncol", "byrow")


def in_rows(text: str) -> str:
    """The list, or the matrix by rows, [[1, 2], [3, 4]]; any other text as it is."""
    if found := MADE.fullmatch(text):
        return entries_of(found)
    if found := R_MATRIX.fullmatch(text):
        # Without its meaning, matrix(0, n, n) is no list of three either.
        return in_r(found) or ("" if found["cell"] else text)
    for spelled in BY_ROWS:
        if found := spelled.fullmatch(text):
            rows, columns = int(found["rows"]), int(found["columns"])
            return filled(found["cells"], rows, columns, True) or text
    return text


def entries_of(found: re.Match[str]) -> str:
    """The entries of np.zeros(3), np.ones((2, 2)), np.eye(2) and np.arange(4)."""
    rows, columns = int(found["rows"]), int(found["columns"] or 0)
    if found["name"] == "arange":
        return str(list(range(rows, columns) if found["columns"] else range(rows)))
    if found["name"] in ("eye", "identity"):
        units = [[int(i == j) for j in range(columns or rows)] for i in range(rows)]
        return str(units)
    one = [int(found["name"] == "ones")]
    return str([one * columns] * rows if columns else one * rows)


def in_r(found: re.Match[str]) -> str:
    """The rows of R's matrix; nothing where its arguments have no such meaning there."""
    known: dict[str, str] = {}
    places: list[str] = []
    for argument in found["sizes"].split(",")[1:]:
        name, sign, value = (part.strip() for part in argument.partition("="))
        meant = [full for full in ORDER if full.startswith(name)] if sign else []
        if sign and len(meant) != 1:
            return ""
        known |= {meant[0]: value} if sign else {}
        places += [] if sign else [name]
    free = [name for name in ORDER if name not in known]
    if len(places) > len(free):
        return ""
    known |= zip(free, places, strict=False)
    sizes = [known.get(name, "-1") for name in ORDER[:2]]
    is_by_row = {"TRUE": True, "T": True, "FALSE": False, "F": False}.get(known.get("byrow", "F"))
    if is_by_row is None or not all(re.fullmatch(r"-1|[1-9][0-9]{0,2}", size) for size in sizes):
        return ""
    rows, columns = map(int, sizes)
    if found["cell"]:
        rows, columns = abs(rows), abs(columns)
        return filled(",".join([found["cell"]] * (rows * columns)), rows, columns, True)
    return filled(found["cells"], rows, columns, is_by_row)


def filled(cells: str, rows: int, columns: int, is_by_row: bool) -> str:
    """The cells in that shape, one of whose sizes may be -1; nothing where they do not fill it."""
    items = [cell.strip() for cell in cells.split(",")]
    if not rows or not columns:
        return ""
    columns = 1 if rows < 0 and columns < 0 else columns
    rows = rows if rows > 0 else len(items) // columns
    columns = columns if columns > 0 else len(items) // rows
    if rows * columns != len(items):
        return ""
    lines = (
        items[n * columns : (n + 1) * columns] if is_by_row else items[n::rows]
        for n in range(rows)
    )  # fmt: skip
    return f"[{', '.join('[' + ', '.join(line) + ']' for line in lines)}]"
