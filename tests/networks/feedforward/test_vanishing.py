"""The note on a saturated unit: said where its slope stops the gradient, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve

OUTPUT = {"weights": [[[1000]]], "x": [1000], "output_activation": "sigmoid", "targets": [0]}
HIDDEN = {"weights": [[[10]], [[1]]], "x": [1], "activation": "sigmoid", "targets": [0]}


@pytest.mark.parametrize(
    ("given", "is_said"),
    [
        # δ = y − t = 1: the slope of the sigmoid cancels.
        ({**OUTPUT, "loss": "binary-cross-entropy"}, False),
        ({**OUTPUT, "loss": "squared-error"}, True),
        ({**HIDDEN, "loss": "squared-error"}, True),
        ({**HIDDEN, "weights": [[[1]], [[1]]], "loss": "squared-error"}, False),
        # What comes down is so large that enough comes through: 2·10⁶·10⁶·σ'(10) > 10⁷.
        ({**HIDDEN, "weights": [[[10]], [[10**6]]], "loss": "squared-error"}, False),
    ],
)
def test_the_gradient_is_called_small_where_it_is(given: dict[str, Any], is_said: bool) -> None:
    typed = from_plain(given, Place("test"))
    assert isinstance(typed, Entries)
    notes = solve("mlp", typed).notes
    assert any(note.id == "mlp.vanishing_gradient" for note in notes) == is_said
