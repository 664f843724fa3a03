"""What `--yaml` prints is the same question: as given values, and in its answers."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.files.document import Entries, Items, Raw, Text, plain
from mlcalc.files.document import written as in_one_line
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.files.reading import read_document, read_file
from mlcalc.files.yaml_writer import write_yaml
from mlcalc.kinds import load
from tests.conftest import PROBLEMS, Ran

COMMANDS = (Path(__file__).parent / "commands.txt").read_text(encoding="utf-8").splitlines()

Run = Callable[..., Ran]


def arguments_of(line: str) -> list[str]:
    """The words of a shell line, `$'…'` with its escapes read."""
    words = shlex.split(line.replace("$'", "'\x00"))
    return [
        word[1:].encode().decode("unicode_escape") if word.startswith("\x00") else word
        for word in words
    ]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_yaml_of_a_command_has_its_answers(line: str, run: Run, tmp_path: Path) -> None:
    arguments = arguments_of(line)
    as_typed = run(*arguments, "--json")
    assert as_typed.code == 0, as_typed.err
    (tmp_path / "a.yaml").write_text(run(*arguments, "--yaml").out, encoding="utf-8")
    as_written = run("solve", str(tmp_path / "a.yaml"), "--json")
    assert as_written.code == 0, as_written.err
    first, second = json.loads(as_typed.out), json.loads(as_written.out)
    assert second["answers"] == first["answers"]
    assert second["notes"] == first["notes"]


def problems() -> list[tuple[str, str, Entries]]:
    """The name, kind and givens of all problems that stand alone."""
    found = []
    for path in PROBLEMS:
        document = read_file(path)
        items = document.get("problems") if isinstance(document, Entries) else document
        assert isinstance(items, Items)
        for number, item in enumerate(items.items):
            assert isinstance(item, Entries)
            kind, given = item.get("kind"), item.get("given")
            if isinstance(kind, Text) and isinstance(given, Entries):
                found.append((f"{path.stem}-{number}", kind.value.replace("_", "-"), given))
    return [row for row in found if "from:" not in in_one_line(row[2])]


def values_or_refusal(kind: str, given: Raw | None) -> object:
    assert isinstance(given, Entries)
    try:
        found = load(kind).Problem.read(given).values
    except MlcalcError as error:
        return [complaint.message.rpartition(": ")[2] for complaint in error.complaints]
    return {name: without_places(value) for name, value in found.items()}


def without_places(value: object) -> object:
    match value:
        case Text() | Items() | Entries():
            return in_one_line(value)
        case tuple():
            return tuple(map(without_places, value))
    return value


@pytest.mark.parametrize("row", problems(), ids=lambda row: row[0])
def test_the_givens_of_a_problem_survive_as_flags(row: tuple[str, str, Entries]) -> None:
    _, kind, given = row
    place = Place("--flag")
    pairs = [(key, Text(in_one_line(value), place, exact=False)) for key, value in given.pairs]
    flags = Entries(tuple(pairs), place)
    document = read_document(write_yaml({"given": plain(flags)}), "a.yaml")
    assert isinstance(document, Entries)
    typed = values_or_refusal(kind, flags)
    assert values_or_refusal(kind, document.get("given")) == typed
