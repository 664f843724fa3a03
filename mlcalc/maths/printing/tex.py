r"""Maths for LaTeX's math mode.

Brackets grow with \left( only where what they hold is tall, because grown brackets add space
that the board does not have.  What a user typed is escaped, so no text can become a command.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.printing import letters, rules
from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.printing.lines import TextPrinter, is_short
from mlcalc.maths.printing.numerals import Numeral
from mlcalc.maths.printing.rules import Form
from mlcalc.maths.printing.signs import Signs
from mlcalc.maths.printing.style import Style
from mlcalc.maths.tree import BigOp, Call, Cases, Derivative, Expr, Indexed, Shape, Symbol

LATEX_SIGNS = Signs(
    plus=" + ", minus=" - ", negative="-", hadamard=r" \odot ", bar=r" \mid ", dots=r"\dots",
    joints={Joint.TIMES: r" \cdot ", Joint.WIDE_TIMES: r" \cdot ", Joint.JUXTAPOSED: " ",
            Joint.SPACE: " "},
    matrix_joints={Joint.TIMES: r" \cdot ", Joint.WIDE_TIMES: " ", Joint.SPACE: " "},
    relations={
        "=": "=", "~=": r"\approx", "<=": r"\leq", ">=": r"\geq", "<": "<", ">": ">",
        "!=": r"\neq", "~": r"\sim", "propto": r"\propto", "in": r"\in", "->": r"\to",
        "<=>": r"\iff", "=>": r"\implies",
    },
)  # fmt: skip

# What makes brackets grow.
_TALL = ("\\frac", "\\binom", "\\sum", "\\prod", "\\begin")

_GROWN = {
    "()": ("(", ")"), "[]": ("[", "]"), "||": ("|", "|"),
    "‖‖": (r"\lVert ", r" \rVert"),
    "⌊⌋": (r"\lfloor ", r" \rfloor"), "⌈⌉": (r"\lceil ", r" \rceil"),
}  # fmt: skip

# Operators that LaTeX knows by name.
_OPERATORS = frozenset({
    "log", "ln", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh",
    "cosh", "tanh", "max", "min", "sup", "inf", "det", "dim", "gcd", "arg", "deg", "ker", "lim",
})  # fmt: skip
_FUNCTIONS = {
    "sigmoid": r"\sigma", "gamma_function": r"\Gamma", "beta_function": r"\mathrm{B}",
    "bessel_i0": r"I_{0}", "indicator": r"\mathbf{1}",
    "digamma": r"\psi", "trigamma": r"\psi'", "log2": r"\log_{2}", "log10": r"\log_{10}",
}  # fmt: skip

_NO_NUMBERS = {"inf": r"\infty", "undefined": r"\text{undefined}"}

_ESCAPES = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", **{c: f"\\{c}" for c in "{}$&#_%"},
}  # fmt: skip


def escaped(text: str) -> str:
    """A user's text without any command in it."""
    return "".join(_ESCAPES.get(c, c) for c in text)


class LatexPrinter(TextPrinter):
    """LaTeX for use in math mode."""

    signs = LATEX_SIGNS

    def __init__(self, style: Style) -> None:
        super().__init__(
            Form(digits=style.digits, more=style.more, fractions_close=True, numerals_close=True)
        )

    def fence(self, inner: str, kind: str) -> str:
        left, right = _GROWN[kind]
        if any(tall in inner for tall in _TALL):
            return rf"\left{left.strip()} {inner} \right{right.strip()}"
        return f"{left}{inner}{right}"

    def numeral(self, shown: Numeral) -> str:
        # A comma that groups digits is no punctuation, after which TeX would leave a space.
        digits = _NO_NUMBERS.get(shown.digits, shown.digits.replace(",", "{,}"))
        if shown.divisor:
            digits = self.fraction(digits, shown.divisor)
        if shown.exponent is not None:
            digits += rf" \cdot 10^{{{shown.exponent}}}"
        if shown.off is not None:
            digits += self.with_off(shown, shown.off)
        return "-" * shown.negative + digits + r"\%" * shown.percent

    def symbol(self, symbol: Symbol) -> str:
        return _symbol(symbol, _subscript(symbol.subscript))

    def indexed(self, indexed: Indexed) -> str:
        indices = ",".join(self.render(index, rules.ARGUMENT) for index in indexed.indices)
        if isinstance(indexed.base, Symbol):
            own = _subscript(indexed.base.subscript)
            return _symbol(indexed.base, f"{own},{indices}" if own else indices)
        return f"{{{self.render(indexed.base, rules.OPERAND)}}}_{{{indices}}}"

    def words(self, text: str) -> str:
        return rf"\text{{{escaped(text)}}}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def power(self, base: Expr, exponent: Expr) -> str:
        return f"{self.render(base, rules.BASE)}^{{{self.render(exponent)}}}"

    def marked(self, name: Expr, mark: str) -> str:
        # In braces, since TeX takes no second superscript: the transpose of x^{(2)}.
        return f"{{{self.render(name, rules.BASE)}^{{{mark}}}}}"

    def root(self, radicand: Expr) -> str:
        return rf"\sqrt{{{self.render(radicand)}}}"

    def transpose(self, operand: str) -> str:
        return rf"{operand}^\top"

    def function_name(self, call: Call) -> str:
        name = call.name.removesuffix("'")
        return self.function(name) + ("'" if name != call.name else "")

    def function(self, name: str) -> str:
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        if name in DISTRIBUTIONS:
            return rf"\mathrm{{{name.capitalize()}}}".replace("_", r"\ ")
        if name in _OPERATORS:
            return f"\\{name}"
        symbol = Symbol.named(name)
        if len(letters.letter(symbol.name)) == 1:
            return self.symbol(symbol)
        return rf"\operatorname{{{escaped(name)}}}"

    def binomial(self, n: Expr, k: Expr) -> str:
        return rf"\binom{{{self.render(n)}}}{{{self.render(k)}}}"

    def matrix(self, rows: tuple[tuple[Expr, ...], ...]) -> str:
        return _environment("bmatrix", [[self.render(entry) for entry in row] for row in rows])

    def shape(self, shape: Shape) -> str:
        sizes = r" \times ".join(self.render(size, rules.OPERAND) for size in shape.sizes)
        if shape.channels is None:
            return sizes
        return f"{self.render(shape.channels, rules.OPERAND)}@{sizes}"

    def cases(self, cases: Cases) -> str:
        def condition(expr: Expr | None) -> str:
            return r"\text{otherwise}" if expr is None else rf"\text{{if }} {self.render(expr)}"

        rows = [[self.render(value), condition(when)] for value, when in cases.branches]
        return _environment("cases", rows)

    def big(self, big: BigOp) -> str:
        sign = r"\sum" if big.kind == "sum" else r"\prod"
        body = self.render(big.body, rules.BODY)
        if big.low is None or big.high is None:
            return rf"{sign}_{{{self.symbol(big.index)}}} {body}"
        low = f"{self.symbol(big.index)}={self.render(big.low)}"
        return rf"{sign}_{{{low}}}^{{{self.render(big.high)}}} {body}"

    def derivative(self, derivative: Derivative) -> str:
        d = r"\partial" if derivative.partial else "d"
        times = "" if derivative.order == 1 else f"^{{{derivative.order}}}"
        below = f"{d} {self.render(derivative.variable, rules.OPERAND)}{times}"
        if is_short(derivative.body):
            return self.fraction(f"{d}{times} {self.render(derivative.body)}", below)
        operator = self.fraction(f"{d}{times}", below)
        return f"{operator} {self.fence(self.render(derivative.body), '[]')}"


def _environment(name: str, rows: Sequence[Sequence[str]]) -> str:
    content = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{{name}}} {content} \end{{{name}}}"


def _letters(name: str) -> str:
    """A name as LaTeX writes it: Greek by command, one letter italic, a word upright."""
    if name == "inf":
        return r"\infty"
    name = letters.plain_name(name)
    if name in letters.GREEK:
        return f"\\{name}"
    return escaped(name) if len(name) == 1 else rf"\mathrm{{{escaped(name)}}}"


@lru_cache(maxsize=4096)
def _symbol(symbol: Symbol, subscript: str) -> str:
    root = letters.variance_root(symbol.name)
    name = _letters(root or symbol.name)
    if symbol.accent:
        name = rf"\{symbol.accent}{{{name}}}"
    return name + (f"_{{{subscript}}}" if subscript else "") + ("^{2}" if root else "")


@lru_cache(maxsize=4096)
def _subscript(text: str) -> str:
    """W_{xh} is a pair of indices, H_{\\mathrm{out}} a word."""
    pair = len(text) == 2 and text.isalpha() and text.islower() and text not in {"in", "no"}
    greek = letters.plain_name(text) in letters.GREEK and letters.letter_below(text) != text
    return text if (pair and not greek) or text.isdigit() or not text else _letters(text)
