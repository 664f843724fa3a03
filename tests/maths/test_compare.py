"""Formulas that are equal, that are not, and where that is open."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlcalc.maths.compare import close, coordinate, same, same_number, seed_of
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Add, Expr, Mul, Number, Symbol, free_symbols, substitute
from tests.maths.trees import arithmetic

EQUAL = [
    # θ swallows a power of e that is smaller than its fiftieth digit.
    ("(theta + 0) + ((exp(5 - ((x*theta)^(-1))^(-1)) + 0) - theta)",
     "exp((5 - (((x * theta))^(-1))^(-1)))"),
    ("k/n", "(2*k)/(2*n)"),
    ("(a + b)^2", "a^2 + 2*a*b + b^2"),
    ("(x - 1)*(x + 1)*(x^2 + 1)", "x^4 - 1"),
    ("(a + k - 1)/(a + b + n - 2)", "(k + (a - 1))/(n + a + (b - 2))"),
    ("log(x*y)", "log(x) + log(y)"),
    ("log(x^2)", "2*log(x)"),
    ("exp(a + b)", "exp(a)*exp(b)"),
    ("e^x", "exp(x)"),
    ("e", "exp(1)"),
    ("1/(1 + e^(-z))", "sigmoid(z)"),
    ("tanh(z)", "2*sigmoid(2*z) - 1"),
    ("sin(x)^2 + cos(x)^2", "1"),
    ("sin(x)^2 + cos(x)^2 - 1", "0"),
    ("sigmoid(z)*(1 - sigmoid(z))", "exp(-z)/(1 + exp(-z))^2"),
    ("abs(x - y)", "abs(y - x)"),
    ("max(x, y)", "max(y, x)"),
    ("sqrt(x)^2", "x"),
    ("floor((H + 2*P - K)/S) + 1", "floor((H + 2*P - K + S)/S)"),
    ("floor((H + 2*P - K)/S) + 1", "ceil((H + 2*P - K + 1)/S)"),  # for whole sizes
    ("ceil(log(1/delta)/epsilon)", "ceil(-log(delta)/epsilon)"),
    ("sum(i, i, 1, n)", "n*(n + 1)/2"),
    ("n!", "n*(n - 1)!"),
    ("binomial(n, k)", "n!/(k!*(n - k)!)"),
    ("binomial(n, k)*p^k*(1 - p)^(n - k)", "binomial(n, n - k)*(1 - p)^(n - k)*p^k"),
    ("k*log(theta) + (n - k)*log(1 - theta)", "log(theta^k*(1 - theta)^(n - k))"),
    ("binomial(n, k)*log(1 - theta)", "log(1 - theta)*binomial(n, k)"),
    ("sum(x)/n", "mean(x)"),
    ("sum/n", "mean"),
    ("sum/n", "mean(x)"),
    ("sum((x - mean(x))^2)/n", "var(x)"),
    ("sum((x - mu)^2)", "sum(x^2) - 2*mu*sum + n*mu^2"),
    ("sum(log(x))", "log(product(x))"),
    ("(x^2 - 1)/(x - 1)", "x + 1"),
    ("[a + b, 2*a]", "[b + a, a + a]"),
    ("[a; b]", "[a, b]"),
    ("[[a]]", "a"),
    ("1/3", "2/6"),
    ("0.1 + 0.2", "0.3"),
    ("sqrt(8)", "2*sqrt(2)"),
    ("sqrt(sigma^2)", "sigma"),
    ("exp(40)*(x + 1) - exp(40)*x", "exp(40)"),
    ("x^(1/3)*x^(2/3)", "x"),
    ("sum(x[i], i, 1, n)/n", "mean(x)"),
    ("x_bar", "sum/n"),
    ("x[1] + x[2]", "x[2] + x[1]"),
    ("inf", "inf"),
]  # fmt: skip

UNEQUAL = [
    ("k/n", "(k + 1)/n"),
    ("k/n", "n/k"),
    ("(a + b)^2", "a^2 + b^2"),
    ("log(x + y)", "log(x) + log(y)"),
    ("log(x*y)", "log(x)*log(y)"),
    ("exp(a*b)", "exp(a)*exp(b)"),
    ("floor((H + 2*P - K)/S) + 1", "(H + 2*P - K)/S + 1"),
    ("ceil(x)", "floor(x) + 1"),  # not at whole numbers
    ("floor(x/2)", "ceil(x/2)"),
    ("floor((H - K)/S) + 1", "floor((H - K + 1)/S) + 1"),
    ("floor((H - K)/S) + 1", "ceil((H - K)/S) + 1"),
    ("ceil(log(1/delta)/epsilon)", "log(1/delta)/epsilon"),
    ("sum(i, i, 1, n)", "n*(n - 1)/2"),
    ("mean(x)", "median(x)"),
    ("mean(x)", "x"),
    ("sum(x)", "mean(x)"),
    ("max(x)", "sum(x)"),
    ("sum(x^2)", "sum(x)^2"),
    ("sum/n", "sum/(n - 1)"),
    ("sum((x - mean(x))^2)/(n - 1)", "var(x)"),
    ("[a, b]", "[b, a]"),
    ("[a, b]", "[a, b, b]"),
    ("[a b]", "[a; b; a]"),
    ("a", "b"),
    ("1/3", "0.3333333333"),
    ("pi", "3.14"),
    ("x^10", "x^10 + 1e-30"),
    ("sigmoid(x)", "tanh(x)"),
    ("inf", "exp(10)"),
    ("inf", "sigma"),
    ("x[1]", "x[1] + 1"),
    ("gamma_function(x)", "gamma_function(x) + 1e-12"),
    # beyond the digits of floats
    ("exp(x)", "exp(x) + 1e-12"),
    ("log(x)", "log(x)*(1 + 1e-30)"),
    ("sqrt(2)", "1.4142135623730950488"),
    ("pi", "3.14159265358979323846"),
    ("tanh(x)", "tanh(x + 1e-20)"),
]

OPEN = [
    # Larger than the largest float at every point.
    ("exp(1000)*x", "x*exp(500)^2"),
    ("exp(1000)", "exp(2000)"),
    ("sqrt(x^2)", "x"),  # for an x from 0
    ("abs(x)", "x"),
    ("floor(theta/2) + 1", "ceil((theta + 1)/2)"),  # for a whole theta
    ("1/0", "1"),
    ("x/0", "x/0 + 1"),
    ("2^(2^20)", "4^(2^19)"),
    ("9^9^9", "9^9^9"),
    ("sum(sum(1, i, 1, 9999), j, 1, 9999)", "99980001"),
    ("beta(a, b)", "beta(a, b)"),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal(left: str, right: str) -> None:
    assert same(read(left), read(right)) is True
    assert same(read(right), read(left)) is True


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal(left: str, right: str) -> None:
    assert same(read(left), read(right)) is False
    assert same(read(right), read(left)) is False


@pytest.mark.parametrize(("left", "right"), OPEN)
def test_open(left: str, right: str) -> None:
    assert same(read(left), read(right)) is None


@given(arithmetic(8))
@settings(deadline=None)
def test_a_formula_equals_itself(tree: Expr) -> None:
    assert same(tree, tree) is not False


@given(arithmetic(6), st.fractions(-3, 3, max_denominator=9))
@settings(deadline=None)
def test_a_formula_does_not_equal_itself_plus_something(tree: Expr, more: Fraction) -> None:
    assume(more != 0)
    assume(same(tree, tree))
    # Beside e^20 an added 1/9 is lost in the rounding, at one point; not at all points.
    assert same(tree, Add((tree, Number(more)))) is not True or not free_symbols(tree)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4))
@settings(deadline=None)
def test_an_expanded_polynomial_equals_its_factors(roots: list[int]) -> None:
    x = Symbol("x")
    factors = Mul(tuple(Add((x, Number(Fraction(-root)))) for root in roots))
    coefficients = [Fraction(1)]
    for root in roots:
        above, below = [Fraction(0), *coefficients], [*coefficients, Fraction(0)]
        coefficients = [a - root * b for a, b in zip(above, below, strict=True)]
    terms = [Mul((Number(c), x ** Number(Fraction(i)))) for i, c in enumerate(coefficients)]
    assert same(factors, Add(tuple(terms))) is True
    assert same(factors, Add((*terms, x))) is False


@given(arithmetic(6), arithmetic(6))
@settings(deadline=None)
def test_formulas_that_are_unequal_differ_somewhere(left: Expr, right: Expr) -> None:
    """The witness: unequal formulas have a point where their values are plainly apart."""
    if same(left, right) is not False:
        return
    symbols = free_symbols(left) | free_symbols(right)
    for attempt in range(50):
        seed = seed_of(left, right)
        at = {symbol: coordinate(symbol, attempt, seed) for symbol in symbols}
        values = {symbol: Number(number) for symbol, number in at.items()}
        try:
            a, b = evaluate(substitute(left, values)), evaluate(substitute(right, values))
        except EvaluationError:
            continue
        if a != b:
            return
    raise AssertionError("no point was found")


def test_the_points_are_the_same_each_time() -> None:
    assert coordinate(Symbol("theta"), 0) == coordinate(Symbol("theta"), 0)
    assert coordinate(Symbol("theta"), 0) != coordinate(Symbol("theta", "1"), 0)
    for attempt in range(0, 50, 5):
        assert 0 < coordinate(Symbol("theta"), attempt) < 1
        assert 1 < coordinate(Symbol("theta"), attempt + 1) < 20
        assert coordinate(Symbol("theta"), attempt + 2).denominator == 1
        assert coordinate(Symbol("n"), attempt + 3).denominator == 1
        assert coordinate(Symbol("n"), attempt + 3) > coordinate(Symbol("k"), attempt + 3)
        assert abs(coordinate(Symbol("theta"), attempt + 4)) < 5


def test_numbers_and_lists_that_are_close() -> None:
    third = Fraction(1, 3)
    assert same_number(third, 1 / 3)
    assert not same_number(third, Fraction(333333333333, 10**12))
    assert not same_number(0.0, 1e-12)
    assert same_number(math.inf, math.inf)
    assert not same_number(math.inf, Fraction(10**400))
    assert not same_number(Fraction(10**400), 1e308)
    assert close(((third,),), third)
    assert close((third, 0.5), ((1 / 3,), (0.5,)))
    assert not close((third, 0.5), third)
    assert not close((third,), (third, third))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("hadamard(u, v) @ x.T", "hadamard(v, u) @ x.T", True),
        ("2/m*(X @ w - y)", "2*(X @ w - y)/m", True),
        ("u @ x.T", "x @ u.T", False),
        ("A @ B", "B @ A", False),
        ("W.T @ u", "W @ u", False),
        ("W @ x", "x @ W", None),
    ],
)
def test_letters_in_products_of_matrices_are_matrices(
    left: str, right: str, expected: bool | None
) -> None:
    """Capital letters as matrices, small ones as columns: the order of the factors counts."""
    assert same(read(left), read(right)) is expected
