"""Maths in one line of Unicode.

What is read here is never read back by mlcalc (`source` is for that), so it may leave out the
signs that a reader does not miss: 2θ, k log θ, θ².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.printing import letters, rules
from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.printing.numerals import Numeral
from mlcalc.maths.printing.printer import Pieces, Printer
from mlcalc.maths.printing.rules import Form
from mlcalc.maths.printing.signs import Signs
from mlcalc.maths.printing.style import Style
from mlcalc.maths.records import replace
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Derivative,
    Expr,
    Indexed,
    Marked,
    Number,
    Shape,
    Symbol,
)

LINE_SIGNS = Signs(
    plus=" + ", minus=" − ", negative="−", hadamard=" ⊙ ", bar=" | ", dots="…",
    joints={Joint.TIMES: "·", Joint.WIDE_TIMES: " · ", Joint.JUXTAPOSED: "", Joint.SPACE: " "},
    matrix_joints={Joint.TIMES: "·", Joint.WIDE_TIMES: "·", Joint.SPACE: " "},
    relations=Chain.RELATIONS,
)  # fmt: skip

# Functions with a letter or name of their own on paper.
FUNCTION_LETTERS = {
    "sigmoid": "σ", "gamma_function": "Γ", "beta_function": "B", "digamma": "ψ",
    "bessel_i0": "I₀",
    "trigamma": "ψ′", "indicator": "𝟙",
    "log2": "log₂", "log10": "log₁₀",
}  # fmt: skip


class TextPrinter(Printer[str]):
    """What all one-line texts have in common."""

    def text(self, text: str) -> str:
        return text

    def joined(self, pieces: Pieces[str]) -> str:
        return "".join(sign + shown for sign, shown in pieces)

    def fence(self, inner: str, kind: str) -> str:
        return f"{kind[0]}{inner}{kind[1]}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{numerator}/{denominator}"

    def listed(self, items: Sequence[str]) -> str:
        return ", ".join(items)

    def with_off(self, shown: Numeral, off: Numeral) -> str:
        """What stands behind the 1 of a number near ±1: − 2.06·10⁻⁹."""
        sign = self.signs.plus if shown.negative == off.negative else self.signs.minus
        return sign + self.numeral(replace(off, negative=False))

    def bracketed_index(self, indexed: Indexed) -> str:
        indices = self.listed([self.render(index, rules.ARGUMENT) for index in indexed.indices])
        return f"{self.render(indexed.base, rules.OPERAND)}[{indices}]"


class LinePrinter(TextPrinter):
    """One line of Unicode."""

    signs = LINE_SIGNS
    prime: str = "′"
    function_letters: Mapping[str, str] = FUNCTION_LETTERS

    def __init__(self, style: Style) -> None:
        super().__init__(Form(digits=style.digits, more=style.more))

    def raised(self, exponent: Expr) -> str | None:
        return letters.raised(exponent)

    def numeral(self, shown: Numeral) -> str:
        digits = self.digits(shown)
        if shown.divisor:
            digits = f"{digits}/{shown.divisor}"
        if shown.exponent is not None:
            digits += self.power_of_ten(shown.exponent)
        if shown.off is not None:
            digits += self.with_off(shown, shown.off)
        return f"{self.signs.negative * shown.negative}{digits}{'%' * shown.percent}"

    def digits(self, shown: Numeral) -> str:
        return letters.letter(shown.digits)

    def power_of_ten(self, exponent: int) -> str:
        return f"·10{letters.raised_integer(exponent)}"

    def symbol(self, symbol: Symbol) -> str:
        return letters.spelled(symbol)

    def indexed(self, indexed: Indexed) -> str:
        match indexed:
            case Indexed(Symbol(_, "") as base, (index,)) if small := letters.lowered(index):
                return self.render(base, rules.OPERAND) + small
            case Indexed(Symbol(_, "") as base, (Symbol(_, "", "") as index,)):
                # Few letters have a small form to be set low: h_T.
                return f"{self.symbol(base)}_{self.symbol(index)}"
            case Indexed(Symbol(_, "") as base, (Indexed(Symbol(), (Number(),)) as index,)):
                return f"{self.symbol(base)}_{self.indexed(index)}"  # v_W₁
        return self.bracketed_index(indexed)

    def words(self, text: str) -> str:
        return text

    def power(self, base: Expr, exponent: Expr) -> str:
        shown = self.render(base, rules.BASE)
        small = self.raised(exponent)
        return shown + (small or f"^{self.render(exponent, rules.EXPONENT)}")

    def root(self, radicand: Expr) -> str:
        return f"√{self.render(radicand, rules.BASE)}"

    def transpose(self, operand: str) -> str:
        return f"{operand}ᵀ"

    def function_name(self, call: Call) -> str:
        name = call.name.removesuffix("'")
        prime = self.prime if name != call.name else ""
        return (self.function_letters.get(name) or self.ordinary_name(name)) + prime

    def ordinary_name(self, name: str) -> str:
        if name in DISTRIBUTIONS:
            return name.capitalize().replace("_", " ")
        symbol = Symbol.named(name)
        return self.symbol(symbol) if len(letters.letter(symbol.name)) == 1 else name

    def binomial(self, n: Expr, k: Expr) -> str:
        return f"C({self.listed([self.render(n, rules.ARGUMENT), self.render(k, rules.ARGUMENT)])})"

    def matrix(self, rows: tuple[tuple[Expr, ...], ...]) -> str:
        shown = [[self.render(entry, rules.ARGUMENT) for entry in row] for row in rows]
        short = all(isinstance(e, Number | Decimal | Symbol | Indexed) for row in rows for e in row)
        clear = all(" " not in e and e[:1] not in "-−" for row in shown for e in row)
        gap = " " if short and clear else ", "
        return f"[{'; '.join(gap.join(row) for row in shown)}]"

    def cross(self, shape: Shape) -> str:
        return "×"

    def shape(self, shape: Shape) -> str:
        sizes = self.cross(shape).join(self.render(size, rules.OPERAND) for size in shape.sizes)
        if shape.channels is None:
            return sizes
        return f"{self.render(shape.channels, rules.OPERAND)}@{sizes}"

    def cases(self, cases: Cases) -> str:
        def branch(value: Expr, condition: Expr | None) -> str:
            end = "otherwise" if condition is None else f"if {self.render(condition)}"
            return f"{self.render(value)} {end}"

        return f"{{{'; '.join(branch(*pair) for pair in cases.branches)}}}"

    def big(self, big: BigOp) -> str:
        body = self.render(big.body, rules.BODY)
        if big.low is None or big.high is None:
            return f"{self.over_all(big)} {body}"
        index, start = letters.lowered(big.index), letters.lowered(big.low)
        end = self.raised(big.high)
        if index and start and end:
            return f"{self.operator(big)}{index}₌{start}{end} {body}"
        low = f"{self.symbol(big.index)}={self.render(big.low)}"
        return f"{self.operator(big)}_({low})^({self.render(big.high)}) {body}"

    def over_all(self, big: BigOp) -> str:
        """The sign of a sum without limits: Σᵢ."""
        index = "" if self.form.ascii else letters.lowered(big.index)
        return self.operator(big) + (index or f"_{self.symbol(big.index)}")

    def operator(self, big: BigOp) -> str:
        return "Σ" if big.kind == "sum" else "∏"

    def derivative(self, derivative: Derivative) -> str:
        above, below = self.differentials(derivative)
        if is_short(derivative.body):
            return f"{above}{self.render(derivative.body)}/{below}"
        return f"{above}/{below} [ {self.render(derivative.body)} ]"

    def differentials(self, derivative: Derivative) -> tuple[str, str]:
        """What stands above and below the bar, the body left out: d², dθ²."""
        d = self.differential(derivative)
        times = "" if derivative.order == 1 else self.order(derivative.order)
        return d + times, f"{d}{self.render(derivative.variable, rules.OPERAND)}{times}"

    def order(self, order: int) -> str:
        return letters.raised_integer(order)

    def differential(self, derivative: Derivative) -> str:
        return "∂" if derivative.partial else "d"


def is_short(body: Expr) -> bool:
    """Whether a derivative's body stands beside the d: ∂f/∂x."""
    return isinstance(body, Symbol | Indexed | Marked)
