"""Answers alone cost no working: no step is written, and sizes are counted without trees."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from mlcalc.files.fields import as_number
from mlcalc.files.reading import read_document
from mlcalc.marking.exercise import read_exercises, solve_exercise
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Later
from mlcalc.networks.convolution.windows import Margin, SameWindow, TransposedWindow, Window
from mlcalc.networks.counting import counting

QUESTIONS = {
    "conv-shape": "{input: 3@32x32, kernel: 5, stride: 2, padding: 1, filters: 6}",
    "params": "{network: '3@32x32, conv 6 k5, maxpool 2, flatten, fc 10'}",
    "mlp": "{weights: [[[0.1, 0.2]], [[0.3]]], x: [1, 2], activation: sigmoid, targets: [1], "
    "loss: squared-error, learning_rate: 0.1}",
    "backprop": "{expression: '(x + 2*y)*max(y, z)', at: {x: 1, y: 2, z: 3}}",
    "rnn-step": "{W_xh: 0.1, W_hh: 0.2, W_hy: 0.3, x: [1, 0], targets: [1, 0], "
    "loss: squared-error}",
}


@pytest.mark.parametrize(("kind", "given"), QUESTIONS.items())
def test_no_step_is_written_where_answers_alone_are_wanted(kind: str, given: str) -> None:
    document = read_document(f"- {{kind: {kind}, given: {given}}}", "yaml")
    (exercise,) = read_exercises(document, None)
    outcome = solve_exercise(exercise, is_shown=False)
    assert outcome.derivation is not None
    for part in (outcome.derivation.steps, outcome.derivation.pictures):
        made = vars(part).get("made") if isinstance(part, Later) else part
        assert not made


@pytest.mark.parametrize("kind", [Window, TransposedWindow, SameWindow, Margin])
def test_a_size_is_counted_as_its_formula_has_it(kind: type[Window]) -> None:
    for numbers in product((9, 10), (2, 3), (1, 2), (0, 1), (0, 1), (1, 2)):
        window = kind(*map(as_number, numbers))
        assert window.counted(window.text) == exact(window.formula)
        assert window.counted(window.PADDED) == exact(window.padded)
        assert window.counted("R") == exact(window.reach)


def test_a_line_is_counted_with_several_numbers_or_none_in_a_hole() -> None:
    names = {"C": (3,), "K": (5, 5), "G": (), "b": (2, 4), "W": (7,)}
    assert counting("C*K/G + b")(names) == (81,)
    assert counting("ceil((W - 2)/C)")(names) == (2,)
    assert counting("W/C")(names) == (Fraction(7, 3),)
    assert counting("[W, K]")(names) == (7, 5, 5)
