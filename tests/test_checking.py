"""What a claimed answer is worth: the rules for numbers, shapes, matrices, words and formulas.

A wrong answer that passes is a bug, a right one that fails is a worse one; and what cannot be
read is unreadable, never wrong.
"""

from __future__ import annotations

import math
import time
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlcalc.checking import (
    RELATIVE_TOLERANCE,
    check,
    check_named,
    last_place,
    significant_digits,
)
from mlcalc.derivation import Answer, Derivation, Result, Verdict, number_answer
from mlcalc.document import Entries, Raw, Text, from_plain
from mlcalc.errors import Invalid, Place
from mlcalc.maths.reader import read, read_shape
from mlcalc.maths.tree import Expr, Number, Shape

RIGHT, WRONG, UNREADABLE, MISSING, UNDECIDED = Verdict


def raw(claim: object) -> Raw:
    """A claim as it comes from YAML or from a flag."""
    return from_plain(claim, Place("--check", str(claim)))


def verdict(claim: object, value: Result, tolerance: Fraction = RELATIVE_TOLERANCE) -> Verdict:
    answer = Answer("theta", value, Number(Fraction(0)))
    return check(raw(claim), answer, tolerance).verdict


def remark(claim: object, value: Result) -> str:
    return check(raw(claim), Answer("theta", value, Number(Fraction(0)))).remark


def F(text: str) -> Fraction:  # noqa: N802  it stands for Fraction
    return Fraction(text)


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        # exact, in any spelling
        ("18/7", "18/7", RIGHT),
        ("36/14", "18/7", RIGHT),
        ("2 + 4/7", "18/7", RIGHT),
        ("theta = 18/7", "18/7", RIGHT),
        ("theta = 9/3.5 ≈ 2.571", "18/7", RIGHT),
        ("18/7 ≈ 2.5714", "18/7", RIGHT),
        ("θ̂ ≈ 2.571", "18/7", RIGHT),
        ("-1/3", "-1/3", RIGHT),
        ("−0.25", "-1/4", RIGHT),
        ("1/4", "0.25", RIGHT),
        ("2^-2", "0.25", RIGHT),
        ("19/7", "18/7", WRONG),
        ("-18/7", "18/7", WRONG),
        # rounded to the digits that were written, two at least
        ("2.6", "18/7", RIGHT),
        ("2.57", "18/7", RIGHT),
        ("2.571", "18/7", RIGHT),
        ("2.5714", "18/7", RIGHT),
        ("2.58", "18/7", WRONG),
        ("2.5715", "18/7", RIGHT),  # within 0.1 %
        ("2.5739", "18/7", RIGHT),
        ("2.5745", "18/7", WRONG),
        ("3", "18/7", WRONG),
        ("0.33", "1/3", RIGHT),
        ("0.34", "1/3", WRONG),
        ("0.3", "1/3", WRONG),
        ("-0.33", "-1/3", RIGHT),
        ("0.00", "0.001", WRONG),
        ("0.0010", "0.001", RIGHT),
        ("0.080", "0.0796", RIGHT),
        ("0.08", "0.0796", WRONG),  # one digit
        ("0.08", "0.08", RIGHT),
        ("13", "12.6", RIGHT),
        ("12", "12.6", WRONG),
        ("100", "99.6", RIGHT),
        ("1e2", "99.6", WRONG),  # one digit
        ("1.0e2", "99.6", RIGHT),
        ("1.2e-4", "0.00012345", RIGHT),
        ("1.2·10⁻⁴", "0.00012345", RIGHT),
        ("-1.2*10^-4", "-0.00012345", RIGHT),
        ("1.3·10⁻⁴", "0.00012345", WRONG),
        # percent
        ("8%", "2/25", RIGHT),
        ("0.08", "2/25", RIGHT),
        ("8", "2/25", WRONG),
        ("33%", "1/3", RIGHT),
        ("33.3 %", "1/3", RIGHT),
        ("34%", "1/3", WRONG),
        # a whole number is exact
        ("28", "28", RIGHT),
        ("28.0", "28", RIGHT),
        ("56/2", "28", RIGHT),
        ("27.999", "28", WRONG),
        ("28.0001", "28", WRONG),
        ("0", "0", RIGHT),
        ("0.0", "0", RIGHT),
        ("0.0001", "0", WRONG),
        ("m ≥ 300", "300", RIGHT),
        ("[28]", "28", RIGHT),
        ("[0.333]", "1/3", RIGHT),
        ("[0.8]", "1/3", WRONG),
        ("3, 4", "28", WRONG),
        ("4x7", "28", WRONG),
        # no number, or one that cannot be computed
        ("1/0", "28", WRONG),
        ("log(-1)", "28", WRONG),
        ("inf", "28", WRONG),
        ("[inf]", "1/3", WRONG),
        ("[9^9999]", "1/3", WRONG),
        ("3e400", "1/3", WRONG),
        ("k/n", "28", UNREADABLE),
        ("9^9^9", "28", UNDECIDED),
        # unreadable
        ("theta < 28", "28", UNREADABLE),
        ("28 px", "28", UNREADABLE),  # 28·px
        ("about 28", "28", UNREADABLE),
        ("1/2x", "28", UNREADABLE),
        ("(28", "28", UNREADABLE),
        ("0,08", "2/25", UNREADABLE),
        ("1,000", "1000", UNREADABLE),
        ("__import__('os')", "28", UNREADABLE),
        ("", "28", MISSING),
        ("  ", "28", MISSING),
        ([], "28", MISSING),
        ({}, "28", MISSING),
        ({"a": "1"}, "28", UNREADABLE),
    ],
)
def test_a_number(claim: object, value: str, expected: Verdict) -> None:
    assert verdict(claim, Fraction(value)) is expected


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("1.41", math.sqrt(2), RIGHT),
        ("1.42", math.sqrt(2), WRONG),
        ("sqrt(2)", math.sqrt(2), RIGHT),
        ("√2", math.sqrt(2), RIGHT),
        ("2^(1/2)", math.sqrt(2), RIGHT),
        ("e^-1", math.exp(-1), RIGHT),
        ("exp(-1)", math.exp(-1), RIGHT),
        ("-log(2)", -math.log(2), RIGHT),
        ("-0.69", -math.log(2), RIGHT),
        ("log(2)", -math.log(2), WRONG),
        ("0.30", 0.1 + 0.2, RIGHT),
        ("0", 1e-17, WRONG),
        ("inf", math.inf, RIGHT),
        ("∞", math.inf, RIGHT),
        ("-inf", math.inf, WRONG),
        ("1e300", math.inf, WRONG),
        ("1", math.nan, WRONG),
    ],
)
def test_a_float(claim: str, value: float, expected: Verdict) -> None:
    assert verdict(claim, value) is expected


def test_the_tolerance_of_a_problem_is_used() -> None:
    assert verdict("2.62", F("18/7"), F("0.02")) is RIGHT
    assert verdict("2.63", F("18/7"), F("0.02")) is WRONG
    assert verdict("2.5715", F("18/7"), F("0")) is WRONG
    assert verdict("2.571", F("18/7"), F("0")) is RIGHT  # rounded as it should be
    assert verdict("27", F("28"), F("0.5")) is WRONG  # a whole number is exact


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_a_number_that_is_rounded_correctly_is_right(value: Fraction, places: int) -> None:
    text = f"{float(value):.{places}f}"
    assume(value.denominator != 1)
    assume(abs(abs(value) * 10**places % 1 - Fraction(1, 2)) > 1e-6)
    if significant_digits(text) >= 2:
        assert verdict(text, value) is RIGHT


@given(st.fractions(-1000, 1000), st.integers(1, 6), st.sampled_from([-1, 1]))
def test_a_number_that_is_off_by_more_is_wrong(value: Fraction, places: int, sign: int) -> None:
    off = Fraction(round(value * 10**places), 10**places) + Fraction(sign * 2, 10**places)
    assume(abs(off - value) > RELATIVE_TOLERANCE * abs(value))
    text = f"{float(off):.{places}f}"
    assume(Fraction(text) == off)
    assert verdict(text, value) is WRONG


@given(st.fractions())
def test_the_exact_value_is_right(value: Fraction) -> None:
    assert verdict(str(value), value) is RIGHT
    assert verdict(f"theta = {value}", value) is RIGHT
    assert verdict(f"[{value}]", (value,)) is RIGHT


@pytest.mark.parametrize(
    ("text", "digits", "unit"),
    [
        ("2.57", 3, "1/100"),
        ("0.080", 2, "1/1000"),
        ("-0.5", 1, "1/10"),
        ("120", 3, "1"),
        ("8%", 1, "1/100"),
        ("8.0%", 2, "1/1000"),
        ("1.20e-4", 3, "1/1000000"),
        ("1E3", 1, "1000"),
        (".5", 1, "1/10"),
    ],
)
def test_digits_and_the_last_place(text: str, digits: int, unit: str) -> None:
    assert significant_digits(text) == digits
    assert last_place(text) == Fraction(unit)


FIVE_BY_FIVE, THREE_MAPS = read_shape("5x5"), read_shape("3@5x6")
LETTERS = read_shape("C@(H - 2)xW")


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("5x5", FIVE_BY_FIVE, RIGHT),
        ("5×5", FIVE_BY_FIVE, RIGHT),
        ("5 x 5", FIVE_BY_FIVE, RIGHT),
        ("[5, 5]", FIVE_BY_FIVE, RIGHT),
        ("(5, 5)", FIVE_BY_FIVE, RIGHT),
        ("5, 5", FIVE_BY_FIVE, RIGHT),
        (["5", "5"], FIVE_BY_FIVE, RIGHT),
        ("10/2 x 5", FIVE_BY_FIVE, RIGHT),
        ("shape = 5x5", FIVE_BY_FIVE, RIGHT),
        ("5x6", FIVE_BY_FIVE, WRONG),
        ("5", FIVE_BY_FIVE, WRONG),
        ("25", FIVE_BY_FIVE, WRONG),
        ("1@5x5", FIVE_BY_FIVE, WRONG),
        ("5x5x5", FIVE_BY_FIVE, WRONG),
        ("5x", FIVE_BY_FIVE, WRONG),
        ("3@5x6", THREE_MAPS, RIGHT),
        ("[3, 5, 6]", THREE_MAPS, RIGHT),
        ("3x5x6", THREE_MAPS, RIGHT),
        ("5x6", THREE_MAPS, WRONG),
        ("5@3x6", THREE_MAPS, WRONG),
        ("3@6x5", THREE_MAPS, WRONG),
        ("C@(H-2)xW", LETTERS, RIGHT),
        ("C, H - 2, W", LETTERS, RIGHT),
        ("C@HxW", LETTERS, WRONG),
        ("7", Shape((Number(Fraction(7)),)), RIGHT),
        ("five", FIVE_BY_FIVE, WRONG),
        ("5x(5", FIVE_BY_FIVE, UNREADABLE),
        ("", FIVE_BY_FIVE, MISSING),
    ],
)
def test_a_shape(claim: object, value: Shape, expected: Verdict) -> None:
    assert verdict(claim, value) is expected


MATRIX = ((F("1"), F("-2")), (F("1/3"), F("4")))
ROW, COLUMN, LIST = ((F("1/3"), F("2")),), ((F("1/3"),), (F("2"),)), (F("1/3"), F("2"))


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("1 -2; 1/3 4", MATRIX, RIGHT),
        ("1, -2; 0.33, 4", MATRIX, RIGHT),
        ("[[1, -2], [1/3, 4]]", MATRIX, RIGHT),
        ("[1 -2; 1/3 4]", MATRIX, RIGHT),
        ([["1", "-2"], ["1/3", "4"]], MATRIX, RIGHT),
        ("h = [1 -2; 1/3 4]", MATRIX, RIGHT),
        ("1 -2; 1/3 5", MATRIX, WRONG),
        ("1 -2; 0.34 4", MATRIX, WRONG),
        ("1 1/3; -2 4", MATRIX, WRONG),  # the transpose
        ("1 -2", MATRIX, WRONG),
        ("1, -2, 1/3, 4", MATRIX, WRONG),
        ("1 -2 0; 1/3 4 0", MATRIX, WRONG),
        ("5", MATRIX, WRONG),
        ("1 -2; 1/3", MATRIX, UNREADABLE),
        ("1 - 2; 1/3 4", MATRIX, UNREADABLE),
        ("1 -2; k 4", MATRIX, UNREADABLE),
        ("1 -3; k 4", MATRIX, WRONG),
        # a list stands for a row and for a column
        ("1/3, 2", LIST, RIGHT),
        ("1/3 2", LIST, RIGHT),
        ("0.333, 2", LIST, RIGHT),
        ("[1/3, 2]", LIST, RIGHT),
        ("1/3; 2", LIST, RIGHT),
        ("1/3, 2", ROW, RIGHT),
        ("1/3 2", ROW, RIGHT),
        ("[[1/3, 2]]", ROW, RIGHT),
        ("1/3, 2", COLUMN, RIGHT),
        ("1/3 2", COLUMN, RIGHT),
        ("1/3; 2", COLUMN, RIGHT),
        ("[[1/3], [2]]", COLUMN, RIGHT),
        (["1/3", "2"], COLUMN, RIGHT),
        ("2, 1/3", LIST, WRONG),
        ("1/3, 2, 2", LIST, WRONG),
        ("1/3", LIST, WRONG),
        ("", LIST, MISSING),
        # a number stands for a 1×1 matrix and a 1-vector
        ("1/3", (F("1/3"),), RIGHT),
        ("0.33", ((F("1/3"),),), RIGHT),
        ("[0.33]", ((F("1/3"),),), RIGHT),
        ("[[0.33]]", ((F("1/3"),),), RIGHT),
        ("0.8", ((F("1/3"),),), WRONG),
        ("1/3; 2", ((F("1/3"),), (F("2"),)), RIGHT),
        # a tensor's sizes as numbers
        ("3@4x5", (F("3"), F("4"), F("5")), RIGHT),
    ],
)
def test_a_matrix_or_vector(claim: object, value: Result, expected: Verdict) -> None:
    assert verdict(claim, value) is expected


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("k/n", "k/n", RIGHT),
        ("theta = k/n", "k/n", RIGHT),
        ("(2*k)/(2*n)", "k/n", RIGHT),
        ("(k + 1)/n", "k/n", WRONG),
        ("0.5", "k/n", WRONG),
        ("sum(x)/n", "mean(x)", RIGHT),
        ("sum/n", "mean(x)", RIGHT),
        ("median(x)", "mean(x)", WRONG),
        ("max(y, x)", "max(x, y)", RIGHT),
        ("|y - x|", "abs(x - y)", RIGHT),
        ("e^x", "exp(x)", RIGHT),
        ("floor((H-K)/S) + 1", "floor((H - K + S)/S)", RIGHT),
        ("(H-K)/S + 1", "floor((H - K + S)/S)", WRONG),
        ("√(σ²)", "sigma", RIGHT),
        ("√(x²)", "x", UNDECIDED),
        ("1/2x", "x/2", UNREADABLE),
        ("k/", "k/n", UNREADABLE),
        ("", "k/n", MISSING),
    ],
)
def test_a_formula(claim: str, value: str, expected: Verdict) -> None:
    assert verdict(claim, read(value)) is expected


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("spam", "spam", RIGHT),
        ("  Spam ", "spam", RIGHT),
        ("not spam", "not-spam", RIGHT),
        ("NOT_SPAM", "not-spam", RIGHT),
        ("ham", "spam", WRONG),
        ("1/2x", "spam", WRONG),
        ("", "spam", MISSING),
        ("beta(17, 185)", "beta(17, 185)", RIGHT),
        ("Beta(17,185)", "beta(17, 185)", RIGHT),
        ("BETA( 34/2 , 185.0 )", "beta(17, 185)", RIGHT),
        ("theta ~ Beta(17, 185)", "beta(17, 185)", RIGHT),
        ("posterior = Beta(17, 185)", "beta(17, 185)", RIGHT),
        ("θ | D ∼ Beta(17, 185)", "beta(17, 185)", RIGHT),  # as it is printed
        ("beta(185, 17)", "beta(17, 185)", WRONG),
        ("beta(17, 186)", "beta(17, 185)", WRONG),
        ("gamma(17, 185)", "beta(17, 185)", WRONG),
        ("beta", "beta(17, 185)", WRONG),
        ("17/202", "beta(17, 185)", WRONG),
        ("beta(17, 185", "beta(17, 185)", UNREADABLE),
        ("beta(17)", "beta(17, 185)", UNREADABLE),
        ("gamma(shape=80, rate=22)", "gamma(shape=80, rate=22)", RIGHT),
        ("Gamma(rate = 22, shape = 80)", "gamma(shape=80, rate=22)", RIGHT),
        ("gamma(shape=80, scale=1/22)", "gamma(shape=80, rate=22)", RIGHT),
        ("gamma(shape=80, scale=22)", "gamma(shape=80, rate=22)", WRONG),
        ("gamma(shape=22, rate=80)", "gamma(shape=80, rate=22)", WRONG),
        ("gamma(80, 22)", "gamma(shape=80, rate=22)", UNREADABLE),  # or the scale?
        ("Inverse gamma(shape = 2, scale = 3)", "inverse_gamma(shape=2, scale=3)", RIGHT),
    ],
)
def test_words_and_distributions(claim: str, value: str, expected: Verdict) -> None:
    assert verdict(claim, value) is expected
    if "(" in value:  # a solver may give it as text or as notation
        assert verdict(claim, read(value)) is expected


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("yes", True, RIGHT),
        ("True", True, RIGHT),
        ("no", True, WRONG),
        ("No", False, RIGHT),
        ("1", False, WRONG),
        ("perhaps", True, UNREADABLE),
        ("", True, MISSING),
    ],
)
def test_yes_or_no(claim: str, value: bool, expected: Verdict) -> None:
    assert verdict(claim, value) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"spam": "1/3", "ham": "2/3"}, RIGHT),
        ({"ham": "0.67", "spam": "0.33"}, RIGHT),
        ({"spam": "1/3"}, RIGHT),  # what is claimed is right
        ({"spam": "2/3", "ham": "2/3"}, WRONG),
        ({"spam": "k", "ham": "2/3"}, UNREADABLE),
        ({"spam": "k", "ham": "1/3"}, WRONG),
        ({"spam": "1/3", "eggs": "2/3"}, UNREADABLE),
        ({}, MISSING),
        ("1/3", UNREADABLE),
        (["1/3", "2/3"], UNREADABLE),
    ],
)
def test_a_mapping(claim: object, expected: Verdict) -> None:
    assert verdict(claim, {"spam": F("1/3"), "ham": F("2/3")}) is expected


@pytest.mark.parametrize(
    ("claim", "value", "message"),
    [
        ("1/2x", F("1"), "write (1/2)*x or 1/(2*x)"),
        ("0,08", F("2/25"), "write 0.08 with a point"),
        ("1,000", F("1000"), "write 1.000 with a point, or 1000 without a comma"),
        ("theta < 3", F("3"), "one value is expected, such as 1/3 or theta = 1/3"),
        ("gamma(80, 22)", "gamma(shape=80, rate=22)", "gamma(shape=80, rate=22) or gamma("),
        ("gamma(80)", "gamma(shape=80, rate=22)", "write gamma(shape=…, rate=…)"),
        ("beta(17)", "beta(17, 185)", "write beta(…, …)"),
        ("perhaps", True, "yes or no is expected"),
        (
            {"spm": "1"},
            {"spam": F("1")},
            "'spm' is not a part of this answer, did you mean 'spam'?",
        ),
        ("1/3", {"spam": F("1")}, "names and values are expected: spam"),
        ("k/n", F("1"), "k has no value"),
        ("1/0", F("1"), "division by zero"),
        ("28", F("28"), ""),
    ],
)
def test_a_remark_says_why(claim: object, value: Result, message: str) -> None:
    assert message in remark(claim, value)
    assert bool(message) == bool(remark(claim, value))


def claims(**claimed: object) -> Entries:
    found = raw({name.replace("_", "-"): claim for name, claim in claimed.items()})
    assert isinstance(found, Entries)
    return found


DERIVATION = Derivation(
    "A title",
    (),
    (
        Answer("theta", F("18/7"), Number(F("18/7")), aliases=("estimate",)),
        number_answer("log_likelihood", -1.5),
    ),
)


def test_claims_by_name() -> None:
    first, second = check_named(claims(log_likelihood="-1.5", estimate="3"), DERIVATION)
    assert (first.name, first.claimed, first.verdict) == ("log_likelihood", "-1.5", RIGHT)
    assert (second.name, second.claimed, second.verdict) == ("estimate", "3", WRONG)


def test_a_claim_without_a_name_is_one_for_the_first_answer() -> None:
    place = Place("--check", "18/7")
    entries = Entries(((Text("", place), Text("18/7", place)),), place)
    (found,) = check_named(entries, DERIVATION)
    assert (found.name, found.verdict) == ("theta", RIGHT)


def test_a_claim_for_no_answer_is_invalid() -> None:
    with pytest.raises(Invalid, match="there is no answer 'teta', did you mean 'theta'"):
        check_named(claims(teta="1"), DERIVATION)
    with pytest.raises(Invalid, match="this problem answers theta, log_likelihood"):
        check_named(claims(q="1"), DERIVATION)


# Whatever a student types, there is a verdict, and soon.

VALUES: list[Result] = [
    F("18/7"),
    28.5,
    math.inf,
    True,
    "spam",
    "beta(17, 185)",
    "gamma(shape=80, rate=22)",
    MATRIX,
    COLUMN,
    ((F("1"),),),
    FIVE_BY_FIVE,
    read("k/n"),
    read("gamma(shape=k, rate=n)"),
    read("floor(x/2) + mean(x)"),
    {"spam": F("1"), "ham": (F("1"), F("2"))},
]
TOKENS = st.sampled_from([
    "0", "1", "18/7", "2.57", "0,08", "8%", "5x5", "k", "n", "x", "theta", "e", "inf", "mean(x)",
    "beta(", "gamma(", "shape=", "Beta(17, 185)", "+", "-", "−", "*", "·", "/", "^", "²", "⁻⁴",
    "10", "(", ")", "[", "]", "|", ",", ";", "=", "≈", "<", "~", " ", " ", "√", "!", ".T", "@",
    "sum(", "cases(", "log(", "9^9^9", "1e400", "x[", "__", "\0", "\N{RIGHT-TO-LEFT OVERRIDE}",
])  # fmt: skip
SCALARS = st.one_of(st.lists(TOKENS, max_size=8).map("".join), st.text(max_size=12))
CLAIMS = st.recursive(
    SCALARS,
    lambda parts: st.one_of(
        st.lists(parts, max_size=3),
        st.dictionaries(st.sampled_from(["spam", "ham", "x"]), parts, max_size=2),
    ),
    max_leaves=5,
)


@given(CLAIMS, st.sampled_from(VALUES))
@settings(deadline=None, max_examples=300)
def test_any_claim_has_a_verdict(claim: object, value: Result) -> None:
    start = time.process_time()
    found = check(raw(claim), Answer("theta", value, Number(Fraction(0))))
    assert found.verdict in Verdict
    assert found.verdict in (RIGHT, WRONG, MISSING, UNDECIDED) or found.remark
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "claim",
    [
        "sum(sum(sum(1, i, 1, 9999), j, 1, 9999), k, 1, 9999)",
        "9^9^9^9",
        "1e999999999",
        "(" * 50_000,
        "1" * 200_000,
        "[" * 30 + "1" + "]" * 30,
        "*".join(["9^9999"] * 5000),
        "100000!",
    ],
    ids=lambda claim: claim[:20],
)
@pytest.mark.parametrize(
    "value", [COLUMN, read("k/n"), FIVE_BY_FIVE], ids=["matrix", "formula", "shape"]
)
def test_a_hostile_claim_is_refused_in_good_time(claim: str, value: Expr) -> None:
    start = time.process_time()
    assert verdict(claim, value) is not RIGHT
    assert time.process_time() - start < 5
