"""What is said of a wrong answer holds no right one, of this part or of another, in any writing.

Every shipped problem is answered with wrong numbers, with the right number of another answer, with
what each misconception leads to, and with what cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from mlcalc.cli.files import loaded
from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.checking.findings import MOST_NAMED
from mlcalc.marking.claims import claim_of
from mlcalc.marking.key import Question, read_key
from mlcalc.marking.marker import Marker
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import Style
from mlcalc.showing.derivation import Result, Verdict
from mlcalc.showing.layout import feedback_text
from tests.conftest import ROOT

FILES = sorted((ROOT / "problems").glob("*.yaml"))
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:/\d+)?(?:\s*%|[eE][+-]?\d+)?")
PLACES = re.compile(r"^(?:look at .*|(?:all|both) \d* ?parts.*|character \d+:|row \d+.*)")
"""Which parts of an answer are wrong, and where a text cannot be read: counted, not computed."""

UNREADABLE = ("???", "about right", "1 or 2", "3 +", "")
MOST_CLAIMS = 2

assert MOST_NAMED < 10


def numbers(value: Result) -> Iterator[Fraction]:
    """The numbers of an answer; those of one digit may stand in any sentence."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, Fraction) or (isinstance(value, float) and abs(value) < 1e300):
        found = Fraction(value)
        if found.denominator > 1 or abs(found) >= 10:
            yield abs(found)


def is_told(text: str, value: Fraction, written: str) -> bool:
    """Whether the value stands in the text, exact or to three digits, and not in the claim."""
    own = {match[0] for match in NUMBER.finditer(written)}
    for match in NUMBER.finditer(PLACES.sub("", text)):
        typed = match[0].replace(" ", "")
        if match[0] in own:
            continue
        top, _, below = typed.rstrip("%").partition("/")
        shown = Fraction(top) / Fraction(below or 1) / (100 if typed.endswith("%") else 1)
        figures = top.lower().partition("e")[0]
        digits = len(figures.replace(".", "").lstrip("0"))
        unit = shown / int(figures.replace(".", "")) if shown else 0
        if shown == value or (digits >= 3 and not below and -unit / 2 <= value - shown < unit):
            return True
    return False


def written(value: Result) -> object:
    """A value as a student would write it."""
    if isinstance(value, Mapping):
        return {name: written(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [written(part) for part in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return str(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def claims(question: Question, name: str, marker: Marker) -> Iterator[object]:
    derivation = question.derivation
    assert derivation is not None
    others = [one for one in derivation.all_answers if one.name != name]
    yield from UNREADABLE
    answer = question.answer(name)
    if answer is not None and isinstance(answer.value, Fraction | float):
        yield from (f"{to_float(answer.value) * 1.37 + 1:.4g}", "0", "-1", "123456", "1/7")
    yield from (written(other.value) for other in others[:MOST_CLAIMS])
    explainer = marker.explainer(question.id)
    if explainer is not None:
        yield from (written(s.value) for s in explainer.suspects if s.answer == name)


@pytest.mark.parametrize(
    ("text", "value", "claim", "tells"),
    [
        ("it is 18/7", "18/7", "3", True), ("it is 2.571", "18/7", "3", True),
        ("read as 2.571", "18/7", "2.571", False), ("it is 2.58", "18/7", "3", False),
        ("write 8%", "2/25", "", True), ("the 140 examples", "140", "139", True),
        ("look at sizes 12 and 13", "12", "", False), ("character 12: a digit", "12", "", False),
        ("in 1e-3 steps", "1/1000", "", True),
    ],
)  # fmt: skip
def test_what_gives_a_value_away(text: str, value: str, claim: str, tells: bool) -> None:
    assert is_told(text, Fraction(value), claim) is tells


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_answer_is_given_away(path: Path) -> None:
    found = read_key(loaded(str(path)), False, Style(5))
    marker = Marker(found.questions)
    told: list[str] = []
    count = 0
    for question in found.questions:
        if question.derivation is None:
            continue
        values = [(one.name, v) for one in question.derivation.all_answers
                  for v in numbers(one.value)]  # fmt: skip
        for part in question.parts:
            for claimed in claims(question, part.name, marker):
                claim = claim_of(from_plain(claimed, Place("claim")))
                mark = marker.compared((question.id, part.name, claim, ()))
                if mark.verdict is Verdict.RIGHT:
                    continue
                count += 1
                said = [mark.remark, *map(feedback_text, mark.feedback), part.hint]
                told += (
                    f"{question.id}.{part.name} answered {claimed!r}: '{text}' holds {name}"
                    for text in said
                    for name, value in values
                    if is_told(text, value, str(claimed))
                )
    assert count > len(found.questions)
    assert told == []
