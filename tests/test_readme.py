"""The commands of the README run, and print what the README shows.

`pytest --update-snapshots` writes the outputs anew.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest

from mlcalc.files.reading import read_document
from mlcalc.marking.exercise import read_exercises, solve_all
from tests.conftest import ROOT, Ran

README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands(block: str) -> list[str]:
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def session(block: str, run: Callable[..., Ran]) -> str:
    """The block as a terminal would show it: each command and what it prints."""
    shown = []
    for command in commands(block):
        program, *arguments = shlex.split(command)
        assert program == "mlcalc"
        ran = run(*arguments)
        assert "Traceback" not in ran.err
        shown.append(f"$ {command}\n{ran.out}{ran.err}".rstrip("\n"))
    return "\n\n".join(shown) + "\n"


def test_every_command_prints_what_is_shown(
    run: Callable[..., Ran], update_snapshots: bool
) -> None:
    text = README.read_text(encoding="utf-8")
    anew = BLOCK.sub(lambda m: f"```console\n{session(m.group(1), run)}```", text)
    if update_snapshots:
        README.write_text(anew, encoding="utf-8")
    assert anew == README.read_text(encoding="utf-8")


def test_the_yaml_shown_is_solved() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        for outcome in solve_all(read_exercises(read_document(block, "README.md"), "README.md")):
            assert outcome.status == "solved", outcome.complaints


@pytest.mark.parametrize("flag", ["--check", "--quiet", "--brief", "--format", "--output",
                                  "--digits", "--yaml"])  # fmt: skip
def test_every_flag_is_documented(flag: str) -> None:
    assert f"`{flag}" in README.read_text(encoding="utf-8") or f", `{flag}" in README.read_text()
