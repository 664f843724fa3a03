"""What mlcalc prints as an answer is right where it is pasted back, whatever it is printed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from mlcalc.cli.files import loaded
from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check_named
from mlcalc.marking.exercise import solve_all
from mlcalc.maths.printing import Style
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
    """The line of -q, and the text in JSON."""
    alone = Derivation("", (), (answer,))
    yield text_of(quiet_lines(alone, STYLE))
    yield str(answer_object(answer, STYLE)["text"])


def verdict(claim: str, answer: Answer, derivation: Derivation) -> Verdict:
    place = Place("--check", claim)
    claims = Entries(((Text(answer.name, place), Text(claim, place)),), place)
    (found,) = check_named(claims, derivation)
    return found.verdict


def is_number(value: object) -> bool:
    return isinstance(value, Fraction | float) and not isinstance(value, bool)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_printed_answer_is_never_wrong(path: Path) -> None:
    """A number is right as well."""
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
                is_due = is_number(answer.value) and found is not Verdict.RIGHT
                if found is Verdict.WRONG or is_due:
                    faults.append((outcome.id, answer.name, claim, found.value))
    assert not faults
