"""A whole network in one text: names with values, and its equations as code and books write them.

x = [1, -1]; W1 = np.array([[1, 2], [3, 4]]); h = np.tanh(np.dot(W1, x))

The equations are read by `units.py`.
"""

from __future__ import annotations

import re

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.fields import FieldType, Schema, entries_of, is_mapping
from mlcalc.maths.records import replace

COMMENT = re.compile(
    r"#[^\r\n]*|(?:^|(?<=;))[ \t]*(?:import|from)[ \t]+[\w.][^\r\n;#]*;?", re.MULTILINE
)


class Whole(FieldType[Entries]):
    """Names with values and equations, in one text; the fields of these names are filled."""

    example: str
    metavar = "TEXT"

    def read(self, raw: Raw) -> Entries:
        bare = uncommented(raw) if isinstance(raw, Text) else raw
        if isinstance(bare, Text) and not is_mapping(bare):
            raise self.refused(raw, f"names and values such as {self.example}")
        return entries_of(bare, self.example)

    def schema(self) -> Schema:
        return {"type": "string"}


def uncommented(raw: Text) -> Text:
    """The text with spaces for comments and imports; the rest keeps its place."""
    blank = COMMENT.sub(lambda found: " " * len(found[0]), raw.value)
    return raw if blank == raw.value else replace(raw, value=blank)


def turned(raw: Raw) -> Raw:
    """A matrix whose rows are its columns: [[1, 2], [3, 4]].T."""
    if isinstance(raw, Items):
        rows = [row.items if isinstance(row, Items) else (row,) for row in raw.items]
        is_matrix = all(isinstance(row, Items) for row in raw.items)
        if not is_matrix or len({len(row) for row in rows}) != 1:
            return raw
        columns = zip(*rows, strict=True)
        return replace(raw, items=tuple(Items(column, raw.place) for column in columns))
    if not isinstance(raw, Text):
        return raw
    text = raw.value.strip().rstrip(";").rstrip()
    if text.endswith(".T"):
        return replace(raw, value=text.removesuffix(".T"), exact=False)
    bracketed = text if text[-1:] in ")]}" else f"[{text}]"
    return replace(raw, value=f"{bracketed}.T", exact=False)
