"""The one reader of mathematical text, for formulas, flags, YAML and students' answers alike.

A small hand-written grammar by recursive descent.  It is closed (numbers, names, operators, the
functions of `mlcalc.maths.functions`, lists, matrices, shapes), bounded (length and depth), and
executes nothing: reading builds a tree, and only `evaluate`, which counts before it computes,
gives values.  What can be read in two ways is refused, with both readings.

    chain    sum (relation sum)*                    0 < x <= 1
    sum      ["-"] term (("+" | "-") term)*
    term     factor (("*" | "/" | "@" | nothing) factor)*
    factor   "-" factor | power
    power    postfix ["^" exponent]                 right to left
    postfix  atom ("!" | "%" | ".T" | "[" … "]")*
    atom     number | shape | name | name "(" … ")" | "(" chain ")" | "[" … "]" | "|" sum "|"
             | "√" atom
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from mlcalc.maths.call_reader import CALLABLE, CallReader, meaning_of
from mlcalc.maths.digit_groups import joined_groups, refuse_dots, refuse_groups
from mlcalc.maths.functions import FUNCTIONS
from mlcalc.maths.left_out import REST, filled
from mlcalc.maths.listed import is_entry, listed
from mlcalc.maths.near import closest
from mlcalc.maths.products import CONSTANTS
from mlcalc.maths.scanner import DOTS, Token, TwoReadings, Unreadable, two_ways
from mlcalc.maths.token_cursor import MAX_NESTING
from mlcalc.maths.tree import (
    Add,
    Call,
    Chain,
    Div,
    Expr,
    Indexed,
    Listing,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
    free_symbols,
    joined,
    parts,
)

MAX_DEPTH = 100
TWO = Number(Fraction(2))
NOTHING: Mapping[str, str] = MappingProxyType({})
BINDINGS = ("loose", "tight", "close")
"""How 1/2x may be read, see `Parser`."""
DOT_SIGNS = ("·", "⋅", "∙", "•", "\\cdot", "\\bullet")
"""Signs between vectors of a dot product, and between matrices of theirs; * goes by entries."""
REDUCING = ("sum", "mean", "var", "max", "min", "median", "abs", "dot", "norm")
"""Functions of matrices that give a number."""

RELATIONS = ("=", "~=", "<=", ">=", "<", ">", "!=", "~")
ONE_SIZE = r"(?:[^\W\d_]|[0-9]+)"
SIZES = re.compile(rf"(?<!\w){ONE_SIZE}(?:x{ONE_SIZE})+(?![\w(])")
"""3x128, CxHxW: an x between single letters or numbers; in other names it is a letter."""
PLAIN = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
"""Nearly all that is ever typed: one number that needs no grammar."""
ENTRY = re.compile(r"[xXyY][inN]")
"""xi and xn, behind a function without a bracket."""
SHORT, MOST_KEPT = 20, 1000
"""Numbers of at most so many characters are kept, so many of them."""
GAP = re.compile(r"\s|~|\\[,;: ]")
"""A space, also as LaTeX sets it."""
LINES = re.compile(r"\S\s*[\r\n]\s*\S")
"""Several lines, and not one that ends as lines do."""
SPACED = re.compile(r"\s*(?:[0-9]+(?:[ \t]+[0-9]+)+|[^\W\d]\w*(?:[ \t]+[^\W\d]\w*)+)\s*")
"""Sizes with nothing but spaces between them: 3 3, and K M, which is no product there."""
TIMES = re.compile(r"\s*×\s*|(?<=[\w)])\s+x\s+(?=[\w(])|(?<=[0-9)])x(?=\()|(?<=\))x(?=\w)")


def read(
    text: str,
    names: Collection[str] | None = None,
    known: Collection[str] = (),
    matrices: Collection[str] = (),
    functions: Mapping[str, str] = NOTHING,
    vectors: Collection[str] = (),
    binding: str = "",
) -> Expr:
    """The expression, list, matrix or shape that the text spells.

    `names`, where given, are the only symbols allowed; `known` are letters that stand for numbers,
    so that wx is w*x, `matrices` those of them that stand for matrices and `vectors` those of these
    that are columns; `functions` are names
    of functions under which they are known here, as sigma for sigmoid.  `binding` decides 1/2x,
    one of BINDINGS.  Raises `Unreadable`.
    """
    if PLAIN.fullmatch(text):
        return number(text)
    parser = Parser(text, names, known)
    parser.matrices, parser.vectors = frozenset(matrices), frozenset(vectors)
    parser.functions, parser.binding = functions, binding
    if parser.has_outside(";"):
        return parser.matrix()
    return parser.value()


def readings(text: str) -> tuple[Expr, ...]:
    """All readings of a formula: 1/2x is (1/2)*x and 1/(2*x), and most texts have one.

    Raises `Unreadable`.
    """
    try:
        return (Parser(text, None).value(),)
    except TwoReadings:
        found = []
        for binding in BINDINGS:
            parser = Parser(text, None)
            parser.binding = binding
            found.append(parser.value())
        return tuple(dict.fromkeys(found))


def read_number(text: str) -> Expr:
    """`read` where one number is asked for, so that 1,000 and 1 000 are a thousand."""
    return short_number(text) if len(text) <= SHORT else one_number(text)


def one_number(text: str) -> Expr:
    if PLAIN.fullmatch(text):
        return number(text)
    refuse_dots(text)
    parser = Parser(text, None)
    parser.tokens = joined_groups(parser.tokens, text)
    return parser.value()


# The problems of a file have many of them in common.
short_number = lru_cache(MOST_KEPT)(one_number)


def read_list(text: str, names: Collection[str] | None = None) -> Expr:
    """Numbers or formulas separated by commas, by spaces, or by new lines: 3, 4, 1 or 3 4 1."""
    if PLAIN.fullmatch(text):
        return read_number(text)
    parser = Parser(text, names)
    refuse_groups(parser.tokens, text, has_rows=False)
    return parser.matrix() if parser.has_outside(";") else parser.sequence()


def read_matrix(text: str, names: Collection[str] | None = None) -> Matrix:
    """Rows of entries, `1 2; 3 4`, a row a line, or `[[1, 2], [3, 4]]`; one number is 1×1."""
    parser = Parser(text, names)
    refuse_groups(parser.tokens, text, has_rows=True)
    return parser.matrix()


def read_shape(text: str, names: Collection[str] | None = None) -> Shape:
    """A tensor's size such as `3@128x128`, letters included: `C@HxW`, `H_out x W_out`."""
    text = with_times(text)
    channels_text, at, _ = text.rpartition("@")
    start = len(channels_text) + len(at)
    ends = [(match.start(), match.end()) for match in TIMES.finditer(text, start)]
    starts = [start, *(end for _, end in ends)]
    stops = [*(begin for begin, _ in ends), len(text)]
    sizes = [read_at(text[i:j], i, names) for i, j in zip(starts, stops, strict=True)]
    return Shape(tuple(sizes), read_at(channels_text, 0, names) if at else None)


def with_times(text: str) -> str:
    """The text with × for each x that stands between two sizes; positions stay as they are."""
    return SIZES.sub(lambda match: match.group().replace("x", "×"), text)


def read_shape_or_value(text: str, names: Collection[str] | None = None) -> Expr:
    """A list as such, `3` or `K` as a value, and anything with × between sizes as a shape.

    Several lines are the rows of a matrix, and sizes with spaces between them a list.
    """
    if SPACED.fullmatch(text) and not TIMES.search(text):
        return read_list(text, names)
    if LINES.search(text):
        return read_matrix(text, names)
    is_list = re.search(r"[\[\],;]", text)
    is_shape = not is_list and ("@" in text or TIMES.search(with_times(text)))
    return read_shape(text, names) if is_shape else read(text, names)


def read_at(text: str, offset: int, names: Collection[str] | None = None) -> Expr:
    """`read` for a piece of a longer text: positions count from the whole text's beginning."""
    try:
        return read(text, names)
    except Unreadable as error:
        raise Unreadable(error.message, error.position + offset) from None


class Parser(CallReader):
    """One pass over the tokens of one text."""

    # Whole texts.

    def value(self) -> Expr:
        if self.token.kind == "end":
            raise self.fail("there is nothing to read")
        first = self.chain()
        if self.token.text == ",":
            items = [first]
            while self.accept(",") and self.token.kind != "end":
                items.append(self.chain())
            return self.finished(Listing(tuple(items)))
        return self.finished(first)

    def finished(self, expression: Expr) -> Expr:
        if self.token.kind != "end":
            raise self.unexpected()
        check_depth(expression)
        if any(token.text == DOTS for token in self.tokens) and REST in free_symbols(expression):
            raise self.fail("it does not show what … stands for", self.tokens[0])
        return expression

    def sequence(self) -> Expr:
        """A list without rows, in which a new line is no more than a space or a comma."""
        is_spaced = not self.has_outside(",")
        with self.within(by_lines=True, in_row=is_spaced):
            items = [self.chain()]
            has_comma = False
            while self.token.kind != "end" and (
                is_spaced or self.starts_line() or self.token.text == ","
            ):
                has_comma = self.accept(",") is not None
                if self.token.kind != "end":
                    items.append(self.chain())
        return self.finished(items[0] if len(items) == 1 and not has_comma else listed(items))

    def matrix(self) -> Matrix:
        """Rows separated by `;`, new lines or brackets, entries by spaces or commas."""
        start = self.tokens[0]
        rows = self.bracketed_rows() or self.rows()
        result = self.finished(self.rectangular(rows, start))
        assert isinstance(result, Matrix)
        return result

    def bracketed_rows(self) -> list[tuple[Expr, ...]]:
        """The rows of [[1, 2], [3, 4]], (1, 2), (3, 4) and [1 2] [3 4]; none where there are none.

        A bracket of one number may be the beginning of a formula, and so is read as one.
        """
        if self.token.text not in ("(", "["):
            return []
        found: list[Expr] = []
        while self.token.text in ("(", "["):
            found.append(self.atom())
            if is_entry(found[0]):
                self.index, self.nesting = 0, 0
                return []
            if not self.accept(",", ";") and self.token.text not in ("(", "["):
                break
        if len(found) == 1:
            return self.rows_of(found[0])
        return [row for item in found for row in self.rows_of(item)]

    def rows_of(self, found: Expr) -> list[tuple[Expr, ...]]:
        match found:
            case Matrix(rows):
                return list(rows)
            case Listing(items) if items and all(map(is_entry, items)):
                return [items]
            case Listing((Listing(first), *_)):
                for number, row in enumerate(found.items[1:], 2):
                    own = row.items if isinstance(row, Listing) else (row,)
                    if len(own) != len(first):
                        raise self.other_length(number, len(own), len(first), self.tokens[0])
            case Listing(()):
                return [()]
        raise self.fail("an entry of a matrix is one number or formula", self.tokens[0])

    def rows(self) -> list[tuple[Expr, ...]]:
        with self.within(in_row=True):
            rows = [self.row()]
            while self.accept(";") or self.starts_line():
                if self.token.kind == "end" or self.token.text == "]":
                    break
                if not (self.token.text == ";" and self.starts_line()):
                    rows.append(self.row())
        return rows

    def row(self) -> tuple[Expr, ...]:
        entries = [self.entry()]
        separators = set()
        while self.token.kind != "end" and self.token.text not in (";", "]"):
            if self.starts_line():
                break
            separators.add("," if self.accept(",") else " ")
            if len(separators) > 1:
                raise self.fail("separate entries by spaces or by commas, and rows by ;")
            if self.token.kind == "end" or self.token.text in (";", "]"):
                break
            if self.starts_line():
                raise self.fail(
                    "this can be read in two ways: end the line above with ; for a row of its own, "
                    "or write both on one line"
                )
            entries.append(self.entry())
        return tuple(entries)

    def entry(self) -> Expr:
        token = self.token
        found = self.chain()
        if not is_entry(found):
            raise self.fail("an entry of a matrix is one number or formula", token)
        return found

    def rectangular(self, rows: list[tuple[Expr, ...]], token: Token) -> Matrix:
        for number, row in enumerate(rows[1:], 2):
            if len(row) != len(rows[0]):
                raise self.other_length(number, len(row), len(rows[0]), token)
        return Matrix(tuple(rows))

    def other_length(self, number: int, own: int, first: int, token: Token) -> Unreadable:
        entries = "1 entry" if own == 1 else f"{own} entries"
        return self.fail(f"row {number} has {entries} and row 1 has {first}", token)

    # The grammar, loosest first.

    def chain(self) -> Expr:
        first = self.sum()
        links = []
        while (relation := self.accept(*RELATIONS)) is not None:
            links.append((relation.text, self.sum()))
        return Chain(first, tuple(links)) if links else first

    def sum(self) -> Expr:
        self.accept("+")
        terms = [self.term()]
        while self.token.text in ("+", "-") and self.token.kind == "operator":
            if self.ends_here():
                break
            if self.in_row and self.token.spaced:
                if not self.tokens[self.index + 1].spaced:
                    break
                left = self.typed(self.tokens[self.index - 1])
                right = self.typed(self.token) + self.typed(self.tokens[self.index + 1])
                both = f"{left}{right} for one entry", f"{left} {right} for two"
                raise self.fail(two_ways(*both))
            operator = self.take()
            term = self.term()
            terms.append(Neg(term) if operator.text == "-" else term)
        return self.run(Add, terms)

    def run(self, build: type[Add | Mul | MatMul], parts: Sequence[Expr]) -> Expr:
        """A sum or product of some parts, … among them filled in: x_1 + … + x_n is sum(x)."""
        if REST not in parts or len(parts) == 1:
            return joined(build, parts)
        found = None if build is MatMul else filled(parts)
        if found is None:
            raise self.fail("it does not show what … stands for: write a sum or product over i")
        before, of, behind = found
        whole = Call("sum" if build is Add else "product", (of,))
        return joined(build, [*before, whole, *behind])

    def term(self) -> Expr:
        if self.accept("-"):
            # −a·b is −(a·b)
            return self.negated(self.term)
        start = self.token.position
        product = [self.factor()]  # the factors of a run of one sign
        build: type[Mul | MatMul] = Mul
        divided_at: Token | None = None
        while True:
            operator = self.accept("*", "/", "@")
            if operator and not operator.is_implied:
                right, sign = self.factor(), operator.text
                if sign == "*" and self.typed(operator).strip() in DOT_SIGNS:
                    if self.are_vectors(product[-1], right):
                        product[-1] = MatMul((Transpose(product[-1]), right))
                        divided_at = None
                        continue
                    sign = self.sign_between(product[-1], right, operator)
                is_fraction = sign == "/" and self.is_fraction(product)
                if sign == "/" and not is_fraction:
                    right = self.with_neighbours(right)
                divided_at = operator if sign == "/" and not is_fraction else None
            elif operator or (is_entry(product[-1]) and self.multiplies_without_sign()):
                # Neighbours have a sign of no width in LaTeX, and none elsewhere.
                if divided_at is not None and not self.binding and not self.is_big():
                    raise self.two_readings_of_a_quotient(start, divided_at)
                right = self.implied()
                sign = self.sign_between(product[-1], right, operator)
                divided_at = None
            else:
                return self.run(build, product)
            if sign == "/":
                product = [Div(self.run(build, product), right)]
                continue
            before, build = build, MatMul if sign == "@" else Mul
            if build is not before:
                product = [self.run(before, product)]
            product.append(right)

    def is_fraction(self, product: Sequence[Expr]) -> bool:
        """Whether 1/2 has just been read and a space follows, where nobody divides by more.

        In 1/2x nothing says where the divisor ends, and 1/2 n Σ x_i may be a mean's half.
        """
        above, slash, below = self.tokens[self.index - 3 : self.index]
        is_tight = above.end == slash.position and slash.end == below.position
        is_first = len(product) == 1 and isinstance(product[0], Number)
        is_plain = above.text.isdecimal() and below.text.isdecimal() and below.kind == "number"
        behind = [t.text for t in self.tokens[self.index : self.index + 4] if not t.is_implied]
        is_mean = len(behind) > 1 and behind[1] in ("sum", "product")
        is_bare = is_tight and is_first and is_plain and not is_mean
        return is_bare and GAP.match(self.text, below.end) is not None

    def with_neighbours(self, first: Expr) -> Expr:
        """A factor with those behind it that have no sign before them, where they belong to it."""
        factors = [first]
        while self.binds_tight() and (self.accept_implied() or self.multiplies_without_sign()):
            factors.append(self.implied())
        return joined(Mul, factors)

    def binds_tight(self) -> bool:
        """Whether a neighbour here belongs to the factor before it, rather than to all before."""
        if self.is_big():
            return False
        return self.binding == "tight" or (self.binding == "close" and not self.token.spaced)

    def is_big(self) -> bool:
        """Whether a sum stands here, of which 1/n Σ x_i has one n-th."""
        here = self.token
        if here.is_implied and here.kind == "operator":
            here = self.tokens[self.index + 1]
        return here.kind == "name" and here.text in ("sum", "product")

    def implied(self) -> Expr:
        """The factor that stands here without a sign before it."""
        token = self.token
        found = self.power()
        if not is_entry(found):
            raise self.fail("write * before this bracket for a product", token)
        return found

    def are_vectors(self, left: Expr, right: Expr) -> bool:
        """Whether w · x is a dot product: both are columns."""
        return all(is_vector(one, self.vectors, self.matrices) for one in (left, right))

    def sign_between(self, left: Expr, right: Expr, sign: Token | None) -> str:
        """What stands unwritten between two factors: @ between two matrices."""
        both = self.matrices and all(is_matrix(one, self.matrices) for one in (left, right))
        return "@" if both else sign.text if sign else "*"

    def negated(self, operand_rule: Callable[[], Expr]) -> Expr:
        self.deeper()
        operand = operand_rule()
        self.nesting -= 1
        if isinstance(operand, Number) and operand.value >= 0:
            written = None if operand.written is None else "-" + operand.written
            return Number(-operand.value, written)
        return Neg(operand)

    def factor(self) -> Expr:
        return self.negated(self.factor) if self.accept("-") else self.power()

    def power(self) -> Expr:
        start = self.token.position
        base = self.postfix()
        sign = self.token.position
        if self.token.kind == "superscript":
            return self.raised(base, Number(Fraction(self.take().text)))
        if self.accept("^"):
            self.deeper()
            raised = self.exponent()
            self.nesting -= 1
            if self.multiplies_without_sign():
                raised = self.with_factors(base, raised, start, sign)
            return self.raised(base, raised)
        return base

    def with_factors(self, base: Expr, raised: Expr, start: int, sign: int) -> Expr:
        """The exponent before a factor without a sign, with it where it may belong above.

        Raises `TwoReadings` for x^2y; that of θ^k (1 − θ) and x^(2)y ends where it seems to.
        """
        before, here = self.tokens[self.index - 1], self.token
        below, above = self.between(start, sign), self.between(sign + 1)
        rest = self.beginning()
        if below in FUNCTIONS:
            raise self.fail(f"write {below}({rest.strip('()')})^{above}")
        is_plain = base != Symbol("e") and not isinstance(raised, Neg) and not is_below_zero(raised)
        if before.text == ")" or (is_plain and (here.text == "(" or here.spaced)):
            return raised
        if not self.binding:
            raise self.two_readings(f"{below}^({above}*{rest})", f"{below}^{above}*{rest}")
        return self.with_neighbours(raised)

    def raised(self, base: Expr, raised: Expr) -> Expr:
        """A power, or the transpose of a matrix: W^T."""
        is_mark = isinstance(raised, Symbol) and raised.spelled in ("T", "top")
        if is_mark and is_matrix(base, self.matrices):
            return Transpose(base)
        return squared(base) if raised == TWO else Pow(base, raised)

    def exponent(self) -> Expr:
        return self.negated(self.exponent) if self.accept("-") else self.power()

    def postfix(self) -> Expr:
        result: Expr = self.atom()
        for _ in range(MAX_NESTING):
            if self.token.text == "%" and self.tokens[self.index - 1].kind == "number":
                percent = self.tokens[self.index - 1].text
                self.take()
                result = Number(Fraction(percent) / 100, percent + "%")
            elif self.token.text == "!" and self.token.kind == "operator":
                self.take()
                result = Call("factorial", (result,))
            elif self.accept(".T"):
                result = Transpose(result)
            elif method := self.accept(".sum()", ".mean()"):
                result = Call(method.text[1:-2], (result,))
            elif self.token.text == "[" and isinstance(result, Symbol) and not self.token.spaced:
                result = Indexed(result, self.bracketed("[", "]"))
            else:
                return result
        raise self.fail("too many signs in a row")

    def bracketed(self, opening: str, closing: str) -> tuple[Expr, ...]:
        """Comma-separated values in brackets, at least one."""
        token = self.expect(opening)
        self.deeper()
        with self.within():
            items = [self.chain()]
            while self.accept(","):
                items.append(self.chain())
        self.expect(closing, token)
        self.nesting -= 1
        return tuple(items)

    def atom(self) -> Expr:
        token = self.token
        if token.kind == "number":
            self.take()
            return number(token.text)
        if token.kind == "shape":
            self.take()
            return read_shape(token.text)
        if token.kind == "name":
            return self.name()
        if token.text == "(":
            items = self.bracketed("(", ")")
            return items[0] if len(items) == 1 else Listing(items)
        if token.text == "[":
            return self.square()
        if token.text == "|":
            return self.norm() or self.absolute()
        if token.kind == "end":
            raise self.fail("something is missing at the end")
        raise self.fail(f"a number or a name is expected before '{self.typed(token)}'")

    def absolute(self) -> Expr:
        opening = self.expect("|")
        self.deeper()
        self.bars += 1
        with self.within():
            inside = self.sum()
        self.expect("|", opening)
        self.nesting -= 1
        self.bars -= 1
        return Call("abs", (inside,))

    def norm(self) -> Expr | None:
        """||x||, the root of the sum of squares; None where two bars open and one closes."""
        start, depth = self.index, self.nesting
        # Tried once at each place, so that no row of bars takes long.
        if start in self.no_norms or not self.accept_bars():
            return None
        self.no_norms.add(start)
        self.deeper()
        self.bars, before = self.bars + 1, self.bars
        try:
            with self.within():
                inside = self.sum()
        except Unreadable:
            inside = None
        self.nesting, self.bars = depth, before
        if inside is None or not self.accept_bars():
            self.index = start
            return None
        return Call("sqrt", (Call("sum", (Pow(inside, TWO),)),))

    def accept_bars(self) -> bool:
        """Passes over two bars with nothing between them."""
        here = self.tokens[self.index : self.index + 2]
        are_two = [bar.text for bar in here] == ["|", "|"] and not here[1].spaced
        self.index += 2 * are_two
        return are_two

    def square(self) -> Expr:
        """A list [1, 2, 3], a matrix [[1, 2], [3, 4]] or [1 2; 3 4]."""
        token = self.expect("[")
        self.deeper()
        if self.has_rows_inside():
            result: Expr = self.rectangular(self.rows(), token)
            is_row = isinstance(result, Matrix) and len(result.rows) == 1
            if isinstance(result, Matrix) and (result.shape == (1, 1) or (is_row and self.in_list)):
                result = Listing(result.rows[0])
        else:
            items = []
            with self.within(in_list=True):
                while self.token.text != "]":
                    items.append(self.chain())
                    follows = self.token.text in ("[", "(") and not is_entry(items[-1])
                    if not self.accept(",") and not follows:
                        break
            result = listed(items)
        self.expect("]", token)
        self.nesting -= 1
        return result

    # Names and calls.

    def name(self) -> Expr:
        token = self.take()
        if self.text[token.position] == "√" and self.token.text != "(":
            return self.root(token)
        opens = self.token.text == "(" and not (self.in_row and self.token.spaced)
        if opens and token.text not in self.known:
            meaning = meaning_of(token.text)
            if meaning in CALLABLE:
                return self.call(token._replace(text=meaning))
            if self.is_application():
                return self.application(token)
        if token.text in FUNCTIONS and token.text not in self.known and self.has_operand():
            return self.of_one(token)
        if self.names is not None and token.text not in self.names:
            self.check_name(token, self.names)
        return Symbol.named(token.text)

    def has_operand(self) -> bool:
        """Whether the one letter or number behind a function's name is what it is of: log x."""
        is_apart = self.token.spaced and not self.in_row and not self.ends_here()
        is_entry_of_data = ENTRY.fullmatch(self.token.text) is not None
        is_factor = self.token.kind == "name" and (self.is_letter(self.token) or is_entry_of_data)
        return is_apart and (is_factor or self.token.kind == "number")

    def of_one(self, function: Token) -> Expr:
        """log x, ln 2: nothing may look like a further part of what the function is of."""
        of = self.postfix()
        is_longer = self.token.kind == "superscript" or self.token.text == "^"
        if is_longer or self.multiplies_without_sign() or FUNCTIONS[function.text].most != 1:
            raise self.fail(f"write {self.typed(function)}(…) with brackets", function)
        return self.built(function, (of,), ())

    def root(self, sign: Token) -> Expr:
        """√2, √x: the root of one number or name, behind which nothing may look like its part."""
        self.deeper()
        inside = self.atom()
        self.nesting -= 1
        is_longer = self.token.kind == "superscript" or self.token.text in ("^", "!", "%", ".T")
        if is_longer or self.multiplies_without_sign():
            raise self.fail("write √(…) with brackets around all that is under the root")
        return Call(sign.text, (inside,))

    def check_name(self, token: Token, names: Collection[str]) -> None:
        if token.text in self.bound or token.text in CONSTANTS:
            return
        listed = ", ".join(sorted(names)) or "no name"
        hint = closest(token.text, names) or f"; known here: {listed}"
        raise self.fail(f"unknown name '{token.text}'{hint}", token)


def is_matrix(factor: Expr, matrices: Collection[str]) -> bool:
    """Whether a factor is a matrix, by the names in it that are."""
    if isinstance(factor, Call) and factor.name in REDUCING:
        return False
    if isinstance(factor, Symbol):
        return factor.spelled in matrices
    return any(is_matrix(part, matrices) for part in parts(factor))


def squared(base: Expr) -> Expr:
    """A square; that of ||x|| is the sum of squares."""
    match base:
        case Call("sqrt", (Call("sum", (Pow(_, power),)) as inside,)) if power == TWO:
            return inside
    return Pow(base, TWO)


def is_vector(factor: Expr, vectors: Collection[str], matrices: Collection[str]) -> bool:
    """Whether a factor is a column, by the names in it that are; W x is one."""
    match factor:
        case Symbol():
            return factor.spelled in vectors
        case MatMul((*_, last)):
            first = factor.factors[0]
            is_number = isinstance(first, Transpose) and is_vector(first.operand, vectors, matrices)
            return not is_number and is_vector(last, vectors, matrices)
        case Transpose():
            return False
        case Call(name, _) if name in REDUCING:
            return False
    inner = [part for part in parts(factor) if is_matrix(part, matrices)]
    return bool(inner) and all(is_vector(part, vectors, matrices) for part in inner)


def is_below_zero(exponent: Expr) -> bool:
    return isinstance(exponent, Number) and exponent.value < 0


def number(text: str) -> Number:
    """The number of some digits, which are kept where they are not how it is printed."""
    whole, _, part = text.partition(".")
    if not (whole + part).isdecimal():
        value = Fraction(text)
    else:
        value = Fraction(int(whole + part), 10 ** len(part)) if part else Fraction(int(whole))
    written = standard(text)
    return Number(value, None if str(value) == written else written)


def standard(text: str) -> str:
    """A number as it is printed: 0.5 for .5 and 1 for 1. and 01."""
    whole, point, part = text.partition(".")
    whole = whole.lstrip("0") or "0" if whole.isdigit() or not whole else whole
    return whole + (point if part[:1].isdigit() else "") + part


def items_of(expression: Expr) -> tuple[Expr, ...]:
    """The items of a list; anything else is a list of one."""
    if isinstance(expression, Listing):
        return expression.items
    if isinstance(expression, Matrix) and 1 in expression.shape:
        return tuple(entry for row in expression.rows for entry in row)
    return (expression,)


def check_depth(expression: Expr) -> None:
    """Refuses a tree that recursion could not walk; looks without recursion itself."""
    level, depth = [expression], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"the expression is nested more than {MAX_DEPTH} deep", 0)
        level = [part for node in level for part in parts(node)]
