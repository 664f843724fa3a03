"""The verdict on a generated pair, and questions whose answers are claimed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlcalc.files.document import Entries, Text, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check
from mlcalc.marking.exercise import solve
from mlcalc.showing.derivation import Derivation
from tests.marking.checking.pairs import Pair
from tests.marking.checking.test_answers import answer_of


def judged(pair: Pair) -> str:
    place = Place("--check", pair.answer)
    return check(Text(pair.answer, place), answer_of(pair.key)).verdict.value


def derivation_of(kind: str, given: Mapping[str, Any]) -> Derivation:
    """The answer to a question in plain values."""
    entries = from_plain(given, Place(kind))
    assert isinstance(entries, Entries)
    return solve(kind, entries)
