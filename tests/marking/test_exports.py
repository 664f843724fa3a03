"""The same class as each system exports it: a file of its own making, and the marks it must get.

The marks are the problem file's published answers against what stands in the cells, by hand: ada
has all of it, ben the answer that follows from his own posterior, cleo the first two.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlcalc.files.document import Text
from mlcalc.files.errors import Place
from mlcalc.marking.headers import Headers
from mlcalc.marking.key import Key
from mlcalc.marking.submissions import read_submissions
from tests.conftest import ROOT, Ran
from tests.marking.asking import key, marked

Run = Callable[..., Ran]
FOLDER = ROOT / "tests" / "marking" / "exports"
KEY = "problems/homework.yaml"
POINTS = [6, 2, 3]
MOODLE = "Response 1=clicks, Response 2=next-month, Response 3=layer"
ROSTER = FOLDER / "roster.csv"

BY_EMAIL = ["ada@uni.edu", "ben@uni.edu", "cleo@uni.edu"]
BY_NUMBER = ["a0815", "b0816", "c0817"]
EXPORTS: list[tuple[str, list[str], tuple[str, ...], str]] = [
    ("google-forms.csv", BY_EMAIL, (), "'Timestamp', 'Score'"),
    ("canvas.csv", BY_NUMBER, (), "'n correct', 'n incorrect', 'score'"),
    ("moodle.csv", BY_EMAIL, ("--columns", MOODLE), "'Time taken', 'Grade/6.00'"),
    ("gradescope.csv", BY_NUMBER, (), "'Lateness (H:M:S)'"),
    ("excel.csv", ["ada", "ben", "cleo"], (), "a comma is a decimal one: 0,08 is 0.08"),
]


def marks(run: Run, *arguments: str) -> tuple[dict[str, Any], Ran]:
    """Points by student, and what was said."""
    ran = run("check", "--key", KEY, *arguments, "--json")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    return {row["student"]: row["points"] for row in rows}, ran


@pytest.mark.parametrize(("name", "students", "more", "said"), EXPORTS, ids=[e[0] for e in EXPORTS])
def test_an_export(
    run: Run, name: str, students: list[str], more: tuple[str, ...], said: str
) -> None:
    found, ran = marks(run, str(FOLDER / name), *more)
    assert found == dict(zip(students, POINTS, strict=True))
    assert said in ran.err
    assert ran.code == 1


@pytest.mark.parametrize("name", ["canvas.csv", "moodle.csv", "gradescope.csv", "list.txt"])
def test_a_roster_of_each_system(run: Run, tmp_path: Path, name: str) -> None:
    rosters = {
        "canvas.csv": "Student,ID,SIS User ID,SIS Login ID,Section,Final Score\n"
        "    Points Possible,,,,,100\n"
        '"Roy, Cleo",494032,c0817,cleo@uni.edu,ML 1,\n"Lovelace, Ada",494030,a0815,ada@uni.edu,,\n'
        '"Shor, Ben",494031,b0816,ben@uni.edu,ML 1,\n"Pi, Dora",494033,d0818,dora@uni.edu,,\n',
        "moodle.csv": '"First name","Last name","ID number","Email address"\n'
        "Cleo,Roy,c0817,cleo@uni.edu\nAda,Lovelace,a0815,ada@uni.edu\n"
        "Ben,Shor,b0816,ben@uni.edu\nDora,Pi,d0818,dora@uni.edu\n",
        "gradescope.csv": "Name,Email,Role,SID\nCleo Roy,cleo@uni.edu,Student,c0817\n"
        "Ada Lovelace,ada@uni.edu,Student,a0815\nBen Shor,ben@uni.edu,Student,b0816\n"
        "Dora Pi,dora@uni.edu,Student,d0818\n",
        "list.txt": "cleo@uni.edu\nada@uni.edu\nben@uni.edu\ndora@uni.edu\n",
    }
    (tmp_path / name).write_text(rosters[name], encoding="utf-8")
    found, ran = marks(run, str(FOLDER / "google-forms.csv"), "--roster", str(tmp_path / name))
    ids = ["c0817", "a0815", "b0816", "d0818"]
    if name == "list.txt":
        ids = rosters[name].split()
    assert list(found.items()) == list(zip(ids, [3, 6, 2, 0], strict=True))
    assert "not in the list" not in ran.err


def test_a_roster_joins_what_two_systems_export(run: Run, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("Name,Email,SID\nAda,ada@uni.edu,a0815\nBen,ben@uni.edu,b0816\n")
    one, two = tmp_path / "google.csv", tmp_path / "canvas.csv"
    one.write_text("Email,clicks.theta,clicks.posterior\nada@uni.edu,0.08,\n")
    two.write_text('name,id,sis_id,"7: layer: parameters",0.5\nAda,1,a0815,608,0.5\n')
    found, _ = marks(run, str(one), str(two), "--roster", str(roster))
    assert found == {"a0815": 2.5, "b0816": 0}


# One class, told in every way.

CLASS: dict[str, dict[str, str]] = {
    "ada": {
        "clicks.theta": "16/200",
        "clicks.posterior": "Beta(17, 185)",
        "layer.parameters": "608",
    },
    "ben": {"clicks.theta": "17/202", "next-month.theta": "19/220", "layer.shape": "16x16x8"},
    "cleo": {"layer.shape": "8x15x15"},
}
EARNED = {"ada": 3.5, "ben": 2.5, "cleo": 0}
ASKED = sorted({answer for own in CLASS.values() for answer in own})


def wide() -> list[list[str]]:
    rows = [[student, *(own.get(answer, "") for answer in ASKED)] for student, own in CLASS.items()]
    return [["Student", *ASKED], *rows]


def long() -> list[list[str]]:
    rows = [
        [student, *answer.split("."), claim]
        for student, own in CLASS.items()
        for answer, claim in own.items()
    ]
    return [["student", "id", "name", "answer"], *rows]


def write_csv(path: Path, rows: Sequence[Sequence[str]], separator: str = ",") -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)


def write_workbook(path: Path, rows: Sequence[Sequence[str]]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(cell) if cell == "608" else cell or None for cell in row])
    book.save(path)


def write_folder(path: Path, classes: Mapping[str, Mapping[str, str]]) -> None:
    for student, own in classes.items():
        (path / student).mkdir(parents=True)
        answers: dict[str, dict[str, str]] = {}
        for answer, claim in own.items():
            id_, _, name = answer.partition(".")
            answers.setdefault(id_, {})[name] = claim
        (path / student / "homework.yaml").write_text(json.dumps({"answers": answers}))


@pytest.mark.parametrize(
    "form", ["wide.csv", "wide.tsv", "long.csv", "wide.xlsx", "long.xlsx", "folder"]
)
def test_one_class_in_every_form(run: Run, tmp_path: Path, form: str) -> None:
    path = tmp_path / form
    rows = long() if form.startswith("long") else wide()
    if form == "folder":
        write_folder(path, CLASS)
    elif path.suffix == ".xlsx":
        write_workbook(path, rows)
    else:
        write_csv(path, rows, "\t" if path.suffix == ".tsv" else ",")
    found, ran = marks(run, str(path))
    assert found == EARNED
    assert ran.err == ""


def test_attempts_count_by_their_time_and_else_by_their_number(run: Run, tmp_path: Path) -> None:
    head = "student,attempt,clicks.theta\n"
    (tmp_path / "a.csv").write_text(f"{head}ada,10,0.08\nada,2,0.09\nben,1,0.08\nben,2,0.09\n")
    assert marks(run, str(tmp_path / "a.csv"))[0] == {"ada": 2, "ben": 0}
    head = "student,Timestamp,clicks.theta\n"
    later, earlier = f"{head}ada,3/11/2026 14:02:11,0.08\n", f"{head}ada,3/10/2026 9:00:00,0.09\n"
    (tmp_path / "1.csv").write_text(later + "ben,13/10/2026 9:00:00,0.08\n")
    (tmp_path / "2.csv").write_text(earlier + "ben,14/10/2026 9:00:00,0.08\n")
    found, ran = marks(run, str(tmp_path / "1.csv"), str(tmp_path / "2.csv"))
    assert found["ben"] == 2
    assert "ada answered clicks.theta twice" in ran.err


@pytest.mark.parametrize(
    ("header", "answer"),
    [
        ("q1", ("q1", "")), ("Q 1", ("q1", "")), ("Q-01", ("q1", "")), ("Question 1", ("q1", "")),
        ("q1.theta", ("q1", "theta")), ("Q1: θ", ("q1", "theta")), ("q1 [theta]", ("q1", "theta")),
        ("1. What is θ? (q1)", ("q1", "theta")), ("12345: Q1: what is theta?", ("q1", "theta")),
        ("1. What is the estimate?", ("q1", "")), ("1.5 What?", None), ("q10", ("q10", "")),
        ("Q1 and q10", None), ("What is the shape of the layer?", ("layer", "shape")),
        ("first layer", ("first-layer", "")),
        ("First_Layer: parameters", ("first-layer", "parameters")),
        ("a", ("a", "")), ("Is this a layer?", ("layer", "")), ("What is a mode?", None),
        ("(a) What is it?", ("a", "")), ("q1 [Score]", None), ("2.0", None), ("Q. 1 /10.00", None),
    ],
)  # fmt: skip
def test_a_header(header: str, answer: tuple[str, str] | None) -> None:
    layer = "kind: conv-shape, given: {input: 4x4, kernel: 2}"
    mle = "kind: mle, given: {distribution: bernoulli, n: 4, k: 2}"
    found = Headers(key(
        f"- {{id: q1, {mle}}}\n- {{id: q10, {mle}}}\n- {{id: a, {mle}}}\n"
        f"- {{id: layer, {layer}, points: {{shape: 1, parameters: 1}}}}\n"
        f"- {{id: first-layer, {layer}, points: {{shape: 1, parameters: 1}}}}\n"
    )).of([header])  # fmt: skip
    id_ = found.targets.get(0)
    if id_ is not None and id_[1] == "theta":
        id_ = id_ if answer and answer[1] else (id_[0], "")
    assert id_ == answer


def test_columns_that_are_for_one_answer_are_not_chosen_from(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text("Email,clicks theta,Clicks: θ,layer.parameters\na@b.de,0.09,0.08,608\n")
    found, ran = marks(run, str(path))
    assert found == {"a@b.de": 0.5}
    assert "'clicks theta', 'Clicks: θ'" in ran.err
    found, _ = marks(run, str(path), "--columns", "clicks theta=-")
    assert found == {"a@b.de": 2.5}


def test_columns_of_one_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("student,clicks,clicks\nada,0.08,0.09\n")
    found, ran = marks(run, str(tmp_path / "in.csv"))
    assert (found, ran.code) == ({}, 2)
    assert "several columns are for one answer, and none is read: 'clicks', 'clicks'" in ran.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("map.yaml", "'What, exactly, is it?': clicks.theta\n'Who = you': student\n"),
        ("map.csv", '"What, exactly, is it?",clicks,theta\nWho = you,student\n'),
        ("map.json", '{"What, exactly, is it?": {"id": "clicks"}, "Who = you": "student"}'),
    ],
)  # fmt: skip
def test_a_file_says_what_columns_are(run: Run, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "in.csv").write_text('Who = you,"What, exactly, is it?"\nada,0.08\n')
    found, ran = marks(run, str(tmp_path / "in.csv"), "--columns", str(tmp_path / name))
    assert (found, ran.err) == ({"ada": 2}, "")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("Response 1=klicks.theta", "the key has no answer 'klicks.theta'"),
        ("Response 1", "such as 'Question 1=q1.theta'"),
        ("none.yaml", "there is no such file"),
        ("Response 9=clicks", "no table has the column 'Response 9'"),
    ],
)
def test_columns_that_are_wrong(run: Run, columns: str, said: str) -> None:
    _, ran = marks(run, str(FOLDER / "canvas.csv"), "--columns", columns)
    assert said in ran.err


def test_nothing_that_is_asked(run: Run) -> None:
    found, ran = marks(run, str(FOLDER / "moodle.csv"))
    assert not found
    assert ran.code == 2
    assert "--columns 'Response 1=id.name'" in ran.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("student,id,name,answer\r\nJürgen Größe,c,t,½\r\n".encode(encoding))
    (one,) = read_submissions([Text(str(path), Place("test"))]).submissions
    assert (one.student, one.answers) == ("Jürgen Größe", {("c", "t"): "½"})


def test_two_tables_that_share_an_email_are_of_one_student(run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    one.write_text("Email,clicks.theta\nada@uni.edu,0.08\nben@uni.edu,0.08\n")
    two.write_text(
        "SID,Email,layer.parameters\na1,ADA@uni.edu,608\na1,eve@uni.edu,608\nb1,ben@uni.edu,1\n"
    )
    found, ran = marks(run, str(one), str(two))
    # Who typed ada's number under another email gets what is hers, and takes nothing from ada.
    assert found == {"ada@uni.edu": 2.5, "ben@uni.edu": 2, "eve@uni.edu": 0.5}
    assert "eve@uni.edu and ada@uni.edu share an id" in ran.err


def test_moodle_says_what_a_response_is_to(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "moodle.csv"
    path.write_text(
        '"Last name","First name","Email address",Status,Started,Completed,Duration,Grade/10.00,'
        '"Question 1","Response 1","Right answer 1","Question 2","Response 2","Right answer 2"\n'
        'Lovelace,Ada,ada@uni.edu,Finished,"Tuesday, 3 November 2026, 9:05 AM",-,-,-,'
        '"(clicks.theta) Give the MAP.",0.08,x,"What is the shape of the layer?",8x16x16,x\n'
    )
    assert marks(run, str(path))[0] == {"ada@uni.edu": 2.5}


def test_moodle_asks_different_questions(run: Run, tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text(
        "- {id: q1, kind: conv-shape, given: {input: 4x4, kernel: 2}}\n"
        "- {id: q2, kind: conv-shape, given: {input: 5x5, kernel: 2}}\n"
    )
    head, rows = "Email address,Question 1,Response 1\n", "a@b.de,Of 4x4?,3x3\nc@d.de,Of 4x4?,4x4\n"
    (tmp_path / "same.csv").write_text(head + rows)
    (tmp_path / "mixed.csv").write_text(head + rows.replace("4x4?,4x4", "5x5?,4x4"))
    key_of = ("check", "--key", str(tmp_path / "key.yaml"), "-q")
    found = run(*key_of, str(tmp_path / "same.csv"))
    assert found.out == "a@b.de: 1 of 2 points\nc@d.de: 0 of 2 points\n"
    assert "'Response 1' is q1" in found.err
    # Response 1 was to another question for each: none is guessed.
    assert run(*key_of, str(tmp_path / "mixed.csv")).code == 2


def test_several_answers_in_one_cell(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text(
        'student,clicks,layer\nada,"theta = 0.08, posterior = beta(17, 185)",'
        '"shape = 8x16x16, parameters = 608"\nben,"posterior = beta(17, 185)",608\n'
    )
    assert marks(run, str(path))[0] == {"ada": 4, "ben": 1}


def test_decimal_commas(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text(
        "Matrikelnummer;clicks.theta;clicks.posterior;next-month;layer.parameters\n"
        '1;0,08;Beta(17,185);8,64 %;608\n2;0.08;"Beta(17,0; 185,0)";0,0864;6.08\n'
    )
    found, ran = marks(run, str(path))
    # A count has no decimals: 6.08 may be 608 nowhere.
    assert found == {"1": 5.5, "2": 5}
    assert ran.err.count("a comma is a decimal one") == 1


# Workbooks.


def test_a_workbook_as_it_is_typed(run: Run, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        [],
        ["Email", "clicks.theta", "clicks.posterior", "next-month", "layer.parameters"],
        ["ada@uni.edu", 0.08, "Beta(17, 185)", datetime(2026, 2, 1), 608.0],
        ["ben@uni.edu", "0.08", None, 19 / 220, "608", None, "a cell too many"],
    ):
        book.active.append(row)
    book.create_sheet("Notes").append(["not", "read"])
    book["Sheet"]["B3"].number_format = "0%"
    book.save(tmp_path / "class.xlsx")
    found, ran = marks(run, str(tmp_path / "class.xlsx"))
    assert found == {"ada@uni.edu": 3.5}
    assert "the sheet 'Sheet' is read, and not 'Notes'" in ran.err
    assert "class.xlsx, cell A4: this row has 7 cells and the header has 5" in ran.err
    assert "1 answer is a date, such as 2026-02-01" in ran.err


def test_a_roster_may_be_a_workbook(run: Run, tmp_path: Path) -> None:
    write_workbook(tmp_path / "r.xlsx", [["Email", "Name"], ["ada@uni.edu", "A"], ["x@y.z", "X"]])
    (tmp_path / "in.csv").write_text("Name,clicks.theta\nA,0.08\n")
    found, _ = marks(run, str(tmp_path / "in.csv"), "--roster", str(tmp_path / "r.xlsx"))
    assert found == {"ada@uni.edu": 2, "x@y.z": 0}


def test_what_is_said_where_nothing_reads_workbooks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_workbook(tmp_path / "class.xlsx", wide())
    write_csv(tmp_path / "class.csv", wide())
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert marks(run, str(tmp_path / "class.csv"))[0] == EARNED
    found, ran = marks(run, str(tmp_path / "class.xlsx"))
    assert not found
    assert "install mlcalc[xlsx], or save it as CSV" in ran.err


# Any class is the same in every form; what each claim is worth is known by hand.

WORTH: dict[str, dict[str, float]] = {
    "clicks.theta": {"0.08": 2, "16/200": 2, "8%": 2, "0.09": 0, "17/202": 0},
    "clicks.posterior": {"beta(17, 185)": 1, "Beta(a=17, b=185)": 1, "beta(16, 184)": 0},
    "layer.shape": {"8x16x16": 0.5, "(16, 16, 8)": 0.5, "8x15x15": 0},
    "layer.parameters": {"608": 0.5, "600": 0},
}
ANSWERS = st.fixed_dictionaries(
    {}, optional={answer: st.sampled_from(list(claims)) for answer, claims in WORTH.items()}
)
CLASSES = st.dictionaries(st.sampled_from(["ada", "Ben O.", "c-1", "dör"]), ANSWERS, min_size=1)


@pytest.fixture(scope="module")
def homework() -> Key:
    return key((ROOT / KEY).read_text(encoding="utf-8"))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(classes=CLASSES.filter(lambda found: all(found.values())))
def test_any_class_is_the_same_in_every_form(
    homework: Key, tmp_path_factory: pytest.TempPathFactory, classes: dict[str, dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    sheet = [["Student", *WORTH]] + [
        [student, *(own.get(answer, "") for answer in WORTH)] for student, own in classes.items()
    ]
    listed = [["student", "id", "name", "answer"]] + [
        [student, *answer.split("."), claim]
        for student, own in classes.items()
        for answer, claim in own.items()
    ]
    write_csv(folder / "wide.csv", sheet)
    write_csv(folder / "long.csv", listed)
    write_workbook(folder / "wide.xlsx", sheet)
    write_folder(folder / "class", classes)
    expected = {
        student: sum(WORTH[answer][claim] for answer, claim in own.items())
        for student, own in classes.items()
    }
    for name in ("wide.csv", "long.csv", "wide.xlsx", "class"):
        paths = [Text(str(folder / name), Place("test"))]
        found = read_submissions(paths, None, Headers(homework))
        report = marked(homework, *found.submissions)
        assert {one.student: float(one.points) for one in report.students} == expected, name
