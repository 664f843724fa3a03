"""Lines of working as they stand on the board: text that is written in the solvers, and read here.

    line("p(D | theta) propto theta^k * (1 - theta)^(n - k)", theta=letter)

This text is ours, so its grammar has one meaning for everything and refuses nothing for being
ambiguous; what users type is read by `mlcalc.maths.reader`.  Names that are given are holes.  What
is put in joins its neighbours as Python's operators do: a sum at the front of a sum is one sum.

    line     given (relation given)*                a = b <= c propto d
    given    sum ["|" sum]                          theta | D
    sum      term (("+" | "-") term)*
    term     "-" term | power (("*" | "/" | "@" | ".*") power)*
    power    postfix ["^" exponent]
    postfix  atom ("!" | ".T" | "[" items "]")*
    atom     number | name | name "(" items ")" | "(" line ")" | "[" rows "]" | '"words"' | "..."
    items    line ("," line)* ["|" line ("," line)*]

`sum(x[i], i, 1, n)` and `product(…)` are big operators, `diff(f, x)` and `partial(f, x)` are
derivatives, `cases(a if x > 0, b)` are cases.  `f(a = b)` holds a chain, but for a distribution,
whose parameters have names: `gamma(shape=2, rate=1)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Derivative,
    Div,
    Dots,
    Expr,
    Given,
    Hadamard,
    Indexed,
    Listing,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    Transpose,
    Words,
    spread,
)

Fill: TypeAlias = (
    "Expr | int | Fraction | float | str | Iterable[Fill] | Callable[..., Expr] | None"
)
"""What may be put in: a tree, a number, a text to be read, nothing (the term, factor or member is
left out), or several of these."""
Prose: TypeAlias = "str | tuple[str | Expr, ...]"
"""Words, with pieces of maths among them where a formula stands in the sentence."""
Names: TypeAlias = Mapping[str, Fill]
Several: TypeAlias = tuple[Expr, ...]
Make: TypeAlias = Callable[[Names], Several]
"""What a piece of text is, once its holes are known."""

TOKEN = re.compile(
    r"""\s*( [0-9]+(?:\.[0-9]+)? | [A-Za-z][A-Za-z0-9_]*'? | "[^"]*"
    | <=> | => | <= | >= | ~= | != | -> | \.\.\. | \.\* | \.T\b | [-+*/^@!()\[\],;|=<>~] )""",
    re.VERBOSE,
)
RELATIONS = frozenset(Chain.RELATIONS)
PRODUCTS: Mapping[str, type[Mul | MatMul | Hadamard]] = {"*": Mul, "@": MatMul, ".*": Hadamard}


def line(text: str, **names: Fill) -> Expr:
    """The notation that a text of the house spells, with its holes filled.

    Raises `ValueError` where the text is not in the grammar, or more or less than one thing.
    """
    return one(filled_in(text, names), text)


class Note(Record):
    """A convention that was used, or a remark, with a stable id: `conv.cross_correlation`."""

    id: str
    text: Prose
    of: tuple[str, ...] = ()
    """The answers that it is about, where it says nothing of the others."""


def prose(text: str, **names: Fill) -> Prose:
    """Words with maths between two $: "category $c$ is counted $n_c$ times"."""
    pieces = text.split("$")
    if len(pieces) == 1:
        return text
    found = [line(p, **names) if k % 2 else p for k, p in enumerate(pieces)]
    return tuple(piece for piece in found if piece != "")


def filled_in(text: str, names: Names) -> Several:
    make, words = parsed(text)
    return without_holes(text) if words.isdisjoint(names) else make(names)


@cache
def parsed(text: str) -> tuple[Make, frozenset[str]]:
    """What the text makes, and the names that may be its holes; each text is read once."""
    reader = Reading(text)
    make = reader.line()
    if reader.token:
        raise reader.fail()
    words = [token for token in reader.tokens if token[:1].isalpha()]
    return make, frozenset((*words, *(Symbol.named(word).name for word in words)))


@cache
def without_holes(text: str) -> Several:
    """The line in letters, the same tree wherever it is shown."""
    make, _ = parsed(text)
    return make({})


def fill(value: Fill, names: Names) -> Several:
    """What a hole is filled with."""
    match value:
        case Expr():
            return (value,)
        case str():
            return filled_in(value, {k: v for k, v in names.items() if v is not value})
        case float():
            return (Decimal(value),)
        case int() | Fraction():
            return (Number(Fraction(value)),)
        case None:
            return ()
        case Iterable():
            return tuple(expr for item in value for expr in fill(item, names))
    raise ValueError(f"{value!r} cannot be put into a line")


def one(found: Several, what: object) -> Expr:
    if len(found) != 1:
        raise ValueError(f"{what!r} is {len(found)} things, and one is wanted")
    return found[0]


@cache
def hole(name: str) -> Make:
    """A name: what fills it, or a symbol; of theta_c and theta_hat the letter may be filled."""
    symbol = Symbol.named(name)

    def make(names: Names) -> Several:
        if name in names:
            return fill(names[name], names)
        letter = names.get(symbol.name)
        if isinstance(letter, Symbol):
            accent = symbol.accent or letter.accent
            return (Symbol(letter.name, symbol.subscript or letter.subscript, accent),)
        return (symbol,)

    return make


def always(expression: Expr) -> Make:
    found = (expression,)
    return lambda names: found


class Reading:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens = text, tokens_of(text)
        self.index = 0

    @property
    def token(self) -> str:
        return self.tokens[self.index]

    def accept(self, *texts: str) -> str:
        """The token here, which is passed over, if it is one of these; else the empty text."""
        token = self.tokens[self.index]
        if token not in texts:
            return ""
        self.index += 1
        return token

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fail()

    def fail(self) -> ValueError:
        return ValueError(f"{self.text!r} cannot be read at {self.token or 'its end'!r}")

    # The grammar, loosest first.

    def line(self, is_inside: bool = False) -> Make:
        """A chain; `is_inside` brackets a bar is left to who reads the bracket."""
        member = self.sum if is_inside else self.given
        members = [("=", *self.member(member))]
        while (relation := self.token) in RELATIONS:
            self.index += 1
            members.append((relation, *self.member(member)))
        return members[0][2] if len(members) == 1 else lambda names: chain(members, names)

    def member(self, rule: Callable[[], Make]) -> tuple[bool, Make]:
        """Whether it is no more than a name, whose chain is a part of this one, and the member."""
        start = self.index
        make = rule()
        return self.index == start + 1 and self.tokens[start][0].isalpha(), make

    def given(self) -> Make:
        left = self.sum()
        if not self.accept("|"):
            return left
        right = self.sum()
        return lambda names: (given(left(names), right(names)),)

    def sum(self) -> Make:
        terms = [(False, self.term())]
        while sign := self.accept("+", "-"):
            terms.append((sign == "-", self.term()))
        return terms[0][1] if len(terms) == 1 else lambda names: added(terms, names)

    def term(self) -> Make:
        if self.accept("-"):
            return negated(self.term())
        factors = [("*", self.power())]
        while sign := self.accept("*", "/", "@", ".*"):
            factors.append((sign, negated(self.power()) if self.accept("-") else self.power()))
        return factors[0][1] if len(factors) == 1 else lambda names: multiplied(factors, names)

    def power(self) -> Make:
        base = self.postfix()
        if not self.accept("^"):
            return base
        exponent = self.exponent()

        def make(names: Names) -> Several:
            raised = exponent(names)
            return (Pow(one(base(names), "base"), raised[0]),) if raised else base(names)

        return make

    def exponent(self) -> Make:
        return negated(self.exponent()) if self.accept("-") else self.power()

    def postfix(self) -> Make:
        result = self.atom()
        while sign := self.accept("!", ".T", "["):
            result = self.behind(result, sign)
        return result

    def behind(self, base: Make, sign: str) -> Make:
        if sign == "!":
            return lambda names: (Call("factorial", base(names)),)
        if sign == ".T":
            return lambda names: tuple(map(Transpose, base(names)))
        items = self.items("]")
        return lambda names: (Indexed(one(base(names), "base"), items(names)),)

    def atom(self) -> Make:
        text = self.token
        first = text[:1]
        self.index += 1
        if first.isdigit():
            return number(text)
        if first == '"':
            return always(Words(text[1:-1]))
        if first.isalpha():
            return self.call(text) if self.accept("(") else hole(text)
        if text == "...":
            return always(Dots())
        if text == "(":
            items = self.items(")")
            return lambda names: (listed(items(names)),)
        if text == "[":
            return self.square()
        self.index -= 1
        raise self.fail()

    def items(self, closing: str) -> Make:
        """What stands between brackets; a bar among it makes it one thing, given another."""
        sides: list[list[Make]] = [[]]
        while not self.accept(closing):
            sides[-1].append(self.line(is_inside=True))
            if self.accept("|"):
                sides.append([])
            elif self.token != closing:
                self.expect(",")
        if len(sides) == 1:
            return lambda names: every(sides[0], names)
        return lambda names: (given(*(every(side, names) for side in sides)),)

    def square(self) -> Make:
        rows: list[list[Make]] = [[]]
        has_rows = False
        while not self.accept("]"):
            rows[-1].append(self.line())
            if self.accept(";"):
                has_rows = True
                rows.append([])
            elif self.token != "]":
                self.expect(",")
        if not has_rows:
            return lambda names: (Listing(every(rows[0], names)),)
        return lambda names: (Matrix(tuple(every(row, names) for row in rows if row)),)

    def call(self, name: str) -> Make:
        if name == "cases":
            return self.cases()
        keywords: list[tuple[str, Make]] = []
        while name in DISTRIBUTIONS and self.tokens[self.index + 1] == "=":
            keywords.append((self.token, self.keyword()))
            if not self.accept(","):
                break
        items = self.items(")")
        if name in BUILDERS:
            return lambda names: (BUILDERS[name](items(names)),)

        def make(names: Names) -> Several:
            function = names.get(name)
            if callable(function):
                return (function(*items(names)),)
            if isinstance(function, Symbol):
                function = function.spelled
            own = function if isinstance(function, str) else name
            named = tuple((key, one(value(names), key)) for key, value in keywords)
            return (Call(own, items(names), named),)

        return make

    def keyword(self) -> Make:
        self.index += 2
        return self.sum()

    def cases(self) -> Make:
        branches: list[tuple[Make, Make | None]] = []
        while not self.accept(")"):
            value = self.sum()
            branches.append((value, self.line() if self.accept("if") else None))
            if self.token != ")":
                self.expect(",")

        def branch(value: Make, where: Make | None, names: Names) -> tuple[Expr, Expr | None]:
            condition = None if where is None else one(where(names), "condition")
            return one(value(names), "value"), condition

        return lambda names: (Cases(tuple(branch(v, w, names) for v, w in branches)),)


def tokens_of(text: str) -> list[str]:
    """The tokens, words in their quotes; behind the last are two empty ones."""
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"{text!r} cannot be read at {text[position:]!r}")
        found.append(match[1])
        position = match.end()
    return [*found, "", ""]


@cache
def number(text: str) -> Make:
    value = Fraction(text)
    return always(Number(value, None if str(value) == text else text))


# What the pieces make.


def every(makes: Sequence[Make], names: Names) -> Several:
    return tuple(found for make in makes for found in make(names))


def given(left: Several, right: Several) -> Expr:
    """left | right, or left alone where nothing is given."""
    return Given(listed(left), listed(right)) if right else listed(left)


def listed(found: Several) -> Expr:
    return found[0] if len(found) == 1 else Listing(found)


def chain(members: Sequence[tuple[str, bool, Make]], names: Names) -> Several:
    """The members with their relations; a member that is = to the same is left out."""
    links: list[tuple[str, Expr]] = []
    for relation, is_name, make in members:
        for found in make(names):
            whole = found if is_name and isinstance(found, Chain) else Chain(found, ())
            for sign, right in ((relation, whole.first), *whole.links):
                if not (links and sign == "=" and links[-1][1] == right):
                    links.append((sign, right))
            relation = "="
    if not links:
        return ()
    return (Chain(links[0][1], tuple(links[1:])) if links[1:] else links[0][1],)


def added(terms: Sequence[tuple[bool, Make]], names: Names) -> Several:
    found = [Neg(e) if is_minus else e for is_minus, make in terms for e in make(names)]
    if len(found) > 1 and isinstance(found[0], Add):
        found[:1] = found[0].terms
    return (Add(tuple(found)),) if len(found) > 1 else tuple(found)


def multiplied(factors: Sequence[tuple[str, Make]], names: Names) -> Several:
    left: Expr | None = None
    for sign, make in factors:
        for right in make(names):
            left = right if left is None else product(sign, left, right)
            sign = "*" if sign == "/" else sign
    return () if left is None else (left,)


def product(sign: str, left: Expr, right: Expr) -> Expr:
    if sign == "/":
        return Div(left, right)
    kind = PRODUCTS[sign]
    return kind((*spread(kind, left), right))


def negated(make: Make) -> Make:
    def opposite(found: Expr) -> Expr:
        if isinstance(found, Number) and found.value > 0:
            return Number(-found.value, found.written and "-" + found.written)
        return Neg(found)

    return lambda names: tuple(map(opposite, make(names)))


def big(kind: str) -> Callable[[Several], Expr]:
    def make(items: Several) -> Expr:
        match items:
            case (body, Symbol() as index, *limits) if len(limits) in (0, 2):
                return BigOp(kind, body, index, *limits)
        return Call(kind, items)

    return make


def derivative(is_partial: bool) -> Callable[[Several], Expr]:
    def make(items: Several) -> Expr:
        body, variable, *rest = items
        order = rest[0].value if rest and isinstance(rest[0], Number) else 1
        return Derivative(body, variable, int(order), is_partial)

    return make


BUILDERS: Mapping[str, Callable[[Several], Expr]] = {
    "sum": big("sum"), "product": big("product"),
    "diff": derivative(False), "partial": derivative(True),
}  # fmt: skip
