"""Realizable or agnostic, decided from data: a consistent hypothesis, or the proof of none."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from mlcalc.files.errors import Unsolved
from mlcalc.files.fields import as_number
from mlcalc.files.sheet import check_filled, sheet_of
from mlcalc.learning.bounds.question import SampleQuestion
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.labelings import put_in
from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.model import Obstacle, sentence
from mlcalc.maths import reader
from mlcalc.maths.board import Note, Prose, prose
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import TooLarge, in_whole_numbers
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Chain, Expr, Symbol, Words
from mlcalc.showing.derivation import Answer, Block, Result, Step, Table, step

POSITIVE = ("1", "+1", "+", "yes", "true", "on", "positive", "pos", "high", "y", "t")
"""The values of a label or attribute that are taken as 1, whichever is there."""


class Rows:
    """m examples: the cells of d feature columns, as text, and labels 0 or 1."""

    def __init__(
        self, features: Sequence[str], cells: Sequence[tuple[str, ...]], typed: Sequence[str]
    ) -> None:
        self.features = tuple(features)
        self.cells = tuple(cells)
        self.typed_labels = tuple(typed)
        self.positive, self.negative = two_values(typed)
        self.labels = tuple(int(label == self.positive) for label in typed)

    @cached_property
    def conflict(self) -> tuple[int, int] | None:
        """Two rows, from 0, with the same features and other labels."""
        first: dict[tuple[str, ...], int] = {}
        for number, cells in enumerate(self.cells):
            other = first.setdefault(cells, number)
            if self.labels[other] != self.labels[number]:
                return other, number
        return None

    @cached_property
    def points(self) -> list[tuple[Fraction, ...]] | None:
        """The cells as numbers; None where some are words."""
        found = [tuple(map(number_of, cells)) for cells in self.cells]
        if any(value is None for row in found for value in row):
            return None
        return [tuple(value for value in row if value is not None) for row in found]

    def values(self, column: int) -> tuple[str, str] | None:
        """The two values of an attribute, the one that counts as 1 first; None if it has more."""
        kinds = list(dict.fromkeys(cells[column] for cells in self.cells))
        return two_values(kinds) if len(kinds) <= 2 else None

    @cached_property
    def bits(self) -> list[tuple[int, ...]] | None:
        """The cells as 0 and 1; None where a column has more than two values."""
        columns = [self.values(column) for column in range(len(self.features))]
        if any(pair is None for pair in columns):
            return None
        ones = [pair[0] for pair in columns if pair is not None]
        return [
            tuple(int(cell == one) for cell, one in zip(cells, ones, strict=True))
            for cells in self.cells
        ]


class Found(Record):
    """What a search came to: the hypothesis as it is shown and as text, or why there is none."""

    hypothesis: Expr | str | None
    text: str
    blocks: tuple[Block, ...]
    reason: Prose
    notes: tuple[Note, ...] = ()

    @classmethod
    def none(cls, reason: Prose, *blocks: Block, notes: tuple[Note, ...] = ()) -> Found:
        return cls(None, "", blocks, reason, notes)


def two_values(typed: Sequence[str]) -> tuple[str, str]:
    """The value that stands for 1, and the other: "" where there is one value alone."""
    kinds = list(dict.fromkeys(typed))
    one = next((k for p in POSITIVE for k in kinds if k.casefold() == p), None)
    if one is None:
        # A column that is 0 or "no" throughout has no 1.
        is_zero = len(kinds) == 1 and kinds[0].casefold() in ("0", "-1", "no", "false", "off")
        one = "" if is_zero else kinds[0]
    return one, next((kind for kind in kinds if kind != one), "")


def number_of(text: str) -> Fraction | None:
    try:
        return exact(reader.read(text))
    except Unreadable:
        return None


def read_rows(given: SampleQuestion) -> Rows:
    """The rows of `data`, told apart by `label`.  Raises `Invalid`."""
    raw = given.data
    if raw is None or given.label is None:
        raise given.fault("'label' is missing: the column of the data that is the class")
    sheet = sheet_of(raw)
    columns = sheet.columns
    if given.label not in columns:
        hint = closest(given.label, columns) or f"; its columns are {', '.join(columns)}"
        raise given.fault(f"the data have no column '{given.label}'{hint}", SampleQuestion.label)
    at = columns.index(given.label)
    features = [name for name in columns if name != given.label]
    if not features:
        raise given.fault("the data have no column beside the label", SampleQuestion.data)
    check_filled(sheet, range(len(columns)))
    labels = [row[at] for row in sheet.rows]
    if len(set(labels)) > 2:
        kinds = ", ".join(dict.fromkeys(labels))
        raise given.fault(
            f"a label has two values, and this has more: {kinds}", SampleQuestion.label
        )
    cells = [tuple(cell for i, cell in enumerate(row) if i != at) for row in sheet.rows]
    return Rows(features, cells, labels)


Search = Callable[[Rows, HypothesisClass], Found]

MOST_SHOWN = 12


class Decision(Record):
    """The setting, in short why, the steps that show it, and the hypothesis where there is one."""

    setting: str
    summary: str
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    hypothesis: Answer | None = None


def decided(given: SampleQuestion) -> Decision:
    """Raises `Invalid` for data that do not fit the class, `Unsolved` for classes not searched."""
    rows = read_rows(given)
    named = given.hypothesis_class
    assert named is not None
    try:
        found = searched(rows, named, given)
    except (Unsolved, TooLarge) as error:
        raise Unsolved.because(
            str(error), given.place_of(SampleQuestion.hypothesis_class)
        ) from None
    blocks = found.blocks or ((Words(found.text),) if found.text else ())
    rule = "find a consistent hypothesis" if found.hypothesis else "prove that none is consistent"
    steps = (
        step("look at the examples", table(rows), why=counts(rows)),
        step(rule, *blocks, why=found.reason),
    )
    if found.hypothesis is None:
        summary = "no hypothesis of the class is consistent with every row"
        return Decision("agnostic", summary, steps, found.notes)
    summary = "a hypothesis of the class is consistent with every row"
    maths = found.hypothesis if isinstance(found.hypothesis, Expr) else Words(found.hypothesis)
    answer = Answer("hypothesis", found.text, maths, accepts=may_be_consistent)
    note = Note("pac.realizable", "realizable is said of these rows: of new ones it is assumed")
    return Decision("realizable", summary, steps, (note, *found.notes), answer)


def may_be_consistent(value: Result) -> None:
    """Whether another hypothesis is consistent too is left open: it is a text of any form."""


def searched(rows: Rows, named: HypothesisClass, given: SampleQuestion) -> Found:
    sort = named.sort
    if rows.conflict is not None:
        first, second = rows.conflict
        return Found.none(
            f"rows {first + 1} and {second + 1} have the same features and other labels: no "
            "function has both, in this class or any other"
        )
    if not (sort.search or sort.decider):
        message = f"whether {named} fits data is not decided: give the setting, and no data"
        raise Unsolved.because(message)
    if named.over_attributes and rows.bits is None:
        many = next(f for i, f in enumerate(rows.features) if rows.values(i) is None)
        message = f"the class {named.name} needs attributes with two values; '{many}' has more"
        raise given.fault(message, SampleQuestion.data)
    if not named.over_attributes and rows.points is None:
        message = f"the class {named.name} needs numbers in every column but the label"
        raise given.fault(message, SampleQuestion.data)
    if sort.space not in (None, len(rows.features)):
        where, wanted = (
            ("on the line", "one column") if sort.space == 1 else ("in the plane", "two")
        )
        message = f"{named.name} are {where}: the data need {wanted} beside the label"
        raise given.fault(message, SampleQuestion.data)
    search: Search = HypothesisClass.of_room(sort.search) if sort.search else of_points
    return search(rows, named)


def of_points(rows: Rows, named: HypothesisClass) -> Found:
    """The labeling of the rows, decided as that of any points is."""
    points = rows.points
    assert points is not None
    decider = named.decider(points, tuple(map(Symbol.named, rows.features)))
    if decider is None:
        size = named.sort.sizes[0].name
        raise Unsolved.because(f"data need numbers as sizes: {named.name}({size}=2), say")
    decision = decider.decide(rows.labels)
    if isinstance(decision, Obstacle):
        more = f"; {decider.refutation}" if decider.refutation and decision.chains else ""
        return Found.none(sentence(decision.because, more), *decision.chains)
    positive = rows.positive or "1"
    if isinstance(decision.shown, Chain):
        chains = put_in(decider, rows.labels, decision.shown)
        reason = prose(f"the label is {positive} where $rule$; put in, each row is on its side",
                       rule=decision.shown)  # fmt: skip
        text = one_line(decision.shown)
        return Found(decision.shown, text, (decision.shown, *chains), reason)
    pieces = (decision.shown,) if isinstance(decision.shown, str | Expr) else decision.shown
    text = "".join(piece if isinstance(piece, str) else one_line(piece) for piece in pieces)
    return Found(text, text, (), f"just the rows with the label {positive} are inside")


def counts(rows: Rows) -> str:
    positive = sum(rows.labels)
    plural = "" if len(rows.labels) == 1 else "s"
    return f"{len(rows.labels)} row{plural}, {positive} with the label {rows.positive or '1'}"


def table(rows: Rows) -> Table:
    kept = list(range(len(rows.cells)))
    if len(kept) > MOST_SHOWN:
        kept = [*kept[: MOST_SHOWN - 2], *kept[-2:]]
    lines: list[tuple[Prose | Expr, ...]] = [
        (as_number(n + 1), *rows.cells[n], rows.typed_labels[n]) for n in kept
    ]
    caption = "" if len(kept) == len(rows.cells) else f"{len(kept)} of {len(rows.cells)} rows"
    return Table(("row", *rows.features, "label"), tuple(lines), caption)


NEIGHBOURS_NOTES = (
    Note(
        "pac.nearest_neighbours",
        "finite means the labelings of the given rows, at most 2^m for m rows; over all of space "
        "nearest neighbours are an infinite class",
    ),
    Note(
        "pac.neighbour_ties",
        "distances are Euclidean, a row is its own neighbour, the earlier of two as near goes "
        "first, and a tied vote is 0",
    ),
)


def neighbours(rows: Rows, named: HypothesisClass) -> Found:
    """Whether the k nearest rows of each row, itself among them, outvote no label."""
    k, points = named.number("k"), rows.points or []
    if k is None:
        raise Unsolved.because("data need a number of neighbours: nearest-neighbours(k=3), say")
    if k > len(points):
        raise Unsolved.because(f"there are {len(points)} rows, fewer than {k} neighbours")
    for number, nearest in enumerate(nearest_rows(points, k)):
        votes = sum(rows.labels[n] for n in nearest)
        if int(2 * votes > k) != rows.labels[number]:
            listed = ", ".join(str(n + 1) for n in nearest)
            reason = (
                f"the {k} nearest to row {number + 1} are the rows {listed}, of which {votes} have "
                f"label 1: the vote is {int(2 * votes > k)}, and the label is {rows.labels[number]}"
            )
            return Found(None, "", (), reason, NEIGHBOURS_NOTES)
    text = f"the {k} nearest of these rows vote" if k > 1 else "the nearest of these rows decides"
    reason = "each row is labelled right by the rows nearest to it, itself among them"
    return Found(text, text, (), reason, NEIGHBOURS_NOTES)


def nearest_rows(points: Sequence[Point], k: int) -> Iterator[list[int]]:
    """The k nearest to each point, itself among them, the earlier of two as near first.

    In whole numbers, and from each point outwards along the axis that tells most points apart:
    what is further along it than the k-th nearest need not be looked at.
    """
    entries, _ = in_whole_numbers([entry for point in points for entry in point])
    size = len(points[0])
    whole = [entries[start : start + size] for start in range(0, len(entries), size)]
    along = max(zip(*whole, strict=True), key=lambda entries: len(set(entries)))
    order = sorted(range(len(whole)), key=along.__getitem__)
    ranks = {number: rank for rank, number in enumerate(order)}
    for number, point in enumerate(whole):
        found: list[tuple[int, int]] = []
        for other in outwards(order, along, ranks[number]):
            if len(found) == k and (along[other] - along[number]) ** 2 > found[-1][0]:
                break
            away = sum((a - b) ** 2 for a, b in zip(point, whole[other], strict=True))
            insort(found, (away, other))
            del found[k:]
        yield [other for _, other in found]


def outwards(order: Sequence[int], along: Sequence[int], start: int) -> Iterator[int]:
    """The numbers in order from one place outwards, the nearer along the axis first."""
    left, right, here = start - 1, start, along[order[start]]
    while left >= 0 or right < len(order):
        is_right = left < 0 or (
            right < len(order) and along[order[right]] - here <= here - along[order[left]]
        )
        if is_right:
            yield order[right]
            right += 1
        else:
            yield order[left]
            left -= 1
