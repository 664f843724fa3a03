"""Answers that are a word: a class, yes or no; what is no such word is not taken for one."""

from __future__ import annotations

import pytest

from mlcalc.files.document import Text
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check
from mlcalc.maths.tree import Words
from mlcalc.showing.derivation import Answer, Verdict

RIGHT, WRONG, UNREADABLE, *_ = Verdict


def verdict(claim: str, value: bool | str, choices: tuple[str, ...] = ()) -> Verdict:
    answer = Answer("prediction", value, Words(str(value)), choices=choices)
    return check(Text(claim, Place("--check", claim)), answer).verdict


@pytest.mark.parametrize(
    ("expected", "claims"),
    [
        (RIGHT, ["1", "1.0", "1.", "'1'", "$1$", "+1", "yes", "positive", "class 1", "Class: 1"]),
        (RIGHT, ["the class is 1", "the prediction is 1", "it is 1", "Y = 1", "y=1", "ŷ = 1"]),
        (RIGHT, ["\\hat{y} = 1", "prediction = 1", "argmax_y P(y|x) = 1", "1 (not 0)"]),
        (RIGHT, ["1, because P(1|x) = 0.88 > 0.11", "class 1, since 0.88 > 0.12"]),
        (WRONG, ["0", "class 0", "Y = 0", "no", "negative", "0, not 1"]),
        (UNREADABLE, ["Y != 1", "Y ≠ 1", "Y <> 1", "Y \\ne 1", "Y \\neq 1", "!1", "~1", "¬1"]),
        (UNREADABLE, ["Y > 1", "Y < 1", "x >= 1", "0.4 < 1", "1<2<3", "not 1", "non-1", "1?"]),
        (UNREADABLE, ["P(0)=1", "red=1", "error=1", "1 or 0", "1,0", "+"]),
        (UNREADABLE, ["1/2", "1+1", "0+1", "2-1", "1/(1+1)", "=1+1", "1%", "100%", "1.5"]),
        (UNREADABLE, ["1/(sqrt(2))", "\\sum_{i=1}^{9} i"]),
    ],
)
def test_a_class_that_is_a_number(expected: Verdict, claims: list[str]) -> None:
    found = {claim: verdict(claim, "1", ("0", "1")) for claim in claims}
    assert found == dict.fromkeys(claims, expected)


@pytest.mark.parametrize(
    ("expected", "claims"),
    [
        (RIGHT, ["spam", "Spam!", "class spam", "Y = spam", "label = spam", "the mail is spam"]),
        (RIGHT, ["spam, as 0.7 > 0.3", "spam (not ham)"]),
        (WRONG, ["ham", "Y=ham", "ham, not spam"]),
        (UNREADABLE, ["Y != spam", "Y ≠ spam", "non-spam", "not spam", "spam?", "spam or ham"]),
    ],
)
def test_a_class_that_is_a_word(expected: Verdict, claims: list[str]) -> None:
    found = {claim: verdict(claim, "spam", ("ham", "spam")) for claim in claims}
    assert found == dict.fromkeys(claims, expected)


@pytest.mark.parametrize(
    ("expected", "claims"),
    [
        (RIGHT, ["no", "No!", "NO.", "false", "prediction = no", "no, since d_VC = 4 < 5"]),
        (WRONG, ["yes", "prediction = yes", "true"]),
        (UNREADABLE, ["prediction != no", "≠ no", "not no", "no?", "No, actually yes"]),
    ],
)
def test_yes_or_no(expected: Verdict, claims: list[str]) -> None:
    found = {claim: verdict(claim, False) for claim in claims}
    assert found == dict.fromkeys(claims, expected)
