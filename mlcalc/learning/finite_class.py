"""The working for a class that is a table of hypotheses, or of which only the size is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, product

from mlcalc.files.fields import as_number
from mlcalc.learning.labelings import labels_text
from mlcalc.learning.shattering.model import Labeling, numbered
from mlcalc.learning.vc_dimension import VC, N
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Decimal, Expr, Listing, Number, Pow, Words, wrap
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, count_answer, step

MOST_SETS = 8
MOST_SETTLED = 3
"""Hypotheses of which no table is needed: from four on, the dimension may be 1 or 2."""

MOST_COLUMNS = 16
"""A table with more points is not searched by exhaustion: 2^16 sets are enough."""


LABELS = as_number(0), as_number(1)


def size_bound(size: Expr) -> Derivation:
    """d_VC ≤ log2 |H|; of up to three hypotheses the dimension itself."""
    bound, upper = bound_step(size)
    title = "VC dimension of a finite class"
    count = exact(size)
    if count is None or count > MOST_SETTLED:
        return Derivation(title, (bound,), (upper,))
    found = 0 if count == 1 else 1
    why = (
        "one hypothesis gives a point one label, so not even one point is shattered"
        if count == 1
        else "two hypotheses that differ do so at some point, which is therefore shattered"
    )
    settled = step("settle the VC dimension", "d_VC = found", why=why, found=found)
    return Derivation(title, (bound, settled), (*dimension_answers(found), upper))


def dimension_answers(found: int) -> tuple[Answer, Answer]:
    return (
        count_answer("vc_dimension", Fraction(found), VC),
        count_answer("break_point", Fraction(found + 1)),
    )


def bound_step(size: Expr) -> tuple[Step, Answer]:
    """A shattered set of d points takes 2^d hypotheses."""
    log, value = line("log2(size)", size=size), logarithm(size)
    why = "a shattered set takes a hypothesis for each labeling, 2^(its size) in all"
    is_rounded = isinstance(value, Decimal)
    bound = step(
        "bound the VC dimension by the size of the class",
        "d_VC <= log = value",
        "d_VC <= floor(log) = whole" if is_rounded else None,
        why=f"{why}; the dimension is whole" if is_rounded else why,
        log=log,
        value=value,
        whole=math.floor(value.value) if isinstance(value, Decimal) else None,
    )
    result = value.value if isinstance(value, Number | Decimal) else value or log
    return bound, Answer("upper_bound", result, line("log = value", log=log, value=value))


def logarithm(size: Expr) -> Expr | None:
    """log2 of the size where it is simpler than that: 4 for 16, k for 2^k, a decimal for 100."""
    match size:
        case Pow(Number(Fraction(numerator=2, denominator=1)), exponent):
            return exponent
    count = exact(size)
    if count is None:
        return None
    power = count.numerator.bit_length() - 1
    return as_number(power) if count == 2**power else Decimal(math.log2(count.numerator))


def table_derivation(rows: tuple[Labeling, ...], labels: Labeling | None) -> Derivation:
    """The dimension by exhaustion, and what the rows do to the whole set of points."""
    different = tuple(dict.fromkeys(rows))
    points = len(rows[0])
    answers = [] if labels is None else [truth("realisable", labels in different)]
    top = dimension(different)
    bound, upper = bound_step(as_number(len(different)))

    def steps() -> Iterator[Step]:
        yield listing_step(rows, different)
        if labels is not None:
            found = "no row has these labels"
            if labels in different:
                found = f"it is row {rows.index(labels) + 1}"
            yield Step(f"look for the labels {labels_text(labels)}", (), found)
        yield from search_steps(different, top)
        yield bound
        yield growth_table(different)

    missing = missing_labeling(different)
    whole = [
        *dimension_answers(top),
        upper,
        truth("shattered", missing is None),
        count_answer("dichotomies", Fraction(len(different))),
    ]
    if missing is not None:
        whole.append(labeling_answer(missing, partial(is_no_row, different)))
    labelled = "the one point" if points == 1 else f"the {points} points in order"
    notes = (Note("vc.rows", f"each row labels {labelled}"),)
    return Derivation(
        "VC dimension of a table of hypotheses", Later(steps), (*answers, *whole), notes
    )


def truth(name: str, value: bool) -> Answer:
    return Answer(name, value, Words("yes" if value else "no"))


def labeling_answer(labels: Labeling, is_missing: Callable[[Result], bool | None]) -> Answer:
    """One labeling that is missing, of those for which `is_missing` holds."""
    shown = tuple(LABELS[label] for label in labels)
    value = tuple(label.value for label in shown)
    return Answer("missing", value, Listing(shown), accepts=is_missing, choices=("0", "1"))


def is_no_row(rows: tuple[Labeling, ...], value: Result) -> bool:
    """Whether a claimed labeling is given by no hypothesis."""
    labels = as_labeling(value, len(rows[0]))
    return labels is not None and labels not in rows


def as_labeling(value: Result, size: int) -> Labeling | None:
    """A claimed list of so many labels, each 0 or 1; None for anything else."""
    if not isinstance(value, tuple) or len(value) != size:
        return None
    if not all(isinstance(label, Fraction) and label in (0, 1) for label in value):
        return None
    return tuple(int(label) for label in value if isinstance(label, Fraction))


def listing_step(rows: tuple[Labeling, ...], different: tuple[Labeling, ...]) -> Step:
    why = "each hypothesis is known by the labels that it gives"
    if len(different) < len(rows):
        why = f"{len(rows)} rows, of which {len(rows) - len(different)} stand a second time"
    return step("count the hypotheses", '"|H|" = count', why=why, count=len(different))


def search_steps(rows: tuple[Labeling, ...], top: int) -> list[Step]:
    """The shattered sets of each size, up to the first size that has none."""
    points = len(rows[0])
    table: list[tuple[Prose | Expr, ...]] = []
    for size in range(1, min(top + 1, points) + 1):
        sets = list(shattered_sets(rows, size))
        shown = "; ".join(numbered(columns) for columns in sets[:MOST_SETS]) or "none"
        if len(sets) > MOST_SETS:
            shown += f"; … ({len(sets)} in all)"
        looked = math.comb(points, size)
        table.append((as_number(size), as_number(looked), shown))
    found = step(
        "try every set of points, by size",
        Table(("size", "sets", "shattered"), tuple(table)),
        why="a set is shattered when its columns show every labeling; a part of such a set is too",
    )
    why = "all the points are shattered together"
    if top < points:
        none = "no point" if top == 0 else f"no set of {top + 1} points"
        why = f"{none} is shattered: {failure(rows, top + 1)}"
    return [found, step("read off the VC dimension", "d_VC = top", why=why, top=top)]


def failure(rows: tuple[Labeling, ...], size: int) -> str:
    """Why sets of that size fail: too few rows, or a labeling missing on the fullest one."""
    if len(rows) < 2**size:
        return f"that takes {2**size} hypotheses, and there are {len(rows)}"
    columns = max(combinations(range(len(rows[0])), size), key=lambda c: len(restricted(rows, c)))
    missing = missing_labeling(tuple(restricted(rows, columns)))
    assert missing is not None
    return f"{numbered(columns)} come nearest and miss the labels {labels_text(missing)}"


def growth_table(rows: tuple[Labeling, ...]) -> Step:
    """m_H(n) for each n, beside 2^n."""
    counted = [(n, growth_of(rows, n)) for n in range(1, len(rows[0]) + 1)]
    shown = tuple((wrap(n), wrap(found), line("2^n", n=n)) for n, found in counted)
    table = Table((N, line("m_H(n)"), line("2^n")), shown)
    why = "m_H(n) is the most labelings of n of the points"
    return step("tabulate the growth function", table, why=why)


# What a table of rows realises, by exhaustion.


def restricted(rows: Sequence[Labeling], columns: Sequence[int]) -> set[Labeling]:
    """The labelings of these points that the rows realise."""
    return {tuple(row[column] for column in columns) for row in rows}


def shattered_sets(rows: Sequence[Labeling], size: int) -> Iterator[tuple[int, ...]]:
    """The sets of that many points that are shattered."""
    if len(set(rows)) >= 2**size:
        for columns in combinations(range(len(rows[0])), size):
            if len(restricted(rows, columns)) == 2**size:
                yield columns


def growth_of(rows: Sequence[Labeling], size: int) -> int:
    """The most labelings of that many of the points."""
    return max(len(restricted(rows, c)) for c in combinations(range(len(rows[0])), size))


def dimension(rows: Sequence[Labeling]) -> int:
    """The size of the largest shattered set; 0 where each column has one value.

    Every part of a shattered set is shattered, so the search goes up and ends at the first size
    without one.
    """
    size = 0
    while size < len(rows[0]) and next(shattered_sets(rows, size + 1), None) is not None:
        size += 1
    return size


def missing_labeling(rows: Sequence[Labeling]) -> Labeling | None:
    """The first labeling, in the order of binary numbers, that is no row."""
    known = set(rows)
    return next((row for row in product((0, 1), repeat=len(rows[0])) if row not in known), None)
