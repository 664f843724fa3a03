"""What a flag writes never replaces a file that was read, nor what another flag writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]

PROBLEM = '{"kind": "conv-shape", "id": "a", "given": {"input": "4x4", "kernel": 2}}'
HANDED_IN = "student,id,name,answer\nada,a,shape,3x3\n"
CHECK = ("check", "--key", "key.json", "in.csv")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("key.json").write_text(PROBLEM, encoding="utf-8")
    Path("in.csv").write_text(HANDED_IN, encoding="utf-8")
    Path("d.csv").write_text("h\n1\n2\n", encoding="utf-8")
    Path("link.txt").symlink_to("key.json")
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.mark.parametrize(
    "command",
    [
        (*CHECK, "--output", "key.json"),
        (*CHECK, "--output", "link.txt"),
        (*CHECK, "--output", "./in.csv"),
        (*CHECK, "--gradebook", "in.csv"),
        (*CHECK, "--gradebook", "key.json"),
        (*CHECK, "--gradescope", "key.json"),
        (*CHECK, "--gradebook", "g.txt", "--output", "g.txt"),
        (*CHECK, "--gradebook", "g.txt", "--output", "./g.txt"),
        (*CHECK, "--output", "x.pdf"),
        (*CHECK, "--output", "x.html"),
        (*CHECK, "--output", "x.weird"),
        ("solve", "key.json", "-o", "key.json"),
        ("solve", "key.json", "-o", "link.txt"),
        ("solve", ".", "--format", "text", "-o", "./key.json"),
        ("mle", "poisson", "--data", "3,4,1", "--svg", "x.md", "-o", "x.md"),
        ("mle", "poisson", "--data", "3,4,1", "--svg", "x.svg", "-o", "x.svg", "-f", "text"),
        ("mle", "poisson", "--data", "3,4,1", "--svg", "key.json"),
        ("mle", "poisson", "--data", "d.csv:h", "-o", "d.csv", "-f", "text"),
    ],
)  # fmt: skip
def test_nothing_is_lost(run: Run, folder: Path, command: tuple[str, ...]) -> None:
    before = contents(folder)
    ran = run(*command)
    assert ran.code == 2
    assert contents(folder) == before


def test_what_was_read_before_may_be_written(run: Run, folder: Path) -> None:
    assert run("solve", "key.json").code == 0
    assert run("conv-shape", "4x4", "--kernel", "2", "-o", "key.json").code == 0


@pytest.mark.parametrize("flag", ["--output", "--gradebook"])
def test_a_dash_is_standard_output(run: Run, folder: Path, flag: str) -> None:
    ran = run(*CHECK, flag, "-")
    assert ran.code == 0 and "ada" in ran.out
    assert not (folder / "-").exists()


@pytest.mark.parametrize("more", [("--json", "--quiet"), ("--quiet", "-o", "m.json")])
def test_json_wins_over_quiet(run: Run, folder: Path, more: tuple[str, ...]) -> None:
    ran = run(*CHECK, *more)
    assert json.loads(ran.out or (folder / "m.json").read_text(encoding="utf-8"))


def test_no_path(run: Run) -> None:
    ran = run("check")
    assert ran.code == 2
    assert "paths" not in ran.err and "PATH" in ran.err
