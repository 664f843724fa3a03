"""Wrong answers worked out by hand, and the misconceptions that they are told to come of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.reading import read_file
from mlcalc.kinds import kinds, load
from mlcalc.marking.checking import check_named
from mlcalc.marking.misconceptions import Explainer, known, misconceptions
from mlcalc.showing.derivation import Derivation, Verdict
from tests.conftest import ROOT

FILE = ROOT / "tests" / "marking" / "misconceptions" / "wrong.yaml"


def problems() -> list[Entries]:
    raw = read_file(FILE)
    assert isinstance(raw, Items)
    return [item for item in raw.items if isinstance(item, Entries)]


def explainer(problem: Entries) -> tuple[Explainer, Derivation]:
    kind, given = problem.get("kind"), problem.get("given")
    assert kind is not None
    assert isinstance(given, Entries)
    solver = load(written(kind))
    read = solver.Problem.read(given)
    derivation = solver.solve(read)
    return Explainer(written(kind), read, derivation), derivation


def claims(problem: Entries) -> Iterator[tuple[str, Raw, set[str]]]:
    rows = problem.get("wrong")
    assert isinstance(rows, Items)
    for row in rows.items:
        assert isinstance(row, Entries)
        ids = row.get("ids")
        assert isinstance(ids, Items)
        ((name, claimed),) = [(k.value, v) for k, v in row.pairs if k.value != "ids"]
        yield name, claimed, {written(one) for one in ids.items}


@pytest.mark.parametrize("problem", problems(), ids=lambda p: written(p.get("kind")))
def test_each_wrong_answer_is_told_by_what_it_came_about(problem: Entries) -> None:
    found, derivation = explainer(problem)
    for name, claimed, ids in claims(problem):
        claim = Entries(((Text(name, claimed.place), claimed),), claimed.place)
        (checked,) = check_named(claim, derivation)
        assert checked.verdict is Verdict.WRONG, (name, written(claimed), checked.remark)
        named = {one.id for one in found.explanations(name, claimed)}
        assert named == ids, (name, written(claimed))


def test_each_misconception_is_met() -> None:
    met = {one for problem in problems() for _, _, ids in claims(problem) for one in ids}
    assert met == set(known())


def test_there_are_enough_and_their_ids_are_their_own() -> None:
    texts: Mapping[str, set[str]] = {one: set() for one in known()}
    for kind in kinds():
        assert len(misconceptions(kind)) >= 3, kind
        for one in misconceptions(kind):
            texts[one.id].add(one.feedback)
            assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", one.id)
            assert len(one.feedback) < 160
            assert not one.feedback.endswith(".")
        assert not [i for i, n in Counter(o.id for o in misconceptions(kind)).items() if n > 1]
    assert all(len(found) == 1 for found in texts.values())
    assert len(texts) >= 40


def test_a_right_answer_is_no_misconception() -> None:
    """Where a misconception leads to the right value by chance, it is not suspected."""
    for problem in problems():
        found, derivation = explainer(problem)
        for suspect in found.suspects:
            right = derivation.answer(suspect.answer)
            assert right is not None
            assert suspect.value != right.value
