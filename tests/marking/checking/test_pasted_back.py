"""What mlcalc prints as an answer is right where it is pasted back, whatever it is printed by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from mlcalc.cli.files import loaded
from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check_named
from mlcalc.marking.exercise import solve_all
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.tree import Chain, Listing
from mlcalc.showing.answers import quiet_lines
from mlcalc.showing.derivation import Answer, Derivation, Verdict
from mlcalc.showing.drawing import Line
from mlcalc.showing.formats.json import answer_object
from tests.conftest import ROOT

FILES = sorted((ROOT / "problems").glob("*.yaml"))
STYLE = Style(5)


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join("".join(text for _, text in line) for line in lines)


def pasted(answer: Answer) -> Iterator[str]:
    """The line of -q, and the text and the LaTeX in JSON."""
    alone = Derivation("", (), (answer,))
    yield text_of(quiet_lines(alone, STYLE))
    yield str(answer_object(answer, STYLE)["text"])
    yield str(answer_object(answer, STYLE)["latex"])


def verdict(claim: str, answer: Answer, derivation: Derivation) -> Verdict:
    place = Place("--check", claim)
    claims = Entries(((Text(answer.name, place), Text(claim, place)),), place)
    (found,) = check_named(claims, derivation)
    return found.verdict


def is_number(value: object) -> bool:
    """Whether it is a number, or numbers by name."""
    if isinstance(value, Mapping):
        return bool(value) and all(map(is_number, value.values()))
    return isinstance(value, Fraction | float) and not isinstance(value, bool)


NOT_IN_LATEX = {
    # The square of σ_11 and σ² with the index 11 look alike.
    ("boundary-in-letters", "boundary"),
    ("joint-mode", "mle"),
    # h × d is a product of letters.
    ("gru-parameters-in-letters", "shapes"),
    # ≤ before the value of a bound is read in Unicode alone.
    ("sauer", "growth"),
}


def is_named(answer: Answer) -> bool:
    """Whether it is a number, or numbers each with its name in what is printed."""
    if not isinstance(answer.value, Mapping):
        return is_number(answer.value)
    items = answer.maths.items if isinstance(answer.maths, Listing) else ()
    # The comma in θ_red,MLE stands between two names as well, and m_H(10) ≤ 176 is a bound.
    printed = [one_line(one) for one in items]
    has_names = all(isinstance(one, Chain) for one in items)
    is_plain = not any(re.search(r"^[^=]*,[^=]*=|≤", text) for text in printed)
    return has_names and is_plain and is_number(answer.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_printed_answer_is_never_wrong(path: Path) -> None:
    """A number is right as well, and so are numbers by name."""
    faults = []
    for outcome in solve_all(loaded(str(path))):
        derivation = outcome.derivation
        if derivation is None:
            continue
        for answer in derivation.all_answers:
            if answer.name == "tightest":
                continue  # `devroye ≈ 0.215` is read as a claim about that bound
            for claim in pasted(answer):
                found = verdict(claim, answer, derivation)
                is_due = is_named(answer) and found is not Verdict.RIGHT
                if "\\" in claim and (outcome.id, answer.name) in NOT_IN_LATEX:
                    continue
                if found is Verdict.WRONG or is_due:
                    faults.append((outcome.id, answer.name, claim, found.value))
    assert not faults
