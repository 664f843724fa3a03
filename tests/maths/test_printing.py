"""The printers, row by row: what is on the board, what reads back, what LaTeX gets.

The tables are the specification: what they say was decided by hand.  What holds for every tree
(widths, ASCII, balance) is left to Hypothesis.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcalc.maths.printing import Style, columns, drops_digits, latex, one_line, source, stacked
from mlcalc.maths.printing.boxes import Box
from mlcalc.maths.printing.stacked_maths import StackedPrinter
from mlcalc.maths.printing.widths import wrapped_maths
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
    Shape,
    Symbol,
    Transpose,
    Words,
    call,
    equals,
)
from tests.maths.trees import arithmetic


def number(value: int | str, written: str | None = None) -> Number:
    return Number(Fraction(value), written)


a, b, c, k, n, x, y, i, t = map(Symbol, ["a", "b", "c", "k", "n", "x", "y", "i", "t"])
theta, D, f = Symbol("theta"), Symbol("D"), Symbol("f")
A, B = Symbol("A"), Symbol("B")
theta_hat = Symbol("theta", accent="hat")
one, two, three = number(1), number(2), number(3)
x_i = Indexed(x, (i,))
two_by_two = Matrix(((one, two), (three, number(4))))
log_theta = call("log", theta)
ASCII = Style(ascii=True)

NUMBERS: list[tuple[Expr, str, str, str]] = [
    (number("1/20", "0.05"), "0.05", "0.05", "0.05"),
    (number("-1/20", "-0.05"), "−0.05", "-0.05", "-0.05"),
    (number("2/25", "8%"), "8%", "8%", r"8\%"),
    (number("1/50000", "2e-5"), "2·10⁻⁵", "2e-5", r"2 \cdot 10^{-5}"),
    (number("18/7"), "18/7", "18/7", r"\frac{18}{7}"),
    (number("-18/7"), "−18/7", "-18/7", r"-\frac{18}{7}"),
    (number(1234567), "1234567", "1234567", "1234567"),
    (Decimal(Fraction(2, 25)), "0.08", "0.08", "0.08"),
    (Decimal(Fraction(1, 3)), "0.33333", "1/3", "0.33333"),
    (Decimal(0.5), "0.5", "0.5", "0.5"),
    (Decimal(0.380797), "0.38080", "0.380797", "0.38080"),
    (Decimal(2.00001e-5), "2.0000·10⁻⁵", "2.00001e-5", r"2.0000 \cdot 10^{-5}"),
    (Decimal(float("inf")), "∞", "inf", r"\infty"),
    (Decimal(float("nan")), "undefined", "undefined", r"\text{undefined}"),
]

NAMES: list[tuple[Expr, str, str, str]] = [
    (theta_hat, "θ̂", "theta_hat", r"\hat{\theta}"),
    (Symbol("x", accent="bar"), "x̄", "x_bar", r"\bar{x}"),
    (Symbol("x", "1"), "x₁", "x_1", "x_{1}"),
    (Symbol("x", "12"), "x₁₂", "x_12", "x_{12}"),
    (Symbol("W", "xh"), "W_xh", "W_xh", "W_{xh}"),
    (Symbol("W", "xi"), "W_xi", "W_xi", "W_{xi}"),
    (Symbol("W", "mu"), "W_μ", "W_mu", r"W_{\mu}"),
    (Symbol("H", "out"), "H_out", "H_out", r"H_{\mathrm{out}}"),
    (Symbol("sigma", "theta"), "σ_θ", "sigma_theta", r"\sigma_{\theta}"),
    (Symbol("sigma2"), "σ²", "sigma2", r"\sigma^{2}"),
    (Symbol("sigma2", "y", "hat"), "σ̂²_y", "sigma2_hat_y", r"\hat{\sigma}_{y}^{2}"),
    (Symbol("inf"), "∞", "inf", r"\infty"),
    (Symbol("rate"), "rate", "rate", r"\mathrm{rate}"),
    (x_i, "xᵢ", "x[i]", "x_{i}"),
    (Indexed(Symbol("h"), (t - 1,)), "hₜ₋₁", "h[t - 1]", "h_{t - 1}"),
    (Indexed(Symbol("h"), (t + 1,)), "hₜ₊₁", "h[t + 1]", "h_{t + 1}"),
    (Indexed(Symbol("Y"), (two, three)), "Y[2, 3]", "Y[2, 3]", "Y_{2,3}"),
    (Indexed(Symbol("W", "xh"), (i,)), "W_xh[i]", "W_xh[i]", "W_{xh,i}"),
]

BRACKETS: list[tuple[Expr, str, str, str]] = [
    (-(a * b), "−a·b", "-a*b", r"-a \cdot b"),
    (number(-2) * 3, "(−2)·3", "(-2)*3", r"(-2) \cdot 3"),
    (a * Neg(b), "a·(−b)", "a*(-b)", r"a \cdot (-b)"),
    (one + number(-2), "1 + (−2)", "1 + (-2)", "1 + (-2)"),
    (number(-2) + x, "−2 + x", "-2 + x", "-2 + x"),
    (x - Neg(y), "x − (−y)", "x - (-y)", "x - (-y)"),
    (a - (b + c), "a − (b + c)", "a - (b + c)", "a - (b + c)"),
    (Add((a, Add((b, c)))), "a + (b + c)", "a + (b + c)", "a + (b + c)"),
    (Mul((a, Mul((b, c)))), "a·(b·c)", "a*(b*c)", r"a \cdot (b \cdot c)"),
    ((a + b) * c, "(a + b)·c", "(a + b)*c", r"(a + b) \cdot c"),
    (a * b / c, "a·b/c", "a*b/c", r"\frac{a \cdot b}{c}"),
    ((a + b) / c, "(a + b)/c", "(a + b)/c", r"\frac{a + b}{c}"),
    (a / (b * c), "a/(b·c)", "a/(b*c)", r"\frac{a}{b \cdot c}"),
    (a / b / c, "(a/b)/c", "(a/b)/c", r"\frac{\frac{a}{b}}{c}"),
    (a * (b / c), "a·(b/c)", "a*(b/c)", r"a \cdot \frac{b}{c}"),
    (Mul((Div(a, b), c)), "a/b·c", "a/b*c", r"\frac{a}{b} \cdot c"),
    (-n / theta**2, "−n/θ²", "-n/theta^2", r"\frac{-n}{\theta^{2}}"),
    (Neg(b) ** 2, "(−b)²", "(-b)^2", "(-b)^{2}"),
    (number("8/100", "8%") ** 2, "(8%)²", "(8%)^2", r"(8\%)^{2}"),
    (number("1/3") ** 2, "(1/3)²", "(1/3)^2", r"\left( \frac{1}{3} \right)^{2}"),
    ((a / b) ** 2, "(a/b)²", "(a/b)^2", r"\left( \frac{a}{b} \right)^{2}"),
    ((theta**2) ** 2, "(θ²)²", "(theta^2)^2", r"(\theta^{2})^{2}"),
    (two ** (two ** number(20)), "2^(2²⁰)", "2^(2^20)", "2^{2^{20}}"),
    (x ** number(-1), "x⁻¹", "x^(-1)", "x^{-1}"),
    (x**n, "xⁿ", "x^n", "x^{n}"),
    (three ** number(10), "3¹⁰", "3^10", "3^{10}"),
    ((1 - theta) ** (n - k), "(1 − θ)^(n − k)", "(1 - theta)^(n - k)", r"(1 - \theta)^{n - k}"),
    (Transpose(A) ** 2, "(Aᵀ)²", "(A.T)^2", r"(A^\top)^{2}"),
]  # fmt: skip

PRODUCTS: list[tuple[Expr, str, str, str]] = [
    (two * theta, "2θ", "2*theta", r"2 \theta"),
    (two * theta**2, "2θ²", "2*theta^2", r"2 \theta^{2}"),
    (two * Symbol("x", "max"), "2x_max", "2*x_max", r"2 x_{\mathrm{max}}"),
    (two * Symbol("foot") ** 2, "2·foot²", "2*foot^2", r"2 \cdot \mathrm{foot}^{2}"),
    (number("7/2", "3.5") * theta, "3.5θ", "3.5*theta", r"3.5 \theta"),
    (number("7/2") * theta, "(7/2)θ", "7/2*theta", r"\frac{7}{2} \theta"),
    (two * number(0), "2·0", "2*0", r"2 \cdot 0"),
    (k * theta, "k·θ", "k*theta", r"k \cdot \theta"),
    (k * log_theta, "k log θ", "k*log(theta)", r"k \log \theta"),
    (
        k * log_theta + (n - k) * call("log", 1 - theta),
        "k log θ + (n − k) log(1 − θ)",
        "k*log(theta) + (n - k)*log(1 - theta)",
        r"k \log \theta + (n - k) \log(1 - \theta)",
    ),
    (log_theta * x, "log(θ)·x", "log(theta)*x", r"\log(\theta) \cdot x"),
    (log_theta**2, "log(θ)²", "log(theta)^2", r"\log(\theta)^{2}"),
    (log_theta / n, "log(θ)/n", "log(theta)/n", r"\frac{\log \theta}{n}"),
    (-(k * log_theta) / n, "−k log(θ)/n", "-k*log(theta)/n", r"\frac{-k \log \theta}{n}"),
    (MatMul((Symbol("W", "xh"), Symbol("x", "1"))), "W_xh x₁", "W_xh @ x_1", "W_{xh} x_{1}"),
    (MatMul((two, three)), "2·3", "2 @ 3", r"2 \cdot 3"),
    (Hadamard((A, B)), "A ⊙ B", "hadamard(A, B)", r"A \odot B"),
    (Transpose(A) @ B, "Aᵀ B", "A.T @ B", r"A^\top B"),
]

CALLS: list[tuple[Expr, str, str, str]] = [
    (
        call("floor", (number(4) + two * one - two) / 1) + 1,
        "⌊(4 + 2·1 − 2)/1⌋ + 1",
        "floor((4 + 2*1 - 2)/1) + 1",
        r"\left\lfloor \frac{4 + 2 \cdot 1 - 2}{1} \right\rfloor + 1",
    ),
    (call("ceil", x), "⌈x⌉", "ceil(x)", r"\lceil x \rceil"),
    (call("abs", x - y), "|x − y|", "abs(x - y)", "|x - y|"),
    (call("sqrt", x), "√x", "sqrt(x)", r"\sqrt{x}"),
    (call("sqrt", x + 1), "√(x + 1)", "sqrt(x + 1)", r"\sqrt{x + 1}"),
    (call("factorial", three), "3!", "3!", "3!"),
    (call("factorial", n - 1), "(n − 1)!", "(n - 1)!", "(n - 1)!"),
    (call("exp", -x), "e^(−x)", "exp(-x)", "e^{-x}"),
    (call("exp", two), "e²", "exp(2)", "e^{2}"),
    (call("exp", x) ** 2, "(e^x)²", "exp(x)^2", "(e^{x})^{2}"),
    (call("binomial", n, k), "C(n, k)", "binomial(n, k)", r"\binom{n}{k}"),
    (call("sigmoid", x), "σ(x)", "sigmoid(x)", r"\sigma(x)"),
    (call("sigmoid'", x), "σ′(x)", "sigmoid'(x)", r"\sigma'(x)"),
    (call("relu'", x), "relu′(x)", "relu'(x)", r"\operatorname{relu}'(x)"),
    (call("gamma_function", x), "Γ(x)", "gamma_function(x)", r"\Gamma(x)"),
    (call("max", x, y), "max(x, y)", "max(x, y)", r"\max(x, y)"),
    (call("median", x), "median(x)", "median(x)", r"\operatorname{median}(x)"),
    (
        call("gamma", shape=2, scale=2),
        "Gamma(shape = 2, scale = 2)",
        "gamma(shape=2, scale=2)",
        r"\mathrm{Gamma}(\mathrm{shape} = 2, \mathrm{scale} = 2)",
    ),
    (call("beta", 7, 95), "Beta(7, 95)", "beta(7, 95)", r"\mathrm{Beta}(7, 95)"),
    (
        call("inverse_gamma", 2, 3),
        "Inverse gamma(2, 3)",
        "inverse_gamma(2, 3)",
        r"\mathrm{Inverse\ gamma}(2, 3)",
    ),
    (
        call("normal", mu=0, sigma2=1),
        "Normal(μ = 0, σ² = 1)",
        "normal(mu=0, sigma2=1)",
        r"\mathrm{Normal}(\mu = 0, \sigma^{2} = 1)",
    ),
]

NOTATIONS: list[tuple[Expr, str, str, str]] = [
    (two_by_two, "[1 2; 3 4]", "[[1, 2], [3, 4]]", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"),
    (
        Matrix(((number(-1), x + y),)),
        "[−1, x + y]",
        "[[-1, x + y]]",
        r"\begin{bmatrix} -1 & x + y \end{bmatrix}",
    ),
    (
        MatMul((two_by_two, Matrix.column([one, two]))),
        "[1 2; 3 4]·[1; 2]",
        "[[1, 2], [3, 4]] @ [[1], [2]]",
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix}",
    ),
    (BigOp("sum", x_i, i, one, n), "Σᵢ₌₁ⁿ xᵢ", "sum(x[i], i, 1, n)", r"\sum_{i=1}^{n} x_{i}"),
    (
        BigOp("product", x_i + 1, i, one, n - 1),
        "∏_(i=1)^(n − 1) (xᵢ + 1)",
        "product(x[i] + 1, i, 1, n - 1)",
        r"\prod_{i=1}^{n - 1} (x_{i} + 1)",
    ),
    (
        two * BigOp("sum", x_i, i, one, n),
        "2·Σᵢ₌₁ⁿ xᵢ",
        "2*sum(x[i], i, 1, n)",
        r"2 \cdot \sum_{i=1}^{n} x_{i}",
    ),
    (
        BigOp("sum", x_i, i, one, n) * 2,
        "(Σᵢ₌₁ⁿ xᵢ)·2",
        "sum(x[i], i, 1, n)*2",
        r"\left( \sum_{i=1}^{n} x_{i} \right) \cdot 2",
    ),
    (
        BigOp("sum", x_i, i, one, n) / n,
        "(Σᵢ₌₁ⁿ xᵢ)/n",
        "sum(x[i], i, 1, n)/n",
        r"\frac{\sum_{i=1}^{n} x_{i}}{n}",
    ),
    (
        Cases(((x, Chain(x, ((">=", number(0)),))), (number(0), None))),
        "{x if x ≥ 0; 0 otherwise}",
        "cases(x, x >= 0, 0)",
        r"\begin{cases} x & \text{if } x \geq 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
    (
        Derivative(k * log_theta, theta),
        "d/dθ [ k log θ ]",
        "diff(k*log(theta), theta)",
        r"\frac{d}{d \theta} [k \log \theta]",
    ),
    (
        Derivative(x + 1, x, order=2),
        "d²/dx² [ x + 1 ]",
        "diff(x + 1, x, 2)",
        r"\frac{d^{2}}{d x^{2}} [x + 1]",
    ),
    (Derivative(f, x, partial=True), "∂f/∂x", "diff(f, x)", r"\frac{\partial f}{\partial x}"),
    (Call("P", (Given(D, theta),)), "P(D | θ)", "P(D | theta)", r"P(D \mid \theta)"),
    (x + Words("a constant"), "x + a constant", "x + a constant", r"x + \text{a constant}"),
    (Words("50% of x_1"), "50% of x_1", "50% of x_1", r"\text{50\% of x\_1}"),
    (Dots(), "…", "...", r"\dots"),
    (Listing((three, number(4), one)), "3, 4, 1", "3, 4, 1", "3, 4, 1"),
    (Listing((three,)), "3", "[3]", "3"),
    (call("max", Listing((three, one))), "max(3, 1)", "max([3, 1])", r"\max(3, 1)"),
    (Shape((number(128), number(128)), three), "3@128×128", "3@128x128", r"3@128 \times 128"),
    (Shape((Symbol("H"), Symbol("W")), Symbol("C")), "C@H×W", "C@H x W", r"C@H \times W"),
]

CHAINS: list[tuple[Expr, str, str, str]] = [
    (
        equals(theta_hat, number("18/7"), Decimal(Fraction(18, 7))),
        "θ̂ = 18/7 ≈ 2.5714",
        "theta_hat = 18/7 = 18/7",
        r"\hat{\theta} = \frac{18}{7} \approx 2.5714",
    ),
    (Chain(a, (("=", b), (">=", c))), "a = b ≥ c", "a = b >= c", r"a = b \geq c"),
    (
        Chain(Given(theta, D), (("~", call("beta", 2, 3)),)),
        "θ | D ∼ Beta(2, 3)",
        "theta | D ~ beta(2, 3)",
        r"\theta \mid D \sim \mathrm{Beta}(2, 3)",
    ),
    (Chain(a, (("propto", b),)), "a ∝ b", "a propto b", r"a \propto b"),
    (Chain(a, (("!=", b), ("=>", c))), "a ≠ b ⇒ c", "a != b => c", r"a \neq b \implies c"),
]

ROWS = NUMBERS + NAMES + BRACKETS + PRODUCTS + CALLS + NOTATIONS + CHAINS


@pytest.mark.parametrize(("tree", "line", "text", "tex"), ROWS)
def test_each_notation(tree: Expr, line: str, text: str, tex: str) -> None:
    assert (one_line(tree), source(tree), latex(tree)) == (line, text, tex)


@pytest.mark.parametrize(("tree", "line", "text", "tex"), ROWS)
def test_ascii_is_ascii(tree: Expr, line: str, text: str, tex: str) -> None:
    assert one_line(tree, ASCII).isascii()
    assert source(tree).isascii()
    assert "".join(stacked(tree, 80, ASCII)).isascii()


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (Fraction(1, 3), 5, "0.33333"),
        (Fraction(2, 3), 5, "0.66667"),
        (Fraction(25, 2), 2, "12"),  # half to even
        (Fraction(27, 2), 2, "14"),
        (Fraction("0.125"), 2, "0.12"),
        (Fraction("0.12500001"), 2, "0.13"),
        (Fraction("0.999996"), 5, "0.999996"),  # it is not 1
        (Fraction("0.99999996"), 5, "1 − 4·10⁻⁸"),
        (-1 - Fraction("2.06e-9"), 5, "−1 − 2.06·10⁻⁹"),
        (Fraction("1.00001234"), 5, "1.00001"),
        (Fraction("99999.6"), 5, "100000"),
        (123456.789, 5, "123457"),
        (Fraction("999999999.9"), 5, "1000000000"),
        (Fraction(10**12), 5, "1000000000000"),
        (1e12 / 7, 5, "1.4286·10¹¹"),
        (Fraction(1, 10**4), 5, "0.0001"),
        (Fraction(1, 50000), 5, "2·10⁻⁵"),
        (Fraction("0.00009999999"), 5, "0.00010000"),
        (0.1, 5, "0.10000"),  # a float is not one tenth
        (-0.0, 5, "0"),
        (-1e-300, 3, "−1.00·10⁻³⁰⁰"),
        (float("-inf"), 5, "−∞"),
    ],
)
def test_decimals_are_rounded_once_and_say_so(
    value: Fraction | float, digits: int, shown: str
) -> None:
    assert one_line(Decimal(value), Style(digits=digits)) == shown


def test_drops_digits_compares_what_is_shown_with_the_value() -> None:
    assert drops_digits(x + Decimal(Fraction(1, 3)), 5)
    assert not drops_digits(Decimal(Fraction(2, 25)), 1)
    assert drops_digits(Decimal(Fraction(12, 1000)), 1)
    assert not drops_digits(Number(Fraction(1, 3)), 5)
    assert not drops_digits(Decimal(float("inf")), 5)
    assert not drops_digits(Decimal(Fraction(123456)), 2)
    assert drops_digits(Decimal(123456.0), 2)
    assert drops_digits(Decimal(123456.5), 2)


def test_digits_in_source_announce_the_rounding() -> None:
    assert source(equals(x, Decimal(Fraction(1, 3))), digits=4) == "x ~= 0.3333"


def test_a_whole_number_beyond_the_limit_of_str_is_printed() -> None:
    assert one_line(Number(Fraction(10**5000))) == "1" + "0" * 5000


@pytest.mark.parametrize(
    ("tree", "line"),
    [
        (two * theta**2, "2theta^2"),
        (equals(theta_hat, Decimal(Fraction(1, 3))), "theta_hat ~= 0.33333"),
        (call("floor", x) * call("sqrt", y), "floor(x)*sqrt(y)"),
        (BigOp("product", x_i, i, one, n), "prod_(i=1)^(n) x_i"),
        (number("1/50000", "2e-5"), "2*10^(-5)"),
        (Shape((two, two)), "2x2"),
        (Shape((Symbol("d", "h"), Symbol("d", "x"))), "d_h x d_x"),
        (Transpose(A) @ B, "A^T B"),
        (Words("θ → ∞ é"), "theta -> inf \\xe9"),
    ],
)
def test_ascii_line(tree: Expr, line: str) -> None:
    assert one_line(tree, ASCII) == line


def test_columns() -> None:
    assert [columns(text) for text in ("", "ab", "θ̂", "数", "⎛½⎞")] == [0, 2, 1, 2, 3]


def drawn(tree: Expr, width: int = 80, style: Style = Style()) -> str:  # noqa: B008  frozen
    return "\n" + "\n".join(stacked(tree, width, style))


DRAWINGS: list[tuple[Expr, str]] = [
    (
        theta - number("1/3") * x,
        """
    1
θ − ─ x
    3""",
    ),
    (
        equals(theta_hat, number("18/7"), Decimal(Fraction(18, 7))),
        """
    18
θ̂ = ── ≈ 2.5714
    7""",
    ),
    (
        call("floor", (number(4) - two) / 3) + 1,
        """
⎢4 − 2⎥
⎢─────⎥ + 1
⎣  3  ⎦""",
    ),
    ((a / b) ** 2 * theta**2, "\n⎛a⎞²\n⎜─⎟  · θ²\n⎝b⎠"),
    (
        theta**k * (1 - theta) ** (n - k),
        """
            n − k
θᵏ · (1 − θ)""",
    ),
    (x ** number("1/3"), "\n 1/3\nx"),
    (
        equals(A, MatMul((two_by_two, Matrix.column([number(-1), number("1/2")])))),
        """
A = ⎡1  2⎤ ⎡ −1⎤
    ⎣3  4⎦ ⎣1/2⎦""",
    ),
    (
        BigOp("sum", x_i**2, i, one, n),
        """
 n
 Σ  xᵢ²
i=1""",
    ),
    (
        Cases(((x, Chain(x, ((">=", number(0)),))), (Neg(x), None))),
        """
⎧ x   if x ≥ 0
⎨
⎩ −x  otherwise""",
    ),
    (call("binomial", n, k) * 2, "\n⎛n⎞ · 2\n⎝k⎠"),
    (
        Derivative(log_theta, theta, order=2),
        """
d²
─── [ log θ ]
dθ²""",
    ),
    (
        Derivative(f, x, partial=True) / 2,
        """
 ∂f
 ──
 ∂x
────
 2""",
    ),
]

LONG_CHAIN = equals(
    Symbol("L"),
    k * log_theta + (n - k) * call("log", 1 - theta) + Symbol("c"),
    number(12) * log_theta + number(8) * call("log", 1 - theta) + number(3) * call("log", two),
    Decimal(Fraction(-27, 11)),
)


@pytest.mark.parametrize(("tree", "drawing"), DRAWINGS)
def test_drawings(tree: Expr, drawing: str) -> None:
    assert drawn(tree) == drawing


def test_literal_matrices_stand_side_by_side() -> None:
    assert drawn(two_by_two @ two_by_two) == "\n⎡1  2⎤ ⎡1  2⎤\n⎣3  4⎦ ⎣3  4⎦"


def test_a_drawing_in_ascii() -> None:
    tree = equals(theta_hat, call("floor", x / y) ** 2, two_by_two)
    assert (
        drawn(tree, 80, ASCII)
        == r"""
                    2
                 /x\
theta_hat = floor|-|  = [1  2]
                 \y/    [3  4]"""
    )


def test_a_chain_breaks_before_its_relations() -> None:
    assert (
        drawn(LONG_CHAIN, 80)
        == """
L = k log θ + (n − k) log(1 − θ) + c
  = 12 log θ + 8 log(1 − θ) + 3 log 2
  ≈ −2.4545"""
    )


def test_a_long_sum_breaks_before_an_operator() -> None:
    assert (
        drawn(LONG_CHAIN, 34)
        == """
L = k log θ + (n − k) log(1 − θ)
      + c
  = 12 log θ + 8 log(1 − θ)
      + 3 log 2
  ≈ −2.4545"""
    )


def level(leaves: list[Expr]) -> Add:
    """A sum of products whose lines all have one height, so that they are read one by one."""
    return Add(tuple(Neg(leaf) if i % 3 else Mul((leaf, x, y)) for i, leaf in enumerate(leaves)))


NAMED = st.text("abcdefghij", min_size=1, max_size=30).map(Symbol)


@given(
    st.lists(st.lists(NAMED, min_size=1, max_size=9), min_size=2, max_size=3),
    st.sampled_from(["=", "<=", "~="]),
)
@settings(deadline=None)
def test_a_broken_chain_is_read_line_by_line(sums: list[list[Expr]], relation: str) -> None:
    first, *others = map(level, sums)
    chain = Chain(first, tuple((relation, other) for other in others))
    for width in (24, 40, 80):
        assert "".join("".join(stacked(chain, width)).split()) == one_line(chain).replace(" ", "")


def test_a_relation_stands_behind_the_last_line_of_a_broken_sum() -> None:
    fractions = Add(tuple(Symbol("x", str(i)) / y for i in range(1, 7)))
    assert (
        drawn(equals(fractions, number(0)), 24)
        == """
x₁   x₂   x₃   x₄   x₅
── + ── + ── + ── + ──
y    y    y    y    y

    x₆
  + ──
    y

  = 0"""
    )


def test_what_cannot_be_broken_is_wrapped() -> None:
    assert stacked(Words("the sum of all the values"), 10) == ["the sum of", "all the", "values"]
    assert stacked(Number(Fraction(10**15)), 10) == ["1000000000", "000000"]


def test_lines_break_outside_of_brackets_and_before_a_sign() -> None:
    text = "S 𝟙(x = 1) log θ + S 𝟙(x = 2) log κ + S 𝟙(x = 3)"
    assert wrapped_maths(text, 30) == ["S 𝟙(x = 1) log θ", "+ S 𝟙(x = 2) log κ", "+ S 𝟙(x = 3)"]
    assert wrapped_maths("((a − b)² + (c − d)²)/4", 18) == ["((a − b)²", "+ (c − d)²)/4"]
    assert wrapped_maths("aaaaaaa bb", 5) == ["aaaaa", "aa bb"]


@given(arithmetic(indexed=True))
@settings(deadline=None)
def test_stacked_never_exceeds_its_width(tree: Expr) -> None:
    for width in (8, 20, 40, 80):
        assert all(columns(line) <= width for line in stacked(tree, width))


@given(arithmetic(indexed=True))
@settings(deadline=None)
def test_nothing_is_lost_in_wrapping(tree: Expr) -> None:
    def letters(text: str) -> str:
        return text.replace(" ", "")

    assert letters("".join(stacked(Words(one_line(tree)), 12))) == letters(one_line(tree))


@given(arithmetic(indexed=True))
@settings(deadline=None)
def test_the_lines_of_a_box_have_one_width(tree: Expr) -> None:
    for style in (Style(), ASCII):
        box: Box = StackedPrinter(style).render(tree)
        assert {columns(line) for line in box.lines} == {box.width}
        assert 0 <= box.baseline < box.height


@given(arithmetic(indexed=True))
@settings(deadline=None)
def test_ascii_trees_are_ascii(tree: Expr) -> None:
    assert one_line(tree, ASCII).isascii()
    assert source(tree).isascii()
    assert "".join(stacked(tree, 40, ASCII)).isascii()


@given(arithmetic(indexed=True))
@settings(deadline=None)
def test_latex_brackets_are_balanced(tree: Expr) -> None:
    tex = latex(tree)
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")


def test_the_tables_have_no_row_twice() -> None:
    trees = sorted(map(repr, (row[0] for row in ROWS)))
    assert all(first != second for first, second in pairwise(trees))
