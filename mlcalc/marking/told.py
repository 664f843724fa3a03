"""A marked class in words, for the screen: a table a student, and what the class found hard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from mlcalc.files.display import visible
from mlcalc.marking.claims import said
from mlcalc.marking.classroom import Marked, Report, Row
from mlcalc.marking.statistics import Item, Summary, summary_of
from mlcalc.maths.board import Note
from mlcalc.maths.printing import Style, columns
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Table, Verdict
from mlcalc.showing.layout import feedback_text
from mlcalc.showing.prose import fill
from mlcalc.showing.tables import table_lines

MARKS = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗"}
LONGEST_CLAIM = 24
LONGEST_NAME = 24
DECIMALS = 4

LEGEND = (
    "difficulty is the mean share of the points, and discrimination (discr.) "
    "their correlation with those of the other answers"
)


class Wish(Record):
    """How a report is told: `reveal` shows the answers, `hints` the next step instead."""

    width: int
    style: Style
    reveal: bool = False
    hints: bool = False


@cache
def decimal(number: Fraction) -> str:
    """Points as people write them: 7, 2.5, 0.3333."""
    return f"{float(number):.{DECIMALS}f}".rstrip("0").rstrip(".")


def points(number: Fraction, out_of: Fraction) -> str:
    return f"{decimal(number)} of {decimal(out_of)}"


def totals(report: Report) -> str:
    """One line a student."""
    out_of = report.out_of
    return "\n".join(
        f"{visible(student.student)}: {points(student.points, out_of)} points"
        for student in report.students
    )


def told_of(student: Marked, report: Report, wish: Wish) -> str:
    """A table of one student's answers, and what there is to say of them."""
    return "\n".join(lines_on(student, report, wish))


def lines_on(student: Marked, report: Report, wish: Wish) -> Iterator[str]:
    bar = "=" if wish.style.ascii else "═"
    title = f"{visible(student.student)}: {points(student.points, report.out_of)} points"
    yield title
    yield bar * columns(title)
    rows = tuple(cells(row, wish) for row in student.rows)
    table = Table(("problem", "answer", "given", "verdict", "points"), rows)
    yield from lines_of(table, wish)
    remarks = [line for row in student.rows for line in remark_lines(row, wish)]
    yield from ["", *remarks] if remarks else []


def remark_lines(row: Row, wish: Wish) -> Iterator[str]:
    """What is said of an answer, behind one bullet."""
    lead = f"{visible(row.question.id)}, {visible(row.part.name)}: "
    bullet = "-" if wish.style.ascii else "•"
    for number, remark in enumerate(said_of(row, wish)):
        for place, line in enumerate(
            fill(lead + remark if number == 0 else remark, wish.width - 4)
        ):
            yield f"  {bullet if number == place == 0 else ' '} {line}"


def cells(row: Row, wish: Wish) -> tuple[str, ...]:
    verdict = row.mark.verdict
    return (
        visible(row.question.id, most=40),
        visible(row.part.name, most=40),
        visible(said(row.claim), most=LONGEST_CLAIM),
        f"{MARKS.get(verdict, '?')} {verdict.value}",
        points(row.points, row.part.points) if row.is_asked else "not asked",
    )


def said_of(row: Row, wish: Wish) -> Iterator[str]:
    """The remark on an answer, what may have gone wrong, and what the wish adds."""
    mark = row.mark
    if mark.remark:
        yield visible(mark.remark)
    yield from map(feedback_text, feedback_of(row, wish))
    if mark.verdict is Verdict.RIGHT:
        return
    if wish.reveal and row.part.shown:
        yield f"the answer is {row.part.shown}"
    elif wish.hints and row.part.hint:
        yield f"next step: {row.part.hint}"


def feedback_of(row: Row, wish: Wish) -> tuple[Note, ...]:
    """What may have gone wrong; nothing where the next step is told instead."""
    is_hinted = wish.hints and not wish.reveal and row.part.hint
    return () if is_hinted and row.mark.verdict is not Verdict.RIGHT else row.mark.feedback


def lines_of(table: Table, wish: Wish) -> Iterable[str]:
    for line in table_lines(table, wish.style, wish.width):
        yield "".join(text for _, text in line)


def summary(report: Report, wish: Wish) -> str:
    """How the class did and each answer went, and which misconceptions were met how often."""
    if not report.students:
        return "no student"
    found = summary_of(report)
    lines = [*fill(headline(found), wish.width), "", *lines_of(item_table(found), wish)]
    lines += fill(LEGEND, wish.width)
    met = ", ".join(f"{id_} {count}" for id_, count in found.misconceptions)
    lines += ["", *fill(f"misconceptions: {met}", wish.width)] if met else []
    return "\n".join(lines)


def item_table(found: Summary) -> Table:
    """A line an answer; a verdict that nobody has takes no column."""
    met = [v for v in Verdict if v in MARKS or any(item.counts[v] for item in found.items)]
    header = ("answer", *(verdict.value for verdict in met), "difficulty", "discr.")
    rows = tuple(
        (
            item_name(item, LONGEST_NAME),
            *(str(item.counts[verdict]) for verdict in met),
            f"{float(item.difficulty):.2f}",
            discrimination(item),
        )
        for item in found.items
    )
    return Table(header, rows)


def item_name(item: Item, most: int) -> str:
    return visible(f"{item.question.id}.{item.part.name}", most=most)


def discrimination(item: Item) -> str:
    return "-" if item.discrimination is None else f"{item.discrimination:.2f}"


def headline(found: Summary) -> str:
    """Who was there, and how the points lie."""
    number = len(found.points)
    who = "1 student" if number == 1 else f"{number} students"
    text = f"{who}, on average {points(found.mean, found.out_of)} points"
    if found.spread is None:
        return text
    lowest, highest = min(found.points), max(found.points)
    return (
        f"{text}; standard deviation {found.spread:.2f}, median {decimal(found.median)}, "
        f"from {decimal(lowest)} to {decimal(highest)}"
    )
