"""Claims as YAML gives them, the rule for numbers, remarks, and claims by name.

What a typed text is worth stands in `answers.tsv`.
"""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlcalc.files.document import Entries, Raw, Text, from_plain
from mlcalc.files.errors import Invalid, Place
from mlcalc.marking.checking import check, check_named, within
from mlcalc.marking.checking.numbers import last_place, significant_digits
from mlcalc.maths.compare import RELATIVE_TOLERANCE
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import KNOWN_CALLS
from mlcalc.maths.numerics.real import Real
from mlcalc.maths.reader import read, read_shape
from mlcalc.maths.tree import Expr, Number, Shape
from mlcalc.showing.derivation import Answer, Derivation, Result, Verdict, number_answer

RIGHT, WRONG, UNREADABLE, MISSING, UNDECIDED = Verdict


def raw(claim: object) -> Raw:
    """A claim as it comes from YAML or from a flag."""
    return from_plain(claim, Place("--check", str(claim)))


def verdict(
    claim: object, value: Result, tolerance: Fraction | None = None, is_count: bool = False
) -> Verdict:
    answer = Answer("theta", value, Number(Fraction(0)), is_count=is_count)
    return check(raw(claim), answer, within(tolerance)).verdict


def remark(claim: object, value: Result) -> str:
    return check(raw(claim), Answer("theta", value, Number(Fraction(0)))).remark


def F(text: str) -> Fraction:  # noqa: N802  it stands for Fraction
    return Fraction(text)


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [([], "28", MISSING), ({}, "28", MISSING), ({"a": "1"}, "28", UNREADABLE)],
)
def test_a_number(claim: object, value: str, expected: Verdict) -> None:
    assert verdict(claim, Fraction(value)) is expected


@pytest.mark.parametrize(
    ("value", "right", "wrong"),
    [
        ("exp(-10^10)", "0", "1"),  # less than any real number keeps
        ("1/(1 + exp(-10^10))", "1", "0"),
        ("exp(-10^4)", "0", "1"),
        ("1/(1 + exp(-40))", "1", "0.9"),
    ],
)
def test_a_number_too_near_to_a_whole_one_to_be_told_from_it(
    value: str, right: str, wrong: str
) -> None:
    found = evaluate(read(value))
    assert isinstance(found, Real)
    assert verdict(right, found) is RIGHT
    assert verdict(wrong, found) is WRONG


def test_the_tolerance_of_a_problem_is_used() -> None:
    assert verdict("2.62", F("18/7"), F("0.02")) is RIGHT
    assert verdict("2.63", F("18/7"), F("0.02")) is WRONG
    assert verdict("2.5715", F("18/7"), F("0")) is WRONG
    assert verdict("2.571", F("18/7"), F("0")) is RIGHT  # rounded as it should be
    assert verdict("27", F("28"), F("0.5")) is RIGHT
    assert verdict("27", F("28"), F("0.5"), is_count=True) is WRONG


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
    assume(abs(off - value) > max(RELATIVE_TOLERANCE * abs(value), Fraction(1, 10**6)))
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


@pytest.mark.parametrize(("claim", "value", "expected"), [(["5", "5"], FIVE_BY_FIVE, RIGHT)])
def test_a_shape(claim: object, value: Shape, expected: Verdict) -> None:
    assert verdict(claim, value) is expected


MATRIX = ((F("1"), F("-2")), (F("1/3"), F("4")))
ROW, COLUMN, LIST = ((F("1/3"), F("2")),), ((F("1/3"),), (F("2"),)), (F("1/3"), F("2"))


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [([["1", "-2"], ["1/3", "4"]], MATRIX, RIGHT), (["1/3", "2"], COLUMN, RIGHT)],
)
def test_a_matrix_or_vector(claim: object, value: Result, expected: Verdict) -> None:
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
        check_named(claims(z="1"), DERIVATION)


# Parts of answers, and answers of which there are many.

PARTS: Result = {"red": F("3/4"), "not blue": F("1/4"), "deep": {"x": (F("1"), F("2"))}}
WITH_PARTS = Derivation(
    "A title", (), (number_answer("total", F("28")), Answer("theta", PARTS, Number(Fraction(0))))
)


@pytest.mark.parametrize(
    ("name", "claim", "expected"),
    [
        ("theta.red", "0.75", RIGHT),
        ("theta.red", "0.7", WRONG),
        ("theta.not-blue", "1/4", RIGHT),
        ("theta.not blue", "1/4", RIGHT),
        ("theta.deep.x", "1, 2", RIGHT),
        ("theta.deep.x", "1, 3", WRONG),
        ("theta", "red=3/4, not blue=1/4", RIGHT),
    ],
)
def test_a_part_is_named_with_a_dot(name: str, claim: str, expected: Verdict) -> None:
    entries = Entries(((Text(name, Place("--check")), Text(claim, Place("--check"))),), Place(""))
    (found,) = check_named(entries, WITH_PARTS)
    assert found.verdict is expected
    assert found.name.startswith("theta")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("theta.green", "'green' is not a part of this answer"),
        ("theta.red.x", "'theta.red' has no parts"),
        ("total.red", "'total' has no parts"),
        ("lambda.red", "there is no answer 'lambda.red'"),
    ],
)
def test_a_part_that_is_none_is_invalid(name: str, message: str) -> None:
    entries = Entries(((Text(name, Place("--check")), Text("1", Place("--check"))),), Place(""))
    with pytest.raises(Invalid, match=message):
        check_named(entries, WITH_PARTS)


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("log_likelihood = -1.5", "log_likelihood"),
        ("θ̂ = 18/7", "theta"),
        (r"\hat\theta = \frac{18}{7}", "theta"),
        ("18/7", "theta"),
    ],
)
def test_a_claim_may_name_its_answer_itself(claim: str, name: str) -> None:
    place = Place("--check", claim)
    (found,) = check_named(Entries(((Text("", place), Text(claim, place)),), place), DERIVATION)
    assert (found.name, found.verdict) == (name, RIGHT)


def test_parts_that_are_left_out_are_missing_where_all_are_asked_for() -> None:
    answer = Answer("theta", PARTS, Number(Fraction(0)))
    found = check(raw({"red": "3/4", "not-blue": "1/4", "deep": {}}), answer, complete=True)
    assert (found.verdict, found.remark) == (MISSING, "missing: deep.x")
    assert check(raw({"red": "3/4"}), answer).verdict is RIGHT
    assert check(raw({"red": "1/4"}), answer, complete=True).verdict is WRONG
    whole = {"red": "3/4", "not blue": "0.25", "deep": {"x": ["1", "2"]}}
    assert check(raw(whole), answer, complete=True).verdict is RIGHT


def is_even(value: Result) -> bool | None:
    assert isinstance(value, Fraction)
    return None if value > 100 else value % 2 == 0


def test_one_of_many_answers_is_asked_whether_it_is_one() -> None:
    answer = Answer("even", F("2"), Number(F("2")), accepts=is_even)
    assert check(raw("2"), answer).verdict is RIGHT
    assert check(raw("4"), answer).verdict is RIGHT
    assert check(raw("3"), answer).verdict is WRONG
    assert check(raw("102"), answer).verdict is UNDECIDED
    assert check(raw("4,"), answer).verdict is RIGHT


def test_yaml_reads_a_set_as_keys_without_values() -> None:
    assert verdict({"1": "", "2": ""}, (F("1"), F("2"))) is RIGHT
    assert verdict({"2": "", "1": ""}, (F("1"), F("2"))) is WRONG
    assert verdict({"2": "", "3": ""}, (F("1"), F("2"))) is WRONG


def test_a_complaint_says_at_which_character() -> None:
    assert remark("1/2x", F("1")).startswith("character 4: ")
    assert remark(r"\frac{1}", F("1")).startswith("character ")


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
@settings(deadline=None, max_examples=100)
def test_any_claim_has_a_verdict(claim: object, value: Result) -> None:
    found = check(raw(claim), Answer("theta", value, Number(Fraction(0))))
    assert found.verdict in Verdict
    assert found.verdict in (RIGHT, WRONG, MISSING, UNDECIDED) or found.remark


@pytest.mark.parametrize("name", sorted(KNOWN_CALLS))
def test_any_function_of_anything_has_a_verdict(name: str) -> None:
    """softmax(1, 2) beside k/n: a function has values of some arguments, and none of others."""
    for arguments in (
        "", "1", "1, 2", "1, 2, 3", "0.3, sqrt(2)", "x", "k, n", "sqrt(k), n", "[1, 2]",
        "[1 2; 3 4]", "[1 2; 3 4], [1, 2]", "k/n, 1, [1, 2]", "shape=2, rate=1",
    ):  # fmt: skip
        for value in (F("3/7"), read("k/n"), read("x*y"), read("sqrt(k)/n"), COLUMN, FIVE_BY_FIVE):
            assert verdict(f"{name}({arguments})", value) is not RIGHT, (arguments, value)


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
    assert verdict(claim, value) is not RIGHT
