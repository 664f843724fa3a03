"""What a teacher looks at again: the table of --review, filled in, is obeyed as --overrides."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.marking.test_exports import write_workbook

Run = Callable[..., Ran]

KEY = """
- id: clicks
  kind: map
  given: {distribution: bernoulli, n: 100, k: 10, prior: "beta(7, 95)"}
  points: {theta: 4, mle: 2}
- id: layer
  kind: conv-shape
  given: {input: 3@64x64, kernel: 17, filters: 12}
  points: {parameters: 3}
"""
"""θ = 0.08, the maximum-likelihood estimate 0.1, and 12*(3*17^2 + 1) = 10416 parameters."""

ANSWERS = """student,id,name,answer
anna,clicks,theta,0.08
anna,clicks,mle,1/10
anna,layer,parameters,"10.416"
bert,clicks,theta,as we said
bert,clicks,mle,=0.2
bert,layer,parameters,10400
carl,clicks,theta,as  we said
carl,clicks,mle,"=0.2"
carl,layer,parameters,"10.416"
dora,clicks,theta,17/202
"""


class Class:
    """A key, what was handed in, and the tables."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.folder = run, folder
        (folder / "key.yaml").write_text(KEY, encoding="utf-8")
        self.hand_in(ANSWERS)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def hand_in(self, text: str) -> None:
        (self.folder / "answers.csv").write_text(text, encoding="utf-8")

    def check(self, *flags: str) -> Ran:
        return self.run("check", "--key", self.path("key.yaml"), self.path("answers.csv"), *flags)

    def review(self, *flags: str) -> list[dict[str, str]]:
        self.check("--review", self.path("review.csv"), *flags)
        return self.rows("review.csv")

    def rows(self, name: str) -> list[dict[str, str]]:
        text = (self.folder / name).read_text(encoding="utf-8-sig")
        return list(csv.DictReader(text.splitlines()))

    def fill_in(self, rows: list[dict[str, str]], name: str = "filled.csv", **dialect: str) -> None:
        with (self.folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), **dialect)  # type: ignore[arg-type]
            writer.writeheader()
            writer.writerows(rows)

    def points(self, *flags: str) -> dict[str, float]:
        self.check("--gradebook", self.path("grades.csv"), *flags)
        return {row["student"]: float(row["points"]) for row in self.rows("grades.csv")}


@pytest.fixture
def marking(run: Run, tmp_path: Path) -> Class:
    return Class(run, tmp_path)


def answers_of(rows: list[dict[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    return {(row["name"], row["answer"]): (int(row["count"]), row["verdict"]) for row in rows}


def test_a_teacher_marks_reviews_decides_marks_again_and_hands_back(marking: Class) -> None:
    assert marking.points() == {"anna": 6, "bert": 0, "carl": 0, "dora": 0}
    rows = marking.review()
    assert answers_of(rows) == {
        ("theta", "as we said"): (2, "unreadable"),
        ("theta", "17/202"): (1, "wrong"),
        ("mle", "'=0.2"): (2, "wrong"),
        ("parameters", "10.416"): (2, "unreadable"),
        ("parameters", "10400"): (1, "wrong"),
    }
    decided = {"as we said": ("0.25", ""), "17/202": ("", "3"), "10.416": ("ok", ""),
               "'=0.2": ("w", ""), "10400": ("", "")}  # fmt: skip
    for row in rows:
        row["your_verdict"], row["your_points"] = decided[row["answer"]]
    marking.fill_in(rows)
    # 4 + 2 + 3; a quarter of 4; that and 3; 3 of 4.
    expected = {"anna": 9, "bert": 1, "carl": 4, "dora": 3}
    assert marking.points("--overrides", marking.path("filled.csv")) == expected
    # What was decided stands in the next review, which is as good as the first.
    again = marking.review("--overrides", marking.path("filled.csv"))
    assert {row["answer"]: (row["your_verdict"], row["your_points"]) for row in again} == decided
    assert marking.points("--overrides", marking.path("review.csv")) == expected
    # Who writes the same later is marked alike.
    marking.hand_in(ANSWERS + 'emil,layer,parameters,"10.416"\n')
    found = marking.points("--overrides", marking.path("review.csv"))
    assert found == {**expected, "emil": 3}


def test_a_spreadsheet_may_change_what_it_takes_for_dates(marking: Class) -> None:
    rows = marking.review()
    for row in rows:
        row["your_verdict"] = "right" if row["answer"] == "17/202" else ""
        row["answer"] = row["answer"].replace("17/202", "Feb 17").replace("10400", "10400.0")
    marking.fill_in(rows, delimiter=";")
    assert marking.points("--overrides", marking.path("filled.csv"))["dora"] == 4


def test_a_workbook_is_as_good_as_a_table(marking: Class) -> None:
    rows = [row | {"your_verdict": "r"} for row in marking.review() if row["name"] == "parameters"]
    write_workbook(
        marking.folder / "filled.xlsx", [list(rows[0]), *(list(r.values()) for r in rows)]
    )
    found = marking.points("--overrides", marking.path("filled.xlsx"))
    assert found == {"anna": 9, "bert": 3, "carl": 3, "dora": 0}


def test_without_its_code_a_line_goes_by_what_was_written(marking: Class) -> None:
    rows = [
        {"ID": "Clicks", "Name": "mle", "Answer": "'=0.2", "Your verdict": "R"},
        {"ID": "layer", "Name": "", "Answer": "10400", "Your verdict": "1/3"},
        {"ID": "clicks", "Name": "mle", "Answer": "1/10", "Your verdict": "wrong"},
    ]
    marking.fill_in(rows)
    found = marking.points("--overrides", marking.path("filled.csv"))
    assert found == {"anna": 4, "bert": 3, "carl": 2, "dora": 0}


@pytest.mark.parametrize(
    ("verdict", "points", "expected"),
    [
        ("R", "", 4), ("right", "", 4), (" OK ", "", 4), ("✓", "", 4), ("Yes.", "", 4),
        ("1", "", 4),
        ("w", "", 0), ("Wrong", "", 0), ("✗", "", 0), ("0", "", 0), ("no", "", 0),
        ("0.5", "", 2), ("50%", "", 2), ("0,5", "", 2), ("1/4", "", 1), ("half", "", 2),
        ("", "3", 3), ("", "2,5", 2.5), ("right", "3", 3), ("", "", 0),
    ],
)  # fmt: skip
def test_verdicts_in_words_and_numbers(
    marking: Class, verdict: str, points: str, expected: float
) -> None:
    (row,) = (row for row in marking.review() if row["answer"] == "17/202")
    marking.fill_in([row | {"your_verdict": verdict, "your_points": points}])
    assert marking.points("--overrides", marking.path("filled.csv"))["dora"] == expected


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"your_verdict": "perhaps"}, "filled.csv:2:"),
        ({"your_verdict": "perhaps"}, "'perhaps' is no verdict: write right, wrong, or the share"),
        ({"your_verdict": "3"}, "points stand under your_points"),
        ({"your_points": "5"}, "clicks.theta is worth 4 points, and not 5"),
        ({"your_points": "many"}, "a number from 0"),
    ],
)
def test_a_line_that_cannot_be_obeyed_is_said(
    marking: Class, changed: dict[str, str], message: str
) -> None:
    first, second = (
        next(row for row in marking.review() if row["answer"] == answer)
        for answer in ("17/202", "10.416")
    )
    marking.fill_in([first | changed, second | {"your_verdict": "r"}])
    ran = marking.check("--overrides", marking.path("filled.csv"), "--quiet")
    assert message in ran.err
    assert ran.code == 1
    assert "anna: 9 of 9 points" in ran.out
    assert "dora: 0 of 9 points" in ran.out


def test_lines_that_fit_nothing_are_said_once_and_kept(marking: Class) -> None:
    rows = marking.review()
    marking.fill_in([row | {"your_verdict": "r"} for row in rows])
    marking.hand_in("student,id,name,answer\nanna,layer,parameters,10400\n")
    ran = marking.check("--overrides", marking.path("filled.csv"))
    assert ran.err.count("filled.csv") == 1
    assert "4 lines fit no answer of this class" in ran.err
    assert "(clicks.theta: 17/202)" in ran.err
    again = marking.review("--overrides", marking.path("filled.csv"))
    assert {row["line"] for row in again} == {row["line"] for row in rows}


def test_what_follows_from_an_own_value_stays_right(run: Run, tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text(
        "- {id: a, kind: mle, given: {distribution: bernoulli, n: 10, k: 4}}\n"
        "- {id: b, kind: backprop, given: {expression: 2*t, at: {t: {from: a.theta}}}, "
        "points: {value: 1}}\n",
        encoding="utf-8",
    )
    answers, table = tmp_path / "answers.csv", tmp_path / "overrides.csv"
    answers.write_text("student,id,answer\nanna,a,0.3\nanna,b,0.6\nbert,a,0.4\nbert,b,0.6\n")
    table.write_text("id,answer,your_verdict\nb,0.6,w\n")
    command = ["check", "--key", str(tmp_path / "key.yaml"), str(answers), "--quiet"]
    ran = run(*command, "--overrides", str(table))
    assert ran.out == "anna: 1 of 2 points\nbert: 1 of 2 points\n"


def test_the_table_opens_in_a_spreadsheet(marking: Class) -> None:
    marking.hand_in(
        'student,id,name,answer\nanna,clicks,theta,"=cmd()\n;@x"\nbert,clicks,theta,"θ̂ = „1""“"\n'
    )
    rows = marking.review()
    assert (marking.folder / "review.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    marking.fill_in([row | {"your_verdict": "right"} for row in rows])
    assert marking.points("--overrides", marking.path("filled.csv")) == {"anna": 4, "bert": 4}


def test_what_is_no_such_table_is_refused(marking: Class) -> None:
    (marking.folder / "filled.csv").write_text("id,points\nclicks,1\n")
    ran = marking.check("--overrides", marking.path("filled.csv"))
    assert ran.code == 2
    assert "expected the table that --review writes, with the columns id, name" in ran.err


def test_each_answer_is_shown_as_it_was_read(marking: Class) -> None:
    found = {row["answer"]: row["read_as"] for row in marking.review()}
    assert found["17/202"] == "17/202 ≈ 0.084158"
    assert found["10400"] == "10400"
    assert found["as we said"] == ""


def test_an_answer_that_lacks_a_part_is_looked_at_and_one_that_is_not_there_is_not(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "key.yaml").write_text(
        "- id: mail\n  kind: nb\n  given:\n    model: bernoulli\n"
        "    priors: {spam: 1/4, ham: 3/4}\n"
        "    likelihoods: {spam: {offer: 1/2}, ham: {offer: 1/6}}\n    query: {offer: 1}\n"
        "  points: {posterior: 2}\n",
        encoding="utf-8",
    )
    (tmp_path / "answers.csv").write_text(
        "student,id,name,answer\nanna,mail,posterior,spam = 1/2\nbert,mail,posterior,\n"
    )
    command = ["check", "--key", str(tmp_path / "key.yaml"), str(tmp_path / "answers.csv")]
    run(*command, "--review", str(tmp_path / "review.csv"))
    lines = (tmp_path / "review.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines] == ["answer", "spam = 1/2"]
