"""A class as it is: who is there, who sent what, and what nobody asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.marking.students import canonical, folded
from tests.conftest import ROOT, Ran
from tests.marking.asking import MISSING, RIGHT, WRONG, by_name, handed_in, key, marked, submission

Run = Callable[..., Ran]
FOLDER = "tests/marking"
KEY = f"{FOLDER}/key.yaml"
CLASS = ["check", "--key", KEY, "--students", f"{FOLDER}/students.txt", f"{FOLDER}/class"]

# By hand: Beta(7, 95) and 10 of 100 give Beta(17, 185), whose mode is 16/200; 3 of 20 more give
# the mode 19/220.  From Beta(16, 184) it is 18/218 = 9/109.  48 = 64 − 17 + 1, ⌊48/3⌋ = 16,
# ⌊64/3⌋ = 21, and 10,416 = 12·(3·17·17 + 1).
EXPECTED = {
    "anna": {
        "clicks.theta": ("right", 2), "clicks.mle": ("right", 1), "next-month.theta": ("right", 1),
        "first-layer.shape": ("right", 1.5), "first-layer.parameters": ("right", 1.5),
        "second-layer.shape": ("right", 1),
    },
    "bert": {
        "clicks.theta": ("wrong", None), "clicks.mle": ("unreadable", 0),
        "next-month.theta": ("missing", 0), "first-layer.shape": ("wrong", 0),
        "first-layer.parameters": ("wrong", 0), "second-layer.shape": ("right", 1),
    },
    "cleo": {
        "clicks.theta": ("unreadable", 0), "clicks.mle": ("right", 1),
        "clicks.posterior": ("wrong", 0), "next-month.theta": ("right", 1),
        "first-layer.shape": ("right", 1.5), "first-layer.parameters": ("right", 1.5),
        "second-layer.shape": ("right", 1),
    },
    "dora": {
        "clicks.theta": ("missing", 0), "clicks.mle": ("missing", 0),
        "next-month.theta": ("missing", 0), "first-layer.shape": ("missing", 0),
        "first-layer.parameters": ("missing", 0), "second-layer.shape": ("missing", 0),
    },
}  # fmt: skip


def test_the_sample_class(run: Run) -> None:
    ran = run(*CLASS, "--json")
    assert ran.code == 1
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [student["student"] for student in found] == list(EXPECTED)
    assert {student["schema"] for student in found} == {"mlcalc/1"}
    for student in found:
        expected = EXPECTED[student["student"]]
        assert [f"{a['id']}.{a['name']}" for a in student["answers"]] == list(expected)
        for answer in student["answers"]:
            verdict, points = expected[f"{answer['id']}.{answer['name']}"]
            assert answer["verdict"] == verdict, answer
            assert points is None or answer["points"] == points, answer
        assert student["points"] == sum(answer["points"] for answer in student["answers"])
        assert student["out_of"] == 8
    assert ran.err == ("bert: the key has no problem 'third-layer', did you mean 'first-layer'?\n")


def test_the_class_summary(run: Run) -> None:
    ran = run(*CLASS, "--summary")
    assert "4 students, on average" in ran.out
    row = next(line for line in ran.out.splitlines() if line.startswith("clicks.mle"))
    assert row.split()[1:6] == ["2", "0", "1", "1", "0.50"]
    found = json.loads(run(*CLASS, "--summary", "--json").out)
    assert found["students"] == 4
    assert found["questions"][1] == {
        "id": "clicks", "name": "mle",
        "right": 2, "wrong": 0, "unreadable": 1, "missing": 1, "undecided": 0,
        "difficulty": 0.5, "discrimination": pytest.approx(0.9285, abs=1e-4), "misconceptions": {},
    }  # fmt: skip


def test_a_table_for_each_student(run: Run) -> None:
    out = run(*CLASS).out
    assert [line.partition(":")[0] for line in out.splitlines() if line.endswith(" of 8 points")][
        :4
    ] == list(EXPECTED)
    assert "next-month, theta: right with your own value of clicks.posterior" in out
    assert max(map(len, out.splitlines())) <= 80
    assert run(*CLASS, "--quiet").out.splitlines()[0] == "anna: 8 of 8 points"


TWO = key("""
- {id: a, kind: conv-shape, given: {input: 4x4, kernel: 2}}
- {id: b, kind: conv-shape, given: {input: 5x5, kernel: 2}}
""")


def test_submissions_are_merged_and_the_last_answer_counts() -> None:
    report = marked(
        TWO, submission("anna", {"a": "3x3", "b": "4x4"}), submission("Anna ", {"a": "9x9"})
    )
    assert by_name(report) == {"anna": {"a.shape": (WRONG, 0), "b.shape": (RIGHT, 1)}}
    assert report.remarks == ("anna answered a.shape twice, in answers: the last counts",)


def test_who_is_in_the_list_and_who_is_not() -> None:
    report = marked(
        TWO, submission("bret", {"a": "3x3", "b": "4x4"}), submission("ANNA", {"a": "3x3"}),
        students=["anna", "bert"],
    )  # fmt: skip
    assert [student.student for student in report.students] == ["anna", "bert", "bret"]
    assert [float(student.points) for student in report.students] == [1, 0, 2]
    assert report.remarks == ("bret is not in the list of students, did you mean 'bert'?",)


def test_what_the_key_does_not_have_does_not_stop_the_rest() -> None:
    report = marked(TWO, submission("anna", {"zeta": 1, "a": {"shap": "3x3", "shape": "3x3"}}))
    assert by_name(report)["anna"] == {"a.shape": (RIGHT, 1), "b.shape": (MISSING, 0)}
    assert report.remarks == (
        "anna: the key has no problem 'zeta'; it has a, b",
        "anna: 'a' has no answer 'shap', did you mean 'shape'?",
    )


def test_two_rows_for_one_answer(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text("student,id,answer\nanna,a,3x3\nbert,a,3x3\nANNA,a,9x9\nbert,a,3x3\n")
    report = marked(TWO, *handed_in(path).submissions)
    assert by_name(report)["anna"]["a.shape"] == (WRONG, 0)
    assert by_name(report)["bert"]["a.shape"] == (RIGHT, 1)
    assert report.remarks == (f"anna answered a.shape twice, in {path}: the last counts",)


ROWS = [("anna", "a", "shape", "3x3"), ("anna", "b", "", "1/2, x"), ("bert", "a", "", "0.50")]


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "yaml", "folder"])
def test_every_form_says_the_same(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"class.{ending}"
    nested: dict[str, dict[str, dict[str, str]]] = {}
    for student, id_, name, answer in ROWS:
        nested.setdefault(student, {}).setdefault(id_, {})[name or "shape"] = answer
    whole = [{"student": student, "answers": answers} for student, answers in nested.items()]
    if ending in ("csv", "tsv"):
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter="\t" if ending == "tsv" else ";")
        writer.writerows([("student", "id", "name", "answer"), *ROWS])
        path.write_text("\ufeff" + stream.getvalue(), encoding="utf-8")
    elif ending == "jsonl":
        keys = ("student", "id", "name", "answer")
        lines = [json.dumps(dict(zip(keys, row, strict=True))) for row in ROWS[:2]]
        path.write_text("\n".join([*lines, "", json.dumps(whole[1])]))
    elif ending in ("json", "yaml"):
        path.write_text(json.dumps(whole))
    else:
        path.mkdir()
        (path / "anna.json").write_text(json.dumps({"answers": nested["anna"]}))
        (path / "bert.yaml").write_text(json.dumps(whole[1]))
        (path / "README.md").write_text("not a submission")
    found = handed_in(path)
    assert not found.complaints
    report = marked(TWO, *sorted(found.submissions, key=lambda s: s.student))
    assert [
        (student.student, [row.claim for row in student.rows]) for student in report.students
    ] == [("anna", ["3x3", "1/2, x"]), ("bert", ["0.50", None])]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_strange_line_break_is_no_end_of_a_row(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"class.{ending}"
    rows = {
        "csv": "student,id,answer\r\nanna,a,3\u2028x3\x0b\r\nbert,a,3x3\r\n",
        "jsonl": '{"student": "anna", "id": "a", "answer": "3\u2028x3\x85"}\r\n'
        '{"student": "bert", "id": "a", "answer": "3x3"}\r\n',
    }
    path.write_text(rows[ending], encoding="utf-8", newline="")
    found = handed_in(path)
    assert not found.complaints
    assert [submission.student for submission in found.submissions] == ["anna", "bert"]
    assert found.submissions[0].answers["a", ""].startswith("3\u2028x3")


@pytest.mark.parametrize(
    "text",
    [
        "student,id,name,answer\nanna,clicks,theta,0.08\n",
        '{"student": "anna", "answers": {"clicks": 0.08}}',
        '{"student": "anna", "id": "clicks", "answer": 0.08}\n{"student": "bert", "answers": {}}',
        "student: anna\nanswers: {clicks: {theta: 0.08}}\n",
        '[{"student": "anna",\n"answers": {"clicks": {"theta": 0.08}}}]',
        '{\n"student": "anna", "answers": {"clicks": {"theta": 0.08}}}',
    ],
)
def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = run("check", "--key", KEY, "-", "--quiet")
    assert ran.out.startswith("anna: 2 of 8 points\n")
    assert (ran.code, ran.err) == (1, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna", "anna"),
        ("  anna  berg ", "anna berg"),
        ("anna\u200b", "anna"),
        ("\ufeffan\u202ena", "anna"),
        ("ａｎｎａ４２", "anna42"),
        ("cafe\u0301", "caf\u00e9"),
        ("an\x1b[31mna", "an[31mna"),
        ("=1+1", "=1+1"),
    ],
)
def test_ids_of_students(typed: str, meant: str) -> None:
    assert canonical(typed) == meant
    assert folded(typed.upper()) == folded(meant)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "anna\n\n  bert \ncleo", ["anna", "bert", "cleo"]),
        ("a.csv", "name,student\nAnna B.,anna\nBert C.,bert\n", ["anna", "bert"]),
        ("a.csv", "email;group\nanna@x.org;1\nbert@x.org;2\n", ["anna@x.org", "bert@x.org"]),
    ],
)
def test_a_list_of_students(
    run: Run, tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    path = tmp_path / name
    path.write_text(text)
    ran = run("check", "--key", KEY, "--students", str(path), f"{FOLDER}/class/cleo.yaml", "-q")
    assert [line.partition(":")[0] for line in ran.out.splitlines()] == list(
        dict.fromkeys([*expected, "cleo"])
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("anna\nbert\nANNA\n", "a.txt:3:1: 'ANNA' stands twice in the list"),
        ("\n\n", "there is no student in this list: write one id a line"),
        (f"{'a' * 201}\n", "a.txt:1:1: an id has at most 200 characters"),
    ],
)
def test_a_list_that_is_none(run: Run, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    ran = run("check", "--key", KEY, "--students", str(path), f"{FOLDER}/class")
    assert ran.code == 2
    assert message in ran.err
    assert not ran.out


def test_names_of_a_file_stand_for_students(run: Run) -> None:
    assert (ROOT / FOLDER / "class" / "cleo.yaml").exists()
    ran = run("check", "--key", KEY, f"{FOLDER}/class/cleo.yaml", "-q")
    assert ran.out == "cleo: 6 of 8 points\n"
