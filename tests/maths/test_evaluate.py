"""What an expression is worth: exact where it can be, honest where it cannot.

The witness for arithmetic is Python itself: the source text of random trees, given to Python's
own `eval` with fractions and the functions of `math`.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlcalc.maths.evaluate import (
    MAX_WORK,
    TooMuchWork,
    Value,
    as_tree,
    evaluate,
    exact,
    flattened,
    holds,
    scalar,
)
from mlcalc.maths.functions import (
    FUNCTIONS,
    EvaluationError,
    TooLarge,
    Unbound,
    Undefined,
    integer_root,
)
from mlcalc.maths.printing import source
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Div,
    Expr,
    Listing,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    free_symbols,
    walk,
)

X = Symbol("x")


def value(text: str, **values: Value | int | str) -> Value:
    known = {
        Symbol.named(name): Fraction(given) if isinstance(given, int | str) else given
        for name, given in values.items()
    }
    return evaluate(read(text), known)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3 + 1/6", "1/2"),
        ("0.1 + 0.2", "3/10"),
        ("8%", "2/25"),
        ("-2^2", "-4"),
        ("2^-3", "1/8"),
        ("(2/3)^-2", "9/4"),
        ("2^3^2", "512"),
        ("0^0", "1"),
        ("sqrt(9/4)", "3/2"),
        ("8^(1/3)", "2"),
        ("(16/81)^(3/4)", "8/27"),
        ("(10^400)^(1/50)", "100000000"),
        ("floor(7/2) + ceil(7/2) - floor(-7/2)", "11"),
        ("|1/3 - 1/2|", "1/6"),
        ("exp(0) + log(1) + sin(0) + cos(0) + tanh(0)", "2"),
        ("e^0", "1"),
        ("sigmoid(0)", "1/2"),
        ("0*tanh(1)", "0"),
        ("tanh(1)*0", "0"),
        ("log2(8) + log2(1/4)", "1"),
        ("5!/3!", "20"),
        ("binomial(5, 2)", "10"),
        ("binomial(2, 5)", "0"),
        ("gamma_function(5)", "24"),
        ("beta_function(2, 3)", "1/12"),
        ("mean([1, 2, 4])", "7/3"),
        ("median([4, 1, 2, 3])", "5/2"),
        ("median([3, 1, 2])", "2"),
        ("var([1, 2, 3])", "2/3"),
        ("sum([1, 2; 3, 4])", "10"),
        ("product([1, 2, 3, 4])", "24"),
        ("max(1/3, 0.3, 0.33)", "1/3"),
        ("min([2, 1; 5, 7])", "1"),
        ("relu(-3) + relu(3)", "3"),
        ("leaky_relu(-3)", "-3/100"),
        ("step(0) + sign(0) + sign(-1)", "1"),
        ("identity(7)", "7"),
        ("sum(i^2, i, 1, 10)", "385"),
        ("product(i, i, 1, 5)", "120"),
        ("sum(i, i, 3, 2)", "0"),
        ("product(i, i, 3, 2)", "1"),
        ("sum(sum(i*j, j, 1, i), i, 1, 3)", "25"),
        ("sum(sum(i, i, 1, 2)*i, i, 1, 3)", "18"),
        ("sum(1/i, i, 1, 1000) - sum(1/i, i, 2, 1000)", "1"),
        ("cases(1, 2 < 1, 3, 1 <= 1 < 2, 5)", "3"),
        ("cases(1, 2 < 1, 5)", "5"),
        ("theta = 9/3.5 ≈ 2.571", "2.571"),
        ("[1, 2; 3, 4][2, 1]".replace("[1, 2; 3, 4]", "A"), "3"),
        ("[1 2] @ [3; 4]", "11"),
        ("1e-400*1e400", "1"),
    ],
)
def test_what_is_rational_is_exact(text: str, expected: str) -> None:
    found = value(text, A=((Fraction(1), Fraction(2)), (Fraction(3), Fraction(4))))
    assert isinstance(found, Fraction)
    assert found == Fraction(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(2)", math.sqrt(2)),
        ("sqrt(10^401)", 10**200 * math.sqrt(10)),
        ("(1/10^401)^(1/2)*10^200", 1 / math.sqrt(10)),
        ("2^0.5", math.sqrt(2)),
        ("e", math.e),
        ("e^2", math.exp(2)),
        ("exp(-2)", math.exp(-2)),
        ("log(1 + 1e-20)", 1e-20),
        ("log(10^400)", 400 * math.log(10)),
        ("ln(1/3)", -math.log(3)),
        ("log2(3)", math.log2(3)),
        ("pi/2", math.pi / 2),
        ("tan(pi/4)", 1),
        ("gamma_function(1/2)", math.sqrt(math.pi)),
        ("beta_function(1/2, 1/2)", math.pi),
        ("sigmoid(1)", 1 / (1 + math.exp(-1))),
        ("sigmoid(1000)", 1.0),
        ("sigmoid(-1000)", 0.0),
        ("sigmoid(10^400)", 1.0),
        ("tanh(-10^400)", -1.0),
        ("pi/10^400*10^400", math.pi),  # also where floats hold nothing so small
        ("10^400*(pi*1e-300)", math.pi * 1e100),
        ("10^400/(pi*1e300)", 1e100 / math.pi),
        ("inf", math.inf),
        ("1 - inf", -math.inf),
        ("1/inf", 0.0),
        ("10^400*inf", math.inf),
        ("floor(inf)", math.inf),
        ("ceil(-inf)", -math.inf),
    ],
)
def test_what_is_not_rational_is_a_float(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=1e-12, abs=0)


def test_softmax_does_not_overflow() -> None:
    assert value("softmax([1000, 1000])") == (Fraction(1, 2), Fraction(1, 2))
    assert value("softmax([0, 1000])") == (0.0, 1.0)
    assert value("softmax([10^400, 0])") == (1.0, 0.0)
    parts = flattened(value("softmax([1, 2, 3])"))
    assert sum(parts) == pytest.approx(1)
    assert parts[2] / parts[1] == pytest.approx(math.e)
    assert value("softmax([1; 1])") == ((Fraction(1, 2),), (Fraction(1, 2),))  # a column stays one


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/0", "division by zero"),
        ("1/(1/3 - 1/3)", "division by zero"),
        ("pi/(pi - pi)", "division by zero"),
        ("log(0)", "log is not defined at 0"),
        ("log(-1)", "log is not defined at -1"),
        ("log(-1/3)", "log is not defined at -1/3"),
        ("log(-9^9000)", "log is not defined at -inf"),
        ("sqrt(-4)", "sqrt is not defined at -4"),
        ("0^-1", "0 cannot be raised to a negative power"),
        ("(-8)^(1/3)", "a negative number has no such root"),
        ("(-pi)^0.5", "a negative number has no such root"),
        ("(-1)^inf", "a negative number has no such root"),
        ("(1/2)!", "factorial needs a whole number from 0, not 1/2"),
        ("(-3)!", "factorial needs a whole number from 0, not -3"),
        ("(1/9^9000)!", "factorial needs a whole number"),
        ("binomial(3/2, 1)", "whole numbers from 0"),
        ("gamma_function(-2)", "no value there"),
        ("beta_function(0, 1)", "positive arguments"),
        ("inf - inf", "no value"),
        ("0*inf", "no value"),
        ("inf/inf", "no value"),
        ("sin(inf)", "no value there"),
        ("max([])", "max of an empty list"),
        ("softmax([])", "softmax of an empty list"),
        ("cases(1, 2 < 1)", "none of the cases applies"),
        ("A[3, 1]", "there is no entry 3: entries count from 1 to 2"),
        ("A[0]", "there is no entry 0"),
        ("A[1/2]", "there is no entry 1/2"),
    ],
)
def test_what_is_not_defined_says_why(text: str, message: str) -> None:
    with pytest.raises(Undefined) as raised:
        value(text, A=((Fraction(1), Fraction(2)), (Fraction(3), Fraction(4))))
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x + 1", "x has no value"),
        ("theta_hat", "theta_hat has no value"),
        ("sum(i*x, i, 1, 3)", "x has no value"),
        ("sum(i, i, 1, n)", "n has no value"),
    ],
)
def test_a_letter_without_a_value_is_named(text: str, message: str) -> None:
    with pytest.raises(Unbound) as raised:
        value(text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1 2; 3 4] + [1 2 3; 4 5 6]", "the sizes 2×2 and 2×3 do not fit"),
        ("[1, 2] + [1, 2, 3]", "the sizes 2 and 3 do not fit"),
        ("[1 2; 3 4] + [1, 2]", "the sizes 2 and 2×2 do not fit"),
        ("[1 2; 3 4] @ [1; 2; 3]", "a 2×2 matrix cannot be multiplied by a 3×1 matrix"),
        ("[1 2] @ [1 2]", "a 1×2 matrix cannot be multiplied by a 1×2 matrix"),
        ("hadamard([1 2], [1; 2])", "the sizes 1×2 and 2×1 do not fit"),
        ("[1 2; 3 4]^2", "write A @ A"),
        ("[[1, 2], [3]] @ [1, 2]", "rows of one length"),
        ("[[1, 2], [3]].T", "rows of one length"),
        ("[] @ [1]", "rows of one length"),
        ("[].T", "rows of one length"),
        ("[[[1, 2], [3, 4]]].T", "rows of one length"),
        ("3[1]".replace("3", "x"), "only a list or a matrix has entries"),
        ("sum(i, i, 1, 1/2)", "an index runs over whole numbers"),
        ("sum(i, i, 1, pi)", "an index runs over whole numbers"),
        ("cases(1, 2)", "a condition such as x > 0 is needed here"),
        ("cases(1, 2 ~ 2)", "only =, ≠, <, ≤, > and ≥ can be decided"),
        ("beta(1, 2)", "beta is not a function that can be computed"),
        ("gamma(shape=1)", "does not stand for a number"),
        ("1 < 2", "does not stand for a number"),
    ],
)
def test_what_does_not_fit_says_why(text: str, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        value(text, x=3)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "2^2^2^2^2^2",
        "(1/3)^(10^9)",
        "2^(-10^9)",
        "100000!",
        "(10^400)!",
        "gamma_function(10^6)",
        "binomial(10^9, 10^8)",
        "sum(i, i, 1, 10^9)",
        "sum(i, i, -10^400, 10^400)",
        "sum(sum(sum(1, i, 1, 9999), j, 1, 9999), k, 1, 9999)",
        "sum(cases(1, sum(1, j, 1, 9999) > 0), i, 1, 9999)",
        "product(9^9999, i, 1, 99999)",
        "sum(7999!, i, 1, 99999)",
        "sum(9^9999, i, 1, 99999)",
        "sum(1/(10^100 + i), i, 1, 9999)",
        "sum((7^9999 + i)^(1/61), i, 1, 9999)",
        "sum([" + ", ".join(f"1/{2 * i + 1}" for i in range(5000)) + "])",
        "[" + "1;" * 999 + "1] @ [" + "1 " * 999 + "1]",
        "[" + "1," * 999 + "1]" + " + 1" * 999,
        "*".join(["9^9999"] * 2000),
        "+".join(["9^9999"] * 5000),
        "exp(1000)",
        "10^400*1.0^0.5 + exp(10^400)",
        "(1e300 + 1)^1.5",
        "10^400 + pi",
        "pi/1e-400",
        "gamma_function(1001/2)",
    ],
)
def test_what_is_too_large_is_refused_at_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcalc.maths.evaluate.MAX_WORK", MAX_WORK // 10)
    tree = read(text)
    with pytest.raises(TooLarge):
        evaluate(tree)


def test_too_much_work_is_refused_in_good_time() -> None:
    with pytest.raises(TooMuchWork):
        value("sum(sum(1, i, 1, 9999), j, 1, 9999)")


def test_a_sum_of_many_terms_is_computed() -> None:
    assert value("sum(i, i, 1, 20000)") == 20000 * 20001 // 2


def test_lists_and_matrices_are_taken_entry_by_entry() -> None:
    assert value("[1, 2]*3 + [1, 1]") == (4, 7)
    assert value("[1 2; 3 4]*[1 0; 0 1]") == ((1, 0), (0, 4))
    assert value("[1 2; 3 4] @ [1 0; 0 2]") == ((1, 4), (3, 8))
    assert value("[1 2; 3 4] @ [1, 1]") == ((3,), (7,))  # a list is a column
    assert value("[1 2; 3 4].T - 1") == ((0, 2), (1, 3))
    assert value("[1; 2] + [3, 4]") == ((4,), (6,))
    assert value("relu([-1, 2])") == (0, 2)
    assert value("[1, 2]^2") == (1, 4)
    assert value("max([1, 5], [4, 2])") == (4, 5)
    assert value("sum((x - 2)^2)", x=(Fraction(1), Fraction(2), Fraction(4))) == 5
    assert value("3@4x5") == (3, 4, 5)


def test_scalar_and_exact_want_one_number() -> None:
    assert scalar(read("[[3]]")) == 3
    assert exact(read("[3]")) == 3
    assert exact(read("1/0")) is None
    assert exact(read("sqrt(2)")) is None
    with pytest.raises(EvaluationError, match="a single number is needed"):
        scalar(read("[1, 2]"))


def test_computed_values_become_notation() -> None:
    third = Fraction(1, 3)
    assert as_tree(third) == Number(third)
    assert as_tree(0.5) == Decimal(0.5)
    assert as_tree((third, 0.5)) == Listing((Number(third), Decimal(0.5)))
    assert as_tree(((third,), (0.5,))) == Matrix(((Number(third),), (Decimal(0.5),)))
    assert as_tree(((third,), (0.5, third))) == Listing(
        (Listing((Number(third),)), Listing((Decimal(0.5), Number(third))))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0 <= 1 < 2", True), ("0 <= 1 < 1", False), ("1/3 = 2/6", True), ("1 != 1", False)],
)
def test_conditions(text: str, expected: bool) -> None:
    assert holds(read(text)) is expected


# The witness: Python's own arithmetic, on the source text.

NAMES = {"x": Fraction(3, 7), "y": Fraction(-5, 4), "n": Fraction(4)}


def python(tree: Expr, at: dict[str, Fraction]) -> float:
    """The value by Python's `eval`: exact by Fraction as far as it goes, and `math` beyond."""
    text = source(tree).replace("^", "**")
    known = {
        "log": math.log, "exp": math.exp, "sqrt": math.sqrt, "abs": abs, "tanh": math.tanh,
        "floor": math.floor, "ceil": math.ceil, "max": max,
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
        "cases": lambda *parts: cases_in_python(parts),
        "F": Fraction,
    }  # fmt: skip
    return float(eval(in_fractions(text), {"__builtins__": {}}, known | at))


def in_fractions(text: str) -> str:
    """Each number of the text as F("0.05")."""
    percent = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    return re.sub(r"(?<![\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)", r'F("\1")', percent)


def cases_in_python(parts: tuple[object, ...]) -> object:
    *pairs, last = parts
    for result, condition in zip(pairs[::2], pairs[1::2], strict=True):
        if condition:
            return result
    return last


def rationals() -> st.SearchStrategy[Expr]:
    ratio = st.fractions(-20, 20, max_denominator=30).map(Number)
    written = st.decimals(-9, 9, places=3).map(lambda d: Number(Fraction(d), str(d)))
    names = st.sampled_from(sorted(NAMES)).map(Symbol)
    return st.one_of(ratio, written, names)


def computable(leaves: int = 12) -> st.SearchStrategy[Expr]:
    def larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        condition = st.builds(
            lambda left, relation, right: Chain(left, ((relation, right),)),
            parts, st.sampled_from(["<", "<=", ">", ">="]), parts,
        )  # fmt: skip
        small = st.integers(-3, 3).map(lambda power: Number(Fraction(power)))
        return st.one_of(
            several.map(Add),
            several.map(Mul),
            parts.map(Neg),
            st.builds(Div, parts, parts),
            st.builds(Pow, parts, small),
            st.builds(lambda part: Pow(Call("exp", (part,)), Number(Fraction(1, 2))), parts),
            st.builds(
                lambda name, part: Call(name, (part,)),
                st.sampled_from(["log", "exp", "sqrt", "abs", "tanh", "sigmoid"]),
                parts,
            ),
            several.map(lambda items: Call("max", items)),
            st.builds(lambda a, test, b: Cases(((a, test), (b, None))), parts, condition, parts),
        )

    return st.recursive(rationals(), larger, max_leaves=leaves)


def is_steady(tree: Expr) -> bool:
    """Whether no part comes near cancelling, where floats of either side may lose their digits."""
    for part in walk(tree):
        if isinstance(part, Add | Chain):
            parts = part.terms if isinstance(part, Add) else part.members
            values = [float(scalar(term, AT)) for term in parts]
            whole = math.fsum(values) if isinstance(part, Add) else values[0] - values[1]
            if abs(whole) < 1e-4 * max(map(abs, values)):
                return False
    return True


AT: dict[Symbol, Value] = {Symbol(name): given for name, given in NAMES.items()}


def is_exponential(part: Expr) -> bool:
    return isinstance(part, Pow) or (isinstance(part, Call) and part.name in ("exp", "sigmoid"))


@given(computable())
@settings(deadline=None, max_examples=60)
def test_values_are_those_of_python(tree: Expr) -> None:
    try:
        ours = scalar(tree, AT)
        assume(is_steady(tree))
        # √(e^(−1000)) is 0 to Python, whose floats lose what lies below them on the way.
        assume(all(abs(scalar(part, AT)) > 1e-290 for part in walk(tree) if is_exponential(part)))
    except EvaluationError:
        assume(False)
    try:
        theirs = python(tree, NAMES)
    except (OverflowError, ZeroDivisionError, ValueError):
        assume(False)  # Python's floats overflow, and underflow to a division by zero, sooner
    assert float(ours) == pytest.approx(theirs, rel=1e-9, abs=1e-290)


@given(computable(8))
@settings(deadline=None)
def test_where_python_has_no_value_there_is_none(tree: Expr) -> None:
    """Python is exact in rational arithmetic, so there its errors are those of mathematics."""
    is_rational = all(not isinstance(p, Call) or p.name == "max" for p in walk(tree))
    # Python takes both branches of cases, before it knows which.
    assume(is_rational and not any(isinstance(part, Cases) for part in walk(tree)))
    try:
        theirs = python(tree, NAMES)
    except ZeroDivisionError:
        with pytest.raises(Undefined):
            evaluate(tree, AT)
        return
    except OverflowError:
        return
    found = evaluate(tree, AT)
    assert isinstance(found, Fraction)
    assert float(found) == theirs


@given(computable(6), st.integers(-2, 3), st.integers(-2, 6), st.sampled_from(["sum", "product"]))
@settings(deadline=None, max_examples=60)
def test_a_sum_is_the_sum_of_its_terms(body: Expr, low: int, high: int, kind: str) -> None:
    """The index takes each value in turn; the witness adds up the values of the body."""
    operation = BigOp(kind, body, Symbol("n"), Number(Fraction(low)), Number(Fraction(high)))
    try:
        terms = [
            scalar(body, {**AT, Symbol("n"): Fraction(index)}) for index in range(low, high + 1)
        ]
    except EvaluationError as error:
        with pytest.raises(type(error)):
            evaluate(operation, AT)
        return
    ours = evaluate(operation, AT)
    assert isinstance(ours, Fraction | float)
    if all(isinstance(term, Fraction) for term in terms):
        assert ours == (sum(terms) if kind == "sum" else math.prod(terms))
    elif kind == "sum" and not any(map(math.isinf, map(float, terms))):
        largest = max(abs(float(term)) for term in terms)
        assert float(ours) == pytest.approx(
            math.fsum(map(float, terms)), rel=0, abs=1e-12 * largest
        )
    assert free_symbols(operation) <= {Symbol("x"), Symbol("y")}


@given(st.integers(0, 10**40), st.integers(2, 64))
def test_integer_roots(number: int, degree: int) -> None:
    root = integer_root(number, degree)
    assert root**degree <= number < (root + 1) ** degree


@given(st.fractions(0, 10**6), st.integers(2, 9))
def test_the_root_of_a_power_is_exact(base: Fraction, degree: int) -> None:
    tree = Pow(Number(base**degree), Number(Fraction(1, degree)))
    assert evaluate(tree) == base


HUGE = st.sampled_from([Fraction(10**400), Fraction(-(10**400)), Fraction(1, 10**400)])
ANY_NUMBERS = st.lists(
    st.one_of(st.fractions(), st.floats(allow_nan=False), HUGE), min_size=1, max_size=3
)


@given(st.sampled_from(sorted(FUNCTIONS)), ANY_NUMBERS)
@settings(deadline=None, max_examples=100)
def test_a_function_gives_a_number_or_a_reason(name: str, numbers: list[Fraction | float]) -> None:
    function = FUNCTIONS[name]
    numbers = numbers if function.most is None else numbers[: function.most]
    assume(len(numbers) >= function.least)
    try:
        found = scalar(Call(name, tuple(map(Decimal, numbers))))
    except EvaluationError:
        return
    assert found == found, "a NaN"
