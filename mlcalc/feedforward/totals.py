"""Loss and gradients of several examples: each by itself, then added up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.feedforward.backward import Back, backward, wanted_of
from mlcalc.feedforward.examples import Example, L
from mlcalc.feedforward.forward import Passed, forward
from mlcalc.feedforward.network import Network
from mlcalc.maths.functions import Scalar, plus, times
from mlcalc.maths.tree import Chain, Expr
from mlcalc.networks.arithmetic import Rows, Vector, added_rows
from mlcalc.networks.losses import LossWriting
from mlcalc.records import Record

MEAN = "mean-squared-error"


class Run(Record):
    """One example run forward and, where there is a gradient, back."""

    example: Example
    passed: tuple[Passed, ...]
    loss: Scalar | None
    loss_chain: Chain | None
    back: Back | None

    @property
    def number(self) -> int:
        return self.example.number

    @property
    def output(self) -> Vector:
        return self.passed[-1].a.values


class Total(Record):
    """All examples, and what they come to together."""

    runs: tuple[Run, ...]
    share: Fraction
    """What each example counts: 1, or 1/n of n where the loss is a mean."""
    loss: Scalar | None
    weights: tuple[Rows, ...]
    """∂L/∂W of each layer; none where there is no gradient."""
    biases: tuple[Vector | None, ...]

    @property
    def name(self) -> Expr:
        """What the loss is called: L, or L_2 of one example among several."""
        return self.runs[0].example.loss_name if len(self.runs) == 1 else L

    def deltas(self, layer: int) -> Rows:
        """∂L/∂z of that layer from 0, a row an example."""
        return self.shared(tuple(run.back.layers[layer].delta for run in self.runs if run.back))

    def x(self) -> Rows:
        """∂L/∂x, a row an example."""
        return self.shared(tuple(run.back.x for run in self.runs if run.back))

    def shared(self, rows: Rows) -> Rows:
        return scaled(rows, self.share)


def scaled(rows: Rows, factor: Fraction) -> Rows:
    if factor == 1:
        return rows
    return tuple(tuple(times(factor, value) for value in row) for row in rows)


def run_all(network: Network, examples: Sequence[Example], loss: LossWriting | None) -> Total:
    """Forward, loss and back for each example, and their sums."""
    runs = tuple(run_one(network, example, loss) for example in examples)
    is_mean = loss is not None and loss.word == MEAN
    share = Fraction(1, len(runs)) if is_mean else Fraction(1)
    total: Scalar | None = None
    if loss is not None:
        total = Fraction(0)
        for run in runs:
            total = plus(total, Fraction(0) if run.loss is None else run.loss)
        total = times(share, total)
    backs = [run.back for run in runs if run.back is not None]
    weights: list[Rows] = []
    biases: list[Vector | None] = []
    for parts in zip(*(back.layers for back in backs), strict=True):
        weights.append(scaled(added_rows(*[part.weights for part in parts]), share))
        rows = [(part.bias,) for part in parts if part.bias is not None]
        biases.append(scaled(added_rows(*rows), share)[0] if rows else None)
    return Total(runs, share, total, tuple(weights), tuple(biases))


def run_one(network: Network, example: Example, loss: LossWriting | None) -> Run:
    passed = forward(network, example.x)
    last, name = passed[-1], example.loss_name
    if loss is None:
        back = None
        if example.upstream is not None:
            back = backward(network, passed, example, None)
        return Run(example, passed, None, None, back)
    chain, value = loss.worked(
        name, last.a, wanted_of(example), last.layer.activation, last.z.values
    )
    return Run(example, passed, value, chain, backward(network, passed, example, loss))


def loss_of(network: Network, examples: Sequence[Example], loss: LossWriting) -> Scalar:
    """The loss alone, without gradients."""
    values: list[Scalar] = []
    for example in examples:
        last = forward(network, example.x)[-1]
        _, value = loss.worked(L, last.a, wanted_of(example), last.layer.activation, last.z.values)
        values.append(value)
    total: Scalar = Fraction(0)
    for value in values:
        total = plus(total, value)
    return times(Fraction(1, len(values)), total) if loss.word == MEAN else total
