"""What is shown to the user: escapes for what cannot be seen, and carets under the fault."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcalc.files.display import caret, visible
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import read_document


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢字 e\u0301 θ̂ 😀", "plain é 漢字 e\u0301 θ̂ 😀"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\u202eb\u2066\u200f", r"a\u202eb\u2066\u200f"),
        ("\u200b\u200d\ufeff\u00ad", r"\u200b\u200d\ufeff\xad"),
        ("\ud800\udcff", r"\ud800\udcff"),
        ("\U000e0041\U000e0100\ufe0f\u3164\u2800", r"\U000e0041\U000e0100\ufe0f\u3164\u2800"),
        ("\u0378", r"\u0378"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x7f\x85\u2028", r"\x7f\x85\u2028"),
        ("1\u00a0000", "1\u00a0000"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_visible_lines() -> None:
    assert visible("a\nb\r\x00", lines=True) == "a\nb\\r\\x00"


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_invisible_is_left(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
    assert visible(shown) == shown


@given(st.text(st.characters(exclude_categories=[])), st.integers(1, 30))
def test_most(text: str, most: int) -> None:
    shown = visible(text, most=most)
    assert len(shown) <= most
    whole = visible(text)
    if len(whole) <= most:
        assert shown == whole
    else:
        head, _, tail = shown.partition("…")
        if "…" not in text:
            assert whole.startswith(head) and whole.endswith(tail)


def test_most_of_a_huge_text() -> None:
    assert visible("abcdefghij" * 10**6, most=9) == "abcd…ghij"


def test_caret_in_a_file() -> None:
    place = Place("problems/a.yaml", "  given: {kernal: 2}", 3, 11, is_file=True)
    message = "unknown field 'kernal', did you mean 'kernel'?"
    assert caret(Complaint(message, place)) == (
        "problems/a.yaml:3:11: unknown field 'kernal', did you mean 'kernel'?\n"
        "  3 |   given: {kernal: 2}\n"
        "    |           ^"
    )


def test_caret_in_a_flag() -> None:
    message = "a size must be a whole number such as 3 or 3x3, not '2.5'"
    assert caret(Complaint(message, Place("--kernel", "2.5"))) == (
        "--kernel: a size must be a whole number such as 3 or 3x3, not '2.5'\n  2.5\n  ^"
    )


def test_no_caret_without_text() -> None:
    assert caret(Complaint("wrong\x1b\nso")) == "wrong\\x1b\nso"
    assert caret(Complaint("no such file", Place("a\n.yaml"))) == r"a\n.yaml: no such file"


@pytest.mark.parametrize(
    ("before", "columns"),
    [("ab", 2), ("e\u0301", 1), ("漢", 2), ("\t", 2), ("\u202e", 6), ("θ̂漢\x1b", 7)],
)
def test_caret_stands_under_its_character(before: str, columns: int) -> None:
    shown = caret(Complaint("m", Place("--x", before + "!", 1, len(before) + 1)))
    assert shown.splitlines()[-1] == "  " + " " * columns + "^"


@pytest.mark.parametrize("column", [1, 2, 40, 99, 100, 101, 500, 9_990, 10_000, 10_001, 20_000])
def test_long_lines_are_cut_around_the_column(column: int) -> None:
    text = "".join(chr(ord("a") + i % 26) for i in range(10_000))
    _, line, pointer = caret(Complaint("m", Place("--x", text, 1, column))).splitlines()
    assert len(line) <= 2 + 102
    at = pointer.index("^")
    expected = text[column - 1 : column]
    assert line[at : at + 1] == expected
    assert line.strip().strip("…") in text


@given(st.text(st.characters(exclude_categories=[])), st.integers(1, 400))
def test_any_complaint_can_be_shown(text: str, column: int) -> None:
    shown = caret(Complaint(text, Place("a.yaml", text * 9, 1, column, is_file=True)))
    assert shown.endswith("^") or not text


def test_a_complaint_about_a_file() -> None:
    with pytest.raises(Invalid) as caught:
        read_document("漢: 1\n漢: 2", "a.yaml")
    assert caret(caught.value.complaints[0]) == (
        "a.yaml:2:1: the key '漢' stands a second time, first in line 1: remove one, or rename it\n"
        "  2 | 漢: 2\n"
        "    | ^"
    )
