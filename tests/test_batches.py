"""Long files: solved by one process or by several, and nothing is kept that nobody asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import ref

import pytest

from mlcalc.cli import files
from mlcalc.files.document import Entries, Items
from mlcalc.files.frozen import FEW, Frozen
from mlcalc.files.reading import read_document
from mlcalc.marking import crew
from mlcalc.marking.exercise import Exercises, linked, read_exercises, solve_all, solve_exercise
from mlcalc.showing.derivation import Outcome
from tests.conftest import Ran

Run = Callable[..., Ran]

MANY = 10 * files.BATCH


def layers(count: int) -> Iterator[str]:
    """Layers of which every seventh is given by the one before, and some have a taken id."""
    for n in range(count):
        size = f"{{from: c{n - 1}.shape}}" if n % 7 == 6 else f"{n + 10}x20"
        id_ = f"c{n - 20}" if n % 50 == 49 else f"c{n}"
        yield f"- {{id: {id_}, kind: conv-shape, given: {{input: {size}, kernel: 3}}}}\n"


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "long.yaml"
    broken = "- {id: odd, kind: conv-shape, given: {input: {from: nowhere.shape}, kernel: 3}}\n"
    path.write_text("".join(layers(MANY)) + broken, encoding="utf-8")
    return path


@pytest.mark.parametrize("flag", ["--json", "--quiet", "--summary", "--brief"])
def test_several_processes_print_what_one_prints(run: Run, long: Path, flag: str) -> None:
    alone, shared = (run("solve", str(long), flag, "--jobs", jobs) for jobs in ("1", "2"))
    assert (shared.out, shared.err, shared.code) == (alone.out, alone.err, alone.code)
    assert alone.code == 2 and "did you mean" not in alone.err


def test_a_reference_is_to_what_stands_above_it(run: Run, long: Path) -> None:
    found = list(map(json.loads, run("solve", str(long), "--json", "--jobs", "2").out.splitlines()))
    assert [one["id"] for one in found[:3]] == ["c0", "c1", "c2"]
    assert found[6]["answers"]["shape"]["text"] == "11×16"  # (15 - 2) - 2 and 20 - 2·2
    taken = [n for n, one in enumerate(found) if one["status"] == "invalid"]
    assert taken == [*range(49, MANY, 50), MANY]


def test_what_is_solved_is_not_kept(run: Run, long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[ref[Outcome]] = []
    most = 0

    def noted(*arguments: object) -> Outcome:
        nonlocal most
        most = max(most, sum(one() is not None for one in alive[-20:]))
        found = solve_exercise(*arguments)  # type: ignore[arg-type]
        alive.append(ref(found))
        return found

    monkeypatch.setattr(files, "solve_exercise", noted)
    run("solve", str(long), "--quiet", "--jobs", "1")
    assert len(alive) == MANY + 1 and most <= 2


def test_a_long_list_is_kept_as_bytes_and_made_anew() -> None:
    text = "".join(layers(FEW + 1))
    document = read_document(text, "long.yaml")
    assert isinstance(document, Items) and isinstance(document.items, Frozen)
    short = read_document("".join(layers(FEW)), "long.yaml")
    assert isinstance(short, Items) and tuple(document.items[:FEW]) == short.items
    last = document.items[-1]
    assert isinstance(last, Entries) and last is not document.items[-1]
    assert (last.place.line, last.place.column) == (FEW + 1, 3)
    assert last.place.text == text.splitlines()[-1]


def test_only_those_that_refer_are_linked() -> None:
    exercises = read_exercises(read_document("".join(layers(FEW + 1)), "long.yaml"), "long.yaml")
    assert isinstance(exercises, Exercises)
    refer = [n for n in range(FEW + 1) if n % 7 == 6]
    links = linked(exercises)
    assert links.names == {f"c{n - 1}" for n in refer}
    assert {n for n in links.indices if n % 50 != 49} == {*refer, *(n - 1 for n in refer)}
    outcomes = list(solve_all(exercises))
    assert sum(one.status == "solved" for one in outcomes) == FEW - 1


def test_a_fault_in_the_last_line_is_all_that_is_said(run: Run, long: Path) -> None:
    with open(long, "a", encoding="utf-8") as file:
        file.write("- {id: c, kind: [}\n")
    ran = run("solve", str(long), "--quiet")
    assert ran.code == 2 and "shape" not in ran.out
    assert ran.err.startswith(f"{long}:{MANY + 2}:")


DIES = """
import os
from mlcalc.cli.files import Solving
done = Solving.done
def dying(self, task):
    if task[1] == 22:
        {way}
    return done(self, task)
Solving.done = dying
serve()
"""


@pytest.mark.parametrize("way", ["os._exit(0)", "os.abort()", "raise MemoryError"])
def test_a_worker_that_dies_loses_one_problem(
    run: Run, long: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(crew, "BOOT", crew.BOOT.replace("serve()\n", "") + DIES.format(way=way))
    ran = run("solve", str(long), "--json", "--jobs", "2")
    found = list(map(json.loads, ran.out.splitlines()))
    assert [one["id"] for one in found if one["status"] == "failed"] == ["c22"]
    assert "a worker ended with" in found[22]["error"]["message"]
    assert len(found) == MANY + 1 and ran.code == 70
