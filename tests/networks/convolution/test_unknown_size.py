"""The inverse question against every number tried forwards."""

from __future__ import annotations

import random
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.printing import one_line
from mlcalc.showing.derivation import Derivation
from tests.chains import closed_links, expressions, is_true

UNKNOWNS = ("kernel", "stride", "padding", "dilation", "input")


def solved(given: dict[str, Any]) -> Derivation:
    return solve("conv-shape", from_plain(given, Place("test")))  # type: ignore[arg-type]


def output(layer: dict[str, Any]) -> int | None:
    """The number of windows, laid down one by one; PyTorch's formula for a transposed layer."""
    size, kernel, padding = layer["input"], layer["kernel"], layer["padding"]
    stride, dilation = layer["stride"], layer["dilation"]
    reach = dilation * (kernel - 1) + 1
    if layer["operation"] == "transposed-conv":
        found = (size - 1) * stride - 2 * padding + reach
        return found if found > 0 else None
    if reach > size + 2 * padding:
        return None
    count, start = 0, 0
    while start + reach <= size + 2 * padding:
        count, start = count + 1, start + stride
    return count


def test_all_solutions_are_found_and_no_others() -> None:
    rng = random.Random(8)
    none = several = 0
    for _ in range(60):
        layer: dict[str, Any] = {
            "input": rng.randint(4, 20), "kernel": rng.randint(1, 5), "stride": rng.randint(1, 4),
            "padding": rng.randint(0, 2), "dilation": rng.randint(1, 2),
            "operation": rng.choice(("conv", "transposed-conv")),
        }  # fmt: skip
        unknown, wanted = rng.choice(UNKNOWNS), rng.randint(1, 12)
        tried = range(0 if unknown == "padding" else 1, 60)
        expected = [n for n in tried if output({**layer, unknown: n}) == wanted]
        given = {**layer, "input": [layer["input"]], "output_shape": [wanted], "solve_for": unknown}
        del given[unknown]
        if not expected:
            none += 1
            with pytest.raises(Unsolved):
                solved(given)
            continue
        derivation = solved(given)
        answer = derivation.answer(unknown)
        assert answer is not None
        found = list(answer.value) if isinstance(answer.value, tuple) else [answer.value]
        has_note = any(note.id == "conv.unbounded" for note in derivation.notes)
        assert has_note == (expected[-1] == tried[-1]), given
        assert found == (expected[: len(found)] if has_note else expected), given
        several += len(expected) > 1
        for expression in expressions(derivation):
            for _, relation, _, left, right in closed_links(expression):
                assert is_true(left, relation, right, False), one_line(expression)
    assert none > 7 and several > 7


@pytest.mark.parametrize(
    ("given", "kernel"),
    [
        ({"input": "64x64", "operation": "max-pool"}, 2),
        ({"input": "65x65", "operation": "max-pool"}, 2),
        ({"input": "6x6", "operation": "max-pool", "output_shape": "1"}, (4, 5, 6)),
        ({"input": "64x66", "stride": 2}, ((1, 2), (3, 4))),
        ({"input": "6", "operation": "max-pool", "stride": 2, "ceil_mode": True,
          "output_shape": "3"}, (1, 2, 3)),
    ],
)  # fmt: skip
def test_a_kernel(given: dict[str, Any], kernel: object) -> None:
    derivation = solved({"output_shape": "32x32", "solve_for": "kernel"} | given)
    assert derivation.answers[0].value == kernel


def test_the_missing_field_is_asked_for() -> None:
    assert solved({"input": "32x32", "output_shape": "28x28"}).answers[0].value == 5
    found = solved({"kernel": 5, "output_shape": "6@28x28", "filters": 6})
    assert found.answers[0].value == (32, 32)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"solve_for": "kernel"}, "'output_shape' is missing"),
        ({"output_shape": "3x3", "kernel": 2}, "say what is asked for"),
        ({"output_shape": "3x3", "kernel": 2, "solve_for": "kernel"}, "leave one of them out"),
        ({"output_shape": "3@3x3x3"}, "expected 2 sizes"),
        ({"output_shape": "nxn"}, "needs numbers"),
        ({"output_shape": "3x3", "padding": "same"}, "whose padding is a number"),
        ({"output_shape": "3x3", "image": [[1]]}, "leave image out"),
    ],
)
def test_what_cannot_be_asked(given: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as caught:
        solved({"input": "4x4"} | given)
    assert words in str(caught.value)


def test_the_reason_names_what_can_be_had() -> None:
    given = {"input": "64x64", "kernel": 3, "output_shape": "25x25", "solve_for": "stride"}
    with pytest.raises(Unsolved) as caught:
        solved(given)
    message = str(caught.value)
    assert "no stride gives an output of 25" in message
    assert "the nearest outputs are 21 (stride 3) and 31 (stride 2)" in message
