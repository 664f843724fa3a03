"""The map of the house, `mlcalc/README.md`: its rooms are there, and its recipes work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.recipes import copy_of_house, run_in
from tests.test_house import ORDER

MAP = (ROOT / "mlcalc" / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(?P<language>python|console)\n(?P<text>.*?)```", re.DOTALL)
WHERE = re.compile(r"# (?P<file>\S+), (?P<how>new|before|behind) ?(?P<anchor>.*)\n")
RECIPES = dict(re.findall(r"### … (.+?)\n(.*?)(?=\n###? |\Z)", MAP, re.DOTALL))


def put(top: Path, code: str) -> str:
    """Writes a piece of code where its first line says; the file that was touched."""
    match = WHERE.match(code)
    assert match is not None, code
    piece, file = code[match.end() :], top / match["file"]
    if match["how"] == "new":
        assert not file.exists()
        file.write_text(piece, encoding="utf-8")
        return match["file"]
    before = file.read_text(encoding="utf-8")
    start = before.index(match["anchor"])
    line = before.rfind("\n", 0, start) + 1
    at = line if match["how"] == "before" else before.index("\n", start) + 1
    file.write_text(before[:at] + piece + before[at:], encoding="utf-8")
    return match["file"]


def commands(text: str) -> list[tuple[list[str], list[str]]]:
    """The commands of a console block, each with the lines that must be in what it prints."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ mlcalc "):
            found.append((shlex.split(line[len("$ mlcalc ") :]), []))
        elif line.strip():
            found[-1][1].append(line.strip())
    return found


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_works_and_touches_one_place(recipe: str, tmp_path: Path) -> None:
    copy_of_house(tmp_path)
    blocks = [(m["language"], m["text"]) for m in BLOCK.finditer(RECIPES[recipe])]
    touched = {put(tmp_path, text) for language, text in blocks if language == "python"}
    assert len(touched) == 1
    for arguments, wanted in commands("".join(text for name, text in blocks if name == "console")):
        done = run_in(tmp_path, *arguments)
        assert wanted, arguments
        for line in wanted:
            assert line in done.stdout, (arguments, done.stdout, done.stderr)


def test_each_room_stands_on_the_map() -> None:
    rooms = re.findall(r"^\| `(\w+)/` \|", MAP, re.MULTILINE)
    assert rooms == [name for name in ORDER if not name.startswith("__")]
    found = (ROOT / "mlcalc").iterdir()
    there = {path.name for path in found if path.is_file() or any(path.rglob("*.py"))}
    assert there == {*rooms, "__init__.py", "__main__.py", "README.md"}
    assert len(rooms) <= 10


def test_each_file_on_the_map_is_there() -> None:
    for name in re.findall(r"`((?:\w+/)+\w+\.\w+)`", MAP):
        assert (ROOT / "mlcalc" / name).exists(), name
