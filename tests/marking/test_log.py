"""A run that was interrupted goes on where it was, and nothing that has changed is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.marking.marker import Mark, Marker, Task
from tests.conftest import Ran

Run = Callable[..., Ran]

KEY = """
- {id: a, kind: conv-shape, given: {input: 8x8, kernel: 2}}
- {id: b, kind: conv-shape, given: {input: {from: a.shape}, kernel: 2}}
"""
ROWS = "student,id,name,answer\n" + "".join(
    f"s{n},a,shape,{n}x{n}\ns{n},b,shape,{n - 1}x{n - 1}\n" for n in range(2, 10)
)


class Class:
    """A key and its class in a folder, and which answers were worked out."""

    def __init__(self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run, self.folder = run, folder
        self.marked: list[Task] = []
        self.last = 10**9
        self.write("key.yaml", KEY)
        self.write("in.csv", ROWS)
        compared = Marker.compared

        def counted(marker: Marker, task: Task) -> Mark:
            if len(self.marked) == self.last:
                raise KeyboardInterrupt
            self.marked.append(task)
            return compared(marker, task)

        monkeypatch.setattr(Marker, "compared", counted)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def check(self, *flags: str) -> Ran:
        self.marked.clear()
        key, answers = str(self.folder / "key.yaml"), str(self.folder / "in.csv")
        return self.run("check", "--key", key, answers, "--jobs", "1", "--json", *flags)

    @property
    def log(self) -> Path:
        return self.folder / "marks.log"

    def resumed(self, *flags: str) -> Ran:
        return self.check("--resume", str(self.log), *flags)


@pytest.fixture
def a_class(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    return Class(run, tmp_path, monkeypatch)


def test_an_interrupted_run_goes_on(a_class: Class) -> None:
    whole = a_class.check()
    assert whole.code == 1 and len(a_class.marked) == 16
    # 7x7 is right, and every second answer follows from the own first.
    assert [json.loads(line)["points"] for line in whole.out.splitlines()] == [1] * 5 + [2, 1, 1]
    a_class.last = 5
    assert a_class.resumed().code == 130
    a_class.last = 10**9
    assert a_class.resumed() == whole
    assert len(a_class.marked) == 11
    assert a_class.resumed() == whole
    assert a_class.marked == []


def test_a_line_that_was_being_written_is_written_again(a_class: Class) -> None:
    whole = a_class.resumed()
    text = a_class.log.read_text()
    a_class.log.write_text(text[:-20])
    assert a_class.resumed() == whole
    a_class.log.write_text(text + '{"answer": ["a", "sha')
    assert a_class.resumed() == whole and not a_class.marked
    a_class.log.write_text(text + '[]\n{"answer": 3}\n{"answer": [1, 2, [3]], "with": []}\nx\n')
    assert a_class.resumed() == whole and not a_class.marked


def test_changed_answers_are_marked_anew(a_class: Class) -> None:
    a_class.resumed()
    a_class.write("in.csv", ROWS.replace("s3,a,shape,3x3", "s3,a,shape,7 by 7"))
    found = a_class.resumed()
    assert [task[2] for task in a_class.marked] == ["7 by 7"]
    assert found == a_class.check()


@pytest.mark.parametrize(
    "change",
    [
        ("kernel: 2}}\n- {id: b", "kernel: 3}}\n- {id: b"),
        ("{id: a,", "{id: a, credit: {conv.plus_one_forgotten: 0.5},"),
    ],
)
def test_a_changed_key_marks_all_anew(a_class: Class, change: tuple[str, str]) -> None:
    a_class.resumed()
    assert KEY.replace(*change) != KEY
    a_class.write("key.yaml", KEY.replace(*change))
    found = a_class.resumed()
    assert len(a_class.marked) == 16
    assert found == a_class.check()


def test_data_that_the_key_names_belongs_to_it(a_class: Class) -> None:
    a_class.write("data.csv", "x\n1\n3\n")
    a_class.write(
        "key.yaml", "- {id: a, kind: mle, given: {distribution: poisson, data: data.csv:x}}"
    )
    a_class.write("in.csv", "student,id,answer\nada,a,2\n")
    assert a_class.resumed().code == 0
    a_class.write("data.csv", "x\n1\n5\n")
    assert a_class.resumed().code == 1


def test_no_other_file_is_taken_for_a_log(a_class: Class) -> None:
    a_class.log.write_text("precious\n")
    ran = a_class.resumed()
    assert ran.code == 2 and "is no log of an earlier run" in ran.err
    assert a_class.log.read_text() == "precious\n"
    answers = a_class.folder / "in.csv"
    ran = a_class.check("--resume", str(answers))
    assert ran.code == 2 and answers.read_text() == ROWS
    ran = a_class.check("--resume", str(a_class.folder / "none" / "log"))
    assert ran.code == 2 and "cannot write" in ran.err
