"""The recurrent cells of the textbooks as loops of torch tensors: a witness for `rnn-step`.

Everything is written out as the equations stand in the lectures and papers, and autograd
differentiates it; nothing of mlcalc is used.  Weights are looked up by the names that the kind's
fields have.  A sequence is a list of vectors, its first member being t = 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

Tensor = torch.Tensor
Weights = dict[str, Tensor]
Memory = tuple[Tensor, ...]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky-relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "softmax": lambda z: torch.softmax(z, 0),
    "step": lambda z: (z >= 0).to(z),
    "sign": lambda z: torch.where(z >= 0, 1.0, -1.0).to(z),
}

LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "squared-error": lambda y, t: ((y - t) ** 2).sum(),
    "half-squared-error": lambda y, t: ((y - t) ** 2).sum() / 2,
    "mean-squared-error": lambda y, t: ((y - t) ** 2).mean(),
    "cross-entropy": lambda y, t: -(t * torch.log(y)).sum(),
    "binary-cross-entropy": lambda y, t: -(t * torch.log(y) + (1 - t) * torch.log(1 - y)).sum(),
    "hinge": lambda y, t: torch.relu(1 - t * y).sum(),
}


def affine(weights: Weights, *terms: tuple[str, Tensor], bias: str) -> Tensor:
    """W x + U h + … + b, without b where there is none."""
    total = sum(weights[name] @ vector for name, vector in terms)
    assert isinstance(total, Tensor)
    return total + weights[bias] if bias in weights else total


def simple(w: Weights, x: Tensor, memory: Memory, f: str) -> Memory:
    """h_t = f(W_xh x_t + W_hh h_(t−1) + b_h), Elman (1990)."""
    (h,) = memory
    return (ACTIVATIONS[f](affine(w, ("W_xh", x), ("W_hh", h), bias="b_h")),)


def lstm(w: Weights, x: Tensor, memory: Memory, f: str) -> Memory:
    """Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000)."""
    h, c = memory
    i, forget, o = (
        torch.sigmoid(affine(w, (f"W_x{k}", x), (f"W_h{k}", h), bias=f"b_{k}")) for k in "ifo"
    )
    g = ACTIVATIONS[f](affine(w, ("W_xg", x), ("W_hg", h), bias="b_g"))
    c = forget * c + i * g
    return o * ACTIVATIONS[f](c), c


def gru(variant: str) -> Callable[[Weights, Tensor, Memory, str], Memory]:
    def step(w: Weights, x: Tensor, memory: Memory, f: str) -> Memory:
        (h,) = memory
        r, z = (
            torch.sigmoid(affine(w, (f"W_x{k}", x), (f"W_h{k}", h), bias=f"b_{k}")) for k in "rz"
        )
        if variant == "pytorch":
            inner = w["W_hn"] @ h + w.get("b_hn", torch.zeros_like(h))
            n = ACTIVATIONS[f](affine(w, ("W_xn", x), bias="b_n") + r * inner)
        else:
            n = ACTIVATIONS[f](affine(w, ("W_xn", x), ("W_hn", r * h), bias="b_n"))
        if variant == "chung":
            return ((1 - z) * h + z * n,)
        return ((1 - z) * n + z * h,)

    return step


CELLS: dict[str, Callable[[Weights, Tensor, Memory, str], Memory]] = {
    "rnn": simple,
    "elman": simple,
    "lstm": lstm,
    "gru": gru("pytorch"),
    "gru cho": gru("cho"),
    "gru chung": gru("chung"),
}


def through_time(
    cell: str, w: Weights, xs: Sequence[Tensor], f: str, *, stops: bool = False
) -> list[Tensor]:
    """The states of one layer; where it `stops`, no gradient goes from a step to the one before."""
    memory: Memory = (w["h0"], w["c0"]) if cell == "lstm" else (w["h0"],)
    states = []
    for x in xs:
        memory = CELLS[cell](w, x, memory, f)
        states.append(memory[0])
        if stops:
            memory = tuple(part.detach() for part in memory)
    return states


def jordan(
    w: Weights, xs: Sequence[Tensor], f: str, g: str, decay: float, *, stops: bool
) -> tuple[list[Tensor], list[Tensor]]:
    """m_t = decay m_(t−1) + (1 − decay) y_t: the memory averages the outputs (Jordan 1986)."""
    m, states, outputs = w["h0"], [], []
    for x in xs:
        h = ACTIVATIONS[f](affine(w, ("W_xh", x), ("W_hh", m), bias="b_h"))
        y = ACTIVATIONS[g](affine(w, ("W_hy", h), bias="b_y"))
        m = decay * m + (1 - decay) * y
        m = m.detach() if stops else m
        states.append(h)
        outputs.append(y)
    return states, outputs


def narx(
    w: Weights, xs: Sequence[Tensor], f: str, g: str, past_inputs: int, past_outputs: int
) -> tuple[list[Tensor], list[Tensor]]:
    """h_t = f(W_xh [x_t; …; x_(t−L)] + W_hh [y_(t−1); …; y_(t−K)] + b_h), y_t = g(W_hy h_t + b_y).

    Inputs before the first are zero; the outputs before it are h0, the latest first.
    """
    window = [torch.zeros_like(xs[0])] * (past_inputs + 1)
    before = list(torch.chunk(w["h0"], past_outputs)) if past_outputs else []
    states, outputs = [], []
    for x in xs:
        window = [x, *window[:-1]]
        terms = [("W_xh", torch.cat(window))]
        terms += [("W_hh", torch.cat(before))] if before else []
        h = ACTIVATIONS[f](affine(w, *terms, bias="b_h"))
        y = ACTIVATIONS[g](affine(w, ("W_hy", h), bias="b_y")) if "W_hy" in w else h
        before = [y, *before[:-1]] if before else before
        states.append(h)
        outputs.append(y)
    return states, outputs


def differentiated(loss: Tensor, parameters: dict[str, Any]) -> dict[str, Any]:
    """∂loss by name, of tensors, of lists of tensors, and of mappings of these."""
    loss.backward()  # type: ignore[no-untyped-call]
    return {name: gradient(value) for name, value in parameters.items()}


def gradient(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: gradient(item) for name, item in value.items()}
    if isinstance(value, list):
        return [gradient(item) for item in value]
    found = torch.zeros_like(value) if value.grad is None else value.grad
    return found.tolist()
