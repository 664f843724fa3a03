"""The verdict on a cell of the table, or on a generated pair."""

from __future__ import annotations

from mlcalc.checking import check
from mlcalc.document import Text
from mlcalc.errors import Place
from tests.checking.pairs import Pair
from tests.checking.test_answers import answer_of


def judged(pair: Pair) -> str:
    place = Place("--check", pair.answer)
    return check(Text(pair.answer, place), answer_of(pair.key)).verdict.value
