from __future__ import annotations

import re

import pytest

from mlcalc.maths.records import replace
from mlcalc.maths.tree import Matrix, Words, shown
from mlcalc.showing.derivation import Derivation, Outcome, Step
from mlcalc.showing.formats import Options
from mlcalc.showing.formats.latex import render
from mlcalc.showing.tex_letters import spelled, text
from tests.showing.outcomes import HOSTILE, complete, hostile, unsolved
from tests.showing.tex_reading import (
    ALLOWED,
    assert_balanced,
    assert_maths,
    commands,
    maths_of_document,
)


def test_a_complete_answer_is_balanced_and_its_maths_is_read() -> None:
    tex = render(complete(), Options())
    assert_balanced(tex)
    assert not (commands(tex) - ALLOWED)
    pieces = maths_of_document(tex)
    assert len(pieces) > 5
    for piece in pieces:
        assert_maths(piece)


def test_nothing_but_latin_letters_is_left_of_unicode() -> None:
    assert not re.findall("[^\x00-\u017f]", render(complete(), Options()))


def test_a_chain_is_aligned_on_its_relations() -> None:
    tex = render(complete(), Options())
    assert "L &\\propto \\theta \\\\\n&\\leq 1" in tex
    assert r"\boxed{\hat{\theta} = \frac{18}{7} \approx 2.5714}" in tex


def test_values_by_name_are_boxed_one_by_one() -> None:
    tex = render(complete(), Options())
    assert "\\text{gradients} & \\quad \\boxed{W =" in tex
    assert "\n & \\quad \\boxed{b \\approx 0.5}" in tex


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("quiet", [False, True])
def test_no_text_becomes_a_command(typed: str, quiet: bool) -> None:
    tex = render(hostile(typed), Options(quiet=quiet))
    assert_balanced(tex)
    assert not (commands(tex) - ALLOWED)
    assert not re.search(r"\\(item|\\)\s*[\[*]", tex)
    assert tex.isprintable() or set(filter(lambda c: not c.isprintable(), tex)) == {"\n"}
    assert "^^" not in tex
    for piece in maths_of_document(tex):
        assert_maths(piece)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("$x$", r"\$x\$"),
        ("[bold]", "{[}bold{]}"),
        ("θ ≥ 0", r"$\theta$ $\geq$ 0"),
        ("θ̂", r"$\hat{\theta}$"),
        ("x̂²", r"$\hat{x}$${}^{2}$"),
        ("a--b", "a-{}-b"),
        ("é", "é"),
        ("😀", "U+1F600"),
        ("\x1b", r"\textbackslash{}x1b"),
    ],
)
def test_text(typed: str, expected: str) -> None:
    assert text(typed) == expected


@pytest.mark.parametrize(
    ("maths", "expected"),
    [
        (r"\text{a θ b}", r"\text{a }\theta \text{ b}"),
        (r"\text{\{θ}", r"\text{\{}\theta "),
        ("é + θ", r"\text{é} + \theta "),
        (r"\frac{\text{×}}{2}", r"\frac{\times }{2}"),
    ],
)
def test_unicode_within_maths(maths: str, expected: str) -> None:
    assert spelled(maths) == expected


def test_wide_matrices_raise_the_limit_of_amsmath() -> None:
    row = tuple(shown(n) for n in range(12))
    derivation = Derivation("wide", (Step("show", (Matrix((row, row)),)),), ())
    tex = render(Outcome("mlp", "solved", derivation=derivation), Options())
    assert tex.startswith(r"\setcounter{MaxMatrixCols}{12}")


def test_quiet_is_only_maths_and_brief_leaves_out_the_because() -> None:
    quiet = render(complete(), Options(quiet=True)).split("\n")
    assert quiet[0] == r"\hat{\theta} = \frac{18}{7} \approx 2.5714"
    for line in quiet:
        assert_maths(line)
    brief = render(complete(), Options(brief=True))
    assert "independent" not in brief
    assert "Take the log" not in brief
    assert "natural log" in brief


def test_a_problem_without_an_answer_says_why() -> None:
    tex = render(unsolved(), Options())
    assert "\\textbf{No answer:} n is below 0\nwrite 1 or more" in tex
    assert r"\textbf{Malformed, as expected:}" in render(unsolved("invalid", True), Options())


def test_a_hidden_character_in_maths_is_spelled_out() -> None:
    outcome = complete()
    assert outcome.derivation is not None
    step = Step("show", (Words("a\u202eb"),))
    derivation = replace(outcome.derivation, steps=(step,))
    tex = render(replace(outcome, derivation=derivation), Options())
    assert r"\text{a\textbackslash{}u202eb}" in tex
