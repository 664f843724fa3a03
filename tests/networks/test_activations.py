"""The slope of every activation that has one by itself, and of no other word."""

from __future__ import annotations

import math

import pytest

from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import shown
from mlcalc.networks.activations import ACTIVATIONS, applied
from mlcalc.networks.gradients import FLAT, slope_at

OF_VECTORS = ("softmax",)


@pytest.mark.parametrize("word", [w for w in ACTIVATIONS if w not in (*FLAT, *OF_VECTORS)])
@pytest.mark.parametrize("z", [-1.3, -0.2, 0.4, 2.1])
def test_the_slope_is_the_difference_quotient(word: str, z: float) -> None:
    low, here, high = (scalar(applied(word, shown(z + step))) for step in (-1e-6, 0, 1e-6))
    slope = (float(high) - float(low)) / 2e-6
    assert math.isclose(slope_at(word, z, here), slope, rel_tol=1e-6)


@pytest.mark.parametrize("word", [*FLAT, *OF_VECTORS, "softplus"])
def test_a_word_without_a_slope_of_its_own_is_no_identity(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        slope_at(word, 1.0, 1.0)
