"""Realizable or agnostic, decided from data: a consistent hypothesis, or the proof of none."""

from __future__ import annotations

from collections.abc import Callable

from mlcalc.derivation import Answer, Note, Prose, Result, Step, Table
from mlcalc.errors import Unsolved
from mlcalc.fields import as_number
from mlcalc.learning.consistent_rows import Found, Rows, read_rows
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.sample_question import SampleQuestion
from mlcalc.maths.tree import Expr, Words
from mlcalc.records import Record

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
    except Unsolved as error:
        raise Unsolved.because(str(error), given.place_of(type(given).hypothesis_class)) from None
    setting = "realizable" if found.hypothesis is not None else "agnostic"
    summary = "a hypothesis of the class is consistent with every row"
    if found.hypothesis is None:
        summary = "no hypothesis of the class is consistent with every row"
    blocks = found.blocks or ((Words(found.text),) if found.text else ())
    rule = "find a consistent hypothesis" if found.hypothesis else "prove that none is consistent"
    steps = (Step("look at the examples", (table(rows),), counts(rows)),
             Step(rule, blocks, found.reason))  # fmt: skip
    answer = None
    if found.hypothesis is not None:
        text = found.hypothesis
        maths = text if isinstance(text, Expr) else Words(text)
        answer = Answer("hypothesis", found.text, maths, accepts=may_be_consistent)
    notes = [Note("pac.realizable", "realizable is said of these rows: of new ones it is assumed")]
    if setting == "agnostic":
        notes = []
    return Decision(setting, summary, steps, (*notes, *found.notes), answer)


def may_be_consistent(value: Result) -> None:
    """Whether another hypothesis is consistent too is left open: it is a text of any form."""


def searched(rows: Rows, named: HypothesisClass, given: SampleQuestion) -> Found:
    fields = type(given)
    if rows.conflict is not None:
        return conflicting(rows, *rows.conflict)
    if not named.sort.search:
        message = f"whether {named} fits data is not decided: give the setting, and no data"
        raise Unsolved.because(message)
    search: Search = named.of_room(named.sort.search)
    if named.over_attributes and rows.bits() is None:
        many = next(f for i, f in enumerate(rows.features) if rows.values(i) is None)
        message = f"the class {named.name} needs attributes with two values; '{many}' has more"
        raise given.fault(message, fields.data)
    if not named.over_attributes and rows.points() is None:
        message = f"the class {named.name} needs numbers in every column but the label"
        raise given.fault(message, fields.data)
    if named.sort.space == 1 and len(rows.features) != 1:
        message = f"{named.name} are on the line: the data need one column beside the label"
        raise given.fault(message, fields.data)
    return search(rows, named)


def conflicting(rows: Rows, first: int, second: int) -> Found:
    reason: Prose = (
        f"rows {first + 1} and {second + 1} have the same features and other labels: no function "
        "has both, in this class or any other"
    )
    return Found(None, "", (), reason)


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
