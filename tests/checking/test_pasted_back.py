"""What mlcalc prints as an answer is right where it is pasted back, whatever it is printed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from mlcalc.checking import check_named
from mlcalc.commands.files import loaded
from mlcalc.derivation import Answer, Derivation, Verdict
from mlcalc.document import Entries, Text
from mlcalc.drawing import Line
from mlcalc.errors import Place
from mlcalc.exercise import solve_all
from mlcalc.maths.printing import Style
from mlcalc.render.answers import answer_lines, quiet_lines
from mlcalc.render.json import answer_object
from tests.conftest import ROOT

FILES = sorted((ROOT / "problems").glob("*.yaml"))
STYLE = Style(5)


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join("".join(text for _, text in line) for line in lines)


def pasted(answer: Answer) -> Iterator[str]:
    """The line of -q, the Answer block's, and the text in JSON."""
    alone = Derivation("", (), (answer,))
    yield text_of(quiet_lines(alone, STYLE))
    yield text_of(answer_lines(alone, 80, STYLE))
    yield str(answer_object(answer, STYLE)["text"])


def verdict(claim: str, answer: Answer, derivation: Derivation) -> Verdict:
    place = Place("--check", claim)
    claims = Entries(((Text(answer.name, place), Text(claim, place)),), place)
    (found,) = check_named(claims, derivation)
    return found.verdict


def is_plain(value: object) -> bool:
    """Whether an answer is one number, or numbers by name."""
    if isinstance(value, Mapping):
        return all(isinstance(part, Fraction | float) for part in value.values())
    return isinstance(value, Fraction | float) and not isinstance(value, bool)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_printed_answer_is_never_wrong(path: Path) -> None:
    """A number, and numbers that are printed with their names, are right as well."""
    faults = []
    for outcome in solve_all(loaded(str(path))):
        derivation = outcome.derivation
        if derivation is None:
            continue
        for answer in derivation.all_answers:
            for claim in pasted(answer):
                found = verdict(claim, answer, derivation)
                is_named = "=" in claim or "≈" in claim or not isinstance(answer.value, Mapping)
                is_due = is_plain(answer.value) and is_named
                if found is Verdict.WRONG or (is_due and found is not Verdict.RIGHT):
                    faults.append((outcome.id, answer.name, claim, found.value))
    assert not faults
