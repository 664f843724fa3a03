"""How a class did: the spread of its points, and of each answer how hard it was and what it tells.

All is computed in whole numbers, so that nothing is a little more than it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median, stdev

from mlcalc.marking.classroom import Report, Row
from mlcalc.marking.key import Part, Question
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Verdict

MOST_BARS = 12
"""So many bars, one for each number of points, are seen at a glance; else there are ten."""


class Item(Record):
    """One answer that was asked for, over the whole class.

    `difficulty` is the mean share of its points, so that a hard one has little; what is missing or
    unreadable has none.  `discrimination` is the item-rest correlation.
    """

    question: Question
    part: Part
    counts: Mapping[Verdict, int]
    difficulty: Fraction
    discrimination: float | None
    misconceptions: tuple[tuple[str, int], ...]
    """How often each was met here, the most frequent first."""


class Summary(Record):
    """A class: `spread` is the standard deviation with n - 1, none of fewer than two students."""

    out_of: Fraction
    points: tuple[Fraction, ...]
    """Of each student, in their order."""
    items: tuple[Item, ...]
    misconceptions: tuple[tuple[str, int], ...]

    @property
    def mean(self) -> Fraction:
        return sum(self.points, Fraction(0)) / len(self.points)

    @property
    def median(self) -> Fraction:
        return median(self.points)

    @property
    def spread(self) -> float | None:
        return float(stdev(self.points)) if len(self.points) > 1 else None


def summary_of(report: Report) -> Summary:
    """What a report of at least one student tells of the class."""
    asked = [(question, part) for question in report.questions for part in question.parts]
    columns: list[list[Row]] = [[] for _ in asked]
    for student in report.students:
        for column, row in zip(columns, (r for r in student.rows if r.is_asked), strict=True):
            column.append(row)
    points = [student.points for student in report.students]
    distinct = {row.points for column in columns for row in column}
    unit = math.lcm(*(each.denominator for each in distinct))
    totals = [int(each * unit) for each in points]
    items = tuple(
        Item(
            question,
            part,
            Counter(row.mark.verdict for row in column),
            Fraction(sum(row.mark.share for row in column)) / max(1, len(column)),
            item_rest([int(row.points * unit) for row in column], totals),
            frequent(Counter(note.id for row in column for note in row.mark.feedback)),
        )
        for (question, part), column in zip(asked, columns, strict=True)
    )
    return Summary(report.out_of, tuple(points), items, tuple(report.misconceptions))


def item_rest(item: Sequence[int], totals: Sequence[int]) -> float | None:
    """Pearson's correlation of the points x of one answer with those of the others, y = total - x.

    r = (n Σxy - Σx Σy) / sqrt((n Σx² - (Σx)²) (n Σy² - (Σy)²)); it is undefined where all have the
    same points in the one or in the others, as where nothing else was asked.
    """
    n, rest = len(item), [total - x for x, total in zip(item, totals, strict=True)]
    both = n * sum(x * y for x, y in zip(item, rest, strict=True)) - sum(item) * sum(rest)
    of_item, of_rest = scatter(item), scatter(rest)
    if not of_item or not of_rest:
        return None
    size = math.sqrt(Fraction(both * both, of_item * of_rest))
    return size if both >= 0 else -size


def scatter(values: Sequence[int]) -> int:
    """n Σx² - (Σx)², which is 0 where all are the same."""
    return len(values) * sum(x * x for x in values) - sum(values) ** 2


def frequent(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def bars(summary: Summary) -> list[tuple[str, int]]:
    """The distribution: how many students have so many points, or so many percent of them.

    A bar of percents ends before the next begins; the last holds 100.
    """
    out_of = summary.out_of
    is_whole = all(each.denominator == 1 for each in summary.points)
    if is_whole and out_of.denominator == 1 and 0 < out_of < MOST_BARS:
        counts = Counter(summary.points)
        return [(str(k), counts[Fraction(k)]) for k in range(int(out_of) + 1)]
    shares = [each / out_of if out_of else Fraction(0) for each in summary.points]
    tenths = Counter(min(9, int(share * 10)) for share in shares)
    return [(f"{10 * k}–{10 * k + 10}", tenths[k]) for k in range(10)]
