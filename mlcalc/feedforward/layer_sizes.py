"""The units of each layer, the input first: 3, 3, 1 or n*d, h, V."""

from __future__ import annotations

from mlcalc.document import Items, Raw, Text
from mlcalc.fields import FieldType, Quantity, Schema, numeric
from mlcalc.maths import reader
from mlcalc.maths.printing import source
from mlcalc.maths.tree import Chain, Expr

MOST_LAYERS = 20
UNITS = Quantity(least=1, whole=True)


class LayerSizes(FieldType[tuple[Expr, ...]]):
    """Numbers or formulas, separated by commas or by >."""

    metavar = "LIST"
    expected = "the units of two layers or more, such as '3, 3, 1' or 'n*d, h, V'"

    def read(self, raw: Raw) -> tuple[Expr, ...]:
        if isinstance(raw, Items):
            sizes = tuple(map(UNITS.read, raw.items))
        else:
            found = numeric(raw, reader.read_list, self.expected)
            sizes = reader.items_of(found)
            if isinstance(found, Chain) and {sign for sign, _ in found.links} == {">"}:
                sizes = found.members
            for size in sizes:
                UNITS.check(Text(source(size), raw.place), size)
        if not 2 <= len(sizes) <= MOST_LAYERS:
            raise self.refused(raw, f"{self.expected}, at most {MOST_LAYERS}")
        return sizes

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "array", "items": UNITS.schema()}, {"type": "string"}]}
