"""Tables as a class hands them in: what one row or column has wrong costs no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlcalc.files.document import Text
from mlcalc.files.errors import Place
from mlcalc.marking.students import Roster
from mlcalc.marking.submissions import HandedIn, read_submissions

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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes((HEAD + "ädä,c,t,2\n").encode(encoding))
    found = read_submissions([Text(str(path), Place("test"))])
    assert [one.student for one in found.submissions] == ["ädä"]
