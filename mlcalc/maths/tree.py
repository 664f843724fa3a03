"""Mathematical notation as data: an immutable expression tree that never simplifies.

A worked solution must show (32 + 2·0 − 5)/1 + 1 before it shows 28, so a node holds what
would be written on the board and nothing is computed when it is built.  Everything else is a
function over the tree: `evaluate` gives its value, `substitute` puts other nodes in, and the
printers of `mlcalc.maths.printing` spell it.  Two nodes are equal when they are written alike.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, ClassVar, TypeAlias, TypeVar

from mlcalc.maths.records import Record

Operand: TypeAlias = "Expr | int | Fraction"
T = TypeVar("T")


class Expr(Record):
    """Any piece of notation.  Python's operators build trees; they compute nothing."""

    # What is known of a node once it has been asked; nodes are shared, and asked very often.
    __slots__ = ("_decimals", "_free", "_harmless", "_numerals", "_parts", "_size", "_texts")

    def __add__(self, other: Operand) -> Expr:
        left = self.terms if isinstance(self, Add) else (self,)
        return Add((*left, wrap(other)))

    def __radd__(self, other: Operand) -> Expr:
        return wrap(other) + self

    def __sub__(self, other: Operand) -> Expr:
        return self + Neg(wrap(other))

    def __rsub__(self, other: Operand) -> Expr:
        return wrap(other) - self

    def __mul__(self, other: Operand) -> Expr:
        left = self.factors if isinstance(self, Mul) else (self,)
        return Mul((*left, wrap(other)))

    def __rmul__(self, other: Operand) -> Expr:
        return wrap(other) * self

    def __truediv__(self, other: Operand) -> Expr:
        return Div(self, wrap(other))

    def __rtruediv__(self, other: Operand) -> Expr:
        return wrap(other) / self

    def __pow__(self, other: Operand) -> Expr:
        return Pow(self, wrap(other))

    def __matmul__(self, other: Expr) -> Expr:
        left = self.factors if isinstance(self, MatMul) else (self,)
        return MatMul((*left, other))

    def __neg__(self) -> Expr:
        return Neg(self)


class Number(Expr):
    """An exact number; `written` is how it was typed (`0.05`, `8%`, `2e-5`), if it was."""

    value: Fraction
    written: str | None = None


class Decimal(Expr):
    """A number that is shown as a decimal, rounded to the digits asked for when printed.

    The full value is kept: what is rounded on paper is not rounded in the next line.
    """

    value: Fraction | float


class Symbol(Expr):
    """A name: θ̂ is Symbol("theta", accent="hat"), W_xh is Symbol("W", "xh")."""

    name: str
    subscript: str = ""
    accent: str = ""

    ACCENTS: ClassVar[tuple[str, ...]] = ("hat", "bar", "tilde")

    @property
    def spelled(self) -> str:
        """The one-word name that the reader reads back: theta_hat, W_xh, x_bar_1."""
        return "_".join(part for part in (self.name, self.accent, self.subscript) if part)

    @staticmethod
    @lru_cache(maxsize=4096)
    def named(spelled: str) -> Symbol:
        """The symbol that a one-word name stands for; the opposite of `spelled`."""
        name, _, rest = spelled.partition("_")
        accent, _, subscript = rest.partition("_")
        if accent in Symbol.ACCENTS:
            return Symbol(name, subscript, accent)
        return Symbol(name, rest) if rest and name else Symbol(spelled)


class Indexed(Expr):
    """An entry of a sequence or matrix: x_i, h_(t−1), Y_(2,3)."""

    base: Expr
    indices: tuple[Expr, ...]


class Marked(Expr):
    """A name at a step or of an example, told from the others by a raised mark: W_1^(2)."""

    name: Expr
    mark: str


class Add(Expr):
    """A sum as it is written; a − b is Add((a, Neg(b)))."""

    terms: tuple[Expr, ...]


class Neg(Expr):
    operand: Expr


class Mul(Expr):
    """A product of numbers, entry by entry where the factors are matrices of one shape."""

    factors: tuple[Expr, ...]


class Div(Expr):
    numerator: Expr
    denominator: Expr


class Pow(Expr):
    base: Expr
    exponent: Expr


class MatMul(Expr):
    """A matrix product."""

    factors: tuple[Expr, ...]


class Hadamard(Expr):
    """A product entry by entry, written with ⊙."""

    factors: tuple[Expr, ...]


class Transpose(Expr):
    operand: Expr


class Call(Expr):
    """A function or a named distribution: floor(x), max(y, z), gamma(shape=2, scale=2)."""

    name: str
    arguments: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


class BigOp(Expr):
    """A sum or product over an index: Σ_{i=1}^{n} x_i.  `kind` is "sum" or "product".

    Without limits it runs over all the data: Σ_i x_i.
    """

    kind: str
    body: Expr
    index: Symbol
    low: Expr | None = None
    high: Expr | None = None


class Cases(Expr):
    """Values by condition; a branch whose condition is None is the "otherwise"."""

    branches: tuple[tuple[Expr, Expr | None], ...]


class Matrix(Expr):
    """A matrix by rows; a column vector has rows of one entry."""

    rows: tuple[tuple[Expr, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @classmethod
    def column(cls, entries: Iterable[Expr]) -> Matrix:
        return cls(tuple((entry,) for entry in entries))

    @property
    def turned(self) -> Matrix:
        """Its columns as rows."""
        return Matrix(tuple(zip(*self.rows, strict=True)))


class Listing(Expr):
    """Values in order, separated by commas: the data 3, 4, 1."""

    items: tuple[Expr, ...]


class Shape(Expr):
    """The size of a tensor, channels first: 3@128×128."""

    sizes: tuple[Expr, ...]
    channels: Expr | None = None


class Derivative(Expr):
    """d(body)/d(variable), or ∂ where `partial`; `order` 2 for the second derivative."""

    body: Expr
    variable: Expr
    order: int = 1
    partial: bool = False


class Given(Expr):
    """What stands on both sides of a conditioning bar: D | θ."""

    left: Expr
    right: Expr


class Words(Expr):
    """Upright words within maths: "constant", "otherwise"."""

    text: str


class Dots(Expr):
    """What was left out: …"""


class Chain(Expr):
    """a = b ≥ c ≈ d, one node.

    A relation is a word of RELATIONS.  "=" is printed as ≈ wherever the right side shows
    fewer digits than its value has, so no solver can claim more than is true.
    """

    first: Expr
    links: tuple[tuple[str, Expr], ...]

    RELATIONS: ClassVar[Mapping[str, str]] = {
        "=": "=", "~=": "≈", "<=": "≤", ">=": "≥", "<": "<", ">": ">", "!=": "≠",
        "~": "∼", "propto": "∝", "in": "∈", "->": "→", "<=>": "⇔", "=>": "⇒",
    }  # fmt: skip

    @property
    def members(self) -> tuple[Expr, ...]:
        return self.first, *(right for _, right in self.links)


def wrap(value: Operand) -> Expr:
    """A tree as it is, a Python number as an exact Number."""
    return value if isinstance(value, Expr) else Number(Fraction(value))


def shown(value: Fraction | float | int) -> Expr:
    """A computed number: exact as Number, a float as Decimal."""
    return Decimal(value) if isinstance(value, float) else Number(Fraction(value))


def equals(first: Operand, *others: Operand) -> Chain:
    """first = second = third …, a member that repeats the one before left out."""
    members = list(map(wrap, (first, *others)))
    kept = [right for left, right in pairwise(members) if left != right]
    return Chain(members[0], tuple(("=", member) for member in kept))


def call(name: str, *arguments: Operand, **keywords: Operand) -> Call:
    return Call(name, tuple(map(wrap, arguments)), tuple((k, wrap(v)) for k, v in keywords.items()))


def map_parts(expression: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """The same node with the function applied to each direct part."""
    state = vars(expression)
    made = {name: mapped(value, function) for name, value in state.items()}
    if all(made[name] is value for name, value in state.items()):
        return expression
    return type(expression)(**made)


def mapped(value: Any, function: Callable[[Expr], Expr]) -> Any:
    """A field with the function applied to the expressions in it; itself where none changes."""
    if isinstance(value, Expr):
        return function(value)
    if type(value) is not tuple:
        return value
    made = tuple([mapped(item, function) for item in value])
    return value if all(map(operator.is_, made, value)) else made


def parts(expression: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node, in reading order."""
    own = PARTS.get(type(expression))
    if own is not None:
        return own(expression)
    try:
        return expression._parts  # type: ignore[attr-defined, no-any-return]  # a slot
    except AttributeError:
        found: list[Expr] = []
        for value in vars(expression).values():
            gather(value, found)
        return known(expression, "_parts", tuple(found))


PARTS: Mapping[type[Expr], Callable[[Any], tuple[Expr, ...]]] = {
    Number: lambda _: (), Decimal: lambda _: (), Symbol: lambda _: (),
    Add: lambda e: e.terms, Mul: lambda e: e.factors, Neg: lambda e: (e.operand,),
    Div: lambda e: (e.numerator, e.denominator), Pow: lambda e: (e.base, e.exponent),
}  # fmt: skip
"""The parts of the most frequent nodes, which need not be looked for."""


def gather(value: Any, found: list[Expr]) -> None:
    """Adds the expressions in a field: itself, or those of a tuple, however deep."""
    if isinstance(value, Expr):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            gather(item, found)


def known(node: Record, slot: str, value: T) -> T:
    """The value, which the node keeps."""
    object.__setattr__(node, slot, value)
    return value


def walk(expression: Expr) -> Iterator[Expr]:
    """The node and everything below it, in reading order."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(parts(node)[::-1])


def substitute(expression: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """The tree with each node that is a key replaced by its value; nothing is computed.

    The index of a sum or product is bound: it is not replaced inside.
    """
    are_letters = all(isinstance(key, Symbol) for key in values)
    return replaced(expression, values, values.keys() if are_letters else None)


def replaced(
    expression: Expr, values: Mapping[Expr, Expr], letters: AbstractSet[Expr] | None
) -> Expr:
    """See `substitute`; where all keys are letters, a part without them is left as it is."""
    if letters is not None and free_symbols(expression).isdisjoint(letters):
        return expression
    if expression in values:
        return values[expression]
    if isinstance(expression, BigOp) and expression.index in values:
        values = {k: v for k, v in values.items() if k != expression.index}
    return map_parts(expression, lambda part: replaced(part, values, letters))


def free_symbols(expression: Expr) -> frozenset[Symbol]:
    """The symbols that have no value of their own: all but the indices of sums and products."""
    try:
        return expression._free  # type: ignore[attr-defined, no-any-return]  # a slot
    except AttributeError:
        if isinstance(expression, Symbol):
            return known(expression, "_free", frozenset([expression]))
        below = [free_symbols(part) for part in parts(expression)]
        # The same set is shared by all nodes that need no other.
        found = max(below, key=len, default=NO_SYMBOLS)
        if not all(map(found.issuperset, below)):
            found = found.union(*below)
        if isinstance(expression, BigOp):
            found = found - {expression.index}
        return known(expression, "_free", found)


NO_SYMBOLS: frozenset[Symbol] = frozenset()


def decimals(expression: Expr) -> tuple[Decimal, ...]:
    """The decimals in a tree, in reading order."""
    if type(expression) is Number or type(expression) is Symbol:
        return ()
    try:
        return expression._decimals  # type: ignore[attr-defined, no-any-return]  # a slot
    except AttributeError:
        if isinstance(expression, Decimal):
            return known(expression, "_decimals", (expression,))
        below = [found for part in parts(expression) if (found := decimals(part))]
        # The same where only one part has any.
        found = below[0] if len(below) == 1 else tuple(chain.from_iterable(below))
        return known(expression, "_decimals", found)


def transposed(factor: Expr) -> Expr:
    """Aᵀ, and A for Aᵀ."""
    return factor.operand if isinstance(factor, Transpose) else Transpose(factor)


def unsigned(term: Expr) -> Expr:
    """The term without a minus before it."""
    return term.operand if isinstance(term, Neg) else term


def spread(kind: type[Expr], *expressions: Expr) -> tuple[Expr, ...]:
    """The parts side by side, those of a sum or product of that kind taken apart: a + (b + c)."""
    return tuple(
        part
        for each in expressions
        for part in (parts(each) if isinstance(each, kind) else (each,))
    )


def joined(kind: Callable[[tuple[Expr, ...]], Expr], found: Iterable[Expr]) -> Expr:
    """The sum or product of several; one alone as it is."""
    members = tuple(found)
    return kind(members) if len(members) > 1 else members[0]
