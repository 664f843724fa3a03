"""What is written for other programs: the gradebook, and Gradescope's results.json."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from mlcalc.marking.classroom import Report
from mlcalc.marking.gradebook import EXECUTED, LAYOUTS, Book, gradebook, neutral, workbook
from mlcalc.marking.told import Wish
from mlcalc.maths.printing import Style
from mlcalc.maths.records import replace
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


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("ada.yaml", "", "expected a submission"),
        ("ada.yaml", "answers: [1", "never closed"),
        ("ada.json", "{", "this is no JSON"),
        ("ada.txt", "0.08", "there is no submission"),
        ("ada.jsonl", "", "there is no submission"),
        ("ada.csv", "student,id,answer\n", "a header and no rows"),
    ],
)
def test_an_autograder_gets_results_of_whatever_is_handed_in(
    run: Run, tmp_path: Path, file: str, text: str, said: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / file).write_text(text)
    results = tmp_path / "results.json"
    ran = run("check", "--key", KEY, str(tmp_path / "in"), "--gradescope", str(results))
    assert ran.code == 2 and said in ran.err
    found = json.loads(results.read_text(encoding="utf-8"))
    assert valid(found)
    assert found["score"] == 0 and said in found["output"]
    assert sum(test["max_score"] for test in found["tests"]) == 8
    assert {test["status"] for test in found["tests"]} == {"failed"}


def test_a_student_is_not_told_what_others_wrote(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, text in (("ada", "answers: {}"), ("ben", "answers: {}"), ("cleo", "answers: [mine")):
        (tmp_path / "in" / f"{name}.yaml").write_text(text)
    back = tmp_path / "back"
    back.mkdir()
    ran = run("check", "--key", KEY, str(tmp_path / "in"), "--gradescope", str(back))
    assert ran.code == 1 and "mine" in ran.err
    assert sorted(os.listdir(back)) == ["ada.json", "ben.json"]
    assert all("mine" not in path.read_text() for path in back.iterdir())


# The gradebook.


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))


def book(report: Report, people: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> Book:
    return Book(replace(report, people=people), Wish(80, Style(5)), "Homework 1")


def table(report: Book, layout: str) -> list[dict[str, str]]:
    return list(csv.DictReader(gradebook(report, layout).splitlines(keepends=True)))


def test_the_gradebook_of_the_sample_class(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    assert run(*CLASS, "--gradebook", str(path)).code == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # Excel takes it for ANSI without
    header, *lines = rows_of(path)
    assert header == [
        "student", "clicks.theta", "clicks.mle", "next-month.theta", "first-layer.shape",
        "first-layer.parameters", "second-layer.shape", "points", "out_of",
    ]  # fmt: skip
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    assert [row["student"] for row in rows] == ["anna", "bert", "cleo", "dora"]
    assert rows[2]["first-layer.shape"] == "1.5"
    for row in rows:
        assert float(row["points"]) == sum(float(v) for k, v in row.items() if "." in k)
        assert row["out_of"] == "8"
    assert [row["points"] for row in rows] == ["8", "2", "6", "0"]


def test_what_was_left_out_stands_in_the_gradebook(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("student,id,name,answer\nada,clicks,theta,0.08\n,clicks,,1\n")
    path = tmp_path / "grades.csv"
    ran = run("check", "--key", KEY, str(tmp_path / "in.csv"), "--gradebook", str(path))
    assert ran.code == 1
    header, ada, left_out = rows_of(path)
    assert header[-1] == "left_out" and ada[0] == "ada" and ada[-1] == ""
    assert left_out[0] == "" and "in.csv:3" in left_out[-1] and "'student' is empty" in left_out[-1]


def test_canvas_takes_its_gradebook(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    run(*CLASS, "--gradebook", str(path), "--layout", "canvas", "--assignment", "HW 1 (4711)")
    header, possible, *students = rows_of(path)
    # What its importer looks for: lib/gradebook_importer.rb, header? and process_pp.
    assert "Student" in header[0] and "ID" in header[1]
    assert header[2:] == ["SIS User ID", "SIS Login ID", "Section", "HW 1 (4711)"]
    assert "Points Possible" in possible[0] and possible[5] == "8"
    assert [line[0] for line in students] == ["anna", "bert", "cleo", "dora"]
    assert [line[5] for line in students] == ["8", "2", "6", "0"]
    # Its first column of ids is read as a number, whatever stands there.
    assert {line[1] for line in students} == {""}
    assert [line[3] for line in students] == ["anna", "bert", "cleo", "dora"]


@pytest.mark.parametrize(
    ("flags", "other"),
    [
        (("--layout", "canvas"), "--gradebook"),
        (("--assignment", "HW"), "--gradebook"),
        (("--format", "markdown"), "--reports"),
    ],
)
def test_a_flag_that_says_how_something_is_written(
    run: Run, flags: tuple[str, ...], other: str
) -> None:
    ran = run(*CLASS, *flags)
    assert ran.code == 2 and f"{flags[0]} goes with {other}" in ran.err


def test_a_roster_of_the_system_gives_its_ids(run: Run, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        "    Points Possible,,,,\n"
        '"Lovelace, Ada",1001,s1,ada,A\n"Turing, Alan",1002,s2,alan,B\n'
    )
    (tmp_path / "in.csv").write_text("student,id,name,answer\nada,clicks,mle,0.1\n")
    path = tmp_path / "grades.csv"
    run("check", "--key", KEY, str(tmp_path / "in.csv"), "--roster", str(tmp_path / "roster.csv"),
        "--gradebook", str(path), "--layout", "canvas", "--assignment", "HW")  # fmt: skip
    assert rows_of(path)[2:] == [
        ["Lovelace, Ada", "1001", "s1", "ada", "A", "1"],
        ["Turing, Alan", "1002", "s2", "alan", "B", "0"],
    ]


CLASS_KEY = "- {id: q, kind: conv-shape, given: {input: 4x4, kernel: 2}, points: 2}"
PEOPLE = {
    "s1": {"sid": "s1", "name": "Lovelace, Ada", "id": "1001", "login": "ada", "section": "A"},
    "s2": {"sid": "s2", "first": "Ben", "last": "Ng", "email": "ben@uni.edu", "id": "x7"},
    "s3": {"sid": "s3", "name": "Zoë de la Cruz"},
}


def of_three() -> Book:
    answers = ({"q": "3x3"}, {"q": "2x2"}, {})
    given = (submission(who, found) for who, found in zip(PEOPLE, answers, strict=True))
    return book(marked(key(CLASS_KEY), *given), PEOPLE)


def test_canvas_with_a_roster() -> None:
    _, ada, ben, zoe = table(of_three(), "canvas")
    assert ada["Student"] == "Lovelace, Ada" and ada["ID"] == "1001" and ada["Section"] == "A"
    assert ada["SIS User ID"] == "s1" and ada["SIS Login ID"] == "ada"
    assert ben["Student"] == "Ng, Ben" and ben["ID"] == ""
    assert zoe["Student"] == "Cruz, Zoë de la"
    assert [row["Homework 1"] for row in (ada, ben, zoe)] == ["2", "0", "0"]


def test_moodle_gets_no_row_without_an_id() -> None:
    ada, ben, zoe = table(of_three(), "moodle")
    # Moodle gives such a row to the student before it: only full columns are written.
    assert list(ada) == [
        "First name", "Last name", "ID number", "Homework 1 (Real)", "Homework 1 (Feedback)",
    ]  # fmt: skip
    assert (ada["First name"], ada["Last name"], ada["ID number"]) == ("Ada", "Lovelace", "s1")
    assert [row["Homework 1 (Real)"] for row in (ada, ben, zoe)] == ["2", "0", "0"]
    assert ada["Homework 1 (Feedback)"] == "q.shape: right, 2 of 2"
    assert "[conv.plus_one_forgotten]" in ben["Homework 1 (Feedback)"]
    assert zoe["Homework 1 (Feedback)"] == "q.shape: missing, 0 of 2"
    names = {who: {"name": who} for who in PEOPLE}
    found = table(book(of_three().report, names), "moodle")
    assert [row["ID number"] for row in found] == ["s1", "s2", "s3"]


def test_what_moodle_shows_as_html_is_escaped() -> None:
    found = key(CLASS_KEY.replace("id: q", 'id: "<i>q"'))
    (row,) = table(book(marked(found, submission("s1", {"<i>q": "3x3"}))), "moodle")
    assert row["Homework 1 (Feedback)"] == "&lt;i&gt;q.shape: right, 2 of 2"


def test_the_columns_of_gradescope() -> None:
    ada, ben, zoe = table(of_three(), "gradescope")
    assert list(ada) == [
        "First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points",
        "Status", "1.1: q: shape (2.0 pts)",
    ]  # fmt: skip
    assert ben["Email"] == "ben@uni.edu" and ben["Total Score"] == "0" and ben["Max Points"] == "2"
    assert [row["Status"] for row in (ada, ben, zoe)] == ["Graded", "Graded", "Missing"]
    assert zoe["Total Score"] == zoe["1.1: q: shape (2.0 pts)"] == ""


def test_without_a_roster_an_id_is_taken_for_what_it_looks_like() -> None:
    report = marked(key(CLASS_KEY), submission("ada@uni.edu", {"q": "3x3"}))
    (row,) = table(book(report), "moodle")
    assert row["Email address"] == row["Username"] == "ada@uni.edu"


HOSTILE = [
    '=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "＝1+1", " =1", "＠x", "=1,2", '="a"',
]  # fmt: skip


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_that_a_spreadsheet_would_execute(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["anna", "1.5", "a=b", "a-1", "a@uni.edu", "'quoted", ""])
def test_a_cell_that_is_harmless_stays(cell: str) -> None:
    assert neutral(cell) == cell


@pytest.mark.parametrize("separator", [";", "\t", "|", "\n", "\r"])
@pytest.mark.parametrize("before", ["", " ", '"', ' "'])
@pytest.mark.parametrize("first", ["", "ada"])
def test_a_formula_behind_another_separator(separator: str, before: str, first: str) -> None:
    # Where a program splits cells at another sign, the quotes of ours do not hold.
    cell = neutral(f"{first}{separator}{before}=cmd{separator}x")
    for part in cell.split(separator):
        assert not part.lstrip(' "').startswith(EXECUTED)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_hostile_class_in_the_gradebook(layout: str) -> None:
    found = key("- {id: =cmd, kind: conv-shape, given: {input: 4x4, kernel: 2}}")
    report = marked(found, *(submission(student, {"=cmd": f"{student};=1"}) for student in HOSTILE))
    hostile = Book(report, Wish(80, Style(5)), "=1")
    rows = list(csv.reader(gradebook(hostile, layout).splitlines(keepends=True)))
    # Fullwidth letters are the plain ones, and ids that are then the same are one student's.
    above = 2 if layout == "canvas" else 1
    assert len(rows) == len({tuple(row) for row in rows}) == len(report.students) + above
    for row in rows:
        for cell in row:
            for part in re.split("[;|\t\r\n]", cell):
                assert not part.lstrip(' "').startswith(EXECUTED)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_workbook_has_points_as_numbers_and_texts_as_texts(layout: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    found = key("- {id: =cmd, kind: conv-shape, given: {input: 4x4, kernel: 2}}")
    report = marked(found, *(submission(s, {"=cmd": "3x3"}) for s in (*HOSTILE, "007", "#REF!")))
    hostile = Book(report, Wish(80, Style(5)), "=1")
    (sheet,) = openpyxl.load_workbook(BytesIO(workbook(hostile, layout))).worksheets
    types = {type(cell.value) for row in sheet.rows for cell in row}
    assert types <= {str, float, int, type(None)} and types & {float, int}
    assert not [cell for row in sheet.rows for cell in row if cell.data_type in "fe"]
    assert "007" in {cell.value for row in sheet.rows for cell in row}


def test_the_ending_asks_for_a_workbook(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grades.xlsx"
    monkeypatch.setattr("mlcalc.cli.handed_back.find_spec", lambda name: None)
    ran = run(*CLASS, "--gradebook", str(path))
    assert ran.code == 2 and "install mlcalc[xlsx]" in ran.err and not path.exists()
    monkeypatch.undo()
    openpyxl = pytest.importorskip("openpyxl")
    assert run(*CLASS, "--gradebook", str(path)).code == 1
    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert [row[-2].value for row in sheet.rows] == ["points", 8, 2, 6, 0]


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
