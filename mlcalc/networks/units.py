"""An equation of a network as code and books write it: h = np.tanh(np.dot(W1, x) + b1).

Loaded where a network is written in one text, or with a name a layer.
"""

from __future__ import annotations

import re

from mlcalc.files.document import Raw, Text
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import Record
from mlcalc.networks.activations import ACTIVATION
from mlcalc.networks.called import MODULE, by_formula, has_other_slope


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
