"""Tables as a class hands them in: what one row or column has wrong costs no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlcalc.files.document import Text
from mlcalc.files.errors import Place
from mlcalc.marking.headers import Headers
from mlcalc.marking.students import Roster
from mlcalc.marking.submissions import HandedIn, read_submissions
from tests.marking.asking import key

HEAD = "student,id,name,answer\n"


def handed_in(path: Path, text: str, students: tuple[str, ...] = ()) -> HandedIn:
    path.write_text(text, encoding="utf-8")
    return read_submissions([Text(str(path), Place("test"))], Roster.of(students))


@pytest.mark.parametrize(
    ("rows", "students", "line"),
    [
        ('ada,c,t,1\nben,c,t,"2\nfay,c,t,3\n', ["ada", "fay"], 3),
        ('ada,c,t,1\nben,c,t,"2\nfay,c,t,3\neve,c,t,"4"\n', ["ada", "fay", "eve"], 3),
        ('ada,c,t,1\nben,c,t,"2\nfay,c,t,3\neve,c,t,4"\n', ["ada", "fay"], 3),
        ('ada,c,t,1\nben,c,t,"1, 2\n3, 4"\nfay,c,t,3\n', ["ada", "ben", "fay"], None),
        ('ada,c,t,1\nben,c,t,"1,2,3,4\n1,2,3,4"\nfay,c,t,3\n', ["ada", "ben", "fay"], None),
    ],
)  # fmt: skip
def test_quotes(tmp_path: Path, rows: str, students: list[str], line: int | None) -> None:
    found = handed_in(tmp_path / "in.csv", HEAD + rows)
    assert [one.student for one in found.submissions][: len(students)] == students
    lines = [c.place.line for c in found.complaints if c.place is not None]
    assert lines[:1] == ([] if line is None else [line])


def test_other_columns(tmp_path: Path) -> None:
    text = "timestamp,student,email,id,name,answer\n1,ada,a@b.c,c,t,2\n"
    found = handed_in(tmp_path / "in.csv", text)
    assert [(one.student, one.answers) for one in found.submissions] == [("ada", {("c", "t"): "2"})]
    assert not found.complaints
    assert "'timestamp'" in found.remarks[0]


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    found = handed_in(tmp_path / "ada.csv", "id,name,answer\nc,t,2\n", ("ada", "ben"))
    assert [(one.student, one.answers) for one in found.submissions] == [("ada", {("c", "t"): "2"})]


KEY = """
- {id: q1, kind: conv-shape, given: {input: 4x4, kernel: 2}}
- {id: q2, kind: conv-shape, given: {input: 5x5, kernel: 2}}
"""


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("q1,q2\n3x3,4x4\n", ""),
        ("Name,q1,q2\nAda L.,3x3,4x4\n", "says that it is of Ada L.: it is taken as ada's"),
        ("student,q1,q2\nada,3x3,4x4\nbob,9x9,9x9\n", "a row is left out"),
    ],
)
def test_a_sheet_of_ones_own(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "mine.csv").write_text(table)
    headers, path = Headers(key(KEY)), Text(str(tmp_path), Place("test"))
    found = read_submissions([path], None, headers)
    answers = {("q1", ""): "3x3", ("q2", ""): "4x4"}
    assert [(one.student, one.answers) for one in found.submissions] == [("ada", answers)]
    assert said in "".join(found.remarks)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes((HEAD + "ädä,c,t,2\n").encode(encoding))
    found = read_submissions([Text(str(path), Place("test"))])
    assert [one.student for one in found.submissions] == ["ädä"]
