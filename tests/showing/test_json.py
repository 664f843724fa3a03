from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.maths.printing import Style
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Number, Shape, Symbol, Words
from mlcalc.showing.formats import Options
from mlcalc.showing.formats.json import as_json, exact_text, render
from tests.showing.outcomes import HOSTILE, complete, hostile, unsolved
from tests.showing.tex_reading import assert_maths

KEYS = ["schema", "file", "id", "kind", "title", "status", "given", "answers", "steps", "notes"]
TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}


def shape(required: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": required | more,
        "required": list(required),
        "additionalProperties": False,
    }


STEP = shape(
    {"rule": TEXT, "note": TEXT, "text": TEXT, "latex": TEXT}
    | {"substeps": {"type": "array", "items": {"$ref": "#/$defs/step"}}}
)
SCHEMA = shape(
    {
        "schema": {"const": "mlcalc/1"},
        "file": MAYBE_TEXT,
        "id": MAYBE_TEXT,
        "kind": TEXT,
        "title": MAYBE_TEXT,
        "status": {"enum": ["solved", "invalid", "unsolved"]},
        "given": {"type": "object"},
        "answers": {
            "additionalProperties": shape(
                {"value": {"not": {"type": "null"}}, "text": TEXT, "latex": TEXT}, exact={}
            )
        },
        "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
        "notes": {"type": "array", "items": shape({"id": TEXT, "text": TEXT})},
    },
    error=shape(
        {"message": TEXT, "line": {"type": ["integer", "null"]}}
        | {"column": {"type": ["integer", "null"]}}
    ),
    verdicts={
        "additionalProperties": {"enum": ["right", "wrong", "unreadable", "missing", "undecided"]}
    },
    feedback={"type": "array", "items": shape({"answer": TEXT, "id": TEXT, "text": TEXT})},
) | {"$defs": {"step": STEP}}


def read(outcome: Any, **options: Any) -> Any:
    line = render(outcome, Options(**options))
    assert "\n" not in line
    assert "\x1b" not in line
    return json.loads(line, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "outcome",
    [complete(), unsolved(), unsolved("invalid", True), *map(hostile, HOSTILE)],
    ids=lambda outcome: outcome.id,
)
@pytest.mark.parametrize("options", [{}, {"brief": True}, {"quiet": True}], ids=str)
def test_the_contract(outcome: Any, options: dict[str, bool]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    found = read(outcome, **options)
    jsonschema.validate(found, SCHEMA)
    assert list(found)[: len(KEYS)] == KEYS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(3), 3),
        (Fraction(18, 7), 18 / 7),
        (Fraction(2**53), 2**53),
        (Fraction(2**53 + 1), str(2**53 + 1)),
        (Fraction(-(10**5000)), "-1" + "0" * 5000),
        (Fraction(10**400, 3), f"{10**400}/3"),
        (0.5, 0.5),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "nan"),
        (True, True),
        ("spam", "spam"),
        (((Fraction(1), 0.5), (Fraction(1, 2), math.inf)), [[1, 0.5], [0.5, "inf"]]),
        ({"a": (Fraction(1),)}, {"a": [1]}),
        (Symbol("k") / Symbol("n"), "k/n"),
        (Shape((Symbol("H"), Number(Fraction(3)))), ["H", 3]),
        (Shape((Number(Fraction(2)),), Symbol("C")), ["C", 2]),
        (Words("it depends"), "it depends"),
    ],
)
def test_values(value: Any, expected: Any) -> None:
    found = as_json(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(18, 7), "18/7"),
        (0.5, None),
        (((Fraction(1), Fraction(1, 2)),), [["1", "1/2"]]),
        (((Fraction(1), 0.5),), None),
        ({"a": Fraction(1, 3)}, {"a": "1/3"}),
        (True, None),
        ("spam", None),
    ],
)
def test_exact(value: Any, expected: Any) -> None:
    assert exact_text(value) == expected


def test_answers_and_steps() -> None:
    found = read(complete())
    assert found["answers"]["theta"] == {
        "value": 18 / 7,
        "exact": "18/7",
        "text": "18/7 ≈ 2.5714",
        "latex": r"\frac{18}{7} \approx 2.5714",
    }
    assert found["answers"]["vc_dimension"]["value"] == "inf"
    assert found["answers"]["growth"]["value"] == str(2**70)
    assert found["answers"]["growth"]["text"].endswith(" labelings")
    assert found["given"] == {"data": ["3", "4"], "n": "2", "prior": {"a": "1"}}
    assert found["verdicts"] == {"theta": "right"}
    tabulated = found["steps"][1]
    assert tabulated["text"].split("\n")[:2] == ["class  P(c)  words", "─────  ────  ──────────"]
    assert r"\begin{array}{lll}" in tabulated["latex"]
    assert found["steps"][2]["text"] == "┌─┐ θ\n│●│\n└─┘\na unit"
    assert found["steps"][2]["latex"] == ""


@pytest.mark.parametrize("outcome", [complete(), *map(hostile, HOSTILE)], ids=lambda o: o.id)
def test_latex_stands_in_align(outcome: Any) -> None:
    found = read(outcome)
    steps = found["steps"] + [sub for step in found["steps"] for sub in step["substeps"]]
    for step in steps:
        assert_maths(f"\\begin{{align*}}{step['latex']}\\end{{align*}}")
    for answer in found["answers"].values():
        assert_maths(answer["latex"])


def test_errors_have_the_place_of_the_first() -> None:
    found = read(unsolved())
    message = "n is below 0\nwrite 1 or more\nno data"
    assert found["error"] == {"message": message, "line": 4, "column": 6}
    assert found["answers"] == {}
    assert found["steps"] == found["notes"] == []
    unplaced = replace(unsolved(), complaints=unsolved().complaints[1:])
    assert read(unplaced)["error"] == {"message": "no data", "line": None, "column": None}


def test_quiet_and_brief() -> None:
    assert read(complete(), quiet=True)["steps"] == []
    assert {step["note"] for step in read(complete(), brief=True)["steps"]} == {""}


def test_ascii() -> None:
    assert render(complete(), Options(style=Style(ascii=True))).isascii()
