"""The working of a shattering question: the labelings of a point set, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mlcalc.files.fields import as_number
from mlcalc.learning.shattering.model import (
    Decider,
    Decision,
    Labeling,
    Witness,
    numbered,
    place,
    sentence,
)
from mlcalc.learning.vc_dimension import sauer, written_out
from mlcalc.maths.board import Prose, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr, Number, substitute, wrap
from mlcalc.showing.derivation import Step, Table, step

MOST_ROWS = 16
MOST_IN_A_TABLE = 12
"""Labelings of more points are too wide to be read."""

MOST_COLUMNS = 8
MOST_POINTS_IN_FULL = 20

Decided: TypeAlias = tuple[Labeling, Decision]


class Verdict(Record):
    """What is known of a point set: how many labelings are realised, and one that is not."""

    size: int
    dichotomies: int | None
    missing: Labeling | None

    @property
    def is_shattered(self) -> bool:
        return self.missing is None


def verdict(decider: Decider) -> Verdict:
    missing, size = decider.missing(), len(decider.points)
    if missing is not None and decider.symmetric and missing[0]:
        missing = tuple(1 - label for label in missing)
    return Verdict(size, decider.dichotomies() if missing else 2**size, missing)


def labels_text(labels: Sequence[int]) -> str:
    """0 1 1 0; of many points those that are labelled 1."""
    if len(labels) <= MOST_IN_A_TABLE:
        return " ".join(map(str, labels))
    ones = [number for number, label in enumerate(labels) if label]
    if len(ones) > MOST_IN_A_TABLE:
        return f"that are 1 for {len(ones)} of the {len(labels)} points"
    return f"that are 1 for {numbered(ones)} alone" if ones else "that are 0 for all points"


def points_step(decider: Decider) -> Step:
    """The points by their numbers, which the labels follow."""
    points = decider.points
    if len(points) <= MOST_COLUMNS:
        numbers = range(1, len(points) + 1)
        header: tuple[Prose | Expr, ...] = ("number", *map(as_number, numbers))
        return Step("number the points", (Table(header, (("point", *map(place, points)),)),))
    first = enumerate(points[:MOST_POINTS_IN_FULL], 1)
    rows = tuple((as_number(n), place(point)) for n, point in first)
    caption = f"and so on, {len(points)} points" if len(points) > MOST_POINTS_IN_FULL else ""
    table = Table(("number", "point"), rows, caption)
    return Step("number the points", (table,))


def labeling_step(decider: Decider, labels: Labeling, decision: Decision) -> Step:
    """One labeling in full."""
    if isinstance(decision, Witness):
        rule = "find a member of the class that gives the labels"
        if isinstance(decision.shown, Chain):
            chains = put_in(decider, labels, decision.shown)
            return Step(rule, (decision.shown, *chains), "put in, each point is on its side")
        shown = decision.shown if isinstance(decision.shown, str | tuple) else (decision.shown,)
        return Step(rule, (values_table(decider, labels),), shown)
    rule = f"show that no member of the class gives the labels {labels_text(labels)}"
    more = f"; {decider.refutation}" if decider.refutation and decision.chains else ""
    return Step(rule, decision.chains, sentence(decision.because, more))


OPPOSITE = {">=": "<", "<=": ">"}


def put_in(decider: Decider, labels: Labeling, rule: Chain) -> list[Expr]:
    """The rule with each point put in: as it stands, or the inequality that fails for a 0.

    A rule is f ≥ a, f ≤ a, or a ≤ f ≤ b, with f in the coordinates of a point.
    """
    *low, quantity, high = rule.members
    relation, end, chains = rule.links[-1][0], exact(high), []
    assert end is not None, "a rule has numbers as its ends"
    for point, label in zip(decider.points[:MOST_COLUMNS], labels, strict=False):
        names = zip(decider.names, point, strict=True)
        left = substitute(quantity, {name: Number(value) for name, value in names})
        value = exact(left)
        assert value is not None, "a rule at a point is a number"
        if label:
            text = (
                f"low <= left = value {relation} high" if low else f"left = value {relation} high"
            )
        else:
            is_low = bool(low) and value <= end
            text = "left = value < low" if is_low else f"left = value {OPPOSITE[relation]} high"
        chains.append(line(text, low=low, left=left, value=value, high=high))
    return chains


def values_table(decider: Decider, labels: Labeling) -> Table:
    first = decider.points[:MOST_POINTS_IN_FULL]
    rows = tuple(
        (str(number), place(point), str(label))
        for number, (point, label) in enumerate(zip(first, labels, strict=False), 1)
    )
    return Table(("number", "point", "label"), rows)


def chosen(decider: Decider, missing: Labeling | None) -> Sequence[Decided]:
    """The labelings for the table: all, or half of them where sides may change, or some of them
    at even steps, and the missing one; none of many points."""
    size = len(decider.points)
    if size > MOST_IN_A_TABLE:
        return []
    count: int = 2 ** (size - 1 if decider.symmetric and size > 1 else size)
    step = 1 if count <= MOST_ROWS else count // MOST_ROWS + 1
    every = [binary(number, size) for number in range(0, count, step)]
    if missing and missing not in every:
        every = [*every[: MOST_ROWS - 1], missing]
    return [(labels, decider.decide(labels)) for labels in sorted(every)]


def binary(number: int, size: int) -> Labeling:
    """The labeling that is this number in binary."""
    return tuple(number >> place & 1 for place in reversed(range(size)))


def table_step(decider: Decider, found: Verdict, shown: Sequence[Decided]) -> Step:
    """The labelings in a table, with what gives them or why nothing does."""
    rows = tuple(
        (labels_text(labels), "yes", decision.shown)
        if isinstance(decision, Witness)
        else (labels_text(labels), "no", decision.because)
        for labels, decision in shown
    )
    total = f"{len(shown)} of the {2**found.size}"
    caption = ""
    if decider.symmetric and found.size > 1:
        caption = "the opposite labelings go the same way, with the sides changed"
    if len(shown) * (2 if caption else 1) < 2**found.size:
        caption = f"{total} labelings are shown" + (f"; {caption}" if caption else "")
    table = Table(("labels", "realised", "by, or why not"), rows, caption)
    return Step("go through the labelings", (table,), "each is decided exactly, with fractions")


def count_step(found: Verdict, dimension: Expr | None) -> Step:
    """The dichotomies against 2^n and, for more points than the dimension, Sauer's bound."""
    if found.dichotomies is None:
        why = "there are too many labelings to be counted one by one; one that is missing decides"
        return step("compare with the number of all labelings", why=why)
    size, bound = found.size, None
    every = '"dichotomies" = count = 2^n'
    why = "so the set is shattered"
    if not found.is_shattered:
        every = '"dichotomies" = count < 2^n = power'
        why, bound = "so the set is not shattered", sauer_bound(size, dimension)
    if bound is not None:
        why = "the set is not shattered; the second line is Sauer's bound for the VC dimension"
    return step(
        "count the labelings that are realised",
        every,
        None if bound is None else '"dichotomies" = count <= bound',
        why=why,
        count=found.dichotomies,
        n=size,
        power=2**size if size < 100 else None,
        bound=bound,
    )


def sauer_bound(size: int, dimension: Expr | None) -> tuple[Expr, ...] | None:
    """Sauer's bound, worked to its value, where it is below 2^n and can be written out."""
    top = None if dimension is None else exact(dimension)
    if top is None or top >= size:
        return None
    bound = sauer(wrap(size), wrap(top))
    value = exact(bound)
    return None if value is None else (*written_out(bound), Number(value))
