from __future__ import annotations

import re
from fractions import Fraction

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.maths.printing import Style, columns
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Listing, shown
from mlcalc.showing.derivation import Answer, Derivation, Outcome, Step, Table, number_answer
from mlcalc.showing.formats import Options, terminal, text
from mlcalc.showing.layout import raw_text, sections
from tests.showing.outcomes import HOSTILE, complete, hostile, unsolved

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _a_colour_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def answer_part(outcome: Outcome, width: int = 80) -> list[str]:
    page = text.render(outcome, Options(width=width))
    return page.partition("\n\nAnswer\n")[2].partition("\n\nNotes")[0].split("\n")


def test_answers_stand_beside_their_names() -> None:
    assert answer_part(complete())[:4] == [
        "    theta         θ̂ = 18/7 ≈ 2.5714",
        "",
        "    output        Y = ⎡  1  −2⎤",
        "                      ⎣1/2   4⎦",
    ]


def test_the_name_is_on_the_line_that_is_read() -> None:
    lines = answer_part(complete())
    assert "    output        Y = " in "\n".join(lines)
    assert "    formula " in "\n".join(lines)
    assert any(re.fullmatch(r"    gradients     W = \[1  1/2\]", line) for line in lines)
    assert "                  b ≈ 0.5" in lines
    assert "    prediction    spam" in lines
    assert "    vc_dimension  ∞" in lines
    assert lines[-1].endswith(" labelings")


def test_values_by_name_without_names_of_their_own() -> None:
    maths = Listing((shown(Fraction(1, 3)), shown(Fraction(2, 3))))
    values = {"spam": Fraction(1, 3), "ham": Fraction(2, 3)}
    outcome = Outcome(
        "nb", "solved", derivation=Derivation("t", (), (Answer("posterior", values, maths),))
    )
    joined = "\n".join(answer_part(outcome))
    assert "posterior  spam = " in joined
    assert " ham = " in joined


def test_a_long_name_stands_alone() -> None:
    answers = (
        number_answer("mu", Fraction(2)),
        number_answer("a_name_of_more_than_twenty", Fraction(3)),
    )
    outcome = Outcome("mle", "solved", derivation=Derivation("t", (), answers))
    lines = answer_part(outcome)
    assert lines[0] == "    mu  2"
    assert lines[-2:] == ["    a_name_of_more_than_twenty", "        3"]


def test_errors() -> None:
    page = text.render(unsolved(), Options())
    assert "no answer: n is below 0\nwrite 1 or more\nno answer: no data" in page
    assert "malformed, as expected: n is" in text.render(unsolved("invalid", True), Options())
    assert [s.role for s in sections(unsolved(), Options())] == ["title", "given", "error"]
    assert [s.role for s in sections(unsolved(), Options(quiet=True))] == ["error"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("brief", [False, True])
def test_no_line_is_wider_than_the_screen(width: int, ascii_only: bool, brief: bool) -> None:
    long = replace(complete(), title="word " * 60, question="x" * 300)
    options = Options(width=width, style=Style(ascii=ascii_only), brief=brief)
    for outcome in (long, complete(), unsolved()):
        for page in (text.render(outcome, options), terminal.render(outcome, options)):
            assert max(columns(ANSI.sub("", line)) for line in page.split("\n")) <= width


def test_wide_tables_wrap_their_cells_or_are_written_by_row() -> None:
    wordy = Table(("name", "remark"), (("a", "many words " * 20), ("b", "few")))
    many = Table(tuple(f"column{n}" for n in range(20)), (tuple("cell" for n in range(20)),))
    steps = (Step("show", (wordy, many)),)
    outcome = Outcome("nb", "solved", derivation=Derivation("t", steps, ()))
    page = text.render(outcome, Options(width=60))
    assert max(map(columns, page.split("\n"))) <= 60
    assert "column19: cell" in " ".join(page.split())
    assert " ".join(page.split()).count("many") == 20


@pytest.mark.parametrize("typed", HOSTILE)
def test_the_terminal_shows_what_plain_text_shows(typed: str) -> None:
    outcome = hostile(typed)
    coloured = terminal.render(outcome, Options())
    plain = ANSI.sub("", coloured)
    assert all(c.isprintable() for c in plain if c != "\n")
    stripped = re.sub(r"[\s│╭╮╰╯─═]", "", plain)
    assert stripped == re.sub(r"[\s│╭╮╰╯─═]", "", text.render(outcome, Options()))


def test_colour_is_on_or_off() -> None:
    coloured = terminal.render(complete(), Options())
    assert "\x1b[1;36m1. " in coloured
    assert "\x1b[2;3mthe data are independent" in coloured
    assert "\x1b" not in terminal.render(complete(), Options(colour=False))
    assert "╭─ Answer" in terminal.render(complete(), Options(colour=False))


def test_markup_is_not_interpreted() -> None:
    assert "[bold]red[/bold]" in ANSI.sub(
        "", terminal.render(hostile("[bold]red[/bold]"), Options())
    )


def test_words_in_quiet() -> None:
    assert text.render(complete(), Options(quiet=True)).split("\n")[0] == "theta = 18/7 ≈ 2.5714"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            ["0.31 -0.72; 1.13 0.47", "0.83 -1.37"],
            "[[[0.31, -0.72], [1.13, 0.47]], [[0.83, -1.37]]]",
        ),
        (["0.1, -0.2", "0.05"], "[[0.1, -0.2], [0.05]]"),
        (["1", "2"], "[1, 2]"),
        (["[1, 2]", "[3]"], "[[1, 2], [3]]"),
        (["red one", "blue"], "[red one, blue]"),
    ],
)
def test_several_vectors_or_matrices_are_told_apart(typed: list[str], shown: str) -> None:
    assert raw_text(from_plain(typed, Place("test"))) == shown
