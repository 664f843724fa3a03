"""Answers of which there are many, in any order, or with SymPy's help."""

from __future__ import annotations

import pickle
from itertools import product

import pytest

from mlcalc.files.document import Entries, Text, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check, check_named
from mlcalc.marking.checking.second_opinion import MAX_POWER, second_opinion
from mlcalc.marking.exercise import solve
from mlcalc.maths.compare import same
from mlcalc.maths.reader import read
from mlcalc.showing.derivation import Answer, Derivation, Verdict

PLACE = Place("answers")


def solved(kind: str, **given: object) -> Derivation:
    found = from_plain(given, PLACE)
    assert isinstance(found, Entries)
    return solve(kind, found)


def verdict(answer: Answer, claim: str) -> Verdict:
    return check(Text(claim, PLACE), answer).verdict


def answer_of(derivation: Derivation, name: str) -> Answer:
    found = derivation.answer(name)
    assert found is not None
    return found


def test_every_labeling_that_is_missing_is_right() -> None:
    """Lines through the corners of a square realise all labelings but the two of XOR."""
    corners = [[0, 0], [1, 0], [0, 1], [1, 1]]
    missing = answer_of(solved("vc", hypothesis_class="linear", points=corners), "missing")
    for labels in product("01", repeat=4):
        is_xor = labels in (tuple("0110"), tuple("1001"))
        assert verdict(missing, " ".join(labels)) is (Verdict.RIGHT if is_xor else Verdict.WRONG)
    for claim in ("0 1 1", "0 1 1 2", "0 1 1 0 0", "0.5 1 1 0"):
        assert verdict(missing, claim) is Verdict.WRONG
    assert verdict(missing, "0 1 1 k") is Verdict.UNREADABLE


def test_every_row_that_a_table_lacks_is_right() -> None:
    rows = [[0, 0, 0], [0, 1, 1], [1, 0, 1]]
    missing = answer_of(solved("vc", hypotheses=rows), "missing")
    for labels in product((0, 1), repeat=3):
        expected = Verdict.WRONG if list(labels) in rows else Verdict.RIGHT
        assert verdict(missing, ", ".join(map(str, labels))) is expected


def test_answers_with_a_test_of_their_own_are_pickled() -> None:
    """A class is marked by several processes."""
    corners = [[0, 0], [1, 0], [0, 1], [1, 1]]
    missing = answer_of(solved("vc", hypothesis_class="linear", points=corners), "missing")
    again = pickle.loads(pickle.dumps(missing))
    assert verdict(again, "1 0 0 1") is verdict(again, "0 1 1 0") is Verdict.RIGHT


def test_another_consistent_hypothesis_is_undecided() -> None:
    rows = [{"a": 1, "b": 1, "y": 1}, {"a": 0, "b": 1, "y": 0}]
    derivation = solved("pac", hypothesis_class="conjunctions", data=rows, label="y",
                        epsilon="0.1", delta="0.1")  # fmt: skip
    hypothesis = answer_of(derivation, "hypothesis")
    assert verdict(hypothesis, str(hypothesis.value)) is Verdict.RIGHT
    assert verdict(hypothesis, "something else") is Verdict.UNDECIDED


def test_sizes_that_fit_come_in_any_order() -> None:
    derivation = solved("conv-shape", input="64x64", stride=2, output_shape="31x31")
    kernel = answer_of(derivation, "kernel")
    assert [verdict(kernel, claim) for claim in ("3, 4", "4, 3", "{4, 3}")] == [Verdict.RIGHT] * 3
    assert [verdict(kernel, claim) for claim in ("3", "3, 5", "3, 4, 5")] == [Verdict.WRONG] * 3


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("112x112x12", Verdict.RIGHT),
        ("12@112x112", Verdict.RIGHT),
        ("[12, 112, 112]", Verdict.RIGHT),
        ("112x12x112", Verdict.WRONG),
    ],
)
def test_a_shape_of_numbers_has_its_channels_first_or_last(claim: str, expected: Verdict) -> None:
    derivation = solved("conv-shape", input="3@128x128", kernel=17, filters=12)
    entries = Entries(((Text("shape", PLACE), Text(claim, PLACE)),), PLACE)
    assert check_named(entries, derivation)[0].verdict is expected


TOWER = "exp(exp(exp(exp(exp(x^2 + 5)))))"


def test_sympy_is_asked_where_no_point_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcalc.marking.checking.second_opinion.SECONDS", 60.0)
    left, right = read(f"2*{TOWER}"), read(f"{TOWER} + {TOWER}")
    assert same(left, right) is None
    assert second_opinion(left, right)
    assert not second_opinion(left, read(f"3*{TOWER}"))
    answer = Answer("value", left, left)
    assert verdict(answer, f"{TOWER} + {TOWER}") is Verdict.RIGHT
    assert verdict(answer, f"3*{TOWER}") is Verdict.UNDECIDED


@pytest.mark.parametrize("text", ["9^9^9", f"x^{MAX_POWER + 1}", "sum(i, i, 1, n)", "beta(a, b)"])
def test_sympy_is_not_asked_what_it_cannot_do(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("mlcalc.estimation.worker.within", refuse)
    assert not second_opinion(read(text), read("1"))


@pytest.mark.parametrize(
    ("claim", "expected", "remark"),
    [
        ("\\frac1n \\sum_i (x_i - \\hat\\mu)^2", Verdict.RIGHT, "with mu_hat as the working"),
        ("\\frac1n \\sum_i (x_i - \\hat\\mu_{ML})^2", Verdict.RIGHT, "as the working"),
        ("sum((x - mu)^2)/n", Verdict.RIGHT, "with mu as the working"),
        ("sum((x - mu)^2)/(n - 1)", Verdict.WRONG, ""),
        ("sum((x - mu)^2)/n + sigma2 - 1", Verdict.WRONG, ""),
        ("sum((x - m)^2)/n", Verdict.UNREADABLE, "no answer to this problem has the letter 'm'"),
    ],
)
def test_a_formula_may_hold_the_name_of_another_answer(
    claim: str, expected: Verdict, remark: str
) -> None:
    derivation = solved("mle", distribution="normal")
    entries = Entries(((Text("sigma2", PLACE), Text(claim, PLACE)),), PLACE)
    (checked,) = check_named(entries, derivation)
    assert (checked.verdict, remark in checked.remark) == (expected, True)
