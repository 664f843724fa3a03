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
Weights = dict[str, Any]
Memory = tuple[Tensor, ...]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky-relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "softmax": lambda z: torch.softmax(z, 0),
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


def simple(w: Weights, x: Tensor, memory: Memory, f: str, first: Tensor) -> Memory:
    """h_t = f(W_xh x_t + W_hh h_(t−1) + b_h), and a skip from the network's input."""
    (h,) = memory
    terms = [("W_xh", x), ("W_hh", h), *([("skip", first)] if "skip" in w else [])]
    return (ACTIVATIONS[f](affine(w, *terms, bias="b_h")),)


def lstm(w: Weights, x: Tensor, memory: Memory, f: str, first: Tensor) -> Memory:
    """Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000)."""
    h, c = memory
    i, forget, o = (
        torch.sigmoid(affine(w, (f"W_x{k}", x), (f"W_h{k}", h), bias=f"b_{k}")) for k in "ifo"
    )
    g = ACTIVATIONS[f](affine(w, ("W_xg", x), ("W_hg", h), bias="b_g"))
    c = forget * c + i * g
    return o * ACTIVATIONS[f](c), c


def gru(variant: str) -> Callable[[Weights, Tensor, Memory, str, Tensor], Memory]:
    def step(w: Weights, x: Tensor, memory: Memory, f: str, first: Tensor) -> Memory:
        (h,) = memory
        r, z = (
            torch.sigmoid(affine(w, (f"W_x{k}", x), (f"W_h{k}", h), bias=f"b_{k}")) for k in "rz"
        )
        if variant == "pytorch":
            inner = affine(w, ("W_hn", h), bias="b_hn")
            n = ACTIVATIONS[f](affine(w, ("W_xn", x), bias="b_n") + r * inner)
        else:
            n = ACTIVATIONS[f](affine(w, ("W_xn", x), ("W_hn", r * h), bias="b_n"))
        return ((1 - z) * h + z * n if variant == "chung" else (1 - z) * n + z * h,)

    return step


CELLS: dict[str, Callable[[Weights, Tensor, Memory, str, Tensor], Memory]] = {
    "rnn": simple,
    "elman": simple,
    "lstm": lstm,
    "gru pytorch": gru("pytorch"),
    "gru cho": gru("cho"),
    "gru chung": gru("chung"),
}


def initial(cell: str, w: Weights) -> Memory:
    return (w["h0"], w["c0"]) if cell == "lstm" else (w["h0"],)


def cut(memory: Memory) -> Memory:
    return tuple(part.detach() for part in memory)


def through_time(
    cell: str,
    w: Weights,
    below: Sequence[Tensor],
    f: str,
    inputs: Sequence[Tensor] | None = None,
    start: Memory | None = None,
) -> list[Memory]:
    """The memories of one layer; an Elman network passes no gradient from step to step."""
    memory = initial(cell, w) if start is None else start
    found = []
    for x, first in zip(below, below if inputs is None else inputs, strict=True):
        memory = CELLS[cell](w, x, cut(memory) if cell == "elman" else memory, f, first)
        found.append(memory)
    return found


def layered(
    cell: str,
    layers: Sequence[Weights],
    xs: Sequence[Tensor],
    f: str,
    starts: Sequence[Memory] | None = None,
) -> list[list[Memory]]:
    """The memories of each layer; one with weights `backward` runs both ways."""
    below, found = list(xs), []
    for number, w in enumerate(layers):
        memories = through_time(cell, w, below, f, xs, starts[number] if starts else None)
        if "backward" in w:
            back = through_time(cell, w["backward"], below[::-1], f, xs[::-1])[::-1]
            memories = [(torch.cat([a[0], b[0]]),) for a, b in zip(memories, back, strict=True)]
        found.append(memories)
        below = [memory[0] for memory in memories]
    return found


def outputs(
    w: Weights, layers: Sequence[Weights], memories: list[list[Memory]], g: str
) -> list[Tensor]:
    """y_t = g(W_hy h_t + b_y), where lower layers may add their own W_hy h_t."""
    found = []
    for time in range(len(memories[0])):
        total = affine(w, ("W_hy", memories[-1][time][0]), bias="b_y")
        for own, layer in zip(layers[:-1], memories[:-1], strict=True):
            if "W_hy" in own:
                total = total + own["W_hy"] @ layer[time][0]
        found.append(ACTIVATIONS[g](total))
    return found


def truncated(
    cell: str, w: Weights, layers: Sequence[Weights], xs: Sequence[Tensor], f: str, g: str, k: int
) -> list[Tensor]:
    """Outputs whose gradients reach back over k steps, their own counted, and no further.

    The initial state is no step: it is reached where the first step is.
    """
    memories = layered(cell, layers, xs, f)
    found = []
    for time in range(1, len(xs) + 1):
        first = time - k
        starts = [initial(cell, layer) for layer in layers]
        if first > 0:
            starts = [cut(layer[first - 1]) for layer in memories]
        window = layered(cell, layers, xs[max(first, 0) : time], f, starts)
        found.append(outputs(w, layers, window, g)[-1])
    return found


def jordan(w: Weights, xs: Sequence[Tensor], f: str, g: str, decay: float) -> list[Tensor]:
    """m_t = decay m_(t−1) + (1 − decay) y_t: the memory averages the outputs (Jordan 1986).

    No gradient comes back through the memory.
    """
    m, found = w["h0"], []
    for x in xs:
        h = ACTIVATIONS[f](affine(w, ("W_xh", x), ("W_hh", m.detach()), bias="b_h"))
        y = ACTIVATIONS[g](affine(w, ("W_hy", h), bias="b_y"))
        m = decay * m + (1 - decay) * y
        found.append(y)
    return found


def narx(
    w: Weights, xs: Sequence[Tensor], f: str, g: str, past_inputs: int, past_outputs: int
) -> list[Tensor]:
    """h_t = f(W_xh [x_t; …; x_(t−L)] + W_hh [y_(t−1); …; y_(t−K)] + b_h), y_t = g(W_hy h_t + b_y).

    Inputs before the first are zero, and each output before the first is h0; without W_hy the
    units are the outputs.  With K = 0 it is a time-delay network.
    """
    window = [torch.zeros_like(xs[0])] * (past_inputs + 1)
    before = [w["h0"]] * past_outputs if past_outputs else []
    found = []
    for x in xs:
        window = [x, *window[:-1]]
        terms = [("W_xh", torch.cat(window))]
        terms += [("W_hh", torch.cat(before))] if before else []
        h = ACTIVATIONS[f](affine(w, *terms, bias="b_h"))
        y = ACTIVATIONS[g](affine(w, ("W_hy", h), bias="b_y")) if "W_hy" in w else h
        before = [y, *before[:-1]]
        before = before[:past_outputs]
        found.append(y)
    return found


def gradient(value: Any) -> Any:
    """∂loss of a tensor, and of every tensor in lists and mappings."""
    if isinstance(value, dict):
        return {name: gradient(item) for name, item in value.items()}
    if isinstance(value, list):
        return [gradient(item) for item in value]
    found = torch.zeros_like(value) if value.grad is None else value.grad
    return found.tolist()
