"""Hypothesis classes are read as they are written in books, and refused with what to write."""

from __future__ import annotations

import pytest

from mlcalc.document import Text
from mlcalc.errors import Invalid, Place
from mlcalc.learning.hypothesis_class import SORTS, SYNONYMS, NamedClass


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
        ("bananas", "expected one of thresholds, both-rays"),
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
    assert set(SYNONYMS.values()) <= set(SORTS)
    assert not set(SYNONYMS) & set(SORTS)
