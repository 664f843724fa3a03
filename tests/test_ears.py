"""What people write and what is read of it: the rows of `tests/ears`, by flags and by YAML.

A row is a command as it is typed behind `mlcalc`, and under it what the answer has, or the exit
code and what the refusal says:

    $ mle Poisson --data '3 4 1'
    lambda = 8/3
    $ mle poisson --data '0,08 3'
    2: write 0.08

Lines that begin with `given:` are looked for in the whole answer, where it says what was read.
⏎ in a command stands for a new line.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mlcalc.kinds import load
from tests.conftest import ROOT, Ran

FOLDER = ROOT / "tests" / "ears"


class Row(NamedTuple):
    """A command, and what must be said about it."""

    command: str
    wanted: tuple[str, ...]

    @property
    def arguments(self) -> list[str]:
        return [part.replace("⏎", "\n") for part in shlex.split(self.command)]


def rows_of(file: Path) -> list[Row]:
    rows: list[Row] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            rows.append(Row(line[2:], ()))
        elif line.strip() and not line.startswith("#"):
            rows[-1] = Row(rows[-1].command, (*rows[-1].wanted, line.strip()))
    return rows


ROWS = [
    pytest.param(row, id=f"{file.stem}: {row.command}")
    for file in sorted(FOLDER.glob("*.txt"))
    for row in rows_of(file)
]


def check(row: Row, ran: Ran, whole: Callable[[], Ran]) -> None:
    """What was printed says what is wanted."""
    assert row.wanted, "a row says what is read"
    code, colon, _ = row.wanted[0].partition(":")
    wanted_code = int(code) if colon and code.isdigit() else 0
    assert ran.code == wanted_code, ran.err or ran.out
    # Lines are cut at 80 columns, wherever a word ends.
    said = " ".join((ran.out + ran.err).split())
    for line in row.wanted:
        if line.startswith("given:"):
            assert line.removeprefix("given:").strip() in " ".join(whole().out.split())
        else:
            assert line.removeprefix(f"{wanted_code}:").strip() in said


@pytest.mark.parametrize("row", ROWS)
def test_what_is_typed_at_a_shell_is_read(row: Row, run: Callable[..., Ran]) -> None:
    ran = run(*row.arguments, "--quiet")
    check(row, ran, lambda: run(*row.arguments))


@pytest.mark.parametrize("row", ROWS)
def test_what_stands_in_a_file_is_read_alike(
    row: Row, run: Callable[..., Ran], tmp_path: Path
) -> None:
    problem = as_problem(row.arguments)
    if problem is None:
        pytest.skip("this is about flags alone")
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem), encoding="utf-8")
    ran = run("solve", str(file), "--quiet")
    check(row, ran, lambda: run("solve", str(file)))


def as_problem(arguments: list[str]) -> dict[str, object] | None:
    """The problem of a file that asks what a command asks; None where there is none."""
    kind, *rest = arguments
    try:
        spellings = load(kind).Problem.spellings
    except (ImportError, KeyError, ValueError):
        return None
    positional = next((f.name for f in spellings.values() if f.positional), "")
    given: dict[str, object] = {}
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if not name.startswith("--"):
            name, value = positional, name + equals + value
        elif name.removeprefix("--no-").replace("-", "_") in spellings and "--no-" in name:
            name, value = name.removeprefix("--no-"), "false"
        name = name.removeprefix("--").replace("-", "_")
        if name not in spellings:
            return None
        is_switch = spellings[name].takes.is_switch
        if not value and not equals:
            value = rest.pop(0) if rest and not (is_switch and rest[0].startswith("--")) else "true"
        before = given.get(name)
        earlier = before if isinstance(before, list) else [before]
        given[name] = value if before is None else [*earlier, value]
    return {"kind": kind, "given": given}
