"""A feed-forward network is a recurrence of one step: both kinds give the same numbers."""

from __future__ import annotations

import random
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.showing.derivation import Derivation


def solved(kind: str, **given: Any) -> Derivation:
    return solve(kind, from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


@pytest.mark.parametrize(
    ("activation", "output", "loss", "targets"),
    [
        ("tanh", "identity", "squared-error", [1, -2]),
        ("relu", "softmax", "cross-entropy", [0, 1]),
        ("sigmoid", "sigmoid", "binary-cross-entropy", [1, 0]),
        ("leaky-relu", "tanh", "hinge", [1, -1]),
    ],
)
def test_one_step_is_a_feed_forward_network(
    activation: str, output: str, loss: str, targets: list[int]
) -> None:
    source = random.Random(activation)
    rows = [[[str(source.randrange(-9, 10)) for _ in range(3)] for _ in range(3)] for _ in "WV"]
    (*_, x), weights = rows[0], [rows[0], rows[1][:2]]
    both = {"loss": loss, "activation": activation, "output_activation": output}
    ahead = solved(
        "mlp", weights=weights, biases=[["1", "2", "3"], ["-1", "1"]], x=x, targets=targets, **both
    )
    through = solved(
        "rnn-step", W_xh=weights[0], W_hy=weights[1], b_h=["1", "2", "3"], b_y=["-1", "1"],
        W_hh=[["0"] * 3] * 3, x=[x], targets=[targets], **both,
    )  # fmt: skip
    assert value(through, "loss") == value(ahead, "loss")
    assert value(through, "y") == (value(ahead, "output"),)
    mine, theirs = value(ahead, "gradients"), value(through, "gradients")
    assert mine["weights"] == (theirs["W_xh"], theirs["W_hy"])
    biases = tuple(tuple(v for (v,) in theirs[name]) for name in ("b_h", "b_y"))
    assert mine["biases"] == biases
    assert (mine["x"],) == theirs["x"]
