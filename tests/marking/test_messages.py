"""What is said about malformed submissions: each bad file beside the message it gets.

A new case is a new file; `pytest --update-snapshots` writes its message, which a person then reads.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran

FOLDER = ROOT / "tests" / "marking" / "messages"
KEY = "tests/marking/key.yaml"
BAD_FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".txt")

Run = Callable[..., Ran]


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.name)
def test_message(path: Path, run: Run, update_snapshots: bool) -> None:
    ran = run("check", "--key", KEY, path.relative_to(ROOT).as_posix(), "--quiet")
    expected = path.with_name(path.name + ".txt")
    if update_snapshots:
        expected.write_text(ran.err, encoding="utf-8")
    assert ran.err == expected.read_text(encoding="utf-8")
    # What is malformed is left out; only where nothing is left can nothing be marked.
    assert ran.code == (1 if ran.out else 2)


def test_what_can_be_read_is_marked_all_the_same(run: Run) -> None:
    ran = run("check", "--key", KEY, str(FOLDER / "broken.jsonl"), "--quiet")
    assert ran.out == "anna: 2 of 8 points\n"


def test_each_message_has_its_file() -> None:
    assert {path.name + ".txt" for path in BAD_FILES} == {
        path.name for path in FOLDER.glob("*.txt")
    }
