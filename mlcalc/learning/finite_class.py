"""The working for a class that is a table of hypotheses, or of which only the size is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import combinations

from mlcalc.derivation import (
    Answer,
    Derivation,
    Note,
    Prose,
    Result,
    Step,
    Table,
    count_answer,
    step,
)
from mlcalc.fields import as_number
from mlcalc.learning.labelings import labels_text
from mlcalc.learning.shattering.model import Labeling, numbered
from mlcalc.learning.shattering.table import (
    dimension,
    growth_of,
    missing_labeling,
    restricted,
    shattered_sets,
)
from mlcalc.learning.vc_dimension import N
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    Chain,
    Decimal,
    Expr,
    Listing,
    Number,
    Pow,
    Symbol,
    Words,
    call,
    equals,
    wrap,
)

VC = Symbol("d", "VC")
SIZE = Words("|H|")
MOST_SETS = 8
MOST_SETTLED = 3
"""Hypotheses of which no table is needed: from four on, the dimension may be 1 or 2."""

MOST_COLUMNS = 16
"""A table with more points is not searched by exhaustion: 2^16 sets are enough."""


def size_bound(size: Expr) -> Derivation:
    """d_VC ≤ log2 |H|; of up to three hypotheses the dimension itself."""
    step, answer = bound_step(size)
    title = "VC dimension of a finite class"
    count = exact(size)
    if count is None or count > MOST_SETTLED:
        return Derivation(title, (step,), (answer,))
    found = 0 if count == 1 else 1
    why = (
        "one hypothesis gives a point one label, so not even one point is shattered"
        if count == 1
        else "two hypotheses that differ do so at some point, which is therefore shattered"
    )
    exactly = Step("settle the VC dimension", (equals(VC, found),), why)
    answers = (
        count_answer("vc_dimension", Fraction(found), VC),
        count_answer("break_point", Fraction(found + 1)),
        answer,
    )
    return Derivation(title, (step, exactly), answers)


def bound_step(size: Expr) -> tuple[Step, Answer]:
    """A shattered set of d points takes 2^d hypotheses."""
    log = call("log2", size)
    note = "a shattered set takes a hypothesis for each labeling, 2^(its size) in all"
    rule = "bound the VC dimension by the size of the class"
    value = logarithm(size)
    members = (log,) if value is None else (log, value)
    chain = Chain(VC, (("<=", log), *(("=", member) for member in members[1:])))
    blocks = [chain]
    if isinstance(value, Decimal):
        floor = as_number(math.floor(value.value))
        blocks.append(Chain(VC, (("<=", call("floor", log)), ("=", floor))))
        note += "; the dimension is whole"
    result = value.value if isinstance(value, Number | Decimal) else members[-1]
    return Step(rule, tuple(blocks), note), Answer("upper_bound", result, equals(*members))


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
    steps: list[Step] = [listing_step(rows, different)]
    answers: list[Answer] = []
    if labels is not None:
        number = different.index(labels) if labels in different else None
        is_row = number is not None
        found = f"it is row {rows.index(labels) + 1}" if is_row else "no row has these labels"
        steps.append(Step(f"look for the labels {labels_text(labels)}", (), found))
        answers.append(truth("realisable", is_row))
    top = dimension(different)
    steps += search_steps(different, top)
    bound, upper = bound_step(as_number(len(different)))
    steps.append(bound)
    growth = growth_table(different)
    steps.append(growth)
    missing = missing_labeling(different)
    whole = [
        count_answer("vc_dimension", Fraction(top), VC),
        count_answer("break_point", Fraction(top + 1)),
        upper,
        truth("shattered", missing is None),
        count_answer("dichotomies", Fraction(len(different))),
    ]
    if missing is not None:
        whole.append(labeling_answer(missing, partial(is_no_row, different)))
    labelled = "the one point" if points == 1 else f"the {points} points in order"
    notes = (Note("vc.rows", f"each row labels {labelled}"),)
    return Derivation(
        "VC dimension of a table of hypotheses", tuple(steps), (*answers, *whole), notes
    )


def truth(name: str, value: bool) -> Answer:
    return Answer(name, value, Words("yes" if value else "no"))


def labeling_answer(labels: Labeling, is_missing: Callable[[Result], bool | None]) -> Answer:
    """One labeling that is missing, of those for which `is_missing` holds."""
    value = tuple(map(Fraction, labels))
    return Answer(
        "missing", value, Listing(tuple(map(Number, value))), accepts=is_missing, choices=("0", "1")
    )


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
    note: Prose = "each hypothesis is known by the labels that it gives"
    if len(different) < len(rows):
        note = f"{len(rows)} rows, of which {len(rows) - len(different)} stand a second time"
    return Step("count the hypotheses", (equals(SIZE, len(different)),), note)


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
    blocks = [Table(("size", "sets", "shattered"), tuple(table))]
    note = "a set is shattered when its columns show every labeling; a part of such a set is too"
    found = Step("try every set of points, by size", tuple(blocks), note)
    why: list[Prose] = []
    if top == points:
        why.append("all the points are shattered together")
    else:
        none = "no point" if top == 0 else f"no set of {top + 1} points"
        why.append(f"{none} is shattered: {failure(rows, top + 1)}")
    end = Step("read off the VC dimension", (equals(VC, top),), why[0])
    return [found, end]


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
