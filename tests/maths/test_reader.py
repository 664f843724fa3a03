"""The reader, row by row: what a text means, and what is said about a text that means nothing.

What holds for every text is left to Hypothesis: what `source` prints is read back with the same
value, and any text at all gives a tree or an `Unreadable` with a place inside it, at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcalc.maths.compare import close
from mlcalc.maths.evaluate import Value, evaluate
from mlcalc.maths.functions import KNOWN_CALLS, EvaluationError
from mlcalc.maths.printing import latex, one_line, source, stacked
from mlcalc.maths.reader import read, read_matrix, read_shape, read_shape_or_value, readings
from mlcalc.maths.scanner import MAX_DIGITS, Unreadable
from mlcalc.maths.token_cursor import MAX_LENGTH, MAX_NESTING
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Div,
    Expr,
    Hadamard,
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
)
from tests.maths.trees import (
    INDEX,
    SYMBOLS,
    A,
    B,
    arithmetic,
    calculations,
    decimals,
    matrices,
    numbers,
    plain_arithmetic,
    whole_texts,
)


def number(value: int | str, written: str | None = None) -> Number:
    return Number(Fraction(value), written)


a, b, c, i, n, x, y = map(Symbol, ["a", "b", "c", "i", "n", "x", "y"])
theta, lam, mu = Symbol("theta"), Symbol("lambda"), Symbol("mu")
one, two, three, four = map(number, [1, 2, 3, 4])
two_by_two = Matrix(((one, two), (three, four)))

NUMBERS: list[tuple[str, Expr]] = [
    ("3", three),
    ("-3", number(-3)),
    ("−3", number(-3)),
    ("-0.5", number("-1/2", "-0.5")),
    ("0.05", number("1/20", "0.05")),
    (".5", number("1/2", "0.5")),
    ("3.50", number("7/2", "3.50")),
    ("1/3", Div(one, three)),
    ("2e-5", number("1/50000", "2e-5")),
    ("1E3", number(1000, "1E3")),
    ("8%", number("2/25", "8%")),
    ("8 %", number("2/25", "8%")),
    ("-2.5%", number("-1/40", "-2.5%")),
    ("3^10", Pow(three, number(10))),
    ("3**10", Pow(three, number(10))),
    ("3¹⁰", Pow(three, number(10))),
    ("+3", three),
    ("½", number("1/2")),
    ("2½", number("5/2")),
    ("1½ x", Mul((number("3/2"), x))),
    ("２．５", number("5/2", "2.5")),  # fullwidth
    ("𝟑", three),
    ("2e−5", number("1/50000", "2e-5")),
    ("2.5 x 10^-3", Mul((number("5/2", "2.5"), Pow(number(10), number(-3))))),
    ("2X10⁻³", Mul((two, Pow(number(10), number(-3))))),
]

NAMES: list[tuple[str, Expr]] = [
    ("theta", theta),
    ("θ", theta),
    ("ϑ", theta),
    ("Θ", Symbol("Theta")),
    ("lambda", lam),
    ("λ", lam),
    ("θ̂", Symbol("theta", accent="hat")),
    ("theta_hat", Symbol("theta", accent="hat")),
    ("x̄", Symbol("x", accent="bar")),
    ("x_bar", Symbol("x", accent="bar")),
    ("ŷ", Symbol("y", accent="hat")),  # one character
    ("ȳ", Symbol("y", accent="bar")),
    ("ŷ₁", Symbol("y", "1", accent="hat")),
    ("x₁", Symbol("x", "1")),
    ("x_1", Symbol("x", "1")),
    ("x₁₂", Symbol("x", "12")),
    ("θ̂₁", Symbol("theta", "1", accent="hat")),
    ("W_xh", Symbol("W", "xh")),
    ("σ_θ", Symbol("sigma", "theta")),
    ("𝜃", theta),
    ("Δx", Symbol("Deltax")),
    ("sigma2", Symbol("sigma2")),
    ("∞", Symbol("inf")),
    ("x2", Symbol("x2")),
]

SIGNS: list[tuple[str, Expr]] = [
    ("5−3", Add((number(5), Neg(three)))),
    ("a-b-c", Add((a, Neg(b), Neg(c)))),
    ("a-(b-c)", Add((a, Neg(Add((b, Neg(c))))))),
    ("-a*b", Neg(Mul((a, b)))),
    ("-2^2", Neg(Pow(two, two))),
    ("(-2)^2", Pow(number(-2), two)),
    ("2^-3", Pow(two, number(-3))),
    ("2^-x^2", Pow(two, Neg(Pow(x, two)))),
    ("x⁻¹", Pow(x, number(-1))),
    ("a^b^c", Pow(a, Pow(b, c))),
    ("a/b/c", Div(Div(a, b), c)),
    ("a/b*c", Mul((Div(a, b), c))),
    ("a·b×c", Mul((a, b, c))),
    ("a*(b*c)", Mul((a, Mul((b, c))))),
    ("x - -y", Add((x, Neg(Neg(y))))),
    ("x--y", Add((x, Neg(Neg(y))))),
    ("a*-b", Mul((a, Neg(b)))),
    ("a/-b", Div(a, Neg(b))),
    ("2theta", Mul((two, theta))),
    ("2 theta", Mul((two, theta))),
    ("2.5θ", Mul((number("5/2", "2.5"), theta))),
    ("2θ²", Mul((two, Pow(theta, two)))),
    ("3(x+1)", Mul((three, Add((x, one))))),
    ("2a*3b", Mul((two, a, three, b))),
    ("2log(x)", Mul((two, Call("log", (x,))))),
    ("|x|", Call("abs", (x,))),
    ("|x - y|/2", Div(Call("abs", (Add((x, Neg(y))),)), two)),
    ("3!", Call("factorial", (three,))),
    ("-n!", Neg(Call("factorial", (n,)))),
    ("2^3!", Pow(two, Call("factorial", (three,)))),
    ("√2", Call("sqrt", (two,))),
    ("√(x + 1)", Call("sqrt", (Add((x, one)),))),
    ("2√3/2", Div(Mul((two, Call("sqrt", (three,)))), two)),
    ("A.T @ B", MatMul((Transpose(A), B))),
    ("Aᵀ@B@A", MatMul((Transpose(A), B, A))),
    ("A @ B * 2", Mul((MatMul((A, B)), two))),
    ("x[1, 2]", Indexed(x, (one, two))),
]

PRODUCTS: list[tuple[str, str]] = [
    ("θ x^(θ−1)", "theta*x^(theta - 1)"),
    ("θx^(θ−1)", "theta*x^(theta - 1)"),
    ("(x+y)z", "(x + y)*z"),
    ("(x+1)(x+2)", "(x + 1)*(x + 2)"),
    ("(θ+1) x^θ", "(theta + 1)*x^theta"),
    ("6θ(1−θ)", "6*theta*(1 - theta)"),
    ("n(n−1)/2", "n*(n - 1)/2"),
    ("x^2 y + y", "x^2*y + y"),
    ("x²y", "x^2*y"),
    ("θ^7 (1−θ)^3", "theta^7*(1 - theta)^3"),
    ("p^k(1-p)^(n-k)", "p^k*(1 - p)^(n - k)"),
    ("e^(-λ) λ^x/x!", "e^(-lambda)*lambda^x/x!"),
    ("λe^(−λx)", "lambda*e^(-lambda*x)"),
    ("(2πσ²)^(-1/2)", "(2*pi*sigma^2)^(-1/2)"),
    ("x₁x₂", "x_1*x_2"),
    ("k ln θ + (n−k) ln(1−θ)", "k*ln(theta) + (n - k)*ln(1 - theta)"),
    ("log 2", "log(2)"),
    ("x√2", "x*sqrt(2)"),
    ("n!(n-k)!", "n!*(n - k)!"),
    ("x y, y z", "x*y, y*z"),
    ("2|x|", "2*abs(x)"),
    ("||x||", "sqrt(sum(x^2))"),
    ("½||x − y||²", "½*sum((x - y)^2)"),
    ("‖x‖", "sqrt(sum(x^2))"),
    ("||x| - 1|", "abs(abs(x) - 1)"),
    ("ReLU(x)", "relu(x)"),
    ("np.maximum(0, x)", "max(0, x)"),
]

CHAINS: list[tuple[str, Expr]] = [
    ("theta = 18/7 ≈ 2.571", Chain(theta, (
        ("=", Div(number(18), number(7))), ("~=", number("2.571", "2.571")),
    ))),
    ("0 < x <= 1", Chain(number(0), (("<", x), ("<=", one)))),
    ("0 ≤ x ≥ 1", Chain(number(0), (("<=", x), (">=", one)))),
    ("a == b != c", Chain(a, (("=", b), ("!=", c)))),
    ("x ~ beta(1, 2)", Chain(x, (("~", Call("beta", (one, two))),))),
]  # fmt: skip

CALLS: list[tuple[str, Expr]] = [
    (
        "floor((H + 2*P - K)/S) + 1",
        Add((
            Call("floor", (
                Div(
                    Add((Symbol("H"), Mul((two, Symbol("P"))), Neg(Symbol("K")))), Symbol("S")
                ),
            )),
            one,
        )),
    ),
    ("beta(7, 95)", Call("beta", (number(7), number(95)))),
    ("gamma(shape=2, scale=2)", Call("gamma", (), (("shape", two), ("scale", two)))),
    ("normal(mu=0, σ² = 4)", Call("normal", (), (("mu", number(0)), ("sigma2", four)))),
    ("beta(7, b=1/2)", Call("beta", (number(7),), (("b", Div(one, two)),))),
    ("6*theta*(1-theta)", Mul((number(6), theta, Add((one, Neg(theta)))))),
    ("lambda*exp(-lambda*x)", Mul((lam, Call("exp", (Neg(Mul((lam, x))),))))),
    ("sum(log(x))", Call("sum", (Call("log", (x,)),))),
    ("sum(x[i], i, 1, n)", BigOp("sum", Indexed(x, (i,)), i, one, n)),
    ("product(i, i, 1, 3)", BigOp("product", i, i, one, three)),
    ("cases(x, x >= 0, 0)", Cases(((x, Chain(x, ((">=", number(0)),))), (number(0), None)))),
    ("cases(x, x > 0)", Cases(((x, Chain(x, ((">", number(0)),))),))),
    ("hadamard(A, B)", Hadamard((A, B))),
    ("max([3, 1])", Call("max", (Listing((three, one)),))),
    ("normal()", Call("normal")),
]  # fmt: skip

LISTS: list[tuple[str, Expr]] = [
    ("3, 4, 1", Listing((three, four, one))),
    ("[3, 4, 1]", Listing((three, four, one))),
    ("(3, 4)", Listing((three, four))),
    ("[3]", Listing((three,))),
    ("[]", Listing(())),
    ("[a + b]", Listing((Add((a, b)),))),
    ("[a - b]", Listing((Add((a, Neg(b))),))),
    ("[[1, 2], [3, 4]]", two_by_two),
    ("[1 2; 3 4]", two_by_two),
    ("1 2; 3 4", two_by_two),
    ("1, 2; 3, 4", two_by_two),
    ("1 2\n; 3 4;", two_by_two),
    ("1 -2; 3 4", Matrix(((one, number(-2)), (three, four)))),
    ("[1 -2]", Matrix(((one, number(-2)),))),
    ("1 |2 - 3|; 3 4", Matrix(((one, Call("abs", (Add((two, Neg(three))),))), (three, four)))),
    ("1-2 3; 3 4", Matrix(((Add((one, Neg(two))), three), (three, four)))),
    ("1/2 x; 3 (4)", Matrix(((Div(one, two), x), (three, four)))),
    ("1; 2", Matrix(((one,), (two,)))),
    ("[1 2; 3 4] @ [1; 2]", MatMul((two_by_two, Matrix(((one,), (two,)))))),
    ("[[1, 2], [3]]", Listing((Listing((one, two)), Listing((three,))))),
    ("[[[1, 2], [3, 4]]]", Listing((two_by_two,))),
]

SHAPES: list[tuple[str, Expr]] = [
    ("3@128x128", Shape((number(128), number(128)), three)),
    ("3@128×128", Shape((number(128), number(128)), three)),
    ("4x4", Shape((four, four))),
    ("2x3x4", Shape((two, three, four))),
    ("3@4", Shape((four,), three)),
]


@pytest.mark.parametrize(
    ("text", "tree"), NUMBERS + NAMES + SIGNS + CHAINS + CALLS + LISTS + SHAPES
)
def test_a_text_is_read_as(text: str, tree: Expr) -> None:
    assert read(text) == tree


@pytest.mark.parametrize("text", [text for text, _ in NUMBERS + NAMES + SIGNS + CALLS + SHAPES])
def test_spaces_around_a_text_mean_nothing(text: str) -> None:
    assert read(f"  {text}\t\n") == read(text)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("5", Matrix(((number(5),),))),
        ("1 2", Matrix(((one, two),))),
        ("1 -2", Matrix(((one, number(-2)),))),
        ("[1, 2]", Matrix(((one, two),))),
        ("1, 2", Matrix(((one, two),))),
        ("[[1, 2], [3, 4]]", two_by_two),
        ("a+1 b; c 2", Matrix(((Add((a, one)), b), (c, two)))),
    ],
)
def test_a_matrix_is_read_as(text: str, tree: Expr) -> None:
    assert read_matrix(text) == tree


H, W, C, K = map(Symbol, "HWCK")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("3@128x128", Shape((number(128), number(128)), three)),
        ("C@HxW", Shape((H, W), C)),
        ("CxHxW", Shape((C, H, W))),
        ("3xW", Shape((three, W))),
        ("3 × 4", Shape((three, four))),
        ("H_out x W", Shape((Symbol("H", "out"), W))),
        ("(H+1)x(W+1)", Shape((Add((H, one)), Add((W, one))))),
        ("K", K),
        ("3", three),
        ("3, 4", Listing((three, four))),
        ("exp(2)", Call("exp", (two,))),  # its x is a letter
        ("max(3, 4)", Call("max", (three, four))),
        ("max(H) x 3", Shape((Call("max", (H,)), three))),
        ("W_xh", Symbol("W", "xh")),
        ("3*x + 1", Add((Mul((three, x)), one))),
    ],
)
def test_a_shape_or_value_is_read_as(text: str, tree: Expr) -> None:
    assert read_shape_or_value(text) == tree


def test_known_names_are_read() -> None:
    names = {"H", "theta", "x"}
    for text in ("H + theta", "2pi*e^x", "sum(x[j], j, 1, H)", "gamma(shape=H)", "inf"):
        assert free_symbols(read(text, names)) <= free_symbols(read(text))


@pytest.mark.parametrize(("text", "meaning"), PRODUCTS)
def test_a_product_may_have_no_sign(text: str, meaning: str) -> None:
    assert read(text) == read(meaning)


@pytest.mark.parametrize(
    ("text", "known", "meaning"),
    [
        ("wx + b", "w x b", "w*x + b"),
        ("2wx", "w x", "2*w*x"),
        ("w0x0 + w1x1 + w2", "w0 x0 w1 x1 w2", "w0*x0 + w1*x1 + w2"),
        ("thetax", "theta x", "theta*x"),
        ("xe^(-x)", "x", "x*e^(-x)"),
        ("beta(1 - beta)", "beta", "beta*(1 - beta)"),
        ("x(t)", "x t", "x*t"),
        ("max(wx, 0)", "m a x w", "max(w*x, 0)"),  # a function stays one
        ("dot(d, t)", "d o t", "dot(d, t)"),
        ("ab", "a ab", "ab"),
    ],
)
def test_known_letters_stand_side_by_side(text: str, known: str, meaning: str) -> None:
    assert read(text, known=known.split()) == read(meaning)


def test_between_known_matrices_a_product_is_one_of_matrices() -> None:
    found = read(
        "u^T relu(W x + b) + c x", known=["u", "W", "x", "b", "c"], matrices=["u", "W", "x", "b"]
    )
    assert found == read("u.T @ relu(W @ x + b) + c*x")


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("1/2x", ["1/2*x", "1/(2*x)"]),
        ("1/(2b) x y", ["1/(2*b)*x*y", "1/((2*b)*x*y)"]),
        ("e^2x", ["e^2*x", "e^(2*x)"]),
        ("2x", ["2*x"]),
        ("1/2 x", ["1/2*x"]),
        ("-1/2 (x + 1)^2", ["-(1/2*(x + 1)^2)"]),
        (r"1/2 \left(y - \hat{t}\right)^2", ["1/2*(y - t_hat)^2"]),
        (r"1/2\,x", ["1/2*x"]),
        ("1 / 2 x", ["1/2*x", "1/(2*x)"]),
        ("1/n x", ["1/n*x", "1/(n*x)"]),
        ("1/2² x", ["1/2^2*x", "1/(2^2*x)"]),
        ("x^1/2 y", ["x^1/2*y", "x^1/(2*y)"]),
        ("1/2/3 x", ["1/2/3*x", "1/2/(3*x)"]),
        ("1/2 n sum(x)", ["1/2*n*sum(x)", "1/(2*n)*sum(x)"]),
        (r"1/\theta x", ["1/theta*x", "1/(theta*x)"]),
        ("1/2σ x", ["1/2*sigma*x", "1/(2*sigma*x)", "1/(2*sigma)*x"]),
    ],
)
def test_all_readings(text: str, both: list[str]) -> None:
    assert list(readings(text)) == list(map(read, both))


# Refusals: the text, a piece of the message, and the position of the caret.

AMBIGUOUS = [
    ("1/2x", "write (1/2)*x or 1/(2*x)", 3),
    ("a/2(x+1)", "write (a/2)*(…) or a/(2*(…))", 3),
    ("1/2/3x", "write (1/2/3)*x or 1/2/(3*x)", 5),
    ("1/2θ", "write (1/2)*θ or 1/(2*θ)", 3),
    ("2^3x", "write 2^(3*x) or 2^3*x", 3),
    ("e^2x", "write e^(2*x) or e^2*x", 3),
    ("e^2(x+1)", "write e^(2*(…)) or e^2*(…)", 3),
    ("e^-λ x", "write e^(-λ*x) or e^-λ*x", 5),
    ("log x^2", "write log(…) with brackets", 0),
    ("log x y", "write log(…) with brackets", 0),
    ("σx", "write σ*x for a product or σ_x for one name", 1),
    ("x(t)", "'x' is not a function; write x*(…) for a product", 0),
    ("x(t − 1)", "'x' is not a function; write x*(…) for a product", 0),
    ("σ(x + 1)", "write sigmoid(…) for the function or σ*(…) for a product", 1),
    ("f(x + 1)", "'f' is not a function; write f*(…) for a product", 0),
    ("the answer", "write the*answer for a product", 4),
    ("1 - 2; 3 4", "write 1-2 for one entry or 1 -2 for two", 2),
    ("1 2; 3 + 4", "write 3+4 for one entry or 3 +4 for two", 7),
    ("3 4", "write 3*4 for a product or 3, 4 for a list", 2),
    ("(3 4)", "write 3*4 for a product or 3, 4 for a list", 3),
    ("x 3", "write x*3 for a product", 2),
    ("sin^2(x)", "write sin(…)^2", 5),
    ("sin^2 x", "write sin(x)^2", 6),
    ("√2x", "write √(…) with brackets", 2),
    ("√x²", "write √(…) with brackets", 2),
    ("1, 2 3; 4, 5", "separate entries by spaces or by commas", 5),
    ("sum(1, 2, 3, 4)", "write sum(x[i], i, 1, n), or sum([…])", 0),
]

BRACKETS = [
    ("((1 + 2)", "this bracket is not closed by ')'", 0),
    ("2*(x + (y", "this bracket is not closed by ')'", 7),
    ("floor(3/2", "this bracket is not closed by ')'", 5),
    ("[1, 2", "this bracket is not closed by ']'", 0),
    ("[1 2; 3 4", "this bracket is not closed by ']'", 0),
    ("x[1", "this bracket is not closed by ']'", 1),
    ("1 + |x", "this bracket is not closed by '|'", 4),
    ("(1 + 2))", "')' is not expected here", 7),
    ("(1]", "expected ')', not ']'", 2),
    ("]", "a number or a name is expected before ']'", 0),
    ("()", "a number or a name is expected before ')'", 1),
]

INCOMPLETE = [
    ("", "there is nothing to read", 0),
    ("   ", "there is nothing to read", 3),
    ("1 +", "something is missing at the end", 3),
    ("x^", "something is missing at the end", 2),
    ("a =", "something is missing at the end", 3),
    ("1,,2", "a number or a name is expected before ','", 2),
    ("*2", "a number or a name is expected before '*'", 0),
    ("²", "a number or a name is expected before '²'", 0),
    ("5%%", "'%' is not expected here", 2),
    ("x%", "'%' is not expected here", 1),
    ("|x||y|", "'|' is not expected here", 3),
    (";1", "a number or a name is expected before ';'", 0),
]

CALLS_REFUSED = [
    ("sigmod(1)", "'sigmod' is not a function, did you mean 'sigmoid'?", 0),
    ("floor()", "floor takes 1 value, not 0", 0),
    ("1 + floor(1, 2)", "floor takes 1 value, not 2", 4),
    ("binomial(1)", "binomial takes 2 values, not 1", 0),
    ("max()", "max takes at least 1 value, not 0", 0),
    ("softmax()", "softmax has too few values", 0),
    ("hadamard(A)", "hadamard has too few values", 0),
    ("cases(x)", "cases has too few values", 0),
    ("gamma(shape=2, shape=3)", "'shape' is given twice", 15),
    ("beta(a=7, 95)", "a value without a name may not follow one with a name", 10),
]

MATRICES_REFUSED = [
    ("1 2; 3", "row 2 has 1 entry and row 1 has 2", 0),
    ("1; 2; 3 4 5", "row 3 has 3 entries and row 1 has 1", 0),
    ("x + [1 2; 3]", "row 2 has 1 entry and row 1 has 2", 4),
    ("1 [2]; 3 4", "an entry of a matrix is one number or formula", 2),
    ("3x3 1; 2 4", "an entry of a matrix is one number or formula", 0),
    ("1;;2", "a number or a name is expected before ';'", 2),
]

HOSTILE = [
    ("__import__('os')", "the character '_' has no meaning here", 0),
    ("().__class__", "the character '.' has no meaning here", 2),
    ("x.__class__", "the character '.' has no meaning here", 1),
    ("lambda: 0", "the character ':' has no meaning here", 6),
    ("x; import os", "row 2 has 2 entries and row 1 has 1", 0),
    ("eval(x)", "'eval' is not a function", 0),
    ("exec(open(x))", "'exec' is not a function", 0),
    ("os.system(1)", "the character '.' has no meaning here", 2),
    ("a\\b", "unknown command '\\b'", 1),
    ("a\0b", "the character '\\x00' has no meaning here", 1),
    ("\N{GRINNING FACE}", "has no meaning here", 0),
    ("x + \N{RIGHT-TO-LEFT OVERRIDE}y", "the character '\\u202e' has no meaning here", 4),
    ("\N{ZERO WIDTH SPACE}1", "the character '\\u200b' has no meaning here", 0),
    ("\N{ARABIC-INDIC DIGIT ONE}", "has no meaning here", 0),  # \d takes it
    ("1_0", "the character '_' has no meaning here", 1),
    ("{1: 2}", "the character ':' has no meaning here", 2),
    ("x := 1", "the character ':' has no meaning here", 2),
    ('"x"', "has no meaning here", 0),
    ("50% of x", "'of' is not expected here", 4),
]

TOO_MUCH = [
    ("1" * (MAX_LENGTH + 1), "at most 100000 characters", MAX_LENGTH),
    ("1" * 5000, "400 digits at most", 0),
    ("0." + "1" * 5000, "400 digits at most", 0),
    ("2 + 1e999999999", "400 digits at most", 4),
    ("1e-999999999", "400 digits at most", 0),
    ("1e+" + "0" * 20 + "999999999", "400 digits at most", 0),
    ("1e" + "0" * 5000 + "1", "400 digits at most", 0),
    ("x" + "⁹" * 5000, "400 digits at most", 1),
    ("1x" * 300 + "1", "a shape this long is not one", 0),
    ("a" * 5000, "100 letters at most", 0),
    ("(" * 1500, "nested 40 deep at most", MAX_NESTING + 1),
    ("[" * 1500, "nested 40 deep at most", MAX_NESTING + 1),
    ("|" * 1500, "nested 40 deep at most", MAX_NESTING + 1),
    ("√" * 1500, "nested 40 deep at most", MAX_NESTING + 1),
    ("-" * 1500 + "1", "nested 40 deep at most", MAX_NESTING + 1),
    ("2" + "^2" * 1500, "nested 40 deep at most", 2 * MAX_NESTING + 2),
    ("floor(" * 1500, "nested 40 deep at most", 6 * MAX_NESTING + 6),
    ("x" + "!" * 1500, "too many signs in a row", MAX_NESTING + 1),
    ("a" + "/b" * 1500, "nested more than 100 deep", 0),
    ("a" + "@b*c" * 1000, "nested more than 100 deep", 0),
]

REFUSED = AMBIGUOUS + BRACKETS + INCOMPLETE + CALLS_REFUSED + MATRICES_REFUSED + HOSTILE + TOO_MUCH


@pytest.mark.parametrize(
    ("text", "message", "position"), REFUSED, ids=[row[0][:20] + row[1][:10] for row in REFUSED]
)
def test_a_text_is_refused_with(text: str, message: str, position: int) -> None:
    with pytest.raises(Unreadable) as raised:
        read(text)
    assert message in raised.value.message
    assert raised.value.position == position
    assert len(raised.value.message) < 250


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("H + steps", "unknown name 'steps', did you mean 'step'?", 4),
        ("2*q", "unknown name 'q'; known here: H, step, x", 2),
        ("y(x + 1)", "write y*(…) for a product", 0),
        ("sum(x[j], j, 1, 3) + j", "unknown name 'j'", 21),  # the index is bound in the sum alone
        ("sum(x[j], k, 1, 3)", "unknown name 'j'", 6),
        ("lambda", "unknown name 'lambda'", 0),
    ],
)
def test_a_name_that_is_not_known(text: str, message: str, position: int) -> None:
    with pytest.raises(Unreadable) as raised:
        read(text, {"x", "H", "step"})
    assert message in raised.value.message
    assert raised.value.position == position


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("3@12 8x4", "two numbers stand side by side", 5),
        ("C@H x w:", "the character ':' has no meaning here", 7),
        ("3@", "there is nothing to read", 2),
        ("@4x4", "there is nothing to read", 0),
        ("4 x 4 x (2", "this bracket is not closed", 8),
    ],
)
def test_a_shape_is_refused_at_its_place(text: str, message: str, position: int) -> None:
    with pytest.raises(Unreadable) as raised:
        read_shape(text)
    assert message in raised.value.message
    assert raised.value.position == position


@pytest.mark.parametrize("text", ["[[1, 2], [3]]", "[[1, 2], 3]", "[[]]"])
def test_a_ragged_list_is_no_matrix(text: str) -> None:
    with pytest.raises(Unreadable, match=r"row 2 has 1 entry|one number or formula"):
        read_matrix(text)


LONG = [
    "a" + "-b" * 49_000,
    "1" + "*2" * 49_000,
    "1@" * 49_000 + "1",
    "[1]," * 24_000 + "1",
    "[" + "[1]," * 20_000 + "[1]]",
    "1 " * 49_000 + ";",
    "1;" * 49_000,
    "a x " * 24_000 + ",",
    "1x" * 49_000 + ",",
    "sum(1)+" * 14_000 + "1",
    "sum(1, 2, " * 39 + "1" + ")" * 39,
    "[[1 " * 20 + "+ 1]" * 40,
    "x=" * 49_000 + "x",
]


def calls_of(reader: Callable[[str], object], text: str) -> int:
    """How many calls a reading takes, whether it ends well or not: its work, on any machine."""
    count = 0

    def called(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        with suppress(Unreadable):
            reader(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("text", LONG, ids=[text[:12] for text in LONG])
@pytest.mark.parametrize("reader", [read, read_matrix, read_shape_or_value])
def test_a_long_text_takes_time_in_proportion(text: str, reader: type[read]) -> None:
    whole, half = (calls_of(reader, text[: MAX_LENGTH // size]) for size in (16, 32))
    assert whole <= 3 * half + 1000


DEEP = [
    "x" + "/3" * 98,
    "2^" * 39 + "x",
    "-" * 39 + "x",
    "(" * 39 + "x" + "+1)^2" * 39,
    "tanh(" * 39 + "x" + ")" * 39,
    "A" + ".T" * 39,
    "sum(" * 39 + "i" + ", i, 1, 2)" * 39,
    "cases(" * 39 + "x" + ", x > 0)" * 39,
    "[" * 39 + "1" + "]" * 39,
]


@pytest.mark.parametrize("text", DEEP, ids=[text[:8] for text in DEEP])
def test_what_is_read_is_not_too_deep_for_what_comes_after(text: str) -> None:
    tree = read(text)
    for function in (source, one_line, latex, hash, repr, free_symbols):
        function(tree)
    stacked(tree, 80)
    assert read(text) == tree
    meaning(tree)


# What holds for every tree and for every text.

VALUES: dict[Symbol, Value] = {
    symbol: Fraction(value)
    for symbol, value in zip(SYMBOLS, ["3/7", "4", "2/5", "-3/2", "11/3", "7"], strict=True)
}
VALUES |= {
    A: ((Fraction(1), Fraction(-2)), (Fraction(1, 2), Fraction(5))),
    B: ((Fraction(0), Fraction(2)), (Fraction(-3), Fraction(1, 7))),
    INDEX: Fraction(2),
}


def meaning(tree: Expr) -> object:
    """The value, or that there is none; of notation that has none, the values of its parts."""
    match tree:
        case Chain(first, links):
            return [meaning(first), *((relation, meaning(right)) for relation, right in links)]
        case Listing(items):
            return [meaning(item) for item in items]
        case Shape(sizes, channels):
            return [meaning(size) for size in sizes], channels and meaning(channels)
        case Call(name, arguments, keywords) if name in ("beta", "gamma", "normal"):
            return [name, *map(meaning, arguments), *((k, meaning(v)) for k, v in keywords)]
    try:
        return evaluate(tree, VALUES)
    except EvaluationError as error:
        return type(error).__name__


def alike(left: object, right: object) -> bool:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, Fraction | float) and isinstance(right, Fraction | float):
        return close(left, right)
    return left == right


def assert_same_meaning(tree: Expr, text: str) -> None:
    found = read_shape_or_value(text) if isinstance(tree, Shape) else read(text)
    assert alike(meaning(tree), meaning(found)), text


@given(arithmetic())
@settings(deadline=None, max_examples=60)
def test_arithmetic_is_read_back(tree: Expr) -> None:
    assert_same_meaning(tree, source(tree))


@given(calculations())
@settings(deadline=None, max_examples=60)
def test_sums_cases_and_entries_are_read_back(tree: Expr) -> None:
    assert_same_meaning(tree, source(tree))


@given(matrices())
@settings(deadline=None, max_examples=60)
def test_matrices_are_read_back(tree: Expr) -> None:
    assert_same_meaning(tree, source(tree))


@given(whole_texts())
@settings(deadline=None, max_examples=60)
def test_chains_lists_shapes_and_distributions_are_read_back(tree: Expr) -> None:
    assert_same_meaning(tree, source(tree))


@given(decimals())
def test_decimals_are_read_back_in_full(tree: Decimal) -> None:
    assert float(evaluate(read(source(tree)))) == float(tree.value)


@given(numbers())
def test_numbers_are_read_back_as_they_were_written(tree: Number) -> None:
    if tree.written is not None or tree.value.denominator == 1:
        assert read(source(tree)) == tree


@given(plain_arithmetic())
@settings(deadline=None, max_examples=60)
def test_what_is_printed_for_people_is_read_back_where_it_has_no_letters(tree: Expr) -> None:
    assert_same_meaning(tree, one_line(tree))


NASTY = st.sampled_from([
    *"0123456789.eE+-*/^@!%(),;[]|<>=~ \n\t_xX'\"\\:{}$#&?`",
    *"−–·×⋅∗÷≤≥≠≈√∞ᵀ⁻²₁θλσΔŷ\u0302\u0304\u200b\u202e\0½१\U0001f600",
])  # fmt: skip
TOKENS = st.sampled_from([
    "1", "2", "0.5", "1e9", "3@4x4", "5x5", "8%", "x", "y_1", "theta", "θ̂", "x₁", "e", "pi", "A",
    "i", "+", "-", "*", "/", "^", "@", "!", "%", ".T", "(", ")", "[", "]", "|", ",", ";", "=",
    "<", "≤", "~", " ", " ", " ", "\n", "√", "²", "⁻¹", "𝑥",
    *sorted(f"{name}(" for name in KNOWN_CALLS),
])  # fmt: skip


def assert_read_or_refused(text: str) -> None:
    for reader in (read, read_matrix, read_shape_or_value, lambda t: read(t, {"x", "theta"})):
        position = 0
        try:
            reader(text)
        except Unreadable as error:
            position = error.position
        assert 0 <= position <= len(text)


@given(st.text(NASTY, max_size=60))
@settings(deadline=None, max_examples=120)
def test_any_characters_are_read_or_refused(text: str) -> None:
    assert_read_or_refused(text)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    assert_read_or_refused(text)


@given(st.lists(TOKENS, max_size=25).map("".join))
@settings(deadline=None, max_examples=120)
def test_any_tokens_are_read_or_refused(text: str) -> None:
    assert_read_or_refused(text)


@given(st.lists(TOKENS, max_size=12).map("".join))
@settings(deadline=None, max_examples=120)
def test_what_is_read_has_a_value_or_a_reason(text: str) -> None:
    try:
        tree = read(text)
    except Unreadable:
        return
    meaning(tree)
    one_line(tree)


@given(whole_texts().map(source), st.data())
@settings(deadline=None)
def test_a_text_with_a_typo_is_read_or_refused(text: str, data: st.DataObject) -> None:
    place, width = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 2))
    typed = data.draw(st.text(NASTY, max_size=2))
    assert_read_or_refused(text[:place] + typed + text[place + width :])


def test_numbers_of_the_longest_length_are_read() -> None:
    assert evaluate(read("9" * MAX_DIGITS)) == 10**MAX_DIGITS - 1
    assert evaluate(read(f"1e-{MAX_DIGITS}")) == Fraction(1, 10**MAX_DIGITS)
