"""Every shipped problem: solved, as published, true in each line, and readable in every format."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlcalc.files.reading import read_file
from mlcalc.kinds import kinds
from mlcalc.marking.exercise import Exercise, read_exercises, solve_all, solve_exercise
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Answer, Outcome, Verdict
from mlcalc.showing.digits import fitted
from mlcalc.showing.formats import FORMATS, Options, renderer
from tests.chains import (
    carries_floats,
    closed_links,
    expressions,
    is_true,
    rounded_numbers,
    twofold,
    unreproduced,
)
from tests.conftest import PROBLEMS, ROOT


def outcomes() -> Iterator[tuple[Exercise, Outcome]]:
    for path in PROBLEMS:
        exercises = read_exercises(read_file(path), str(path))
        yield from zip(exercises, solve_all(exercises), strict=True)


ALL = list(outcomes())
SOLVED = [outcome for _, outcome in ALL if outcome.derivation is not None]
BARE = {id(outcome): replace(outcome, checked=()) for outcome in SOLVED}
"""The same without what is claimed and marked, which is not ours."""

FITTED: dict[tuple[int, str], tuple[Outcome, Style]] = {}


def known(outcome: Outcome, style: Style) -> tuple[Outcome, Style]:
    """The digits of a page are worked out once; the outcomes live as long as this module."""
    key = id(outcome), repr(style)
    if key not in FITTED:
        FITTED[key] = fitted(outcome, style)
    return FITTED[key]


@pytest.fixture(autouse=True)
def fits_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcalc.showing.formats.fitted", known)


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_answers_alone_are_those_of_the_working(path: Path) -> None:
    solved = [(exercise, found) for exercise, found in ALL if found.file == str(path)]
    earlier = {found.id: found for _, found in solved if found.id is not None}
    for exercise, found in solved:
        alone = solve_exercise(exercise, earlier, is_shown=False)
        assert alone.status == found.status
        assert alone.complaints == found.complaints
        assert alone.checked == found.checked
        # What an answer accepts is a function, which is no other's equal.
        assert bare_answers(alone) == bare_answers(found)


def bare_answers(outcome: Outcome) -> list[Answer]:
    answers = () if outcome.derivation is None else outcome.derivation.all_answers
    return [replace(answer, accepts=None) for answer in answers]


def name(outcome: Outcome) -> str:
    return f"{Path(outcome.file or '').stem}/{outcome.id}"


@pytest.mark.parametrize("outcome", [o for _, o in ALL], ids=name)
def test_agrees_with_what_was_published(outcome: Outcome) -> None:
    assert outcome.id, "a problem that ships has an id"
    assert outcome.checked, f"{name(outcome)} expects nothing: {outcome.complaints}"
    bad = [c for c in outcome.checked if c.verdict is not Verdict.RIGHT]
    assert not bad, f"{bad} {outcome.complaints}"


@pytest.mark.parametrize("outcome", SOLVED, ids=name)
def test_every_closed_link_of_every_chain_is_true(outcome: Outcome) -> None:
    assert outcome.derivation is not None
    for expression in expressions(outcome.derivation):
        for left, relation, right, a, b in closed_links(expression):
            rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, rounded), (one_line(left), relation, one_line(right))


@pytest.mark.parametrize("outcome", SOLVED, ids=name)
def test_no_name_stands_for_two_values(outcome: Outcome) -> None:
    assert outcome.derivation is not None
    found = {one_line(each) for each in twofold(outcome.derivation)}
    assert found == ARE_CASES.get(name(outcome), set())


ARE_CASES = {"designs/cross-entropy-of-a-sigmoid": {"yᵢ"}}
"""Not values but the heads of two cases: what the loss is where y = 1, and where y = 0."""


@pytest.mark.parametrize("digits", [5, 3, 8])
@pytest.mark.parametrize("outcome", SOLVED, ids=name)
def test_digits_that_are_shown_give_the_next_line(outcome: Outcome, digits: int) -> None:
    told, style = known(outcome, Style(digits))
    assert told.derivation is not None
    off = unreproduced(told.derivation, style)
    noted = any(note.id == "rounding.shown" for note in told.derivation.notes)
    assert noted == bool(off), off


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("outcome", SOLVED, ids=name)
def test_no_equals_sign_stands_before_a_rounded_number(outcome: Outcome, format: str) -> None:
    told, style = known(outcome, Style())
    assert told.derivation is not None
    rounded = rounded_numbers(told.derivation, style)
    # What a column shows, its head says.
    shown = renderer(format).render(BARE[id(outcome)], Options(colour=False, width=120))
    wrong = [found[0] for found in AFTER_EQUALS.finditer(shown) if found[1] in rounded]
    assert not wrong


AFTER_EQUALS = re.compile(r"=[ &\n\[(⎡⎢⎣]*[−-]?(\d+\.\d+)")


def test_hardly_any_line_is_left_off() -> None:
    told = [known(outcome, Style()) for outcome in SOLVED]
    off = [line for t, style in told if t.derivation for line in unreproduced(t.derivation, style)]
    assert len(off) <= 20, off


def test_there_are_links_to_check() -> None:
    links = [
        link
        for outcome in SOLVED
        if outcome.derivation
        for expression in expressions(outcome.derivation)
        for link in closed_links(expression)
    ]
    assert len(links) > 5 * len(SOLVED)


@pytest.mark.parametrize("outcome", [o for _, o in ALL], ids=name)
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_shows_every_problem(outcome: Outcome, format: str) -> None:
    text = renderer(format).render(outcome, Options(colour=False))
    assert text
    assert not text.endswith("\n")
    if format in ("text", "terminal"):
        from mlcalc.maths.printing import columns

        assert max(map(columns, text.split("\n"))) <= 80
    if format == "json":
        assert json.loads(text)["status"] == outcome.status


def one_of_each_kind() -> list[Outcome]:
    return [next(o for o in SOLVED if o.kind == kind) for kind in kinds()]


@pytest.mark.parametrize("outcome", one_of_each_kind(), ids=lambda o: o.kind)
def test_snapshot(outcome: Outcome, update_snapshots: bool) -> None:
    """`pytest --update-snapshots` writes them anew; the difference is then read by a person."""
    parts = [
        f"##### {format}\n{renderer(format).render(outcome, Options(colour=False))}\n"
        for format in FORMATS
    ]
    text = "\n".join(parts).replace(str(ROOT) + os.sep, "")
    path = ROOT / "tests" / "snapshots" / f"{outcome.kind}.txt"
    if update_snapshots:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_kind_has_a_problem_file() -> None:
    assert {outcome.kind for outcome in SOLVED} == set(kinds())
