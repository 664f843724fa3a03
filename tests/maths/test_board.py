"""Lines of working that are written as text: each is the tree that the operators build."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction

import pytest

from mlcalc.maths.board import Fill, line, parsed, prose
from mlcalc.maths.tree import (
    BigOp,
    Cases,
    Chain,
    Decimal,
    Derivative,
    Dots,
    Expr,
    Given,
    Hadamard,
    Indexed,
    Listing,
    Matrix,
    Number,
    Symbol,
    Transpose,
    Words,
    call,
    equals,
    wrap,
)
from mlcalc.showing.derivation import step
from tests.conftest import ROOT

A, B, C, X, D, THETA = map(Symbol, ("a", "b", "c", "x", "D", "theta"))
I, N = Symbol("i"), Symbol("n")  # noqa: E741
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a - b*c/2 + x^2", A - B * C / 2 + X**2),
        ("-a*b", -(A * B)),
        ("(-a)*b", -A * B),
        ("a - (b + c)", A - (B + C)),
        ("(a + b) - c", A + B - C),
        ("a / (b*c)", A / (B * C)),
        ("a^-1", A ** Number(Fraction(-1))),
        ("a^b^2", A ** (B**2)),
        ("0.05*a", Number(Fraction(1, 20), "0.05") * A),
        ("a @ b.T @ x", A @ Transpose(B) @ X),
        ("a .* f'(x) .* b", Hadamard((A, call("f'", X), B))),
        ("n!", call("factorial", N)),
        ("theta_hat = theta_c", equals(Symbol("theta", "", "hat"), Symbol("theta", "c"))),
        ("a = a = b", equals(A, B)),
        ("a <= b ~= c", Chain(A, (("<=", B), ("~=", C)))),
        ("p(D | theta)", call("p", Given(D, THETA))),
        ("theta | D ~ beta(a, b)", Chain(Given(THETA, D), (("~", call("beta", A, B)),))),
        ("P(a = 1, b | c)", call("P", Given(Listing((equals(A, 1), B)), C))),
        ("gamma(shape=2, rate=a)", call("gamma", shape=2, rate=A)),
        ("P(x = 2)", call("P", equals(X, 2))),
        ("sum(x[i]^2, i, 1, n)", BigOp("sum", Indexed(X, (I,)) ** 2, I, wrap(1), N)),
        ("product(x_i, i)", BigOp("product", Symbol("x", "i"), I)),
        ("sum(x)", call("sum", X)),
        ("diff(a, x, 2)", Derivative(A, X, 2)),
        ("partial(a, x)", Derivative(A, X, partial=True)),
        ("cases(a if x > 0, b)", Cases(((A, Chain(X, ((">", wrap(0)),))), (B, None)))),
        ("[a, b; c, x]", Matrix(((A, B), (C, X)))),
        ("x in [0, 1]", Chain(X, (("in", Listing((wrap(0), wrap(1)))),))),
        ('a + ... + "rest"', A + Dots() + Words("rest")),
        ("a => b", Chain(A, (("=>", B),))),
    ],
)
def test_a_line_is_the_tree_that_operators_build(text: str, wanted: Expr) -> None:
    assert line(text) == wanted


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("a + 1", {"a": B + C}, B + C + 1),
        ("1 + a", {"a": B + C}, wrap(1) + (B + C)),
        ("a*x", {"a": B * C}, B * C * X),
        ("a^2", {"a": HALF}, wrap(HALF) ** 2),
        ("a = b", {"b": 0.25}, equals(A, Decimal(0.25))),
        ("a = b = c", {"b": None}, equals(A, C)),
        ("a + b*c", {"b": None}, A + C),
        ("a + b", {"b": None}, A),
        ("a*b", {"b": None}, A),
        ("a = b", {"b": [C, X]}, equals(A, C, X)),
        ("a + b", {"b": [C, X]}, A + C + X),
        ("f(b)", {"b": [C, X]}, call("f", C, X)),
        ("p(a | b)", {"b": None}, call("p", A)),
        ("a ~= b", {"b": equals(C, X)}, Chain(A, (("~=", C), ("=", X)))),
        ("P(b)", {"b": equals(C, X)}, call("P", equals(C, X))),
        (
            "theta_c*theta_hat*theta[i]",
            {"theta": Symbol("mu")},
            Symbol("mu", "c") * Symbol("mu", accent="hat") * Indexed(Symbol("mu"), (I,)),
        ),
        ("theta_c", {"theta_c": A, "theta": B}, A),
        ("f(a)", {"f": "relu"}, call("relu", A)),
        ("f(a)", {"f": lambda e: e + 1}, A + 1),
        ("a = b", {"b": "c + x", "x": B}, equals(A, C + B)),
    ],
)
def test_holes_are_filled(text: str, names: dict[str, Fill], wanted: Expr) -> None:
    assert line(text, **names) == wanted


@pytest.mark.parametrize("text", ["", "a b", "a +", "(a", "a)", "a $ b", "f(a,, b)"])
def test_what_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        line(text)


def test_one_thing_is_wanted() -> None:
    with pytest.raises(ValueError, match="0 things"):
        line("a", a=None)


def test_words_hold_maths_between_dollars() -> None:
    assert prose("no maths") == "no maths"
    assert prose("the $n_c$ of $a$", a=B) == ("the ", Symbol("n", "c"), " of ", B)


def test_a_step_reads_its_lines_where_it_is_shown() -> None:
    asked: list[str] = []

    def noted(inside: Expr) -> Expr:
        asked.append("read")
        return call("g", inside)

    made = step("take", "a = f(x)", None, X, why="since $x$", f=noted)
    assert not asked
    assert (made.rule, made.note, made.substeps) == ("take", ("since ", X), ())
    assert tuple(made.blocks) == (equals(A, call("g", X)), X)
    assert asked == ["read"]


def written_texts() -> Iterator[str]:
    """Every text of the package that is written for `line`, `step` and `prose`."""
    for path in (ROOT / "mlcalc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            values = [a.value for a in node.args if isinstance(a, ast.Constant)]
            texts = [value for value in values if isinstance(value, str)]
            why = [k.value.value for k in node.keywords
                   if k.arg == "why" and isinstance(k.value, ast.Constant)]  # fmt: skip
            match node.func.id:
                case "line":
                    yield from texts[:1]
                case "step":
                    yield from texts[isinstance(node.args[0], ast.Constant) :]
                    yield from (p for each in why for p in each.split("$")[1::2])
                case "prose":
                    yield from texts[0].split("$")[1::2] if texts else ()


def test_every_text_of_the_house_can_be_read() -> None:
    for text in written_texts():
        parsed(text)
