"""Whose the answers are: folders, several files, names inside of files, rows that are malformed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]
KEY = """
- {id: q1, kind: conv-shape, given: {input: 4x4, kernel: 2}}
- {id: q2, kind: conv-shape, given: {input: 5x5, kernel: 2}}
"""
HEAD = "student,id,answer\n"
ONE, TWO, BAD = "answers: {q1: 3x3}\n", "answers: {q2: 4x4}\n", "answers: {q1: 9x9}\n"


def points(run: Run, folder: Path, files: Mapping[str, str], *more: str) -> tuple[Any, Ran]:
    """Points by student of the files in a folder `class`, and what was said."""
    (folder / "key.yaml").write_text(KEY)
    for name, text in files.items():
        path = folder / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ran = run("check", "--key", str(folder / "key.yaml"), str(folder / "class"), "--json", *more)
    rows = [json.loads(line) for line in ran.out.splitlines()]
    return {row["student"]: row["points"] for row in rows}, ran


@pytest.mark.parametrize(
    ("files", "expected", "said"),
    [
        ({"ada/hw1.yaml": ONE, "bob/hw1.yaml": ONE + "  \n"}, {"ada": 1, "bob": 1}, ""),
        ({"ada/hw1.yaml": ONE}, {"ada": 1}, ""),
        ({"ada/q1.yaml": ONE, "ada/q2.yaml": TWO}, {"ada": 2}, ""),
        ({"ada/attempt2.yaml": BAD, "ada/attempt10.yaml": ONE}, {"ada": 1}, "q1.shape twice"),
        ({"s1/ada.yaml": ONE, "s1/bob.yaml": BAD, "s2/cy.yaml": ONE, "s2/di.yaml": TWO},
         {"ada": 1, "bob": 0, "cy": 1, "di": 1}, ""),
        ({"a.csv": HEAD + "ada,q1,3x3\n", "b.csv": HEAD + "ada,q2,4x4\n"}, {"ada": 2}, ""),
        ({"a.csv": HEAD + "ada,q1,9x9\n", "b.csv": HEAD + "ada,q1,3x3\n"}, {"ada": 1}, "twice"),
        ({"ada.yaml": ONE, "mallory.yaml": "student: ada\n" + BAD}, {"ada": 1, "mallory": 0},
         "it is taken as mallory's"),
        ({"ada/a.yaml": ONE, "eve/a.csv": HEAD + "ada,q1,9x9\neve,q2,4x4\n"}, {"ada": 1, "eve": 1},
         "a row is left out"),
        ({"a.csv": HEAD + "ada,q1,3x3\nbob,q1\ncy,q1,3x3\n"}, {"ada": 1, "cy": 1},
         "this row has 2 cells"),
        ({"a.csv": HEAD + "ada,q1,3x3\n,q1,3x3\n"}, {"ada": 1}, "'student' is empty here"),
        ({"a.csv": HEAD + "ada,Q1,3x3\n"}, {"ada": 1}, ""),
        ({"a.csv": HEAD + "ada,q7,1\nbob,q7,1\n"}, {"ada": 0, "bob": 0}, "ada and 1 more: the key"),
    ],
)  # fmt: skip
def test_whose_answers_they_are(
    run: Run, tmp_path: Path, files: dict[str, str], expected: dict[str, float], said: str
) -> None:
    found, ran = points(run, tmp_path, files)
    assert found == expected
    assert said in ran.err if said else ran.err == ""
    assert ran.code in (0, 1)


def test_a_list_of_students_says_which_names_are_theirs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("x1\nx2\n")
    files = {"a/x1.yaml": ONE, "b/x2.yaml": ONE}
    found, _ = points(run, tmp_path, files, "--students", str(tmp_path / "list.txt"))
    assert found == {"x1": 1, "x2": 1}


def test_nothing_to_mark(run: Run, tmp_path: Path) -> None:
    found, ran = points(run, tmp_path, {"a.csv": HEAD + "ada,q1\n"})
    assert not found
    assert ran.code == 2
