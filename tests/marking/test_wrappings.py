"""The claims of `wrappings.txt`, each with the verdict that a fair marker gives."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check_named
from mlcalc.showing.derivation import Checked, Derivation
from tests.marking.checking.judging import derivation_of

TABLE = Path(__file__).parent / "wrappings.txt"
CHARACTER = re.compile("⟨([0-9a-f]{4})⟩")


class Row(NamedTuple):
    """A claim for an answer of a problem, its verdict, and what the remark has to say."""

    kind: str
    answer: str
    given: str
    claim: str
    verdict: str
    remark: str

    @property
    def text(self) -> str:
        found = CHARACTER.sub(lambda match: chr(int(match[1], 16)), self.claim)
        return found.replace("⏎", "\n")


def rows() -> list[Row]:
    found: list[Row] = []
    kind, answer, given = "", "", ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            kind, answer, given = line[2:].split(maxsplit=2)
        elif line.strip() and not line.startswith("#"):
            verdict, rest = line.split(maxsplit=1)
            claim, _, remark = rest.partition(" ⇐ ")
            found.append(Row(kind, answer, given, claim, verdict, remark))
    return found


@cache
def solved(kind: str, given: str) -> Derivation:
    return derivation_of(kind, yaml.safe_load(given))


def checked(row: Row) -> Checked:
    place = Place("--check", row.text)
    claims = Entries(((Text(row.answer, place), Text(row.text, place)),), place)
    (found,) = check_named(claims, solved(row.kind, row.given))
    return found


ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.answer}: {row.claim[:40]}" for row in ROWS])
def test_a_claim(row: Row) -> None:
    found = checked(row)
    assert found.verdict.value == row.verdict, found.remark
    assert row.remark in found.remark


def test_the_table_has_all_sorts_of_claims() -> None:
    verdicts = [row.verdict for row in ROWS]
    assert len(ROWS) >= 500
    assert {"right", "wrong", "unreadable"} == set(verdicts)
    assert len({(row.answer, row.claim) for row in ROWS}) == len(ROWS), "no row stands twice"
