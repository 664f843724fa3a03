"""What students write, marked as a fair marker would: a table of claims a sort, and one key."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from mlcalc.marking.marker import Marker
from mlcalc.marking.misconceptions import known
from tests.marking.asking import key

FOLDER = Path(__file__).with_name("tables")
TABLES = sorted(FOLDER.glob("*.tsv"))
VERDICTS = {"right", "wrong", "unreadable", "hedge"}
"""A hedge is anything but right: it says two things, or nothing."""


class Row(NamedTuple):
    """`note` holds ids of the misconceptions that are told, and in quotes what is remarked."""

    answer: str
    place: str
    verdict: str
    note: str


def rows(table: Path) -> list[Row]:
    lines = table.read_text(encoding="utf-8").split("\n")
    return [Row(*line.split("\t")) for line in lines if line and not line.startswith("#")]


@cache
def marker() -> Marker:
    text = (FOLDER / "key.yaml").read_text(encoding="utf-8")
    return Marker(key(text).questions)


def fault(row: Row) -> str:
    """What is not as the row says; nothing where all is."""
    id_, _, name = row.place.partition(".")
    claim = row.answer.replace("⏎", "\n").replace("⇥", "\t")
    mark = marker().mark((id_, name, claim, ()))
    told = {note.id for note in mark.feedback}
    named = {one for one in known() if re.search(rf"{re.escape(one)}(?!\w)", row.note)}
    quoted = re.findall(r'"([^"]+)"', row.note)
    found = mark.verdict.value
    is_so = found != "right" if row.verdict == "hedge" else found == row.verdict
    is_told = named <= told and all(text in mark.remark for text in quoted)
    is_said = mark.remark or row.verdict != "unreadable"
    if is_so and is_told and is_said:
        return ""
    said = " ".join((found, *sorted(told), mark.remark))
    return f"{row.place}  {row.answer}  is {row.verdict} {row.note}, and not {said}"


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_each_claim_has_the_verdict_of_a_fair_marker(table: Path) -> None:
    faults = list(filter(None, map(fault, rows(table))))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_a_table_has_rows_of_all_verdicts_and_each_once(table: Path) -> None:
    found = rows(table)
    verdicts = Counter(row.verdict for row in found)
    assert set(verdicts) <= VERDICTS
    assert min(verdicts["right"], verdicts["wrong"], verdicts["hedge"]) >= len(found) // 50
    counts = Counter((row.place, row.answer) for row in found)
    assert not [claim for claim, count in counts.items() if count > 1]
