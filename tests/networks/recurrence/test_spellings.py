"""Weights by PyTorch's names, beside PyTorch itself."""

from __future__ import annotations

from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve

torch: Any = pytest.importorskip("torch")


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_stacked_weights_are_those_of_torch(cell: str) -> None:
    torch.manual_seed(3)
    module = getattr(torch.nn, cell.upper())(2, 3).double()
    given = {name: value.tolist() for name, value in module.named_parameters()}
    x = [[0.5, -1.0], [2.0, 0.25], [0.0, 1.0]]
    expected, _ = module(torch.tensor(x, dtype=torch.float64))
    question = from_plain({"cell": cell, "x": x, **given}, Place("test"))
    answer = solve("rnn-step", question).answer("h")  # type: ignore[arg-type]
    assert answer is not None
    assert torch.allclose(torch.tensor(answer.value, dtype=torch.float64), expected, atol=1e-9)
