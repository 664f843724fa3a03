"""Whose the answers are: folders, several files, names inside of files, rows that are malformed."""

from __future__ import annotations

import json
import os
import zipfile
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
    folder.mkdir(exist_ok=True)
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


def test_ids_are_read_without_regard_to_their_spelling(run: Run, tmp_path: Path) -> None:
    rows = "ada,Q 1,3x3\nada,q2.shape,4x4\nbob,Question 1,3x3\ncy, Q-1 ,3x3\ndi,Q01,3x3\n"
    found, ran = points(run, tmp_path, {"a.csv": HEAD + rows})
    assert found == {"ada": 2, "bob": 1, "cy": 1, "di": 1}
    assert ran.err == ""


def test_what_the_key_does_not_have_is_one_line(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"s{n},x{n % 3},1\ns{n},q1,3x3\n" for n in range(50))
    found, ran = points(run, tmp_path, {"a.csv": HEAD + rows})
    assert set(found.values()) == {1}
    (line,) = ran.err.splitlines()
    assert "s0 and 49 more: the key has no problem 'x0', 'x1', 'x2'; it has q1, q2" in line


# What students pack into their folders.


def hostile(folder: Path, kind: str) -> None:
    """Something in ada's folder that would stop a reader."""
    own = folder / "class" / "ada"
    own.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(own / "a.yaml")
    elif kind == "link":
        (folder / "secret.yaml").write_text("answers: {q1: 3x3, q2: 4x4}\n")
        (own / "a.yaml").symlink_to(folder / "secret.yaml")
    elif kind == "loop":
        (own / "a.yaml").symlink_to(own / "a.yaml")
    elif kind == "folder":
        (own / "a.yaml").mkdir()
        (own / "self").symlink_to(own)
    elif kind == "deep":
        deep = own.joinpath(*["d"] * 40)
        deep.mkdir(parents=True)
        (deep / "a.yaml").write_text(ONE)
    elif kind == "binary":
        (own / "a.csv").write_bytes(bytes(range(256)) * 40)
    elif kind == "large":
        (own / "a.yaml").write_bytes(b"# " + b"x" * 10_000_001)
    elif kind == "bomb":
        with zipfile.ZipFile(own / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    elif kind == "wide":
        (own / "a.csv").write_text(",".join(f"q{n} q1" for n in range(9_999)) + "\n1\n")
    elif kind == "picture":
        (own / "a.png").write_bytes(b"\x89PNG")
        (own / "._a.yaml").write_bytes(b"\0\x05\x16\x07")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("pipe", "a.yaml: this is a pipe or a device: it is left out"),
        ("link", "a.yaml: this is a link to something elsewhere: it is left out"),
        ("loop", "a.yaml: the file cannot be read"),
        ("folder", ""),
        ("deep", "folders lie more than 12 deep"),
        ("binary", "a.csv: this is a binary file"),
        ("large", "a.yaml: larger than 10,000,000 bytes"),
        ("bomb", "a.xlsx: this workbook unpacks to more than 100,000,000 bytes"),
        ("wide", "a.csv: more than 2,000 columns"),
        ("picture", "1 file is left out that cannot be submissions (.png)"),
    ],
)
def test_one_folder_does_not_stop_the_class(run: Run, tmp_path: Path, kind: str, said: str) -> None:
    hostile(tmp_path, kind)
    found, ran = points(run, tmp_path, {"ada/b.yaml": TWO, "bob/b.yaml": ONE})
    assert found == {"ada": 1, "bob": 1}
    assert said in ran.err
    assert ran.code == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text(KEY)
    os.mkfifo(tmp_path / "ada.yaml")
    (tmp_path / "bob.yaml").write_text(ONE)
    names = [str(tmp_path / name) for name in ("key.yaml", "ada.yaml", "bob.yaml")]
    ran = run("check", "--key", *names, "--quiet")
    assert ran.out == "bob: 1 of 2 points\n"
    assert "ada.yaml: this is a pipe or a device" in ran.err


def test_more_files_than_anyone_hands_in(run: Run, tmp_path: Path) -> None:
    files = {f"ada/a{n}.yaml": ONE for n in range(1_003)} | {"bob/a1.yaml": ONE}
    found, ran = points(run, tmp_path, files)
    assert found == {"ada": 1, "bob": 1}
    assert ran.err.count("ada handed in more than 1,000 files") == 1


# How the systems that hold a class lay out what was handed in.


def test_the_folders_of_each_system(run: Run, tmp_path: Path) -> None:
    moodle = {
        "Ada Lovelace_123_assignsubmission_file_/hw.yaml": ONE,
        "Bob Ray_124_assignsubmission_file_/mine.yaml": BAD,
    }
    assert points(run, tmp_path / "1", moodle)[0] == {"Ada Lovelace": 1, "Bob Ray": 0}
    canvas = {"lovelaceada_494030_777_hw.yaml": ONE, "raybob_LATE_494031_778_hw-1.yaml": BAD}
    assert points(run, tmp_path / "2", canvas)[0] == {"lovelaceada": 1, "raybob": 0}
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: a1\n    :email: a@b.de\n"
        "  - :name: Bob\n    :sid: b1\n  :created_at: 2026-09-25 20:00:00 -0700\n"
        "submission_2:\n  :submitters:\n  - :name: Cy\n    :sid: ''\n    :email: c@b.de\n"
    )
    gradescope = {
        "submission_metadata.yml": metadata, "submission_1/a.yaml": ONE, "submission_2/x.yaml": TWO
    }  # fmt: skip
    assert points(run, tmp_path / "3", gradescope)[0] == {"a1": 1, "b1": 1, "c@b.de": 1}


def test_files_of_one_name_are_their_folders(run: Run, tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text(KEY)
    for student, text in (("ada", ONE), ("bob", BAD)):
        (tmp_path / student).mkdir()
        (tmp_path / student / "hw.yaml").write_text(text)
    files = [str(tmp_path / name) for name in ("key.yaml", "ada/hw.yaml", "bob/hw.yaml")]
    assert run("check", "--key", *files, "-q").out == "ada: 1 of 2 points\nbob: 0 of 2 points\n"
