"""The pages that students get back: whatever was typed is text, and each page stands alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from mlcalc.marking.classroom import Report
from mlcalc.marking.file_names import file_name, file_names
from mlcalc.marking.pages import FORMS, class_markdown, class_page, student_markdown, student_page
from mlcalc.marking.told import Wish
from mlcalc.maths.printing import Style
from tests.conftest import Ran
from tests.marking.asking import key, marked, submission

Run = Callable[..., Ran]
CLASS = ["check", "--key", "problems/homework.yaml", "problems/homework.csv"]
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style></svg><b>", "&lt;b&gt;",
    "a'b\"c", "]]><!--", "\u202eevil\x1b[2J",
]  # fmt: skip
KEY = """
- id: "<i>id</i>"
  title: "</title><script>"
  question: "<b>How</b> large?\\n\\n# Really?"
  kind: conv-shape
  given: {input: 4x4, kernel: 2}
"""
VOID = {"meta"}
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "section", "div", "span", "h1", "h2",
    "h3", "p", "code", "ul", "li", "a", "table", "tr", "td", "figure", "figcaption", "svg", "rect",
    "line", "text",
}  # fmt: skip


class Reader(HTMLParser):
    """What is open, which elements there are, and what a reader reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def hostile() -> Report:
    return marked(key(KEY), *(submission(text, {"<i>id</i>": {"shape": text}}) for text in HOSTILE))


def wish(**more: bool) -> Wish:
    return Wish(80, Style(5), **more)


def test_whatever_was_typed_is_text() -> None:
    report = hostile()
    names = file_names((s.student for s in report.students), ".html", {"index.html"})
    pages = [student_page(student, report, wish()) for student in report.students]
    for page in (*pages, class_page(report, names)):
        reader = read(page)
        assert reader.seen <= ELEMENTS
        for name, value in reader.attributes:
            assert not name.startswith("on") and name not in ("style", "src")
            assert "script:" not in value and "\x1b" not in value
        assert "\u202e" not in page and "\x1b" not in page
    for text, page in zip(HOSTILE, pages, strict=True):
        if text.isprintable():
            assert read(page).words.count(text) >= 3  # the title, the heading, the answer
    assert "<b>How</b> large?" in read(pages[0]).words


def test_markdown_has_no_markup_that_was_typed() -> None:
    report = hostile()
    for student in report.students:
        page = student_markdown(student, report, wish())
        outside = re.sub(r"(`+).*?\1", "", page)
        assert "<" not in outside and "\u202e" not in page
        assert page.count("\n# ") == 0
    names = file_names((s.student for s in report.students), ".md", {"index.md"})
    assert "<" not in class_markdown(report, names)


def test_each_answer_with_what_helps(run: Run, tmp_path: Path) -> None:
    ran = run(*CLASS, "--reports", str(tmp_path / "back"), "--summary")
    assert ran.code == 1
    assert sorted(os.listdir(tmp_path / "back")) == [
        "ada.html", "ben.html", "cleo.html", "index.html",
    ]  # fmt: skip
    page = (tmp_path / "back" / "ben.html").read_text(encoding="utf-8")
    words = read(page).words
    assert "2 of 6 points" in words and "beta(16, 184)" in words
    assert words.count("✗ wrong") == 4 and words.count("✓ right") == 1
    assert any("are one larger [map.exponents_for_parameters]" in each for each in words)
    assert "right with your own value of clicks.posterior" in words
    assert "beta(17, 185)" not in page and "608" not in page
    assert not re.search(r"<(script|link|img|iframe)|https?://|url\(|@import", page)
    whole = (tmp_path / "back" / "index.html").read_text(encoding="utf-8")
    assert "difficulty 0.33, discrimination 0.94" in read(whole).words
    assert "1 × map.mode_vs_mean" in read(whole).words


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_revealed_where_that_is_asked(run: Run, tmp_path: Path, form: str) -> None:
    ending = FORMS[form].ending
    run(*CLASS, "--reports", str(tmp_path), "--reveal", "--format", form)
    assert "608" in (tmp_path / f"ben{ending}").read_text(encoding="utf-8")
    run(*CLASS, "--reports", str(tmp_path), "--hints", "--format", form)
    assert "next step: " in (tmp_path / f"ben{ending}").read_text(encoding="utf-8")


def test_links_lead_to_the_pages(run: Run, tmp_path: Path) -> None:
    rows = "student,id,name,answer\n" + "".join(
        f'"{student}",clicks,theta,0.08\n' for student in ("../x", "index", "a b", "CON", "50%")
    )
    (tmp_path / "in.csv").write_text(rows)
    back = tmp_path / "back"
    run("check", "--key", "problems/homework.yaml", str(tmp_path / "in.csv"), "--reports",
        str(back))  # fmt: skip
    page = (back / "index.html").read_text(encoding="utf-8")
    links = [value for name, value in read(page).attributes if name == "href"]
    assert len(links) == 5
    assert {unquote(link) for link in links} | {"index.html"} == set(os.listdir(back))


# The names of files.


@pytest.mark.parametrize(
    "student",
    [
        "../../etc/passwd", "..", ".hidden", "a/b", "a\\b", "C:x", "a\nb", "-rf", "é" * 150,
        "a" * 200, "CON", "nul.txt", "com1",
    ],
)  # fmt: skip
def test_a_student_cannot_choose_the_path(student: str, tmp_path: Path) -> None:
    name = file_name(student, ".json")
    assert not set(name) & set('/\\:*?"<>|\n ')
    assert not name.startswith(".")
    assert len(name.encode()) < 200
    assert name.split(".")[0].casefold() not in ("con", "nul", "com1")
    (tmp_path / name).write_text("")
    assert os.listdir(tmp_path) == [name]


def test_file_names_are_distinct_also_where_capitals_do_not_count() -> None:
    students = [
        "anna", "Anna", "ANNA", "anna ", "a/b", "a%2Fb", "a%2fb", "a_b", "a b", "é" * 150,
        "é" * 151, "index", "INDEX", "con", "CON",
    ]  # fmt: skip
    names = file_names(students, ".html", {"index.html"})
    assert list(names) == students
    assert len({name.casefold() for name in (*names.values(), "index.html")}) == len(students) + 1
    assert names["anna"] == "anna.html"
    assert file_name("anna@uni.edu", ".json") == "anna@uni.edu.json"
