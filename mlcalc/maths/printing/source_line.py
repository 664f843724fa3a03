"""Text that mlcalc's reader reads back to a tree of the same value.

Everything that a human reader does not miss is spelled out: every product has its sign, every
function its brackets, every name is ASCII.  Notation without a value (a derivative that is to
be taken, words, dots) is spelled as a call or as it is.
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.maths.printing import letters, rules
from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.printing.lines import TextPrinter
from mlcalc.maths.printing.numerals import Numeral
from mlcalc.maths.printing.rules import Form, Place
from mlcalc.maths.printing.signs import Signs
from mlcalc.maths.printing.style import Style
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Cases,
    Chain,
    Derivative,
    Expr,
    Hadamard,
    Indexed,
    Listing,
    Number,
    Shape,
    Symbol,
    substitute,
    walk,
)

SOURCE_SIGNS = Signs(
    plus=" + ", minus=" - ", negative="-", hadamard=", ", bar=" | ", dots="...",
    joints=dict.fromkeys(Joint, "*"), matrix_joints=dict.fromkeys(Joint, " @ "),
    relations={relation: relation for relation in Chain.RELATIONS}, equals="=",
)  # fmt: skip


class SourcePrinter(TextPrinter):
    """One line of the language that the reader reads."""

    signs = SOURCE_SIGNS

    def __init__(self, digits: int | Style | None) -> None:
        style = Style(digits) if isinstance(digits, int) else digits
        more = {} if style is None else style.more
        super().__init__(Form(None if style is None else style.digits, more, source=True))

    def bracket_of(self, expr: Expr) -> str:
        return "[]" if isinstance(expr, Listing) else "()"

    def show(self, expr: Expr, place: Place) -> str:
        match expr:
            case Hadamard(factors):
                return self.function("hadamard", *factors)
            case Listing(items) if len(items) < 2 and place in (rules.WHOLE, rules.MEMBER):
                # A list of one must not read back as its entry.
                return self.fence(super().show(expr, place), "[]")
        return super().show(expr, place)

    def function(self, name: str, *arguments: Expr) -> str:
        shown = [self.render(argument, rules.ARGUMENT) for argument in arguments]
        return f"{name}({self.listed(shown)})"

    def call(self, call: Call, place: Place) -> str:
        return self.plain_call(call, place)

    def numeral(self, shown: Numeral) -> str:
        digits = shown.digits
        if shown.divisor:
            digits += f"/{shown.divisor}"
        if shown.exponent is not None:
            digits += f"e{shown.exponent}"
        if shown.off is not None:
            digits += self.with_off(shown, shown.off)
        return f"{self.signs.negative * shown.negative}{digits}{'%' * shown.percent}"

    def symbol(self, symbol: Symbol) -> str:
        return letters.ascii_text(symbol.spelled)

    def indexed(self, indexed: Indexed) -> str:
        return self.bracketed_index(indexed)

    def words(self, text: str) -> str:
        return letters.ascii_text(text)

    def power(self, base: Expr, exponent: Expr) -> str:
        return f"{self.render(base, rules.BASE)}^{self.render(exponent, rules.EXPONENT)}"

    def root(self, radicand: Expr) -> str:
        return self.function("sqrt", radicand)

    def binomial(self, n: Expr, k: Expr) -> str:
        return self.function("binomial", n, k)

    def transpose(self, operand: str) -> str:
        # "2.T" would begin with the number "2."
        return f"({operand}).T" if operand[0].isdigit() else f"{operand}.T"

    def function_name(self, call: Call) -> str:
        return letters.ascii_text(call.name)

    def keyword(self, name: str) -> str:
        return letters.ascii_text(name)

    def matrix(self, rows: tuple[tuple[Expr, ...], ...]) -> str:
        shown = [self.listed([self.render(e, rules.ARGUMENT) for e in row]) for row in rows]
        return f"[{self.listed([f'[{row}]' for row in shown])}]"

    def shape(self, shape: Shape) -> str:
        # Letters need air, since HxW is one name to the reader.
        digits = all(isinstance(size, Number) for size in shape.sizes)
        sizes = [self.render(size, rules.OPERAND) for size in shape.sizes]
        channels = (
            "" if shape.channels is None else f"{self.render(shape.channels, rules.OPERAND)}@"
        )
        return channels + ("x" if digits else " x ").join(sizes)

    def cases(self, cases: Cases) -> str:
        parts = [part for branch in cases.branches for part in branch if part is not None]
        return self.function("cases", *parts)

    def big(self, big: BigOp) -> str:
        if big.low is None or big.high is None:
            # Over all the data: sum(x), as functions of a list are written.
            whole = [
                part
                for part in walk(big.body)
                if isinstance(part, Indexed) and part.indices == (big.index,)
            ]
            return self.function(big.kind, substitute(big.body, {p: p.base for p in whole}))
        return self.function(big.kind, big.body, big.index, big.low, big.high)

    def derivative(self, derivative: Derivative) -> str:
        order = () if derivative.order == 1 else (Number(Fraction(derivative.order)),)
        return self.function("diff", derivative.body, derivative.variable, *order)
