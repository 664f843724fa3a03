"""Claimed weights are tried, and the bias unit of a layer may be counted: right or wrong."""

from __future__ import annotations

from typing import Any

import pytest

from mlcalc.files.document import Text, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.checking import USUAL
from mlcalc.marking.checking.answers import compare_answer
from mlcalc.marking.exercise import solve
from mlcalc.showing.derivation import Verdict

XOR = {"formula": "x1 XOR x2"}
AND = {"formula": "x1 AND x2"}
STEP = {"steps": "0 1"}
TWO = {"steps": "0 2; 1 5; 3 0"}
LECTURE = {
    "weights": ["1 0 0 1; 0 -1 1 0; 2 0 1 1", "0 1 1 0"], "bias_column": "true",
    "x": "0, 2, 1", "activation": "step", "output_activation": "step",
}  # fmt: skip

CLAIMS = [
    (AND, "weights", "[[[-15, 10, 10]]]", True),
    (AND, "weights", "[[[-3, 2, 2]]]", True),
    (AND, "weights", "[[[-5, 10, 10]]]", False),  # OR
    (AND, "weights", "[[[-15, 10, 10, 0]]]", False),  # three inputs
    (XOR, "weights", "[[[-1, 2, 2], [3, -2, -2]], [[-3, 2, 2]]]", True),  # OR and NAND
    (XOR, "weights", "[[[3, -2, -2], [-1, 2, 2]], [[-3, 2, 2]]]", True),  # swapped
    (XOR, "weights", "[[[-1, 2, 2], [3, -2, -2]], [[-1, 2, 2]]]", False),  # or of both
    (STEP, "weights", "[[[0, 1]], [[0, 1]]]", True),
    (STEP, "weights", "[[[0, 2], [-1, 1]], [[0, 1, 0]]]", True),  # a unit of no use
    (STEP, "weights", "[[[-1, 1]], [[0, 1]]]", False),  # begins at 1
    (TWO, "weights", "[[[-3, 1], [-2, 2], [0, 7]], [[0, -5, 3, 2]]]", True),  # reordered, scaled
    (TWO, "weights", "[[[-3, 1], [-2, 2], [0, 7]], [[0, -5, 2, 3]]]", False),  # 3 on [0, 1)
    (LECTURE, "a", "[[1, 1, 1], [1]]", True),
    (LECTURE, "a", "[[1, 1, 1, 1], [1]]", True),  # with the bias unit
    (LECTURE, "a", "[[1, 1, 0, 1], [1]]", False),
]


@pytest.mark.parametrize(("given", "name", "claim", "is_right"), CLAIMS)
def test_what_is_claimed(given: dict[str, Any], name: str, claim: str, is_right: bool) -> None:
    answer = solve("mlp", from_plain(given, Place("test"))).answer(name)  # type: ignore[arg-type]
    assert answer is not None
    finding = compare_answer(Text(claim, Place("test", claim)), answer, USUAL)
    assert finding.verdict is (Verdict.RIGHT if is_right else Verdict.WRONG)
