"""The VC dimension of a class of a few hypotheses, and bounds that promise nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]


def shattered(rows: set[tuple[int, ...]], columns: tuple[int, ...]) -> bool:
    return len({tuple(row[c] for c in columns) for row in rows}) == 2 ** len(columns)


def dimension(rows: set[tuple[int, ...]]) -> int:
    """By brute force over all sets of points."""
    points = range(len(next(iter(rows))))
    sizes = (n for n in range(len(points) + 1) for c in combinations(points, n)
             if shattered(rows, c))  # fmt: skip
    return max(sizes)


@pytest.mark.parametrize(
    "text", ["[[0]]", "[[1]]", "0 0", "0,0,0", "1 0 1", "[[0, 1, 1]]", "0;1", "0 0; 0 0",
             "0 1; 1 0", "0 0; 0 1; 1 0; 1 1"],
)  # fmt: skip
def test_a_table(run: Run, text: str) -> None:
    rows = {
        tuple(int(digit) for digit in row if digit in "01")
        for row in text.strip("[]").replace("],", ";").split(";")
    }
    ran = run("vc", "--hypotheses", text, "--quiet")
    assert f"vc_dimension = {dimension(rows)}\n" in ran.out
    assert f"dichotomies = {len(rows)}\n" in ran.out


@pytest.mark.parametrize(("size", "found"), [("1", 0), ("2", 1), ("3", 1)])
def test_a_size_that_settles_it(run: Run, size: str, found: int) -> None:
    """All classes of that size over three points have this dimension."""
    labelings = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    assert {dimension(set(rows)) for rows in combinations(labelings, int(size))} == {found}
    assert f"vc_dimension = {found}\n" in run("vc", "--hypotheses", size, "--quiet").out


def test_a_size_that_leaves_it_open(run: Run) -> None:
    assert run("vc", "--hypotheses", "4", "--quiet").out == "upper_bound = log₂ 4 = 2\n"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("0", "without hypotheses it has no VC dimension"), ("0.5", "a whole number from 1"),
     ("-1", "a whole number from 1"), ("[]", "expected a matrix")],
)  # fmt: skip
def test_what_is_no_class(run: Run, typed: str, words: str) -> None:
    ran = run("vc", f"--hypotheses={typed}")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


@pytest.mark.parametrize(
    ("flags", "vacuous", "tightest"),
    [
        ("--hypotheses 1000 --samples 5 --delta 0.05 --setting realizable",
         {"finite", "hoeffding", "chebyshev"}, "occam"),
        ("--vc-dimension 3 --samples 50 --delta 0.05 --setting agnostic",
         {"zhang", "vc", "rademacher"}, "devroye"),
        ("--vc-dimension 3 --samples 50 --epsilon 0.1 --setting agnostic",
         {"vc", "parrondo", "devroye"}, "vc (vacuous)"),
        ("--hypotheses 10 --samples 1000 --delta 0.05 --setting agnostic", set(), "occam"),
        ("--hypotheses 10 --delta 0.05 --epsilon 0.1 --setting agnostic", set(), "occam"),
    ],
)  # fmt: skip
def test_vacuous_bounds_are_marked(run: Run, flags: str, vacuous: set[str], tightest: str) -> None:
    out = run("pac", "--bound", "all", *flags.split()).out
    rows = [line.split() for line in out.partition("Answer")[0].splitlines()]
    assert {row[0] for row in rows if row and row[-1] == "vacuous"} == vacuous
    answer = out.partition("Answer")[2]
    assert {name for name in vacuous if f"{name} (vacuous)" in answer} == vacuous
    assert answer.count("(vacuous)") == len(vacuous) + tightest.endswith("(vacuous)")
    assert f"tightest  {tightest} " in answer
    assert ("pac.vacuous" in out) == bool(vacuous)
