"""The witness has a witness: the loops of `reference` against the layers of PyTorch."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from tests.networks.recurrence import reference  # noqa: E402  # it needs torch

GATES = {"rnn": ["h"], "lstm": ["i", "f", "g", "o"], "gru": ["r", "z", "n"]}
LAYERS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


@pytest.mark.parametrize("cell", GATES)
def test_states_are_those_of_torch_layers(cell: str) -> None:
    torch.manual_seed(8)
    d_x, d_h, steps = 3, 4, 6
    layer = LAYERS[cell](d_x, d_h, dtype=torch.float64)
    x = torch.randn(steps, d_x, dtype=torch.float64)
    h0, c0 = (torch.randn(1, d_h, dtype=torch.float64) for _ in range(2))
    with torch.no_grad():
        wanted, _ = layer(x, (h0, c0) if cell == "lstm" else h0)
        own = weights_of(layer, cell, h0[0], c0[0])
        name = "gru pytorch" if cell == "gru" else cell
        found = torch.stack([m[0] for m in reference.through_time(name, own, list(x), "tanh")])
    assert torch.allclose(found, wanted, rtol=0, atol=1e-14)


def weights_of(
    layer: Any, cell: str, h0: reference.Tensor, c0: reference.Tensor
) -> reference.Weights:
    """PyTorch stacks its gates; of its two bias vectors only that of n must stay apart."""
    found = {"h0": h0, "c0": c0}
    gates = GATES[cell]
    parts = [
        torch.chunk(getattr(layer, name), len(gates))
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    ]
    for gate, w_x, w_h, b_x, b_h in zip(gates, *parts, strict=True):
        if cell == "rnn":
            found |= {"W_xh": w_x, "W_hh": w_h, "b_h": b_x + b_h}
        elif gate == "n":
            found |= {"W_xn": w_x, "W_hn": w_h, "b_n": b_x, "b_hn": b_h}
        else:
            found |= {f"W_x{gate}": w_x, f"W_h{gate}": w_h, f"b_{gate}": b_x + b_h}
    return found
