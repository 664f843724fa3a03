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
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mlcalc.cli.commands import build
from mlcalc.cli.words import OWN, WordFault, Words
from mlcalc.estimation import worker
from mlcalc.kinds import kind_named, load
from tests.conftest import ROOT, Ran

FLAG = re.compile(r"--([A-Za-z][\w-]*)( is missing)?")
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


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Densities of one's own are worked on here: a process for each row takes a second."""

    def here(seconds: float, what: str, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    monkeypatch.setattr(worker, "within", here)


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
    every = (*row.arguments, "--ask", "all")
    check(row, run(*every, "--quiet"), lambda: run(*every))


@pytest.mark.parametrize("row", ROWS)
def test_what_stands_in_a_file_is_read_alike(
    row: Row, run: Callable[..., Ran], tmp_path: Path
) -> None:
    problem = as_problem(row.arguments)
    if problem is None:
        pytest.skip("this is about flags alone")
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem), encoding="utf-8")
    every = ("solve", str(file), "--ask", "all")
    wanted = tuple(FLAG.sub(as_key, line) for line in row.wanted)
    check(Row(row.command, wanted), run(*every, "--quiet"), lambda: run(*every))


def as_key(flag: re.Match[str]) -> str:
    """A file names a field by its key: 'input' is missing, vc_dimension."""
    key = flag[1].replace("-", "_")
    return f"'{key}'{flag[2]}" if flag[2] else key


def as_problem(arguments: list[str]) -> dict[str, object] | None:
    """The problem of a file that asks what a command asks; None where there is none."""
    kind, *rest = arguments
    name = kind_named(kind)
    if name is None:
        return None
    command = build(name)
    parameters = command.get_params(command.context_class(command))
    words = Words(parameters, command.fields, command.own_field, command.second)
    try:
        words.read(rest)
    except WordFault:
        return None
    given: dict[str, object] = {}
    for parameter, value in words.values.items():
        key = parameter.partition("_")[2]
        if not parameter.startswith(OWN) and key not in load(name).Problem.spellings:
            return None
        typed = str(value).lower() if isinstance(value, bool) else value
        given[key] = typed[0] if isinstance(typed, list) and len(typed) == 1 else typed
    return None if words.unknown else {"kind": kind, "given": given}
