"""Standard output holds answers, each problem in its place; a message is said once, on the other.

JSON holds its messages itself, as the contract has it, and then standard error is silent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]

PROBLEMS = """
- {id: fits, kind: conv-shape, given: {input: 5x5, kernel: 3}}
- {id: zero, kind: conv-shape, given: {input: 5x5, kernel: 0}}
- {id: few, kind: pac, given: {samples: 3, delta: 0.05, epsilon: 0.1, setting: realizable}}
- {id: foreseen, kind: conv-shape, given: {input: 7x7, kernel: 0}, expect: {status: invalid}}
- {id: last, kind: conv-shape, given: {input: 6x6, kernel: 3}}
"""
MALFORMED, UNSOLVED = "expected a whole number from 1", "not even a class of one hypothesis"
ELSEWHERE = "the message is on standard error"


@pytest.fixture
def problems(tmp_path: Path) -> str:
    path = tmp_path / "problems.yaml"
    path.write_text(PROBLEMS, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("flags", "placeholders", "foreseen"),
    [
        ((), 2, 1), (("--quiet",), 2, 1), (("--brief",), 2, 1), (("-f", "text"), 2, 1),
        (("-f", "markdown"), 2, 1), (("-f", "latex"), 2, 1), (("--summary",), 0, 0),
        (("--summary", "--quiet"), 0, 0),
    ],
)  # fmt: skip
def test_solve(
    run: Run, problems: str, flags: tuple[str, ...], placeholders: int, foreseen: int
) -> None:
    ran = run("solve", problems, *flags)
    assert ran.code == 2
    assert ran.err.count(MALFORMED) == ran.err.count(UNSOLVED) == 1
    assert ran.out.count(MALFORMED) == foreseen
    assert UNSOLVED not in ran.out
    assert ran.out.count(ELSEWHERE) == placeholders


def test_each_problem_has_its_place(run: Run, problems: str) -> None:
    out = run("solve", problems, "--quiet").out.splitlines()
    leads = ("shape", "malformed:", "no", "malformed,")
    found = [word for line in out if (word := line.partition(" ")[0]) in leads]
    assert found == ["shape", "malformed:", "no", "malformed,", "shape"]


@pytest.mark.parametrize("flags", [("--json",), ("-f", "json"), ("--json", "--summary")])
def test_json_holds_its_messages(run: Run, problems: str, flags: tuple[str, ...]) -> None:
    ran = run("solve", problems, *flags)
    assert ran.err == ""
    found = [json.loads(line) for line in ran.out.splitlines()]
    said = [(each["id"], each.get("error", {}).get("message", "")) for each in found]
    assert [id_ for id_, _ in said] == ["fits", "zero", "few", "foreseen", "last"]
    assert MALFORMED in said[1][1]
    assert UNSOLVED in said[2][1]


def test_a_file_of_answers(run: Run, problems: str, tmp_path: Path) -> None:
    ran = run("solve", problems, "--output", str(tmp_path / "out.txt"))
    assert ran.out == ""
    assert ran.err.count(MALFORMED) == ran.err.count(UNSOLVED) == 1


@pytest.mark.parametrize("flags", [(), ("--json",), ("--summary",), ("--quiet",)])
def test_check(run: Run, tmp_path: Path, flags: tuple[str, ...]) -> None:
    path = tmp_path / "answered.yaml"
    path.write_text(
        "- {id: zero, kind: conv-shape, given: {input: 5x5, kernel: 0}, answer: {shape: 3x3}}\n",
        encoding="utf-8",
    )
    ran = run("check", str(path), *flags)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count(MALFORMED) == 1


@pytest.mark.parametrize("flags", [(), ("--summary",), ("--quiet",)])
def test_a_bad_row_of_a_class(run: Run, tmp_path: Path, flags: tuple[str, ...]) -> None:
    key, rows = tmp_path / "key.yaml", tmp_path / "rows.csv"
    key.write_text(
        "- {id: fits, kind: conv-shape, given: {input: 5x5, kernel: 3}}\n", encoding="utf-8"
    )
    rows.write_text(
        "student,id,name,answer\nada,fits,shape,3x3\nbob,no-such,shape,3x3\n", encoding="utf-8"
    )
    ran = run("check", "--key", str(key), str(rows), *flags)
    assert ran.err.count("no-such") == 1
    assert "no-such" not in ran.out
