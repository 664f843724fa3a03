"""Maths in one line of ASCII, for a terminal that has nothing better.

It is the Unicode line with every letter and sign spelled out; the words are those that the
reader of mlcalc knows.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.printing import letters
from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.printing.lines import LinePrinter
from mlcalc.maths.printing.numerals import Numeral
from mlcalc.maths.printing.rules import Form
from mlcalc.maths.printing.signs import Signs
from mlcalc.maths.printing.style import Style
from mlcalc.maths.tree import BigOp, Chain, Derivative, Expr, Indexed, Number, Shape, Symbol

ASCII_SIGNS = Signs(
    plus=" + ", minus=" - ", negative="-", hadamard=" .* ", bar=" | ", dots="...",
    joints={Joint.TIMES: "*", Joint.WIDE_TIMES: " * ", Joint.JUXTAPOSED: "", Joint.SPACE: " "},
    matrix_joints={Joint.TIMES: "*", Joint.WIDE_TIMES: "*", Joint.SPACE: " "},
    relations={relation: relation for relation in Chain.RELATIONS},
)  # fmt: skip


class AsciiPrinter(LinePrinter):
    """One line of ASCII."""

    signs = ASCII_SIGNS
    fences: Mapping[str, str] = {"abs": "||"}
    prime = "'"
    function_letters: Mapping[str, str] = {}

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.form = Form(digits=style.digits, more=style.more, ascii=True)

    def raised(self, exponent: Expr) -> str | None:
        return None

    def cross(self, shape: Shape) -> str:
        # Letters need air, since HxW reads as one name.
        return "x" if all(isinstance(size, Number) for size in shape.sizes) else " x "

    def power_of_ten(self, exponent: int) -> str:
        return f"*10^{exponent}" if exponent >= 0 else f"*10^({exponent})"

    def digits(self, shown: Numeral) -> str:
        return letters.ascii_text(shown.digits)

    def symbol(self, symbol: Symbol) -> str:
        return letters.ascii_text(symbol.spelled)

    def indexed(self, indexed: Indexed) -> str:
        match indexed:
            case Indexed(Symbol(_, "") as base, (Symbol() | Number() as index,)):
                if letters.lowered(index):
                    return f"{self.symbol(base)}_{self.render(index)}"
        return self.bracketed_index(indexed)

    def words(self, text: str) -> str:
        return letters.ascii_text(text)

    def root(self, radicand: Expr) -> str:
        return f"sqrt({self.render(radicand)})"

    def transpose(self, operand: str) -> str:
        return f"{operand}^T"

    def ordinary_name(self, name: str) -> str:
        if name in DISTRIBUTIONS:
            return name.capitalize().replace("_", " ")
        return letters.ascii_text(name)

    def operator(self, big: BigOp) -> str:
        return "sum" if big.kind == "sum" else "prod"

    def order(self, order: int) -> str:
        return f"^{order}"

    def differential(self, derivative: Derivative) -> str:
        return "d"
