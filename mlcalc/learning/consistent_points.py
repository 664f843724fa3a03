"""Consistent hypotheses for points: half-spaces, polynomials, boxes, intervals, neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice

from mlcalc.derivation import Note, Prose, Table
from mlcalc.errors import Unsolved
from mlcalc.fields import as_number
from mlcalc.learning.consistent_rows import Found, Rows
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.separation import CommonPoint, Point, separate
from mlcalc.learning.shattering.halfspaces import distance, monomials, power, written_power
from mlcalc.learning.shattering.writing import at_least_zero, form, vector
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Chain,
    Expr,
    Listing,
    Mul,
    Number,
    Symbol,
    Words,
    equals,
    substitute,
)
from mlcalc.maths.vectors import added

MOST_MONOMIALS = 200
ZERO = as_number(0)


def points_of(rows: Rows) -> list[Point]:
    found = rows.points()
    assert found is not None
    return found


def linear(rows: Rows, named: HypothesisClass) -> Found:
    """A separating plane, or a point in the convex hulls of both sides; polynomials are planes in
    the space of their monomials."""
    points = points_of(rows)
    names = list(map(Symbol.named, rows.features))
    degree = named.number("degree")
    terms: list[Expr] = list(names)
    if named.name == "polynomials":
        if degree is None:
            raise Unsolved.because("data need a degree: polynomials(degree=2), say")
        exponents = list(islice(monomials(len(names), degree), MOST_MONOMIALS + 1))
        if len(exponents) > MOST_MONOMIALS:
            raise Unsolved.because(f"more than {MOST_MONOMIALS} monomials: given up")
        points = [tuple(power(p, e) for e in exponents) for p in points]
        terms = [written_power(names, e) for e in exponents]
    found = separate(points, rows.labels, named.name != "linear-through-origin")
    if isinstance(found, CommonPoint):
        return no_plane(found, points, terms, named)
    side = form(found.weights, terms, found.bias)
    shown = at_least_zero(side)
    places: list[dict[Expr, Expr]] = [
        {name: Number(value) for name, value in zip(names, point, strict=True)}
        for point in points_of(rows)
    ]
    values = tuple(
        (as_number(n + 1), equals(substitute(side, place), Number(found.value(p))), label)
        for n, (p, place, label) in enumerate(zip(points, places, rows.typed_labels, strict=True))
    )
    table = Table(("row", side, "label"), values[:20])
    positive = rows.positive or "1"
    reason: Prose = (
        "the label is ",
        f"{positive} where ",
        shown,
        ", and the signs agree in every row",
    )
    return Found(shown, one_line(shown), (shown, table), reason)


def no_plane(
    found: CommonPoint, points: Sequence[Point], names: Sequence[Expr], named: HypothesisClass
) -> Found:
    """A convex combination of rows labelled 1 that is one of rows labelled 0 (Radon 1921)."""

    def side(pairs: tuple[tuple[int, Fraction], ...]) -> Expr:
        return added([Mul((Number(c), vector(points[n]))) for n, c in pairs])

    has_bias = named.name != "linear-through-origin"
    place = vector(found.point)
    blocks: list[Expr] = []
    if found.positive and found.negative:
        blocks = [equals(side(found.positive), place), equals(side(found.negative), place)]
    elif found.positive or found.negative:
        zero = vector(tuple(Fraction(0) for _ in found.point))
        blocks = [equals(side(found.positive or found.negative), zero)]
    ones, others = (", ".join(str(n + 1) for n, _ in p) for p in (found.positive, found.negative))
    if has_bias:
        reason = (
            f"this point lies in the convex hull of the rows {ones} (label 1) and in that of the "
            f"rows {others} (label 0): a half-space that holds the first rows holds it, and one "
            "that leaves out the others does not"
        )
    else:
        reason = (
            "these combinations with positive coefficients are equal: w·x of the first would be "
            "positive, of the second negative"
        )
    notes: tuple[Note, ...] = ()
    if named.name == "polynomials":
        order = Listing(tuple(names))
        notes = (Note("pac.monomials", ("the entries are the monomials ", order)),)
    return Found(None, "", tuple(blocks), reason, notes)


def box(rows: Rows, named: HypothesisClass) -> Found:
    """The smallest box around the positive rows: every box that holds them holds it."""
    points = points_of(rows)
    inside = [p for p, label in zip(points, rows.labels, strict=True) if label]
    if not inside:
        text = "the empty box"
        return Found(text, text, (), "no row has the label 1")
    sides = [(min(column), max(column)) for column in zip(*inside, strict=True)]
    for number, (point, label) in enumerate(zip(points, rows.labels, strict=True)):
        if not label and all(a <= x <= b for x, (a, b) in zip(point, sides, strict=True)):
            return Found.none(
                "every box that holds the rows with label 1 holds the smallest one, and in it "
                f"lies row {number + 1}, whose label is 0",
                *within(sides, rows),
            )  # fmt: skip
    blocks = within(sides, rows)
    text = " and ".join(map(one_line, blocks))
    shown = blocks[0] if len(blocks) == 1 else Words(text)
    return Found(shown, text, blocks, "the smallest box that holds every row with label 1")


def within(sides: Sequence[tuple[Fraction, Fraction]], rows: Rows) -> tuple[Expr, ...]:
    return tuple(
        Chain(Number(low), (("<=", Symbol.named(name)), ("<=", Number(high))))
        for name, (low, high) in zip(rows.features, sides, strict=True)
    )


def on_the_line(rows: Rows, named: HypothesisClass) -> Found:
    """Runs of one label along the line: rays, or unions of at most k intervals."""
    if named.size("length") is not None:
        raise Unsolved.because("intervals of a fixed length are not searched: give the setting")
    name = Symbol.named(rows.features[0])
    ordered = sorted(zip((p[0] for p in points_of(rows)), rows.labels, strict=True))
    runs: list[list[tuple[Fraction, int]]] = []
    for item in ordered:
        if runs and runs[-1][-1][1] == item[1]:
            runs[-1].append(item)
        else:
            runs.append([item])
    ends = [run[0][1] for run in runs]
    most = named.number("count") if named.name == "intervals" else None
    if named.name == "intervals" and most is None:
        raise Unsolved.because("data need a number of intervals: intervals(2), say")
    ones = [run for run in runs if run[0][1]]
    if named.name == "intervals":
        is_possible = most is not None and len(ones) <= most
    else:
        is_possible = len(runs) == 1 or ends in (
            [[0, 1]] if named.name == "thresholds" else [[0, 1], [1, 0]]
        )
    if not is_possible:
        sequence = Listing(tuple(Number(run[0][0]) for run in runs))
        labels = ", ".join(map(str, ends))
        can = {"thresholds": "a ray to the right has 0 before 1 and changes once",
               "both-rays": "a ray changes its label once",
               "intervals": f"at most {most} runs of 1 are possible"}[named.name]  # fmt: skip
        return Found.none(("in the order ", sequence, f" the labels are {labels}: {can}"))
    if named.name == "intervals":
        pieces = [Chain(Number(r[0][0]), (("<=", name), ("<=", Number(r[-1][0])))) for r in ones]
        text = " or ".join(map(one_line, pieces)) or "the empty set"
        shown: Expr = pieces[0] if len(pieces) == 1 else Words(text)
        return Found(shown, text, tuple(pieces), "one interval for each run of label 1")
    if len(runs) == 1:
        low = ordered[0][0] if ends == [1] else ordered[-1][0] + 1
        ray = Chain(name, ((">=", Number(low)),))
    else:
        middle = (runs[0][-1][0] + runs[1][0][0]) / 2
        ray = Chain(name, ((">=" if ends == [0, 1] else "<=", Number(middle)),))
    return Found(ray, one_line(ray), (ray,), "halfway between the nearest rows of either label")


NEIGHBOURS_NOTE = Note(
    "pac.nearest_neighbours",
    "finite means the labelings of the given rows, at most 2^m for m rows; over all of space "
    "nearest neighbours are an infinite class",
)


def neighbours(rows: Rows, named: HypothesisClass) -> Found:
    """Whether the k nearest rows of each row, itself among them, outvote no label."""
    k = named.number("k")
    if k is None:
        raise Unsolved.because("data need a number of neighbours: nearest-neighbours(k=3), say")
    points = points_of(rows)
    if k > len(points):
        raise Unsolved.because(f"there are {len(points)} rows, fewer than {k} neighbours")
    for number, point in enumerate(points):
        nearest = sorted(range(len(points)), key=lambda n: (distance(point, points[n]), n))[:k]
        votes = sum(rows.labels[n] for n in nearest)
        if int(2 * votes > k) != rows.labels[number]:
            listed = ", ".join(str(n + 1) for n in nearest)
            reason = (
                f"the {k} nearest to row {number + 1} are the rows {listed}, of which {votes} have "
                f"label 1: the vote is {int(2 * votes > k)}, and the label is {rows.labels[number]}"
            )
            return Found(None, "", (), reason, (NEIGHBOURS_NOTE, TIES_NOTE))
    text = f"the {k} nearest of these rows vote" if k > 1 else "the nearest of these rows decides"
    reason = "each row is labelled right by the rows nearest to it, itself among them"
    return Found(text, text, (), reason, (NEIGHBOURS_NOTE, TIES_NOTE))


TIES_NOTE = Note(
    "pac.neighbour_ties",
    "distances are Euclidean, a row is its own neighbour, the earlier of two as near goes first, "
    "and a tied vote is 0",
)
