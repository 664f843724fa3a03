"""A wrong answer is explained the same in whatever spelling the givens were typed.

Each row of wrong.yaml is asked again with its lists as text, its text as lists, its matrices in
rows, brackets and points, its shapes in other orders, and by the flags of the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mlcalc.files.document import Entries, Items, Raw, Text, from_plain, written
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.files.problem import Problem
from mlcalc.kinds import load
from mlcalc.marking.misconceptions import Explainer
from mlcalc.showing.derivation import Derivation, Verdict
from tests.marking.misconceptions.test_misconceptions import claims, problems

FLAG = Place("--flag")
SWITCHES = {"true": "yes", "false": "no"}


def spellings(raw: Raw) -> Iterator[Raw]:
    """Other ways to type a value; some of them mean nothing for the field, and are passed over."""
    text = written(raw)
    yield Text(text, FLAG)
    if isinstance(raw, Items):
        yield Text(", ".join(map(written, raw.items)), FLAG)
        if all(isinstance(item, Text) for item in raw.items):
            yield Text(" ".join(map(written, raw.items)), FLAG)
        if all(isinstance(item, Items) for item in raw.items):
            rows = [[written(part) for part in item.items]
                    for item in raw.items if isinstance(item, Items)]  # fmt: skip
            yield Text("; ".join(map(" ".join, rows)), FLAG)
            yield Text(", ".join(f"({', '.join(row)})" for row in rows), FLAG)
        yield Items(tuple(Text(written(item), FLAG) for item in raw.items), FLAG)
    if isinstance(raw, Entries):
        yield Text(", ".join(f"{key.value}={written(value)}" for key, value in raw.pairs), FLAG)
    if not isinstance(raw, Text):
        return
    if shape := re.fullmatch(r"([0-9]+)@([0-9]+)x([0-9]+)", text):
        channels, height, width = shape.groups()
        yield Text(f"{channels}x{height}x{width}", FLAG)
        yield Text(f"{height}x{width}x{channels}", FLAG)
        yield from_plain([channels, height, width], FLAG)
        yield from_plain([height, width, channels], FLAG)
        yield Text(f"(None, {height}, {width}, {channels})", FLAG)
    if ";" in text:
        rows = [row.split() for row in text.split(";")]
        yield from_plain(rows, FLAG)
        yield Text(", ".join(f"({', '.join(row)})" for row in rows), FLAG)
        bracketed = ", ".join(f"[{', '.join(row)}]" for row in rows)
        yield Text(f"[{bracketed}]", FLAG)
    if re.fullmatch(r"[-\w./]+(, *[-\w./]+)+", text):
        yield from_plain([part.strip() for part in text.split(",")], FLAG)
    if re.fullmatch(r"\w+=[-\w./]+(, *\w+=[-\w./]+)*", text):
        yield from_plain(dict(pair.strip().split("=") for pair in text.split(",")), FLAG)
    if ">" in text:
        yield Text(text.replace(" > ", ","), FLAG)
        yield from_plain(text.split(" > "), FLAG)
    if text in SWITCHES:
        yield Text(SWITCHES[text], FLAG)
    yield Text(f" {text} ", FLAG)
    yield Text(text.upper(), FLAG)
    yield Text(text.replace("(", " ( ").replace("=", " = "), FLAG)


def asked(kind: str, given: Entries) -> tuple[Explainer, Derivation] | None:
    read = as_read(kind, given)
    try:
        derivation = None if read is None else load(kind).solve(read)
    except MlcalcError:
        return None
    if read is None or derivation is None:
        return None
    return Explainer(kind, read, derivation), derivation


def as_read(kind: str, given: Entries) -> Problem | None:
    try:
        return load(kind).Problem.read(given)
    except MlcalcError:
        return None


def respelled(given: Entries) -> Iterator[tuple[str, Entries]]:
    """The givens with one of them in another spelling, and with all of them as flags."""
    for place, (key, raw) in enumerate(given.pairs):
        for other in spellings(raw):
            pairs = (*given.pairs[:place], (key, other), *given.pairs[place + 1 :])
            yield f"{key.value}: {written(other)}", Entries(pairs, FLAG)
    yield "flags", Entries(tuple((k, Text(written(raw), FLAG)) for k, raw in given.pairs), FLAG)


def values(derivation: Derivation) -> dict[str, object]:
    return {answer.name: answer.value for answer in derivation.all_answers}


KINDS = sorted({written(problem.get("kind")) for problem in problems()})


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_in_whatever_spelling(kind: str) -> None:
    tried = 0
    for problem in problems():
        if written(problem.get("kind")) == kind:
            tried += spellings_tried(kind, problem)
    assert tried >= 3


def spellings_tried(kind: str, problem: Entries) -> int:
    """In how many spellings the same question was asked again, and its wrong answers explained."""
    given, tried = problem.get("given"), 0
    assert isinstance(given, Entries)
    own = asked(kind, given)
    assert own is not None
    for spelled, other in respelled(given):
        read = as_read(kind, other)
        if read is None or read.values == own[0].case.given.values:
            tried += read is not None
            continue  # what is read is the same, and a misconception sees nothing else
        found = asked(kind, other)
        if found is None or values(found[1]) != values(own[1]):
            continue  # another question, or none
        tried += 1
        for name, claimed, ids in claims(problem):
            told = {one.id for one in found[0].explanations(name, claimed)}
            assert told == ids, (spelled, name, written(claimed))
    return tried


@pytest.mark.parametrize(
    ("kind", "givens", "claim", "ids"),
    [
        (
            "conv-shape",
            [{"input": typed, "kernel": 3, "filters": 8, "padding": 1}
             for typed in ("3@32x32", [3, 32, 32], [32, 32, 3], "32x32x3", "(None, 32, 32, 3)")],
            ("shape", [3, 32, 32]),
            {"conv.channels_kept"},
        ),
        (
            "conv-shape",
            [{"input": typed, "kernel": 3, "filters": 8, "padding": 1}
             for typed in ("3@32x32", [3, 32, 32], [32, 32, 3], "32x32x3", "(None, 32, 32, 3)")],
            ("parameters", 80),
            {"conv.channels_forgotten"},
        ),
        (
            "vc",
            [{"hypothesis_class": word, "points": typed}
             for word in ("linear", "halfplanes", "Linear")
             for typed in ("0 0; 1 0; 0 1; 1 1", "(0,0),(1,0),(0,1),(1,1)",
                           [[0, 0], [1, 0], [0, 1], [1, 1]], "[[0,0],[1,0],[0,1],[1,1]]")],
            ("dichotomies", 16),
            {"vc.all_labelings"},
        ),
        (
            "vc",
            [{"hypothesis_class": "linear", "points": typed}
             for typed in ("0 0; 1 0; 0 1; 1 1", "(0,0),(1,0),(0,1),(1,1)")],
            ("dichotomies", 4),
            set(),
        ),
    ],
)  # fmt: skip
def test_examples(
    kind: str, givens: list[dict[str, object]], claim: tuple[str, object], ids: set[str]
) -> None:
    name, value = claim
    for given in givens:
        entries = from_plain(given, FLAG)
        assert isinstance(entries, Entries)
        found = asked(kind, entries)
        assert found is not None, given
        told = found[0].explanations(name, from_plain(value, FLAG))
        assert {one.id for one in told} == ids, given
        answer = found[1].answer(name)
        assert answer is not None
        from mlcalc.marking.checking import check

        assert check(from_plain(value, FLAG), answer).verdict is Verdict.WRONG
