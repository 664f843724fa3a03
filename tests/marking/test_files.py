"""What is written for other programs: the gradebook, and Gradescope's results.json."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlcalc.marking.gradebook import EXECUTED, gradebook, neutral
from tests.conftest import Ran
from tests.marking.asking import key, marked, submission

Run = Callable[..., Ran]
KEY = "tests/marking/key.yaml"
CLASS = ["check", "--key", KEY, "--students", "tests/marking/students.txt", "tests/marking/class"]

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "simple_format", "html", "md", "ansi"]}
NUMBER = {"type": "number"}
TEXT = {"type": "string"}


def fields(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


TEST = fields(
    {
        "score": NUMBER, "max_score": NUMBER, "status": {"enum": ["passed", "failed"]},
        "name": TEXT, "name_format": FORMAT, "number": TEXT, "output": TEXT,
        "output_format": FORMAT, "tags": {"type": "array", "items": TEXT},
        "visibility": VISIBILITY, "extra_data": {"type": "object"},
    }
)  # fmt: skip
LEADER = fields(
    {"name": TEXT, "value": {"type": ["number", "string"]}, "order": {"enum": ["asc", "desc"]}},
    required=["name", "value"],
)
RESULTS = fields(
    {
        "score": NUMBER, "execution_time": NUMBER, "output": TEXT, "output_format": FORMAT,
        "test_output_format": FORMAT, "test_name_format": FORMAT, "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY, "extra_data": {"type": "object"},
        "tests": {"type": "array", "items": TEST},
        "leaderboard": {"type": "array", "items": LEADER},
    },
    anyOf=[
        {"required": ["score"]},
        {
            "required": ["tests"],
            "properties": {"tests": {"items": {"anyOf": [{"required": ["score"]},
                                                         {"required": ["status"]}]}}},
        },
    ],
)  # fmt: skip
"""The published fields, by hand from the Autograder Specifications, "Output format"."""

SAMPLE = {
    "score": 44.0, "execution_time": 136, "output": "Text", "output_format": "simple_format",
    "test_output_format": "text", "test_name_format": "text", "visibility": "after_due_date",
    "stdout_visibility": "visible", "extra_data": {},
    "tests": [
        {"score": 2.0, "max_score": 2.0, "status": "passed", "name": "Your name here",
         "name_format": "text", "number": "1.1", "output": "Giant multiline string",
         "output_format": "text", "tags": ["tag1", "tag2", "tag3"], "visibility": "visible",
         "extra_data": {}},
        {"name": "Compilation check", "status": "passed"},
    ],
    "leaderboard": [{"name": "Accuracy", "value": 0.926},
                    {"name": "Time", "value": 15.1, "order": "asc"},
                    {"name": "Stars", "value": "*****"}],
}  # fmt: skip
"""The example that Gradescope publishes, which is what keeps the schema above honest."""


def valid(document: Any) -> bool:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(RESULTS)
    return bool(jsonschema.Draft202012Validator(RESULTS).is_valid(document))


def test_the_schema_takes_the_published_example_and_nothing_else() -> None:
    assert valid(SAMPLE)
    assert not valid({"tests": [{"name": "no score and no status"}]})
    assert not valid({**SAMPLE, "points": 3})
    assert not valid({**SAMPLE, "visibility": "shown"})
    assert not valid({**SAMPLE, "score": "44"})


@pytest.mark.parametrize("flags", [(), ("--hints",), ("--reveal",)])
def test_results_of_one_submission(run: Run, tmp_path: Path, flags: tuple[str, ...]) -> None:
    path = tmp_path / "results.json"
    ran = run("check", "--key", KEY, "tests/marking/class/cleo.yaml", "--gradescope", str(path),
              *flags)  # fmt: skip
    assert ran.code == 1
    found = json.loads(path.read_text(encoding="utf-8"))
    assert valid(found)
    assert found["score"] == sum(test["score"] for test in found["tests"]) == 6
    assert sum(test["max_score"] for test in found["tests"]) == 8
    assert found["extra_data"] == {"schema": "mlcalc/1", "student": "cleo"}
    tests = {test["name"]: test for test in found["tests"]}
    assert tests["clicks: mle"]["number"] == "1.2"
    assert tests["clicks: mle"]["status"] == "passed"
    assert tests["clicks: theta"]["status"] == "failed"
    assert "1/2x: unreadable" in tests["clicks: theta"]["output"]
    assert "your own value of clicks.posterior" in tests["next-month: theta"]["output"]
    assert tests["next-month: theta"]["extra_data"]["carried_from"] == ["clicks.posterior"]
    # Who is not to see the answers does not see them.
    assert ("0.08" in path.read_text()) == ("--reveal" in flags)


def test_results_of_a_class(run: Run, tmp_path: Path) -> None:
    ran = run(*CLASS, "--gradescope", str(tmp_path / "results.json"))
    assert ran.code == 2
    assert "results.json is for one submission, and these are of 4 students" in ran.err
    assert not os.listdir(tmp_path)
    assert run(*CLASS, "--gradescope", f"{tmp_path}/results/").code == 1
    names = sorted(os.listdir(tmp_path / "results"))
    assert names == ["anna.json", "bert.json", "cleo.json", "dora.json"]
    for name in names:
        assert valid(json.loads((tmp_path / "results" / name).read_text(encoding="utf-8")))


# The gradebook.


def test_the_gradebook_of_the_sample_class(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    assert run(*CLASS, "--gradebook", str(path)).code == 1
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["student"] for row in rows] == ["anna", "bert", "cleo", "dora"]
    assert list(rows[0]) == [
        "student", "clicks.theta", "clicks.mle", "next-month.theta", "first-layer.shape",
        "first-layer.parameters", "second-layer.shape", "points", "out_of",
    ]  # fmt: skip
    assert rows[2]["first-layer.shape"] == "1.5"
    for row in rows:
        assert float(row["points"]) == sum(float(v) for k, v in row.items() if "." in k)
        assert row["out_of"] == "8"
    assert [row["points"] for row in rows] == ["8", "2", "6", "0"]


HOSTILE = [
    '=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "＝1+1", " =1", "＠x", "=1,2", '="a"',
]  # fmt: skip


@pytest.mark.parametrize("cell", [*HOSTILE, "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_execute(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    assert not neutral(cell).lstrip().startswith(EXECUTED)


@pytest.mark.parametrize("cell", ["anna", "1.5", "a=b", "a-1", "a@uni.edu", "'quoted", ""])
def test_a_cell_that_is_harmless_stays(cell: str) -> None:
    assert neutral(cell) == cell


def test_a_hostile_class_in_the_gradebook() -> None:
    found = key("- {id: =cmd, kind: conv-shape, given: {input: 4x4, kernel: 2}}")
    report = marked(found, *(submission(student, {"=cmd": "3x3"}) for student in HOSTILE))
    rows = list(csv.reader(gradebook(report).splitlines()))
    # Fullwidth letters are the plain ones, and ids that are then the same are one student's.
    assert len(rows) == len({row[0] for row in rows}) == len(report.students) + 1
    for row in rows:
        for cell in row:
            assert not cell.lstrip().startswith(EXECUTED)
    assert rows[0][1] == "'=cmd.shape"


@pytest.mark.parametrize("flag", ["--gradebook", "--gradescope", "--output"])
def test_a_file_is_written_whole_or_not_at_all(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    path = tmp_path / "kept"
    path.write_text("precious")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    ran = run("check", "--key", KEY, "tests/marking/class/cleo.yaml", flag, str(path))
    assert ran.code == 2
    assert f"{flag}: cannot write '{path}': no space left on device" in ran.err
    assert path.read_text() == "precious"
    assert os.listdir(tmp_path) == ["kept"]
