"""What students get back: a page each, and one of the class for the teacher.

A page stands alone: it loads nothing, runs nothing, follows the reader's light or dark, and prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from mlcalc.files.display import visible
from mlcalc.marking.charts import histogram, stripe, verdict_stripe
from mlcalc.marking.claims import said
from mlcalc.marking.classroom import Marked, Report, Row
from mlcalc.marking.elements import Element, Inner, tag
from mlcalc.marking.key import Question
from mlcalc.marking.statistics import Item, Summary, bars, summary_of
from mlcalc.marking.told import (
    LEGEND,
    MARKS,
    Wish,
    discrimination,
    headline,
    item_name,
    item_table,
    points,
    said_of,
)
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.showing.derivation import Table, Verdict
from mlcalc.showing.formats.markdown import code, table_md
from mlcalc.showing.formats.markdown import text as plain
from mlcalc.showing.prose import paragraphs

LONGEST_CLAIM = 2000

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --soft: #5f6368; --paper: #fff; --card: #f6f6f7;
  --line: #d9d9dd; --right: #00795a; --wrong: #c44601; --unreadable: #8a6800; --missing: #6b6b70;
  --undecided: #8250a8; --bar: #2a6fb0; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --soft: #a9adb5; --paper: #17181b;
  --card: #212328; --line: #3a3d44; --right: #3cc79a; --wrong: #ff8a4c; --unreadable: #e0b73a;
  --missing: #8e8e93; --undecided: #c59be6; --bar: #6cacec; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem; max-width: 46rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
p, ul { margin: .4rem 0; } ul { padding-left: 1.2rem; }
a { color: var(--bar); }
code { font: .95em ui-monospace, monospace; white-space: pre-wrap; }
.soft { color: var(--soft); } .points { font-size: 1.15rem; margin: .2rem 0 .6rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .7rem .9rem; margin: .6rem 0; break-inside: avoid; }
.card.right, .card.wrong, .card.unreadable, .card.missing, .card.undecided
  { border-left-width: .35rem; border-left-color: var(--verdict); }
.head { display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
.verdict { color: var(--verdict); font-weight: 600; } .head .verdict { margin-left: auto; }
.verdicts { display: flex; flex-wrap: wrap; gap: .1rem 1rem; } figure { margin: 0; }
.right { --verdict: var(--right); } .wrong { --verdict: var(--wrong); }
.unreadable { --verdict: var(--unreadable); } .missing { --verdict: var(--missing); }
.undecided { --verdict: var(--undecided); }
svg { display: block; width: 100%; margin: .4rem 0; }
svg .bar { fill: var(--bar); } svg .axis { stroke: var(--soft); }
svg .ground { fill: var(--line); }
svg text { font: 10px system-ui, sans-serif; fill: var(--ink); }
svg .right, svg .wrong, svg .unreadable, svg .missing, svg .undecided { fill: var(--verdict); }
svg.stripe { height: .7rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; padding-right: 0; white-space: nowrap; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff;
  --card: #fff; --line: #bbb; --right: #00795a; --wrong: #c44601; --unreadable: #8a6800;
  --missing: #6b6b70;
  --undecided: #8250a8; --bar: #2a6fb0; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } a { color: inherit; }
  * { print-color-adjust: exact; } h2 { break-after: avoid; } }
"""


def student_page(student: Marked, report: Report, wish: Wish) -> str:
    """The answers of one student, each as it was read, with its verdict and what helps."""
    earned = points(student.points, report.out_of)
    share = float(student.points / report.out_of) if report.out_of else 0.0
    return page(
        student.student,
        tag("p", f"{earned} points", class_="points"),
        stripe({"bar": share}, f"{earned} points"),
        (problem(question, rows, wish) for question, rows in by_question(student)),
    )


def by_question(student: Marked) -> Iterator[tuple[Question, list[Row]]]:
    for _, rows in groupby(student.rows, key=lambda row: row.question.id):
        own = list(rows)
        yield own[0].question, own


def problem(question: Question, rows: list[Row], wish: Wish) -> Element:
    asked = paragraphs(question.outcome.question or "")
    return tag(
        "section",
        tag("h2", visible(question.outcome.title or question.id)),
        (tag("p", line, class_="soft") for line in asked if line),
        (answer(row, wish) for row in rows),
    )


def answer(row: Row, wish: Wish) -> Element:
    return tag(
        "div",
        tag(
            "div",
            tag("h3", visible(row.part.name)),
            tag("span", verdict_words(row.mark.verdict), class_="verdict"),
            tag("span", worth(row)),
            class_="head",
        ),
        tag("p", tag("code", given)) if (given := given_in(row)) else "",
        (tag("p", sentence) for sentence in said_of(row, wish)),
        class_=f"card {row.mark.verdict.value}",
    )


def given_in(row: Row) -> str:
    return visible(said(row.claim), most=LONGEST_CLAIM)


def verdict_words(verdict: Verdict) -> str:
    return f"{MARKS.get(verdict, '?')} {verdict.value}"


def worth(row: Row) -> str:
    return points(row.points, row.part.points) if row.is_asked else "not asked"


# The class.


def class_page(report: Report, names: Mapping[str, str]) -> str:
    """How the class did, with the pages of the students by the `names` of their files."""
    found = summary_of(report)
    return page(
        "The class",
        tag("p", headline(found)),
        tag("h2", "How many points"),
        distribution(found),
        tag("h2", "Each answer"),
        tag("p", LEGEND, class_="soft"),
        map(item_card, found.items),
        counted("Misconceptions", found.misconceptions),
        tag("h2", "Students"),
        tag("table", (student_line(student, report, names) for student in report.students)),
    )


def distribution(found: Summary) -> Element:
    counts = bars(found)
    told = ", ".join(f"{label}: {count}" for label, count in counts)
    is_percent = "–" in counts[0][0]
    below = "students by percent of the points" if is_percent else "students by points"
    return tag("figure", histogram(counts, told), tag("figcaption", below, class_="soft"))


def item_card(item: Item) -> Element:
    met = [verdict for verdict in Verdict if item.counts[verdict]]
    told = [
        tag("span", f"{item.counts[verdict]} {verdict.value}", class_=f"verdict {verdict.value}")
        for verdict in met
    ]
    return tag(
        "div",
        tag("h3", item_name(item, LONGEST_CLAIM)),
        verdict_stripe(item.counts),
        tag("p", told, class_="verdicts"),
        tag("p", f"difficulty {float(item.difficulty):.2f}, discrimination {discrimination(item)}"),
        tag("ul", (tag("li", f"{count} × {id_}") for id_, count in item.misconceptions))
        if item.misconceptions
        else "",
        class_="card",
    )


def counted(title: str, counts: tuple[tuple[str, int], ...]) -> Inner:
    if not counts:
        return ""
    rows = (
        tag("tr", tag("td", visible(id_)), tag("td", str(count), class_="number"))
        for id_, count in counts
    )
    return (tag("h2", title), tag("table", rows))


def student_line(student: Marked, report: Report, names: Mapping[str, str]) -> Element:
    name = visible(student.student)
    link = names.get(student.student)
    shown = name if link is None else tag("a", name, href=quote(link))
    earned = points(student.points, report.out_of)
    return tag("tr", tag("td", shown), tag("td", earned, class_="number"))


def page(title: str, *inner: Inner) -> str:
    shown = visible(title)
    head = (
        Element('<meta charset="utf-8">'),
        Element('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", shown),
        tag("style", Element(STYLE)),
    )
    body = tag("body", tag("main", tag("h1", shown), *inner))
    return f"<!doctype html>\n{tag('html', tag('head', head), body, lang='en')}\n"


# Markdown.


def student_markdown(student: Marked, report: Report, wish: Wish) -> str:
    """The page of a student as Markdown, in which nothing that was typed is markup."""
    lines = [f"# {plain(student.student)}", f"{points(student.points, report.out_of)} points"]
    for question, rows in by_question(student):
        lines.append(f"## {plain(question.outcome.title or question.id)}")
        lines += map(plain, filter(None, paragraphs(question.outcome.question or "")))
        for row in rows:
            lines.append(
                f"### {plain(row.part.name)}: {verdict_words(row.mark.verdict)}, {worth(row)}"
            )
            given = given_in(row)
            lines += [code(given)] if given else []
            lines += map(plain, said_of(row, wish))
    return "\n\n".join(lines) + "\n"


def class_markdown(report: Report, names: Mapping[str, str]) -> str:
    """The page of the class as Markdown, with tables for the pictures."""
    found = summary_of(report)
    counts = tuple((label, str(count)) for label, count in bars(found))
    met = tuple((id_, str(count)) for id_, count in found.misconceptions)
    lines = (
        f"- [{plain(student.student)}]({quote(names[student.student])}): "
        f"{points(student.points, report.out_of)}"
        for student in report.students
        if student.student in names
    )
    tables = [
        Table(("points", "students"), counts),
        item_table(found),
        *([Table(("misconception", "times"), met)] if met else []),
    ]
    blocks = ["# The class", plain(headline(found)), *(table_md(t, DEFAULT) for t in tables)]
    return "\n\n".join([*blocks, "\n".join(lines)]) + "\n"


class Form(NamedTuple):
    """How pages are written."""

    ending: str
    of_student: Callable[[Marked, Report, Wish], str]
    of_class: Callable[[Report, Mapping[str, str]], str]


FORMS = {
    "html": Form(".html", student_page, class_page),
    "markdown": Form(".md", student_markdown, class_markdown),
}
