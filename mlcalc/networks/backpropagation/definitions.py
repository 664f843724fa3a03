"""An expression as people write it: a formula, f(x) = …, or definitions that it is made of.

`a = x + y; b = max(y, z); f = a*b` defines as it goes, and `f = a*b where a = x + y` behind; new
lines, semicolons and commas separate, before a name with its sign.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType, formula
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.mappings import depths
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.products import OPEN_FUNCTIONS, is_letter
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import (
    Call,
    Chain,
    Expr,
    Indexed,
    Number,
    Symbol,
    free_symbols,
    map_parts,
    substitute,
    walk,
)
from mlcalc.networks.written import uncommented

LEFT = re.compile(
    r"\s*(?P<name>\\?[^\W\d][\w\\{}\u0302-\u0305]*?)\s*(?:\((?P<of>[^()=;]*)\))?\s*:?=(?!=)"
)
"""f =, f(x, y) =, \\hat{y} :=."""
SEPARATOR = re.compile(r"[;,\r\n]+|\b(?:where|with|and)\b|(?<![=\s])[ \t]+(?=[^\W\d]\w*\s*=(?!=))")
FROM_ZERO = re.compile(r"\w\[0\]")
FUNCTIONS: Mapping[str, str] = MappingProxyType({"sigma": "sigmoid"})
"""Letters that stand for a function where they have no value; f and g are left open."""
TRANSPOSED = re.compile(r"ᵀ|\.T\b|\^\s*\{?\s*(?:T\b|\\top\b|\\intercal\b)")
SIGNS = ("σ", "sigma(", "sigma (")


class Body(Record):
    """What is differentiated, its name where it has one, and the names of parts of it."""

    name: Symbol | None
    expression: Expr
    parts: tuple[tuple[Expr, Symbol], ...] = ()


Definition = tuple[Symbol | None, Text]


class Letters(Record):
    """The letters that stand for numbers, and those of them that stand for matrices."""

    known: frozenset[str]
    matrices: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    from_zero: bool = False
    """Whether entries are counted as in Python, from 0."""

    def read(self, raw: Text) -> Expr:
        named = {name: FUNCTIONS.get(name, name) for name in OPEN_FUNCTIONS}
        functions = {k: v for k, v in named.items() if k not in self.known}

        def read(text: str) -> Expr:
            known, matrices, vectors = self.known, self.matrices, self.vectors
            found = reader.read(text, None, known, matrices, functions, vectors)
            return counted_from_one(found) if self.from_zero else found

        return formula(raw, read=read)

    def among(self, text: str) -> Letters:
        """These; where a transpose tells that the letters of a text are matrices, its letters."""
        if self.known or not TRANSPOSED.search(text):
            return self
        text = text.replace("ᵀ", " ")
        names = re.findall(r"[^\W\d_]\w*(?!\w*\s*\()", text)
        letters = {one for one in names if is_letter(one)} - {"T"}
        glued = {one for pair in re.findall(r"\b[A-Z][a-z]\b", text) for one in pair}
        found = frozenset(letters | glued)
        vectors = frozenset(one for one in found if one.islower())
        return replace(self, known=found, matrices=found, vectors=vectors)

    def with_one(self, name: Symbol, value: Expr) -> Letters:
        """These and a letter that is defined."""
        own = {name.spelled}
        is_matrix = reader.is_matrix(value, self.matrices)
        is_vector = is_matrix and reader.is_vector(value, self.vectors, self.matrices)
        return replace(
            self,
            known=self.known | own,
            matrices=self.matrices | (own if is_matrix else set()),
            vectors=self.vectors | (own if is_vector else set()),
        )


class Definitions(FieldType[Body]):
    """The formula that is typed, its definitions put in; they are cut before.

    Reading raises `Invalid` for what is no formula, a name that is defined twice or by itself, and
    where it is not plain which of the names is the result.
    """

    letters: Letters
    defined: Sequence[Definition]
    """Those by a formula; what is defined by a value is no part of it."""

    @property
    def text(self) -> str:
        return "\n".join(right.value for _, right in self.defined)

    def read(self, raw: Raw) -> Body:
        letters = self.letters.among(self.text)
        if not self.defined:
            raise Invalid.at("all of this are values: write a formula of them too", raw.place)
        return read_body(self.defined, replace(letters, from_zero=self.counts_from_zero))

    @property
    def counts_from_zero(self) -> bool:
        return FROM_ZERO.search(self.text) is not None

    def shown(self, value: Body) -> Expr:
        right = value.expression
        return right if value.name is None else Chain(value.name, (("=", right),))

    def remarks(self, raw: Raw, value: Body) -> tuple[Note, ...]:
        notes: list[Note] = []
        has_sign = any(sign in self.text for sign in SIGNS)
        is_open = "sigma" not in self.letters.known
        if has_sign and is_open and "sigmoid" in calls_in(value.expression):
            notes.append(Note("given.sigma", "σ is read as the sigmoid, since it has no value"))
        if self.counts_from_zero:
            notes.append(Note("given.from_zero", "entries are counted from 0, as in Python"))
        for name in () if self.letters.known else sorted(words_in(value.expression)):
            product = "*".join(name)
            notes.append(
                Note("given.name", f"{name} is read as one name; write {product} for a product")
            )
        return tuple(notes)


def words_in(expression: Expr) -> set[str]:
    """The names of a few letters, each of which might be a product of letters."""
    spelled = {symbol.spelled for symbol in free_symbols(expression)}
    return {name for name in spelled if re.fullmatch("[a-zA-Z]{2,3}", name) and not is_letter(name)}


def calls_in(expression: Expr) -> set[str]:
    return {node.name for node in walk(expression) if isinstance(node, Call)}


def counted_from_one(expression: Expr) -> Expr:
    """w[0] as w[1], the first entry."""
    if isinstance(expression, Indexed):
        places = [
            Number(one.value + 1) if isinstance(one, Number) else one for one in expression.indices
        ]
        return Indexed(counted_from_one(expression.base), tuple(places))
    return map_parts(expression, counted_from_one)


def read_body(defined: Sequence[Definition], letters: Letters) -> Body:
    if len(defined) == 1:
        return single(*defined[0], letters)
    names: set[Symbol] = set()
    for name, right in defined:
        if name in names:
            raise Invalid.at(f"'{name.spelled}' is defined twice: define it once", right.place)
        names |= {name} if name is not None else set()
    return united(defined, names, letters)


def single(name: Symbol | None, right: Text, letters: Letters) -> Body:
    found = letters.read(right)
    if isinstance(found, Chain) or name in free_symbols(found):
        message = "expected an expression such as (x + y)*z, or f = (x + y)*z"
        raise Invalid.at(message, right.place)
    return Body(name, found)


def united(defined: Sequence[Definition], names: set[Symbol], letters: Letters) -> Body:
    """The definitions put into each other, in whichever order they stand."""
    spelled = {name.spelled for name in names}
    among = replace(letters, known=letters.known | spelled)
    needs = [free_symbols(among.read(right)) & names for _, right in defined]
    result = result_of(defined, needs)
    values: dict[Symbol, Expr] = {}
    waiting = list(range(len(defined)))
    while True:
        here = next((i for i in waiting if needs[i] <= values.keys()), None)
        if here is None:
            name, right = defined[waiting[0]]
            raise Invalid.at(f"'{name.spelled if name else ''}' is defined by itself", right.place)
        waiting.remove(here)
        name, right = defined[here]
        found = letters.read(right)
        written = substitute(found, dict(values.items()))
        if here == result:
            return Body(name, written, tuple((value, one) for one, value in values.items()))
        assert name is not None
        values[name] = written
        letters = letters.with_one(name, found)


def result_of(defined: Sequence[Definition], needs: Sequence[Collection[Symbol]]) -> int:
    """Which of the definitions is made of all others; the one that none needs."""
    used = set[Symbol]().union(*needs)
    ends = [i for i, (name, _) in enumerate(defined) if name is None or name not in used]
    if len(ends) != 1:
        spelled = " or ".join(name.spelled for i in ends if (name := defined[i][0]) is not None)
        which = f", {spelled}" if spelled else ""
        message = f"it is not plain which is the result{which}: define one by the others"
        raise Invalid.at(message, defined[-1][1].place)
    return ends[0]


def definitions_of(raw: Raw) -> tuple[Definition, ...]:
    """What was typed, cut: each name with what it stands for.  Raises `Invalid`."""
    return tuple(map(divided, pieces_of(raw)))


def divided(piece: Text) -> Definition:
    """The name that a definition begins with, f in f(x) = …, and what stands behind it."""
    found = LEFT.match(piece.value)
    if found is None:
        return None, piece
    try:
        name = reader.read(found["name"])
    except Unreadable:
        return None, piece
    if not isinstance(name, Symbol):
        return None, piece
    return name, part_of(piece, found.end(), len(piece.value))


def pieces_of(raw: Raw) -> Iterator[Text]:
    """The definitions of a text, of a list of texts or of a mapping, each with its place."""
    match raw:
        case Text():
            yield from cut(raw)
        case Items(items):
            for item in items:
                if not isinstance(item, Text):
                    raise Invalid.at(
                        "expected a formula or definitions such as a = x + y", raw.place
                    )
                yield from cut(item)
        case Entries(pairs):
            for key, value in pairs:
                if not isinstance(value, Text):
                    raise Invalid.at("expected a formula behind this name", value.place)
                yield replace(value, value=f"{key.value} = {value.value}")


def cut(raw: Text) -> Iterator[Text]:
    """A text cut before each name with its sign, and before the formula behind them."""
    raw = uncommented(raw)
    outside = {index for index, depth in depths(raw.value) if depth == 0}
    start, has_name = 0, LEFT.match(raw.value) is not None
    for found in SEPARATOR.finditer(raw.value):
        is_next = LEFT.match(raw.value, found.end()) is not None
        is_last = has_name and ";" in found.group() and raw.value[found.end() :].strip() != ""
        if found.start() in outside and (is_next or is_last):
            end = bare(raw.value, found.start())
            if raw.value[start:end].strip():
                yield part_of(raw, start, end)
            start = found.end()
    yield part_of(raw, start, bare(raw.value, len(raw.value)))


def bare(text: str, end: int) -> int:
    """Where a text ends before the signs that separate."""
    return len(text[:end].rstrip(" \t\r\n;,"))
