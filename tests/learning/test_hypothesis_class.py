"""Hypothesis classes are read as they are written in books, and refused with what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.learning.class_catalogue import CLASSES, ClassFacts, Proof, fixed, synonyms
from mlcalc.learning.hypothesis_class import HypothesisClass, NamedClass
from mlcalc.learning.sizes import simply
from tests.conftest import Ran

Run = Callable[..., Ran]


def read(text: str) -> str:
    return str(NamedClass().read(Text(text, Place("--hypothesis-class", text))))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("linear", "linear"),
        ("Half planes", "linear"),
        ("half_spaces", "linear"),
        ("intervals", "intervals"),
        ("intervals(1)", "intervals"),
        ("intervals(2)", "intervals(count=2)"),
        ("intervals(m)", "intervals(count=m)"),
        ("intervals(length=1/2)", "intervals(length=1/2)"),
        ("k-cnf(2)", "k-cnf(k=2)"),
        ("2-CNF", "k-cnf(k=2)"),
        ("3-nearest-neighbors", "nearest-neighbours(k=3)"),
        ("polynomials(degree=2)", "polynomials(degree=2)"),
        ("decision-trees( depth = 2 )", "decision-trees(depth=2)"),
        ("conjunctions(10)", "conjunctions(literals=10)"),
        ("convex polygons", "convex-polygons"),
    ],
)
def test_reads(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lineer", "did you mean 'linear'"),
        ("bananas", "the classes are thresholds, both-rays"),
        ("linear(2)", "linear takes no size"),
        ("polynomials(size=2)", "polynomials takes degree alone, not size"),
        ("intervals(1, count=2)", "count is given twice"),
        ("polygons(2)", "a whole number from 3"),
        ("intervals(length=0)", "a positive number"),
        ("intervals(1/2)", "a whole number from 1"),
        ("intervals(", "expected a hypothesis class"),
        ("", "expected a hypothesis class"),
    ],
)
def test_refuses(text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(text)
    assert message in str(caught.value)


def test_synonyms_mean_known_classes_and_hide_none() -> None:
    assert set(synonyms().values()) <= set(CLASSES)
    assert not set(synonyms()) & set(CLASSES)


def test_a_class_is_one_record(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its names, its facts, what decides labelings and what fits data all stand in one place."""
    entry = ClassFacts(
        "rays x ≥ a on the line, once more",
        noun="half-lines",
        synonyms="half-line",
        space=1,
        convention="1 is to the right",
        dimension="1",
        growth="m + 1",
        growth_reason="a half-line is told by the gap where it begins",
        proof=Proof("one point is shattered", "two points are not"),
        example=fixed(0),
        decider="shattering.line.Thresholds",
        size=simply("2^n", "counted"),
    )
    monkeypatch.setitem(CLASSES, "half-lines", entry)
    ran = run("vc", "half-line", "--ask", "all")
    assert "VC dimension of half-lines" in ran.out
    assert "m_H(n) = n + 1" in ran.out
    assert "1 is to the right" in ran.out
    assert "shattered = no" in run("vc", "half-lines", "--points", "1; 2", "--quiet").out
    counted = run("pac", "half-lines", "--attributes", "3", "--setting", "realizable", "--quiet")
    assert "hypotheses = 2³ = 8" in counted.out
    data = "[{x: 1, y: 0}, {x: 2, y: 1}]"
    assert "x ≥ 3/2" in run("pac", "half-lines", "--data", data, "--label", "y").out


def test_what_records_name_is_in_the_room() -> None:
    for sort in CLASSES.values():
        for place in filter(None, (sort.decider, sort.search)):
            assert callable(HypothesisClass.of_room(place)), place
