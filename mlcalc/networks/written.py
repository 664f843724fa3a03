"""A whole network in one text: names with values, and its equations as code and books write them.

x = [1, -1]; W1 = np.array([[1, 2], [3, 4]]); h = np.tanh(np.dot(W1, x))
"""

from __future__ import annotations

import re

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.fields import FieldType, Schema, entries_of, is_mapping
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import Record, replace
from mlcalc.networks.activations import ACTIVATION
from mlcalc.networks.called import MODULE, by_formula, has_other_slope

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


class Product(Record):
    """W x, or x W where the vector stands first."""

    matrix: str
    vector: str
    is_turned: bool


class Unit(Record):
    """f(W x + U h + b), f of a name of such a sum, or the sum alone; all names plain."""

    word: str
    """The activation; empty where there is none."""
    terms: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """The only name in the brackets, as in tanh(z)."""
        return self.terms[0][0] if len(self.terms) == len(self.terms[0]) == 1 else ""

    @property
    def biases(self) -> list[str]:
        return [term[0] for term in self.terms if len(term) == 1]

    def products(self, vectors: tuple[str, ...]) -> list[Product] | None:
        """The products with these vectors; None where a term is another."""
        found: list[Product] = []
        for term in self.terms:
            if len(term) == 1:
                continue
            if len(term) != 2 or (term[0] in vectors) == (term[1] in vectors):
                return None
            is_first = term[0] in vectors
            vector, matrix = term if is_first else (term[1], term[0])
            has_sign = matrix.endswith(".t")
            found.append(Product(matrix.removesuffix(".t"), vector, is_first != has_sign))
        return found


TIME = re.compile(r"(?<=\b[hxyzac])(?:\^?_?\{?[\[(]?t(?:\s*[-−–]\s*1)?[\])]?\}?|_prev)(?!\w)")
DOT = re.compile(r"(?:dot|matmul|mm|mv)\(([^(),]+),([^(),]+)\)")
METHOD = re.compile(r"([\w.]+)\.(?:dot|matmul|mm|mv)\(([^(),]+)\)")
CALL = re.compile(r"([A-Za-zσφ][\w-]*)(?:\(\))?\((.*)\)")
"""tanh(z), and nn.Tanh()(z)."""
FACTOR = re.compile(r"[^\W\d]\w*(?:\.[Tt])?")


def unit_of(text: str) -> Unit | None:
    """The equation that a text is; None of what is none of that form."""
    bare = MODULE.sub("", text.strip().rstrip(";")).replace("self.", "")
    bare = TIME.sub("", bare)
    bare = re.sub(r"_\{(\w+)\}", r"_\1", bare).replace("**", "^")
    bare = re.sub(r"(?<=\w)\s*[*@·⋅×∙]\s*(?=\w)|(?<=\w)[ \t]+(?=[^\W\d])", "@", bare)
    bare = re.sub(r"\s", "", bare)
    for _ in range(4):
        bare = METHOD.sub(r"\1@\2", DOT.sub(r"\1@\2", bare))
    word, inside = by_formula(bare)
    if not word:
        found = CALL.fullmatch(bare)
        word, inside = found.groups() if found else ("", bare)
    terms = tuple(tuple(part.split("@")) for part in bracketless(inside).split("+"))
    if not all(FACTOR.fullmatch(factor) for term in terms for factor in term):
        return None
    meant = ACTIVATION.word_of("sigmoid" if word == "σ" else word)
    if (word and not meant) or has_other_slope(text):
        return None
    return Unit(meant, tuple(tuple(map(plain_name, term)) for term in terms))


def bracketless(text: str) -> str:
    """(W x) + b is W x + b."""
    return re.sub(r"(?<!\w)\(([^()+]*)\)", r"\1", text)


VALUES = re.compile(
    r"[\s\d.,;+\-−/eE\[\](){}]*|\s*(?:np\.|torch\.)?(?:array|tensor|zeros|ones)\(.*", re.DOTALL
)


def is_values(value: Raw) -> bool:
    """Whether something is plainly no equation."""
    return not isinstance(value, Text) or VALUES.fullmatch(value.value) is not None


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
