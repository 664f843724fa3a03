"""Faults planted in kinds, misconceptions, renderers and checkers lose no other problem or answer.

A function that takes part in solving, showing or marking the second of three problems is made to
raise there, and only there.  Which function and which exception are drawn from a seed.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]

SEED = 14
FAULTS = 100
"""Of solving, and as many of marking."""

ERRORS = (
    ZeroDivisionError, RecursionError, StopIteration, AssertionError, SystemExit, KeyError,
    IndexError, TypeError, MemoryError, AttributeError, OverflowError, ValueError, OSError,
)  # fmt: skip

ROOMS = tuple(
    f"mlcalc.{room}"
    for room in ("kinds", "learning", "files.problem", "files.fields", "maths",
                 "marking.misconceptions", "marking.checking", "showing.formats",
                 "showing.derivation", "marking.told", "marking.as_json", "marking.hints")
)  # fmt: skip

FIRST = "- {id: first, kind: conv-shape, given: {input: 4x4, kernel: 2}, expect: {shape: 3x3}}\n"
SECOND = """- id: second
  title: The second
  kind: pac
  given: {hypotheses: 3^10, epsilon: 0.1, delta: 0.05, setting: realizable}
  expect: {samples: 60}
"""
THIRD = """- id: third
  kind: vc
  given: {hypothesis_class: intervals}
  expect: {vc_dimension: 2, break_point: 4}
"""
ROWS = "student,id,answer\n" + "".join(
    f"s{n},first,{n}x3\ns{n},second,{138 + n}\ns{n},third,{n}\n" for n in range(1, 5)
)


class Plant:
    """A function that raises within the second problem, and does its work elsewhere."""

    standing: Plant | None = None

    def __init__(self, function: FunctionType, error: type[BaseException]) -> None:
        self.function, self.error = function, error
        self.work = FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__
        )
        self.work.__kwdefaults__ = function.__kwdefaults__
        self.has_raised = False

    def act(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if is_within(sys._getframe()):
            self.has_raised = True
            raise self.error("planted")
        return self.work(*arguments, **named)


def planted(*arguments: Any, **named: Any) -> Any:
    # This code runs with the names of another module.
    from tests.test_faults import Plant

    return Plant.standing.act(arguments, named)  # type: ignore[union-attr]


def is_within(frame: FrameType | None) -> bool:
    """Whether the second problem, an answer to it, or the second student is at work."""
    while frame is not None:
        own = frame.f_locals
        exercise, task, student = own.get("exercise"), own.get("task"), own.get("student")
        if getattr(exercise, "entries", None) is not None:
            return bool(exercise.text("id") == "second")
        if isinstance(task, tuple):
            return bool(task[0] == "second")
        if hasattr(student, "student"):
            return bool(student.student == "s2")
        frame = frame.f_back
    return False


@contextmanager
def standing(plant: Plant) -> Iterator[None]:
    Plant.standing = plant
    plant.function.__code__ = planted.__code__
    try:
        yield
    finally:
        plant.function.__code__ = plant.work.__code__


def taking_part(work: Callable[[], object]) -> list[FunctionType]:
    """The functions and methods of the rooms that are called in the second problem."""
    called: dict[CodeType, None] = {}

    def watch(frame: FrameType, event: str, _: object) -> None:
        module = frame.f_globals.get("__name__", "")
        # Of records all is made, also what is said of a fault.
        is_ours = module.startswith(ROOMS) and module != "mlcalc.maths.records"
        if event == "call" and is_ours and frame.f_code not in called and is_within(frame):
            called[frame.f_code] = None

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    found = {}
    for name, module in sorted(sys.modules.items()):
        for value in list(vars(module).values()) if name.startswith(ROOMS) else ():
            members = vars(value).values() if isinstance(value, type) else ()
            for function in (value, *members):
                if isinstance(function, FunctionType) and not function.__closure__:
                    found[function.__code__] = function
    return [found[code] for code in called if code in found]


def plants(work: Callable[[], object], chance: random.Random) -> Iterator[Plant]:
    """As many as are wanted, of different functions first."""
    functions = taking_part(work)
    assert len(functions) > FAULTS / 2
    chance.shuffle(functions)
    for number in range(FAULTS):
        yield Plant(functions[number % len(functions)], chance.choice(ERRORS))


def test_a_fault_in_one_problem_leaves_the_others(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "problems.yaml"
    wishes = [["--json"], [], ["--format", "markdown"], ["--format", "latex"], ["--summary"]]
    chance = random.Random(SEED)

    def solved(text: str, wish: list[str]) -> Ran:
        path.write_text(text, encoding="utf-8")
        return run("solve", str(path), *wish)

    def pieces(text: str, wish: list[str]) -> str:
        out = solved(text, wish).out
        return out.splitlines()[2] if wish == ["--summary"] else out

    def all_ways() -> None:
        for wish in wishes:
            solved(FIRST + SECOND + THIRD, wish)

    others = [[pieces(text, wish) for text in (FIRST, THIRD)] for wish in wishes]
    raised = failed = 0
    for plant in plants(all_ways, chance):
        number = chance.randrange(len(wishes))
        with standing(plant):
            ran = solved(FIRST + SECOND + THIRD, wishes[number])
        said = (plant.function.__qualname__, plant.error, ran)
        for other in others[number]:
            words = [" ".join(other.split()), " ".join(ran.out.split())]
            assert words[0] in words[1], said
        assert "Traceback" not in ran.err, said
        assert "second" in ran.out, said
        raised += plant.has_raised
        failed += ran.code == 70
    # Some exceptions are caught where they may come up for good reasons.
    assert raised > 0.3 * FAULTS
    assert failed > 0.8 * raised


def test_a_fault_at_one_answer_leaves_the_others(run: Run, tmp_path: Path) -> None:
    key, rows = tmp_path / "key.yaml", tmp_path / "class.csv"
    key.write_text(FIRST + SECOND.replace("60", "141") + THIRD, encoding="utf-8")
    rows.write_text(ROWS, encoding="utf-8")
    chance = random.Random(SEED)

    def marked() -> Ran:
        return run("check", "--key", str(key), str(rows), "--json", "--hints")

    def answers(ran: Ran) -> dict[tuple[str, str, str], str]:
        """The verdicts on the answers that have no fault."""
        students = [json.loads(line) for line in ran.out.splitlines()]
        assert [student["student"] for student in students] == ["s1", "s2", "s3", "s4"]
        return {
            (student["student"], row["id"], row["name"]): row["verdict"]
            for student in students
            for row in student.get("answers", ())
            if row["id"] != "second"
        }

    clean = answers(marked())
    assert len(clean) == 12
    raised = failed = 0
    for plant in plants(marked, chance):
        with standing(plant):
            ran = marked()
        said = (plant.function.__qualname__, plant.error, ran)
        found = answers(ran)
        lost = clean.keys() - found.keys()
        assert {student for student, *_ in lost} <= {"s2"}, said
        assert found == {at: verdict for at, verdict in clean.items() if at not in lost}, said
        assert "Traceback" not in ran.err, said
        assert not lost or ran.code == 70, said
        raised += plant.has_raised
        failed += ran.code == 70
    assert raised > 0.3 * FAULTS
    assert failed > 0.8 * raised


def test_one_question_that_fails_is_one_message(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlcalc.kinds import conv_shape

    def fails(problem: object) -> object:
        return [][len(str(problem)) * 0]

    monkeypatch.setattr(conv_shape, "solve", fails)
    ran = run("conv-shape", "4x4", "--kernel", "2", "--padding", "1")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err == (
        "mlcalc itself is at fault: IndexError in marking/exercise.py, line "
        f"{ran.err.split('line ')[1].split(';')[0]}; please report it with mlcalc conv-shape "
        "--input=4x4 --kernel=2 --padding=1\n"
    )
    monkeypatch.setenv("MLCALC_DEBUG", "1")
    assert "Traceback" in run("conv-shape", "4x4", "--kernel", "2").err
    shown = json.loads(run("conv-shape", "4x4", "--kernel", "2", "--json").out)
    assert shown["status"] == "failed"
    assert "IndexError" in shown["error"]["message"]


def test_a_misconception_that_fails_leaves_the_verdict(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlcalc.marking.misconceptions import Explainer

    def fails(*_: object) -> object:
        raise StopIteration

    monkeypatch.setattr(Explainer, "explained", fails)
    ran = run("conv-shape", "4x4", "--kernel", "2", "--check", "3x4")
    assert ran.code == 70
    assert "✗ shape = 3x4 is wrong" in ran.out
    assert ran.err.count("mlcalc itself is at fault: StopIteration") == 1


DIES = """
import os
from mlcalc.marking.marker import Marker
compared = Marker.compared
def dying(self, task):
    id_, _, claim, _ = task
    if claim == "7" and id_ == "q3":
        {way}
    return compared(self, task)
Marker.compared = dying
serve()
"""


@pytest.mark.parametrize(
    "way", ["os._exit(0)", "os.abort()", "raise MemoryError", "os.kill(os.getpid(), 9)"]
)
def test_a_worker_that_dies_loses_one_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    from mlcalc.marking import crew

    dying = crew.BOOT.replace("serve()\n", "") + DIES.format(way=way)
    monkeypatch.setattr(crew, "BOOT", dying)
    key, rows = tmp_path / "key.yaml", tmp_path / "class.csv"
    questions = range(crew.FEWEST_BATCHES)
    key.write_text(
        "".join(
            f"- {{id: q{n}, kind: vc, given: {{hypothesis_class: 'polynomials({n + 1})'}}}}\n"
            for n in questions
        ),
        encoding="utf-8",
    )
    rows.write_text(
        "student,id,answer\n"
        + "".join(f"s{s},q{n},{s + n}\n" for s in range(8) for n in questions),
        encoding="utf-8",
    )
    ran = run("check", "--key", str(key), str(rows), "--json", "--jobs", "2")
    assert ran.code == 70
    verdicts = [
        (student["student"], row["id"])
        for student in map(json.loads, ran.out.splitlines())
        for row in student["answers"]
        if row["verdict"] == "undecided"
    ]
    assert verdicts == [("s4", "q3")]
    assert ran.err.count("please report it") == 1
