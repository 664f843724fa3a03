"""Values that are formulas, ranges, distributions, or whatever other fields make of them."""

from __future__ import annotations

from collections.abc import Collection

from mlcalc.files.document import Raw, Text
from mlcalc.files.fields.base import (
    MOST_DIGITS,
    NUMBER_OR_TEXT,
    FieldType,
    Schema,
    TreeReader,
    formula,
    refuse_words,
    texts_of,
    tree,
)
from mlcalc.files.fields.numbers import is_single
from mlcalc.files.reading import read_within
from mlcalc.maths import reader
from mlcalc.maths.near import closest, plain_name
from mlcalc.maths.tree import Call, Expr, Symbol


class Notation(FieldType[Expr]):
    """Any formula, list or call."""

    expected = "a formula"

    def read(self, raw: Raw) -> Expr:
        return formula(raw, self.expected)

    def shown(self, value: Expr) -> Expr:
        return value


class Anything(FieldType[Raw]):
    """A value whose meaning other fields decide; it is read when they are known."""

    metavar = "VALUE"

    def read(self, raw: Raw) -> Raw:
        if isinstance(raw, Text) and not raw.value.strip():
            raise self.refused(raw)
        return raw

    def schema(self) -> Schema:
        mapping: Schema = {"type": "object", "not": {"required": ["from"]}}
        return {"anyOf": [NUMBER_OR_TEXT, {"type": "array"}, mapping]}


class Structure(Anything):
    """A value that may be a mapping or a list, also as a text that is written as in YAML."""

    def read(self, raw: Raw) -> Raw:
        found = super().read(raw)
        is_structure = isinstance(found, Text) and found.value.lstrip()[:1] in ("{", "[")
        return read_within(found) if is_structure and isinstance(found, Text) else found


class Distribution(FieldType[Call]):
    """A distribution by name, with what is known of it: poisson, normal(sigma2=4)."""

    known: Collection[str] = ()
    spelled: TreeReader = reader.read
    """Reads the distribution however it is spelled."""
    metavar = "DISTRIBUTION"
    expected = "a distribution"

    def read(self, raw: Raw) -> Call:
        found = tree(raw, self.spelled, MOST_DIGITS)
        if isinstance(found, Symbol):
            found = Call(found.spelled)
        elif isinstance(found, Call):
            for text in texts_of(raw):
                expected = f"numbers or letters as parameters of {found.name}"
                refuse_words(text, found, expected, has_infinity=True)
        if not isinstance(found, Call) or found.name not in self.known:
            hint = closest(found.name, self.known) if isinstance(found, Call) else ""
            raise self.refused(raw, None if hint else f"one of {', '.join(self.words())}", hint)
        if not all(map(is_single, (*found.arguments, *dict(found.keywords).values()))):
            raise self.refused(raw, f"numbers or letters as parameters of {found.name}")
        return found

    def shown(self, value: Call) -> Expr | str:
        if value.name == "binomial" and len(value.arguments) == 2:  # printed as a coefficient
            pairs = zip(("n", "p"), value.arguments, strict=True)
            named = tuple((n, v) for n, v in pairs if n == "n" or not isinstance(v, Symbol))
            return Call(value.name, (), named)
        return value if value.arguments or value.keywords else value.name

    def schema(self) -> Schema:
        return {"type": "string"}

    def words(self) -> tuple[str, ...]:
        return tuple(sorted(self.known))

    def knows_word(self, name: str) -> bool:
        return plain_name(name) in self.known
