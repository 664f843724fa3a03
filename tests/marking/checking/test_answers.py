"""The table of answers is what the checker is to do: `answers.tsv` says how it is read."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from mlcalc.files.document import Text, plain
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.maths.evaluate import Value, evaluate
from mlcalc.maths.functions import to_float
from mlcalc.maths.reader import read, read_matrix, read_shape_or_value
from mlcalc.maths.tree import Chain, Number, Shape
from mlcalc.showing.derivation import Answer, Result

TABLE = Path(__file__).with_name("answers.tsv")
ZERO = Number(Fraction(0))


def rows() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


ROWS = rows()


def answer_of(key: str) -> Answer:
    """The key that a cell of the table spells."""
    sort, colon, text = key.partition(": ")
    if not colon:
        return Answer("theta", number(key), ZERO)
    if sort in ("count", "least"):
        inequalities = (">=",) if sort == "least" else ()
        return Answer("m", number(text), ZERO, is_count=True, inequalities=inequalities)
    value: Result
    match sort:
        case "truth":
            value = text == "yes"
        case "word":
            value = text
        case "formula":
            value = read(text)
        case "equation":
            value = Chain(read(text), (("=", ZERO),))
        case "shape":
            found = read_shape_or_value(text)
            value = found if isinstance(found, Shape) else Shape((found,))
        case "matrix":
            value = evaluate(read_matrix(text))
        case "list" | "set":
            value = evaluate(read(text))
        case "interval":
            ends = cast("tuple[Fraction, Fraction]", evaluate(read(text)))
            return Answer("theta", sum(ends) / 2, ZERO, interval=ends)
        case "parts":
            parts = entries_of(Text(text, Place("key")))
            assert parts is not None
            value = {name: number(part) for name, part in plain(parts).items()}
        case _:
            raise ValueError(key)
    return Answer("theta", value, ZERO, any_order=sort == "set", is_count=sort == "shape")


def number(key: str) -> Value:
    if key == "~nan":
        return float("nan")
    if key.startswith("~"):
        return to_float(cast("Fraction | float", evaluate(read(key[1:]))))
    return Fraction(key)


def typed(cell: str) -> Text:
    """The answer that a cell spells, as it comes from a flag."""
    if cell.startswith("%escape "):
        cell = re.sub(
            r"\\(?:x(..)|u(....)|([nt]))",
            lambda m: {"n": "\n", "t": "\t"}[m[3]] if m[3] else chr(int(m[1] or m[2], 16)),
            cell.removeprefix("%escape "),
        )
    elif cell.startswith("%repeat "):
        _, times, piece = cell.split(" ", 2)
        cell = piece * int(times)
    return Text(cell, Place("--check", cell))


@pytest.mark.parametrize("row", ROWS, ids=[f"{r[0][:30]}|{r[1][:20]}" for r in ROWS])
def test_an_answer(row: list[str]) -> None:
    answer, key, verdict, note = row
    given, wanted = typed(answer), answer_of(key)
    found = check(given, wanted)
    assert found.verdict.value == verdict, found.remark
    if key.startswith("word: ") and "(" in key:  # a solver may give it as text or as notation
        other = answer_of(key.replace("word: ", "formula: "))
        assert check(typed(answer), other).verdict is found.verdict
    for quoted in re.findall(r'"([^"]+)"', note):
        assert quoted in found.remark
    assert found.remark or verdict not in ("unreadable", "undecided")


def test_the_table_is_large_and_holds_enough_that_cannot_be_read() -> None:
    verdicts = Counter(row[2] for row in ROWS)
    assert len(ROWS) >= 400
    assert verdicts["unreadable"] + verdicts["undecided"] >= 100
    assert set(verdicts) == {"right", "wrong", "unreadable", "missing", "undecided"}
